from __future__ import annotations

from pathlib import Path

import pandas as pd


def test_a_stata_data_set(run, folder: Path, predicted):
    assert run("export", "predicted.csv", "-o", "out.dta") == (0, "wrote out.dta (300 rows)\n", "")
    assert set(pd.read_stata("out.dta")["stance"]) == {"abstain", "concern", "endorsement", "neutrality"}
    code, _, err = run("export", "predicted.csv", "-o", "out.dta")
    assert (code, err) == (2, "stancekit: out.dta: exists; give another name, or --overwrite (overwrite=True)\n")
    assert run("export", "predicted.csv", "-o", "out.dta", "--overwrite")[0] == 0


def test_predict_names_the_command(run, folder: Path, predicted):
    code, _, err = run("predict", "predicted.csv", "-o", "out.dta")
    assert code == 2
    assert "stancekit export makes a data set for Stata of it" in err
