"""Taking hold of a draft plan before it is changed: one at a time, as it is now, or not at all."""

from __future__ import annotations

from ...accounts.models import User
from ..models import Episode, PlanOfCare
from . import Overtaken, Refused

HELD = "Treatment is on hold: a raised concern comes first"
HELD_FIX = "Send the letter. When the concern is cleared, lower it with a reason; then a plan can be proposed."


def may_plan(by: User) -> None:
    if not by.may("plan"):
        raise Refused("Plans are made by therapists", "Ask the therapist who is responsible.")


def locked(episode: Episode) -> Episode:
    """The episode as it is now. Whoever writes to its plans holds this lock, so that they come one after the other."""
    return Episode.objects.select_for_update(of=("self",)).select_related("person").get(pk=episode.pk)


def draft_of(plan: PlanOfCare, revision: int) -> PlanOfCare:
    """The draft, locked, as it is now. Raises Overtaken when somebody else has changed, dropped or signed it."""
    episode = locked(plan.episode)
    found = PlanOfCare.objects.select_related("assessment", "made_by").get(pk=plan.pk)
    found.episode = episode
    if found.state == "active":
        raise Overtaken(f"{found.signed_by_label} has signed this plan", "Look at it. To change it, make a new version.")
    if found.state != "draft":
        raise Overtaken(f"This version is {found.state}", "Open the plan again.")
    if found.revision != revision:
        raise Overtaken("Somebody else has changed this plan in the meantime", "Look at what is there now, then do it again.")
    if episode.held:
        raise Refused(HELD, HELD_FIX)
    return found
