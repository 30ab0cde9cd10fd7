"""How a personal link reaches the person: as a mail or a slip of paper, in their language, without a word about their health."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from ... import papers
from ..accounts.mailing import sent
from . import bridge_papers
from .models import Clinic, PersonalLink


def mail(link: PersonalLink, address: str) -> bool:
    """Mails a link to the person. False when this site sends no mail, the person has no e-mail, or the mail server refuses."""
    person = link.episode.person
    if not settings.SENDS_MAIL or not person.email:
        return False
    clinic = Clinic.current()
    with translation.override(person.language):
        message = EmailMessage(_("Your personal link"), _letter(person.given_name, address, clinic), to=[person.email])
    return sent(message)


def _letter(name: str, address: str, clinic: Clinic) -> str:
    return "\n\n".join(
        (
            _("Hello %(name)s,") % {"name": name},
            _("This is your personal link from %(clinic)s. Open it on your phone:") % {"clinic": clinic.name},
            address,
            _("It asks for your date of birth. Please do not pass it on."),
            _("If you did not expect this, call us: %(phone)s") % {"phone": clinic.phone or clinic.name},
        )
    )


def slip(link: PersonalLink, address: str) -> bytes:
    """The link as one page of PDF with a QR code. Raises RhomboidError where nothing can be printed."""
    person, clinic = link.episode.person, Clinic.current()
    with translation.override(person.language):
        call = _("Questions? Call %(phone)s.") % {"phone": clinic.phone} if clinic.phone else ""
        notes = (call, _("This page is for you alone. Please do not pass it on."))
        paper = papers.SlipPaper(
            name=str(person),
            link=address,
            heading=_("Your care on your phone"),
            steps=(
                _("Point the camera of your phone at the square."),
                _("Tap the link that shows up."),
                _("Give your date of birth. We ask it once on each phone."),
            ),
            or_type=_("Or type this address:"),
            notes=tuple(note for note in notes if note),
            language=person.language,
        )
    return papers.pdf(papers.slip_html(paper, bridge_papers.letterhead(None)))
