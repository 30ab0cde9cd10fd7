"""Notices and small forms of the house on pages of others."""

from __future__ import annotations

from typing import Any

from django import template

from ...records import clock
from ...records.actions import break_glass
from ...records.models import Person

register = template.Library()


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
    barred = user.may("break_glass") and not user.may("see_clinical")
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
