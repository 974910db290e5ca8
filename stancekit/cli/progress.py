"""A progress bar on standard error, where somebody watches it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from stancekit.batch.run import Progress


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Progress | None]:
    """A callback that draws the bar with rate and time left; None if it would be seen by nobody."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(unit="B", unit_scale=True, unit_divisor=1024, dynamic_ncols=True, leave=False, file=sys.stderr) as bar:

        def update(rows: int, position: int, size: int | None) -> None:
            bar.set_postfix_str(f"{rows:,} rows, {rows / max(bar.format_dict['elapsed'], 1e-9):,.0f} rows/s", False)
            bar.update(position - bar.n)
            if bar.total != size:
                bar.total = size
                bar.refresh()

        yield update


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
