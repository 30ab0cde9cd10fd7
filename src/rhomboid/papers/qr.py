"""A link as a QR code that a phone reads from paper."""

from __future__ import annotations

from dataclasses import dataclass

from ..vocabulary import Problem, RhomboidError

LONGEST = 200
SMALLEST_MM, MODULE_MM = 28.0, 0.5


@dataclass(frozen=True, slots=True)
class Code:
    """The dark runs of a code as one path, its width in modules, and its size on paper."""

    path: str
    width: int
    millimeters: float


def code_of(link: str) -> Code:
    """The code of a web address. Raises RhomboidError for anything else, and without segno."""
    if len(link) > LONGEST or not link.startswith(("https://", "http://")):
        raise RhomboidError(
            [Problem("print", "link", f"is no web address of at most {LONGEST} characters", "give an https address")]
        )
    try:
        import segno  # an extra: only who prints needs it
    except ImportError as error:
        fix = "pip install 'rhomboid[print]'"
        raise RhomboidError([Problem("print", "segno", f"segno is not installed ({error})", fix)]) from None
    rows = segno.make(link, error="m", micro=False).matrix
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Code(path, len(rows), max(SMALLEST_MM, MODULE_MM * len(rows)))
