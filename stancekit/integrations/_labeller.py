"""What the engines share: a batch of texts in, a pandas frame of the stance columns out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from stancekit.artifact import load_model, shipped_models
from stancekit.batch.columns import StanceColumns
from stancekit.batch.output import AnyPath
from stancekit.batch.run import BLOCK_ROWS
from stancekit.batch.source import missing_column, taken_column
from stancekit.calibration import check_min_confidence
from stancekit.cascade import CascadeModel
from stancekit.errors import InputError, ModelError
from stancekit.scoring import Model
from stancekit.text import as_texts


@dataclass(frozen=True)
class Labeller:
    """Which model labels how; a few strings, so that it travels to every worker, where the model is loaded.

    Attributes
    ----------
    model : str
        A shipped model's name or the absolute path of a folder.
    sha256 : str
        Of the model as the driver sees it; a worker that finds another one refuses to label.
    columns : StanceColumns
    min_confidence : float or None
    """

    model: str
    sha256: str
    columns: StanceColumns
    min_confidence: float | None

    @classmethod
    def of(cls, model: AnyPath, prefix: str, min_confidence: float | None) -> Labeller:
        """Check the options on the driver, before any worker starts.

        Raises
        ------
        InputError
            If ``model`` is not a name or a path, or an option is out of its range.
        ModelError
            If there is no such model, or it is damaged.
        """
        if not isinstance(model, (str, os.PathLike)):
            raise InputError(f"workers load the model by name or folder, got a {type(model).__name__}; save it first")
        check_min_confidence(min_confidence)
        found = load_model(os.fspath(model))
        # a worker's working folder is another one
        name = str(model) if str(model) in shipped_models() else str(Path(model).resolve())
        return cls(name, found.sha256, StanceColumns.of(prefix, found.classes), min_confidence)

    def label(self, texts: Any) -> Any:
        """The stance columns of a pandas Series of texts, as a DataFrame with the same index.

        A missing text is a blank one. Labels and reasons have pandas' ``string`` type, the rest is float64.
        """
        import pandas as pd

        checked = as_texts(texts.fillna(""))
        rows: list[tuple[Any, ...]] = []
        for start in range(0, len(checked), BLOCK_ROWS):
            model = _model(self.model, self.sha256)
            decisions = model.decisions(checked[start : start + BLOCK_ROWS], self.min_confidence)
            rows += zip(*self.columns.values(decisions), strict=True)
        frame = pd.DataFrame(rows, columns=list(self.columns.names), index=texts.index)
        return frame.astype({name: "string" if name in self.columns.spoken else "float64" for name in frame.columns})

    def check_columns(self, names: Iterable[Any], text_column: str, *, fold: bool = False) -> None:
        """Refuse a table without the text column, or with one of the columns to be appended.

        Parameters
        ----------
        names : iterable
            The table's columns.
        text_column : str
        fold : bool, default=False
            Whether the engine takes names that differ in case for one.
        """
        known = [str(name) for name in names]
        if text_column not in known:
            raise InputError(missing_column(text_column, known))
        taken = {name.casefold() if fold else name for name in known}
        for name in self.columns.names:
            if (name.casefold() if fold else name) in taken:
                raise InputError(taken_column(name))


@lru_cache(maxsize=4)
def _model(name: str, sha256: str) -> Model:
    """The model, loaded once a process; one thread, since the engine already uses every core."""
    model = load_model(name)
    if model.sha256 != sha256:
        raise ModelError(
            f"model {name!r}: this worker has another one than the driver (SHA-256 {model.sha256[:12]} and "
            f"{sha256[:12]}); install the same stancekit, or copy the same folder, everywhere"
        )
    for part in (model.first, model.second) if isinstance(model, CascadeModel) else (model,):
        encoder = getattr(part, "encoder", None)
        if encoder is not None:
            encoder.session.workers = 1
    return model
