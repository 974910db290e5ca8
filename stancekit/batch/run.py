"""The run: a file in, the same file with the stance columns out."""

from __future__ import annotations

import codecs
import json
import os
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stancekit.batch.columns import DEFAULT_PREFIX, DEFAULT_TEXT_COLUMN, StanceColumns, fixed_names
from stancekit.batch.formats import reader_for
from stancekit.batch.output import AnyPath, check_output, whole_file
from stancekit.batch.records import Reader
from stancekit.batch.source import Source, open_source
from stancekit.batch.summary import Summary, Tally
from stancekit.calibration import check_min_confidence
from stancekit.errors import InputError
from stancekit.scoring import Prediction

Progress = Callable[[int, int, int | None], None]
"""Called after each block with the rows done, the bytes read, and the bytes of the whole (None if not known)."""

BLOCK_ROWS = 512


class Predictor(Protocol):
    """What a run needs of a model; :class:`stancekit.scoring.StanceModel` has it."""

    @property
    def classes(self) -> tuple[Any, ...]:
        """The labels, in the order of the probabilities."""

    @property
    def name(self) -> str:
        """Which model this is."""

    @property
    def version(self) -> str:
        """The model's own version."""

    @property
    def sha256(self) -> str:
        """The hash of its manifest."""

    def classify(self, texts: Sequence[str], min_confidence: float | None = None) -> list[Prediction]:
        """One prediction a text."""

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Probabilities of shape (n, k)."""


def predict_file(
    input: AnyPath,
    output: AnyPath,
    *,
    model: Predictor | AnyPath | None = None,
    text_column: str = DEFAULT_TEXT_COLUMN,
    min_confidence: float | None = None,
    overwrite: bool = False,
    prefix: str = DEFAULT_PREFIX,
    encoding: str = "utf-8",
    progress: Progress | None = None,
    summary: AnyPath | None = None,
    block_rows: int = BLOCK_ROWS,
) -> Summary:
    """Label every row of a CSV or JSONL file.

    Every record comes back as it was, byte for byte, with ``stance``, ``stance_confidence``, a probability for
    each label and ``stance_reason`` appended. The output appears whole or not at all.

    Parameters
    ----------
    input, output : path
        ``.csv``, ``.jsonl`` or ``.ndjson``, both in the same format; ``-`` is standard input and output.
    model : str, path, StanceModel or StanceClassifier, optional
        A shipped model's name, a model folder, or a model. The default model if left out.
    text_column : str, default="text"
        The column, or field, that holds the statements.
    min_confidence : float, optional
        Abstain below this confidence.
    overwrite : bool, default=False
        Replace an output that exists.
    prefix : str, default="stance"
        How the names of the new columns begin.
    encoding : str, default="utf-8"
        UTF-8, with or without a byte order mark.
    progress : callable, optional
        Called after each block with the rows done, the bytes read, and the bytes in all or None.
    summary : path, optional
        Write the summary there too, as JSON.
    block_rows : int, default=512
        How many rows are labelled at a time; the answers do not depend on it.

    Returns
    -------
    Summary

    Raises
    ------
    InputError
        If the input is missing, malformed, or lacks the column; names the row and line.
    OutputError
        If the output exists, is the input, or cannot be written.
    ModelError
        If there is no such model, or it is damaged.
    """
    _check_options(min_confidence, prefix, encoding, block_rows)
    make_reader = reader_for(input, output)
    check_output(output, [input], overwrite=overwrite)
    if summary is not None:
        check_output(summary, [input, output], overwrite=overwrite)
    with open_source(input) as source:
        reader = make_reader(source, [text_column])
        reader.reserve(fixed_names(prefix))
        predictor = load(model)
        account = _run(source, reader, output, predictor, prefix, min_confidence, progress, block_rows)
    if summary is not None:
        with whole_file(summary) as stream:
            stream.write(json.dumps(account.as_dict(), indent=2, ensure_ascii=False).encode("utf-8") + b"\n")
    return account


def load(model: Predictor | AnyPath | None) -> Predictor:
    """A model by name or folder, the default one for None; a model or fitted classifier as it is."""
    if model is None or isinstance(model, (str, os.PathLike)):
        from stancekit.artifact import DEFAULT_MODEL, load_model

        return load_model(DEFAULT_MODEL if model is None else os.fspath(model))
    fitted: Predictor = getattr(model, "model_", model)
    return fitted


def _run(
    source: Source,
    reader: Reader,
    output: AnyPath,
    model: Predictor,
    prefix: str,
    min_confidence: float | None,
    progress: Progress | None,
    block_rows: int,
) -> Summary:
    columns = StanceColumns.of(prefix, model.classes)
    reader.reserve(columns.names)
    tally = Tally(columns.classes)
    started = time.perf_counter()
    with whole_file(output) as stream:
        stream.write(reader.header(columns.names))
        for block in reader.blocks(block_rows):
            predictions = model.classify(block.values[0], min_confidence) if block.n_rows else []
            stream.write(reader.render(block, columns.names, [columns.answer(each) for each in predictions]))
            tally.add(predictions)
            if progress is not None:
                progress(tally.rows, block.position, source.size)
    return tally.summary(time.perf_counter() - started, model.name, model.version, model.sha256)


def _check_options(min_confidence: float | None, prefix: str, encoding: str, block_rows: int) -> None:
    check_min_confidence(min_confidence)
    if not prefix:
        raise InputError("the prefix of the new columns must not be empty")
    if block_rows < 1:
        raise InputError(f"block_rows must be at least 1, got {block_rows}")
    try:
        known = codecs.lookup(encoding).name
    except LookupError as error:
        raise InputError(f"no such encoding: {encoding!r}") from error
    if known not in ("utf-8", "utf-8-sig"):
        raise InputError(f"only UTF-8 is read, not {encoding!r}; convert the file (iconv -f {encoding} -t UTF-8)")
