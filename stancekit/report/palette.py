"""How each label looks, in one place: colour, and what tells it apart without colour.

Colours are those of Okabe and Ito (2008), which people with any of the common colour deficiencies can tell
apart; hatches, markers, line styles and letters do the same in greyscale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

from stancekit.labels import ABSTAIN, Stance

INK = "#1b1f23"
MUTED = "#59626b"
RULE = "#d5dade"
PAPER = "#ffffff"
ACCENT = "#005a8c"

_TINT = 0.16
"""How much of the colour is left in a background that text stands on."""


@dataclass(frozen=True)
class Look:
    """One label's appearance.

    Attributes
    ----------
    colour : str
        ``#rrggbb``, at least 3:1 against white.
    letter : str
        Stands for the label where there is room for no more.
    hatch, marker, line : str
        Matplotlib's codes.
    underline : str
        A CSS ``text-decoration-style``.
    """

    colour: str
    letter: str
    hatch: str
    marker: str
    line: str
    underline: str

    @property
    def tint(self) -> str:
        """The colour as a light background."""
        channels = (int(self.colour[i : i + 2], 16) for i in (1, 3, 5))
        return "#" + "".join(f"{round(255 - (255 - channel) * _TINT):02x}" for channel in channels)


LOOKS: dict[str, Look] = {
    Stance.ENDORSEMENT.value: Look("#0072b2", "E", "", "o", "-", "solid"),
    Stance.CONCERN.value: Look("#d55e00", "C", "////", "^", "--", "wavy"),
    Stance.NEUTRALITY.value: Look("#6c757d", "N", "....", "s", ":", "dotted"),
    ABSTAIN: Look("#8a8a8a", "A", "xx", "x", "-.", "double"),
}

_OTHERS = (
    ("#0072b2", "", "o", "-", "solid"),
    ("#d55e00", "////", "^", "--", "wavy"),
    ("#007a5a", "....", "s", ":", "dotted"),
    ("#b5568a", "xx", "D", "-.", "double"),
    ("#1b1f23", "\\\\", "v", "-", "dashed"),
    ("#9a7500", "++", "P", "--", "solid"),
)


def in_order(labels: Sequence[str]) -> list[str]:
    """Labels in the order in which people read them: the codebook's for its own, else as they come."""
    known = [stance.value for stance in Stance if stance.value in labels]
    return [*known, *(label for label in labels if label not in known)]


def looks(labels: Sequence[str]) -> dict[str, Look]:
    """The appearance of each label; labels of one's own get one in turn.

    Examples
    --------
    >>> looks(["concern"])["concern"].letter
    'C'
    >>> looks(["for", "against"])["against"].hatch
    '////'
    """
    spare = cycle(_OTHERS)
    found = {}
    for label in labels:
        if label in LOOKS:
            found[label] = LOOKS[label]
        else:
            colour, *rest = next(spare)
            found[label] = Look(colour, label[:2].capitalize(), *rest)
    return found
