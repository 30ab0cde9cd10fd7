"""Notices that concern whoever reads the page."""

from __future__ import annotations

from typing import Any

from django import template

from ...records.actions import break_glass

register = template.Library()


@register.inclusion_tag("clinic/parts/_break_glass.html", takes_context=True)
def emergencies(context: template.Context) -> dict[str, Any]:
    """Emergency accesses of the last days: all of them for an owner, for a therapist those to their own people."""
    user = context["request"].user
    asked = user.may("manage_people") or user.may("sign")
    return {"emergencies": break_glass.shown_to(user)[:5] if asked else []}
