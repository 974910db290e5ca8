"""The compiled kernel of stancekit-fast, used where it is installed; NumPy gives the same answers without it."""

from __future__ import annotations

import os
import secrets
import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any

from stancekit.text import normalise

INTERFACE = 2
"""Which tables the kernel is given and what it makes of them; raised with every change of either."""
SWITCH = "STANCEKIT_KERNEL"
"""Environment variable; with the value ``off`` the kernel stays out of use."""
SEED = secrets.randbits(64)
"""Of the hash tables, so that nobody can write a text whose chunks all fall into one place."""


def kernel() -> Any:
    """The module ``stancekit_fast``, or None where it is missing, does not fit, or is switched off."""
    return None if os.environ.get(SWITCH) == "off" else _installed()


@cache
def _installed() -> Any:
    try:
        import stancekit_fast
    except ImportError:
        return None
    if stancekit_fast.INTERFACE != INTERFACE:
        warnings.warn(
            "stancekit-fast does not fit this stancekit and is not used (slower, same answers); "
            "install the versions that belong together: pip install -U stancekit stancekit-fast",
            stacklevel=2,
        )
        return None
    return stancekit_fast


def normalised(texts: Iterable[str]) -> list[str]:
    """The texts as the kernel reads them; it finds the white space of ASCII texts itself."""
    return [text if text.isascii() else normalise(text) for text in texts]


def encoded(texts: Iterable[str]) -> tuple[str | bytes, ...]:
    """What the kernel takes for texts: those beyond ASCII as UTF-8, which here holds halves of surrogate pairs too."""
    return tuple([text if text.isascii() else text.encode("utf-8", "surrogatepass") for text in texts])


def decoded(raw: bytes) -> str:
    """A chunk that the kernel asks about."""
    return raw.decode("utf-8", "surrogatepass")
