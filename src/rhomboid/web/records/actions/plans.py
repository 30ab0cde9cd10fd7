"""The plan of care: proposing, tuning, signing. A draft is solved again at each change; only a signature makes it active."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from ....knowledge import Knowledge
from ....knowledge.model import Intervention
from ....reasoning.assess import Assessment
from ....reasoning.planning import Limits
from ....reasoning.planning import PlanOfCare as Proposal
from ....vocabulary import RhomboidError
from ...accounts.models import User
from .. import audit, bridge, bridge_plan, clock, course
from .. import models as rows
from ..models import Episode, PlanOfCare
from . import Overtaken, Refused, consents, goals, home_changes
from .drafts import HELD, HELD_FIX, draft_of, locked, may_plan
from .episodes import move_on
from .plan_changes import Change

STEPS_BACK = 20


@transaction.atomic
def propose(*, episode: Episode, knowledge: Knowledge, by: User) -> PlanOfCare:
    """Assesses the episode, keeps the assessment, and makes or renews its one draft.

    A first draft of a new version starts from the plan in force: its limits, its wishes, its open goals. Wishes that no longer
    fit are dropped and named in `content["dropped"]`. Raises Refused while a concern holds treatment.
    """
    may_plan(by)
    episode = locked(episode)
    if episode.ended_on:
        raise Refused("This episode has ended", "Open a new one to plan care.")
    found = bridge.renew(episode, knowledge, on=clock.today()).assessment
    if found.held:
        raise Refused(HELD, HELD_FIX)
    draft = PlanOfCare.objects.filter(episode=episode, state="draft").first()
    active = PlanOfCare.objects.filter(episode=episode, state="active").first()
    base = draft or active
    wished = bridge_plan.limits_of(base.limits if base else bridge_plan.told_limits(found), knowledge)
    proposal, dropped = bridge_plan.solved_anew(found, wished)
    plan = draft or _new_draft(episode, by)
    plan.content = {**plan.content, "dropped": list(dropped)}
    if draft:
        plan.revision += 1
    _write(plan, proposal, _keep(episode, found, base))
    goals.renew(plan=plan, proposal=proposal, before=active)
    audit.write(by=by, action="plan.propose", person=episode.person, subject=plan.ref, version=plan.version, revision=plan.revision)
    return plan


def _new_draft(episode: Episode, by: User) -> PlanOfCare:
    last = PlanOfCare.objects.filter(episode=episode).aggregate(last=Max("version"))["last"] or 0
    return PlanOfCare(episode=episode, version=last + 1, made_by=by, created_at=clock.now())


def _solved(found: Assessment, limits: Limits) -> Proposal:
    try:
        return bridge_plan.solved(found, limits)
    except RhomboidError as error:
        raise Refused(*bridge_plan.problem_of(error, found.knowledge)) from None


def _keep(episode: Episode, found: Assessment, plan: PlanOfCare | None) -> rows.Assessment:
    """The assessment that a plan rests on: the one it had when nothing has changed since, else a new one, kept for good."""
    if plan and plan.state == "draft" and plan.assessment.on == found.on and bridge_plan.rests_on(plan, found):
        return plan.assessment
    return bridge.keep(episode, found, occasion="plan")


def _write(plan: PlanOfCare, proposal: Proposal, kept: rows.Assessment) -> None:
    bridge_plan.fill(plan, proposal, kept)
    plan.save()
    plan.lines.all().delete()
    rows.PlanLine.objects.bulk_create(bridge_plan.lines_of(plan, proposal))


# --- tuning ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def change(*, plan: PlanOfCare, revision: int, change: Change, knowledge: Knowledge, by: User) -> PlanOfCare:
    """Changes a draft and solves it again in place. Refused, with the limit to relax, when it cannot be solved; then the old
    plan stays as it was."""
    may_plan(by)
    plan = draft_of(plan, revision)
    limits = bridge_plan.limits_of(plan.limits, knowledge)
    return resolve(plan, change.apply(limits), change.did, knowledge=knowledge, by=by)


@transaction.atomic
def undo(*, plan: PlanOfCare, revision: int, knowledge: Knowledge, by: User) -> PlanOfCare:
    """Takes the last change back."""
    may_plan(by)
    plan = draft_of(plan, revision)
    history = plan.content.get("history", [])
    if not history:
        raise Refused("There is no change to take back")
    limits = bridge_plan.limits_of(history[-1]["limits"], knowledge)
    return resolve(plan, limits, "", knowledge=knowledge, by=by)


def resolve(plan: PlanOfCare, limits: Limits, did: str, *, knowledge: Knowledge, by: User) -> PlanOfCare:
    """Solves a locked draft under new limits and writes it. `did` names the change for the way back; '' goes one step back.
    Part of other actions."""
    found = bridge.assess_episode(plan.episode, knowledge, on=clock.today())
    if found.held:
        raise Refused(HELD, HELD_FIX)
    proposal = _solved(found, limits)
    history = plan.content.get("history", [])
    steps = [*history, {"did": did, "limits": plan.limits}][-STEPS_BACK:] if did else history[:-1]
    plan.content = {**plan.content, "history": steps, "dropped": []}
    plan.revision += 1
    kept = _keep(plan.episode, found, plan)
    renewed = kept.pk != plan.assessment_id
    _write(plan, proposal, kept)
    if renewed:
        goals.renew(plan=plan, proposal=proposal, before=None)
    audit.write(
        by=by, action="plan.change", person=plan.episode.person, subject=plan.ref, revision=plan.revision, did=did or "undo"
    )
    return plan


@transaction.atomic
def drop(*, plan: PlanOfCare, revision: int, by: User) -> PlanOfCare:
    """Drops a draft; it stays on record as dropped."""
    may_plan(by)
    plan = draft_of(plan, revision)
    plan.state = "dropped"
    plan.save(update_fields=["state"])
    audit.write(by=by, action="plan.drop", person=plan.episode.person, subject=plan.ref)
    return plan


def known(intervention: str, knowledge: Knowledge) -> Intervention:
    found = knowledge.interventions.get(intervention)
    if found is None:
        raise Refused(f'There is no intervention "{intervention}"')
    return found


# --- signing -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def sign(*, plan: PlanOfCare, revision: int, agreed: bool, knowledge: Knowledge, by: User, given: Iterable[str] = ()) -> PlanOfCare:
    """Makes a draft the plan in force, in the place of the one before.

    Only a licensed therapist signs, what they have seen (`revision`), with the person's agreement and the consents that the
    plan needs; `given` are consents the person gives now. Refused while treatment is held, and when findings have changed
    since the plan was solved. Visits are not booked here.
    """
    if not by.may("sign"):
        raise Refused("Only a licensed therapist signs a plan", "Ask the therapist who is responsible.")
    plan = draft_of(plan, revision)
    lines = list(plan.lines.select_related("item"))
    found = bridge.assess_episode(plan.episode, knowledge, on=clock.today())
    _nothing_new(plan, found)
    if not agreed:
        raise Refused(
            f"{plan.episode.person.given_name}'s agreement is missing", "Go through goals and plan together, then tick it."
        )
    for kind in given:
        consents.record(episode=plan.episode, kind=kind, given=True, by=by)
    _consented(plan, lines)
    _decided(plan, lines)
    _activate(plan, by)
    course.refresh(plan.episode, knowledge, clock.today())
    audit.write(
        by=by, action="plan.sign", person=plan.episode.person, subject=plan.ref, version=plan.version,
        status=plan.content.get("status", ""), overrides=sum(bool(line.content.get("overridden")) for line in lines),
    )  # fmt: skip
    return plan


def _nothing_new(plan: PlanOfCare, found: Assessment) -> None:
    if found.held:
        raise Refused(HELD, HELD_FIX)
    if not bridge_plan.rests_on(plan, found):
        raise Overtaken(
            "Findings or rules have changed since this plan was solved", "Solve it again, look at what changed, then sign."
        )


def _consented(plan: PlanOfCare, lines: list[rows.PlanLine]) -> None:
    standing = consents.standing(plan.episode)
    missing = [kind for kind in consents.needed(lines) if kind not in standing or not standing[kind].given]
    if missing:
        words = " and ".join(rows.CONSENTS[kind].lower() for kind in missing)
        raise Refused(f"Consent is missing: {words}", "Explain, ask, and tick it; or take those items out.")


def _decided(plan: PlanOfCare, lines: list[rows.PlanLine]) -> None:
    """Whatever goes against a row of the matrix has its decision on record."""
    for line in lines:
        against = {one["row"] for one in line.content.get("overridden", [])}
        decided = rows.Override.objects.filter(episode=plan.episode, intervention=line.item.intervention) if against else ()
        if against - {row for one in decided for row in one.rows}:
            raise Refused(
                f"{line.content['name']}: the decision against a contraindication is not on record", "Take it out, or decide again."
            )


def _activate(plan: PlanOfCare, by: User) -> None:
    before = PlanOfCare.objects.filter(episode=plan.episode, state="active").first()
    PlanOfCare.objects.filter(episode=plan.episode, state="active").update(state="superseded")
    if before:
        home_changes.keep_pauses(before, plan)
    visits = plan.content.get("visits") or {}
    plan.state, plan.agreed = "active", True
    plan.signed_by, plan.signed_by_label, plan.signed_at = by, by.label, clock.now()
    plan.reevaluation_on = clock.today() + timedelta(days=visits.get("days_to_reevaluation", 28))
    plan.save()
    episode = plan.episode
    episode.reevaluation_on = plan.reevaluation_on
    episode.save(update_fields=["reevaluation_on"])
    move_on(episode, "care")
