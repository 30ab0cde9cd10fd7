"""Settings of a site whose days go by when a test says so: a file in its data folder holds the moment it is.

with serving(folder, fill="...", environment=DAYS_GO_BY) as site:
    set_clock(site, datetime(2027, 1, 11, 9, 0, tzinfo=...))
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from tests.serving import Site

from rhomboid.web.config.settings import *  # noqa: F403 - a settings module
from rhomboid.web.config.settings import MIDDLEWARE as USUAL
from rhomboid.web.records import clock

DAYS_GO_BY = {"DJANGO_SETTINGS_MODULE": __name__}
MIDDLEWARE = [f"{__name__}.at_the_moment", *USUAL]
FILE = "moment"


def set_clock(site: Site, moment: datetime) -> None:
    """From now on it is this moment, and time goes on from there."""
    waiting = site.folder / f"{FILE}.new"
    waiting.write_text(moment.isoformat())
    waiting.replace(site.folder / FILE)


def at_the_moment(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    file = Path(os.environ["RHOMBOID_DATA"]) / FILE

    def middleware(request: HttpRequest) -> HttpResponse:
        if not file.exists():
            return get_response(request)
        since = timedelta(seconds=time.time() - file.stat().st_mtime)
        with clock.fixed(datetime.fromisoformat(file.read_text()) + since):
            return get_response(request)

    return middleware
