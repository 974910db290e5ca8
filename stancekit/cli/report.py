"""``stancekit report``: a page on a file of predictions."""

from __future__ import annotations

import argparse

from stancekit.batch.columns import DEFAULT_PREFIX
from stancekit.cli.options import Commands, add_text_column, command


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = command(
        commands,
        "report",
        "write an HTML page on a file of predictions: shares over time and by group, actors and targets, statements",
        "stancekit report labelled.csv -o report.html --by country --time date",
        run,
    )
    parser.add_argument("input", metavar="PREDICTED", help="a file that stancekit predict or analyze wrote")
    parser.add_argument("-o", "--output", metavar="OUT.html", required=True, help="the page to write")
    parser.add_argument("--by", metavar="COLUMN", help="also for each value of this column")
    parser.add_argument("--time", metavar="COLUMN", help="also over time: a column of dates such as 2023-07-26 or 2023")
    parser.add_argument(
        "--period",
        choices=("year", "month", "day"),
        default="year",
        help="what dates are cut to (default: %(default)s)",
    )
    add_text_column(parser)
    parser.add_argument(
        "--prefix", default=DEFAULT_PREFIX, help="how the names of the stance columns begin (default: %(default)s)"
    )
    parser.add_argument("--title", metavar="TEXT", help="the page's title (default: the name of the file)")
    parser.add_argument("--figures", metavar="DIR", help="write the figures into this folder, too, as SVG and PNG")
    parser.add_argument("--overwrite", action="store_true", help="replace files that exist")


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    from stancekit.report.corpus_report import report_file

    report_file(
        args.input,
        args.output,
        by=args.by,
        time=args.time,
        period=args.period,
        text_column=args.text_column,
        prefix=args.prefix,
        title=args.title,
        figures=args.figures,
        overwrite=args.overwrite,
    )
