"""``stancekit predict``: label every row of a file."""

from __future__ import annotations

import argparse
import sys

from stancekit.batch.columns import DEFAULT_PREFIX
from stancekit.batch.run import predict_file
from stancekit.cli.options import Commands, add_model, add_text_column, command
from stancekit.cli.progress import progress_bar


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = command(
        commands,
        "predict",
        "label every row of a CSV or JSONL file; rows come back unchanged, with the stance columns appended",
        "stancekit predict statements.csv -o labelled.csv --min-confidence 0.6",
        run,
    )
    parser.add_argument("input", metavar="IN", help="a .csv, .jsonl or .ndjson file in UTF-8; - for standard input")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the file to write; - for standard output")
    add_text_column(parser)
    add_model(parser)
    parser.add_argument("--min-confidence", type=float, metavar="P", help="abstain below this confidence (0 to 1)")
    parser.add_argument("--overwrite", action="store_true", help="replace OUT if it exists")
    parser.add_argument(
        "--prefix", default=DEFAULT_PREFIX, help="how the names of the new columns begin (default: %(default)s)"
    )
    parser.add_argument("--summary", metavar="F.json", help="write the summary to this file, too")
    parser.add_argument("--quiet", action="store_true", help="no progress bar and no summary on standard error")


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    with progress_bar(quiet=args.quiet) as progress:
        summary = predict_file(
            args.input,
            args.output,
            model=args.model,
            text_column=args.text_column,
            min_confidence=args.min_confidence,
            overwrite=args.overwrite,
            prefix=args.prefix,
            progress=progress,
            summary=args.summary,
        )
    if not args.quiet:
        print(summary.as_text(), file=sys.stderr)
