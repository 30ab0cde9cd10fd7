"""Ending an episode: by which pathway, what the person goes home with, and when the clinic gets in touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from msgspec import to_builtins

from ....knowledge import Knowledge
from ....knowledge.care import Discharge as Pathway
from ....knowledge.care import StayingWell, StopSymptom
from ....knowledge.model import Dose, Exercise
from ....reasoning.assess import Assessment
from ....reasoning.doses import patient_dose
from ....reasoning.reevaluation import Criterion, criteria
from ...accounts.models import User
from .. import audit, bridge, clock, comparison, course, standing
from ..models import Discharge, Episode, Goal, PlanOfCare, Visit
from ..staying_well import FLARE
from . import Overtaken, Refused, check_ins, goals, links

SHORT_SET, CONTACTS = "sw_minimum", "sw_schedule"
FEWEST_WORDS = 10
ENDS_WELL = "achieved"


@dataclass(frozen=True, slots=True)
class Open:
    """Something that must be finished first: what it is, what to do, and the kind and ref of its page."""

    what: str
    fix: str
    kind: str
    ref: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """What the person goes home with."""

    home: tuple[dict[str, Any], ...]
    staying_well: tuple[dict[str, str], ...]
    flare: tuple[str, ...]
    come_back: tuple[str, ...]
    contacts: tuple[dict[str, Any], ...]


def unfinished(episode: Episode) -> tuple[Open, ...]:
    """Drafts and visits that hold a discharge back. Four queries."""
    notes = episode.notes.filter(signed_at=None).select_related("visit").order_by("visit__planned_at")
    found = [Open(f"The note of visit {one.visit.number} is not signed", "Sign it", "note", one.ref) for one in notes]
    bare = episode.visits.filter(state__in=("started", "done"), note=None).order_by("planned_at")
    found += [Open(f"Visit {one.number} has no note", "Write and sign it", "visit", one.ref) for one in bare]
    running = episode.visits.filter(state="started", note__signed_at__isnull=False)
    found += [Open(f"Visit {one.number} is not finished", "Finish it", "visit", one.ref) for one in running]
    plans = episode.plans.filter(state="draft")
    found += [Open(f"Plan {one.version} is a draft", "Sign it or drop it", "plan", episode.ref) for one in plans]
    letters = episode.referrals.filter(state="draft")
    return (*found, *(Open("A referral letter is a draft", "Send it or drop it", "referral", one.ref) for one in letters))


def leaving(episode: Episode, found: Assessment, knowledge: Knowledge, *, on: date) -> Leaving:
    """The staying-well plan, the plan for a flare, when to come back, and the dates of contact, for this person."""
    lines = [one for one in knowledge.of(StayingWell).values() if found.facts.truth(one.when)]
    contacts = [
        {"on": (on + timedelta(weeks=one.weeks)).isoformat(), "kind": one.kind, "optional": one.optional, "text": one.text}
        for line in lines
        for one in line.contacts
    ]
    return Leaving(
        home=_home(episode, found, knowledge),
        staying_well=tuple({"id": one.id, "name": one.name, "text": one.plain} for one in lines if one.id not in (FLARE, CONTACTS)),
        flare=tuple(one.plain for one in lines if one.id == FLARE),
        come_back=tuple(dict.fromkeys(one.plain for one in knowledge.of(StopSymptom).values() if one.call == "clinic_today")),
        contacts=tuple(sorted(contacts, key=lambda one: str(one["on"]))),
    )


def _home(episode: Episode, found: Assessment, knowledge: Knowledge) -> tuple[dict[str, Any], ...]:
    """The exercises that go on: those of the plan in force with their last dose, else the short set; nothing unsafe."""
    plan = PlanOfCare.objects.filter(episode=episode, state="active").first()
    lines = plan.lines.filter(item__kind="exercise").select_related("item") if plan else ()
    last = plan.content.get("phases", [])[-1:] if plan else []
    ids = {id_ for phase in last for id_ in phase.get("items", [])}
    doses = {
        line.item.intervention: line.changed_dose or ([*line.doses.values()] or [None])[-1]
        for line in lines
        if not ids or line.item.intervention in ids
    }
    if not doses:
        doses = dict.fromkeys(knowledge.of(StayingWell)[SHORT_SET].exercises) if SHORT_SET in knowledge.of(StayingWell) else {}
    return tuple(
        _exercise(knowledge.of(Exercise)[id_], dose)
        for id_, dose in doses.items()
        if id_ in knowledge.of(Exercise) and found.safety.rule(knowledge.of(Exercise)[id_]).verdict != "blocked"
    )


def _exercise(exercise: Exercise, dose: dict[str, Any] | None) -> dict[str, Any]:
    """The exercise with its dose in words, and in numbers (`amount`) for another language."""
    given = Dose(**dose) if dose else exercise.dose.get("low")
    much, often = patient_dose(given) if given else ("", "")
    amount = to_builtins(given) if given else {}
    return {"exercise": exercise.id, "name": exercise.name, "dose": much, "often": often, "amount": amount}


def standing_criteria(pathway: Pathway, episode: Episode, knowledge: Knowledge, *, on: date) -> tuple[Criterion, ...]:
    """The criteria of a pathway as the record stands."""
    compared = comparison.compare(episode, knowledge, on=on)
    return criteria(pathway, standing.course_of(episode, compared, knowledge, on=on))


@transaction.atomic
def discharge(
    *,
    episode: Episode,
    pathway: str,
    knowledge: Knowledge,
    by: User,
    summary: str = "",
    confirmed: Sequence[int] = (),
    contacts: Sequence[Mapping[str, Any]] | None = None,
    phone_months: int = links.MONTHS_AFTER,
    decided: Mapping[str, str] | None = None,
) -> Discharge:
    """Ends the episode. Whatever comes later is a new episode that follows this one.

    `confirmed` are the numbers of the criteria that the therapist confirms; one that is neither met nor confirmed needs words.
    Drafts hold it back, and are named; visits still planned are called off. `contacts` replaces the proposed dates.
    `decided` maps the refs of goals that no measure tells to met or not_met. `phone_months` is how long the person's link still
    opens.
    """
    if not by.may("sign"):
        raise Refused("Only a licensed therapist discharges", "Ask the therapist who is responsible.")
    episode = Episode.objects.select_for_update(of=("self",)).select_related("person").get(pk=episode.pk)
    way = _ready(episode, pathway, knowledge)
    today = clock.today()
    judged = _judged(way, episode, knowledge, confirmed, summary)
    found = bridge.renew(episode, knowledge, on=today).assessment
    _safe(way, found)
    kept = bridge.keep(episode, found, occasion="discharge")
    kept.decision, kept.words = "discharge", summary.strip()
    kept.save(update_fields=["decision", "words"])
    given = leaving(episode, found, knowledge, on=today)
    row = Discharge.objects.create(
        episode=episode, assessment=kept, pathway=way.id, criteria=judged, summary=summary.strip(),
        home=list(given.home), staying_well=list(given.staying_well), flare=list(given.flare), come_back=list(given.come_back),
        contacts=_contacts(given.contacts if contacts is None else contacts, today),
        phone_until=links.until_after_discharge(phone_months),
        signed_by=by, signed_by_label=by.label, signed_at=clock.now(), created_at=clock.now(),
    )  # fmt: skip
    check_ins.plan(discharge=row)
    _decide_goals(episode, decided or {}, knowledge, today, by)
    _close(episode, today)
    links.end_after(row, by=by)
    course.refresh(episode, knowledge, today)
    audit.write(by=by, action="episode.discharge", person=episode.person, subject=episode.ref, pathway=way.id)
    return row


def _ready(episode: Episode, pathway: str, knowledge: Knowledge) -> Pathway:
    if episode.ended_on:
        raise Overtaken(f"This episode ended on {episode.ended_on:%b %-d, %Y}", "Look at its discharge.")
    if pathway not in knowledge.of(Pathway):
        raise Refused("Choose how care ends", "One of: " + ", ".join(one.name.lower() for one in knowledge.of(Pathway).values()))
    left = unfinished(episode)
    if left:
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        raise Refused(f"Not finished yet: {left[0].what[0].lower()}{left[0].what[1:]}{more}", f"{left[0].fix} first.")
    return knowledge.of(Pathway)[pathway]


def _judged(way: Pathway, episode: Episode, knowledge: Knowledge, confirmed: Sequence[int], summary: str) -> list[dict[str, Any]]:
    found = standing_criteria(way, episode, knowledge, on=clock.today())
    rows = [
        {"text": one.text, "met": one.met, "because": one.because, "confirmed": number in confirmed and one.met is not True}
        for number, one in enumerate(found)
    ]
    missing = [row for row in rows if row["met"] is not True and not row["confirmed"]]
    if missing and len(summary.strip()) < FEWEST_WORDS:
        raise Refused(
            f"Not met or not confirmed: {missing[0]['text']}", "Confirm it, or say in the summary why care ends all the same."
        )
    return rows


def _safe(way: Pathway, found: Assessment) -> None:
    if way.id == ENDS_WELL and found.held:
        raise Refused("A raised concern holds treatment", "Refer, or lower the concern with a reason first.")


def _contacts(contacts: Sequence[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
    rows = [dict(one) for one in contacts]
    for on in (str(one.get("on", "")) for one in rows):
        if on <= today.isoformat():
            raise Refused(f"The contact of {on} does not lie after today", "Choose a later day, or empty it to leave it out.")
    return sorted(rows, key=lambda one: str(one["on"]))


def _decide_goals(episode: Episode, decided: Mapping[str, str], knowledge: Knowledge, today: date, by: User) -> None:
    """Open goals are met or not met as the therapist says, else by their newest value. What nobody knows stays open."""
    for goal in Goal.objects.filter(episode=episode, ref__in=decided, state="open"):
        goals.decide(goal=goal, state=decided[goal.ref], by=by)
    rows = [one for one in comparison.compare(episode, knowledge, on=today).goals if one.goal.state == "open"]
    for met, state in ((True, "met"), (False, "not_met")):
        measured = [one.goal.pk for one in rows if one.met is met]
        Goal.objects.filter(pk__in=measured).update(state=state, decided_at=clock.now())


def _close(episode: Episode, today: date) -> None:
    Visit.objects.filter(episode=episode, state="planned").update(state="cancelled")
    episode.stage, episode.ended_on, episode.reevaluation_on = "discharged", today, None
    episode.save(update_fields=["stage", "ended_on", "reevaluation_on"])
