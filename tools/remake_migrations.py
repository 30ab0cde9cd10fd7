"""Before the first release: writes the one initial migration of each app anew from its models: python tools/remake_migrations.py

Django writes the constraints and indexes of tables that point at each other as steps of their own. On SQLite each of them copies
its whole table, and for each of them all models are worked out anew. Here they stand in the step that makes the table.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command
from django.db.migrations import AddConstraint, AddIndex, CreateModel, Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.writer import MigrationWriter

ROOT = Path(__file__).parent.parent
WEB = ROOT / "src" / "rhomboid" / "web"
APPS = ("accounts", "records")


def main() -> int:
    os.environ.update(RHOMBOID_DATA=tempfile.mkdtemp(), RHOMBOID_DEMO="1", DJANGO_SETTINGS_MODULE="rhomboid.web.config.settings")
    for app in APPS:
        folder = WEB / app / "migrations"
        folder.mkdir(exist_ok=True)
        for old in folder.glob("*.py"):
            old.unlink()
        (folder / "__init__.py").touch()
    django.setup()
    call_command("makemigrations", *APPS)
    made = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    for (app, _), migration in made.items():
        if app in APPS:
            migration.operations = with_the_table(migration)
            writer = MigrationWriter(migration, include_header=False)
            Path(writer.path).write_text(writer.as_string(), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--quiet", *(WEB / app / "migrations" for app in APPS)], check=False
    ).returncode


def with_the_table(migration: Migration) -> list[object]:
    """The operations, with each constraint and index in the CreateModel that has all of its fields already."""
    tables = {one.name_lower: one for one in migration.operations if isinstance(one, CreateModel)}
    late = {(one.model_name_lower, one.name_lower) for one in migration.operations if hasattr(one, "field")}
    kept = []
    for one in migration.operations:
        table = tables.get(getattr(one, "model_name_lower", ""))
        if table is None or not isinstance(one, AddConstraint | AddIndex) or any(model == table.name_lower for model, _ in late):
            kept.append(one)
        elif isinstance(one, AddConstraint):
            table.options["constraints"] = [*table.options.get("constraints", ()), one.constraint]
        else:
            table.options["indexes"] = [*table.options.get("indexes", ()), one.index]
    return kept


if __name__ == "__main__":
    sys.exit(main())
