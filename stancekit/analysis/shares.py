"""What an estimate of shares, or a plan for one, gives back: data, tables for a file, text for a reader."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from stancekit.batch.source import listed
from stancekit.report.table import aligned


@dataclass(frozen=True)
class Share:
    """The share of one label in one group.

    Attributes
    ----------
    group, period : str
        Empty for the whole corpus, and where none was asked for.
    label : str
    share : float or None
        Between 0 and 1; None where nothing can be said.
    low, high : float or None
        The ends of the interval; None where there is none.
    predicted : float
        The share of the rows whose most probable label it is, to compare.
    rows, labelled : int
        Of the group.
    note : str
        What to know about this estimate.
    """

    group: str
    period: str
    label: str
    share: float | None
    low: float | None
    high: float | None
    predicted: float
    rows: int
    labelled: int
    note: str = ""


@dataclass(frozen=True)
class Prevalence:
    """Shares by group and period.

    Attributes
    ----------
    method : str
    level : float
        Of the intervals, such as 0.95.
    shares : tuple of Share
        The whole corpus first.
    notes : tuple of str
        What holds for all of them: assumptions, rows left out.
    """

    method: str
    level: float
    shares: tuple[Share, ...]
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, ready for JSON."""
        return asdict(self)

    def as_rows(self) -> list[dict[str, Any]]:
        """One dict an estimate, ready for ``csv.DictWriter`` or ``pandas.DataFrame``."""
        return [asdict(share) for share in self.shares]

    def as_text(self) -> str:
        """An aligned table for a reader, and the notes."""
        columns = [name for name in ("period",) if any(share.period for share in self.shares)]
        head = ("group", *columns, "label", "share", f"{self.level:.0%} interval", "predicted", "rows", "labelled")
        rows = [
            (
                share.group or ("" if share.period else "all"),
                *(getattr(share, name) for name in columns),
                share.label,
                _percent(share.share),
                f"{_percent(share.low)} to {_percent(share.high)}" if share.low is not None else "-",
                _percent(share.predicted),
                f"{share.rows:,}",
                f"{share.labelled:,}",
            )
            for share in self.shares
        ]
        notes = [f"note: {note}" for note in self.notes]
        for note in dict.fromkeys(share.note for share in self.shares if share.note):
            cells = dict.fromkeys(_name(share.group, share.period) for share in self.shares if share.note == note)
            notes.append(f"note: {listed(cells)}: {note}")
        return "\n".join([f"method {self.method}", aligned(head, rows), *notes])


@dataclass(frozen=True)
class Needed:
    """How many rows of a group to label.

    Attributes
    ----------
    group, period : str
        Empty for the whole corpus.
    rows, labelled : int
        Of the group, and how many of them are labelled so far.
    with_predictions, labels_alone : int
        How many must be labelled in all, with the method asked for and without predictions.
    """

    group: str
    period: str
    rows: int
    labelled: int
    with_predictions: int
    labels_alone: int


@dataclass(frozen=True)
class Plan:
    """Rows to label for intervals of a wanted width.

    Attributes
    ----------
    width : float
        From end to end: 0.1 is five points either way.
    level : float
    needed : tuple of Needed
        The whole corpus first; each for the label that needs most.
    notes : tuple of str
    """

    width: float
    level: float
    needed: tuple[Needed, ...]
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, ready for JSON."""
        return asdict(self)

    def as_rows(self) -> list[dict[str, Any]]:
        """One dict a group."""
        return [asdict(each) for each in self.needed]

    def as_text(self) -> str:
        """An aligned table for a reader, and the notes."""
        head = ("group", "rows", "labelled so far", "to label in all", "without predictions")
        rows = [
            (_name(each.group, each.period), *(f"{n:,}" for n in list(asdict(each).values())[2:]))
            for each in self.needed
        ]
        title = f"rows to label for {self.level:.0%} intervals {self.width:g} wide"
        return "\n".join([title, aligned(head, rows), *(f"note: {note}" for note in self.notes)])


SHARE_COLUMNS = tuple(each.name for each in fields(Share))
"""The columns of a table of shares."""


def _name(group: str, period: str) -> str:
    return " ".join(part for part in (group, period) if part) or "all"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
