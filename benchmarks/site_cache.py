"""The long history is made once and kept in the folder that RHOMBOID_BENCH_CACHE names; without it, each run makes its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from rhomboid.web.keeping import sample
from rhomboid.web.records import clock, models

from . import site_fill


def ready() -> None:
    """Gives an empty installation its long history, from the cache when it has one for these tables."""
    kept = _kept()
    if kept is not None and kept.exists():
        _bring(kept)
        return
    with _unsafe():
        site_fill.fill()
    if kept is not None:
        _keep(kept)


def _kept() -> Path | None:
    folder = os.environ.get("RHOMBOID_BENCH_CACHE", "")
    return Path(folder).resolve() / f"{connection.vendor}-{site_fill.PEOPLE}-{_key()}" if folder else None


def _key() -> str:
    """Changes with the tables, with what fills them, and with the day, for the history ends on the day it is made."""
    folders = [Path(models.__file__).parent, Path(sample.__file__).parent]
    files = [Path(site_fill.__file__), *sorted(file for folder in folders for file in folder.rglob("*.py"))]
    found = hashlib.sha256(b"".join(file.read_bytes() for file in files))
    found.update(clock.today().isoformat().encode())
    return found.hexdigest()[:12]


@contextmanager
def _unsafe() -> Iterator[None]:
    """While it is filled, SQLite neither waits for the disk nor looks up foreign keys."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for setting in ("synchronous=OFF", "cache_size=-400000", "foreign_keys=OFF"):
                cursor.execute(f"PRAGMA {setting}")
    yield
    connection.close()


def _keep(kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_name(f".{kept.name}.{os.getpid()}")
    if connection.vendor == "sqlite":
        shutil.copyfile(str(connection.settings_dict["NAME"]), part)
    else:
        _run("pg_dump", "--format=directory", "--jobs=2", "--compress=1", f"--file={part}")
    part.rename(kept)


def _bring(kept: Path) -> None:
    connection.close()
    if connection.vendor == "sqlite":
        target = Path(str(connection.settings_dict["NAME"]))
        for suffix in ("", "-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(kept, target)
    else:
        _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--jobs=2", str(kept))
        with connection.cursor() as cursor:
            for statement in site_fill.AT_REST["postgresql"]:
                cursor.execute(statement)


def _run(program: str, *arguments: str) -> None:
    subprocess.run([program, *arguments, f"--dbname={os.environ['DATABASE_URL']}"], check=True)
