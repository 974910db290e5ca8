"""What stancekit weighs: its wheel, and what `pip install stancekit` adds to an empty environment.

    python docs/benchmarks/size.py > docs/benchmarks/size.md

Needs `build`; makes an environment of its own, and installs from the registry that pip is set to.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SMALLEST = 1.0

# run in the new environment: the bytes of each distribution's files
_SIZES = """
import json
from importlib.metadata import distributions
print(json.dumps({
    each.name: sum(path.stat().st_size for file in each.files or () if (path := each.locate_file(file)).is_file())
    for each in distributions()
}))
"""


def quietly(*command: str | Path) -> str:
    """The output of a command that has to succeed."""
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout


def installed(python: Path) -> dict[str, float]:
    """Megabytes of each distribution in an environment, compiled files included."""
    return {name: size / 1e6 for name, size in json.loads(quietly(python, "-c", _SIZES)).items()}


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        quietly(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT)
        (wheel,) = Path(folder).glob("*.whl")
        venv.create(Path(folder) / "venv", with_pip=True)
        python = Path(folder) / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        before = installed(python)
        quietly(python, "-m", "pip", "install", "--quiet", wheel)
        core = {name: size for name, size in installed(python).items() if name not in before}
        rows = [("the wheel", wheel.stat().st_size / 1e6), ("installed, with all that it needs", sum(core.values()))]
    large = sorted(((size, name) for name, size in core.items() if size >= SMALLEST), reverse=True)
    rows += [(f"of that `{name}`", size) for size, name in large]
    rows.append((f"of that {len(core) - len(large)} others", sum(size for size in core.values() if size < SMALLEST)))
    print(
        "# Size",
        "",
        "    python docs/benchmarks/size.py > docs/benchmarks/size.md",
        "",
        f"On {sys.platform} with Python {sys.version_info.major}.{sys.version_info.minor}; no extra.",
        "",
        "| what | MB |",
        "| --- | --- |",
        *(f"| {name} | {size:.1f} |" for name, size in rows),
        sep="\n",
    )


if __name__ == "__main__":
    main()
