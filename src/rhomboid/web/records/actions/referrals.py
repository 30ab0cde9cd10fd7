"""Letters about raised concerns: written at once from what is known, sent by a named person, tracked until answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction

from ....knowledge import Knowledge
from ....papers.pages import without_private
from ....reasoning.assess import Assessment
from ....reasoning.letter import Letter, letter_for, private_conditions
from ...accounts.models import User
from .. import audit, bridge, bridge_letter, clock
from ..models import Clinic, Concern, Episode, Referral
from . import Overtaken, Refused, consents, documents

HOWS = {
    "handed": "Handed over",
    "phone": "Told by phone",
    "fax": "Faxed",
    "mail": "Mailed",
    "email": "E-mailed",
}
EMERGENCY = "emergency_now"


@transaction.atomic
def write(*, concern: Concern, knowledge: Knowledge, by: User) -> Referral:
    """The finished draft of a letter about a concern, frozen as of now. Where there is one already, that one."""
    _may(by)
    episode = Episode.objects.select_for_update(of=("self",)).select_related("person").get(pk=concern.episode_id)
    there = Referral.objects.filter(concern=concern).exclude(state="dropped").first()
    if there:
        return there
    found = Concern.objects.get(pk=concern.pk)
    if found.state != "open":
        raise Overtaken(f"This concern is {found.state} already", "A letter is written about an open concern.")
    letter = _letter(found.condition, bridge.assess_episode(episode, knowledge, on=clock.today()), knowledge)
    made = Referral.objects.create(
        episode=episode,
        concern=found,
        urgency=found.urgency,
        subject=f"Referral: {letter.condition.name}"[:160],
        letter=bridge_letter.frozen(letter, knowledge, seen_on=clock.today(), held=episode.held),
        made_by=by,
        created_at=clock.now(),
    )
    audit.write(by=by, action="referral.write", person=episode.person, subject=made.ref, condition=found.condition)
    return made


def _letter(condition: str, found: Assessment, knowledge: Knowledge) -> Letter:
    """The letter with this concern first. Private concerns go into no letter, whoever asks for one."""
    if condition in private_conditions(knowledge):
        raise Refused("This concern is private and goes into no letter", "Talk to the person alone about whom to tell.")
    raised = sorted(found.screening.raised, key=lambda one: one.condition != condition)
    letter = letter_for(replace(found, screening=replace(found.screening, raised=tuple(raised))))
    if letter is None or letter.condition.id != condition:
        raise Refused("This concern asks for no letter", "It is looked after here; lower it with a reason, or watch it.")
    return without_private(letter, knowledge)


@transaction.atomic
def save(*, referral: Referral, revision: int, to: str, to_address: str, to_email: str, message: str, by: User) -> Referral:
    """Saves whom the letter is for and the therapist's own words, on the revision that the page showed."""
    _may(by)
    found = _draft(referral, revision)
    if to_email.strip():
        _checked_mail(to_email)
    found.to, found.to_address, found.to_email = to.strip()[:160], to_address.strip(), to_email.strip()
    found.message, found.revision = message.strip(), found.revision + 1
    found.save(update_fields=["to", "to_address", "to_email", "message", "revision"])
    audit.write(by=by, action="referral.save", person=found.episode.person, subject=found.ref, revision=found.revision)
    return found


@transaction.atomic
def send(
    *, referral: Referral, revision: int, how: str, printed: Callable[[Referral], bytes], by: User, agreed: bool = False
) -> Referral:
    """Records that the letter has gone out, and keeps it as it went. `printed` makes the PDF.

    By e-mail it is sent from here, at the very end: when the mail server refuses, nothing is recorded as sent.
    """
    _may(by)
    found = _draft(referral, revision)
    if how not in HOWS:
        raise Refused("Choose how the letter goes out", ", ".join(HOWS.values()))
    if not found.to:
        raise Refused("Whom is the letter for?", "Write the name of the clinician or the department.")
    _consented(found, agreed, by)
    if how == "email":
        _can_mail(found)
    found.state, found.sent_at, found.sent_how, found.sent_by_label = "sent", clock.now(), how, by.label
    found.revision += 1
    content = printed(found)
    found.document = documents.keep(episode=found.episode, content=content, title=f"Letter to {found.to}", kind="referral", by=by)
    found.save()
    audit.write(by=by, action="referral.send", person=found.episode.person, subject=found.ref, how=how, document=found.document.ref)
    if how == "email":
        _mail(found, content)
    return found


@transaction.atomic
def answer(*, referral: Referral, text: str, by: User, content: bytes = b"") -> Referral:
    """Records the answer to a letter, once, with the received letter as a file if there is one."""
    _may(by)
    found = Referral.objects.select_for_update(of=("self",)).select_related("episode__person").get(pk=referral.pk)
    if found.state == "answered":
        raise Overtaken("The answer is recorded already")
    if found.state != "sent":
        raise Refused("This letter has not gone out yet", "Send it first.")
    if not text.strip():
        raise Refused("Say what was answered", "A sentence is enough; the received letter can be added as a file.")
    if content:
        title = f"Answer from {found.to}"
        found.answer_document = documents.upload(episode=found.episode, content=content, title=title, by=by)
    found.state, found.answer, found.answered_at = "answered", text.strip(), clock.now()
    found.save(update_fields=["state", "answer", "answered_at", "answer_document"])
    audit.write(by=by, action="referral.answer", person=found.episode.person, subject=found.ref)
    return found


@transaction.atomic
def drop(*, referral: Referral, revision: int, by: User) -> Referral:
    """Drops a draft. Another letter about the same concern can be written then."""
    _may(by)
    found = _draft(referral, revision)
    found.state = "dropped"
    found.save(update_fields=["state"])
    audit.write(by=by, action="referral.drop", person=found.episode.person, subject=found.ref)
    return found


def can_mail() -> bool:
    """Whether a mail server was set up for this installation."""
    return bool(settings.EMAIL_HOST) and settings.EMAIL_HOST != "localhost"


def _may(by: User) -> None:
    if not by.may("refer"):
        raise Refused("Letters are written by therapists", "Ask the therapist who is responsible.")


def _draft(referral: Referral, revision: int) -> Referral:
    found = Referral.objects.select_for_update(of=("self",)).select_related("episode__person").get(pk=referral.pk)
    if found.state != "draft":
        raise Overtaken(f"This letter is {found.state} already", "It can no longer be changed.")
    if found.revision != revision:
        raise Overtaken("Somebody else has changed this letter in the meantime")
    return found


def _consented(letter: Referral, agreed: bool, by: User) -> None:
    """What the person said about sending letters; in an emergency help comes first."""
    standing = consents.standing(letter.episode).get("share")
    if agreed and not (standing and standing.given):
        consents.record(episode=letter.episode, kind="share", given=True, by=by)
    elif standing and not standing.given and letter.urgency != EMERGENCY:
        name = letter.episode.person.given_name
        raise Refused(f"{name} has declined that letters are sent", "Talk it over; tick that they agree, or hand it to them.")


def _checked_mail(address: str) -> None:
    try:
        validate_email(address.strip())
    except ValidationError:
        raise Refused("This is no e-mail address", "Write it as name@example.org, or leave it empty.") from None


def _can_mail(letter: Referral) -> None:
    if not can_mail():
        raise Refused("No mail server is set up here", "Print it and hand, fax or mail it; or set RHOMBOID_SMTP_HOST.")
    if not letter.to_email:
        raise Refused("The e-mail address is missing", "Write it beside the name.")


def _mail(letter: Referral, content: bytes) -> None:
    """The mail itself says nothing about anybody; the letter is attached."""
    clinic = Clinic.current()
    mail = EmailMessage(
        subject=f"A letter from {clinic.name}",
        body=f"Please open the attached letter. Questions: {clinic.phone or clinic.email or clinic.name}.\n",
        to=[letter.to_email],
    )
    mail.attach(f"letter-{letter.ref}.pdf", content, "application/pdf")
    try:
        mail.send()
    except OSError:
        raise Refused("The mail server did not take the letter", "Nothing was sent. Try again, or print and fax it.") from None
