"""What the commands share: the options of a case and of a plan, and reading both."""

from __future__ import annotations

import gc
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from ..knowledge import Knowledge, load_knowledge
from ..reasoning.assess import Assessment
from ..reasoning.assess import assess as assess_case
from ..reasoning.planning import Limits, limits_from_table
from ..vocabulary.case import Case, read_case


class Commands(Protocol):
    """What argparse returns from `add_subparsers`."""

    def add_parser(self, name: str, **settings: Any) -> ArgumentParser: ...


@dataclass(frozen=True, slots=True)
class Read:
    """A case as a command was given it, with the knowledge and the day it is assessed with."""

    path: Path
    case: Case
    knowledge: Knowledge
    on: date

    def assessed(self) -> Assessment:
        return assess_case(self.case, self.knowledge, on=self.on)


def add_command(commands: Commands, name: str, help_: str, run: Callable[[Namespace], int]) -> ArgumentParser:
    """A command with its help in one sentence, and the function that runs it."""
    parser = commands.add_parser(name, help=help_, description=f"{help_[0].upper()}{help_[1:]}.")
    parser.set_defaults(run=run)
    return parser


def add_json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print data instead of a page")


def add_day(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--on", type=_day, metavar="YYYY-MM-DD", help="the day of the assessment (default: the case's own, else today)"
    )


def add_case(parser: ArgumentParser) -> None:
    parser.add_argument("case", type=Path, metavar="CASE", help="a case file (TOML, or JSON named .json)")
    add_day(parser)
    add_json(parser)


def add_limits(parser: ArgumentParser) -> None:
    """What the person can manage and what the therapist wants, over what the case says."""
    group = parser.add_argument_group("limits and wishes", "Over the [limits] of the case. Lists: a,b or the option again.")
    group.add_argument("--minutes", type=float, metavar="N", help="minutes a day for the home program")
    group.add_argument("--exercises", type=int, metavar="N", help="the most exercises at a time")
    group.add_argument("--visit-minutes", type=float, metavar="N", help="minutes of hands-on care in a visit")
    for name, metavar, help_ in (
        ("--equipment", "A,B", "what the person has, beyond what every home has; none for nothing"),
        ("--without", "A,B", "what the person does not have"),
        ("--avoid-position", "P", "a position that is not tolerated, such as prone"),
        ("--lock", "ID", "keep this in the plan"),
        ("--add", "ID", "offer this although no factor asks for it"),
        ("--ban", "ID", "keep this out of the plan"),
        ("--swap", "OLD:NEW", "take NEW in place of OLD"),
    ):
        group.add_argument(name, action="append", metavar=metavar, help=help_)


def load() -> Knowledge:
    """The knowledge. Looking for garbage while so much is built that stays would only cost time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return load_knowledge()
    finally:
        if collecting:
            gc.enable()


def read(args: Namespace) -> Read:
    """The case of a command line, with the knowledge. Raises CaseError with everything that is wrong with it."""
    knowledge = load()
    case = read_case(args.case, knowledge.vocabulary)
    return Read(args.case, case, knowledge, day_of(args.on, case))


def day_of(stated: date | None, case: Case | None = None) -> date:
    """The day stated, else the case's own, else today."""
    return stated or (case.on if case else None) or today()


def today() -> date:
    return date.today()  # noqa: DTZ011 - the reader's own day is meant, wherever the reader is


def limits_of(args: Namespace, case: Case, knowledge: Knowledge) -> Limits:
    """The limits of the case, with what the command line states in their place."""
    own = limits_from_table(case.limits, knowledge, f"{case.id or args.case.name}: limits")
    return own.merged(limits_from_table(_stated(args), knowledge, "options"))


def _stated(args: Namespace) -> dict[str, Any]:
    """The limits that stand on the command line, in the words of a case's [limits]."""
    table: dict[str, Any] = {
        key: value for key in ("minutes", "exercises", "visit_minutes") if (value := getattr(args, key)) is not None
    }
    for key in ("equipment", "without", "avoid_position", "lock", "add", "ban", "swap"):
        if getattr(args, key) is not None:
            name = "avoid_positions" if key == "avoid_position" else key
            table[name] = [] if getattr(args, key) == ["none"] else split(getattr(args, key))
    return table


def split(values: list[str]) -> list[str]:
    """The words of repeated options and comma lists."""
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f'"{text}" is not a date; write it as 2026-01-31') from None
