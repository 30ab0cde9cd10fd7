"""Cases with a known truth: what should have come out, what did, and the table over a whole collection.

Dispositions in collections use their own words; `expected_urgency` says ours. A word for a condition, factor, kind of help
or forbidden treatment is one of our ids, or stands in care/truth_words.toml.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ..knowledge import Knowledge
from ..knowledge.care import TruthWord
from ..knowledge.model import HOLDING, URGENCIES, Factor
from ..vocabulary.case import Case
from .assess import Assessment, assess
from .planning.limits import limits_from_table
from .planning.plan import PlanOfCare, plan

URGENCY_OF = {
    "emergency": "emergency_now",
    "same_day": "same_day",
    "urgent_referral": "urgent_days",
    "routine_referral": "routine_referral",
    "treat_with_precautions": "treat_with_precautions",
    "treat": "treat",
}
ORDER = (*URGENCIES[:4], "treat_with_precautions", "treat")
"""From the fastest to the slowest."""


@dataclass(frozen=True)
class Verdict:
    """One case: what came out against what is true. `expected_*` and `found_*` are the collection's own words."""

    id: str
    title: str
    group: str
    serious: bool
    truth: str
    got: str
    raised: tuple[str, ...]
    urgent_enough: bool
    condition_raised: bool
    over_referred: bool
    accepted: bool
    offered_forbidden: tuple[str, ...]
    expected_factors: tuple[str, ...]
    found_factors: tuple[str, ...]
    expected_help: tuple[str, ...]
    found_help: tuple[str, ...]

    @property
    def missed_factors(self) -> tuple[str, ...]:
        return tuple(word for word in self.expected_factors if word not in self.found_factors)

    @property
    def missed_help(self) -> tuple[str, ...]:
        return tuple(word for word in self.expected_help if word not in self.found_help)


@dataclass(frozen=True, slots=True)
class Totals:
    """The table over all cases. Prevalence in such collections is unreal: only sensitivity and specificity mean anything."""

    cases: int
    serious: int
    serious_raised: int
    condition_raised: int
    others: int
    over_referred: int
    forbidden: int
    factors_expected: int
    factors_found: int
    help_expected: int
    help_found: int

    @property
    def sensitivity(self) -> float | None:
        """Serious cases raised at their urgency or above."""
        return self.serious_raised / self.serious if self.serious else None

    @property
    def specificity(self) -> float | None:
        """Other cases not raised at urgent_days or faster."""
        return 1 - self.over_referred / self.others if self.others else None


def judge(case: Case, knowledge: Knowledge, on: date) -> Verdict:
    """Assesses and plans one case and holds the outcome against its truth."""
    assessment = assess(case, knowledge, on=on)
    plan_of_care = plan(assessment, limits_from_table(case.limits, knowledge))
    return _Judge(case, assessment, plan_of_care).verdict()


class _Judge:
    def __init__(self, case: Case, assessment: Assessment, plan_of_care: PlanOfCare) -> None:
        self.case, self.truth = case, case.truth
        self.assessment, self.plan = assessment, plan_of_care
        self.knowledge = assessment.knowledge
        words = self.knowledge.of(TruthWord).values()
        self.words = {(word.of, word.id): word.means for word in words}
        self.unless = {word.id: word.unless for word in words if word.of == "forbidden"}

    def verdict(self) -> Verdict:
        got, serious = self.assessment.disposition, bool(self.truth.get("serious"))
        accepted = [self.ours(word) for word in (self.truth.get("disposition", ""), *self.listed("also_acceptable"))]
        slowest = max((ORDER.index(word) for word in accepted), default=len(ORDER) - 1)
        raised = tuple(one.condition for one in self.assessment.screening.raised)
        flags = self.listed("must_flag")
        return Verdict(
            id=self.case.id,
            title=self.case.title,
            group=str(self.truth.get("group", "")),
            serious=serious,
            truth=str(self.truth.get("disposition", "")),
            got=got,
            raised=raised,
            urgent_enough=ORDER.index(got) <= (ORDER.index(accepted[0]) if serious else slowest),
            condition_raised=not flags or any(self.means_condition(word, raised) for word in flags),
            over_referred=not serious and got in HOLDING,
            accepted=got in accepted,
            offered_forbidden=tuple(self.forbidden()),
            expected_factors=self.listed("expected_factors"),
            found_factors=tuple(word for word in self.listed("expected_factors") if self.factor_found(word)),
            expected_help=self.listed("expected_interventions"),
            found_help=tuple(word for word in self.listed("expected_interventions") if self.help_found(word)),
        )

    def listed(self, key: str) -> tuple[str, ...]:
        return tuple(self.truth.get(key, ()))

    def ours(self, word: str) -> str:
        return URGENCY_OF.get(word, word if word in ORDER else "treat")

    def means_condition(self, word: str, raised: Sequence[str]) -> bool:
        return any(name in raised for name in self.words.get(("condition", word), (word,)))

    def factor_found(self, word: str) -> bool:
        """Found under the word itself, one of its synonyms, or what the collection's word means here."""
        wanted = {word, *self.words.get(("factor", word), ())}
        factors = self.knowledge.of(Factor)
        return any(wanted & {found.factor, *factors[found.factor].also_called} for found in self.assessment.factors)

    def help_found(self, word: str) -> bool:
        """In the plan, at any phase, by item or by family."""
        wanted = {word, *self.words.get(("intervention", word), ())}
        return any(item.id in wanted or item.family in wanted for item in self.plan.items)

    def forbidden(self) -> Iterable[str]:
        for word in self.listed("must_not_do"):
            banned = self.words.get(("forbidden", word), (word,))
            unless = self.unless.get(word, ())
            for item in self.plan.items:
                limited = any(words in limit for words in unless for limit in item.limits)
                if not limited and ("*" in banned or item.id in banned or item.family in banned):
                    yield f"{word}: {item.id}"


def totals(verdicts: Sequence[Verdict]) -> Totals:
    """The table over all cases."""
    serious = [one for one in verdicts if one.serious]
    others = [one for one in verdicts if not one.serious]
    return Totals(
        cases=len(verdicts),
        serious=len(serious),
        serious_raised=sum(one.urgent_enough for one in serious),
        condition_raised=sum(one.condition_raised for one in serious),
        others=len(others),
        over_referred=sum(one.over_referred for one in others),
        forbidden=sum(bool(one.offered_forbidden) for one in verdicts),
        factors_expected=sum(len(one.expected_factors) for one in others),
        factors_found=sum(len(one.found_factors) for one in others),
        help_expected=sum(len(one.expected_help) for one in others),
        help_found=sum(len(one.found_help) for one in others),
    )
