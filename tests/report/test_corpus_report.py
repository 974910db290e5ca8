from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from stancekit import report_file
from stancekit.errors import InputError, OutputError
from stancekit.report.corpus_report import corpus_report

from .conftest import ATTACK
from .test_pages import Tags


@pytest.fixture(scope="module")
def page(corpus_folder: Path) -> str:
    return (corpus_folder / "out.html").read_text(encoding="utf-8")


def test_all_that_the_file_has_is_on_the_page(page: str, corpus_folder: Path):
    tags = Tags(page)
    names = ["groups", "groups-in-time", "pairs", "time"]
    assert sorted(path.name for path in (corpus_folder / "figures").iterdir()) == sorted(
        f"{name}.{kind}" for name in names for kind in ("png", "svg")
    )
    images = [attributes for tag, attributes in tags.found if tag == "img"]
    assert len(images) == len(names)
    assert all(image["alt"] for image in images)
    ids = {attributes["id"] for _, attributes in tags.found if "id" in attributes}
    assert {"whole", "time", "groups", "pairs", "statements", "abstained", "method"} <= ids
    assert "stancekit prevalence" in tags.text
    assert "the model was less sure than was asked for" in tags.text


def test_links_within_the_page_lead_somewhere(page: str):
    tags = Tags(page)
    ids = {attributes["id"] for _, attributes in tags.found if "id" in attributes}
    links = {str(attributes["href"]) for tag, attributes in tags.found if tag == "a"}
    assert links
    assert all(link.startswith("#") and link[1:] in ids for link in links)


def test_nothing_of_the_file_becomes_markup(page: str):
    tags = Tags(page)
    assert not [tag for tag, attributes in tags.found if tag == "script" or "onerror" in attributes]
    assert tags.text.count("<script>alert") > 5
    assert "http" not in page.replace("http-equiv", "")


def test_a_plain_file_gives_a_plain_page(write: Callable[..., Path], tmp_path: Path):
    path = write(("text", "stance"), ("We welcome it.", "endorsement"))
    (tmp_path / "out.html").touch()
    report_file(path, tmp_path / "out.html", overwrite=True)
    tags = Tags((tmp_path / "out.html").read_text(encoding="utf-8"))
    assert not [tag for tag, _ in tags.found if tag == "img"]
    assert "Stances in in.csv" in tags.text
    assert "100.0%" in tags.text
    assert "confidence 0" not in tags.text


def test_labels_of_ones_own(write: Callable[..., Path], tmp_path: Path):
    path = write(("text", "stance", "actor", "target"), ("a", "for", "Peru", "it"), ("b", "against", "Peru", "it"))
    report = corpus_report(path)
    assert report.labels == ["against", "for"]
    assert report.pictures() == {}
    assert "net stance" not in report.html({}).lower()


def test_the_codebooks_labels_are_shown_even_if_none_has_one(write: Callable[..., Path]):
    report = corpus_report(write(("text", "stance"), ("a", "concern")))
    assert report.labels == ["endorsement", "concern", "neutrality"]


def test_the_largest_are_shown_and_the_rest_is_counted(write: Callable[..., Path]):
    lines = [("a", "concern", f"land {i % 40}") for i in range(41)]
    report = corpus_report(write(("text", "stance", "country"), *lines), by="country")
    assert len(report.groups) == 30
    assert next(iter(report.groups)) == "land 0"
    assert "The 30 largest of 40 are shown." in report.html(report.pictures())


def test_targets_are_those_of_the_actors_shown(write: Callable[..., Path]):
    lines = [("a", "concern", f"actor {i}", "common") for i in range(12) for _ in range(2)]
    lines += [("a", "concern", f"rare {i}", "elsewhere") for i in range(30)]
    report = corpus_report(write(("text", "stance", "actor", "target"), *lines))
    assert report.targets == ["common"]


def test_the_same_input_gives_the_same_page(predicted: Path, page: str):
    report = corpus_report(predicted, by="country", time="date", title=f"Corpus {ATTACK}")
    assert report.html(report.pictures()) == page


def test_outputs_are_checked_before_anything_is_read(predicted: Path, tmp_path: Path):
    out = tmp_path / "out.html"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"out\.html: exists; give another name, or --overwrite"):
        report_file(predicted, out)
    with pytest.raises(OutputError, match="input and output are the same file"):
        report_file(predicted, predicted, overwrite=True)
    with pytest.raises(OutputError, match="is not empty"):
        report_file(predicted, tmp_path / "new.html", figures=tmp_path)
    assert not (tmp_path / "new.html").exists()


def test_a_slip_in_a_date_is_named_not_drawn(write: Callable[..., Path]):
    path = write(("text", "stance", "date"), ("a", "concern", "0202-01-01"), ("b", "concern", "2023-01-01"))
    with pytest.raises(InputError, match=r"in\.csv: column 'date' runs from 0202 to 2023; correct the date"):
        corpus_report(path, time="date")


def test_a_gap_in_time_is_a_gap(write: Callable[..., Path]):
    path = write(("text", "stance", "date"), ("a", "concern", "2019"), ("b", "concern", "2022"))
    report = corpus_report(path, time="date")
    assert report.periods == ["2019", "2020", "2021", "2022"]
    assert set(report.pictures()) == {"time"}
