"""``stancekit predict``: label every row of a file."""

from __future__ import annotations

import argparse
import shlex
import sys
from typing import Any

from stancekit.batch.columns import DEFAULT_PREFIX
from stancekit.batch.formats import FORMAT_NAMES
from stancekit.batch.run import ON_BAD_ROW, Interrupted, predict_file
from stancekit.cli.options import Commands, add_model, add_text_column, command
from stancekit.cli.progress import progress_report

_OPTIONS = (
    "text_column",
    "target_column",
    "model",
    "min_confidence",
    "workers",
    "resume",
    "overwrite",
    "on_bad_row",
    "format",
    "encoding",
    "prefix",
    "summary",
    "sidecar",
)
"""What goes to ``predict_file`` under the same name."""


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = command(
        commands,
        "predict",
        "label every row of a file; rows come back unchanged, with the stance columns appended",
        "stancekit predict statements.csv -o labelled.csv --min-confidence 0.6",
        run,
    )
    known = ", ".join(f".{name}" for name in FORMAT_NAMES)
    parser.add_argument("input", metavar="IN", help=f"a file: {known}, also with .gz or .zst; - for standard input")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the file to write; - for standard output")
    add_text_column(parser)
    parser.add_argument("--target-column", metavar="COLUMN", help="label the stance toward what this column names")
    add_model(parser)
    parser.add_argument("--min-confidence", type=float, metavar="P", help="abstain below this confidence (0 to 1)")
    parser.add_argument("--workers", type=int, metavar="N", help="threads that share one model")
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help="go on with an unfinished run of the same command")
    again.add_argument("--overwrite", action="store_true", help="replace OUT, and what an unfinished run has left")
    parser.add_argument(
        "--on-bad-row",
        choices=ON_BAD_ROW,
        default=ON_BAD_ROW[0],
        help="stop at a row that cannot be read, or leave it out and write it to OUT.skipped.jsonl (default: error)",
    )
    parser.add_argument("--format", choices=FORMAT_NAMES, help="the format, where the file names do not say")
    parser.add_argument("--encoding", metavar="ENC", help="of the text (default: UTF-8, or what the file says)")
    parser.add_argument(
        "--prefix", default=DEFAULT_PREFIX, help="how the names of the new columns begin (default: %(default)s)"
    )
    parser.add_argument("--summary", metavar="F.json", help="write the summary to this file, too")
    parser.add_argument(
        "--no-sidecar", dest="sidecar", action="store_false", help="write no OUT.meta.json (model, settings, counts)"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress and no summary on standard error")


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    options = {name: getattr(args, name) for name in _OPTIONS}
    try:
        with progress_report(quiet=args.quiet) as progress:
            summary = predict_file(args.input, args.output, progress=progress, **options)
    except Interrupted as stop:
        if not stop.kept:
            raise
        raise KeyboardInterrupt(f"{stop}; to go on: {_next_command(args.input, args.output, options)}") from stop
    if not args.quiet:
        print(summary.as_text(), file=sys.stderr)


def _next_command(input: str, output: str, options: dict[str, Any]) -> str:
    """What to type to go on where a run was interrupted."""
    words = ["stancekit", "predict", input, "-o", output]
    defaults = vars(_defaults())
    for name, value in {**options, "overwrite": False, "resume": True}.items():
        if value == defaults[name]:
            continue
        option = "--no-sidecar" if name == "sidecar" else "--" + name.replace("_", "-")
        words += [option] if isinstance(value, bool) else [option, str(value)]
    return shlex.join(words)


def _defaults() -> argparse.Namespace:
    commands = argparse.ArgumentParser().add_subparsers()
    add_parser(commands)
    return commands.choices["predict"].parse_args(["", "-o", ""])
