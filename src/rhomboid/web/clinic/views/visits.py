"""The visits of an episode: what was, what is planned, and planning more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from ...records import clock
from ...records.access import Request, access
from ...records.actions import Refused
from ...records.actions import visits as actions
from ...records.models import Episode, PlanOfCare, Visit
from ..entries import number, whole
from ..frame import bar_of, rights

KINDS = (("treatment", "Visit"), ("reevaluation", "Re-evaluation"), ("discharge", "Discharge visit"), ("evaluation", "Evaluation"))
EARLIEST_YEAR, FURTHEST_YEARS = 2000, 2
FREQUENCY = (("2", "twice a week"), ("1", "once a week"), ("0.5", "every 2 weeks"), ("0.25", "every 4 weeks"))


@access("see_clinical", "GET", "POST", of="episode")
def visits(request: Request, episode: Episode) -> HttpResponse:
    """The list; a POST proposes dates or plans them."""
    if request.method == "GET":
        return _page(request, episode)
    try:
        if request.POST.get("do") == "propose":
            return _page(request, episode, proposed=_proposed(request))
        times = [_moment(typed) for typed in request.POST.getlist("at") if typed.strip()]
        kind = request.POST.get("kind", "treatment")
        actions.schedule_series(episode=episode, times=times, kind=kind, by=request.user)
    except Refused as refused:
        return _page(request, episode, refused=refused)
    return redirect("visits", episode.ref)


@access("see_clinical", "POST", of="visit")
def visit_change(request: Request, visit: Visit) -> HttpResponse:
    """Moves a planned visit, calls it off, or changes its kind."""
    do = request.POST.get("do", "")
    try:
        if do == "move":
            actions.move(visit=visit, planned_at=_moment(request.POST.get("at", "")), by=request.user)
        elif do == "kind":
            actions.set_kind(visit=visit, kind=request.POST.get("kind", ""), by=request.user)
        elif do in ("cancel", "no_show"):
            getattr(actions, do)(visit=visit, by=request.user)
    except Refused as refused:
        return _page(request, visit.episode, refused=refused, at=visit.ref)
    return redirect("visits", visit.episode.ref)


def _page(
    request: Request, episode: Episode, *, proposed: tuple[datetime, ...] = (), refused: Refused | None = None, at: str = ""
) -> HttpResponse:
    rows = list(episode.visits.select_related("note", "therapist").order_by("-planned_at"))
    plan = PlanOfCare.objects.filter(episode=episode, state="active").first()
    page = {
        "episode": episode,
        "section": "people",
        "tab": "visits",
        "bar": bar_of(episode, request.user),
        "rows": rows,
        "next": next((one for one in reversed(rows) if one.state in ("planned", "started")), None),
        "done": sum(one.state in ("started", "done") for one in rows),
        "ahead": sum(one.state == "planned" for one in rows),
        "today": clock.today(),
        "kinds": KINDS,
        "plan": plan,
        "planning": _planning(request, episode, plan, rows),
        "frequencies": FREQUENCY,
        "proposed": [(moment, _field(moment)) for moment in proposed],
        "refused": refused,
        "refused_at": at,
    }
    return render(
        request,
        "clinic/visits.html",
        page | rights(request.user, "deliver", "sign", "schedule"),
        status=refused.status if refused else 200,
    )


def _planning(request: Request, episode: Episode, plan: PlanOfCare | None, rows: list[Visit]) -> dict[str, Any]:
    """What the form for dates says: what was typed, else what the plan asks for after the last visit."""
    wanted = (plan.content.get("visits") or {}) if plan else {}
    ahead = sum(one.state in ("planned", "started", "done") and one.kind != "evaluation" for one in rows)
    most = (wanted.get("count") or [6, 6])[1]
    weekly = (wanted.get("per_week") or [1, 1])[1]
    first = actions.propose_dates(first=_after(rows), per_week=weekly, count=2)[-1] if rows else _morning()
    return {
        "first": request.POST.get("first") or _field(first),
        "per_week": request.POST.get("per_week") or min(FREQUENCY, key=lambda one: abs(float(one[0]) - weekly))[0],
        "count": request.POST.get("count") or str(max(most - ahead, 1)),
        "asked": wanted.get("text", ""),
        "wanted": " to ".join(dict.fromkeys(str(one) for one in wanted.get("count", ()))),
    }


def _after(rows: list[Visit]) -> datetime:
    return max(max(one.planned_at for one in rows), clock.now())


def _morning() -> datetime:
    """Tomorrow at nine."""
    local = timezone.localtime(clock.now()).replace(hour=9, minute=0, second=0, microsecond=0)
    return actions.propose_dates(first=local, per_week=7, count=2)[-1]


def _proposed(request: Request) -> tuple[datetime, ...]:
    count = whole(request.POST.get("count", ""), "Number of visits") or 0
    if not 0 < count <= actions.MOST_IN_A_SERIES:
        raise Refused("How many visits?", f"1 to {actions.MOST_IN_A_SERIES}.")
    per_week = float(number(request.POST.get("per_week", "1"), "Visits a week"))
    if not 0 < per_week <= 5:
        raise Refused("How often?", "Between every 4 weeks and 5 times a week.")
    return actions.propose_dates(first=_moment(request.POST.get("first", "")), per_week=per_week, count=count)


def _moment(typed: str) -> datetime:
    try:
        found = parse_datetime(typed)
    except ValueError:
        found = None
    if found is None or found.year < EARLIEST_YEAR:
        raise Refused("A visit needs a date and a time", "Such as 2026-12-07 9:30.")
    if found.year > clock.today().year + FURTHEST_YEARS:
        raise Refused(f"{found:%b %-d, %Y} is too far ahead", f"At most {FURTHEST_YEARS} years, such as 2026-12-07 9:30.")
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _field(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"
