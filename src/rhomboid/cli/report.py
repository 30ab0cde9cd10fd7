"""The report as a file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ..papers import pdf


def write_pdf(html: str, path: Path) -> None:
    """Prints a report to a PDF file. The file appears complete or not at all. Raises RhomboidError without WeasyPrint."""
    content = pdf(html)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    # The temporary file is readable by its owner alone, and so stays what it becomes: health data.
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
