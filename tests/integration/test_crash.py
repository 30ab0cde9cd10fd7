"""The server is killed in the middle of work, again and again: what it had acknowledged is in the record, once, and on record."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.crashing import killed_at_work
from tests.crowd import hired, people_of
from tests.postgres import cluster
from tests.serving import Site, serving

CLIENTS, WRITES, SEED = 8, 80, 20261124
ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")


@contextmanager
def clinic(folder: Path, database: str = "") -> Iterator[Site]:
    with serving(folder, fill="tests.crowd:fill", environment={"CROWD": str(CLIENTS)}, database=database) as site:
        yield site


def test_kill_of_the_server_loses_no_acknowledged_write(tmp_path: Path) -> None:
    with clinic(tmp_path) as site:
        workers = hired(site, people_of(site), logins=2)
        assert killed_at_work(site, workers, WRITES, SEED) == []


@pytest.mark.skipif(not ON_POSTGRESQL, reason="runs with the suite on PostgreSQL")
def test_kill_of_the_database_loses_no_acknowledged_write(tmp_path: Path) -> None:
    with cluster() as database, clinic(tmp_path, database.url) as site:
        workers = hired(site, people_of(site), logins=2)
        assert killed_at_work(site, workers, WRITES, SEED, database=database) == []
