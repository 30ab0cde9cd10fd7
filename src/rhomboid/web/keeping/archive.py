"""A backup: one file that holds the whole database, what was in it, and the proof that it is whole.

The file is a zip of `manifest.json` and the database (`database.sqlite3`, or `database.dump` of PostgreSQL). It appears
complete or not at all, readable by its owner alone, and it is checked before it takes its name.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ...vocabulary import Problem, RhomboidError
from ..records import clock

FORMAT = 1
SUFFIX = ".rhomboid"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: `counts` are rows for each table, `audit` the last event and its hash, `sha256` of the database file."""

    format: int
    made_at: str
    release: str
    engine: str
    content: str
    sha256: str
    bytes: int
    counts: dict[str, int]
    audit: tuple[int, str]

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def refuse(place: str, message: str, fix: str = "") -> RhomboidError:
    return RhomboidError([Problem(place, "", message, fix)])


def described(content: Path, engine: str, counts: dict[str, int], audit: tuple[int, str]) -> Manifest:
    return Manifest(
        format=FORMAT,
        made_at=clock.now().isoformat(timespec="seconds"),
        release=version("rhomboid"),
        engine=engine,
        content=content.name,
        sha256=sha256(content),
        bytes=content.stat().st_size,
        counts=counts,
        audit=audit,
    )


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(content: Path, manifest: Manifest, target: Path) -> None:
    """Writes the backup file and reads it back. It takes its name only when what was read is what was written."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.write(content, manifest.content)
                archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
            file.flush()
            os.fsync(file.fileno())
        with unpacked(part):
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Manifest, Path]]:
    """The manifest and the database file of a backup, checked against its hash, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="rhomboid-", dir=path.parent) as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                manifest = _manifest(json.loads(archive.read(MANIFEST)), path)
                content = Path(archive.extract(manifest.content, folder))
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise refuse(path.name, f"is no backup of Rhomboid ({error})", "name a file that rhomboid backup has made") from None
        if sha256(content) != manifest.sha256:
            raise refuse(path.name, "is damaged: its database is not the one that was saved", "take an older backup")
        yield manifest, content


def _manifest(data: dict[str, Any], path: Path) -> Manifest:
    if data.get("format") != FORMAT:
        raise refuse(path.name, f"has format {data.get('format')}; this release reads {FORMAT}", "use the release that made it")
    if Path(data["content"]).name != data["content"]:
        raise ValueError("its content has a path")
    return Manifest(**{**data, "audit": tuple(data["audit"])})
