"""Forms of django-allauth that behave otherwise here."""

from __future__ import annotations

from allauth.account.forms import RequestLoginCodeForm

from .models import User


class PatientCodeForm(RequestLoginCodeForm):  # type: ignore[misc]
    """A sign-in code goes to patients alone. Staff and strangers get the same page, and no code."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        found: User | None = getattr(self, "_user", None)
        self._user = found if found and found.role == "patient" else None
        return email
