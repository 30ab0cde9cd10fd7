"""Making the sample clinic: its staff, and its people's stories played side by side, from one seed."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ...accounts.models import User
from ...records import audit, clock, current
from ...records.actions import links, people
from ...records.models import CheckIn, Clinic, Person
from .afterwards import WEEKS_AGO
from .phone import phone_story
from .pictures import pictures
from .stories import Role, Team, story

PASSWORD = "upper back demo"  # noqa: S105 - of invented people
PATIENT = "patient@example.test"
SEED = 20261124
STAFF = (
    ("Dana Okafor", "owner", "PT, DPT", "PT-20417"),
    ("Sam Ortiz", "therapist", "PT, OCS", "PT-20993"),
    ("Ines Moreau", "assistant", "PTA", ""),
    ("Finn Albright", "front_desk", "", ""),
    ("Uma Castell", "auditor", "", ""),
)
WOMEN = (
    "Marisol",
    "Priya",
    "Linh",
    "Grace",
    "Hannah",
    "Amara",
    "Noor",
    "Yuki",
    "Elif",
    "Zofia",
    "Ingrid",
    "Tamsin",
    "Odile",
    "Wren",
)
MEN = ("Theo", "Joseph", "Omar", "Carlos", "Samuel", "Mateo", "Anders", "Kofi", "Luca", "Idris", "Piotr", "Hamish", "Bram", "Cyrus")
FAMILIES = (
    "Vega", "Raman", "Tran", "Yoon", "Weiss", "Nwosu", "Haddad", "Sato", "Demir", "Nowak", "Solberg", "Penrose", "Lindqvist",
    "Kowalczyk", "Mendes", "Ortega", "Rossi", "Mensah", "Bianchi", "Farouk", "Zielin", "Fairweather", "Quill", "Marlowe",
    "Ashgrove", "Tidewell", "Brook", "Larkspur",
)  # fmt: skip
LATE_NAMES = {"female": ("Petra", "Solveig", "Imani"), "male": ("Emil", "Tobias", "Rafael")}
"""For whoever comes after the others: these keep their names."""
CASTING: tuple[tuple[str, int, float, float, str], ...] = (
    # picture, visits so far, gain (1 as hoped), share of days at home, how the story ends
    ("desk", 3, 0.7, 0.85, "care"),
    ("rib", 2, 0.8, 0.7, "care"),
    ("stiff", 5, 0.6, 0.6, "care"),
    ("blade", 4, 0.8, 0.8, "care"),
    ("fear", 4, 0.1, 0.25, "care"),
    ("desk", 5, 1.0, 0.9, "care"),
    ("blade", 2, 0.0, 0.1, "care"),
    ("stiff", 3, -0.4, 0.5, "care"),
    ("rib", 5, 1.0, 0.9, "care"),
    ("stomach", 0, 0.0, 0.0, "evaluation"),
    ("stomach", 3, 0.6, 0.7, "letter"),
    ("fever", 0, 0.0, 0.0, "held"),
    ("desk", 0, 0.0, 0.0, "draft"),
    ("blade", 0, 0.0, 0.0, "intake"),
    ("rib", 0, 0.0, 0.0, "registered"),
    ("fear", 3, 0.5, 0.7, "care"),
    ("desk", 6, 1.0, 0.9, "discharged"),
    ("rib", 4, 1.0, 0.8, "discharged"),
    ("blade", 6, 1.0, 0.85, "discharged"),
    ("desk", 4, 1.0, 0.9, "well"),
    ("rib", 4, 1.0, 0.9, "flare"),
    ("stiff", 4, 1.0, 0.8, "back"),
)
AHEAD = (0, 0, 1, 0, 2)
"""In how many days people under care come next."""
HOURS = (8, 9, 10, 11, 13, 14, 15, 16)


def logins() -> list[tuple[str, str]]:
    """Each role of the sample clinic with its e-mail, for whoever tries it out."""
    found = User.objects.filter(email__endswith="@example.test", is_active=True).order_by("id")
    seen: dict[str, str] = {}
    for user in found:
        seen.setdefault(user.role_of.name, user.email)
    return list(seen.items())


def fill(moment: datetime | None = None) -> bool:
    """Makes the sample clinic as it stands at a moment (now). Does nothing where anybody has worked already."""
    if Person.objects.exists() or User.objects.exists():
        return False
    now = timezone.localtime(moment or clock.now()).replace(second=0, microsecond=0)
    with transaction.atomic():
        _play(now)
    return True


def _play(now: datetime) -> None:
    rng = Random(SEED)  # noqa: S311 - invented people, not secrets
    knowledge = current.knowledge()
    with clock.fixed(now - timedelta(days=90)):
        people = _staff()
    waiting: list[tuple[datetime, int, Iterator[datetime]]] = []
    for number, (role, first) in enumerate(_roles(now, rng)):
        team = Team(people["Dana Okafor" if number % 3 else "Sam Ortiz"], people["Ines Moreau"], people["Finn Albright"])
        tale = story(role, first, now, team, knowledge, Random(SEED + number))  # noqa: S311
        heapq.heappush(waiting, (next(tale), number, tale))
    tale = phone_story(now, PATIENT, PASSWORD, knowledge)
    heapq.heappush(waiting, (next(tale), len(CASTING), tale))
    _run(waiting, now)
    with clock.fixed(now):
        _phones()


def _run(waiting: list[tuple[datetime, int, Iterator[datetime]]], now: datetime) -> None:
    """Resumes the story whose moment comes next, until all have ended or reached the present."""
    while waiting:
        moment, number, tale = heapq.heappop(waiting)
        if moment > now:
            continue
        with clock.fixed(moment):
            following = next(tale, None)
        if following is not None:
            heapq.heappush(waiting, (following, number, tale))


def _staff() -> dict[str, User]:
    Clinic.objects.update_or_create(
        id=1,
        defaults={
            "name": "Juniper Street Physical Therapy",
            "address": "14 Juniper Street\nPort Ashgrove, ZZ 00000",
            "phone": "555 0142",
            "email": "desk@example.test",
        },
    )
    made = {}
    for name, role, credentials, license_number in STAFF:
        email = f"{name.split()[0].lower()}@example.test"
        made[name] = User.objects.create_user(
            email, PASSWORD, name=name, role=role, credentials=credentials, license_number=license_number
        )
        audit.write(by="Sample clinic", action="user.invite", subject=f"user {made[name].pk}", role=role)
    return made


def _roles(now: datetime, rng: Random) -> Iterator[tuple[Role, datetime]]:
    """Everybody to play, each with the moment of their first visit: so many weeks ago as they have had visits."""
    names = {"female": list(WOMEN), "male": list(MEN)}
    families = list(FAMILIES)
    for group in (*names.values(), families):
        rng.shuffle(group)
    for sex, more in LATE_NAMES.items():
        names[sex][:0] = more
    for number, (picture, visits, gains, adherence, ends) in enumerate(CASTING):
        shown = pictures()[picture]
        sex = rng.choice(("female", "male"))
        age = rng.randint(*shown.ages)
        hour = HOURS[number % len(HOURS)]
        first = _first_visit(now, visits, number, ends, hour)
        yield (
            Role(names[sex].pop(), families.pop(), sex, age, shown, visits, gains, adherence, ends, hour),
            first,
        )


def _first_visit(now: datetime, visits: int, number: int, ends: str, hour: int) -> datetime:
    """On a weekday, so that the next visit is today or in the days to come; whoever is discharged has been so for a while.

    Looked at on a weekend, the clinic works on weekends too: today is never empty.
    """
    ahead = -1 if ends in WEEKS_AGO else AHEAD[number % len(AHEAD)]  # a day more, so that the first check-in is due on any day
    weeks = visits + 1 + WEEKS_AGO.get(ends, 0)
    back = {"registered": -1, "intake": 0, "evaluation": 0, "draft": 1, "held": 0}.get(ends, weeks * 7 - ahead)
    day = (now - timedelta(days=back)).date()
    while day.weekday() > 4 and (ends in WEEKS_AGO or now.weekday() <= 4):
        day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(hour, 15 * (number % 4))))


def _check_ins_due() -> QuerySet[CheckIn]:
    """The first check-ins that wait for an answer now; else, as the days fall, those that come next."""
    waiting = CheckIn.objects.filter(answered_at=None, kind="message").order_by("due_on", "id")
    return CheckIn.objects.filter(pk__in=list(waiting.values_list("pk", flat=True)[:1]))


def _phones() -> None:
    """Links for somebody under care, somebody who has not been here yet and speaks Spanish, and somebody with a check-in due."""
    desk = User.objects.filter(role="front_desk").get()
    ordered = Person.objects.order_by("id")
    for person in (
        ordered.filter(user__isnull=False, episodes__stage="care").first(),
        ordered.filter(episodes__stage="intake", episodes__findings=None).first(),
        ordered.filter(episodes__stage="discharged", episodes__check_ins__in=_check_ins_due()).first(),
    ):
        if person is None:
            continue
        episode = person.episodes.order_by("-number")[0]
        if episode.stage == "intake":
            people.correct_identity(person=person, language="es", by=desk)
        links.issue(episode=episode, by=desk)
