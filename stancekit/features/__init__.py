"""Feature extraction: scikit-learn transformers, usable on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stancekit.features.cues import CueFeatures
    from stancekit.features.encoder import EncoderFeatures
    from stancekit.features.ngrams import NgramFeatures

__all__ = ["CueFeatures", "EncoderFeatures", "NgramFeatures"]

_HOMES = {
    "CueFeatures": "stancekit.features.cues",
    "EncoderFeatures": "stancekit.features.encoder",
    "NgramFeatures": "stancekit.features.ngrams",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
