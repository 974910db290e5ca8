"""``stancekit agreement``: whether coders agree."""

from __future__ import annotations

import argparse
import json

from stancekit.cli.options import Commands, add_overwrite, command
from stancekit.coding.agreement import DEFAULT_LEVEL
from stancekit.coding.codings import agreement_file
from stancekit.coding.columns import CODER_COLUMN, LABEL_COLUMN


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = command(
        commands,
        "agreement",
        "Krippendorff's alpha, Cohen's kappa and the rows to discuss, from labels of several coders",
        "stancekit agreement sample-coder1.csv sample-coder2.csv -o discuss.csv --agreed agreed.csv",
        run,
    )
    parser.add_argument("codings", nargs="+", metavar="CODERS", help="files with one row a label, or one row a unit")
    parser.add_argument("--coders", nargs="+", metavar="COLUMN", help="one row a unit: the columns of the coders")
    parser.add_argument("--unit-column", metavar="COLUMN", help="default: sampled_row if there is one, else unit")
    parser.add_argument(
        "--coder-column", default=CODER_COLUMN, metavar="COLUMN", help="default: %(default)s; else the file"
    )
    parser.add_argument("--label-column", default=LABEL_COLUMN, metavar="COLUMN", help="default: %(default)s")
    parser.add_argument("-o", "--output", metavar="OUT.csv", help="write the rows to discuss there")
    parser.add_argument("--agreed", metavar="OUT.csv", help="write the other rows there, with their label")
    parser.add_argument("--level", type=float, default=DEFAULT_LEVEL, help="of the intervals (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_overwrite(parser)


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    found = agreement_file(
        args.codings,
        coder_columns=args.coders,
        unit_column=args.unit_column,
        coder_column=args.coder_column,
        label_column=args.label_column,
        disputed=args.output,
        agreed=args.agreed,
        level=args.level,
        overwrite=args.overwrite,
    )
    print(json.dumps(found.as_dict(), indent=2, ensure_ascii=False) if args.json else found.as_text())
