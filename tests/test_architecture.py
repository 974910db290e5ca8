"""What may import what, and what is loaded when."""

from __future__ import annotations

import ast
import csv
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import stancekit

PACKAGE = Path(stancekit.__file__).parent
ROOT = PACKAGE.parent
REPOSITORY = Path(__file__).resolve().parents[1]
MODULES = sorted(PACKAGE.rglob("*.py"))
STANDARD = set(sys.stdlib_module_names)

TRAINING = {path.stem for path in (REPOSITORY / "training").glob("*.py")} | {"training", "stancetrain"}
HEAVY = (
    "sklearn",
    "scipy",
    "pandas",
    "polars",
    "pyarrow",
    "datasets",
    "torch",
    "transformers",
    "joblib",
    "tqdm",
    "jinja2",
    "matplotlib",
)

ESTIMATORS = {"classifier.py", "features/blocks.py", "features/cues.py", "features/encoder.py", "features/ngrams.py"}
"""The modules that may import scikit-learn and scipy: the estimators, loaded on first use only."""

PREDICTION = {"numpy", "onnxruntime", "tokenizers"}
"""All that prediction needs beside the standard library."""

LAZY = {
    "analysis/_tables.py": {"pandas"},
    "analysis/sentences.py": {"sentencex"},
    "batch/compression.py": {"backports", "compression"},
    "batch/frames.py": {"polars", "pyarrow"},
    "batch/parquet_format.py": {"pyarrow"},
    "batch/stata.py": {"pandas"},
    "batch/unfinished.py": {"filelock"},
    "calibration.py": {"scipy"},
    "cascade.py": {"scipy"},
    "cli/progress.py": {"tqdm"},
    "coding/agreement.py": {"krippendorff"},
    "coding/audit.py": {"cleanlab", "sklearn"},
    "distillation.py": {"sklearn"},
    "features/_kernel.py": {"stancekit_fast"},
    "integrations/_labeller.py": {"pandas"},
    "integrations/dask.py": {"pandas"},
    "integrations/spark.py": {"pandas", "pyarrow", "pyspark"},
    "report/corpus_figures.py": {"matplotlib"},
    "report/evaluation.py": {"sklearn"},
    "report/evaluation_figures.py": {"matplotlib"},
    "report/figures.py": {"matplotlib"},
    "report/pages.py": {"jinja2"},
}
"""Imports inside functions: for fitting, for scoring, for drawing, and for what a person watches."""


def imports(path: Path, *, top_only: bool = False) -> Iterator[str]:
    """Modules that a file imports; with ``top_only`` on import alone, type-checking blocks left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = _at_import(tree.body) if top_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            yield node.module or ""


def _at_import(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        yield node
        for part in ("body", "orelse", "finalbody"):
            yield from _at_import(getattr(node, part, []))
        for handler in getattr(node, "handlers", []):
            yield from _at_import(handler.body)


def roots(path: Path, **options: bool) -> set[str]:
    return {name.split(".")[0] for name in imports(path, **options)}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def run(code: str, *, cwd: Path | None = None) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, env=environment, cwd=cwd
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


LOADED = (
    f"import sys; print([name for name in {(*HEAVY, 'numpy', 'onnxruntime', 'tokenizers')!r} if name in sys.modules])"
)


# -- what may import what -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_package_never_imports_training(path: Path):
    assert not roots(path) & TRAINING


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path) not in ESTIMATORS], ids=name_of)
def test_all_but_the_estimators_import_numpy_and_the_standard_library_only(path: Path):
    allowed = STANDARD | PREDICTION | {"stancekit"} | LAZY.get(name_of(path), set())
    assert roots(path) <= allowed
    assert roots(path, top_only=True) <= STANDARD | {"numpy", "stancekit"}


@pytest.mark.parametrize(
    "path", [PACKAGE / name for name in sorted(ESTIMATORS) if (PACKAGE / name).exists()], ids=name_of
)
def test_the_estimators_import_scikit_learn_and_scipy_beside(path: Path):
    assert roots(path) <= STANDARD | PREDICTION | {"stancekit", "sklearn", "scipy", "threadpoolctl"}


@pytest.mark.parametrize(
    "name",
    ["scoring.py", "calibration.py", "artifact.py", "text.py", "labels.py", "errors.py", "features/_cue_block.py"],
)
def test_the_core_does_not_import_the_estimators_even_inside_functions(name: str):
    estimators = {"stancekit." + name.removesuffix(".py").replace("/", ".") for name in ESTIMATORS}
    assert not set(imports(PACKAGE / name)) & estimators


@pytest.mark.parametrize("name", ["labels.py", "errors.py"])
def test_closed_lists_and_errors_import_nothing_of_ours(name: str):
    assert roots(PACKAGE / name) <= STANDARD


def test_commands_import_the_work_and_the_work_no_command():
    for path in MODULES:
        if not name_of(path).startswith("cli/") and name_of(path) != "__main__.py":
            assert not any(name.startswith("stancekit.cli") for name in imports(path)), path


def test_no_module_is_left_out():
    assert {name for name in ESTIMATORS if name != "features/encoder.py"} <= {name_of(path) for path in MODULES}
    assert len(MODULES) > 30


def test_no_cycle_at_import():
    """Modules import each other in one direction, so that each can be read and imported alone."""
    names = {"stancekit." + name_of(path).removesuffix(".py").replace("/", "."): path for path in MODULES}
    names = {name.removesuffix(".__init__"): path for name, path in names.items()}
    edges = {
        name: {found for found in imports(path, top_only=True) if found in names and found != name}
        for name, path in names.items()
    }
    done: set[str] = set()
    while ready := {name for name, needs in edges.items() if name not in done and needs <= done}:
        done |= ready
    assert done == set(edges)


# -- what is loaded when ---------------------------------------------------------------------------------------------


def test_import_stancekit_loads_nothing_heavy():
    assert run(f"import stancekit; {LOADED}") == "[]"


@pytest.mark.parametrize("name", ["LABELS", "Reason", "InputError"])
def test_lists_and_errors_load_not_even_numpy(name: str):
    assert run(f"from stancekit import {name}; {LOADED}") == "[]"


@pytest.mark.parametrize("name", ["Prediction", "load_model", "predict_batches", "predict_file", "Explanation"])
def test_prediction_loads_numpy_only(name: str):
    assert run(f"from stancekit import {name}; {LOADED}") == "['numpy']"


@pytest.mark.parametrize("model", ["ngram"])
def test_predicting_a_csv_loads_numpy_only(tmp_path: Path, model: str):
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["id", "text"], [1, "We deplore the blockade."], [2, ""]])
    arguments = ["predict", "in.csv", "-o", "out.csv", "--model", model, "--quiet"]
    code = f"from stancekit.cli.main import main; assert main({arguments!r}) == 0; {LOADED}"
    assert run(code, cwd=tmp_path) == "['numpy']"
    assert "concern" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_counting_and_sampling_load_numpy_only(tmp_path: Path):
    head = "text,stance,stance_confidence,stance_endorsement,stance_concern,stance_neutrality,stance_reason\n"
    (tmp_path / "in.csv").write_text(head + "We met.,neutrality,0.8,0.1,0.1,0.8,\n" * 9, encoding="utf-8")
    commands = [["prevalence", "in.csv", "--method", "naive"], ["sample", "in.csv", "-n", "3", "-o", "out.csv"]]
    code = f"from stancekit.cli.main import main; assert not any(map(main, {commands!r})); {LOADED}"
    assert run(code, cwd=tmp_path).splitlines()[-1] == "['numpy']"


def test_explaining_loads_numpy_only():
    arguments = ["explain", "We deplore it.", "--model", "ngram"]
    code = f"from stancekit.cli.main import main; assert main({arguments!r}) == 0; {LOADED}"
    assert run(code).splitlines()[-1] == "['numpy']"


def test_importing_reads_no_file_of_the_package_but_its_modules():
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "import stancekit, stancekit.cli.main, stancekit.scoring, stancekit.features._cue_block\n"
        f"print([path for path in opened if path.startswith({str(PACKAGE)!r}) and '.py' not in path])"
    )
    assert run(code) == "[]"


# -- public names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", stancekit.__all__)
def test_every_public_name_is_there(name: str):
    assert getattr(stancekit, name) is not None
    assert name in dir(stancekit)


def test_public_names_are_sorted_and_once():
    assert len(set(stancekit.__all__)) == len(stancekit.__all__)
    assert set(stancekit.__all__) == set(stancekit._HOME_OF)


def test_a_star_import_gives_them_all():
    assert run("from stancekit import *; print(StanceClassifier.__name__, LABELS)").startswith("StanceClassifier (")


def test_other_names_are_not_there():
    with pytest.raises(AttributeError, match="module 'stancekit' has no attribute 'nothing'"):
        stancekit.nothing  # noqa: B018
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        stancekit.features.nothing  # noqa: B018


def test_the_features_alone():
    code = "from stancekit.features import CueFeatures, NgramFeatures; print(CueFeatures().fit([]), NgramFeatures())"
    assert run(code) == "CueFeatures() NgramFeatures()"


def test_every_error_is_a_stancekit_error():
    from stancekit import errors

    found = [
        value for value in vars(errors).values() if isinstance(value, type) and value.__module__ == errors.__name__
    ]
    assert len(found) == 6
    assert all(issubclass(error, stancekit.StancekitError) and error.__doc__ for error in found)


# -- one version -----------------------------------------------------------------------------------------------------


def test_one_version():
    (version,) = re.findall(
        r'^version = "(.+)"$', (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert stancekit.__version__ == version
    citation = (REPOSITORY / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in citation
