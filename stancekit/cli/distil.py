"""``stancekit distil``: train a quick model on what an accurate one says of a corpus."""

from __future__ import annotations

import argparse
import json

from stancekit.cli.options import Commands, add_text_column, command
from stancekit.cli.progress import stage_bar
from stancekit.distillation import DEFAULT_AGREEMENT, DEFAULT_SAMPLE, DEFAULT_SEED


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = command(
        commands,
        "distil",
        "train a quick ngram model on what an accurate one says of a sample of your corpus",
        "stancekit distil corpus.csv --out student --cascade student-and-encoder",
        run,
    )
    parser.add_argument("corpus", metavar="CORPUS", help="a file as stancekit predict reads it; - for standard input")
    parser.add_argument("--out", metavar="DIR", required=True, help="the folder to save the student in")
    parser.add_argument("--teacher", metavar="NAME|DIR", help="the model to imitate (default: the default model)")
    add_text_column(parser)
    parser.add_argument(
        "--sample",
        type=int,
        default=DEFAULT_SAMPLE,
        metavar="N",
        help="label this many different texts (default: %(default)s)",
    )
    parser.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, metavar="N", help="draws the sample (default: %(default)s)"
    )
    parser.add_argument("--cascade", metavar="DIR", help="also save a cascade of student and teacher in this folder")
    parser.add_argument(
        "--min-agreement",
        type=float,
        default=DEFAULT_AGREEMENT,
        metavar="P",
        help="share of the texts on which the cascade is to give the teacher's label (default: %(default)s)",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace model folders that exist")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress bar on standard error")


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    from stancekit.distillation import distil

    with stage_bar(quiet=args.quiet) as progress:
        account = distil(
            args.corpus,
            args.out,
            teacher=args.teacher,
            text_column=args.text_column,
            sample=args.sample,
            seed=args.seed,
            cascade=args.cascade,
            min_agreement=args.min_agreement,
            overwrite=args.overwrite,
            progress=progress,
        )
    if args.json:
        print(json.dumps(account.as_dict(), indent=2, ensure_ascii=False))
    else:
        print(account.as_text())
