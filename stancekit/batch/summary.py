"""What a run did, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from stancekit.labels import ABSTAIN, Reason

Kind = tuple[str, "str | None", str]
"""What is counted of an answer: its label, its reason, and the model that gave the probabilities."""


@dataclass(frozen=True)
class Summary:
    """The account of one run over a file.

    Attributes
    ----------
    rows : int
        Rows written.
    labels : dict of str to int
        Rows by the label given, every label of the model named; with the abstentions they add up to ``rows``.
    abstentions : dict of str to int
        Rows without a label, by reason.
    truncated : int
        Rows labelled from their beginning only.
    skipped : int
        Rows left out, as they could not be read.
    skipped_file : str or None
        Where they are.
    repeated : int
        Rows whose text had been labelled shortly before, and was not labelled again.
    decided_by : dict of str to int
        Rows by the model that gave the probabilities; a cascade names its tiers.
    seconds : float
        From the loaded model to the written file; of a resumed run, of all its parts.
    rows_per_second : float
    model, version, sha256 : str
        Which model labelled.
    """

    rows: int
    labels: dict[str, int]
    abstentions: dict[str, int]
    truncated: int
    skipped: int
    skipped_file: str | None
    repeated: int
    decided_by: dict[str, int]
    seconds: float
    rows_per_second: float
    model: str
    version: str
    sha256: str

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, ready for JSON."""
        return asdict(self)

    def as_text(self) -> str:
        """A few lines for a reader."""
        shares = [f"{label} {_share(count, self.rows)}" for label, count in self.labels.items()]
        if self.abstentions:
            reasons = ", ".join(f"{reason} {count:,}" for reason, count in self.abstentions.items())
            shares.append(f"{ABSTAIN} {_share(sum(self.abstentions.values()), self.rows)}: {reasons}")
        lines = [f"{self.rows:,} rows in {self.seconds:.1f} s ({self.rows_per_second:,.0f} rows/s)"]
        lines += [f"  {share}" for share in shares]
        if self.truncated:
            lines.append(
                f"  {self.truncated:,} long texts were labelled from their beginning only: see stancekit analyze"
            )
        if self.repeated:
            lines.append(f"  {_share(self.repeated, self.rows)} repeated texts were labelled once")
        if self.skipped:
            lines.append(f"  {self.skipped:,} rows could not be read and were left out: see {self.skipped_file}")
        if len(self.decided_by) > 1:
            tiers = (f"{name} {_share(count, self.rows)}" for name, count in self.decided_by.items())
            lines.append(f"  decided by {', '.join(tiers)}")
        lines.append(f"model {self.model} {self.version} (sha256 {self.sha256[:12]})")
        return "\n".join(lines)


@dataclass
class Tally:
    """Counts predictions as they come."""

    classes: Sequence[Any]
    rows: int = 0
    skipped: int = 0
    repeated: int = 0
    truncated: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    abstentions: Counter[str] = field(default_factory=Counter)
    decided_by: Counter[str] = field(default_factory=Counter)

    def add(self, kinds: Iterable[Kind], *, skipped: int = 0, repeated: int = 0) -> None:
        """Count one block."""
        self.skipped += skipped
        self.repeated += repeated
        for (label, reason, decided_by), count in Counter(kinds).items():
            self.rows += count
            self.decided_by[decided_by] += count
            if label == ABSTAIN:
                self.abstentions[str(reason)] += count
                continue
            self.labels[label] += count
            self.truncated += count * (reason == Reason.TRUNCATED.value)

    def counts(self) -> dict[str, Any]:
        """The counts, ready for JSON."""
        values = {name: value for name, value in vars(self).items() if name != "classes"}
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in values.items()}

    def restore(self, counts: Mapping[str, Any]) -> None:
        """Go on from the counts of an earlier run."""
        for name, value in counts.items():
            setattr(self, name, Counter(value) if isinstance(value, dict) else value)

    def summary(
        self, seconds: float, model: str, version: str, sha256: str, skipped_file: str | None = None
    ) -> Summary:
        """The account of the run."""
        return Summary(
            rows=self.rows,
            labels={str(name): self.labels[str(name)] for name in self.classes},
            abstentions=dict(sorted(self.abstentions.items())),
            truncated=self.truncated,
            skipped=self.skipped,
            skipped_file=skipped_file if self.skipped else None,
            repeated=self.repeated,
            decided_by=dict(sorted(self.decided_by.items())),
            seconds=seconds,
            rows_per_second=self.rows / seconds if seconds > 0 else 0.0,
            model=model,
            version=version,
            sha256=sha256,
        )


def _share(count: int, rows: int) -> str:
    return f"{count:,} ({count / rows:.1%})" if rows else f"{count}"
