"""``stancekit analyze``: who takes which stance toward whom, in articles."""

from __future__ import annotations

import argparse
import sys

from stancekit.analysis.periods import PERIODS
from stancekit.cli.options import Commands, add_model, add_overwrite, add_text_column, command
from stancekit.cli.progress import stage_bar

_ROLES = {"id": "names each article", "date": "holds dates (2024-03-20)", "speaker": "says who speaks"}


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = command(
        commands,
        "analyze",
        "find the statements of articles: actor, targets, and the stance toward each",
        "stancekit analyze article.txt -o statements.csv --html article.html",
        run,
    )
    parser.add_argument(
        "input",
        metavar="IN",
        help="a text (.txt; - for standard input), a folder of texts, or a table with a text a row",
    )
    parser.add_argument("-o", "--output", metavar="OUT", help="write a row for each statement and target")
    parser.add_argument("--json", action="store_true", help="write an article a line as JSON instead")
    parser.add_argument("--html", metavar="OUT.html", help="write a page that shows the articles with their statements")
    parser.add_argument("--dyads", metavar="OUT.csv", help="write how often each actor took which stance toward whom")
    parser.add_argument(
        "--by",
        choices=("all", *PERIODS),
        default="all",
        help="the period of the dyads; a session is that of the UN General Assembly (default: %(default)s)",
    )
    parser.add_argument(
        "--all-actors", action="store_true", help="count parties, experts and private persons in the dyads, too"
    )
    parser.add_argument(
        "--no-courtesy", dest="courtesy", action="store_false", help="leave thanks and congratulations out of the dyads"
    )
    add_text_column(parser)
    for role, what in _ROLES.items():
        parser.add_argument(
            f"--{role}-column", metavar="COLUMN", help=f"the column of a table that {what} (default: {role}, if there)"
        )
    parser.add_argument("--speaker", default="", metavar="WHO", help="who speaks, for articles that do not say")
    parser.add_argument("--date", metavar="DATE", help="for articles without one of their own")
    parser.add_argument(
        "--gazetteer", metavar="CSV", help="names of your own: columns name, kind, aliases, iso3, from, to"
    )
    parser.add_argument("--encoding", metavar="ENC", help="of texts (default: UTF-8, or what the file says)")
    add_model(parser)
    add_overwrite(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress and no summary on standard error")


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    from stancekit.analysis.article_files import ArticleColumns, analyze_file
    from stancekit.artifact import DEFAULT_MODEL

    nowhere = all(each is None for each in (args.output, args.html, args.dyads))
    with stage_bar(quiet=args.quiet) as progress:
        summary = analyze_file(
            args.input,
            "-" if nowhere or (args.json and args.output is None) else args.output,
            html=args.html,
            dyads=args.dyads,
            json=args.json,
            columns=ArticleColumns(args.text_column, args.id_column, args.date_column, args.speaker_column),
            speaker=args.speaker,
            date=args.date,
            encoding=args.encoding,
            model=args.model or DEFAULT_MODEL,
            gazetteer=args.gazetteer,
            by=args.by,
            all_actors=args.all_actors,
            courtesy=args.courtesy,
            overwrite=args.overwrite,
            progress=progress,
        )
    if not args.quiet:
        print(summary.as_text(), file=sys.stderr)
