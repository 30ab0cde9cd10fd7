"""Twelve therapists at once on the real server with two processes: no write is lost, nothing fails, the audit trail holds."""

from __future__ import annotations

import json
import time
from pathlib import Path

from tests.crowd import at_work, hired, missing, people_of
from tests.serving import serving

THERAPISTS = 12
SECONDS = 4
PAGES = ("/today", "/episodes/{episode}/evaluation", "/episodes/{episode}")


def test_therapists_at_work_at_once_lose_no_write(tmp_path: Path) -> None:
    with serving(tmp_path, fill="tests.crowd:fill", environment={"CROWD": str(THERAPISTS)}) as site:
        workers = hired(site, people_of(site), PAGES, logins=4)
        with at_work(workers) as together:
            time.sleep(SECONDS)
            together.until(lambda: all(one.acknowledged or one.bad for one in workers))
        assert [said for one in workers for said in one.bad] == []
        assert min(one.acknowledged for one in workers) > 0
        assert missing(site, workers) == []
        trail = site.rhomboid("audit", "verify", "--json")
        assert json.loads(trail.stdout)["breaks"] == []
        assert "ERROR" not in site.log
