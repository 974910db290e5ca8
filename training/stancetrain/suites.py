"""Behavioural suites (in the manner of CheckList, Ribeiro et al. 2020): cases, swaps and pass rates."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from stancekit.errors import InputError
from stancekit.scoring import Model
from stancetrain.outsiders import OUTSIDERS
from stancetrain.schema import Label, Text

SWAPS = "swaps.json"


class Case(BaseModel):
    """A sentence with the label that the codebook gives it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: str
    suite: str
    text: Text
    label: Label
    pair: str | None
    rule: int | None


@dataclass(frozen=True)
class Rate:
    """How many cases of a suite passed."""

    kind: Literal["label", "unchanged"]
    passed: int
    cases: int

    @property
    def share(self) -> float:
        return self.passed / self.cases


def read_cases(folder: Path) -> list[Case]:
    """The written cases of all suites.

    Raises
    ------
    InputError
        At the first case that does not fit; names file, line and field.
    """
    cases = []
    for path in sorted(set(folder.glob("*.jsonl")) - {folder / OUTSIDERS}):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                cases.append(Case.model_validate_json(line))
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(str(part) for part in first["loc"]) or "row"
                raise InputError(f"{path}, line {number}, field {field!r}: {first['msg']}") from error
    return cases


def swapped(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Groups of texts that differ in a country, or in a person's name, gender and title alone: the label must not."""
    record = json.loads((folder / SWAPS).read_text(encoding="utf-8"))
    for sentence in record["sentences"]:
        yield "country_swaps", [sentence.replace("{country}", country) for country in record["countries"]]
    for sentence in record["people_sentences"]:
        yield "person_swaps", [sentence.format(**person) for person in record["people"]]


def run_suites(model: Model, folder: Path) -> dict[str, Rate]:
    """Pass rates of every suite, by name.

    A written case passes with its label; of a group of swaps, those pass whose label is the group's most frequent.
    """
    rates: dict[str, Rate] = {}
    by_suite: dict[str, list[Case]] = defaultdict(list)
    for case in read_cases(folder):
        by_suite[case.suite].append(case)
    for suite, cases in sorted(by_suite.items()):
        labels = labels_of(model, [case.text for case in cases])
        passed = sum(label == case.label for label, case in zip(labels, cases, strict=True))
        rates[suite] = Rate("label", passed, len(cases))
    groups: dict[str, list[list[str]]] = defaultdict(list)
    for suite, texts in swapped(folder):
        groups[suite].append(labels_of(model, texts))
    for suite, answers in groups.items():
        unchanged = sum(Counter(labels).most_common(1)[0][1] for labels in answers)
        rates[suite] = Rate("unchanged", unchanged, sum(map(len, answers)))
    return rates


def labels_of(model: Model, texts: Sequence[str]) -> list[str]:
    return [model.classes[i] for i in model.predict_proba(texts).argmax(axis=1)]
