"""The intake on the phone: saved as it is given, unknown never a no, and a danger sign ends it with plain instructions."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from rhomboid import Knowledge
from rhomboid.vocabulary.case import read_case
from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock, current, interviewing
from rhomboid.web.records.actions import alerts, concerns, findings, interviews, plans
from rhomboid.web.records.models import Alert, Clinic, Concern, Finding, PatientInterview

from .conftest import Cast
from .phone import INTAKE, asked, become, everything_of, interview, known_but, play, say

SignedIn = Callable[[User], Client]
CASES = Path(__file__).parent.parent / "cases"
PAIN = (
    ("pain_regions", ["interscapular_l", "midline_t5_t8"]), ("onset_date", "2026-11-24"), ("nrs_now", 6),
    ("nrs_worst_24h", 9), ("nrs_best_24h", 3), ("nrs_average_7d", 5),
)  # fmt: skip


@pytest.fixture
def at_safety(cast: Cast, phone: Client) -> Client:
    """The phone where the signs are asked about: the pain of an hour ago is told."""
    phone.get(INTAKE)
    for question, value in PAIN:
        assert say(phone, question, value).status_code == 302, question
    return phone


@pytest.fixture(autouse=True)
def in_a_hurry(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the test of the way ahead looks at it."""
    if "honest" not in request.node.name:
        monkeypatch.setattr(interviewing.State, "ahead", lambda self: [])


def page(client: Client, address: str = INTAKE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def told(cast: Cast, name: str) -> Any:
    """The value that stands, and '' when there is none."""
    row = Finding.objects.filter(episode=cast.episode, finding=name).standing().last()
    return row.value if row else ""


def test_nothing_is_asked_before_consent(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.patient).get(INTAKE)
    assert (answer.status_code, answer["Location"]) == (302, "/me")
    assert not PatientInterview.objects.exists()


def test_an_answer_is_a_finding_of_the_persons_own(cast: Cast, phone: Client) -> None:
    assert "Where do you feel this pain?" in page(phone)
    say(phone, "pain_regions", ["interscapular_l", "midline_t5_t8"])
    row = Finding.objects.get()
    assert (row.source, row.method, row.rater, row.observed_on) == ("patient", interviews.METHOD, "Marisol Vega", clock.today())
    assert row.value == ["interscapular_l", "midline_t5_t8"]
    cast.episode.refresh_from_db()
    assert cast.episode.stage == "intake"
    assert "On what day did this pain begin?" in page(phone)


def test_since_when_is_kept_as_a_day(cast: Cast, phone: Client) -> None:
    phone.get(INTAKE)
    say(phone, "pain_regions", ["interscapular_l"])
    assert phone.post(INTAKE, {"q": "onset_date", "ago": "3", "unit": "wk"}).status_code == 302
    assert told(cast, "onset_date") == "2026-11-03"


def test_what_is_no_answer_is_said_kindly_and_nothing_is_lost(cast: Cast, phone: Client) -> None:
    phone.get(INTAKE)
    say(phone, "pain_regions", ["interscapular_l"])
    answer = phone.post(INTAKE, {"q": "onset_date", "ago": "3"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "choose days, weeks, months or years" in text
    assert 'name="ago"' in text
    assert 'value="3"' in text
    assert told(cast, "onset_date") == ""


def test_what_does_not_fit_earlier_answers_is_said_plainly(cast: Cast, phone: Client) -> None:
    phone.get(INTAKE)
    for question, value in PAIN[:3]:
        say(phone, question, value)
    answer = say(phone, "nrs_worst_24h", 4)
    assert answer.status_code == 422
    assert "does not fit what you said before" in answer.content.decode()
    assert told(cast, "nrs_worst_24h") == ""


def test_not_known_is_kept_and_never_becomes_a_no(cast: Cast, at_safety: Client, knowledge: Knowledge) -> None:
    gate = str(asked(cast.episode))
    assert gate in knowledge.vocabulary.gates
    say(at_safety, gate, None)
    assert {one["q"]: one["a"] for one in interview(cast.episode).answers["asked"]}[gate] is None
    assert not Finding.objects.filter(finding__in=[gate, *knowledge.vocabulary.gates[gate].closes]).exists()
    assert asked(cast.episode) != gate


def test_no_to_a_gate_closes_its_signs_as_the_core_has_them(cast: Cast, at_safety: Client, knowledge: Knowledge) -> None:
    gate = str(asked(cast.episode))
    say(at_safety, gate, False)
    assert told(cast, gate) is False
    state = interviewing.state_of(interview(cast.episode), knowledge, clock.today())
    assert {state.facts.value(name) for name in knowledge.vocabulary.gates[gate].closes} == {False}


def test_back_shows_what_was_said_and_another_answer_corrects_it(cast: Cast, at_safety: Client) -> None:
    now = asked(cast.episode)
    text = page(at_safety, f"{INTAKE}?n=2")
    assert re.search(r'name="a" value="6" checked', text)
    seen = re.search(r'name="seen" value="(\w+)"', text)
    assert seen
    assert at_safety.post(INTAKE, {"q": "nrs_now", "a": "7", "seen": seen[1]}).status_code == 302
    rows = Finding.objects.filter(finding="nrs_now").order_by("pk")
    assert [row.value for row in rows] == [6, 7]
    assert rows[1].corrects == rows[0]
    assert asked(cast.episode) == now


def test_no_to_a_gate_takes_back_the_yes_that_stood_behind_it(cast: Cast, phone: Client) -> None:
    known_but(cast.episode, cast.therapist, "rf_dysphagia", "rf_jaundice", "sane")
    phone.get(INTAKE)
    assert asked(cast.episode) == "gate_belly"
    say(phone, "gate_belly", True)
    say(phone, "rf_jaundice", False)
    assert asked(cast.episode) == "rf_dysphagia"
    say(phone, "rf_dysphagia", True)
    say(phone, "gate_belly", False)
    assert (told(cast, "gate_belly"), told(cast, "rf_dysphagia")) == (False, False)


def test_the_way_is_honest_and_goes_on_on_another_phone(cast: Cast, at_safety: Client, signed_in: SignedIn) -> None:
    left = re.compile(r"About (\d+) questions left")
    first, other = page(at_safety), page(signed_in(cast.patient))
    assert left.search(first)[1] == left.search(other)[1]  # type: ignore[index]
    say(at_safety, str(asked(cast.episode)), False)
    shorter = page(at_safety)
    assert int(left.search(shorter)[1]) == int(left.search(first)[1]) - 1  # type: ignore[index]
    assert "Your answer brought" not in shorter
    say(at_safety, str(asked(cast.episode)), True)
    assert re.search(r"Your answer brought \d+ more questions", page(at_safety))


def test_what_is_known_already_is_not_asked(cast: Cast, phone: Client, knowledge: Knowledge) -> None:
    known = {"pain_regions": ["sternum"], "onset_date": "2026-11-01", "nrs_now": 2}
    findings.record(episode=cast.episode, values=known, knowledge=knowledge, by=cast.therapist)
    page(phone)
    assert asked(cast.episode) == "nrs_worst_24h"


def test_the_therapists_correction_stays(cast: Cast, at_safety: Client, knowledge: Knowledge) -> None:
    text = page(at_safety, f"{INTAKE}?n=2")
    seen = re.search(r'name="seen" value="(\w+)"', text)
    findings.record(episode=cast.episode, values={"nrs_now": 4}, knowledge=knowledge, by=cast.therapist)
    answer = at_safety.post(INTAKE, {"q": "nrs_now", "a": "7", "seen": seen[1] if seen else ""})
    assert answer.status_code == 422
    assert "The clinic has changed this answer" in answer.content.decode()
    assert told(cast, "nrs_now") == 4


def test_activities_in_own_words_make_the_score(cast: Cast, phone: Client) -> None:
    known_but(cast.episode, cast.therapist, "psfs_mean", "sane")
    assert "What is hard for you now because of your back?" in page(phone)
    rows = {"what0": "Computer for an hour", "how0": "4", "what1": "Turn; in the car", "how1": "7"}
    assert phone.post(INTAKE, {"q": "psfs_mean", "what0": "Computer"}).status_code == 422
    assert phone.post(INTAKE, {"q": "psfs_mean"} | rows).status_code == 302
    row = Finding.objects.get(finding="psfs_mean")
    assert (row.value, row.note) == (5.5, "Computer for an hour 4; Turn, in the car 7")
    assert 'value="Computer for an hour"' in page(phone, f"{INTAKE}?n=0")


def test_it_ends_with_thanks_and_the_plan_takes_what_was_told(cast: Cast, phone: Client, knowledge: Knowledge) -> None:
    limits = {"home_minutes": 9, "home_equipment": ["band"], "positions_not_tolerated": ["prone"]}
    known_but(cast.episode, cast.therapist, *limits)
    assert play(phone, cast.episode, limits) == "/me/intake/done"
    assert "Your answers are saved" in page(phone, "/me/intake/done")
    assert phone.get(INTAKE)["Location"] == "/me/intake/done"
    assert phone.get("/me")["Location"] != INTAKE
    assert interview(cast.episode).outcome["action"] == "go_on"
    assert not Alert.objects.exists()
    plan = plans.propose(episode=cast.episode, knowledge=knowledge, by=cast.therapist)
    assert (plan.limits["minutes"], plan.limits["equipment"], plan.limits["avoid_positions"]) == (9, ["band"], ["prone"])


def test_all_of_it_in_spanish(cast: Cast, at_safety: Client) -> None:
    cast.marisol.language = "es"
    cast.marisol.save()
    text = page(at_safety)
    assert '<html lang="es">' in text
    assert "Siguiente" in text
    assert "No, nada de esto" in text
    assert re.search(r"Faltan? cerca de \d+ pregunta", text)
    heading = re.search(r'<h1 id="question"[^>]*>(.*?)</h1>', text, re.DOTALL)
    assert heading
    assert heading[1].strip().startswith("¿")


def test_the_back_of_the_body_is_not_the_way_back(cast: Cast, phone: Client) -> None:
    cast.marisol.language = "es"
    cast.marisol.save()
    text = page(phone)
    assert re.search(r'data-view-choice="back"[^>]*>Detrás</button>', text)
    assert 'aria-label="Atrás"' in text


def test_a_scale_is_empty_until_it_is_touched_and_says_its_ends(cast: Cast, phone: Client) -> None:
    phone.get(INTAKE)
    for question, value in PAIN[:2]:
        say(phone, question, value)
    text = page(phone)
    assert re.findall(r'name="a" value="(\d+)"', text) == [str(number) for number in range(11)]
    assert " checked" not in text
    assert "0: not at all" in text


# --- danger ------------------------------------------------------------------------------------------------------------------


def tear(phone: Client, cast: Cast) -> Any:
    """Sudden very bad pain an hour ago, when all else is well."""
    known_but(cast.episode, cast.therapist, "rf_pain_abrupt_severe", "rf_pain_tearing", "sane")
    phone.get(INTAKE)
    for question in ("gate_sudden", "rf_pain_abrupt_severe", "rf_pain_tearing"):
        answer = say(phone, question, True)
        if answer["Location"] != INTAKE:
            return answer
    raise AssertionError("nothing stopped it")


def test_an_emergency_stops_the_questions_and_says_whom_to_call(cast: Cast, phone: Client) -> None:
    assert tear(phone, cast)["Location"] == "/me/intake/done"
    assert phone.get("/me/intake/done")["Location"] == "/me/intake/stopped"
    text = page(phone, "/me/intake/stopped")
    assert 'href="tel:911"' in text
    assert "Call 911 now. Do not drive." in text
    assert "I have pain in my upper back." in text
    assert "The pain feels like ripping or tearing deep inside." in text
    assert "The clinic has your answers." in text
    names = {one.condition for one in Concern.objects.filter(state="open", urgency="emergency_now")}
    assert names
    assert not [name for name in names if current.knowledge().tables["condition"][name].name.lower() in text.lower()]


def test_the_other_questions_wait_until_a_therapist_lowers_the_concern(cast: Cast, phone: Client) -> None:
    tear(phone, cast)
    before = Finding.objects.count()
    assert phone.get(INTAKE)["Location"] == "/me/intake/stopped"
    assert phone.post(INTAKE, {"q": "gate_fever", "a": "false"})["Location"] == "/me/intake/stopped"
    assert Finding.objects.count() == before
    for one in Concern.objects.filter(state="open", urgency__in=("emergency_now", "same_day")):
        concerns.lower(
            concern=one, reason="Seen in the emergency room, scan clear.", knowledge=current.knowledge(), by=cast.therapist
        )
    assert "About" in page(phone)


def test_the_clinic_is_alerted_once_and_mailed_without_a_word_of_health(
    cast: Cast, phone: Client, settings: Any, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    settings.SENDS_MAIL = True
    Clinic.objects.update(email="desk@example.test")
    with django_capture_on_commit_callbacks(execute=True):
        tear(phone, cast)
    alert = Alert.objects.get()
    assert (alert.kind, alert.urgency, alert.seen_at) == ("intake", "emergency_now", None)
    assert "Ripping or tearing pain" in alert.text
    (mail,) = mailoutbox
    assert (mail.to, mail.subject, mail.body) == (
        ["desk@example.test"],
        alerts.SUBJECT,
        "A patient's answers need you now. Sign in.",
    )


def test_nobody_answers_for_somebody_else(cast: Cast, at_safety: Client) -> None:
    from rhomboid.web.records.actions import Refused

    with pytest.raises(Refused):
        interviews.answer(
            interview=interview(cast.episode), question="nrs_now", value=2, knowledge=current.knowledge(), by=cast.other_patient
        )
    with pytest.raises(Refused):
        interviews.begin(episode=cast.episode, kind="rescreen", knowledge=current.knowledge(), by=cast.therapist)


URGENT = ("S12_stiff_spine_stumble", "S20_49m_paraspinal", "S28_66m_taxi", "S45_44m_tearing")
HARMLESS = ("N27_29m_boxes",)


@pytest.mark.parametrize("name", [*URGENT, *HARMLESS])
def test_published_people_end_where_they_should(name: str, cast: Cast, phone: Client, knowledge: Knowledge) -> None:
    """Screen by screen: who has an emergency is stopped with 911 or "call us today", who has none comes to the end."""
    true = everything_of(read_case(CASES / f"{name}.toml", knowledge.vocabulary), knowledge)
    become(cast.marisol, true)
    assert play(phone, cast.episode, true) == "/me/intake/done"
    outcome = interview(cast.episode).outcome
    assert (outcome["action"] in ("emergency", "call"), outcome["stopped"]) == ((name in URGENT),) * 2
    assert Alert.objects.exists() is (name in URGENT)


def test_an_alert_whose_mail_is_refused_stands_and_the_log_says_so(
    cast: Cast, settings: Any, logged: io.StringIO, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 9
    Clinic.objects.update(email="desk@example.test")
    with django_capture_on_commit_callbacks(execute=True):
        alerts.raise_alert(episode=cast.episode, kind="session", urgency="same_day", text="Numb legs", by=cast.patient)
    assert Alert.objects.get().text == "Numb legs"
    assert "ConnectionRefusedError" in logged.getvalue()
    assert "desk@" not in logged.getvalue()
