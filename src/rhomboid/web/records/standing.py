"""How an episode stands against the rules of re-evaluation and discharge: rows become the `Course` that they read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from ...knowledge import Knowledge
from ...measures import change
from ...measures.meaning import DISABILITY, FUNCTION, PAIN
from ...reasoning.reevaluation import Course
from . import bridge, drafting
from .comparison import Comparison
from .models import DeliveredIntervention, Episode, Finding, Visit

NEW = "rs_visit_new"
JUMP, WITHIN = 3, timedelta(days=2)
"""The rise of pain that asks for a full re-screen: `rs_pain_jump` of the knowledge (prod)."""
TWO_WEEKS = 14
"""The days over which adherence is counted (prod)."""
FOUR_WEEKS = timedelta(days=28)
"""The time that the rules of discharge look back on for a change in percent (prod)."""


def course_of(episode: Episode, comparison: Comparison, knowledge: Knowledge, *, on: date) -> Course:
    """The course since the first treatment or the last re-evaluation. A constant number of queries."""
    done = [one for one in episode.visits.filter(state__in=("started", "done")) if one.kind != "evaluation"]
    start = _start(episode, done)
    since = [one for one in done if start is None or drafting.day_of(one) >= start]
    plans = list(episode.plans.exclude(signed_at=None).order_by("version"))
    findings = bridge.standing_findings(episode, on)
    hands = list(episode.delivered.select_related("item", "visit"))
    values = {row.finding: row.now for row in comparison.rows if row.again}
    pain, function = values.get(PAIN), values.get(FUNCTION)
    return Course(
        days=(on - start).days if start else None,
        visits=len(since),
        percent=comparison.meaning.percent,
        sign_changed=_sign_changed(comparison),
        session_changed=_session_changed(hands, knowledge),
        hands_on=_hands_on(hands, plans[-1].signed_at.date() if plans and plans[-1].signed_at else None),
        open_concerns=episode.concerns.filter(state="open").exclude(urgency="monitor").count(),
        pain_jump=_jump(findings),
        worse=tuple(knowledge.vocabulary.label(name) for name in comparison.meaning.worse),
        new_medical=_new_medical(since),
        rising=_rising(findings),
        plan_changes=max(len(plans) - 1, 0),
        rescreened=any(one.rescreen for one in since) or None,
        letter_sent=episode.referrals.filter(state__in=("sent", "answered")).exists(),
        percent_4_weeks=_percent_since(findings, on - FOUR_WEEKS, knowledge),
        pain=float(pain) if isinstance(pain, int | float) else None,
        function=float(function) if isinstance(function, int | float) else None,
        function_gain=next((row.change.difference for row in comparison.rows if row.finding == FUNCTION), None),
        adherence=_adherence(episode, on),
    )


def _start(episode: Episode, done: Iterable[Visit]) -> date | None:
    """The first treatment visit, or the last full evaluation after it."""
    again = episode.assessments.filter(occasion="reevaluation").order_by("-on").first()
    first = min((drafting.day_of(one) for one in done), default=None)
    return again.on if again and (first is None or again.on > first) else first


def _sign_changed(comparison: Comparison) -> bool | None:
    again = [row.change for row in (*comparison.rows, *(one.row for one in comparison.factors)) if row.again]
    judged = [one for one in again if one.verdict != "error_unknown"]
    if any(one.verdict in ("real", "matters") for one in judged):
        return True
    return False if judged else None


def _session_changed(hands: Iterable[DeliveredIntervention], knowledge: Knowledge) -> bool | None:
    found = [
        change(row.test, row.before, row.after, knowledge) for row in hands if row.test and None not in (row.before, row.after)
    ]
    judged = [one.verdict in ("real", "matters") for one in found if one.verdict != "error_unknown"]
    return any(judged) if judged else None


def _hands_on(hands: Iterable[DeliveredIntervention], since: date | None) -> int:
    """Visits with manual therapy since the plan last changed."""
    return len(
        {row.visit_id for row in hands if row.item.kind == "manual" and (since is None or drafting.day_of(row.visit) >= since)}
    )


def _ratings(findings: Iterable[Finding], name: str) -> list[tuple[date, float]]:
    return [(row.observed_on, float(row.value)) for row in findings if row.finding == name and isinstance(row.value, int | float)]


def _jump(findings: Iterable[Finding]) -> bool | None:
    """Whether the newest rating of pain is 3 or more above one of the 48 hours before it."""
    ratings = _ratings(findings, "nrs_now")
    near = [value for day, value in ratings[:-1] if ratings[-1][0] - day <= WITHIN] if ratings else []
    return ratings[-1][1] - min(near) >= JUMP if near else None


def _rising(findings: Iterable[Finding]) -> bool | None:
    """Whether the weekly average of pain rose two weeks in a row, from the last three weeks that have one."""
    findings = list(findings)
    weeks: dict[tuple[int, int], list[float]] = {}
    for day, value in _ratings(findings, PAIN) or _ratings(findings, "nrs_now"):
        weeks.setdefault(day.isocalendar()[:2], []).append(value)
    means = [sum(values) / len(values) for values in weeks.values()][-3:]
    return means[0] < means[1] < means[2] if len(means) == 3 else None


def _new_medical(visits: Iterable[Visit]) -> bool | None:
    answers = {one.rescreen[NEW] for one in visits if NEW in one.rescreen}
    return "something" in answers if answers else None


def _adherence(episode: Episode, on: date) -> float | None:
    """Days with a finished session in the last two weeks, in percent of the days the plan asks for."""
    days = episode.home_sessions.filter(on__gt=on - timedelta(days=TWO_WEEKS), on__lte=on, completed=True)
    done = len(set(days.values_list("on", flat=True)))
    plan = episode.plans.filter(state="active").first()
    asked = ((plan.content.get("visits") or {}).get("home_per_week") or 7) * 2 if plan else TWO_WEEKS
    if not episode.home_sessions.exists():
        return None
    return round(min(done / asked, 1) * 100)


def _percent_since(findings: Iterable[Finding], day: date, knowledge: Knowledge) -> float | None:
    """Change of pain or disability in percent of its value 4 weeks ago or before; better counts up."""
    findings = list(findings)
    for name in (PAIN, FUNCTION, *DISABILITY):
        ratings = _ratings(findings, name)
        before = [value for when, value in ratings if when <= day]
        after = [value for when, value in ratings if when > day]
        if before and after and before[-1]:
            better = change(name, before[-1], after[-1], knowledge).moved == "better"
            size = abs(after[-1] - before[-1]) / abs(before[-1]) * 100
            return round(size if better else -size, 1)
    return None
