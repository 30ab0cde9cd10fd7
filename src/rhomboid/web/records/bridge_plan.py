"""Plans of care: what the planner proposes becomes rows, and rows become what it reads. The other half of `bridge`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ...knowledge import Knowledge
from ...knowledge.care import GoalTemplate, Instrument
from ...knowledge.model import Exercise, Factor, Manual, Source
from ...reasoning.as_data import plan_data, precautions_data, question_text
from ...reasoning.assess import Assessment
from ...reasoning.planning import Limits, LimitsTooTight, PlanItem, PlanOfCare, limits_from_table, limits_to_table, plan
from ...reasoning.planning.candidates import daily_minutes
from ...reasoning.planning.goals import Goal
from ...reasoning.planning.limits import dose_table
from ...reasoning.sources import source_data
from ...reasoning.words import need_text, stated
from ...vocabulary import CaseError, RhomboidError
from . import bridge
from . import models as rows

KEPT = ("history", "dropped")
"""What of a plan's content outlives solving it again."""


def limits_of(table: Mapping[str, Any], knowledge: Knowledge) -> Limits:
    """A plan's limits as the planner reads them. What the knowledge no longer has is left out."""
    try:
        return limits_from_table(table, knowledge)
    except CaseError:
        return limits_from_table(
            {key: known for key, value in table.items() if (known := _known(key, value, knowledge))}, knowledge
        )


TOLD = {"minutes": "home_minutes", "equipment": "home_equipment", "avoid_positions": "positions_not_tolerated"}
"""The limits that a person states themselves, with the finding of each."""


def told_limits(found: Assessment) -> dict[str, Any]:
    """The limits of a first plan, as the person has told them."""
    told = {limit: found.facts.value(name) for limit, name in TOLD.items()}
    return {limit: sorted(v) if isinstance(v, frozenset) else v for limit, v in told.items() if v is not None}


def _known(key: str, value: Any, knowledge: Knowledge) -> Any:
    names = knowledge.interventions
    if key in ("lock", "add", "ban"):
        return [id_ for id_ in value if id_ in names]
    if key == "swap":
        return [pair for pair in value if all(id_ in names for id_ in pair.split(":"))]
    if key == "overridden":
        return [pair for pair in value if pair.split(":")[0] in names]
    if key == "doses":
        return {id_: dose for id_, dose in value.items() if id_ in names}
    if key in ("minutes", "exercises", "visit_minutes"):
        return value
    of_exercises = knowledge.of(Exercise).values()
    there = {item for one in of_exercises for item in one.equipment} | {one.position for one in of_exercises}
    return [item for item in value if item in there]


def solved(assessment: Assessment, limits: Limits) -> PlanOfCare:
    return plan(assessment, limits)


def solved_anew(assessment: Assessment, limits: Limits) -> tuple[PlanOfCare, tuple[str, ...]]:
    """A plan under limits that were wished for earlier. Wishes that safety, or what is known by now, no longer lets in are
    dropped; the names of those stand beside it."""
    names, dropped = assessment.knowledge.interventions, list[str]()
    while True:
        try:
            return plan(assessment, limits), tuple(names[id_].name for id_ in dropped)
        except LimitsTooTight:
            out = limits.wanted
        except RhomboidError as error:
            out = limits.wanted & {problem.entry for problem in error.problems}
            if not out:
                raise
        limits = without_wishes(limits, out)
        dropped += sorted(out)


def without_wishes(limits: Limits, out: Collection[str]) -> Limits:
    swap = tuple(pair for pair in limits.swap if pair[1] not in out)
    return replace(limits, lock=limits.lock - set(out), add=limits.add - set(out), swap=swap)


def rests_on(row: rows.PlanOfCare, now: Assessment) -> bool:
    """Whether a plan rests on what is known now, with the knowledge in force."""
    findings = {name: bridge.stored(value) for name, value in now.case.findings.items()}
    kept = row.assessment
    return kept.findings == findings and row.knowledge_version == now.knowledge.version and kept.disposition == now.disposition


def fill(row: rows.PlanOfCare, found: PlanOfCare, kept: rows.Assessment) -> None:
    """Writes a solved plan into its row. What stood before is known to the caller; history and notes stay."""
    row.assessment, row.knowledge_version = kept, found.knowledge.version
    row.limits = limits_to_table(found.limits)
    row.content = {key: row.content[key] for key in KEPT if key in row.content} | content_of(found)
    row.reevaluation_on = found.visits.reevaluation if found.visits else None


def content_of(found: PlanOfCare) -> dict[str, Any]:
    """The plan as data, beside its lines: phases, what is left out and why, visits, precautions, what makes it provisional."""
    assessment, data = found.assessment, plan_data(found)
    return {
        **{key: value for key, value in data.items() if key != "items"},
        "left_out": [_left_out(found, left) for left in data["left_out"]],
        "visits": _visits(found),
        "precautions": [{"id": one["id"], "name": one["name"], "note": one["note"]} for one in precautions_data(assessment)],
        "undecided": [
            {"condition": one.condition, "ask": [question_text(name, assessment) for name in one.questions[:2]]}
            for one in assessment.screening.undecided
        ],
        "needs": _needs(found),
    }


def _left_out(found: PlanOfCare, left: dict[str, Any]) -> dict[str, Any]:
    """One that is not offered: its name, the person's own values behind it, and what a therapist may decide against."""
    one, facts = found.without(left["id"]), found.assessment.facts
    known = found.knowledge.vocabulary
    said = [stated(n, facts) for n in left["because"] if n in known.findings or n in known.derived]
    needs = [need_text(n, found.assessment) for n in left["because"] if "." in n]
    against = one.against if one else ()
    return {
        **{key: left[key] for key in ("id", "kind", "reason", "text", "change")},
        "name": found.knowledge.interventions[left["id"]].name,
        "said": said,
        "needs": needs,
        "against": list(against),
    }


def _visits(found: PlanOfCare) -> dict[str, Any] | None:
    visits = found.visits
    if visits is None:
        return None
    band = visits.prognosis
    return {
        "group": visits.group,
        "text": visits.text,
        "count": list(visits.count),
        "per_week": list(visits.per_week),
        "weeks": list(visits.weeks),
        "home_per_week": visits.home_per_week,
        "days_to_reevaluation": (visits.reevaluation - found.assessment.on).days,
        "reevaluation_text": visits.reevaluation_text,
        "prognosis": {"id": band.id, "name": band.name, "text": band.text, "plain": band.plain} if band else None,
    }


def _needs(found: PlanOfCare) -> list[dict[str, Any]]:
    """What the plan works on: each contributing factor with its severity and how many items answer it."""

    names = found.knowledge.of(Factor)
    return [
        {
            "id": one.factor,
            "name": names[one.factor].name,
            "severity": one.severity,
            "items": sum(f"factor.{one.factor}" in item.serves for item in found.items),
        }
        for one in sorted(found.assessment.factors, key=lambda one: -one.severity)
    ]


def lines_of(row: rows.PlanOfCare, found: PlanOfCare) -> list[rows.PlanLine]:
    """The lines of a plan, unsaved, in its order; each names the item that stands for its intervention in this episode."""
    items = items_of(row.episode, found.items)
    prescribed = dict(found.limits.doses)
    return [
        rows.PlanLine(
            plan=row,
            item=items[one.id],
            position=place,
            phase=one.phase,
            doses=_doses(one.id, found),
            changed_dose=dose_table(prescribed[one.id]) if one.id in prescribed else None,
            content=line_content(one, found),
            wanted=_wanted(one.id, found.limits),
        )
        for place, one in enumerate(found.items)
    ]


def items_of(episode: rows.Episode, wanted: Iterable[PlanItem]) -> dict[str, rows.Item]:
    """The item of each intervention in an episode; one that was ever there is found again, so that a link to it stays good."""
    there = {item.intervention: item for item in rows.Item.objects.filter(episode=episode)}
    new = [rows.Item(episode=episode, intervention=one.id, kind=one.kind) for one in wanted if one.id not in there]
    if new:
        rows.Item.objects.bulk_create(new)
    return there | {item.intervention: item for item in new}


def _doses(id_: str, found: PlanOfCare) -> dict[str, Any]:
    return {phase.phase.id: dose_table(phase.doses[id_]) for phase in found.phases if id_ in phase.doses}


def _wanted(id_: str, limits: Limits) -> str:
    swapped = any(new == id_ for _, new in limits.swap)
    return "swap" if swapped else "add" if id_ in limits.add else "lock" if id_ in limits.lock else ""


def line_content(one: PlanItem, found: PlanOfCare) -> dict[str, Any]:
    """What a line says for good: name, reasons in the person's own values, limits, evidence and sources."""
    knowledge, assessment = found.knowledge, found.assessment
    entry = knowledge.interventions[one.id]
    old = next((old for old, new in found.limits.swap if new == one.id), "")
    return {
        "name": one.name,
        "plain": getattr(entry, "plain", "") or getattr(entry, "text", ""),
        "family": one.family,
        "type": getattr(entry, "type", ""),
        "position": getattr(entry, "position", ""),
        "technique": entry.technique if isinstance(entry, Manual) else "",
        "minutes": _minutes(one, entry),
        "serves": list(one.serves),
        "why": [need_text(need, assessment) for need in one.serves],
        "because": [stated(name, assessment.facts) for name in one.because],
        "limits": list(one.limits),
        "ask": [knowledge.vocabulary.label(name) for name in one.ask],
        "evidence": one.evidence,
        "grade": getattr(entry, "grade", ""),
        "sources": [source_data(key, knowledge) for key in one.sources if key in knowledge.of(Source)],
        "overridden": [{"row": row, "name": assessment.safety.name(row)} for row in one.overridden],
        "swapped_for": knowledge.interventions[old].name if old else "",
    }


def _minutes(one: PlanItem, entry: Any) -> float:
    """Minutes on an average day for an exercise, in a visit for the rest."""
    if isinstance(entry, Exercise):
        return daily_minutes(one.dose) if one.dose else 0.0
    return one.dose.minutes if one.dose else float(getattr(entry, "minutes", 0.0))


def goal_values(goal: Goal, knowledge: Knowledge) -> dict[str, Any]:
    """A proposed goal as a row holds it: its error and the change that matters, where they are known."""
    template, vocabulary = knowledge.of(GoalTemplate)[goal.id], knowledge.vocabulary
    entry = vocabulary.findings.get(goal.finding) or vocabulary.derived.get(goal.finding)
    instrument = next((one for one in knowledge.of(Instrument).values() if goal.finding and one.finding == goal.finding), None)
    return {
        "finding": goal.finding,
        "name": template.name,
        "text": goal.text,
        "baseline": goal.baseline,
        "target": goal.target,
        "better": template.target.direction if goal.finding else "",
        "error": (instrument.mdc if instrument else None) or getattr(entry, "mdc", None),
        "matters": instrument.mcid if instrument else None,
        "unit": entry.unit if entry and entry.unit != "1" else "",
        "due_on": goal.by,
    }


def problem_of(error: RhomboidError, knowledge: Knowledge) -> tuple[str, str]:
    """Why a plan could not be solved, and what to relax, in words."""
    said = [
        f"{knowledge.interventions[one.entry].name} {one.message}" if one.entry in knowledge.interventions else one.message
        for one in error.problems
    ]
    return "; ".join(said), error.problems[0].fix
