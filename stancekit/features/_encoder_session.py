"""A stance-tuned sentence encoder run by ONNX Runtime."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from stancekit.details import Token
from stancekit.errors import ModelError
from stancekit.text import normalise, origins

Floats = NDArray[np.float64]
Item = TypeVar("Item")
Result = TypeVar("Result")

VECTOR, STATES = "vector", "states"
"""What the graph gives: the mean of the last layer's states, of shape (1, width), and those of each token."""
MOST_CHARACTERS_A_TOKEN = 64
"""No text shorter than max_tokens characters is cut; of longer ones, this many characters a token are read."""


class EncoderSession:
    """Texts, or texts and targets, to vectors.

    Every text is run alone: the scales of the quantised activations then come from that text only, no
    padding is needed, and a text's vector never depends on its neighbours. The session is shared by threads.

    Parameters
    ----------
    graph, tokenizer : path
        The ONNX file and the ``tokenizer.json`` of the ``tokenizers`` library.
    max_tokens : int
        A longer text is read up to here.
    workers : int, optional
        Threads; the number of processors that this process may use if left out. Vectors do not depend on it.
    """

    def __init__(self, graph: Path, tokenizer: Path, max_tokens: int, workers: int | None = None) -> None:
        self.graph = graph
        self.tokenizer = tokenizer
        self.max_tokens = max_tokens
        self.workers = workers or available_processors()
        self._open()

    def vectors(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Floats:
        """Mean-pooled vectors, float64 of shape (n, width)."""
        rows = self._each(self._run, list(self._inputs(texts, targets)))
        return np.array(rows, dtype=np.float64).reshape(len(texts), -1)

    def _reading(self, text: str) -> tuple[Floats, Floats, list[Token]]:
        encoding = self._encode(text, None)
        vector, states = self._session.run([VECTOR, STATES], self._feed(encoding))
        places = origins(text[: self.max_tokens * MOST_CHARACTERS_A_TOKEN])
        kept = [i for i, word in enumerate(encoding.word_ids) if word is not None]
        tokens = []
        for i in kept:
            start, end = encoding.offsets[i]
            tokens.append(Token(places[start], places[end - 1] + 1, encoding.word_ids[i]))
        return vector[0].astype(np.float64), states[0, kept].astype(np.float64), tokens

    def readings(self, texts: Sequence[str]) -> list[tuple[Floats, Floats, list[Token]]]:
        """Of each text the vector of shape (width,), its n tokens' states of shape (n, width), and the tokens.

        Tokens that stand for no text are left out.

        Raises
        ------
        ModelError
            If the graph gives no states.
        """
        if STATES not in self._outputs:
            raise ModelError(f"{self.graph}: the encoder gives no states of tokens")
        return self._each(self._reading, texts)

    def truncated(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Which texts are longer than the encoder reads, shape (n,)."""
        cut = np.zeros(len(texts), dtype=bool)
        for i, text in enumerate(texts):
            if len(text) > self.max_tokens - 2:
                cut[i] = bool(self._encode(text, None).overflowing)
        return cut

    def _each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """What the work gives for each item, in order; several at a time if there are several workers."""
        if self.workers == 1 or len(items) < 2:
            return [work(item) for item in items]
        with ThreadPoolExecutor(self.workers) as pool:
            return list(pool.map(work, items))

    def _inputs(self, texts: Sequence[str], targets: Sequence[str] | None) -> Iterator[dict[str, NDArray[np.int64]]]:
        for i, text in enumerate(texts):
            yield self._feed(self._encode(text, None if targets is None else targets[i]))

    def _feed(self, encoding: Any) -> dict[str, NDArray[np.int64]]:
        feed = {"input_ids": np.array([encoding.ids], dtype=np.int64)}
        if self._uses_types:
            feed["token_type_ids"] = np.array([encoding.type_ids], dtype=np.int64)
        return feed

    def _encode(self, text: str, target: str | None) -> Any:
        shown = normalise(text[: self.max_tokens * MOST_CHARACTERS_A_TOKEN])
        return self._words.encode(shown, None if target is None else normalise(target))

    def _run(self, feed: dict[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        return np.asarray(self._session.run([VECTOR], feed)[0][0], dtype=np.float32)

    def _open(self) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._words = Tokenizer.from_file(str(self.tokenizer))
            self._session = onnxruntime.InferenceSession(str(self.graph), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise bare exceptions for files that they cannot read
            raise ModelError(f"{self.graph.parent}: the encoder cannot be opened: {error}") from error
        self._words.no_padding()
        self._words.enable_truncation(self.max_tokens)
        self._outputs = {each.name for each in self._session.get_outputs()}
        self._uses_types = any(each.name == "token_type_ids" for each in self._session.get_inputs())

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_session", "_words")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._open()


def available_processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
