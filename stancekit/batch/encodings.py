"""Encodings other than UTF-8: read as UTF-8, and written back as they were.

Records are split as bytes of UTF-8. A file in another encoding is carried over on reading and back on writing;
every piece is carried back at once and compared, so that no byte can change unseen. A byte that means nothing in the
file's encoding becomes one that means nothing in UTF-8, so that the error is found where rows are counted.
"""

from __future__ import annotations

import codecs
from typing import Protocol

from stancekit.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; those of UTF-32 first, as they begin like those of UTF-16."""

_OF_UNKNOWN_ORDER = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_GUESSES = ("cp1252", "mac_roman")
"""What files of English text are in if not in UTF-8: Windows', then the old Macintosh's."""

_SAMPLE = 64


def checked_encoding(name: str) -> str:
    """The encoding's name as Python spells it.

    Raises
    ------
    InputError
        If there is none of this name, or it does not encode text.
    """
    try:
        known = codecs.lookup(name)
    except LookupError as error:
        raise InputError(f"no such encoding: {name!r}; try utf-8, utf-16, cp1252 or latin-1") from error
    if not known._is_text_encoding:
        raise InputError(f"{name!r} is no encoding of text")
    return "utf-8" if known.name == "utf-8-sig" else known.name


def encoding_of(head: bytes, given: str | None) -> str:
    """The encoding of a file that begins with ``head``.

    A byte order mark decides; else what was given; else it is UTF-16 if most of every other byte is zero; else UTF-8.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if given is not None:
        return _OF_UNKNOWN_ORDER.get(given, given)
    sample = head[: min(len(head), _SAMPLE) // 2 * 2]
    first, second = sample[::2], sample[1::2]
    if 2 * second.count(0) > len(second) and all(first):
        return "utf-16-le"
    if 2 * first.count(0) > len(first) and all(second):
        return "utf-16-be"
    return "utf-8"


def likely_encoding(raw: bytes) -> str | None:
    """An encoding in which bytes that are not UTF-8 would be English text, or None."""
    for name in _GUESSES:
        try:
            raw.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return None


class Readable(Protocol):
    """Anything with bytes to read."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes; none at the end only."""


class Carried:
    """A stream in any encoding, read as UTF-8."""

    def __init__(self, stream: Readable, encoding: str, name: str) -> None:
        self._stream = stream
        self._name = name
        self._encoding = encoding
        self._errors = _handler(encoding)
        self._decoder = codecs.getincrementaldecoder(encoding)(self._errors)
        self._encoder = codecs.getincrementalencoder(encoding)(self._errors)

    def read(self, size: int) -> bytes:
        """Up to about ``size`` bytes; none at the end only."""
        while True:
            before = self._decoder.getstate()[0]
            raw = self._stream.read(size)
            try:
                text = self._decoder.decode(raw, final=not raw)
            except UnicodeDecodeError as error:
                raise InputError(
                    f"{self._name}: is not whole: it ends within a character of {self._encoding}"
                ) from error
            taken = before + raw
            after = self._decoder.getstate()[0]
            if self._encoder.encode(text) != taken[: len(taken) - len(after)]:
                problem = f"cannot be carried over from {self._encoding} and back without a change"
                raise InputError(f"{self._name}: {problem}; is it the right encoding? else save the file as UTF-8")
            if text or not raw:
                return text.encode("utf-8", self._errors)


def carried_back(data: bytes, encoding: str) -> bytes:
    """UTF-8 in another encoding.

    Raises
    ------
    InputError
        If a character that was appended does not exist there.
    """
    if encoding == "utf-8":
        return data
    try:
        return data.decode("utf-8", _handler(encoding)).encode(encoding, _handler(encoding))
    except UnicodeEncodeError as error:
        character = error.object[error.start]
        raise InputError(f"{encoding}, the input's encoding, has no {character!r}; save the input as UTF-8") from error


def _handler(encoding: str) -> str:
    return "surrogatepass" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
