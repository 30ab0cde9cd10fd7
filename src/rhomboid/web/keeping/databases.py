"""What differs between the two databases: copying one while people work, and putting one back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import OperationalError, connection

from .archive import refuse

AUDIT = "SELECT last, hash FROM records_audithead WHERE id = 1"
Rows = Callable[[str], Any]


def engine() -> str:
    return connection.vendor


def tables() -> list[str]:
    """The tables of our own apps and of the sign-in, in a fixed order."""
    labels = ("accounts", "records", "account", "mfa", "usersessions")
    return sorted(model._meta.db_table for label in labels for model in apps.get_app_config(label).get_models())


def counts(one: Rows, names: Iterable[str]) -> dict[str, int]:
    return {name: one(f'SELECT count(*) FROM "{name}"')[0] for name in names}  # noqa: S608 - names of our own tables


def copy_to(folder: Path) -> tuple[Path, dict[str, int], tuple[int, str]]:
    """A consistent copy of the database as it stands now, with its counts and the end of its audit trail."""
    return _copy_sqlite(folder) if engine() == "sqlite" else _copy_postgresql(folder)


def put_back(content: Path) -> None:
    """Puts a copy in the place of the database. What stood there is gone: the caller has saved it."""
    if engine() == "sqlite":
        check_sqlite(content)
        connection.close()
        target = Path(str(connection.settings_dict["NAME"]))
        for suffix in ("-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        part = target.with_name(target.name + ".part")
        shutil.copyfile(content, part)
        part.chmod(0o600)
        part.replace(target)
    else:
        _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--dbname", _name(), str(content))


def learn() -> None:
    """Lets SQLite look at a sample of its tables, so that it knows which index serves. PostgreSQL does that by itself.

    Where people write without a pause it does not come to that; what it knows serves until the next time.
    """
    if engine() == "sqlite":
        with suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit=1000")
            cursor.execute("ANALYZE")


def check_sqlite(path: Path) -> None:
    """SQLite's own check of a database file, and of its foreign keys."""
    file = sqlite3.connect(path)
    try:
        said = file.execute("PRAGMA integrity_check").fetchone()[0]
        if said != "ok":
            raise refuse(path.name, f"fails the database's own check: {said}", "take an older backup")
        if broken := file.execute("PRAGMA foreign_key_check").fetchone():
            raise refuse(path.name, f"has a row in {broken[0]} that points nowhere", "take an older backup")
    except sqlite3.DatabaseError as error:
        raise refuse(path.name, f"cannot be read as a database ({error})", "take an older backup") from None
    finally:
        file.close()


def _copy_sqlite(folder: Path) -> tuple[Path, dict[str, int], tuple[int, str]]:
    target = folder / "database.sqlite3"
    # A reader of its own: the copy is one moment of the database, and writers go on meanwhile.
    source = sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        found = counts(lambda sql: copy.execute(sql).fetchone(), tables()), copy.execute(AUDIT).fetchone()
    finally:
        source.close()
        copy.close()
    check_sqlite(target)
    return target, found[0], found[1] or (0, "0" * 64)


def _copy_postgresql(folder: Path) -> tuple[Path, dict[str, int], tuple[int, str]]:
    target = folder / "database.dump"
    connection.ensure_connection()
    with connection.cursor() as cursor:
        # One snapshot for the dump and the counts: what is written meanwhile is in neither.
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:

            def one(sql: str) -> Any:
                cursor.execute(sql)
                return cursor.fetchone()

            snapshot = one("SELECT pg_export_snapshot()")[0]
            found, audit = counts(one, tables()), one(AUDIT)
            _run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}", _name())
        finally:
            cursor.execute("ROLLBACK")
    _run("pg_restore", "--list", "--file", os.devnull, str(target))
    return target, found, audit or (0, "0" * 64)


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _run(program: str, *arguments: str) -> None:
    settings = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {**os.environ, **{key: str(settings[name]) for key, name in names.items() if settings.get(name)}}
    if shutil.which(program) is None:
        raise refuse(program, "is not installed", "install PostgreSQL's client programs (Debian: postgresql-client)")
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise refuse(program, (done.stderr.strip().splitlines() or ["failed"])[-1], "see that the database can be reached")
