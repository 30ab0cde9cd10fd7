"""The interview: asks what could still change the outcome, and stops when nothing can.

Each step looks one answer ahead: which question, answered as a well person would, settles the most open rules? Urgent
conditions weigh more. Predicates are monotone (what is decided stays decided), so a question that no open rule reads
is never asked, and the end of a short interview is the end of the full form.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ..knowledge import Knowledge
from ..knowledge.model import Condition, Urgency
from ..vocabulary import Value, Vocabulary
from ..vocabulary.finding import Supplier
from .explain import Explainer, ranked
from .facts import Facts, evaluate, known_values
from .screening import WEIGHT, Screening, open_rules, screen

LOOKED_AT = 24
"""How many of the heaviest open questions are tried out before one is asked."""

Answer = Value | None
"""None: not known."""


@dataclass(frozen=True)
class Interview:
    """One interview as far as it has come. `answers` are given values, `unsure` what was asked and is not known.

    Immutable: `answered` returns the next state, so going back is keeping the earlier one. `by`: who answers, such as "patient";
    what only others can supply is then left to them, and the interview ends where this person's answers can raise no more. With
    `about` and `urgencies` only rules are followed that read one of these findings, and that are as urgent.
    """

    knowledge: Knowledge
    on: date
    answers: Mapping[str, Value] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()
    asked: tuple[str, ...] = ()
    by: Supplier | None = None
    about: frozenset[str] = frozenset()
    urgencies: tuple[Urgency, ...] = ()

    def answered(self, question: str, answer: Answer) -> Interview:
        """The interview after an answer. A gate answered with anything but no leaves its questions open."""
        answers = dict(self.answers)
        if answer is not None:
            answers[question] = answer
        unsure = self.unsure | {question} if answer is None else self.unsure
        return replace(self, answers=answers, unsure=unsure, asked=(*self.asked, question))

    def facts(self) -> Facts:
        known, _ = known_values(self.answers, self.knowledge.vocabulary, self.on)
        return evaluate(known, self.knowledge)

    def screening(self) -> Screening:
        """What the answers so far make of every condition."""
        return screen(Explainer(self.facts()))

    def next_question(self) -> str | None:
        """The finding or gate to ask next; None when no answer could change the screening any more."""
        facts = self.facts()
        if self.by:
            return self._next_of_one(facts)
        return self._heaviest(facts, _open_rules(facts)) or self._record_to_ask(facts)

    def _next_of_one(self, facts: Facts) -> str | None:
        """The next question for somebody who cannot answer all.

        First as if everything they cannot supply were as in a well person: what they say could raise by itself is settled so. A
        rule that came out true only through that supposition is asked for again without it. Nothing supposed is ever recorded.
        """
        supposed = evaluate({**self._left_to_others(), **facts.known}, self.knowledge)
        found = self._heaviest(supposed, self._followed(supposed))
        if found:
            return found
        return self._heaviest(facts, [(when, weight) for when, weight in self._followed(facts) if supposed.truth(when)])

    def _followed(self, facts: Facts) -> list[tuple[str, float]]:
        """The open rules that this interview follows."""
        rules = _open_rules(facts, self.urgencies)
        if not self.about:
            return rules
        return [(when, weight) for when, weight in rules if self.about & set(self.knowledge.findings_read([when]))]

    def _left_to_others(self) -> dict[str, Value]:
        vocabulary = self.knowledge.vocabulary
        others = (name for name in vocabulary.findings if not self._can_answer(name))
        return {name: vocabulary.well[name] for name in others if name in vocabulary.well}

    def _can_answer(self, name: str) -> bool:
        """Whether the person who answers can supply it; for days since a date it is the date that is asked for."""
        vocabulary = self.knowledge.vocabulary
        finding = vocabulary.findings.get(vocabulary.days_since.get(name, name))
        return self.by is None or (finding is not None and self.by in finding.by)

    def _heaviest(self, facts: Facts, rules: list[tuple[str, float]]) -> str | None:
        """The question to ask for some open rules; None when there are none, or nothing more can be asked."""
        weights = self._open(facts, rules)
        if not weights:
            return None
        return max(
            self._candidates(weights),
            key=lambda name: (self._settles(name, facts.known, rules), weights.get(name, 0.0), name),
        )

    def _record_to_ask(self, facts: Facts) -> str | None:
        """A document that may be on file and would calm what is raised: no record is a known no, so it is asked for at the end."""
        conditions = self.knowledge.of(Condition).values()
        raised = [level.when for condition in conditions for level in condition.level if facts.truth(level.when)]
        recorded = self.knowledge.vocabulary.recorded
        wanted = (name for name in self.knowledge.findings_read(raised) if name in recorded)
        return next((name for name in wanted if name not in self.asked), None)

    def _open(self, facts: Facts, rules: list[tuple[str, float]]) -> dict[str, float]:
        """Open questions with what hangs on them; what was already asked in vain is not asked again."""
        explainer = Explainer(facts)
        weights: dict[str, float] = {}
        for when, weight in rules:
            for open_name, share in explainer.decides(when).items():
                for name in self._askable(open_name):
                    weights[name] = weights.get(name, 0.0) + share * weight
        return weights

    def _askable(self, name: str) -> list[str]:
        """The question itself; when it was asked in vain, the simpler ones a patient may answer instead."""
        if name not in self.unsure and self._can_answer(name):
            return [name]
        definition = self.knowledge.definitions.get(name)
        findings = self.knowledge.vocabulary.findings
        simpler = definition.reads() if definition and definition.entered else set()
        return sorted(part for part in simpler if part not in self.unsure and "patient" in findings[part].by)

    def _candidates(self, weights: Mapping[str, float]) -> list[str]:
        """The heaviest questions, and the gates that would answer several of the open ones at once.

        Somebody who answers alone is asked the gates first: each danger is named once before any of them is looked into.
        """
        heaviest = ranked(weights)[:LOOKED_AT]
        gates = self.knowledge.vocabulary.gates
        useful = [g for g, gate in gates.items() if g not in self.asked and sum(name in weights for name in gate.closes) > 1]
        return useful if useful and self.by else [*useful, *heaviest]

    def _settles(self, name: str, known: Mapping[str, Value], undecided: list[tuple[str, float]]) -> float:
        """The weight of the open rules that a well person's answer would settle."""
        vocabulary = self.knowledge.vocabulary
        if name in vocabulary.gates:
            answer: dict[str, Value] = {closed: False for closed in vocabulary.gates[name].closes if closed not in known}
        elif name in vocabulary.well:
            answer = {name: vocabulary.well[name]}
        else:
            return 0.0
        facts = evaluate({**known, **answer}, self.knowledge)
        return sum(weight for when, weight in undecided if facts.truth(when) is not None)


def hold(interview: Interview, ask: Callable[[str], Answer]) -> Interview:
    """Runs an interview to its end. `ask` gets a finding or gate id and returns the answer, None when it is not known."""
    while (question := interview.next_question()) is not None:
        interview = interview.answered(question, ask(question))
    return interview


def form_questions(knowledge: Knowledge) -> tuple[str, ...]:
    """The full form: every finding that some rule of the screening reads. A short interview is measured against it."""
    empty = Explainer(evaluate({}, knowledge))
    return tuple(sorted({name for when, _ in _open_rules(empty.facts) for name in empty.decides(when)}))


def answers_from(known: Mapping[str, Value], vocabulary: Vocabulary) -> Callable[[str], Answer]:
    """Answers as somebody gives them whose findings are known: a gate is a no only when all that it closes is known to be no."""

    def ask(question: str) -> Answer:
        if question not in vocabulary.gates:
            return known.get(question)
        if question in known:
            return known[question]
        closed = [known.get(name) for name in vocabulary.gates[question].closes]
        return True if True in closed else False if all(value is False for value in closed) else None

    return ask


def _open_rules(facts: Facts, urgencies: Collection[Urgency] = ()) -> list[tuple[str, float]]:
    conditions = facts.knowledge.of(Condition).values()
    rules = [rule for condition in conditions for rule in open_rules(condition, facts)]
    return [(when, WEIGHT[urgency]) for when, urgency in rules if not urgencies or urgency in urgencies]
