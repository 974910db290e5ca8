"""How each shipped model is made from the fixtures."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import joblib
import numpy as np
from sklearn.metrics import f1_score

from stancekit import StanceClassifier, load_model
from stancekit.artifact import sha256_of
from stancekit.calibration import fit_temperature
from stancekit.cascade import CascadeModel
from stancekit.errors import InputError
from stancekit.labels import LABELS
from stancekit.scoring import LinearHead, Model, StanceModel
from stancetrain.details import detail_heads
from stancetrain.examples import Example, statement_examples, target_examples
from stancetrain.fixtures import Fixture, fixtures_sha256, read_fixtures
from stancetrain.recipe import Recipe
from stancetrain.trust import with_trust
from stancetrain.weights import row_weights

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "training" / "recipes"
PACKAGES = ("numpy", "scipy", "scikit-learn")
ATTRIBUTION = "Trained on fixtures written for stancekit."
CASCADE_LOSS = 0.01
"""Macro-F1 that the cascade may lose on the calibration split against its second model."""

_cache = joblib.Memory(ROOT / "runs" / "cache", verbose=0)


def train_ngram(root: Path, seed: int) -> StanceModel:
    """Fitted on the recipe's splits, its temperature on the calibration split."""
    recipe = json.loads((RECIPES / "ngram.json").read_text(encoding="utf-8"))
    fixtures = read_fixtures(root)
    chosen = [f for f in fixtures if f.split in recipe["splits"]]
    held_out = [f for f in fixtures if f.split == "calibration"]
    classifier = StanceClassifier(base="ngram", C=recipe["C"], calibrate=False, random_state=seed)
    classifier.fit(
        [f.row.text for f in chosen],
        [f.row.label for f in chosen],
        sample_weight=row_weights(chosen, recipe["statement_weight"], recipe["confidence_weights"]),
    )
    classifier.fit_calibration([f.row.text for f in held_out], [f.row.label for f in held_out])
    unseen = [f for f in fixtures if f.split == "test"]
    guesses = classifier.predict([f.row.text for f in unseen])
    macro_f1 = float(f1_score([f.row.label for f in unseen], guesses, average="macro"))
    manifest = {
        "trained_on": {
            "fixtures_sha256": fixtures_sha256(root),
            "rows": len(chosen),
            "recipe": recipe,
            "seed": seed,
            "versions": {name: version(name) for name in PACKAGES},
        },
        "metrics": {"fixtures_test_macro_f1": round(macro_f1, 4)},
        "thresholds": {"min_confidence": None},
        "licence": "Apache-2.0",
        "attribution": ATTRIBUTION,
    }
    return replace(classifier.model_, name="ngram", version="1.1.0", manifest=manifest)


def refit_encoder(name: str, root: Path) -> StanceModel:
    """The shipped encoder with what its heads take from held-out rows fitted again; vectors are cached by its hash."""
    model = load_model(name)
    if not isinstance(model, StanceModel) or model.encoder is None:
        raise InputError(f"the model {name!r} has no encoder; fine-tune one with training/finetune.py first")
    graph = sha256_of(model.encoder.session.graph)
    held_out = [f for f in read_fixtures(root) if f.split == "calibration"]

    def vectors(examples: Sequence[Example]) -> np.ndarray:
        texts = tuple(e.text for e in examples)
        targets = tuple(e.second or "" for e in examples) if examples[0].second else None
        return _vectors(name, graph, texts, targets)

    if model.detail_heads is not None:
        heads = model.detail_heads
        found, record = detail_heads(model.encoder.session, heads.neutral_type, heads.span, held_out)
        metrics = {**model.manifest["metrics"], "details": record}
        model = replace(model, detail_heads=found, manifest={**model.manifest, "metrics": metrics})
    return calibrated(model, held_out, vectors)


@_cache.cache
def _vectors(name: str, graph: str, texts: tuple[str, ...], targets: tuple[str, ...] | None) -> np.ndarray:
    """The encoder's vectors; ``graph`` is its hash, so that a new encoder is not answered from the cache."""
    model = load_model(name)
    assert isinstance(model, StanceModel)
    return np.asarray(model.encoder.session.vectors(texts, targets))


def calibrated(
    model: StanceModel, held_out: list[Fixture], vectors: Callable[[Sequence[Example]], np.ndarray]
) -> StanceModel:
    """The model with the temperatures of its heads fitted on rows that the encoder was not tuned on."""
    statements = statement_examples(held_out, Recipe())
    head = _with_temperature(model.head, vectors(statements), statements)
    target_head = model.target_head
    pairs = target_examples(held_out, Recipe())
    if target_head is not None and pairs:
        target_head = _with_temperature(target_head, vectors(pairs), pairs)
    return replace(model, head=head, target_head=target_head)


def _with_temperature(head: LinearHead, vectors: np.ndarray, examples: Sequence[Example]) -> LinearHead:
    logits = vectors @ head.coef + head.intercept
    return replace(head, temperature=fit_temperature(logits, np.array([e.label for e in examples])))


def fit_cascade(first: str, second: str, root: Path) -> CascadeModel:
    """The lowest threshold at which the cascade keeps the second model's macro-F1 on the calibration split."""
    quick, slow = load_model(first), load_model(second)
    if not isinstance(quick, StanceModel) or not isinstance(slow, StanceModel):
        raise InputError("a cascade joins two models that are not cascades themselves")
    held_out = [f for f in read_fixtures(root) if f.split == "calibration"]
    texts = [f.row.text for f in held_out]
    truth = np.array([LABELS.index(f.row.label or "") for f in held_out])
    ours, theirs = quick.predict_proba(texts), slow.predict_proba(texts)
    wanted = f1_score(truth, theirs.argmax(1), average="macro") - CASCADE_LOSS

    def outcome(threshold: float) -> tuple[float, float]:
        sure = ours.max(1) >= threshold
        guesses = np.where(sure, ours.argmax(1), theirs.argmax(1))
        return float(f1_score(truth, guesses, average="macro")), float(sure.mean())

    grid = np.round(np.arange(0.5, 1.001, 0.01), 2).tolist()
    # every higher threshold must do as well, so that one lucky value is not taken
    good = [outcome(t)[0] >= wanted for t in grid]
    threshold = next(t for k, t in enumerate(grid) if all(good[k:]))
    macro_f1, share = outcome(threshold)
    metrics = {
        "calibration_macro_f1": {"cascade": round(macro_f1, 4), second: round(wanted + CASCADE_LOSS, 4)},
        "calibration_share_decided_by_first": round(share, 4),
    }
    manifest = {
        "trained_on": {"fixtures_sha256": fixtures_sha256(root)},
        "metrics": metrics,
        "licence": "Apache-2.0",
        "attribution": ATTRIBUTION,
    }
    return CascadeModel("cascade", "1.2.0", quick, slow, threshold, manifest=manifest)


def make(name: str, root: Path, seed: int) -> Model:
    """One of the shipped models, made again from the fixtures."""
    if name == "ngram":
        model: Model = train_ngram(root, seed)
    elif name == "cascade":
        model = fit_cascade("ngram", "encoder", root)
    else:
        model = refit_encoder(name, root)
    return with_trust(model, root, seed)
