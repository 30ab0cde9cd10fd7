"""The reasoning column: what the assessment says, in lines that a page can show, each with its because."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...knowledge import Knowledge
from ...knowledge.model import Condition, Contraindication, Factor, Pattern
from ...reasoning.assess import Assessment
from ...reasoning.facts import Facts, evaluate
from ...reasoning.letter import private_conditions
from ...reasoning.patterns import PatternFound
from ...reasoning.screening import WEIGHT, Raised, Undecided, open_rules
from ...reasoning.words import matrix_words, steps_at
from ...vocabulary import Finding as Entry
from ...vocabulary.units import unit_sign
from ..records.models import Concern, Referral
from .evaluation_lines import Answer, Ask, Card, Column, FactorLine, PatternLine, SafetyLine
from .evaluation_signs import speaking_for
from .evaluation_words import joined, listed
from .fast_entry import SIDE_NAMES, side_of
from .labels import measured, number

SHOWN_UNDECIDED = 4
STANDINGS = {
    "emergency_now": "Emergency now",
    "same_day": "Somebody else must see them today",
    "urgent_days": "Somebody else must see them within days",
    "routine_referral": "Treat, with a referral",
    "treat_with_precautions": "Treat, with precautions",
    "treat": "Treat",
}
SEALS = {"treat_with_precautions": "monitor", "treat": "cleared"}
CAN_TELL = "Can’t tell"


@dataclass
class _Builder:
    """One column from one assessment. `before` is the assessment of the moment before, if something has just changed."""

    now: Assessment
    before: Assessment | None
    concerns: Mapping[str, Concern]
    letters: Mapping[int, Referral]
    seen: Mapping[str, str]
    skipped: frozenset[str]
    unsigned: frozenset[tuple[str, str]]
    _signs: dict[str, list[str]] = field(default_factory=dict)

    @property
    def knowledge(self) -> Knowledge:
        return self.now.knowledge

    @property
    def facts(self) -> Facts:
        return self.now.facts

    # --- raised ---

    def raised(self) -> list[Card]:
        private = private_conditions(self.knowledge)
        return [self.card(one, one.condition in private) for one in self.now.screening.raised if not one.closed_by]

    def lowered(self) -> list[Card]:
        return [self.card(one, private=False) for one in self.now.screening.raised if one.closed_by]

    def card(self, raised: Raised, private: bool) -> Card:
        condition = self.knowledge.of(Condition)[raised.condition]
        concern = self.concerns.get(raised.condition)
        letter = self.letters.get(concern.pk) if concern else None
        lines = [("because", joined(raised.because, self.facts))]
        if against := self.against(condition, raised.because):
            lines.append(("against", against))
        if concern and concern.state == "lowered":
            lines = [*lines[:1], ("lowered by", f"{concern.lowered_by_label}: {concern.reason}")]
        was = {one.condition: one for one in self.before.screening.raised} if self.before else {}
        new = "" if self.before is None or raised.condition in was else "new"
        moved = bool(self.before) and (
            not was.get(raised.condition) or (was[raised.condition].urgency, was[raised.condition].concern) != _level(raised)
        )
        return Card(
            id=condition.id,
            kind="condition",
            name=condition.name,
            lines=tuple(lines),
            concern=raised.concern,
            urgency=raised.urgency,
            within=raised.within,
            action=steps_at(condition.therapist, raised.concern),
            ref=concern.ref if concern else "",
            letter=letter.ref if letter else "",
            private=private,
            unsigned=("condition", condition.id) in self.unsigned,
            changed=moved,
            new=new,
        )

    def against(self, condition: Condition, because: Iterable[str]) -> str:
        """Signs that its rules read and that are known to be absent."""
        findings = self.knowledge.vocabulary.findings
        read = self.knowledge.findings_read(level.when for level in condition.level)
        absent = [
            findings[name].label
            for name in read
            if name in findings
            and findings[name].normal is False
            and not findings[name].recorded
            and self.facts.known.get(name) is False
            and name not in because
        ]
        return "no " + listed([label[0].lower() + label[1:] for label in absent], 3, "or") if absent else ""

    # --- undecided ---

    def undecided(self) -> list[Card]:
        """Conditions that wait for the same answer stand in one card; the danger for which the most speaks already comes first."""
        groups: dict[str, list[Undecided]] = {}
        raised = {one.condition for one in self.now.screening.raised if not one.closed_by}
        for one in self.now.screening.undecided:
            groups.setdefault(self.question_of(one), []).append(one)
        ranked = sorted(groups.items(), key=lambda item: (not item[0], *self.place(item[1])))
        return [self.group(name, waiting, raised) for name, waiting in ranked]

    def place(self, waiting: Iterable[Undecided]) -> tuple[float, float]:
        """By the signs of the one for which the most speaks, then by how much hangs on the answer; each by urgency (prod).

        Tried on the serious pictures of tests/cases and tests/vignettes with some of their answers known: docs/decisions/0021.
        """
        return -max(self.told(one) for one in waiting), -sum(WEIGHT[one.urgency] for one in waiting)

    def told(self, one: Undecided) -> float:
        return WEIGHT[one.urgency] * len(self.signs(one))

    def question_of(self, one: Undecided) -> str:
        """What to ask for it next: the most decisive question that was not tried in vain, or the gate that asks several at once."""
        for name in one.questions:
            asked = self.knowledge.vocabulary.days_since.get(name, name)
            gate = self.gate_of(asked)
            if gate and gate not in self.skipped:
                return gate
            if asked not in self.skipped:
                return asked
        return ""

    def gate_of(self, name: str) -> str:
        for gate in self.knowledge.vocabulary.gates.values():
            if name in gate.closes and gate.id not in self.now.case.findings:
                open_ = [one for one in gate.closes if self.facts.value(one) is None]
                return gate.id if len(open_) > 1 else ""
        return ""

    def group(self, name: str, waiting: list[Undecided], raised: set[str]) -> Card:
        waiting = sorted(waiting, key=self.told, reverse=True)
        names = [self.knowledge.of(Condition)[one.condition].name for one in waiting]
        lines = [("because", text)] if (text := self.speaks_for(waiting[0])) else []
        if waiting[0].condition in raised:
            lines.append(("raised already,", "could become more urgent"))
        was = {one.condition for one in self.before.screening.undecided} if self.before else set()
        return Card(
            id=waiting[0].condition,
            kind="condition",
            name=names[0],
            lines=tuple(lines),
            urgency=waiting[0].urgency,
            ask=self.ask(name, waiting) if name else None,
            others=tuple(names[1:]),
            unsigned=("condition", waiting[0].condition) in self.unsigned,
            changed=bool(self.before) and not all(one.condition in was for one in waiting),
        )

    def speaks_for(self, one: Undecided) -> str:
        return joined(self.signs(one), self.facts, 3)

    def signs(self, one: Undecided) -> list[str]:
        if one.condition not in self._signs:
            self._signs[one.condition] = speaking_for([when for when, _ in one.rules], self.facts)
        return self._signs[one.condition]

    def ask(self, name: str, waiting: Sequence[Undecided]) -> Ask:
        vocabulary = self.knowledge.vocabulary
        if name in vocabulary.gates:
            answers = (self.answer("None of these", name, "false"), self.answer("Some of it", name, "true"))
            return Ask(name, vocabulary.gates[name].question, "Ask next", self.can(name, waiting), (*answers, self.untold(name)))
        entry = vocabulary.findings.get(name)
        if entry is None:
            return Ask(name, vocabulary.label(name), "Find out next", "", ())
        patient = "patient" in entry.by
        question = entry.question if patient and entry.question else entry.label
        verb = "Ask next" if patient else "Look up next" if entry.recorded else "Test next"
        return Ask(
            name,
            question,
            verb,
            self.can(name, waiting),
            self.answers(entry),
            unit_sign(entry.unit).strip() if entry.numeric else "",
        )

    def answers(self, entry: Entry) -> tuple[Answer, ...]:
        if entry.type == "flag":
            return (self.answer("No", entry.id, "false"), self.answer("Yes", entry.id, "true"), self.untold(entry.id))
        if entry.type == "choice" and len(entry.options) <= 4:
            given = (self.answer(label, entry.id, option) for option, label in entry.options.items())
            return (*given, self.untold(entry.id))
        return (self.untold(entry.id),) if entry.numeric else ()

    def answer(self, label: str, name: str, value: str) -> Answer:
        return Answer(label, name, value, self.seen.get(name, ""))

    def untold(self, name: str) -> Answer:
        return Answer(CAN_TELL, name, "", self.seen.get(name, ""))

    def can(self, name: str, waiting: Sequence[Undecided]) -> str:
        """What the answer of a well person can do, and what the other one does at once."""
        well = self.knowledge.vocabulary.well.get(name)
        gate = self.knowledge.vocabulary.gates.get(name)
        if gate:
            given: dict[str, Any] = {one: False for one in gate.closes if self.facts.value(one) is None}
        elif well is not None:
            given = {name: well}
        else:
            return ""
        facts = evaluate({**self.facts.known, **given}, self.knowledge)
        cleared = sum(not open_rules(self.knowledge.of(Condition)[one.condition], facts) for one in waiting)
        raises = not gate and well is False and self.raises(name, waiting)
        words = [f"can clear {'it' if len(waiting) == 1 else f'{cleared} of {len(waiting)}'}"] if cleared else []
        return ", ".join([*words, *(["yes raises it"] if raises else [])])

    def raises(self, name: str, waiting: Sequence[Undecided]) -> bool:
        facts = evaluate({**self.facts.known, name: True}, self.knowledge)
        conditions = [self.knowledge.of(Condition)[one.condition] for one in waiting if not one.raised]
        return any(facts.truth(level.when) for condition in conditions for level in condition.level)

    # --- patterns, factors, safety ---

    def patterns(self, status: str) -> list[PatternLine]:
        return [self.pattern(found) for found in self.now.patterns if found.status == status]

    def pattern(self, found: PatternFound) -> PatternLine:
        entry = self.knowledge.of(Pattern)[found.pattern]
        truth = self.facts.truth
        supporting = round(
            sum(weight.points for weight in (*entry.support, *entry.oppose) if weight.points > 0 and truth(weight.when))
        )
        was = {one.pattern: one.points for one in self.before.patterns}.get(found.pattern, 0.0) if self.before else found.points
        moved = found.points - was
        reasons = listed([text[0].lower() + text[1:] if not text[:2].isupper() else text for text in found.support], 3)
        return PatternLine(
            id=entry.id,
            name=entry.name,
            supporting=supporting,
            against=round(supporting - found.points),
            because=reasons,
            changed=bool(moved),
            new=f"{'+' if moved > 0 else ''}{number(moved)} new" if moved else "",
            unsigned=("pattern", entry.id) in self.unsigned,
        )

    def factors(self) -> list[FactorLine]:
        was = {one.factor: one.severity for one in self.before.factors} if self.before else None
        found = []
        for one in self.now.factors:
            entry = self.knowledge.of(Factor)[one.factor]
            changed = was is not None and was.get(one.factor) != one.severity
            new = "" if not changed or was is None else "new" if one.factor not in was else "changed"
            reason = self.measured_reason(entry) or joined(one.because[:2], self.facts)
            unsigned = ("factor", entry.id) in self.unsigned
            found.append(FactorLine(entry.id, entry.name, one.severity, reason, changed, new, unsigned))
        return found

    def measured_reason(self, factor: Factor) -> str:
        """Its measure in the person's own values, with the error where one is known: "31°, left 44°; error 6.3°"."""
        vocabulary, name = self.knowledge.vocabulary, factor.measure
        value = self.facts.value(name)
        entry = vocabulary.findings.get(name)
        if entry is None or not entry.numeric or not isinstance(value, int | float):
            return ""
        sides = [(word, self.facts.value(name[:-1] + side)) for side, word in SIDE_NAMES.items()] if side_of(name) else []
        both = [f"{word} {measured(found, entry)}" for word, found in sides if isinstance(found, int | float)]
        words = ", ".join(both) or measured(value, entry)
        return words + (f"; error {number(entry.mdc)}{unit_sign(entry.unit)}" if entry.mdc else "")

    def safety(self) -> list[SafetyLine]:
        rows = self.knowledge.of(Contraindication)
        was = {one.row for one in self.before.safety.active} if self.before else None
        return [
            SafetyLine(
                id=one.row,
                name=rows[one.row].name,
                because=joined(one.because, self.facts),
                limits=_limits(rows[one.row]),
                changed=was is not None and one.row not in was,
                unsigned=("contraindication", one.row) in self.unsigned,
            )
            for one in self.now.safety.active
        ]

    def waiting(self) -> list[Ask]:
        """The questions that keep thrust and heat or currents waiting, gates in the place of what they ask together."""
        names: dict[str, None] = {}
        for name in self.now.safety.waiting_for:
            gate = self.gate_of(name)
            names |= {gate if gate and gate not in self.skipped else name: None}
        return [self.ask(name, ()) for name in names if name not in self.skipped]


def _level(raised: Raised) -> tuple[str, str]:
    return raised.urgency, raised.concern


def _limits(row: Contraindication) -> str:
    never, care = matrix_words(row, "C"), matrix_words(row, "P")
    return "; ".join(part for part in (f"not {never}" if never else "", f"with care {care}" if care else "") if part)


def column_of(
    now: Assessment,
    *,
    before: Assessment | None = None,
    concerns: Iterable[Concern] = (),
    letters: Iterable[Referral] = (),
    seen: Mapping[str, str] | None = None,
    skipped: frozenset[str] = frozenset(),
    unsigned: frozenset[tuple[str, str]] = frozenset(),
) -> Column:
    """The column of an assessment; lines that differ from the one before are marked as changed."""
    by_condition = {one.condition: one for one in concerns if one.state != "gone"}
    build = _Builder(
        now, before, by_condition, {one.concern_id: one for one in letters if one.concern_id}, seen or {}, skipped, unsigned
    )
    raised, undecided, factors = build.raised(), build.undecided(), build.factors()
    urgency = now.disposition
    seal = SEALS.get(urgency, urgency) if raised or now.screening.complete or urgency != "treat" else "undecided"
    return Column(
        words=_words(now),
        details=_details(now, raised),
        seal=seal,
        held=now.held,
        empty=_untouched(now),
        raised=tuple(raised),
        lowered=tuple(build.lowered()),
        undecided=tuple(undecided[:SHOWN_UNDECIDED]),
        more=tuple(undecided[SHOWN_UNDECIDED:]),
        cleared=tuple(now.knowledge.of(Condition)[name].name for name in now.screening.cleared),
        patterns=tuple(build.patterns("supported")),
        possible=tuple(build.patterns("possible")),
        factors=tuple(factors),
        safety=tuple(build.safety()),
        waiting=tuple(build.waiting()),
        waits=_waits(now),
        unsigned=len(unsigned & _acting(now)),
        asked=frozenset(card.ask.finding for card in undecided[:SHOWN_UNDECIDED] if card.ask),
    )


def _acting(now: Assessment) -> set[tuple[str, str]]:
    """What has a line or a word in the column: every condition is raised, undecided or cleared."""
    screened = now.screening
    return {
        *(("condition", one.condition) for one in screened.raised),
        *(("condition", one.condition) for one in screened.undecided),
        *(("condition", name) for name in screened.cleared),
        *(("pattern", one.pattern) for one in now.patterns if one.status in ("supported", "possible")),
        *(("factor", one.factor) for one in now.factors),
        *(("contraindication", one.row) for one in now.safety.active),
    }


def _untouched(now: Assessment) -> bool:
    return not now.case.findings.keys() - {"age_years", "sex_at_birth"}


def _words(now: Assessment) -> str:
    """The standing in a few words. Nothing raised is not yet "treat" while dangers are open."""
    if _untouched(now):
        return "Nothing known yet"
    if now.disposition == "treat" and not now.screening.complete:
        return "Nothing raised so far"
    return STANDINGS[now.disposition]


def _details(now: Assessment, raised: list[Card]) -> str:
    """What follows from it, in a sentence or two."""
    if _untouched(now):
        return "Begin with what the person says, or type a finding."
    parts = ["Treatment is on hold."] if now.held else []
    letters = sum(card.urgency != "monitor" and not card.letter and not card.private for card in raised)
    if letters:
        parts.append(f"{_count(letters, 'letter', 'letters')} to write.")
    open_ = len(now.screening.undecided)
    parts.append(f"{_count(open_, 'danger', 'dangers')} still to rule out." if open_ else "Every danger is decided.")
    return " ".join(parts)


def _count(count: int, one: str, several: str) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    return f"{words[count] if count < len(words) else count} {one if count == 1 else several}"


def _waits(now: Assessment) -> str:
    """What must wait while the safety questions are open."""
    if now.held or not (now.safety.waiting or now.safety.thrust_missing):
        return ""
    return "Thrust, heat, ultrasound and currents" if now.safety.waiting else "Thrust"


def spoken(column: Column, reads: str) -> str:
    """The one summary for a screen reader after an entry: what was recorded, and what it changed."""
    changed = [f"{card.name} raised, {card.urgency.replace('_', ' ')}" for card in column.raised if card.changed]
    changed += [f"{line.name} {line.new}" for line in column.patterns if line.changed]
    changed += [f"{line.name} {line.new}" for line in column.factors if line.changed]
    return f"{reads} {'. '.join(changed[:4])}. {column.words}." if changed else f"{reads} {column.words}."
