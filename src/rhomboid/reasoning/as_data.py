"""Assessments and plans as plain data: the stable machine output. Its keys are documented in docs/reference/output.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from ..knowledge.care import Discharge, StayingWell, UrgencyRoute
from ..knowledge.model import Condition, Contraindication, Dose, Factor, Pattern
from .assess import Assessment
from .facts import Facts
from .letter import Letter, Line, letter_for
from .planning.candidates import LeftOut
from .planning.plan import PlanItem, PlanOfCare
from .screening import Raised
from .words import need_text, stated, steps_at

Data = dict[str, Any]


def assessment_data(assessment: Assessment, plan: PlanOfCare) -> Data:
    """Everything `rhomboid assess --json` prints, in a fixed order of keys."""
    return {
        "knowledge_version": assessment.knowledge.version,
        "local_overrides": [{"kind": kind, "id": id_} for kind, id_ in sorted(assessment.knowledge.overridden)],
        "on": assessment.on.isoformat(),
        "case": {"id": assessment.case.id, "title": assessment.case.title},
        "disposition": assessment.disposition,
        "screen_complete": assessment.screening.complete,
        "concerns": [_concern(assessment, raised) for raised in assessment.screening.raised],
        "undecided": [
            {"condition": one.condition, "urgency": one.urgency, "raised": one.raised, "questions": list(one.questions[:8])}
            for one in assessment.screening.undecided
        ],
        "cleared": list(assessment.screening.cleared),
        "patterns": patterns_data(assessment),
        "factors": factors_data(assessment),
        "precautions": precautions_data(assessment),
        "waiting": {"rows": list(assessment.safety.waiting), "ask": list(assessment.safety.waiting_for)},
        "plan": plan_data(plan),
        "goals": goals_data(plan),
        "next_questions": [
            {
                "finding": one.finding,
                "question": question_text(one.finding, assessment),
                "weight": one.weight,
                "for": list(one.for_),
            }
            for one in assessment.next_questions
        ],
        "safety_net": safety_net_data(assessment),
        "referral": _referral(letter_for(assessment)),
    }


def because(names: Iterable[str], facts: Facts) -> list[Data]:
    """Findings as reasons: id, value, and both in words."""
    return [{"finding": name, "value": plain(facts.value(name)), "text": stated(name, facts)} for name in names]


def plain(value: object) -> object:
    """A value as JSON holds it."""
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value


def question_text(name: str, assessment: Assessment) -> str:
    """The patient's question for a finding, or the therapist's label where only an examination can tell."""
    vocabulary = assessment.knowledge.vocabulary
    finding = vocabulary.findings.get(vocabulary.days_since.get(name, name))
    return (finding.question or finding.label) if finding else vocabulary.label(name)


def _concern(assessment: Assessment, raised: Raised) -> Data:
    condition = assessment.knowledge.of(Condition)[raised.condition]
    return {
        "condition": condition.id,
        "name": condition.name,
        "concern": raised.concern,
        "urgency": raised.urgency,
        "within": raised.within,
        "because": because(raised.because, assessment.facts),
        "therapist": steps_at(condition.therapist, raised.concern),
        "patient": condition.patient,
        "closed_by": raised.closed_by,
        "evidence": condition.evidence,
        "sources": list(condition.sources),
    }


def patterns_data(assessment: Assessment) -> list[Data]:
    """The patterns that something speaks for, best first, with the findings for and against."""
    entries = assessment.knowledge.of(Pattern)
    return [
        {
            "pattern": found.pattern,
            "name": entries[found.pattern].name,
            "status": found.status,
            "points": found.points,
            "low": found.low,
            "high": found.high,
            "support": list(found.support),
            "oppose": list(found.oppose),
            "icd10": [code.code for code in entries[found.pattern].icd10],
        }
        for found in assessment.patterns
        if found.status != "not_supported"
    ]


def factors_data(assessment: Assessment) -> list[Data]:
    entries = assessment.knowledge.of(Factor)
    return [
        {
            "id": found.factor,
            "name": entries[found.factor].name,
            "class": entries[found.factor].class_,
            "severity": found.severity,
            "because": because(found.because, assessment.facts),
            "measure": entries[found.factor].measure,
            "now": plain(assessment.facts.value(entries[found.factor].measure)),
            "sources": list(entries[found.factor].sources),
        }
        for found in assessment.factors
    ]


def precautions_data(assessment: Assessment) -> list[Data]:
    """The rows of the contraindication matrix that apply."""
    rows = assessment.knowledge.of(Contraindication)
    return [
        {
            "id": active.row,
            "name": rows[active.row].name,
            "note": rows[active.row].note,
            "cells": {column: cell for column, cell in rows[active.row].cells.items() if cell != "ok"},
            "because": because(active.because, assessment.facts),
        }
        for active in assessment.safety.active
    ]


def plan_data(plan: PlanOfCare) -> Data:
    """A plan of care: its phases, items with reasons, what is left out and why, visits, and how it ends."""
    knowledge = plan.knowledge
    return {
        "status": plan.status,
        "irritability": plan.irritability,
        "action": _action(plan),
        "phases": [
            {
                "id": phase.phase.id,
                "name": phase.phase.name,
                "aim": phase.phase.aim,
                "weeks": list(phase.phase.weeks),
                "irritability": phase.irritability,
                "items": list(phase.items),
                "doses": {id_: _dose(dose) for id_, dose in phase.doses.items()},
                "minutes": phase.minutes,
                "activity_minutes": phase.activity_minutes,
                "full": [limit for limit in phase.full if "." not in limit],
                "value": round(phase.value, 4),
                "move_on_when": phase.phase.move_on_when,
                "notes": list(phase.notes),
            }
            for phase in plan.phases
        ],
        "items": [item_data(item, plan.assessment) for item in plan.items],
        "left_out": [_left_out(left, knowledge.interventions[left.id].kind) for left in plan.left_out],
        "visits": msgspec.to_builtins(plan.visits) if plan.visits else None,
        "discharge": [{"id": one.id, "name": one.name, "criteria": list(one.criteria)} for one in knowledge.of(Discharge).values()],
        "staying_well": [
            {"id": one.id, "name": one.name, "text": one.plain, "exercises": list(one.exercises)}
            for one in knowledge.of(StayingWell).values()
            if plan.status != "withheld" and plan.assessment.facts.truth(one.when)
        ],
    }


def _action(plan: PlanOfCare) -> Data | None:
    """What takes the place of a withheld plan."""
    if plan.status != "withheld":
        return None
    raised = plan.assessment.screening.holding[0]
    route = plan.knowledge.of(UrgencyRoute)[raised.urgency]
    return {
        "condition": raised.condition,
        "urgency": raised.urgency,
        "within": raised.within or route.within,
        "route": route.route,
        "therapist": route.therapist,
        "patient": route.patient,
    }


def item_data(item: PlanItem, assessment: Assessment) -> Data:
    return {
        "id": item.id,
        "kind": item.kind,
        "family": item.family,
        "name": item.name,
        "phase": item.phase,
        "dose": _dose(item.dose),
        "serves": list(item.serves),
        "why": [need_text(need, assessment) for need in item.serves],
        "because": because(item.because, assessment.facts),
        "precautions": list(item.limits),
        "ask_first": list(item.ask),
        "wanted": item.wanted,
        "overridden": list(item.overridden),
        "evidence": item.evidence,
        "sources": list(item.sources),
    }


def _dose(dose: Dose | None) -> Data | None:
    if dose is None:
        return None
    return {key: value for key, value in msgspec.to_builtins(dose).items() if value not in (None, "", False)}


def _left_out(left: LeftOut, kind: str) -> Data:
    return {
        "id": left.id,
        "kind": kind,
        "reason": left.reason,
        "text": left.text,
        "change": left.change,
        "because": list(left.because),
    }


def goals_data(plan: PlanOfCare) -> list[Data]:
    goals: list[Data] = msgspec.to_builtins(plan.goals)
    return goals


def safety_net_data(assessment: Assessment) -> list[Data]:
    """The lines of the safety net for this person; private ones are never shown where others may read."""
    return [{"id": line.id, "group": line.group, "text": line.text, "private": line.private} for line in assessment.safety_net]


def _referral(letter: Letter | None) -> Data | None:
    if letter is None:
        return None

    def lines(parts: Iterable[Line]) -> list[Data]:
        return [{"finding": line.finding, "label": line.label, "value": line.value} for line in parts]

    return {
        "concern_condition": letter.condition.id,
        "urgency": letter.raised.urgency,
        "also": list(letter.also),
        "what_is_asked": letter.condition.letter,
        "positives": lines(letter.positives),
        "negatives": lines(letter.negatives),
        "vitals": lines(letter.vitals),
        "neuro_table": lines(letter.neuro),
        "onset_course": lines(letter.course),
        "meds": lines(letter.medicines),
        "not_known": list(letter.not_known),
    }
