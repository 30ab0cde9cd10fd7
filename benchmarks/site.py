"""The site with a long history on the real server: its pages, fifty therapists at once, and kill -9 in the middle of work."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.crashing import broken, killed_at_work
from tests.crowd import Worker, at_work, hired, missing, people_of
from tests.postgres import cluster
from tests.serving import Site, serving

from .site_pages import SECTIONS, Page, history, measured, pages, queries

ROOT = Path(__file__).parent.parent
WORKED = ("/today", "/episodes/{episode}/evaluation", "/episodes/{episode}", "/today?whose=clinic")
THERAPISTS, SECONDS = 50, 20
KILLED_WRITES, KILLED_CLIENTS, SEED = 2000, 16, 20261124


@dataclass(frozen=True, slots=True)
class PageTime:
    """Milliseconds: the whole request, and how much of a core the server's processes spent on it (without the database's own)."""

    name: str
    runs: int
    p50: float
    p95: float
    cpu: float
    target: float
    times_floor: float


@dataclass(frozen=True, slots=True)
class Load:
    """What came of many at once: writes acknowledged, pages read, and what was wrong afterwards."""

    therapists: int
    seconds: float
    writes: int
    reads: int
    write_p50: float
    write_p95: float
    read_p50: float
    read_p95: float
    wrong: list[str]


@dataclass(frozen=True, slots=True)
class SiteRun:
    """One database: how long it took to fill, its pages, their queries (short, ordinary and long episode), and the load."""

    database: str
    people: int
    findings: int
    ready_s: float
    pages: list[PageTime]
    queries: dict[str, list[int]]
    load: Load


def on_both(asked: str) -> list[dict[str, Any]]:
    """Runs `asked` ("site" or "crash") on SQLite and, where it is installed, on PostgreSQL, each in a process of its own."""
    command = [sys.executable, "-m", "benchmarks", asked, "--here", "--json"]
    environment = {**os.environ, "PG_FSYNC": "on"}
    environment.pop("DATABASE_URL", None)
    found: list[dict[str, Any]] = []
    for before in ([], ["sh", str(ROOT / "tools" / "with-postgres.sh")]):
        done = subprocess.run([*before, *command], env=environment, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
        found += [json.loads(done.stdout)] if done.stdout.startswith("{") else []
    return found


def here() -> SiteRun:
    """On the database that DATABASE_URL names, or on SQLite."""
    start = time.perf_counter()
    with _folder() as folder, serving(folder, fill="benchmarks.site_cache:ready", environment=_cache()) as site:
        ready, found = time.perf_counter() - start, history(site)
        asked = list(pages(found, site.python(SECTIONS).split()))
        floor = measured(site, asked)
        timed = [_page_time(page, floor) for page in (floor, *asked)]
        counted = queries(site, [found.short, found.episodes[0], found.long])
        return SiteRun(_engine(site), found.people, found.findings, ready, timed, counted, _load(site))


def _page_time(page: Page, floor: Page) -> PageTime:
    p50, cpu = page.p50, statistics.median(page.cpu)
    return PageTime(page.name, len(page.taken), p50, _p95(page.taken), cpu, page.target, p50 / floor.p50)


def _p95(taken: Sequence[float]) -> float:
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * 0.95))] if taken else 0.0


def _load(site: Site) -> Load:
    """Everybody at once, without a pause between two requests: harder than fifty people who also think."""
    workers = hired(site, _one_each(site), WORKED)
    with at_work(workers):
        time.sleep(SECONDS)
    wrong = [*(said for one in workers for said in one.bad), *missing(site, workers), *broken(site)]
    writes, reads = (_of(workers, kind) for kind in ("write", "read"))
    middle = [statistics.median(taken) if taken else 0.0 for taken in (writes, reads)]
    return Load(len(workers), SECONDS, len(writes), len(reads), middle[0], _p95(writes), middle[1], _p95(reads), wrong)


def _one_each(site: Site) -> list[tuple[str, str]]:
    """A person under care for each therapist, who has not been measured by the crowd before."""
    code = """
import json
from rhomboid.web.records.models import Episode
rows = Episode.objects.filter(stage="intake", therapist__email__startswith="therapist").order_by("id")
print(json.dumps(list({email: ref for email, ref in rows.values_list("therapist__email", "ref")}.items())))
"""
    return [(email, ref) for email, ref in json.loads(site.python(code))][:THERAPISTS]


def _of(workers: Sequence[Worker], kind: str) -> list[float]:
    return [taken for one in workers for name, taken in one.taken if name == kind]


@dataclass(frozen=True, slots=True)
class CrashRun:
    database: str
    killed: str
    writes: int
    wrong: list[str]


def crash_here() -> CrashRun:
    """2,000 acknowledged writes with kill -9 among them; on PostgreSQL the database is killed as well."""
    people = {"CROWD": str(KILLED_CLIENTS)}
    with ExitStack() as stack:
        database = stack.enter_context(cluster()) if os.environ.get("DATABASE_URL") else None
        url = database.url if database else ""
        site = stack.enter_context(
            serving(stack.enter_context(_folder()), fill="tests.crowd:fill", environment=people, database=url)
        )
        workers = hired(site, people_of(site))
        wrong = killed_at_work(site, workers, KILLED_WRITES, SEED, database)
        killed = "the server and the database" if database else "the server"
        return CrashRun(_engine(site), killed, sum(one.acknowledged for one in workers), wrong)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rhomboid-bench-") as folder:
        yield Path(folder)


def _cache() -> dict[str, str]:
    """`serving` hands on what does not begin with RHOMBOID_; these two do."""
    return {name: os.environ[name] for name in ("RHOMBOID_BENCH_CACHE", "RHOMBOID_BENCH_PEOPLE") if name in os.environ}


def _engine(site: Site) -> str:
    return "PostgreSQL" if "DATABASE_URL" in site.environment else "SQLite"


def data_of(run: SiteRun | CrashRun) -> str:
    return json.dumps(asdict(run), indent=2)
