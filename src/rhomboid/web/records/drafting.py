"""From the rows of a visit to the facts its note is written from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from ...knowledge import Knowledge
from ...knowledge.care import Phase, RegressionRule, StopSymptom
from ...knowledge.model import Condition
from ...measures import change
from ...reasoning.note import AtHome, BeforeAfter, Delivered, Draft, VisitFacts, draft_note
from . import wording
from .actions import visits as asking
from .models import DeliveredIntervention, Finding, HomeSession, PlanOfCare, Visit

STANDINGS = {"treat": "Treat", "treat_with_precautions": "Treat, with precautions"}
UNSIGNED = ("short safety set", "asked at the visit", "before treatment in the visit")
"""Findings with these methods have their own place in the note."""


def day_of(visit: Visit) -> date:
    """The clinic's date of a visit: of its start, else as planned."""
    return timezone.localtime(visit.started_at or visit.planned_at).date()


def previous(visit: Visit) -> Visit | None:
    """The last visit before this one that took place."""
    before = visit.episode.visits.filter(planned_at__lt=visit.planned_at, state__in=("started", "done"))
    return before.order_by("-planned_at").first()


def draft_of(visit: Visit, knowledge: Knowledge) -> Draft:
    """What the note says if nobody writes in it."""
    return draft_note(facts_of(visit, knowledge))


def facts_of(visit: Visit, knowledge: Knowledge) -> VisitFacts:
    """All that was recorded of a visit. The number of queries does not grow with the episode."""
    on, before = day_of(visit), previous(visit)
    since = day_of(before) if before else None
    told = home_since(visit, since, on)
    sessions = [row for row in told if not row.cleared]
    today = list(visit.episode.findings.filter(observed_on=on).standing())
    following = visit.episode.visits.filter(planned_at__gt=visit.planned_at, state="planned").order_by("planned_at").first()
    delivered = visit.delivered.select_related("item")
    return VisitFacts(
        on=on,
        pain_before=visit.pain_before,
        pain_after=visit.pain_after,
        pain_last=before.pain_after if before else None,
        asked=len(visit.rescreen),
        questions=len(asking.due_questions(knowledge)),
        something=_something(today, knowledge),
        since=since,
        home=_at_home(visit, sessions, knowledge),
        symptoms=tuple(dict.fromkeys(knowledge.of(StopSymptom)[name].name for row in sessions for name in row.symptoms)),
        cleared=tuple(row.note for row in told if row.cleared and row.on == on),
        delivered=tuple(_delivered(row, knowledge) for row in delivered),
        measured=_measured(today, knowledge),
        standing=_standing(visit),
        concerns=_concerns(visit, knowledge),
        phase=phase_name(visit, knowledge),
        next_visit=timezone.localtime(following.planned_at) if following else None,
        reevaluation=visit.episode.reevaluation_on,
    )


def home_since(visit: Visit, since: date | None, on: date) -> list[HomeSession]:
    """The home sessions after the last visit, up to this one."""
    found = visit.episode.home_sessions.filter(on__lte=on).select_related("item")
    return list(found.filter(on__gte=since) if since else found)


def _something(today: Iterable[Finding], knowledge: Knowledge) -> tuple[str, ...]:
    told = [row for row in today if row.method == "short safety set" and row.value not in (None, False, [], "none")]
    return tuple(_stated(row, knowledge) for row in told)


def _stated(row: Finding, knowledge: Knowledge) -> str:
    label = knowledge.vocabulary.label(row.finding)
    return label if row.value is True else f"{label}: {wording.value(row.finding, row.value, knowledge)}"


def _measured(today: Iterable[Finding], knowledge: Knowledge) -> tuple[str, ...]:
    """What was examined at the visit itself, beside the tests around treatment."""
    seen = [row for row in today if row.source == "therapist" and row.method not in UNSIGNED and row.value not in (None, False)]
    return tuple(_stated(row, knowledge) for row in seen[:12])


def _at_home(visit: Visit, sessions: Iterable[HomeSession], knowledge: Knowledge) -> tuple[AtHome, ...]:
    by_item: dict[str, list[HomeSession]] = {}
    for row in sessions:
        by_item.setdefault(row.item.ref, []).append(row)
    names = {row.item.ref: row.item.intervention for row in sessions}
    names |= {item.ref: item.intervention for item in visit.episode.items.filter(ref__in=[*visit.progress])}
    return tuple(
        _line(knowledge.interventions[name].name, by_item.get(ref, []), visit.progress.get(ref, {}), knowledge)
        for ref, name in names.items()
        if name in knowledge.interventions
    )


def _line(name: str, sessions: list[HomeSession], decided: dict[str, Any], knowledge: Knowledge) -> AtHome:
    following = decided.get("next", "")
    low, high = decided.get("dose_pct") or (100, 100)
    part = f"{low} %" if low == high else f"{low} to {high} %"
    return AtHome(
        name=name,
        days=len({row.on for row in sessions if row.completed}),
        during=_most(row.during for row in sessions),
        morning=_most(row.morning for row in sessions),
        effort=_most(row.effort for row in sessions),
        move=decided.get("move", ""),
        to=knowledge.interventions[following].name if following in knowledge.interventions else "",
        dose=f"{part} of the dose" if decided.get("move") == "step_back" and (low, high) != (100, 100) else "",
        because=decided.get("reason") or decided.get("because", ""),
    )


def _most(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)


def _delivered(row: DeliveredIntervention, knowledge: Knowledge) -> Delivered:
    intervention = knowledge.interventions.get(row.item.intervention)
    return Delivered(
        name=intervention.name if intervention else row.item.intervention,
        hands_on=row.item.kind == "manual",
        segment=row.segment,
        side=row.side,
        technique=row.technique,
        grade=row.grade,
        dose=row.dose,
        minutes=row.minutes,
        test=tested(row, knowledge) if row.test else None,
        response=row.response,
    )


def tested(row: DeliveredIntervention, knowledge: Knowledge) -> BeforeAfter:
    """The test around treatment, with what its change is worth."""
    found = change(row.test, row.before, row.after, knowledge)
    return BeforeAfter(
        name=knowledge.vocabulary.label(row.test),
        before=wording.value(row.test, row.before, knowledge),
        after=wording.value(row.test, row.after, knowledge),
        moved=found.moved,
        verdict=found.verdict,
        error=wording.error_words(found, knowledge),
    )


def _standing(visit: Visit) -> str:
    episode = visit.episode
    words = "Treatment on hold" if episode.held else STANDINGS.get(episode.disposition, "")
    return f"{words}. Irritability {episode.irritability}" if words and episode.irritability else words


def _concerns(visit: Visit, knowledge: Knowledge) -> tuple[str, ...]:
    names = knowledge.of(Condition)
    found = visit.episode.concerns.filter(state="open")
    return tuple(f"{names[one.condition].name}, {one.urgency.replace('_', ' ')}" for one in found if one.condition in names)


def phase_name(visit: Visit, knowledge: Knowledge) -> str:
    """The phase of the plan in which a visit falls, by the weeks since it was signed."""
    plan = visit.episode.plans.filter(state="active").first()
    phase = phase_of(plan, day_of(visit), knowledge) if plan else None
    return phase.name if phase else ""


def phase_of(plan: PlanOfCare, on: date, knowledge: Knowledge) -> Phase | None:
    """The phase in which an episode is: by the weeks since the first plan was signed, counted from where that plan starts; and one
    back while the last week at home was not settled by the pain-monitoring rule."""
    phases = phases_of(plan, knowledge)
    if not phases or plan.signed_at is None:
        return None
    found = phase_by_weeks(plan, phases, on)
    return phases[max(phases.index(found) - 1, 0)] if asked_less(plan.episode_id, on, knowledge) else found


def phases_of(plan: PlanOfCare, knowledge: Knowledge) -> list[Phase]:
    known = knowledge.of(Phase)
    return [known[one["id"]] for one in plan.content.get("phases", []) if one.get("id") in known]


def phase_by_weeks(plan: PlanOfCare, phases: list[Phase], on: date) -> Phase:
    """The phase by the weeks since the first signature alone."""
    first = plan.episode.plans.filter(state__in=("active", "superseded")).order_by("version").first() or plan
    signed = first.signed_at or plan.signed_at
    days = (on - timezone.localtime(signed).date()).days if signed else 0
    week = phases[0].weeks[0] + days / 7
    return next((phase for phase in phases if week < phase.weeks[1]), phases[-1])


def asked_less(episode: int, on: date, knowledge: Knowledge) -> list[date]:
    """The days of the last week at home that ask for less: pain in the set, the 24-hour response, illness or a stop symptom."""
    at = {rule.trigger: rule.at for rule in knowledge.of(RegressionRule).values()}
    week = HomeSession.objects.filter(episode=episode, on__gt=on - timedelta(days=7), on__lte=on)
    pain, response = at["pain_in_set"], at["response"]
    return [
        row.on
        for row in week.only("on", "during", "response", "ill", "symptoms")
        if (row.during or 0) >= pain or (row.response or 0) >= response or row.ill or row.symptoms
    ]
