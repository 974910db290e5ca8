"""export.py, restore.py and teach.py on a toy encoder: what is shipped answers as what was tuned, and alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnxscript")
pytestmark = pytest.mark.usefixtures("quiet_torch")

import export  # noqa: E402
import finetune  # noqa: E402
import restore  # noqa: E402
import teach  # noqa: E402

from stancekit import load_model  # noqa: E402
from stancekit.errors import InputError  # noqa: E402
from stancekit.scoring import StanceModel  # noqa: E402
from stancetrain.fixtures import read_fixtures  # noqa: E402


@pytest.fixture(scope="module")
def tuned(toy_encoder: Path, fixtures_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tuned")
    recipe = folder / "recipe.json"
    recipe.write_text(
        '{"epochs": 2, "batch_size": 8, "learning_rate": 1e-3, "target_weight": 0.3, '
        '"neutral_type_weight": 0.2, "span_weight": 0.5}',
        encoding="utf-8",
    )
    fixtures = ["--fixtures", str(fixtures_folder)]
    start = ["--encoder", str(toy_encoder), "--recipe", str(recipe), "--teach", "--out", str(folder / "run")]
    assert finetune.main([*fixtures, *start]) == 0
    return folder / "run"


@pytest.fixture(scope="module")
def exported(tuned: Path, fixtures_folder: Path) -> Path:
    out = tuned.parent / "model"
    made = ["--run", str(tuned), "--name", "toy", "--out", str(out), "--fixtures", str(fixtures_folder)]
    assert (
        export.main([*made, "--four-bit-feed-forward", "1-2", "--four-bit-attention", "2", "--embedding-block", "32"])
        == 0
    )
    return out


@pytest.fixture(scope="module")
def model(exported: Path) -> StanceModel:
    loaded = load_model(exported)
    assert isinstance(loaded, StanceModel)
    return loaded


@pytest.fixture(scope="module")
def texts(fixtures_folder: Path) -> list[str]:
    short = [f.row.text for f in read_fixtures(fixtures_folder)]
    return [*short, " ".join(short[:6])]


def test_it_answers_as_torch_does(model: StanceModel):
    parity = model.manifest["metrics"]["parity_with_torch"]
    assert parity["rows"] > 20
    assert parity["same_label"] >= 0.97
    assert parity["mean_logit_difference"] < 0.05


def test_an_answer_does_not_depend_on_its_neighbours(model: StanceModel, texts: list[str]):
    alone = np.concatenate([model.predict_proba([text]) for text in texts])
    batches = np.concatenate([model.predict_proba(texts[i : i + 32]) for i in range(0, len(texts), 32)])
    order = np.random.default_rng(1).permutation(len(texts))
    shuffled = model.predict_proba([texts[i] for i in order])[np.argsort(order)]
    np.testing.assert_array_equal(alone, batches)
    np.testing.assert_array_equal(alone, shuffled)


def test_both_heads_are_exported(model: StanceModel):
    text = "Norway welcomes the ceasefire and condemns the attack on the convoy."
    both = model.predict_proba([text, text], ["the ceasefire", "the attack on the convoy"])
    assert both.shape == (2, 3)
    assert not np.array_equal(both[0], both[1])


def test_restored_it_gives_the_same_vectors(
    exported: Path, model: StanceModel, toy_encoder: Path, tmp_path: Path, texts: list[str]
):
    import torch
    from transformers import AutoModel, AutoTokenizer

    out = tmp_path / "restored"
    assert restore.main(["--model", str(exported), "--base", str(toy_encoder), "--out", str(out)]) == 0
    backbone = AutoModel.from_pretrained(out, add_pooling_layer=False).eval()
    tokenizer = AutoTokenizer.from_pretrained(out)
    for text, ours in zip(texts[:20], model.encoder.session.vectors(texts[:20]), strict=True):
        with torch.no_grad():
            again = backbone(**tokenizer(text, return_tensors="pt")).last_hidden_state[0].mean(0).numpy()
        np.testing.assert_allclose(again, ours, atol=0.05)
    with np.load(out / "heads.npz") as heads:
        np.testing.assert_allclose(heads["statement_coef"], model.head.coef.T, rtol=1e-6)
        assert heads["target_coef"].any()


def test_tuning_starts_from_the_restored_heads(exported: Path, toy_encoder: Path, tmp_path: Path, model: StanceModel):
    from stancetrain.recipe import Recipe
    from stancetrain.tuning import StanceNetwork

    out = tmp_path / "restored"
    assert restore.main(["--model", str(exported), "--base", str(toy_encoder), "--out", str(out)]) == 0
    network = StanceNetwork.from_folder(str(out), Recipe())
    np.testing.assert_allclose(network.heads["statement"].weight.detach().numpy(), model.head.coef.T, rtol=1e-6)


def test_a_model_without_an_encoder_cannot_be_restored(tmp_path: Path):
    with pytest.raises(InputError, match="no encoder"):
        restore.main(["--model", "ngram", "--base", str(tmp_path), "--out", str(tmp_path / "out")])


def test_a_teacher_answers_rows_and_pairs(exported: Path, model: StanceModel, fixtures_folder: Path, tmp_path: Path):
    out = tmp_path / "teacher.npz"
    assert teach.main(["--fixtures", str(fixtures_folder), "--model", str(exported), "--out", str(out)]) == 0
    rows = [f.row for f in read_fixtures(fixtures_folder)]
    with np.load(out) as stored:
        answers = dict(zip(stored["ids"].tolist(), stored["logits"], strict=True))
    assert len(answers) == len(rows) + sum(len(row.targets) for row in rows)
    np.testing.assert_allclose(answers[rows[3].id], model.decision_function([rows[3].text])[0], rtol=1e-5)


def test_details_are_exported(model: StanceModel):
    """Targets lie in the text, whatever its typography; types are shares; the stance is that of the other road."""
    texts = ["Norway\u2019s envoy welcomes \u2014 at last \u2014 the ceasefire and the accord.", " "]
    first, blank = model.details(texts)
    np.testing.assert_allclose(first.probabilities, model.predict_proba(texts)[0], atol=1e-6)
    assert sum(first.neutral_types.values()) == pytest.approx(1)
    assert all(0 <= span.start < span.end <= len(texts[0]) for span in first.spans)
    assert blank.spans == ()
    assert model.manifest["metrics"]["details"]["targets"] > 0
    assert model.detail_heads is not None
    assert model.detail_heads.threshold == model.manifest["heads"]["span"]["threshold"]
