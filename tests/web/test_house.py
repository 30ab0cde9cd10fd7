"""The clinic's house: settings, people, audit, emergency access, and what a patient sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from rhomboid.web.accounts.models import User
from rhomboid.web.records import audit, clock
from rhomboid.web.records.actions import Refused, break_glass, episodes, house, users
from rhomboid.web.records.models import AuditEvent, BreakGlass, Clinic, Document, Episode

from .conftest import NOW, Cast

REASON = "Fell in the hallway, the therapist is not in the house"


def picture(form: str = "PNG", size: tuple[int, int] = (60, 20), **more: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **more)
    return out.getvalue()


def last_event() -> AuditEvent:
    return AuditEvent.objects.order_by("-id")[0]


# --- the clinic --------------------------------------------------------------------------------------------------------


def test_an_owner_changes_the_letterhead(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    form = {
        "name": "Juniper PT",
        "address": "1 Juniper St",
        "phone": "555 0100",
        "email": "",
        "emergency_number": "112",
        "paper": "A4",
    }
    assert signed_in(cast.owner).post("/settings", form).status_code == 302
    clinic = Clinic.current()
    assert (clinic.name, clinic.paper, clinic.emergency_number) == ("Juniper PT", "A4", "112")
    assert last_event().action == "clinic.change"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", " ", "needs a name"),
        ("email", "nonsense", "not an e-mail"),
        ("paper", "A3", "Letter or A4"),
        ("emergency_number", "", "emergency"),
    ],
)
def test_a_wrong_setting_is_refused_in_place_and_kept(
    cast: Cast, signed_in: Callable[[User], Client], field: str, value: str, words: str
) -> None:
    form = {
        "name": "Juniper PT",
        "address": "typed",
        "phone": "",
        "email": "",
        "emergency_number": "911",
        "paper": "A4",
        field: value,
    }
    response = signed_in(cast.owner).post("/settings", form)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "typed" in response.content.decode()
    assert Clinic.current().name == "Juniper Street Physical Therapy"


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_logo_is_drawn_anew_from_its_pixels(cast: Cast, form: str) -> None:
    hidden = picture(form) + b"<script>hidden</script>"
    clinic = house.set_logo(content=hidden, by=cast.owner)
    kept = bytes(clinic.logo)
    assert b"hidden" not in kept
    assert Image.open(BytesIO(kept)).size == (60, 20)
    assert clinic.logo_mime == "image/png"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "not a PNG"),
        (picture("GIF"), "not a PNG"),
        (picture()[:40], "not a PNG"),
        (b"", "not a PNG"),
        (picture(size=(7000, 2)), "6000 pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 3_000_000, "too large"),
    ],
)
def test_what_is_no_picture_is_no_logo_whatever_its_name(
    cast: Cast, signed_in: Callable[[User], Client], content: bytes, words: str
) -> None:
    file = SimpleUploadedFile("logo.png", content or b" ", "image/png")
    response = signed_in(cast.owner).post("/settings/logo", {"logo": file})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Clinic.objects.get().logo


def test_the_logo_is_shown_as_what_it_is(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.owner)
    assert client.get("/logo").status_code == 404
    client.post("/settings/logo", {"logo": SimpleUploadedFile("x.exe", picture(), "text/html")})
    response = client.get("/logo")
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("image/png", "nosniff")
    client.post("/settings/logo", {"remove": "1"})
    assert client.get("/logo").status_code == 404


# --- people ------------------------------------------------------------------------------------------------------------


INVITED = {"email": "Nia@Example.test", "name": "Nia New", "role": "assistant", "credentials": "PTA", "license_number": ""}


def test_without_a_mail_server_the_link_is_shown_once(cast: Cast, signed_in: Callable[[User], Client], settings: Any) -> None:
    settings.SENDS_MAIL = False
    client = signed_in(cast.owner)
    page = client.post("/settings/people", INVITED).content.decode()
    made = User.objects.get(email="nia@example.test")
    assert "/account/password/reset/key/" in page
    assert not made.has_usable_password()
    assert mail.outbox == []
    assert "/reset/key/" not in client.get("/settings/people").content.decode()
    assert (last_event().action, last_event().detail) == ("user.link", {"mailed": False})


def test_with_a_mail_server_the_link_is_mailed_and_not_shown(
    cast: Cast, signed_in: Callable[[User], Client], settings: Any
) -> None:
    settings.SENDS_MAIL = True
    page = signed_in(cast.owner).post("/settings/people", INVITED).content.decode()
    assert "/reset/key/" not in page
    (message,) = mail.outbox
    assert message.to == ["nia@example.test"]
    assert message.subject == "Your account is ready"
    assert "/account/password/reset/key/" in str(message.body)


def test_when_the_mail_server_fails_the_link_is_shown(cast: Cast, signed_in: Callable[[User], Client], settings: Any) -> None:
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 9
    assert "/reset/key/" in signed_in(cast.owner).post("/settings/people", INVITED).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "status", "words"),
    [
        ("email", "nia", 422, "not an e-mail"),
        ("email", "DARA@example.test", 409, "has an account already"),
        ("name", "", 422, "needs a name"),
        ("role", "patient", 422, "Choose a role"),
        ("role", "king", 422, "Choose a role"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_and_kept(
    cast: Cast, signed_in: Callable[[User], Client], field: str, value: str, status: int, words: str
) -> None:
    before = User.objects.count()
    response = signed_in(cast.owner).post("/settings/people", INVITED | {field: value})
    assert response.status_code == status
    assert words in response.content.decode()
    assert "PTA" in response.content.decode()
    assert User.objects.count() == before


def test_every_role_is_explained_in_a_sentence(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    from rhomboid.web.accounts.roles import ROLES

    page = signed_in(cast.owner).get("/settings/people").content.decode()
    assert all(role.sentence in page for role in ROLES.values() if role.staff)


def test_a_changed_role_holds_at_the_next_click(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.auditor)
    assert client.get("/audit").status_code == 200
    form = {"name": "Uma Audit", "role": "integrator", "credentials": "", "license_number": ""}
    assert signed_in(cast.owner).post(f"/settings/people/{cast.auditor.pk}", form).status_code == 302
    assert client.get("/audit").status_code == 403


def test_a_clinic_never_loses_its_last_owner(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.owner)
    form = {"name": "Ada Owner", "role": "therapist", "credentials": "", "license_number": ""}
    response = client.post(f"/settings/people/{cast.owner.pk}", form)
    assert response.status_code == 422
    assert "only owner" in response.content.decode()
    assert "close your own" in client.post(f"/settings/people/{cast.owner.pk}/close").content.decode()
    second = users.invite(email="second@example.test", name="Second Owner", role="owner", by=cast.owner)
    users.close(user=cast.owner, by=second)
    with pytest.raises(Refused):
        users.close(user=second, by=second)
    assert User.objects.filter(role="owner", is_active=True).count() == 1


def test_a_patient_never_becomes_staff(cast: Cast) -> None:
    with pytest.raises(Refused):
        users.change(user=cast.patient, name="M", role="owner", credentials="", license_number="", by=cast.owner)


def test_the_front_desk_invites_a_patient_to_their_own_record(
    cast: Cast, signed_in: Callable[[User], Client], settings: Any
) -> None:
    settings.SENDS_MAIL = False
    cast.marisol.user = None
    cast.marisol.save()
    page = signed_in(cast.front_desk).post(f"/people/{cast.marisol.ref}/login", {"email": "mv@example.test"})
    assert "/reset/key/" in page.content.decode()
    cast.marisol.refresh_from_db()
    assert cast.marisol.user is not None
    assert cast.marisol.user.role == "patient"
    again = signed_in(cast.front_desk).post(f"/people/{cast.marisol.ref}/login", {"email": "mv2@example.test"})
    assert "/reset/key/" in again.content.decode()
    with pytest.raises(Refused, match="has a login already"):
        users.invite_person(person=cast.marisol, email="mv2@example.test", by=cast.front_desk)
    assert User.objects.filter(role="patient").count() == 3


def test_an_owner_without_a_license_reads_a_record_only_in_an_emergency(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.owner)
    episode, person = f"/episodes/{cast.episode.ref}", f"/people/{cast.marisol.ref}"
    assert client.get(episode).status_code == 403
    assert "Emergency access" in client.get(person).content.decode()
    assert client.post(f"{person}/break-glass", {"reason": REASON}).status_code == 302
    assert "Read the episode" in client.get(person).content.decode()
    assert client.get(episode).status_code == 200
    assert (last_event().action, last_event().detail["emergency"]) == ("episode.read", True)
    assert client.get(f"/episodes/{cast.other.ref}").status_code == 403
    assert client.post(f"{episode}/evaluation/findings", {"set.nrs_now": "3"}).status_code == 403
    with clock.fixed(NOW + timedelta(hours=5)):
        assert signed_in(cast.owner).get(episode).status_code == 403


# --- emergency access ------------------------------------------------------------------------------------------------


def test_an_assistant_opens_somebody_not_assigned_with_a_reason_for_four_hours(
    cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    assert not Episode.objects.visible_to(cast.assistant).filter(pk=cast.other.pk).exists()
    response = signed_in(cast.assistant).post(f"/people/{cast.theo.ref}/break-glass", {"reason": REASON})
    assert response["Location"] == f"/people/{cast.theo.ref}"
    assert Episode.objects.visible_to(cast.assistant).filter(pk=cast.other.pk).exists()
    with clock.fixed(NOW + timedelta(hours=4, minutes=1)):
        assert not Episode.objects.visible_to(cast.assistant).filter(pk=cast.other.pk).exists()


def test_an_assistant_sees_of_a_person_the_assigned_episodes_and_opens_another_in_an_emergency(
    cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    Episode.objects.filter(pk=cast.episode.pk).update(ended_on=NOW.date(), stage="closed")
    again = episodes.open_episode(person=cast.marisol, therapist=cast.therapist, title="Back again", by=cast.therapist)
    client, person = signed_in(cast.assistant), f"/people/{cast.marisol.ref}"
    page = client.get(person).content.decode()
    assert (cast.episode.ref in page, again.ref in page, "Back again" in page) == (True, False, False)
    assert "Emergency access" in page
    assert client.post(f"{person}/break-glass", {"reason": REASON}).status_code == 302
    assert client.get(f"/episodes/{again.ref}").status_code == 200
    assert again.ref in client.get(person).content.decode()


def test_everything_done_in_an_emergency_says_so_in_the_trail(cast: Cast) -> None:
    break_glass.open_record(person=cast.theo, reason=REASON, by=cast.assistant)
    assert (last_event().action, last_event().detail["emergency"]) == ("person.break_glass", True)
    audit.write(by=cast.assistant, action="episode.read", person=cast.theo)
    assert last_event().detail == {"emergency": True}
    audit.write(by=cast.assistant, action="episode.read", person=cast.marisol)
    assert last_event().detail == {}
    assert REASON not in str(list(AuditEvent.objects.values()))


def test_the_owner_and_the_responsible_therapist_are_shown_it(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    break_glass.open_record(person=cast.theo, reason=REASON, by=cast.assistant)
    assert [one.person for one in break_glass.shown_to(cast.owner)] == [cast.theo]
    assert [one.person for one in break_glass.shown_to(cast.colleague)] == [cast.theo]
    assert list(break_glass.shown_to(cast.therapist)) == []
    for somebody, path in ((cast.owner, "/audit"), (cast.owner, "/today"), (cast.colleague, "/today")):
        assert REASON in signed_in(somebody).get(path).content.decode()
    assert REASON not in signed_in(cast.therapist).get("/today").content.decode()
    assert REASON not in signed_in(cast.auditor).get("/audit").content.decode()


def test_emergency_access_without_a_reason_is_refused_and_kept(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    response = signed_in(cast.assistant).post(f"/people/{cast.theo.ref}/break-glass", {"reason": "urgent"})
    assert response.status_code == 422
    assert "urgent</textarea>" in response.content.decode()
    assert not BreakGlass.objects.exists()


def test_who_may_open_a_record_anyway_breaks_no_glass(cast: Cast) -> None:
    with pytest.raises(Refused, match="already"):
        break_glass.open_record(person=cast.marisol, reason=REASON, by=cast.assistant)
    with pytest.raises(Refused, match="no emergency access"):
        break_glass.open_record(person=cast.marisol, reason=REASON, by=cast.front_desk)


# --- the audit trail -------------------------------------------------------------------------------------------------


def many(cast: Cast, count: int) -> None:
    for number in range(count):
        audit.write(by=cast.therapist, action="finding.record", person=cast.marisol, subject=cast.episode.ref, number=number)


def test_the_newest_events_come_first_and_older_ones_follow_by_key(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    many(cast, 120)
    client = signed_in(cast.auditor)
    seen: list[int] = []
    page = client.get("/audit?action=finding.record")
    while True:
        seen += [row["event"].id for row in page.context["rows"]]
        many(cast, 1)
        if "older" not in page.context:
            break
        page = client.get(f"/audit?{page.context['older']}")
    assert len(seen) == 120
    assert seen == sorted(seen, reverse=True)


def test_no_page_of_the_trail_counts_or_skips(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    many(cast, 60)
    with CaptureQueriesContext(connection) as asked:
        signed_in(cast.auditor).get("/audit?before=50")
    sql = " ".join(query["sql"] for query in asked if "auditevent" in query["sql"])
    assert "OFFSET" not in sql
    assert "COUNT" not in sql


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("person={theo}", {"person.register", "episode.open"}),
        ("actor=dara", {"episode.assign"}),
        ("action=episode.assign", {"episode.assign"}),
        ("day=2026-11-23", set()),
        ("day=nonsense", None),
        ("actor=nobody+here", set()),
    ],
)
def test_the_trail_is_filtered(cast: Cast, signed_in: Callable[[User], Client], asked: str, expected: set[str] | None) -> None:
    page = signed_in(cast.auditor).get(f"/audit?{asked.format(theo=cast.theo.ref)}")
    if expected is None:
        assert "like 2026-11-24" in page.content.decode()
    else:
        assert {row["event"].action for row in page.context["rows"]} == expected


def test_reading_a_record_and_reading_the_trail_are_events(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    signed_in(cast.therapist).get(f"/people/{cast.marisol.ref}")
    event = AuditEvent.objects.filter(action="person.read").last()
    assert event is not None
    assert (event.actor, event.person_ref) == ("Dara Okafor, PT, DPT", cast.marisol.ref)
    signed_in(cast.auditor).get("/audit")
    assert last_event().action == "audit.read"


def test_an_auditor_sees_refs_and_no_names_of_patients(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    assert "Marisol" not in signed_in(cast.auditor).get("/audit").content.decode()
    assert "Marisol" in signed_in(cast.owner).get("/audit").content.decode()


def test_the_page_of_the_trail_names_nothing_clinical(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    """The trail keeps which findings were recorded and what was raised; the page says how many."""
    audit.write(
        by=cast.therapist, action="finding.record", person=cast.marisol, findings=["rf_suicidal", "nrs_now"], raised=["suicide"],
        condition="suicide", sections=["plan"],
    )  # fmt: skip
    for somebody in (cast.auditor, cast.owner):
        page = signed_in(somebody).get("/audit?action=finding.record").content.decode()
        assert "suicid" not in page
        assert "findings: 2; raised: 1; sections: plan" in page


def test_verifying_says_that_all_holds_or_where_it_breaks(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.auditor)
    assert "events hold" in client.post("/audit/verify").content.decode()
    AuditEvent.objects.filter(id=2).update(actor="Somebody else")
    page = client.post("/audit/verify").content.decode()
    assert "The trail does not hold" in page
    assert "Event 2" in page


# --- one's own record ------------------------------------------------------------------------------------------------


def paper(episode: Episode, kind: str, title: str) -> Document:
    return Document.objects.create(
        episode=episode,
        kind=kind,
        title=title,
        mime="application/pdf",
        content=b"%PDF-1.7",
        size=8,
        sha256="0" * 64,
        made_by_label="x",
    )


def test_a_login_without_a_record_is_told_what_to_do(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    cast.marisol.user = None
    cast.marisol.save()
    assert "has not been connected" in signed_in(cast.patient).get("/me").content.decode()


def test_the_pages_of_the_house_ask_a_fixed_number_of_questions(
    cast: Cast, signed_in: Callable[[User], Client], django_assert_max_num_queries: Any
) -> None:
    many(cast, 60)
    for number in range(5):
        paper(cast.episode, "plan", f"Plan {number}")
    for somebody, path, most in (
        (cast.owner, "/settings", 6),
        (cast.owner, "/settings/people", 7),
        (cast.owner, "/audit", 14),
    ):
        client = signed_in(somebody)
        client.get(path)
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200
