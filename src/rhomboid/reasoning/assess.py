"""From a case to an assessment: screened, with patterns, contributing factors and precautions, each with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from ..knowledge import Knowledge
from ..knowledge.care import Thrust
from ..knowledge.model import Condition, SafetyNet
from ..vocabulary import CaseError, Problem, nearest
from ..vocabulary.case import Case
from .explain import Explainer, Question
from .factors import FactorFound, find_factors
from .facts import Facts, facts_of
from .patterns import PatternFound, find_patterns
from .safety import Safety, rule_safety
from .screening import Screening, next_questions, screen

Disposition = Literal["emergency_now", "same_day", "urgent_days", "routine_referral", "treat_with_precautions", "treat"]


@dataclass(frozen=True)
class Assessment:
    """What the reasoning makes of one case on one date, with one version of the knowledge. A proposal: the therapist decides."""

    case: Case
    on: date
    facts: Facts
    screening: Screening
    patterns: tuple[PatternFound, ...]
    factors: tuple[FactorFound, ...]
    safety: Safety

    @cached_property
    def next_questions(self) -> tuple[Question, ...]:
        """The questions on which the most still hangs."""
        return next_questions(self.screening)

    @property
    def knowledge(self) -> Knowledge:
        return self.facts.knowledge

    @property
    def disposition(self) -> Disposition:
        """The fastest urgency raised. A concern to monitor, or an active precaution, is treated with precautions."""
        fastest = self.screening.fastest
        if fastest is not None and fastest != "monitor":
            return fastest
        return "treat_with_precautions" if fastest or self.safety.active else "treat"

    @property
    def safety_net(self) -> tuple[SafetyNet, ...]:
        """When this person should seek help. Private lines are said in a quiet room and never shown where others may read."""
        lines = self.knowledge.of(SafetyNet).values()
        return tuple(line for line in lines if not line.show_when or self.facts.truth(line.show_when) is not False)

    @property
    def held(self) -> bool:
        """Whether instructions and a referral letter replace the plan."""
        return self.safety.held


def assess(case: Case, knowledge: Knowledge, *, on: date) -> Assessment:
    """Assesses a case. Pure: the same case, knowledge and date give the same assessment.

    Raises CaseError when the case contradicts itself or lies in the future.
    """
    unknown = [closed.condition for closed in case.closed if closed.condition not in knowledge.of(Condition)]
    if unknown:
        fix = nearest(unknown[0], knowledge.of(Condition))
        raise CaseError([Problem(case.id or "case", "closed", f'there is no condition "{unknown[0]}"', fix)])
    facts = facts_of(case, knowledge, on)
    explainer = Explainer(facts)
    screening = screen(explainer, {closed.condition: closed.by for closed in case.closed})
    return Assessment(
        case=case,
        on=on,
        facts=facts,
        screening=screening,
        patterns=find_patterns(explainer),
        factors=find_factors(explainer),
        safety=rule_safety(explainer, screening, knowledge.of(Thrust)["thrust"].known),
    )
