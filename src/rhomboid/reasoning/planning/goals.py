"""SMART goals: a baseline that is known, a target beyond the measuring error, and a date."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from ...knowledge.care import GoalTemplate, Target
from ..assess import Assessment

ACTIVITIES = "The activities you chose"


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal in words, with its baseline and target in the unit of the finding, its date, and why the target is what it is."""

    id: str
    text: str
    finding: str
    baseline: float | None
    target: float | None
    by: date
    basis: str
    sources: tuple[str, ...]


def goals_of(assessment: Assessment) -> tuple[Goal, ...]:
    """The goals whose reason holds and whose baseline is known."""
    found = (_goal(template, assessment) for template in assessment.knowledge.of(GoalTemplate).values())
    return tuple(goal for goal in found if goal is not None)


def _goal(template: GoalTemplate, assessment: Assessment) -> Goal | None:
    if not assessment.facts.truth(template.when):
        return None
    baseline = assessment.facts.value(template.baseline) if template.baseline else None
    if template.baseline and not isinstance(baseline, int | float):
        return None
    number = float(baseline) if isinstance(baseline, int | float) else None
    target = None if number is None else target_of(template.target, number)
    words = {"activity": ACTIVITIES, "weeks": template.weeks, "baseline": _shown(number), "target": _shown(target)}
    return Goal(
        id=template.id,
        text=template.template.format(**words),
        finding=template.baseline,
        baseline=number,
        target=target,
        by=assessment.on + timedelta(weeks=template.weeks),
        basis=template.basis,
        sources=template.sources,
    )


def target_of(rule: Target, baseline: float) -> float:
    """The baseline moved by the larger of the change and the percentage, rounded toward the harder side, within the two ends."""
    change = max(rule.change, baseline * rule.change_pct / 100.0)
    up = rule.direction == "up"
    moved = baseline + change if up else baseline - change
    rounded = math.ceil(moved * 10 - 1e-9) / 10 if up else math.floor(moved * 10 + 1e-9) / 10
    return min(max(rounded, rule.floor), rule.ceiling)


def _shown(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
