"""What a patient sees of their own care: the next visit, the home program, their papers. Nothing clinical beyond that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from django.http import Http404, HttpResponse
from django.shortcuts import render

from ....knowledge import Knowledge
from ....knowledge.model import Dose, Exercise
from ....reasoning.doses import patient_dose
from ....vocabulary import RhomboidError
from ...records import bridge, clock, current, lists
from ...records.access import Request, access
from ...records.models import Document, Episode, Person, PlanLine, PlanOfCare, Visit

THEIRS = ("plan", "home_program", "progress", "discharge")
"""The papers that are made for the person. Notes and letters between clinicians are asked for at the clinic."""


@dataclass(frozen=True, slots=True)
class HomeExercise:
    name: str
    why: str
    how: str
    dose: str
    often: str
    stop: tuple[str, ...]


@access("see_own")
def my_record(request: Request) -> HttpResponse:
    person = Person.objects.filter(user=request.user).first()
    episode = person.episodes.order_by("-number").first() if person else None
    context: dict[str, Any] = {"section": "my_record", "person": person, "episode": episode}
    if episode:
        knowledge = current.knowledge()
        context |= {
            "visit": next_visit(episode),
            "exercises": [] if episode.held else home_program(episode, knowledge),
            "papers": lists.documents_of(episode).filter(kind__in=THEIRS)[:50],
            "worry": when_to_worry(episode, knowledge),
        }
    return render(request, "clinic/my_record.html", context)


@access("see_own", of="document")
def my_document(request: Request, document: Document) -> HttpResponse:
    if document.kind not in THEIRS:
        raise Http404
    headers = {"Content-Disposition": f'inline; filename="{document.kind}.pdf"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(document.content), content_type=document.mime, headers=headers)


def next_visit(episode: Episode) -> Visit | None:
    coming = episode.visits.filter(state="planned", planned_at__gte=clock.now())
    return coming.select_related("therapist").order_by("planned_at").first()


def home_program(episode: Episode, knowledge: Knowledge) -> list[HomeExercise]:
    """The exercises of the active plan for the phase the plan begins with, in the words and doses for the person."""
    plan = PlanOfCare.objects.filter(episode=episode, state="active").first()
    if plan is None:
        return []
    lines = plan.lines.select_related("item").filter(item__kind="exercise")
    known = knowledge.of(Exercise)
    now = next((one["id"] for one in plan.content.get("phases", [])), "")
    return [
        _exercise(line, known.get(line.item.intervention), now)
        for line in lines
        if line.changed_dose or now in line.doses or not now
    ]


def _exercise(line: PlanLine, entry: Exercise | None, phase: str) -> HomeExercise:
    table: dict[str, Any] = line.changed_dose or line.doses.get(phase) or next(iter(line.doses.values()), {})
    dose, often = patient_dose(msgspec.convert(table, Dose)) if table else ("As we showed you", "")
    return HomeExercise(
        name=line.content.get("name", ""),
        why=line.content.get("plain", ""),
        how=entry.how if entry else "",
        dose=dose,
        often=often,
        stop=entry.stop if entry else (),
    )


def when_to_worry(episode: Episode, knowledge: Knowledge) -> list[tuple[str, list[str]]]:
    """The signs that cannot wait, by what to do. What is private stays off a page that others may see."""
    try:
        lines = bridge.assess_episode(episode, knowledge, on=clock.today()).safety_net
    except RhomboidError:
        return []
    groups: dict[str, list[str]] = {}
    for line in lines:
        if not line.private:
            groups.setdefault(line.group, []).append(line.text)
    return list(groups.items())
