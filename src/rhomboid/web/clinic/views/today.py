"""Today: who comes, what needs somebody, and the caseload in the order of need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from ...records import audit, clock, current, lists
from ...records.access import Request, access
from ...records.models import Episode, Visit
from ..frame import rights
from ..needs import needs_of
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
    whose = request.GET.get("whose", "")
    chosen = cast("lists.Whose", whose if whose in ("mine", "clinic") else lists.whose_by_default(request.user))
    scope = lists.Scope(request.user, chosen, clock.today())
    if not request.user.may("see_clinical"):
        return _front_desk(request, lists.Scope(request.user, "clinic", scope.today))
    page, part = _caseload(request, scope)
    knowledge = current.knowledge()
    if request.htmx.target == "caseload":
        return render(
            request, "clinic/parts/_caseload.html", part | _rows(page.episodes, rows_of(page.episodes, knowledge, scope.today))
        )
    day = lists.visits_of_day(scope)
    visits, needs = lists.ahead(day), needs_of(scope, knowledge, request.user.may("sign"), part["counts"])
    off_track = cast("list[Episode]", needs.off_track.rows)
    rows = rows_of([*page.episodes, *(one.episode for one in visits), *off_track], knowledge, scope.today)
    shown = part | _rows(page.episodes, rows) | _day(request, days_of(visits, rows, scope.today), day)
    return render(request, "clinic/today.html", shown | {"needs": needs, "off_track": [rows[one.pk] for one in off_track]})


def _front_desk(request: Request, scope: lists.Scope) -> HttpResponse:
    day = lists.visits_of_day(scope).select_related("therapist")
    return render(
        request,
        "clinic/today.html",
        {"scope": scope, "written": lists.messages_waiting(scope)[:DESK_MOST], "told": lists.alerts(scope)[:DESK_MOST]}
        | _day(request, days_of(lists.ahead(day, DESK_MOST), {}, scope.today), day),
    )


def _caseload(request: Request, scope: lists.Scope) -> tuple[lists.Page, dict[str, Any]]:
    """A page of the caseload. Reading it is on record, with whose lines were shown."""
    asked = request.GET.get("show", "")
    chosen: lists.Filter = next((name for name in FILTERS if name == asked), "attention")
    page = lists.caseload(scope, chosen, _number(request.GET.get("page", "")))
    shown = sorted({one.person.ref for one in page.episodes})
    audit.write(by=request.user, action="caseload.read", page=page.number, show=chosen, people=shown)
    counts = lists.counts(scope)
    return page, {
        "scope": scope,
        "page": page,
        "chosen": chosen,
        "filters": [(name, words, counts.get(name)) for name, words in FILTERS.items()],
        "counts": counts,
        "total": counts["all"],
        "most": lists.MOST,
    }


def _rows(episodes: list[Episode], rows: Mapping[int, Row]) -> dict[str, Any]:
    return {"rows": [rows[one.pk] for one in episodes]}


def _day(request: Request, days: list[Day], all_: QuerySet[Visit]) -> dict[str, Any]:
    upcoming = next((one for one in days if one.next), None)
    count = len(days) if len(days) < lists.DAY_MOST else lists.count(all_)
    return {"section": "today", "days": days, "visits": count, "upcoming": upcoming} | rights(request.user, "register", "refer")


def _number(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isdecimal() and len(text) < 6 else 1
