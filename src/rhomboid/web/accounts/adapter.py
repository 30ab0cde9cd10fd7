"""How allauth behaves here: no open sign-up, staff are invited; mails carry no health data and never break a page."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .models import User

log = logging.getLogger(__name__)
UNKNOWN, NO_CODE = "account/email/unknown_account", "account/email/no_code"
"""To an address without an account; and to one that gets no codes, with an account or without."""
SILENT = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")
"""Events that need no line on the page: it shows them by itself."""

AGAIN = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code",
    "mfa_reauthenticate:webauthn": "Use your passkey",
}
"""The ways to show once more who one is."""


class ClinicAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This e-mail and this password do not go together. Check both and try again."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, or set a new password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        found = super().get_reauthentication_methods(user)
        return [{**one, "description": AGAIN.get(one["id"], one["description"])} for one in found]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is down is logged and says nothing about who has an account."""
        asked_for_code = template_prefix == UNKNOWN and self.request.path.startswith(reverse("account_request_login_code"))
        try:
            super().send_mail(NO_CODE if asked_for_code else template_prefix, email, context)
        except (SMTPException, OSError):
            log.exception("mail not sent")

    def add_message(self, request: HttpRequest, level: int, message_template: Any = None, *args: Any, **kwargs: Any) -> None:
        if message_template not in SILENT:
            super().add_message(request, level, message_template, *args, **kwargs)


class ClinicMfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _("This code is not right, or it has just expired.")}

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return "This device" if count == 0 else f"Device {count + 1}"

    def is_mfa_enabled(self, user: User, types: Any = None) -> bool:
        """A patient's passkey is another way in, not a second step: whoever loses the phone still has the code and the link."""
        if getattr(user, "role", "") == "patient":
            types = [one for one in types or (Authenticator.Type.TOTP,) if one != Authenticator.Type.WEBAUTHN]
        return bool(super().is_mfa_enabled(user, types))

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """What the phone shows in its list of passkeys: a name, not the address of an account that has none."""
        found: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return found if user.has_mail else found | {"name": user.name, "display_name": user.name}

    def _get_site_name(self) -> str:
        return "Rhomboid"
