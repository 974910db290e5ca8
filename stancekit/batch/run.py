"""The run: a file in, the same file with the stance columns out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from stancekit.batch.columns import DEFAULT_PREFIX, DEFAULT_TEXT_COLUMN, StanceColumns, fixed_names
from stancekit.batch.encodings import carried_back, checked_encoding
from stancekit.batch.formats import format_of, reader_for
from stancekit.batch.labelling import (
    BLOCK_ROWS,
    Answered,
    Labeller,
    Predictor,
    default_block_rows,
    default_workers,
    single_threaded,
)
from stancekit.batch.output import AnyPath, check_output, is_stream, whole_file
from stancekit.batch.pipeline import read_ahead, write_behind
from stancekit.batch.records import BadRow, Block, Mark, Reader
from stancekit.batch.sidecar import Settings, check_sidecar, write_sidecar
from stancekit.batch.source import STANDARD, Source, open_source
from stancekit.batch.summary import Summary, Tally
from stancekit.batch.unfinished import SKIPPED, read_state, unfinished
from stancekit.calibration import check_min_confidence
from stancekit.errors import InputError, OutputError, StancekitError

__all__ = ["BLOCK_ROWS", "ON_BAD_ROW", "Interrupted", "Predictor", "Progress", "load", "predict_file"]

Progress = Callable[[int, int, int | None], None]
"""Called after each block with the rows done, the bytes read, and the bytes of the whole (None if not known)."""

ERROR, SKIP = "error", "skip"
ON_BAD_ROW = (ERROR, SKIP)
"""What to do about a row that cannot be read."""


class Interrupted(KeyboardInterrupt):
    """A run was interrupted.

    Attributes
    ----------
    rows : int
        How many rows are done.
    kept : bool
        Whether ``resume=True`` goes on from there.
    """

    def __init__(self, rows: int, *, kept: bool) -> None:
        super().__init__(f"interrupted after {rows:,} rows" + ("" if kept else "; nothing was written"))
        self.rows = rows
        self.kept = kept


def predict_file(
    input: AnyPath,
    output: AnyPath,
    *,
    model: Predictor | AnyPath | None = None,
    text_column: str = DEFAULT_TEXT_COLUMN,
    target_column: str | None = None,
    min_confidence: float | None = None,
    overwrite: bool = False,
    resume: bool = False,
    on_bad_row: str = ERROR,
    prefix: str = DEFAULT_PREFIX,
    encoding: str | None = None,
    format: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    summary: AnyPath | None = None,
    sidecar: bool = True,
    block_rows: int | None = None,
) -> Summary:
    """Label every row of a CSV, TSV, JSON Lines or Parquet file.

    Every record comes back as it was, byte for byte, with ``stance``, ``stance_confidence``, a probability for
    each label and ``stance_reason`` appended. The output appears whole or not at all. The answers depend neither on
    ``workers`` and ``block_rows`` nor on how often the run was interrupted and resumed.

    Parameters
    ----------
    input, output : path
        ``.csv``, ``.tsv``, ``.jsonl``, ``.ndjson`` or ``.parquet``, both in the same format, and ``.gz`` or ``.zst``
        after it where compressed (Parquet is compressed within); ``-`` is standard input and output.
    model : str, path, StanceModel or StanceClassifier, optional
        A shipped model's name, a model folder, or a model. The default model if left out.
    text_column : str, default="text"
        The column, or field, that holds the statements.
    target_column : str, optional
        The column that holds the target of each statement: the answer is then the stance toward it.
    min_confidence : float, optional
        Abstain below this confidence.
    overwrite : bool, default=False
        Replace an output that exists, and what an unfinished run has left.
    resume : bool, default=False
        Go on with an unfinished run, if there is one.
    on_bad_row : {"error", "skip"}, default="error"
        With ``skip``, rows that cannot be read are left out and written to ``OUTPUT.skipped.jsonl``.
    prefix : str, default="stance"
        How the names of the new columns begin.
    encoding : str, optional
        Of text; UTF-8 if left out, unless the file says otherwise.
    format : str, optional
        ``csv``, ``tsv``, ``jsonl``, ``ndjson`` or ``parquet``, where the names do not say.
    workers : int, optional
        Threads that share one model; if left out, as many as processors for encoders, else one.
    progress : callable, optional
        Called after each block with the rows done, the bytes read, and the bytes in all or None.
    summary : path, optional
        Write the summary there too, as JSON.
    sidecar : bool, default=True
        Write ``OUTPUT.meta.json``: model, settings, hash of the input, counts.
    block_rows : int, optional
        How many rows are labelled at a time.

    Returns
    -------
    Summary

    Raises
    ------
    InputError
        If the input is missing, malformed, or lacks the column; names the row and line.
    OutputError
        If the output exists, is the input, is being written by another run, or cannot be written.
    ModelError
        If there is no such model, or it is damaged.
    TargetsNotSupported
        If there is a target column and the model reads statements only.
    Interrupted
        On Ctrl-C; a KeyboardInterrupt that says how far the run came.
    """
    check_min_confidence(min_confidence)
    make_reader = reader_for(input, output, format)
    _check_options(input, output, prefix, on_bad_row, resume=resume, overwrite=overwrite)
    _check_numbers(workers=workers, block_rows=block_rows)
    check_output(output, [input], overwrite=overwrite or (resume and read_state(output) is not None))
    if summary is not None:
        check_output(summary, [input, output], overwrite=overwrite or resume)
    if sidecar and not is_stream(output):
        check_sidecar(output)
    columns = [text_column] if target_column is None else [text_column, target_column]
    with open_source(input, None if encoding is None else checked_encoding(encoding)) as source:
        reader = make_reader(source, columns, skip_bad=on_bad_row == SKIP)
        reader.reserve(fixed_names(prefix))
        settings = Settings(
            text_column,
            target_column,
            min_confidence,
            prefix,
            format_of(make_reader),
            source.encoding,
        )
        job = _Job(source, reader, settings, on_progress=progress, workers=workers, block_rows=block_rows)
        if is_stream(output):
            account = job.to_stream(output, load(model))
        else:
            account = job.to_file(output, model, resume=resume, overwrite=overwrite, summary=summary, sidecar=sidecar)
    if summary is not None and is_stream(output):
        _write_summary(summary, account)
    return account


def load(model: Predictor | AnyPath | None) -> Predictor:
    """A model by name or folder, the default one for None; a model or fitted classifier as it is."""
    if model is None or isinstance(model, (str, os.PathLike)):
        from stancekit.artifact import DEFAULT_MODEL, load_model

        return load_model(DEFAULT_MODEL if model is None else os.fspath(model))
    fitted: Predictor = getattr(model, "model_", model)
    return fitted


class _Sink(Protocol):
    """Where a run's output goes."""

    def write(self, data: bytes) -> None: ...

    def skip(self, rows: list[BadRow]) -> None: ...

    def reached(self, mark: Mark, counts: Callable[[], dict[str, Any]]) -> None: ...


@dataclass(frozen=True)
class _Stream:
    """An output that cannot be gone on with."""

    stream: Any

    def write(self, data: bytes) -> None:
        self.stream.write(data)

    def skip(self, rows: list[BadRow]) -> None:
        """Not reached: a stream has no place beside it for such rows."""

    def reached(self, mark: Mark, counts: Callable[[], dict[str, Any]]) -> None:
        """Nothing to note."""


@dataclass
class _Job:
    """One run: from an opened input to a written output."""

    source: Source
    reader: Reader
    settings: Settings
    on_progress: Progress | None
    workers: int | None
    block_rows: int | None

    def to_stream(self, output: AnyPath, model: Predictor) -> Summary:
        """Run, and write to standard output, a pipe or a device."""
        if self.reader.assembled:
            raise OutputError(f"{os.fspath(output)}: is a stream, and this format is written to a file only")
        started, tally = perf_counter(), Tally(())
        columns = self._columns(model, tally)
        try:
            with whole_file(output) as stream:
                self._run(_Stream(stream), model, columns, tally, Mark())
        except KeyboardInterrupt as stop:
            raise Interrupted(tally.rows, kept=False) from stop
        return tally.summary(perf_counter() - started, model.name, model.version, model.sha256)

    def to_file(
        self,
        output: AnyPath,
        model: Predictor | AnyPath | None,
        *,
        resume: bool,
        overwrite: bool,
        summary: AnyPath | None,
        sidecar: bool,
    ) -> Summary:
        """Run, and give the output its name when all of it is there."""
        with unfinished(output, resume=resume, overwrite=overwrite) as work:
            tally, begun, keep = Tally(()), False, True
            try:
                predictor = load(model)
                columns = self._columns(predictor, tally)
                if resume and not predictor.sha256:
                    raise OutputError(f"{output}: a model that was never saved cannot be recognised; save it to resume")
                work.begin(self._identity(predictor))
                # of a stream, or by a model that is nowhere else, nothing could be gone on with
                begun, keep = True, not is_stream(self.source.path or STANDARD) and bool(predictor.sha256)
                if work.state is not None:
                    tally.restore(work.state.counts)
                if not work.complete:
                    self._run(work, predictor, columns, tally, work.state.mark if work.state else Mark())
                assemble = partial(self._assemble, columns) if self.reader.assembled else None
                work.finish(assemble)
                skipped = os.fspath(output) + SKIPPED
                account = tally.summary(work.seconds, predictor.name, predictor.version, predictor.sha256, skipped)
                if sidecar:
                    write_sidecar(output, self.source, asdict(self.settings), account)
                if summary is not None:
                    _write_summary(summary, account)
                return account
            except KeyboardInterrupt as stop:
                kept = work.leave(keep=keep, save=begun)
                raise Interrupted(tally.rows, kept=kept) from stop
            except StancekitError as error:
                if work.leave(keep=keep, save=begun and isinstance(error, OutputError)) and begun:
                    raise type(error)(f"{error} (what was done is kept; --resume goes on from there)") from error
                raise
            except BaseException:
                work.leave(keep=keep)
                raise

    def _columns(self, model: Predictor, tally: Tally) -> StanceColumns:
        columns = StanceColumns.of(self.settings.prefix, model.classes)
        self.reader.reserve(columns.names)
        tally.classes = columns.classes
        if self.settings.target_column is not None:
            # a model that takes no targets says so before anything is done
            model.decisions(["."], None, ["."])
        return columns

    def _run(self, sink: _Sink, model: Predictor, columns: StanceColumns, tally: Tally, mark: Mark) -> None:
        """Read, label and write, from the mark on."""
        if mark == Mark():
            sink.write(self._stored(self.reader.header(columns.names)))
        else:
            self.reader.go_to(mark)
        workers = self.workers or default_workers(model)
        rows = self.block_rows or default_block_rows(model)
        labeller = Labeller(model, columns, self.settings.min_confidence, workers)
        with (
            single_threaded(model),
            write_behind() as later,
            closing(read_ahead(self.reader.blocks(rows))) as blocks,
            closing(labeller.label(blocks)) as labelled,
        ):
            for block, answers, repeated in labelled:
                later(self._write, sink, columns, tally, block, answers, repeated)

    def _write(
        self,
        sink: _Sink,
        columns: StanceColumns,
        tally: Tally,
        block: Block,
        answers: list[Answered],
        repeated: int,
    ) -> None:
        sink.write(self._stored(self.reader.render(block, columns.names, [printed for printed, _ in answers])))
        if block.skipped:
            sink.skip(block.skipped)
        tally.add((kind for _, kind in answers), skipped=len(block.skipped), repeated=repeated)
        sink.reached(block.mark, tally.counts)
        if self.on_progress is not None:
            self.on_progress(tally.rows, block.done, self.source.size)

    def _stored(self, data: bytes) -> bytes:
        return data if self.reader.assembled else carried_back(data, self.source.encoding)

    def _assemble(self, columns: StanceColumns, written: Path, output: Path) -> None:
        self.reader.assemble(written, columns.names, output)

    def _identity(self, model: Predictor) -> dict[str, Any]:
        """All that the output depends on, under the names that a user gives it."""
        from stancekit import __version__

        status = self.source.path.stat() if self.source.path else None
        settings = {name.replace("_", " "): value for name, value in asdict(self.settings).items()}
        return {
            "the input's size in bytes": status.st_size if status else None,
            "the input's time of change": status.st_mtime_ns if status else None,
            "the model": f"{model.name} {model.version} {model.sha256}",
            "stancekit's version": __version__,
            **settings,
        }


def _write_summary(path: AnyPath, account: Summary) -> None:
    with whole_file(path) as stream:
        stream.write(json.dumps(account.as_dict(), indent=2, ensure_ascii=False).encode("utf-8") + b"\n")


def _check_options(
    input: AnyPath, output: AnyPath, prefix: str, on_bad_row: str, *, resume: bool, overwrite: bool
) -> None:
    if not prefix:
        raise InputError("the prefix of the new columns must not be empty")
    if on_bad_row not in ON_BAD_ROW:
        raise InputError(f"on_bad_row must be {' or '.join(ON_BAD_ROW)}, got {on_bad_row!r}")
    if on_bad_row == SKIP and is_stream(output):
        raise InputError(f"rows that are skipped go to OUT{SKIPPED}: give the output a file's name")
    if resume and overwrite:
        raise InputError("--resume goes on with an unfinished run and --overwrite drops it: give one of them")
    if resume and (is_stream(input) or is_stream(output)):
        raise InputError("--resume needs files: standard input and output cannot be gone on with")


def _check_numbers(**numbers: int | None) -> None:
    for name, number in numbers.items():
        if number is not None and number < 1:
            raise InputError(f"{name} must be at least 1, got {number}")
