"""How far a run has come, on standard error: a bar where somebody watches, else a line a minute."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from stancekit.batch.run import Progress

LINE_SECONDS = 60.0


@contextmanager
def progress_report(*, quiet: bool) -> Iterator[Progress | None]:
    """A callback that reports; None if nothing is to be said."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar() as update:
            yield update
    else:
        yield _Lines()


@contextmanager
def _bar() -> Iterator[Progress]:
    """A bar with rate and time left."""
    from tqdm import tqdm

    with tqdm(unit="B", unit_scale=True, unit_divisor=1024, dynamic_ncols=True, leave=False, file=sys.stderr) as bar:

        def update(rows: int, position: int, size: int | None) -> None:
            bar.set_postfix_str(f"{rows:,} rows, {rows / max(bar.format_dict['elapsed'], 1e-9):,.0f} rows/s", False)
            bar.update(position - bar.n)
            if bar.total != size:
                bar.total = size
                bar.refresh()

        yield update


class _Lines:
    """A line a minute, for logs."""

    def __init__(self) -> None:
        self._started = self._last = time.monotonic()
        self._before: tuple[int, int] | None = None

    def __call__(self, rows: int, position: int, size: int | None) -> None:
        now = time.monotonic()
        # a resumed run begins with the rows of those before, which say nothing of its rate
        self._before = self._before or (rows, position)
        if now - self._last < LINE_SECONDS:
            return
        self._last = now
        seconds = now - self._started
        line = f"stancekit: {rows:,} rows, {(rows - self._before[0]) / seconds:,.0f} rows/s"
        if size and position > self._before[1]:
            left = seconds * (size - position) / (position - self._before[1])
            line += f", {position / size:.0%} of the file, {left / 60:,.0f} min left"
        print(line, file=sys.stderr, flush=True)


@contextmanager
def stage_bar(*, quiet: bool) -> Iterator[Callable[[str, int, int | None], None] | None]:
    """A callback that draws one bar for a work's stages in turn; None if it would be seen by nobody."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(unit_scale=True, dynamic_ncols=True, leave=False, file=sys.stderr) as bar:

        def update(stage: str, done: int, total: int | None) -> None:
            if bar.desc != f"{stage}: ":
                bar.reset(total)
                bar.set_description(stage)
            bar.update(done - bar.n)

        yield update
