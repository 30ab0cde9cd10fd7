"""What the page of an episode tells: its time line, its curves, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from ...knowledge import Knowledge
from ...knowledge.care import StayingWell
from ...knowledge.model import Education
from ..accounts.models import User
from ..records import bridge, course, understanding
from ..records.comparison import Comparison, FactorRow
from ..records.models import Concern, Document, Episode, Finding, HomeSession, Note, PlanOfCare, Referral, Visit
from ..ui import curves, strips, timelines
from .needs import because_of, name_of

FLARE = 4
"""The code of a flare in what is reported after a home session."""
HOLDING = ("emergency_now", "same_day", "urgent_days")
PHASES = ("calm", "restore", "load")
SCALE = (0.0, 10.0)
OF_FINDINGS = ("ref", "finding", "value", "observed_on", "source")
VERDICT = {"matters": "matters", "real": "real", "within_error": "error", "error_unknown": "unknown"}
DAILY_MOST = 400
FAR_WEEKS = 13
"""How far ahead contacts are drawn before anybody has agreed on them."""


@dataclass(frozen=True, slots=True)
class Told:
    """The rows of one episode, read once for the whole page."""

    episode: Episode
    findings: list[Finding]
    visits: list[Visit]
    notes: dict[int, Note]
    plans: list[PlanOfCare]
    concerns: list[Concern]
    letters: list[Referral]
    documents: list[Document]
    rest: list[tuple[date, int]]
    flares: list[date]

    @property
    def plan(self) -> PlanOfCare | None:
        """The plan in force, else the last one that was signed."""
        return next((one for one in self.plans if one.state == "active"), None) or next(
            (one for one in self.plans if one.signed_at), None
        )

    @property
    def draft(self) -> PlanOfCare | None:
        return next((one for one in self.plans if one.state == "draft"), None)

    @property
    def open_concerns(self) -> list[Concern]:
        return [one for one in self.concerns if one.state == "open"]

    def letter_of(self, concern: Concern) -> Referral | None:
        """The letter about it, else one about another concern that was written while it stood and names it."""
        own = next((one for one in self.letters if one.concern_id == concern.pk), None)
        while_open = (one for one in self.letters if one.created_at >= concern.raised_at)
        return own or next((one for one in while_open if not concern.ended_at or one.created_at <= concern.ended_at), None)


def told(episode: Episode, on: date) -> Told:
    """Ten queries, however long the history is. Without the long texts: none of them stands on the page."""
    at_home = HomeSession.objects.filter(episode=episode).order_by("-on")
    visits = Visit.objects.filter(episode=episode).order_by("planned_at", "pk")
    notes = Note.objects.filter(episode=episode).defer("subjective", "objective", "assessment", "plan")
    plans = PlanOfCare.objects.filter(episode=episode).defer("content", "limits")
    return Told(
        episode=episode,
        findings=bridge.standing_findings(episode, on, OF_FINDINGS),
        visits=list(visits),
        notes={one.visit_id: one for one in notes},
        plans=list(plans.exclude(state="dropped").order_by("-version")[:6]),
        concerns=list(Concern.objects.filter(episode=episode).exclude(state="gone")),
        letters=list(Referral.objects.filter(episode=episode).exclude(state="dropped").defer("letter", "message")),
        documents=list(Document.objects.filter(episode=episode).defer("content")[:40]),
        rest=[
            (on_, value) for on_, value in at_home.exclude(rest=None).values_list("on", "rest")[:DAILY_MOST] if value is not None
        ],
        flares=sorted(set(at_home.filter(response=FLARE).values_list("on", flat=True)[:60])),
    )


def lessons_read(episode: Episode, knowledge: Knowledge) -> list[tuple[str, date]]:
    """The lessons that the person has read on the phone, the newest first: what to ask them to say in their own words."""
    known = knowledge.of(Education)
    read = sorted(understanding.read_cards(episode).items(), key=lambda one: one[1], reverse=True)
    return [(known[card].title, on) for card, on in read if card in known]


# --- curves --------------------------------------------------------------------------------------------------------------


def pain_curve(told: Told, knowledge: Knowledge, today: date) -> curves.Curve:
    rows = bridge.series(told.findings, course.PAIN)
    daily = _mean_by_day(told.rest)
    events = [(on, "flare") for on in _starts(told.flares)]
    return _curve("Pain", rows, knowledge, better="down", daily=daily, events=events, until=_until(told, today))


def function_curve(told: Told, knowledge: Knowledge, today: date) -> curves.Curve:
    return _curve("Function", bridge.series(told.findings, course.FUNCTION), knowledge, better="up", until=_until(told, today))


def caption(rows: Sequence[Finding], knowledge: Knowledge) -> str:
    return knowledge.vocabulary.label(rows[0].finding) if rows else ""


def _curve(
    name: str,
    rows: Sequence[Finding],
    knowledge: Knowledge,
    *,
    better: str,
    daily: Sequence[tuple[date, float]] = (),
    events: Sequence[tuple[date, str]] = (),
    until: date | None = None,
) -> curves.Curve:
    values = [(row.observed_on, float(row.value)) for row in rows if isinstance(row.value, int | float)]
    first = values[0][1] if values else 0.0
    error, enough = course.error_and_matters(knowledge, rows[0].finding, first) if values else (None, None)
    shown = bool(values)
    return curves.curve(
        curves.Course(
            name=name,
            readings=tuple(curves.Reading(on, value) for on, value in values),
            axis=SCALE,
            chance=(first - error, first + error) if error is not None else None,
            chance_words=f"could be chance: first value ± {curves.number(error)}" if error is not None else "",
            matters=_zone(first, enough, better),
            matters_words=f"a change that matters: {curves.number(enough)} points" if enough is not None else "",
            events=tuple(event for event in events if values and event[0] >= values[0][0]),
            daily=tuple(point for point in daily if values and point[0] >= values[0][0]) if shown else (),
            until=until if shown else None,
        )
    )


def ends(curve: curves.Curve) -> str:
    """The first and the last value, for the head of a curve."""
    values = [curves.number(one.value) for one in curve.course.readings]
    return f"{values[0]} → {values[-1]}" if len(values) > 1 else "".join(values)


def _zone(first: float, enough: float | None, better: str) -> tuple[float, float] | None:
    """From where the change matters to the better end of the scale; none where the scale ends before."""
    if enough is None:
        return None
    if better == "down":
        return (SCALE[0], first - enough) if first - enough >= SCALE[0] else None
    return (first + enough, SCALE[1]) if first + enough <= SCALE[1] else None


def _mean_by_day(values: Iterable[tuple[date, int]]) -> list[tuple[date, float]]:
    by_day: dict[date, list[int]] = {}
    for on, value in values:
        by_day.setdefault(on, []).append(value)
    return sorted((on, sum(found) / len(found)) for on, found in by_day.items())


def _starts(days: Sequence[date]) -> list[date]:
    """The first days of spells: days less than a week apart are one."""
    return [on for place, on in enumerate(days) if place == 0 or on - days[place - 1] > timedelta(days=7)]


def _until(told: Told, today: date) -> date:
    return told.episode.ended_on or today


# --- time line -----------------------------------------------------------------------------------------------------------


def time_line(told: Told, then_and_now: Comparison | None, knowledge: Knowledge, today: date) -> timelines.Line:
    onset = _onset(told, then_and_now)
    return timelines.line(
        tuple(_phases(told, onset, knowledge, today)),
        tuple(_stops(told, knowledge, today)),
        tuple(_events(told, onset, knowledge)),
        today,
    )


def _onset(told: Told, found: Comparison | None) -> date | None:
    """The day the pain began, as far as it is known."""
    days = found.now.facts.value("rf_onset_days") if found else None
    if found is None or not isinstance(days, int | float):
        return None
    return found.on - timedelta(days=int(days))


def _phases(told: Told, onset: date | None, knowledge: Knowledge, today: date) -> Iterator[timelines.Phase]:
    start = told.episode.started_on
    if onset and onset < start < today:
        weeks = round((start - onset).days / 7)
        yield timelines.Phase(f"Before, {weeks} weeks" if weeks > 1 else "Before", "before", onset, start)
    signed = min((one.signed_at for one in told.plans if one.signed_at), default=None)
    if signed is None:
        return
    first, end = _day(signed), _end_of_care(told, today)
    if told.plan:
        yield from _planned_phases(told.plan, first, end)
    after = max([end, *(on for on, _ in contacts(told, end, knowledge))])
    if after > end:
        yield timelines.Phase("Staying well", "after", end, after)


def _planned_phases(plan: PlanOfCare, first: date, end: date) -> Iterator[timelines.Phase]:
    phases = [one for one in plan.content.get("phases", ()) if one.get("id") in PHASES]
    for place, one in enumerate(phases):
        begin = first + timedelta(weeks=one["weeks"][0] - phases[0]["weeks"][0])
        last = place == len(phases) - 1
        finish = end if last else min(first + timedelta(weeks=one["weeks"][1] - phases[0]["weeks"][0], days=1), end)
        if finish > begin:
            yield timelines.Phase(one["name"], one["id"], begin, finish)


def _end_of_care(told: Told, today: date) -> date:
    """The day care ended, or the last day that is planned."""
    if told.episode.ended_on:
        return told.episode.ended_on
    planned = [_day(one.planned_at) for one in told.visits if one.state in ("planned", "started")]
    return max([today, *planned, *filter(None, [told.episode.reevaluation_on])])


def contacts(told: Told, end: date, knowledge: Knowledge) -> list[tuple[date, str]]:
    """When the clinic gets in touch after discharge: as it was agreed, else as the knowledge plans it."""
    found = getattr(told.episode, "discharge", None)
    if found is not None:
        return [(date.fromisoformat(one["on"]), one["kind"]) for one in found.contacts if not one.get("optional")]
    if not told.plan:
        return []
    planned = (contact for one in knowledge.of(StayingWell).values() for contact in one.contacts if not contact.optional)
    return [(end + timedelta(weeks=contact.weeks), contact.kind) for contact in planned if contact.weeks <= FAR_WEEKS]


def _stops(told: Told, knowledge: Knowledge, today: date) -> Iterator[timelines.Stop]:
    for visit in told.visits:
        if visit.state in ("cancelled", "no_show"):
            continue
        big = visit.kind in ("evaluation", "reevaluation", "discharge")
        state = "planned" if visit.state == "planned" else "re_evaluation" if big else "done"
        yield timelines.Stop(_day(visit.planned_at), str(visit.number), state, _address("visit", visit.ref))
    for on, _ in contacts(told, _end_of_care(told, today), knowledge):
        yield timelines.Stop(on, "", "planned")


def _events(told: Told, onset: date | None, knowledge: Knowledge) -> Iterator[timelines.Event]:
    if onset and onset < told.episode.started_on:
        yield timelines.Event(onset, f"Pain begins {curves.day(onset, told.episode.started_on)}")
    given = min((row.observed_on for row in told.findings if row.source in ("patient", "front_desk")), default=None)
    if given:
        yield timelines.Event(given, f"Intake {curves.day(given)}", icon="pencil")
    for on in _starts(told.flares)[-3:]:
        yield timelines.Event(on, f"Flare {curves.day(on)}", icon="flag")
    for letter in told.letters[:4]:
        if letter.sent_at:
            yield timelines.Event(_day(letter.sent_at), "Letter sent", icon="envelope", below=True)
        if letter.answered_at:
            yield timelines.Event(_day(letter.answered_at), "Answered", icon="check", below=True)
    for one in [one for one in told.documents if one.kind == "received"][:3]:
        yield timelines.Event(_day(one.created_at), one.title[:28], icon="document", below=True)
    for visit in told.visits:
        if visit.kind in ("reevaluation", "discharge") and visit.state == "done":
            name = "Re-evaluation" if visit.kind == "reevaluation" else "Discharge"
            yield timelines.Event(_day(visit.planned_at), name, icon="curve", below=True)


# --- factors, concerns, visits -------------------------------------------------------------------------------------------


def factor_rows(found: Comparison) -> list[dict[str, Any]]:
    """Factors then and now as the table of the look reads them. Without a value now there is no verdict."""
    return [_factor_row(one) for one in sorted(found.factors, key=lambda one: -one.then)]


def _factor_row(one: FactorRow) -> dict[str, Any]:
    row = one.row
    drawn = None
    if row.numeric and isinstance(row.now, int | float):
        drawn = strips.change(
            _axis(row.then, row.now, row.low, row.high, row.change.error), row.then, row.now, error=row.change.error
        )
    return {
        "name": one.name,
        "severity_then": one.then,
        "severity_now": one.now,
        "change": drawn,
        "then": row.then_text or "–",
        "now": row.now_text or "not yet",
        "verdict": "worse" if row.change.worsened else VERDICT[row.change.verdict] if row.again else "unknown",
        "measured": row.again,
    }


def _axis(then: float, now: float, low: float | None, high: float | None, error: float | None) -> tuple[float, float]:
    """The scale of the finding when it has one of a readable size, else a stretch around both values."""
    span = max(abs(now - then), error or 0.0, abs(then) * 0.2, 0.1)
    if low is not None and high is not None and high - low <= 8 * span:
        return low, high
    return min(then, now) - 1.5 * span, max(then, now) + 1.5 * span


@dataclass(frozen=True, slots=True)
class Shown:
    """A concern on the page, with its letter if there is one."""

    concern: Concern
    name: str
    letter: Referral | None

    @property
    def because(self) -> str:
        return because_of(self.concern)

    @property
    def can_write(self) -> bool:
        """Whether a letter is what it asks for, and nobody has begun one."""
        return self.concern.state == "open" and self.letter is None and self.concern.urgency != "monitor"


def concerns_of(told: Told, knowledge: Knowledge, private: frozenset[str]) -> list[Shown]:
    """Open ones first, the fastest on top; then those that were lowered. A private one is in no letter."""
    order = (*HOLDING, "routine_referral", "monitor")
    rows = sorted(told.concerns, key=lambda one: (one.state != "open", order.index(one.urgency) if one.urgency in order else 9))
    return [
        Shown(one, name_of(one.condition, knowledge), None if one.condition in private else told.letter_of(one)) for one in rows
    ]


# --- the one next action -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Action:
    """What to do next: a link, or a form that is posted."""

    words: str
    href: str
    post: bool = False
    icon: str = ""
    why: str = ""


def next_action(told: Told, user: User, today: date, private: frozenset[str]) -> Action | None:
    """The one thing this episode waits for. None when nothing does, or when this user cannot do it."""
    for found in (*_about_concerns(told, user, private), *_by_stage(told, user, today)):
        if found and found.href:
            return found
    return None


def _about_concerns(told: Told, user: User, private: frozenset[str]) -> Iterator[Action | None]:
    if not user.may("refer"):
        return
    for concern in sorted(told.open_concerns, key=lambda one: HOLDING.index(one.urgency) if one.urgency in HOLDING else 9):
        letter = told.letter_of(concern)
        if concern.condition in private or concern.urgency not in HOLDING:
            continue
        if letter is None:
            yield Action("Write the letter", _address("letter_new", concern.ref), post=True, icon="envelope")
        elif letter.state == "draft":
            yield Action("Send the letter", _address("referral", letter.ref), icon="envelope")


def _by_stage(told: Told, user: User, today: date) -> Iterator[Action | None]:
    episode = told.episode
    if episode.ended_on:
        return
    if episode.stage == "intake":
        words = "Begin the evaluation" if told.findings else "Enter the intake"
        yield Action(words, _address("evaluation" if told.findings else "intake", episode.ref))
    elif episode.stage == "evaluation":
        yield (
            Action("Open the plan", _address("plan", episode.ref))
            if told.draft
            else Action("Go on with the evaluation", _address("evaluation", episode.ref))
        )
    else:
        yield from _in_care(told, user, today)


def _in_care(told: Told, user: User, today: date) -> Iterator[Action | None]:
    episode = told.episode
    started = next((one for one in told.visits if one.state == "started"), None)
    if started:
        yield Action(f"Go on with visit {started.number}", _address("visit", started.ref))
    if told.draft and user.may("sign"):
        yield Action("Sign the plan", _address("plan", episode.ref), icon="sign")
    coming = next((one for one in told.visits if one.state == "planned" and _day(one.planned_at) >= today), None)
    if coming and _day(coming.planned_at) == today:
        yield Action(f"Start visit {coming.number}", _address("visit", coming.ref))
    unsigned = next((one for one in told.notes.values() if one.signed_at is None), None)
    if unsigned and user.may("sign"):
        yield Action("Sign the note", _address("note", unsigned.ref), icon="sign")
    if episode.reevaluation_on and episode.reevaluation_on <= today:
        yield Action("Re-evaluate", _address("reevaluation", episode.ref), icon="curve")
    if coming:
        yield Action(f"Open visit {coming.number}", _address("visit", coming.ref))
    yield Action("Plan the next visit", _address("visits", episode.ref), icon="calendar")


def _address(name: str, ref: str) -> str:
    try:
        return reverse(name, args=[ref])
    except NoReverseMatch:
        return ""


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
