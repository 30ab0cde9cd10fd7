"""The intake as the front desk types it in: the patient's questions in plain words, section by section, and nothing clinical."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from ...knowledge import Knowledge
from ...knowledge.care import Instrument, UrgencyRoute
from ...knowledge.languages import Language
from ...knowledge.model import Condition
from ...reasoning.facts import Facts, evaluate
from ...reasoning.letter import private_conditions
from ...vocabulary import Finding as Entry
from ...vocabulary.units import unit_sign
from ..records.models import Concern, Finding
from .evaluation_layout import SAID, Group, Layout, RowPlace, key_of, layout_of
from .evaluation_rows import asked_when

TITLES = {
    "symptoms": _("Signs we always ask about"),
    "pain": _("The pain"),
    "history": _("How it began"),
    "medical": _("Health"),
    "function": _("What it keeps you from"),
    "lifestyle": _("Work, day and sleep"),
    "beliefs": _("Thoughts and mood"),
    "profile": _("About you"),
}
ELSEWHERE = "history"
"""Where questions of the examination go that a patient can answer."""
ALARMS: tuple[str, ...] = ("emergency_now", "same_day")
YES_NO = (("true", _("Yes")), ("false", _("No")), ("", _("Not sure")))
GATE = (("false", _("No, none of these")), ("true", _("Yes, something of it")), ("", _("Not sure")))


@dataclass(frozen=True, slots=True)
class Question:
    """One question with the answer that the front desk has typed in. `kept`: somebody else has answered it; the answer stays
    with the therapist."""

    name: str
    text: str
    kind: str
    options: tuple[tuple[str, str], ...]
    value: tuple[str, ...] = ()
    ref: str = ""
    kept: bool = False
    unit: str = ""
    low: str = ""
    high: str = ""
    gate: bool = False
    error: str = ""
    fix: str = ""

    @property
    def text_value(self) -> str:
        return self.value[0] if self.value else ""

    @property
    def field_value(self) -> str:
        """What stands in the field, as one text: an answer that equals it is no change."""
        return " ".join(sorted(self.value))

    @property
    def field(self) -> str:
        return f"v.{self.name}"

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.options)

    @property
    def answered(self) -> bool:
        return self.kept or bool(self.ref)


@dataclass(frozen=True, slots=True)
class Block:
    """Questions that belong together; a gate's 'no' answers those behind it, so they are not shown."""

    gate: Question | None
    questions: tuple[Question, ...]
    closed: int = 0

    @property
    def open(self) -> bool:
        """Whether what stands behind the gate is asked one by one: it was answered with yes, or some of it is answered."""
        return bool(self.gate and self.gate.text_value == "true") or any(question.answered for question in self.questions)


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    title: str
    done: int
    total: int


@dataclass(frozen=True)
class Intake:
    steps: tuple[Step, ...]
    key: str
    title: str
    blocks: tuple[Block, ...]
    next: str
    alarm: UrgencyRoute | None

    @property
    def number(self) -> int:
        return next(place for place, step in enumerate(self.steps, 1) if step.key == self.key)


def questions_of(knowledge: Knowledge) -> dict[str, list[Group]]:
    """The groups of each section of the intake, for everybody who comes."""
    layout, left_out = layout_of(knowledge), not_asked(knowledge)
    found = {section: [_asked(group, knowledge, left_out) for group in _groups(layout, section)] for section in SAID}
    return {section: [group for group in groups if group.rows] for section, groups in found.items()}


def _groups(layout: Layout, section: str) -> list[Group]:
    groups = list(layout.places[key_of("said", section)].groups)
    if section == ELSEWHERE:
        groups += [group for place in layout.side("exam") for group in place.groups]
    return groups


def _asked(group: Group, knowledge: Knowledge, left_out: frozenset[str]) -> Group:
    findings = knowledge.vocabulary.findings
    rows = [
        row for row in group.rows if row.gate or ("patient" in findings[row.findings[0]].by and row.findings[0] not in left_out)
    ]
    return Group(group.heading, tuple(rows))


def blank_of(knowledge: Knowledge, language: Language) -> list[tuple[str, list[Question]]]:
    """Every question of the intake without answers, for paper, in the language of who writes on it."""
    form = _Form(knowledge, evaluate({}, knowledge), {}, frozenset(), {}, {})
    return [
        (
            gettext(TITLES[section]),
            [
                _said(form.gate(row) if row.gate else form.question(row.findings[0]), language)
                for group in groups
                for row in group.rows
            ],
        )
        for section, groups in questions_of(knowledge).items()
    ]


def _said(question: Question, language: Language) -> Question:
    """A question with its words in a language."""
    kind, entry = "gate" if question.gate else "finding", language.knowledge.vocabulary.findings.get(question.name)
    own = entry is not None and bool(entry.options)
    words = language.options(question.name) if own else {value: gettext(said) for value, said in question.options}
    options = tuple((value, words[value]) for value, _said_in_english in question.options)
    unit = language.unit(entry.unit) if entry is not None and entry.unit else ""
    return replace(question, text=language.say(kind, question.name, "question"), options=options, unit=unit)


def not_asked(knowledge: Knowledge) -> frozenset[str]:
    """What is not asked at the desk: what belongs to a quiet room, and what is only asked later."""
    conditions = knowledge.of(Condition)
    private = knowledge.findings_read(level.when for name in private_conditions(knowledge) for level in conditions[name].level)
    later = (one.finding for one in knowledge.of(Instrument).values() if one.finding and "intake" not in one.schedule)
    return frozenset((*private, *later))


def intake_of(
    knowledge: Knowledge,
    facts: Facts,
    known: Mapping[str, Finding],
    concerns: Iterable[Concern],
    own: frozenset[str],
    key: str,
    typed: Mapping[str, Sequence[str]] | None = None,
    errors: Mapping[str, tuple[str, str]] | None = None,
) -> Intake:
    """One section of the intake. `own`: the findings whose answers this person has typed in today and may see."""
    form = _Form(knowledge, facts, known, own, typed or {}, errors or {})
    sections = questions_of(knowledge)
    key = key if key in sections else next(iter(sections))
    blocks = {name: form.blocks(groups) for name, groups in sections.items()}
    order = list(sections)
    place = order.index(key)
    return Intake(
        steps=tuple(_step(name, found) for name, found in blocks.items()),
        key=key,
        title=TITLES[key],
        blocks=tuple(blocks[key]),
        next=order[place + 1] if place + 1 < len(order) else "",
        alarm=alarm_of(knowledge, concerns),
    )


def alarm_of(knowledge: Knowledge, concerns: Iterable[Concern]) -> UrgencyRoute | None:
    """What to do at once, in plain words, when something urgent is open. It never says what is suspected."""
    open_ = {one.urgency for one in concerns if one.state == "open"}
    return next((knowledge.of(UrgencyRoute)[urgency] for urgency in ALARMS if urgency in open_), None)


def _step(name: str, blocks: Sequence[Block]) -> Step:
    questions = [question for block in blocks for question in (block.gate, *block.questions) if question]
    return Step(name, TITLES[name], sum(question.answered for question in questions), len(questions))


@dataclass
class _Form:
    knowledge: Knowledge
    facts: Facts
    known: Mapping[str, Finding]
    own: frozenset[str]
    typed: Mapping[str, Sequence[str]]
    errors: Mapping[str, tuple[str, str]]

    def blocks(self, groups: Iterable[Group]) -> list[Block]:
        return [block for group in groups for block in [self.block(group)] if block.gate or block.questions]

    def block(self, group: Group) -> Block:
        gates = [self.gate(row) for row in group.rows if row.gate]
        rows = [row for row in group.rows if not row.gate and self.applies(row)]
        shut = bool(gates) and gates[0].text_value == "false"
        questions = [self.question(row.findings[0]) for row in rows]
        if shut:
            shown = tuple(question for question in questions if question.answered and question.name in self.errors)
            return Block(gates[0], shown, len(questions) - len(shown))
        return Block(gates[0] if gates else None, tuple(questions))

    def applies(self, row: RowPlace) -> bool:
        entry = self.knowledge.vocabulary.findings[row.findings[0]]
        return not entry.ask_when or asked_when(entry.ask_when, self.knowledge, self.facts) is not False

    def of(self, row: RowPlace) -> Question:
        return self.gate(row) if row.gate else self.question(row.findings[0])

    def gate(self, row: RowPlace) -> Question:
        entry = self.knowledge.vocabulary.gates[row.gate]
        return Question(entry.id, entry.question, "flag", GATE, gate=True, **self.answer(entry.id))

    def question(self, name: str) -> Question:
        entry = self.knowledge.vocabulary.findings[name]
        unit = unit_sign(entry.unit).strip()
        return Question(
            name,
            entry.question,
            entry.type,
            options_of(entry),
            unit=unit,
            low=f"{entry.min:g}" if entry.min is not None else "",
            high=f"{entry.max:g}" if entry.max is not None else "",
            **self.answer(name),
        )

    def answer(self, name: str) -> dict[str, Any]:
        row = self.known.get(name)
        kept = row is not None and name not in self.own
        value: Sequence[str] = self.typed[name] if name in self.typed else () if kept else _texts(row.value if row else None)
        error, fix = self.errors.get(name, ("", ""))
        return {"value": tuple(value), "ref": row.ref if row and not kept else "", "kept": kept, "error": error, "fix": fix}


def options_of(entry: Entry) -> tuple[tuple[str, str], ...]:
    if entry.type == "flag":
        return YES_NO
    if entry.type == "scale":
        return tuple((str(step), str(step)) for step in range(11))
    return tuple(entry.options.items())


def _texts(raw: Any) -> tuple[str, ...]:
    if raw is None:
        return ()
    if isinstance(raw, bool):
        return (str(raw).lower(),)
    if isinstance(raw, list):
        return tuple(sorted(raw)) or ("-",)
    return (f"{raw:g}",) if isinstance(raw, int | float) else (str(raw),)
