"""A clinic with a long history: 50,000 people and 2,000,000 findings, made in two minutes from a few real episodes.

The sample clinic's stories are played for real, each step an action. Then the database copies their rows, with other ids, refs,
days and therapists. Most people came before and have a few findings on file; some thousands have a whole episode.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.color import no_style
from django.db import connection, models, transaction

from rhomboid.web.accounts.models import User
from rhomboid.web.keeping.sample.clinic import PASSWORD
from rhomboid.web.keeping.sample.clinic import fill as fill_sample
from rhomboid.web.keeping.sample.pictures import pictures
from rhomboid.web.keeping.sample.stories import Role, Team, story
from rhomboid.web.records import audit, clock, current
from rhomboid.web.records.actions import episodes, findings, people
from rhomboid.web.records.models import (
    Assessment,
    Assignment,
    AuditEvent,
    AuditHead,
    Concern,
    Consent,
    DeliveredIntervention,
    Discharge,
    Document,
    Episode,
    Finding,
    Goal,
    HomeSession,
    Item,
    Note,
    Person,
    PlanLine,
    PlanOfCare,
    Referral,
    Visit,
)

PEOPLE = int(os.environ.get("RHOMBOID_BENCH_PEOPLE", "50000"))
FINDINGS, EVENTS, THERAPISTS = 40 * PEOPLE, 4 * PEOPLE, 50
SHORT, LONG, BEFORE = "Ten findings", "Thirty visits", "Before"
"""Titles of the two episodes whose queries are counted, and of what people who came before have on file."""
SEED = 20261124
COPIED: tuple[type[models.Model], ...] = (
    Episode, Assessment, Assignment, Concern, Consent, Finding, PlanOfCare, Item, PlanLine, Goal, Visit, DeliveredIntervention,
    Discharge, Document, Referral, HomeSession, Note,
)  # fmt: skip
FIRST = ("An", "Be", "Car", "Da", "El", "Fio", "Gre", "Hal", "I", "Jo", "Ka", "Lu", "Mar", "No", "O", "Pe", "Ro", "Sa", "Ti", "Vi")
LAST = ("na", "la", "ron", "mir", "sa", "ta", "vin", "lia", "ri", "do")
FAMILY = ("Ash", "Brook", "Cald", "Dun", "Ever", "Fern", "Grim", "Hart", "Kirk", "Lang", "Mar", "Nor", "Oak", "Pen", "Quar", "Stan")
PLACE = (
    "bourne",
    "by",
    "combe",
    "dale",
    "field",
    "ford",
    "ham",
    "hurst",
    "ley",
    "low",
    "ridge",
    "stead",
    "ton",
    "wick",
    "wood",
    "worth",
)


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a template episode: the so-manieth, for whom, treated by whom, and how many days earlier."""

    template: int
    number: int
    person: int
    therapist: int
    days: int


AT_REST = {"sqlite": ("PRAGMA wal_checkpoint(TRUNCATE)",), "postgresql": ("VACUUM (ANALYZE)", "CHECKPOINT")}
"""What makes a database that was just filled stand still: else it goes on writing while it is measured."""


def fill() -> None:
    """Fills an empty installation."""
    fill_sample()
    played = list(Episode.objects.order_by("id").values_list("id", flat=True))
    staff = _therapists()
    before = _came_before(staff[0])
    rng = Random(SEED)
    made = _people(rng)
    with transaction.atomic(), _quick():
        _copy_all(list(_copies(played, before, made, [one.pk for one in staff], rng)))
        _renumber()
    _events(made, rng)
    _short(staff[0])
    _long(staff[0])
    _settle()


def _therapists() -> list[User]:
    password = make_password(PASSWORD)
    users = [
        User(
            email=f"therapist{n}@example.test", name=f"Therapist {n}", role="therapist", license_number=f"PT-{n}", password=password
        )
        for n in range(THERAPISTS)
    ]
    return User.objects.bulk_create(users)


def _came_before(by: User) -> int:
    """Somebody of whom little is on file. The template of most people."""
    values = {"nrs_average_7d": 4, "nrs_now": 3, "sane": 70, "rom_thx_rot_seated_l": 41, "rom_thx_rot_seated_r": 44, "hr_bpm": 68}
    with clock.fixed(clock.now() - timedelta(days=30)):
        person = people.register(
            given_name="Early", family_name="Guest", date_of_birth=date(1970, 1, 1), sex_at_birth="male", by=by
        )
        episode = episodes.open_episode(person=person, therapist=by, title=BEFORE, by=by)
        findings.record(episode=episode, values=values, knowledge=current.knowledge(), by=by)
        Episode.objects.filter(pk=episode.pk).update(stage="closed", ended_on=clock.today())
    return episode.pk


def _people(rng: Random) -> list[Person]:
    """As many as are still lacking, with names that begin alike for some hundreds each."""
    made = []
    for _ in range(PEOPLE - Person.objects.count() - 2):
        person = Person(
            given_name=rng.choice(FIRST) + rng.choice(LAST),
            family_name=rng.choice(FAMILY) + rng.choice(PLACE),
            date_of_birth=date(1930, 1, 1) + timedelta(days=rng.randrange(30000)),
            sex_at_birth=rng.choice(("female", "male")),
        )
        person.set_keys()
        made.append(person)
    return Person.objects.bulk_create(made, batch_size=2000)


def _copies(played: list[int], before: int, made: list[Person], therapists: list[int], rng: Random) -> Iterator[Copy]:
    """First whole episodes, until the rest of the findings is what those who came before have."""
    few = Finding.objects.filter(episode=before).count()
    rows = Finding.objects.filter(episode__in=played).count()
    rounds = max(1, (FINDINGS - few * len(made)) // (rows - few * len(played)))
    ended = set(Episode.objects.filter(pk__in=played).exclude(ended_on=None).values_list("pk", flat=True))
    whole = [(template, number) for number in range(1, rounds + 1) for template in played][: len(made)]
    for place, person in enumerate(made):
        template, number = whole[place] if place < len(whole) else (before, place - len(whole) + 1)
        days = rng.randrange(1200) if template == before or template in ended else rng.randrange(7)
        yield Copy(template, number, person.pk, rng.choice(therapists), days)


def _copy_all(copies: list[Copy]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_copy (template bigint, number bigint, person bigint, therapist bigint, days integer)"
        )
        rows = [(one.template, one.number, one.person, one.therapist, one.days) for one in copies]
        cursor.executemany("INSERT INTO bench_copy VALUES (%s, %s, %s, %s, %s)", rows)
        cursor.execute("CREATE INDEX bench_copy_template ON bench_copy (template)")
        spans = {model: (model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0) + 1 for model in COPIED}
        for model in COPIED:
            cursor.execute(_copy_sql(model, spans))
        cursor.execute("DROP TABLE bench_copy")


def _copy_sql(model: type[models.Model], spans: dict[type[models.Model], int]) -> str:
    columns = [(field.column, _copied(field, model, spans)) for field in model._meta.local_fields]
    names, values = ", ".join(f'"{name}"' for name, _ in columns), ", ".join(value for _, value in columns)
    table = model._meta.db_table
    return f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" t {_joined(model)}'


def _joined(model: type[models.Model]) -> str:
    if model is PlanLine:
        return f'JOIN "{PlanOfCare._meta.db_table}" p ON p.id = t.plan_id JOIN bench_copy c ON c.template = p.episode_id'
    return f"JOIN bench_copy c ON c.template = t.{'id' if model is Episode else 'episode_id'}"


def _copied(field: Any, model: type[models.Model], spans: dict[type[models.Model], int]) -> str:
    """The expression for one column of a copy."""
    column, to = f't."{field.column}"', field.related_model
    if field.primary_key:
        return f"{column} + c.number * {spans[model]}"
    if field.name == "ref":
        return _ref(f"(t.id + c.number * {spans[model]})")
    if field.name == "therapist":
        return f"CASE WHEN {column} IS NULL THEN NULL ELSE c.therapist END"
    if to is Person:
        return "c.person"
    if to in spans:
        return f"{column} + c.number * {spans[to]}"
    if isinstance(field, models.BinaryField):
        return f"substr({column}, 1, 2000)"
    if isinstance(field, models.DateField):
        return _earlier(column, isinstance(field, models.DateTimeField))
    return column


def _ref(number: str) -> str:
    """Twelve signs that follow each other as little as those of real refs."""
    mixed = f"({number} * 1540483477 % 17592186044416)"
    return f"printf('%012x', {mixed})" if connection.vendor == "sqlite" else f"lpad(to_hex({mixed}), 12, '0')"


def _earlier(column: str, moment: bool) -> str:
    if connection.vendor == "sqlite":
        shift = "'-' || c.days || ' days'"
        return f"strftime('%Y-%m-%d %H:%M:%f', {column}, {shift})" if moment else f"date({column}, {shift})"
    return f"{column} - make_interval(days => c.days)" if moment else f"{column} - c.days"


@contextmanager
def _quick() -> Iterator[None]:
    """Foreign keys are not looked up for each copied row: they are right by construction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        yield


def _events(made: list[Person], rng: Random) -> None:
    """An audit trail as long as that of such a clinic, each event in its chain."""
    head, now = AuditHead.objects.get(id=1), clock.now()
    last, previous, batch = head.last, head.hash, list[AuditEvent]()
    for number in range(EVENTS):
        ref = rng.choice(made).ref
        event = AuditEvent(
            id=last + 1, at=now - timedelta(seconds=EVENTS - number), actor=f"Therapist {number % THERAPISTS}",
            action="episode.read", person_ref=ref, subject=ref, detail={"page": "episode"}, previous=previous,
        )  # fmt: skip
        event.hash = audit.digest(event)
        last, previous = event.id, event.hash
        batch.append(event)
    AuditEvent.objects.bulk_create(batch, batch_size=5000)
    AuditHead.objects.filter(id=1).update(last=last, hash=previous)


def _short(by: User) -> None:
    knowledge = current.knowledge()
    person = people.register(given_name="Ten", family_name="Findings", date_of_birth=date(1984, 2, 3), sex_at_birth="female", by=by)
    episode = episodes.open_episode(person=person, therapist=by, title=SHORT, by=by)
    values = {"nrs_average_7d": 4, "nrs_now": 3, "sane": 70, "rom_thx_rot_seated_l": 41, "rom_thx_rot_seated_r": 44, "hr_bpm": 68}
    values |= {"rr_per_min": 14, "sbp_mmhg": 121, "dbp_mmhg": 78, "spo2_pct": 98}
    findings.record(episode=episode, values=values, knowledge=knowledge, by=by)


def _long(by: User) -> None:
    """Thirty visits, each a week after the last, with everything that goes with them."""
    visits, now = 30, clock.now()
    role = Role("Thirty", "Visits", "female", 41, pictures()["desk"], visits, 0.6, 0.8, "care", 9)
    team = Team(by, User.objects.get(email="ines@example.test"), User.objects.get(email="finn@example.test"))
    tale = story(role, now - timedelta(days=7 * visits + 3), now, team, current.knowledge(), Random(SEED))
    moment: Any = next(tale)
    with transaction.atomic():
        while moment is not None:
            with clock.fixed(moment):
                moment = next(tale, None)
    Episode.objects.filter(person__family_name="Visits", person__given_name="Thirty").update(title=LONG)


def _renumber() -> None:
    """Numbers go on behind the copies."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(COPIED)):
            cursor.execute(sql)


def _settle() -> None:
    """As the database is after a night."""
    with connection.cursor() as cursor:
        for statement in AT_REST[connection.vendor]:
            cursor.execute(statement)
