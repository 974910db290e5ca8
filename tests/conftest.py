"""Small models trained in memory, and a file with predictions, shared by many tests."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from stancekit.batch.columns import StanceColumns
from stancekit.classifier import StanceClassifier
from stancekit.labels import LABELS

# a busy machine makes no test fail
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

LABELLED = {
    "concern": [
        "We deplore the blockade of the port.",
        "We condemn the attack on the convoy.",
        "The minister denounced the arrests.",
        "My delegation is alarmed by the delay.",
        "They regret that the talks broke down.",
        "The council rejects the unlawful annexation.",
    ],
    "endorsement": [
        "We welcome the treaty on the river.",
        "We support the talks in the capital.",
        "The minister praised the accord.",
        "My delegation thanks the mediator.",
        "They endorse the plan for the border.",
        "The council commends the ceasefire.",
    ],
    "neutrality": [
        "The council met on Monday in the capital.",
        "The talks resume in May.",
        "The minister arrived at the port.",
        "My delegation took note of the report.",
        "They declined to comment on the plan.",
        "The treaty has ten articles.",
    ],
}


@pytest.fixture(scope="session")
def labelled() -> tuple[list[str], list[str]]:
    """Texts and labels, each text twice and the classes mixed."""
    texts = [text for across in zip(*LABELLED.values(), strict=True) for text in across]
    return texts * 2, list(LABELLED) * (len(texts) * 2 // len(LABELLED))


@pytest.fixture(scope="session")
def small(labelled: tuple[list[str], list[str]]) -> StanceClassifier:
    """A fitted classifier; tests must not change it."""
    return StanceClassifier(base="ngram", random_state=0).fit(*labelled)


@pytest.fixture(scope="session")
def small_folder(small: StanceClassifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model, saved; tests must not change it."""
    folder = tmp_path_factory.mktemp("saved") / "small"
    small.save(folder)
    return folder


STANCE_COLUMNS = StanceColumns.of("stance", LABELS)


@dataclass(frozen=True)
class Predicted:
    """A file with predictions, and what its rows truly are."""

    path: Path
    labels: list[str]
    rows: list[dict[str, str]]

    def sample(self, path: Path, places: list[int], **more: list) -> Path:
        """Write a labelled sample of some rows, numbered from 1."""
        columns = {"sampled_row": places, "label": [self.labels[place - 1] for place in places], **more}
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
        return path


@pytest.fixture
def predicted(tmp_path: Path) -> Predicted:
    """300 rows: two countries, ten years; honest probabilities; every tenth row abstained on."""
    generator = np.random.default_rng(5)
    shares = generator.dirichlet([1, 1, 2], 300).round(4)
    shares[:, 2] = (1 - shares[:, 0] - shares[:, 1]).round(4)
    codes = (generator.random(300)[:, None] > shares.cumsum(axis=1)).sum(axis=1).clip(max=2)
    rows = []
    for i, row in enumerate(shares):
        named = dict(zip(LABELS, row.tolist(), strict=True))
        label = "abstain" if i % 10 == 0 else max(named, key=named.get)
        own = {
            "id": f"s{i}",
            "country": "FR" if i % 3 else "DE",
            "date": f"{1990 + i % 10}-05-17",
            "text": f"Text {i}.",
        }
        stance = [label, f"{row.max():.4f}", *(f"{named[name]:.4f}" for name in STANCE_COLUMNS.classes), ""]
        rows.append({**own, **dict(zip(STANCE_COLUMNS.names, stance, strict=True))})
    path = tmp_path / "predicted.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return Predicted(path, [LABELS[code] for code in codes], rows)
