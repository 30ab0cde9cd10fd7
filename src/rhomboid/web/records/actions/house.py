"""The clinic's own data: its name and letterhead."""

from __future__ import annotations

from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from PIL import Image, UnidentifiedImageError

from ...accounts.models import User
from .. import audit
from ..models import Clinic
from . import Refused

LARGEST_FILE = 2 * 2**20
LARGEST_SIDE = 6000
LOGO_BOX = (1200, 400)
FIELDS = ("name", "address", "phone", "email", "emergency_number", "paper")


@transaction.atomic
def change_clinic(*, by: User, **changes: str) -> Clinic:
    """Changes the name, the letterhead or the paper of the clinic."""
    _may(by)
    assert changes.keys() <= set(FIELDS), changes
    clinic = Clinic.objects.select_for_update().get(pk=Clinic.current().pk)
    for field, value in changes.items():
        setattr(clinic, field, value.strip())
    _check(clinic)
    clinic.save(update_fields=list(changes))
    audit.write(by=by, action="clinic.change", fields=sorted(changes))
    return clinic


@transaction.atomic
def set_logo(*, content: bytes, by: User) -> Clinic:
    """Takes a PNG or JPEG picture as logo. Its content decides, not its name; what is kept is drawn anew from its pixels."""
    _may(by)
    clinic = Clinic.objects.select_for_update().get(pk=Clinic.current().pk)
    clinic.logo, clinic.logo_mime = drawn_anew(content), "image/png"
    clinic.save(update_fields=["logo", "logo_mime"])
    audit.write(by=by, action="clinic.logo", size=len(clinic.logo))
    return clinic


@transaction.atomic
def remove_logo(*, by: User) -> None:
    _may(by)
    Clinic.objects.filter(pk=Clinic.current().pk).update(logo=b"", logo_mime="")
    audit.write(by=by, action="clinic.logo", size=0)


def drawn_anew(content: bytes) -> bytes:
    """The picture as a PNG of at most LOGO_BOX, without anything that was hidden in the file. Raises Refused."""
    if len(content) > LARGEST_FILE:
        raise Refused("This picture is too large", "Take one of at most 2 MB.")
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if max(picture.size) > LARGEST_SIDE:
                raise Refused(f"This picture is larger than {LARGEST_SIDE} pixels", "Make it smaller first.")
            plain = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refused("This is not a PNG or JPEG picture", "Save the logo as PNG or JPEG and choose it again.") from None
    plain.thumbnail(LOGO_BOX)
    out = BytesIO()
    plain.save(out, "PNG", optimize=True)
    return out.getvalue()


def _check(clinic: Clinic) -> None:
    if not clinic.name:
        raise Refused("A clinic needs a name", "It stands on every letter.")
    if clinic.email:
        try:
            validate_email(clinic.email)
        except ValidationError:
            raise Refused("This is not an e-mail address", "It looks like name@example.org.") from None
    if clinic.paper not in ("Letter", "A4"):
        raise Refused("Choose US Letter or A4", "")
    if not clinic.emergency_number:
        raise Refused("Patients need a number to call in an emergency", "In the United States it is 911.")


def _may(by: User) -> None:
    if not by.may("manage_clinic"):
        raise Refused("Only an owner changes the clinic's settings", "Ask the clinic's owner.")
