"""Contributing factors: what adds to the pain and can be changed, how much, and how it will be measured again."""

from __future__ import annotations

from dataclasses import dataclass

from ..knowledge.model import Factor
from .explain import Explainer

CHANGED_BY, BLOCKED_BY = "symptom_changed_by", "activity_blocked_by"


@dataclass(frozen=True, slots=True)
class FactorFound:
    """A factor of severity 1 (found), 2 (changing it changes symptoms) or 3 (it also blocks an activity)."""

    factor: str
    severity: int
    because: tuple[str, ...]


def find_factors(explainer: Explainer) -> tuple[FactorFound, ...]:
    """The factors that are known to contribute, the most severe first."""
    found = [one for factor in explainer.facts.knowledge.of(Factor).values() if (one := _found(factor, explainer))]
    return tuple(sorted(found, key=lambda factor: -factor.severity))


def _found(factor: Factor, explainer: Explainer) -> FactorFound | None:
    facts = explainer.facts
    if not facts.truth(factor.found):
        return None
    because = list(explainer.why(factor.found))
    severity = 1
    for level, rule, general in ((2, factor.marked, CHANGED_BY), (3, factor.severe, BLOCKED_BY)):
        marked = facts.value(general)
        if isinstance(marked, frozenset) and factor.id in marked:
            severity, because = level, [*because, general]
        elif rule and facts.truth(rule):
            severity, because = level, [*because, *explainer.why(rule)]
    return FactorFound(factor.id, severity, tuple(dict.fromkeys(because)))
