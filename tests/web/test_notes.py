"""The note: it writes itself, keeps what people write, is signed once, and never changes again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from rhomboid.reasoning.note import SECTIONS
from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock, current
from rhomboid.web.records.actions import Overtaken, Refused, notes, visits
from rhomboid.web.records.models import Note, PlanOfCare, Visit

from . import care
from .conftest import NOW, Cast


@pytest.fixture
def plan(cast: Cast) -> PlanOfCare:
    return care.under_care(cast.episode, cast.therapist)


@pytest.fixture
def visit(cast: Cast, plan: PlanOfCare) -> Visit:
    found = visits.start(visit=care.visit(cast.episode, cast.therapist), by=cast.therapist)
    return visits.record_pain(visit=found, before=5, after=3, knowledge=current.knowledge(), by=cast.therapist)


@pytest.fixture
def note(cast: Cast, visit: Visit) -> Note:
    return notes.open_note(visit=visit, knowledge=current.knowledge(), by=cast.assistant)


def save(note: Note, by: object, revision: int | None = None, **sections: str) -> Note:
    at = note.revision if revision is None else revision
    return notes.save(note=note, revision=at, sections=sections, knowledge=current.knowledge(), by=by)  # type: ignore[arg-type]


def sign(note: Note, by: object, revision: int | None = None) -> Note:
    at = note.revision if revision is None else revision
    return notes.sign(note=note, revision=at, knowledge=current.knowledge(), by=by)  # type: ignore[arg-type]


def test_it_writes_itself_and_follows_the_visit(cast: Cast, plan: PlanOfCare, visit: Visit, note: Note) -> None:
    assert note.subjective == "Pain 5/10 on arrival."
    assert "Pain 5/10 to 3/10 within the visit." in note.assessment
    visits.deliver(
        visit=visit, item=care.item(plan, "manual"), minutes=6, segment="T5 to T7", test="rom_thx_rot_seated_l",
        before=28, after=36, knowledge=current.knowledge(), by=cast.therapist,
    )  # fmt: skip
    saved = save(note, cast.therapist)
    assert "T5 to T7" in saved.objective
    assert "28° before, 36° after" in saved.objective
    assert "28° to 36°: real" in saved.assessment


def test_what_somebody_wrote_stays_while_the_rest_follows(cast: Cast, visit: Visit, note: Note) -> None:
    saved = save(note, cast.therapist, subjective="Slept through for the first time.")
    visits.record_pain(visit=visit, before=2, after=1, knowledge=current.knowledge(), by=cast.therapist)
    saved = save(saved, cast.therapist, subjective=saved.subjective, assessment=saved.assessment)
    assert saved.subjective == "Slept through for the first time."
    assert "Pain 2/10 to 1/10" in saved.assessment
    assert saved.written == ["subjective"]
    again = notes.follow_again(
        note=saved, section="subjective", revision=saved.revision, knowledge=current.knowledge(), by=cast.therapist
    )
    assert again.subjective == "Pain 2/10 on arrival."


def test_two_who_save_at_once_one_wins_and_the_other_is_told(cast: Cast, note: Note) -> None:
    save(note, cast.therapist, plan="Mine.")
    with pytest.raises(Overtaken, match=r"Your text is kept\. Dara Okafor, PT, DPT saved this note"):
        save(note, cast.colleague, plan="Theirs.", revision=note.revision)
    assert Note.objects.get().plan == "Mine."


def test_two_who_sign_at_once_one_wins_and_the_other_is_told(cast: Cast, note: Note) -> None:
    sign(note, cast.therapist)
    with pytest.raises(Overtaken, match=r"Your text is kept\. Dara Okafor, PT, DPT signed this note at 9:00"):
        sign(note, cast.colleague, revision=note.revision)
    with pytest.raises(Overtaken, match="signed"):
        save(note, cast.colleague, plan="Too late.", revision=note.revision)


def test_an_assistant_drafts_and_a_licensed_therapist_signs(cast: Cast, note: Note, visit: Visit) -> None:
    with pytest.raises(Refused, match="licensed"):
        sign(note, cast.assistant)
    signed = sign(note, cast.therapist)
    assert (signed.signed_by_label, signed.signed_at) == ("Dara Okafor, PT, DPT", NOW)
    visit.refresh_from_db()
    assert visit.state == "done"


def test_a_signed_note_gets_addenda_only(cast: Cast, note: Note) -> None:
    with pytest.raises(Refused, match="not signed"):
        notes.addendum(note=note, text="Later.", by=cast.therapist)
    signed = sign(note, cast.therapist)
    notes.addendum(note=signed, text="She called: no pain at night.", by=cast.colleague)
    assert [one.by_label for one in signed.addenda.all()] == ["Sam Ortiz, PT"]


@pytest.mark.parametrize("table", ["records_note", "records_addendum"])
def test_the_database_itself_refuses_to_change_what_was_signed(cast: Cast, note: Note, table: str) -> None:
    signed = sign(note, cast.therapist)
    notes.addendum(note=signed, text="Later.", by=cast.therapist)
    column = "plan" if table == "records_note" else "text"
    with pytest.raises(DatabaseError, match="never_changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = 'other'")
    assert list(notes.verify()) == []


def test_a_change_behind_the_database_guard_is_found(cast: Cast, note: Note, visit: Visit) -> None:
    signed = sign(note, cast.therapist)
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER a_signed_note_never_changes" + (" ON records_note" if connection.vendor == "postgresql" else "")
        )
    Note.objects.filter(pk=signed.pk).update(plan="Something else.")
    assert [one.what for one in notes.verify()] == ["its content is not what was signed"]
    forged = Note.objects.select_related("visit").get(pk=signed.pk)
    Note.objects.filter(pk=signed.pk).update(digest=notes.digest(forged))
    assert [one.what for one in notes.verify()] == ["its seal is not the one in the audit trail"]
    Note.objects.filter(pk=signed.pk).delete()
    assert [one.what for one in notes.verify()] == ["was signed and is gone"]


def test_what_was_done_is_under_the_seal_too(cast: Cast, plan: PlanOfCare, visit: Visit, note: Note) -> None:
    visits.deliver(visit=visit, item=care.item(plan, "manual"), minutes=6, knowledge=current.knowledge(), by=cast.therapist)
    sign(note, cast.therapist)
    assert list(notes.verify()) == []
    visit.delivered.update(minutes=60)
    assert len(list(notes.verify())) == 1


def test_carried_forward_is_marked_until_touched(cast: Cast, plan: PlanOfCare, note: Note) -> None:
    written = save(note, cast.therapist, plan="Progress the row next time.")
    sign(written, cast.therapist)
    with clock.fixed(NOW + timedelta(days=7)):
        later = visits.start(visit=care.visit(cast.episode, cast.therapist), by=cast.therapist)
        second = notes.open_note(visit=later, knowledge=current.knowledge(), by=cast.therapist)
        carried = notes.carry(note=second, section="plan", revision=second.revision, by=cast.therapist)
        assert (carried.plan, carried.carried) == ("Progress the row next time.", {"plan": "2026-11-24"})
        same = save(carried, cast.therapist, plan=carried.plan)
        assert same.carried == {"plan": "2026-11-24"}
        touched = save(same, cast.therapist, plan=carried.plan + " Band 2.")
        assert (touched.carried, touched.written) == ({}, ["plan"])


def test_nothing_to_carry_is_refused(cast: Cast, note: Note) -> None:
    with pytest.raises(Refused, match="nothing to carry"):
        notes.carry(note=note, section="plan", revision=note.revision, by=cast.therapist)


def test_an_empty_note_and_a_visit_that_did_not_begin_are_not_signed(cast: Cast, plan: PlanOfCare) -> None:
    planned = care.visit(cast.episode, cast.therapist)
    note = notes.open_note(visit=planned, knowledge=current.knowledge(), by=cast.therapist)
    with pytest.raises(Refused, match="after the visit"):
        sign(note, cast.therapist)
    visits.start(visit=planned, by=cast.therapist)
    empty = save(note, cast.therapist, **dict.fromkeys(SECTIONS, ""))
    with pytest.raises(Refused, match="empty"):
        sign(empty, cast.therapist)


# --- the page --------------------------------------------------------------------------------------------------------

HTMX = {"HX-Request": "true"}
In = Callable[[User], Client]


def typed(note: Note, **sections: str) -> dict[str, str]:
    texts = {name: getattr(note, name) for name in SECTIONS} | sections
    return texts | {"revision": str(note.revision), "summary": "", "summary_was": ""}


def test_it_saves_by_itself_and_sends_back_the_new_revision(cast: Cast, note: Note, signed_in: In) -> None:
    client = signed_in(cast.assistant)
    answer = client.post(reverse("note_save", args=[note.ref]), typed(note, plan="Row, band 2."), headers=HTMX).content.decode()
    assert 'id="note-revision" value="1" hx-swap-oob="true"' in answer
    assert "edited" in answer
    assert "<textarea" not in answer


def test_who_signs_too_late_is_told_and_finds_the_text_as_an_addendum(cast: Cast, note: Note, signed_in: In) -> None:
    first, second = signed_in(cast.therapist), signed_in(cast.colleague)
    sent = typed(note, plan="Call her on Friday.")
    assert first.post(reverse("note_sign", args=[note.ref]), typed(note)).status_code == 302
    answer = second.post(reverse("note_sign", args=[note.ref]), sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Dara Okafor, PT, DPT signed this note" in page
    assert "Plan: Call her on Friday.</textarea>" in page
    assert Note.objects.get().signed_by == cast.therapist


def test_who_saves_too_late_keeps_the_text_and_sees_what_stands(cast: Cast, note: Note, signed_in: In) -> None:
    signed_in(cast.therapist).post(reverse("note_save", args=[note.ref]), typed(note, plan="Mine."))
    late = signed_in(cast.colleague).post(reverse("note_save", args=[note.ref]), typed(note, plan="Theirs."))
    assert late.status_code == 409
    page = late.content.decode()
    assert "Theirs.</textarea>" in page
    assert "What stands now" in page
    assert "Mine." in page
    in_place = signed_in(cast.colleague).post(reverse("note_save", args=[note.ref]), typed(note, plan="Theirs."), headers=HTMX)
    assert in_place.status_code == 409
    assert "<textarea" not in in_place.content.decode()


def test_signing_signs_what_is_on_the_page(cast: Cast, note: Note, signed_in: In) -> None:
    sent = typed(note, assessment="Better in the session.")
    assert signed_in(cast.therapist).post(reverse("note_sign", args=[note.ref]), sent).status_code == 302
    assert Note.objects.get().assessment == "Better in the session."
    assert signed_in(cast.assistant).post(reverse("note_sign", args=[note.ref]), sent).status_code == 403


def test_the_page_carries_a_section_and_says_from_when(cast: Cast, plan: PlanOfCare, note: Note, signed_in: In) -> None:
    sign(save(note, cast.therapist, plan="Progress the row."), cast.therapist)
    with clock.fixed(NOW + timedelta(days=7)):
        later = visits.start(visit=care.visit(cast.episode, cast.therapist), by=cast.therapist)
        second = notes.open_note(visit=later, knowledge=current.knowledge(), by=cast.therapist)
        client = signed_in(cast.therapist)
        client.post(reverse("note_section", args=[second.ref, "plan"]), typed(second) | {"do": "carry"})
        assert "carried forward from Nov 24" in client.get(reverse("note", args=[second.ref])).content.decode()


def test_the_note_page_asks_the_database_the_same_number_of_times(
    cast: Cast, plan: PlanOfCare, signed_in: In, django_assert_max_num_queries: Any
) -> None:
    for days in range(6):
        last = care.signed_visit(cast.episode, cast.therapist, NOW + timedelta(days=days))
    with django_assert_max_num_queries(46):
        assert signed_in(cast.therapist).get(reverse("note", args=[last.ref])).status_code == 200


def test_an_older_page_with_the_same_text_overwrites_nothing_and_may_sign(cast: Cast, note: Note, signed_in: In) -> None:
    """The page saves by itself at the very moment somebody presses Sign."""
    client, sent = signed_in(cast.therapist), typed(note, plan="Row, band 2.")
    client.post(reverse("note_save", args=[note.ref]), sent, headers=HTMX)
    assert client.post(reverse("note_sign", args=[note.ref]), sent).status_code == 302
    assert Note.objects.get().plan == "Row, band 2."
