"""Two people at the same plan at once, on two real connections: exactly one wins, and the other is told."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from rhomboid.web.records import audit, clock, current
from rhomboid.web.records.actions import Overtaken, Refused, plan_changes, plans
from rhomboid.web.records.models import Consent, PlanOfCare

from .conftest import NOW, Cast
from .plan_people import evaluated, proposed, signed

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What each deed returned or was refused with, all begun at the same moment, each on its own connection."""
    start, found = Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int, deed: Callable[[], object]) -> None:
        try:
            with clock.fixed(NOW):
                start.wait(10)
                found[place] = deed()  # type: ignore[call-overload]
        except Refused as refusal:
            found[place] = refusal  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [Thread(target=run, args=one) for one in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return list(found)


def test_two_sign_the_same_plan(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist)
    found = at_once(lambda: signed(plan, cast.therapist), lambda: signed(plan, cast.colleague))
    won = [one for one in found if isinstance(one, PlanOfCare)]
    lost = [one for one in found if isinstance(one, Overtaken)]
    assert (len(won), len(lost)) == (1, 1)
    assert won[0].signed_by_label in lost[0].message
    active = PlanOfCare.objects.get(state="active")
    assert (active.pk, active.signed_by_label) == (plan.pk, won[0].signed_by_label)
    assert {row.by_label for row in Consent.objects.all()} == {active.signed_by_label}
    assert list(audit.verify()) == []


def test_two_activate_two_versions(cast: Cast) -> None:
    """One signs the draft while the other renews it: what is signed is what was seen, or nothing."""
    first = signed(proposed(cast.episode, cast.therapist), cast.therapist)
    draft = plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.therapist)
    lower = plan_changes.limit({"minutes": 8}, current.knowledge())
    found = at_once(
        lambda: signed(draft, cast.therapist),
        lambda: plans.change(plan=draft, revision=0, change=lower, knowledge=current.knowledge(), by=cast.colleague),
    )
    assert sum(isinstance(one, Overtaken) for one in found) == 1
    active = PlanOfCare.objects.get(state="active")
    assert active.pk in (first.pk, draft.pk)
    assert (active.pk == draft.pk) == (active.limits == {} and active.version == 2)


def test_two_change_the_same_revision(cast: Cast) -> None:
    plan = proposed(cast.episode, cast.therapist)

    def tune(minutes: int) -> PlanOfCare:
        change = plan_changes.limit({"minutes": minutes}, current.knowledge())
        return plans.change(plan=plan, revision=0, change=change, knowledge=current.knowledge(), by=cast.therapist)

    found = at_once(lambda: tune(8), lambda: tune(12))
    assert sum(isinstance(one, Overtaken) for one in found) == 1
    won = next(one for one in found if isinstance(one, PlanOfCare))
    plan.refresh_from_db()
    assert (plan.revision, plan.limits) == (1, won.limits)
    assert plan.lines.count() == len({line.item_id for line in plan.lines.all()})


def test_two_propose_the_first_plan(cast: Cast) -> None:
    episode = evaluated(cast.episode, cast.therapist)
    found = at_once(
        lambda: plans.propose(episode=episode, knowledge=current.knowledge(), by=cast.therapist),
        lambda: plans.propose(episode=episode, knowledge=current.knowledge(), by=cast.colleague),
    )
    assert all(isinstance(one, PlanOfCare) for one in found)
    assert PlanOfCare.objects.count() == 1
