"""The server: the tables brought up to date, the styles collected, then one process for each core."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from . import databases
from .archive import refuse
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


def check(where: Where) -> None:
    """Raises RhomboidError when nothing can be served there. The server itself would share a port with one that has it already."""
    if where.workers < 1:
        raise refuse("--workers", f"{where.workers} processes serve nobody", "give 1 or more")
    try:
        family = socket.AF_INET6 if ip_address(where.host).version == 6 else socket.AF_INET
    except ValueError:
        raise refuse("--host", f"{where.host} is no IP address", "such as 127.0.0.1, or 0.0.0.0 for every network") from None
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((where.host, where.port))
    except (OSError, OverflowError) as error:
        said = getattr(error, "strerror", None) or "a port is a number from 1 to 65535"
        raise refuse(f"{where.host}:{where.port}", said, "stop what listens there, or give another --port") from None


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
            # A thread that ends takes its connection along, with all that PostgreSQL had prepared on it.
            blocking_threads_idle_timeout=600,
            log_access=False,
            log_level=LogLevels.warning,
            websockets=False,
            respawn_failed_workers=True,
        )
        server.serve()
