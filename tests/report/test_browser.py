"""The pages in a real browser: Chromium without a window, if it is installed.

A probe is added to a copy of each page; it runs when the page is loaded, measures, and leaves what it found in
the page, which Chromium prints.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stancekit import report_file
from stancekit.analysis.article import Analysis
from stancekit.report.article import article_html
from stancekit.report.evaluation_report import PAGE, evaluation_report
from stancekit.report.labelled import LabelledRows

from .conftest import ATTACK

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=5000",
)
WIDTHS = (1200, 500)
"""In pixels; Chromium's windows are no narrower than the second."""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

PROBE = """
<script>
addEventListener("load", () => {
  const shown = element => { const box = element.getBoundingClientRect(); return box.width > 0 && box.height > 0; };
  const all = selector => [...document.querySelectorAll(selector)];
  const found = {
    headings: all("h1, h2").filter(shown).map(element => element.textContent.trim()),
    hidden: all("h1, h2, h3, img, table, .quotes").filter(element => !shown(element)).length,
    images: all("img").map(image => image.complete && image.naturalWidth > 100),
    overflow: document.documentElement.scrollWidth - innerWidth,
    untold: all("table").filter(table => !table.caption || !table.caption.textContent.trim()).length,
    requests: performance.getEntriesByType("resource").filter(entry => !entry.name.startsWith("data:")).length,
  };
  const mark = document.querySelector("mark");
  if (mark) {
    const gloss = mark.querySelector(".gloss");
    const before = getComputedStyle(gloss).display;
    mark.focus();
    // :focus holds in a window that has the focus only, which one without a screen may not get
    for (const sheet of document.styleSheets) {
      for (const rule of [...sheet.cssRules].filter(each => /:focus(?!-)/.test(each.selectorText))) {
        sheet.insertRule(rule.cssText.replaceAll(":focus", ".focused"), sheet.cssRules.length);
      }
    }
    mark.classList.add("focused");
    const box = gloss.getBoundingClientRect();
    found.gloss = [before, getComputedStyle(gloss).display, document.activeElement === mark];
    found.inView = box.top >= 0 && box.bottom <= innerHeight + 1;
    found.decoration = getComputedStyle(mark.querySelector(".said")).textDecorationStyle;
  }
  document.body.innerHTML = "";
  document.body.append(Object.assign(document.createElement("pre"), { textContent: JSON.stringify(found) }));
});
</script>
"""


def chromium(path: Path, *flags: str) -> tuple[str, str]:
    """Run Chromium on a page; what it prints, and what it logs."""
    profile = path.parent / "profile"
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", *flags, path.as_uri()]
    environment = {**os.environ, "HOME": str(path.parent)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def look(page: str, folder: Path, width: int) -> dict[str, Any]:
    """What the probe finds on a page in a window of this width."""
    # the page's own policy forbids every script, the probe too
    opened, policies = re.subn(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", page)
    assert policies == 1
    path = folder / "page.html"
    path.write_text(opened.replace("</body>", PROBE + "</body>"), encoding="utf-8")
    printed, log = chromium(path, f"--window-size={width},900", "--dump-dom")
    assert "CONSOLE" not in log, log
    found = re.search(r"<pre>(.*?)</pre>", printed, re.DOTALL)
    assert found is not None, printed
    result: dict[str, Any] = json.loads(html.unescape(found[1]))
    return result


def check(found: dict[str, Any], headings: list[str], images: int) -> None:
    assert found["headings"] == headings
    assert found["images"] == [True] * images
    assert (found["hidden"], found["untold"], found["requests"]) == (0, 0, 0)
    assert found["overflow"] <= 0


def test_evaluation(rows: LabelledRows, tmp_path: Path):
    page = evaluation_report(rows, "labelled.csv").files()[PAGE].decode()
    sections = ["Labels", "Groups", "Confidence", "Errors to read", "How it was computed"]
    for width in WIDTHS:
        check(look(page, tmp_path, width), ["Evaluation on labelled.csv", *sections], images=5)


def test_corpus(corpus_folder: Path, tmp_path: Path):
    page = (corpus_folder / "out.html").read_text(encoding="utf-8")
    headings = [f"Corpus {ATTACK}", "All", "Over time", "By country", "Actors and targets"]
    headings += ["Most telling statements", "Not answered", "How it was computed"]
    for width in WIDTHS:
        check(look(page, tmp_path, width), headings, images=4)


def test_articles(analysis: Analysis, tmp_path: Path):
    later = replace(analysis, title="Later", date=date(2024, 5, 1))
    page = article_html([replace(analysis, title="Now"), later])
    for width in WIDTHS:
        found = look(page, tmp_path, width)
        check(found, ["2 articles", "Now", "Later", "Who toward what", "Over time", "Statements"], images=0)
        assert found["gloss"] == ["none", "block", True]
        assert found["inView"]
        assert found["decoration"] == "wavy"


def test_pages_work_under_their_own_policy_and_print(analysis: Analysis, tmp_path: Path):
    (tmp_path / "page.html").write_text(article_html([analysis]), encoding="utf-8")
    _, log = chromium(tmp_path / "page.html", f"--print-to-pdf={tmp_path / 'out.pdf'}")
    assert "CONSOLE" not in log, log
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")


def test_the_probe_notices_what_is_wrong(write: Callable[..., Path], tmp_path: Path):
    report_file(write(("text", "stance"), ("a", "concern")), tmp_path / "out.html")
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    broken = page.replace("</main>", "<img src='data:image/png,x' alt='x'><div style='width: 4000px'>x</div></main>")
    found = look(broken, tmp_path, WIDTHS[0])
    assert found["images"] == [False]
    assert found["overflow"] > 0
    with pytest.raises(AssertionError, match="CONSOLE"):
        look(page.replace("</main>", "<script>null.x</script></main>"), tmp_path, WIDTHS[0])
