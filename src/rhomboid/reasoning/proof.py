"""Knowledge is data with proof: runs the examples that stand beside every rule and says which do not come out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..knowledge import Knowledge
from ..knowledge.model import CONCERNS, Condition, Contraindication, Example, Factor, NeverAlone, Pattern
from ..vocabulary import Problem, Value
from ..vocabulary.values import checked_value
from .explain import Explainer
from .facts import Facts, evaluate
from .patterns import pattern_found

PROVEN: tuple[type, ...] = (Condition, NeverAlone, Pattern, Factor, Contraindication)
"""The kinds of entry whose examples run."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an example expects, and what came out."""

    entry: Any
    example: Example
    got: str

    @property
    def holds(self) -> bool:
        return self.got == self.example.expect


def run_examples(knowledge: Knowledge) -> Iterator[Outcome]:
    """Every example of every rule, run."""
    for kind in PROVEN:
        entry: Any
        for entry in knowledge.of(kind).values():
            for example in entry.example:
                yield Outcome(entry, example, outcome(entry, example_facts(example, knowledge)))


def broken_examples(knowledge: Knowledge) -> list[Problem]:
    """The examples that do not come out, as problems."""
    return [
        Problem(
            knowledge.files[type(one.entry), one.entry.id],
            one.entry.id,
            f'the example "{one.example.text}" expects {one.example.expect} and gets {one.got}',
            "correct the rule or the example",
        )
        for one in run_examples(knowledge)
        if not one.holds
    ]


def example_values(example: Example, knowledge: Knowledge) -> dict[str, Value]:
    """The person of an example: what is given, over the well person or over nothing.

    A derived finding that an example states replaces whatever the well person has to compute it from.
    """
    vocabulary = knowledge.vocabulary
    values: dict[str, Value] = dict(vocabulary.well) if example.otherwise == "well" else {}
    values |= dict.fromkeys(vocabulary.recorded, False)
    for name, raw in example.given.items():
        for below in knowledge.plain_below(name):
            if below not in example.given:
                values.pop(below, None)
        entry = vocabulary.findings.get(name) or vocabulary.derived[name]
        values[name] = checked_value(entry, raw)
    return values


def example_facts(example: Example, knowledge: Knowledge) -> Facts:
    return evaluate(example_values(example, knowledge), knowledge)


def outcome(entry: object, facts: Facts) -> str:
    """What an entry's rule makes of a person, in the words of its examples."""
    if isinstance(entry, Condition):
        return _concern(entry, facts)
    if isinstance(entry, NeverAlone):
        found = {_concern(condition, facts) for condition in facts.knowledge.of(Condition).values()}
        return max(found - {"none", "undecided"}, key=CONCERNS.index, default="none")
    if isinstance(entry, Pattern):
        return pattern_found(entry, Explainer(facts)).decided
    assert isinstance(entry, Factor | Contraindication)
    truth = facts.truth(entry.found if isinstance(entry, Factor) else entry.when)
    return "unknown" if truth is None else "met" if truth else "not_met"


def _concern(condition: Condition, facts: Facts) -> str:
    truths = [facts.truth(level.when) for level in condition.level]
    for level, truth in zip(reversed(condition.level), reversed(truths), strict=True):
        if truth:
            return level.concern
    return "undecided" if None in truths else "none"
