"""The story of an episode: in every state, with the one next action, and at the same cost however long it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rhomboid.web.accounts.models import User
from rhomboid.web.clinic import story
from rhomboid.web.records import clock, current
from rhomboid.web.records.actions import concerns, findings, plans, referrals, visits
from rhomboid.web.records.models import Concern, Episode, HomeSession

from . import care
from .conftest import NOW, Cast

SignedIn = Callable[[User], Client]
TEARING = {"rf_pain_tearing": True, "rf_pain_abrupt_severe": True, "sbp_arm_diff_mmhg": 32, "rf_onset_days": 0}


def page_of(client: Client, episode: Episode) -> str:
    answer = client.get(reverse("episode", args=[episode.ref]))
    assert answer.status_code == 200
    return answer.content.decode()


def next_of(episode: Episode, user: User) -> story.Action | None:
    episode.refresh_from_db()
    return story.next_action(story.told(episode, clock.today()), user, clock.today(), frozenset())


def test_a_new_episode_says_what_is_missing_and_what_is_next(cast: Cast, signed_in: SignedIn) -> None:
    page = page_of(signed_in(cast.therapist), cast.episode)
    for words in (
        "No rating yet",
        "No activities rated yet",
        "No contributing factor found yet",
        "No visit yet",
        "Not screened yet",
    ):
        assert words in page
    action = next_of(cast.episode, cast.therapist)
    assert action is None or action.words == "Enter the intake"


def test_the_next_action_follows_the_stage(cast: Cast) -> None:
    findings.record(
        episode=cast.episode, values={"nrs_average_7d": 5}, knowledge=current.knowledge(), by=cast.front_desk, source="front_desk"
    )
    assert words(next_of(cast.episode, cast.therapist)) in ("Begin the evaluation", "")
    with clock.fixed(NOW - timedelta(weeks=1)):
        care.under_care(cast.episode, cast.therapist)
    coming = visits.schedule(episode=cast.episode, planned_at=NOW + timedelta(hours=1), by=cast.therapist)
    assert words(next_of(cast.episode, cast.therapist)) == f"Start visit {coming.number}"
    visits.start(visit=coming, by=cast.therapist)
    assert words(next_of(cast.episode, cast.therapist)) == f"Go on with visit {coming.number}"


def began(cast: Cast, weeks: int) -> None:
    cast.episode.started_on = clock.today() - timedelta(weeks=weeks)
    cast.episode.save()


def words(action: story.Action | None) -> str:
    return action.words if action else ""


def test_a_draft_waits_for_who_may_sign(cast: Cast) -> None:
    care.under_care(cast.episode, cast.therapist)
    plans.propose(episode=cast.episode, knowledge=current.knowledge(), by=cast.therapist)
    assert words(next_of(cast.episode, cast.therapist)) == "Sign the plan"
    assert words(next_of(cast.episode, cast.assistant)) != "Sign the plan"


def test_a_held_concern_comes_before_everything(cast: Cast, signed_in: SignedIn) -> None:
    care.under_care(cast.episode, cast.therapist)
    visits.schedule(episode=cast.episode, planned_at=NOW + timedelta(hours=1), by=cast.therapist)
    findings.record(episode=cast.episode, values=TEARING, knowledge=current.knowledge(), by=cast.therapist)
    action = next_of(cast.episode, cast.therapist)
    assert action is not None
    assert (action.words, action.post) == ("Write the letter", True)
    assert "Treatment is on hold" in page_of(signed_in(cast.therapist), cast.episode)
    assert words(next_of(cast.episode, cast.assistant)) != "Write the letter"


def test_a_lowered_concern_says_by_whom_and_why(cast: Cast, signed_in: SignedIn) -> None:
    findings.record(episode=cast.episode, values=TEARING, knowledge=current.knowledge(), by=cast.therapist)
    reason = "CT angiography today was normal"
    for concern in Concern.objects.filter(state="open"):
        concerns.lower(concern=concern, reason=reason, knowledge=current.knowledge(), by=cast.therapist)
    page = page_of(signed_in(cast.therapist), cast.episode)
    assert reason in page
    assert cast.therapist.label in page


def test_a_letter_does_not_speak_of_what_was_lowered_before_it(cast: Cast) -> None:
    meals = {"rf_pain_meal_related": "worse", "rf_nsaid_regular": True, "rf_dysphagia": False}
    findings.record(episode=cast.episode, values=meals, knowledge=current.knowledge(), by=cast.therapist)
    lowered, *rest = Concern.objects.filter(state="open")
    concerns.lower(concern=lowered, reason="CT of today was normal", knowledge=current.knowledge(), by=cast.therapist)
    with clock.fixed(NOW + timedelta(minutes=5)):
        letter = referrals.write(concern=rest[0], knowledge=current.knowledge(), by=cast.therapist)
    told = story.told(cast.episode, clock.today())
    assert {one.pk: told.letter_of(one) for one in told.concerns} == {lowered.pk: None} | {one.pk: letter for one in rest}


def test_curves_carry_what_could_be_chance_and_what_matters(cast: Cast, signed_in: SignedIn) -> None:
    with clock.fixed(NOW - timedelta(weeks=4)):
        care.under_care(cast.episode, cast.therapist)
    findings.record(
        episode=cast.episode, values={"nrs_average_7d": 3, "psfs_mean": 7.0}, knowledge=current.knowledge(), by=cast.therapist
    )
    told = story.told(cast.episode, clock.today())
    pain = story.pain_curve(told, current.knowledge(), clock.today()).course
    assert [one.value for one in pain.readings] == [6, 3]
    assert (pain.chance, pain.matters, pain.axis) == ((2, 10), (0, 4), (0, 10))
    function = story.function_curve(told, current.knowledge(), clock.today()).course
    assert (function.chance, function.matters) == ((2, 6), (6, 10))
    page = page_of(signed_in(cast.therapist), cast.episode)
    assert "Pain 6/10 to 3/10: enough to matter (2), but within error (4)." in page
    assert "Function 4 to 7: larger than error (2) and enough to matter (2)." in page


def test_a_zone_beyond_the_scale_is_not_drawn(cast: Cast) -> None:
    findings.record(episode=cast.episode, values={"nrs_average_7d": 1}, knowledge=current.knowledge(), by=cast.therapist)
    told = story.told(cast.episode, clock.today())
    assert story.pain_curve(told, current.knowledge(), clock.today()).course.matters is None


def test_what_was_not_measured_again_has_no_verdict(cast: Cast, signed_in: SignedIn) -> None:
    with clock.fixed(NOW - timedelta(weeks=4)):
        care.under_care(cast.episode, cast.therapist)
    page = page_of(signed_in(cast.therapist), cast.episode)
    assert "to measure again" in page
    assert "larger than error" not in page


@pytest.mark.parametrize("role", ["assistant", "therapist", "colleague"])
def test_who_sees_it(role: str, cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(getattr(cast, role)).get(reverse("episode", args=[cast.episode.ref])).status_code == 200


def test_the_number_of_queries_does_not_grow_with_history(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    began(cast, 10)
    with clock.fixed(NOW - timedelta(weeks=10)):
        plan = care.under_care(cast.episode, cast.therapist)
    care.signed_visit(cast.episode, cast.therapist, NOW - timedelta(weeks=9))
    item = care.item(plan, "exercise")
    HomeSession.objects.create(episode=cast.episode, item=item, on=clock.today() - timedelta(days=60), rest=3)
    client = signed_in(cast.therapist)
    page_of(client, cast.episode)
    with CaptureQueriesContext(connection) as few:
        page_of(client, cast.episode)
    for week in range(8, 0, -1):
        care.signed_visit(cast.episode, cast.therapist, NOW - timedelta(weeks=week))
        with clock.fixed(NOW - timedelta(weeks=week)):
            findings.record(
                episode=cast.episode,
                values={"nrs_average_7d": week, "psfs_mean": 10 - week},
                knowledge=current.knowledge(),
                by=cast.therapist,
            )
        HomeSession.objects.create(episode=cast.episode, item=item, on=clock.today() - timedelta(days=week), rest=week)
    with django_assert_max_num_queries(len(few)):
        page_of(client, cast.episode)
    assert len(few) <= 45
