"""What must hold before a site meets the world: settings, headers, cookies, error pages, no health data in logs and subjects."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.checks import run_checks
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from rhomboid.web.accounts.models import User
from rhomboid.web.config import urls
from rhomboid.web.records.access import signed_in as open_to_all
from rhomboid.web.records.models import AuditEvent, Document, Finding, Note, Person, Referral

from .conftest import Cast
from .test_access import OURS, PLACES, Place, path_of, refs_of
from .test_house import picture

MARKER = "Zyxmarker"
TEMPLATES = Path(urls.__file__).parents[1]


def checked(**environment: str) -> subprocess.CompletedProcess[str]:
    """`check --deploy` as an installation runs it, in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RHOMBOID_", "DATABASE_", "DJANGO_"))}
    settings = {"DJANGO_SETTINGS_MODULE": "rhomboid.web.config.settings", **environment}
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=kept | settings, capture_output=True, text=True, check=False)


def test_check_deploy_is_clean_with_the_settings_of_an_installation(tmp_path: Path) -> None:
    ran = checked(
        RHOMBOID_DATA=str(tmp_path), RHOMBOID_HTTPS="1", RHOMBOID_HOSTS="rehab.example.org", RHOMBOID_SMTP_HOST="mail.example.org"
    )
    assert ran.returncode == 0, ran.stderr
    secret = tmp_path / "rhomboid_secret_key.txt"
    assert secret.stat().st_mode & 0o077 == 0
    assert len(secret.read_text()) >= 50


@pytest.mark.parametrize(
    ("environment", "id_", "words"),
    [
        ({"RHOMBOID_DEMO": "1", "RHOMBOID_HOSTS": "rehab.example.org"}, "rhomboid.E001", "known passwords"),
        ({"RHOMBOID_HOSTS": "*"}, "rhomboid.E002", "any name"),
        ({"RHOMBOID_SECOND_FACTOR": "0"}, "rhomboid.W001", "password alone"),
        ({}, "rhomboid.W002", "RHOMBOID_HOSTS"),
        ({}, "rhomboid.W003", "RHOMBOID_SMTP_HOST"),
        ({"RHOMBOID_IDLE_MINUTES": "600"}, "rhomboid.W004", "600"),
    ],
)
def test_a_setting_that_opens_a_door_is_named_with_its_fix(
    environment: dict[str, str], id_: str, words: str, tmp_path: Path
) -> None:
    ran = checked(RHOMBOID_DATA=str(tmp_path), RHOMBOID_HTTPS="1", **environment)
    assert ran.returncode != 0
    assert id_ in ran.stderr
    assert words in ran.stderr
    assert "HINT" in ran.stderr


def test_options_of_the_connection_in_the_address_go_along_with_ours(tmp_path: Path) -> None:
    told = "from rhomboid.web.config.settings import DATABASES; print(sorted(DATABASES['default']['OPTIONS'].items()))"
    address = "postgres://rhomboid@127.0.0.1/rhomboid?sslmode=require&prepare_threshold=9"
    environment = {**os.environ, "RHOMBOID_DATA": str(tmp_path), "DATABASE_URL": address}
    ran = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[('prepare_threshold', 9), ('server_side_binding', True), ('sslmode', 'require')]"


def test_the_tests_themselves_run_on_checked_settings() -> None:
    assert run_checks() == []


# --- headers and cookies -----------------------------------------------------------------------------------------------


def headers(response: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in response.items()}


def test_every_page_carries_the_strict_policy(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    pages = [Client().get("/account/login/"), signed_in(cast.therapist).get("/today"), Client().get("/no/such/page")]
    for response in pages:
        said = headers(response)
        policy = said["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert said["x-frame-options"] == "DENY"
        assert said["x-content-type-options"] == "nosniff"
        assert said["referrer-policy"] == "same-origin"


def test_no_template_holds_an_inline_script_style_or_handler() -> None:
    found = []
    for template in TEMPLATES.glob("*/templates/**/*.html"):
        if template.is_relative_to(TEMPLATES / "keeping"):
            continue  # files that are read outside the site
        text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
        for pattern in (
            r"<script(?![^>]*(\bsrc=|application/json))",
            r"\sstyle=",
            r"<style",
            r"\son[a-z]+=",
            r"javascript:",
            r"hx-on",
        ):
            found += [(template.name, match[0]) for match in re.finditer(pattern, text)]
    assert found == []


def test_cookies_are_out_of_reach_of_scripts_and_go_over_https_alone(settings: Any, cast: Cast) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    client.get("/account/login/", secure=True)
    client.post("/account/login/", {"login": "uma@example.test", "password": "correct horse"}, secure=True)
    assert {"sessionid", "csrftoken"} <= client.cookies.keys()
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
    assert client.cookies["sessionid"]["max-age"] == ""


def test_the_session_gets_a_new_name_at_sign_in(cast: Cast) -> None:
    client = Client()
    client.get("/account/login/")
    client.session.save()
    before = client.session.session_key
    client.post("/account/login/", {"login": "uma@example.test", "password": "correct horse"})
    assert client.session.session_key != before


def test_pages_of_somebody_signed_in_stay_out_of_every_cache(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.therapist)
    for at in ("/today", f"/people/{cast.marisol.ref}", "/account"):
        assert "no-store" in client.get(at)["Cache-Control"]


# --- error pages -------------------------------------------------------------------------------------------------------


@open_to_all("GET", "POST")
def breaks(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"{MARKER} {request.POST.get('note', '')}")


@pytest.fixture
def broken_page(settings: Any) -> Iterator[str]:
    """A page that crashes with what was typed in its words, as the worst of mistakes would."""
    urls.urlpatterns.append(path("breaks", breaks))
    from django.urls import clear_url_caches

    clear_url_caches()
    yield "/breaks"
    urls.urlpatterns.pop()
    clear_url_caches()


def test_a_crash_says_nothing_of_what_was_typed(
    cast: Cast, signed_in: Callable[[User], Client], broken_page: str, logged: io.StringIO
) -> None:
    client = signed_in(cast.therapist)
    client.raise_request_exception = False
    response = client.post(broken_page, {"note": MARKER})
    assert response.status_code == 500
    page = response.content.decode()
    assert "Something went wrong on our side" in page
    assert MARKER not in page
    assert "ValueError at test_security.py" in logged.getvalue()
    assert MARKER not in logged.getvalue()


def test_an_address_that_somebody_types_is_logged_by_its_route(
    cast: Cast, signed_in: Callable[[User], Client], logged: io.StringIO
) -> None:
    client = signed_in(cast.therapist)
    for address in (f"/people/{MARKER}", f"/{MARKER}", f"/rules/factor/{MARKER}/text"):
        assert client.get(address).status_code == 404
    assert "Not Found: /people/<str:ref>" in logged.getvalue()
    assert "Not Found: no address of this site" in logged.getvalue()
    assert MARKER not in logged.getvalue()


def test_a_missing_page_repeats_nothing_of_its_address(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    for client in (Client(), signed_in(cast.therapist)):
        response = client.get(f"/people/{MARKER}/x?note={MARKER}")
        assert response.status_code == 404
        assert MARKER not in re.sub(r'href="[^"]*"', "", response.content.decode())


def test_an_error_page_leaves_the_token_of_the_page_beside_it(cast: Cast) -> None:
    """Browsers ask for an icon by themselves while the first page opens; both are answered at about the same time."""
    first = Client(enforce_csrf_checks=True)
    page, icon = first.get("/account/login/"), Client().get("/favicon.ico")
    assert icon.status_code == 404
    first.cookies.update(icon.cookies)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    assert token
    said = {"csrfmiddlewaretoken": token[1], "login": "nobody@example.test", "password": "x"}
    assert first.post("/account/login/", said).status_code == 200


def test_a_page_too_old_to_be_sent_says_so(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.therapist, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post("/people", {"q": MARKER})
    assert response.status_code == 403
    assert b"too old to be sent" in response.content
    assert MARKER.encode() not in response.content


# --- no health data where it does not belong -----------------------------------------------------------------------------


FIELDS = (
    "q", "born", "note", "notes", "reason", "words", "text", "subjective", "objective", "assessment", "plan", "given_name",
    "family_name", "phone", "email", "to", "to_address", "to_email", "message", "answer", "title", "entry", "finding", "value",
    "name", "clearance", "response", "toml", "summary", "symptoms", "region", "person", "actor", "action", "day", "login", "seen",
)  # fmt: skip
"""Every field that people type into, in any form: each gets the marker, whatever the page makes of it."""


def planted(place: Place) -> dict[str, Any]:
    """A form with the marker in every field, and as the name and content of a file."""
    form: dict[str, Any] = {name: f"{MARKER} {name}" for name in FIELDS}
    return form | {"file": SimpleUploadedFile(f"{MARKER}.pdf", MARKER.encode()), "logo": SimpleUploadedFile(f"{MARKER}.png", b"x")}


def plant_well(client: Client, refs: dict[str, str]) -> None:
    """The marker where it is kept: a person, a note, a finding's note, a letter, a document."""
    note, referral = Note.objects.get(ref=refs["note"]), Referral.objects.get(ref=refs["referral"])
    name = {"given_name": MARKER, "family_name": MARKER, "date_of_birth": "1970-01-01"}
    client.post("/people/new", name)
    client.post("/people", {"q": MARKER})
    client.post(f"/notes/{note.ref}/save", {"revision": note.revision, "subjective": MARKER})
    client.post(f"/episodes/{refs['episode']}/evaluation/findings", {"skip.rom_thx_flexion": MARKER})
    client.post(f"/referrals/{referral.ref}/save", {"revision": referral.revision, "to": MARKER, "message": MARKER})
    file = SimpleUploadedFile(f"{MARKER}.png", picture())
    client.post(f"/episodes/{refs['episode']}/documents", {"file": file, "title": MARKER, "kind": "received"})


def kept() -> set[str]:
    """Where the marker stands in the database by now."""
    places = ((Person, "family_name"), (Note, "subjective"), (Finding, "note"), (Referral, "message"), (Document, "title"))
    return {model.__name__ for model, field in places if model.objects.filter(**{f"{field}__contains": MARKER}).exists()}


def test_nothing_that_people_type_reaches_a_log_a_subject_or_the_trail(
    cast: Cast, signed_in: Callable[[User], Client], logged: io.StringIO, settings: Any, capfd: Any
) -> None:
    """The marker goes into every field of every page, twice: also into searches and pages that refuse it or crash."""
    settings.SENDS_MAIL = True
    refs = refs_of(cast.episode, cast.therapist)
    plant_well(signed_in(cast.therapist), refs)
    assert kept() == {"Person", "Note", "Finding", "Referral", "Document"}
    for somebody in (cast.therapist, cast.front_desk, cast.owner):
        client = signed_in(somebody)
        client.raise_request_exception = False
        for place in PLACES:
            if "settings_user_do" not in place.route and "close" not in place.route:
                client.post(path_of(place, refs), planted(place))
                client.get(path_of(place, refs), {"q": MARKER, "show": MARKER})
    Client().post("/account/login/", {"login": f"{MARKER}@example.test", "password": MARKER})
    Client().post("/account/password/reset/", {"email": f"{MARKER}@example.test"})
    printed = capfd.readouterr()
    for where in (logged.getvalue(), printed.out, printed.err, *(message.subject for message in mail.outbox)):
        assert MARKER.lower() not in where.lower()
    said = str(list(AuditEvent.objects.values("action", "subject", "detail")))
    assert MARKER.lower() not in said.lower()


def test_titles_of_pages_that_are_shown_in_tabs_and_history_name_nobody_at_the_door(cast: Cast) -> None:
    assert len(OURS) > len(PLACES)
    page = Client().get(f"/account/login/?next=/people/{cast.marisol.ref}").content.decode()
    assert "Marisol" not in page
