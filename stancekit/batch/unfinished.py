"""An unfinished output: a folder beside it, from which the next run goes on after whatever stopped the last.

``OUT.part/`` holds ``data`` (what is stored so far), ``skipped`` (rows left out), ``state.json`` (up to where both
are good, and what made them) and ``lock``. What was stored after the state was saved is cut off on going on.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from stancekit.batch.compression import Packer, packer_for
from stancekit.batch.output import AnyPath, check_output, told
from stancekit.batch.records import BadRow, Mark
from stancekit.errors import OutputError

SAVE_SECONDS = 5.0
"""How much work a crash may lose."""

SKIPPED = ".skipped.jsonl"
"""What is appended to the output's name for the file of rows left out."""

_AGAIN = "start again with --overwrite (overwrite=True)"


@dataclass(frozen=True)
class State:
    """What ``state.json`` says.

    Attributes
    ----------
    identity : dict
        What the output depends on: a run goes on only if all of it is the same.
    overwrite : bool
        Whether a file of the output's name was to be replaced.
    mark : Mark
        How far the input is done.
    counts : dict
        Of :class:`stancekit.batch.summary.Tally`.
    stored, skipped : int
        Good bytes of ``data`` and ``skipped``.
    tail : str
        What waits for its compressed block to fill, in Base64.
    seconds : float
    complete : bool
        Whether all rows are done.
    """

    identity: dict[str, Any]
    overwrite: bool
    mark: Mark
    counts: dict[str, Any]
    stored: int
    skipped: int
    tail: str
    seconds: float
    complete: bool = False


def folder_of(output: AnyPath) -> Path:
    """Where an unfinished output is kept."""
    target = Path(os.path.realpath(output))
    return target.with_name(target.name + ".part")


def read_state(output: AnyPath) -> State | None:
    """The state of an unfinished output, if there is one."""
    try:
        found = json.loads((folder_of(output) / "state.json").read_text(encoding="utf-8"))
        return State(**{**found, "mark": Mark(**found["mark"])})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise OutputError(f"{folder_of(output)}: cannot be gone on with: its state is damaged; {_AGAIN}") from error


@dataclass
class Unfinished:
    """An output on its way.

    Attributes
    ----------
    output : Path
        Its name at the end.
    packer : Packer
        How it is stored.
    overwrite : bool
    state : State or None
        Where an earlier run had come to.
    """

    output: Path
    packer: Packer
    overwrite: bool
    state: State | None = None
    _identity: dict[str, Any] = field(default_factory=dict)
    _mark: Mark = field(default_factory=Mark)
    _counts: dict[str, Any] = field(default_factory=dict)
    _good: tuple[int, int, bytes] = (0, 0, b"")
    _started: float = 0.0
    _last: float = 0.0
    _complete: bool = False
    _files: tuple[BinaryIO, ...] = ()

    @property
    def folder(self) -> Path:
        """Where it is kept meanwhile."""
        return folder_of(self.output)

    @property
    def seconds(self) -> float:
        """How long this run and those before have worked on it."""
        return (self.state.seconds if self.state else 0.0) + time.perf_counter() - self._started

    @property
    def complete(self) -> bool:
        """Whether an earlier run had done all rows."""
        return self.state is not None and self.state.complete

    def begin(self, identity: dict[str, Any]) -> None:
        """Open the files, and cut off what was stored after the state was saved.

        Raises
        ------
        OutputError
            If the state is of another run.
        """
        self._identity, self._started = identity, time.perf_counter()
        self._last = self._started
        state = self.state
        if state is not None:
            _check_same(self.output, state.identity, identity)
            self.overwrite, self._mark, self._counts = state.overwrite, state.mark, state.counts
            self._good = (state.stored, state.skipped, base64.b64decode(state.tail))
            self.packer.tail = self._good[2]
            if state.complete:
                return
        else:
            (self.folder / "state.json").unlink(missing_ok=True)
        with told(self.output):
            self._data = _opened(self.folder / "data", self._good[0])
            self._skipped = _opened(self.folder / "skipped", self._good[1])
            self._files = (self._data, self._skipped)

    def write(self, data: bytes) -> None:
        """Store more of the output."""
        with told(self.output):
            for piece in self.packer.add(data):
                self._data.write(piece)

    def skip(self, rows: Iterable[BadRow]) -> None:
        """Write rows that are left out into their own file, as JSON."""
        with told(self.output):
            for row in rows:
                record = {"row": row.row, "line": row.line, "problem": row.problem}
                record["record"] = row.raw.decode("utf-8", "backslashreplace")
                self._skipped.write(json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n")

    def reached(self, mark: Mark, counts: Callable[[], dict[str, Any]]) -> None:
        """Note that all before the mark is written; save the state if that was not done of late."""
        self._mark, self._counts = mark, counts()
        self._good = (self._data.tell(), self._skipped.tell(), self.packer.tail)
        if time.perf_counter() - self._last >= SAVE_SECONDS:
            self.save()

    def save(self) -> None:
        """Bring everything to the disk, and note how much of it is good."""
        with told(self.output):
            for stream in self._files:
                stream.flush()
                os.fsync(stream.fileno())
            stored, skipped, tail = self._good
            state = State(
                identity=self._identity,
                overwrite=self.overwrite,
                mark=self._mark,
                counts=self._counts,
                stored=stored,
                skipped=skipped,
                tail=base64.b64encode(tail).decode("ascii"),
                seconds=self.seconds,
                complete=self._complete,
            )
            fresh = self.folder / "state.new"
            fresh.write_text(json.dumps(asdict(state)), encoding="utf-8")
            _to_disk(fresh)
            os.replace(fresh, self.folder / "state.json")
        self._last = time.perf_counter()

    def finish(self, assemble: Callable[[Path, Path], None] | None) -> None:
        """Give the output its name; ``assemble`` makes it of the stored data where that is not it already.

        Whatever stops this, it can be done again.
        """
        data, whole = self.folder / "data", self.folder / "whole"
        with told(self.output):
            if not self.complete:
                self._data.write(self.packer.end())
                self._good = (self._data.tell(), self._skipped.tell(), b"")
                self._complete = True
                self.save()
                self._close()
            if data.exists():
                if assemble is not None:
                    assemble(data, whole)
                    _to_disk(whole)
                    os.replace(whole, self.output)
                else:
                    os.replace(data, self.output)
            skipped = self.folder / "skipped"
            if skipped.exists() and skipped.stat().st_size:
                os.replace(skipped, self.output.with_name(self.output.name + SKIPPED))
            _to_disk(self.output.parent)

    def remove(self) -> None:
        """Leave nothing behind."""
        self._close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def leave(self, *, keep: bool, save: bool = False) -> bool:
        """Stop here: keep what can be gone on with, else nothing; whether something is kept.

        ``save`` says whether what was written since the last saving is worth another one.
        """
        if keep and save and self._mark.rows and not self._complete and self._files:
            # the disk may be full: then the state that was saved before is good
            with suppress(OSError):
                self.save()
        self._close()
        if keep and (self.folder / "state.json").exists():
            return True
        self.remove()
        return False

    def _close(self) -> None:
        for stream in self._files:
            with suppress(OSError):
                stream.close()


@contextmanager
def unfinished(output: AnyPath, *, resume: bool, overwrite: bool) -> Iterator[Unfinished]:
    """The folder of an output, locked; removed when the block ends well.

    Raises
    ------
    OutputError
        If another run writes this output, or an unfinished one is there that is neither to be gone on with nor
        to be replaced.
    """
    from filelock import FileLock, Timeout

    target = Path(os.path.realpath(output))
    folder = folder_of(target)
    with told(output):
        folder.mkdir(exist_ok=True)
    lock = FileLock(folder / "lock", timeout=0)
    with told(output):
        try:
            lock.acquire()
        except Timeout as error:
            raise OutputError(f"{output}: another run is writing it; wait for it, or give another name") from error
    try:
        work = Unfinished(target, packer_for(target), overwrite, None if overwrite else read_state(output))
        _check_free(output, work.state, resume=resume, overwrite=overwrite)
        yield work
        work.remove()
    finally:
        lock.release()


def _check_free(output: AnyPath, state: State | None, *, resume: bool, overwrite: bool) -> None:
    """Refuse what would lose something: an unfinished run, or a file that came into being meanwhile."""
    if state is not None and not resume:
        done = f"an unfinished run has done {state.mark.rows:,} rows"
        raise OutputError(f"{output}: {done}; go on with --resume (resume=True), or {_AGAIN}")
    check_output(output, [], overwrite=overwrite or (state is not None and (state.overwrite or state.complete)))


def _check_same(output: Path, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    for what in dict.fromkeys([*before, *now]):
        if before.get(what) != now.get(what):
            change = f"{what} was {before.get(what)!r} and is {now.get(what)!r}"
            raise OutputError(f"{output}: cannot be gone on with: {change}; give the same, or {_AGAIN}")


def _opened(path: Path, good: int) -> BinaryIO:
    if good and (not path.exists() or path.stat().st_size < good):
        raise OutputError(f"{path}: is shorter than its state says; {_AGAIN}")
    stream = path.open("r+b" if path.exists() else "w+b")
    stream.truncate(good)
    stream.seek(good)
    return stream


def _to_disk(path: Path) -> None:
    """Make a file, or the names in a folder, survive a loss of power."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
