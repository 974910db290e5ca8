"""The pictures that README.md and docs/ show are those that their command draws."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")

ROOT = Path(__file__).resolve().parents[1]
PLOTS = runpy.run_path(str(ROOT / "docs" / "plots.py"))
SHOWN = {
    (page.parent / name).resolve()
    for page in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
    for name in re.findall(r"!\[[^]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
}


def texts(svg: bytes) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)", svg.decode("utf-8"))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, bytes]:
    """Those for which no encoder runs."""
    return PLOTS["cheap"](tmp_path_factory.mktemp("plots"))


def test_the_pictures_are_kept_as_they_are_drawn(drawn: dict[Path, bytes]):
    import matplotlib

    same = matplotlib.__version__.startswith(PLOTS["MADE_WITH"] + ".")
    for path, svg in drawn.items():
        kept = path.read_bytes()
        assert texts(kept) == texts(svg), f"{path.name}: run python docs/plots.py"
        assert kept == svg or not same, f"{path.name}: run python docs/plots.py"


def test_a_picture_is_drawn_alike_again():
    assert PLOTS["accuracy"]().svg == PLOTS["accuracy"]().svg


def test_every_picture_is_shown_and_small(drawn: dict[Path, bytes]):
    kept = {*ROOT.glob("docs/**/*.svg")}
    assert set(drawn) <= kept == SHOWN
    assert max(path.stat().st_size for path in kept) < 60_000
