from collections.abc import Callable

Analyser = tuple[int, int, tuple[bytes, ...]]

def ngrams(word: Analyser | None, character: Analyser | None, rows: bytes, n_classes: int, seed: int, /) -> object: ...
def score_ngrams(
    tables: object, texts: tuple[bytes, ...], ask: Callable[[bytes, int], tuple[bytes, tuple[bytes, ...]]], /
) -> bytes: ...
def cues(words: tuple[bytes, ...], /, *tables: bytes | int) -> object: ...
def read_cues(
    tables: object,
    texts: tuple[bytes, ...],
    shouted: bytes,
    ask: Callable[[bytes, int], bytes],
    weights: bytes,
    n_classes: int,
    /,
) -> bytes: ...
