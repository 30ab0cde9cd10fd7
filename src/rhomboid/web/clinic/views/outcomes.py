"""After discharge: what the lead of a clinic wants to know of those who have left."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from ...records import audit, clock, lists, outcomes
from ...records.access import Request, access
from ..frame import rights


@access("see_outcomes")
def outcomes_page(request: Request) -> HttpResponse:
    asked = request.GET.get("whose", "")
    mine = asked == "mine" and lists.whose_by_default(request.user) == "mine"
    scope = lists.Scope(request.user, "mine" if mine else "clinic", clock.today())
    found = outcomes.outcomes(scope)
    audit.write(by=request.user, action="outcomes.read", people=sorted({one.episode.person.ref for one in found.to_call}))
    context = {
        "section": "outcomes",
        "scope": scope,
        "found": found,
        "may_choose": lists.whose_by_default(request.user) == "mine",
        "least": outcomes.LEAST,
        "days": outcomes.TIME_TO_ANSWER.days,
    }
    return render(request, "clinic/outcomes.html", context | rights(request.user, "see_clinical"))
