"""The first owner of a new installation: made at the machine itself, never over the network."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from ..records.actions import Refused, users
from .models import User


def first_owner(email: str, name: str, password: str) -> User:
    """Makes the owner of a clinic that has none. Raises Refused with what is wrong and how to mend it."""
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise Refused("This password is too easy to guess", " ".join(error.messages)) from None
    return users.create_owner(email=email, name=name, password=password)
