"""System checks of an installation: each says what is wrong with the settings and how to mend it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1", "testserver"}


@register(Tags.security)
def demo_stays_local(**_: Any) -> list[CheckMessage]:
    """The demo signs in without a second factor and with known passwords."""
    open_to = [host for host in settings.ALLOWED_HOSTS if host not in LOCAL]
    if not settings.DEMO or not open_to:
        return []
    return [
        Error(
            f"The demo answers to {', '.join(open_to)}",
            hint="A demo has known passwords. Set RHOMBOID_DEMO=0 for real use, or take the name out of RHOMBOID_HOSTS.",
            id="rhomboid.E001",
        )
    ]


@register(Tags.security, deploy=True)
def staff_have_a_second_factor(**_: Any) -> list[CheckMessage]:
    if settings.SECOND_FACTOR_REQUIRED:
        return []
    hint = "Take RHOMBOID_SECOND_FACTOR=0 away (and RHOMBOID_DEMO=1, if it is set)."
    return [Warning("Staff may sign in with a password alone", hint=hint, id="rhomboid.W001")]


@register(Tags.security, deploy=True)
def hosts_are_named(**_: Any) -> list[CheckMessage]:
    """The name people type must be allowed, or nobody gets in; `*` lets a forged name into links of mails."""
    if "*" in settings.ALLOWED_HOSTS:
        return [
            Error(
                "RHOMBOID_HOSTS=* takes any name", hint="Write the name people type, such as rehab.example.org.", id="rhomboid.E002"
            )
        ]
    if settings.HTTPS and set(settings.ALLOWED_HOSTS) <= LOCAL:
        hint = "Set RHOMBOID_HOSTS to the name people type, such as rehab.example.org."
        return [Warning("Only this machine itself may open the site", hint=hint, id="rhomboid.W002")]
    return []


@register(Tags.security, deploy=True)
def invitations_can_be_mailed(**_: Any) -> list[CheckMessage]:
    if settings.SENDS_MAIL:
        return []
    hint = "Set RHOMBOID_SMTP_HOST. Until then the page People shows each link once, to be handed over in person."
    return [Warning("No mail server: invitations and new passwords are not mailed", hint=hint, id="rhomboid.W003")]


@register(Tags.security)
def idle_time_is_short(**_: Any) -> list[CheckMessage]:
    if settings.IDLE_MINUTES <= 60:
        return []
    hint = "Set RHOMBOID_IDLE_MINUTES to 60 or less; 20 is the default."
    return [Warning(f"Nobody is signed out before {settings.IDLE_MINUTES} idle minutes", hint=hint, id="rhomboid.W004")]
