"""Every check of the fixtures finds what was planted for it, and nothing in what is well."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import check_fixtures
import pytest

from stancekit.artifact import sha256_of
from stancekit.errors import InputError
from stancetrain import checks
from stancetrain.fixtures import Fixture, read_fixtures, split_of
from stancetrain.schema import FixtureRow

Make = Callable[..., dict[str, Any]]
LONG = "The ministers of both countries agreed on Monday to reopen the bridge across the river before the winter"


@pytest.fixture
def fixture(record: Make) -> Callable[..., Fixture]:
    lines = iter(range(1, 10_000))

    def make(text: str, doc: str = "d", **changes: Any) -> Fixture:
        line = next(lines)
        row = record(**{"id": f"r-{line}", "doc": doc, "n": line, "text": text, "targets": [], **changes})
        return Fixture(FixtureRow.model_validate(row), "documents", Path("made.jsonl"), line)

    return make


def test_repeated_ids(fixture: Callable[..., Fixture]):
    rows = [fixture("a b", id="x"), fixture("c d", id="y"), fixture("e f", id="x")]
    assert checks.repeated_ids(rows) == ["made.jsonl, line 3 (x): the id stands already in made.jsonl, line 1 (x)"]
    assert checks.repeated_ids(rows[:2]) == []


def test_duplicates_are_told_by_their_words(fixture: Callable[..., Fixture]):
    rows = [fixture("We welcome it."), fixture("We  WELCOME \u201cit\u201d!"), fixture("We welcome them.")]
    assert checks.duplicates(rows) == ["made.jsonl, line 2 (r-2): the same text as made.jsonl, line 1 (r-1)"]


def test_near_duplicates(fixture: Callable[..., Fixture], group_in: Callable[[str], str]):
    train, test = group_in("train"), group_in("test")
    rows = [
        fixture(LONG + ".", train),
        fixture(LONG + " sets in.", test),
        fixture(LONG + " ends.", train),
        fixture("Something else was said by the envoy on Monday", test),
    ]
    across = checks.near_duplicates(rows, across_splits_only=True)
    assert len(across) == 2
    assert all("near-duplicate of" in problem and "split" in problem for problem in across)
    assert across[0].startswith("made.jsonl, line 2 (r-2): near-duplicate of made.jsonl, line 1 (r-1) (0.8")
    assert across[0].endswith("splits train and test)")
    assert len(checks.near_duplicates(rows, across_splits_only=False)) == 3


@pytest.mark.parametrize(("kept", "found"), [(17, 1), (5, 0)])
def test_near_duplicates_share_most_of_their_runs(fixture: Callable[..., Fixture], kept: int, found: int):
    words = LONG.split()
    other = " ".join([*words[:kept], "and nothing else"])
    assert len(checks.near_duplicates([fixture(LONG), fixture(other)], across_splits_only=False)) == found


def test_overused_openings_and_phrases(fixture: Callable[..., Fixture]):
    rows = [fixture(f"Let me be clear about item {i}", doc=f"d{i}") for i in range(4)]
    rows += [fixture("Let me be clear about nothing", doc="d0"), fixture("A short one", doc="d9")]
    assert checks.overused(rows, 4, 3, openings=True) == [("let me be clear", 4)]
    assert checks.overused(rows, 4, 4, openings=True) == []
    phrases = checks.overused(rows, 3, 3, openings=False)
    assert ("me be clear", 4) in phrases
    assert phrases[0][1] == 4
    assert ("a short one", 1) in checks.overused(rows, 3, 0, openings=False)


def test_leakage_sees_labels_that_form_gives_away(fixture: Callable[..., Fixture]):
    told, hidden = [], []
    for i in range(120):
        label = ("concern", "endorsement", "neutrality")[i % 3]
        length = {"concern": 2, "endorsement": 12, "neutrality": 40}[label]
        told.append(fixture("word " * (length + i % 2) + "end", doc=f"d{i}", label=label))
        hidden.append(fixture("word " * (5 + (i // 3) % 4) + "end", doc=f"d{i}", label=label))
    assert checks.leakage(told) > 0.9
    assert checks.leakage(hidden) < 0.55


def test_overlaps_with_real_text():
    real = ["Indeed: " + " ".join(LONG.upper().split()[:14]) + ", and so on."]
    texts = [("here", LONG), ("there", " ".join(LONG.split()[:11])), ("elsewhere", "Something else")]
    (problem,) = checks.overlaps(texts, real, [])
    assert problem.startswith("here: shares 'the ministers of both countries agreed on")
    assert checks.overlaps(texts, real, [" ".join(LONG.split()[:14])]) == []
    assert len(checks.overlaps(texts, real, ["another set phrase"])) == 1


def test_label_shares(fixture: Callable[..., Fixture]):
    rows = [fixture("a"), fixture("b"), fixture("c", label=None, settled_by=None)]
    assert dict(checks.label_shares(rows)) == {"endorsement": 2}


# -- the script -------------------------------------------------------------------------------------------------------


def check(root: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    code = check_fixtures.main(["--fixtures", str(root), *options])
    return code, *capsys.readouterr()


@pytest.fixture
def settled(own_fixtures: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    check(own_fixtures, capsys, "--update-provenance")
    return own_fixtures


def append(root: Path, row: dict[str, Any], kind: str = "documents") -> None:
    with (root / kind / "all.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(row) + "\n")


def test_nothing_wrong(settled: Path, capsys: pytest.CaptureFixture[str]):
    code, out, err = check(settled, capsys)
    assert (code, err) == (0, "")
    assert out.endswith("no problems\n")
    assert "documents: 11 groups, 67 rows (concern 22, endorsement 22, neutrality 22; no label 1)" in out
    assert "statements: 24 groups, 24 rows" in out


def test_provenance_is_recorded(settled: Path):
    record = json.loads((settled / "provenance.json").read_text(encoding="utf-8"))
    entry = record["files"]["documents/all.jsonl"]
    assert entry == {"origin": "made by a test", "rows": 67, "sha256": sha256_of(settled / "documents" / "all.jsonl")}
    assert record["licence"] == "CC0-1.0"


def test_an_altered_file(settled: Path, capsys: pytest.CaptureFixture[str]):
    with (settled / "documents" / "all.jsonl").open("r+b") as stream:
        raw = stream.read().replace(b'"year": 1986', b'"year": 1987', 1)
        stream.seek(0)
        stream.write(raw)
    code, out, err = check(settled, capsys)
    assert (code, out.splitlines()[-1]) == (1, "1 problems")
    assert err.startswith("documents/all.jsonl: its SHA-256 differs from provenance.json")


def test_a_file_come_and_a_file_gone(settled: Path, capsys: pytest.CaptureFixture[str]):
    (settled / "statements" / "all.jsonl").rename(settled / "statements" / "new.jsonl")
    code, _, err = check(settled, capsys)
    assert code == 1
    assert err == (
        "statements/all.jsonl: in provenance.json but missing\n"
        "statements/new.jsonl: not in provenance.json; record its origin there\n"
    )


def test_a_file_gone_is_forgotten_when_provenance_is_updated(settled: Path, capsys: pytest.CaptureFixture[str]):
    (settled / "statements" / "all.jsonl").rename(settled / "statements" / "new.jsonl")
    assert check(settled, capsys, "--update-provenance")[0] == 0
    record = json.loads((settled / "provenance.json").read_text(encoding="utf-8"))
    assert list(record["files"]) == ["documents/all.jsonl", "statements/new.jsonl", "suites/out_of_domain.jsonl"]


def test_a_planted_id_text_and_near_duplicate(
    settled: Path, capsys: pytest.CaptureFixture[str], record: Make, group_in: Callable[[str], str]
):
    append(settled, record(id="z-1", doc=group_in("train"), text=LONG + ".", targets=[]))
    append(settled, record(id="z-1", doc="z", n=2, text="An envoy came.", targets=[]))
    append(settled, record(id="z-3", doc="z", n=3, text="An envoy came!", targets=[]))
    append(settled, record(id="z-4", doc=group_in("test"), text=LONG + " sets in.", targets=[]))
    code, _, err = check(settled, capsys, "--update-provenance")
    assert code == 1
    assert "line 69 (z-1): the id stands already in all.jsonl, line 68 (z-1)\n" in err
    assert "line 70 (z-3): the same text as all.jsonl, line 69 (z-1)\n" in err
    assert "line 71 (z-4): near-duplicate of all.jsonl, line 68 (z-1)" in err


def test_real_text(settled: Path, capsys: pytest.CaptureFixture[str], record: Make, tmp_path: Path):
    append(settled, record(id="z-1", doc="z", text=LONG + ".", targets=[]))
    (tmp_path / "real.jsonl").write_text(json.dumps({"text": LONG}) + "\n", encoding="utf-8")
    options = ("--update-provenance", "--real", str(tmp_path / "real.jsonl"))
    code, _, err = check(settled, capsys, *options)
    assert code == 1
    assert "(z-1): shares 'the ministers of both countries" in err
    (settled / "set_phrases.txt").write_text(f"# Set phrases\n{LONG}\n", encoding="utf-8")
    assert check(settled, capsys, *options)[0] == 0


def test_articles_are_recorded_and_compared_with_real_text(
    settled: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    (settled / "articles").mkdir()
    (settled / "articles" / "open.jsonl").write_text(json.dumps({"id": "a", "text": f"Lebane. {LONG}"}) + "\n")
    assert "articles/open.jsonl: not in provenance.json" in check(settled, capsys)[2]
    (tmp_path / "real.jsonl").write_text(json.dumps({"text": LONG}) + "\n", encoding="utf-8")
    code, _, err = check(settled, capsys, "--update-provenance", "--real", str(tmp_path / "real.jsonl"))
    assert code == 1
    assert f"{settled / 'articles' / 'open.jsonl'}:1: shares " in err


@pytest.mark.parametrize("raw", [b"{", b'{"words": "a"}\n', None])
def test_real_text_that_is_none(settled: Path, tmp_path: Path, raw: bytes | None, capsys: pytest.CaptureFixture[str]):
    if raw is not None:
        (tmp_path / "real.jsonl").write_bytes(raw)
    with pytest.raises(InputError, match=r"real\.jsonl: expected JSON Lines with a field 'text'"):
        check(settled, capsys, "--real", str(tmp_path / "real.jsonl"))


def test_a_bad_row_is_one_line(settled: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    append(settled, {"id": "z"})
    monkeypatch.setattr("sys.argv", ["check_fixtures.py"])
    assert check_fixtures.run(lambda: check_fixtures.main(["--fixtures", str(settled)])) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("check_fixtures.py: ")
    assert "all.jsonl, line 68, field " in err
    assert err.count("\n") == 1


def test_an_interruption_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    def interrupted() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.argv", ["folder/script.py"])
    assert check_fixtures.run(interrupted) == 130
    assert capsys.readouterr().err == "script.py: interrupted\n"


def test_the_small_fixtures_lie_in_every_split(fixtures_folder: Path):
    for kind in ("documents", "statements"):
        rows = read_fixtures(fixtures_folder, kinds=[kind])
        assert {split_of(f.row.group) for f in rows} == {"train", "validation", "calibration", "test"}
