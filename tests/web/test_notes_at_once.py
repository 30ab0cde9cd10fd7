"""Two people at the same note at once, on two real connections: exactly one wins, and the other is told."""

from __future__ import annotations

import pytest

from rhomboid.web.records import audit, current
from rhomboid.web.records.actions import Overtaken, notes, visits
from rhomboid.web.records.models import Note

from . import care
from .conftest import Cast
from .test_plan_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def note(cast: Cast) -> Note:
    care.under_care(cast.episode, cast.therapist)
    visit = visits.start(visit=care.visit(cast.episode, cast.therapist), by=cast.therapist)
    visits.record_pain(visit=visit, before=5, after=3, knowledge=current.knowledge(), by=cast.therapist)
    return notes.open_note(visit=visit, knowledge=current.knowledge(), by=cast.therapist)


def test_two_sign_the_same_note(cast: Cast, note: Note) -> None:
    knowledge = current.knowledge()
    found = at_once(
        lambda: notes.sign(note=note, revision=0, knowledge=knowledge, by=cast.therapist),
        lambda: notes.sign(note=note, revision=0, knowledge=knowledge, by=cast.colleague),
    )
    won = [one for one in found if isinstance(one, Note)]
    lost = [one for one in found if isinstance(one, Overtaken)]
    assert (len(won), len(lost)) == (1, 1)
    assert won[0].signed_by_label in lost[0].message
    assert Note.objects.get().signed_by_label == won[0].signed_by_label
    assert list(notes.verify()) == []
    assert list(audit.verify()) == []


def test_one_writes_while_the_other_signs(cast: Cast, note: Note) -> None:
    """What is signed is what was seen: either the old text is signed and the writer is told, or the signer is."""
    knowledge = current.knowledge()
    found = at_once(
        lambda: notes.sign(note=note, revision=0, knowledge=knowledge, by=cast.therapist),
        lambda: notes.save(note=note, revision=0, sections={"plan": "New."}, knowledge=knowledge, by=cast.colleague),
    )
    assert sum(isinstance(one, Overtaken) for one in found) == 1
    left = Note.objects.get()
    assert left.signed == (left.plan != "New.")
