"""Reading the fixtures: every row checked, every row in its split."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import datasets
from pydantic import ValidationError

from stancekit.errors import InputError
from stancetrain.schema import DATASET_FEATURES, FixtureRow

Split = Literal["train", "validation", "calibration", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "calibration", "test")
KINDS = ("documents", "statements")
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

_UPPER_BOUNDS: tuple[tuple[Split, float], ...] = (
    ("train", 0.76),
    ("validation", 0.90),
    ("calibration", 0.95),
    ("test", 1.0),
)


def split_of(group: str) -> Split:
    """The split of a document, a pair or a lone statement, by its name alone.

    The name's SHA-256 is read as a number in [0, 1), so a row never moves when others join.
    """
    position = int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big") / 2**64
    return next(split for split, bound in _UPPER_BOUNDS if position < bound)


@dataclass(frozen=True)
class Fixture:
    """A checked row with where it was read and which split it belongs to."""

    row: FixtureRow
    kind: str
    path: Path
    line: int

    @property
    def split(self) -> Split:
        return split_of(self.row.group)


def read_rows(path: Path) -> Iterator[tuple[int, FixtureRow]]:
    """Yield (line number, row) of one JSONL file.

    Raises
    ------
    InputError
        At the first row that does not fit the schema; names file, line and field.
    """
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield number, FixtureRow.model_validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(str(part) for part in first["loc"]) or "row"
                raise InputError(f"{path}, line {number}, field {field!r}: {first['msg']}") from error


def read_fixtures(
    root: Path = FIXTURES,
    *,
    kinds: Iterable[str] = KINDS,
    splits: Iterable[Split] = SPLITS,
    labelled: bool = True,
) -> list[Fixture]:
    """All rows of the wanted kinds and splits, in a fixed order.

    Parameters
    ----------
    root : Path
        The ``fixtures/`` folder.
    kinds : iterable of str
        Of ``documents`` and ``statements``.
    splits : iterable of str
        Of ``train``, ``validation``, ``calibration`` and ``test``.
    labelled : bool
        Leave out rows whose codings differ and are not settled.

    Raises
    ------
    InputError
        If a file is missing or a row does not fit the schema.
    """
    wanted = frozenset(splits)
    found = []
    for kind in kinds:
        paths = sorted((root / kind).glob("*.jsonl"))
        if not paths:
            raise InputError(f"{root / kind}: no .jsonl files; give the fixtures folder of the repository")
        for path in paths:
            for line, row in read_rows(path):
                fixture = Fixture(row, kind, path, line)
                if fixture.split in wanted and not (labelled and row.label is None):
                    found.append(fixture)
    return found


def as_dataset(fixtures: Iterable[Fixture]) -> datasets.Dataset:
    """The fixtures as a :class:`datasets.Dataset`, with the columns ``kind`` and ``split`` added."""
    records = [{**f.row.as_record(), "kind": f.kind, "split": f.split} for f in fixtures]
    columns = {name: [record[name] for record in records] for name in DATASET_FEATURES}
    return datasets.Dataset.from_dict(columns, features=DATASET_FEATURES)


def write_rows(path: Path, rows: Iterable[FixtureRow]) -> None:
    """Write rows as the fixtures keep them: one JSON object a line, UTF-8, fields in schema order."""
    text = "".join(json.dumps(row.model_dump(exclude_none=False), ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")


def fixtures_sha256(root: Path = FIXTURES) -> str:
    """One hash over every fixture file's name and bytes, as manifests record it."""
    digest = hashlib.sha256()
    for kind in KINDS:
        for path in sorted((root / kind).glob("*.jsonl")):
            digest.update(f"{kind}/{path.name}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
