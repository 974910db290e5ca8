"""How the documentation becomes a site.

    sphinx-build -W --keep-going -c docs . site

The source folder is the whole repository, so that the links that work on a code host work on the site, too.
"""

from __future__ import annotations

import stancekit

project = "stancekit"
author = "The stancekit developers"
copyright = "the stancekit developers, Apache-2.0"
version = release = stancekit.__version__

MENUS = {
    "README": {
        "Tutorial": ["docs/tutorial"],
        "How-to guides": [
            "docs/guide",
            "docs/batch",
            "docs/articles",
            "docs/coding",
            "docs/counting",
            "docs/reports",
            "docs/scaling",
            "docs/r-and-stata",
        ],
        "Reference": [
            "docs/reference/cli",
            "docs/reference/api",
            "docs/reference/columns",
            "docs/reference/model-folder",
            "fixtures/CODEBOOK",
            "docs/models",
            "CHANGELOG",
        ],
        "Explanation": [
            "docs/trust",
            "docs/model-card",
            "docs/datasheet",
            "docs/benchmarks/README",
            "docs/decisions/README",
            "fixtures/README",
            "SECURITY",
            "CONTRIBUTING",
        ],
    },
    "docs/benchmarks/README": {"Benchmarks": ["*"]},
    "docs/decisions/README": {"Decisions": ["*"]},
}
"""The menu below each of these pages, by caption. A page in no menu is an error of the build."""

nitpicky = True

root_doc = "README"
smartquotes = False
highlight_language = "none"
include_patterns = ["*.md", "docs/**.md", "fixtures/*.md"]
extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc", "sphinx_argparse_cli"]
templates_path = ["_templates"]

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "none"
numpydoc_show_class_members = False
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = "stancekit"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_additional_pages = {"index": "first-page.html"}
html_copy_source = False
html_show_sphinx = False


def add_menu(app, document, content):
    """Put a page's menu at its end, so that the file itself needs no markup for it."""
    for caption, pages in MENUS.get(document, {}).items():
        options = [":hidden:", ":glob:", ":maxdepth: 1", f":caption: {caption}"]
        content[0] += "\n".join(["", "```{toctree}", *options, "", *pages, "```", ""])


def skip_member(app, what, name, found, skip, options):
    """Leave out the methods that scikit-learn adds to every estimator."""
    return True if str(getattr(found, "__module__", "")).startswith("sklearn.") else None


def setup(app):
    """Called by Sphinx."""
    app.connect("autodoc-skip-member", skip_member)
    app.connect("source-read", add_menu)
