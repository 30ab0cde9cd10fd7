"""Records of the sample clinic in every state, for walking its pages."""

from __future__ import annotations

from rhomboid.knowledge.model import HOLDING
from rhomboid.web.records.models import Concern, Document, Episode, Note, PlanOfCare, Referral, Visit


def refs() -> dict[str, list[str]]:
    """By kind of record, the refs of one in each state: a person who is new, evaluated, held, planned, treated, discharged."""
    episodes = {name: rows.order_by("pk").first() for name, rows in _states().items()}
    assert all(episodes.values()), [name for name, one in episodes.items() if one is None]
    found = [one for one in episodes.values() if one]
    rows = {
        "episode": found,
        "person": [one.person for one in found],
        "visit": [Visit.objects.filter(state=state).first() for state in ("planned", "done")],
        "note": [Note.objects.filter(signed_at__isnull=draft).first() for draft in (True, False)],
        "plan": [PlanOfCare.objects.filter(state=state).first() for state in ("draft", "active")],
        "referral": [Referral.objects.filter(state=state).first() for state in ("draft", "answered")],
        "concern": [Concern.objects.filter(state="open", urgency__in=HOLDING).first()],
        "document": [Document.objects.first()],
    }
    return {kind: [one.ref for one in some if one] for kind, some in rows.items()}


def _states() -> dict[str, object]:
    open_ = Episode.objects.filter(ended_on=None).select_related("person")
    return {
        "new": open_.filter(stage="intake", findings=None),
        "evaluated": open_.filter(plans=None, disposition__gt="").exclude(stage="intake"),
        "held": open_.filter(concerns__state="open", concerns__urgency__in=HOLDING),
        "planned": open_.filter(plans__state="draft"),
        "treated": open_.filter(plans__state="active"),
        "discharged": Episode.objects.exclude(ended_on=None).select_related("person"),
    }
