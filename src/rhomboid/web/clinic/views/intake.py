"""The intake, typed in at the front desk: the patient's questions in plain words, saved section by section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django_htmx.http import trigger_client_event

from ....knowledge.languages import load_language
from ...records import bridge, clock, current
from ...records.access import Request, access
from ...records.actions import Overtaken, Refused, findings
from ...records.models import Concern, Episode
from ..evaluation_sent import Sent, sent_by
from ..frame import bar_of
from ..intake_form import Intake, blank_of, intake_of, questions_of

METHOD = "typed in at the front desk"


@access("enter_intake", "GET", "POST", of="episode")
def intake(request: Request, episode: Episode) -> HttpResponse:
    """One section: shown, or saved and shown again. Each answer may come alone (htmx) or with its whole section."""
    episode = Episode.objects.select_related("person").get(pk=episode.pk)
    key = request.POST.get("section") or request.GET.get("section", "")
    if request.method == "GET":
        if request.GET.get("blank"):
            return _blank(request, episode)
        return render(request, "clinic/intake.html", _context(request, episode, _intake(request, episode, key)))
    try:
        _save(request, episode)
    except Refused as refused:
        return _refused(request, episode, key, refused)
    found = _intake(request, episode, key)
    if request.htmx:
        response = render(request, "clinic/parts/intake_section.html", _context(request, episode, found))
        return trigger_client_event(response, "announce", {"value": _said(found)})
    return _gone_on(request, episode, found)


def _gone_on(request: Request, episode: Episode, found: Intake) -> HttpResponse:
    """To the next section; from the last one to the person, unless an alarm is to stay in sight."""
    going = "go" in request.POST
    if going and not found.next and not found.alarm:
        answered, asked = sum(step.done for step in found.steps), sum(step.total for step in found.steps)
        messages.success(request, f"The intake is saved: {answered} of {asked} questions answered. The therapist asks the rest.")
        return redirect("person", episode.person.ref)
    return redirect(f"{reverse('intake', args=[episode.ref])}?section={(going and found.next) or found.key}")


def _blank(request: Request, episode: Episode) -> HttpResponse:
    """The form for paper, in the person's language or the one asked for; what is written on it is typed in as usual."""
    languages = dict(settings.LANGUAGES)
    asked = request.GET.get("lang", "")
    code = next((one for one in (asked, episode.person.language) if one in languages), "en")
    knowledge = current.knowledge()
    with translation.override(code):
        context = {
            "episode": episode,
            "bar": bar_of(episode, request.user),
            "tab": "intake",
            "sections": blank_of(knowledge, load_language(code, knowledge)),
            "intake_url": reverse("intake", args=[episode.ref]),
            "lang": code,
            "others": [(one, name) for one, name in languages.items() if one != code],
        }
        return render(request, "clinic/intake_blank.html", context)


def _said(found: Intake) -> str:
    return f"Saved. {found.alarm.patient}" if found.alarm else "Saved."


def _save(request: Request, episode: Episode) -> None:
    """Records what has changed. Whoever types in may correct what they typed, nobody else's answers."""
    if episode.ended_on is not None:
        raise Refused("This episode is closed", "Ask the therapist whether a new one is to be opened.")
    knowledge = current.knowledge()
    sent = sent_by(request.POST, knowledge)
    asked = {name for groups in questions_of(knowledge).values() for group in groups for row in group.rows for name in row.names}
    if unasked := sent.values.keys() - asked:
        raise Refused("This is not a question of the intake", f"Left out: {len(unasked)}.")
    if not sent.values:
        return
    findings.record(
        episode=episode,
        values=sent.values,
        knowledge=knowledge,
        by=request.user,
        source="front_desk",
        method=METHOD,
        seen=_seen(request, episode, sent),
    )


def _seen(request: Request, episode: Episode, sent: Sent) -> dict[str, str]:
    """What stands by somebody else is never overtaken from the desk; one's own typing of today is."""
    own = _own(request, episode)
    return {name: sent.seen.get(name, "") for name in sent.values if name not in own}


def _own(request: Request, episode: Episode) -> frozenset[str]:
    """The findings whose answer of today this person has typed in."""
    rows = bridge.latest(bridge.standing_findings(episode))
    return frozenset(
        name
        for name, row in rows.items()
        if row.source == "front_desk" and row.recorded_by_id == request.user.pk and row.observed_on == clock.today()
    )


def _intake(
    request: Request,
    episode: Episode,
    key: str,
    typed: Mapping[str, Sequence[str]] | None = None,
    errors: Mapping[str, tuple[str, str]] | None = None,
) -> Intake:
    knowledge = current.knowledge()
    rows = bridge.standing_findings(episode)
    known = bridge.latest(rows)
    facts = bridge.assess_episode(episode, knowledge, on=clock.today(), findings=rows).facts
    concerns = Concern.objects.filter(episode=episode, state="open")
    return intake_of(knowledge, facts, known, concerns, _own(request, episode), key, typed, errors)


def _refused(request: Request, episode: Episode, key: str, refused: Refused) -> HttpResponse:
    """The section again, with what was typed, and what is wrong with it."""
    typed = _typed(request.POST)
    errors = {} if isinstance(refused, Overtaken) else dict.fromkeys(list(typed)[:1], (refused.message, refused.fix))
    found = _intake(request, episode, key, typed, errors)
    context = _context(request, episode, found) | {"refused": refused}
    template = "clinic/parts/intake_section.html" if request.htmx else "clinic/intake.html"
    response = render(request, template, context, status=refused.status)
    return trigger_client_event(response, "announce", {"value": f"Not saved. {refused.message}. {refused.fix}"})


def _typed(post: QueryDict) -> dict[str, list[str]]:
    changed = (name.removeprefix("v.") for name in post if name.startswith("v."))
    return {name: post.getlist(f"v.{name}") for name in changed if post.getlist(f"v.{name}") != post.get(f"was.{name}", "").split()}


def _context(request: Request, episode: Episode, found: Intake) -> dict[str, Any]:
    return {
        "episode": episode,
        "bar": bar_of(episode, request.user),
        "tab": "intake",
        "section": "people",
        "intake": found,
        "intake_url": reverse("intake", args=[episode.ref]),
        "closed": episode.ended_on is not None,
    }
