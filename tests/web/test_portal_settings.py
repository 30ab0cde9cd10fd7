"""What a person sets on the phone that a link has opened: consent, language, leaving, and other ways to sign in."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from rhomboid.web.records import audit, clock
from rhomboid.web.records.actions import Refused, consents, links, logins
from rhomboid.web.records.models import AuditEvent, Clinic, Consent, PersonalLink

from .conftest import NOW, Cast
from .test_portal_link import BORN, PORTAL, WRONG, at, opened

pytestmark = pytest.mark.usefixtures("fresh_counts")


# --- consent, settings, leaving ----------------------------------------------------------------------------------------


def test_both_consents_are_recorded_with_what_was_explained(cast: Cast, link: PersonalLink) -> None:
    client = opened(link)
    assert client.post("/me/consent", {"care": "yes"}).status_code == 422
    client.post("/me/consent", {"care": "yes", "data": "yes"})
    client.post("/me/consent", {"care": "yes", "data": "yes"})
    rows = list(Consent.objects.filter(episode=cast.episode).order_by("kind"))
    assert [(row.kind, row.given, row.by_label) for row in rows] == [("care", True, "Marisol Vega"), ("data", True, "Marisol Vega")]
    assert "you can stop at any time" in rows[0].text
    assert client.get("/me")["Location"] != "/me/consent"


def test_declining_is_answered_with_what_it_means_and_whom_to_call(cast: Cast, link: PersonalLink) -> None:
    Clinic.objects.update(phone="555 0142")
    client = opened(link)
    page = client.post("/me/consent", {"care": "yes", "data": "no"}, follow=True).content.decode()
    assert "That is fine" in page
    assert "cannot save what you tell us" in page
    assert "tel:555 0142" in page
    assert client.get("/me")["Location"] == "/me/consent"
    assert consents.standing(cast.episode)["data"].given is False


def test_a_refusal_that_no_page_expected_tells_the_person_what_to_do(link: PersonalLink, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: Any) -> None:
        raise Refused("Words for the clinic", "More of them", status=409)

    monkeypatch.setattr(consents, "answer", refuse)
    response = opened(link).post("/me/consent", {"care": "yes", "data": "yes"})
    assert response.status_code == 409
    assert "That did not work" in response.content.decode()
    assert "Words for the clinic" not in response.content.decode()


def test_nobody_consents_alone_to_hands_on_treatment_or_for_somebody_else(cast: Cast) -> None:
    for kind, by in (("manual", cast.patient), ("care", cast.other_patient), ("care", cast.therapist)):
        with pytest.raises(Refused):
            consents.answer(episode=cast.episode, kind=kind, given=True, text="x", by=by)


def test_the_language_of_the_pages_is_the_persons(cast: Cast, link: PersonalLink) -> None:
    stranger = Client(HTTP_ACCEPT_LANGUAGE="es-MX,es;q=0.9")
    door = stranger.get(at(link)).content.decode()
    assert '<html lang="es">' in door
    assert "¿Es usted?" in door
    assert "Is it you?" in stranger.get(f"{at(link)}?lang=en").content.decode()
    client = opened(link, HTTP_ACCEPT_LANGUAGE="es-MX")
    assert '<html lang="en">' in client.get("/me/settings").content.decode()
    client.post("/me/settings", {"language": "es"})
    page = client.get("/me/settings")
    assert page["Content-Language"] == "es"
    assert "Ajustes" in page.content.decode()
    cast.marisol.refresh_from_db()
    assert cast.marisol.language == "es"
    client.post("/me/settings", {"language": "tlh"})
    cast.marisol.refresh_from_db()
    assert cast.marisol.language == "es"


def test_leaving_signs_out_and_wipes_the_phone(link: PersonalLink) -> None:
    client = opened(link)
    assert b"data-unsent" in client.get("/me/leave").content
    assert client.get("/me/settings").status_code == 200
    response = client.post("/me/leave")
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get("/me/settings")["Location"].startswith("/account/login/")


def test_pages_of_a_phone_stay_out_of_caches_and_the_trail_holds(link: PersonalLink) -> None:
    client = opened(link)
    for path in PORTAL:
        assert "no-store" in client.get(path)["Cache-Control"]
    assert "no-cache" in Client().get(at(link))["Cache-Control"]
    assert list(audit.verify()) == []


# --- other ways in -----------------------------------------------------------------------------------------------------


def sure(client: Client) -> Client:
    assert client.post("/me/settings/login", {"do": "born", **BORN}).status_code == 302
    return client


def code_in(message: mail.EmailMessage) -> str:
    found = re.search(r"\b(\d{6})\b", message.body)
    assert found
    return found[1]


def by_code(email: str) -> Client:
    """Another browser, signed in with a code by e-mail."""
    client = Client()
    client.post("/account/login/code/", {"email": email})
    code = re.search(r"Your code is (\S+)\.", mail.outbox[-1].body)
    assert code
    assert client.post("/account/login/code/confirm/", {"code": code[1]})["Location"] == "/"
    assert client.get("/")["Location"] == "/me"
    return client


def test_nothing_is_added_without_the_date_of_birth_once_more(cast: Cast, link: PersonalLink, settings: Any) -> None:
    settings.SENDS_MAIL = True
    client = opened(link)
    for do in ("email", "code", "passkey", "drop"):
        assert client.post("/me/settings/login", {"do": do, "email": "x@example.test"})["Location"] == "/me/settings/login"
    assert mail.outbox == []
    for _ in range(5):
        assert client.post("/me/settings/login", {"do": "born", **WRONG}).status_code == 403
    assert client.post("/me/settings/login", {"do": "born", **BORN}).status_code == 403
    with clock.fixed(NOW + timedelta(minutes=15)):
        assert sure(client).get("/me/settings/login").content.count(b'name="do"') > 1
    with clock.fixed(NOW + timedelta(minutes=26)):
        client.post("/me/settings/login", {"do": "email", "email": "x@example.test"})
    assert mail.outbox == []


def test_an_address_is_proved_by_a_code_and_then_signs_in(cast: Cast, link: PersonalLink, settings: Any) -> None:
    settings.SENDS_MAIL = True
    client = sure(opened(link))
    client.post("/me/settings/login", {"do": "email", "email": "Mv@Example.test"})
    (sent,) = mail.outbox
    assert sent.to == ["mv@example.test"]
    assert client.post("/me/settings/login", {"do": "code", "code": "no"}).status_code == 422
    client.post("/me/settings/login", {"do": "code", "code": code_in(sent)})
    cast.patient.refresh_from_db()
    assert cast.patient.email == "mv@example.test"
    assert AuditEvent.objects.filter(action="login.email", person_ref=cast.marisol.ref).exists()
    by_code("mv@example.test")


def test_a_code_has_three_tries(cast: Cast, link: PersonalLink, settings: Any) -> None:
    settings.SENDS_MAIL = True
    client = sure(opened(link))
    client.post("/me/settings/login", {"do": "email", "email": "mv@example.test"})
    code = code_in(mail.outbox[0])
    for _ in range(3):
        client.post("/me/settings/login", {"do": "code", "code": "123"})
    assert client.post("/me/settings/login", {"do": "code", "code": code}).status_code == 422
    cast.patient.refresh_from_db()
    assert cast.patient.email == "marisol@example.test"


def test_an_address_of_somebody_else_gets_no_code_and_the_page_does_not_tell(cast: Cast, link: PersonalLink, settings: Any) -> None:
    settings.SENDS_MAIL = True
    client = sure(opened(link))
    client.post("/me/settings/login", {"do": "email", "email": cast.therapist.email})
    assert mail.outbox == []
    assert b'autocomplete="one-time-code"' in client.get("/me/settings/login").content


def test_staff_get_no_sign_in_code(cast: Cast, settings: Any) -> None:
    """It would stand beside the password, and beside the second factor of who has not set one up yet."""
    settings.SENDS_MAIL = True
    for email in (cast.owner.email, cast.therapist.email, "nobody@example.test"):
        client = Client()
        page = client.post("/account/login/code/", {"email": email}, follow=True).content.decode()
        assert "is on its way" in page
        assert "_auth_user_id" not in client.session
    assert len(mail.outbox) == 3
    assert len({message.body for message in mail.outbox}) == 1
    assert "No code can be sent" in mail.outbox[0].body


def test_a_patients_passkey_is_no_second_step(cast: Cast) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import is_mfa_enabled

    for user in (cast.patient, cast.therapist):
        Authenticator.objects.create(user=user, type="webauthn", data={"name": "Phone"})
    both = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    assert (is_mfa_enabled(cast.patient, both), is_mfa_enabled(cast.therapist, both)) == (False, True)
    assert (is_mfa_enabled(cast.patient), is_mfa_enabled(cast.therapist)) == (False, True)


def test_passkeys_of_a_lost_phone_are_dropped_by_the_person_alone(cast: Cast, link: PersonalLink) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=cast.patient, type="webauthn", data={"name": "Phone"})
    theirs = Authenticator.objects.create(user=cast.therapist, type="webauthn", data={"name": "Phone"})
    client = opened(link)
    client.post("/me/settings/login", {"do": "drop"})
    assert Authenticator.objects.filter(user=cast.patient).exists()
    with pytest.raises(Refused):
        logins.drop_passkeys(person=cast.marisol, by=cast.therapist)
    logins.drop_passkeys(person=cast.marisol, by=cast.patient)
    assert list(Authenticator.objects.all()) == [theirs]


def test_a_link_taken_back_ends_the_ways_in_that_were_added_with_it(cast: Cast, link: PersonalLink, settings: Any) -> None:
    """Whoever had the phone in their hands may have added them. A passkey from before the link is the person's own."""
    from allauth.mfa.models import Authenticator

    settings.SENDS_MAIL = True
    kept, _added = (
        Authenticator.objects.create(user=cast.patient, type="webauthn", data={"name": "Phone"}, created_at=link.made_at + after)
        for after in (-timedelta(days=1), timedelta(minutes=1))
    )
    phone = sure(opened(link))
    phone.post("/me/settings/login", {"do": "email", "email": "else@example.test"})
    phone.post("/me/settings/login", {"do": "code", "code": code_in(mail.outbox[0])})
    stranger = by_code("else@example.test")
    links.revoke(link=link, by=cast.front_desk)
    cast.patient.refresh_from_db()
    assert (cast.patient.has_mail, cast.patient.has_usable_password()) == (False, False)
    assert list(Authenticator.objects.all()) == [kept]
    assert "/account/login" in stranger.get("/")["Location"]
    event = AuditEvent.objects.get(action="login.ended")
    assert (event.detail["passkeys"], event.detail["email"], event.person_ref) == (1, True, cast.marisol.ref)


def test_an_added_passkey_signs_nobody_in_after_the_link_and_the_phone_is_wiped(
    cast: Cast, link: PersonalLink, settings: Any
) -> None:
    from allauth.mfa.models import Authenticator

    settings.SENDS_MAIL = True
    phone, other = opened(link), by_code(cast.patient.email)
    Authenticator.objects.create(user=cast.patient, type="webauthn", data={"name": "Phone"}, created_at=link.made_at)
    links.revoke(link=link, by=cast.front_desk)
    assert other.get("/me/settings").status_code == 302
    assert '"storage"' in phone.get("/me/settings")["Clear-Site-Data"]
    cast.patient.refresh_from_db()
    assert (cast.patient.email, cast.patient.has_usable_password()) == ("marisol@example.test", True)


def test_a_link_taken_back_leaves_the_login_that_the_clinic_made(cast: Cast, link: PersonalLink, settings: Any) -> None:
    phone = opened(link)
    settings.SENDS_MAIL = True
    own = by_code(cast.patient.email)
    links.renew(link=link, by=cast.front_desk)
    cast.patient.refresh_from_db()
    assert cast.patient.email == "marisol@example.test"
    assert own.get("/me/settings").status_code == 200
    assert '"storage"' in phone.get("/me/settings")["Clear-Site-Data"]
    assert not AuditEvent.objects.filter(action="login.ended").exists()


def test_whoever_lost_the_session_is_told_to_open_the_link_again(cast: Cast) -> None:
    response = Client(HTTP_ACCEPT_LANGUAGE="es").get("/me/settings", follow=True)
    assert response.redirect_chain[0][0].startswith("/account/login/code/?next=")
    page = response.content.decode()
    assert "Abra sus páginas" in page
    assert '<html lang="es">' in page
