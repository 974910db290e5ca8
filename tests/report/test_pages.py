from __future__ import annotations

import sys
from html.parser import HTMLParser

import pytest

from stancekit.errors import MissingExtraError
from stancekit.report.figures import picture
from stancekit.report.pages import _environment, render

from .conftest import ATTACK


class Tags(HTMLParser):
    """The tags and attributes of a page, and the text of its body."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", ["jinja2", "matplotlib"])
def test_a_missing_extra_says_what_to_type(monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setitem(sys.modules, name, None)
    _environment.cache_clear()
    with pytest.raises(MissingExtraError, match=r"type: pip install 'stancekit\[report\]'"):
        render("article.html", []) if name == "jinja2" else picture("x", "x", lambda figure: None, height=1)


def test_a_value_that_a_template_lacks_is_an_error():
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        render("article.html", [])


def test_figures_are_the_same_bytes_each_time_and_names_are_no_formulas():
    def draw(figure) -> None:  # type: ignore[no-untyped-def]
        axes = figure.subplots()
        axes.bar([0], [1], hatch="//")
        axes.set_title(r"costs $\frac$ " + ATTACK)

    first, second = (picture("x", "x", draw, height=2) for _ in range(2))
    assert (first.svg, first.png) == (second.svg, second.png)
    assert b"<dc:date>" not in first.svg
    assert b"<script" not in first.svg
    assert rb"$\frac$" in first.svg


def test_drawing_changes_no_setting_of_the_users():
    import matplotlib

    matplotlib.rcParams["font.size"] = 7.25
    try:
        picture("x", "x", lambda figure: None, height=1)
        assert matplotlib.rcParams["font.size"] == 7.25
    finally:
        matplotlib.rcdefaults()
