"""Whether the server runs on this data folder: it holds a lock for as long as it lives."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from .archive import refuse

LOCK = "serve.lock"


@contextmanager
def the_only_server() -> Iterator[None]:
    """Held by the server while it runs. Raises RhomboidError when another one runs on the same data."""
    with _locked("a server runs on this data folder already", "stop it first, or name another folder in RHOMBOID_DATA"):
        yield


@contextmanager
def server_stopped() -> Iterator[None]:
    """Held while the database is replaced. Raises RhomboidError while the server runs."""
    with _locked("the server is running", "stop rhomboid serve first"):
        yield


@contextmanager
def _locked(message: str, fix: str) -> Iterator[None]:
    folder = Path(settings.DATA)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise refuse(str(folder), message, fix) from None
        yield
