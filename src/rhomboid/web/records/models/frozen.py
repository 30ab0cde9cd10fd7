"""Rows that the database itself keeps from being changed."""

# mypy: disable-error-code="override"
# Django hands these methods a model and an editor; its stubs also allow None and text.

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Model
from django.db.models.constraints import BaseConstraint

SQLITE = """CREATE TRIGGER %(name)s BEFORE UPDATE ON %(table)s FOR EACH ROW WHEN OLD.%(column)s IS NOT NULL
BEGIN SELECT RAISE(ABORT, '%(name)s'); END"""
POSTGRES = """CREATE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = '%(name)s'; END $$;
CREATE TRIGGER %(name)s BEFORE UPDATE ON %(table)s FOR EACH ROW WHEN (OLD.%(column)s IS NOT NULL) EXECUTE FUNCTION %(name)s()"""
DROP = {
    "sqlite": "DROP TRIGGER %(name)s",
    "postgresql": "DROP TRIGGER %(name)s ON %(table)s; DROP FUNCTION %(name)s()",
}


class FrozenOnce(BaseConstraint):
    """Once `column` of a row is set, no statement changes the row any more: a trigger refuses it."""

    def __init__(self, *, column: str, name: str) -> None:
        super().__init__(name=name)
        self.column = column

    def constraint_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        schema_editor.deferred_sql.append(self._create(model, schema_editor))

    def create_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        return self._create(model, schema_editor)

    def remove_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        return self._statement(DROP[schema_editor.connection.vendor], model, schema_editor)

    def _create(self, model: type[Model], editor: BaseDatabaseSchemaEditor) -> Statement:
        return self._statement(SQLITE if editor.connection.vendor == "sqlite" else POSTGRES, model, editor)

    def _statement(self, template: str, model: type[Model], editor: BaseDatabaseSchemaEditor) -> Statement:
        table = Table(model._meta.db_table, editor.quote_name)
        return Statement(template, table=table, name=self.name, column=editor.quote_name(self.column))

    def validate(self, model: type[Model], instance: Model, exclude: Any = None, using: str = "default") -> None:
        """The database alone decides."""

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        return f"{type(self).__module__}.{type(self).__qualname__}", (), {"name": self.name, "column": self.column}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FrozenOnce) and (self.name, self.column) == (other.name, other.column)

    def __hash__(self) -> int:
        return hash((self.name, self.column))
