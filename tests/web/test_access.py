"""Every address, by every method, as every role and as a stranger: who is not meant to be there gets nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from rhomboid.web.accounts.models import User
from rhomboid.web.accounts.roles import ROLES
from rhomboid.web.records import clock, current
from rhomboid.web.records.access import Access, Kind, declared
from rhomboid.web.records.actions import findings, notes, referrals, visits
from rhomboid.web.records.models import Alert, CheckIn, Document, Episode, Message, PersonalLink

from . import care
from .conftest import Cast

METHODS = ("GET", "POST")
ALLAUTH = {
    "login/": "anybody",
    "login/code/": "anybody",
    "login/code/confirm/": "half signed in",
    "logout/": "anybody",
    "inactive/": "anybody",
    "signup/": "anybody",
    "password/reset/": "anybody",
    "password/reset/done/": "anybody",
    "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "anybody",
    "password/reset/key/done/": "anybody",
    "2fa/webauthn/login/": "anybody",
    "2fa/authenticate/": "half signed in",
    "reauthenticate/": "signed in",
    "password/change/": "signed in",
    "password/set/": "signed in",
    "2fa/": "signed in",
    "2fa/reauthenticate/": "signed in",
    "2fa/totp/activate/": "signed in",
    "2fa/totp/deactivate/": "signed in",
    "2fa/recovery-codes/": "signed in",
    "2fa/recovery-codes/generate/": "signed in",
    "2fa/recovery-codes/download/": "signed in",
    "2fa/webauthn/": "signed in",
    "2fa/webauthn/add/": "signed in",
    "2fa/webauthn/reauthenticate/": "signed in",
    "2fa/webauthn/keys/<int:pk>/remove/": "signed in",
    "2fa/webauthn/keys/<int:pk>/edit/": "signed in",
    "sessions/": "signed in",
}
"""Addresses of django-allauth below account/: they hold no records and guard themselves."""


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        else:
            yield route, entry


@dataclass(frozen=True)
class Place:
    route: str
    rule: Access


OURS = [(route, entry) for route, entry in addresses() if not route.startswith("account/")]
PLACES = [Place(route, rule) for route, entry in OURS if (rule := declared(entry.callback)) and rule.rule != "public"]
PUBLIC = {"figures/<slug:name>.svg", "healthz", "manifest.webmanifest", "me/offline", "p", "p/<str:token>", "sw.js"}


def test_every_view_declares_who_may_use_it() -> None:
    assert len(PLACES) > 60
    assert [route for route, entry in OURS if declared(entry.callback) is None] == []
    assert {route for route, entry in OURS if (rule := declared(entry.callback)) and rule.rule == "public"} == PUBLIC


def test_every_address_with_a_record_says_of_what_kind_it_is() -> None:
    """A `ref` in an address is loaded with rights by the decorator; emergency access is for those one may not see."""
    assert {place.route for place in PLACES if "<str:ref>" in place.route and not place.rule.of} == {"people/<str:ref>/break-glass"}


def path_of(place: Place, refs: dict[str, str]) -> str:
    """An address with its parts filled in: `ref` by a real record of the kind the view declares, others by something harmless."""

    def fill(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(":")
        if name == "ref":
            return refs[place.rule.of or "person"]
        return refs.get(name, "1" if kind == "int" else "x")

    return "/" + re.sub(r"<([^>]+)>", fill, place.route)


DANGER = {"rf_pain_tearing": True, "rf_pain_abrupt_severe": True, "sbp_arm_diff_mmhg": 32, "rf_onset_days": 0}


def refs_of(episode: Episode, by: User) -> dict[str, str]:
    """One record of every kind, as they come about in care."""
    knowledge = current.knowledge()
    plan = care.under_care(episode, by)
    visit = visits.start(visit=care.visit(episode, by), by=by)
    note = notes.open_note(visit=visit, knowledge=knowledge, by=by)
    raised = findings.record(episode=episode, values=DANGER, knowledge=knowledge, by=by).renewed.raised
    concern = next(one for one in raised if one.urgency == "emergency_now")
    referral = referrals.write(concern=concern, knowledge=knowledge, by=by)
    document = Document.objects.create(
        episode=episode,
        kind="plan",
        title="Plan",
        mime="application/pdf",
        content=b"%PDF-",
        size=5,
        sha256="0" * 64,
        made_by_label="x",
    )
    rows = {"visit": visit, "note": note, "concern": concern, "referral": referral, "document": document, "plan": plan}
    rows |= from_the_phone(episode, by)
    found = {kind: row.ref for kind, row in rows.items()}
    return found | {"episode": episode.ref, "person": episode.person.ref, "item": care.item(plan, "exercise").ref}


def from_the_phone(episode: Episode, by: User) -> dict[str, Any]:
    now, whom = clock.now(), {"by": by, "by_label": by.label}
    return {
        "link": PersonalLink.objects.create(episode=episode, made_by=by, made_by_label=by.label, made_at=now),
        "message": Message.objects.create(episode=episode, from_patient=True, text="x", at=now, **whom),
        "alert": Alert.objects.create(episode=episode, kind="rescreen", urgency="same_day", text="x", at=now),
        "check_in": CheckIn.objects.create(episode=episode, due_on=clock.today(), kind="message"),
    }


@pytest.fixture
def own(cast: Cast) -> dict[str, str]:
    """The records of Marisol, whom the assistant is assigned to."""
    return refs_of(cast.episode, cast.therapist)


@pytest.fixture
def others(cast: Cast) -> dict[str, str]:
    """The records of Theo."""
    return refs_of(cast.other, cast.colleague)


def asked(client: Client, method: str, path: str, **data: Any) -> int:
    """The status of an answer; whatever the request wrote is taken back."""
    before = transaction.savepoint()
    try:
        client.raise_request_exception = False
        return int(getattr(client, method.lower())(path, data).status_code)
    finally:
        transaction.savepoint_rollback(before)


def test_there_is_a_record_of_every_kind_to_walk_with(own: dict[str, str]) -> None:
    assert set(get_args(Kind)) - {""} <= own.keys()


def test_a_stranger_is_sent_to_sign_in_everywhere(own: dict[str, str]) -> None:
    wrong = []
    for place in PLACES:
        for method in METHODS:
            response = getattr(Client(), method.lower())(path_of(place, own))
            led = response.status_code == 302 and response["Location"].startswith("/account/login/")
            if not (response.status_code == 401 if place.route.startswith("me/api/") else led):
                wrong.append((method, place.route, response.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", list(ROLES))
def test_each_role_gets_what_it_may_and_nothing_else(
    role: str, cast: Cast, own: dict[str, str], signed_in: Callable[[User], Client]
) -> None:
    somebody: User = getattr(cast, role)
    client, wrong = signed_in(somebody), []
    for place in PLACES:
        for method in METHODS:
            if not client.cookies["sessionid"].value:  # signed out by the last request, as a phone that leaves
                client = signed_in(somebody)
            status = asked(client, method, path_of(place, own))
            if not fits(status, method, place.rule, somebody):
                wrong.append((method, place.route, status))
    assert wrong == []


def fits(status: int, method: str, rule: Access, somebody: User) -> bool:
    """Whether an answer is right: the wrong method 405, without the permission 403, else anything but a refusal or a crash."""
    if method not in rule.methods:
        return status == 405
    if rule.rule != "signed_in" and not somebody.may(rule.rule):  # type: ignore[arg-type]
        return status == 403
    return status < 500 and status not in (403, 405)


@pytest.mark.parametrize("who", ["patient", "assistant"])
def test_somebody_elses_record_does_not_exist(
    who: str, cast: Cast, others: dict[str, str], signed_in: Callable[[User], Client]
) -> None:
    somebody: User = getattr(cast, who)
    wrong = []
    for place in [one for one in PLACES if one.rule.of]:
        for method in place.rule.methods:
            expected = 404 if somebody.may(place.rule.rule) else 403  # type: ignore[arg-type]
            status = asked(signed_in(somebody), method, path_of(place, others))
            if status != expected:
                wrong.append((method, place.route, status, expected))
    assert wrong == []


def test_a_part_of_somebody_elses_record_is_not_reached_through_ones_own(
    cast: Cast, own: dict[str, str], others: dict[str, str], signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(cast.therapist)
    mixed = own | {"item": others["item"]}
    wrong = []
    for place in [one for one in PLACES if "<str:item>" in one.route]:
        for method in place.rule.methods:
            status = asked(client, method, path_of(place, mixed), minutes="5", done="1", during="2")
            if status < 400 or status >= 500:
                wrong.append((method, place.route, status))
    assert wrong == []


def test_what_does_not_exist_and_what_one_may_not_see_look_the_same(
    cast: Cast, others: dict[str, str], signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(cast.assistant)
    hidden = client.get(f"/episodes/{others['episode']}")
    missing = client.get("/episodes/222222222222")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert _plain(hidden.content) == _plain(missing.content)


def _plain(content: bytes) -> str:
    return re.sub(r'"X-CSRFToken": "\w+"|value="\w{64}"', "", content.decode())


def test_nothing_is_written_from_another_site(cast: Cast, own: dict[str, str]) -> None:
    """Every address that takes a POST refuses one without the token of a page of ours."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.therapist, backend="django.contrib.auth.backends.ModelBackend")
    taken = [place.route for place in PLACES if "POST" in place.rule.methods and asked(client, "POST", path_of(place, own)) != 403]
    assert taken == []


# --- addresses of django-allauth -------------------------------------------------------------------------------------


def test_the_addresses_of_allauth_are_those_listed() -> None:
    found = {route.removeprefix("account/") for route, _ in addresses() if route.startswith("account/")}
    assert found == set(ALLAUTH)


@pytest.mark.parametrize("route", [route for route, who in ALLAUTH.items() if who != "anybody"])
@pytest.mark.parametrize("method", METHODS)
def test_a_stranger_cannot_change_anybodys_way_of_signing_in(route: str, method: str, db: None) -> None:
    path = "/account/" + re.sub(r"<int:pk>", "1", route)
    response = getattr(Client(), method.lower())(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


@pytest.mark.parametrize("what", ["remove", "edit"])
def test_nobody_touches_somebody_elses_passkey(what: str, cast: Cast, signed_in: Callable[[User], Client]) -> None:
    from allauth.mfa.models import Authenticator

    theirs = Authenticator.objects.create(user=cast.colleague, type="webauthn", data={"name": "Laptop"})
    client = signed_in(cast.therapist)
    client.post("/account/reauthenticate/", {"password": "correct horse"})
    path = f"/account/2fa/webauthn/keys/{theirs.pk}/{what}/"
    assert client.get(path).status_code == 404
    assert client.post(path, {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.filter(pk=theirs.pk).exists()
