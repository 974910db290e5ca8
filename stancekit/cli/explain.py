"""``stancekit explain``: which words moved a label."""

from __future__ import annotations

import argparse
import json
import sys

from stancekit.batch.source import STANDARD
from stancekit.cli.options import Commands, add_model, command
from stancekit.errors import InputError


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = command(
        commands,
        "explain",
        "show which words of a statement moved its label, and how much",
        'stancekit explain "We deplore the blockade and demand that it end."',
        run,
    )
    parser.add_argument("text", metavar="TEXT", help="the statement; - reads it from standard input")
    add_model(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--html", action="store_true", help="print a fragment of HTML with the words shaded")


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    text = _standard_input() if args.text == STANDARD else args.text
    if not text.strip():
        raise InputError("the text is empty; give a statement")
    from stancekit.analysis.explanation import explain
    from stancekit.artifact import DEFAULT_MODEL, load_model

    explanation = explain(load_model(args.model or DEFAULT_MODEL), text)
    if args.json:
        print(json.dumps(explanation.to_dict(), indent=2, ensure_ascii=False))
    elif args.html:
        print(explanation.to_html(), end="")
    else:
        print(explanation)


def _standard_input() -> str:
    raw = sys.stdin.buffer.read()
    try:
        return raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise InputError(f"<stdin>: the byte at offset {error.start} is not UTF-8") from error
