"""Today: who comes, what needs somebody, and the caseload in the order of need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpResponse
from django.shortcuts import render

from ...records import audit, clock, current, lists
from ...records.access import Request, access
from ...records.models import Episode
from ..frame import rights
from ..needs import needs_of, urgent_of
from ..rows import Day, Row, days_of, rows_of

FILTERS: dict[lists.Filter, str] = {
    "attention": "Needs attention first",
    "concern": "Concern",
    "off_track": "Off track",
    "signature": "Signature due",
    "reevaluation": "Re-evaluation due",
    "after": "After discharge",
}
LAST_PAGE = 400
DESK_MOST = 100


@access("see_people")
def today(request: Request) -> HttpResponse:
    scope = _scope(request)
    if not request.user.may("see_clinical"):
        return _front_desk(request, lists.Scope(request.user, "clinic", scope.today))
    page, part = _caseload(request, scope)
    knowledge = current.knowledge()
    shown = {one.person.ref for one in page.episodes}
    if request.htmx.target == "caseload":
        _on_record(request, part, shown)
        return render(
            request, "clinic/parts/_caseload.html", part | _rows(page.episodes, rows_of(page.episodes, knowledge, scope.today))
        )
    visits, count = lists.ahead(lists.visits_of_day(scope))
    rows = rows_of([*page.episodes, *(one.episode for one in visits)], knowledge, scope.today)
    urgent = urgent_of(scope, knowledge, part["counts"]["concern"])
    _on_record(request, part, shown | urgent.people | {one.episode.person.ref for one in visits})
    context = part | _rows(page.episodes, rows) | _day(request, days_of(visits, rows, scope.today), count)
    return render(request, "clinic/today.html", context | {"clinical": True, "urgent": urgent})


@access("see_clinical")
def today_needs(request: Request) -> HttpResponse:
    """What waits besides the urgent: Today asks for it once it stands on the screen. Reading it is on record, too."""
    scope = _scope(request)
    needs = needs_of(scope, request.user.may("sign"))
    audit.write(by=request.user, action="needs.read", people=sorted(needs.people))
    off_track = cast("list[Episode]", needs.off_track.rows)
    rows = rows_of(off_track, current.knowledge(), scope.today)
    shown = {"section": "today", "scope": scope, "needs": needs, "off_track": [rows[one.pk] for one in off_track]}
    return render(request, f"clinic/{'parts/_needs' if request.htmx else 'needs'}.html", shown)


def _scope(request: Request) -> lists.Scope:
    whose = request.GET.get("whose", "")
    chosen = cast("lists.Whose", whose if whose in ("mine", "clinic") else lists.whose_by_default(request.user))
    return lists.Scope(request.user, chosen, clock.today())


def _front_desk(request: Request, scope: lists.Scope) -> HttpResponse:
    visits, count = lists.ahead(lists.visits_of_day(scope).select_related("therapist"), DESK_MOST, DESK_MOST)
    written, told = list(lists.messages_waiting(scope)[:DESK_MOST]), list(lists.alerts(scope)[:DESK_MOST])
    lines: list[Any] = [*visits, *written, *told]
    audit.write(by=request.user, action="day.read", people=sorted({one.episode.person.ref for one in lines}))
    day = _day(request, days_of(visits, {}, scope.today), count)
    return render(request, "clinic/today.html", {"scope": scope, "written": written, "told": told} | day)


def _caseload(request: Request, scope: lists.Scope) -> tuple[lists.Page, dict[str, Any]]:
    """A page of the caseload."""
    asked = request.GET.get("show", "")
    chosen: lists.Filter = next((name for name in FILTERS if name == asked), "attention")
    page = lists.caseload(scope, chosen, _number(request.GET.get("page", "")))
    counts = lists.filter_counts(scope)
    return page, {
        "scope": scope,
        "page": page,
        "chosen": chosen,
        "filters": [(name, words, counts.get(name)) for name, words in FILTERS.items()],
        "counts": counts,
        "total": counts["all"],
        "most": lists.MOST,
    }


def _on_record(request: Request, part: Mapping[str, Any], people: set[str]) -> None:
    """Reading Today is on record, with whose lines were shown, whether of the caseload, of the day or of the urgent."""
    audit.write(by=request.user, action="caseload.read", page=part["page"].number, show=part["chosen"], people=sorted(people))


def _rows(episodes: list[Episode], rows: Mapping[int, Row]) -> dict[str, Any]:
    return {"rows": [rows[one.pk] for one in episodes]}


def _day(request: Request, days: list[Day], count: int) -> dict[str, Any]:
    upcoming = next((one for one in days if one.next), None)
    return {"section": "today", "days": days, "visits": count, "upcoming": upcoming} | rights(request.user, "register", "refer")


def _number(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isdecimal() and len(text) < 6 else 1
