"""PNG and JPEG by their content: what kind, and how many pixels, read from the header alone."""

from __future__ import annotations

from collections.abc import Iterator

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
NO_FRAME = (0xC4, 0xC8, 0xCC)
"""JPEG markers between C0 and CF that do not begin a frame."""


def image_type(content: bytes) -> str:
    """The media type; '' for anything else, such as SVG, which could name other files."""
    if content.startswith(PNG):
        return "image/png"
    return "image/jpeg" if content.startswith(JPEG) else ""


def pixels(content: bytes) -> int:
    """Width times height; 0 when the header is broken."""
    if content.startswith(PNG):
        return _area(content[16:20], content[20:24]) if content[12:16] == b"IHDR" else 0
    frames = (part for marker, part in _segments(content) if 0xC0 <= marker <= 0xCF and marker not in NO_FRAME)
    return next((_area(part[3:5], part[1:3]) for part in frames), 0)


def _area(width: bytes, height: bytes) -> int:
    return int.from_bytes(width, "big") * int.from_bytes(height, "big")


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The marked segments of a JPEG up to its picture data."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xDA or length < 2:
            return
        yield marker, content[at + 4 : at + 2 + length]
        at += 2 + length
