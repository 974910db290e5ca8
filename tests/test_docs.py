"""Every example runs: docstrings, and the code blocks of README.md and of docs/."""

from __future__ import annotations

import doctest
import importlib
import os
import pkgutil
import re
import runpy
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import stancekit

ROOT = Path(__file__).resolve().parents[1]
NOT_RUN = "<!-- not run -->"
PYTHON = ("python", "py", "pycon")
NEEDS_MODEL = {"stancekit.features.encoder": "encoder"}
"""Modules whose examples use a model that an installation may be without."""
SHELL = ("sh", "bash", "shell", "console")
COMMANDS = ("stancekit ", "python training/")

PAGES = (
    "README.md",
    "docs/articles.md",
    "docs/batch.md",
    "docs/guide.md",
    "docs/coding.md",
    "docs/counting.md",
    "docs/reports.md",
    "docs/scaling.md",
    "docs/trust.md",
    "docs/tutorial.md",
)

MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(stancekit.__path__, "stancekit.")
    if not info.ispkg and not info.name.endswith("__main__")
)


@dataclass(frozen=True)
class Block:
    """A fenced block of code: its language, text, and the line on which its text begins."""

    language: str
    code: str
    line: int
    run: bool


def blocks_of(markdown: str) -> list[Block]:
    found: list[Block] = []
    lines = markdown.splitlines()
    opened: tuple[str, str, int] | None = None
    for number, line in enumerate(lines, 1):
        fence = re.match(r"\s*(`{3,}|~{3,})\s*([\w-]*)", line)
        if opened is None and fence:
            opened = (fence[1], fence[2].lower(), number)
        elif opened and line.strip() == opened[0]:
            _, language, start = opened
            code = "\n".join(lines[start : number - 1])
            before = next((text.strip() for text in reversed(lines[: start - 1]) if text.strip()), "")
            found.append(Block(language, code, start + 1, before != NOT_RUN))
            opened = None
    assert opened is None, f"line {opened[2]}: the code block is not closed" if opened else ""
    return found


def commands_of(block: Block) -> str:
    """What to type; in a console's transcript that is what follows a dollar sign."""
    lines = block.code.splitlines()
    if any(line.startswith("$ ") for line in lines):
        lines = [line[2:] for line in lines if line.startswith("$ ")]
    return "\n".join(lines)


def run_block(block: Block, name: str, namespace: dict[str, Any], folder: Path) -> bool:
    """Run one block; whether there was anything to run."""
    if not block.run:
        return False
    if block.language in PYTHON and ">>>" in block.code:
        example = doctest.DocTestParser().get_doctest(block.code, namespace, name, name, block.line)
        output: list[str] = []
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        assert runner.run(example, out=output.append, clear_globs=False).failed == 0, "".join(output)
        namespace.update(example.globs)
        return True
    if block.language in PYTHON:
        exec(compile("\n" * (block.line - 1) + block.code, name, "exec"), namespace)
        return True
    if block.language in SHELL and commands_of(block).lstrip().startswith(COMMANDS):
        environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(
            ["sh", "-e", "-c", commands_of(block)], capture_output=True, text=True, cwd=folder, env=environment
        )
        assert done.returncode == 0, f"{name}, line {block.line}:\n{block.code}\n{done.stderr}"
        return True
    return False


def run_file(path: Path, folder: Path) -> int:
    """Run a file's blocks from top to bottom in one namespace; how many were run."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    blocks = blocks_of(path.read_text(encoding="utf-8"))
    return sum(run_block(block, path.name, namespace, folder) for block in blocks)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder like a clone of the repository, in which examples may write."""
    for name in ("fixtures", "training", "README.md"):
        (tmp_path / name).symlink_to(ROOT / name)
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


@pytest.mark.parametrize("name", PAGES)
def test_code_blocks(name: str, folder: Path):
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"no {name}")
    runnable = [
        block
        for block in blocks_of(path.read_text(encoding="utf-8"))
        if block.run and (block.language in PYTHON or commands_of(block).lstrip().startswith(COMMANDS))
    ]
    assert run_file(path, folder) == len(runnable)


def test_the_sizing_is_that_of_the_measured_speed():
    script = runpy.run_path(str(ROOT / "docs" / "benchmarks" / "scaling.py"))
    written = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    assert written == script["page"](), "run: python docs/benchmarks/scaling.py --write"


SAMPLE = f"""# Title

```python
x = 1
```

~~~console
$ stancekit --version
stancekit 0.0.0
~~~

{NOT_RUN}

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
pip install stancekit
```

```csv
id,text
```

{NOT_RUN}
```sh
stancekit predict nowhere.csv -o out.csv
```
"""


def test_blocks_are_found_and_run_in_one_namespace(folder: Path):
    (folder / "sample.md").write_text(SAMPLE, encoding="utf-8")
    languages = ["python", "console", "python", "py", "pycon", "python", "sh", "csv", "sh"]
    assert [block.language for block in blocks_of(SAMPLE)] == languages
    assert [block.run for block in blocks_of(SAMPLE)] == [True, True, False, True, True, True, True, True, False]
    assert run_file(folder / "sample.md", folder) == 5
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
    ],
)
def test_a_wrong_example_is_noticed(folder: Path, text: str, error: type[Exception]):
    (folder / "sample.md").write_text(text, encoding="utf-8")
    with pytest.raises(error):
        run_file(folder / "sample.md", folder)


def test_the_demonstration_is_within_reach(folder: Path):
    block = Block("sh", "stancekit predict fixtures/demo/statements.csv -o labelled.csv --quiet", 1, True)
    assert run_block(block, "sample", {}, folder)
    with (folder / "labelled.csv").open(encoding="utf-8") as stream:
        assert "stance_confidence" in next(stream)
