"""Every example runs: docstrings, and the code blocks of README.md and of docs/."""

from __future__ import annotations

import csv
import doctest
import importlib
import os
import pkgutil
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import stancekit
from stancekit.cli.main import build_parser

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ("python", "py", "pycon")
NEEDS_MODEL = {"stancekit.features.encoder": "encoder"}
"""Modules whose examples use a model that an installation may be without."""
SHELL = ("sh", "bash", "shell", "console")
CODE = (*PYTHON, *SHELL, "r", "stata")
NOT_CODE = ("text", "json", "csv", "xml", "eval-rst", "sphinx_argparse_cli")

PAGES = ["README.md", *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/*.md"))]
PAGES += sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/reference/*.md"))

NOT_RUN = {
    "README.md": [
        "pip install .",
        'pip install ".[dev]" && pytest',
        "python training/train.py --model ngram --out runs/ngram",
    ],
    "docs/articles.md": ["pip install 'stancekit[articles,report]'"],
    "docs/batch.md": [
        'psql -c "copy statements to stdout csv header" | stancekit predict - -o - --format csv > labelled.csv'
    ],
    "docs/counting.md": ["library(dsl)"],
    "docs/r-and-stata.md": [
        "# From statements to a table and a regression, in base R (4.2 or later).",
        'read_table <- function(path) read.csv(path, encoding = "UTF-8", na.strings = "")',
        'stancekit("sample", "labelled.csv", "-n", "16", "-o", "sample.csv", "--overwrite")',
        'stancekit("prevalence", "labelled.csv", "--labelled", "sample.csv", "--export-dsl", "dsl.csv", "--overwrite")',
        'stancekit("export", "labelled.csv", "-o", "labelled.dta", "--overwrite")',
        "shell stancekit predict statements.csv -o labelled.csv",
        "mvdecode stance, mv(0=.a)",
        "shell stancekit prevalence labelled.csv --labelled sample.csv --by genre -o shares.csv",
        'import delimited labelled.csv, clear varnames(1) encoding("utf-8") ///',
        'import delimited dsl.csv, clear varnames(1) encoding("utf-8") numericcols(5/11)',
    ],
    "docs/reports.md": ["pip install 'stancekit[report]'"],
    "docs/scaling.md": [
        "stancekit distil speeches.csv.gz --out student --cascade student-and-encoder --min-agreement 0.97",
        "from pyspark.sql import SparkSession",
        'stance = stance_udf("student-and-encoder")  # a folder on a shared disk',
        "import dask.dataframe as dd",
    ],
    "docs/trust.md": ["python training/fit_trust.py --model encoder --check --real REAL.jsonl"],
}
"""The first line of every block that is not run, by page; the page says why. All others are run."""

COMMANDS = next(action for action in build_parser()._actions if action.choices).choices

MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(stancekit.__path__, "stancekit.")
    if not info.ispkg and not info.name.endswith("__main__")
)


@dataclass(frozen=True)
class Block:
    """A fenced block of code: its language, text, the line on which its text begins, and why it is not run."""

    language: str
    code: str
    line: int
    not_run: str = ""

    @property
    def is_code(self) -> bool:
        return self.language in CODE


def blocks_of(markdown: str) -> list[Block]:
    found: list[Block] = []
    lines = markdown.splitlines()
    opened: tuple[str, str, int] | None = None
    for number, line in enumerate(lines, 1):
        fence = re.match(r"\s*(`{3,}|~{3,})\s*\{?([\w-]*)", line)
        if opened is None and fence:
            opened = (fence[1], fence[2].lower(), number)
        elif opened and line.strip() == opened[0]:
            _, language, start = opened
            code = "\n".join(lines[start : number - 1])
            before = next((text.strip() for text in reversed(lines[: start - 1]) if text.strip()), "")
            reason = re.fullmatch(r"<!-- not run: (.+) -->", before)
            found.append(Block(language, code, start + 1, reason[1] if reason else ""))
            opened = None
        elif opened is None:
            assert not line.startswith("    "), f"line {number}: fence the code, and say its language"
            assert "<!-- not run -->" not in line, f"line {number}: say why it is not run"
    assert opened is None, f"line {opened[2]}: the code block is not closed" if opened else ""
    return found


def commands_of(block: Block) -> str:
    """What to type; in a console's transcript that is what follows a dollar sign."""
    lines = block.code.splitlines()
    if any(line.startswith("$ ") for line in lines):
        lines = [line[2:] for line in lines if line.startswith("$ ")]
    return "\n".join(lines)


def run_block(block: Block, name: str, namespace: dict[str, Any], folder: Path) -> None:
    """Run one block."""
    if block.language in PYTHON and ">>>" in block.code:
        example = doctest.DocTestParser().get_doctest(block.code, namespace, name, name, block.line)
        output: list[str] = []
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        assert runner.run(example, out=output.append, clear_globs=False).failed == 0, "".join(output)
        namespace.update(example.globs)
    elif block.language in PYTHON:
        exec(compile("\n" * (block.line - 1) + block.code, name, "exec"), namespace)
    else:
        assert block.language in SHELL, f"{name}, line {block.line}: nothing runs {block.language}"
        environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(
            ["sh", "-e", "-c", commands_of(block)], capture_output=True, text=True, cwd=folder, env=environment
        )
        assert done.returncode == 0, f"{name}, line {block.line}:\n{block.code}\n{done.stderr}"


def run_file(path: Path, folder: Path) -> int:
    """Run a file's blocks from top to bottom in one namespace; how many were run."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    blocks = [each for each in blocks_of(path.read_text(encoding="utf-8")) if each.is_code and not each.not_run]
    for block in blocks:
        run_block(block, path.name, namespace, folder)
    return len(blocks)


def write_csv(path: Path, names: str, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(names.split())
        writer.writerows(rows)


@pytest.fixture
def folder(tmp_path: Path, labelled: tuple[list[str], list[str]], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder like a clone of the repository, in which examples may write, with the files of a user."""
    for name in ("fixtures", "training", "README.md"):
        (tmp_path / name).symlink_to(ROOT / name)
    statements = ROOT / "fixtures" / "demo" / "statements.csv"
    for name in ("archive.csv", "IN.csv"):
        shutil.copyfile(statements, tmp_path / name)
    rows = [
        (text, label, f"genre {i % 2}", f"speech {i % 4}")
        for i, (text, label) in enumerate(zip(*labelled, strict=True))
    ]
    write_csv(tmp_path / "MINE.csv", "text label genre speech", rows)
    dated = [(text, "FR" if i % 2 else "DE", f"{1990 + i}-05-17") for i, (text, *_) in enumerate(rows[:12])]
    write_csv(tmp_path / "speeches.csv", "text country date", dated)
    write_csv(tmp_path / "targets.csv", "text target", [("Peru backed Chile.", "Chile")])
    monkeypatch.chdir(tmp_path)
    return tmp_path


# -- docstrings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name: str):
    if name in NEEDS_MODEL and NEEDS_MODEL[name] not in stancekit.shipped_models():
        pytest.skip(f"the model {NEEDS_MODEL[name]!r} is not installed")
    module = importlib.import_module(name)
    output: list[str] = []
    runner = doctest.DocTestRunner()
    for example in doctest.DocTestFinder().find(module, name):
        runner.run(example, out=output.append)
    assert runner.failures == 0, "".join(output)


def test_docstring_examples_are_found():
    """The walk reaches every folder of the package, and the examples are more than none."""
    files = {
        "stancekit." + ".".join(path.relative_to(Path(stancekit.__file__).parent).with_suffix("").parts)
        for path in Path(stancekit.__file__).parent.rglob("*.py")
        if not path.name.startswith("__")
    }
    assert files == set(MODULES)
    found = doctest.DocTestFinder().find(importlib.import_module("stancekit.text"))
    assert sum(len(test.examples) for test in found) > 0


@pytest.mark.parametrize("name", ["StanceClassifier", "NgramFeatures", "CueFeatures"])
def test_estimators_show_an_example(name: str):
    assert ">>> " in (getattr(stancekit, name).__doc__ or "")


# -- README and guide -----------------------------------------------------------------------------------------------


def read_blocks(name: str) -> list[Block]:
    return blocks_of((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PAGES)
def test_code_blocks(name: str, folder: Path):
    run_file(ROOT / name, folder)


def test_the_blocks_that_are_not_run_are_these():
    found = {name: [each.code.splitlines()[0] for each in read_blocks(name) if each.not_run] for name in PAGES}
    assert {name: firsts for name, firsts in found.items() if firsts} == NOT_RUN


@pytest.mark.parametrize("name", PAGES)
def test_every_block_says_its_language(name: str):
    assert [each for each in read_blocks(name) if each.language not in (*CODE, *NOT_CODE)] == []


ALL_PAGES = sorted({*PAGES, "CONTRIBUTING.md", *(str(path.relative_to(ROOT)) for path in ROOT.glob("*/**/*.md"))})
ALL_PAGES = [name for name in ALL_PAGES if not name.startswith((".", "build/", "dist/", "site/", "runs/"))]


def commands_on(name: str) -> list[list[str]]:
    """The words of each command in the code of a page, fenced or indented."""
    fenced, found = False, []
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith(("```", "~~~")):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            typed = re.match(r"\s*(?:\$ |psql .* \| )?((?:stancekit(?! <-)|python (?:training|docs)/\S+) [^|>]+)", line)
            found += [shlex.split(typed[1], comments=True)] if typed else []
    return found


@pytest.mark.parametrize("name", ALL_PAGES)
def test_every_command_is_one_that_there_is(name: str):
    """Also of blocks that are not run, and of pages that measure: the script is there and knows the options."""
    for words in commands_on(name):
        options = {word for word in words if word.startswith("--")}
        if words[0] == "python":
            script = (ROOT / words[1]).read_text(encoding="utf-8")
            assert {option for option in options if f'"{option}"' not in script} == set(), words
        elif words[1] in COMMANDS:
            assert options <= set(COMMANDS[words[1]]._option_string_actions), words
        else:
            assert words[1] == "--version", words


def test_commands_are_found():
    assert ["stancekit", "predict", "-", "-o", "-", "--format", "csv"] in commands_on("docs/batch.md")
    assert ["python", "docs/benchmarks/learning_curve.py", "--write"] in commands_on(
        "docs/benchmarks/learning_curve.md"
    )


@pytest.mark.parametrize("name", ALL_PAGES)
def test_every_extra_is_one_that_there_is(name: str):
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    table = pyproject.split("[project.optional-dependencies]")[1].split("\n\n")[0]
    known = set(re.findall(r"^(\w+) = ", table, re.MULTILINE))
    named = re.findall(r"(?:stancekit|[\"'`]\.)\[([\w,]+)\]", (ROOT / name).read_text(encoding="utf-8"))
    assert {extra for each in named for extra in each.split(",")} <= known


def test_the_sizing_is_that_of_the_measured_speed():
    script = runpy.run_path(str(ROOT / "docs" / "benchmarks" / "scaling.py"))
    written = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    assert written == script["page"](), "run: python docs/benchmarks/scaling.py --write"


SAMPLE = """# Title

```python
x = 1
```

~~~console
$ stancekit --version
stancekit 0.0.0
~~~

<!-- not run: it fails -->

```python
raise AssertionError
```

```py
assert x == 1
x += 1
open("made.txt", "w").close()
```

```pycon
>>> x
2
>>> y = 5
```

```python
assert y == 5
```

```sh
# a comment before it
stancekit --version
```

```csv
id,text
```

<!-- not run: no such file -->
```sh
stancekit predict nowhere.csv -o out.csv
```
"""


def test_blocks_are_found_and_run_in_one_namespace(folder: Path):
    (folder / "sample.md").write_text(SAMPLE, encoding="utf-8")
    languages = ["python", "console", "python", "py", "pycon", "python", "sh", "csv", "sh"]
    assert [block.language for block in blocks_of(SAMPLE)] == languages
    assert [place for place, block in enumerate(blocks_of(SAMPLE)) if block.not_run] == [2, 8]
    assert run_file(folder / "sample.md", folder) == 6
    assert (folder / "made.txt").exists()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("```python\nassert 1 == 2\n```", AssertionError),
        ("```python\nx = missing\n```", NameError),
        ("```python\n>>> 1 + 1\n3\n```", AssertionError),
        ("```sh\nstancekit predict nowhere.csv -o out.csv\n```", AssertionError),
        ("```sh\nstancekit fly\nstancekit --version\n```", AssertionError),
        ("```python\nx = 1\n", AssertionError),
        ("    stancekit --version\n", AssertionError),
        ("<!-- not run -->\n```python\nx = 1\n```\n", AssertionError),
        ("```r\nlibrary(dsl)\n```\n", AssertionError),
    ],
)
def test_a_wrong_example_is_noticed(folder: Path, text: str, error: type[Exception]):
    (folder / "sample.md").write_text(text, encoding="utf-8")
    with pytest.raises(error):
        run_file(folder / "sample.md", folder)


def test_the_demonstration_is_within_reach(folder: Path):
    block = Block("sh", "stancekit predict fixtures/demo/statements.csv -o labelled.csv --quiet", 1)
    run_block(block, "sample", {}, folder)
    with (folder / "labelled.csv").open(encoding="utf-8") as stream:
        assert "stance_confidence" in next(stream)
