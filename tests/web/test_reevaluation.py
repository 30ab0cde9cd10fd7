"""Re-evaluation: then and now, what is due, and the decision that closes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rhomboid.reasoning.reevaluation import Course, triggers
from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock, comparison, current, standing
from rhomboid.web.records.actions import Refused, findings, reevaluation, visits
from rhomboid.web.records.models import Assessment, Concern, PlanOfCare

from . import care
from .conftest import NOW, Cast

LATER = NOW + timedelta(days=29)
BETTER = {"nrs_average_7d": 1, "psfs_mean": 8.5, "rom_thx_rot_seated_l": 40, "rom_thx_rot_seated_r": 44, "groc": 4}


@pytest.fixture
def plan(cast: Cast) -> PlanOfCare:
    return care.under_care(cast.episode, cast.therapist)


def measured_again(cast: Cast, **values: object) -> None:
    findings.record(episode=cast.episode, values=BETTER | values, knowledge=current.knowledge(), by=cast.therapist)


def course(cast: Cast) -> Course:
    knowledge, on = current.knowledge(), clock.today()
    return standing.course_of(cast.episode, comparison.compare(cast.episode, knowledge, on=on), knowledge, on=on)


def test_an_old_value_is_never_shown_as_todays(cast: Cast, plan: PlanOfCare) -> None:
    with clock.fixed(LATER):
        found = comparison.compare(cast.episode, current.knowledge(), on=clock.today())
        assert {row.finding for row in found.due} >= {"nrs_average_7d", "psfs_mean"}
        assert all(row.now is None for row in found.rows)
        assert all(one.now is None for one in found.factors)
        assert found.meaning.standing == "unknown"


def test_measured_again_stands_beside_its_baseline_with_a_verdict(cast: Cast, plan: PlanOfCare) -> None:
    with clock.fixed(LATER):
        measured_again(cast)
        found = comparison.compare(cast.episode, current.knowledge(), on=clock.today())
    rows = {row.finding: row for row in (*found.rows, *(one.row for one in found.factors))}
    assert (rows["psfs_mean"].then, rows["psfs_mean"].now, rows["psfs_mean"].change.verdict) == (4.0, 8.5, "matters")
    assert rows["psfs_mean"].error == "error 2 points"
    assert found.meaning.standing == "better"
    goals = {one.goal.template: one.met for one in found.goals}
    assert goals["g_psfs"] is True
    assert goals["g_pain"] is True


def test_then_is_the_day_the_first_plan_rests_on_not_that_of_the_first_finding(cast: Cast) -> None:
    knowledge = current.knowledge()
    with clock.fixed(NOW - timedelta(days=5)):
        findings.record(
            episode=cast.episode, values={"nrs_worst_24h": 9}, knowledge=knowledge, by=cast.front_desk, source="patient"
        )
    care.under_care(cast.episode, cast.therapist)
    with clock.fixed(LATER):
        found = comparison.compare(cast.episode, knowledge, on=clock.today())
    assert found.then_on == NOW.date()
    assert comparison.baseline_day(cast.other, [], LATER.date()) == LATER.date(), "nothing is known of this one"


def test_a_goal_that_was_dropped_is_not_compared(cast: Cast, plan: PlanOfCare) -> None:
    plan.goals.filter(template="g_pain").update(state="dropped")
    found = comparison.compare(cast.episode, current.knowledge(), on=clock.today())
    assert {one.goal.template for one in found.goals} == {*plan.goals.values_list("template", flat=True)} - {"g_pain"}
    assert found.goals


def test_a_derived_measure_waits_for_all_its_parts(cast: Cast, plan: PlanOfCare) -> None:
    with clock.fixed(LATER):
        values = {"rom_thx_rot_seated_l": 40}
        findings.record(episode=cast.episode, values=values, knowledge=current.knowledge(), by=cast.therapist)
        found = comparison.compare(cast.episode, current.knowledge(), on=clock.today())
        totals = [one.row for one in found.factors if one.row.finding == "rom_thx_rot_total_deg"]
        assert [row.now for row in totals] == [None] * len(totals)
        assert totals


def test_four_weeks_without_enough_change_is_due(cast: Cast, plan: PlanOfCare) -> None:
    with clock.fixed(NOW + timedelta(hours=1)):
        visits.start(visit=care.visit(cast.episode, cast.therapist), by=cast.therapist)
    with clock.fixed(LATER):
        knowledge = current.knowledge()
        due = {one.id: one for one in triggers(course(cast), knowledge)}
        assert due["re_four_weeks"].due is None
        values = {"nrs_average_7d": 6, "psfs_mean": 4.5}
        findings.record(episode=cast.episode, values=values, knowledge=knowledge, by=cast.therapist)
        due = {one.id: one for one in triggers(course(cast), knowledge)}
        assert due["re_four_weeks"].due is True
        measured_again(cast)
        assert {one.id: one.due for one in triggers(course(cast), knowledge)}["re_four_weeks"] is False


def test_no_law_of_one_state_stops_anybody_yet() -> None:
    knowledge = current.load_knowledge()
    assert "re_direct_access" not in {one.id for one in triggers(Course(days=90, visits=30), knowledge)}


def test_closing_keeps_an_assessment_decides_goals_and_sets_the_next_day(cast: Cast, plan: PlanOfCare) -> None:
    with clock.fixed(LATER):
        measured_again(cast)
        goal = plan.goals.get(template="g_psfs")
        kept = reevaluation.close(
            episode=cast.episode, decision="go_on", decided={goal.ref: "met"}, knowledge=current.knowledge(), by=cast.therapist
        )
        goal.refresh_from_db()
        cast.episode.refresh_from_db()
        assert (kept.occasion, kept.decision, goal.state) == ("reevaluation", "go_on", "met")
        assert cast.episode.reevaluation_on == clock.today() + timedelta(days=28)


def test_other_ways_need_words_a_license_and_hard_stops_need_an_answer(cast: Cast, plan: PlanOfCare) -> None:
    knowledge = current.knowledge()
    with pytest.raises(Refused, match="why"):
        reevaluation.close(episode=cast.episode, decision="change", knowledge=knowledge, by=cast.therapist)
    with pytest.raises(Refused, match="licensed"):
        reevaluation.close(episode=cast.episode, decision="go_on", knowledge=knowledge, by=cast.assistant)
    visit = visits.start(visit=care.visit(cast.episode, cast.therapist), by=cast.therapist)
    visits.rescreen(
        visit=visit, question="rs_visit_new", answer="something", values={"rf_recent_infection": True}, knowledge=knowledge,
        by=cast.therapist,
    )  # fmt: skip
    Concern.objects.filter(episode=cast.episode, state="open").update(state="gone")
    cast.episode.refresh_from_db()
    if not cast.episode.held:
        with pytest.raises(Refused, match="Hard stop: New diagnosis"):
            reevaluation.close(episode=cast.episode, decision="go_on", knowledge=knowledge, by=cast.therapist)
    assert not Assessment.objects.filter(occasion="reevaluation").exists()


# --- the page --------------------------------------------------------------------------------------------------------

In = Callable[[User], Client]


def test_a_value_typed_in_place_gets_its_verdict(cast: Cast, plan: PlanOfCare, signed_in: In) -> None:
    with clock.fixed(LATER):
        client, page = signed_in(cast.assistant), reverse("reevaluation_measure", args=[cast.episode.ref])
        answer = client.post(page, {"psfs_mean": "8.5"}, headers={"HX-Request": "true"}).content.decode()
        assert "real, and matters" in answer
        assert "<html" not in answer
        wrong = client.post(page, {"nrs_average_7d": "14"}, headers={"HX-Request": "true"})
        assert wrong.status_code == 422
        assert "outside 0 to 10" in wrong.content.decode()


def test_nobody_overwrites_a_measure_they_have_not_seen(cast: Cast, plan: PlanOfCare, signed_in: In) -> None:
    with clock.fixed(LATER):
        page = reverse("reevaluation_measure", args=[cast.episode.ref])
        seen = cast.episode.findings.filter(finding="psfs_mean").get().ref
        sent = {"psfs_mean": "8.5", "seen-psfs_mean": seen}
        assert signed_in(cast.therapist).post(page, sent).status_code == 302
        assert signed_in(cast.colleague).post(page, sent | {"psfs_mean": "3"}).status_code == 409


def test_the_decision_leads_on(cast: Cast, plan: PlanOfCare, signed_in: In) -> None:
    with clock.fixed(LATER):
        measured_again(cast)
        client = signed_in(cast.therapist)
        goal = plan.goals.get(template="g_pain")
        sent = {"decision": "discharge", "words": "Goals reached, she is ready.", f"goal-{goal.ref}": "met"}
        answer = client.post(reverse("reevaluation_close", args=[cast.episode.ref]), sent)
        assert answer["Location"] == reverse("discharge", args=[cast.episode.ref])
        goal.refresh_from_db()
        assert goal.state == "met"
        refused = client.post(reverse("reevaluation_close", args=[cast.episode.ref]), {"decision": "change", "words": ""})
        assert refused.status_code == 422


def test_the_page_asks_the_database_the_same_number_of_times(
    cast: Cast, plan: PlanOfCare, signed_in: In, django_assert_max_num_queries: Any
) -> None:
    for weeks in range(1, 6):
        with clock.fixed(NOW + timedelta(weeks=weeks)):
            measured_again(cast, nrs_average_7d=weeks)
            care.signed_visit(cast.episode, cast.therapist, clock.now())
    with clock.fixed(NOW + timedelta(weeks=6)), django_assert_max_num_queries(60):
        assert signed_in(cast.therapist).get(reverse("reevaluation", args=[cast.episode.ref])).status_code == 200
