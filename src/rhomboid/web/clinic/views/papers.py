"""Printouts of an episode as PDF on the clinic's letterhead."""

from __future__ import annotations

from django.http import HttpResponse

from ...records import audit, bridge_papers
from ...records.access import Request, access
from ...records.actions import links
from ...records.models import Discharge, Episode
from .links import address

NAMES = {
    "evaluation": ("Evaluation", "What was found, what it makes of it, and the proposed plan"),
    "plan": ("Plan of care", "Goals, phases, doses and precautions"),
    "home_program": ("Home program", "For the person: exercises, how much pain is fine, when to call"),
    "progress": ("Progress report", "Then and now, with error and verdict"),
    "discharge": ("Discharge summary", "How it ended, and staying well"),
}


@access("see_clinical", of="episode")
def paper(request: Request, episode: Episode, kind: str) -> HttpResponse:
    """The paper of that kind; what is signed comes from the documents, where it is kept."""
    link = _own_pages(request, episode) if kind == "home_program" else ""
    found = bridge_papers.made(kind, episode, by=request.user, note=request.GET.get("note", ""), link=link)
    content, document = bridge_papers.kept(episode, found, request.user)
    audit.write(
        by=request.user, action="paper.print", person=episode.person, subject=document.ref if document else episode.ref, kind=kind
    )
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{kind.replace('_', '-')}-{document.ref if document else episode.ref}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _own_pages(request: Request, episode: Episode) -> str:
    """The address of the person's own pages, for the code on their program; made now where there is none and this user may."""
    link = links.live(episode) or (links.issue(episode=episode, by=request.user) if request.user.may("schedule") else None)
    if link is None:
        return ""
    return address(request, link)


def offered(episode: Episode) -> list[dict[str, str]]:
    """Which papers can be printed now, and of the others why not."""
    states = set(episode.plans.values_list("state", flat=True))
    missing = {
        "evaluation": "" if episode.disposition else "nothing is recorded yet",
        "plan": "" if states & {"active", "draft", "superseded"} else "there is no plan yet",
        "home_program": "" if "active" in states else "no plan is signed yet",
        "progress": "" if episode.disposition else "nothing is recorded yet",
        "discharge": "" if Discharge.objects.filter(episode=episode).exists() else "the episode is not discharged",
    }
    draft = {"evaluation": "", "plan": "" if "active" in states else "draft"}
    return [
        {"kind": kind, "name": name, "what": what, "missing": missing[kind], "state": draft.get(kind, "")}
        for kind, (name, what) in NAMES.items()
    ]
