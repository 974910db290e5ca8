"""Shares on arrays: exact where everything is known, right on average, and equal to the reference packages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancekit import LABELS, InputError, prevalence
from stancekit.analysis._cells import WHOLE, Corpus
from stancekit.analysis._design_based import DESIGN_BASED, Labelled, coefficients, share_and_variance
from stancekit.analysis.label_plan import plan
from stancekit.analysis.prevalence import METHODS, SMALLEST_SAMPLE, labelled_rows


def corpus_of(rows: int, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities, and labels drawn by them."""
    generator = np.random.default_rng(seed)
    shares = generator.dirichlet([1, 1, 2], rows).round(3)
    shares[:, 2] = 1 - shares[:, 0] - shares[:, 1]
    return shares, (generator.random(rows)[:, None] > shares.cumsum(axis=1)).sum(axis=1)


def names_of(codes: np.ndarray) -> list[str]:
    return [LABELS[code] for code in codes]


SHARES, CODES = corpus_of(400)
DRAWN = np.arange(0, 360, 6)


def found_shares(found) -> list[float]:
    return [each.share for each in found.shares]


# -- against other implementations -----------------------------------------------------------------------------------

# What ppi_py 0.2.3 gives for these 60 labels of 400 rows: ppi_mean_pointestimate and ppi_mean_ci (alpha=0.05) for each
# class, the corpus repeated 2,000 times, so that its own sampling has no part in the variance. lam=1, None and 0.
PPI_PY = {
    "difference": ([0.237376, 0.268318, 0.494307], [0.194598, 0.199228, 0.214224]),
    "ppi": ([0.237376, 0.268252, 0.494307], [0.194598, 0.199405, 0.214224]),
    "classical": ([0.3, 0.266667, 0.433333], [0.231906, 0.223788, 0.250771]),
}


@pytest.mark.parametrize("method", PPI_PY)
def test_estimates_and_normal_intervals_are_those_of_ppi_py(method: str):
    corpus = Corpus(3)
    corpus.add(SHARES, None)
    whole = corpus.cells[WHOLE]
    sample = labelled_rows(LABELS, SHARES[DRAWN], names_of(CODES[DRAWN]), None)
    slopes = coefficients(method, sample, whole)
    share, _ = share_and_variance(sample, slopes, whole.centre)
    corrected = sample.truth - np.einsum("ij,ijk->ik", sample.shares - whole.centre, slopes)
    widths = 2 * 1.959964 * corrected.std(axis=0) / np.sqrt(len(DRAWN))
    expected_shares, expected_widths = PPI_PY[method]
    assert share == pytest.approx(expected_shares, abs=2e-6)
    # ppi_py counts its 800,000 rows as a sample, too
    assert widths == pytest.approx(expected_widths, rel=1e-4)


# -- what must hold for any numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", DESIGN_BASED)
def test_a_corpus_labelled_whole_is_counted_exactly(method: str):
    found = prevalence(
        SHARES, range(400), names_of(CODES), sampling_probability=np.ones(400), method=method, groups=["a", "b"] * 200
    )
    truth = np.bincount(CODES, minlength=3) / 400
    # but for what leaving each row out of its own regression moves
    assert found_shares(found)[:3] == pytest.approx(truth.tolist(), abs=1e-3 if method == "dsl" else 1e-9)
    for each in found.shares:
        assert each.low == pytest.approx(each.share) == pytest.approx(each.high)


@pytest.mark.parametrize("method", DESIGN_BASED)
def test_estimates_are_right_on_average_under_unequal_probabilities(method: str):
    """Rows drawn by Poisson sampling, those of one label four times as often."""
    generator = np.random.default_rng(3)
    shares, codes = corpus_of(300, seed=1)
    probability = np.where(codes == 0, 0.4, 0.1)
    means = []
    for _ in range(300):
        places = np.flatnonzero(generator.random(300) < probability)
        found = prevalence(
            shares, places, names_of(codes[places]), sampling_probability=probability[places], method=method
        )
        means.append(found_shares(found))
    error = np.std(means, axis=0) / np.sqrt(len(means))
    truth = np.bincount(codes, minlength=3) / 300
    assert (np.abs(np.mean(means, axis=0) - truth) < 4 * error + 0.005).all()


@settings(max_examples=60)
@given(
    st.integers(2, 60),
    st.integers(0, 1000),
    st.sampled_from([method for method in METHODS if method != "sld"]),
    st.floats(0.5, 0.999),
    st.booleans(),
)
def test_shares_and_intervals_lie_between_zero_and_one(n: int, seed: int, method: str, level: float, unequal: bool):
    generator = np.random.default_rng(seed)
    shares, codes = corpus_of(120, seed=seed % 5)
    places = generator.choice(120, n, replace=False)
    # a run of one label, too: no row may differ, and the interval must not collapse
    labels = names_of(np.zeros(n, dtype=int) if seed % 7 == 0 else codes[places])
    probability = generator.uniform(0.05, 1, n) if unequal else None
    groups = generator.choice(["a", "b", "c"], 120).tolist()
    found = prevalence(
        shares, places, labels, sampling_probability=probability, method=method, level=level, groups=groups
    )
    for each in found.shares:
        assert each.share is None or 0 <= each.share <= 1
        if each.low is not None:
            assert 0 <= each.low <= each.high <= 1
            if method in DESIGN_BASED:
                assert each.low - 1e-12 <= each.share <= each.high + 1e-12
                assert each.high > each.low
    if method == "dsl" and n >= SMALLEST_SAMPLE and min(found_shares(found)[:3]) > 0:
        assert sum(found_shares(found)[:3]) == pytest.approx(1)


def test_a_higher_level_is_wider():
    widths = []
    for level in (0.8, 0.95, 0.99):
        found = prevalence(SHARES, DRAWN, names_of(CODES[DRAWN]), level=level)
        widths.append(found.shares[0].high - found.shares[0].low)
    assert widths == sorted(widths)


def test_predictions_make_the_interval_narrower_and_more_labels_too():
    def width(method: str, drawn: np.ndarray) -> float:
        share = prevalence(SHARES, drawn, names_of(CODES[drawn]), method=method).shares[2]
        return share.high - share.low

    assert width("dsl", DRAWN) < 0.95 * width("classical", DRAWN)
    assert width("dsl", np.arange(0, 360, 2)) < 0.7 * width("dsl", DRAWN)


def test_useless_predictions_cost_next_to_nothing():
    generator = np.random.default_rng(0)
    noise = generator.dirichlet([1, 1, 1], 400)
    labels = names_of(CODES[DRAWN])
    widths = {
        method: np.mean([each.high - each.low for each in prevalence(noise, DRAWN, labels, method=method).shares])
        for method in ("dsl", "ppi", "difference", "classical")
    }
    assert widths["classical"] < widths["difference"]
    assert widths["dsl"] < 1.1 * widths["classical"]
    assert widths["ppi"] < 1.1 * widths["classical"]


# -- groups ----------------------------------------------------------------------------------------------------------


def test_groups_with_few_labels_say_so():
    groups = ["many"] * 340 + ["few"] * 30 + ["none"] * 30
    found = prevalence(SHARES, DRAWN, names_of(CODES[DRAWN]), groups=groups)
    by_group = {group: [each for each in found.shares if each.group == group] for group in ("", "many", "few", "none")}
    assert [len(part) for part in by_group.values()] == [3] * 4
    assert all(each.low is not None for each in by_group["many"])
    assert all(each.low is None and each.share is not None and "fewer" in each.note for each in by_group["few"])
    assert all(each.share is None and each.labelled == 0 for each in by_group["none"])
    assert sum(each.rows for each in found.shares if each.label == "concern" and each.group) == 400
    text = found.as_text()
    assert "'few': fewer than 10 labelled rows" in text
    assert "'none': no labelled row" in text


def test_the_share_of_predicted_labels_stands_beside():
    found = prevalence(SHARES, method="naive")
    expected = np.bincount(SHARES.argmax(axis=1), minlength=3) / 400
    assert [each.predicted for each in found.shares] == pytest.approx(expected.tolist())
    assert found_shares(found) == pytest.approx(expected.tolist())
    assert "bias" in found.notes[0]


# -- label shift -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["adjusted-count", "sld"])
def test_methods_that_assume_label_shift_say_so(method: str):
    found = prevalence(SHARES, DRAWN, names_of(CODES[DRAWN]), method=method, training_shares=[0.25, 0.25, 0.5])
    assert "label shift" in found.notes[0]
    assert "label shift" in found.as_text()
    assert sum(found_shares(found)) == pytest.approx(1, abs=1e-6)


def test_adjusted_count_undoes_errors_under_label_shift():
    """A model that calls a third of the neutral rows concern, on a corpus with other shares than the labelled rows."""
    calls = np.array([[0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.33, 0.07, 0.6]])
    generator = np.random.default_rng(0)

    def rows(shares: list[float], n: int) -> tuple[np.ndarray, np.ndarray]:
        codes = generator.choice(3, n, p=shares)
        guesses = (generator.random(n)[:, None] > calls[codes].cumsum(axis=1)).sum(axis=1)
        return np.eye(3)[guesses] * 0.97 + 0.01, codes

    known, codes = rows([0.4, 0.3, 0.3], 3000)
    corpus = Corpus(3)
    corpus.add(rows([0.1, 0.2, 0.7], 20_000)[0], None)
    from stancekit.analysis.prevalence import estimate

    sample = labelled_rows(LABELS, known, names_of(codes), None)
    found = estimate(corpus, sample, None, LABELS, method="adjusted-count")
    assert found_shares(found) == pytest.approx([0.1, 0.2, 0.7], abs=0.03)
    assert found.shares[0].predicted > 0.3
    assert found.shares[0].low < 0.1 < found.shares[0].high


# -- plans -----------------------------------------------------------------------------------------------------------


def test_a_plan_is_kept():
    """Labelling as many rows as it says gives an interval of about the wanted width."""
    shares, codes = corpus_of(5000, seed=2)
    corpus = Corpus(3)
    corpus.add(shares, None)
    nothing = labelled_rows(LABELS, shares[:0], [], None)
    (whole,) = plan(corpus, nothing, None, width=0.08).needed
    assert whole.with_predictions < whole.labels_alone <= 5000
    drawn = np.random.default_rng(0).choice(5000, whole.with_predictions, replace=False)
    found = prevalence(
        shares,
        drawn,
        names_of(codes[drawn]),
        sampling_probability=np.full(len(drawn), len(drawn) / 5000),
    )
    assert max(each.high - each.low for each in found.shares) == pytest.approx(0.08, rel=0.1)


def test_a_plan_learns_from_labels_and_never_asks_for_more_than_there_is():
    corpus = Corpus(3)
    corpus.add(SHARES, [("a", "")] * 380 + [("b", "")] * 20)
    sample = labelled_rows(LABELS, SHARES[DRAWN], names_of(CODES[DRAWN]), None)
    found = plan(corpus, sample, [("a", "")] * 60, width=0.01)
    assert [each.rows for each in found.needed] == [400, 380, 20]
    assert all(each.with_predictions <= each.labels_alone <= each.rows for each in found.needed)
    assert any("believed" in note for note in found.notes)
    assert "380" in found.as_text()
    assert found.as_rows()[2]["group"] == "b"


# -- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([[0.2, 0.8]],), {}, r"shape \(n, 3\)"),
        ((SHARES, [0, 400], ["concern"] * 2), {}, "numbered from 0 to 399"),
        ((SHARES, [0, 1], ["concern"]), {}, "2 labelled rows but 1 labels"),
        ((SHARES, [0], ["Concern"]), {}, "did you mean 'concern'"),
        ((SHARES, [0], ["concern"]), {"sampling_probability": [0.0]}, "above 0 and at most 1"),
        ((SHARES, [0], ["concern"]), {"method": "pip"}, "did you mean 'ppi'"),
        ((SHARES, [0], ["concern"]), {"level": 95}, "between 0.5 and 1"),
        ((SHARES, [0], ["concern"]), {"groups": ["a"]}, "expected 400 groups"),
        ((SHARES,), {}, "needs labelled rows"),
        ((SHARES,), {"method": "sld"}, "training_shares"),
        ((SHARES,), {"method": "sld", "training_shares": [0.5, 0.5, 0.5]}, "sum to 1"),
    ],
)
def test_mistakes_are_told(arguments: tuple, options: dict, message: str):
    with pytest.raises(InputError, match=message):
        prevalence(*arguments, **options)


@pytest.mark.parametrize("options", [{"width": 0}, {"width": 5}, {"width": 0.1, "method": "sld"}])
def test_plans_that_cannot_be(options: dict):
    corpus = Corpus(3)
    corpus.add(SHARES, None)
    with pytest.raises(InputError):
        plan(corpus, Labelled(*[np.zeros((0, 3))] * 2, *[np.zeros(0)] * 2), None, **options)
