"""The rows of Today: what a list says of an episode in one line, from columns and from what was loaded for the whole page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from ...knowledge import Knowledge
from ..records import course, lists, track
from ..records.models import DISPOSITIONS, Episode, Visit
from ..ui.curves import day

READY_FUNCTION, READY_PAIN = 8.0, 2.0
"""Close to discharge: function at least, pain at most (the discharge criteria of the knowledge, as numbers)."""
WATCH_WEEKS = 4
KINDS = {"evaluation": "Evaluation", "treatment": "Visit", "reevaluation": "Re-evaluation", "discharge": "Discharge"}
MOST_POINTS = 24


@dataclass(frozen=True, slots=True)
class Status:
    """`kind` is an urgency of the vocabulary or a status of the look; `words` says it."""

    kind: str
    words: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One episode in a list."""

    episode: Episode
    age: int
    week: int
    status: Status
    headline: str
    works_on: str
    pain_values: tuple[float, ...]
    pain_target: float | None
    home: tuple[course.Tick, ...]
    next: str

    @property
    def pain(self) -> tuple[str, str] | None:
        return _pair(self.episode.pain_first, self.episode.pain_last, 0)

    @property
    def function(self) -> tuple[str, str] | None:
        return _pair(self.episode.function_first, self.episode.function_last, 1)

    @property
    def pain_words(self) -> str:
        return f"pain {self.pain_values[0]:g} to {self.pain_values[-1]:g}" if self.pain_values else "no pain rating"


@dataclass(frozen=True, slots=True)
class Day:
    """One visit of the day. `row` is None for who sees no clinical text."""

    visit: Visit
    age: int
    what: str
    row: Row | None
    next: bool


def rows_of(episodes: Iterable[Episode], knowledge: Knowledge, today: date) -> dict[int, Row]:
    """The rows of a page by the key of the episode: six queries, whatever their number."""
    unique = list({one.pk: one for one in episodes}.values())
    courses, visits = course.courses(unique, knowledge, today, late_only=True), lists.next_visits(unique, today)
    return {one.pk: _row(one, courses[one.pk], visits.get(one.pk), today) for one in unique}


def days_of(visits: list[Visit], rows: Mapping[int, Row], today: date) -> list[Day]:
    """The visits of the day; without rows, for who sees no clinical text."""
    upcoming = next((one.pk for one in visits if one.state in ("planned", "started")), None)
    return [
        Day(one, one.episode.person.age_on(today), what_of(one), rows.get(one.episode_id), one.pk == upcoming) for one in visits
    ]


def what_of(visit: Visit) -> str:
    return f"Visit {visit.number}" if visit.kind == "treatment" else KINDS[visit.kind]


def _row(episode: Episode, found: course.Course, visit: datetime | None, today: date) -> Row:
    why = track.reasons(found.rule, today) if episode.stage == "care" else ()
    return Row(
        episode=episode,
        age=episode.person.age_on(today),
        week=max((today - episode.started_on).days // 7 + 1, 1),
        status=status_of(episode, found, why, today),
        headline=_headline(episode, found, why, today),
        works_on="On hold" if episode.held else episode.works_on,
        pain_values=tuple(value for _, value in found.pain[-MOST_POINTS:]),
        pain_target=_target(found),
        home=found.home if found.rule.home_since else (),
        next=_when(visit, today),
    )


def _target(found: course.Course) -> float | None:
    """The pain below which the change from the first value matters."""
    enough = found.rule.matters
    return max(found.pain[0][1] - enough, 0) if found.pain and enough is not None else None


def status_of(episode: Episode, found: course.Course, why: tuple[track.Reason, ...], today: date) -> Status:
    """The one word a list has for an episode: a raised concern before everything, then the course."""
    if episode.ended_on:
        return Status("none", "Discharged")
    if episode.rank <= lists.RAISED:
        return Status(DISPOSITIONS[episode.rank], "", urgent=True)
    if why:
        return Status("off_track", "Off track")
    if episode.stage == "intake":
        return Status("none", "New")
    if episode.stage == "evaluation":
        return Status("none", "In evaluation")
    if _ready(episode):
        return Status("ready", "Ready")
    flat = (today - episode.started_on).days >= 7 * WATCH_WEEKS and not _moved(found)
    return Status("watch", "Watch") if flat else Status("on_track", "On track")


def _ready(episode: Episode) -> bool:
    function, pain = episode.function_last, episode.pain_last
    return function is not None and pain is not None and function >= READY_FUNCTION and pain <= READY_PAIN


def _moved(found: course.Course) -> bool:
    """Whether pain is down by the change that matters. Not known counts as not."""
    pain, enough = found.pain, found.rule.matters
    return bool(pain) and enough is not None and pain[0][1] - pain[-1][1] >= enough


def _headline(episode: Episode, found: course.Course, why: tuple[track.Reason, ...], today: date) -> str:
    if why:
        first, *rest = (reason_words(one, found, today) for one in why[:2])
        return "; ".join([first, *(words[:1].lower() + words[1:] for words in rest)])
    if episode.stage == "intake":
        return "Intake to read" if episode.disposition else "No intake yet"
    if episode.stage == "evaluation":
        return episode.works_on or "Evaluation begun"
    pain, function = episode.pain_last, episode.function_last
    parts = [f"pain {pain:g}" if pain is not None else "", f"function {function:g}" if function is not None else ""]
    said = ", ".join(filter(None, parts))
    return said[:1].upper() + said[1:] if said else episode.works_on


def reason_words(reason: track.Reason, found: course.Course, today: date) -> str:
    """A reason for being off track, with its numbers."""
    rule = found.rule
    if reason.kind == "pain_up":
        (_, last), (_, before) = rule.pain[-1], rule.pain[-2]
        least = min(rule.pain[0][1], before)
        return f"Pain {least:g} → {last:g} on {day(rule.pain[-1][0], today)}"
    if reason.kind == "no_home_session":
        return f"No home session for {(today - max((*rule.home_days, rule.home_since or today))).days} days"
    if reason.kind == "adherence_low":
        return f"Home sessions on {track.reported(rule, today)} of {track.WINDOW} days"
    return f"A goal was due {day(min(rule.goals_due), today)}"


def _when(at: datetime | None, today: date) -> str:
    if at is None:
        return ""
    local = timezone.localtime(at)
    clock = f"{local:%-I:%M}"
    ahead = (local.date() - today).days
    if ahead <= 6:
        return f"Today {clock}" if ahead == 0 else f"{local:%a} {clock}"
    return day(local.date(), today)


def _pair(first: float | None, last: float | None, digits: int) -> tuple[str, str] | None:
    if first is None or last is None:
        return None
    shown = [f"{value:.{digits}f}" if value != int(value) or digits else f"{value:g}" for value in (first, last)]
    return shown[0], shown[1]
