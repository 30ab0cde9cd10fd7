"""The one reminder of a check-in by e-mail: a link and a sentence, in the person's language, without a word about their health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ..accounts.mailing import sent
from . import audit, clock
from .actions import Refused
from .actions.consents import BY_ONESELF
from .actions.links import live, token_of
from .models import CheckIn, Clinic, Consent

LATEST = timedelta(days=10)
"""Later than this nobody is reminded any more: the mail server, or this command, was away for too long (prod)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How many reminders went out, how many people cannot be reached by e-mail, and how many mails the server refused."""

    sent: int = 0
    unreachable: int = 0
    failed: int = 0


def due(on: date) -> QuerySet[CheckIn]:
    """Check-ins of these days that are neither answered nor reminded of; of each person the last one.

    Whoever has taken back the consent to care or to the record is left alone.
    """
    rows = CheckIn.objects.filter(answered_at=None, due_on__lte=on, due_on__gte=on - LATEST, episode__stage="discharged")
    later = CheckIn.objects.filter(episode=OuterRef("episode"), due_on__lte=on, due_on__gt=OuterRef("due_on")).order_by()
    newer = Consent.objects.filter(episode=OuterRef("episode"), kind=OuterRef("kind"), pk__gt=OuterRef("pk")).order_by()
    no = Consent.objects.filter(~Exists(newer), episode=OuterRef("episode"), kind__in=BY_ONESELF, given=False).order_by()
    return rows.filter(~Exists(later), ~Exists(no), reminded_at=None).select_related("episode__person").order_by("due_on", "pk")


def send(*, site: str, by: str) -> Sent:
    """Sends the reminders that are due, each once, however often this runs. `site`: where it is reached, as https://clinic.org.

    Raises Refused when this site sends no mail.
    """
    if not settings.SENDS_MAIL:
        raise Refused("This site sends no mail", "Set RHOMBOID_SMTP_HOST; docs/reference/settings.md says how.")
    counts = {"sent": 0, "unreachable": 0, "failed": 0}
    for check_in in due(clock.today()).iterator(chunk_size=200):
        counts[_remind(check_in, site.rstrip("/"), by)] += 1
    return Sent(**counts)


def _remind(check_in: CheckIn, site: str, by: str) -> str:
    person, link = check_in.episode.person, live(check_in.episode)
    if not person.email or link is None or not link.opens(clock.today()):
        return "unreachable"
    # Taken before it is sent: of two commands that run at once only one sends it.
    if not CheckIn.objects.filter(pk=check_in.pk, reminded_at=None, answered_at=None).update(reminded_at=clock.now()):
        return "unreachable"
    if not _mailed(check_in, f"{site}{reverse('link', args=[token_of(link)])}"):
        CheckIn.objects.filter(pk=check_in.pk, answered_at=None).update(reminded_at=None)
        return "failed"
    audit.write(by=by, action="check_in.remind", person=person, subject=check_in.ref)
    return "sent"


def _mailed(check_in: CheckIn, address: str) -> bool:
    person, clinic = check_in.episode.person, Clinic.current()
    with translation.override(person.language):
        text = (
            _("Hello %(name)s,") % {"name": person.given_name},
            _("%(clinic)s has a short question for you, as we agreed. It takes 2 minutes. Open this on your phone:")
            % {"clinic": clinic.name},
            address,
            _("It asks for your date of birth. Please do not pass it on."),
            _("If you did not expect this, call us: %(phone)s") % {"phone": clinic.phone or clinic.name},
        )
        message = EmailMessage(_("A short question"), "\n\n".join(text), to=[person.email])
    return sent(message)
