"""What the bar above every page of an episode shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse

from ..accounts.models import User
from ..accounts.roles import Permission
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
        "episode": f"{episode.title}, episode {episode.number}, since {day(episode.started_on)}",
        "tags": _tags(episode, clinical=user.may("see_clinical")),
        "tabs": list(_tabs(episode)) if user.may("see_clinical") else [],
    }


def _tabs(episode: Episode) -> Iterator[dict[str, str]]:
    for name, label, view in TABS:
        with suppress(NoReverseMatch):
            yield {"name": name, "label": label, "url": reverse(view, args=[episode.ref])}


def rights(user: User, *permissions: Permission) -> dict[str, bool]:
    """What the templates ask for as `may_sign`, `may_refer` and so on."""
    return {f"may_{permission}": user.may(permission) for permission in permissions}


def day(on: date) -> str:
    return f"{on:%b} {on.day}, {on.year}"


def _tags(episode: Episode, *, clinical: bool) -> list[str]:
    """What to keep in mind; for whom sees nothing clinical only how long it has been."""
    tags = [] if episode.ended_on else [f"Week {(clock.today() - episode.started_on).days // 7 + 1}"]
    if episode.follows_id:
        tags.append(f"Recurrence, follows episode {episode.number - 1}")  # it follows the last one before it (open_episode)
    if not clinical:
        return tags
    if episode.irritability:
        tags.append(f"Irritability: {episode.irritability}")
    if episode.held:
        tags.append("Treatment on hold")
    elif episode.disposition == "treat_with_precautions":
        tags.append("Precautions")
    return tags
