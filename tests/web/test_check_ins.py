"""Check-ins after discharge: made with it, answered once on the phone, and what comes of the answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock, current, staying_well
from rhomboid.web.records.actions import Overtaken, Refused, check_ins, consents, discharge, findings, interviews
from rhomboid.web.records.actions.visits import due_questions
from rhomboid.web.records.interviewing import STOPS
from rhomboid.web.records.models import Alert, CheckIn, Finding

from . import care
from .conftest import NOW, Cast

LATER = NOW + timedelta(days=42)
DUE = LATER + timedelta(days=14)
LEFT = {"nrs_average_7d": 2, "psfs_mean": 8.0}
In = Callable[[User], Client]


@pytest.fixture
def home(cast: Cast) -> CheckIn:
    """Marisol is discharged with pain 2 and function 8; the first check-in, two weeks later."""
    care.under_care(cast.episode, cast.therapist)
    consents.record(episode=cast.episode, kind="data", given=True, text="Agreed", by=cast.therapist)
    consents.record(episode=cast.episode, kind="care", given=True, text="Agreed", by=cast.therapist)
    with clock.fixed(LATER):
        findings.record(episode=cast.episode, values=LEFT, knowledge=current.knowledge(), by=cast.therapist)
        discharge.discharge(
            episode=cast.episode, pathway="achieved", summary="Goals reached, goes on alone.", knowledge=current.knowledge(),
            by=cast.therapist,
        )  # fmt: skip
    cast.episode.refresh_from_db()
    return cast.episode.check_ins.all()[0]


def told(cast: Cast, found: CheckIn, **answers: Any) -> CheckIn:
    for question, value in answers.items():
        check_ins.answer(check_in=found, question=question, value=value, knowledge=current.knowledge(), by=cast.patient)
    return CheckIn.objects.get(pk=found.pk)


def safe(cast: Cast, found: CheckIn, **answers: Any) -> CheckIn:
    """Answers the safety questions: no to all but what is given."""
    opened = check_ins.begin_safety(check_in=found, knowledge=current.knowledge(), by=cast.patient)
    knowledge = current.knowledge()
    for name in (STOPS, *(one.id for one in due_questions(knowledge))):
        value = answers.get(name, [] if name == STOPS else False)
        assert opened.interview
        interviews.answer(interview=opened.interview, question=name, value=value, knowledge=knowledge, by=cast.patient)
    return check_ins.finish(check_in=found, knowledge=knowledge, by=cast.patient)


def test_the_agreed_dates_become_check_ins_one_a_day(cast: Cast, home: CheckIn) -> None:
    rows = [(one.due_on, one.kind, one.optional) for one in cast.episode.check_ins.all()]
    assert rows == [
        (date(2027, 1, 19), "message", False),
        (date(2027, 2, 16), "call", False),
        (date(2027, 4, 6), "visit", False),
        (date(2027, 7, 6), "visit", True),
        (date(2028, 1, 4), "visit", True),
    ]


def test_two_contacts_of_one_day_are_one_check_in(cast: Cast, home: CheckIn) -> None:
    CheckIn.objects.filter(episode=cast.episode).delete()
    row = cast.episode.discharge
    row.contacts = [{"on": "2027-02-01", "kind": "message"}, {"on": "2027-02-01", "kind": "visit", "optional": True}]
    assert [(one.kind, one.optional) for one in check_ins.plan(discharge=row)] == [("visit", False)]


def test_the_last_due_one_is_asked_and_a_missed_one_is_not_asked_later(cast: Cast, home: CheckIn) -> None:
    assert staying_well.open_check_in(cast.episode, home.due_on - timedelta(days=1)) is None
    assert staying_well.open_check_in(cast.episode, home.due_on) == home
    second = cast.episode.check_ins.all()[1]
    assert staying_well.open_check_in(cast.episode, second.due_on) == second
    following = staying_well.next_check_in(cast.episode, second.due_on)
    assert following
    assert following.kind == "visit"


def test_nobody_else_answers_and_not_before_the_day(cast: Cast, home: CheckIn) -> None:
    with pytest.raises(Refused, match="not due"):
        told(cast, home, nrs_average_7d=2)
    with clock.fixed(DUE), pytest.raises(Refused, match="Only the person"):
        check_ins.answer(check_in=home, question="nrs_average_7d", value=2, knowledge=current.knowledge(), by=cast.other_patient)


CASES: tuple[tuple[dict[str, Any], str], ...] = (
    ({"nrs_average_7d": 3, "psfs_mean": 7}, "well"),
    ({"nrs_average_7d": 4, "psfs_mean": 8, "worse_for": "days"}, "flare"),
    ({"nrs_average_7d": 2, "psfs_mean": 6, "worse_for": None}, "flare"),
    ({"nrs_average_7d": 6, "psfs_mean": 3, "worse_for": "longer"}, "recurrence"),
    ({"nrs_average_7d": None, "psfs_mean": None}, "unclear"),
    ({"nrs_average_7d": None, "psfs_mean": 8}, "unclear"),
)


@pytest.mark.parametrize(("answers", "result"), CASES)
def test_what_the_answers_come_to(cast: Cast, home: CheckIn, answers: dict[str, Any], result: str) -> None:
    measures = {name: value for name, value in answers.items() if name != "worse_for"}
    with clock.fixed(DUE):
        told(cast, home, **measures, strength_days_per_week=2)
        found = CheckIn.objects.get(pk=home.pk)
        assert ("worse_for" in answers) == (
            staying_well.HOW_LONG in staying_well.Standing(found, current.knowledge(), clock.today()).steps
        )
        told(cast, home, **{name: value for name, value in answers.items() if name == "worse_for"})
        assert safe(cast, home).result == result
    assert Alert.objects.filter(kind="check_in").count() == (0 if result == "well" else 1)
    known = {name for name, value in measures.items() if value is not None} | {"strength_days_per_week"}
    rows = Finding.objects.filter(episode=cast.episode, method=check_ins.METHOD)
    assert {row.finding for row in rows} == known
    assert {row.source for row in rows} == {"patient"}


def test_a_danger_sign_ends_it_and_the_clinic_is_told(cast: Cast, home: CheckIn) -> None:
    knowledge = current.knowledge()
    with clock.fixed(DUE):
        opened = check_ins.begin_safety(check_in=home, knowledge=knowledge, by=cast.patient)
        assert opened.interview
        interviews.answer(interview=opened.interview, question=STOPS, value=["stop_chest"], knowledge=knowledge, by=cast.patient)
        assert check_ins.finish(check_in=home, knowledge=knowledge, by=cast.patient).result == "danger"
    assert Alert.objects.get().urgency == "emergency_now"


def test_it_is_answered_once_and_never_changes(cast: Cast, home: CheckIn) -> None:
    with clock.fixed(DUE):
        with pytest.raises(Refused, match="Not all"):
            check_ins.finish(check_in=home, knowledge=current.knowledge(), by=cast.patient)
        told(cast, home, nrs_average_7d=1, psfs_mean=8, strength_days_per_week=2)
        safe(cast, home)
        with pytest.raises(Overtaken, match="answered already"):
            told(cast, home, nrs_average_7d=9)


def test_without_a_measure_at_discharge_a_poor_answer_is_still_asked_about(cast: Cast, home: CheckIn) -> None:
    row = cast.episode.discharge.assessment
    row.findings = {name: value for name, value in row.findings.items() if name not in LEFT}
    row.save()
    with clock.fixed(DUE):
        found = told(cast, home, nrs_average_7d=6)
        assert [one.then for one in staying_well.Standing(found, current.knowledge(), clock.today()).worse] == [None]


# --- on the phone ------------------------------------------------------------------------------------------------------------


def post(client: Client, home: CheckIn, question: str, value: str) -> Any:
    return client.post(reverse("me_check_in", args=[home.ref]), {"question": question, "value": value})


def questions(client: Client, **answers: str) -> Any:
    """Answers the safety questions on their pages, one after the other, until they end."""
    page = reverse("me_check_in_safety")
    for name in (STOPS, *(one.id for one in due_questions(current.knowledge()))):
        answer = client.post(page, {"q": name, "a": answers.get(name, "-" if name == STOPS else "false")})
        if answer.status_code != 302 or answer["Location"] != page:
            return answer
    return answer


def test_it_asks_one_question_a_screen_with_the_value_at_discharge(cast: Cast, home: CheckIn, signed_in: In) -> None:
    with clock.fixed(DUE):
        client, page = signed_in(cast.patient), reverse("me_check_in", args=[home.ref])
        first = client.get(page).content.decode()
        assert "2 weeks later" in first
        assert "It was 2 when you left us" in first
        assert post(client, home, "nrs_average_7d", "").status_code == 422
        assert post(client, home, "nrs_average_7d", "44").status_code == 422
        assert post(client, home, "nrs_average_7d", "2").status_code == 302
        second = client.get(page).content.decode()
        assert "It was 8 when you left us" in second
        assert "?q=nrs_average_7d" in second
        assert 'value="2" checked' in client.get(page, {"q": "nrs_average_7d"}).content.decode()
        post(client, home, "psfs_mean", "8")
        assert post(client, home, "strength_days_per_week", "unsure")["Location"] == reverse("me_check_in_safety")
        assert questions(client)["Location"] == page
        done = client.get(page).content.decode()
    assert "as well as when you left us" in done
    assert "February 16, 2027" in done or "Feb. 16, 2027" in done
    assert CheckIn.objects.get(pk=home.pk).result == "well"


def test_worse_for_long_asks_whether_they_want_to_come_back_in_spanish(cast: Cast, home: CheckIn, signed_in: In) -> None:
    cast.marisol.language = "es"
    cast.marisol.save()
    with clock.fixed(DUE):
        client, page = signed_in(cast.patient), reverse("me_check_in", args=[home.ref])
        for question, value in (("nrs_average_7d", "6"), ("psfs_mean", "5"), ("strength_days_per_week", "0")):
            post(client, home, question, value)
        assert "7 días" in client.get(page).content.decode()
        post(client, home, "worse_for", "longer")
        questions(client)
        done = client.get(page).content.decode()
    assert "¿Quiere volver?" in done
    assert reverse("me_again") in done
    assert "Do you want" not in done


def test_a_danger_sign_leads_to_the_same_advice_as_when_to_worry(cast: Cast, home: CheckIn, signed_in: In) -> None:
    with clock.fixed(DUE):
        client = signed_in(cast.patient)
        for question, value in (("nrs_average_7d", "2"), ("psfs_mean", "8"), ("strength_days_per_week", "2")):
            post(client, home, question, value)
        questions(client, **{STOPS: "stop_chest"})
        assert CheckIn.objects.get(pk=home.pk).result == "danger"
        answer = client.get(reverse("me_check_in", args=[home.ref]))
        assert answer["Location"] == reverse("me_worry_answer")
        assert "911" in client.get(answer["Location"]).content.decode()


def test_it_is_not_shown_before_its_day_nor_to_anybody_else(cast: Cast, home: CheckIn, signed_in: In) -> None:
    page = reverse("me_check_in", args=[home.ref])
    with clock.fixed(LATER):
        assert signed_in(cast.patient).get(page)["Location"] == reverse("me_well")
    with clock.fixed(DUE):
        assert signed_in(cast.other_patient).get(page).status_code == 404
        assert signed_in(cast.therapist).get(page).status_code == 403


def test_the_clinic_sees_on_the_discharge_what_was_answered(cast: Cast, home: CheckIn, signed_in: In) -> None:
    with clock.fixed(DUE):
        told(cast, home, nrs_average_7d=5, psfs_mean=8, strength_days_per_week=2, worse_for="days")
        safe(cast, home)
        page = signed_in(cast.therapist).get(reverse("discharge", args=[cast.episode.ref])).content.decode()
    assert "Answered Jan 19: a flare" in page
