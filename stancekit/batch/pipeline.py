"""Reading ahead and writing behind, while the model works between the two."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import Full, Queue
from threading import Event, Thread
from typing import Any, TypeVar

_T = TypeVar("_T")

AHEAD = 2
"""How many blocks wait on either side of the model, so that memory stays bounded."""

_PATIENCE = 0.2


def read_ahead(items: Iterable[_T], depth: int = AHEAD) -> Generator[_T, None, None]:
    """The items, fetched by a thread of their own while the caller works on those before.

    An error in fetching is raised where the item would have come.
    """
    ready: Queue[tuple[_T | None, BaseException | None, bool]] = Queue(depth)
    stopped = Event()

    def put(entry: tuple[_T | None, BaseException | None, bool]) -> None:
        while not stopped.is_set():
            try:
                ready.put(entry, timeout=_PATIENCE)
                return
            except Full:
                continue

    def fetch() -> None:
        try:
            for item in items:
                put((item, None, False))
                if stopped.is_set():
                    return
            put((None, None, True))
        except BaseException as error:  # whatever it is, it belongs to the caller
            put((None, error, True))

    # a daemon, as reading from a terminal or a pipe may never return
    thread = Thread(target=fetch, daemon=True, name="stancekit-read")
    thread.start()
    try:
        while True:
            item, error, last = ready.get()
            if error is not None:
                raise error
            if last:
                return
            yield item  # type: ignore[misc]
    finally:
        stopped.set()


@contextmanager
def write_behind(depth: int = AHEAD) -> Iterator[Callable[..., None]]:
    """A function that calls another one later, in order, on one thread; an error there is raised here.

    At the end all calls have been made; after one that failed, no more are made.
    """
    waiting: deque[Future[Any]] = deque()
    failed = Event()

    def call(work: Callable[..., None], args: tuple[Any, ...]) -> None:
        if failed.is_set():
            return
        try:
            work(*args)
        except BaseException:
            failed.set()
            raise

    def later(work: Callable[..., None], *args: Any) -> None:
        while len(waiting) >= depth:
            waiting.popleft().result()
        waiting.append(pool.submit(call, work, args))

    with ThreadPoolExecutor(1, "stancekit-write") as pool:
        try:
            yield later
        finally:
            while waiting:
                waiting.popleft().result()
