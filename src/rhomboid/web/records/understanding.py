"""What a person may read about their back: the lessons of their plan, their own factors, and what they have read already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ...knowledge import Knowledge
from ...knowledge.model import Education, Factor
from ...reasoning.assess import Assessment
from ...vocabulary import CaseError
from . import bridge
from .models import Episode, PhoneReport, PlanOfCare

CARD = "card"
MOST_FACTORS = 6
"""More than this nobody takes in at once; the strongest come first (prod)."""


def plan_signed(episode: Episode) -> PlanOfCare | None:
    """The plan in force, else the last one that was signed."""
    signed = PlanOfCare.objects.filter(episode=episode, signed_at__isnull=False).select_related("assessment")
    return signed.filter(state="active").first() or signed.order_by("-version").first()


def lessons(episode: Episode, plan: PlanOfCare | None, knowledge: Knowledge, on: date) -> tuple[Education, ...]:
    """The lessons of the plan in its order; without one in it, those whose own rule holds for what is known of the person."""
    entries = knowledge.of(Education)
    if plan:
        chosen = plan.lines.filter(item__kind="education").order_by("position").values_list("item__intervention", flat=True)
        if found := tuple(entries[id_] for id_ in chosen if id_ in entries):
            return found
    known = assessed(episode, knowledge, on)
    return tuple(one for one in entries.values() if known and known.facts.truth(one.offer_when))


def assessed(episode: Episode, knowledge: Knowledge, on: date) -> Assessment | None:
    """None while what was told contradicts itself: the therapist sorts that out, and the plan that was signed stands."""
    try:
        return bridge.assess_episode(episode, knowledge, on=on)
    except CaseError:
        return None


def factors(plan: PlanOfCare | None, knowledge: Knowledge) -> tuple[Factor, ...]:
    """The person's own factors, the strongest first: those of the assessment that a therapist's signed plan rests on, no others."""
    if plan is None:
        return ()
    found = sorted(plan.assessment.outcome.get("factors", []), key=lambda one: -int(one.get("severity") or 0))
    entries = knowledge.of(Factor)
    return tuple(entries[one["id"]] for one in found if one["id"] in entries)[:MOST_FACTORS]


def read_cards(episode: Episode) -> dict[str, date]:
    """The lessons that were read to the end, each with the day."""
    rows = PhoneReport.objects.filter(episode=episode, kind=CARD).order_by("-id").values_list("body", flat=True)
    return {body["card"]: date.fromisoformat(body["on"]) for body in rows}


def unread(found: Iterable[Education], read: Iterable[str]) -> int:
    return len([one for one in found if one.id not in set(read)])
