"""``stancekit evaluate``: how well a model labels a file whose labels are known."""

from __future__ import annotations

import argparse
import json
from pathlib import PurePath

from stancekit.cli.options import Commands, add_model, add_text_column, command
from stancekit.errors import InputError


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
    parser.add_argument(
        "--report",
        metavar="DIR",
        help="also write a report into this folder: index.html, its figures as SVG and PNG, evaluation.json",
    )
    parser.add_argument(
        "--document-column",
        metavar="COLUMN",
        help="which document a row belongs to: the report's intervals resample documents, not rows",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace the report's files if DIR holds some")


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    from stancekit.calibration import check_min_confidence
    from stancekit.report.evaluation import evaluate_rows
    from stancekit.report.evaluation_report import write_evaluation_report
    from stancekit.report.folder import check_folder
    from stancekit.report.labelled import read_labelled

    # everything that can be refused is refused before the model is asked
    check_min_confidence(args.min_confidence)
    if args.report is not None:
        check_folder(args.report, overwrite=args.overwrite)
    elif args.document_column is not None or args.overwrite:
        raise InputError("--document-column and --overwrite belong to a report; add --report DIR")
    rows = read_labelled(
        args.labelled,
        model=args.model,
        text_column=args.text_column,
        label_column=args.label_column,
        by=args.by,
        document_column=args.document_column,
    )
    evaluation = evaluate_rows(rows, min_confidence=args.min_confidence)
    if args.report is not None:
        write_evaluation_report(rows, args.report, source=PurePath(args.labelled).name, overwrite=args.overwrite)
    if args.json:
        print(json.dumps(evaluation.as_dict(), indent=2, ensure_ascii=False))
    else:
        print(evaluation.as_text())
