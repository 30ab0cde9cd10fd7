"""The note of a visit: it writes itself, is edited, signed once, and frozen; what comes later is an addendum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from ....knowledge import Knowledge
from ....reasoning.note import SECTIONS, Draft
from ...accounts.models import User
from .. import audit, clock, drafting
from ..models import Addendum, AuditEvent, Note, Visit
from . import Overtaken, Refused

FIELDS = ("segment", "side", "technique", "grade", "dose", "minutes", "test", "before", "after", "response", "by_label")
KEPT = "Your text is kept."


@dataclass(frozen=True, slots=True)
class Tampered:
    """A signed note that is not what was signed, and how that shows."""

    note: str
    what: str


@transaction.atomic
def open_note(*, visit: Visit, knowledge: Knowledge, by: User) -> Note:
    """The note of a visit; begun when there is none. While nobody writes in it, it follows what is recorded."""
    _may_write(by)
    visit = Visit.objects.select_for_update(of=("self",)).select_related("episode__person").get(pk=visit.pk)
    found = Note.objects.filter(visit=visit).first()
    if found:
        return found
    if visit.state in ("cancelled", "no_show"):
        raise Refused("This visit did not take place", "Start it first if the person came after all.")
    draft = drafting.draft_of(visit, knowledge)
    note = Note.objects.create(
        episode=visit.episode,
        visit=visit,
        drafted_by=by,
        saved_by_label=by.label,
        saved_at=clock.now(),
        **{section: getattr(draft, section) for section in SECTIONS},
    )
    audit.write(by=by, action="note.open", person=visit.episode.person, subject=note.ref)
    return note


def text_of(note: Note, draft: Draft) -> dict[str, str]:
    """The sections as they read now: what was written or taken over, and of the rest what the visit says by now."""
    if note.signed:
        return {section: getattr(note, section) for section in SECTIONS}
    kept = {*note.written, *note.carried}
    return {section: getattr(note, section) if section in kept else getattr(draft, section) for section in SECTIONS}


@transaction.atomic
def save(
    *, note: Note, revision: int, sections: Mapping[str, str], knowledge: Knowledge, by: User, summary: str | None = None
) -> Note:
    """Saves a draft on the revision that the page showed. A section whose text differs from what it showed counts as written.

    Raises Overtaken when somebody else saved or signed since; nothing is written then, and the page keeps what was typed.
    """
    _may_write(by)
    found = _locked(note)
    draft = drafting.draft_of(found.visit, knowledge)
    shown = text_of(found, draft)
    if found.signed or found.revision != revision:
        if found.signed or any(_clean(sections.get(name, "")) != _clean(shown[name]) for name in SECTIONS):
            raise _overtaken(found)
        revision = found.revision  # an older page with exactly what stands now overwrites nothing
    given: dict[str, str] = {name: _clean(sections.get(name, shown[name])) for name in SECTIONS}
    touched = [name for name in SECTIONS if given[name] not in (_clean(shown[name]), _clean(getattr(found, name)))]
    written = [name for name in SECTIONS if name in {*found.written, *touched}]
    carried = {name: day for name, day in found.carried.items() if name not in touched}
    _write(found, revision, by, written=written, carried=carried, **_following(given, shown, {*written, *carried}))
    _summarize(found, draft.summary if summary is None else summary)
    audit.write(by=by, action="note.save", person=found.episode.person, subject=found.ref, sections=touched)
    return Note.objects.get(pk=found.pk)


def _following(given: dict[str, str], shown: dict[str, str], kept: set[str]) -> dict[str, str]:
    """Sections that nobody has touched keep following the visit, whatever older text a page sent along."""
    return {name: given[name] if name in kept else shown[name] for name in SECTIONS}


@transaction.atomic
def follow_again(*, note: Note, section: str, revision: int, knowledge: Knowledge, by: User) -> Note:
    """Drops what was written in a section: it follows the visit again."""
    _may_write(by)
    found = _draft(note, revision)
    _known(section)
    written = [name for name in found.written if name != section]
    carried = {name: day for name, day in found.carried.items() if name != section}
    fresh = getattr(drafting.draft_of(found.visit, knowledge), section)
    _write(found, revision, by, written=written, carried=carried, **{section: fresh})
    audit.write(by=by, action="note.follow", person=found.episode.person, subject=found.ref, sections=[section])
    return Note.objects.get(pk=found.pk)


@transaction.atomic
def carry(*, note: Note, section: str, revision: int, by: User) -> Note:
    """Takes a section over from the last signed note. It is marked so until somebody touches it."""
    _may_write(by)
    found = _draft(note, revision)
    _known(section)
    source = last_signed(found)
    if source is None or not getattr(source, section).strip():
        raise Refused("There is nothing to carry forward", "The last signed note has no text in this section.")
    carried = found.carried | {section: drafting.day_of(source.visit).isoformat()}
    written = [name for name in found.written if name != section]
    _write(found, revision, by, written=written, carried=carried, **{section: getattr(source, section)})
    audit.write(by=by, action="note.carry", person=found.episode.person, subject=found.ref, sections=[section])
    return Note.objects.get(pk=found.pk)


def last_signed(note: Note) -> Note | None:
    """The newest signed note of an earlier visit of the episode."""
    earlier = Note.objects.filter(episode=note.episode_id, visit__planned_at__lt=note.visit.planned_at, signed_at__isnull=False)
    return earlier.select_related("visit").order_by("-visit__planned_at").first()


@transaction.atomic
def sign(*, note: Note, revision: int, knowledge: Knowledge, by: User) -> Note:
    """Signs the note as the page showed it, for good. Of two who sign at once one wins; the other is told by whom and when."""
    if not by.may("sign"):
        raise Refused("Only a licensed therapist signs a note", "Leave the draft; the therapist finds it under notes to sign.")
    found = _draft(note, revision)
    if found.visit.state not in ("started", "done"):
        raise Refused("A note is signed after the visit", "Start the visit first.")
    draft = drafting.draft_of(found.visit, knowledge)
    texts = text_of(found, draft)
    if not any(text.strip() for text in texts.values()):
        raise Refused("The note is empty", "Write what was done, then sign.")
    for name, text in texts.items():
        setattr(found, name, text)
    found.signed_by, found.signed_by_label, found.signed_at = by, by.label, clock.now()
    found.digest = digest(found)
    _end_visit(found, draft.summary)
    signature = {"signed_by": by, "signed_by_label": by.label, "signed_at": found.signed_at, "digest": found.digest}
    _write(found, revision, by, **texts, **signature)
    audit.write(by=by, action="note.sign", person=found.episode.person, subject=found.ref, digest=found.digest)
    return Note.objects.get(pk=found.pk)


@transaction.atomic
def addendum(*, note: Note, text: str, by: User) -> Addendum:
    """Adds to a signed note; what was signed stays as it is."""
    _may_write(by)
    found = Note.objects.select_related("episode__person").get(pk=note.pk)
    if not found.signed:
        raise Refused("The note is not signed yet", "Write in the note itself.")
    if not text.strip():
        raise Refused("An addendum needs text", "Say what is added or corrected.")
    added = Addendum.objects.create(
        episode=found.episode, note=found, text=_clean(text), by=by, by_label=by.label, at=clock.now(), created_at=clock.now()
    )
    audit.write(by=by, action="note.addendum", person=found.episode.person, subject=found.ref)
    return added


# --- the seal --------------------------------------------------------------------------------------------------------


def digest(note: Note) -> str:
    """SHA-256 over everything that a signature stands for: the text, what was done, who signed and when."""
    visit = note.visit
    said: dict[str, Any] = {section: getattr(note, section) for section in SECTIONS}
    said |= {"note": note.ref, "visit": visit.ref, "carried": note.carried, "by": note.signed_by_label}
    said |= {"at": _moment(note.signed_at), "pain": [visit.pain_before, visit.pain_after], "rescreen": visit.rescreen}
    said["progress"] = visit.progress
    said["delivered"] = [
        [row.item.ref, *(getattr(row, name) for name in FIELDS)] for row in sorted(visit.delivered.all(), key=lambda row: row.pk)
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _moment(at: datetime | None) -> float | None:
    return at.timestamp() if at else None


def verify() -> Iterator[Tampered]:
    """Every signed note that is not, or is no longer, what was signed: changed text, a changed visit, a note that is gone."""
    notes = Note.objects.filter(signed_at__isnull=False).select_related("visit").prefetch_related("visit__delivered__item")
    there = {}
    for note in notes.order_by("pk").iterator(chunk_size=500):
        there[note.ref] = note.digest
        if digest(note) != note.digest:
            yield Tampered(note.ref, "its content is not what was signed")
    for ref, detail in AuditEvent.objects.filter(action="note.sign").values_list("subject", "detail"):
        if ref not in there:
            yield Tampered(ref, "was signed and is gone")
        elif there[ref] != detail.get("digest"):
            yield Tampered(ref, "its seal is not the one in the audit trail")


# --- shared ----------------------------------------------------------------------------------------------------------


def _draft(note: Note, revision: int) -> Note:
    """The draft, locked, on this revision."""
    found = _locked(note)
    if found.signed or found.revision != revision:
        raise _overtaken(found)
    return found


def _locked(note: Note) -> Note:
    found = Note.objects.select_for_update(of=("self",)).select_related("visit__episode__person", "episode__person")
    return found.get(pk=note.pk)


def _overtaken(found: Note) -> Overtaken:
    at = timezone.localtime(found.signed_at or found.saved_at)
    if found.signed:
        return Overtaken(f"{KEPT} {found.signed_by_label} signed this note at {at:%-I:%M %p}", "Add an addendum.")
    return Overtaken(
        f"{KEPT} {found.saved_by_label} saved this note at {at:%-I:%M %p}", "Look at what is there now, then save again."
    )


def _write(found: Note, revision: int, by: User, **values: Any) -> None:
    """One statement that holds only while the note is unsigned and on this revision: of two at once, one writes."""
    values |= {"revision": revision + 1, "saved_at": clock.now(), "saved_by_label": by.label}
    if not Note.objects.filter(pk=found.pk, revision=revision, signed_at=None).update(**values):
        raise _overtaken(Note.objects.get(pk=found.pk))


def _end_visit(note: Note, line: str) -> None:
    visit = note.visit
    if visit.state == "started":
        Visit.objects.filter(pk=visit.pk).update(state="done", ended_at=visit.ended_at or clock.now())
    if not visit.summary:
        _summarize(note, line)


def _summarize(note: Note, line: str) -> None:
    Visit.objects.filter(pk=note.visit_id).update(summary=line.strip()[:160])


def _clean(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))


def _known(section: str) -> None:
    if section not in SECTIONS:
        raise Refused(f'A note has no section "{section}"', "One of: " + ", ".join(SECTIONS))


def _may_write(by: User) -> None:
    if not by.may("record"):
        raise Refused("Your role does not allow this", "Ask the therapist who is responsible.")
