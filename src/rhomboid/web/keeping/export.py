"""Everything kept about one person, for that person or another clinic: readable, machine-readable, and with its documents.

Which tables belong to a person follows from the models: whatever hangs on a person or an episode is in, the day it is added.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import Field, Model, QuerySet
from django.template.loader import render_to_string

from ...knowledge import Knowledge
from ...reasoning.words import value_text
from ...vocabulary import nearest
from ..accounts.models import User
from ..records import audit, clock, current
from ..records.bridge import value_of
from ..records.models import Clinic, Document, Episode, Person
from .archive import refuse

Row = dict[str, Any]
EXTENSIONS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class Exported:
    """Where an export lies and what is in it: rows for each table, and files."""

    path: Path
    rows: dict[str, int]
    files: int


def find_person(words: str) -> Person:
    """The person of that ref, or of that name. Raises RhomboidError when there is none, or more than one."""
    people = list(Person.objects.filter(ref=words)) or list(Person.objects.all().named(words.replace(",", " "))[:9])
    if len(people) == 1:
        return people[0]
    if people:
        refs = ", ".join(f"{one.ref} (born {one.date_of_birth})" for one in people)
        raise refuse("person", f"{len(people)} people have that name", f"give one of the references: {refs}")
    near = nearest(words, [str(one) for one in Person.objects.all()[:5000]])
    raise refuse("person", f'there is no "{words}"', near or "give the reference from the address of their page")


def export(person: Person, folder: Path, *, by: User | str) -> Exported:
    """Writes one zip with `record.json`, `record.html` and the documents. The file appears complete or not at all."""
    if not folder.is_dir():
        raise refuse(str(folder), "is no folder", "make it first")
    knowledge = current.knowledge()
    record = record_of(person, knowledge)
    target = folder / f"record-{person.ref}-{clock.today():%Y%m%d}.zip"
    documents = Document.objects.filter(episode__person=person)
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{target.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("record.json", json.dumps(record, indent=1, ensure_ascii=False))
            archive.writestr("record.html", readable(person, record))
            for document in documents.iterator():
                archive.writestr(file_name(document), bytes(document.content))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    audit.write(by=by, action="person.export", person=person, subject=person.ref)
    return Exported(target, {name: len(rows) for name, rows in record["tables"].items()}, documents.count())


def file_name(document: Document) -> str:
    return f"documents/{document.created_at:%Y%m%d}-{document.kind}-{document.ref}.{EXTENSIONS[document.mime]}"


def record_of(person: Person, knowledge: Knowledge) -> Row:
    """Everything as plain data: the person, then every table with its rows, oldest first."""
    return {
        "format": 1,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "clinic": Clinic.current().name,
        "knowledge_version": knowledge.version,
        "person": _row(person, knowledge),
        "tables": {
            model._meta.model_name: [_row(one, knowledge) for one in rows] for model, rows in tables_of(person) if rows.exists()
        },
    }


def tables_of(person: Person) -> Iterator[tuple[type[Model], QuerySet[Any]]]:
    """Every table with rows of a person: through the episode where there is one, else the person."""
    yield Episode, Episode.objects.filter(person=person).order_by("id")
    for model in apps.get_app_config("records").get_models():
        names = {field.name: field.related_model for field in model._meta.concrete_fields if field.is_relation}
        if model not in (Person, Episode) and (way := _way(names)):
            yield model, model._default_manager.filter(**{way: person}).order_by("id")


def _way(names: dict[str, Any]) -> str:
    if names.get("episode") is Episode:
        return "episode__person"
    if names.get("person") is Person:
        return "person"
    return "plan__episode__person" if "plan" in names else ""


def _row(one: Model, knowledge: Knowledge) -> Row:
    found = {field.name: _plain(one, field) for field in one._meta.concrete_fields if field.name not in ("id", "content")}
    if type(one).__name__ == "Finding":
        found["words"] = value_text(found["finding"], value_of(found["value"]), knowledge.vocabulary)
        found["label"] = knowledge.vocabulary.label(found["finding"])
    return found


def _plain(one: Model, field: Field[Any, Any]) -> Any:
    value = getattr(one, field.attname)
    if field.is_relation and value is not None:
        related = getattr(one, field.name)
        return getattr(related, "ref", None) or getattr(related, "label", None) or value
    return value.isoformat() if isinstance(value, date | datetime) else value


def readable(person: Person, record: Row) -> str:
    """The same as a page for people: one table for each kind of row, in words."""
    tables = [
        {
            "name": name.replace("_", " "),
            "columns": list(rows[0]),
            "rows": [[_words(value) for value in row.values()] for row in rows],
        }
        for name, rows in record["tables"].items()
    ]
    return render_to_string("keeping/record.html", {"person": person, "record": record, "tables": tables})


def _words(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
