"""Goals: proposed with the plan, changed and added by the therapist, decided at the re-evaluation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from ....reasoning.planning import PlanOfCare as Proposal
from ...accounts.models import User
from .. import audit, bridge_plan, clock
from ..models import Goal, PlanOfCare
from ..models.base import new_ref
from . import Refused
from .drafts import draft_of, may_plan

OWN = "own-"
"""The template of a goal that the therapist wrote begins with this."""
CHANGEABLE = ("text", "name", "baseline", "target", "due_on")
FURTHEST = timedelta(weeks=52)
"""A goal is not set for later than this (prod)."""


def renew(*, plan: PlanOfCare, proposal: Proposal, before: PlanOfCare | None) -> None:
    """Brings a draft's goals up to date with what was found. Part of proposing a plan.

    What the therapist wrote, changed or dropped stays. A first draft takes over the open goals of the plan `before` as they
    are, with the baseline from which progress is counted.
    """
    standing = {goal.template: goal for goal in Goal.objects.filter(plan=plan)}
    if not standing and before:
        standing = _taken_over(plan, before)
    proposed = {goal.id: bridge_plan.goal_values(goal, proposal.knowledge) for goal in proposal.goals}
    from_before = {goal.template for goal in before.goals.all()} if before else set()
    for template, values in proposed.items():
        old = standing.get(template)
        if old is None:
            Goal.objects.create(episode=plan.episode, plan=plan, template=template, created_at=clock.now(), **values)
        elif not old.by_label and old.state == "open" and template not in from_before:
            Goal.objects.filter(pk=old.pk).update(**values)
    stale = [g.pk for name, g in standing.items() if name not in proposed and not g.by_label and name not in from_before]
    Goal.objects.filter(pk__in=stale).delete()


def _taken_over(plan: PlanOfCare, before: PlanOfCare) -> dict[str, Goal]:
    copies = []
    for goal in before.goals.filter(state__in=("open", "dropped")):
        goal.pk, goal.ref, goal.plan, goal._state.adding = None, new_ref(), plan, True
        copies.append(goal)
    return {goal.template: goal for goal in Goal.objects.bulk_create(copies)}


@transaction.atomic
def add(*, plan: PlanOfCare, revision: int, text: str, due_on: date | None, by: User, name: str = "", **numbers: Any) -> Goal:
    """A goal in the therapist's own words; `numbers`: baseline, target, unit where it is measured."""
    may_plan(by)
    plan = draft_of(plan, revision)
    text = _text(text)
    goal = Goal.objects.create(
        episode=plan.episode,
        plan=plan,
        template=OWN + new_ref(),
        name=name.strip()[:160] or "Own goal",
        text=text,
        due_on=_day(due_on),
        by_label=by.label,
        better=_direction(numbers),
        created_at=clock.now(),
        **numbers,
    )
    _changed(plan, by, "goal.add", goal)
    return goal


@transaction.atomic
def change(*, goal: Goal, revision: int, by: User, **values: Any) -> Goal:
    """Changes a goal's words, target or day in a draft."""
    assert values.keys() <= set(CHANGEABLE), values
    may_plan(by)
    plan = draft_of(goal.plan, revision)
    if "text" in values:
        values["text"] = _text(values["text"])
    if "due_on" in values:
        values["due_on"] = _day(values["due_on"])
    for key, value in values.items():
        setattr(goal, key, value)
    goal.by_label, goal.better = by.label, _direction({"baseline": goal.baseline, "target": goal.target}) or goal.better
    goal.save()
    _changed(plan, by, "goal.change", goal)
    return goal


@transaction.atomic
def drop(*, goal: Goal, revision: int, by: User, back: bool = False) -> Goal:
    """Leaves a goal out of a draft, or takes it back in."""
    may_plan(by)
    plan = draft_of(goal.plan, revision)
    goal.state, goal.by_label = ("open" if back else "dropped"), by.label
    goal.save(update_fields=["state", "by_label"])
    _changed(plan, by, "goal.take_back" if back else "goal.drop", goal)
    return goal


@transaction.atomic
def decide(*, goal: Goal, state: str, by: User) -> Goal:
    """Says at a re-evaluation whether a goal of the plan in force is met."""
    if state not in ("open", "met", "not_met"):
        raise Refused(f'A goal is open, met or not met, not "{state}"')
    may_plan(by)
    goal.state, goal.decided_at = state, clock.now() if state != "open" else None
    goal.save(update_fields=["state", "decided_at"])
    audit.write(by=by, action="goal.decide", person=goal.episode.person, subject=goal.ref, state=state)
    return goal


def _changed(plan: PlanOfCare, by: User, action: str, goal: Goal) -> None:
    """A goal belongs to what is signed: whoever signs an older revision is told."""
    plan.revision += 1
    plan.save(update_fields=["revision"])
    audit.write(by=by, action=action, person=plan.episode.person, subject=goal.ref)


def _text(text: str) -> str:
    if len(text.strip()) < 5:
        raise Refused("A goal needs words", "What the person will be able to do, by when, in a sentence.")
    return text.strip()


def _day(due_on: date | None) -> date | None:
    today = clock.today()
    if due_on and not today < due_on <= today + FURTHEST:
        raise Refused(f"{due_on:%b %-d, %Y} is no day for a goal", "A day from tomorrow to a year from now.")
    return due_on


def _direction(numbers: dict[str, Any]) -> str:
    baseline, target = numbers.get("baseline"), numbers.get("target")
    if baseline is None or target is None or baseline == target:
        return ""
    return "up" if target > baseline else "down"
