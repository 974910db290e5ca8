"""A report's files, written together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from stancekit.batch.output import AnyPath, whole_file
from stancekit.errors import OutputError


def check_folder(folder: AnyPath, *, overwrite: bool) -> None:
    """Refuse a folder that could not be written, before anything is done.

    Raises
    ------
    OutputError
        If it is a file, holds something and ``overwrite`` is False, or lies in a folder that is missing.
    """
    path = Path(folder)
    if path.exists() and not path.is_dir():
        raise OutputError(f"{path}: is a file; give a folder")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: the folder {str(path.parent)!r} does not exist; create it first")
    if path.is_dir() and any(path.iterdir()) and not overwrite:
        raise OutputError(f"{path}: is not empty; give another folder, or --overwrite (overwrite=True)")


def write_folder(folder: AnyPath, files: Mapping[str, bytes]) -> None:
    """Write the files, each whole or not at all, and make the folder where it is missing; others in it stay."""
    path = Path(folder)
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{os.fspath(folder)}: cannot be created: {error.strerror or error}") from error
    for name, content in files.items():
        with whole_file(path / name) as stream:
            stream.write(content)
