"""When to look again, and when to let go: the triggers of re-evaluation and the criteria of discharge, each with its reason. Pure.

Numbers stand in care/reevaluation.toml; here stands only what each of them looks at. What was not recorded stays undecided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..knowledge import Knowledge
from ..knowledge.care import Discharge, Reevaluation

LATER = ("re_direct_access",)
"""A clock of one state's law; it comes with the legal clocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """An episode since its first treatment or its last re-evaluation, as far as it was recorded; None is not known.

    `percent`: improvement against baseline. `sign_changed`: whether any measure moved beyond its error. `session_changed`: whether
    any test changed within a visit beyond its error. `hands_on`: visits with manual therapy since the plan last changed.
    """

    days: int | None = None
    visits: int = 0
    percent: float | None = None
    sign_changed: bool | None = None
    session_changed: bool | None = None
    hands_on: int = 0
    open_concerns: int = 0
    pain_jump: bool | None = None
    worse: tuple[str, ...] = ()
    new_medical: bool | None = None
    rising: bool | None = None
    # for discharge
    pain: float | None = None
    function: float | None = None
    function_gain: float | None = None
    adherence: float | None = None
    plan_changes: int = 0
    percent_4_weeks: float | None = None
    rescreened: bool | None = None
    letter_sent: bool = False
    wishes_to_stop: bool | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """A reason to re-evaluate: due, not due, or undecided (None), and why."""

    id: str
    name: str
    due: bool | None
    because: str
    action: str
    hard_stop: bool


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of a discharge pathway: met, not met, or not known (None) until the therapist confirms it."""

    text: str
    met: bool | None
    because: str


def triggers(course: Course, knowledge: Knowledge) -> tuple[Trigger, ...]:
    """Every trigger of re-evaluation, the hard stops first among those that are due."""
    found = [_trigger(rule, course) for rule in knowledge.of(Reevaluation).values() if rule.id not in LATER]
    return tuple(sorted(found, key=lambda one: (one.due is not True, one.due is not None, not one.hard_stop)))


def _trigger(rule: Reevaluation, course: Course) -> Trigger:
    look = LOOKS.get(rule.id, _by_time)
    due, because = look(rule, course)
    return Trigger(rule.id, rule.name, due, because, rule.action, rule.hard_stop)


Look = Callable[[Reevaluation, Course], tuple[bool | None, str]]


def _reached(rule: Reevaluation, course: Course) -> bool:
    by_days = bool(rule.days) and course.days is not None and course.days >= rule.days
    return by_days or (bool(rule.visits) and course.visits >= rule.visits)


def _time(course: Course) -> str:
    days = "" if course.days is None else f"{course.days} days, "
    return f"{days}{course.visits} visit{'' if course.visits == 1 else 's'}"


def _by_time(rule: Reevaluation, course: Course) -> tuple[bool | None, str]:
    return _reached(rule, course), _time(course)


def _red_flag(_rule: Reevaluation, course: Course) -> tuple[bool | None, str]:
    many = course.open_concerns
    return many > 0, f"{many} concern{'' if many == 1 else 's'} open" if many else "no concern open"


def _flag(value: bool | None, yes: str, no: str, unknown: str) -> tuple[bool | None, str]:
    return value, unknown if value is None else yes if value else no


def _jump(_rule: Reevaluation, course: Course) -> tuple[bool | None, str]:
    return _flag(course.pain_jump, "pain 3 or more above 48 h before", "no such rise", "no two ratings within 48 h")


def _worsening(_rule: Reevaluation, course: Course) -> tuple[bool | None, str]:
    if course.worse:
        return True, "worse by 2 or more: " + ", ".join(course.worse)
    return (None, "pain and function not measured again") if course.percent is None else (False, "pain and function not worse by 2")


def _new(_rule: Reevaluation, course: Course) -> tuple[bool | None, str]:
    return _flag(course.new_medical, "something new was told", "asked, nothing new", "not asked since")


def _rising(_rule: Reevaluation, course: Course) -> tuple[bool | None, str]:
    return _flag(
        course.rising, "the weekly average rose twice", "the weekly average did not rise twice", "fewer than 3 weeks of ratings"
    )


def _session(rule: Reevaluation, course: Course) -> tuple[bool | None, str]:
    if not _reached(rule, course):
        return False, _time(course)
    found = None if course.session_changed is None else not course.session_changed
    return _flag(found, "no test changed within a visit", "a test changed within a visit", "no test before and after recorded")


def _sign(rule: Reevaluation, course: Course) -> tuple[bool | None, str]:
    if not _reached(rule, course):
        return False, _time(course)
    found = None if course.sign_changed is None else not course.sign_changed
    return _flag(found, "no measure moved beyond its error", "a measure moved beyond its error", "nothing measured again yet")


def _percent(rule: Reevaluation, course: Course) -> tuple[bool | None, str]:
    if not _reached(rule, course):
        return False, _time(course)
    if course.percent is None:
        return None, f"{_time(course)}; pain and function not measured again"
    return course.percent < rule.change_below_pct, f"{_time(course)}; {course.percent:g} % better"


def _hands_on(rule: Reevaluation, course: Course) -> tuple[bool | None, str]:
    return course.hands_on >= rule.visits, f"{course.hands_on} visits with manual therapy since the plan last changed"


LOOKS: dict[str, Look] = {
    "re_red_flag": _red_flag,
    "re_nprs_jump": _jump,
    "re_worsening": _worsening,
    "re_new_medical": _new,
    "re_trend_rising": _rising,
    "re_no_session_change": _session,
    "re_two_weeks": _sign,
    "re_four_weeks": _percent,
    "re_manual_only": _hands_on,
}


# --- discharge -------------------------------------------------------------------------------------------------------


def criteria(pathway: Discharge, course: Course) -> tuple[Criterion, ...]:
    """The criteria of a pathway. What the record decides is decided; the rest waits for the therapist to confirm it."""
    known = CRITERIA.get(pathway.id, ())
    looks = [*known, *[_confirm] * (len(pathway.criteria) - len(known))]
    return tuple(Criterion(text, *look(course)) for text, look in zip(pathway.criteria, looks, strict=False))


Met = tuple[bool | None, str]


def _confirm(_course: Course) -> Met:
    return None, "you confirm"


def _function(course: Course) -> Met:
    if course.function is None:
        return None, "PSFS not measured again"
    gain = "" if course.function_gain is None else f", {course.function_gain:+g}"
    return course.function >= 8 or (course.function_gain or 0) >= 2, f"PSFS {course.function:g}{gain}"


def _pain(course: Course) -> Met:
    return (
        (None, "average pain not asked again")
        if course.pain is None
        else (course.pain <= 2 or None, f"average pain {course.pain:g}/10")
    )


def _adherence(course: Course) -> Met:
    if course.adherence is None:
        return None, "no home sessions recorded in 2 weeks"
    return (None if course.adherence >= 70 else False), f"{course.adherence:g} % done over 2 weeks; correct when shown: you confirm"


def _clear(course: Course) -> Met:
    return course.open_concerns == 0, "no concern open" if not course.open_concerns else f"{course.open_concerns} open"


def _flat(course: Course) -> Met:
    if course.percent_4_weeks is None:
        return None, "not measured again in 4 weeks"
    return abs(course.percent_4_weeks) < 10, f"{course.percent_4_weeks:g} % in 4 weeks"


def _changed_plans(course: Course) -> Met:
    return course.plan_changes >= 2, f"{course.plan_changes} changes of the plan"


def _screened(course: Course) -> Met:
    met, because = _clear(course)
    return (met and course.rescreened) if course.rescreened is not None else None, because


def _letter(course: Course) -> Met:
    return course.letter_sent or None, "a letter is sent" if course.letter_sent else "no letter sent yet; you confirm"


CRITERIA: dict[str, tuple[Callable[[Course], Met], ...]] = {
    "achieved": (_function, _pain, _adherence, _confirm, _clear),
    "plateau": (_flat, _changed_plans, _screened),
    "referred_out": (_confirm, _confirm, _letter),
}
"""What the record can say about each criterion of a pathway, in the order of its text."""
