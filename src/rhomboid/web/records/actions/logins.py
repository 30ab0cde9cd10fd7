"""Ways in that a person adds to their own account, beside the link: an e-mail address that gets codes, and passkeys."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from ...accounts.mailing import sent
from ...accounts.models import User
from .. import audit
from ..models import AuditEvent, Person
from . import Refused

MOST_CODES, AN_HOUR = 5, 3600
"""So many codes are asked for by one person until an hour has passed without another: to guess one, or to fill a mailbox."""


def mail_code(*, person: Person, email: str, code: str, clinic: str) -> bool:
    """Mails the code that proves an address, in the language of the page. An address that has an account gets none, and nobody
    is told. False when nothing could be sent to anybody."""
    key = f"email-codes:{person.ref}"
    asked = int(cache.get(key, 0))
    if not settings.SENDS_MAIL or asked >= MOST_CODES:
        return False
    cache.set(key, asked + 1, AN_HOUR)
    if User.objects.filter(email__iexact=email).exclude(person=person).exists():
        return True
    words = _("Your code is %(code)s. Type it on the page you have open. If you did not ask for it, you can ignore this mail.")
    return sent(EmailMessage(_("Your code"), f"{words % {'code': code}}\n\n{clinic}", to=[email]))


def readable(email: str) -> str:
    """An address as it is kept; empty when it is none."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email


@transaction.atomic
def use_email(*, person: Person, email: str, by: User) -> User:
    """From now on codes for signing in go to this address, which the person has just proved to read. Older ones stop."""
    user = _own(person, by)
    if User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists():
        raise Refused("This address cannot be used", "Take another one.")
    user.email = email
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).delete()
    audit.write(by=by, action="login.email", person=person, subject=f"user {user.pk}")
    return user


@transaction.atomic
def passkey_added(*, person: Person, by: User) -> None:
    """Keeps on record that a passkey was added."""
    audit.write(by=by, action="login.passkey", person=person, subject=f"user {_own(person, by).pk}")


@transaction.atomic
def drop_passkeys(*, person: Person, by: User) -> None:
    """For a lost phone: no passkey opens these pages any more."""
    gone, _rows = Authenticator.objects.filter(user=_own(person, by), type=Authenticator.Type.WEBAUTHN).delete()
    audit.write(by=by, action="login.passkeys_dropped", person=person, subject=f"user {by.pk}", removed=gone)


def end_added(*, person: Person, since: datetime, by: User) -> None:
    """Ends the passkeys and the e-mail address that were added since then. Part of taking a link back: whoever had it may have
    added them.

    Whoever signed in by a login is then signed out; the phones that a link has opened are none of these sessions: they end with
    the link, and are wiped by that.
    """
    if person.user is None:
        return
    user = User.objects.select_for_update().get(pk=person.user.pk)
    keys, _rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN, created_at__gte=since).delete()
    mail = AuditEvent.objects.filter(action="login.email", person_ref=person.ref, at__gte=since).exists() and user.has_mail
    if not keys and not mail:
        return
    if mail:
        user.email = User.no_mail(person.ref)
        user.set_unusable_password()  # it may have been set anew through that address
        user.save(update_fields=["email", "password"])
        EmailAddress.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    audit.write(by=by, action="login.ended", person=person, subject=f"user {user.pk}", passkeys=keys, email=mail)


def _own(person: Person, by: User) -> User:
    if person.user_id != by.pk:
        raise Refused("Only the person themselves changes how they sign in", "Open your own link.")
    return User.objects.select_for_update().get(pk=by.pk)
