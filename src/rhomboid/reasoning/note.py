"""The note of a visit writes itself: from what was recorded to four sections in short clinical sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Section = Literal["subjective", "objective", "assessment", "plan"]
SECTIONS: tuple[Section, ...] = ("subjective", "objective", "assessment", "plan")
SUMMARY = 160
MOVE_WORDS = {"advance": "advance", "hold": "hold", "step_back": "step back", "stop": "stop"}
VERDICT_WORDS = {
    "matters": "real, and enough to matter",
    "real": "real",
    "within_error": "within error",
    "error_unknown": "error not known",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfter:
    """A test right before and right after, values with their unit; `verdict` and `error` as `measures.change` gives them."""

    name: str
    before: str = ""
    after: str = ""
    moved: str = ""
    verdict: str = "error_unknown"
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What was done of one item of the plan."""

    name: str
    hands_on: bool = False
    segment: str = ""
    side: str = ""
    technique: str = ""
    grade: str = ""
    dose: str = ""
    minutes: float = 0
    test: BeforeAfter | None = None
    response: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHome:
    """One exercise at home since the last visit, and what is decided about it. None is not told."""

    name: str
    days: int
    during: int | None = None
    morning: int | None = None
    effort: int | None = None
    move: str = ""
    to: str = ""
    dose: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """Everything recorded of a visit. `something` are the safety questions answered with something new, and what it was."""

    on: date
    pain_before: int | None = None
    pain_after: int | None = None
    pain_last: int | None = None
    asked: int = 0
    questions: int = 0
    something: tuple[str, ...] = ()
    since: date | None = None
    home: tuple[AtHome, ...] = ()
    symptoms: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    delivered: tuple[Delivered, ...] = ()
    measured: tuple[str, ...] = ()
    standing: str = ""
    concerns: tuple[str, ...] = ()
    phase: str = ""
    next_visit: datetime | None = None
    reevaluation: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    subjective: str
    objective: str
    assessment: str
    plan: str
    summary: str


def draft_note(visit: VisitFacts) -> Draft:
    """The four sections, and one line for lists. What was not recorded is not written; nothing is made up."""
    return Draft(
        subjective=_text(_subjective(visit)),
        objective=_text(_objective(visit)),
        assessment=_text(_assessment(visit)),
        plan=_text(_plan(visit)),
        summary=_summary(visit)[:SUMMARY],
    )


def _text(lines: Iterable[str]) -> str:
    return "\n".join(filter(None, lines))


# --- subjective ------------------------------------------------------------------------------------------------------


def _subjective(visit: VisitFacts) -> Iterable[str]:
    if visit.pain_before is not None:
        last = "" if visit.pain_last is None else f"; after the last visit {visit.pain_last}/10"
        yield f"Pain {visit.pain_before}/10 on arrival{last}."
    yield _safety(visit)
    yield from (f"New: {what}." for what in visit.something)
    if visit.symptoms:
        yield f"Stop symptoms reported at home: {', '.join(visit.symptoms)}."
    if visit.home:
        since = f" since {_day(visit.since, visit.on)}" if visit.since else ""
        yield f"Home program{since}:"
        yield from (f"{line.name}: {_told(line)}." for line in visit.home)


def _safety(visit: VisitFacts) -> str:
    if not visit.questions or not visit.asked:
        return ""
    if visit.asked < visit.questions:
        left = visit.questions - visit.asked
        return f"Safety questions: {visit.asked} of {visit.questions} asked, {left} not asked."
    return f"Safety questions: all {visit.questions} asked" + ("." if visit.something else ", nothing new.")


def _told(line: AtHome) -> str:
    told = [f"{line.days} day{'' if line.days == 1 else 's'}" if line.days else "not done"]
    told += [f"pain up to {line.during}/10"] if line.during is not None else []
    told += [f"next morning {line.morning}/10"] if line.morning is not None else []
    told += [f"effort {line.effort}/10"] if line.effort is not None else []
    return ", ".join(told)


# --- objective -------------------------------------------------------------------------------------------------------


def _objective(visit: VisitFacts) -> Iterable[str]:
    yield from (f"{line}." for line in visit.measured)
    for done in visit.delivered:
        yield f"{_done(done)}."
        if done.test and done.test.before and done.test.after:
            yield f"{done.test.name}: {done.test.before} before, {done.test.after} after."
        if done.response:
            yield f"Response: {done.response.rstrip('.')}."
    if visit.delivered:
        yield f"In all {sum(done.minutes for done in visit.delivered):g} min."
    if visit.pain_after is not None:
        yield f"Pain {visit.pain_after}/10 at the end."


def _done(done: Delivered) -> str:
    """ "Central posterior-anterior mobilization, T5 to T7, both sides, grade III, 3 x 60 s, 6 min" """
    side = {"both": "both sides"}.get(done.side, done.side)
    grade = done.grade if not done.grade or done.grade.lower().startswith("grade") else f"grade {done.grade}"
    parts = [done.name, done.technique, done.segment, side, "" if grade in done.dose else grade, done.dose, f"{done.minutes:g} min"]
    return ", ".join(filter(None, parts))


# --- assessment ------------------------------------------------------------------------------------------------------


def _assessment(visit: VisitFacts) -> Iterable[str]:
    yield _standing(visit)
    yield from (f"Concern open: {concern}." for concern in visit.concerns)
    yield from (f"Stop symptoms looked into and cleared: {why.rstrip('.')}." for why in visit.cleared)
    if visit.pain_before is not None and visit.pain_after is not None:
        yield f"Pain {visit.pain_before}/10 to {visit.pain_after}/10 within the visit."
    yield from (_judged(done.test) for done in visit.delivered if done.test)
    yield from (f"{line.name}: {line.because}." for line in visit.home if line.move and line.because)


def _standing(visit: VisitFacts) -> str:
    phase = f" Phase: {visit.phase.lower()}." if visit.phase else ""
    return f"{visit.standing}.{phase}" if visit.standing else phase.strip()


def _judged(test: BeforeAfter) -> str:
    if not (test.before and test.after):
        return ""
    if test.moved == "same":
        return f"{test.name} unchanged at {test.after}."
    error = f" ({test.error})" if test.error and test.verdict == "within_error" else ""
    return f"{test.name} {test.before} to {test.after}: {VERDICT_WORDS[test.verdict]}{error}."


# --- plan ------------------------------------------------------------------------------------------------------------


def _plan(visit: VisitFacts) -> Iterable[str]:
    for line in visit.home:
        if line.move:
            to = f" to {line.to}" if line.to else ""
            dose = f", {line.dose}" if line.dose else ""
            yield f"{line.name}: {MOVE_WORDS[line.move]}{to}{dose}."
    if visit.next_visit:
        yield f"Next visit {_day(visit.next_visit.date(), visit.on)}, {visit.next_visit:%-I:%M %p}."
    if visit.reevaluation:
        yield f"Re-evaluation by {_day(visit.reevaluation, visit.on)}."


def _day(day: date, seen_from: date) -> str:
    return f"{day:%b %-d}" if day.year == seen_from.year else f"{day:%b %-d, %Y}"


# --- one line --------------------------------------------------------------------------------------------------------


def _summary(visit: VisitFacts) -> str:
    """What a colleague wants to read first: what is new, what advanced, what the hands did."""
    if visit.something:
        return f"New: {visit.something[0]}"
    moved = [f"{line.to or line.name}" for line in visit.home if line.move == "advance"]
    back = [line.name for line in visit.home if line.move in ("step_back", "stop")]
    hands = [", ".join(filter(None, (done.name, done.segment))) for done in visit.delivered if done.hands_on]
    parts = [f"Advanced: {moved[0]}"] if moved else [f"Stepped back: {back[0]}"] if back else []
    parts += hands[:1] or [done.name for done in visit.delivered[:1]]
    return "; ".join(parts[:2])
