from collections.abc import Callable

Texts = tuple[str | bytes, ...]
Analyser = tuple[int, int, Texts]

def ngrams(word: Analyser | None, character: Analyser | None, rows: bytes, n_classes: int, seed: int, /) -> object: ...
def score_ngrams(tables: object, texts: Texts, ask: Callable[[bytes, int], tuple[bytes, Texts]], /) -> bytes: ...
def cues(words: Texts, /, *tables: bytes | int) -> object: ...
def read_cues(
    tables: object,
    texts: Texts,
    shouted: bytes,
    ask: Callable[[bytes, int], bytes],
    weights: bytes,
    n_classes: int,
    /,
) -> bytes: ...
def read_profiles(texts: Texts, words: Texts, kinds: bytes, /) -> bytes: ...
