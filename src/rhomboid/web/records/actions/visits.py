"""Visits: when they are planned, what was done in them, pain before and after, and the questions of the short safety set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from ....knowledge import Knowledge
from ....knowledge.care import Rescreen
from ...accounts.models import User
from .. import audit, clock
from ..models import DeliveredIntervention, Episode, Item, Visit
from ..models.visit import VISIT_KINDS
from . import Overtaken, Refused, findings
from .episodes import move_on

EACH_VISIT = "Each visit"
MOST_MINUTES = 240
MOST_IN_A_SERIES = 40
LEVEL = re.compile(r"\b([CTL])(\d+)\b", re.IGNORECASE)
LEVELS = {"C": range(8), "T": range(1, 13), "L": range(1, 6)}
"""C0 is the back of the head."""


# --- dates -----------------------------------------------------------------------------------------------------------


def propose_dates(*, first: datetime, per_week: float, count: int) -> tuple[datetime, ...]:
    """Dates on weekdays at the same hour, evenly spread: once a week is always the same weekday."""
    local = timezone.localtime(first)
    step = 7 / max(per_week, 0.25)
    days = [_weekday(local.date() + timedelta(days=round(step * number))) for number in range(count)]
    return tuple(_at(day, local.time()) for day in dict.fromkeys(days))


def _weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= 5 else day


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour.replace(tzinfo=None)))


@transaction.atomic
def schedule(*, episode: Episode, planned_at: datetime, by: User, kind: str = "treatment", therapist: User | None = None) -> Visit:
    """Plans one visit. It gets the next number of the episode."""
    _may(by, "schedule", "deliver")
    episode = _open_episode(episode)
    visit = _planned(episode, planned_at, kind, therapist)
    audit.write(by=by, action="visit.schedule", person=episode.person, subject=visit.ref, kind=kind)
    return visit


@transaction.atomic
def schedule_series(*, episode: Episode, times: Sequence[datetime], by: User, kind: str = "treatment") -> tuple[Visit, ...]:
    """Plans several visits in the order of their dates."""
    _may(by, "schedule", "deliver")
    if not 0 < len(times) <= MOST_IN_A_SERIES:
        raise Refused("No dates to plan", f"Give 1 to {MOST_IN_A_SERIES} dates.")
    episode = _open_episode(episode)
    made = tuple(_planned(episode, moment, kind, None) for moment in sorted(times))
    audit.write(by=by, action="visit.schedule", person=episode.person, subject=episode.ref, visits=[one.ref for one in made])
    return made


def _planned(episode: Episode, planned_at: datetime, kind: str, therapist: User | None) -> Visit:
    if kind not in VISIT_KINDS:
        raise Refused(f'There is no kind of visit "{kind}"', "One of: " + ", ".join(VISIT_KINDS))
    _free(episode, planned_at)
    number = (episode.visits.aggregate(last=Max("number"))["last"] or 0) + 1
    return Visit.objects.create(
        episode=episode,
        number=number,
        kind=kind,
        planned_at=planned_at,
        therapist=therapist or episode.therapist,
        created_at=clock.now(),
    )


def _free(episode: Episode, planned_at: datetime, but: Visit | None = None) -> None:
    """One visit at a time, and none before the episode: the same person cannot be here twice at the same moment."""
    if timezone.localtime(planned_at).date() < episode.started_on:
        raise Refused("A visit cannot be before the episode began", f"It began on {episode.started_on:%b %-d, %Y}.")
    same = episode.visits.filter(planned_at=planned_at).exclude(state__in=("cancelled", "no_show"))
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise Refused(f"There is a visit on {_said(planned_at)} already", "Choose another time.", status=409)


@transaction.atomic
def move(*, visit: Visit, planned_at: datetime, by: User) -> Visit:
    """Moves a planned visit to another time."""
    _may(by, "schedule", "deliver")
    found = _locked(visit)
    _in_state(found, "planned", "Only a planned visit is moved")
    _free(found.episode, planned_at, but=found)
    found.planned_at = planned_at
    found.save(update_fields=["planned_at"])
    return _written(found, by, "visit.move")


@transaction.atomic
def set_kind(*, visit: Visit, kind: str, by: User) -> Visit:
    """Makes a planned visit an evaluation, a treatment, a re-evaluation or a discharge visit."""
    _may(by, "schedule", "deliver")
    found = _locked(visit)
    if kind not in VISIT_KINDS:
        raise Refused(f'There is no kind of visit "{kind}"', "One of: " + ", ".join(VISIT_KINDS))
    found.kind = kind
    found.save(update_fields=["kind"])
    return _written(found, by, "visit.kind")


@transaction.atomic
def cancel(*, visit: Visit, by: User) -> Visit:
    """Takes a planned visit off the calendar. It keeps its number."""
    return _ended_unheld(visit, "cancelled", by)


@transaction.atomic
def no_show(*, visit: Visit, by: User) -> Visit:
    """The person did not come."""
    return _ended_unheld(visit, "no_show", by)


def _ended_unheld(visit: Visit, state: str, by: User) -> Visit:
    _may(by, "schedule", "deliver")
    found = _locked(visit)
    _in_state(found, "planned", "Only a planned visit can be called off")
    found.state = state
    found.save(update_fields=["state"])
    return _written(found, by, f"visit.{state}")


# --- the visit itself ------------------------------------------------------------------------------------------------


@transaction.atomic
def start(*, visit: Visit, by: User) -> Visit:
    """The person is here. A visit that was called off by mistake can still be started."""
    _may(by, "deliver")
    found = _locked(visit)
    if found.state == "started":
        return found
    if found.state == "done":
        raise Overtaken("This visit is finished already", "Open its note.")
    found.state, found.started_at, found.therapist = "started", clock.now(), found.therapist or by
    found.save(update_fields=["state", "started_at", "therapist"])
    move_on(found.episode, "care" if found.kind != "evaluation" else "evaluation")
    return _written(found, by, "visit.start")


@transaction.atomic
def finish(*, visit: Visit, by: User) -> Visit:
    """The visit is over. Its note can still be written."""
    _may(by, "deliver")
    found = _locked(visit)
    if found.state == "done":
        return found
    _in_state(found, "started", "Only a visit that has started can be finished")
    found.state, found.ended_at = "done", clock.now()
    found.save(update_fields=["state", "ended_at"])
    return _written(found, by, "visit.finish")


@transaction.atomic
def record_pain(*, visit: Visit, knowledge: Knowledge, by: User, **pain: int | None) -> Visit:
    """Pain `before` and `after` the visit, 0 to 10. Pain before is a finding of the day; pain after belongs to the visit alone."""
    assert pain.keys() <= {"before", "after"}, pain
    found = _writable(visit, by)
    for when, value in pain.items():
        if value is not None and (isinstance(value, bool) or value not in range(11)):
            raise Refused(f"Pain {when} is a whole number from 0 to 10", "Leave it empty when it was not asked.")
        setattr(found, f"pain_{when}", value)
    if found.state == "planned":
        found = _copied(start(visit=found, by=by), found)
    found.save(update_fields=["pain_before", "pain_after"])
    before = pain.get("before")
    if before is not None:
        _measured(found, _rating(found, before), knowledge, by, "asked at the visit")
    return _written(found, by, "visit.pain", given=sorted(pain))


def _rating(visit: Visit, now: int) -> dict[str, Any]:
    """Pain now. The worst and the least of the past 24 hours that were told on an earlier day and no longer fit go along with it:
    they are at least, and at most, the pain now."""
    earlier = {
        row.finding: row.value
        for row in visit.episode.findings.filter(finding__in=("nrs_worst_24h", "nrs_best_24h")).standing()
        if row.value is not None
    }
    told = visit.episode.findings.filter(finding__in=earlier, observed_on=clock.today()).standing()
    stale = {name: value for name, value in earlier.items() if name not in set(told.values_list("finding", flat=True))}
    fits = {"nrs_worst_24h": stale.get("nrs_worst_24h", 10) >= now, "nrs_best_24h": stale.get("nrs_best_24h", 0) <= now}
    return {"nrs_now": now} | {name: now for name in stale if not fits[name]}


def _copied(started: Visit, wanted: Visit) -> Visit:
    started.pain_before, started.pain_after = wanted.pain_before, wanted.pain_after
    return started


@transaction.atomic
def deliver(
    *,
    visit: Visit,
    item: Item,
    minutes: float,
    knowledge: Knowledge,
    by: User,
    dose: str = "",
    segment: str = "",
    side: str = "",
    technique: str = "",
    grade: str = "",
    test: str = "",
    before: float | None = None,
    after: float | None = None,
    response: str = "",
) -> DeliveredIntervention:
    """What was done of one item of the plan; done again, it takes the place of what stood for that item.

    `test` is the finding that was tested right before and right after; the value before is also recorded as a finding of the day.
    """
    found = _writable(visit, by)
    if item.episode_id != found.episode_id:
        raise Refused("This is not part of this person's plan", "Choose an item of the plan.")
    _sensible(minutes, test, (before, after), knowledge)
    _levels(segment)
    if found.state == "planned":
        found = start(visit=found, by=by)
    row = found.delivered.filter(item=item).first() or DeliveredIntervention(episode=found.episode, visit=found, item=item)
    new_before = test and before is not None and (row.test, row.before) != (test, before)
    for name, value in {
        "minutes": minutes, "dose": dose, "segment": segment, "side": side, "technique": technique, "grade": grade,
        "test": test, "before": before, "after": after, "response": response, "by_label": by.label,
    }.items():  # fmt: skip
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    _saved(row)
    if new_before:
        _measured(found, {test: before}, knowledge, by, "before treatment in the visit")
    _written(found, by, "visit.deliver", item=item.intervention)
    return row


def _sensible(minutes: float, test: str, values: tuple[float | None, float | None], knowledge: Knowledge) -> None:
    if not 0 < minutes <= MOST_MINUTES:
        raise Refused("Minutes are more than 0", f"At most {MOST_MINUTES}.")
    if any(value is not None for value in values) and not test:
        raise Refused("Say which test the values are of", "Choose the test, then type before and after.")
    for value in values:
        if test and value is not None:
            findings.checked_finding(test, value, knowledge)


def _levels(segment: str) -> None:
    """Segments are free words, but a level that is named has to exist."""
    for letter, number in LEVEL.findall(segment):
        if int(number) not in LEVELS[letter.upper()]:
            raise Refused(f"Segments: there is no {letter.upper()}{number}", "C0 to C7, T1 to T12, L1 to L5, such as T5-T7.")


def _saved(row: DeliveredIntervention) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Overtaken("Somebody else has recorded this in the meantime") from None


@transaction.atomic
def undo(*, visit: Visit, item: Item, by: User) -> None:
    """Takes back a tick: it was not done."""
    found = _writable(visit, by)
    taken, _ = found.delivered.filter(item=item).delete()
    if taken:
        _written(found, by, "visit.undo", item=item.intervention)


# --- safety ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def rescreen(
    *, visit: Visit, question: str, answer: str, knowledge: Knowledge, by: User, values: Mapping[str, Any] | None = None
) -> Visit:
    """Answers one question of the short safety set.

    "none": nothing new; symptoms that were not known become a no, what stands as a yes is left alone, and what lies in the past
    stays as it was told then. "something": `values` are recorded as findings. "" takes the answer back.
    """
    found = _writable(visit, by)
    asked = knowledge.of(Rescreen).get(question)
    if asked is None or answer not in ("none", "something", ""):
        raise Refused("This question is not part of the short safety set", "Reload the page.")
    if found.state == "planned":
        found = start(visit=found, by=by)
    given = (
        dict(values or {}) if answer == "something" else nothing_new(found.episode, asked, knowledge) if answer == "none" else {}
    )
    stray = [name for name in given if name not in asked.findings]
    if stray:
        raise Refused(f"{knowledge.vocabulary.label(stray[0])} is not part of this question", "Record it in the evaluation.")
    if given:
        _measured(found, given, knowledge, by, "short safety set")
    found.rescreen = {name: said for name, said in found.rescreen.items() if name != question} | (
        {question: answer} if answer else {}
    )
    found.save(update_fields=["rescreen"])
    return _written(found, by, "visit.rescreen", question=question)


def nothing_new(episode: Episode, asked: Rescreen, knowledge: Knowledge) -> dict[str, Any]:
    """The symptoms of a question that become a known no: flags about now that nobody has answered yet."""
    known = episode.findings.filter(finding__in=asked.findings).standing().exclude(value=None)
    told = set(known.values_list("finding", flat=True))
    entries = knowledge.vocabulary.findings
    return {
        name: False
        for name in asked.findings
        if name in entries and entries[name].type == "flag" and entries[name].section == "symptoms" and name not in told
    }


def due_questions(knowledge: Knowledge) -> tuple[Rescreen, ...]:
    """The short safety set of each visit, in its order."""
    return tuple(one for one in knowledge.of(Rescreen).values() if one.occasion == EACH_VISIT)


# --- shared ----------------------------------------------------------------------------------------------------------


def _measured(visit: Visit, values: Mapping[str, Any], knowledge: Knowledge, by: User, method: str) -> None:
    findings.record(episode=visit.episode, values=values, knowledge=knowledge, by=by, method=method)


def _locked(visit: Visit) -> Visit:
    return Visit.objects.select_for_update(of=("self",)).select_related("episode__person").get(pk=visit.pk)


def _writable(visit: Visit, by: User) -> Visit:
    """The visit, locked, when it may still be written: it is not called off and its note is not signed."""
    _may(by, "deliver")
    found = _locked(visit)
    if found.state in ("cancelled", "no_show"):
        raise Refused("This visit was called off", "Start it first if the person came after all.")
    note = getattr(found, "note", None)
    if note is not None and note.signed:
        raise Overtaken(f"{note.signed_by_label} has signed the note of this visit", "Add an addendum to the note.")
    return found


def _open_episode(episode: Episode) -> Episode:
    found = Episode.objects.select_for_update(of=("self",)).select_related("person").get(pk=episode.pk)
    if found.ended_on:
        raise Refused(f"This episode ended on {found.ended_on:%b %-d, %Y}", "Open a new episode that follows it.")
    return found


def _may(by: User, *permissions: Any) -> None:
    if not any(by.may(permission) for permission in permissions):
        raise Refused("Your role does not allow this", "Ask the therapist who is responsible.")


def _in_state(visit: Visit, state: str, message: str) -> None:
    if visit.state != state:
        raise Overtaken(f"{message}; this one is {visit.get_state_display().replace('_', ' ')}")


def _written(visit: Visit, by: User, action: str, **detail: Any) -> Visit:
    audit.write(by=by, action=action, person=visit.episode.person, subject=visit.ref, **detail)
    return visit


def _said(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%b %-d, %Y, %-I:%M %p}"
