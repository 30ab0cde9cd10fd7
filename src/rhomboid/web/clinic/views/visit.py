"""The page of a visit: everything is saved as it is ticked, and the note beside it follows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from ....knowledge.care import ResponseCode, StopSymptom
from ....reasoning.note import SECTIONS, draft_note
from ...records import clock, current, drafting
from ...records.access import Request, access
from ...records.actions import Refused, consents, home, notes
from ...records.actions import visits as actions
from ...records.models import Item, Visit
from .. import entries, visit_page
from ..frame import bar_of, rights
from ..refusal import problem

WHEN = ("before", "after")
WORDS = ("dose", "segment", "side", "technique", "grade", "test", "response")
NUMBERS = ("rest", "during", "morning", "effort", "extra_reps", "extra_hold_s", "correct_of_10")
ROW, ASK, HOME = "clinic/parts/_visit_item.html", "clinic/parts/_visit_ask.html", "clinic/parts/_visit_home.html"
PAIN, HEAD = "clinic/parts/_visit_pain.html", "clinic/parts/_visit_head.html"


@access("see_clinical", of="visit")
def visit(request: Request, visit: Visit) -> HttpResponse:
    return _page(request, visit)


@access("deliver", "POST", of="visit")
def visit_start(request: Request, visit: Visit) -> HttpResponse:
    actions.start(visit=visit, by=request.user)
    return redirect("visit", visit.ref)


@access("deliver", "POST", of="visit")
def visit_finish(request: Request, visit: Visit) -> HttpResponse:
    """Ends the visit and goes on to its note."""
    actions.finish(visit=visit, by=request.user)
    return visit_note(request, ref=visit.ref)


@access("record", "POST", of="visit")
def visit_note(request: Request, visit: Visit) -> HttpResponse:
    """Opens the note of a visit, begun when there is none."""
    found = notes.open_note(visit=visit, knowledge=current.knowledge(), by=request.user)
    return redirect("note", found.ref)


@access("deliver", "POST", of="visit")
def visit_pain(request: Request, visit: Visit) -> HttpResponse:
    def do() -> None:
        form = request.POST
        given = {when: entries.whole(form[f"pain-{when}"], f"Pain {when}") for when in WHEN if f"pain-{when}" in form}
        actions.record_pain(visit=visit, knowledge=current.knowledge(), by=request.user, **given)

    return _answer(request, visit, do, PAIN, lambda _: {"when": "before" if "pain-before" in request.POST else "after"})


@access("deliver", "POST", of="visit")
def visit_item(request: Request, visit: Visit, item: str) -> HttpResponse:
    """One row of today's list: ticked, filled in, or taken back."""
    found, form = _item(visit, item), request.POST

    def do() -> None:
        if not form.get("done"):
            return actions.undo(visit=visit, item=found, by=request.user)
        given: dict[str, Any] = {name: form.get(name, "") for name in WORDS}
        given |= {when: _value(form.get(f"value-{when}", ""), when) for when in WHEN}
        minutes = float(entries.number(form.get("minutes", ""), "Minutes"))
        actions.deliver(visit=visit, item=found, minutes=minutes, knowledge=current.knowledge(), by=request.user, **given)
        return None

    return _answer(request, visit, do, ROW, lambda fresh: {"line": visit_page.line_of(fresh, found, current.knowledge())})


@access("deliver", "POST", of="visit")
def visit_rescreen(request: Request, visit: Visit, question: str) -> HttpResponse:
    """One safety question, and what is new about it."""
    knowledge = current.knowledge()
    ask = visit_page.ask_of(visit, question, knowledge)
    if ask is None:
        raise Http404

    def do() -> None:
        answer = request.POST.get("answer", "")
        values, _ = entries.read(request.POST, tuple(one.name for one in ask.inputs), knowledge)
        actions.rescreen(visit=visit, question=question, answer=answer, values=values, knowledge=knowledge, by=request.user)

    return _answer(request, visit, do, ASK, lambda fresh: {"ask": visit_page.ask_of(fresh, question, knowledge)})


@access("deliver", "POST", of="visit")
def visit_home(request: Request, visit: Visit, item: str) -> HttpResponse:
    """One exercise at home since the last visit: the days, and what was told."""
    found, form, knowledge = _item(visit, item), request.POST, current.knowledge()

    def do() -> None:
        since = _day(form.get("since", ""))
        days = [_day(typed) for typed in form.getlist("day")]
        told: dict[str, Any] = {
            name: entries.whole(form[name], name.replace("_", " ").capitalize()) for name in NUMBERS if name in form
        }
        told["response"] = entries.whole(form.get("response", ""), "Response")
        told |= {name: name in form for name in ("ill", "bad_night", "stiff_morning")} | {
            "form_ok": False if "form_broke" in form else None
        }
        symptoms = form.getlist("symptom")
        home.set_days(
            episode=visit.episode,
            item=found,
            since=since,
            days=days,
            knowledge=knowledge,
            by=request.user,
            symptoms=symptoms,
            **told,
        )

    return _answer(request, visit, do, HOME, lambda fresh: {"one": visit_page.home_of(fresh, found, knowledge)})


@access("deliver", "POST", of="visit")
def visit_decide(request: Request, visit: Visit, item: str) -> HttpResponse:
    """Hold, advance, step back or stop: what is decided about an exercise at home."""
    found, knowledge = _item(visit, item), current.knowledge()

    def do() -> None:
        proposals = home.proposals(episode=visit.episode, knowledge=knowledge, on=drafting.day_of(visit))
        proposal = next((one for one in proposals if one.exercise == found.intervention), None)
        move, reason = request.POST.get("move", ""), request.POST.get("reason", "")
        home.decide(visit=visit, item=found, move=move, reason=reason, proposal=proposal, by=request.user)

    return _answer(request, visit, do, HOME, lambda fresh: {"one": visit_page.home_of(fresh, found, knowledge)})


@access("sign", "POST", of="visit")
def visit_clear(request: Request, visit: Visit, item: str) -> HttpResponse:
    """The symptoms reported at home were looked into and cleared."""
    try:
        home.clear(visit=visit, item=_item(visit, item), reason=request.POST.get("reason", ""), by=request.user)
    except Refused as refused:
        return problem(request, refused) if request.htmx else _page(request, visit, refused=refused)
    return redirect("visit", visit.ref)


@access("plan", "POST", of="visit")
def visit_to_plan(request: Request, visit: Visit) -> HttpResponse:
    """Writes what was decided into a draft of the plan, which waits there for a signature."""
    home.to_plan(visit=visit, knowledge=current.knowledge(), by=request.user)
    return redirect("plan", visit.episode.ref)


# --- answers ---------------------------------------------------------------------------------------------------------


def _answer(request: Request, visit: Visit, do: Any, part: str, shown: Any) -> HttpResponse:
    """Does it and shows the row as it is now, with the note that follows it; refused, the row stays as it was typed and says so."""
    refused = None
    try:
        do()
    except Refused as error:
        refused = error
    if not request.htmx:
        return _page(request, visit, refused=refused) if refused else redirect("visit", visit.ref)
    if refused:
        return problem(request, refused)
    fresh = Visit.objects.select_related("episode__person").get(pk=visit.pk)
    context = _frame(request, fresh) | _note(fresh) | {"visit": fresh, "swapped": True, "part": part} | shown(fresh)
    return render(request, "clinic/parts/_visit_answer.html", context)


def _page(request: Request, visit: Visit, *, refused: Refused | None = None) -> HttpResponse:
    page = visit_page.page_of(visit, current.knowledge())
    context = _frame(request, visit) | _note(visit) | {"page": page, "visit": visit, "refused_page": refused}
    context["declined"] = consents.declined(visit.episode)
    return render(request, "clinic/visit.html", context, status=refused.status if refused else 200)


def _frame(request: Request, visit: Visit) -> dict[str, Any]:
    knowledge = current.knowledge()
    return {
        "episode": visit.episode,
        "section": "people",
        "tab": "visits",
        "bar": bar_of(visit.episode, request.user),
        "today": clock.today(),
        "moves": visit_page.MOVES,
        "questions": len(actions.due_questions(knowledge)),
        "responses": [(one.code, one.name) for one in knowledge.of(ResponseCode).values()],
        "symptoms": [(one.id, one.name) for one in knowledge.of(StopSymptom).values()],
        "scale": range(11),
        "locked": visit.state in ("cancelled", "no_show") or _signed(visit) or not request.user.may("deliver"),
    } | rights(request.user, "deliver", "sign", "record", "plan")


def _signed(visit: Visit) -> bool:
    note = getattr(visit, "note", None)
    return note is not None and note.signed


def _note(visit: Visit) -> dict[str, Any]:
    """The note as it reads by now."""
    note = getattr(visit, "note", None)
    facts = drafting.facts_of(visit, current.knowledge())
    draft = draft_note(facts)
    sections = notes.text_of(note, draft) if note else {name: getattr(draft, name) for name in SECTIONS}
    return {"note": note, "phase": facts.phase, "sections": [(name.capitalize(), text) for name, text in sections.items()]}


def _item(visit: Visit, ref: str) -> Item:
    found = Item.objects.filter(episode=visit.episode_id, ref=ref).first()
    if found is None:
        raise Http404
    return found


def _value(typed: str, when: str) -> float | None:
    return float(entries.number(typed, f"Value {when}")) if typed.strip() else None


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Refused("This is not a day", "Reload the page and tick the days again.") from None
