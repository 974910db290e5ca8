"""Options that several commands share, so that they read alike."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from stancekit.batch.columns import DEFAULT_PREFIX, DEFAULT_TEXT_COLUMN

Commands = Any
"""What ``add_subparsers`` returns; argparse keeps its type private."""


def command(commands: Commands, name: str, help: str, example: str, run: Callable[[argparse.Namespace], None]) -> Any:
    """A new command's parser, with its help, an example, and the function that runs it."""
    parser = commands.add_parser(
        name,
        help=help,
        description=help[0].upper() + help[1:] + ".",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=run)
    return parser


def add_model(parser: argparse.ArgumentParser) -> None:
    """``--model``."""
    parser.add_argument("--model", metavar="NAME|DIR", help="a shipped model (see stancekit info) or a model folder")


def add_text_column(parser: argparse.ArgumentParser) -> None:
    """``--text-column``."""
    parser.add_argument(
        "--text-column",
        default=DEFAULT_TEXT_COLUMN,
        metavar="COLUMN",
        help="the column that holds the statements (default: %(default)s)",
    )


def add_prefix(parser: argparse.ArgumentParser) -> None:
    """``--prefix``, where predictions are read."""
    parser.add_argument(
        "--prefix", default=DEFAULT_PREFIX, help="how the columns of the prediction begin (default: %(default)s)"
    )


def add_overwrite(parser: argparse.ArgumentParser) -> None:
    """``--overwrite``."""
    parser.add_argument("--overwrite", action="store_true", help="replace an output that exists")
