"""``stancekit prevalence``: shares of the labels, with intervals."""

from __future__ import annotations

import argparse
import json
from operator import attrgetter
from typing import Any

from stancekit.analysis.periods import PERIODS
from stancekit.analysis.prevalence import DEFAULT_LEVEL, DEFAULT_METHOD, METHODS
from stancekit.batch.csv_output import write_csv
from stancekit.batch.output import check_output
from stancekit.cli.options import Commands, add_overwrite, add_prefix, add_text_column, command
from stancekit.coding.columns import LABEL_COLUMN
from stancekit.errors import InputError


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = command(
        commands,
        "prevalence",
        "shares of the labels with confidence intervals, from predictions and a sample labelled by hand",
        "stancekit prevalence labelled.csv --labelled sample.csv --by country --time date",
        run,
    )
    parser.add_argument("predicted", metavar="PREDICTED", help="a file that stancekit predict has written")
    parser.add_argument(
        "--labelled", nargs="+", default=[], metavar="SAMPLE", help="rows of it that were drawn by chance and labelled"
    )
    parser.add_argument("--by", metavar="COLUMN", help="also for each value of this column")
    parser.add_argument("--time", metavar="COLUMN", help="also for each period; the column holds dates")
    parser.add_argument("--period", choices=PERIODS, default="year", help="default: %(default)s")
    parser.add_argument(
        "--method",
        choices=METHODS,
        default=DEFAULT_METHOD,
        help="default: %(default)s; the last three take more for granted",
    )
    parser.add_argument("--level", type=float, default=DEFAULT_LEVEL, help="of the intervals (default: %(default)s)")
    parser.add_argument("--plan", type=float, metavar="WIDTH", help="say how many rows to label for this width instead")
    parser.add_argument("-o", "--output", metavar="OUT.csv", help="write the table there")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--export-dsl", metavar="OUT.csv", help="write what R's package dsl takes instead")
    parser.add_argument(
        "--label-column", default=LABEL_COLUMN, metavar="COLUMN", help="of SAMPLE (default: %(default)s)"
    )
    add_text_column(parser)
    add_prefix(parser)
    parser.add_argument("--model", metavar="NAME|DIR", help="whose training shares --method sld starts from")
    add_overwrite(parser)


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    columns = {"label_column": args.label_column, "text_column": args.text_column, "prefix": args.prefix}
    if args.export_dsl is not None:
        _export(args, columns)
        return
    from stancekit.analysis.prevalence_files import plan_file, prevalence_file

    if args.output is not None:
        check_output(args.output, [args.predicted, *args.labelled], overwrite=args.overwrite)
    options: dict[str, Any] = {
        **columns,
        "by": args.by,
        "time": args.time,
        "period": args.period,
        "method": args.method,
        "level": args.level,
    }
    if args.plan is not None:
        found: Any = plan_file(args.predicted, args.labelled, width=args.plan, **options)
    else:
        found = prevalence_file(args.predicted, args.labelled, model=args.model, **options)
    if args.output is not None:
        rows = found.as_rows()
        write_csv(args.output, list(rows[0]), (list(row.values()) for row in rows))
    if args.json:
        print(json.dumps(found.as_dict(), indent=2, ensure_ascii=False))
    elif args.output != "-":
        print(found.as_text())


def _export(args: argparse.Namespace, columns: dict[str, str]) -> None:
    from stancekit.analysis.dsl_export import export_dsl

    for option in ("by", "time", "plan", "output"):
        if attrgetter(option)(args) is not None:
            raise InputError(f"--export-dsl writes rows, not shares; leave out --{option}")
    rows = export_dsl(args.predicted, args.labelled, args.export_dsl, overwrite=args.overwrite, **columns)
    print(f"wrote {args.export_dsl} ({rows:,} rows)")
