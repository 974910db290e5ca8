from __future__ import annotations

import csv
from pathlib import Path

import pytest

from stancekit import InputError, OutputError, agreement_file, prevalence_file, sample_file

LONG = """unit,coder,label,text
1,ann,concern,We deplore it.
1,ben,concern,We deplore it.
2,ann,neutrality,They met.
2,ben,endorsement,They met.
3,ann,endorsement,We hail it.
3,ben,,We hail it.
"""
WIDE = """id,ann,ben,text
1,concern,concern,We deplore it.
2,neutrality,endorsement,They met.
3,endorsement,,We hail it.
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_long_and_wide_are_one(tmp_path: Path):
    long = agreement_file([write(tmp_path / "long.csv", LONG)], resamples=0)
    wide = agreement_file([write(tmp_path / "wide.csv", WIDE)], coder_columns=["ann", "ben"], resamples=0)
    assert long == wide
    assert (long.coders, long.units, long.alone) == (("ann", "ben"), 2, 1)


def test_rows_to_discuss_and_rows_agreed(tmp_path: Path):
    path = write(tmp_path / "long.csv", LONG)
    agreement_file([path], disputed=tmp_path / "d.csv", agreed=tmp_path / "a.csv", resamples=0)
    head = ["unit", "text", "label_ann", "label_ben", "label"]
    assert read(tmp_path / "d.csv") == [head, ["2", "They met.", "neutrality", "endorsement", ""]]
    assert read(tmp_path / "a.csv") == [
        head,
        ["1", "We deplore it.", "concern", "concern", "concern"],
        ["3", "We hail it.", "endorsement", "", "endorsement"],
    ]


def test_without_a_coder_the_file_is_the_coder(tmp_path: Path):
    first = write(tmp_path / "ann.csv", "unit,label\n1,a\n2,b\n3,a\n")
    second = write(tmp_path / "ben.csv", "unit,label\n3,b\n2,b\n1,a\n")
    found = agreement_file([first, second], resamples=0)
    assert (found.coders, found.disputed) == (("ann", "ben"), (2,))


def test_from_the_sample_to_the_shares(predicted, tmp_path: Path):
    """Two coders who differ now and then; what they agree on and what they settle goes on to the shares."""
    sample_file(predicted.path, tmp_path / "s.csv", 60, coders=2, overlap=40)
    for coder, every in ((1, 7), (2, 9)):
        path = tmp_path / f"s-coder{coder}.csv"
        head, *rows = read(path)
        for i, row in enumerate(rows):
            row[-1] = "neutrality" if i % every == 0 else predicted.labels[int(row[0]) - 1]
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([head, *rows])
    sheets = [tmp_path / "s-coder1.csv", tmp_path / "s-coder2.csv"]
    found = agreement_file(sheets, disputed=tmp_path / "d.csv", agreed=tmp_path / "a.csv", resamples=50)
    assert (found.units, found.alone) == (40, 20)
    assert 0 < len(found.disputed) < 12
    head, *rows = read(tmp_path / "d.csv")
    assert head[:3] == ["sampled_row", "sampling_probability", "text"]
    settled = [[*row[:-1], predicted.labels[int(row[0]) - 1]] for row in rows]
    with (tmp_path / "d.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([head, *settled])
    shares = prevalence_file(predicted.path, [tmp_path / "a.csv", tmp_path / "d.csv"])
    assert shares.shares[0].labelled == 60
    with pytest.raises(InputError, match="settle the coders' labels first"):
        prevalence_file(predicted.path, sheets)


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (
            LONG + "1,ann,neutrality,We deplore it.\n",
            {},
            r"row 7: 'ann' labels unit '1' 'neutrality', and 'concern' before",
        ),
        (LONG, {"unit_column": "units"}, "did you mean 'unit'"),
        (LONG, {"label_column": "lable"}, "did you mean 'label'"),
        (WIDE, {"coder_columns": ["ann", "bob"]}, "no column 'bob'"),
        (WIDE, {"coder_columns": ["ann"]}, "two or more columns of one file"),
        (WIDE, {}, "no column 'label'"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, text: str, options: dict, message: str):
    with pytest.raises(InputError, match=message):
        agreement_file([write(tmp_path / "in.csv", text)], resamples=0, **options)


def test_outputs_must_differ_from_inputs_and_from_each_other(tmp_path: Path):
    path = write(tmp_path / "long.csv", LONG)
    with pytest.raises(OutputError, match="same file"):
        agreement_file([path], disputed=path, overwrite=True)
    with pytest.raises(OutputError, match="same file"):
        agreement_file([path], disputed=tmp_path / "x.csv", agreed=tmp_path / "x.csv")
