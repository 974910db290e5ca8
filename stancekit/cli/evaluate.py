"""``stancekit evaluate``: how well a model labels a file whose labels are known."""

from __future__ import annotations

import argparse
import json

from stancekit.cli.options import Commands, add_model, add_text_column, command


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = command(
        commands,
        "evaluate",
        "compare a model's labels with those of a labelled CSV or JSONL file",
        "stancekit evaluate labelled.csv --by genre",
        run,
    )
    parser.add_argument("labelled", metavar="LABELLED", help="a .csv, .jsonl or .ndjson file in UTF-8")
    add_model(parser)
    add_text_column(parser)
    parser.add_argument(
        "--label-column",
        default="label",
        metavar="COLUMN",
        help="the column that holds the true labels (default: %(default)s)",
    )
    parser.add_argument("--by", metavar="COLUMN", help="also for each value of this column")
    parser.add_argument("--min-confidence", type=float, metavar="P", help="also report what is answered at this one")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    from stancekit.report.evaluation import evaluate_file

    evaluation = evaluate_file(
        args.labelled,
        model=args.model,
        text_column=args.text_column,
        label_column=args.label_column,
        by=args.by,
        min_confidence=args.min_confidence,
    )
    if args.json:
        print(json.dumps(evaluation.as_dict(), indent=2, ensure_ascii=False))
    else:
        print(evaluation.as_text())
