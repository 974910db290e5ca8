"""Where the sentences of an article start and end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from stancekit.extras import needs_extra

Bounds = tuple[int, int]

_BULLET = re.compile(r"(?<![ \t])[ \t]*(?:[-*•–—‣·]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])[ \t]+(?=\S)")
_LINE_END = re.compile(r"[.!?:;]['\")\]’”»]*$")
_SHORT_LINE = 60
_QUOTATION_MARKS = str.maketrans(dict.fromkeys('"“”„«»', " "))
_ITEM_IN_LINE = re.compile(r"[:;] (?=[-–•] \S)|[.?!]\) (?=[A-Z])")
_ENDS_WITH_OPENING_MARK = re.compile(r"\s[\"“„«(\[]+\s*$")
_ENUMERATOR = re.compile(r"(?:^|(?<!\b[Nn]o)(?<!\b[Aa]rt)(?<!\b[Pp]ara)[.:;]\s+)\(?(?:\d{1,3}|[a-z])[.)]\s*$")
_TITLE = re.compile(
    r"\b(?:Adm|Amb|Brig|Capt|Cdr|Cmdr|Col|Dr|Fr|Gen|Gov|Hon|Lt|Maj|Messrs|Mgr|Mme|Mr|Mrs|Ms|Mx|Pres|Prof|Rep|Rev|Sen|Sgt|St)"
    r"\.\s*$"
)


def sentences(text: str) -> list[Bounds]:
    """The sentences of a text, in order, without the white space around them.

    Blank lines, headings, datelines on a line of their own and bullets are boundaries; a quotation of several
    sentences is cut at each. Within a paragraph the library sentencex decides, which knows abbreviations and
    initials; lines that were only wrapped are read on.

    Returns
    -------
    list of (int, int)
        Offsets into `text`.

    Raises
    ------
    MissingExtraError
        If sentencex is not installed.

    Examples
    --------
    >>> text = 'Gen. Haldane met Dr. A. Silva. "We talked. It was useful," he said.'
    >>> [text[start:end] for start, end in sentences(text)]
    ['Gen. Haldane met Dr. A. Silva.', '"We talked.', 'It was useful," he said.']
    """
    with needs_extra("articles"):
        from sentencex import segment
    return [
        bounds
        for start, end in _blocks(text)
        for bounds in _cut(text, start, end, [len(part) for part in segment("en", _masked(text[start:end]))])
    ]


def _blocks(text: str) -> Iterator[Bounds]:
    """Paragraphs, headings and items of lists: no sentence reaches beyond one."""
    start = position = 0
    previous = ""
    for line in text.splitlines(keepends=True):
        if _starts_a_block(previous, line):
            yield start, position
            start = position
        position += len(line)
        previous = line
    yield start, position


def _starts_a_block(previous: str, line: str) -> bool:
    if not previous.strip() or not line.strip() or _BULLET.match(line):
        return True
    before = previous.rstrip()
    return bool(_LINE_END.search(before[-4:])) or (len(before) < _SHORT_LINE and line.lstrip()[0].isupper())


def _masked(block: str) -> str:
    # sentencex never cuts inside quotation marks; each is one character, so that offsets stay
    return block.translate(_QUOTATION_MARKS)


def _cut(text: str, start: int, end: int, lengths: list[int]) -> Iterator[Bounds]:
    position = start
    for cut in _cuts(text, start, end, lengths):
        yield from _trimmed(text, position, cut)
        position = cut


def _cuts(text: str, start: int, end: int, lengths: list[int]) -> list[int]:
    """Where sentencex cuts, mended where it takes a title for the end, and where a list stands in the line."""
    ends = {start + length for length in accumulate(lengths)} - {end}
    kept = {_before_what_opens(text, start, cut) for cut in ends if not _TITLE.search(text[max(start, cut - 10) : cut])}
    items = {found.end() for found in _ITEM_IN_LINE.finditer(text, start, end)}
    return [*sorted(kept | items), end]


def _before_what_opens(text: str, start: int, cut: int) -> int:
    """The cut before an opening mark or number that belongs to the sentence after it."""
    window = text[max(start, cut - 10) : cut]
    if found := _ENDS_WITH_OPENING_MARK.search(window):
        return cut - len(window) + found.start() + 1
    if found := _ENUMERATOR.search(window):
        return cut - len(window) + found.start() + (1 if found.group()[0] in ".:;" else 0)
    return cut


def _trimmed(text: str, start: int, end: int) -> Iterator[Bounds]:
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
