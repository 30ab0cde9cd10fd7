"""People: found by the beginnings of names and by birthday, registered once, corrected, and opened to the right hands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rhomboid.web.accounts.models import User
from rhomboid.web.clinic.views.people import date_of, split_words
from rhomboid.web.records import current, lists
from rhomboid.web.records.actions import Refused, consents, episodes, findings, people
from rhomboid.web.records.models import Assignment, AuditEvent, Consent, Episode, Person
from rhomboid.web.records.models.names import name_key

from . import care, phone
from .conftest import Cast

SignedIn = Callable[[User], Client]
NEW = {"given_name": "Ana", "family_name": "García López", "date_of_birth": "1/5/1990", "language": "es"}


@pytest.mark.parametrize(
    ("name", "key"),
    [("García López", "garcia lopez"), ("O'Brien-Núñez", "obrien nunez"), ("ß", "ss"), ("  Ana  María ", "ana maria")],
)
def test_names_are_searched_without_accents_and_marks(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    "words", ["garc", "lopez", "Ana", "garcia lopez", "ana lop", "lópez an", "GARCIA", ["García López", "Ana"][0]]
)
def test_somebody_is_found_by_any_beginning(words: str, cast: Cast) -> None:
    made = people.register(given_name="Ana", family_name="García López", date_of_birth=date(1990, 1, 5), by=cast.front_desk)
    assert made in lists.found_people(cast.therapist, words)


@pytest.mark.parametrize("words", ["arcia", "pez", "ana vega", "%", "_", ""])
def test_and_by_nothing_else(words: str, cast: Cast) -> None:
    people.register(given_name="Ana", family_name="García López", date_of_birth=date(1990, 1, 5), by=cast.front_desk)
    assert lists.found_people(cast.therapist, words) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("3/9/1972", date(1972, 3, 9)), ("3/9/72", date(1972, 3, 9)), ("3/9/24", date(2024, 3, 9)), ("1972-03-09", date(1972, 3, 9)),
     ("13/40/1972", None), ("vega", None), ("2/30/1972", None)],
)  # fmt: skip
def test_dates_as_people_type_them(text: str, found: date | None) -> None:
    assert date_of(text) == found


def test_a_birthday_may_stand_among_the_words(cast: Cast) -> None:
    assert split_words("vega 3/9/1972") == ("vega", date(1972, 3, 9))
    assert lists.found_people(cast.therapist, "", date(1972, 3, 9)) == [cast.marisol]
    assert lists.found_people(cast.therapist, "lind", date(1972, 3, 9)) == []


def test_search_words_travel_by_post_and_stand_in_no_event(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.front_desk).post("/people", {"q": "vega"})
    assert "Vega, Marisol" in page.content.decode()
    event = AuditEvent.objects.get(action="person.search")
    assert "vega" not in str(event.detail).lower()


def test_a_person_is_registered_and_found(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.front_desk).post("/people/new", NEW)
    made = Person.objects.get(family_name="García López")
    assert answer["Location"] == reverse("person", args=[made.ref])
    assert (made.date_of_birth, made.sex_at_birth, made.language) == (date(1990, 1, 5), "", "es")


def test_a_look_alike_is_warned_of_and_can_be_another_person(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.front_desk)
    twin = NEW | {"given_name": "Marisol", "family_name": "VEGA", "date_of_birth": "3/19/1972"}
    warned = client.post("/people/new", twin)
    assert warned.status_code == 409
    assert reverse("person", args=[cast.marisol.ref]) in warned.content.decode()
    assert 'value="3/19/1972"' in warned.content.decode()
    assert client.post("/people/new", twin | {"sure": "1"}).status_code == 302
    assert Person.objects.filter(family_key="vega").count() == 2


def test_the_very_same_person_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    same = NEW | {"given_name": "Marisol", "family_name": "Vega", "date_of_birth": "3/9/1972", "sure": "1"}
    answer = signed_in(cast.front_desk).post("/people/new", same)
    assert answer.status_code == 409
    assert "registered already" in answer.content.decode()


@pytest.mark.parametrize("born", ["", "yesterday", "1/1/1800", "1/1/2099"])
def test_a_birthday_that_cannot_be_is_refused_and_what_was_typed_stays(born: str, cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.front_desk).post("/people/new", NEW | {"date_of_birth": born})
    assert answer.status_code == 422
    assert "García López" in answer.content.decode()


def test_a_correction_renews_the_reasoning(cast: Cast, signed_in: SignedIn) -> None:
    findings.record(episode=cast.episode, values={"nrs_now": 4}, knowledge=current.knowledge(), by=cast.therapist)
    person = cast.marisol
    kept = {
        "given_name": "Marisol",
        "family_name": "Vega Ruiz",
        "date_of_birth": "1950-03-09",
        "sex_at_birth": "female",
        "language": "en",
    }
    answer = signed_in(cast.front_desk).post(reverse("person_correct", args=[person.ref]), kept)
    assert answer.status_code == 302
    person.refresh_from_db()
    assert (person.family_key, person.surname_key) == ("vega ruiz", "ruiz")
    event = AuditEvent.objects.get(action="person.correct")
    assert event.detail == {"fields": ["date_of_birth", "family_name"]}


def test_an_episode_is_opened_once_with_its_therapist(cast: Cast, signed_in: SignedIn) -> None:
    person = people.register(given_name="Ana", family_name="Ruiz", date_of_birth=date(1990, 1, 5), by=cast.front_desk)
    client, address = signed_in(cast.front_desk), reverse("episode_new", args=[person.ref])
    client.post(address, {"therapist": str(cast.colleague.pk)})
    assert Episode.objects.get(person=person).therapist == cast.colleague
    assert client.post(address, {}).status_code == 409
    assert client.post(address, {"therapist": str(cast.front_desk.pk)}).status_code == 404


def test_assistants_are_assigned_and_taken_off(cast: Cast, signed_in: SignedIn) -> None:
    address = reverse("episode_team", args=[cast.other.ref])
    signed_in(cast.therapist).post(address, {"assistant": str(cast.assistant.pk), "therapist": str(cast.therapist.pk)})
    cast.other.refresh_from_db()
    assert cast.other.therapist == cast.therapist
    assert signed_in(cast.assistant).get(reverse("person", args=[cast.theo.ref])).status_code == 200
    signed_in(cast.therapist).post(address, {"end": str(cast.assistant.pk)})
    assert signed_in(cast.assistant).get(reverse("person", args=[cast.theo.ref])).status_code == 404
    assert not Assignment.objects.filter(episode=cast.other, ended_on=None).exists()


def test_an_assistant_decides_nothing_about_the_team(cast: Cast, signed_in: SignedIn) -> None:
    address = reverse("episode_team", args=[cast.episode.ref])
    assert signed_in(cast.assistant).post(address, {"therapist": str(cast.colleague.pk)}).status_code == 422


def test_emergency_access_is_offered_for_name_and_birthday_together_only(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.assistant)
    assert "Lindqvist" not in client.post("/people", {"q": "lindqvist"}).content.decode()
    found = client.post("/people", {"q": "lindqvist", "born": "5/2/1968"}).content.decode()
    assert reverse("break_glass", args=[cast.theo.ref]) in found


def test_the_front_desk_has_no_way_into_the_story(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.front_desk).get(reverse("person", args=[cast.marisol.ref])).content.decode()
    assert "Upper back" in page
    assert reverse("episode", args=[cast.episode.ref]) + '"' not in page
    assert signed_in(cast.front_desk).get(reverse("episode", args=[cast.episode.ref])).status_code == 403


def test_the_number_of_queries_does_not_grow(cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Any) -> None:
    for place in range(30):
        people.register(given_name=f"Vera{place}", family_name="Vegara", date_of_birth=date(1980, 1, 1), by=cast.front_desk)
    client = signed_in(cast.front_desk)
    client.get("/people")
    with django_assert_max_num_queries(14):
        assert client.post("/people", {"q": "veg"}).content.decode().count("Vegara") == 19
    with django_assert_max_num_queries(18):
        client.get(reverse("person", args=[cast.marisol.ref]))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("given_name", "x" * 81, "Given name: Ensure this value has at most 80 characters"),
        ("phone", "5" * 41, "Phone: Ensure this value has at most 40 characters"),
        ("email", "vera at home", "Email: Enter a valid email address"),
        ("family_name", "Ve\x00ga", "Family name: it holds a sign that cannot be kept"),
    ],
)
def test_what_does_not_fit_its_field_is_refused_by_its_name_and_kept(
    field: str, typed: str, said: str, cast: Cast, signed_in: SignedIn
) -> None:
    form = {"given_name": "Vera", "family_name": "Vega", "date_of_birth": "1980-01-01", "language": "en"} | {field: typed}
    answer = signed_in(cast.front_desk).post("/people/new", form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Person.objects.filter(date_of_birth=date(1980, 1, 1)).exists()


@pytest.mark.parametrize("address", ["/people?q=Ve%00ga", "/people/ab%00cd", "/audit?actor=%00"])
def test_a_nul_in_an_address_is_refused(address: str, cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.owner).get(address).status_code == 400


# --- consents ----------------------------------------------------------------------------------------------------------


def answer(client: Client, episode: Episode, kind: str, said: str) -> Any:
    return client.post(reverse("consent_record", args=[episode.ref]), {"kind": kind, "answer": said})


def shown(client: Client, episode: Episode) -> str:
    """The consents on the page of the person."""
    page = client.get(reverse("person", args=[episode.person.ref])).content.decode()
    return page[page.index('id="consents"') :]


@pytest.mark.parametrize("kind", consents.BY_ONESELF)
def test_who_takes_a_consent_back_by_telling_the_front_desk_is_asked_nothing_more_on_the_phone(
    kind: str, cast: Cast, signed_in: SignedIn
) -> None:
    phone.agree(cast.episode, cast.patient)
    desk, patient = signed_in(cast.front_desk), signed_in(cast.patient)
    assert patient.get("/me")["Location"] != "/me/consent"
    assert shown(desk, cast.episode).count("agreed Nov 24, 2026, Marisol Vega") == 2
    assert answer(desk, cast.episode, kind, "no")["Location"].endswith("#consents")
    assert patient.get("/me")["Location"] == "/me/consent"
    assert patient.get("/me/intake")["Location"] == "/me"
    assert shown(desk, cast.episode).count("declined Nov 24, 2026, Finn Desk") == 1
    event = AuditEvent.objects.get(action="consent.record", person_ref=cast.marisol.ref, detail__given=False)
    assert (event.detail, event.actor) == ({"kind": kind, "given": False}, "Finn Desk")


def test_a_no_is_recorded_once_and_both_answers_stay(cast: Cast, signed_in: SignedIn) -> None:
    phone.agree(cast.episode, cast.patient)
    for _ in range(2):
        answer(signed_in(cast.front_desk), cast.episode, "care", "no")
    assert [row.given for row in Consent.objects.filter(episode=cast.episode, kind="care")] == [True, False]
    phone.agree(cast.episode, cast.patient)
    assert consents.standing(cast.episode)["care"].given


def test_a_yes_is_recorded_by_whoever_explains_it(cast: Cast, signed_in: SignedIn) -> None:
    assert answer(signed_in(cast.front_desk), cast.episode, "thrust", "yes").status_code == 422
    assert not Consent.objects.exists()
    assert "Yes, after I explained it" not in shown(signed_in(cast.front_desk), cast.episode)
    assert "Yes, after I explained it" in shown(signed_in(cast.therapist), cast.episode)
    answer(signed_in(cast.therapist), cast.episode, "thrust", "yes")
    assert consents.standing(cast.episode)["thrust"].by == cast.therapist


@pytest.mark.parametrize(("kind", "said"), [("care", "maybe"), ("care", ""), ("", "no"), ("all", "no")])
def test_what_is_no_answer_is_refused(kind: str, said: str, cast: Cast, signed_in: SignedIn) -> None:
    assert answer(signed_in(cast.front_desk), cast.episode, kind, said).status_code == 422
    assert not Consent.objects.exists()


def test_nobody_else_records_consents(cast: Cast, signed_in: SignedIn) -> None:
    for somebody in (cast.assistant, cast.auditor, cast.patient):
        assert answer(signed_in(somebody), cast.episode, "care", "no").status_code == 403
    with pytest.raises(Refused):
        consents.record(episode=cast.episode, kind="care", given=False, by=cast.patient)
    assert "Record an answer" not in shown(signed_in(cast.assistant), cast.episode)


def test_whoever_treats_is_told_at_the_visit_what_was_taken_back(cast: Cast, signed_in: SignedIn) -> None:
    care.under_care(cast.episode, cast.therapist)
    visit = reverse("visit", args=[care.visit(cast.episode, cast.therapist).ref])
    treats = signed_in(cast.therapist)
    assert "No consent:" not in treats.get(visit).content.decode()
    answer(signed_in(cast.front_desk), cast.episode, "share", "no")
    assert "No consent:" not in treats.get(visit).content.decode()
    answer(signed_in(cast.front_desk), cast.episode, "manual", "no")
    page = treats.get(visit).content.decode()
    assert "No consent:" in page
    assert "Hands-on treatment" in page


# --- the palette ---------------------------------------------------------------------------------------------------------


def results(client: Client, q: str, page: str = "/today") -> list[dict[str, str]]:
    return client.post("/palette", {"q": q, "from": page}).json()["results"]  # type: ignore[no-any-return]


def test_the_palette_finds_people_places_actions_and_findings(cast: Cast, signed_in: SignedIn) -> None:
    client, story = signed_in(cast.therapist), reverse("episode", args=[cast.episode.ref])
    assert [one["label"] for one in results(client, "mar ve")] == ["Marisol Vega"]
    assert ("Go to", "Plan") in [(one["group"], one["label"]) for one in results(client, "plan", story)]
    assert {one["group"] for one in results(client, "new per", story)} == {"Actions"}
    findings_ = [one for one in results(client, "rotation", story) if one["group"] == "Findings"]
    assert findings_
    assert all("#rom" in one["url"] or "#" in one["url"] for one in findings_)
    assert len(results(client, "", story)) <= 8
    assert results(client, "zzz") == []


def test_the_palette_shows_nobody_what_they_may_not_see(cast: Cast, signed_in: SignedIn) -> None:
    assert results(signed_in(cast.assistant), "lindqvist") == []
    other = reverse("episode", args=[cast.other.ref])
    assert all(cast.other.ref not in one["url"] for one in results(signed_in(cast.assistant), "", other))
    mine = reverse("episode", args=[cast.episode.ref])
    assert {one["group"] for one in results(signed_in(cast.front_desk), "rotation", mine)} <= {"People", "Go to", "Actions"}
    assert signed_in(cast.therapist).get("/palette?q=vega")["Location"] == reverse("people")


def test_a_letter_from_the_palette_is_asked_once_more(cast: Cast, signed_in: SignedIn) -> None:
    values = {"rf_pain_tearing": True, "rf_pain_abrupt_severe": True, "sbp_arm_diff_mmhg": 32, "rf_onset_days": 0}
    findings.record(episode=cast.episode, values=values, knowledge=current.knowledge(), by=cast.therapist)
    found = results(signed_in(cast.therapist), "write letter", reverse("episode", args=[cast.episode.ref]))
    assert found
    assert all(one["method"] == "post" and one["confirm"] for one in found)


def test_an_old_copy_of_an_episode_moves_it_nowhere_back(cast: Cast) -> None:
    old = Episode.objects.get(pk=cast.episode.pk)
    episodes.move_on(cast.episode, "care")
    episodes.move_on(old, "evaluation")
    assert old.stage == Episode.objects.get(pk=old.pk).stage == "care"
