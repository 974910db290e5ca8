"""Where an article quotes."""

from __future__ import annotations

import re
from bisect import bisect_left

Bounds = tuple[int, int]

_OPENING, _CLOSING = frozenset("“„«"), frozenset("”»")
_DOUBLE_MARK_OR_PARAGRAPH = re.compile(r"[\"“”„«»]|\n[ \t\r]*\n\s*")
# a single mark opens after a space and closes after punctuation: not the apostrophe of "the members' vote"
_SINGLE_QUOTED = re.compile(r"(?<![\w.,!?])['‘](?=\w)[^\n'‘’]*(?:(?<=\w)['’](?=\w)[^\n'‘’]*)*(?<=[.,!?])['’](?!\w)")


def quotations(text: str) -> list[Bounds]:
    r"""The quotations of a text with their marks, in order.

    Straight, curly and angled marks; single marks where punctuation stands before the closing one. A quotation
    goes on in the next paragraph where that opens with a mark again (the first is then not closed), and ends
    with its paragraph otherwise.

    Returns
    -------
    list of (int, int)
        Offsets into `text`, from the opening mark to behind the closing one.

    Examples
    --------
    >>> text = 'She spoke of "a good start". "We must go on.\n\n"There is time," she said.'
    >>> [text[start:end] for start, end in quotations(text)]
    ['"a good start"', '"We must go on.\n\n"There is time,"']
    """
    double = _double_quoted(text)
    single = (found.span() for found in _SINGLE_QUOTED.finditer(text))
    return sorted(double + [bounds for bounds in single if not _overlaps(bounds, double)])


def _double_quoted(text: str) -> list[Bounds]:
    spans: list[Bounds] = []
    start: int | None = None
    continues_at = -1
    for found in _DOUBLE_MARK_OR_PARAGRAPH.finditer(text):
        mark = found.group()
        if mark[0] == "\n":
            if start is not None and found.end() < len(text) and text[found.end()] in _OPENING | {'"'}:
                continues_at = found.end()
            elif start is not None:
                spans.append((start, found.start()))
                start = None
        elif found.start() == continues_at:
            continue
        elif start is None:
            start = None if mark in _CLOSING else found.start()
        elif mark not in _OPENING:
            spans.append((start, found.end()))
            start = None
    if start is not None:
        spans.append((start, len(text.rstrip())))
    return spans


def _overlaps(bounds: Bounds, spans: list[Bounds]) -> bool:
    before = bisect_left(spans, (bounds[1], 0))
    return before > 0 and spans[before - 1][1] > bounds[0]
