"""Discharge: criteria, what is still open, what the person goes home with, and the end of the episode."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rhomboid.knowledge.care import Discharge as Pathway
from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock, current
from rhomboid.web.records.actions import Overtaken, Refused, discharge, episodes, findings, home, links, plans
from rhomboid.web.records.models import Discharge, Goal, PlanOfCare, Visit

from . import care
from .conftest import NOW, Cast

LATER = NOW + timedelta(days=42)
WORDS = "Goals reached; she goes on by herself."
BETTER = {"nrs_average_7d": 1, "psfs_mean": 8.5, "groc": 4}


@pytest.fixture
def plan(cast: Cast) -> PlanOfCare:
    return care.under_care(cast.episode, cast.therapist)


def end(cast: Cast, **given: object) -> Discharge:
    values = {"pathway": "achieved", "summary": WORDS, "knowledge": current.knowledge(), "by": cast.therapist} | given
    return discharge.discharge(episode=cast.episode, **values)  # type: ignore[arg-type]


def test_criteria_are_met_not_met_or_not_known(cast: Cast, plan: PlanOfCare) -> None:
    knowledge = current.knowledge()
    way = knowledge.of(Pathway)["achieved"]
    with clock.fixed(LATER):
        before = [one.met for one in discharge.standing_criteria(way, cast.episode, knowledge, on=clock.today())]
        assert before == [None, None, None, None, True]
        findings.record(episode=cast.episode, values=BETTER, knowledge=knowledge, by=cast.therapist)
        days = [clock.today() - timedelta(days=back) for back in (2, 9)]
        exercise = care.item(plan, "exercise")
        home.log(episode=cast.episode, item=exercise, days=days, knowledge=knowledge, by=cast.therapist)
        after = [one.met for one in discharge.standing_criteria(way, cast.episode, knowledge, on=clock.today())]
        assert after == [True, True, False, None, True]


def test_it_ends_the_episode_and_sends_the_person_home_with_a_plan(cast: Cast, plan: PlanOfCare) -> None:
    care.signed_visit(cast.episode, cast.therapist, NOW)
    planned = care.visit(cast.episode, cast.therapist, NOW + timedelta(days=50))
    with clock.fixed(LATER):
        row = end(cast)
    cast.episode.refresh_from_db()
    assert (cast.episode.stage, cast.episode.ended_on, cast.episode.reevaluation_on) == ("discharged", date(2027, 1, 5), None)
    assert Visit.objects.get(pk=planned.pk).state == "cancelled"
    assert [one["on"] for one in row.contacts][:2] == ["2027-01-19", "2027-02-16"]
    assert row.home
    assert row.flare
    assert row.come_back
    assert row.assessment.occasion == "discharge"
    with clock.fixed(LATER), pytest.raises(Overtaken, match="ended"):
        end(cast)


def test_drafts_hold_it_back_and_are_named(cast: Cast, plan: PlanOfCare) -> None:
    from rhomboid.web.records.actions import notes, visits

    knowledge = current.knowledge()
    visit = visits.start(visit=care.visit(cast.episode, cast.therapist), by=cast.therapist)
    assert [one.what for one in discharge.unfinished(cast.episode)] == ["Visit 1 has no note"]
    note = notes.open_note(visit=visit, knowledge=knowledge, by=cast.therapist)
    plans.propose(episode=cast.episode, knowledge=knowledge, by=cast.therapist)
    with pytest.raises(Refused, match="the note of visit 1 is not signed and 1 more") as refusal:
        end(cast)
    assert refusal.value.fix == "Sign it first."
    assert [one.kind for one in discharge.unfinished(cast.episode)] == ["note", "plan"]
    assert note.ref in {one.ref for one in discharge.unfinished(cast.episode)}


def test_a_goal_is_met_or_not_by_its_newest_value_and_stays_open_where_nobody_knows(cast: Cast, plan: PlanOfCare) -> None:
    common = {"episode": cast.episode, "plan": plan, "name": "Own goal", "created_at": NOW}
    reached = Goal.objects.create(
        text="Average pain of 3", template="a", finding="nrs_average_7d", target=3, better="down", **common
    )
    missed = Goal.objects.create(text="Function of 9", template="b", finding="psfs_mean", target=9, better="up", **common)
    unknown = Goal.objects.create(text="Explains the pain rule in own words", template="c", **common)
    with clock.fixed(LATER):
        findings.record(episode=cast.episode, values=BETTER, knowledge=current.knowledge(), by=cast.therapist)
        end(cast)
    states = dict(Goal.objects.filter(episode=cast.episode).values_list("pk", "state"))
    assert (states[reached.pk], states[missed.pk], states[unknown.pk]) == ("met", "not_met", "open")


def test_what_no_measure_tells_the_therapist_says_on_the_page(
    cast: Cast, plan: PlanOfCare, signed_in: Callable[[User], Client]
) -> None:
    goal = Goal.objects.create(
        episode=cast.episode, plan=plan, name="Own goal", text="Explains the pain rule", template="c", created_at=NOW
    )
    with clock.fixed(LATER):
        client, close = signed_in(cast.therapist), reverse("discharge_close", args=[cast.episode.ref])
        assert f'name="goal-{goal.ref}"' in client.get(reverse("discharge", args=[cast.episode.ref])).content.decode()
        said = {"pathway": "achieved", "summary": "", f"goal-{goal.ref}": "met"}
        refused = client.post(close, said)
        assert refused.status_code == 422
        assert f'name="goal-{goal.ref}" value="met" checked' in refused.content.decode()
        assert client.post(close, said | {"summary": WORDS}).status_code == 302
    goal.refresh_from_db()
    assert goal.state == "met"


def test_what_is_not_met_is_confirmed_or_explained(cast: Cast, plan: PlanOfCare) -> None:
    with pytest.raises(Refused, match="Not met or not confirmed"):
        end(cast, summary="")
    with pytest.raises(Refused, match="licensed"):
        end(cast, by=cast.assistant)
    row = end(cast, pathway="patient_choice", summary="", confirmed=(0, 1))
    assert [one["confirmed"] for one in row.criteria] == [True, True]


def test_while_a_concern_holds_treatment_goals_are_not_achieved(cast: Cast, plan: PlanOfCare) -> None:
    danger = {"rf_bladder_retention": True, "rf_saddle_numbness": True}
    findings.record(episode=cast.episode, values=danger, knowledge=current.knowledge(), by=cast.therapist)
    with pytest.raises(Refused, match="holds treatment"):
        end(cast)
    assert end(cast, pathway="referred_out").pathway == "referred_out"


def test_a_person_who_comes_back_gets_an_episode_that_follows(cast: Cast, plan: PlanOfCare) -> None:
    end(cast)
    again = episodes.open_episode(person=cast.marisol, by=cast.front_desk)
    assert (again.number, again.follows_id) == (2, cast.episode.pk)


# --- the page --------------------------------------------------------------------------------------------------------

In = Callable[[User], Client]


def test_the_page_shows_the_criteria_of_each_pathway_and_ends_the_episode(cast: Cast, plan: PlanOfCare, signed_in: In) -> None:
    with clock.fixed(LATER):
        client, page = signed_in(cast.therapist), reverse("discharge", args=[cast.episode.ref])
        assert "2 changes of the plan" in client.get(page, {"pathway": "plateau"}).content.decode()
        refused = client.post(reverse("discharge_close", args=[cast.episode.ref]), {"pathway": "achieved", "summary": ""})
        assert refused.status_code == 422
        sent = {
            "pathway": "achieved", "summary": WORDS, "confirmed": ["2", "3"], "contact-on": ["2027-02-01", ""],
            "contact-kind": ["call", "visit"], "contact-text": ["How is it going?", "Check"],
        }  # fmt: skip
        past = client.post(reverse("discharge_close", args=[cast.episode.ref]), sent | {"contact-on": ["2020-02-01", ""]})
        assert (past.status_code, "The contact of 2020-02-01 does not lie" in past.content.decode()) == (422, True)
        assert client.post(reverse("discharge_close", args=[cast.episode.ref]), sent).status_code == 302
        assert [one["on"] for one in Discharge.objects.get().contacts] == ["2027-02-01"]
        done = client.get(page).content.decode()
        assert WORDS in done
        assert "Feb 1, 2027" in done
        assert "<textarea" not in done


def test_the_therapist_says_how_long_the_phone_stays_open(cast: Cast, plan: PlanOfCare, signed_in: In) -> None:
    link = links.issue(episode=cast.episode, by=cast.front_desk)
    with clock.fixed(LATER):
        client = signed_in(cast.therapist)
        page = client.get(reverse("discharge", args=[cast.episode.ref])).content.decode()
        assert 'name="phone" value="12" form="discharge-form" checked' in page
        sent = {"pathway": "achieved", "summary": WORDS, "confirmed": ["2", "3"], "phone": "3"}
        assert client.post(reverse("discharge_close", args=[cast.episode.ref]), sent).status_code == 302
    link.refresh_from_db()
    month, day = (LATER.month + 3 - 1) % 12 + 1, LATER.day
    assert link.expires_on is not None
    assert (link.expires_on.month, link.expires_on.day) == (month, day)
    assert Discharge.objects.get().phone_until == link.expires_on


def test_an_assistant_reads_and_does_not_discharge(cast: Cast, plan: PlanOfCare, signed_in: In) -> None:
    client = signed_in(cast.assistant)
    assert client.get(reverse("discharge", args=[cast.episode.ref])).status_code == 200
    assert client.post(reverse("discharge_close", args=[cast.episode.ref]), {"pathway": "achieved"}).status_code == 403


def test_the_page_asks_the_database_the_same_number_of_times(
    cast: Cast, plan: PlanOfCare, signed_in: In, django_assert_max_num_queries: Any
) -> None:
    for days in range(6):
        care.signed_visit(cast.episode, cast.therapist, NOW + timedelta(days=days))
    with clock.fixed(LATER), django_assert_max_num_queries(60):
        assert signed_in(cast.therapist).get(reverse("discharge", args=[cast.episode.ref])).status_code == 200
