"""finetune.py from end to end, on a toy encoder and a small fixtures folder."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytestmark = pytest.mark.usefixtures("quiet_torch")

import finetune  # noqa: E402

from stancekit.errors import InputError  # noqa: E402
from stancetrain import tuning  # noqa: E402
from stancetrain.examples import Example, statement_examples  # noqa: E402
from stancetrain.fixtures import fixtures_sha256, read_fixtures  # noqa: E402
from stancetrain.recipe import Recipe  # noqa: E402

Finetune = Callable[..., Path]


@pytest.fixture
def tune(toy_encoder: Path, fixtures_folder: Path, tmp_path: Path) -> Finetune:
    """Run the script with settings of the recipe; gives the folder that it wrote."""

    def call(name: str = "out", *options: str, **settings: Any) -> Path:
        recipe = tmp_path / "recipe.json"
        recipe.write_text(json.dumps({"epochs": 1, "batch_size": 8, "learning_rate": 1e-3}), encoding="utf-8")
        arguments = ["--fixtures", str(fixtures_folder), "--encoder", str(toy_encoder), "--recipe", str(recipe)]
        for key, value in settings.items():
            arguments += ["--set", f"{key}={json.dumps(value)}"]
        assert finetune.main([*arguments, "--teach", "--out", str(tmp_path / name), *options]) == 0
        return tmp_path / name

    return call


def logits_of(out: Path) -> np.ndarray:
    with np.load(out / "predictions.npz") as stored:
        return stored["logits"]


def record_of(out: Path) -> dict[str, Any]:
    return json.loads((out / "run.json").read_text(encoding="utf-8"))


def test_from_end_to_end(tune: Finetune, toy_encoder: Path, fixtures_folder: Path, capsys: pytest.CaptureFixture[str]):
    out = tune()
    rows = read_fixtures(fixtures_folder)
    record = record_of(out)
    assert record["encoder"] == {
        "name": toy_encoder.name,
        "sha256": hashlib.sha256((toy_encoder / "model.safetensors").read_bytes()).hexdigest(),
    }
    assert record["recipe"]["batch_size"] == 8
    assert record["seed"] == 1
    assert record["fixtures_sha256"] == fixtures_sha256(fixtures_folder)
    assert record["examples"] == sum(f.split == "train" for f in rows)
    assert set(record["versions"]) == {"torch", "transformers", "tokenizers", "numpy"}
    assert set(record["scores"]) == {
        f"{split}/{kind}" for split in ("validation", "calibration") for kind in ("documents", "statements")
    }
    assert record["scores"]["validation/documents"]["n"] == 12
    assert any("eval_loss" in entry for entry in record["curve"])
    assert "validation/documents: n 12  macro-F1 " in capsys.readouterr().out
    with np.load(out / "predictions.npz") as stored:
        assert stored["ids"].tolist() == [f.row.id for f in rows]
        assert stored["logits"].shape == (len(rows), 3)
    width = transformers.AutoConfig.from_pretrained(toy_encoder).hidden_size
    with np.load(out / "heads.npz") as heads:
        sizes = {"statement": 3, "target": 3, "neutral_type": 4, "span": 3}
        shapes = {name: heads[name].shape for name in heads}
    assert shapes == {
        **{f"{name}_coef": (size, width) for name, size in sizes.items()},
        **{f"{name}_intercept": (size,) for name, size in sizes.items()},
    }
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= set(os.listdir(out / "encoder"))


def test_what_is_saved_gives_the_logits_that_are_recorded(tune: Finetune, fixtures_folder: Path):
    """The encoder, mean pooling over its last layer, and the statement head."""
    out = tune()
    backbone = transformers.AutoModel.from_pretrained(out / "encoder", add_pooling_layer=False).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(out / "encoder")
    rows = [k for k, f in enumerate(read_fixtures(fixtures_folder)) if f.split != "train"][:5]
    texts = [f.row.text for f in read_fixtures(fixtures_folder) if f.split != "train"][:5]
    with np.load(out / "heads.npz") as heads, torch.no_grad():
        for text, expected in zip(texts, logits_of(out)[rows], strict=True):
            inputs = tokenizer([text], return_tensors="pt")
            vector = backbone(**inputs).last_hidden_state[0].mean(0).numpy()
            found = heads["statement_coef"] @ vector + heads["statement_intercept"]
            np.testing.assert_allclose(found, expected, atol=1e-5)


def test_the_seed_decides(tune: Finetune):
    one, same, other = (logits_of(tune(f"out{i}", "--seed", str(seed))) for i, seed in enumerate((5, 5, 6)))
    assert (one == same).all()
    assert (one != other).any()


def test_it_learns(tune: Finetune, fixtures_folder: Path):
    out = tune(epochs=15, learning_rate=3e-3, head_learning_rate=1e-2, dropout=0.0)
    losses = [entry["loss"] for entry in record_of(out)["curve"] if "loss" in entry]
    assert losses[-1] < losses[0] / 2
    rows = read_fixtures(fixtures_folder)
    inside = [i for i, f in enumerate(rows) if f.split == "train"]
    guesses = [("concern", "endorsement", "neutrality")[k] for k in logits_of(out).argmax(1)]
    assert np.mean([guesses[i] == rows[i].row.label for i in inside]) > 0.75


def test_an_existing_output_is_not_written_to(tune: Finetune, tmp_path: Path):
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError, match=r"out exists; give --resume to go on with it, or another --out"):
        tune()
    assert os.listdir(tmp_path / "out") == []


@pytest.mark.parametrize("settings", [{}, {"r_drop": 0.5}], ids=["plain", "two passes"])
def test_an_interrupted_run_goes_on(tune: Finetune, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any]):
    """Stopped at a step after a checkpoint, and resumed, it goes on from there to the last step.

    The rows of an epoch cut short are shuffled anew, so the weights are not those of one run.
    """
    whole = tune("whole", epochs=2, **settings)
    loss = tuning.StanceTrainer.compute_loss

    def stop(trainer: Any, model: Any, *args: Any, **kwargs: Any) -> Any:
        if model.training and trainer.state.global_step == 7:
            raise KeyboardInterrupt
        return loss(trainer, model, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(tuning.StanceTrainer, "compute_loss", stop)
        with pytest.raises(KeyboardInterrupt):
            tune("cut", epochs=2, **settings)
    assert not any((whole.parent / "cut" / name).exists() for name in ("run.json", "predictions.npz", "heads.npz"))
    steps: list[int] = []

    def watch(trainer: Any, model: Any, *args: Any, **kwargs: Any) -> Any:
        if model.training:
            steps.append(trainer.state.global_step)
        return loss(trainer, model, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(tuning.StanceTrainer, "compute_loss", watch)
        cut = tune("cut", "--resume", epochs=2, **settings)
    before, after = record_of(whole)["curve"], record_of(cut)["curve"]
    assert sorted(set(steps)) == [6, 7, 8, 9]
    losses = [[entry["loss"] for entry in curve if "loss" in entry and entry["step"] <= 6] for curve in (before, after)]
    assert len(losses[0]) == 3
    assert losses[0] == losses[1]
    assert [entry["step"] for entry in after] == [entry["step"] for entry in before]
    assert record_of(cut)["scores"]["validation/documents"]["n"] == 12
    assert np.isfinite(logits_of(cut)).all()


def test_resume_without_a_checkpoint_starts(tune: Finetune, tmp_path: Path):
    (tmp_path / "out").mkdir()
    assert (logits_of(tune("out", "--resume")) == logits_of(tune("other"))).all()


OPTIONS: dict[str, dict[str, Any]] = {
    "r_drop": {"r_drop": 0.5},
    "contrastive": {"contrastive": 0.1},
    "target pairs": {"target_weight": 0.5},
    "context": {"context": 1},
    "average_from": {"average_from": 0.5},
    "label_smoothing": {"label_smoothing": 0.0},
    "layers": {"layers": 2},
    "frozen_layers": {"frozen_layers": 2},
    "layer_decay": {"layer_decay": 0.5},
    "statement_weight": {"statement_weight": 0.0},
    "confidence_weights": {"confidence_weights": [0.5, 1.0, 0.2]},
    "class_weight_power": {"class_weight_power": 0.0, "statement_weight": 0.5},
    "fraction": {"fraction": 0.6},
    "train_on": {"train_on": "train+validation"},
    "patience": {"patience": 1, "evaluations_per_epoch": 6},
    "everything": {"r_drop": 0.5, "contrastive": 0.1, "target_weight": 0.5, "context": 2, "average_from": 0.5},
}


@pytest.fixture(scope="module")
def plain(toy_encoder: Path, fixtures_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """The logits of a run with no option set."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "recipe.json").write_text('{"epochs": 1, "batch_size": 8, "learning_rate": 1e-3}', encoding="utf-8")
    arguments = ["--fixtures", str(fixtures_folder), "--encoder", str(toy_encoder)]
    finetune.main([*arguments, "--recipe", str(folder / "recipe.json"), "--teach", "--out", str(folder / "out")])
    return logits_of(folder / "out")


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_runs_and_matters(tune: Finetune, plain: np.ndarray, name: str):
    out = tune(**OPTIONS[name])
    logits = logits_of(out)
    assert np.isfinite(logits).all()
    recipe = record_of(out)["recipe"]
    assert {key: recipe[key] for key in OPTIONS[name]} == OPTIONS[name]
    assert (logits != plain).any()


def test_distillation(tune: Finetune, tmp_path: Path, fixtures_folder: Path, plain: np.ndarray):
    """A teacher that calls everything neutral is believed as far as its weight goes."""
    ids = np.array([f.row.id for f in read_fixtures(fixtures_folder, splits=["train"])])
    np.savez(tmp_path / "teacher.npz", ids=ids, logits=np.tile([0.0, 0.0, 9.0], (len(ids), 1)))
    options = ("--teacher", str(tmp_path / "teacher.npz"))
    out = tune("out", *options, distil=1.0, epochs=3)
    assert (logits_of(out).argmax(1) == 2).all()
    assert record_of(out)["teachers"] == [str(tmp_path / "teacher.npz")]
    assert (logits_of(tune("unheard", *options, distil=0.0)) == plain).all()


def test_several_teachers_are_averaged_and_may_be_silent(tmp_path: Path):
    for name, ids, logits in (("a", ["x", "y"], [[0.0, 0, 0], [9, 0, 0]]), ("b", ["x"], [[0.0, 0.0, np.log(4.0)]])):
        np.savez(tmp_path / f"{name}.npz", ids=np.array(ids), logits=np.array(logits))
    examples = [Example(name, "text", None, 0, 1.0, "statement") for name in ("x", "y", "z")]
    x, y, z = finetune.taught(examples, [tmp_path / "a.npz", tmp_path / "b.npz"])
    assert x.soft == pytest.approx(((1 / 3 + 1 / 6) / 2, (1 / 3 + 1 / 6) / 2, (1 / 3 + 4 / 6) / 2))
    assert y.soft == pytest.approx((1, 0, 0), abs=1e-3)
    assert z.soft is None


def test_target_pairs_train_the_target_head(tune: Finetune):
    with_pairs, without = tune("with", target_weight=1.0), tune("without")
    coefficients = {}
    for out in (with_pairs, without):
        with np.load(out / "heads.npz") as heads:
            coefficients[out.name] = heads["target_coef"]
    assert record_of(with_pairs)["examples"] == record_of(without)["examples"] + 30
    assert np.abs(coefficients["with"] - coefficients["without"]).max() > 1e-3


@pytest.mark.parametrize(("head", "weight"), [("span", "span_weight"), ("neutral_type", "neutral_type_weight")])
def test_side_heads_are_trained_if_they_weigh(tune: Finetune, head: str, weight: str):
    with_head, without = tune("with", **{weight: 1.0}), tune("without")
    coefficients = {}
    for out in (with_head, without):
        with np.load(out / "heads.npz") as heads:
            coefficients[out.name] = heads[f"{head}_coef"]
    assert np.abs(coefficients["with"] - coefficients["without"]).max() > 1e-3


def test_tags_of_tokens():
    offsets = [(0, 0), (0, 3), (4, 8), (8, 10), (11, 14), (0, 0)]
    outside, first, inside = range(3)
    assert tuning.span_tags(offsets, [(4, 14)]) == [tuning.UNCODED, outside, first, inside, inside, tuning.UNCODED]
    assert tuning.span_tags(offsets, [(5, 10), (11, 14)])[2:5] == [first, inside, first]


def test_layers_are_spread_evenly(toy_encoder: Path):
    whole = transformers.AutoModel.from_pretrained(toy_encoder, add_pooling_layer=False)
    network = tuning.StanceNetwork.from_folder(str(toy_encoder), Recipe(layers=2))
    kept = network.encoder.encoder.layer
    assert len(kept) == network.encoder.config.num_hidden_layers == 2
    for layer, original in ((0, 0), (1, len(whole.encoder.layer) - 1)):
        expected = whole.encoder.layer[original].state_dict()
        assert all((kept[layer].state_dict()[key] == value).all() for key, value in expected.items())


def test_frozen_layers_stay(tune: Finetune, toy_encoder: Path):
    out = tune(frozen_layers=2)
    before = transformers.AutoModel.from_pretrained(toy_encoder, add_pooling_layer=False).state_dict()
    after = transformers.AutoModel.from_pretrained(out / "encoder", add_pooling_layer=False).state_dict()
    for name, value in before.items():
        frozen = name.startswith(("embeddings.", "encoder.layer.0.", "encoder.layer.1."))
        assert bool((after[name] == value).all()) == frozen, name


def test_batches_do_not_change_logits(tune: Finetune, toy_encoder: Path, fixtures_folder: Path):
    torch.manual_seed(0)
    network = tuning.StanceNetwork.from_folder(str(toy_encoder), Recipe())
    tokenizer = transformers.AutoTokenizer.from_pretrained(toy_encoder)
    examples = statement_examples(read_fixtures(fixtures_folder), Recipe())
    together = tuning.predict_logits(network, tokenizer, examples, 128)
    alone = np.vstack([tuning.predict_logits(network, tokenizer, [e], 128) for e in examples[:8]])
    np.testing.assert_allclose(together[:8], alone, atol=1e-5)


def test_pairs_that_no_teacher_answered_do_not_spoil_distillation(tune: Finetune, tmp_path: Path):
    teacher = tune("teacher")
    out = tune("student", "--teacher", str(teacher / "predictions.npz"), distil=0.7, target_weight=0.5)
    assert np.isfinite(logits_of(out)).all()
