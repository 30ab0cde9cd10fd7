"""Keeping files of an episode: what was sent in, and what was printed and signed."""

from __future__ import annotations

import hashlib

from django.db import transaction

from ...accounts.models import User
from .. import audit, clock, uploads
from ..models import Document, Episode
from ..models.document import DOCUMENT_KINDS
from . import Refused

LONGEST_TITLE = 160
MADE_HERE = ("evaluation", "plan", "home_program", "note", "progress", "discharge", "referral")


@transaction.atomic
def upload(*, episode: Episode, content: bytes, title: str, by: User, kind: str = "received") -> Document:
    """Keeps a file that came from outside, after its content was checked."""
    if not by.may("record"):
        raise Refused("Files are added by those who treat", "Ask the therapist who is responsible.")
    if kind in MADE_HERE or kind not in DOCUMENT_KINDS:
        raise Refused("Choose what the file is", "Received from somebody else, or other.")
    if not title.strip():
        raise Refused("The file needs a title", "For example: MRI report, October 3.")
    return keep(episode=episode, content=content, title=title, kind=kind, by=by)


@transaction.atomic
def keep(*, episode: Episode, content: bytes, title: str, kind: str, by: User) -> Document:
    """Stores a document for good; part of other actions too. What is there already, byte by byte, is not stored twice."""
    mime = uploads.checked(content)
    digest = hashlib.sha256(content).hexdigest()
    there = Document.objects.filter(episode=episode, sha256=digest).first()
    if there:
        return there
    document = Document.objects.create(
        episode=episode,
        kind=kind,
        title=title.strip()[:LONGEST_TITLE],
        mime=mime,
        content=content,
        size=len(content),
        sha256=digest,
        made_by=by,
        made_by_label=by.label,
        created_at=clock.now(),
    )
    audit.write(by=by, action="document.keep", person=episode.person, subject=document.ref, kind=kind, size=len(content))
    return document
