"""Screening: every serious condition is raised, cleared or undecided. Single weak signs never raise; unknown is never no."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from ..knowledge.model import CONCERNS, HOLDING, URGENCIES, Concern, Condition, Level, Urgency
from ..vocabulary.predicates.tree import Or
from .explain import Explainer, Question, ranked
from .facts import Facts

WEIGHT: dict[Urgency, float] = {"emergency_now": 16.0, "same_day": 8.0, "urgent_days": 4.0, "routine_referral": 2.0, "monitor": 1.0}
"""How much an open question weighs by the urgency of the rule that waits for it (prod)."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A concern with its urgency and the smallest set of findings that raises it. `closed_by` names who lowered it, if anyone."""

    condition: str
    concern: Concern
    urgency: Urgency
    within: str
    because: tuple[str, ...]
    rule: str
    closed_by: str = ""
    care_may_go_on: bool = False

    @property
    def holds(self) -> bool:
        """Whether instructions and a referral letter replace the plan."""
        return self.urgency in HOLDING and not self.closed_by and not self.care_may_go_on


@dataclass(frozen=True)
class Undecided:
    """A condition that more answers could still raise, or raise higher. `urgency` is the fastest that could come out."""

    condition: str
    urgency: Urgency
    rules: tuple[tuple[str, Urgency], ...]
    raised: bool
    explainer: Explainer = field(repr=False, compare=False)

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """The findings that could still turn it, the most decisive first."""
        weights: dict[str, float] = {}
        for when, urgency in self.rules:
            for name, share in self.explainer.decides(when).items():
                weights[name] = weights.get(name, 0.0) + share * WEIGHT[urgency]
        return ranked(weights)


@dataclass(frozen=True, slots=True)
class Screening:
    raised: tuple[Raised, ...]
    undecided: tuple[Undecided, ...]
    cleared: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Every rule decided at every level."""
        return not self.undecided

    @property
    def fastest(self) -> Urgency | None:
        """The fastest urgency among the concerns that stand."""
        standing = [raised.urgency for raised in self.raised if not raised.closed_by]
        return min(standing, key=URGENCIES.index, default=None)

    @property
    def holding(self) -> tuple[Raised, ...]:
        """The concerns that hold treatment, the most urgent first."""
        return tuple(raised for raised in self.raised if raised.holds)


def screen(explainer: Explainer, closed_by: dict[str, str] | None = None) -> Screening:
    """Screens one person for every condition. `closed_by`: conditions a named therapist has lowered."""
    closed_by = closed_by or {}
    raised, undecided, cleared = [], [], []
    for condition in explainer.facts.knowledge.of(Condition).values():
        concern = _raised(condition, explainer, closed_by.get(condition.id, ""))
        waiting = _undecided(condition, explainer, concern)
        if concern:
            raised.append(concern)
        if waiting:
            undecided.append(waiting)
        if not concern and not waiting:
            cleared.append(condition.id)
    raised.sort(key=lambda r: (URGENCIES.index(r.urgency), -CONCERNS.index(r.concern), -_pictures(r, explainer)))
    undecided.sort(key=lambda u: URGENCIES.index(u.urgency))
    return Screening(tuple(raised), tuple(undecided), tuple(cleared))


def _raised(condition: Condition, explainer: Explainer, closed_by: str) -> Raised | None:
    for level in reversed(condition.level):
        if explainer.facts.truth(level.when):
            urgency = _now(level, explainer.facts)
            because = list(explainer.why(level.when))
            for faster in level.faster:
                if faster.urgency == urgency and urgency != level.urgency:
                    because += explainer.why(faster.when)
            names = tuple(dict.fromkeys(because))
            return Raised(condition.id, level.concern, urgency, level.within, names, level.when, closed_by, not condition.holds)
    return None


def _pictures(raised: Raised, explainer: Explainer) -> int:
    """In how many ways the rule of a concern is met: among equally urgent ones the fuller picture stands first."""
    tree = explainer.facts.knowledge.trees[raised.rule]
    return sum(explainer.truth(part) is True for part in tree.parts) if isinstance(tree, Or) else 1


def open_rules(condition: Condition, facts: Facts) -> list[tuple[str, Urgency]]:
    """The undecided predicates that could still raise a condition, raise it higher, or make it faster, with that urgency.

    Levels below one that is raised no longer matter: the highest true one counts.
    """
    truth = facts.truth
    found: list[tuple[str, Urgency]] = []
    for level in reversed(condition.level):
        if truth(level.when) is None:
            found.append((level.when, _fastest(level)))
        elif truth(level.when):
            faster = [f for f in level.faster if truth(f.when) is None and _before(f.urgency, _now(level, facts))]
            return [*found, *((one.when, one.urgency) for one in faster)]
    return found


def _now(level: Level, facts: Facts) -> Urgency:
    """The urgency of a level that is true, with what makes it faster."""
    known = [faster.urgency for faster in level.faster if facts.truth(faster.when)]
    return min((level.urgency, *known), key=URGENCIES.index)


def _fastest(level: Level) -> Urgency:
    return min((level.urgency, *(faster.urgency for faster in level.faster)), key=URGENCIES.index)


def _before(one: Urgency, other: Urgency) -> bool:
    return URGENCIES.index(one) < URGENCIES.index(other)


def _undecided(condition: Condition, explainer: Explainer, concern: Raised | None) -> Undecided | None:
    """What could still raise the condition, or raise it higher or faster than it is."""
    rules = open_rules(condition, explainer.facts)
    if not rules:
        return None
    fastest = min((urgency for _, urgency in rules), key=URGENCIES.index)
    return Undecided(condition.id, fastest, tuple(rules), concern is not None, explainer)


def next_questions(screening: Screening, most: int = 8) -> tuple[Question, ...]:
    """The questions on which the most still hangs: urgent conditions weigh more, and a question that serves several adds up."""
    weights: dict[str, float] = {}
    serves: dict[str, list[str]] = {}
    for undecided in screening.undecided:
        for place, name in enumerate(undecided.questions[:12]):
            weights[name] = weights.get(name, 0.0) + WEIGHT[undecided.urgency] / (place + 1)
            serves.setdefault(name, []).append(undecided.condition)
    return tuple(Question(name, round(weights[name], 2), tuple(serves[name])) for name in ranked(weights)[:most])
