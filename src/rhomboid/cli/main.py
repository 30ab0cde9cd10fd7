"""The entry point: finds the command, runs it, and says what is wrong with the input in words, never with a traceback."""

from __future__ import annotations

import io
import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, NoReturn

from ..vocabulary import Problem, RhomboidError
from . import assess, cases, check_ins, explain, figures, interview, knowledge, plan, progress, site
from .show import print_json, print_problems

COMMANDS = (assess, plan, explain, interview, progress, cases, knowledge, figures, site, check_ins)
WRONG_INPUT = 2
EPILOG = """\
Every command that answers with a page takes --json, the interview not. Exit code 2: something is wrong with the input.
Rhomboid proposes and explains; the therapist decides."""


class Parser(ArgumentParser):
    """Says what is wrong with a command line the way everything else does. Options are written out, so that --json is seen."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        raise RhomboidError([Problem("rhomboid", "", message, f'see "{self.prog} --help"')])


def build_parser() -> Parser:
    """The parser with all commands."""
    parser = Parser(
        prog="rhomboid",
        description="Explained decision support for physical therapy of the upper back.",
        epilog=EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"rhomboid {version('rhomboid')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. Returns 0, or 2 when something is wrong with the input."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _lenient(sys.stdout)
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has seen enough; what is still buffered must not complain at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except SystemExit as end:  # argparse ends so after --help, rich after a broken pipe
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return 130
    return code


def _run(arguments: Sequence[str]) -> int:
    try:
        args = build_parser().parse_args(arguments)
        code: int = args.run(args)
    except RhomboidError as error:
        if "--json" in arguments:
            print_json({"errors": [problem_data(problem) for problem in error.problems]})
        else:
            print_problems(error.problems)
        return WRONG_INPUT
    return code


def problem_data(problem: Problem) -> dict[str, str]:
    return {"place": problem.place, "entry": problem.entry, "message": problem.message, "fix": problem.fix}


def _lenient(stream: object) -> None:
    """A terminal that cannot draw a sign shows another one in its place."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
