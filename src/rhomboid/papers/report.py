"""The report of an assessment and its plan.

While a concern holds treatment it is an action sheet with the finished referral letter, else the evaluation and plan of
care with pages for the patient. What is kept private never reaches the page: papers lie about at home.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ..knowledge.care import Discharge, LetterField, StayingWell, UrgencyRoute
from ..knowledge.model import (
    HOLDING,
    URGENCIES,
    Condition,
    Contraindication,
    Education,
    Exercise,
    Factor,
    Intervention,
    Modality,
    Pattern,
    Source,
)
from ..reasoning.as_data import question_text
from ..reasoning.assess import Assessment
from ..reasoning.doses import dose_text, minutes_text, patient_dose
from ..reasoning.letter import Letter, letter_for, private_conditions
from ..reasoning.patterns import SUPPORTED
from ..reasoning.planning import PlanItem, PlanOfCare
from ..reasoning.planning.plan import PhasePlan
from ..reasoning.screening import Undecided
from ..reasoning.sources import CHECK_WORDS
from ..reasoning.words import CONCERNS, TREATING, matrix_words, need_text, stated, value_text
from ..vocabulary import Finding
from .documents import EvaluationPaper
from .drawing import Level, Zone, levels_of, zones_of
from .letterhead import Letterhead, Person, Signature
from .templating import day, environment, knowledge_words, lower_first

GLANCE = (
    "age_years", "sex_at_birth", "rf_onset_days", "course", "nrs_now", "nrs_average_7d", "nrs_worst_24h", "psfs_mean",
    "aggravating", "easing", "goals",
)  # fmt: skip
"""What a reader wants to know of the person before anything else."""
SAFETY_REASONS = ("contraindicated", "unanswered")


def evaluation_html(data: EvaluationPaper, letterhead: Letterhead | None = None) -> str:
    """The report as one HTML page that needs nothing else."""
    report = Report(without_private(data.assessment), data.plan, data.person, letterhead, data.signature)
    template = "report/held.html.j2" if data.plan.status == "withheld" else "report/plan.html.j2"
    return environment().get_template(template).render(report=report, paper=letterhead.paper if letterhead else "Letter")


def without_private(assessment: Assessment) -> Assessment:
    """The assessment without conditions whose safety net is private: what they rest on is not for paper."""
    screening = assessment.screening
    private = private_conditions(assessment.knowledge)
    return replace(
        assessment,
        screening=replace(
            screening,
            raised=tuple(one for one in screening.raised if one.condition not in private),
            undecided=tuple(one for one in screening.undecided if one.condition not in private),
            cleared=tuple(one for one in screening.cleared if one not in private),
        ),
    )


@dataclass(frozen=True, slots=True)
class Task:
    """An exercise in a phase: its dose there in words for both readers, and what it is for."""

    exercise: Exercise
    item: PlanItem
    dose: str
    amount: str
    often: str
    minutes: float
    why: str
    before: bool
    care: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What the templates read. Rows of the knowledge are handed on as they are; here they are found and put in order."""

    assessment: Assessment
    plan: PlanOfCare
    person: Person | None = None
    letterhead: Letterhead | None = None
    signature: Signature | None = None

    def foot(self, name: str) -> str:
        """The foot of every page of a part: whom and what it is about, and when it was made."""
        on, rules = day(self.assessment.on), knowledge_words(self.assessment.knowledge.version)
        if self.person:
            return f"{self.person.foot}. {name}, {on}. {rules}"
        case = f". Case {self.assessment.case.id}" if self.assessment.case.id else ""
        return f"{name}, {on}{case}. {rules}"

    @property
    def contact(self) -> dict[str, str]:
        """How to reach the clinic, for the texts that leave a place for it."""
        return {"clinic_phone": self.letterhead.phone} if self.letterhead else {}

    @property
    def draft(self) -> bool:
        """Whether the pages of the clinic's own paper are marked as a draft. A bare report leaves lines to sign on."""
        return self.letterhead is not None and self.signature is None

    def of(self, kind: str) -> Mapping[str, object]:
        return self.assessment.knowledge.of(KINDS[kind])

    def entry(self, id_: str) -> Intervention:
        return self.assessment.knowledge.interventions[id_]

    def label(self, name: str) -> str:
        return self.assessment.knowledge.vocabulary.label(name)

    def labels(self, names: Iterable[str]) -> list[str]:
        return [self.label(name) for name in names]

    def known(self, name: str) -> bool:
        return self.assessment.facts.value(name) is not None

    def reasons(self, names: Iterable[str]) -> str:
        return "; ".join(stated(name, self.assessment.facts) for name in names)

    def value(self, name: str) -> str:
        return value_text(name, self.assessment.facts.value(name), self.assessment.knowledge.vocabulary)

    # --- what it comes to --------------------------------------------------------------------------------------------

    @property
    def headline(self) -> str:
        routes = self.assessment.knowledge.of(UrgencyRoute)
        if self.assessment.disposition in routes:
            return routes[self.assessment.disposition].name
        return TREATING[self.assessment.disposition]

    @property
    def standing(self) -> str:
        """The sign beside the headline. An open screen is never shown as cleared."""
        disposition, complete = self.assessment.disposition, self.assessment.screening.complete
        return "undecided" if disposition == "treat" and not complete else disposition

    @property
    def fits_from(self) -> float:
        return SUPPORTED

    @property
    def strength(self) -> Mapping[str, str]:
        return CONCERNS

    @cached_property
    def letter(self) -> Letter | None:
        return letter_for(self.assessment)

    @property
    def letter_fields(self) -> Mapping[str, LetterField]:
        return self.assessment.knowledge.of(LetterField)

    @property
    def urgent_open(self) -> int:
        return sum(one.urgency in HOLDING for one in self.assessment.screening.undecided)

    def open_by_urgency(self) -> list[tuple[UrgencyRoute, list[str]]]:
        """The conditions not ruled out yet, by the fastest urgency that could come of them."""
        names = self.assessment.knowledge.of(Condition)
        groups: dict[str, list[Undecided]] = {urgency: [] for urgency in URGENCIES}
        for one in self.assessment.screening.undecided:
            groups[one.urgency].append(one)
        routes = self.assessment.knowledge.of(UrgencyRoute)
        return [(routes[key], [names[one.condition].name for one in found]) for key, found in groups.items() if found]

    def questions(self) -> list[tuple[bool, str, list[str]]]:
        """The next questions: whether the person can answer, the words, and the conditions they decide."""
        vocabulary, names = self.assessment.knowledge.vocabulary, self.assessment.knowledge.of(Condition)
        found = []
        for one in self.assessment.next_questions:
            finding = vocabulary.findings.get(vocabulary.days_since.get(one.finding, one.finding))
            asked = isinstance(finding, Finding) and bool(finding.question)
            found.append((asked, question_text(one.finding, self.assessment), [names[id_].name for id_ in one.for_]))
        return found

    def glance(self) -> list[tuple[str, str]]:
        """The person in a few lines, as far as known."""
        known = self.assessment.facts.value
        return [(self.label(name), self.value(name)) for name in GLANCE if known(name) not in (None, frozenset())]

    def who(self) -> str:
        """Age and sex, for the first line of a letter."""
        return "; ".join(f"{self.label(name)}: {self.value(name)}" for name in GLANCE[:2] if self.known(name))

    @cached_property
    def regions(self) -> list[str]:
        """The marked regions in words, from the head down."""
        options = self.assessment.knowledge.vocabulary.findings["pain_regions"].options
        return [text for region, text in options.items() if region in self._marked]

    @property
    def _marked(self) -> frozenset[str]:
        marked = self.assessment.facts.value("pain_regions")
        return marked if isinstance(marked, frozenset) else frozenset()

    @property
    def zones(self) -> list[Zone]:
        return zones_of(self._marked)

    @property
    def levels(self) -> list[Level]:
        return levels_of(self._marked)

    def cells(self, row: Contraindication) -> tuple[str, str]:
        """What a row forbids, and what it allows with care."""
        return matrix_words(row, "C"), matrix_words(row, "P")

    # --- the plan ----------------------------------------------------------------------------------------------------

    def tasks(self, phase: PhasePlan) -> list[Task]:
        """The exercises of a phase, dosed for it."""
        earlier = {id_ for other in self.plan.phases[: self.plan.phases.index(phase)] for id_ in other.items}
        found = []
        for id_ in phase.items:
            exercise, item = self.entry(id_), self.plan.item(id_)
            if isinstance(exercise, Exercise) and item:
                found.append(self._task(exercise, item, phase, before=id_ in earlier))
        return found

    def _task(self, exercise: Exercise, item: PlanItem, phase: PhasePlan, *, before: bool) -> Task:
        dose = phase.doses.get(exercise.id)
        amount, often = patient_dose(dose) if dose else ("", "")
        own = {care.text for care in exercise.care}
        return Task(
            exercise=exercise,
            item=item,
            dose=dose_text(dose).replace(" x ", " × "),
            amount=amount,
            often=often,
            minutes=dose.minutes if dose else 0.0,
            why=self.why(item),
            before=before,
            care=tuple(limit for limit in item.limits if limit in own),
        )

    def daily(self, phase: PhasePlan) -> str:
        """What a day takes: the home program, and activity such as walking beside it."""
        parts = [(phase.minutes, "minutes a day"), (phase.activity_minutes, "minutes of activity")]
        return " and ".join(f"{round(minutes)} {what}" for minutes, what in parts if minutes)

    def home(self) -> list[tuple[PhasePlan, list[Task], bool]]:
        """The phases that have exercises, and whether it is the one that begins now."""
        phases = [(phase, self.tasks(phase), place == 0) for place, phase in enumerate(self.plan.phases)]
        return [(phase, tasks, now) for phase, tasks, now in phases if tasks]

    def clinic_dose(self, item: PlanItem) -> str:
        """How much in a visit: the dose of a technique, the parameters of a modality."""
        entry = self.entry(item.id)
        if isinstance(entry, Modality):
            parameters = [f"{name.replace('_', ' ')}: {text}" for name, text in entry.parameters.items()]
            return "; ".join([*parameters, minutes_text(entry.minutes)])
        minutes = minutes_text(item.dose.minutes) if item.dose else ""
        return "; ".join(filter(None, (dose_text(item.dose).replace(" x ", " × "), minutes)))

    def why(self, item: PlanItem) -> str:
        """What an item serves. How severe each factor is stands in the table of factors."""
        factors = self.assessment.knowledge.of(Factor)
        needs = [need.removeprefix("factor.") for need in item.serves]
        return "; ".join(lower_first(factors[n].name) if n in factors else need_text(n, self.assessment) for n in needs)

    def limits(self, item: PlanItem) -> list[str]:
        """The words of care of an item; what stands under Precautions is named only."""
        rows = self.assessment.knowledge.of(Contraindication)
        noted = {rows[active.row].note: lower_first(rows[active.row].name) for active in self.assessment.safety.active}
        named = [noted[limit] for limit in item.limits if limit in noted]
        return [*(limit for limit in item.limits if limit not in noted), *(f"see Precautions, {name}" for name in named)]

    def items(self, *kinds: str) -> list[PlanItem]:
        return [item for item in self.plan.items if item.kind in kinds]

    def not_offered(self) -> dict[str, list[str]]:
        """What is left out for safety, by its reason."""
        groups: dict[str, list[str]] = {}
        for left in self.plan.left_out:
            if left.reason in SAFETY_REASONS:
                text = left.text if left.reason == "contraindicated" else f"{left.text}; {left.change}"
                groups.setdefault(text, []).append(self.entry(left.id).name)
        return groups

    def staying_well(self) -> list[StayingWell]:
        entries = self.assessment.knowledge.of(StayingWell).values()
        return [one for one in entries if self.assessment.facts.truth(one.when)]

    def not_for_now(self, entry: StayingWell) -> list[str]:
        """Exercises of a general text that this person may not do, or not yet."""
        named = [self.entry(id_) for id_ in entry.exercises]
        return [one.name for one in named if self.assessment.safety.rule(one).verdict in ("blocked", "wait")]

    def pain_rule(self) -> Education | None:
        """How much pain is fine, when the plan teaches it."""
        found = self.entry("edu_3_pain_rules")
        return found if isinstance(found, Education) and self.plan.item(found.id) else None

    def discharge(self) -> list[Discharge]:
        return list(self.assessment.knowledge.of(Discharge).values())

    # --- safety net and sources --------------------------------------------------------------------------------------

    def safety_net(self) -> dict[str, list[str]]:
        """When to seek help, by group. Private lines are said in a quiet room and never printed."""
        groups: dict[str, list[str]] = {}
        for line in self.assessment.safety_net:
            if not line.private:
                groups.setdefault(line.group, []).append(line.text)
        return groups

    def sources(self) -> list[tuple[Source, str]]:
        """The sources behind what is printed, each with how it was checked."""
        conditions, factors, patterns = (self.assessment.knowledge.of(kind) for kind in (Condition, Factor, Pattern))
        used = {key for one in self.assessment.screening.raised for key in conditions[one.condition].sources}
        used |= {key for one in self.assessment.factors for key in factors[one.factor].sources}
        used |= {key for one in self.assessment.patterns if one.status == "supported" for key in patterns[one.pattern].sources}
        used |= {key for item in self.plan.items for key in item.sources}
        used |= {key for goal in self.plan.goals for key in goal.sources}
        return [(one, CHECK_WORDS[one.checked]) for one in self.assessment.knowledge.of(Source).values() if one.key in used]


KINDS: Mapping[str, type] = {
    "condition": Condition, "factor": Factor, "pattern": Pattern, "contraindication": Contraindication, "urgency": UrgencyRoute,
}  # fmt: skip
