"""Lessons, one's own back, and one's own desk: chosen by the plan, kept once, seen by the therapist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from rhomboid.knowledge.languages import load_language
from rhomboid.knowledge.model import Education, Factor
from rhomboid.web.accounts.models import User
from rhomboid.web.portal.back import back_of
from rhomboid.web.records import bridge, clock, current, own_places, understanding
from rhomboid.web.records.actions import Refused, findings, own_pages
from rhomboid.web.records.models import Episode, Finding, PhoneReport, PlanOfCare
from rhomboid.web.ui import body

from . import care
from .conftest import NOW, Cast
from .phone import agree

TODAY = NOW.date()
DAY = timedelta(days=1)
DESK: dict[str, Any] = {"work_type": "desk", "sit_hours_workday": 8}
BAD = {"device_setup": "laptop_on_desk", "monitor_height": "below_eye", "monitor_offset": "side", "chair_support": "yes"}
Browser = Callable[[User], Client]


@pytest.fixture
def phone(cast: Cast, signed_in: Browser) -> Client:
    agree(cast.episode, cast.patient)
    findings.record(episode=cast.episode, values=DESK, knowledge=current.knowledge(), by=cast.therapist)
    return signed_in(cast.patient)


@pytest.fixture
def plan(cast: Cast, phone: Client) -> PlanOfCare:
    return care.under_care(cast.episode, cast.therapist)


def lessons(episode: Episode, plan: PlanOfCare | None) -> list[str]:
    return [one.id for one in understanding.lessons(episode, plan, current.knowledge(), TODAY)]


# --- lessons ---------------------------------------------------------------------------------------------------------


def test_the_lessons_are_those_of_the_plan(cast: Cast, plan: PlanOfCare) -> None:
    of_plan = [line.item.intervention for line in plan.lines.select_related("item") if line.item.kind == "education"]
    assert of_plan
    assert lessons(cast.episode, plan) == of_plan


def test_without_a_plan_they_are_those_whose_rule_holds(cast: Cast, phone: Client) -> None:
    found = lessons(cast.episode, None)
    assert "edu_1_condition" in found
    assert "edu_6_posture" in found  # sits eight hours
    assert "edu_11_smoking" not in found  # nobody knows whether she smokes


def test_a_lesson_has_one_idea_a_card_and_is_read_once(cast: Cast, plan: PlanOfCare, phone: Client) -> None:
    card = lessons(cast.episode, plan)[0]
    entry = current.knowledge().of(Education)[card]
    page = phone.get(f"/me/understand/{card}").content.decode()
    assert page.count("data-idea") == len(entry.text.strip().split("\n\n")) + 1
    assert entry.teach_back.replace("'", "&#x27;") in page
    for _ in range(2):
        assert phone.post(f"/me/understand/{card}")["Location"] == "/me/understand"
    assert PhoneReport.objects.filter(kind="card").count() == 1
    assert understanding.read_cards(cast.episode) == {card: TODAY}
    assert "You have read 1 of" in phone.get("/me/understand").content.decode()


def test_a_lesson_that_there_is_not(phone: Client) -> None:
    assert phone.get("/me/understand/edu_unknown").status_code == 404
    assert phone.post("/me/understand/edu_unknown").status_code == 404


def test_nobody_reads_for_somebody_else(cast: Cast, phone: Client) -> None:
    with pytest.raises(Refused):
        own_pages.read_card(episode=cast.episode, card="edu_1_condition", knowledge=current.knowledge(), by=cast.other_patient)


def test_in_spanish_every_word_of_it_is(cast: Cast, plan: PlanOfCare, phone: Client) -> None:
    cast.marisol.language = "es"
    cast.marisol.save()
    page = phone.get("/me/understand").content.decode()
    assert "Qué pasa en mi espalda" in page
    factor = understanding.factors(plan, current.knowledge())[0]
    assert factor.plain.replace("'", "&#x27;") not in page


# --- my back ---------------------------------------------------------------------------------------------------------


def test_only_factors_that_a_therapist_signed_are_told(cast: Cast, phone: Client) -> None:
    assert understanding.factors(understanding.plan_signed(cast.episode), current.knowledge()) == ()
    page = phone.get("/me/understand").content.decode()
    assert "After your first visit you see here what plays a part in your pain." in page


def test_the_numbers_on_the_picture_are_those_of_the_list(cast: Cast, plan: PlanOfCare, phone: Client) -> None:
    factors = understanding.factors(plan, current.knowledge())
    assert 0 < len(factors) <= understanding.MOST_FACTORS
    page = phone.get("/me/understand")
    back = page.context["back"]
    assert sorted(one.words for one in (*back.placed, *back.others)) == sorted(one.plain for one in factors)
    drawn = {pin.number for picture in back.pictures for pin in picture.pins}
    assert drawn == {one.number for one in back.placed}


def test_every_place_of_a_factor_can_be_drawn(db: None) -> None:
    drawn = {area.region.removesuffix("_l").removesuffix("_r") for area in body.areas()}
    wrong = {one.id: set(one.shown_at) - drawn for one in current.knowledge().of(Factor).values() if set(one.shown_at) - drawn}
    assert wrong == {}


def test_a_factor_of_the_chest_is_shown_from_the_front(cast: Cast, phone: Client) -> None:
    knowledge = current.knowledge()
    chosen = [knowledge.of(Factor)[name] for name in ("weak_lower_trap", "short_pec_minor", "poor_sleep")]
    back = back_of(chosen, ["interscapular_l"], load_language("en", knowledge))
    assert [picture.view for picture in back.pictures] == ["back", "front"]
    assert [[pin.number for pin in picture.pins] for picture in back.pictures] == [[1], [2]]
    assert [one.number for one in back.others] == [0]
    assert len(back.pictures[0].hurts) == 1


# --- own places ------------------------------------------------------------------------------------------------------


def desk(cast: Cast) -> own_places.Place:
    return next(one for one in own_places.places(cast.episode, current.knowledge(), clock.today()) if one.id == "place_desk")


def look(phone: Client, key: str = "a" * 24, **answers: str) -> Any:
    return phone.post("/me/desk/place_desk/look", {"key": key, **answers})


def test_looking_at_the_desk_makes_findings_and_one_to_three_changes(cast: Cast, phone: Client) -> None:
    assert phone.get("/me/desk/place_desk")["Location"] == "/me/desk/place_desk/look"
    response = look(phone, **BAD, arm_support="no", laptop_only_hours="6")
    assert response["Location"] == "/me/desk/place_desk"
    rows = {row.finding: row for row in Finding.objects.filter(method=own_places.METHOD)}
    assert rows["monitor_height"].value == "below_eye"
    assert rows["arm_support"].value is False
    assert {row.source for row in rows.values()} == {"patient"}
    assert [one.id for one in desk(cast).changes] == ["ws_laptop", "ws_screen_top", "ws_screen_front"]
    assert "I have changed this" in phone.get("/me/desk/place_desk").content.decode()


def test_what_is_not_sure_stays_unknown(cast: Cast, phone: Client) -> None:
    look(phone, monitor_height="", chair_support="")
    assert not Finding.objects.filter(method=own_places.METHOD).exists()
    assert desk(cast).looked == TODAY
    assert [one.id for one in desk(cast).changes] == ["mb_interval", "mb_content"]  # she sits eight hours; that is known


def test_the_same_look_sent_twice_is_kept_once(cast: Cast, phone: Client) -> None:
    for _ in range(2):
        look(phone, **BAD)
    assert PhoneReport.objects.filter(kind="look").count() == 1
    assert Finding.objects.filter(finding="monitor_height").count() == 1


@pytest.mark.parametrize("typed", ["many", "-1", "25", "nan", "inf"])
def test_a_number_that_is_none_is_said_and_the_rest_kept(cast: Cast, phone: Client, typed: str) -> None:
    response = look(phone, monitor_height="below_eye", laptop_only_hours=typed)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Write a number from 0 to 24." in page
    assert f'value="{typed}"' in page
    assert 'value="below_eye" checked' in page
    assert not PhoneReport.objects.exists()


def test_some_days_after_a_change_the_same_is_asked_again_and_compared(cast: Cast, phone: Client, signed_in: Browser) -> None:
    look(phone, **BAD)
    for _ in range(2):
        phone.post("/me/desk/place_desk", {"advice": "ws_screen_top"})
    assert PhoneReport.objects.filter(kind="change").count() == 1
    assert desk(cast).again_on == TODAY + 7 * DAY
    assert "We ask again on" in phone.get("/me/desk/place_desk").content.decode()
    with clock.fixed(NOW + 7 * DAY):
        phone = signed_in(cast.patient)
        assert "Time for a second look" in phone.get("/me/desk").content.decode()
        form = phone.get("/me/desk/place_desk/look").content.decode()
        assert "Last time: Much lower, more than a hand width" in form
        assert " checked" not in form
        look(phone, "b" * 24, **BAD | {"monitor_height": "at_eye"})
        found = desk(cast)
        assert found.again_on is None
        assert "ws_screen_top" not in [one.id for one in found.changes]
        height = next(one for one in found.answers if one.entry.id == "monitor_height")
        assert height.after
        assert (height.before.value, height.after.value) == ("below_eye", "at_eye")
        page = phone.get("/me/desk/place_desk").content.decode()
        assert "Before and after" in page
        assert page.count('class="differs"') == 1
        assert bridge.latest(bridge.standing_findings(cast.episode))["monitor_height"].value == "at_eye"


def test_a_desk_is_not_asked_about_where_there_is_none(cast: Cast, phone: Client) -> None:
    values = {"work_type": "retired", "sit_hours_workday": 2}
    findings.record(episode=cast.episode, values=values, knowledge=current.knowledge(), by=cast.therapist)
    assert "monitor_height" not in [entry.id for entry in desk(cast).asks]


def test_a_place_that_there_is_not(phone: Client) -> None:
    for path in ("/me/desk/place_moon", "/me/desk/place_moon/look"):
        assert phone.get(path).status_code == 404
        assert phone.post(path).status_code == 404


def test_other_findings_cannot_be_slipped_in(cast: Cast, phone: Client) -> None:
    look(phone, nrs_now="9", monitor_height="at_eye")
    assert not Finding.objects.filter(finding="nrs_now").exists()
    with pytest.raises(Refused):
        own_pages.look(
            episode=cast.episode,
            place="place_desk",
            values={"nrs_now": 9},
            key="k",
            knowledge=current.knowledge(),
            by=cast.patient,
        )


def test_the_therapist_sees_what_was_read(cast: Cast, plan: PlanOfCare, phone: Client, signed_in: Browser) -> None:
    phone.post("/me/understand/edu_1_condition")
    page = signed_in(cast.therapist).get(f"/episodes/{cast.episode.ref}").content.decode()
    assert "Read on the phone" in page
    assert current.knowledge().of(Education)["edu_1_condition"].title in page
