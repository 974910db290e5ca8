"""What a run did, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from stancekit.labels import ABSTAIN, Reason
from stancekit.scoring import Prediction


@dataclass(frozen=True)
class Summary:
    """The account of one run over a file.

    Attributes
    ----------
    rows : int
    labels : dict of str to int
        Rows by the label given, every label of the model named; with the abstentions they add up to ``rows``.
    abstentions : dict of str to int
        Rows without a label, by reason.
    truncated : int
        Rows labelled from their beginning only.
    decided_by : dict of str to int
        Rows by the model that gave the probabilities; a cascade names its tiers.
    seconds : float
        From the loaded model to the written file.
    rows_per_second : float
    model, version, sha256 : str
        Which model labelled.
    """

    rows: int
    labels: dict[str, int]
    abstentions: dict[str, int]
    truncated: int
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
            reasons = ", ".join(f"{reason} {count}" for reason, count in self.abstentions.items())
            shares.append(f"{ABSTAIN} {_share(sum(self.abstentions.values()), self.rows)}: {reasons}")
        lines = [f"{self.rows:,} rows in {self.seconds:.1f} s ({self.rows_per_second:,.0f} rows/s)"]
        lines += [f"  {share}" for share in shares]
        if self.truncated:
            lines.append(f"  {self.truncated} long texts were labelled from their beginning only")
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
    _labels: Counter[str] = field(default_factory=Counter)
    _abstentions: Counter[str] = field(default_factory=Counter)
    _truncated: int = 0
    _decided_by: Counter[str] = field(default_factory=Counter)

    def add(self, predictions: Iterable[Prediction]) -> None:
        """Count one block."""
        for prediction in predictions:
            self.rows += 1
            self._decided_by[prediction.decided_by] += 1
            if prediction.label == ABSTAIN:
                self._abstentions[str(prediction.reason)] += 1
                continue
            self._labels[str(prediction.label)] += 1
            self._truncated += prediction.reason == Reason.TRUNCATED.value

    def summary(self, seconds: float, model: str, version: str, sha256: str) -> Summary:
        """The account of the run."""
        labels = {str(name): self._labels[str(name)] for name in self.classes}
        abstentions = dict(sorted(self._abstentions.items()))
        rate = self.rows / seconds if seconds > 0 else 0.0
        tiers = dict(sorted(self._decided_by.items()))
        return Summary(self.rows, labels, abstentions, self._truncated, tiers, seconds, rate, model, version, sha256)


def _share(count: int, rows: int) -> str:
    return f"{count:,} ({count / rows:.1%})" if rows else f"{count}"
