"""What a file is, told by its content: PDF, PNG or JPEG, whole and readable. Names and claims of the sender count for nothing."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Lock

from PIL import Image, ImageFile, UnidentifiedImageError

from ...papers.images import image_type, pixels
from .actions import Refused

LARGEST = 10 * 2**20
MOST_PIXELS = 50_000_000
FIX = "Send a PDF, PNG or JPEG of at most 10 MB."
ACTIVE = re.compile(rb"/(JavaScript|Launch)\b")
END = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF")
TAIL = 2048


def checked(content: bytes) -> str:
    """The media type of a file that may be kept. Raises Refused with what is wrong and what to send instead."""
    if not content:
        raise Refused("The file is empty", FIX)
    if len(content) > LARGEST:
        raise Refused(f"The file has {len(content) / 2**20:.1f} MB", FIX)
    if content.startswith(b"%PDF-"):
        _pdf(content)
        return "application/pdf"
    mime = image_type(content)
    if not mime:
        raise Refused("This is neither a PDF nor a PNG or JPEG picture", FIX)
    _image(content)
    return mime


def _pdf(content: bytes) -> None:
    """A header, a cross-reference where the end says it is, the mark of the end, and nothing that runs when it is opened."""
    ends = END.findall(content[-TAIL:])
    there = content[int(ends[-1]) : int(ends[-1]) + 64].lstrip() if ends else b""
    if not re.match(rb"%PDF-[12]\.\d", content) or not re.match(rb"xref|\d+\s+\d+\s+obj", there):
        raise Refused("This PDF is cut off or damaged", "Save or print it as a PDF again, then send it.")
    if active := ACTIVE.search(content):
        raise Refused(f"This PDF holds something that runs by itself ({active[1].decode()})", "Print it to a plain PDF first.")


def _image(content: bytes) -> None:
    """The header says how many pixels there are before anything is unpacked; then all of them are."""
    if not 0 < pixels(content) <= MOST_PIXELS:
        raise Refused("This picture is damaged or has more than 50 megapixels", "Save it again, or make it smaller.")
    try:
        with _strictly(), Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refused("This picture is cut off or damaged", "Take or save it again, then send it.") from None


_one_at_a_time = Lock()


@contextmanager
def _strictly() -> Iterator[None]:
    """The printing library lets cut-off pictures pass, for the whole process; an upload does not."""
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before
