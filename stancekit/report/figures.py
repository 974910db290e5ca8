"""Drawing with matplotlib: one style for every figure, and figures as SVG and PNG.

Figures are made without pyplot, so that nothing global changes and no display is needed. The same data give
the same bytes: no date is written, and identifiers are salted alike.
"""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stancekit.extras import needs_extra
from stancekit.report import palette
from stancekit.report.intervals import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 6.5
"""Inches: a page with margins."""

_LAYOUT_FONT = "DejaVu Sans"
"""Comes with matplotlib, so that a layout is the same everywhere."""
_SHOWN_FONT = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"

_STYLE: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": palette.MUTED,
    "axes.grid": True,
    "axes.labelcolor": palette.INK,
    "axes.linewidth": 0.7,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "figure.facecolor": palette.PAPER,
    "font.family": "sans-serif",
    "font.sans-serif": [_LAYOUT_FONT],
    "font.size": 8.5,
    "grid.color": palette.RULE,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.5,
    "savefig.dpi": 200,
    "svg.fonttype": "none",
    "svg.hashsalt": "stancekit",
    "text.color": palette.INK,
    # names come from files: a dollar sign begins no formula
    "text.parse_math": False,
    "xtick.color": palette.MUTED,
    "xtick.labelcolor": palette.INK,
    "ytick.color": palette.MUTED,
    "ytick.labelcolor": palette.INK,
}


@dataclass(frozen=True)
class Picture:
    """A finished figure.

    Attributes
    ----------
    name : str
        Of its files, without suffix.
    alt : str
        What it shows, for those who do not see it.
    svg, png : bytes
    """

    name: str
    alt: str
    svg: bytes
    png: bytes

    @property
    def uri(self) -> str:
        """The SVG as a ``data:`` address, for a page without other files."""
        return "data:image/svg+xml;base64," + b64encode(self.svg).decode("ascii")

    @property
    def files(self) -> dict[str, bytes]:
        """File names and contents."""
        return {f"{self.name}.svg": self.svg, f"{self.name}.png": self.png}


def picture(name: str, alt: str, draw: Callable[[Figure], None], *, height: float, width: float = WIDTH) -> Picture:
    """Draw on an empty figure of the given inches.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    with needs_extra("report"):
        from matplotlib import style
        from matplotlib.figure import Figure

    with style.context(["default", _STYLE]):
        figure = Figure(figsize=(width, height))
        draw(figure)
        svg, png = io.BytesIO(), io.BytesIO()
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", metadata={"Software": None})
    shown = svg.getvalue().replace(f"'{_LAYOUT_FONT}', sans-serif".encode(), _SHOWN_FONT.encode())
    return Picture(name, alt, shown, png.getvalue())


def lanes(axes: Axes, names: Sequence[str]) -> None:
    """Name horizontal lanes from the top down, and rule between them."""
    axes.set_yticks(range(len(names)), labels=[shortened(name) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    for edge in range(1, len(names)):
        axes.axhline(edge - 0.5, color=palette.RULE, linewidth=0.6)


def whisker(axes: Axes, y: float, estimate: Estimate, look: palette.Look, label: str | None = None) -> None:
    """A marker at the value, and a line over its interval where there is one."""
    axes.plot(estimate.ends, [y, y], color=look.colour, linewidth=1.4, solid_capstyle="butt")
    axes.plot([estimate.value], [y], look.marker, color=look.colour, markersize=5, label=label, linestyle="none")


def legend_above(axes: Axes) -> None:
    """The legend in a row over the axes, where it hides nothing."""
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(
        handles, labels, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=max(len(labels), 1), borderaxespad=0.2
    )


def shortened(text: str, limit: int = 28) -> str:
    """A name that fits beside an axis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
