"""When to worry: two minutes of questions, ending in go on, call the clinic, or call for help now; alerted, recorded, paused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from rhomboid import Knowledge
from rhomboid.knowledge.care import StopSymptom
from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock, home_program, interviewing
from rhomboid.web.records.actions import Refused, alerts, visits
from rhomboid.web.records.models import Alert, Concern, Finding, PatientInterview

from .conftest import NOW, Cast
from .phone import INTAKE, STOPS, WORRY, asked, interview, known_but, say

SignedIn = Callable[[User], Client]
WHICH = interviewing.WHICH


@pytest.fixture
def worried(cast: Cast, phone: Client) -> Client:
    """All was well so far, and the first question is on the screen."""
    known_but(cast.episode, cast.therapist)
    assert phone.post("/me/worry")["Location"] == WORRY
    return phone


def answer(client: Client, cast: Cast, **true: Any) -> list[str]:
    """Answers the questions to their end: no, where nothing else is true. Gives the questions."""
    found: list[str] = []
    while (question := asked(cast.episode, "rescreen")) and len(found) < 40:
        usual: Any = [] if question == STOPS or question.startswith(WHICH) else False
        value = true.get(question.replace(":", "_"), usual)
        if say(client, question, value, WORRY).status_code == 422:
            say(client, question, None, WORRY)
        found.append(question)
    return found


def page(client: Client, address: str = "/me/worry/answer") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_nothing_new_takes_two_minutes_and_lets_the_person_go_on(cast: Cast, worried: Client, knowledge: Knowledge) -> None:
    found = answer(worried, cast)
    assert found == [STOPS, *(one.id for one in visits.due_questions(knowledge))]
    assert len(found) <= 12
    kept = interview(cast.episode, "rescreen")
    assert (kept.outcome["action"], kept.finished_at) == ("go_on", NOW)
    assert "You can go on" in page(worried)
    assert not Alert.objects.exists()
    assert home_program.program_of(cast.episode, knowledge, on=clock.today()).pause == ""


def test_a_sign_of_an_emergency_ends_it_at_once(cast: Cast, worried: Client, knowledge: Knowledge) -> None:
    assert say(worried, STOPS, ["stop_chest"], WORRY)["Location"] == "/me/worry/answer"
    text = page(worried)
    assert 'href="tel:911"' in text
    assert "I have this now: pressure, tightness or pain in the chest, jaw or arm." in text
    assert "We have paused them." in text
    alert = Alert.objects.get()
    assert (alert.kind, alert.urgency, alert.text) == ("rescreen", "emergency_now", "Chest symptom")
    assert home_program.program_of(cast.episode, knowledge, on=clock.today()).pause == "stopped"


def test_a_raised_concern_opens_as_everywhere(cast: Cast, worried: Client) -> None:
    answer(worried, cast, rs_visit_bladder=True, which_rs_visit_bladder=["rf_bladder_retention", "rf_saddle_numbness"])
    concern = Concern.objects.filter(state="open", urgency="emergency_now").first()
    assert concern
    cast.episode.refresh_from_db()
    assert cast.episode.held
    rows = Finding.objects.filter(finding="rf_saddle_numbness").order_by("pk")
    assert [(row.source, row.value) for row in rows][-1] == ("patient", True)
    assert "I feel numb between my legs." in page(worried)


def test_a_slower_sign_is_looked_into_and_ends_with_a_call_to_the_clinic(cast: Cast, worried: Client, knowledge: Knowledge) -> None:
    found = answer(worried, cast, stops=["stop_dizziness"], which_stop_dizziness=["dizziness"])
    assert f"{WHICH}stop_dizziness" in found
    assert interview(cast.episode, "rescreen").outcome["action"] == "call"
    text = page(worried)
    assert "Call us today" in text
    assert "If you cannot reach us" in text, "this clinic has given no number"
    assert "Call 911 if you notice" in text
    assert home_program.program_of(cast.episode, knowledge, on=clock.today()).pause == "stopped"


def test_not_sure_is_looked_into_and_is_never_a_no(cast: Cast, worried: Client, knowledge: Knowledge) -> None:
    before = Finding.objects.count()
    found = answer(worried, cast, rs_visit_fever=None, which_rs_visit_fever=None)
    assert f"{WHICH}rs_visit_fever" in found
    assert not Finding.objects.filter(source="patient", finding__in=["rf_fever_reported", "rf_chills_rigors"]).exists()
    assert Finding.objects.count() == before
    assert (Alert.objects.get().urgency, interview(cast.episode, "rescreen").outcome["action"]) == ("monitor", "go_on")


def test_every_stop_symptom_says_what_the_knowledge_says(cast: Cast, phone: Client, knowledge: Knowledge) -> None:
    state = interviewing.State(knowledge, "rescreen", clock.today(), {})
    for one in knowledge.of(StopSymptom).values():
        found = interviewing.outcome_of(assessment(cast, knowledge), [one.id])
        assert found.action == ("emergency" if one.call == "911" else "call"), one.id
        assert interviewing.signs_of(one, state), one.id


def assessment(cast: Cast, knowledge: Knowledge) -> Any:
    from rhomboid.web.records import bridge

    return bridge.assess_episode(cast.episode, knowledge, on=clock.today())


def test_questions_that_were_left_begin_anew(cast: Cast, worried: Client) -> None:
    say(worried, STOPS, [], WORRY)
    with clock.fixed(NOW + timedelta(minutes=20)):
        worried.post("/me/worry")
        assert asked(cast.episode, "rescreen") != STOPS
    with clock.fixed(NOW + timedelta(minutes=35)):
        worried.post("/me/worry")
        assert asked(cast.episode, "rescreen") == STOPS
    assert PatientInterview.objects.filter(kind="rescreen").count() == 2


def test_the_card_knows_the_signs_and_nobody(cast: Cast, signed_in: SignedIn) -> None:
    """It is kept on the phone for the subway, so it must hold without consent and without a word about the person."""
    client = signed_in(cast.patient)
    text = page(client, "/me/worry/card")
    assert "Sudden, very bad pain in your back, chest or belly" in text
    assert 'href="tel:911"' in text
    assert "Vega" not in text
    assert "Start" not in page(client, "/me/worry")
    assert client.post("/me/worry").status_code == 200
    assert not PatientInterview.objects.exists()


def test_the_answer_in_spanish(cast: Cast, worried: Client) -> None:
    cast.marisol.language = "es"
    cast.marisol.save()
    say(worried, STOPS, ["stop_breath"], WORRY)
    text = page(worried)
    assert "Llame al 911 ahora. No maneje." in text
    assert "Tengo dolor en la parte alta de la espalda." in text
    assert "La clínica tiene sus respuestas." in text


def test_thoughts_of_suicide_name_the_line_to_call(cast: Cast, phone: Client) -> None:
    known_but(cast.episode, cast.therapist, "rf_suicidal_thoughts", "sane")
    phone.get(INTAKE)
    assert say(phone, "rf_suicidal_thoughts", True)["Location"] == "/me/intake/done"
    text = page(phone, "/me/intake/stopped")
    assert 'href="tel:988"' in text
    assert "Call or text 988 now, day or night" in text
    assert "You are not alone" in text


# --- the clinic --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(cast: Cast, worried: Client) -> Alert:
    say(worried, STOPS, ["stop_chest"], WORRY)
    return Alert.objects.get()


def test_the_therapist_sees_it_first_and_marks_it_with_name_and_time(cast: Cast, told: Alert, signed_in: SignedIn) -> None:
    client = signed_in(cast.therapist)
    text = client.get("/today").content.decode()
    assert "Answered in When to worry" in text
    assert "Chest symptom" in text
    assert client.post(f"/alerts/{told.ref}/seen", {"to": "today"})["Location"] == "/today"
    told.refresh_from_db()
    assert (told.seen_by, told.seen_by_label, told.seen_at) == (cast.therapist, cast.therapist.label, NOW)
    assert "Answered in When to worry" not in client.get("/today").content.decode()
    assert f"seen by {cast.therapist.label}" in client.get(f"/episodes/{cast.episode.ref}").content.decode()
    alerts.see(alert=told, by=cast.colleague)
    told.refresh_from_db()
    assert told.seen_by == cast.therapist


def test_the_story_leaves_out_nothing_that_nobody_has_seen_and_has_the_most_urgent_first(
    cast: Cast, told: Alert, signed_in: SignedIn
) -> None:
    for number in range(7):
        with clock.fixed(NOW + timedelta(minutes=number)):
            alerts.raise_alert(episode=cast.episode, kind="session", urgency="monitor", text=f"Told {number}", by=cast.patient)
    text = signed_in(cast.therapist).get(f"/episodes/{cast.episode.ref}").content.decode()
    assert text.index("Chest symptom") < min(text.index("Told 0"), text.index("Told 6"))
    assert text.count("Mark as seen") == 8


def test_an_emergency_stands_on_every_therapists_list(cast: Cast, told: Alert, signed_in: SignedIn) -> None:
    assert "Chest symptom" in signed_in(cast.colleague).get("/today").content.decode()


def test_the_front_desk_sees_whom_to_call_and_nothing_clinical(cast: Cast, told: Alert, signed_in: SignedIn) -> None:
    client = signed_in(cast.front_desk)
    text = client.get("/today").content.decode()
    assert "answers need a therapist" in text
    assert "Marisol Vega" in text
    assert "Tell Dara Okafor now" in text
    assert "Chest" not in text
    assert client.post(f"/alerts/{told.ref}/seen").status_code == 403
    with pytest.raises(Refused):
        alerts.see(alert=told, by=cast.front_desk)


def test_exercises_go_on_when_a_licensed_therapist_says_why(
    cast: Cast, told: Alert, signed_in: SignedIn, knowledge: Knowledge
) -> None:
    client, path = signed_in(cast.therapist), f"/episodes/{cast.episode.ref}/home/go-on"
    assert "Exercises at home are paused" in client.get(f"/episodes/{cast.episode.ref}").content.decode()
    assert client.post(path, {"reason": "fine"}).status_code == 422
    assert signed_in(cast.assistant).post(path, {"reason": "Seen at the hospital, heart is fine"}).status_code == 403
    assert client.post(path, {"reason": "Seen at the hospital, heart is fine"}).status_code == 302
    assert home_program.program_of(cast.episode, knowledge, on=clock.today()).pause == ""
    assert client.post(path, {"reason": "Seen at the hospital, heart is fine"}).status_code == 409
