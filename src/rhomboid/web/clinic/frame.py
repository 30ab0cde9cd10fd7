"""What the bar above every page of an episode shows."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from ..accounts.models import User
from ..records import clock
from ..records.models import Episode

TABS = (
    ("story", "Story", "episode"),
    ("evaluation", "Evaluation", "evaluation"),
    ("plan", "Plan", "plan"),
    ("visits", "Visits", "visits"),
    ("documents", "Documents", "documents"),
)


def bar_of(episode: Episode, user: User) -> dict[str, Any]:
    """Who it is, which episode, what to keep in mind, and the pages this user may open. `user` decides the tabs."""
    return {
        "who": f"{episode.person.age_on(clock.today())}, {episode.person.sex_at_birth or 'sex not recorded'}",
        "episode": f"{episode.title}, episode {episode.number}, since {episode.started_on:%-d %b %Y}",
        "tags": _tags(episode),
        "tabs": [{"name": name, "label": label, "url": reverse(view, args=[episode.ref])} for name, label, view in TABS]
        if user.may("see_clinical")
        else [],
    }


def _tags(episode: Episode) -> list[str]:
    tags = []
    if episode.irritability:
        tags.append(f"Irritability: {episode.irritability}")
    if episode.held:
        tags.append("Treatment on hold")
    elif episode.disposition == "treat_with_precautions":
        tags.append("Precautions")
    return tags
