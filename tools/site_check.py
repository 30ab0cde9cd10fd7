"""Checks of the site that need no database: migrations are up to date, and the settings of a real installation raise no warning."""

from __future__ import annotations

import os
import sys
import tempfile

REAL = {
    "DJANGO_SETTINGS_MODULE": "rhomboid.web.config.settings",
    "RHOMBOID_HTTPS": "1",
    "RHOMBOID_HOSTS": "clinic.example",
    "RHOMBOID_SMTP_HOST": "mail.example",
    "RHOMBOID_SECRET_KEY": "only for this check: " + "a long line of words that nobody else would ever choose",
}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(REAL, RHOMBOID_DATA=folder)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("makemigrations", "--check", "--dry-run", verbosity=1)
        call_command("check", "--deploy", "--fail-level", "WARNING")
    return 0


if __name__ == "__main__":
    sys.exit(main())
