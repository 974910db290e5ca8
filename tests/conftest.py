"""Small models trained in memory, shared by the tests of the whole session."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from stancekit.classifier import StanceClassifier

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
