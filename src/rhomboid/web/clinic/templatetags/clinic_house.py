"""Notices and small forms of the house on pages of others."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from ...records import clock
from ...records.actions import alerts, break_glass, consents, home_changes, links
from ...records.lists import FASTEST
from ...records.models import CONSENTS, Episode, Person
from ..views.links import address

register = template.Library()
SEEN_SHOWN = 5


@register.inclusion_tag("clinic/parts/_break_glass.html", takes_context=True)
def emergencies(context: template.Context) -> dict[str, Any]:
    """Emergency accesses of the last days: all of them for an owner, for a therapist those to their own people."""
    user = context["request"].user
    asked = user.may("manage_people") or user.may("sign")
    return {"emergencies": break_glass.shown_to(user)[:5] if asked else []}


@register.inclusion_tag("clinic/parts/_person_house.html", takes_context=True)
def person_house(context: template.Context, person: Person) -> dict[str, Any]:
    """The person's own login, and emergency access for who has no other."""
    user = context["request"].user
    barred = user.may("break_glass") and break_glass.bars(person, user)
    open_now = person.broken_glass.filter(user=user, until__gt=clock.now()).order_by("-until").first() if barred else None
    return {
        "person": person,
        "may_invite": user.may("register"),
        "barred": barred,
        "open_now": open_now,
        "episode": person.episodes.order_by("-number").first() if open_now else None,
        "hours": break_glass.HOURS,
        "csrf_token": context["csrf_token"],
    }


@register.inclusion_tag("clinic/parts/_alerts.html", takes_context=True)
def phone_alerts(context: template.Context, episode: Episode) -> dict[str, Any]:
    """What the person told their phone and nobody has seen, all of it and the most urgent first; the last ones that were seen;
    and what pauses the exercises at home."""
    user = context["request"].user
    unseen = list(episode.alerts.filter(seen_at=None).order_by(FASTEST, "at", "pk"))
    for one in unseen:
        one.episode = episode
    return {
        "episode": episode,
        "unseen": unseen,
        "seen": episode.alerts.exclude(seen_at=None).order_by("-at", "-pk")[:SEEN_SHOWN],
        "paused": home_changes.paused(episode),
        "may_sign": user.may("sign"),
        "fewest": alerts.FEWEST_LETTERS,
        "csrf_token": context["csrf_token"],
    }


@register.inclusion_tag("clinic/parts/_phone_link.html", takes_context=True)
def phone_link(context: template.Context, episode: Episode) -> dict[str, Any]:
    """The link to the person's phone, where it stands, and what can be done with it."""
    request = context["request"]
    if not request.user.may("schedule"):
        return {"may_give": False}
    link = links.live(episode)
    return {
        "may_give": True,
        "back": "?to=episode" if request.resolver_match.url_name == "episode" else "",
        "episode": episode,
        "person": episode.person,
        "link": link,
        "address": address(request, link) if link else "",
        "over": link is not None and not link.opens(clock.today()),
        "waits": link is not None and link.locked_until is not None and link.locked_until > clock.now(),
        "sends_mail": settings.SENDS_MAIL,
        "may_mail": settings.SENDS_MAIL and bool(episode.person.email),
        "csrf_token": context["csrf_token"],
    }


@register.inclusion_tag("clinic/parts/_consents.html", takes_context=True)
def consents_said(context: template.Context, episode: Episode) -> dict[str, Any]:
    """What the person answered about each consent, and the form for another answer. A yes is recorded by whoever treats."""
    user, standing = context["request"].user, consents.standing(episode)
    return {
        "episode": episode,
        "person": episode.person,
        "rows": [(kind, words, standing.get(kind)) for kind, words in CONSENTS.items()],
        "may_record": user.may("register"),
        "may_agree": user.may("deliver"),
        "csrf_token": context["csrf_token"],
    }
