from __future__ import annotations

import csv
import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from stancekit.analysis.article import COLUMNS
from stancekit.analysis.article_files import ArticleColumns, analyze_file, read_articles
from stancekit.errors import InputError, OutputError, StancekitError

from .conftest import ToyReader

FIRST, SECOND = "Peru backed <Chile>. Rain fell.", "Chile deplored <the levy>."
TABLE = [
    {"id": "a", "text": FIRST, "date": "1994-05-17", "speaker": "", "note": "x"},
    {"id": "b", "text": SECOND, "date": "", "speaker": "Peru", "note": "y"},
]


def write_table(path: Path, rows: list[dict[str, str]]) -> Path:
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# -- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["speech.txt", "speech.md", "speech", "speech.txt.gz"])
def test_one_text(tmp_path: Path, name: str):
    raw = ("\ufeff" + FIRST).encode("utf-8")
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    articles, total = read_articles(tmp_path / name)
    (article,) = articles
    assert (article.text, article.id, total) == (FIRST, "speech", 1)


def test_a_folder_in_the_order_of_its_names(tmp_path: Path):
    for name in ("b.txt", "a.txt", "notes.csv"):
        (tmp_path / name).write_text(f"{FIRST} {name}", encoding="utf-8")
    articles, total = read_articles(tmp_path)
    assert ([each.id for each in articles], total) == (["a", "b"], 2)


@pytest.mark.parametrize("name", ["in.csv", "in.jsonl"])
def test_a_table(tmp_path: Path, name: str):
    articles, total = read_articles(write_table(tmp_path / name, TABLE))
    first, second = articles
    assert (first.id, first.text, first.date, first.speaker) == ("a", FIRST, date(1994, 5, 17), "")
    assert (second.id, second.date, second.speaker, total) == ("b", None, "Peru", None)


def test_columns_of_other_names(tmp_path: Path):
    rows = [{"nr": "7", "body": FIRST, "day": "1994-05-17", "who": "Peru", "id": "not this"}]
    columns = ArticleColumns("body", "nr", "day", "who", "nr")
    (article,) = read_articles(write_table(tmp_path / "in.csv", rows), columns)[0]
    assert (article.id, article.title, article.speaker, article.date) == ("7", "7", "Peru", date(1994, 5, 17))


def test_rows_without_an_id_are_numbered(tmp_path: Path):
    rows = [{"text": FIRST}, {"text": SECOND}]
    assert [each.id for each in read_articles(write_table(tmp_path / "in.csv", rows))[0]] == ["1", "2"]


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("no.txt", None, "no such file"),
        ("empty.txt", b" \n", "is empty; give an article"),
        ("latin.txt", b"Lim\xe1 backed it.", "say so with --encoding"),
        ("folder/", None, "holds no .txt files"),
        ("page.pdf", b"%PDF", r"give a text \(.txt\), a folder of them, or a table"),
        ("in.csv", b"txt\nPeru\n", "no column 'text'"),
        ("in.csv", b"text,date\nPeru backed it.,May\n", "row 1: column 'date': 'May' is no date"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, name: str, raw: bytes | None, message: str):
    path = tmp_path / name
    if name.endswith("/"):
        path.mkdir()
    elif raw is not None:
        path.write_bytes(raw)
    with pytest.raises(InputError, match=message):
        list(read_articles(path)[0])


def test_a_column_that_is_named_must_be_there(tmp_path: Path):
    path = write_table(tmp_path / "in.csv", TABLE)
    with pytest.raises(InputError, match="no column 'day'"):
        list(read_articles(path, ArticleColumns(date="day"))[0])


def test_another_encoding(tmp_path: Path):
    (tmp_path / "in.txt").write_bytes("Limá backed it.".encode("latin-1"))
    (article,) = read_articles(tmp_path / "in.txt", encoding="latin-1")[0]
    assert article.text == "Limá backed it."


# -- writing ---------------------------------------------------------------------------------------------------------


def test_all_outputs(tmp_path: Path, toy: ToyReader):
    table = write_table(tmp_path / "in.csv", TABLE)
    out, page, counted = tmp_path / "out.csv", tmp_path / "out.html", tmp_path / "dyads.csv"
    calls: list[tuple[str, int, int | None]] = []
    summary = analyze_file(
        table, out, html=page, dyads=counted, by="year", model=toy, progress=lambda *call: calls.append(call)
    )
    rows = rows_of(out)
    assert tuple(rows[0]) == COLUMNS
    assert [(row["id"], row["actor_iso3"], row["target"], row["target_stance"]) for row in rows] == [
        ("a", "PER", "Chile", "endorsement"),
        ("b", "CHL", "the levy", "concern"),
    ]
    assert [(row["actor"], row["target"], row["period"], row["net"]) for row in rows_of(counted)] == [
        ("Peru", "Chile", "1994", "1.0000")
    ]
    assert "the levy" in page.read_text(encoding="utf-8")
    assert calls == [("articles", 1, None), ("articles", 2, None)]
    assert (summary.articles, summary.sentences, summary.statements, summary.linked) == (2, 3, 2, 2)
    text = summary.as_text()
    assert "statements  2 (endorsement 1, concern 1, neutrality 0; courtesies 0)" in text
    assert "Peru > Chile" in text


def test_json_lines(tmp_path: Path, toy: ToyReader):
    analyze_file(write_table(tmp_path / "in.csv", TABLE), tmp_path / "out.jsonl", json=True, model=toy)
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a", "b"]
    assert json.loads(lines[0])["statements"][0]["targets"][0]["text"] == "Chile"


def test_speaker_and_date_are_for_articles_without_their_own(tmp_path: Path, toy: ToyReader):
    rows = [{"text": "We deplore <it>.", "speaker": "Peru", "date": "1994-05-17"}, {"text": "We deplore <it>."}]
    table = write_table(tmp_path / "in.csv", [{**{"speaker": "", "date": ""}, **row} for row in rows])
    analyze_file(table, tmp_path / "out.csv", model=toy, speaker="Foreign Ministry of Chile", date="2001-01-01")
    found = [(row["date"], row["actor_iso3"]) for row in rows_of(tmp_path / "out.csv")]
    assert found == [("1994-05-17", "PER"), ("2001-01-01", "CHL")]


def test_nothing_is_written_where_a_later_row_fails(tmp_path: Path, toy: ToyReader):
    table = write_table(tmp_path / "in.csv", [*TABLE, {**TABLE[0], "date": "17 May"}])
    with pytest.raises(InputError, match="row 3"):
        analyze_file(table, tmp_path / "out.csv", dyads=tmp_path / "dyads.csv", model=toy)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_outputs_are_checked_before_anything_is_read(tmp_path: Path, toy: ToyReader):
    table = write_table(tmp_path / "in.csv", TABLE)
    kept = tmp_path / "out.csv"
    kept.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="exists"):
        analyze_file(table, tmp_path / "new.csv", html=kept, model=toy)
    with pytest.raises(OutputError, match="the same file"):
        analyze_file(table, tmp_path / "new.csv", dyads=tmp_path / "new.csv", model=toy)
    with pytest.raises(OutputError, match="the same file"):
        analyze_file(table, table, model=toy, overwrite=True)
    assert kept.read_text(encoding="utf-8") == "mine"
    analyze_file(table, kept, model=toy, overwrite=True)
    assert len(rows_of(kept)) == 2


def test_a_table_without_rows(tmp_path: Path, toy: ToyReader):
    (tmp_path / "in.csv").write_text("id,text\n", encoding="utf-8")
    with pytest.raises(StancekitError, match="has no articles"):
        analyze_file(tmp_path / "in.csv", tmp_path / "out.csv", model=toy)
    assert not (tmp_path / "out.csv").exists()


def test_courtesies_and_actors_reach_the_dyads(tmp_path: Path, toy: ToyReader):
    (tmp_path / "in.txt").write_text("Peru thanked <Chile>. Peru deplored <Chile>.", encoding="utf-8")
    assert analyze_file(tmp_path / "in.txt", model=toy).dyads.dyads[0].n == 2
    assert analyze_file(tmp_path / "in.txt", model=toy, courtesy=False).dyads.dyads[0].n == 1
