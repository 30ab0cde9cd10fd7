"""After discharge: what keeps people well on the phone, the flare plan, coming back, reminders, and what the lead sees."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from rhomboid.cli.main import main
from rhomboid.knowledge.care import StayingWell, StopSymptom
from rhomboid.knowledge.languages import load_language
from rhomboid.web.accounts.models import User
from rhomboid.web.records import audit, clock, current, lists, outcomes, reminding
from rhomboid.web.records.actions import Refused, coming_back, consents, discharge, episodes, findings, links
from rhomboid.web.records.models import Alert, CheckIn, Discharge, Episode, Finding, PersonalLink

from . import care
from .conftest import NOW, Cast

LATER = NOW + timedelta(days=42)
DUE = LATER + timedelta(days=14)
KNOWN = {"rf_diabetes": True, "hx_asthma": False, "hand_dominance": "right", "nrs_average_7d": 2}
In = Callable[[User], Client]


@pytest.fixture
def home(cast: Cast) -> Discharge:
    """Marisol is discharged; her phone opens for twelve months."""
    care.under_care(cast.episode, cast.therapist)
    for kind in ("care", "data"):
        consents.record(episode=cast.episode, kind=kind, given=True, text="Agreed", by=cast.therapist)
    links.issue(episode=cast.episode, by=cast.therapist)
    with clock.fixed(LATER):
        findings.record(episode=cast.episode, values=KNOWN, knowledge=current.knowledge(), by=cast.therapist)
        row = discharge.discharge(
            episode=cast.episode, pathway="achieved", summary="Goals reached, goes on alone.", knowledge=current.knowledge(),
            by=cast.therapist,
        )  # fmt: skip
    cast.episode.refresh_from_db()
    return row


def speaks(cast: Cast, language: str) -> None:
    cast.marisol.language = language
    cast.marisol.save()


# --- the pages ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_keeps_people_well_is_said_in_their_language(cast: Cast, home: Discharge, signed_in: In, language: str) -> None:
    speaks(cast, language)
    said = load_language(language, current.knowledge())
    with clock.fixed(DUE - timedelta(days=1)):
        client = signed_in(cast.patient)
        assert client.get(reverse("me"))["Location"] == reverse("me_well")
        page = client.get(reverse("me_well")).content.decode()
    for one in home.home:
        assert escape(said.say("exercise", one["exercise"], "name")) in page
    for id_ in ("sw_dose", "sw_minimum", "sw_triggers"):
        assert escape(said.say("staying_well", id_, "plain")) in page
    for id_ in current.knowledge().of(StopSymptom):
        assert escape(said.say("stop_symptom", id_, "plain")) in page
    assert ("19 de enero de 2027" if language == "es" else "Jan. 19, 2027") in page
    if language == "es":
        assert not [text for text in ("Staying well", "every day", "days a week", "Call us") if text in page]


def test_what_a_therapist_wrote_is_shown_as_written(cast: Cast, home: Discharge, signed_in: In) -> None:
    speaks(cast, "es")
    home.staying_well = [{"name": "Garden", "text": "Kneel on a pad."}, *home.staying_well]
    home.flare = ["Call Dara first."]
    home.home = [{"exercise": "own", "name": "Rowing on the lake", "dose": "20 minutes", "often": "Sundays"}]
    home.save()
    with clock.fixed(DUE):
        client = signed_in(cast.patient)
        page = client.get(reverse("me_well")).content.decode()
        assert "Kneel on a pad." in page
        assert "Rowing on the lake" in page
        flare = client.get(reverse("me_flare")).content.decode()
    assert "Call Dara first." in flare
    assert "Día 3" not in flare


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_flare_plan_has_its_steps_and_when_to_call(cast: Cast, home: Discharge, signed_in: In, language: str) -> None:
    speaks(cast, language)
    entry, said = current.knowledge().of(StayingWell)["sw_flare"], load_language(language, current.knowledge())
    with clock.fixed(DUE):
        page = signed_in(cast.patient).get(reverse("me_flare")).content.decode()
    assert all(escape(step) in page for step in said.say("staying_well", "sw_flare", "steps"))
    assert f"{entry.days} {'días' if language == 'es' else 'days'}" in page
    assert all(escape(said.say("exercise", id_, "how")) in page for id_ in entry.exercises)


def test_a_check_in_waits_on_the_first_page_and_the_link_ends_when_it_was_set_to(cast: Cast, home: Discharge) -> None:
    link, client = links.live(cast.episode), Client()
    assert link
    with clock.fixed(DUE):
        born = {"day": "9", "month": "3", "year": "1972"}
        assert client.post(f"/p/{links.token_of(link)}", born)["Location"] == reverse("me")
        first = cast.episode.check_ins.all()[0]
        assert reverse("me_check_in", args=[first.ref]) in client.get(reverse("me_well")).content.decode()
    with clock.fixed(LATER + timedelta(days=400)):
        assert client.get(reverse("me_well"))["Location"] == reverse("link_ended")


# --- coming back -------------------------------------------------------------------------------------------------------------


def test_coming_back_begins_with_what_is_known_for_good(cast: Cast, home: Discharge, signed_in: In) -> None:
    link = links.live(cast.episode)
    with clock.fixed(DUE):
        client, page = signed_in(cast.patient), reverse("me_again")
        shown = client.get(page).content.decode()
        assert 'value="rf_diabetes"' in shown
        assert "hx_asthma" not in shown, "a no may have changed"
        assert "nrs_average_7d" not in shown
        assert client.post(page, {"changed": ["hand_dominance"]})["Location"] == reverse("me")
        new = Episode.objects.get(follows=cast.episode)
        assert client.get(reverse("me"))["Location"] == reverse("me_consent")
    rows = list(Finding.objects.filter(episode=new))
    assert [(row.finding, row.value, row.observed_on, row.source) for row in rows] == [
        ("rf_diabetes", True, LATER.date(), "therapist")
    ]
    assert (new.number, new.therapist, new.stage) == (2, cast.therapist, "intake")
    assert Alert.objects.get(episode=new).kind == coming_back.KIND
    assert link
    assert PersonalLink.objects.get(pk=link.pk).episode == new
    assert PersonalLink.objects.get(pk=link.pk).expires_on is None
    assert not CheckIn.objects.filter(episode=cast.episode, due_on__gt=DUE.date()).exists()
    assert not list(audit.verify())


def test_the_therapist_sees_which_episode_it_follows(cast: Cast, home: Discharge, signed_in: In) -> None:
    with clock.fixed(DUE):
        new = coming_back.come_back(episode=cast.episode, knowledge=current.knowledge(), by=cast.patient)
        page = signed_in(cast.therapist).get(reverse("episode", args=[new.ref])).content.decode()
    assert "Recurrence, follows episode 1" in page


def test_a_second_tap_or_somebody_else_opens_nothing(cast: Cast, home: Discharge, signed_in: In) -> None:
    with clock.fixed(DUE):
        with pytest.raises(Refused, match="Only the person"):
            coming_back.come_back(episode=cast.episode, knowledge=current.knowledge(), by=cast.other_patient)
        episodes.open_episode(person=cast.marisol, by=cast.front_desk)
        signed_in(cast.patient).post(reverse("me_again"), {})
        with pytest.raises(Refused, match="open episode"):
            coming_back.come_back(episode=cast.episode, knowledge=current.knowledge(), by=cast.patient)
    assert cast.marisol.episodes.count() == 2


# --- reminders ---------------------------------------------------------------------------------------------------------------


def reachable(cast: Cast, settings: Any) -> None:
    settings.SENDS_MAIL = True
    cast.marisol.email = "marisol@example.test"
    cast.marisol.save()


@pytest.mark.parametrize(("language", "subject"), [("en", "A short question"), ("es", "Una pregunta corta")])
def test_a_reminder_goes_out_once_and_says_nothing_of_health(
    cast: Cast, home: Discharge, settings: Any, language: str, subject: str
) -> None:
    reachable(cast, settings)
    speaks(cast, language)
    link = links.live(cast.episode)
    with clock.fixed(DUE):
        assert reminding.send(site="https://clinic.example.test/", by="daily").sent == 1
        assert reminding.send(site="https://clinic.example.test", by="daily") == reminding.Sent()
    (letter,) = mail.outbox
    assert letter.subject == subject
    assert link
    assert f"https://clinic.example.test/p/{links.token_of(link)}" in letter.body
    for word in ("pain", "back", "dolor", "espalda", "Vega", "1972"):
        assert word not in f"{letter.subject} {letter.body}".replace("call us back", "")


def test_nobody_is_reminded_before_the_day_long_after_it_or_of_what_is_answered(cast: Cast, home: Discharge, settings: Any) -> None:
    reachable(cast, settings)
    for moment in (DUE - timedelta(days=1), DUE + timedelta(days=11)):
        with clock.fixed(moment):
            assert reminding.send(site="https://clinic.example.test", by="daily") == reminding.Sent()
    CheckIn.objects.filter(due_on=DUE.date()).update(answered_at=DUE, result="well")
    with clock.fixed(DUE):
        assert reminding.send(site="https://clinic.example.test", by="daily") == reminding.Sent()


@pytest.mark.parametrize("kind", ["care", "data"])
def test_nobody_is_reminded_who_has_taken_back_a_consent(cast: Cast, home: Discharge, settings: Any, kind: str) -> None:
    """Until it is given again."""
    reachable(cast, settings)
    with clock.fixed(DUE):
        consents.record(episode=cast.episode, kind=kind, given=False, by=cast.front_desk)
        assert reminding.send(site="https://clinic.example.test", by="daily") == reminding.Sent()
        assert not mail.outbox
        consents.record(episode=cast.episode, kind=kind, given=True, by=cast.therapist)
        assert reminding.send(site="https://clinic.example.test", by="daily").sent == 1


def test_who_cannot_be_mailed_is_counted_and_without_mail_it_says_so(cast: Cast, home: Discharge, settings: Any) -> None:
    with clock.fixed(DUE):
        settings.SENDS_MAIL = False
        with pytest.raises(Refused, match="sends no mail"):
            reminding.send(site="https://clinic.example.test", by="daily")
        settings.SENDS_MAIL = True
        assert reminding.send(site="https://clinic.example.test", by="daily").unreachable == 1
    assert not mail.outbox


def test_a_reminder_that_the_mail_server_refuses_goes_out_later(cast: Cast, home: Discharge, settings: Any) -> None:
    reachable(cast, settings)
    works, settings.EMAIL_PORT = settings.EMAIL_BACKEND, 9
    with clock.fixed(DUE):
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
        assert reminding.send(site="https://clinic.example.test", by="daily") == reminding.Sent(failed=1)
        settings.EMAIL_BACKEND = works
        assert reminding.send(site="https://clinic.example.test", by="daily") == reminding.Sent(sent=1)


def test_the_command_says_how_many_and_asks_for_the_address(
    cast: Cast, home: Discharge, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("rhomboid.web.keeping.setup.start", lambda: None)
    reachable(cast, settings)
    settings.CSRF_TRUSTED_ORIGINS = []
    with clock.fixed(DUE):
        assert main(["check-ins", "send"]) == 2
        assert "RHOMBOID_ORIGINS" in capsys.readouterr().err
        settings.CSRF_TRUSTED_ORIGINS = ["https://clinic.example.test"]
        assert main(["check-ins", "send", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"sent": 1, "unreachable": 0, "failed": 0}


# --- the lead ----------------------------------------------------------------------------------------------------------------


def people(cast: Cast, count: int, results: list[str]) -> None:
    """So many invented people, each discharged on January 5 with one check-in due on January 19."""
    from rhomboid.web.records.models import Person

    made = Person.objects.bulk_create(
        Person(given_name=f"G{n}", family_name=f"F{n}", date_of_birth=date(1970, 1, 1)) for n in range(count)
    )
    rows = Episode.objects.bulk_create(
        Episode(person=one, started_on=NOW.date(), ended_on=date(2027, 1, 5), stage="discharged", therapist=cast.therapist)
        for one in made
    )
    CheckIn.objects.bulk_create(
        CheckIn(episode=row, due_on=date(2027, 1, 19), kind="message", result=result, answered_at=DUE if result else None)
        for row, result in zip(rows, [*results, *[""] * count], strict=False)
    )


def seen(cast: Cast, whose: Any = "clinic", on: date = date(2027, 2, 10)) -> outcomes.Outcomes:
    return outcomes.outcomes(lists.Scope(cast.owner, whose, on))


def test_rates_have_the_counts_behind_them(cast: Cast) -> None:
    people(cast, 8, ["well", "well", "well", "flare", "recurrence"])
    Episode.objects.create(
        person_id=Episode.objects.filter(stage="discharged").values("person")[0]["person"], number=2, started_on=date(2027, 2, 1),
        follows=Episode.objects.filter(stage="discharged")[0],
    )  # fmt: skip
    february, january = seen(cast).months[:2]
    assert (january.due, january.waiting) == (8, 0)
    assert (january.response.part, january.response.of, january.response.percent) == (5, 8, 62)
    assert (january.well.percent, january.flare.part, january.recurrence.part) == (60, 1, 1)
    assert (january.back.part, january.back.of, january.back.percent) == (1, 8, 12)
    assert february.returned == 1


def test_under_five_people_there_is_no_rate(cast: Cast) -> None:
    people(cast, 4, ["well"] * 4)
    january = seen(cast).months[1]
    assert (january.response.part, january.response.of, january.response.percent) == (4, 4, None)


def test_who_still_has_time_to_answer_does_not_count_against_the_rate(cast: Cast) -> None:
    people(cast, 6, ["well"])
    january = seen(cast, on=date(2027, 1, 25)).months[0]
    assert (january.waiting, january.response.of) == (5, 0)


def test_the_page_asks_the_database_as_often_for_many_as_for_few(
    cast: Cast, signed_in: In, django_assert_max_num_queries: Any
) -> None:
    people(cast, 60, ["well"] * 40)
    client = signed_in(cast.owner)
    with clock.fixed(DUE + timedelta(days=20)), django_assert_max_num_queries(16):
        page = client.get(reverse("outcomes")).content.decode()
    assert "40 of 60" in page
    assert "67 %" in page


@pytest.mark.parametrize(("who", "status"), [("owner", 200), ("therapist", 200), ("assistant", 403), ("front_desk", 403)])
def test_who_sees_outcomes(cast: Cast, signed_in: In, who: str, status: int) -> None:
    assert signed_in(getattr(cast, who)).get(reverse("outcomes")).status_code == status
