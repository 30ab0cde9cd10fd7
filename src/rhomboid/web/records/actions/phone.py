"""What a phone reports of exercises at home: each report once, however often it is sent, and the rules' answer at once.

A phone keeps its reports until they are acknowledged, so they come late, twice, or two at a time. The key makes that harmless;
the lock on the episode puts them in a row. Only the person's own items are taken, and the phone's clock is believed within reason.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from django.db import transaction
from django.utils import timezone

from ....knowledge import Knowledge
from ....knowledge.care import StopSymptom
from ...accounts.models import User
from .. import audit, clock
from ..home_program import rest_of
from ..models import Episode, HomeChange, HomeSession, Item, PhoneReport
from . import Overtaken, Refused, alerts, home, home_changes, phone_days

AHEAD, BEHIND = timedelta(minutes=10), timedelta(days=30)
"""How far the phone's clock may be from the clinic's before the day of receipt is taken in its place (prod)."""
LONGEST_KEY, SHORTEST_KEY = 64, 16
EMERGENCY = "911"
Pain = Annotated[int, msgspec.Meta(ge=0, le=10)]
Ref = Annotated[str, msgspec.Meta(max_length=12)]
Outcome = Literal["done", "part", "skipped"]
Why = Literal["", "pain", "tired", "time", "unsure", "unwell", "other"]


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """What every report has: whose it is, and when it was by the phone's clock."""

    episode: Ref
    done_at: datetime


class Morning(Body, frozen=True, kw_only=True, tag="morning"):
    """How the back is today: the resting pain, and the 24-hour response to the last session (codes of the knowledge)."""

    rest: Pain
    response: Annotated[int, msgspec.Meta(ge=0, le=5)] | None = None
    stiff: bool = False
    bad_night: bool = False


class Rest(Body, frozen=True, kw_only=True, tag="rest"):
    """The resting pain right before a session, where the morning was not told. It says nothing of the morning."""

    rest: Pain


class Exercise(Body, frozen=True, kw_only=True, tag="exercise"):
    """One exercise of one session. `during` is the most pain in a set, `stopped` says that pain above the limit ended it."""

    item: Ref
    session: Annotated[str, msgspec.Meta(max_length=64)]
    outcome: Outcome
    why: Why = ""
    rest: Pain | None = None
    during: Pain | None = None
    effort: Pain | None = None
    stopped: bool = False


class End(Body, frozen=True, kw_only=True, tag="session"):
    """The end of a session."""

    session: Annotated[str, msgspec.Meta(max_length=64)]
    after: Pain | None = None
    note: Annotated[str, msgspec.Meta(max_length=300)] = ""


class Stop(Body, frozen=True, kw_only=True, tag="stop"):
    """A stop symptom ended the session."""

    symptoms: Annotated[tuple[Annotated[str, msgspec.Meta(max_length=80)], ...], msgspec.Meta(min_length=1, max_length=20)]
    item: Ref = ""


Report = Morning | Rest | Exercise | End | Stop
msgspec.json.Decoder(Report)  # works the types out here, before two threads could at once (vocabulary.reading.ONE_AT_A_TIME)


@dataclass(frozen=True, slots=True)
class Received:
    """The stored report, and whether this sending was the first."""

    report: PhoneReport
    new: bool


@transaction.atomic
def receive(*, episode: Episode, key: str, body: Mapping[str, Any], knowledge: Knowledge, by: User) -> Received:
    """Takes a report once. The same key again gives the stored answer; the same key with another body is refused (409).

    Raises Refused (422) for what is no report, and for what belongs to somebody else.
    """
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY or not key.isascii():
        raise Refused("A report needs a key of its own", "Send it again from the page.")
    found = Episode.objects.select_for_update(of=("self",)).select_related("person").get(pk=episode.pk)
    digest = digest_of(body)
    there = PhoneReport.objects.filter(episode=found, key=key).first()
    if there:
        if there.digest != digest:
            raise Overtaken("Something else was sent under this key before", "Send it again from the page.")
        return Received(there, new=False)
    told = _read(body, found)
    on = day_of(told.done_at, found.started_on)
    report = PhoneReport.objects.create(
        episode=found,
        key=key,
        kind=str(body["kind"]),
        body={**body, "on": on.isoformat()},
        digest=digest,
        done_at=told.done_at,
        received_at=clock.now(),
    )
    changes = _take(told, found, on, knowledge, by)
    _tell(told, found, knowledge, by)
    report.answer = answer_of(key, on, changes)
    report.save(update_fields=["answer"])
    audit.write(by=by, action="phone.report", person=found.person, subject=found.ref, kind=report.kind, changes=len(changes))
    return Received(report, new=True)


def digest_of(body: Mapping[str, Any]) -> str:
    """SHA-256 of the body, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def day_of(done_at: datetime, first: date) -> date:
    """The clinic's day of a report. A phone's clock that is far out is not believed: then it is the day of receipt."""
    now = clock.now()
    day = timezone.localtime(done_at).date() if now - BEHIND <= done_at <= now + AHEAD else clock.today()
    return min(day, clock.today()) if day >= first else clock.today()


def answer_of(key: str, on: date, changes: tuple[HomeChange, ...]) -> dict[str, Any]:
    """What the phone is told: what became of the program, in codes; the page has the words in the person's language."""
    stop = next((one for one in changes if one.item_id is None), None)
    less = [
        {"item": one.item.ref, "pct": one.dose_pct, "since": one.since.isoformat()}
        for one in changes
        if one.item
    ]  # fmt: skip
    return {"ack": key, "on": on.isoformat(), "changes": less, "stop": list(stop.rules) if stop else []}


def _tell(told: Report, episode: Episode, knowledge: Knowledge, by: User) -> None:
    """What stops exercises is told the clinic at once, besides waiting in the therapist's list."""
    if isinstance(told, Stop):
        symptoms = [knowledge.of(StopSymptom).get(name) for name in told.symptoms]
        urgency = "emergency_now" if any(one is None or one.call == EMERGENCY for one in symptoms) else "same_day"
        words = ", ".join(one.name.lower() if one else "a sign that is no longer on the list" for one in symptoms)
        alerts.raise_alert(episode=episode, kind="session", urgency=urgency, text=f"Stopped exercises at home: {words}", by=by)
    elif isinstance(told, Morning) and told.response == home_changes.NEW_SYMPTOM:
        text = "Something new after exercises at home, not said what"
        alerts.raise_alert(episode=episode, kind="session", urgency="same_day", text=text, by=by)


# --- what each kind does ---------------------------------------------------------------------------------------------


def _read(body: Mapping[str, Any], episode: Episode) -> Report:
    try:
        told: Report = msgspec.convert(body, Report)
    except msgspec.ValidationError as error:
        raise Refused("This is no report of exercises", str(error)) from None
    if told.episode != episode.ref:
        raise Refused("This report belongs to somebody else", "Sign in as the person who did the exercises.")
    if told.done_at.tzinfo is None:
        raise Refused("This is no report of exercises", "done_at needs its time zone.")
    return told


def _take(told: Report, episode: Episode, on: date, knowledge: Knowledge, by: User) -> tuple[HomeChange, ...]:
    """Writes a report into the log of home sessions, and gives what the rules made of it."""
    if isinstance(told, End | Rest):
        return ()
    if isinstance(told, Morning):
        phone_days.morning_told(episode, on, rest=told.rest, response=told.response, stiff=told.stiff, bad_night=told.bad_night)
    elif isinstance(told, Stop):
        _stopped(told, episode, on, knowledge, by)
    elif told.outcome == "skipped" and told.why not in ("pain", "unwell"):
        return ()
    else:
        _done(told, episode, on, knowledge)
    return home.answered(episode, knowledge, at_once=True)


def _done(told: Exercise, episode: Episode, on: date, knowledge: Knowledge) -> None:
    item = _item(told.item, episode)
    before = HomeSession.objects.filter(episode=episode, item=item, on__lt=on, completed=True).order_by("-on").first()
    home_changes.apply_gap(episode, item, before.on if before else None, on, knowledge)
    rest = rest_of(episode, on) if told.rest is None else told.rest
    phone_days.worst(
        episode, item, on, completed=told.outcome == "done", rest=rest, during=told.during, effort=told.effort,
        ill=told.why == "unwell",
    )  # fmt: skip


def _stopped(told: Stop, episode: Episode, on: date, knowledge: Knowledge, by: User) -> None:
    """A stop is never refused for what it names: a page that was kept may know an exercise or a sign that is gone by now."""
    known = [name for name in told.symptoms if name in knowledge.of(StopSymptom)]
    items = list(_exercises(episode))
    item = next((one for one in items if one.ref == told.item), next(iter(items), None))
    if item is None or not known:
        alerts.pause_home(episode=episode, reason="told by the phone", rules=tuple(known), by=by)
        return
    # One that was told after a clearing but felt before it was not looked at: it stands after the clearing.
    day = max(filter(None, [on, phone_days.last_clearing(episode)]))
    phone_days.worst(episode, item, day, completed=False, rest=None, during=None, effort=None, symptoms=known)


def _exercises(episode: Episode) -> Iterator[Item]:
    yield from Item.objects.filter(episode=episode, kind="exercise").order_by("id")


def _item(ref: str, episode: Episode) -> Item:
    item = Item.objects.filter(episode=episode, ref=ref, kind="exercise").first()
    if item is None:
        raise Refused("This is not an exercise of this person's plan", "Choose one of the home program.")
    return item
