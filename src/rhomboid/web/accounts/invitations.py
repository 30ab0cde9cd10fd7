"""Links by which somebody sets a password: mailed where the site sends mail, else shown once to whoever made them."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset import get_reset_password_from_key_url
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest

from .mailing import sent
from .models import User


def link_for(request: HttpRequest, user: User) -> str:
    """A link that works once, for three days, and dies as soon as the password changes."""
    key = f"{user_pk_to_url_str(user)}-{app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)}"
    return str(get_reset_password_from_key_url(request, key))


def mail(request: HttpRequest, user: User, *, link: str, by: User, clinic: str) -> bool:
    """Mails the link. False when this site sends no mail or the mail server refuses: then it is handed over in person."""
    if not settings.SENDS_MAIL:
        return False
    words = {"password_reset_url": link, "invited_by": by.name, "clinic": clinic, "current_site": _Here(request.get_host())}
    message = get_adapter(request).render_mail("account/email/invitation", user.email, words)
    return sent(message)


class _Here:
    def __init__(self, domain: str) -> None:
        self.domain = domain
