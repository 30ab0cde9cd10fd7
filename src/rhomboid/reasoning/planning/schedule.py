"""How often, how long, and what to expect: visits, the date of re-evaluation, prognosis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ...knowledge.care import Frequency, PrognosisBand, Reevaluation
from ...knowledge.model import Pattern
from ..assess import Assessment

FULL_REEVALUATION = "re_four_weeks"


@dataclass(frozen=True, slots=True)
class Visits:
    """A proposal for visits: how many, how often, over how many weeks; `reevaluation` is the day by which to measure again."""

    group: str
    text: str
    count: tuple[int, int]
    per_week: tuple[float, float]
    weeks: tuple[int, int]
    home_per_week: int
    reevaluation: date
    reevaluation_text: str
    prognosis: PrognosisBand | None


def visits_of(assessment: Assessment, patterns: Sequence[Pattern]) -> Visits:
    """The frequency group that applies, with the number of visits its patterns usually take."""
    group = next(one for one in assessment.knowledge.of(Frequency).values() if assessment.facts.truth(one.when))
    again = assessment.knowledge.of(Reevaluation)[FULL_REEVALUATION]
    return Visits(
        group=group.name,
        text=group.text,
        count=_count(group, patterns),
        per_week=group.visits_per_week,
        weeks=group.weeks,
        home_per_week=group.home_per_week,
        reevaluation=assessment.on + timedelta(days=again.days),
        reevaluation_text=again.action,
        prognosis=prognosis_of(assessment),
    )


def _count(group: Frequency, patterns: Sequence[Pattern]) -> tuple[int, int]:
    """Where group and pattern agree, their common range; else that of the group."""
    low = max([group.visits[0], *(pattern.visits[0] for pattern in patterns[:1])])
    high = min([group.visits[1], *(pattern.visits[1] for pattern in patterns[:1])])
    return (low, high) if low <= high else group.visits


def prognosis_of(assessment: Assessment) -> PrognosisBand | None:
    """The band of the prognosis score when it is decided. The weights are a proposal and not validated."""
    score = assessment.facts.value("prognosis_score")
    if not isinstance(score, tuple):
        return None
    low, high = score
    for band in assessment.knowledge.of(PrognosisBand).values():
        if band.min <= low and high <= band.max:
            return band
    return None
