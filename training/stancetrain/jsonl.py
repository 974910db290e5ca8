"""JSON Lines with the number of each line, for messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stancekit.errors import InputError


def numbered(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number, from 1, and object of every line that is not blank.

    Raises
    ------
    InputError
        If the file cannot be read, or a line is no JSON object; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except ValueError as error:
            raise InputError(f"{path}: line {number}: is no JSON object") from error
        if not isinstance(fields, dict):
            raise InputError(f"{path}: line {number}: is no JSON object")
        yield number, fields
