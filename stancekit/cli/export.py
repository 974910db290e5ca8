"""``stancekit export``: predictions for Stata."""

from __future__ import annotations

import argparse

from stancekit.cli.options import Commands, add_overwrite, add_prefix, command


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = command(
        commands,
        "export",
        "write a file with predictions as a Stata data set, with value labels",
        "stancekit export labelled.csv -o labelled.dta",
        run,
    )
    parser.add_argument("predicted", metavar="PREDICTED", help="a file that stancekit predict has written")
    parser.add_argument(
        "-o", "--output", metavar="OUT.dta", required=True, help="the file to write (Stata 14 or later)"
    )
    add_prefix(parser)
    add_overwrite(parser)


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    from stancekit.batch.stata import export_stata

    rows = export_stata(args.predicted, args.output, prefix=args.prefix, overwrite=args.overwrite)
    print(f"wrote {args.output} ({rows:,} rows)")
