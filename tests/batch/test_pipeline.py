"""Reading ahead and writing behind: in order, bounded, and no error is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from stancekit.batch.pipeline import read_ahead, write_behind


def test_items_come_in_order():
    assert list(read_ahead(iter(range(100)), depth=3)) == list(range(100))
    assert list(read_ahead([])) == []
    assert list(read_ahead([None, None])) == [None, None]


def test_an_error_comes_in_its_place():
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("two")

    ahead = read_ahead(items())
    assert next(ahead) == 1
    with pytest.raises(ValueError, match="two"):
        next(ahead)


def test_no_more_is_read_than_waits():
    taken: list[int] = []
    stopped = threading.Event()

    def items() -> Iterator[int]:
        try:
            for i in range(1000):
                taken.append(i)
                yield i
        finally:
            stopped.set()

    with closing(read_ahead(items(), depth=2)) as ahead:
        assert next(ahead) == 0
    assert stopped.wait(10)
    assert len(taken) <= 5


def test_calls_are_made_in_order():
    made: list[int] = []
    with write_behind(depth=2) as later:
        for i in range(50):
            later(made.append, i)
    assert made == list(range(50))


def test_an_error_in_writing_is_raised_and_nothing_is_written_after_it():
    made: list[int] = []

    def fail() -> None:
        raise OSError("full")

    def write() -> None:
        with write_behind(depth=9) as later:
            later(made.append, 1)
            later(fail)
            later(made.append, 2)

    with pytest.raises(OSError, match="full"):
        write()
    assert made == [1]
