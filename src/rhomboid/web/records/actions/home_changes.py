"""What becomes of the program at home between two versions of the plan: the rules take back at once, a therapist decides the rest.

A step back and a stop hold from the moment they are known, without anybody's word. To do more is never among them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import QuerySet

from ....knowledge import Knowledge
from ....knowledge.care import RegressionRule
from ....reasoning.progression import Proposal
from .. import clock
from ..models import Episode, HomeChange, HomeSession, Item, PlanOfCare
from ..models.base import new_ref

DAY = timedelta(days=1)
NEW_SYMPTOM = 5
"""The 24-hour response that stops exercises: `resp_5` of the knowledge (prod)."""


def takes_back(one: Proposal) -> bool:
    """Whether a proposal asks for less at home at once: a step back, or a pause until somebody has been called."""
    return one.move == "step_back" or (one.move == "hold" and one.dose_pct == (0, 0) and bool(one.rescreen))


def stops(found: Iterable[Proposal]) -> Proposal | None:
    return next((one for one in found if one.move == "stop"), None)


def apply_stop(episode: Episode, found: Iterable[Proposal]) -> HomeChange | None:
    """Pauses everything when a stop symptom stands and nobody has cleared it. Gives the row that says so, new or not."""
    stop, last = stops(found), _last_of_all(episode)
    if stop is None:
        return None
    if last and last.move == "stop" and set(stop.rules) <= set(last.rules):
        return last
    if last and last.move == "go_on" and not _told_since(episode, last):
        return None
    before = last.rules if last and last.move == "stop" else ()  # what was told first, an emergency perhaps, is not forgotten
    return HomeChange.objects.create(
        episode=episode, move="stop", dose_pct=0, since=clock.today(), reason=stop.reason, action=stop.action,
        rules=[*dict.fromkeys([*before, *stop.rules])], made_at=clock.now(),
    )  # fmt: skip


def _told_since(episode: Episode, go_on: HomeChange) -> bool:
    """Whether something was told at home after a therapist let the exercises go on."""
    rows = HomeSession.objects.filter(episode=episode, cleared=False, recorded_at__gte=go_on.made_at)
    return any(row.symptoms or row.response == NEW_SYMPTOM for row in rows.only("symptoms", "response"))


def apply_less(episode: Episode, found: Iterable[Proposal]) -> list[HomeChange]:
    """Takes back what the rules take back. The same session is answered once; several steps back add up."""
    plan = PlanOfCare.objects.filter(episode=episode, state="active").first()
    wanted = {one.exercise: one for one in found if takes_back(one)}
    if plan is None or not wanted:
        return []
    items = {item.intervention: item for item in Item.objects.filter(episode=episode, intervention__in=wanted)}
    latest = {row.item_id: row for row in HomeSession.objects.filter(episode=episode, cleared=False).order_by("on")}
    made = [_less(plan, items[id_], one, latest[items[id_].pk]) for id_, one in wanted.items() if items[id_].pk in latest]
    return [one for one in made if one]


def _less(plan: PlanOfCare, item: Item, one: Proposal, session: HomeSession) -> HomeChange | None:
    base, answered = _stands(plan, item, session, one.rules)
    left = base * one.dose_pct[0] // 100
    if answered is not None and answered <= left:
        return None
    return HomeChange.objects.create(
        episode=plan.episode,
        item=item,
        plan=plan,
        move=one.move,
        dose_pct=left,
        next_exercise=one.next_exercise or "",
        since=max(session.on + DAY, clock.today()),
        session_on=session.on,
        reason=one.reason,
        action=one.action,
        rules=list(one.rules),
        made_at=clock.now(),
    )


def _stands(plan: PlanOfCare, item: Item, session: HomeSession, rules: Collection[str]) -> tuple[int, int | None]:
    """What was left of the dose before a session, and with how much it was answered already (0 when a therapist decided since).

    A decision answers what was told before it; told later, only what rests on other rules than those it was about.
    """
    base, answered = 100, None
    for row in HomeChange.objects.filter(plan=plan, item=item).order_by("id"):
        answers = row.session_on is not None and row.session_on >= session.on
        if row.by_label:
            known = row.made_at >= session.recorded_at or (answers and set(rules) <= set(row.rules))
            base, answered = row.dose_pct, 0 if known else None
        elif answers:
            answered = row.dose_pct if answered is None else min(answered, row.dose_pct)
        else:
            base = row.dose_pct
    return base, answered


def apply_gap(episode: Episode, item: Item, before: date | None, on: date, knowledge: Knowledge) -> None:
    """After weeks without a session the dose stays at what the rule restarts with, until a therapist lets it grow."""
    plan, rule = PlanOfCare.objects.filter(episode=episode, state="active").first(), missed_rule(knowledge)
    if plan is None or not is_gap(before, on, rule) or HomeChange.objects.filter(plan=plan, item=item, session_on__gte=on).exists():
        return
    stands = in_force(plan, item)
    base = stands.dose_pct if stands else 100
    HomeChange.objects.create(
        episode=episode, item=item, plan=plan, move="step_back", dose_pct=min(base, rule.dose_pct[0]), since=on,
        session_on=before, reason=f"{(on - before).days} days without a session" if before else "", action=rule.action,
        rules=[rule.id], made_at=clock.now(),
    )  # fmt: skip


def missed_rule(knowledge: Knowledge) -> RegressionRule:
    return next(rule for rule in knowledge.of(RegressionRule).values() if rule.trigger == "missed_days")


def is_gap(before: date | None, on: date, rule: RegressionRule) -> bool:
    return before is not None and (on - before).days >= rule.at


def decided(*, item: Item, move: str, against: bool, proposal: Proposal | None, by_label: str) -> HomeChange | None:
    """What a therapist's decision at a visit makes of it: to hold against a proposal, and to advance, give back the plan's dose."""
    plan = PlanOfCare.objects.filter(episode=item.episode_id, state="active").first()
    if plan is None:
        return None
    stands = in_force(plan, item)
    left = stands.dose_pct if stands else 100
    if move == "advance" or (move == "hold" and against):
        left = 100
    elif move == "stop":
        left = 0
    elif move == "step_back" and not takes_back_already(stands) and proposal and not against:
        left = left * proposal.dose_pct[0] // 100
    elif stands is None:
        return None
    last = HomeSession.objects.filter(episode=item.episode_id, item=item, cleared=False).order_by("-on").first()
    return HomeChange.objects.create(
        episode_id=item.episode_id, item=item, plan=plan, move=_word(move, left), dose_pct=left, since=clock.today(),
        session_on=last.on if last else clock.today(), rules=list(proposal.rules) if proposal else [], by_label=by_label,
        made_at=clock.now(),
    )  # fmt: skip


def keep_pauses(before: PlanOfCare, plan: PlanOfCare) -> None:
    """An exercise that is paused by itself stays paused in the next version of the plan, until a therapist lets it go on."""
    newest = {row.item_id: row for row in HomeChange.objects.filter(plan=before, item__lines__plan=plan).order_by("id")}
    for row in newest.values():
        if row.dose_pct == 0:
            row.pk, row.ref, row.plan, row.made_at = None, new_ref(), plan, clock.now()
            row.save(force_insert=True)


def takes_back_already(stands: HomeChange | None) -> bool:
    return stands is not None and stands.dose_pct < 100 and not stands.by_label


def _word(move: str, left: int) -> str:
    return "go_on" if left == 100 else "stop" if move == "stop" else "step_back" if move == "step_back" else "hold"


def cleared(episode: Episode, by_label: str) -> HomeChange | None:
    """A therapist has looked into the stop symptoms: exercises may go on."""
    if paused(episode) is None:
        return None
    return HomeChange.objects.create(
        episode=episode, move="go_on", since=clock.today(), by_label=by_label, made_at=clock.now(),
    )  # fmt: skip


def paused(episode: Episode) -> HomeChange | None:
    """What pauses all exercises at home, if anything does."""
    last = _last_of_all(episode)
    return last if last and last.move == "stop" else None


def _last_of_all(episode: Episode) -> HomeChange | None:
    return HomeChange.objects.filter(episode=episode, item=None).order_by("-id").first()


def in_force(plan: PlanOfCare, item: Item) -> HomeChange | None:
    """The newest change of an item, also one that begins tomorrow; None when the plan's own dose stands."""
    newest = HomeChange.objects.filter(plan=plan, item=item).order_by("-id").first()
    return newest if newest and newest.dose_pct < 100 else None


def in_force_of(episode: Episode) -> dict[int, HomeChange]:
    """The newest change of each item, also one that begins tomorrow, where less than the plan's dose is left. One query."""
    return less_by_item(HomeChange.objects.filter(episode=episode, plan__state="active"))


def less_by_item(rows: QuerySet[HomeChange]) -> dict[int, HomeChange]:
    """Of some changes the newest of each item, where less than the plan's dose is left. One query."""
    newest = {row.item_id: row for row in rows.filter(item__isnull=False).order_by("id") if row.item_id}
    return {id_: row for id_, row in newest.items() if row.dose_pct < 100}
