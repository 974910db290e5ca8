"""The figures of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from stancekit.report import palette
from stancekit.report.curves import CoveragePoint, ReliabilityBin
from stancekit.report.figures import WIDTH, Picture, lanes, legend_above, picture, shortened, whisker
from stancekit.report.intervals import Counts, Estimate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKS = palette.looks(["first", "second", "third"])
"""Marks for scores, which are no labels."""
_HALF = 0.55 * WIDTH


def confusion_picture(names: Sequence[str], confusion: Counts) -> Picture:
    """Rows by true label, columns by predicted label; shaded by the share of the true label's rows."""
    from_true = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    size = max(2.6, 0.62 * len(names) + 1.2)

    def draw(figure: Figure) -> None:
        from matplotlib.colors import LinearSegmentedColormap

        axes = figure.subplots()
        shade = LinearSegmentedColormap.from_list("shade", [palette.PAPER, palette.ACCENT])
        axes.pcolormesh(from_true, cmap=shade, vmin=0, vmax=1, edgecolors=palette.PAPER, linewidth=2)
        for (i, j), share in np.ndenumerate(from_true):
            colour = palette.PAPER if share > 0.55 else palette.INK
            axes.text(j + 0.5, i + 0.44, f"{confusion[i, j]:,}", ha="center", va="center", color=colour, fontsize=10)
            axes.text(j + 0.5, i + 0.74, f"{share:.0%}", ha="center", va="center", color=colour, fontsize=7.5)
        middle = np.arange(len(names)) + 0.5
        axes.set_xticks(middle, labels=[shortened(name, 14) for name in names])
        axes.set_yticks(middle, labels=[shortened(name, 14) for name in names])
        axes.invert_yaxis()
        axes.set(xlabel="predicted", ylabel="true", aspect="equal")
        axes.tick_params(length=0)
        axes.grid(False)
        axes.spines[:].set_visible(False)

    alt = f"Table of true by predicted labels, {confusion.sum():,} rows; the numbers stand in the table below."
    return picture("confusion", alt, draw, height=size, width=size * 1.25)


def classes_picture(scores: Mapping[str, Mapping[str, Estimate]]) -> Picture:
    """Precision, recall and F1 of each class."""
    return _scores_picture("classes", "Precision, recall and F1 of each label", scores)


def groups_picture(scores: Mapping[str, Mapping[str, Estimate]]) -> Picture:
    """Accuracy and macro-F1 of each group."""
    return _scores_picture("groups", "Accuracy and macro-F1 of each group", scores)


def _scores_picture(name: str, what: str, scores: Mapping[str, Mapping[str, Estimate]]) -> Picture:
    kinds = list(next(iter(scores.values())))
    offsets = np.linspace(-0.25, 0.25, len(kinds))

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        lanes(axes, list(scores))
        for kind, offset, look in zip(kinds, offsets, _MARKS.values(), strict=False):
            for lane, row in enumerate(scores.values()):
                whisker(axes, lane + offset, row[kind], look, kind if lane == 0 else None)
        low = min(estimate.ends[0] for row in scores.values() for estimate in row.values())
        axes.set_xlim(_round_below(low), 1.02)
        axes.set(xlabel="score, with 95% interval")
        legend_above(axes)

    alt = f"{what}, with 95% intervals; the numbers stand in the table below."
    return picture(name, alt, draw, height=0.9 + 0.42 * len(scores))


def reliability_picture(bins: Sequence[ReliabilityBin]) -> Picture:
    """Accuracy against confidence."""
    look = next(iter(_MARKS.values()))

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color=palette.MUTED, linewidth=0.9, linestyle="--", label="as it should be")
        for part in bins:
            axes.plot([part.confidence] * 2, part.accuracy.ends, color=look.colour, linewidth=1.4)
        axes.plot(
            [part.confidence for part in bins],
            [part.accuracy.value for part in bins],
            marker=look.marker,
            color=look.colour,
            linewidth=0.8,
            label="tenths of the rows",
        )
        axes.set_xlim(_round_below(min(part.confidence for part in bins)), 1.02)
        axes.set_ylim(_round_below(min(part.accuracy.ends[0] for part in bins)), 1.02)
        axes.set(xlabel="mean confidence", ylabel="accuracy, with 95% interval")
        legend_above(axes)

    alt = "Accuracy against mean confidence, for tenths of the rows; on the dashed line confidence is honest."
    return picture("reliability", alt, draw, height=3.1, width=_HALF)


def coverage_picture(curve: Sequence[CoveragePoint], overall: float) -> Picture:
    """Accuracy of the most confident rows against their share of all rows."""
    look = next(iter(_MARKS.values()))

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        shares = [point.coverage for point in curve]
        lows, highs = zip(*(point.accuracy.ends for point in curve), strict=True)
        axes.fill_between(shares, lows, highs, color=look.tint, linewidth=0)
        axes.plot(shares, [point.accuracy.value for point in curve], color=look.colour)
        axes.axhline(overall, color=palette.MUTED, linewidth=0.9, linestyle="--")
        axes.text(0.02, overall, f"all rows: {overall:.3f}", color=palette.MUTED, va="bottom")
        axes.set_xlim(0, 1.02)
        axes.set_ylim(_round_below(overall - 0.1), 1.01)
        axes.set(xlabel="share of rows answered, most confident first", ylabel="accuracy, with 95% band")

    alt = f"Accuracy of the most confident rows by the share of rows answered; {overall:.3f} if all are answered."
    return picture("coverage", alt, draw, height=3.1, width=_HALF)


def _round_below(value: float) -> float:
    """Where an axis begins: a round tenth, a hair lower so that a mark on it is whole."""
    return max(0.0, float(np.floor(value * 10)) / 10) - 0.02
