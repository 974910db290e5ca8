"""The compiled kernel and the NumPy path give the same answers as scikit-learn and the plain reading, on any text.

What needs stancekit-fast is left out where it is not installed; the NumPy path is tested everywhere.
"""

# ruff: noqa: SIM905 - odd words are read more easily as one line
from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stancekit.artifact import load_model
from stancekit.features import _kernel
from stancekit.features._cue_block import CueBlock
from stancekit.features._cue_kernel import CompiledCues, _Trie, _vocabulary
from stancekit.features._cue_reading import matrix_of
from stancekit.features._cue_table import FEATURE_NAMES
from stancekit.features._kept import Kept
from stancekit.features._kernel import INTERFACE, SWITCH, kernel
from stancekit.features._ngram_index import NgramIndex, Vocabulary
from stancekit.features._ngram_scoring import CompiledNgrams, TabledNgrams, _chunk
from stancekit.features.ngrams import NgramFeatures
from stancekit.scoring import StanceModel
from stancekit.text import normalise

needs_kernel = pytest.mark.skipif(kernel() is None, reason="stancekit-fast is not installed")
PATHS = [TabledNgrams, pytest.param(CompiledNgrams, marks=needs_kernel)]
Path = Callable[[NgramIndex, np.ndarray], Callable[[list[str]], np.ndarray]]

LEXICON = _vocabulary(_Trie().words)
ODD = (
    "\u0301 \u03a3 \u0130STANBUL \u00df \ufb01ne \u2014 a\u200bb _ \x1c \x85 \u3000 \ud800 \U0001f600 1,000.5 1999 "
    "2101 http:// https://x.y's @ @name #1 's n't can't won't it's let's CANNOT Peru's O'Neill's the THE U.S. Mr. "
    "\u00b2 \u0664\u0662 caf\u00e9ed \u01c5 \x00 .. ?! -- a.b'c \u2019s don\u2019t"
).split(" ")
WORDS = st.one_of(
    st.sampled_from(LEXICON),
    st.sampled_from(LEXICON).map(str.title),
    st.sampled_from(LEXICON).map(str.upper),
    st.sampled_from(ODD),
    st.sampled_from([",", ".", ";", '"', "not", "but", "Kenya", "Kenya's", "of", "the", "We", "it is", "U.S."]),
    st.text(max_size=6),
)
TEXT = st.builds(
    lambda words, joint, change: change(joint.join(words)),
    st.lists(WORDS, max_size=30),
    st.sampled_from([" ", " ", " ", "", "\n", "\t \x1f"]),
    st.sampled_from([str, str, str, str.upper, str.title]),
)
ADVERSARIAL = [
    unit * 3000 for unit in ("a", "'", "not ", "a'", "\u0301", "1,", "@", "Of And ", "no no longer ", "\xe9 ")
]


def fitted(corpus: list[str], words: tuple[int, int] | None, chars: tuple[int, int] | None) -> NgramFeatures:
    return NgramFeatures(word_ngrams=words, char_ngrams=chars, min_df=1).fit([*corpus, "we welcome it"])


def weights_for(index: NgramIndex, n_classes: int = 3) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(index.n_features, n_classes))


@pytest.fixture(scope="module")
def shipped() -> StanceModel:
    model = load_model("ngram")
    assert isinstance(model, StanceModel)
    return model


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=60)
@given(
    corpus=st.lists(TEXT, min_size=1, max_size=4),
    unseen=st.lists(TEXT, max_size=3),
    words=st.sampled_from([None, (1, 1), (1, 2), (2, 2), (2, 4)]),
    chars=st.sampled_from([(3, 5), (1, 2), (4, 4), (2, 9)]),
)
@example(corpus=["a b a b a", "ab"], unseen=["b a b a b a b", ""], words=(1, 2), chars=(3, 5))
def test_scores_are_those_of_scikit_learn(path: Path, corpus: list[str], unseen: list[str], words, chars):
    features = fitted(corpus, words, chars)
    texts = [*corpus, *unseen, " ".join(corpus)]
    weights = weights_for(features.index_)
    expected = features.transform(texts) @ weights
    np.testing.assert_allclose(path(features.index_, weights)(texts), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("text", ADVERSARIAL, ids=lambda text: ascii(text[:6]))
def test_scores_of_adversarial_texts(path: Path, text: str):
    features = fitted([text[:40], "not a case of and no longer"], (1, 2), (3, 5))
    weights = weights_for(features.index_)
    expected = features.transform([text]) @ weights
    np.testing.assert_allclose(path(features.index_, weights)([text]), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("path", PATHS)
def test_one_kind_of_ngrams_or_none_and_any_number_of_classes(path: Path):
    for words, chars, n_classes in (((1, 2), None, 1), (None, (2, 3), 20)):
        features = fitted(["We welcome it."], words, chars)
        weights = weights_for(features.index_, n_classes)
        texts = ["We welcome it.", "unknown", ""]
        expected = features.transform(texts) @ weights
        np.testing.assert_allclose(path(features.index_, weights)(texts), expected, rtol=1e-12, atol=1e-12)
    assert path(NgramIndex(()), np.zeros((0, 3)))(["a"]).tolist() == [[0.0, 0.0, 0.0]]
    assert path(features.index_, weights)([]).shape == (0, 20)


@pytest.mark.parametrize("path", PATHS)
def test_terms_that_no_text_holds_change_nothing(path: Path):
    """A stranger's vocabulary may hold what the analyser never cuts."""
    vocabulary = Vocabulary("word", (2, 2), ("a", "a b", "a  b", "", "a b c", "B a"), np.arange(1.0, 7.0))
    scores = path(NgramIndex((vocabulary,)), np.eye(6))(["A b a  b c"])
    np.testing.assert_allclose(scores, [[0.0, 1.0, 0.0, 0.0, 0.0, 0.0]])


@pytest.mark.parametrize("path", PATHS)
def test_a_text_s_score_is_its_own(path: Path, shipped: StanceModel):
    texts = [f"We welcome the {word} and regret the {word[::-1]}." for word in LEXICON[:700]]
    score = path(shipped.blocks[0], shipped.head.coef[: shipped.blocks[0].n_features])
    together = score(texts)
    assert (together[::-1] == score(texts[::-1])).all()
    assert (together[300] == score([texts[300]])[0]).all()


def test_the_shipped_model_scores_alike_on_both_paths(shipped: StanceModel, monkeypatch: pytest.MonkeyPatch):
    texts = ["We deplore it.", "THEY WELCOME IT!", "caf\u00e9 \u2014 isn\u2019t", "", " ".join(LEXICON)]
    first = shipped.decision_function(texts)
    monkeypatch.setenv(SWITCH, "off")
    assert kernel() is None
    second = load_model("ngram").decision_function(texts)
    np.testing.assert_allclose(first, second, rtol=1e-12, atol=1e-12)


# -- cues ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compiled() -> CompiledCues:
    return CompiledCues(kernel())


@needs_kernel
@settings(max_examples=400)
@given(texts=st.lists(TEXT, min_size=1, max_size=4))
def test_cues_are_read_alike(compiled: CompiledCues, texts: list[str]):
    expected = matrix_of(texts)
    found = compiled.matrix(texts)
    wrong = [
        (texts[row], FEATURE_NAMES[column]) for row, column in np.argwhere(~np.isclose(expected, found, 1e-12, 1e-12))
    ]
    assert not wrong


@needs_kernel
@pytest.mark.parametrize("text", ADVERSARIAL, ids=lambda text: ascii(text[:6]))
def test_cues_of_adversarial_texts(compiled: CompiledCues, text: str):
    np.testing.assert_allclose(compiled.matrix([text]), matrix_of([text]), rtol=1e-12, atol=1e-12)


@needs_kernel
def test_every_word_of_the_lexicon_is_read_alike(compiled: CompiledCues):
    texts = [
        frame.format(word) for word in LEXICON for frame in ("{0}", "We do not {0} the plan.", "The {0} OF Peru, {0}?")
    ]
    np.testing.assert_allclose(compiled.matrix(texts), matrix_of(texts), rtol=1e-12, atol=1e-12)


@needs_kernel
def test_scores_of_some_of_the_cues(compiled: CompiledCues, monkeypatch: pytest.MonkeyPatch):
    block = CueBlock.named(FEATURE_NAMES[::3])
    weights = np.random.default_rng(0).normal(size=(block.n_features, 2))
    texts = ["We deplore the raid, but welcome the talks.", "", "Caf\u00e9s don't open."]
    fast = block.scorer(weights)(texts)
    np.testing.assert_allclose(fast, block.matrix(texts) @ weights, rtol=1e-12, atol=1e-12)
    monkeypatch.setenv(SWITCH, "off")
    np.testing.assert_allclose(block.scorer(weights)(texts), fast, rtol=1e-12, atol=1e-12)


# -- the kernel itself -----------------------------------------------------------------------------------------------


@needs_kernel
def test_what_was_met_before_is_forgotten_in_time_and_changes_nothing(compiled: CompiledCues, shipped: StanceModel):
    block = shipped.blocks[0]
    score = CompiledNgrams(block, shipped.head.coef[: block.n_features])
    texts = ["We deplore the blockade.", "The caf\u00e9 isn't ours."]
    before = score(texts), compiled.matrix(texts)
    flood = [" ".join(f"w{number}" for number in range(start, start + 1000)) for start in range(0, 180_000, 1000)]
    score(flood)
    compiled.matrix(flood)
    assert (score(texts) == before[0]).all()
    assert (compiled.matrix(texts) == before[1]).all()


@needs_kernel
def test_threads_share_a_kernel(compiled: CompiledCues, shipped: StanceModel):
    texts = [f"We deplore the {word}. \u00c9 {word}'s" for word in LEXICON]
    expected = shipped.decision_function(texts)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(shipped.decision_function, [texts] * 4):
            assert (found == expected).all()


@needs_kernel
def test_an_error_in_python_comes_through_and_leaves_the_kernel_sound():
    module = kernel()
    tables = module.ngrams((1, 1, (b"a",)), None, np.array([1.0, 2.0]).tobytes(), 1, 0)

    def fail(raw: bytes, shouted: int) -> None:
        raise LookupError("no answer")

    with pytest.raises(LookupError, match="no answer"):
        module.score_ngrams(tables, (b"a a", b"\xc3\xa9"), fail)
    assert np.frombuffer(module.score_ngrams(tables, (b"a a",), _chunk)).tolist() == [2.0]


@needs_kernel
@pytest.mark.parametrize(
    "arguments", [((1, 1, (b"a",)), None, b"", 1, 0), ((1, 1, (1,)), None, bytes(16), 1, 0), (1, None, b"", 1, 0)]
)
def test_tables_that_do_not_fit_are_refused(arguments: tuple[object, ...]):
    with pytest.raises((ValueError, TypeError, SystemError)):
        kernel().ngrams(*arguments)


@needs_kernel
@pytest.mark.parametrize(
    "arguments", [(("a",), ("the",), b""), (("a",), (1,), bytes(128)), ((1,), ("the",), bytes(128))]
)
def test_profiles_by_tables_that_do_not_fit_are_refused(arguments: tuple[object, ...]):
    with pytest.raises((ValueError, TypeError)):
        kernel().read_profiles(*arguments)


def test_a_kernel_of_another_interface_is_not_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "stancekit_fast", SimpleNamespace(INTERFACE=INTERFACE + 1))
    _kernel._installed.cache_clear()
    try:
        with pytest.warns(UserWarning, match="pip install -U stancekit stancekit-fast"):
            assert kernel() is None
    finally:
        monkeypatch.undo()
        _kernel._installed.cache_clear()


def test_what_is_kept_stays_within_bounds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("stancekit.features._kept._MOST", 2)
    asked: list[str] = []
    kept = Kept(lambda key: asked.append(key) or len(key))
    assert [kept[key] for key in ("a", "a", "bb", "x" * 65, "x" * 65, "ccc", "a")] == [1, 1, 2, 65, 65, 3, 1]
    assert asked == ["a", "bb", "x" * 65, "x" * 65, "ccc", "a"]
    assert len(kept) <= 2


@given(st.text())
@example("\u00a0\u2028x\u200b\u2014\u201c")
def test_ascii_texts_need_no_normalising_but_white_space(text: str):
    (plain,) = _kernel.normalised([text])
    assert " ".join(plain.split()) == normalise(text)
