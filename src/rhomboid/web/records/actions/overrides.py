"""A therapist's decision against a precaution or a contraindication (clinical reference 5.1 rule 3), on record for good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from ....knowledge import Knowledge
from ....knowledge.model import Intervention
from ....reasoning.assess import Assessment
from ....reasoning.safety import Ruling
from ...accounts.models import User
from .. import audit, bridge, bridge_plan, clock
from ..models import Override, PlanOfCare
from . import Refused, plans
from .drafts import draft_of

SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class Clearance:
    """The medical clearance on which a decision against a contraindication rests."""

    by: str
    on: date | None
    what: str = ""

    def text(self, born: date) -> str:
        """Raises Refused when it does not say by whom and when, or the day cannot be."""
        if len(self.by.strip()) < 3 or self.on is None:
            raise Refused("The medical clearance is missing", "Say who cleared it, and the day.")
        if self.on > clock.today():
            raise Refused(f"{self.on:%b %-d, %Y} is in the future", "The day on which it was cleared.")
        if self.on < born:
            raise Refused(f"{self.on:%b %-d, %Y} lies before the person was born", "The day on which it was cleared.")
        return f"{self.by.strip()}, {self.on.isoformat()}" + (f": {self.what.strip()}" if self.what.strip() else "")


@transaction.atomic
def override(
    *,
    plan: PlanOfCare,
    revision: int,
    intervention: str,
    reason: str,
    knowledge: Knowledge,
    by: User,
    clearance: Clearance | None = None,
) -> Override:
    """Decides for an item against what speaks against it, takes it into the plan, and solves it again.

    A precaution needs a reason. A contraindication needs a licensed therapist, a reason and the medical clearance it rests on.
    What nobody may override, and an open concern, still refuse.
    """
    if not by.may("sign"):
        raise Refused("Only a licensed therapist decides against a precaution", "Ask the therapist who is responsible.")
    plan = draft_of(plan, revision)
    one = plans.known(intervention, knowledge)
    found = bridge.assess_episode(plan.episode, knowledge, on=clock.today())
    ruling = found.safety.rule(one)
    if ruling.verdict == "blocked" and not ruling.final and found.safety.rule(one, ruling.against).verdict == "wait":
        ruling = found.safety.rule(one, ruling.against)
    _may_be_overridden(one, ruling, found)
    contraindicated = ruling.verdict == "blocked"
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused("A decision against it needs a reason", "Why it is right for this person, in a sentence.")
    rests_on = (clearance or Clearance("", None)).text(plan.episode.person.date_of_birth) if contraindicated else ""
    against = ruling.against if contraindicated else ruling.rows
    _solve_with(plan, one, against, knowledge, by)
    made = Override.objects.create(
        episode=plan.episode,
        plan=plan,
        intervention=one.id,
        kind="contraindication" if contraindicated else "precaution",
        rows=list(against),
        reason=reason.strip(),
        clearance=rests_on,
        by=by,
        by_label=by.label,
        license_number=by.license_number,
        at=clock.now(),
        created_at=clock.now(),
    )
    audit.write(by=by, action="plan.override", person=plan.episode.person, subject=made.ref, kind=made.kind, rows=made.rows)
    return made


def _may_be_overridden(one: Intervention, ruling: Ruling, found: Assessment) -> None:
    if ruling.verdict == "ok":
        raise Refused(f"Nothing speaks against {one.name}", "Add it, or lock it.")
    if ruling.verdict == "wait":
        asked = ", ".join(found.knowledge.vocabulary.label(name) for name in ruling.ask[:4])
        raise Refused(f"{one.name} waits for answers; there is nothing to decide against yet", f"Find out: {asked}.")
    if ruling.verdict == "blocked" and ruling.final:
        rows = ", ".join(found.safety.name(row) for row in ruling.against)
        raise Refused(f"Nobody may override this for {one.name}: {rows}", "Choose something else.")


def _solve_with(plan: PlanOfCare, one: Intervention, against: tuple[str, ...], knowledge: Knowledge, by: User) -> None:
    limits = bridge_plan.limits_of(plan.limits, knowledge)
    there = plan.lines.filter(item__intervention=one.id).exists()
    decided = replace(
        limits,
        overridden=limits.overridden | {(one.id, row) for row in against},
        add=limits.add if there or one.id in limits.wanted else limits.add | {one.id},
        ban=limits.ban - {one.id},
    )
    plans.resolve(plan, decided, "decision", knowledge=knowledge, by=by)
