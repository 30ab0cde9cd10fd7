"""Why an item is in, why another is not, and what would change that: answered exactly, by solving again with it turned round."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...vocabulary import RhomboidError
from ..words import need_text, stated
from .plan import PlanOfCare, plan


@dataclass(frozen=True, slots=True)
class ItemExplanation:
    """One item of a plan, or one left out. `loss`: how much benefit the other choice would cost; `displaced` what would go and
    `instead` what would come."""

    id: str
    name: str
    chosen: bool
    text: str
    why: tuple[str, ...]
    because: tuple[str, ...]
    limits: tuple[str, ...]
    change: str
    loss: float | None
    displaced: tuple[str, ...]
    instead: tuple[str, ...]


def explain_item(plan_of_care: PlanOfCare, id_: str) -> ItemExplanation:
    """Explains an intervention of the knowledge against a plan. For optimised choices the plan is solved again without it,
    or with it, to say exactly what that would cost."""
    return _in(plan_of_care, id_) if plan_of_care.item(id_) else _out(plan_of_care, id_)


def _in(plan_of_care: PlanOfCare, id_: str) -> ItemExplanation:
    item = plan_of_care.item(id_)
    assert item is not None
    other = _solved(plan_of_care, ban=id_) if not item.wanted else None
    displaced, instead = _difference(plan_of_care, other, id_)
    names = _names(plan_of_care, instead)
    change = f"without it the plan would take {names}" if instead else "without it nothing takes its place"
    return ItemExplanation(
        id=id_,
        name=item.name,
        chosen=True,
        text="the therapist wants it" if item.wanted else "it is part of the plan",
        why=tuple(need_text(need, plan_of_care.assessment) for need in item.serves),
        because=tuple(stated(name, plan_of_care.assessment.facts) for name in item.because),
        limits=item.limits,
        change="take it out of lock, add or swap" if item.wanted else change,
        loss=_loss(plan_of_care, other),
        displaced=displaced,
        instead=instead,
    )


def _out(plan_of_care: PlanOfCare, id_: str) -> ItemExplanation:
    left = plan_of_care.without(id_)
    assert left is not None
    other = _solved(plan_of_care, lock=id_) if left.reason == "better_chosen" else None
    displaced, instead = _difference(plan_of_care, other, id_)
    change = f"{left.change}; then {_names(plan_of_care, displaced)} would go" if displaced else left.change
    known = plan_of_care.assessment.facts.knowledge.vocabulary
    reasons = tuple(stated(n, plan_of_care.assessment.facts) for n in left.because if n in known.findings or n in known.derived)
    return ItemExplanation(
        id=id_,
        name=plan_of_care.knowledge.interventions[id_].name,
        chosen=False,
        text=left.text,
        why=tuple(need_text(need, plan_of_care.assessment) for need in left.because if "." in need),
        because=reasons,
        limits=(),
        change=change,
        loss=_loss(plan_of_care, other),
        displaced=displaced,
        instead=instead,
    )


def _solved(plan_of_care: PlanOfCare, *, ban: str = "", lock: str = "") -> PlanOfCare | None:
    limits = plan_of_care.limits
    turned = replace(limits, ban=limits.ban | {ban}) if ban else replace(limits, lock=limits.lock | {lock})
    try:
        return plan(plan_of_care.assessment, turned)
    except RhomboidError:
        return None


def _difference(here: PlanOfCare, other: PlanOfCare | None, id_: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What goes and what comes in the other plan, the item itself aside."""
    if other is None:
        return (), ()
    ours, theirs = [item.id for item in here.items], [item.id for item in other.items]
    return tuple(i for i in ours if i not in theirs and i != id_), tuple(i for i in theirs if i not in ours and i != id_)


def _loss(here: PlanOfCare, other: PlanOfCare | None) -> float | None:
    """What the other plan is worth less in the first phase in which they differ: what comes after rests on that phase."""
    if other is None:
        return None
    losses = (ours.value - theirs.value for ours, theirs in zip(here.phases, other.phases, strict=True))
    return next((round(loss, 3) for loss in losses if abs(loss) > 1e-6), 0.0)


def _names(plan_of_care: PlanOfCare, ids: tuple[str, ...]) -> str:
    return ", ".join(plan_of_care.knowledge.interventions[id_].name for id_ in ids[:3])
