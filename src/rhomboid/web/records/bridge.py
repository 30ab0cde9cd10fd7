"""The one place where rows become a case and an assessment becomes rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...knowledge import Knowledge
from ...knowledge.model import CONCERNS, URGENCIES, Condition, Exercise, Factor, Pattern
from ...reasoning.as_data import assessment_data
from ...reasoning.assess import Assessment, assess
from ...reasoning.planning import plan as propose
from ...reasoning.screening import Raised
from ...reasoning.session_log import Session
from ...reasoning.words import stated
from ...vocabulary.case import Case, Closed
from ...vocabulary.finding import Value
from . import clock, course
from . import models as rows
from .course import FUNCTION, PAIN
from .models import Concern, Episode, Finding

SESSION = (
    "on", "completed", "rest", "during", "morning", "settled_min", "effort", "response", "extra_reps", "extra_hold_s",
    "correct_of_10", "form_ok", "ill", "cleared", "bad_night", "stiff_morning", "note",
)  # fmt: skip
"""What a row of a home session and a session of the reasoning have in common."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """An assessment of the episode as it stands, and the concerns that are new with it."""

    assessment: Assessment
    raised: tuple[Concern, ...]


def standing_findings(episode: Episode, on: date | None = None, columns: Sequence[str] = ()) -> list[Finding]:
    """All findings of an episode that nobody has corrected, oldest first; up to a day when one is given.

    With `columns` only those are loaded: of hundreds of rows that takes half the time.
    """
    found = Finding.objects.filter(episode=episode).standing()
    found = found.only(*columns) if columns else found
    return list(found.filter(observed_on__lte=on) if on else found)


def latest(findings: Iterable[Finding]) -> dict[str, Finding]:
    """The newest known value of each finding. A test that was skipped takes nothing from an older measurement."""
    return {row.finding: row for row in findings if row.value is not None}


def value_of(raw: Any) -> Value:
    """A stored value as the reasoning uses it."""
    return frozenset(raw) if isinstance(raw, list) else raw


def stored(value: Value) -> Any:
    """A value of the reasoning as a row stores it."""
    return sorted(value) if isinstance(value, frozenset) else value


def case_of(episode: Episode, knowledge: Knowledge, *, on: date, findings: Iterable[Finding] | None = None) -> Case:
    """Everything known of the episode's person on a day. What the knowledge no longer has is left out, never guessed."""
    if findings is None:
        return _case(episode, knowledge, on, dict(_known(episode, on)))
    return _case(episode, knowledge, on, {name: row.value for name, row in latest(findings).items()})


def _case(episode: Episode, knowledge: Knowledge, on: date, raw: Mapping[str, Any]) -> Case:
    givable, gates = knowledge.vocabulary.givable, knowledge.vocabulary.gates
    values = {name: value_of(value) for name, value in raw.items() if name in givable or name in gates}
    return Case(
        findings=_person_findings(episode.person, on) | values, id=episode.ref, on=on, closed=_closed(episode, knowledge, on)
    )


def _known(episode: Episode, on: date) -> list[tuple[str, Any]]:
    """All known values, oldest first, without their rows: making hundreds of those costs more than the reasoning."""
    found = Finding.objects.filter(episode=episode, observed_on__lte=on, value__isnull=False).standing()
    return list(found.values_list("finding", "value"))


def _person_findings(person: rows.Person, on: date) -> dict[str, Value]:
    found: dict[str, Value] = {"age_years": person.age_on(on)}
    return found | ({"sex_at_birth": person.sex_at_birth} if person.sex_at_birth else {})


def _closed(episode: Episode, knowledge: Knowledge, on: date) -> tuple[Closed, ...]:
    lowered = Concern.objects.filter(episode=episode, state="lowered", ended_at__isnull=False)
    return tuple(
        Closed(one.condition, one.lowered_by_label, one.reason, min(one.ended_at.date(), on).isoformat())
        for one in lowered
        if one.ended_at and one.condition in knowledge.of(Condition)
    )


def assess_episode(episode: Episode, knowledge: Knowledge, *, on: date, findings: Iterable[Finding] | None = None) -> Assessment:
    """The reasoning about an episode as it stands on a day. Raises CaseError when its findings contradict each other."""
    return assess(case_of(episode, knowledge, on=on, findings=findings), knowledge, on=on)


def renew(episode: Episode, knowledge: Knowledge, *, on: date) -> Renewed:
    """Assesses the episode and brings its concerns and its line in the lists up to date. Called by actions, in their transaction.

    A lowered concern holds only for what was known: when newer findings raise it higher or faster, it is raised anew.
    """
    known = _known(episode, on)
    found = assess(_case(episode, knowledge, on, dict(known)), knowledge, on=on)
    if _raise_again(episode, found):
        found = assess(_case(episode, knowledge, on, dict(known)), knowledge, on=on)
    raised = _concerns(episode, found)
    _summarize(episode, found, known)
    return Renewed(found, tuple(raised))


def _raise_again(episode: Episode, found: Assessment) -> bool:
    now = {one.condition: one for one in found.screening.raised if one.closed_by}
    again = [
        concern
        for concern in Concern.objects.filter(episode=episode, state="lowered", condition__in=now)
        if _worse(now[concern.condition], concern)
    ]
    for concern in again:
        Concern.objects.filter(pk=concern.pk).update(state="gone")
    return bool(again)


def _worse(now: Raised, then: Concern) -> bool:
    return URGENCIES.index(now.urgency) < URGENCIES.index(then.urgency) or CONCERNS.index(now.concern) > CONCERNS.index(then.level)


def _concerns(episode: Episode, found: Assessment) -> list[Concern]:
    """Opens concerns that are new and gives them, brings open ones up to date, ends those that newer findings no longer raise."""
    standing = {one.condition: one for one in Concern.objects.filter(episode=episode, state__in=("open", "lowered"))}
    now = {one.condition: one for one in found.screening.raised}
    new = [_opened(episode, one, found) for name, one in now.items() if name not in standing]
    for name, concern in standing.items():
        if concern.state == "open" and name in now and (concern.level, concern.urgency) != (now[name].concern, now[name].urgency):
            concern.level, concern.urgency = now[name].concern, now[name].urgency
            concern.because = [stated(finding, found.facts) for finding in now[name].because]
            concern.save(update_fields=["level", "urgency", "because"])
    for concern in (one for name, one in standing.items() if name not in now and one.state == "open"):
        concern.state, concern.ended_at = "gone", clock.now()
        concern.save(update_fields=["state", "ended_at"])
    return new


def _opened(episode: Episode, raised: Raised, found: Assessment) -> Concern:
    return Concern.objects.create(
        episode=episode,
        condition=raised.condition,
        level=raised.concern,
        urgency=raised.urgency,
        because=[stated(name, found.facts) for name in raised.because],
        knowledge_version=found.knowledge.version,
        raised_at=clock.now(),
    )


def _summarize(episode: Episode, found: Assessment, known: list[tuple[str, Any]]) -> None:
    """Writes the episode's line in the lists."""
    episode.disposition = found.disposition
    episode.rank = rows.DISPOSITIONS.index(found.disposition)
    episode.held = found.held
    episode.screen_complete = found.screening.complete
    episode.works_on = works_on(found)
    irritability = found.facts.value("sinss_irritability")
    episode.irritability = irritability if isinstance(irritability, str) else ""
    episode.pain_first, episode.pain_last = _ends(known, PAIN)
    episode.function_first, episode.function_last = _ends(known, FUNCTION)
    episode.off_track_on = course.off_track_on(episode, found.knowledge, found.on)
    episode.save(
        update_fields=[
            "disposition", "rank", "held", "screen_complete", "works_on", "irritability",
            "pain_first", "pain_last", "function_first", "function_last", "off_track_on",
        ]
    )  # fmt: skip


def works_on(found: Assessment) -> str:
    """What care works on, in a few words: the best pattern, else the strongest factors."""
    patterns = found.knowledge.of(Pattern)
    fitting = [patterns[one.pattern].name for one in found.patterns if one.status == "supported"]
    if fitting:
        return fitting[0][:160]
    strongest = sorted(found.factors, key=lambda one: -one.severity)[:2]
    return ", ".join(found.knowledge.of(Factor)[one.factor].name for one in strongest)[:160]


def series(findings: Iterable[Finding], names: Iterable[str]) -> list[Finding]:
    """The measurements over time of the first of these findings that has any, oldest first."""
    by_name: dict[str, list[Finding]] = {}
    for row in findings:
        if isinstance(row.value, int | float) and not isinstance(row.value, bool):
            by_name.setdefault(row.finding, []).append(row)
    return next((by_name[name] for name in names if name in by_name), [])


def numbers(findings: Iterable[Finding], names: Iterable[str]) -> list[tuple[date, float]]:
    """The same as days and numbers."""
    return [(row.observed_on, float(row.value)) for row in series(findings, names) if row.value is not None]


def _ends(known: list[tuple[str, Any]], names: Iterable[str]) -> tuple[float | None, float | None]:
    """The first and the last number of the first of these findings that has any."""
    for name in names:
        values = [float(value) for one, value in known if one == name]
        if values:
            return values[0], values[-1]
    return None, None


def keep(episode: Episode, found: Assessment, *, occasion: str) -> rows.Assessment:
    """Stores an assessment for good: the findings it read, the version of the knowledge, and everything that came out."""
    return rows.Assessment.objects.create(
        episode=episode,
        on=found.on,
        made_at=clock.now(),
        occasion=occasion,
        knowledge_version=found.knowledge.version,
        disposition=found.disposition,
        findings={name: stored(value) for name, value in found.case.findings.items()},
        outcome=_without_plan(assessment_data(found, propose(found))),
    )


def _without_plan(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in ("plan", "goals")}


def home_log(episode: Episode, knowledge: Knowledge, *, on: date) -> tuple[Session, ...]:
    """The home sessions of an episode up to a day, as the reasoning reads them. What the knowledge no longer has is left out."""
    sessions = episode.home_sessions.filter(on__lte=on).select_related("item").order_by("on", "id")
    return tuple(
        Session(
            exercise=row.item.intervention,
            symptoms=tuple(row.symptoms),
            **{name: getattr(row, name) for name in SESSION},
        )
        for row in sessions
        if row.item.intervention in knowledge.of(Exercise)
    )
