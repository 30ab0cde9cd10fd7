"""What is going on in my back, and short lessons, one idea at a time."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from ....knowledge.model import Education
from ...records import bridge, clock, understanding
from ...records.access import Request, access
from ...records.actions import own_pages
from ...records.models import Finding
from ..back import back_of
from ..here import Here, here

REGIONS = "pain_regions"


@access("see_own")
def understand(request: Request) -> HttpResponse:
    at = here(request)
    if not at.agreed and not at.episode.ended_on:
        return redirect("me")
    plan = understanding.plan_signed(at.episode)
    factors = understanding.factors(plan, at.knowledge)
    read = understanding.read_cards(at.episode)
    lessons = [(one, at.language.say("education", one.id, "title"), one.id in read) for one in _lessons(at)]
    page = {
        "tab": "progress",
        "back": back_of(factors, _hurts(at), at.language),
        "lessons": lessons,
        "read": sum(done for _, _, done in lessons),
        "plan": plan,
    }
    return render(request, "portal/understand.html", page)


@access("see_own", "GET", "POST")
def lesson(request: Request, card: str) -> HttpResponse:
    """One lesson. Its end is kept when the person says that they have read it."""
    at = here(request)
    if not at.agreed and not at.episode.ended_on:
        return redirect("me")
    found = at.knowledge.of(Education).get(card)
    if found is None:
        raise Http404
    if request.method == "POST":
        own_pages.read_card(episode=at.episode, card=found.id, knowledge=at.knowledge, by=request.user)
        return redirect("me_understand")

    def say(name: str) -> str | tuple[str, ...]:
        text: str | tuple[str, ...] = at.language.say("education", found.id, name)
        return text

    ideas = [part.strip() for part in str(say("text")).split("\n\n") if part.strip()]
    page = {
        "tab": "progress",
        "title": say("title"),
        "ideas": ideas,
        "last": len(ideas) + 1,
        "key_messages": say("key_messages"),
        "teach_back": say("teach_back"),
        "read_on": understanding.read_cards(at.episode).get(found.id),
    }
    return render(request, "portal/lesson.html", page)


def _lessons(at: Here) -> tuple[Education, ...]:
    return understanding.lessons(at.episode, understanding.plan_signed(at.episode), at.knowledge, clock.today())


def _hurts(at: Here) -> list[str]:
    """Where the person said it hurts, the newest answer."""
    rows = Finding.objects.filter(episode=at.episode, finding=REGIONS).standing()
    found = bridge.latest(rows).get(REGIONS)
    return list(found.value) if found and isinstance(found.value, list) else []
