"""Blocks of rows to their answers: repeated texts once, and several blocks at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stancekit.batch.columns import Answer, StanceColumns
from stancekit.batch.records import Block
from stancekit.batch.summary import Kind
from stancekit.features._encoder_session import available_processors
from stancekit.scoring import Decisions

Answered = tuple[Answer, Kind]
"""The printed values, and what is counted of them."""

CACHED_ANSWERS = 20_000
_LONGEST_CACHED = 500
"""In characters: longer texts seldom repeat, and would make the cache's size depend on the file."""

ENCODER_BLOCK_ROWS, BLOCK_ROWS = 64, 2048


class Predictor(Protocol):
    """What a run needs of a model; :class:`stancekit.scoring.Model` has it."""

    @property
    def classes(self) -> tuple[Any, ...]:
        """The labels, in the order of the probabilities."""

    @property
    def name(self) -> str:
        """Which model this is."""

    @property
    def version(self) -> str:
        """The model's own version."""

    @property
    def sha256(self) -> str:
        """The hash of its manifest; empty for a model that was never saved."""

    def decisions(
        self, texts: Sequence[str], min_confidence: float | None = None, targets: Sequence[str] | None = None
    ) -> Decisions:
        """One answer a text, as columns."""

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Probabilities of shape (n, k)."""


class Cache:
    """The answers to the texts of late, by text.

    Two generations, of which the elder is dropped when the younger is full: that costs nothing a row.
    """

    def __init__(self, size: int = CACHED_ANSWERS) -> None:
        self._size = size
        self._young: dict[Any, Answered] = {}
        self._old: dict[Any, Answered] = {}

    def find(self, keys: Sequence[Any]) -> list[Answered | None]:
        """The answers that are known, None for the others."""
        young, old = self._young.get, self._old.get
        return [young(key) or old(key) for key in keys]

    def add(self, answers: Mapping[Any, Answered]) -> None:
        """Remember answers."""
        self._young.update(
            {
                key: answer
                for key, answer in answers.items()
                if len(key if isinstance(key, str) else key[0]) <= _LONGEST_CACHED
            }
        )
        if len(self._young) > self._size // 2:
            self._old, self._young = self._young, {}


@dataclass(frozen=True)
class _Begun:
    """A block whose new texts are being labelled."""

    block: Block
    keys: list[Any]
    known: list[Answered | None]
    new: list[Any]
    answers: Future[list[Answered]]


class Labeller:
    """Answers blocks in order; the answers depend neither on the blocks nor on the number of threads.

    Parameters
    ----------
    model : Predictor
    columns : StanceColumns
    min_confidence : float, optional
    workers : int
        Threads; they share the model.
    """

    def __init__(
        self, model: Predictor, columns: StanceColumns, min_confidence: float | None = None, workers: int = 1
    ) -> None:
        self._model = model
        self._columns = columns
        self._min_confidence = min_confidence
        self._workers = workers
        self._cache = Cache()

    def label(self, blocks: Iterable[Block]) -> Generator[tuple[Block, list[Answered], int], None, None]:
        """Each block with its answers, and how many of these were known already."""
        waiting: deque[_Begun] = deque()
        pool = ThreadPoolExecutor(self._workers, "stancekit-label")
        try:
            for block in blocks:
                waiting.append(self._begun(pool, block))
                if len(waiting) > self._workers:
                    yield self._ended(waiting.popleft())
            while waiting:
                yield self._ended(waiting.popleft())
        finally:
            pool.shutdown(cancel_futures=True)

    def _begun(self, pool: ThreadPoolExecutor, block: Block) -> _Begun:
        keys: list[Any] = block.values[0] if len(block.values) == 1 else list(zip(*block.values, strict=True))
        known = self._cache.find(keys)
        new = list(dict.fromkeys([key for key, answer in zip(keys, known, strict=True) if answer is None]))
        return _Begun(block, keys, known, new, pool.submit(self._answers, new))

    def _ended(self, begun: _Begun) -> tuple[Block, list[Answered], int]:
        found = begun.answers.result()
        new = dict(zip(begun.new, found, strict=True))
        self._cache.add(new)
        if len(found) < len(begun.keys):
            found = [answer or new[key] for key, answer in zip(begun.keys, begun.known, strict=True)]
        return begun.block, found, len(begun.keys) - len(new)

    def _answers(self, keys: list[Any]) -> list[Answered]:
        if not keys:
            return []
        texts, targets = (keys, None) if isinstance(keys[0], str) else map(list, zip(*keys, strict=True))
        decisions = self._model.decisions(texts, self._min_confidence, targets)
        kinds = zip(map(str, decisions.labels), decisions.reasons, decisions.decided_by, strict=True)
        return list(zip(self._columns.answers(decisions), kinds, strict=True))


def default_workers(model: Predictor) -> int:
    """As many threads as processors for an encoder; one for what runs in Python, which threads do not speed up."""
    return available_processors() if _sessions(model) else 1


def default_block_rows(model: Predictor) -> int:
    """Few rows where each takes long, so that progress shows and little is lost; else many."""
    return ENCODER_BLOCK_ROWS if _sessions(model) else BLOCK_ROWS


@contextmanager
def single_threaded(model: Predictor) -> Iterator[None]:
    """Let the model's encoders start no threads of their own, as whole blocks go side by side already."""
    before = [(session, session.workers) for session in _sessions(model)]
    try:
        for session, _ in before:
            session.workers = 1
        yield
    finally:
        for session, workers in before:
            session.workers = workers


def _sessions(model: Any) -> list[Any]:
    """The encoders' sessions of a model, or of a cascade's tiers."""
    tiers = [model, getattr(model, "first", None), getattr(model, "second", None)]
    encoders = [getattr(tier, "encoder", None) for tier in tiers]
    return [encoder.session for encoder in encoders if encoder is not None]
