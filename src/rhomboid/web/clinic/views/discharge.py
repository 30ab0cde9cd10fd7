"""The discharge: what speaks for it, what is still open, what the person goes home with; later, how it was."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from ....knowledge.care import Discharge as Pathway
from ....reasoning.reevaluation import criteria
from ...records import clock, current, standing
from ...records.access import Request, access
from ...records.actions import Refused, links
from ...records.actions import discharge as actions
from ...records.comparison import compare
from ...records.models import Discharge, Episode
from ..frame import bar_of, rights
from .reevaluation import STATES, shown

PHONE = (("0", "Not at all"), ("3", "3 months"), ("12", "12 months"))
RESULTS = {
    "well": "well",
    "flare": "a flare",
    "recurrence": "worse for more than a week",
    "danger": "a danger sign",
    "unclear": "could not say",
}
CONTACTS = {"message": "message", "call": "phone", "visit": "calendar"}


@access("see_clinical", of="episode")
def discharge(request: Request, episode: Episode) -> HttpResponse:
    return _page(request, episode, request.GET.get("pathway", ""))


@access("sign", "POST", of="episode")
def discharge_close(request: Request, episode: Episode) -> HttpResponse:
    form, knowledge = request.POST, current.knowledge()
    pathway = form.get("pathway", "")
    try:
        actions.discharge(
            episode=episode,
            pathway=pathway,
            summary=form.get("summary", ""),
            confirmed=[int(number) for number in form.getlist("confirmed") if number.isdigit()],
            contacts=_contacts(request),
            phone_months=_months(form.get("phone", "")),
            decided=_decided(request),
            knowledge=knowledge,
            by=request.user,
        )
    except Refused as refused:
        return _page(request, episode, pathway, refused=refused)
    return redirect("discharge", episode.ref)


def _decided(request: Request) -> dict[str, str]:
    """What the therapist says of the goals that no measure tells, by their refs."""
    return {name.removeprefix("goal-"): str(state) for name, state in request.POST.items() if name.startswith("goal-")}


def _months(chosen: str) -> int:
    return links.AFTER_DISCHARGE.get(chosen, links.MONTHS_AFTER)


def _contacts(request: Request) -> list[dict[str, Any]]:
    """The dates as they were left on the page; an emptied date is left out."""
    form = request.POST
    fields = (form.getlist(f"contact-{name}") for name in ("on", "kind", "text", "optional"))
    return [
        {"on": _day(on), "kind": kind, "text": text, "optional": optional == "yes"}
        for on, kind, text, optional in zip_longest(*fields, fillvalue="")
        if on.strip()
    ]


def _day(typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        raise Refused("A contact needs a date", "Such as 2027-01-18; empty it to leave it out.") from None


def _page(request: Request, episode: Episode, pathway: str, *, refused: Refused | None = None) -> HttpResponse:
    today, knowledge = clock.today(), current.knowledge()
    ended = Discharge.objects.filter(episode=episode).first()
    compared = compare(episode, knowledge, on=episode.ended_on or today)
    pathways = knowledge.of(Pathway)
    context = shown(compared) | {
        "episode": episode,
        "section": "people",
        "tab": "visits",
        "bar": bar_of(episode, request.user),
        "today": today,
        "ended": ended,
        "way": pathways.get(ended.pathway if ended else pathway) or pathways["achieved"],
        "pathways": pathways.values(),
        "refused": refused,
        "typed": request.POST if refused else {},
        "confirmed": {int(number) for number in request.POST.getlist("confirmed") if number.isdigit()} if refused else set(),
    }
    if ended is None:
        context |= _proposed(episode, context, compared, today)
        context |= {"goal_states": STATES, "said": {f"{ref}={state}" for ref, state in _decided(request).items()}}
        context |= {"phone": request.POST.get("phone", str(links.MONTHS_AFTER)), "phone_choices": PHONE}
    else:
        answers = {one.due_on.isoformat(): one for one in episode.check_ins.exclude(answered_at=None)}
        context["contacts"] = [
            one
            | {
                "day": date.fromisoformat(one["on"]),
                "icon": CONTACTS.get(one["kind"], "info"),
                "answered": answers.get(one["on"]),
                "result": RESULTS[answers[one["on"]].result] if one["on"] in answers else "",
            }
            for one in ended.contacts
        ]
    return render(
        request,
        "clinic/discharge.html",
        context | rights(request.user, "sign", "record"),
        status=refused.status if refused else 200,
    )


def _proposed(episode: Episode, context: dict[str, Any], compared: Any, today: date) -> dict[str, Any]:
    knowledge = current.knowledge()
    given = actions.leaving(episode, compared.now, knowledge, on=today)
    course = standing.course_of(episode, compared, knowledge, on=today)
    return {
        "criteria": criteria(context["way"], course),
        "unfinished": [(one, _address(one)) for one in actions.unfinished(episode)],
        "leaving": given,
        "contacts": [
            one | {"day": date.fromisoformat(one["on"]), "icon": CONTACTS.get(one["kind"], "info")} for one in given.contacts
        ],
    }


def _address(one: actions.Open) -> str:
    try:
        return reverse(one.kind, args=[one.ref])
    except NoReverseMatch:
        return ""
