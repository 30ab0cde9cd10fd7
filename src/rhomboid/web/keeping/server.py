"""The server: the tables brought up to date, the styles collected, then one process for each core."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from . import databases
from .backup import upgrade
from .running import the_only_server

TARGET = "rhomboid.web.config.wsgi:application"


@dataclass(frozen=True, slots=True)
class Where:
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/"


def prepare() -> Path | None:
    """Makes the installation ready to be served. Gives where the backup before an upgrade lies, if there was one."""
    Path(settings.DATA).mkdir(mode=0o700, parents=True, exist_ok=True)
    os.umask(0o077)
    saved = upgrade()
    databases.learn()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if "Manifest" in settings.STORAGES["staticfiles"]["BACKEND"]:
        call_command("collectstatic", interactive=False, verbosity=0)
    return saved


def serve(where: Where) -> None:
    """Serves until it is stopped."""
    from granian import Granian  # only the server needs it
    from granian.constants import Interfaces
    from granian.log import LogLevels

    with the_only_server():
        server = Granian(
            TARGET,
            address=where.host,
            port=where.port,
            interface=Interfaces.WSGI,
            workers=where.workers,
            blocking_threads=where.threads,
            log_access=False,
            log_level=LogLevels.warning,
            websockets=False,
            respawn_failed_workers=True,
        )
        server.serve()
