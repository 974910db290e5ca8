"""Outsiders, the domain check and conformal scores, on small fixtures."""

from __future__ import annotations

from pathlib import Path

import deletion_test
import fit_trust
import numpy as np
import pytest

from stancekit.analysis.explanation import explain
from stancekit.artifact import load_model, save_model, sha256_of
from stancekit.cascade import CascadeModel
from stancekit.classifier import StanceClassifier
from stancekit.domain import PROFILE
from stancekit.errors import InputError
from stancekit.scoring import StanceModel
from stancetrain.fixtures import FIXTURES, read_fixtures
from stancetrain.outsiders import read_outsiders
from stancetrain.suites import read_cases
from stancetrain.trust import WRONGLY_ABSTAINED, features, fit_domain, with_trust

# -- the suite ---------------------------------------------------------------------------------------------------------


def test_the_suite_is_large_varied_and_divided():
    outsiders = read_outsiders(FIXTURES / "suites")
    assert len({each.id for each in outsiders}) == len({each.text for each in outsiders}) == len(outsiders)
    kept = [each for each in outsiders if each.part == "test"]
    assert len(kept) >= 200
    assert len({each.kind for each in kept}) >= 10
    assert len({each.language for each in outsiders}) >= 20
    assert {each.kind for each in outsiders if each.language != "en"} == {"foreign"}


def test_the_suite_is_no_suite_of_labels():
    assert not {case.id for case in read_cases(FIXTURES / "suites")} & {
        o.id for o in read_outsiders(FIXTURES / "suites")
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('"kind": "recipe", ', r"out_of_domain\.jsonl, line 1, field 'kind'"),
        ('"Stir in 1 eggs."', r"out_of_domain\.jsonl, line 1, field 'row'"),
    ],
)
def test_a_bad_row_is_named(own_fixtures: Path, change: str, message: str):
    path = own_fixtures / "suites" / "out_of_domain.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace(change, ""), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_outsiders(own_fixtures / "suites")


def test_no_suite(tmp_path: Path):
    with pytest.raises(InputError, match=r"out_of_domain\.jsonl: No such file"):
        read_outsiders(tmp_path)


# -- fitting -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trained(fixtures_folder: Path) -> StanceModel:
    rows = read_fixtures(fixtures_folder, splits=["train"])
    fitted = StanceClassifier(base="ngram", calibrate=False).fit(
        [f.row.text for f in rows], [f.row.label for f in rows]
    )
    assert isinstance(fitted.model_, StanceModel)
    return fitted.model_


def test_features_are_those_of_the_blocks(trained: StanceModel):
    matrix = features(trained, ["We welcome the treaty.", ""])
    assert matrix.shape == (2, trained.head.coef.shape[0] + len(PROFILE))
    ngrams = trained.blocks[0]
    columns, values = ngrams.rows("We welcome the treaty.")
    np.testing.assert_allclose(matrix[0, columns].toarray()[0], values)
    assert matrix[:, ngrams.n_features : -len(PROFILE)].nnz == 0


def test_the_check_tells_recipes_from_statements(trained: StanceModel, fixtures_folder: Path):
    model = with_trust(trained, fixtures_folder, seed=1)
    held_out = [f.row.text for f in read_fixtures(fixtures_folder, splits=["validation", "calibration"])]
    assert model.answer(held_out).outside.mean() <= WRONGLY_ABSTAINED + 1 / len(held_out)
    assert model.answer(["Stir in 40 eggs.", "Stir in 90 eggs."]).outside.all()
    assert model.conformal is not None
    assert len(model.conformal.scores) == len(read_fixtures(fixtures_folder, splits=["calibration"]))


def test_a_fitted_check_answers_as_the_saved_one(trained: StanceModel, fixtures_folder: Path, tmp_path: Path):
    check = fit_domain(trained, fixtures_folder, seed=1)
    saved = save_model(with_trust(trained, fixtures_folder, seed=1), tmp_path / "m")
    assert isinstance(saved, StanceModel)
    assert saved.domain is not None
    np.testing.assert_array_equal(saved.domain.weights, check.weights)
    assert saved.domain.threshold == check.threshold


def test_a_cascade_has_conformal_scores_only(trained: StanceModel, fixtures_folder: Path):
    model = with_trust(CascadeModel("c", "1", trained, trained, 0.5), fixtures_folder, seed=1)
    assert isinstance(model, CascadeModel)
    assert model.conformal is not None
    assert model.first.domain is None


# -- the scripts -------------------------------------------------------------------------------------------------------


def test_twice_gives_the_same_bytes(
    trained: StanceModel, fixtures_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "m"
    save_model(trained, folder)
    arguments = ["--model", str(folder), "--fixtures", str(fixtures_folder)]
    seen = []
    for _ in range(2):
        assert fit_trust.main(arguments) == 0
        seen.append({path.name: sha256_of(path) for path in folder.iterdir()})
    assert seen[0] == seen[1]
    assert {"domain.npz", "conformal.npz"} <= seen[0].keys()
    assert "200 random splits" in capsys.readouterr().out


def test_check_writes_nothing_and_measures_real_text(
    trained: StanceModel, fixtures_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    save_model(with_trust(trained, fixtures_folder, seed=1), tmp_path / "m")
    before = load_model(tmp_path / "m").sha256
    real = tmp_path / "real.jsonl"
    real.write_text('{"text": "We deplore it.", "label": "concern"}\n', encoding="utf-8")
    arguments = ["--model", str(tmp_path / "m"), "--fixtures", str(fixtures_folder), "--check", "--real", str(real)]
    assert fit_trust.main(arguments) == 0
    assert load_model(tmp_path / "m").sha256 == before
    assert "real text, real.jsonl: coverage" in capsys.readouterr().out


def test_mean_coverage_of_honest_probabilities():
    random = np.random.default_rng(0)
    shares = random.dirichlet([1.0, 1.0, 1.0], size=1500)
    truth = (shares.cumsum(axis=1) < random.random((1500, 1))).sum(axis=1)
    covered, size, spread = fit_trust.mean_coverage(shares, truth, seed=0)
    assert covered == pytest.approx(0.902, abs=0.006)
    assert 1 < size < 3
    assert spread < 0.03


def test_deletion(trained: StanceModel, fixtures_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    save_model(trained, tmp_path / "m")
    arguments = ["--model", str(tmp_path / "m"), "--fixtures", str(fixtures_folder), "--sample", "5"]
    assert deletion_test.main(arguments) == 0
    assert ", 5 sentences: the label changes without the top 3 words in " in capsys.readouterr().out


def test_the_top_words_are_those_that_speak_most(trained: StanceModel):
    explanation = explain(trained, "They deplore the blockade of the port before the vote.")
    top = deletion_test.top_places(explanation)
    worth = [word.contribution for word in explanation.words]
    assert sorted(worth, reverse=True)[:3] == [worth[i] for i in top]
    assert deletion_test.without(explanation, [1, 3]) == "They the of the port before the vote."
