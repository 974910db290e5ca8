"""Compressed files: read as one stream, written in blocks that do not depend on how often a run was interrupted."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, BinaryIO, Protocol, cast

from stancekit.errors import MissingExtraError

GZIP, ZSTANDARD = ".gz", ".zst"
SUFFIXES = (GZIP, ZSTANDARD)

BLOCK_BYTES = 1 << 20
"""Each block is a member (gzip) or frame (Zstandard) of its own, of this many bytes before compression."""


class Packer(Protocol):
    """Turns an output into what is stored."""

    tail: bytes
    """What was given and waits for its block to fill."""

    def add(self, data: bytes) -> Iterator[bytes]:
        """What can be stored by now."""

    def end(self) -> bytes:
        """What remains to be stored."""


class Plain:
    """Stores an output as it is."""

    tail = b""

    def add(self, data: bytes) -> Iterator[bytes]:
        """The data themselves."""
        yield data

    def end(self) -> bytes:
        """Nothing."""
        return b""


class Blocks:
    """Stores an output as compressed blocks; where they are cut depends on the output alone."""

    def __init__(self, suffix: str) -> None:
        self.tail = b""
        self._suffix = suffix
        self._any = False

    def add(self, data: bytes) -> Iterator[bytes]:
        """The blocks that are full."""
        waiting = self.tail + data
        whole = len(waiting) - len(waiting) % BLOCK_BYTES
        for start in range(0, whole, BLOCK_BYTES):
            yield self._compressed(waiting[start : start + BLOCK_BYTES])
        self.tail = waiting[whole:]

    def end(self) -> bytes:
        """The last block, which is not full."""
        last = self._compressed(self.tail)
        self.tail = b""
        return last

    def _compressed(self, data: bytes) -> bytes:
        # no time stamp, so that the same rows give the same bytes
        return gzip.compress(data, mtime=0) if self._suffix == GZIP else cast(bytes, _zstd().compress(data))


def compression_of(path: PurePath) -> str | None:
    """The suffix that says how a file is compressed, or None."""
    suffix = path.suffix.lower()
    return suffix if suffix in SUFFIXES else None


def packer_for(path: PurePath) -> Packer:
    """How an output of this name is stored."""
    suffix = compression_of(path)
    return Blocks(suffix) if suffix else Plain()


def unpacked(stream: BinaryIO, suffix: str) -> BinaryIO:
    """The stream within a compressed one; several members or frames read as one."""
    if suffix == GZIP:
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream, mode="rb"))
    return cast(BinaryIO, _zstd().ZstdFile(stream, mode="rb"))


def damages() -> tuple[type[Exception], ...]:
    """What reading a damaged or cut file raises, beside OSError."""
    loaded = sys.modules.get("compression.zstd") or sys.modules.get("backports.zstd")
    return (EOFError, zlib.error, *([loaded.ZstdError] if loaded else []))


def _zstd() -> Any:
    # the standard library's module from Python 3.14 on, and the same code for older versions
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
    except ImportError as error:
        raise MissingExtraError("Zstandard files need backports.zstd: pip install backports.zstd") from error
    return zstd
