"""What tells a model when not to answer: conformal scores and the domain check, fitted on its own features."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import joblib
import numpy as np
import scipy.sparse as sp
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from stancekit.artifact import sha256_of
from stancekit.calibration import ConformalScores
from stancekit.cascade import CascadeModel
from stancekit.domain import PROFILE, DomainCheck, profile
from stancekit.features._encoder_session import EncoderSession
from stancekit.labels import LABELS
from stancekit.scoring import Model, StanceModel
from stancetrain.fixtures import Fixture, read_fixtures
from stancetrain.outsiders import read_outsiders

WRONGLY_ABSTAINED = 0.018
"""Share of the validation and calibration rows above the threshold; a little less than the 2 % allowed of new rows."""
INSIDERS = 6000
"""Rows of the training split that stand for the domain; reading more with an encoder takes long."""
UNITS, NETWORKS = 32, 3
REPEATS = 8
"""How often each outsider is shown to the network for each insider."""

_cache = joblib.Memory(Path(__file__).resolve().parents[2] / "runs" / "cache", verbose=0)


def with_trust(model: Model, root: Path, seed: int) -> Model:
    """The model with conformal scores and, unless it is a cascade, a domain check; fixtures are read from ``root``."""
    if isinstance(model, StanceModel):
        model = replace(model, domain=fit_domain(model, root, seed))
    held_out = read_fixtures(root, splits=["calibration"])
    assert isinstance(model, (StanceModel, CascadeModel))
    return replace(model, conformal=conformal_scores(model, held_out))


def conformal_scores(model: Model, held_out: Sequence[Fixture]) -> ConformalScores:
    """The scores of fixtures that the model was not fitted on."""
    truth = np.array([LABELS.index(f.row.label or "") for f in held_out])
    return ConformalScores.of(model.predict_proba([f.row.text for f in held_out]), truth)


def fit_domain(model: StanceModel, root: Path, seed: int) -> DomainCheck:
    """A check that tells the training split from the outsiders, its threshold from validation and calibration."""
    random = np.random.default_rng(seed)
    inside = [f.row.text for f in read_fixtures(root, splits=["train"])]
    inside = [inside[i] for i in sorted(random.permutation(len(inside))[:INSIDERS])]
    outside = [each.text for each in read_outsiders(root / "suites") if each.part == "fit"]
    held_out = [f.row.text for f in read_fixtures(root, splits=["validation", "calibration"])]
    strange = np.repeat([False, True], [len(inside), len(outside)])
    shown = features(model, inside + outside)
    weights, bias, out = (_network if model.encoder else _linear)(shown, strange, seed)
    # stored as float32: rounding now makes a saved check answer exactly as the fitted one
    weights = weights.astype(np.float32).astype(np.float64)
    check = DomainCheck(weights, bias, out, 0.0)
    read = np.asarray(features(model, held_out)[:, : -len(PROFILE)] @ check.feature_weights)
    threshold = float(np.quantile(check.scores(held_out, read), 1 - WRONGLY_ABSTAINED))
    return replace(check, threshold=threshold)


def features(model: StanceModel, texts: Sequence[str]) -> sp.csr_matrix:
    """The model's features and the profile, shape (n, n_features + 5); cues, which tell stances, are left at zero."""
    parts = []
    for block in model.blocks:
        if block.kind == "cues":
            parts.append(sp.csr_matrix((len(texts), block.n_features)))
        elif block.kind == "encoder":
            parts.append(sp.csr_matrix(_vectors(block.session, sha256_of(block.session.graph), tuple(texts))))
        else:
            rows = [block.rows(text) for text in texts]
            ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
            values, columns = np.concatenate([v for _, v in rows]), np.concatenate([c for c, _ in rows])
            parts.append(sp.csr_matrix((values, columns, ends), shape=(len(texts), block.n_features)))
    return sp.csr_matrix(sp.hstack([*parts, sp.csr_matrix([profile(text) for text in texts])]))


@_cache.cache(ignore=["session"])
def _vectors(session: EncoderSession, graph: str, texts: tuple[str, ...]) -> np.ndarray:
    """The encoder's vectors; ``graph`` is its hash, so that a new encoder is not answered from the cache."""
    return session.vectors(texts)


def _linear(shown: sp.csr_matrix, strange: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A logistic regression, as the difference of two rectified units: thousands of n-grams want no more."""
    fitted = LogisticRegression(C=10.0, class_weight="balanced", max_iter=2000).fit(shown, strange)
    coef, intercept = fitted.coef_[0], float(fitted.intercept_[0])
    return np.stack([coef, -coef], axis=1), np.array([intercept, -intercept]), np.array([1.0, -1.0])


def _network(shown: sp.csr_matrix, strange: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The mean of a few one-layer networks over standardised vectors, written as one network."""
    dense = shown.toarray()
    centre, spread = dense[~strange].mean(axis=0), dense[~strange].std(axis=0) + 1e-9
    order = np.concatenate([np.flatnonzero(~strange), np.tile(np.flatnonzero(strange), REPEATS)])
    parts = []
    for number in range(NETWORKS):
        network = MLPClassifier((UNITS,), alpha=1.0, learning_rate_init=5e-4, max_iter=25, tol=0.0)
        network.set_params(random_state=seed + number, n_iter_no_change=25)
        with warnings.catch_warnings():
            # a fixed number of passes is meant: more fit the outsiders by heart
            warnings.simplefilter("ignore", ConvergenceWarning)
            network.fit((dense[order] - centre) / spread, strange[order])
        first = network.coefs_[0] / spread[:, None]
        parts.append((first, network.intercepts_[0] - centre @ first, network.coefs_[1][:, 0] / NETWORKS))
    weights, bias, out = zip(*parts, strict=True)
    return np.hstack(weights), np.concatenate(bias), np.concatenate(out)
