"""Keeping an installation: a backup taken while people work comes back whole; what is damaged is refused; nothing is left out."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import close_old_connections, connection, connections

from rhomboid.cli.main import main
from rhomboid.vocabulary import RhomboidError
from rhomboid.web.keeping import backup as keeping
from rhomboid.web.keeping import doctor
from rhomboid.web.keeping.archive import unpacked
from rhomboid.web.keeping.export import export, find_person, record_of, tables_of
from rhomboid.web.keeping.running import the_only_server
from rhomboid.web.keeping.server import Where, check
from rhomboid.web.records import audit, current
from rhomboid.web.records.actions import findings, notes, people
from rhomboid.web.records.models import AuditEvent, Finding, Person

from .conftest import Cast, everybody

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clinic() -> Cast:
    """The cast, written for good: what another connection copies has to be committed."""
    return everybody()


def register(number: int, cast: Cast) -> Person:
    return people.register(given_name=f"Guest{number}", family_name="Numbered", date_of_birth=date(1980, 1, 1), by=cast.front_desk)


def test_a_backup_taken_under_load_comes_back_whole(clinic: Cast, tmp_path: Path) -> None:
    stop, written = threading.Event(), []

    def work() -> None:
        number = 0
        while not stop.is_set():
            register(number, clinic)
            number += 1
            written.append(number)
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        while len(written) < 3:
            stop.wait(0.01)
        manifest = keeping.backup(tmp_path / "one.rhomboid")
    finally:
        stop.set()
        worker.join()
    assert manifest.counts["records_person"] >= 5
    before = Person.objects.count()
    restored, saved = keeping.restore(tmp_path / "one.rhomboid", replace=True)
    assert restored == manifest
    assert saved is not None
    assert Person.objects.count() == manifest.counts["records_person"] <= before
    assert list(audit.verify()) == []
    keeping.restore(saved, replace=True)
    assert Person.objects.count() == before


@pytest.mark.parametrize("said", ["backup", "audit verify", "export Vega", "check-ins send --site https://clinic.example.test"])
def test_without_an_installation_a_command_says_so(
    said: str, clinic: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", list)
    assert main(said.split()) == 2
    assert "there is no installation here; start rhomboid serve once" in capsys.readouterr().err


def test_a_damaged_backup_is_refused_and_nothing_changes(clinic: Cast, tmp_path: Path) -> None:
    path = tmp_path / "one.rhomboid"
    keeping.backup(path)
    with unpacked(path) as (manifest, content):
        data = bytearray(content.read_bytes())
    data[len(data) // 2] ^= 1
    with zipfile.ZipFile(path) as old:
        said = old.read("manifest.json")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(manifest.content, bytes(data))
        archive.writestr("manifest.json", said)
    with pytest.raises(RhomboidError, match="damaged"):
        keeping.restore(path, replace=True)
    assert Person.objects.count() == 2


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 torn"])
def test_what_is_no_backup_is_refused(clinic: Cast, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.rhomboid"
    path.write_bytes(content)
    with pytest.raises(RhomboidError, match="no backup"):
        keeping.restore(path, replace=True)


def test_records_are_never_replaced_without_being_asked(clinic: Cast, tmp_path: Path) -> None:
    keeping.backup(tmp_path / "one.rhomboid")
    with pytest.raises(RhomboidError, match="--replace"):
        keeping.restore(tmp_path / "one.rhomboid")
    with pytest.raises(RhomboidError, match="never overwrites"):
        keeping.backup(tmp_path / "one.rhomboid")


def test_nothing_is_restored_under_a_running_server(clinic: Cast, tmp_path: Path) -> None:
    keeping.backup(tmp_path / "one.rhomboid")
    with the_only_server(), pytest.raises(RhomboidError, match="server is running"):
        keeping.restore(tmp_path / "one.rhomboid", replace=True)


def test_a_server_begins_where_it_can_be_reached_alone() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the server's own processes do
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RhomboidError, match=f"127.0.0.1:{port}.*in use.*--port"):
            check(Where(port=port))
    check(Where(port=port))
    for where, said in ((Where(port=99_999), "1 to 65535"), (Where("localhost"), "no IP address"), (Where(workers=0), "--workers")):
        with pytest.raises(RhomboidError, match=said):
            check(where)


def test_only_one_server_runs_on_a_data_folder(clinic: Cast) -> None:
    with the_only_server(), pytest.raises(RhomboidError, match="already"), the_only_server():
        pass


def test_an_export_holds_everything_of_a_person_and_nothing_of_others(clinic: Cast, tmp_path: Path) -> None:
    knowledge = current.knowledge()
    findings.record(episode=clinic.episode, values={"nrs_now": 4}, knowledge=knowledge, by=clinic.therapist)
    findings.record(episode=clinic.other, values={"nrs_now": 9}, knowledge=knowledge, by=clinic.colleague)
    made = export(clinic.marisol, tmp_path, by=clinic.owner)
    with zipfile.ZipFile(made.path) as archive:
        record, page = json.loads(archive.read("record.json")), archive.read("record.html").decode()
    assert record["person"]["family_name"] == "Vega"
    assert [row["value"] for row in record["tables"]["finding"]] == [4]
    assert "Lindqvist" not in json.dumps(record) + page
    assert "Pain now" in page or knowledge.vocabulary.label("nrs_now") in page
    assert AuditEvent.objects.filter(action="person.export", person_ref=clinic.marisol.ref).exists()


def test_every_table_that_hangs_on_a_person_is_in_the_export(clinic: Cast) -> None:
    """A new table is exported the day it appears, or is named here with the reason."""
    from django.apps import apps

    not_a_persons = {"clinic", "auditevent", "audithead", "localrule", "signoff", "person"}
    every = {model._meta.model_name for model in apps.get_app_config("records").get_models()}
    assert every - not_a_persons == {model._meta.model_name for model, _ in tables_of(clinic.marisol)}


def test_a_person_is_found_by_reference_or_name(clinic: Cast) -> None:
    assert find_person(clinic.theo.ref) == find_person("Lindqvist, Theo") == find_person("theo lind") == clinic.theo
    with pytest.raises(RhomboidError, match="Theo Lindqvist"):
        find_person("Teo Lindqvst")


def test_the_doctor_sees_a_broken_trail_and_says_what_to_do(clinic: Cast) -> None:
    found = {one.name: one for one in doctor.examine()}
    assert found["Audit trail"].state == found["Tables"].state == found["Rules"].state == "well"
    AuditEvent.objects.filter(id=2).update(action="nothing")
    broken = next(one for one in doctor.examine() if one.name == "Audit trail")
    assert (broken.state, "event 2" in broken.words, bool(broken.fix)) == ("ill", True, True)


def test_the_doctor_tells_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "rhomboid.sqlite3").write_bytes(b"not a database, " * 500)
    where = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"RHOMBOID_DATA": str(tmp_path)}
    where["DJANGO_SETTINGS_MODULE"] = "rhomboid.web.config.settings"
    command = [sys.executable, "-m", "rhomboid", "doctor", "--json"]
    done = subprocess.run(command, env=where, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "file is not a database" in done.stdout


def test_the_doctor_tells_a_database_that_is_damaged_inside(clinic: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> Iterator[doctor.Found]:
        raise sqlite3.DatabaseError("database disk image is malformed")
        yield

    monkeypatch.setattr(doctor, "trail", damaged)
    found = {one.name: one for one in doctor.examine()}
    assert (found["Database"].state, "malformed" in found["Database"].words) == ("ill", True)
    assert "backup" in found["Database"].fix
    assert "Backups" in found


def test_a_note_that_is_not_what_was_signed_is_named_by_the_command(
    clinic: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(notes, "verify", lambda: [notes.Tampered("abc234abc234", "its content is not what was signed")])
    assert main(["audit", "verify"]) == 1
    assert "note abc234abc234: its content is not what was signed" in capsys.readouterr().out


def test_the_trail_breaks_where_an_event_is_missing_or_the_end_is_cut(clinic: Cast) -> None:
    last = AuditEvent.objects.latest("id")
    AuditEvent.objects.filter(id=3).delete()
    assert any("missing" in one.what for one in audit.verify())
    last.delete()
    assert any("end of the trail" in one.what for one in audit.verify())


def test_findings_written_at_once_by_many_are_all_kept(clinic: Cast) -> None:
    knowledge, failed = current.knowledge(), []

    def write(day: int) -> None:
        try:
            findings.record(
                episode=clinic.episode,
                values={"nrs_now": day % 10},
                knowledge=knowledge,
                by=clinic.therapist,
                on=date(2026, 10, day),
            )
        except Exception as error:
            failed.append(error)
        finally:
            close_old_connections()
            connections.close_all()

    threads = [threading.Thread(target=write, args=(day,)) for day in range(1, 17)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert Finding.objects.count() == 16
    assert list(audit.verify()) == []
    assert record_of(clinic.marisol, knowledge)["tables"]["finding"]
    assert connection.vendor in ("sqlite", "postgresql")
