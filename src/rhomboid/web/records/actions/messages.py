"""Messages between a person and the clinic: sent once however often they arrive, answered, read, settled.

What is written stays in the record: no mail carries it. Messages are no way to call for help; the page says so.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext

from ...accounts.mailing import sent
from ...accounts.models import User
from .. import audit, clock
from ..models import Clinic, Episode, Message
from . import Overtaken, Refused, phone

LONGEST = 2000


@transaction.atomic
def send(*, episode: Episode, text: str, key: str, by: User) -> Message:
    """A message from the person. The same key again gives the message that is there; with another text it is refused (409)."""
    if episode.person.user_id != by.pk:
        raise Refused("Only the person themselves writes here", "Open your own link.")
    found, new = _written(episode, text, key, by, from_patient=True)
    if new:
        audit.write(by=by, action="message.send", person=episode.person, subject=found.ref)
    return found


@transaction.atomic
def answer(*, episode: Episode, text: str, key: str, by: User) -> Message:
    """A message from the clinic. It settles what the person has written so far; a mail says that it is there, and nothing of it."""
    _may(by)
    found, new = _written(episode, text, key, by, from_patient=False)
    if new:
        settled = _settle(episode, by)
        audit.write(by=by, action="message.answer", person=episode.person, subject=found.ref, settled=settled)
        transaction.on_commit(lambda: _tell(episode))
    return found


@transaction.atomic
def settle(*, episode: Episode, by: User) -> int:
    """Says that what the person has written needs no answer here, for example because they were called. Gives how many."""
    _may(by)
    settled = _settle(episode, by)
    if settled:
        audit.write(by=by, action="message.settle", person=episode.person, subject=episode.ref, settled=settled)
    return settled


@transaction.atomic
def read(*, episode: Episode, by: User) -> int:
    """Marks what the other side has written as read, for the first time that it is. Gives how many."""
    own = episode.person.user_id == by.pk
    if not own:
        _may(by)
    rows = Message.objects.filter(episode=episode, from_patient=not own, read_at=None)
    count = rows.update(read_at=clock.now(), read_by_label=by.label)
    if count:
        audit.write(by=by, action="message.read", person=episode.person, subject=episode.ref, messages=count)
    return count


def thread(episode: Episode) -> QuerySet[Message]:
    """All messages of an episode, oldest first."""
    return Message.objects.filter(episode=episode).order_by("at", "id")


def _written(episode: Episode, text: str, key: str, by: User, *, from_patient: bool) -> tuple[Message, bool]:
    """The message, and whether this sending was the first."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Refused("The message is empty", "Write a line.")
    if len(text) > LONGEST:
        raise Refused(f"The message is longer than {LONGEST} characters", "Say the rest at the visit or by phone.")
    if not key or len(key) > phone.LONGEST_KEY:
        raise Refused("The message came without its key", "Open the page again.")
    found = Episode.objects.select_for_update().get(pk=episode.pk)
    there = Message.objects.filter(episode=found, key=key).first()
    if there is None:
        now = clock.now()
        whom = {"by": by, "by_label": by.label}
        made = Message.objects.create(episode=found, from_patient=from_patient, text=text, key=key, at=now, created_at=now, **whom)
        return made, True
    if (there.text, there.from_patient) != (text, from_patient):
        raise Overtaken("Something else was sent from this page before", "Open the page again; the text is kept.")
    return there, False


def _settle(episode: Episode, by: User) -> int:
    """What the person has written is settled, and has been read: nobody settles what they have not seen."""
    waiting = Message.objects.filter(episode=episode, from_patient=True, settled_at=None)
    waiting.filter(read_at=None).update(read_at=clock.now(), read_by_label=by.label)
    return waiting.update(settled_at=clock.now(), settled_by_label=by.label)


def _may(by: User) -> None:
    if not by.may("record"):
        raise Refused("Messages are answered by whoever treats", "Ask the therapist who is responsible.")


def _tell(episode: Episode) -> None:
    """A mail that says nothing but that there is something. The message is there whether the mail goes out or not."""
    address = episode.person.email
    if not (address and settings.SENDS_MAIL):
        return
    with translation.override(episode.person.language):
        clinic = Clinic.current().name
        body = gettext("There is a message for you at %(clinic)s. To read it, open your pages with your personal link.")
        mail = EmailMessage(gettext("There is a message for you"), body % {"clinic": clinic}, to=[address])
    sent(mail)
