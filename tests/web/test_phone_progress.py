"""Progress on the phone: what changed, whether it is real, and a week without guilt."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from rhomboid.web.accounts.models import User
from rhomboid.web.portal.progress import verdict, week_words
from rhomboid.web.records import bridge, clock, current, progress
from rhomboid.web.records.actions import findings
from rhomboid.web.records.comparison import compare
from rhomboid.web.records.home_program import HomeProgram, program_of
from rhomboid.web.records.models import Document, Finding, HomeSession, Message, PhoneReport, PlanOfCare
from rhomboid.web.records.progress import Week

from . import care
from .conftest import NOW, Cast
from .phone import agree

TODAY = NOW.date()  # a Tuesday
DAY = timedelta(days=1)
Browser = Callable[[User], Client]


@pytest.fixture
def plan(cast: Cast) -> PlanOfCare:
    """Marisol under care since five weeks."""
    cast.episode.started_on = TODAY - 40 * DAY
    cast.episode.save()
    with clock.fixed(NOW - 35 * DAY):
        agree(cast.episode, cast.patient)
        return care.under_care(cast.episode, cast.therapist)


@pytest.fixture
def phone(cast: Cast, plan: PlanOfCare, signed_in: Browser) -> Client:
    return signed_in(cast.patient)


def measured(cast: Cast, on: date, **values: Any) -> None:
    findings.record(episode=cast.episode, values=values, knowledge=current.knowledge(), by=cast.therapist, on=on)


def at_home(cast: Cast, plan: PlanOfCare, on: date, **told: Any) -> None:
    HomeSession.objects.create(episode=cast.episode, item=care.item(plan, "exercise"), on=on, **told)


def morning(cast: Cast, on: date, rest: int) -> None:
    body = {"kind": "morning", "on": on.isoformat(), "rest": rest}
    PhoneReport.objects.create(
        episode=cast.episode, key=f"morning-{on}", kind="morning", body=body, digest="x", received_at=NOW, answer={}
    )


def pain(cast: Cast) -> progress.Measured:
    found = progress.pain(cast.episode, bridge.standing_findings(cast.episode), current.knowledge(), TODAY)
    assert found
    return found


# --- pain ------------------------------------------------------------------------------------------------------------


def test_weeks_without_a_question_are_filled_from_home(cast: Cast, plan: PlanOfCare) -> None:
    """What was told on the phone goes before the exercises of the day, and two days do not make a week."""
    monday = TODAY - DAY - timedelta(weeks=2)
    for number, rest in enumerate((4, 3, 2)):
        morning(cast, monday + number * DAY, rest)
        at_home(cast, plan, monday + number * DAY, rest=9)
    for number in range(2):
        at_home(cast, plan, monday + timedelta(weeks=1, days=number), rest=1)
    found = pain(cast)
    assert [(one.value, one.source) for one in found.points] == [(6.0, "asked"), (3.0, "home")]
    assert found.daily[:3] == ((monday, 4.0), (monday + DAY, 3.0), (monday + 2 * DAY, 2.0))


def test_a_week_with_a_question_is_not_averaged_as_well(cast: Cast, plan: PlanOfCare) -> None:
    for number in range(7):
        at_home(cast, plan, TODAY - (number + 1) * DAY, rest=2)
    measured(cast, TODAY - DAY, nrs_average_7d=5)
    assert [one.source for one in pain(cast).points] == ["asked", "asked"]


def test_one_value_has_no_verdict(cast: Cast, plan: PlanOfCare) -> None:
    assert pain(cast).change is None
    assert verdict(pain(cast).change) is None


@pytest.mark.parametrize(
    ("now", "icon", "words"),
    [
        (1, "check", "real, and big enough to matter"),
        (3, "approx", "would be big enough to matter. It could still be chance"),
        (5, "approx", "small change. It could be chance"),
        (6, "approx", "About the same"),
        (10, "flag", "got worse"),
    ],
)
def test_the_verdict_follows_the_error_of_the_measure(cast: Cast, plan: PlanOfCare, now: int, icon: str, words: str) -> None:
    """Pain from 6: its error is 4 points, what matters 2."""
    measured(cast, TODAY, nrs_average_7d=now)
    said = verdict(pain(cast).change)
    assert said
    assert said.icon == icon
    assert words in said.words


def test_the_page_says_what_changed_and_keeps_the_numbers(cast: Cast, phone: Client) -> None:
    measured(cast, TODAY, nrs_average_7d=1, psfs_mean=8.5)
    page = phone.get("/me/progress").content.decode()
    assert "This change is real, and big enough to matter." in page
    assert "Pain, average of the week: from 6 on Oct 20 to 1 on Nov 24." in page
    assert "What you wanted to do" in page
    assert '<td class="num tn">8.5</td>' in page
    assert "Your goal is" in page


def test_the_days_at_home_are_points_of_one_path(cast: Cast, plan: PlanOfCare, phone: Client, signed_in: Browser) -> None:
    for number in range(1, 5):
        at_home(cast, plan, TODAY - number * DAY, rest=2)
    measured(cast, TODAY, nrs_average_7d=3)
    story = signed_in(cast.therapist).get(f"/episodes/{cast.episode.ref}")
    for page in (phone.get("/me/progress"), story):
        drawn = re.findall(r'<path class="daily" d="((?:M[\d.]+ [\d.]+h0)+)"/>', page.content.decode())
        assert drawn
        assert {path.count("M") for path in drawn} == {4}


def test_it_speaks_spanish(cast: Cast, phone: Client) -> None:
    cast.marisol.language = "es"
    cast.marisol.save()
    measured(cast, TODAY, nrs_average_7d=1)
    page = phone.get("/me/progress").content.decode()
    assert "Este cambio es real, y lo bastante grande para notarse." in page
    assert "Girar a la izquierda" in page or "izquierda" in page
    assert "This " not in page


# --- the week --------------------------------------------------------------------------------------------------------


def week(done: int, asked: int | None) -> Week:
    return Week(TODAY - DAY, ("done",) * 7, done, asked)


def test_a_missed_day_is_fine() -> None:
    assert week_words(week(5, 6)) == "You did 5 of 6 this week. Missing one is fine."
    assert week_words(week(3, 6)) == "You did 3 of 6 this week. Missing some is fine."
    assert week_words(week(6, 6)) == "You did 6 of 6 this week."
    assert week_words(week(0, 4)) == "None yet this week. Any day is a good day to start."
    assert week_words(week(1, None)) == "You did 1 day this week."
    assert week_words(week(0, None)) == "No exercises are planned for now."


def test_only_days_that_are_over_are_asked_for(cast: Cast, plan: PlanOfCare) -> None:
    """It is Tuesday, nothing was done yet today: one day was asked for, and it was done."""
    at_home(cast, plan, TODAY - DAY)
    found = progress.weeks(cast.episode, _program(cast), TODAY)[-1]
    assert (found.done, found.asked) == (1, 1)
    assert found.days == ("done", "today", "ahead", "ahead", "ahead", "ahead", "ahead")


def test_a_day_that_was_begun_counts_as_tried(cast: Cast, plan: PlanOfCare) -> None:
    at_home(cast, plan, TODAY - DAY, completed=False)
    found = progress.weeks(cast.episode, _program(cast), TODAY)[-1]
    assert (found.done, found.days[0]) == (1, "half")


def test_weeks_before_the_plan_are_not_asked_about(cast: Cast, plan: PlanOfCare) -> None:
    found = progress.weeks(cast.episode, _program(cast), TODAY)
    assert len(found) == 6
    assert found[0].first == date(2026, 10, 19)
    assert progress.weeks(cast.other, _program(cast), TODAY) == ()
    later = progress.weeks(cast.episode, _program(cast), TODAY + timedelta(weeks=2))
    assert (len(later), later[0].first) == (6, date(2026, 11, 2))


def _program(cast: Cast) -> HomeProgram:
    return program_of(cast.episode, current.knowledge(), on=TODAY)


# --- goals, papers, the next visit -----------------------------------------------------------------------------------


def test_a_goal_for_less_pain_grows_as_well(cast: Cast, plan: PlanOfCare) -> None:
    measured(cast, TODAY, nrs_average_7d=3, psfs_mean=7.0)
    rows = {row.goal.template: row for row in compare(cast.episode, current.knowledge(), on=TODAY).goals}
    less = progress.bar(rows["g_pain"], 0, 10)
    assert less
    assert (less.baseline, less.now) == (0.4, 0.7)
    more = progress.bar(rows["g_psfs"], 0, 10)
    assert more
    assert (more.baseline, more.now, more.target) == (0.4, 0.7, 0.6)


def test_a_goal_that_was_not_measured_again_says_so(cast: Cast, phone: Client) -> None:
    assert "Not measured again yet." in phone.get("/me/progress").content.decode()


def paper(cast: Cast, kind: str) -> Document:
    return Document.objects.create(
        episode=cast.episode, kind=kind, title=f"A {kind}", mime="application/pdf", content=b"%PDF-", size=5, sha256="0" * 64,
        made_by_label="x",
    )  # fmt: skip


def test_only_papers_meant_for_the_person_are_there(cast: Cast, phone: Client) -> None:
    theirs, note = paper(cast, "home_program"), paper(cast, "note")
    page = phone.get("/me/progress").content.decode()
    assert f'"/me/documents/{theirs.ref}"' in page
    assert "Home program" in page
    assert note.ref not in page
    assert "A note" not in page
    response = phone.get(f"/me/documents/{theirs.ref}")
    assert response.content == b"%PDF-"
    assert response["Content-Disposition"] == f'attachment; filename="home_program-{theirs.ref}.pdf"'
    assert phone.get(f"/me/documents/{note.ref}").status_code == 404


def test_the_next_visit_is_there(cast: Cast, phone: Client) -> None:
    care.visit(cast.episode, cast.therapist, NOW + 3 * DAY)
    page = phone.get("/me/progress").content.decode()
    assert "Next visit" in page
    assert "Friday" in page


def test_before_anything_is_known_the_page_is_calm(cast: Cast, signed_in: Browser) -> None:
    agree(cast.other, cast.other_patient)
    page = signed_in(cast.other_patient).get("/me/progress").content.decode()
    assert "Nothing to show yet" in page
    assert "this week" not in page


def test_after_discharge_the_page_stays_and_asks_for_nothing(cast: Cast, plan: PlanOfCare, phone: Client) -> None:
    at_home(cast, plan, TODAY - DAY)
    cast.episode.stage, cast.episode.ended_on = "discharged", TODAY
    cast.episode.save()
    response = phone.get("/me/progress")
    assert response.status_code == 200
    assert "this week" not in response.content.decode()
    for path in ("/me/messages", "/me/understand", "/me/desk"):
        assert phone.get(path).status_code == 200


def test_before_consent_nothing_is_shown(cast: Cast, signed_in: Browser) -> None:
    client = signed_in(cast.other_patient)
    for path in ("/me/progress", "/me/messages", "/me/understand", "/me/desk", "/me/understand/edu_1_condition"):
        assert client.get(path)["Location"] == "/me"
    assert client.get("/me/desk/place_desk").status_code == 404
    assert client.post("/me/messages", {"text": "x", "key": "k"})["Location"] == "/me"
    assert not Message.objects.exists()


def test_while_exercises_are_paused_nobody_is_told_to_start(cast: Cast, phone: Client) -> None:
    cast.episode.held = True
    cast.episode.save()
    page = phone.get("/me/progress").content.decode()
    assert "No exercises are planned for now." in page
    assert "Any day is a good day" not in page


def test_where_nobody_asked_for_function_a_goal_that_was_measured_is_drawn(cast: Cast, phone: Client) -> None:
    Finding.objects.filter(finding="psfs_mean").delete()
    measured(cast, TODAY, rom_thx_rot_seated_l=36)
    shown = phone.get("/me/progress").context["curves"]
    assert [one.caption for one in shown] == ["Pain, average of the week", "Turning to the left"]
    assert (shown[1].first, shown[1].last) == ("28", "36")
    assert shown[1].verdict.words.startswith("This change is real.")  # 8 degrees; the error is 6.3, and what matters is not known
    assert shown[1].curve.course.matters is None
