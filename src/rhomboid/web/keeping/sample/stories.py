"""The course of care of one invented person: a generator that says when the next thing happens, and does it when it is resumed.

The clinic runs all stories side by side in the order of their moments, so that the audit trail grows as it would.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from ....knowledge import Knowledge
from ....vocabulary import RhomboidError
from ...accounts.models import User
from ...records import bridge_papers, clock
from ...records.actions import concerns, consents, discharge, findings, home, notes, people, plans, reevaluation, referrals, visits
from ...records.actions.episodes import assign, open_episode
from ...records.models import Concern, Episode, Person, PlanOfCare, Visit
from .afterwards import WEEKS_AGO, afterwards
from .pictures import Picture, examination_of, intake_of, measures_of

MINUTES = {"manual": 10, "modality": 8, "exercise": 4, "education": 4, "posture": 3, "coordination": 5}


ANSWER = "Breath test negative; the tablets were stopped. Nothing against going on with care."


@dataclass(frozen=True, slots=True)
class Role:
    """One person to play: who, which picture, how far care has come, how it goes (1: as hoped, 0: no change), how often at home."""

    given_name: str
    family_name: str
    sex: str
    age: int
    picture: Picture
    visits: int
    gains: float
    adherence: float
    ends: str
    hour: int


@dataclass(frozen=True, slots=True)
class Team:
    therapist: User
    assistant: User
    front_desk: User


def story(role: Role, first: datetime, now: datetime, team: Team, knowledge: Knowledge, rng: Random) -> Iterator[datetime]:
    """Plays a person from registration up to where the role ends, or up to now."""
    yield first - timedelta(days=4)
    person = _register(role, first, team)
    episode = open_episode(person=person, therapist=team.therapist, title=role.picture.title, by=team.front_desk)
    visit = visits.schedule(episode=episode, planned_at=first, kind="evaluation", by=team.front_desk)
    if role.ends == "registered":
        return
    yield first - timedelta(days=2)
    told = intake_of(role.picture, knowledge, first.date())
    findings.record(episode=episode, values=told, knowledge=knowledge, by=team.front_desk, source="patient", method="intake form")
    if role.ends == "intake":
        return
    yield first
    visits.start(visit=visit, by=team.therapist)
    seen = examination_of(role.picture, told, knowledge, age=role.age, sex=role.sex, on=clock.today())
    findings.record(episode=episode, values=seen, knowledge=knowledge, by=team.therapist, method="first examination")
    episode.refresh_from_db()
    if role.ends == "evaluation":
        return
    yield from _care(role, episode, visit, now, team, knowledge, rng)


def _register(role: Role, first: datetime, team: Team) -> Person:
    born = first.date() - timedelta(days=role.age * 365 + role.age // 4 + 40)
    return people.register(
        given_name=role.given_name,
        family_name=role.family_name,
        date_of_birth=born,
        sex_at_birth=role.sex,
        email=f"{role.given_name}.{role.family_name}@example.test".lower().replace(" ", ""),
        phone="555 0100",
        by=team.front_desk,
    )


def _care(
    role: Role, episode: Episode, visit: Visit, now: datetime, team: Team, knowledge: Knowledge, rng: Random
) -> Iterator[datetime]:
    for kind in ("care", "manual", "data"):
        consents.record(episode=episode, kind=kind, given=True, text="Explained and agreed at the first visit", by=team.therapist)
    if role.ends == "held":
        _end_visit(visit, team, knowledge)
        return
    if role.ends == "letter":
        _letter(episode, team, knowledge)
    _lower_all(episode, team, knowledge)
    plan = plans.propose(episode=episode, knowledge=knowledge, by=team.therapist)
    if role.ends == "draft":
        return
    plans.sign(plan=plan, revision=plan.revision, agreed=True, knowledge=knowledge, by=team.therapist)
    episode.refresh_from_db()
    _end_visit(visit, team, knowledge)
    assign(episode=episode, user=team.assistant, by=team.therapist)
    dates = visits.propose_dates(first=visit.planned_at + timedelta(days=7), per_week=1, count=max(role.visits, 1) + 1)
    planned = visits.schedule_series(episode=episode, times=dates[: role.visits + 1], by=team.front_desk)
    for number, one in enumerate(planned[: role.visits], start=1):
        yield one.planned_at
        _treat(role, episode, one, number, team, knowledge, rng)
        if number == 2:
            for letter in episode.referrals.filter(state="sent"):
                referrals.answer(referral=letter, text=ANSWER, by=team.therapist)
    if role.ends in WEEKS_AGO:
        yield planned[role.visits].planned_at
        _discharge(role, episode, planned[role.visits], team, knowledge)
        if role.ends != "discharged":
            yield from afterwards(role.ends, episode, team.front_desk, knowledge)
    elif role.visits:
        yield now - timedelta(minutes=1)
        since = (now.date() - planned[role.visits - 1].planned_at.date()).days
        _home(role, episode, PlanOfCare.objects.get(episode=episode, state="active"), min(since, 7), knowledge, team, rng)


def _lower_all(episode: Episode, team: Team, knowledge: Knowledge) -> None:
    """Concerns that would hold treatment are lowered with the answer of the physician they went to."""
    for concern in Concern.objects.filter(episode=episode, state="open", urgency__in=("emergency_now", "same_day", "urgent_days")):
        reason = "Seen by her physician the same day; examination and tests normal, care may go on"
        concerns.lower(concern=concern, reason=reason, knowledge=knowledge, by=team.therapist)


def _letter(episode: Episode, team: Team, knowledge: Knowledge) -> None:
    """The letter about the first open concern that goes to a physician, sent on the day."""
    concern = Concern.objects.filter(episode=episode, state="open", urgency="routine_referral").order_by("id")[0]
    letter = referrals.write(concern=concern, knowledge=knowledge, by=team.therapist)
    letter = referrals.save(
        referral=letter, revision=letter.revision, to="Dr. Avery Feld", to_address="Family practice, Port Ashgrove", to_email="",
        message="We go on with care in the meantime, and will hear from you.", by=team.therapist,
    )  # fmt: skip
    with suppress(RhomboidError):  # where nothing can be printed the letter stays a draft
        referrals.send(
            referral=letter, revision=letter.revision, how="fax", printed=bridge_papers.letter_pdf, by=team.therapist, agreed=True
        )


def _treat(role: Role, episode: Episode, visit: Visit, number: int, team: Team, knowledge: Knowledge, rng: Random) -> None:
    plan = PlanOfCare.objects.get(episode=episode, state="active")
    share = min(1.0, number / max(role.visits, 5)) * role.gains
    _home(role, episode, plan, 7, knowledge, team, rng)
    visits.start(visit=visit, by=team.therapist)
    now = measures_of(role.picture, share, knowledge)
    before = int(now["nrs_average_7d"])
    visits.record_pain(visit=visit, knowledge=knowledge, by=team.therapist, before=before, after=max(0, before - 1))
    values = now if number % 3 == 0 else {name: now[name] for name in ("nrs_average_7d", "psfs_mean")}
    findings.record(
        episode=episode, values=values, knowledge=knowledge, by=team.therapist, method="asked and measured at the visit"
    )
    lines = [line for line in plan.lines.select_related("item") if line.item.kind in ("manual", "exercise", "modality")]
    for line in lines[:4]:
        minutes = MINUTES.get(line.item.kind, 5)
        visits.deliver(visit=visit, item=line.item, minutes=minutes, knowledge=knowledge, by=team.therapist)
    if number == 4 and role.visits > 4:
        reevaluation.close(
            episode=episode,
            decision="go_on",
            knowledge=knowledge,
            by=team.therapist,
            words="Going on as planned; all measures taken again",
        )
    last = number == role.visits and role.ends == "care"
    _end_visit(visit, team, knowledge, sign=not (last and rng.random() < 0.2))


def _home(role: Role, episode: Episode, plan: PlanOfCare, since: int, knowledge: Knowledge, team: Team, rng: Random) -> None:
    """The days at home since the last visit: as often as the person manages, with the pain they had then."""
    today = clock.today()
    days = [today - timedelta(days=back) for back in range(1, since + 1) if rng.random() < role.adherence]
    if not days:
        return
    for line in [one for one in plan.lines.select_related("item") if one.item.kind == "exercise"][:4]:
        pain = max(0, round(role.picture.moves["nrs_average_7d"][0] * (1 - role.gains * 0.6)) - 1)
        home.log(
            episode=episode, item=line.item, days=days, knowledge=knowledge, by=team.therapist, rest=pain, during=pain,
            morning=pain, effort=rng.choice((4, 5, 6)), response=rng.choice((0, 1, 1, 2)),
        )  # fmt: skip


def _end_visit(visit: Visit, team: Team, knowledge: Knowledge, *, sign: bool = True) -> None:
    note = notes.open_note(visit=visit, knowledge=knowledge, by=team.therapist)
    visits.finish(visit=visit, by=team.therapist)
    if sign:
        notes.sign(note=note, revision=note.revision, knowledge=knowledge, by=team.therapist)


def _discharge(role: Role, episode: Episode, visit: Visit, team: Team, knowledge: Knowledge) -> None:
    visits.set_kind(visit=visit, kind="discharge", by=team.therapist)
    visits.start(visit=visit, by=team.therapist)
    values = measures_of(role.picture, role.gains, knowledge)
    findings.record(episode=episode, values=values, knowledge=knowledge, by=team.therapist, method="measured at discharge")
    _end_visit(visit, team, knowledge)
    discharge.discharge(
        episode=episode,
        pathway="achieved",
        knowledge=knowledge,
        by=team.therapist,
        summary="Back to work and to what mattered; knows the flare plan and the exercises that keep it well.",
    )
