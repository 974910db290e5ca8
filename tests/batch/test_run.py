"""predict_file: answers, summary, and that nothing is written when something is wrong."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stancekit.batch.run import predict_file
from stancekit.errors import InputError, ModelError, OutputError
from stancekit.scoring import StanceModel

TABLE = (
    "id,text\n1,We deplore it.\n2,We welcome it.\n3,Nothing.\n4,\n"
    "5,We welcome what they did and what they said there.\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_answers_and_summary(table: Path, tmp_path: Path, model: StanceModel):
    out = tmp_path / "out.csv"
    summary = predict_file(table, out, model=model, min_confidence=0.5, summary=tmp_path / "summary.json")
    rows = rows_of(out)
    assert [row["stance"] for row in rows] == ["concern", "endorsement", "abstain", "abstain", "endorsement"]
    assert [row["stance_reason"] for row in rows] == ["", "", "low_confidence", "empty", "truncated"]
    assert rows[3]["stance_confidence"] == rows[3]["stance_neutrality"] == "0.3333"
    assert list(rows[0])[2:] == [
        "stance",
        "stance_confidence",
        "stance_endorsement",
        "stance_concern",
        "stance_neutrality",
        "stance_reason",
    ]
    assert summary.rows == 5
    assert summary.labels == {"endorsement": 2, "concern": 1, "neutrality": 0}
    assert summary.abstentions == {"empty": 1, "low_confidence": 1}
    assert summary.truncated == 1
    assert (summary.model, summary.version, summary.sha256) == ("tiny", "1.2", "f" * 64)
    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8")) == summary.as_dict()


def test_rows_whose_text_does_not_mention_the_target(tmp_path: Path, toward: StanceModel):
    rows = "We welcome Moscow.,the Kremlin\nWe welcome Moscow.,Peru\nWe deplore it.,\n"
    (tmp_path / "in.csv").write_text("text,who\n" + rows, encoding="utf-8")
    summary = predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=toward, target_column="who")
    answers = rows_of(tmp_path / "out.csv")
    assert [row["stance"] for row in answers] == ["endorsement", "abstain", "abstain"]
    assert [row["stance_reason"] for row in answers] == ["", "target_not_mentioned", "target_not_mentioned"]
    assert answers[1]["stance_endorsement"] == answers[0]["stance_endorsement"]
    assert summary.abstentions == {"target_not_mentioned": 2}


def test_summary_as_text(table: Path, tmp_path: Path, model: StanceModel):
    text = predict_file(table, tmp_path / "out.csv", model=model, min_confidence=0.5).as_text()
    assert text.startswith("5 rows in ")
    assert "  endorsement 2 (40.0%)\n  concern 1 (20.0%)\n  neutrality 0 (0.0%)\n" in text
    assert "  abstain 2 (40.0%): empty 1, low_confidence 1\n" in text
    assert "  1 long texts were labelled from their beginning only: see stancekit analyze\n" in text
    assert text.endswith("model tiny 1.2 (sha256 ffffffffffff)")


def test_jsonl(tmp_path: Path, model: StanceModel):
    (tmp_path / "in.jsonl").write_bytes(b'{"text": "We deplore it.", "x": [1, 2]}\r\n')
    predict_file(tmp_path / "in.jsonl", tmp_path / "out.jsonl", model=model)
    raw = (tmp_path / "out.jsonl").read_bytes()
    assert raw.startswith(b'{"text": "We deplore it.", "x": [1, 2], "stance": "concern", "stance_confidence": 0.')
    assert raw.endswith(b'"stance_reason": null}\r\n')


def test_other_labels_and_prefix(table: Path, tmp_path: Path, other_labels: StanceModel):
    predict_file(table, tmp_path / "out.csv", model=other_labels, prefix="p")
    rows = rows_of(tmp_path / "out.csv")
    assert list(rows[0])[2:] == ["p", "p_confidence", 'p_"no", never', "p_pro", "p_reason"]
    assert rows[0]["p"] == '"no", never'


def test_a_fitted_classifier_is_as_good_as_its_model(table: Path, tmp_path: Path, model: StanceModel):
    assert predict_file(table, tmp_path / "out.csv", model=SimpleNamespace(model_=model)).model == "tiny"


def test_header_only(tmp_path: Path, model: StanceModel):
    (tmp_path / "in.csv").write_bytes(b"text\n")
    summary = predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model)
    assert summary.rows == 0
    assert (tmp_path / "out.csv").read_bytes().startswith(b"text,stance,")
    assert "0 rows" in summary.as_text()


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=20),
    st.integers(1, 9),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
def test_answers_do_not_depend_on_the_blocks(tmp_path: Path, model: StanceModel, texts: list[str], block_rows: int):
    lines = ["text", *('"' + text.replace('"', '""') + '"' for text in texts)]
    (tmp_path / "in.csv").write_bytes("\n".join(lines).encode())
    for name, size in (("one", block_rows), ("two", 1000)):
        predict_file(tmp_path / "in.csv", tmp_path / f"{name}.csv", model=model, block_rows=size, overwrite=True)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_progress(table: Path, tmp_path: Path, model: StanceModel):
    seen: list[tuple[int, int, int | None]] = []
    predict_file(table, tmp_path / "out.csv", model=model, block_rows=2, progress=lambda *where: seen.append(where))
    size = table.stat().st_size
    assert [rows for rows, _, _ in seen] == [2, 4, 5]
    assert seen[-1] == (5, size, size)


def test_standard_input_and_output(monkeypatch: pytest.MonkeyPatch, model: StanceModel):
    out = io.BytesIO()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(TABLE.encode())))
    monkeypatch.setattr("sys.stdout", SimpleNamespace(buffer=out))
    assert predict_file("-", "-", model=model).rows == 5
    assert out.getvalue().count(b"\n") == 6


def test_checks_come_before_the_model(table: Path, tmp_path: Path):
    """Every mistake that the header shows is told without loading a model: here there is none."""
    with pytest.raises(InputError, match="no column 'txt'"):
        predict_file(table, tmp_path / "out.csv", model="no-such-model", text_column="txt")
    with pytest.raises(ModelError, match="no-such-model"):
        predict_file(table, tmp_path / "out.csv", model="no-such-model")
    assert os.listdir(tmp_path) == ["in.csv"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"min_confidence": 1.5}, "min_confidence must be between 0 and 1"),
        ({"block_rows": 0}, "block_rows must be at least 1"),
        ({"prefix": ""}, "prefix .* must not be empty"),
        ({"encoding": "hex"}, "'hex' is no encoding of text"),
        ({"workers": 0}, "workers must be at least 1, got 0"),
        ({"on_bad_row": "drop"}, "on_bad_row must be error or skip, got 'drop'"),
        ({"resume": True, "overwrite": True}, "give one of them"),
        ({"target_column": "who"}, "no column 'who'"),
        ({"encoding": "klingon"}, "no such encoding: 'klingon'"),
        ({"text_column": "Text"}, r"no column 'Text' \(did you mean 'text'\?\)"),
        ({"prefix": "id"}, "already has a column 'id'; .*--prefix"),
    ],
)
def test_bad_options(table: Path, tmp_path: Path, model: StanceModel, options: dict[str, object], message: str):
    with pytest.raises(InputError, match=message):
        predict_file(table, tmp_path / "out.csv", model=model, **options)
    assert os.listdir(tmp_path) == ["in.csv"]


def test_a_column_named_like_a_class(tmp_path: Path, model: StanceModel):
    (tmp_path / "in.csv").write_bytes(b"text,stance_concern\na,b\n")
    with pytest.raises(InputError, match="already has a column 'stance_concern'"):
        predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model)
    assert predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, prefix="new").rows == 1


@pytest.mark.parametrize("name", ["in.csv", "out.csv", "there.json"])
def test_the_summary_replaces_nothing(table: Path, tmp_path: Path, model: StanceModel, name: str):
    (tmp_path / "there.json").touch()
    with pytest.raises(OutputError, match=r"same file|exists"):
        predict_file(table, tmp_path / "out.csv", model=model, summary=tmp_path / name)
    assert sorted(os.listdir(tmp_path)) == ["in.csv", "there.json"]
