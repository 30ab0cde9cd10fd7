"""Small real files to send in: a PDF, a PNG and a JPEG."""

from __future__ import annotations

from io import BytesIO

from PIL import Image


def pdf(inside: bytes = b"<<>>") -> bytes:
    body = b"%PDF-1.4\n1 0 obj\n" + inside + b"\nendobj\n"
    return body + b"xref\n0 1\n0000000000 65535 f \ntrailer\n<<>>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    found = BytesIO()
    Image.new("RGB", size, "teal").save(found, kind)
    return found.getvalue()
