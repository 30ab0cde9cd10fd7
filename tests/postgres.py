"""A PostgreSQL server of its own that can be killed and started again, made by tools/with-postgres.sh, with fsync on."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

SCRIPT = Path(__file__).parent.parent / "tools" / "with-postgres.sh"


@dataclass
class Cluster:
    """The server at `url`, its data folder, and its main process."""

    url: str
    data: Path
    again: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """kill -9 of the main process and all its children."""
        main = self.pid
        children = [int(pid) for pid in Path(f"/proc/{main}/task/{main}/children").read_text().split()]
        for pid in (main, *children):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.again is not None:
            self.again.wait()
        _wait_until(lambda: not any(_alive(pid) for pid in (main, *children)))

    def start(self) -> None:
        """Starts it as it was started, and waits until it has recovered."""
        command = shlex.split((self.data / "postmaster.opts").read_text())
        as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        with (self.data / "again.log").open("ab") as log:
            self.again = subprocess.Popen([*as_owner, *command], stdout=log, stderr=log, cwd="/", start_new_session=True)
        _wait_until(self._answers)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def cluster() -> Iterator[Cluster]:
    """For as long as the block lasts."""
    environment = {**os.environ, "PG_FSYNC": "on"}
    command = ["sh", str(SCRIPT), "sh", "-c", 'echo "$DATABASE_URL"; read _']
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as keeper:
        assert keeper.stdout is not None
        url = keeper.stdout.readline().strip()
        assert url.startswith("postgres"), url
        with psycopg.connect(url) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
        made = Cluster(url, Path(row[0]))
        try:
            yield made
        finally:
            keeper.communicate("\n")
            if made.again is not None:
                made.again.wait()


def _alive(pid: int) -> bool:
    """Whether a process still runs; one that is dead and not yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wait_until(reached: Callable[[], bool], within: float = 60) -> None:
    end = time.monotonic() + within
    while not reached():
        if time.monotonic() > end:
            raise TimeoutError("PostgreSQL does not do what it was told")
        time.sleep(0.02)
