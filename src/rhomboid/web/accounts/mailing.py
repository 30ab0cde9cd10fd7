"""Sending a mail so that nobody has to know whether the mail server is up."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.core.mail import EmailMessage

log = logging.getLogger(__name__)


def sent(message: EmailMessage) -> bool:
    """Sends it. False when the mail server refuses or is down: that is logged, and the work goes on."""
    try:
        return bool(message.send())
    except (SMTPException, OSError):
        log.exception("mail not sent")
        return False
