"""Looking an installation over: each check says in a sentence what it found, and what to do when it is not well."""

from __future__ import annotations

import shutil
import smtplib
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection

from ...vocabulary import RhomboidError
from ..accounts.models import User
from ..records import audit, clock, current
from ..records.actions import notes
from .archive import SUFFIX
from .backup import pending_migrations
from .found import Found

FREE = 2 * 2**30
BACKUP_DAYS = 2
LOCAL = {"localhost", "127.0.0.1", "[::1]"}


def examine() -> Iterator[Found]:
    """All checks. Those that need the tables are left out while the database cannot be reached or is behind."""
    reachable = database()
    yield reachable
    if reachable.state == "ill":
        return
    try:
        tables = migrations()
        yield tables
        if tables.state == "well":
            for check in (journal, trail, signed, rules, owner, second_factor):
                yield from check()
    except (DatabaseError, sqlite3.DatabaseError) as error:
        yield Found(
            "Database", "ill", f"cannot be read: {str(error).splitlines()[0]}", "stop the server, then restore the last backup"
        )
    for check in (backups, disk, secret, address, mail, printing, framework):
        yield from check()


def database() -> Found:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return Found("Database", "ill", f"cannot be reached: {str(error).splitlines()[0]}", "see DATABASE_URL and that it runs")
    return Found("Database", "well", f"{connection.vendor}, reached")


def migrations() -> Found:
    if behind := pending_migrations():
        return Found(
            "Tables", "ill", f"{len(behind)} changes behind this release", "start rhomboid serve once: it upgrades after a backup"
        )
    return Found("Tables", "well", "up to date with this release")


def journal() -> Iterator[Found]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            said = cursor.execute("PRAGMA quick_check").fetchone()[0]
        if mode != "wal":
            yield Found("Journal", "look", f"is {mode}, not WAL", "keep the data on a local disk; network drives cannot do WAL")
        if said == "ok":
            yield Found("Database file", "well", "passes its own check")
        else:
            yield Found("Database file", "ill", f"fails its own check: {said.splitlines()[0]}", "restore the last backup")


def trail() -> Iterator[Found]:
    broken = next(audit.verify(), None)
    if broken:
        yield Found(
            "Audit trail", "ill", f"breaks at event {broken.event}: {broken.what}", "find out who can write to the database"
        )
    else:
        yield Found("Audit trail", "well", "holds from the first event to the last")


def signed() -> Iterator[Found]:
    """Whether every signed note is still what was signed."""
    changed = next(notes.verify(), None)
    if changed:
        yield Found("Signed notes", "ill", f"note {changed.note}: {changed.what}", "find out who can write to the database")
    else:
        yield Found("Signed notes", "well", "are what was signed")


def rules() -> Iterator[Found]:
    try:
        knowledge = current.knowledge()
    except RhomboidError as error:
        yield Found("Rules", "ill", f"cannot be loaded: {error.problems[0]}", "end the local rule that it names, under Rules")
        return
    yield Found("Rules", "well", f"knowledge {knowledge.version} loaded")


def owner() -> Iterator[Found]:
    if not User.objects.filter(role="owner", is_active=True).exists():
        yield Found("Owner", "ill", "nobody can manage this clinic", "run rhomboid owner EMAIL")


def second_factor() -> Iterator[Found]:
    with_one = Authenticator.objects.values("user")
    without = User.objects.filter(is_active=True).exclude(role="patient").exclude(id__in=with_one).count()
    if settings.SECOND_FACTOR_REQUIRED and not without:
        yield Found("Second factor", "well", "everybody of the staff has one")
    elif settings.SECOND_FACTOR_REQUIRED:
        yield Found("Second factor", "look", f"{without} of the staff have none yet, and are asked for one at their next sign-in")
    else:
        yield Found("Second factor", "look", "is not asked for", "unset RHOMBOID_SECOND_FACTOR outside a demo")


def backups() -> Iterator[Found]:
    folder = Path(settings.DATA) / "backups"
    made = sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime) if folder.is_dir() else []
    if not made:
        yield Found("Backups", "look", f"none in {folder}", "run rhomboid backup every night, and keep copies elsewhere")
        return
    age = clock.now().timestamp() - made[-1].stat().st_mtime
    late = age > timedelta(days=BACKUP_DAYS).total_seconds()
    words = f"the newest is {age / 86400:.1f} days old ({made[-1].name})"
    yield Found("Backups", "look" if late else "well", words, "run rhomboid backup every night" if late else "")


def disk() -> Iterator[Found]:
    free = shutil.disk_usage(settings.DATA if Path(settings.DATA).exists() else ".").free
    if free < FREE:
        yield Found("Disk", "look", f"{free / 2**30:.1f} GB are free", "make room: a backup needs as much as the database")
    else:
        yield Found("Disk", "well", f"{free / 2**30:.0f} GB are free")


def secret() -> Iterator[Found]:
    path = Path(settings.DATA) / "rhomboid_secret_key.txt"
    if path.exists() and path.stat().st_mode & 0o077:
        yield Found("Secret key", "ill", f"{path.name} can be read by others", f"chmod 600 {path}")


def address() -> Iterator[Found]:
    """What a system check says already (only this machine, or open without https) is not said twice."""
    if settings.HTTPS and not set(settings.ALLOWED_HOSTS) <= LOCAL:
        yield Found("Address", "well", ", ".join(settings.ALLOWED_HOSTS))


def mail() -> Iterator[Found]:
    """Whether the mail server answers; that none was named is said by a system check."""
    if not settings.EMAIL_HOST:
        return
    try:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=3) as server:
            server.noop()
    except (OSError, smtplib.SMTPException):
        where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        yield Found(
            "Mail", "look", f"no mail server answers at {where}", "set RHOMBOID_SMTP_HOST and RHOMBOID_SMTP_PORT to one that does"
        )
    else:
        yield Found("Mail", "well", f"{settings.EMAIL_HOST} answers")


def printing() -> Iterator[Found]:
    try:
        import weasyprint  # noqa: F401 - whether it can be loaded is the question
    except (ImportError, OSError) as error:
        yield Found(
            "Printing", "ill", f"papers cannot be made: {error}", "install Pango (Debian: libpangoft2-1.0-0 libharfbuzz-subset0)"
        )
    else:
        yield Found("Printing", "well", "papers can be made")


def framework() -> Iterator[Found]:
    for message in checks.run_checks(include_deployment_checks=settings.HTTPS):
        if message.level >= checks.WARNING and message.id not in settings.SILENCED_SYSTEM_CHECKS:
            yield Found("Settings", "ill" if message.level >= checks.ERROR else "look", message.msg, message.hint or "")
