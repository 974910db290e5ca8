"""Exit codes, and one line for every error."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import stancekit
from stancekit.cli import predict
from stancekit.errors import InputError

HEAVY = ("sklearn", "scipy", "pandas", "pyarrow", "datasets", "torch", "tqdm")


@pytest.mark.parametrize("command", ["predict", "evaluate", "explain", "info"])
def test_help_has_an_example(run, command: str):
    code, out, err = run(command, "--help")
    assert (code, err) == (0, "")
    assert f"example:\n  stancekit {command}" in out


def test_help_lists_the_commands(run):
    code, out, _ = run("--help")
    assert code == 0
    assert all(name in out for name in ("predict", "evaluate", "explain", "info"))


def test_version(run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(vars(stancekit), "__version__", "9.9")
    assert run("--version") == (0, "stancekit 9.9\n", "")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "the following arguments are required: COMMAND (see stancekit --help)"),
        (["fly"], "invalid choice: 'fly'"),
        (["predict", "a.csv"], "the following arguments are required: -o/--output (see stancekit predict --help)"),
        (["predict", "a.csv", "-o", "b.csv", "--min-confidence", "high"], "invalid float value: 'high'"),
        (["predict", "a.csv", "-o", "b.csv", "--over"], "unrecognized arguments: --over"),
    ],
)
def test_bad_usage_is_one_line(run, args: list[str], message: str):
    code, out, err = run(*args)
    assert (code, out) == (2, "")
    assert err.startswith("stancekit: ")
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code", "expected"),
    [
        (InputError("a.csv: wrong\nand  more"), 2, "stancekit: a.csv: wrong and  more\n"),
        (OSError(28, "No space left on device"), 2, "stancekit: [Errno 28] No space left on device\n"),
        (KeyboardInterrupt(), 130, "stancekit: interrupted\n"),
    ],
)
def test_errors_are_one_line(run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, expected: str):
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(predict, "predict_file", fail)
    assert run("predict", "a.csv", "-o", "b.csv") == (code, "", expected)


def _process(code: str, **options: object) -> subprocess.CompletedProcess[str]:
    root = str(Path(stancekit.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": root}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, **options)


def test_importing_the_command_line_imports_nothing_heavy():
    code = f"import sys, stancekit.cli.main; print([name for name in {HEAVY} if name in sys.modules])"
    assert _process(code).stdout == "[]\n"


def test_predicting_imports_nothing_heavy(folder: Path, model_folder: Path):
    (folder / "in.csv").write_text("text\nWe deplore it.\n", encoding="utf-8")
    args = ["predict", "in.csv", "-o", "out.csv", "--model", str(model_folder)]
    code = (
        f"import sys; from stancekit.cli.main import main; code = main({args!r}); "
        f"print(code, [name for name in {HEAVY} if name in sys.modules])"
    )
    assert _process(code, cwd=folder).stdout == "0 []\n"


def test_a_reader_that_has_enough_is_no_error(folder: Path, model_folder: Path):
    (folder / "in.csv").write_text("text\n" + "We deplore it.\n" * 20_000, encoding="utf-8")
    root = str(Path(stancekit.__file__).parents[1])
    command = [sys.executable, "-m", "stancekit", "predict", "in.csv", "-o", "-", "--model", str(model_folder)]
    with subprocess.Popen(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": root}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"text,stance,")
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141
