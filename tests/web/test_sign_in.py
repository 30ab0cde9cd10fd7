"""The door: signing in, throttling, idle time, the second factor, links that set a password."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client

from rhomboid.web.accounts import invitations
from rhomboid.web.accounts.first import first_owner
from rhomboid.web.accounts.models import User
from rhomboid.web.records import audit, clock
from rhomboid.web.records.actions import Refused, users

from .conftest import NOW, Cast

PASSWORD = "correct horse"
LOGIN = "/account/login/"


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def test_somebody_signs_in_and_is_led_to_where_their_role_begins(cast: Cast) -> None:
    client = Client()
    response = sign_in(client, "uma@example.test")
    assert response.status_code == 302
    assert client.get(response["Location"])["Location"] == "/audit"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(cast: Cast) -> None:
    known = sign_in(Client(), "dara@example.test", "wrong")
    unknown = sign_in(Client(), "nobody@example.test", "wrong")
    assert known.status_code == unknown.status_code == 200
    said = [
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"|\S+@example.test|"X-CSRFToken": "\w+"', "", r.content.decode())
        for r in (known, unknown)
    ]
    assert said[0] == said[1]
    assert "do not go together" in said[0]


def test_sign_up_is_closed(cast: Cast) -> None:
    before = User.objects.count()
    form = {"email": "new@example.test", "password1": "a long enough one", "password2": "a long enough one"}
    for response in (Client().get("/account/signup/"), Client().post("/account/signup/", form)):
        assert b"by invitation" in response.content
    assert User.objects.count() == before


def test_only_the_addresses_of_allauth_that_the_site_has_answer(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.therapist)
    for path in ("email/", "confirm-email/", "phone/change/", "2fa/webauthn/signup/"):
        assert client.get(f"/account/{path}").status_code == 404


def test_five_wrong_passwords_close_the_door_for_a_while_even_for_the_right_one(cast: Cast) -> None:
    for _ in range(5):
        assert b"do not go together" in sign_in(Client(), "dara@example.test", "wrong").content
    response = sign_in(Client(), "dara@example.test")
    assert response.status_code == 200
    assert b"Too many tries" in response.content
    assert sign_in(Client(), "sam@example.test").status_code == 302


def test_behind_a_proxy_one_guessing_address_locks_out_nobody_else(cast: Cast, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(20):
        sign_in(Client(headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"}), f"guess{number}@example.test", "wrong")
    guessing = sign_in(Client(headers={"X-Forwarded-For": "7.7.7.7, 203.0.113.9"}), "dara@example.test")
    assert b"Too many tries" in guessing.content
    assert sign_in(Client(headers={"X-Forwarded-For": "198.51.100.4"}), "dara@example.test").status_code == 302


def test_failed_sign_ins_are_counted_where_every_process_sees_them(settings: Any) -> None:
    assert "db.DatabaseCache" in settings.CACHES["default"]["BACKEND"]


def test_somebody_idle_is_signed_out_and_told_so(cast: Cast, signed_in: Callable[[User], Client], settings: Any) -> None:
    client = signed_in(cast.auditor)
    assert client.get("/audit").status_code == 200
    with clock.fixed(NOW + timedelta(minutes=settings.IDLE_MINUTES - 1)):
        assert client.get("/audit").status_code == 200
    with clock.fixed(NOW + timedelta(minutes=2 * settings.IDLE_MINUTES)):
        response = client.get("/audit?day=2026-11-24")
        assert response.status_code == 302
        assert response["Location"] == "/account/login/?next=%2Faudit%3Fday%3D2026-11-24"
        assert b"signed out after a while" in client.get(response["Location"]).content
        back = sign_in(client, "uma@example.test", next="/audit?day=2026-11-24")
        assert back["Location"] == "/audit?day=2026-11-24"


def test_nobody_is_sent_to_another_site_after_signing_in(cast: Cast) -> None:
    response = sign_in(Client(), "uma@example.test", next="https://evil.example/")
    assert response["Location"] == "/"


# --- the second factor -----------------------------------------------------------------------------------------------


def test_staff_without_a_second_factor_can_do_nothing_but_set_one_up(
    cast: Cast, signed_in: Callable[[User], Client], settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = signed_in(cast.owner)
    for path in ("/", "/settings", "/audit", "/account", "/gallery"):
        assert client.get(path)["Location"] == "/account/2fa/"
    assert client.post("/settings", {"name": "Mine"})["Location"] == "/account/2fa/"
    page = client.get("/account/2fa/").content.decode()
    assert "Set up your second factor" in page
    assert 'href="/settings"' not in page
    assert signed_in(cast.patient).get("/me").status_code == 302


def test_an_authenticator_app_is_set_up_and_then_asked_for(cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = Client()
    sign_in(client, "uma@example.test")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert b"data:image/svg+xml;base64," in page.content
    wrong = client.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert b"not right" in wrong.content
    code = f"{totp.hotp_value(secret, int(time.time()) // 30):06}"
    assert client.post("/account/2fa/totp/activate/", {"code": code})["Location"] == "/account/2fa/recovery-codes/"
    assert client.get("/audit").status_code == 200

    again = Client()
    assert sign_in(again, "uma@example.test")["Location"] == "/account/2fa/authenticate/"
    assert again.get("/audit")["Location"].startswith(LOGIN)
    (recovery,) = Authenticator.objects.filter(user=cast.auditor, type="recovery_codes")
    spare = RecoveryCodes(recovery).get_unused_codes()[0]
    assert again.post("/account/2fa/authenticate/", {"code": spare}).status_code == 302
    assert again.get("/audit").status_code == 200
    third = Client()
    sign_in(third, "uma@example.test")
    assert third.post("/account/2fa/authenticate/", {"code": spare}).status_code == 200


def test_changing_the_second_factor_asks_for_the_password_again(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.therapist)
    for path in ("totp/activate/", "webauthn/add/", "recovery-codes/generate/"):
        assert client.get(f"/account/2fa/{path}")["Location"].startswith("/account/reauthenticate/")


def test_an_owner_takes_away_a_lost_second_factor(cast: Cast) -> None:
    totp.TOTP.activate(cast.therapist, totp.generate_totp_secret())
    with pytest.raises(Refused):
        users.forget_second_factor(user=cast.therapist, by=cast.colleague)
    users.forget_second_factor(user=cast.therapist, by=cast.owner)
    assert not Authenticator.objects.filter(user=cast.therapist).exists()


# --- passwords ---------------------------------------------------------------------------------------------------------


def test_a_link_sets_the_password_once(cast: Cast, rf: Any) -> None:
    user = users.invite(email="nia@example.test", name="Nia New", role="therapist", by=cast.owner)
    path = "/account" + invitations.link_for(rf.get("/"), user).split("/account", 1)[1]
    assert sign_in(Client(), "nia@example.test", "").status_code == 200
    client = Client()
    form = client.get(path)["Location"]
    short = client.post(form, {"password1": "short", "password2": "short"})
    assert b"too short" in short.content
    fine = {"password1": "violet kettle nine", "password2": "violet kettle nine"}
    assert client.post(form, fine)["Location"] == "/account/password/reset/key/done/"
    assert sign_in(Client(), "nia@example.test", "violet kettle nine").status_code == 302
    assert b"no longer works" in Client().get(path, follow=True).content


def test_asking_for_a_new_password_says_the_same_for_everybody(cast: Cast, settings: Any) -> None:
    settings.SENDS_MAIL = True
    answers = [Client().post("/account/password/reset/", {"email": f"{name}@example.test"}) for name in ("dara", "nobody")]
    assert {answer["Location"] for answer in answers} == {"/account/password/reset/done/"}
    assert [message.to for message in mail.outbox] == [["dara@example.test"], ["nobody@example.test"]]
    assert {message.subject for message in mail.outbox} == {"Set a new password"}
    assert "/account/password/reset/key/" in str(mail.outbox[0].body)
    assert "/key/" not in str(mail.outbox[1].body)


def test_without_a_mail_server_the_page_says_whom_to_ask(cast: Cast, settings: Any) -> None:
    settings.SENDS_MAIL = False
    page = Client().get("/account/password/reset/").content
    assert b"sends no e-mail" in page
    assert b'name="email"' not in page


def test_a_mail_server_that_is_down_breaks_no_page(cast: Cast, settings: Any) -> None:
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 9
    response = Client().post("/account/password/reset/", {"email": "dara@example.test"})
    assert response["Location"] == "/account/password/reset/done/"


def test_a_closed_account_is_signed_out_at_once_and_cannot_come_back(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.auditor)
    assert client.get("/audit").status_code == 200
    users.close(user=cast.auditor, by=cast.owner)
    assert client.get("/audit")["Location"].startswith(LOGIN)
    assert sign_in(Client(), "uma@example.test").get("Location", "/account/inactive/") == "/account/inactive/"


# --- the first owner ---------------------------------------------------------------------------------------------------


def test_the_first_owner_is_made_at_the_machine_and_only_once(db: None) -> None:
    with pytest.raises(Refused, match="easy to guess"):
        first_owner("ada@example.test", "Ada", "password12")
    owner = first_owner("Ada@Example.test", "Ada Moreno", "violet kettle nine")
    assert (owner.role, owner.email) == ("owner", "ada@example.test")
    with pytest.raises(Refused, match="owner already"):
        first_owner("eve@example.test", "Eve", "violet kettle nine")
    assert list(audit.verify()) == []
    assert Client().get("/setup").status_code == 404
