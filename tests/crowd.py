"""Therapists at work at once, who remember every write that the server has acknowledged.

Each has a person of their own and measures one thing again and again, so that what must be in the record is known exactly:
the values in their order, each once, and at most one more, whose answer was still on its way.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException

from .serving import PASSWORD, Answer, Site, Visitor

MEASURE = "rom_thx_rot_seated_l"
TURNS = 89
WRITE = "write"
Pages = Sequence[str]

READ_BACK = f"""
import json
from rhomboid.web.records.models import AuditEvent, Finding
rows = Finding.objects.filter(finding={MEASURE!r}, episode__ref__in=REFS).order_by("id").values_list("episode__ref", "value")
events = AuditEvent.objects.filter(action="finding.record", subject__in=REFS)
found = {{ref: [[], 0] for ref in REFS}}
for ref, value in rows:
    found[ref][0].append(value)
for event in events:
    found[event.subject][1] += event.detail["findings"] == [{MEASURE!r}]
print(json.dumps(found))
"""


def fill() -> None:
    """A clinic of CROWD therapists, each with one person and one open episode."""
    from datetime import date

    from django.contrib.auth.hashers import make_password

    from rhomboid.web.accounts.models import User
    from rhomboid.web.records.actions import episodes, people

    password = make_password(PASSWORD)
    for number in range(int(os.environ["CROWD"])):
        therapist = User.objects.create(
            email=email_of(number), name=f"Therapist {number}", role="therapist", license_number=f"PT-{number}", password=password
        )
        person = people.register(given_name="Guest", family_name=f"Number{number}", date_of_birth=date(1980, 1, 1), by=therapist)
        episodes.open_episode(person=person, therapist=therapist, by=therapist)


def email_of(number: int) -> str:
    return f"therapist{number}@example.test"


def value_of(number: int) -> int:
    """The value of the so-manieth write: never twice the same in a row."""
    return number % TURNS


@dataclass
class Worker:
    """One therapist at one browser. `acknowledged` counts the writes that were answered as done."""

    visitor: Visitor
    episode: str
    pages: Pages = ()
    acknowledged: int = 0
    bad: list[str] = field(default_factory=list)
    taken: list[tuple[str, float]] = field(default_factory=list)

    def work(self, stop: threading.Event) -> None:
        """Writes, and reads a page in between, until told to stop or the server is gone."""
        turn = 0
        while not stop.is_set():
            try:
                if not self._write():
                    return
                if self.pages:
                    self._read(self.pages[turn % len(self.pages)].format(episode=self.episode))
            except (OSError, HTTPException):
                return
            turn += 1

    def _write(self) -> bool:
        fields = {f"v.{MEASURE}": str(value_of(self.acknowledged)), "section": "motion"}
        answer = self._timed(WRITE, lambda: self.visitor.post(f"/episodes/{self.episode}/evaluation/findings", fields, htmx=True))
        if answer.status != 200:
            self.bad.append(f"a finding: {answer.status}")
            return False
        self.acknowledged += 1
        return True

    def _read(self, page: str) -> None:
        answer = self._timed("read", lambda: self.visitor.get(page))
        if answer.status != 200:
            self.bad.append(f"{page}: {answer.status}")

    def _timed(self, kind: str, ask: Callable[[], Answer]) -> Answer:
        start = time.perf_counter()
        answer = ask()
        self.taken.append((kind, (time.perf_counter() - start) * 1000))
        return answer


def hired(site: Site, people: Sequence[tuple[str, str]], pages: Pages = (), logins: int = 0) -> list[Worker]:
    """Workers who have signed in: e-mail and episode of each. With `logins` only so many sign in, and the others share theirs."""
    with ThreadPoolExecutor(4) as pool:
        doors = list(pool.map(site.visitor, [email for email, _ in people[: logins or len(people)]]))
    seats = [*doors, *(site.tab(doors[number % len(doors)]) for number in range(len(people) - len(doors)))]
    return [Worker(visitor, episode, pages) for visitor, (_, episode) in zip(seats, people, strict=True)]


def people_of(site: Site) -> list[tuple[str, str]]:
    """Whom `fill` has made: e-mail and episode."""
    ask = "from rhomboid.web.records.models import Episode\nimport json\n"
    ask += 'print(json.dumps(list(Episode.objects.order_by("id").values_list("therapist__email", "ref"))))'
    return [(email, ref) for email, ref in json.loads(site.python(ask))]


@dataclass
class AtWork:
    """The workers while they work."""

    workers: Sequence[Worker]
    threads: Sequence[threading.Thread]

    @property
    def acknowledged(self) -> int:
        return sum(one.acknowledged for one in self.workers)

    def until(self, reached: Callable[[], bool], within: float = 120) -> None:
        """Returns when it is so. Raises TimeoutError when it never is, or when nobody works any more."""
        end = time.monotonic() + within
        while not reached():
            if time.monotonic() > end or not any(thread.is_alive() for thread in self.threads):
                raise TimeoutError(
                    f"{self.acknowledged} writes acknowledged; {[said for one in self.workers for said in one.bad][:5]}"
                )
            time.sleep(0.002)


@contextmanager
def at_work(workers: Sequence[Worker]) -> Iterator[AtWork]:
    """All of them at once, for as long as the block lasts."""
    stop = threading.Event()
    threads = [threading.Thread(target=one.work, args=(stop,)) for one in workers]
    for thread in threads:
        thread.start()
    try:
        yield AtWork(workers, threads)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def missing(site: Site, workers: Sequence[Worker]) -> list[str]:
    """What the record lacks of the acknowledged writes, or has too much; nothing when all is as it must be.

    Afterwards the workers go on from what the record holds: a write whose answer was lost may be in it.
    """
    refs = [one.episode for one in workers]
    held: Mapping[str, tuple[list[int], int]] = json.loads(site.python(f"REFS = {refs!r}\n{READ_BACK}"))
    wrong = []
    for one in workers:
        values, events = held[one.episode]
        if values != [value_of(number) for number in range(len(values))]:
            wrong.append(f"{one.episode}: the values are not those that were sent, in their order")
        if not one.acknowledged <= len(values) <= one.acknowledged + 1:
            wrong.append(f"{one.episode}: {one.acknowledged} acknowledged, {len(values)} in the record")
        if events != len(values):
            wrong.append(f"{one.episode}: {len(values)} in the record, {events} in the audit trail")
        one.acknowledged = len(values)
    return wrong
