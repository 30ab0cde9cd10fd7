"""The note of a visit: written by itself, edited, carried forward, signed, and added to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from ....reasoning.note import SECTIONS, draft_note
from ...records import clock, current, drafting
from ...records.access import Request, access
from ...records.actions import Refused
from ...records.actions import notes as actions
from ...records.models import Note
from ..entries import whole
from ..frame import bar_of, rights

TITLES = {"subjective": "Subjective", "objective": "Objective", "assessment": "Assessment", "plan": "Plan"}


@access("see_clinical", of="note")
def note(request: Request, note: Note) -> HttpResponse:
    return _page(request, note)


@access("record", "POST", of="note")
def note_save(request: Request, note: Note) -> HttpResponse:
    """Saves the draft, by itself while somebody types or by the button."""
    try:
        saved = _save(request, note)
    except Refused as refused:
        return _refused(request, note, refused)
    if request.htmx:
        return render(request, "clinic/parts/_note_saved.html", _context(request, saved))
    return redirect("note", note.ref)


@access("record", "POST", of="note")
def note_section(request: Request, note: Note, section: str) -> HttpResponse:
    """Takes a section over from the last signed note, or lets it follow the visit again. What was typed is saved first."""
    knowledge = current.knowledge()
    try:
        with transaction.atomic():
            saved = _save(request, note)
            if request.POST.get("do") == "carry":
                actions.carry(note=saved, section=section, revision=saved.revision, by=request.user)
            else:
                actions.follow_again(note=saved, section=section, revision=saved.revision, knowledge=knowledge, by=request.user)
    except Refused as refused:
        return _refused(request, note, refused)
    return redirect("note", note.ref)


@access("sign", "POST", of="note")
def note_sign(request: Request, note: Note) -> HttpResponse:
    """Saves what is on the page and signs exactly that."""
    try:
        with transaction.atomic():
            saved = _save(request, note)
            actions.sign(note=saved, revision=saved.revision, knowledge=current.knowledge(), by=request.user)
    except Refused as refused:
        return _refused(request, note, refused)
    return redirect("note", note.ref)


@access("record", "POST", of="note")
def note_addendum(request: Request, note: Note) -> HttpResponse:
    try:
        actions.addendum(note=note, text=request.POST.get("text", ""), by=request.user)
    except Refused as refused:
        return _page(request, note, refused=refused, addendum=request.POST.get("text", ""))
    return redirect("note", note.ref)


def _save(request: Request, note: Note) -> Note:
    revision = whole(request.POST.get("revision", ""), "Revision")
    sections: dict[str, str] = {name: request.POST[name] for name in SECTIONS if name in request.POST}
    line = request.POST.get("summary")
    summary = None if line is None or line == request.POST.get("summary_was") else line
    return actions.save(
        note=note,
        revision=-1 if revision is None else revision,
        sections=sections,
        summary=summary,
        knowledge=current.knowledge(),
        by=request.user,
    )


def _refused(request: Request, note: Note, refused: Refused) -> HttpResponse:
    """Says what happened and loses no typing: in place while typing, else the page with what was typed beside what stands."""
    if request.htmx:
        context = {"refused": refused, "note": note}
        return render(request, "clinic/parts/_note_problem.html", context, status=refused.status)
    fresh = Note.objects.select_related("visit__episode__person").get(pk=note.pk)
    return _page(request, fresh, refused=refused, typed={name: request.POST.get(name, "") for name in SECTIONS})


def _page(
    request: Request, note: Note, *, refused: Refused | None = None, typed: Mapping[str, str] | None = None, addendum: str = ""
) -> HttpResponse:
    context = _context(request, note) | {"refused": refused, "addendum": addendum or _lost(note, typed)}
    if typed and not note.signed:
        for section in context["sections"]:
            section["standing"] = section["text"] if section["text"] != typed[section["name"]].replace("\r\n", "\n").strip() else ""
            section["text"] = typed[section["name"]]
    return render(request, "clinic/note.html", context, status=refused.status if refused else 200)


def _lost(note: Note, typed: Mapping[str, str] | None) -> str:
    """What somebody typed while somebody else signed: the sections that differ, ready to become an addendum."""
    if not typed or not note.signed:
        return ""
    differ = [name for name in SECTIONS if typed[name].replace("\r\n", "\n").strip() not in ("", getattr(note, name))]
    return "\n".join(f"{TITLES[name]}: {typed[name].strip()}" for name in differ)


def _context(request: Request, note: Note) -> dict[str, Any]:
    visit, knowledge = note.visit, current.knowledge()
    facts = drafting.facts_of(visit, knowledge)
    draft = draft_note(facts)
    texts = actions.text_of(note, draft)
    last = actions.last_signed(note)
    return {
        "note": note,
        "visit": visit,
        "episode": visit.episode,
        "section": "people",
        "tab": "visits",
        "bar": bar_of(visit.episode, request.user),
        "today": clock.today(),
        "sections": [_section(name, texts[name], note, last) for name in SECTIONS],
        "summary": visit.summary or draft.summary,
        "last": last,
        "last_on": drafting.day_of(last.visit) if last else None,
        "last_sections": [(TITLES[name], getattr(last, name)) for name in SECTIONS if getattr(last, name)] if last else [],
        "facts": facts,
        "addenda": note.addenda.all() if note.signed else (),
    } | rights(request.user, "sign", "record")


def _section(name: str, text: str, note: Note, last: Note | None) -> dict[str, Any]:
    carried = note.carried.get(name)
    return {
        "name": name,
        "title": TITLES[name],
        "text": text,
        "carried": date.fromisoformat(carried) if carried else None,
        "written": name in note.written,
        "can_carry": bool(last and getattr(last, name).strip()),
        "rows": max(3, text.count("\n") + 2),
    }
