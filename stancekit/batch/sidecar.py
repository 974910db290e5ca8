"""What made an output, beside it: model, settings, input and counts, so that a figure can be traced to its source."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stancekit.batch.output import AnyPath, whole_file
from stancekit.batch.source import Source
from stancekit.batch.summary import Summary
from stancekit.errors import OutputError
from stancekit.labels import CODEBOOK_VERSION

SIDECAR = ".meta.json"
"""What is appended to the output's name."""

_COUNTS = ("rows", "labels", "abstentions", "truncated", "skipped", "decided_by")
"""What the same run gives again; times and what the cache saved do not belong."""

_BUFFER = 1 << 18


@dataclass(frozen=True)
class Settings:
    """What a run was asked for; all of it may change the output.

    Attributes
    ----------
    text_column : str
    target_column : str or None
    min_confidence : float or None
    prefix : str
    format, encoding : str
    """

    text_column: str
    target_column: str | None
    min_confidence: float | None
    prefix: str
    format: str
    encoding: str


def check_sidecar(output: AnyPath) -> None:
    """Refuse to replace a file that has the sidecar's name and is none.

    Raises
    ------
    OutputError
        If there is such a file.
    """
    path = path_of(output)
    if not path.exists():
        return
    try:
        ours = "stancekit" in json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        ours = False
    if not ours:
        raise OutputError(f"{path}: exists and is not stancekit's; move it, or say --no-sidecar (sidecar=False)")


def write_sidecar(output: AnyPath, source: Source, settings: dict[str, Any], summary: Summary) -> None:
    """Write the sidecar of an output."""
    from stancekit import __version__

    counts = summary.as_dict()
    content = {
        "stancekit": __version__,
        "codebook": CODEBOOK_VERSION,
        "model": {"name": summary.model, "version": summary.version, "sha256": summary.sha256},
        "input": {"name": Path(source.name).name, "bytes": source.size, "sha256": _sha256(source)},
        "output": {"name": Path(output).name},
        "settings": settings,
        "counts": {name: counts[name] for name in _COUNTS},
    }
    with whole_file(path_of(output)) as stream:
        stream.write(json.dumps(content, indent=2, ensure_ascii=False).encode("utf-8") + b"\n")


def path_of(output: AnyPath) -> Path:
    """The sidecar's name."""
    return Path(os.fspath(output) + SIDECAR)


def _sha256(source: Source) -> str:
    """The hash of the input as it lies on the disk; of all that came, if it came by a stream."""
    if source.tap is not None and (source.path is None or source.tap.count == source.size):
        return source.tap.sha256
    found = hashlib.sha256()
    if source.path is not None:
        with source.path.open("rb", buffering=0) as stream:
            while data := stream.read(_BUFFER):
                found.update(data)
    return found.hexdigest()
