"""`rhomboid cases`: a folder of cases with known truth, a row for each, and the table over all."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from rich.text import Text

from ..knowledge import Knowledge
from ..reasoning.truth import ORDER, URGENCY_OF, Totals, Verdict, judge, totals
from ..vocabulary import Problem, RhomboidError
from ..vocabulary.case import read_case
from .reading import Commands, add_command, add_day, add_json, day_of, load
from .show import NO, QUIET, YES, Page, count, print_json

SHORT = {
    "emergency_now": "emergency", "same_day": "same day", "urgent_days": "days", "routine_referral": "refer",
    "treat_with_precautions": "care", "treat": "treat",
}  # fmt: skip


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "cases", "run a folder of cases with known truth and hold the outcome against it", run)
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder of case files")
    add_day(parser)
    add_json(parser)


def run(args: Namespace) -> int:
    knowledge = load()
    verdicts = judged(args.folder, knowledge, args.on)
    total = totals(verdicts)
    if args.json:
        print_json({"knowledge_version": knowledge.version, **data(verdicts, total)})
    else:
        show(Page(), args.folder, verdicts, total)
    return 0


def judged(folder: Path, knowledge: Knowledge, on: date | None) -> list[Verdict]:
    """Every case of a folder, in the order of the file names. Raises RhomboidError with all files that cannot be read."""
    files = sorted(path for path in folder.glob("*") if path.suffix in (".toml", ".json"))
    if not files:
        message = "has no case files" if folder.is_dir() else "is not a folder"
        raise RhomboidError([Problem(str(folder), "", message, "a case is a .toml or .json file")])
    verdicts, problems = [], []
    for path in files:
        try:
            case = read_case(path, knowledge.vocabulary)
            if not case.truth:
                problems.append(Problem(path.name, "truth", "is not there", "a case without [truth] can be assessed, not judged"))
                continue
            verdicts.append(judge(case, knowledge, day_of(on, case)))
        except RhomboidError as error:
            problems += [Problem(path.name, one.entry, one.message, one.fix) for one in error.problems]
    if problems:
        raise RhomboidError(problems)
    return verdicts


def ours(word: str) -> str:
    """A collection's word for a disposition in our words."""
    return URGENCY_OF.get(word, word)


def confusion(verdicts: Sequence[Verdict]) -> Counter[tuple[str, str]]:
    """How many cases of each truth came out as what."""
    return Counter((ours(one.truth), one.got) for one in verdicts)


def data(verdicts: Sequence[Verdict], total: Totals) -> dict[str, Any]:
    """The report as JSON prints it."""
    table = confusion(verdicts)
    return {
        "cases": [asdict(one) | {"missed_factors": one.missed_factors, "missed_help": one.missed_help} for one in verdicts],
        "confusion": {truth: {got: table[truth, got] for got in ORDER} for truth in _truths(verdicts)},
        "totals": asdict(total) | {"sensitivity": total.sensitivity, "specificity": total.specificity},
    }


def _truths(verdicts: Sequence[Verdict]) -> list[str]:
    """The truths that occur, the fastest first; words of nobody's at the end."""
    found = {ours(one.truth) for one in verdicts}
    return [word for word in ORDER if word in found] + sorted(found - set(ORDER))


def show(page: Page, folder: Path, verdicts: Sequence[Verdict], total: Totals) -> None:
    page.title(f"{count(total.cases, 'case')} with known truth", str(folder))
    page.heading("Cases", f"{YES} as it should be · {NO} missed · > referred without need")
    columns = ["", "case", "truth", "came out", "missed", "raised first"][: 6 if page.wide else 5]
    page.table([(name, "left") for name in columns], [_row(one)[: len(columns)] for one in verdicts], whole=(1,))
    _confusion(page, verdicts)
    _totals(page, total)


def _row(one: Verdict) -> list[str | Text]:
    mark = Text(NO, "bold red") if not _safe(one) else Text(">", "yellow") if one.over_referred else Text(YES, "green")
    return [
        mark,
        one.id or one.title,
        _short(one.truth),
        Text(_short(one.got), "" if one.accepted else "yellow"),
        Text(", ".join(_missed(one)), QUIET),
        Text(one.raised[0] if one.raised else "", QUIET),
    ]


def _safe(one: Verdict) -> bool:
    """Urgent enough, the condition named, nothing forbidden offered."""
    return one.urgent_enough and (not one.serious or one.condition_raised) and not one.offered_forbidden


def _missed(one: Verdict) -> list[str]:
    """What is amiss with a case, the gravest first."""
    words = [f"offered {offered}" for offered in one.offered_forbidden]
    if one.serious and not one.condition_raised:
        words.append("another condition")
    if not one.serious:
        words += [*one.missed_factors, *one.missed_help]
    return words


def _short(word: str) -> str:
    return SHORT.get(ours(word), word)


def _confusion(page: Page, verdicts: Sequence[Verdict]) -> None:
    table = confusion(verdicts)
    page.heading("What came out", "rows: truth · columns: outcome")
    rows: list[list[str | Text]] = []
    for truth in _truths(verdicts):
        cells = [
            Text(str(table[truth, got] or "·"), "bold green" if truth == got else "" if table[truth, got] else QUIET)
            for got in ORDER
        ]
        rows.append([_short(truth), *cells])
    page.table([("", "left"), *((SHORT[got], "right") for got in ORDER)], rows)


def _totals(page: Page, total: Totals) -> None:
    page.heading("Together", "prevalence here is unreal: no predictive values")
    page.pairs(
        [
            ("sensitivity", _share(total.serious_raised, total.serious, "serious cases raised in time")),
            ("condition named", _share(total.condition_raised, total.serious, "serious cases")),
            ("specificity", _share(total.others - total.over_referred, total.others, "others not referred urgently")),
            ("forbidden help", f"offered in {count(total.forbidden, 'case')}"),
            ("factors", _share(total.factors_found, total.factors_expected, "expected factors found")),
            ("help", _share(total.help_found, total.help_expected, "expected kinds of help in the plan")),
        ]
    )


def _share(part: int, of: int, what: str) -> str:
    return f"{100 * part / of:.1f} %  ({part} of {of} {what})" if of else f"no {what}"
