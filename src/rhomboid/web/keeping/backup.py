"""Backing up while people work, and bringing a backup back."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from ..records import audit, clock
from ..records.models import AuditHead
from . import databases
from .archive import SUFFIX, Manifest, described, pack, refuse, unpacked
from .running import server_stopped


def backup(target: Path) -> Manifest:
    """Saves the whole installation to one file. Online: nobody has to stop. Raises RhomboidError when the copy is not whole."""
    if target.exists():
        raise refuse(str(target), "exists already", "name another file; a backup never overwrites one")
    if not target.parent.is_dir():
        raise refuse(str(target.parent), "is no folder", "make it first")
    databases.learn()
    with tempfile.TemporaryDirectory(prefix="rhomboid-", dir=target.parent) as folder:
        content, counts, end = databases.copy_to(Path(folder))
        manifest = described(content, databases.engine(), counts, end)
        pack(content, manifest, target)
    return manifest


def restore(source: Path, *, replace: bool = False) -> tuple[Manifest, Path | None]:
    """Brings a backup back: checked before, checked after. Gives its manifest and where what stood there before was saved.

    Into an empty installation, or with `replace` into one that has records: those are backed up first.
    """
    with unpacked(source) as (manifest, content), server_stopped():
        if manifest.engine != databases.engine():
            fix = "set DATABASE_URL to a database of that kind"
            raise refuse(source.name, f"is a backup of {manifest.engine}, this installation runs {databases.engine()}", fix)
        saved = _save_what_stands(replace)
        databases.put_back(content)
        migrate()
        verify(manifest, source.name)
    return manifest, saved


def _save_what_stands(replace: bool) -> Path | None:
    if not has_records():
        return None
    if not replace:
        raise refuse("database", "this installation has records", "add --replace; they are backed up first")
    saved = fresh_name("before-restore")
    backup(saved)
    return saved


def verify(manifest: Manifest, place: str) -> None:
    """The database holds what the manifest says, and its audit trail is whole."""
    with connection.cursor() as cursor:

        def one(sql: str) -> tuple[int]:
            cursor.execute(sql)
            return cursor.fetchone()  # type: ignore[no-any-return]

        there = databases.counts(one, [name for name in manifest.counts if name in databases.tables()])
    wrong = [name for name, count in there.items() if count != manifest.counts[name]]
    if wrong:
        raise refuse(place, f"was not restored whole: {', '.join(wrong)} differ", "restore it again")
    head = AuditHead.objects.filter(id=1).values_list("last", "hash").first() or (0, "0" * 64)
    if tuple(head) != tuple(manifest.audit) or next(audit.verify(), None):
        raise refuse(place, "was restored, but its audit trail does not hold", "run rhomboid audit verify")


def has_records() -> bool:
    """Whether anybody has ever worked with this database."""
    return "records_audithead" in connection.introspection.table_names() and AuditHead.objects.filter(last__gt=0).exists()


def pending_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label} {migration.name}" for migration, _ in plan]


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def upgrade() -> Path | None:
    """Brings the tables up to this release. An installation with records is backed up first; gives where."""
    if not pending_migrations():
        return None
    saved = None
    if has_records():
        saved = fresh_name("before-upgrade")
        backup(saved)
    migrate()
    return saved


def fresh_name(why: str) -> Path:
    """A dated name in the backups folder that nothing has yet."""
    stem = f"{why}-{clock.now():%Y%m%d-%H%M%S}"
    names = (backup_folder() / f"{stem}{again}{SUFFIX}" for again in ("", *(f"-{number}" for number in range(2, 1000))))
    return next(path for path in names if not path.exists())


def backup_folder() -> Path:
    folder = Path(settings.DATA) / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
