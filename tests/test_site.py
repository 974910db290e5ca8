"""The documentation is built as a site, strictly; it is whole, and needs nothing from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import stancekit
from stancekit.analysis.article import COLUMNS
from stancekit.analysis.dyads import DYAD_COLUMNS
from stancekit.analysis.shares import SHARE_COLUMNS
from stancekit.batch.columns import DEFAULT_PREFIX, StanceColumns
from stancekit.cli.main import build_parser
from stancekit.coding.columns import CODER_COLUMN, LABEL_COLUMN, PROBABILITY_COLUMN, ROW_COLUMN
from stancekit.labels import LABELS, Reason

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
LOADED = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src"}
"""What a browser fetches by itself."""


class _Addresses(HTMLParser):
    """The addresses that a page loads, and the anchors that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.anchors.add(found.get("id") or "")
        if LOADED.get(tag) in found:
            self.loaded.append(found[LOADED[tag]] or "")


def read(page: Path) -> _Addresses:
    parser = _Addresses()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sphinx", reason="the extra docs is not installed")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", "docs", ".", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def test_nothing_is_loaded_from_elsewhere(site: Path):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 40
    outside = {(page.name, address) for page in pages for address in read(page).loaded if "//" in address}
    assert outside == set()
    sheets = "".join(sheet.read_text(encoding="utf-8") for sheet in site.rglob("*.css"))
    assert re.findall(r"url\(['\"]?(?:https?:)?//|@import", sheets) == []


def test_what_a_page_loads_is_there(site: Path):
    for page in site.rglob("*.html"):
        for address in read(page).loaded:
            if not address.startswith(("data:", "#")):
                assert (page.parent / address.split("?")[0].split("#")[0]).exists(), (page.name, address)


def test_the_search_has_an_index_beside_it(site: Path):
    assert "Krippendorff".lower() in (site / "searchindex.js").read_text(encoding="utf-8").lower()


def test_every_exported_name_has_its_entry(site: Path):
    anchors = read(site / "docs/reference/api.html").anchors
    names = {name: getattr(stancekit, name) for name in stancekit.__all__}
    assert {name for name in names if f"stancekit.{name}" not in anchors} == set()


def test_every_command_and_option_has_its_entry(site: Path):
    anchors = {anchor.lower() for anchor in read(site / "docs/reference/cli.html").anchors}
    commands = next(action for action in build_parser()._actions if action.choices).choices
    wanted = {f"stancekit-{name}-{o}" for name, each in commands.items() for o in each._option_string_actions}
    assert {each for each in wanted if each.lower() not in anchors} == set()


def column_tables() -> dict[str, list[str]]:
    """The names in the first column of each section's first table."""
    text = (REFERENCE / "columns.md").read_text(encoding="utf-8")
    found = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        table = re.search(r"^\| --- .*\n((?:\|.*\n)+)", section, re.MULTILINE)
        cells = [row.split("|")[1] for row in table[1].splitlines()] if table else []
        found[section.splitlines()[0].strip("`")] = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    return found


def test_the_columns_are_those_that_are_written():
    tables = column_tables()
    assert tables == {
        "stancekit predict": list(StanceColumns.of(DEFAULT_PREFIX, LABELS).names),
        "stancekit analyze": list(COLUMNS),
        "stancekit analyze --dyads": list(DYAD_COLUMNS),
        "stancekit sample": [ROW_COLUMN, PROBABILITY_COLUMN, CODER_COLUMN, LABEL_COLUMN],
        "stancekit prevalence": list(SHARE_COLUMNS),
    }


def test_every_reason_is_told():
    text = (REFERENCE / "columns.md").read_text(encoding="utf-8")
    assert {reason.value for reason in Reason} == set(
        re.findall(r"^\| `(\w+)` \| (?:withheld|given)", text, re.MULTILINE)
    )


def test_every_file_and_key_of_a_model_is_told():
    text = (REFERENCE / "model-folder.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([^`]+)`", text))
    for name in stancekit.shipped_models():
        manifest = stancekit.load_model(name).manifest
        assert (set(manifest) | set(manifest["files"])) - told - {"quantised"} == set()


@pytest.mark.parametrize("folder", ["benchmarks", "decisions"])
def test_every_page_of_a_folder_is_in_its_table(folder: str):
    pages = {path.name for path in (ROOT / "docs" / folder).glob("*.md")} - {"README.md"}
    table = (ROOT / "docs" / folder / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(([\w.-]+\.md)\)", table)) == pages
