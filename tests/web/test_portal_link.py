"""The personal link: who it opens for, who is refused and how, when it ends, and that none of it says anything to strangers."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail, signing
from django.test import Client

from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock
from rhomboid.web.records.actions import Refused, episodes, links, users
from rhomboid.web.records.actions.links import ADDRESS_TRIES, LOCKED_AT
from rhomboid.web.records.models import AuditEvent, Consent, Discharge, Episode, PersonalLink

from .conftest import NOW, Cast

BORN = {"day": "9", "month": "3", "year": "1972"}
WRONG = {"day": "9", "month": "3", "year": "1973"}
PORTAL = ("/me/settings", "/me/consent", "/me/leave")

pytestmark = pytest.mark.usefixtures("fresh_counts")


def at(link: PersonalLink) -> str:
    return f"/p/{links.token_of(link)}"


def opened(link: PersonalLink, **more: Any) -> Client:
    client = Client(**more)
    assert client.post(at(link), BORN).status_code == 302
    return client


def refusals() -> list[str]:
    return [event.detail["why"] for event in AuditEvent.objects.filter(action="link.refuse").order_by("id")]


def plain(content: bytes) -> str:
    """A page without what differs each time it is made."""
    return re.sub(r'value="\w{64}"', "", content.decode())


# --- opening -----------------------------------------------------------------------------------------------------------


def test_the_right_date_of_birth_opens_the_persons_own_pages(cast: Cast, link: PersonalLink) -> None:
    client = opened(link)
    assert client.get("/me")["Location"] == "/me/consent"
    assert int(client.session["_auth_user_id"]) == cast.patient.pk
    link.refresh_from_db()
    assert link.last_seen_at == NOW
    event = AuditEvent.objects.get(action="link.open")
    assert (event.actor, event.person_ref, event.subject) == ("Marisol Vega", cast.marisol.ref, link.ref)


def test_looking_at_a_link_does_nothing(link: PersonalLink) -> None:
    """As the scanners of mails do, and the previews of messengers."""
    events, before = AuditEvent.objects.count(), PersonalLink.objects.values().get()
    client = Client()
    assert client.get(at(link)).status_code == 200
    assert client.head(at(link)).status_code == 200
    assert "_auth_user_id" not in client.session
    assert (AuditEvent.objects.count(), PersonalLink.objects.values().get()) == (events, before)


def test_resending_gives_the_same_address_and_keeps_no_secret(cast: Cast, link: PersonalLink) -> None:
    again = links.issue(episode=cast.episode, by=cast.therapist)
    assert links.token_of(again) == links.token_of(link)
    kept = str(PersonalLink.objects.values().get())
    assert links.token_of(link).partition(".")[2] not in kept


def test_somebody_without_an_account_gets_one_that_opens_by_the_link_alone(cast: Cast) -> None:
    cast.marisol.user = None
    cast.marisol.email = "shared@example.test"
    cast.marisol.save()
    link = links.issue(episode=cast.episode, by=cast.front_desk)
    user = link.episode.person.user
    assert user
    assert (user.role, user.has_usable_password(), user.has_mail) == ("patient", False, False)
    assert opened(link).get("/me/settings").status_code == 200
    users.invite_person(person=cast.marisol, email="mv@example.test", by=cast.front_desk)
    user.refresh_from_db()
    assert user.email == "mv@example.test"
    assert not User.objects.filter(email="shared@example.test").exists()


@pytest.mark.parametrize("typed", [{"day": "31", "month": "2", "year": "1972"}, {"day": "", "month": "3", "year": "72"}, {}])
def test_what_is_no_date_is_no_try(link: PersonalLink, typed: dict[str, str]) -> None:
    response = Client().post(at(link), typed)
    assert response.status_code == 422
    assert refusals() == []


# --- refusals ----------------------------------------------------------------------------------------------------------


def revoked(link: PersonalLink, cast: Cast) -> str:
    links.revoke(link=link, by=cast.therapist)
    return at(link)


def expired(link: PersonalLink, cast: Cast) -> str:
    PersonalLink.objects.update(expires_on=NOW.date() - timedelta(days=1))
    return at(link)


def unknown(link: PersonalLink, cast: Cast) -> str:
    return f"/p/{signing.Signer(salt=links.SALT, sep='.').sign('2' * 12)}"


def tampered(link: PersonalLink, cast: Cast) -> str:
    other = links.issue(episode=cast.other, by=cast.front_desk)
    return f"/p/{other.ref}.{links.token_of(link).partition('.')[2]}"


def closed(link: PersonalLink, cast: Cast) -> str:
    User.objects.filter(pk=cast.patient.pk).update(is_active=False)
    return at(link)


def stolen(link: PersonalLink, cast: Cast) -> str:
    """In the hands of somebody who knows only their own birthday."""
    return at(links.issue(episode=cast.other, by=cast.front_desk))


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (revoked, "revoked"), (expired, "expired"), (unknown, "unknown"), (tampered, "unknown"), (closed, "closed"),
        (stolen, "date"),
    ],
)  # fmt: skip
def test_every_refusal_looks_the_same_and_is_written_down(
    how: Callable[[PersonalLink, Cast], str], why: str, cast: Cast, link: PersonalLink
) -> None:
    as_wrong = Client().post(at(link), WRONG)
    client = Client()
    path = how(link, cast)
    refused = client.post(path, BORN)
    assert (refused.status_code, as_wrong.status_code) == (403, 403)
    assert plain(refused.content).replace(BORN["year"], "") == plain(as_wrong.content).replace(WRONG["year"], "")
    assert plain(client.get(path).content) == plain(Client().get(at(link)).content)
    assert "_auth_user_id" not in client.session
    assert refusals() == ["date", why]
    assert "1972" not in str(list(AuditEvent.objects.filter(action="link.refuse").values()))


def test_five_wrong_dates_wait_then_ten_wait_longer_then_it_is_locked(cast: Cast, link: PersonalLink) -> None:
    """The right date waits as well. Each try comes from another network address."""
    moment, waits = NOW, {5: timedelta(minutes=15), 10: timedelta(hours=1)}
    for number in range(1, LOCKED_AT + 1):
        with clock.fixed(moment):
            assert Client(REMOTE_ADDR=f"10.0.0.{number}").post(at(link), WRONG).status_code == 403
        if number in waits:
            with clock.fixed(moment + waits[number] - timedelta(seconds=1)):
                assert Client(REMOTE_ADDR=f"10.0.1.{number}").post(at(link), BORN).status_code == 403
            moment += waits[number]
    link.refresh_from_db()
    assert (link.failed, link.locked) == (15, True)
    with clock.fixed(moment + timedelta(days=30)):
        assert Client().post(at(link), BORN).status_code == 403
    assert refusals().count("date") == 15
    assert refusals().count("waits") == 2
    assert refusals()[-1] == "locked"
    renewed = links.renew(link=link, by=cast.front_desk)
    assert at(renewed) != at(link)
    opened(renewed)


def test_after_the_wait_the_right_date_opens_and_the_count_begins_anew(link: PersonalLink) -> None:
    for _ in range(5):
        Client().post(at(link), WRONG)
    with clock.fixed(NOW + timedelta(minutes=15)):
        opened(link)
    link.refresh_from_db()
    assert (link.failed, link.locked_until) == (0, None)


def test_a_network_address_that_tries_many_links_is_shut_out_for_a_while(cast: Cast, link: PersonalLink) -> None:
    for _ in range(ADDRESS_TRIES):
        assert Client(REMOTE_ADDR="10.9.9.9").post("/p/no-such.link", BORN).status_code == 403
    assert Client(REMOTE_ADDR="10.9.9.9").post(at(link), BORN).status_code == 403
    assert len(refusals()) == ADDRESS_TRIES
    assert AuditEvent.objects.filter(action="link.address_shut").count() == 1
    assert "10.9.9.9" not in str(list(AuditEvent.objects.values()))
    assert Client(REMOTE_ADDR="10.9.9.8").post(at(link), BORN).status_code == 302
    with clock.fixed(NOW + timedelta(minutes=30)):
        assert Client(REMOTE_ADDR="10.9.9.9").post(at(link), BORN).status_code == 302


def test_no_log_line_holds_a_link_or_a_date(link: PersonalLink, logged: io.StringIO) -> None:
    for path in (at(link), f"{at(link)}/x", "/p/no-such.link"):
        for typed in (WRONG, BORN):
            Client().post(path, typed)
        Client().get(f"{path}?born=1972")
    assert "/p/…" in logged.getvalue()
    for secret in (links.token_of(link), link.ref, "1972", "no-such"):
        assert secret not in logged.getvalue()


# --- the session -------------------------------------------------------------------------------------------------------


def test_taking_a_link_back_signs_out_every_phone_at_once(cast: Cast, link: PersonalLink) -> None:
    one, two = opened(link), opened(link)
    links.revoke(link=link, by=cast.therapist)
    for client in (one, two):
        response = client.get("/me/settings")
        assert response["Location"] == "/p"
        assert '"storage"' in response["Clear-Site-Data"]
        assert client.get("/me/settings")["Location"].startswith("/account/login/")
    assert b"has ended" in Client().get("/p").content


def test_tapping_the_link_again_goes_on_without_the_date(link: PersonalLink) -> None:
    client = opened(link)
    assert client.get(at(link))["Location"] == "/me"


def test_a_phone_with_an_old_link_opens_the_new_one_at_the_first_tap(cast: Cast, link: PersonalLink) -> None:
    client = opened(link)
    renewed = links.renew(link=link, by=cast.therapist)
    assert b"born-day" in client.get(at(renewed)).content
    client.post(at(renewed), BORN)
    assert client.get("/me/settings").status_code == 200


def test_a_phones_own_requests_are_told_in_data_not_sent_to_a_page(cast: Cast, link: PersonalLink) -> None:
    client = opened(link)
    links.revoke(link=link, by=cast.therapist)
    response = client.post("/me/api/anything", {})
    assert (response.status_code, response.json()) == (401, {"error": "signed_out"})


@pytest.mark.parametrize("change", ["expires", "moves", "closes"])
def test_a_session_does_not_outlive_what_it_rests_on(change: str, cast: Cast, link: PersonalLink) -> None:
    client = opened(link)
    if change == "expires":
        PersonalLink.objects.update(expires_on=NOW.date())
        with clock.fixed(NOW + timedelta(days=1)):
            assert client.get("/me/settings")["Location"] == "/p"
        return
    if change == "moves":
        PersonalLink.objects.update(episode=cast.other)
    else:
        User.objects.filter(pk=cast.patient.pk).update(is_active=False)
    assert client.get("/me/settings").status_code == 302


def test_a_phone_is_not_signed_out_by_a_pause_and_its_days_begin_anew_with_use(link: PersonalLink, settings: Any) -> None:
    client = opened(link)
    key = client.session.session_key
    first = Session.objects.get(session_key=key).expire_date
    assert timedelta(days=89) < first - datetime.now(UTC) <= timedelta(days=90)
    with clock.fixed(NOW + timedelta(days=3)):
        response = client.get("/me/settings")
    assert response.status_code == 200
    assert Session.objects.get(session_key=key).expire_date > first
    cookie = response.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 90 * 24 * 3600)
    link.refresh_from_db()
    assert link.last_seen_at == NOW + timedelta(days=3)


def test_the_check_of_the_link_costs_one_query(
    link: PersonalLink, cast: Cast, signed_in: Callable[[User], Client], django_assert_num_queries: Any
) -> None:
    client, other = opened(link), signed_in(cast.patient)
    client.get("/me/settings")
    other.get("/me/settings")
    with django_assert_num_queries(4):  # session, user, link with its person, clinic
        client.get("/me/settings")
    with django_assert_num_queries(4):  # session, user, newest episode with its person, clinic
        other.get("/me/settings")


def test_a_link_session_reaches_neither_staff_pages_nor_an_account_nor_others(cast: Cast, link: PersonalLink) -> None:
    client = opened(link)
    for path in ("/today", "/people", "/settings", "/audit", "/rules", f"/people/{cast.marisol.ref}"):
        assert client.get(path).status_code == 403, path
    for path in (
        "/account",
        "/account/password/change/",
        "/account/password/set/",
        "/account/2fa/",
        "/account/sessions/",
        "/gallery",
    ):
        assert client.get(path)["Location"] == "/me/settings", path
        assert client.post(path, {"password1": "correct horse 9", "password2": "correct horse 9"})["Location"] == "/me/settings"
    cast.patient.refresh_from_db()
    assert not cast.patient.check_password("correct horse 9")
    assert client.get(f"/episodes/{cast.other.ref}").status_code in (403, 404)


def test_opening_another_persons_link_changes_whose_pages_these_are(cast: Cast, link: PersonalLink) -> None:
    client = opened(link)
    other = links.issue(episode=cast.other, by=cast.front_desk)
    client.post(at(other), {"day": "2", "month": "5", "year": "1968"})
    client.post("/me/consent", {"care": "yes", "data": "yes"})
    assert Consent.objects.filter(episode=cast.other).count() == 2
    assert not Consent.objects.filter(episode=cast.episode).exists()


# --- the clinic --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["assistant", "auditor", "integrator", "patient"])
def test_who_does_not_plan_visits_gives_no_links(who: str, cast: Cast, signed_in: Callable[[User], Client]) -> None:
    assert signed_in(getattr(cast, who)).post(f"/episodes/{cast.episode.ref}/link/make").status_code == 403
    with pytest.raises(Refused):
        links.issue(episode=cast.episode, by=getattr(cast, who))


def test_the_front_desk_makes_sends_renews_and_takes_back(cast: Cast, signed_in: Callable[[User], Client], settings: Any) -> None:
    client, do = signed_in(cast.front_desk), f"/episodes/{cast.episode.ref}/link/"
    page = f"/people/{cast.marisol.ref}"
    assert "No link yet" in client.get(page).content.decode()
    client.post(f"{do}make")
    first = links.live(cast.episode)
    assert first
    assert "Not opened yet" in client.get(page).content.decode()
    assert at(first) in client.get(page).content.decode()
    assert "sends no e-mail" in client.get(page).content.decode()
    assert client.post(f"{do}send").status_code == 422
    client.post(f"{do}renew")
    second = links.live(cast.episode)
    assert second
    assert second.ref != first.ref
    client.post(f"{do}revoke")
    assert links.live(cast.episode) is None
    assert client.post(f"{do}renew").status_code == 409
    said = [event.action for event in AuditEvent.objects.filter(action__startswith="link.").order_by("id")]
    assert said == ["link.issue", "link.revoke", "link.issue", "link.revoke"]


@pytest.mark.parametrize(("language", "words"), [("en", "This is your personal link"), ("es", "Este es su enlace personal")])
def test_the_mail_speaks_the_persons_language_and_says_nothing_of_health(
    language: str, words: str, cast: Cast, signed_in: Callable[[User], Client], settings: Any
) -> None:
    settings.SENDS_MAIL = True
    cast.marisol.language, cast.marisol.email = language, "mv@example.test"
    cast.marisol.save()
    signed_in(cast.therapist).post(f"/episodes/{cast.episode.ref}/link/send?to=episode")
    (sent,) = mail.outbox
    link = links.live(cast.episode)
    assert link
    assert sent.to == ["mv@example.test"]
    assert words in sent.body
    assert at(link) in sent.body
    for word in ("back", "espalda", "1972", "Upper", "exercise", "ejercicio"):
        assert word not in sent.body.replace("Vega", "")
    assert sent.subject in ("Your personal link", "Su enlace personal")
    assert link.sent_at == NOW
    with clock.fixed(NOW):
        assert opened(link).get("/me/settings").status_code == 200


def test_the_slip_carries_the_link_but_never_the_date_of_birth(cast: Cast, link: PersonalLink, monkeypatch: Any) -> None:
    from rhomboid import papers
    from rhomboid.web.records import handing_over

    printed: list[str] = []
    monkeypatch.setattr(papers, "pdf", lambda html: printed.append(html) or b"%PDF-")
    cast.marisol.language = "es"
    cast.marisol.save()
    link = PersonalLink.objects.select_related("episode__person").get()
    handing_over.slip(link, f"https://rehab.example.org{at(link)}")
    assert 'lang="es"' in printed[0]
    assert "Su atención en su teléfono" in printed[0]
    assert at(link) in printed[0]
    assert "1972" not in printed[0]


def test_after_discharge_it_opens_as_long_as_the_therapist_said(cast: Cast, link: PersonalLink) -> None:
    row = Discharge(episode=cast.episode, phone_until=links.until_after_discharge(3))
    links.end_after(row, by=cast.therapist)
    link.refresh_from_db()
    assert link.expires_on == date(2027, 2, 24)
    with clock.fixed(datetime(2027, 2, 24, 20, 0, tzinfo=UTC)):
        opened(link)
    with clock.fixed(datetime(2027, 2, 25, 20, 0, tzinfo=UTC)):
        assert Client().post(at(link), BORN).status_code == 403


def test_none_after_discharge_is_none_for_a_new_link_too(cast: Cast) -> None:
    Episode.objects.filter(pk=cast.episode.pk).update(stage="discharged", started_on=date(2025, 1, 2), ended_on=date(2025, 6, 2))
    with pytest.raises(Refused, match="closed with the discharge"):
        links.issue(episode=cast.episode, by=cast.front_desk)


def test_whoever_comes_back_goes_on_with_the_same_link(cast: Cast, link: PersonalLink) -> None:
    Episode.objects.filter(pk=cast.episode.pk).update(stage="discharged", ended_on=NOW.date())
    PersonalLink.objects.update(expires_on=NOW.date() + timedelta(days=300))
    client = opened(link)
    again = episodes.open_episode(person=cast.marisol, by=cast.front_desk)
    link.refresh_from_db()
    assert (link.episode, link.expires_on) == (again, None)
    assert client.get("/me")["Location"] == "/me/consent"
