from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pytest

from stancekit import InputError, MissingExtraError, audit, audit_file
from stancekit.coding.audit import DUPLICATE, UNLIKELY

CLASSES = ["concern", "endorsement", "neutrality"]


def honest(n: int) -> tuple[list[str], list[str], np.ndarray]:
    """Texts with labels, and a model that is right and rather sure."""
    codes = np.arange(n) % 3
    shares = np.full((n, 3), 0.05)
    shares[np.arange(n), codes] = 0.9
    return [f"Text {i}." for i in range(n)], [CLASSES[code] for code in codes], shares


def test_wrong_labels_are_found_and_right_ones_left_alone():
    texts, labels, shares = honest(90)
    for i in (4, 40, 77):
        labels[i] = CLASSES[(CLASSES.index(labels[i]) + 1) % 3]
    found = audit(texts, labels, shares, CLASSES)
    assert [(each.row, each.reason) for each in found.findings] == [(5, UNLIKELY), (41, UNLIKELY), (78, UNLIKELY)]
    assert all(each.suggested == CLASSES[(each.row - 1) % 3] for each in found.findings)
    assert "3 of unlikely label" in found.as_text()


def test_equal_texts_with_different_labels():
    texts, labels, shares = honest(30)
    texts[0], texts[1] = "We  DEPLORE it.", "we deplore it."
    texts[3], texts[6] = "The same.", "The same."
    found = audit(texts, labels, shares, CLASSES)
    assert [(each.row, each.suggested, each.reason) for each in found.findings] == [
        (1, "endorsement", DUPLICATE),
        (2, "concern", DUPLICATE),
    ]


def test_a_label_that_nobody_gave_is_no_problem():
    texts, labels, shares = honest(60)
    kept = [i for i, label in enumerate(labels) if label != "neutrality"]
    found = audit([texts[i] for i in kept], [labels[i] for i in kept], shares[kept], CLASSES)
    assert found.findings == ()
    assert audit(texts[:1], labels[:1], shares[:1], CLASSES).findings == ()


def test_a_file_by_a_model_and_by_folds(small_folder: Path, labelled, tmp_path: Path):
    texts, labels = labelled
    labels = list(labels)
    wrong = texts.index("We condemn the attack on the convoy.")
    labels[wrong] = "endorsement"
    path = tmp_path / "mine.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["text", "label"], *zip(texts, labels, strict=True)])
    by_model = audit_file(path, tmp_path / "out.csv", model=small_folder)
    assert wrong + 1 in [each.row for each in by_model.findings]
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["row", "text", "label", "suggested", "quality", "reason"]
    assert [int(row["row"]) for row in rows] == [each.row for each in by_model.findings]
    by_folds = audit_file(path, model="ngram", folds=3)
    # the text stands twice, once with each label: found whatever the folds say
    assert wrong + 1 in [each.row for each in by_folds.findings]


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("text,label\na,concern\nb,Concern\n", {}, r"in\.csv: column 'label': row 2: label 'Concern'"),
        ("text,label\n", {}, "no rows to audit"),
        ("text,lable\na,b\n", {}, "did you mean 'lable'"),
        ("text,label\na,x\nb,x\nc,y\n", {"folds": 2}, "2 folds need as many rows of every label; 'y' has 1"),
    ],
)
def test_mistakes_are_told(small_folder: Path, tmp_path: Path, text: str, options: dict, message: str):
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        audit_file(tmp_path / "in.csv", model=small_folder, **options)


def test_lengths_must_agree():
    texts, labels, shares = honest(9)
    with pytest.raises(InputError, match="9 texts, 8 labels"):
        audit(texts, labels[:8], shares, CLASSES)


def test_a_missing_package_says_what_to_type(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "cleanlab.filter", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'stancekit\[audit\]'"):
        audit(*honest(9), CLASSES)
