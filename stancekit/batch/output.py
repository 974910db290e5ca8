"""The output of a run: whole or not at all."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from stancekit.batch.source import STANDARD
from stancekit.errors import OutputError

AnyPath = str | os.PathLike[str]


def is_stream(output: AnyPath) -> bool:
    """Whether it is standard output, a pipe or a device: something that cannot appear as a whole."""
    path = Path(output)
    return os.fspath(output) == STANDARD or (path.exists() and not path.is_file())


def check_output(output: AnyPath, inputs: list[AnyPath], *, overwrite: bool) -> None:
    """Refuse an output that could not be written at the end, before anything is done.

    Raises
    ------
    OutputError
        If it exists and ``overwrite`` is False, is one of the inputs, is a folder, or its folder is missing.
    """
    if os.fspath(output) == STANDARD:
        return
    path = Path(output)
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; give a file")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: the folder {str(path.parent)!r} does not exist; create it first")
    if any(_same(path, other) for other in inputs):
        raise OutputError(f"{path}: input and output are the same file; give the output another name")
    if path.is_file() and not overwrite:
        raise OutputError(f"{path}: exists; give another name, or --overwrite (overwrite=True)")


@contextmanager
def whole_file(output: AnyPath) -> Iterator[BinaryIO]:
    """A stream to a file that appears when the block ends well, and not at all if it fails.

    The data go to a temporary file in the same folder, to the disk, and under their name by renaming. What
    cannot be renamed (standard output for ``-``, a pipe, a device) is written directly.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    if os.fspath(output) == STANDARD:
        with told(output):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    target = Path(os.path.realpath(output))
    if is_stream(target):
        with told(output), target.open("wb") as stream:
            yield stream
        return
    temporary = target.with_name(f".stancekit-{secrets.token_hex(6)}.part")
    try:
        with told(output):
            with temporary.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def told(output: AnyPath) -> Iterator[None]:
    """Turn what the system says into an error that names the output."""
    try:
        yield
    except (OutputError, BrokenPipeError):
        raise
    except OSError as error:
        raise OutputError(f"{os.fspath(output)}: cannot be written: {error.strerror or error}") from error


def _same(path: Path, other: AnyPath) -> bool:
    if os.fspath(other) == STANDARD:
        return False
    if path.exists() and Path(other).exists():
        return path.samefile(other)
    return os.path.realpath(path) == os.path.realpath(other)
