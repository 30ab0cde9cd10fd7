"""What is known of one person, and what follows from it: every derived finding and the truth of every predicate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ..knowledge import Knowledge
from ..vocabulary import CaseError, Problem, Value, Vocabulary
from ..vocabulary.case import Case


@dataclass(frozen=True, slots=True)
class Facts:
    """One evaluation of all knowledge for one case. `known` has the plain findings, `derived` what follows from them."""

    knowledge: Knowledge
    known: Mapping[str, Value]
    derived: Mapping[str, object]
    truths: list[bool | None]

    def truth(self, predicate: str) -> bool | None:
        """Whether a predicate of the knowledge holds; None when what is known does not decide it."""
        return self.truths[self.knowledge.places[predicate]]

    def value(self, name: str) -> object:
        """The value of a finding, derived or not; None when it is unknown. A score is a pair: the least and the most."""
        return self.derived[name] if name in self.derived else self.known.get(name)


def evaluate(known: Mapping[str, Value], knowledge: Knowledge) -> Facts:
    """Everything that follows from plain known values. Nothing is checked: that is `facts_of`."""
    truths, derived = knowledge.evaluate(known)
    return Facts(knowledge, known, derived, truths)


def facts_of(case: Case, knowledge: Knowledge, on: date) -> Facts:
    """The facts of a case on a date. Raises CaseError when the case contradicts itself."""
    known, problems = known_values(case.findings, knowledge.vocabulary, on)
    facts = evaluate(known, knowledge)
    problems += [*_closed_later(case, on), *_contradictions(facts), *_disagreements(case, facts)]
    if problems:
        place = f"{case.id}: " if case.id else ""
        raise CaseError([Problem(f"{place}{problem.place}", problem.entry, problem.message, problem.fix) for problem in problems])
    return facts


def known_values(given: Mapping[str, Value], vocabulary: Vocabulary, on: date) -> tuple[dict[str, Value], list[Problem]]:
    """Plain values: what was given, what a gate's 'no' answers, no record where nothing is on file, and days since dates."""
    known = {name: value for name, value in given.items() if name not in vocabulary.gates}
    problems: list[Problem] = []
    for name in given:
        if name in vocabulary.gates and given[name] is False:
            for closed in vocabulary.gates[name].closes:
                if known.setdefault(closed, False) is True:
                    message = f'"{name}" is answered no, but "{closed}" is true'
                    problems.append(Problem("case", name, message, f"leave {name} out, or correct {closed}"))
    for name in vocabulary.recorded:
        known.setdefault(name, False)
    problems += _dated(known, vocabulary, on)
    return known, problems


def _dated(known: dict[str, Value], vocabulary: Vocabulary, on: date) -> Iterator[Problem]:
    for name in vocabulary.dates:
        if name in known and str(known[name]) > on.isoformat():
            yield Problem("case", name, f"{known[name]} is after the day of the assessment ({on})", "check the date")
    for name, source in vocabulary.days_since.items():
        if source in known:
            days = (on - date.fromisoformat(str(known[source]))).days
            if known.setdefault(name, days) != days:
                yield Problem("case", name, f"is {known[name]}, but {source} makes it {days}", f"give {name} or {source}")


def _closed_later(case: Case, on: date) -> Iterator[Problem]:
    """Nobody has lowered a concern on a day that is still to come."""
    for closed in case.closed:
        if date.fromisoformat(closed.on) > on:
            message = f"{closed.condition} is closed on {closed.on}, after the day of the assessment ({on})"
            yield Problem("case", "closed", message, "check the date")


def _contradictions(facts: Facts) -> Iterator[Problem]:
    for contradiction in facts.knowledge.vocabulary.contradictions:
        if facts.truth(contradiction.when):
            yield Problem("case", contradiction.id, f"contradiction: {contradiction.text}", contradiction.fix)


def _disagreements(case: Case, facts: Facts) -> Iterator[Problem]:
    """A stated derived finding must agree with what the other findings make of it: nobody lowers a score by stating it."""
    for name, given in case.findings.items():
        if name not in facts.derived or name not in facts.knowledge.vocabulary.derived:
            continue
        computed = facts.derived[name]
        if isinstance(computed, tuple):
            low, high = _reach(name, facts)
            agrees, words = (
                isinstance(given, int | float) and low <= given <= high,
                f"{low:g}" if low == high else f"{low:g} to {high:g}",
            )
        else:
            agrees, words = computed in (None, given), str(computed)
        if not agrees:
            message = f"is given as {given}, but the other findings make it {words}"
            yield Problem("case", name, message, f"leave {name} out, or correct them")


def _reach(score: str, facts: Facts) -> tuple[float, float]:
    """The least and the most a score can be by its parts alone, whatever was stated."""
    parts = {name: value for name, value in facts.known.items() if name != score}
    reach = evaluate(parts, facts.knowledge).derived[score]
    assert isinstance(reach, tuple)
    return reach
