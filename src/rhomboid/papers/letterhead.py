"""Who a paper is from, whom it is about, and who signed it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ..vocabulary import Problem, RhomboidError
from .images import image_type, pixels
from .templating import day

LARGEST_LOGO = 1_000_000
"""Bytes; a logo is 14 mm high on paper."""
LONGEST_FOOT = 60
MOST_PIXELS = 4_000 * 4_000
FIX = "use a PNG or JPEG file of at most 1 MB and 16 megapixels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """The clinic and the therapist, as on top of every paper. `logo` is PNG or JPEG; anything else is refused."""

    name: str
    address: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    logo: bytes | None = None
    therapist: str = ""
    credentials: str = ""
    paper: Literal["Letter", "A4"] = "Letter"

    def __post_init__(self) -> None:
        if self.logo is not None:
            checked_logo(self.logo)

    @property
    def by(self) -> str:
        return ", ".join(filter(None, (self.therapist, self.credentials)))

    @property
    def contact(self) -> list[str]:
        return [part for part in (", ".join(filter(None, self.address)), self.phone, self.email) if part]

    @property
    def logo_uri(self) -> str:
        """The logo inside the page itself; nothing is ever fetched."""
        if self.logo is None:
            return ""
        return f"data:{image_type(self.logo)};base64,{base64.b64encode(self.logo).decode('ascii')}"


def checked_logo(content: bytes) -> bytes:
    """The content, when it is a picture that may stand on paper. Raises RhomboidError with the fix."""
    wrong = ""
    if not image_type(content):
        wrong = "is neither PNG nor JPEG"
    elif len(content) > LARGEST_LOGO:
        wrong = f"has {len(content):,} bytes"
    elif not 0 < pixels(content) <= MOST_PIXELS:
        wrong = "is broken or has too many pixels"
    if wrong:
        raise RhomboidError([Problem("letterhead", "logo", f"the logo {wrong}", FIX)])
    return content


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a paper is about. `episode` names the problem in words, `record` is the clinic's number for the person."""

    name: str
    born: date | None = None
    episode: str = ""
    record: str = ""

    @property
    def foot(self) -> str:
        """The name for the foot of a page, shortened when it would fill it, with the birthday that tells namesakes apart."""
        name = self.name if len(self.name) <= LONGEST_FOOT else f"{self.name[:LONGEST_FOOT].rstrip()}…"
        return f"{name}, born {day(self.born)}" if self.born else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature that was given. `how`: "with a passkey"."""

    by: str
    at: datetime
    credentials: str = ""
    how: str = ""

    @property
    def name(self) -> str:
        return ", ".join(filter(None, (self.by, self.credentials)))
