"""The console script: picks the command, and turns every error into one line and an exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from stancekit.cli import (
    agreement,
    analyze,
    audit,
    distil,
    evaluate,
    explain,
    export,
    info,
    predict,
    prevalence,
    report,
    sample,
)
from stancekit.errors import StancekitError

DONE, BAD_INPUT, INTERRUPTED, BROKEN_PIPE = 0, 2, 130, 141
"""Exit codes; the last two are 128 and the signal's number, as a shell would say."""

_COMMANDS = (predict, analyze, evaluate, report, explain, prevalence, sample, agreement, audit, export, distil, info)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line instead of the usage and a line."""
        self.exit(BAD_INPUT, f"stancekit: {message} (see {self.prog} --help)\n")


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        import stancekit

        print(f"stancekit {stancekit.__version__}")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = _Parser(
        prog="stancekit",
        description="Label foreign-policy statements as endorsement, concern or neutrality.",
        epilog="example: stancekit predict statements.csv -o labelled.csv",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_parser(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; those of the process if left out.

    Returns
    -------
    int
        0 done; 2 bad usage or input, told in one line on standard error; 130 interrupted.
    """
    try:
        args = build_parser().parse_args(argv)
        args.run(args)
        sys.stdout.flush()
    except SystemExit as stop:
        return int(stop.code or DONE)
    except BrokenPipeError:
        # Whoever read the output has enough; the interpreter's last flush must not complain about it either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except (StancekitError, OSError) as error:
        return _tell(str(error), BAD_INPUT)
    except KeyboardInterrupt as stop:
        return _tell(str(stop) or "interrupted", INTERRUPTED)
    return DONE


def _tell(message: str, code: int) -> int:
    print("stancekit: " + " ".join(message.splitlines()), file=sys.stderr)
    return code
