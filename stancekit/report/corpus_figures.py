"""The figures of a report on a corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from stancekit.labels import Stance
from stancekit.report import palette
from stancekit.report.corpus import Cell, signed
from stancekit.report.figures import WIDTH, Picture, lanes, legend_above, picture, shortened, whisker
from stancekit.report.periods import ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TICKS = 9
_MARKED = 40
_COLUMNS = 3


def time_picture(labels: Sequence[str], periods: Sequence[str], cells: Mapping[str, Cell]) -> Picture:
    """Shares over time with intervals, over the number of rows."""

    def draw(figure: Figure) -> None:
        shares, counts = figure.subplots(2, 1, sharex=True, height_ratios=[4, 1])
        _share_lines(shares, labels, periods, cells)
        shares.set(ylabel="share of rows answered", ylim=(0, None))
        legend_above(shares)
        answered = [cells[period].answered if period in cells else 0 for period in periods]
        counts.bar(range(len(periods)), answered, color=palette.RULE, edgecolor=palette.MUTED, linewidth=0.5)
        counts.set(ylabel="rows")
        _time_axis(counts, periods)

    alt = f"Shares of the labels from {periods[0]} to {periods[-1]}, with 95% intervals; numbers in the table below."
    return picture("time", alt, draw, height=3.9)


def groups_picture(labels: Sequence[str], cells: Mapping[str, Cell]) -> Picture:
    """Shares in each group with intervals."""
    looks = palette.looks(labels)
    offsets = np.linspace(-0.26, 0.26, len(labels)) if len(labels) > 1 else [0.0]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        lanes(axes, [name or "(empty)" for name in cells])
        for label, offset in zip(labels, offsets, strict=True):
            for lane, cell in enumerate(cells.values()):
                whisker(axes, lane + offset, cell.share(label), looks[label], label if lane == 0 else None)
        axes.set(xlim=(-0.02, 1.02), xlabel="share of rows answered, with 95% interval")
        legend_above(axes)

    alt = "Share of each label in each group, with 95% intervals; numbers in the table below."
    return picture("groups", alt, draw, height=0.9 + 0.4 * len(cells))


def groups_in_time_picture(
    labels: Sequence[str], groups: Sequence[str], periods: Sequence[str], cells: Mapping[tuple[str, str], Cell]
) -> Picture:
    """Shares over time, a panel for each group."""
    rows = -(-len(groups) // _COLUMNS)

    def draw(figure: Figure) -> None:
        grid = figure.subplots(rows, _COLUMNS, sharex=True, sharey=True, squeeze=False)
        for axes, group in zip(grid.flat, groups, strict=False):
            own = {period: cells[group, period] for period in periods if (group, period) in cells}
            _share_lines(axes, labels, periods, own)
            _time_axis(axes, periods, most=3)
            axes.set_title(shortened(group or "(empty)"), loc="left", fontsize=8.5)
            axes.set(ylim=(0, 1))
        for axes in grid.flat[len(groups) :]:
            axes.set_axis_off()
        for axes in grid[:, 0]:
            axes.set_ylabel("share")
        handles, names = grid[0, 0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper left", ncols=len(labels))

    alt = f"Shares of the labels over time in {len(groups)} groups, a panel each, with 95% intervals."
    return picture("groups-in-time", alt, draw, height=0.6 + 1.55 * rows)


def pairs_picture(actors: Sequence[str], targets: Sequence[str], cells: Mapping[tuple[str, str], Cell]) -> Picture:
    """Net stance of each actor toward each target; numbers say in print what colours say on a screen."""
    endorsement, concern = Stance.ENDORSEMENT.value, Stance.CONCERN.value
    net = np.full((len(actors), len(targets)), np.nan)
    for (i, actor), (j, target) in ((a, t) for a in enumerate(actors) for t in enumerate(targets)):
        if (actor, target) in cells and cells[actor, target].answered:
            net[i, j] = cells[actor, target].net(endorsement, concern)

    def draw(figure: Figure) -> None:
        from matplotlib.colors import LinearSegmentedColormap

        ends = palette.LOOKS[concern].colour, palette.PAPER, palette.LOOKS[endorsement].colour
        shade = LinearSegmentedColormap.from_list("net", ends)
        axes = figure.subplots()
        mesh = axes.pcolormesh(np.ma.masked_invalid(net), cmap=shade, vmin=-1, vmax=1, edgecolors=palette.RULE)
        for (i, j), value in np.ndenumerate(net):
            if not np.isnan(value):
                colour = palette.PAPER if abs(value) > 0.75 else palette.INK
                text = f"{signed(value)}\n({cells[actors[i], targets[j]].answered:,})"
                axes.text(j + 0.5, i + 0.5, text, ha="center", va="center", color=colour, fontsize=6.5)
                if value < 0:
                    _hatch(axes, i, j, palette.LOOKS[concern].hatch)
        axes.set_xticks(np.arange(len(targets)) + 0.5, labels=[shortened(name, 20) for name in targets])
        axes.set_yticks(np.arange(len(actors)) + 0.5, labels=[shortened(name, 24) for name in actors])
        axes.tick_params(length=0)
        axes.tick_params(axis="x", labelrotation=40)
        for name in axes.get_xticklabels():
            name.set(ha="right", rotation_mode="anchor")
        axes.invert_yaxis()
        axes.grid(False)
        axes.set(xlabel="target", ylabel="actor")
        bar = figure.colorbar(mesh, ax=axes, shrink=0.7, pad=0.02)
        bar.set_ticks([-1, 0, 1], labels=["all concern", "even", "all endorsement"])
        bar.outline.set_visible(False)

    alt = "Net stance of actors (down) toward targets (across), from -1, all concern, to +1, all endorsement."
    return picture("pairs", alt, draw, height=1.5 + 0.42 * len(actors), width=min(WIDTH, 3.2 + 0.55 * len(targets)))


def _share_lines(axes: Axes, labels: Sequence[str], periods: Sequence[str], cells: Mapping[str, Cell]) -> None:
    """A line and a band for each label; a gap where a period has no rows."""
    looks, x = palette.looks(labels), np.arange(len(periods))
    filled = np.array([period in cells and cells[period].answered > 0 for period in periods])
    # many marks hide each other; a period without neighbours has no line, so its mark stays
    alone = filled & ~np.append(False, filled[:-1]) & ~np.append(filled[1:], False)
    marked = filled if len(periods) <= _MARKED else alone
    for label in labels:
        estimates = [cells[p].share(label) if here else None for p, here in zip(periods, filled, strict=True)]
        values = [np.nan if each is None else each.value for each in estimates]
        lows, highs = zip(*((np.nan, np.nan) if each is None else each.ends for each in estimates), strict=True)
        look = looks[label]
        axes.fill_between(x, lows, highs, color=look.colour, alpha=0.16, linewidth=0)
        axes.vlines(x[alone], np.array(lows)[alone], np.array(highs)[alone], color=look.colour, alpha=0.3, linewidth=1)
        axes.plot(
            x, values, look.line, color=look.colour, marker=look.marker, markersize=4, markevery=marked, label=label
        )
    axes.set_xlim(-0.5, len(periods) - 0.5)


def _time_axis(axes: Axes, periods: Sequence[str], most: int = _TICKS) -> None:
    chosen = ticks(periods, most)
    axes.set_xticks(chosen, labels=[periods[i] for i in chosen])


def _hatch(axes: Axes, row: int, column: int, hatch: str) -> None:
    """Tell concern from endorsement where there is no colour; pale, for numbers stand on it."""
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((column, row), 1, 1, fill=False, hatch=hatch, edgecolor=palette.PAPER, alpha=0.35, lw=0))
