from __future__ import annotations

from pathlib import Path

TABLE = (
    "text,stance,stance_confidence,stance_reason,country,date\n"
    "We deplore it.,concern,0.9,,Peru,2021-03-01\n"
    "We welcome it.,endorsement,0.8,,Oman,2022-04-01\n"
    "Perhaps.,abstain,0.4,low_confidence,Oman,2022-05-01\n"
)


def test_page_and_figures(run, folder: Path):
    (folder / "in.csv").write_text(TABLE, encoding="utf-8")
    code, out, err = run(
        "report", "in.csv", "-o", "out.html", "--by", "country", "--time", "date", "--period", "month",
        "--figures", "figures", "--title", "Two lands",
    )  # fmt: skip
    assert (code, out, err) == (0, "", "")
    page = (folder / "out.html").read_text(encoding="utf-8")
    assert "<h1>Two lands</h1>" in page
    assert "2021-03" in page
    assert (folder / "figures" / "time.png").read_bytes().startswith(b"\x89PNG")


def test_what_predict_writes_is_read(run, folder: Path, model_folder: Path):
    (folder / "in.csv").write_text("text\nWe deplore it.\n\n", encoding="utf-8")
    assert run("predict", "in.csv", "-o", "out.csv", "--model", model_folder, "--prefix", "s", "--quiet")[0] == 0
    assert run("report", "out.csv", "-o", "out.html", "--prefix", "s")[0] == 0


def test_an_error_is_one_line_and_nothing_is_written(run, folder: Path):
    (folder / "in.csv").write_text(TABLE.replace("2022-04-01", "in April"), encoding="utf-8")
    code, out, err = run("report", "in.csv", "-o", "out.html", "--time", "date", "--figures", "figures")
    assert (code, out) == (2, "")
    assert err == (
        "stancekit: in.csv: row 2: column 'date': 'in April' is no date; write 2023-07-26, 2023-07 or 2023\n"
    )
    assert [path.name for path in folder.iterdir()] == ["in.csv"]


def test_an_unknown_period(run, folder: Path):
    code, _, err = run("report", "in.csv", "-o", "out.html", "--period", "week")
    assert code == 2
    assert len(err.splitlines()) == 1
