"""How long the real server takes for each page, beside the bare floor of its stack: a view that asks the database for 1."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.crowd import MEASURE
from tests.serving import Answer, Site, Visitor

from .site_cpu import Meter

ROUNDS, WARM_UP = 40, 3
FLOOR = "the floor: SELECT 1, nobody signed in"
PAGE_TARGET, SAVE_TARGET = 100.0, 150.0
FILTERS = ("attention", "concern", "off_track", "signature", "reevaluation", "after")
SEARCHED = ("ash", "marley", "jo oak", "an", "kirkw sa", "quarwick", "3/9/1972", "no")
SECTIONS = """
from rhomboid.web.clinic.evaluation_layout import layout_of
from rhomboid.web.records import current
print("\\n".join(layout_of(current.knowledge()).places))
"""
FACTS = """
import json
from benchmarks.site_fill import LONG, SHORT
from rhomboid.web.records.models import Episode, Finding, Person
mine = Episode.objects.filter(therapist__email=EMAIL, ended_on=None).exclude(title__in=(LONG, SHORT))
care = list(mine.filter(stage="care").order_by("id")[:40].values_list("ref", "person__ref"))
print(json.dumps({
    "people": Person.objects.count(), "findings": Finding.objects.count(), "mine": mine.count(),
    "open": Episode.objects.filter(ended_on=None).count(),
    "episodes": [ref for ref, _ in care], "persons": [ref for _, ref in care],
    "long": Episode.objects.get(title=LONG).ref, "short": Episode.objects.get(title=SHORT).ref,
}))
"""
EMAIL = "therapist0@example.test"


@dataclass(frozen=True)
class History:
    """What the database holds, and the episodes that are asked for."""

    people: int
    findings: int
    open: int
    mine: int
    episodes: list[str]
    persons: list[str]
    long: str
    short: str


@dataclass
class Page:
    """One thing that is asked of the server, a little different each time."""

    name: str
    ask: Callable[[Visitor, int], Answer]
    target: float = PAGE_TARGET
    taken: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return statistics.median(self.taken)


def history(site: Site) -> History:
    return History(**json.loads(site.python(f"EMAIL = {EMAIL!r}\n{FACTS}")))


def pages(found: History, sections: Sequence[str]) -> Iterator[Page]:
    """Everything that is measured."""
    yield from _caseload()
    yield Page("people search", lambda who, n: who.post("/people", {"q": SEARCHED[n % len(SEARCHED)]}))
    yield Page("people search while typing", lambda who, n: who.post("/people", {"q": SEARCHED[n % len(SEARCHED)]}, htmx=True))
    yield Page("command palette", lambda who, n: who.post("/palette", {"q": SEARCHED[n % len(SEARCHED)]}))
    yield Page("person", lambda who, n: who.get(f"/people/{found.persons[n % len(found.persons)]}"))
    for name, tail in (("episode story", ""), ("evaluation", "/evaluation"), ("plan", "/plan"), ("visits", "/visits")):
        yield _of_episodes(name, tail, found.episodes)
        yield _of_episodes(f"{name}, thirty visits", tail, [found.long])
    for section in sections:
        yield _of_episodes(f"evaluation, section {section}", f"/evaluation?section={section}", found.episodes)
    yield _saving("a finding saved, the reasoning renewed", found.episodes)
    yield _saving("a finding saved, thirty visits", [found.long])


def _caseload() -> Iterator[Page]:
    for whose in ("mine", "clinic"):
        for chosen in FILTERS:
            path = f"/today?whose={whose}&show={chosen}"
            yield _always(f"today, {whose}, {chosen}", path)
    yield _always("today, clinic, page 40", "/today?whose=clinic&page=40")
    for whose in ("mine", "clinic"):
        yield _always(f"today, {whose}, what else waits", f"/today/needs?whose={whose}")


def _always(name: str, path: str) -> Page:
    return Page(name, lambda who, _: who.get(path))


def _of_episodes(name: str, tail: str, refs: Sequence[str]) -> Page:
    return Page(name, lambda who, n: who.get(f"/episodes/{refs[n % len(refs)]}{tail}"))


def _saving(name: str, refs: Sequence[str]) -> Page:
    def save(who: Visitor, number: int) -> Answer:
        fields = {f"v.{MEASURE}": str(number % 89), "section": "exam-motion"}
        return who.post(f"/episodes/{refs[number % len(refs)]}/evaluation/findings", fields, htmx=True)

    return Page(name, save, SAVE_TARGET)


def measured(site: Site, asked: Sequence[Page], rounds: int = ROUNDS) -> Page:
    """Times each page once in every round, so that all share the machine's moods. Gives the floor of the same run."""
    floor = _always(FLOOR, "/healthz")
    stranger, therapist = site.visitor(), site.visitor(EMAIL)
    meter = Meter(site.process.pid if site.process else -1)
    for number in range(-WARM_UP, rounds):
        for page, who in ((floor, stranger), *((page, therapist) for page in asked)):
            before, start = meter.spent(), time.perf_counter()
            answer = page.ask(who, number)
            taken = (time.perf_counter() - start) * 1000
            if answer.status != 200:
                raise RuntimeError(f"{page.name}: {answer.status}\n{site.log[-3000:]}")
            if number >= 0:
                page.taken.append(taken)
                page.cpu.append(meter.spent() - before)
    return floor


COUNTED = """
import json, logging
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rhomboid.web.accounts.models import User
logging.disable(logging.CRITICAL)
client = Client(HTTP_HOST="localhost")
client.force_login(User.objects.get(email=EMAIL), backend="django.contrib.auth.backends.ModelBackend")
found = {}
for ref in REFS:
    for name, tail in PAGES:
        url = f"/episodes/{ref}{tail}"
        ask = (lambda: client.get(url)) if name != "save" else (
            lambda: client.post(url, {"v.MEASURE": "40", "section": "exam-motion"}, HTTP_HX_REQUEST="true"))
        ask()
        with CaptureQueriesContext(connection) as queries:
            assert ask().status_code == 200
        found.setdefault(name, []).append(len(queries))
print(json.dumps(found))
"""


def queries(site: Site, refs: Sequence[str]) -> dict[str, list[int]]:
    """How many queries each page makes for each of these episodes."""
    tails = [("episode story", ""), ("evaluation", "/evaluation"), ("plan", "/plan"), ("visits", "/visits")]
    tails.append(("save", "/evaluation/findings"))
    code = f"EMAIL, REFS, PAGES = {EMAIL!r}, {list(refs)!r}, {tails!r}\n" + COUNTED.replace("MEASURE", MEASURE)
    found: dict[str, list[int]] = json.loads(site.python(code).splitlines()[-1])
    return found
