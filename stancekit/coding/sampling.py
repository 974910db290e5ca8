"""Which rows to label: drawn by chance, each with a probability that is known and written beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stancekit.batch.columns import DEFAULT_PREFIX, DEFAULT_TEXT_COLUMN
from stancekit.batch.output import AnyPath, check_output
from stancekit.batch.predicted import PredictedFile
from stancekit.batch.source import STANDARD, listed, near_match
from stancekit.coding.columns import CODER_COLUMN, LABEL_COLUMN, PROBABILITY_COLUMN, ROW_COLUMN
from stancekit.coding.sheets import FORMATS, Sheet
from stancekit.errors import InputError

Floats = NDArray[np.float64]

DESIGNS = ("random", "stratified", "uncertain")
EVEN_PART = 0.5
"""At least this part of an ``uncertain`` sample is drawn evenly, so that no row has a weight out of proportion."""

_TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True)
class Drawn:
    """A row that was drawn: its number in the file, from 1, its probability and its values."""

    place: int
    probability: float
    values: dict[str, str]


@dataclass(frozen=True)
class SampleSummary:
    """What was drawn.

    Attributes
    ----------
    rows, drawn : int
        Of the file, and how many of them were drawn.
    how : {"random", "stratified", "uncertain"}
    strata : dict of str to int
        Rows drawn of each stratum, where there are strata.
    files : tuple of str
        What was written.
    """

    rows: int
    drawn: int
    how: str
    strata: dict[str, int]
    files: tuple[str, ...]

    def as_text(self) -> str:
        """A few lines for a reader."""
        lines = [f"{self.drawn:,} of {self.rows:,} rows drawn ({self.how})"]
        lines += [f"  {stratum}: {count}" for stratum, count in self.strata.items()]
        return "\n".join([*lines, *(f"wrote {file}" for file in self.files)])


def sample_file(
    predicted: AnyPath,
    output: AnyPath,
    n: int,
    *,
    how: str | None = None,
    by: str | None = None,
    seed: int = 0,
    format: str = "csv",
    coders: int = 1,
    overlap: int | None = None,
    columns: Sequence[str] | None = None,
    label_column: str = LABEL_COLUMN,
    text_column: str = DEFAULT_TEXT_COLUMN,
    prefix: str = DEFAULT_PREFIX,
    bom: bool = False,
    overwrite: bool = False,
) -> SampleSummary:
    """Draw rows to label, and write them as a sheet for coders.

    The rows come in random order, with ``sampled_row``, ``sampling_probability``, the file's own columns and an
    empty column for the label. What the model says is left out: coders who see it tend to agree with it. The file
    is read twice, and memory grows with the sample only.

    Parameters
    ----------
    predicted : path
        What ``stancekit predict`` has written.
    output : path
        With several coders, each gets a file of their own: ``OUT-coder1.csv``, …
    n : int
        How many rows.
    how : {"random", "stratified", "uncertain"}, optional
        Every row alike; the same number of each stratum; or half of them alike and half the more, the less sure
        the model is (Zrnic & Candès 2024). Stratified if ``by`` is given, else random.
    by : str, optional
        The column whose values are the strata; the predicted label if left out.
    seed : int, default=0
    format : {"csv", "labelstudio", "argilla"}, default="csv"
    coders : int, default=1
    overlap : int, optional
        How many of the rows every coder gets; the others are dealt out. All, if left out.
    columns : sequence of str, optional
        The columns that coders see beside the text; all but the prediction's, if left out.
    label_column, text_column, prefix : str
    bom : bool, default=False
        Begin a CSV file with a byte order mark, by which spreadsheets recognise UTF-8.
    overwrite : bool, default=False

    Returns
    -------
    SampleSummary

    Raises
    ------
    InputError
        If the file has too few rows, lacks a column, or an option does not fit.
    OutputError
        If an output exists or cannot be written.
    """
    how = _checked_design(how, by)
    outputs = _outputs(output, format, coders)
    for path in outputs:
        check_output(path, [predicted], overwrite=overwrite)
    file = PredictedFile.open(predicted, prefix)
    shown = _shown(file, columns, text_column)
    overlap = n if overlap is None else overlap
    if not 0 <= overlap <= n:
        raise InputError(f"an overlap lies between 0 and the {n} rows drawn, got {overlap}")
    generator = np.random.default_rng(seed)
    rows, strata, drawn = draw(file, n, how=how, by=by, columns=shown, generator=generator)
    order = generator.permutation(len(drawn))
    shuffled = [drawn[i] for i in order]
    for number, path in enumerate(outputs):
        own = [row for i, row in enumerate(shuffled) if i < overlap or i % len(outputs) == number]
        coder = {CODER_COLUMN: f"coder{number + 1}"} if coders > 1 else {}
        extra = {ROW_COLUMN, PROBABILITY_COLUMN, label_column, *coder}
        for name in shown:
            if name in extra:
                raise InputError(f"{file.path}: has a column {name!r} already; leave it out with --columns")
        sheet = Sheet(tuple(shown), label_column, text_column, coder)
        FORMATS[format].write(path, sheet, [(row.place, row.probability, row.values) for row in own], bom)
    return SampleSummary(rows, len(drawn), how, strata, tuple(map(str, outputs)))


def draw(
    file: PredictedFile,
    n: int,
    *,
    how: str,
    by: str | None,
    columns: Sequence[str],
    generator: np.random.Generator,
) -> tuple[int, dict[str, int], list[Drawn]]:
    """Draw rows of a file: how many it has, how many of each stratum were drawn, and the rows in their order.

    Raises
    ------
    InputError
        If the file has fewer rows than are asked for, or there are more strata than those.
    """
    chooser = _uncertain if how == "uncertain" else _stratified
    stratum = by if by is not None else file.prefix
    read = [stratum] if how == "stratified" else []
    total, strata, chosen = chooser(file, n, stratum if read else None, generator)
    drawn = []
    for block in file.blocks(columns):
        places = range(block.first_row, block.first_row + len(block.shares))
        for i, place in enumerate(places):
            if place in chosen:
                drawn.append(Drawn(place, chosen[place], {name: block.values[name][i] for name in columns}))
    return total, strata, drawn


def _stratified(
    file: PredictedFile, n: int, stratum: str | None, generator: np.random.Generator
) -> tuple[int, dict[str, int], dict[int, float]]:
    """Simple random samples without replacement of each stratum; of the whole where there is none."""
    sizes: dict[str, int] = {}
    for values in _strata(file, stratum):
        for value in values:
            sizes[value] = sizes.get(value, 0) + 1
    total = sum(sizes.values())
    _check_size(file, n, total)
    counts = allocate(sizes, n)
    wanted = {
        value: set(generator.choice(sizes[value], size=count, replace=False).tolist())
        for value, count in counts.items()
    }
    chosen, seen, place = {}, dict.fromkeys(sizes, 0), 0
    for values in _strata(file, stratum):
        for value in values:
            place += 1
            if seen[value] in wanted[value]:
                chosen[place] = counts[value] / sizes[value]
            seen[value] += 1
    return total, counts if stratum is not None else {}, chosen


def allocate(sizes: dict[str, int], n: int) -> dict[str, int]:
    """The same number of rows for each stratum, as far as it has them; the rest to the others.

    Raises
    ------
    InputError
        If there are more strata than rows.

    Examples
    --------
    >>> allocate({"a": 100, "b": 5, "c": 100}, 25)
    {'a': 10, 'b': 5, 'c': 10}
    """
    if len(sizes) > n:
        raise InputError(f"{n} rows cannot be drawn from {len(sizes)} strata; ask for more rows, or fewer strata")
    counts, left = {}, n
    # The smallest first: what they cannot give is known when the others are reached.
    ordered = sorted(sizes, key=lambda value: (sizes[value], value))
    for i, value in enumerate(ordered):
        counts[value] = min(sizes[value], left // (len(ordered) - i))
        left -= counts[value]
    return {value: counts[value] for value in sorted(counts)}


def _uncertain(
    file: PredictedFile, n: int, stratum: str | None, generator: np.random.Generator
) -> tuple[int, dict[str, int], dict[int, float]]:
    """Sampling with unequal probabilities, the larger the less sure the model is."""
    total, sum_of_doubts, largest = 0, 0.0, 0.0
    for block in file.blocks():
        doubts = doubt(block.shares)
        total += len(doubts)
        sum_of_doubts += float(doubts.sum())
        largest = max(largest, float(doubts.max()))
    _check_size(file, n, total)
    leaning = lean(n, total, sum_of_doubts, largest)
    best = np.zeros((3, 0))
    for block in file.blocks():
        probabilities = n * ((1 - leaning) / total + leaning * doubt(block.shares) / max(sum_of_doubts, _TINY))
        places = np.arange(block.first_row, block.first_row + len(probabilities))
        best = np.hstack([best, [pareto_ranks(probabilities, generator), places, probabilities]])
        best = best[:, np.argsort(best[0], kind="stable")[:n]]
    return total, {}, {int(place): min(float(probability), 1.0) for _, place, probability in best.T}


def pareto_ranks(probabilities: Floats, generator: np.random.Generator) -> Floats:
    """Ranks of which the n smallest are a sample with these probabilities, summing to n (Rosén 1997).

    Pareto sampling has a fixed size, needs one pass and no more memory than the sample, and mixes rows as freely
    as the variance of the estimators takes for granted; systematic sampling does not, and its intervals cover
    too little. Its inclusion probabilities are the wanted ones but for a small part of a percent.
    """
    wanted = np.minimum(probabilities, 1)
    drawn = generator.random(len(wanted))
    return np.asarray(drawn * (1 - wanted) / ((1 - drawn) * wanted))


def doubt(shares: Floats) -> Floats:
    """How far a label is from being foretold: the root of its expected squared error, shape (n,).

    Rows drawn in proportion to it make the variance of the corrected shares least (Neyman 1934), if the
    probabilities are honest.
    """
    return np.asarray(np.sqrt(np.maximum(1 - (shares**2).sum(axis=1), 0)))


def lean(n: int, rows: int, sum_of_doubts: float, largest: float) -> float:
    """Which part of a sample leans to doubt: half, or less where a row would be certain to be drawn."""
    if sum_of_doubts <= 0:
        return 0.0
    excess = n * (largest / sum_of_doubts - 1 / rows)
    return min(1 - EVEN_PART, (1 - n / rows) / excess) if excess > 0 else 1 - EVEN_PART


def _strata(file: PredictedFile, stratum: str | None) -> Iterator[list[str]]:
    for block in file.blocks([stratum] if stratum is not None else []):
        yield block.values[stratum] if stratum is not None else [""] * len(block.shares)


def _check_size(file: PredictedFile, n: int, total: int) -> None:
    if not 1 <= n <= total:
        raise InputError(f"{file.path}: cannot draw {n} of {total} rows; ask for 1 to {total}")


def _checked_design(how: str | None, by: str | None) -> str:
    if how is None:
        return "stratified" if by is not None else "random"
    if how not in DESIGNS:
        raise InputError(f"no way to draw called {how!r}{near_match(how, DESIGNS)}; use {listed(DESIGNS)}")
    if by is not None and how != "stratified":
        raise InputError(f"--by names strata, and a sample that is {how!r} has none; use --how stratified")
    return how


def _shown(file: PredictedFile, columns: Sequence[str] | None, text_column: str) -> list[str]:
    for name in [text_column, *(columns or ())]:
        if name not in file.names:
            raise InputError(
                f"{file.path}: no column {name!r}{near_match(name, file.names)}; columns: {listed(file.names)}"
            )
    others = [name for name in file.own_columns if name != text_column] if columns is None else columns
    return [text_column, *(name for name in others if name != text_column)]


def _outputs(output: AnyPath, format: str, coders: int) -> list[Path]:
    if format not in FORMATS:
        raise InputError(f"no format {format!r}{near_match(format, FORMATS)}; use {listed(FORMATS)}")
    path = Path(output)
    if path.suffix.lower() != FORMATS[format].suffix and str(path) != STANDARD:
        raise InputError(f"{path}: the format {format!r} is written to a file ending in {FORMATS[format].suffix}")
    if coders < 1:
        raise InputError(f"there must be 1 coder or more, got {coders}")
    if coders == 1:
        return [path]
    if format != "csv" or str(path) == STANDARD:
        raise InputError("files for several coders are CSV files; Label Studio and Argilla deal rows out themselves")
    return [path.with_name(f"{path.stem}-coder{i + 1}{path.suffix}") for i in range(coders)]
