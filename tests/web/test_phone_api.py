"""The addresses a phone's script talks to, the worker, and the same pages without a script."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from rhomboid.web.records import clock
from rhomboid.web.records.actions import links
from rhomboid.web.records.models import HomeChange, HomeSession, PersonalLink, PhoneReport, PlanOfCare

from . import care
from .conftest import NOW, Cast
from .phone import agree

REPORTS = "/me/api/reports"


@pytest.fixture
def plan(cast: Cast) -> PlanOfCare:
    cast.episode.started_on = clock.today() - timedelta(days=21)
    cast.episode.save()
    agree(cast.episode, cast.patient)
    return care.under_care(cast.episode, cast.therapist)


@pytest.fixture
def link(cast: Cast, plan: PlanOfCare) -> PersonalLink:
    return links.issue(episode=cast.episode, by=cast.therapist)


@pytest.fixture
def phone(link: PersonalLink) -> Client:
    """A phone that was opened by the link."""
    client = Client(enforce_csrf_checks=True)
    path = f"/p/{links.token_of(link)}"
    client.get(path)
    born = {"day": "9", "month": "3", "year": "1972", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post(path, born).status_code == 302
    return client


def report(cast: Cast, plan: PlanOfCare, **told: Any) -> dict[str, Any]:
    base = {"kind": "exercise", "episode": cast.episode.ref, "done_at": NOW.isoformat(), "session": "s1", "outcome": "done"}
    return {**base, "item": care.item(plan, "exercise").ref, "rest": 2, "during": 2, "effort": 3, **told}


def send(phone: Client, body: Any, key: str = "", token: bool = True) -> HttpResponse:
    found = phone.get("/me/api/csrf").json() if token else {"token": ""}
    headers = {"Idempotency-Key": key or str(uuid4()), "X-CSRFToken": found["token"]}
    content = body if isinstance(body, str) else json.dumps(body)
    return phone.post(REPORTS, content, content_type="application/json", headers=headers)  # type: ignore[return-value]


def test_a_report_is_acknowledged_by_its_key(phone: Client, cast: Cast, plan: PlanOfCare) -> None:
    key, body = str(uuid4()), report(cast, plan)
    first, again, other = send(phone, body, key), send(phone, body, key), send(phone, {**body, "during": 4}, key)
    assert [first.status_code, again.status_code, other.status_code] == [201, 200, 409]
    assert json.loads(first.content)["ack"] == json.loads(again.content)["ack"] == key
    assert json.loads(other.content)["refused"] == key
    assert PhoneReport.objects.get().body["during"] == 2


def test_a_phone_that_is_signed_out_is_told_so_and_not_led_away(
    phone: Client, cast: Cast, plan: PlanOfCare, link: PersonalLink
) -> None:
    links.revoke(link=link, by=cast.therapist)
    for asked in (phone, Client()):
        found = asked.get("/me/api/csrf")
        assert (found.status_code, found["Content-Type"]) == (401, "application/json")
    assert PhoneReport.objects.count() == 0


def test_without_the_token_nothing_is_taken(phone: Client, cast: Cast, plan: PlanOfCare) -> None:
    assert send(phone, report(cast, plan), token=False).status_code == 403
    assert PhoneReport.objects.count() == 0


@pytest.mark.parametrize("body", ["", "[]", "{", '{"kind": 1}', "x" * 9000])
def test_what_is_no_report_is_refused_by_its_key(phone: Client, body: str) -> None:
    key = str(uuid4())
    found = send(phone, body, key)
    assert (found.status_code, json.loads(found.content)["refused"]) == (422, key)


def test_the_token_says_whose_reports_may_be_sent(phone: Client, cast: Cast) -> None:
    found = phone.get("/me/api/csrf")
    assert found.json()["who"] == cast.episode.ref
    assert "no-store" in found["Cache-Control"]


# --- pages -----------------------------------------------------------------------------------------------------------


def test_today_and_the_player_are_kept_small_and_in_nobodys_cache(phone: Client, cast: Cast) -> None:
    for path in ("/me/today", "/me/session"):
        found = phone.get(path, headers={"Accept-Encoding": "gzip"})
        assert (found.status_code, found["Content-Encoding"]) == (200, "gzip")
        assert "no-store" in found["Cache-Control"]
        assert len(found.content) < 40_000


def test_today_and_the_player_ask_the_database_little(phone: Client, plan: PlanOfCare, django_assert_max_num_queries: Any) -> None:
    phone.get("/me/today")
    for path in ("/me/today", "/me/session"):
        with django_assert_max_num_queries(30):
            assert phone.get(path).status_code == 200


def test_the_worker_lies_at_the_root_and_names_only_what_belongs_to_nobody(client: Client, db: None) -> None:
    found = client.get("/sw.js")
    given = json.loads(re.search(r"const GIVEN = (.*);", found.content.decode())[1])  # type: ignore[index]
    assert (found["Cache-Control"], found["Content-Type"]) == ("no-cache", "text/javascript; charset=utf-8")
    assert all(client.get(name).status_code == 200 for name in [given["shell"]])
    assert not any("/me/today" in name or "/me/session" in name for name in given["files"])
    manifest = client.get("/manifest.webmanifest")
    assert (manifest.status_code, manifest.json()["name"]) == (200, "Rhomboid")
    assert "worker-src 'self'" in found["Content-Security-Policy"]


def test_all_that_a_kept_page_needs_is_kept_with_it(phone: Client, plan: PlanOfCare) -> None:
    given = json.loads(re.search(r"const GIVEN = (.*);", phone.get("/sw.js").content.decode())[1])  # type: ignore[index]
    for path in given["kept"]:
        page = phone.get(path, follow=True).content.decode()
        assert set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page)) <= set(given["files"]), path


def test_without_a_script_the_session_is_one_form(phone: Client, cast: Cast, plan: PlanOfCare) -> None:
    page = phone.get("/me/session").content.decode()
    token, key = _hidden(page, "csrfmiddlewaretoken"), _hidden(page, "key")
    first, second = re.findall(r'name="item" value="(\w+)"', page)[:2]
    sent = {
        "csrfmiddlewaretoken": token, "key": key, "rest": "2", "item": [first, second], f"outcome-{first}": "part",
        f"why-{first}": "pain", f"during-{first}": "8", f"outcome-{second}": "skipped", f"why-{second}": "time",
        "note": "Low chair",
    }  # fmt: skip
    for _ in range(2):
        assert phone.post("/me/session", sent)["Location"] == "/me/today"
    assert sorted(PhoneReport.objects.values_list("kind", flat=True)) == ["exercise", "exercise", "rest", "session"]
    assert (HomeSession.objects.get().during, HomeChange.objects.get().dose_pct) == (8, 50)
    assert "Leave this one for today" in phone.get("/me/today").content.decode()


def test_without_a_script_the_morning_is_told_too(phone: Client, cast: Cast, plan: PlanOfCare) -> None:
    page = phone.get("/me/today").content.decode()
    sent = {"csrfmiddlewaretoken": _hidden(page, "csrfmiddlewaretoken"), "key": _hidden(page, "key"), "rest": "3"}
    assert phone.post("/me/today", sent).status_code == 302
    assert PhoneReport.objects.get().body["rest"] == 3
    assert "3 of 10 at rest" in phone.get("/me/today").content.decode()


def test_a_pause_says_why_and_whom_to_call(phone: Client, cast: Cast, plan: PlanOfCare) -> None:
    from rhomboid.knowledge.care import StopSymptom
    from rhomboid.web.records import current

    name, symptom = next((id_, one) for id_, one in current.knowledge().of(StopSymptom).items() if one.call == "911")
    send(phone, {"kind": "stop", "episode": cast.episode.ref, "done_at": NOW.isoformat(), "symptoms": [name]})
    page = phone.get("/me/today").content.decode()
    assert "Your exercises are paused" in page
    assert symptom.plain in page
    assert 'href="tel:911"' in page
    assert "today-one" not in page
    assert phone.get("/me/session")["Location"] == "/me/today"


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, name
    return found[1]
