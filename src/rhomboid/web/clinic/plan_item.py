"""One intervention beside a plan: why it is in or out, what could take its place, its dose, and what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...knowledge import Knowledge
from ...knowledge.model import Exercise, Intervention, Source
from ...reasoning.assess import Assessment
from ...reasoning.doses import dose_text
from ...reasoning.planning import PlanItem
from ...reasoning.planning import PlanOfCare as Proposal
from ...reasoning.planning.plan import served_by
from ...reasoning.planning.why import ItemExplanation, explain_item
from ...reasoning.sources import CHECK_WORDS, EVIDENCE
from ..records import bridge, bridge_plan, clock
from ..records.models import Episode, PlanOfCare
from .plan_page import GRADES

DOSE_FIELDS = (
    ("sets", "Sets", ""), ("reps", "Repetitions", ""), ("hold_s", "Hold", "s"), ("duration_s", "Length", "s"),
    ("duration_min", "Length", "min"), ("per_day", "Times a day", ""), ("per_week", "Days a week", ""),
    ("rpe_max", "Effort up to", "of 10"), ("load", "Load", ""), ("grade", "Grade", ""), ("text", "Dose in words", ""),
    ("minutes", "Minutes", "min"),
)  # fmt: skip
CANDIDATES = 8
REASON_ORDER = ("better_chosen", "gentler_first", "banned", "not_needed", "outgrown", "equipment", "position", "irritability")


@dataclass(frozen=True)
class Detail:
    """Everything that is said of one intervention when it is opened."""

    one: Intervention
    number: int
    item: PlanItem | None
    explained: ItemExplanation
    proposal: Proposal
    numbers: dict[str, int]

    @property
    def knowledge(self) -> Knowledge:
        return self.proposal.knowledge

    @property
    def wanted(self) -> bool:
        return bool(self.item and self.item.wanted)

    @property
    def grade(self) -> str:
        return getattr(self.one, "grade", "") or ("D" if self.one.evidence == "cons" else "")

    @property
    def evidence(self) -> str:
        return GRADES.get(self.grade, "") or EVIDENCE[self.one.evidence]

    @property
    def sources(self) -> list[dict[str, str]]:
        known = self.knowledge.of(Source)
        return [
            {
                "reference": known[key].reference,
                "url": known[key].url,
                "how": CHECK_WORDS[known[key].checked],
                "checked": known[key].checked,
            }
            for key in self.one.sources
            if key in known
        ]

    @property
    def how(self) -> str:
        return getattr(self.one, "how", "") or getattr(self.one, "advice", "") or getattr(self.one, "ask", "")

    @property
    def stop(self) -> tuple[str, ...]:
        return getattr(self.one, "stop", ())

    # --- dose --------------------------------------------------------------------------------------------------------------

    @property
    def prescribed(self) -> bool:
        return self.proposal.limits.dose_of(self.one.id) is not None

    @property
    def dose(self) -> str:
        return dose_text(self.item.dose) if self.item else ""

    @property
    def dose_fields(self) -> list[dict[str, Any]]:
        """The numbers of the dose as it is; what it does not have is not asked."""
        dose = self.item.dose if self.item else None
        if dose is None or (not isinstance(self.one, Exercise) and self.one.kind != "manual"):
            return []
        stated = [(name, label, unit, getattr(dose, name)) for name, label, unit in DOSE_FIELDS]
        counted = bool(dose.reps or dose.duration_s or dose.duration_min)
        return [
            {
                "name": name,
                "label": label,
                "unit": unit,
                "value": value if isinstance(value, str) else f"{value:g}",
                "number": not isinstance(value, str),
            }
            for name, label, unit, value in stated
            if value and not (name == "minutes" and counted)
        ]

    # --- what could take its place -----------------------------------------------------------------------------------------

    @property
    def candidates(self) -> list[dict[str, Any]]:
        """Others of its kind: the neighbors on its ladder first, then what serves the same needs, each with why it is out now."""
        if self.item is None:
            return []
        ladder = self.knowledge.ladder_of.get(self.one.id)
        mine = set(self.item.serves)
        found = []
        for left in self.proposal.left_out:
            other = self.knowledge.interventions[left.id]
            if other.kind != self.one.kind or left.reason in ("contraindicated", "unanswered", "not_indicated", "open_concern"):
                continue
            step = self._step(ladder, other.id)
            shared = mine & set(left.because) or (mine & self._serves(other.id))
            if step or shared:
                found.append((not step, REASON_ORDER.index(left.reason) if left.reason in REASON_ORDER else 9, left, step, other))
        found.sort(key=lambda one: (one[0], one[1], one[2].id))
        return [
            {
                "id": left.id,
                "number": self.numbers[left.id],
                "name": other.name,
                "step": step,
                "text": left.text,
                "fits": left.reason in ("better_chosen", "not_needed", "banned"),
            }
            for _, _, left, step, other in found[:CANDIDATES]
        ]

    def _step(self, ladder: Any, other: str) -> str:
        if ladder is None or other not in ladder.steps:
            return ""
        places = ladder.steps.index(other) - ladder.steps.index(self.one.id)
        return "easier" if places < 0 else "harder"

    def _serves(self, id_: str) -> set[str]:
        return set(served_by(id_, self.proposal.assessment))

    # --- what speaks against it --------------------------------------------------------------------------------------------

    @property
    def against(self) -> list[dict[str, str]]:
        """The rows of the matrix that speak against it now and that a therapist may decide against."""
        safety, decided = self.proposal.assessment.safety, self.proposal.limits.rows_overridden(self.one.id)
        ruling = safety.rule(self.one, decided)
        if ruling.final or ruling.verdict not in ("blocked", "care"):
            return []
        rows = ruling.against if ruling.verdict == "blocked" else ruling.rows
        if safety.rule(self.one, decided | set(rows)).verdict == "wait":
            return []
        return [{"row": row, "name": safety.name(row)} for row in rows if row not in decided]

    @property
    def contraindicated(self) -> bool:
        limits = self.proposal.limits
        return self.proposal.assessment.safety.rule(self.one, limits.rows_overridden(self.one.id)).verdict == "blocked"


def detail_of(plan: PlanOfCare, episode: Episode, knowledge: Knowledge, number: int) -> Detail | None:
    """The intervention with that number, explained against a plan solved anew with what is known now; None when there is none."""
    ids = list(knowledge.interventions)
    if not 0 <= number < len(ids):
        return None
    assessment: Assessment = bridge.assess_episode(episode, knowledge, on=clock.today())
    if assessment.held:
        return None
    proposal, _ = bridge_plan.solved_anew(assessment, bridge_plan.limits_of(plan.limits, knowledge))
    numbers = {id_: place for place, id_ in enumerate(ids)}
    one = knowledge.interventions[ids[number]]
    return Detail(one, number, proposal.item(one.id), explain_item(proposal, one.id), proposal, numbers)


def addable(plan: PlanOfCare, knowledge: Knowledge, words: str) -> list[dict[str, Any]]:
    """What is not in the plan, by kind, whose name or family holds all the words."""
    numbers = {id_: place for place, id_ in enumerate(knowledge.interventions)}
    asked = words.lower().split()
    return [
        {**row, "number": numbers.get(row["id"], -1), "unsafe": row["reason"] in ("contraindicated", "unanswered")}
        for row in plan.content["left_out"]
        if all(word in f"{row['name']} {row['kind']}".lower() for word in asked)
    ]
