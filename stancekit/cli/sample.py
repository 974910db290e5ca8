"""``stancekit sample``: rows to label by hand."""

from __future__ import annotations

import argparse
import sys

from stancekit.cli.options import Commands, add_overwrite, add_prefix, add_text_column, command
from stancekit.coding.columns import LABEL_COLUMN
from stancekit.coding.sampling import DESIGNS, sample_file
from stancekit.coding.sheets import FORMATS


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = command(
        commands,
        "sample",
        "draw rows to label by hand, each with a known sampling probability",
        "stancekit sample labelled.csv -n 200 -o sample.csv --by country --coders 2",
        run,
    )
    parser.add_argument("predicted", metavar="PREDICTED", help="a file that stancekit predict has written")
    parser.add_argument("-n", type=int, required=True, metavar="ROWS", help="how many rows to draw")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the file to write; - for standard output")
    parser.add_argument(
        "--how",
        choices=DESIGNS,
        help="every row alike, as many of each stratum, or leaning to where the model is least sure "
        "(default: stratified with --by, else random)",
    )
    parser.add_argument("--by", metavar="COLUMN", help="the strata: values of this column (default: predicted labels)")
    parser.add_argument("--seed", type=int, default=0, help="another seed draws other rows (default: %(default)s)")
    parser.add_argument("--format", choices=tuple(FORMATS), default="csv", help="default: %(default)s")
    parser.add_argument("--coders", type=int, default=1, metavar="K", help="a file each: OUT-coder1.csv, ...")
    parser.add_argument("--overlap", type=int, metavar="ROWS", help="rows that every coder gets (default: all)")
    parser.add_argument("--columns", nargs="*", metavar="COLUMN", help="what coders see beside the text (default: all)")
    parser.add_argument(
        "--label-column", default=LABEL_COLUMN, metavar="COLUMN", help="to fill in (default: %(default)s)"
    )
    parser.add_argument("--bom", action="store_true", help="begin with a byte order mark, for spreadsheets")
    add_text_column(parser)
    add_prefix(parser)
    add_overwrite(parser)


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    summary = sample_file(
        args.predicted,
        args.output,
        args.n,
        how=args.how,
        by=args.by,
        seed=args.seed,
        format=args.format,
        coders=args.coders,
        overlap=args.overlap,
        columns=args.columns,
        label_column=args.label_column,
        text_column=args.text_column,
        prefix=args.prefix,
        bom=args.bom,
        overwrite=args.overwrite,
    )
    print(summary.as_text(), file=sys.stderr)
