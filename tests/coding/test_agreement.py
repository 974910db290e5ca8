from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from krippendorff import alpha
from sklearn.metrics import cohen_kappa_score

from stancekit import LABELS, InputError, agreement

LETTERS = st.sampled_from(["a", "b", "c"])


def test_krippendorffs_own_example():
    """Krippendorff (2011), Computing Krippendorff's alpha-reliability, section C: nominal, four observers, gaps."""
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    units = [[None if value is None else str(value) for value in unit] for unit in zip(*observers, strict=True)]
    found = agreement(units, resamples=0)
    assert found.alpha.value == pytest.approx(0.743, abs=5e-4)
    assert (found.units, found.alone, len(found.pairs)) == (11, 1, 6)
    assert found.disputed == (1, 5, 7)


@settings(max_examples=40)
@given(st.lists(st.tuples(LETTERS, LETTERS), min_size=2, max_size=40))
def test_two_coders_agree_with_the_libraries(units: list[tuple[str, str]]):
    found = agreement(units, ["x", "y"], resamples=0)
    first, second = zip(*units, strict=True)
    (pair,) = found.pairs
    assert pair.equal == pytest.approx(np.mean([a == b for a, b in units]))
    assert np.sum(pair.confusion) == len(units)
    if len({*first, *second}) == 1:
        assert pair.kappa.value is None
        assert found.alpha.value is None
        assert str(pair.kappa) == "-"
        return
    codes = [["abc".index(a) for a in side] for side in (first, second)]
    assert found.alpha.value == pytest.approx(alpha(reliability_data=codes, level_of_measurement="nominal"))
    if pair.kappa.value is not None:
        assert pair.kappa.value == pytest.approx(cohen_kappa_score(first, second))


def test_intervals_hold_the_value_and_narrow_with_units():
    generator = np.random.default_rng(0)
    widths = []
    for n in (50, 400):
        first = generator.choice(LABELS, n)
        second = np.where(generator.random(n) < 0.8, first, generator.choice(LABELS, n))
        found = agreement(list(zip(first.tolist(), second.tolist(), strict=True)), resamples=200)
        for each in (found.alpha, found.pairs[0].kappa):
            assert each.low < each.value < each.high
        assert found.alpha.value == pytest.approx(0.8, abs=0.15)
        widths.append(found.alpha.high - found.alpha.low)
    assert widths[1] < widths[0] / 2


def test_pairs_without_a_unit_in_common_are_left_out():
    found = agreement([("a", "a", ""), ("b", "c", None), (None, "b", "b"), ("", "c", "c")], resamples=0)
    assert [(pair.first, pair.second, pair.units) for pair in found.pairs] == [
        ("coder1", "coder2", 2),
        ("coder2", "coder3", 2),
    ]
    assert found.disputed == (1,)
    assert "coder2 and coder3" in found.as_text()


@pytest.mark.parametrize("units", [[], [("a", None), (None, "b")]])
def test_nothing_coded_twice(units: list):
    with pytest.raises(InputError, match="no unit was coded by two"):
        agreement(units)


def test_ragged_units():
    with pytest.raises(InputError, match="expected 2 labels a unit"):
        agreement([("a", "b"), ("a",)])


def test_a_missing_package_says_what_to_type(monkeypatch: pytest.MonkeyPatch):
    import sys

    from stancekit import MissingExtraError

    monkeypatch.setitem(sys.modules, "krippendorff", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'stancekit\[agreement\]'"):
        agreement([("a", "b"), ("a", "a")])
