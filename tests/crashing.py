"""kill -9 in the middle of work, and what is found afterwards."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from random import Random

from .crowd import Worker, at_work, missing
from .postgres import Cluster
from .serving import Site

ROUND = (40, 120)
"""Between how many and how many acknowledged writes a kill comes."""


def killed_at_work(site: Site, workers: Sequence[Worker], writes: int, seed: int, database: Cluster | None = None) -> list[str]:
    """Kills the server, and the database with it if one is given, until so many writes were acknowledged. Gives what is wrong.

    The moment is drawn from the seed as a number of acknowledged writes and a pause behind it, in which further ones are under way.
    """
    rng, wrong, done = Random(seed), list[str](), 0
    while done < writes and not wrong:
        before, wanted, pause = _acknowledged(workers), min(rng.randint(*ROUND), writes - done), rng.uniform(0, 0.03)
        with at_work(workers) as together:
            together.until(lambda: together.acknowledged >= before + wanted)  # noqa: B023
            time.sleep(pause)
            _kill(site, database)
        done += _acknowledged(workers) - before
        wrong += _unexpected(workers, database is not None)
        _start(site, database)
        wrong += [*missing(site, workers), *broken(site)]
    return wrong


def _unexpected(workers: Sequence[Worker], database_killed: bool) -> list[str]:
    """Answers that are no success. While the database is away, an error is the honest answer: that write is not acknowledged."""
    said = [words for one in workers for words in one.bad]
    for one in workers:
        one.bad.clear()
    return [words for words in said if not (database_killed and words.endswith(": 500"))]


def _acknowledged(workers: Sequence[Worker]) -> int:
    return sum(one.acknowledged for one in workers)


def _kill(site: Site, database: Cluster | None) -> None:
    if database is not None:
        database.kill()
    site.kill()


def _start(site: Site, database: Cluster | None) -> None:
    if database is not None:
        database.start()
    site.start()


def broken(site: Site) -> list[str]:
    """What the database's own check and the check of the audit trail find."""
    return [*(_postgresql(site) if "DATABASE_URL" in site.environment else _sqlite(site)), *_trail(site)]


def _sqlite(site: Site) -> list[str]:
    file = sqlite3.connect(site.folder / "rhomboid.sqlite3")
    try:
        said = [row[0] for row in file.execute("PRAGMA integrity_check") if row[0] != "ok"]
        return [*said, *(f"a row of {row[0]} points nowhere" for row in file.execute("PRAGMA foreign_key_check"))]
    finally:
        file.close()


def _postgresql(site: Site) -> list[str]:
    command = ["pg_amcheck", "--install-missing", "--heapallindexed", "--maintenance-db", site.environment["DATABASE_URL"]]
    done = subprocess.run([*command, site.environment["DATABASE_URL"]], capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines() or ["pg_amcheck failed"]


def _trail(site: Site) -> list[str]:
    found = json.loads(site.rhomboid("audit", "verify", "--json").stdout)
    return [f"event {one['event']}: {one['what']}" for one in found["breaks"]]
