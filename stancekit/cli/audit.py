"""``stancekit audit``: labels to look at again."""

from __future__ import annotations

import argparse
import json

from stancekit.cli.options import Commands, add_model, add_overwrite, add_text_column, command
from stancekit.coding.columns import LABEL_COLUMN


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = command(
        commands,
        "audit",
        "find likely errors among labels, and equal texts with different labels",
        "stancekit audit mine.csv -o doubtful.csv",
        run,
    )
    parser.add_argument("labelled", metavar="LABELLED", help="a labelled file")
    parser.add_argument("-o", "--output", metavar="OUT.csv", help="write the findings there")
    add_model(parser)
    parser.add_argument(
        "--folds",
        type=int,
        metavar="K",
        help="judge by heads trained on the other folds of LABELLED, not by the model; for labels of your own",
    )
    add_text_column(parser)
    parser.add_argument("--label-column", default=LABEL_COLUMN, metavar="COLUMN", help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_overwrite(parser)


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    from stancekit.coding.audit import audit_file

    found = audit_file(
        args.labelled,
        args.output,
        model=args.model,
        folds=args.folds,
        text_column=args.text_column,
        label_column=args.label_column,
        overwrite=args.overwrite,
    )
    print(json.dumps(found.as_dict(), indent=2, ensure_ascii=False) if args.json else found.as_text())
