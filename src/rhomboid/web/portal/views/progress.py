"""Progress: pain, function, the days at home, goals, the next visit, and the papers that are meant for the person."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from ....reasoning.assess import Assessment
from ....vocabulary import RhomboidError
from ...records import bridge, clock, course, lists, progress
from ...records.access import Request, access
from ...records.comparison import GoalRow, compare
from ...records.home_program import program_of
from ...records.models import Document, Finding
from ..here import Here, here
from ..progress import Shown, function_shown, goal_shown, measure_shown, pain_shown, week_bars, week_days, week_words

ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@access("see_own")
def page(request: Request) -> HttpResponse:
    at = here(request)
    if not at.agreed and not at.episode.ended_on:
        return redirect("me")
    today = clock.today()
    findings = bridge.standing_findings(at.episode, today)
    program = program_of(at.episode, at.knowledge, on=today)
    goals = _goals(at, findings, program.assessment)
    weeks = progress.weeks(at.episode, program, today)
    context = {
        "tab": "progress",
        "curves": _curves(at, findings, goals),
        "goals": [goal_shown(row, at.language, at.knowledge) for row in goals],
        "week": weeks[-1] if weeks and not at.episode.ended_on else None,
        "week_words": week_words(weeks[-1]) if weeks else "",
        "days": week_days(weeks[-1]) if weeks else (),
        "weeks": week_bars(weeks),
        "visit": lists.next_visit(at.episode),
        "documents": lists.papers_for(at.episode),
        "today": today,
    }
    return render(request, "portal/progress.html", context)


def _curves(at: Here, findings: Sequence[Finding], goals: Sequence[GoalRow]) -> list[Shown]:
    today = clock.today()
    pain = progress.pain(at.episode, findings, at.knowledge, today)
    by_finding = {row.goal.finding: row for row in goals if row.goal.finding}
    found = progress.function(findings, at.knowledge, by_finding)
    shown = [pain_shown(pain, today)] if pain else []
    if found and found.finding in course.FUNCTION:
        shown.append(function_shown(found, today))
    elif found:
        row = by_finding[found.finding]
        shown.append(measure_shown(found, goal_shown(row, at.language, at.knowledge), row.goal.better, today))
    return shown


def _goals(at: Here, findings: list[Finding], now: Assessment | None) -> Sequence[GoalRow]:
    """The goals of the plan; none before one is signed, or while what is known contradicts itself."""
    try:
        return compare(at.episode, at.knowledge, on=clock.today(), now=now, findings=findings).goals if findings else ()
    except RhomboidError:
        return ()


@access("see_own", of="document")
def document(request: Request, document: Document) -> HttpResponse:
    """A paper that is meant for the person, as a download; its name says nothing about anybody."""
    here(request)  # none once the phone is closed after discharge
    if not lists.papers_for(document.episode).filter(pk=document.pk).exists():
        raise Http404
    response = HttpResponse(bytes(document.content), content_type=document.mime)
    name = f"{document.kind}-{document.ref}.{ENDINGS[document.mime]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
