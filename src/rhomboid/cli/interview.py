"""`rhomboid interview`: asks what could still change the outcome, one question at a time, line by line from standard input."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from rich.text import Text

from ..knowledge import Knowledge
from ..knowledge.care import UrgencyRoute
from ..knowledge.model import Condition
from ..reasoning.assess import assess
from ..reasoning.facts import facts_of
from ..reasoning.interview import Interview
from ..reasoning.screening import Screening
from ..vocabulary import CaseError, Finding, Gate, Problem, RhomboidError
from ..vocabulary.case import Case, read_case
from ..vocabulary.values import ValueProblem
from .answers import how_to_answer, read_answer
from .case_file import write_case
from .reading import Commands, add_command, add_day, day_of, load
from .show import ACCENT, QUIET, STRONG, Page, count
from .show_assessment import show_action, show_concerns, show_headline, show_letter

KEYS = "? not known · b back · q save and leave"


class Leave(Exception):
    """The person has typed q, or the input has ended."""


class Back(Exception):
    """The person wants the question before."""


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "interview", "ask for the findings that could still change the outcome, and save a case", run)
    parser.add_argument("--save", type=Path, metavar="FILE", help="where the case is saved (default: the resumed file)")
    parser.add_argument(
        "--resume",
        type=Path,
        metavar="FILE",
        help="go on with a case: what was not known is asked again; comments in the file are not kept",
    )
    add_day(parser)


def run(args: Namespace) -> int:
    knowledge = load()
    case = read_case(args.resume, knowledge.vocabulary) if args.resume else Case(findings={})
    target = args.save or args.resume
    _check_target(target, args.resume)
    on = day_of(args.on, case)
    if case.findings:
        facts_of(case, knowledge, on)
    Conversation(Page(), knowledge, on, case, target).hold()
    return 0


def _check_target(target: Path | None, resumed: Path | None) -> None:
    """Refuses a file that could not be saved, or that would be lost, before the first question."""
    if target is None:
        return
    if not target.absolute().parent.is_dir():
        raise RhomboidError([Problem(str(target), "", "is in a folder that does not exist", "make the folder first")])
    if target.is_dir():
        raise RhomboidError([Problem(str(target), "", "is a folder", "name a file, such as case.toml")])
    if target.exists() and (resumed is None or target.resolve() != resumed.resolve()):
        raise RhomboidError(
            [Problem(str(target), "", "exists already", f"go on with it: --resume {target}, or choose another name")]
        )


@dataclass
class Conversation:
    """One interview at a terminal. `states` has every state of it, so that going back is going to the one before."""

    page: Page
    knowledge: Knowledge
    on: date
    case: Case
    target: Path | None
    states: list[Interview] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        known = dict(self.case.findings)
        self.states.append(Interview(self.knowledge, self.on, known, asked=tuple(known)))

    @property
    def now(self) -> Interview:
        return self.states[-1]

    def hold(self) -> None:
        """Asks until nothing that could be answered would change the outcome, or until somebody leaves."""
        self.page.title("Interview", f"{self.on} · knowledge {self.knowledge.version}")
        self.page.line(KEYS, QUIET, indent=0)
        if self.target is None:
            self.page.line("Nothing is saved: name a file with --save to keep the answers.", "yellow", indent=0)
        try:
            while (question := self.now.next_question()) is not None:
                self.ask(question)
        except (Leave, KeyboardInterrupt):
            self.page.blank()
            self.page.line("Left before the end; what is not answered counts as not known.", QUIET, indent=0)
        self.save()
        self.finish()

    # --- one question ------------------------------------------------------------------------------------------------

    def ask(self, question: str) -> None:
        entry = self.entry(question)
        self.show_question(entry)
        while True:
            try:
                following = self.answered(question, entry, self.line("> "))
            except ValueProblem as error:
                self.page.line(f"{error.message}{'; ' if error.fix else ''}{error.fix}", "yellow")
            except Back:
                self.back()
                return
            else:
                self.states.append(following)
                self.save()
                self.tell_emergencies(following.screening())
                return

    def entry(self, question: str) -> Finding | Gate:
        """The gate or finding of a question; for days since a date it is the date that is asked for."""
        vocabulary = self.knowledge.vocabulary
        return vocabulary.gates.get(question) or vocabulary.findings[vocabulary.days_since.get(question, question)]

    def show_question(self, entry: Finding | Gate) -> None:
        """The question in the patient's words; what only an examination tells, in the therapist's."""
        open_ = len(self.now.screening().undecided)
        asked = len(self.states)
        self.page.blank()
        self.page.line(f"{asked} · {count(open_, 'condition')} open of {len(self.knowledge.of(Condition))}", QUIET, indent=0)
        words = entry.question or entry.label
        kind = "" if entry.question else "  examination"
        self.page.line(Text.assemble((words, STRONG), (kind, ACCENT)), indent=0)
        if isinstance(entry, Finding):
            if entry.help:
                self.page.line(entry.help, QUIET)
            if entry.options:
                self.page.choices(list(entry.options.values()))
        self.page.line(how_to_answer(entry), QUIET)

    def line(self, prompt: str) -> str:
        """One line of the input. Raises Leave at its end and for q, Back for b."""
        self.page.console.print(Text(prompt, ACCENT), end="")
        sys.stdout.flush()
        typed = sys.stdin.readline()
        if not typed:
            raise Leave
        word = typed.strip()
        if not sys.stdin.isatty():
            self.page.console.print(Text(word))
        if word.lower() == "q":
            raise Leave
        if word.lower() == "b":
            raise Back
        return word

    def answered(self, question: str, entry: Finding | Gate, typed: str) -> Interview:
        """The interview after an answer that fits its question and what was said before."""
        if not typed:
            raise ValueProblem("nothing typed", how_to_answer(entry) + ("" if "?" in how_to_answer(entry) else "; ? if not known"))
        if typed == "?":
            return self.now.answered(question, None)
        name = question if isinstance(entry, Gate) else entry.id
        following = self.now.answered(name, read_answer(entry, typed))
        try:
            facts_of(self.as_case(following), self.knowledge, self.on)
        except CaseError as error:
            problem = error.problems[0]
            raise ValueProblem(f"that does not fit what was said before: {problem.message}", problem.fix) from None
        return following

    def back(self) -> None:
        if len(self.states) > 1:
            self.states.pop()
            self.save()
        else:
            self.page.line("This is the first question.", QUIET)

    # --- danger ------------------------------------------------------------------------------------------------------

    def tell_emergencies(self, screening: Screening) -> None:
        """Says plainly, as soon as it is known, that help is needed now."""
        new = [one for one in screening.raised if one.urgency == "emergency_now" and one.condition not in self.told]
        if not new:
            return
        route = self.knowledge.of(UrgencyRoute)["emergency_now"]
        self.page.blank()
        self.page.badge(route.name, "emergency_now", route.route)
        for one in new:
            self.told.add(one.condition)
            self.page.line(self.knowledge.of(Condition)[one.condition].patient, STRONG)
        self.page.line(route.patient, STRONG)
        self.page.line(f"Therapist: {route.therapist}")
        if not self.wants_to_go_on():
            raise Leave

    def wants_to_go_on(self) -> bool:
        self.page.line("Go on with the questions, for the letter? y or n", indent=0)
        while True:
            try:
                word = self.line("> ").lower()
            except Back:
                continue
            if word in ("y", "yes", "n", "no"):
                return word.startswith("y")

    # --- the end -----------------------------------------------------------------------------------------------------

    def as_case(self, state: Interview) -> Case:
        """The case with the answers so far; a detail of an answer that has changed goes with it."""
        kept: Mapping[str, Mapping[str, Any]] = {
            name: details for name, details in self.case.details.items() if state.answers.get(name) == self.case.findings.get(name)
        }
        return replace(self.case, findings=dict(state.answers), on=self.on, details=kept)

    def save(self) -> None:
        """Saves what is known so far; a case without findings is no case."""
        if self.target and self.now.answers:
            write_case(self.as_case(self.now), self.target)

    def finish(self) -> None:
        """The outcome of the screening, and how to go on."""
        if not self.now.answers:
            self.page.line("Nothing was answered, so nothing is saved.", QUIET, indent=0)
            return
        assessment = assess(self.as_case(self.now), self.knowledge, on=self.on)
        self.page.blank()
        show_headline(self.page, assessment)
        if assessment.held:
            show_action(self.page, assessment)
        show_concerns(self.page, assessment)
        show_letter(self.page, assessment, short=not assessment.held)
        self.page.blank()
        if self.target:
            self.page.line(f"Saved in {self.target}. Next: rhomboid assess {self.target}", indent=0)
        else:
            self.page.line("Nothing was saved.", QUIET, indent=0)
