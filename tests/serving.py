"""The real server for tests and benchmarks: `rhomboid serve` as a process of its own, on a free port, with data of its own.

    with serving(tmp_path, demo=True) as site:           # the sample clinic; without demo an empty one
        page.goto(f"{site.url}/account/login/")          # a browser
        sam = site.visitor("sam@example.test")           # or a client without one: signed in, keeps cookies and the token
        answer = sam.get("/today")                       # answer.status, .text, .headers, .location; redirects are not followed
        sam.post("/people", {"q": "vega"}, htmx=True)    # the CSRF token goes along by itself
        site.kill()                                      # kill -9, the whole group; site.start() begins again, on the same port
        site.rhomboid("audit", "verify")                 # a command on the same data: a CompletedProcess with text

`fill="tests.some.module:function"` names a function without arguments that runs in a process of its own, with the site's
settings and tables, before the server starts. Give `people` of the sample clinic's password, or your own with `password=`.
With DATABASE_URL set, the site gets a fresh database beside the one it names, and drops it at the end. `site.environment`
is what a command needs to work on the same data; `site.log` is what the server said. The second factor is off (RHOMBOID_DEMO).
One visitor is for one thread.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

PASSWORD = "upper back demo"
ROOT = Path(__file__).parent.parent
STARTS_WITHIN = 120.0
IDLE = 5.0
Fields = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


class Visitor:
    """A browser without a page: one connection that stays open, cookies, and the CSRF token."""

    def __init__(self, host: str, port: int) -> None:
        self.connection = HTTPConnection(host, port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.used = 0.0

    def get(self, path: str, *, htmx: bool = False, headers: Mapping[str, str] | None = None) -> Answer:
        return self.ask("GET", path, b"", _headers(htmx, headers))

    def post(self, path: str, fields: Fields, *, htmx: bool = False, headers: Mapping[str, str] | None = None) -> Answer:
        more = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.cookies.get("csrftoken", "")}
        return self.ask("POST", path, urlencode(fields, doseq=True).encode(), more | _headers(htmx, headers))

    def sign_in(self, email: str, password: str = PASSWORD) -> Visitor:
        """Through the sign-in page, as people do. Raises AssertionError when the door stays shut."""
        self.get("/account/login/")
        answer = self.post("/account/login/", {"login": email, "password": password})
        assert answer.status == 302, f"{email} cannot sign in: {answer.status}"
        assert "sessionid" in self.cookies, f"{email} has no session"
        return self

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """One request, sent once: whoever gets no answer does not know whether it was done. Raises OSError or HTTPException."""
        if time.monotonic() - self.used > IDLE:
            self.connection.close()
        said = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        try:
            self.connection.request(method, path, body or None, said)
            response = self.connection.getresponse()
            answer = Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        except (OSError, HTTPException):
            self.connection.close()
            raise
        self.used = time.monotonic()
        self._keep_cookies(response)
        return answer

    def _keep_cookies(self, response: HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie") or ():
            for name, one in SimpleCookie(line).items():
                if one.value:
                    self.cookies[name] = one.value
                else:
                    self.cookies.pop(name, None)

    def close(self) -> None:
        self.connection.close()


def _headers(htmx: bool, more: Mapping[str, str] | None) -> dict[str, str]:
    return ({"HX-Request": "true"} if htmx else {}) | dict(more or {})


@dataclass
class Site:
    """A server that can be stopped, killed and started again on the same data."""

    folder: Path
    environment: dict[str, str]
    demo: bool = False
    workers: int = 2
    host: str = "127.0.0.1"
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    visitors: list[Visitor] = field(default_factory=list, repr=False)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def log(self) -> str:
        """Everything the server has said so far, over all its starts."""
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    @property
    def log_file(self) -> Path:
        return self.folder / "server.log"

    def start(self) -> None:
        """Starts the server and waits until it answers. Raises RuntimeError with its last words when it does not."""
        self._hang_up()
        self.port = self.port or free_port(self.host)
        command = [
            *_rhomboid("serve"),
            "--port",
            str(self.port),
            "--workers",
            str(self.workers),
            *(["--demo"] if self.demo else []),
        ]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env=self.environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                cwd=self.folder,
                preexec_fn=_goes_with_us,
            )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            if self.process is None or self.process.poll() is not None:
                break
            with suppress(OSError, HTTPException), closing(Visitor(self.host, self.port)) as caller:
                if caller.get("/healthz").status == 200:
                    return
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"the server does not answer; it said:\n{self.log[-3000:]}")

    def stop(self) -> None:
        """As an orderly shutdown does it."""
        self._hang_up()
        if self.process is not None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
        self.kill()

    def _hang_up(self) -> None:
        for visitor in self.visitors:
            visitor.close()

    def kill(self) -> None:
        """kill -9 of every process of the server at once."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        _gone(self.process.pid)
        self.process = None

    def visitor(self, email: str = "", password: str = PASSWORD) -> Visitor:
        """Somebody signed in, or a stranger when no e-mail is given."""
        made = Visitor(self.host, self.port)
        self.visitors.append(made)
        return made.sign_in(email, password) if email else made

    def tab(self, of: Visitor) -> Visitor:
        """Another tab of somebody's browser: signed in as they are, with a connection of its own."""
        made = self.visitor()
        made.cookies = dict(of.cookies)
        return made

    def rhomboid(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the installation, on the same data."""
        return self._run(*_rhomboid(*arguments))

    def python(self, code: str) -> str:
        """Runs Python with the site's settings in a process of its own, and gives what it printed."""
        start = "from rhomboid.web.keeping.setup import start; start(); "
        done = self._run(sys.executable, "-c", start + "exec(" + repr(code) + ")")
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False)


@contextmanager
def serving(
    folder: Path,
    *,
    demo: bool = False,
    fill: str = "",
    workers: int = 2,
    environment: Mapping[str, str] | None = None,
    database: str = "",
) -> Iterator[Site]:
    """A server for as long as the block lasts. `database` names one that is there already and stays; else it is fresh."""
    folder.mkdir(parents=True, exist_ok=True)
    with _database(database) as url:
        site = Site(folder, _environment(folder, url) | dict(environment or {}), demo, workers)
        if fill:
            module, _, name = fill.partition(":")
            site.python(
                "from rhomboid.web.keeping.server import prepare\nfrom importlib import import_module\n"
                f"prepare()\ngetattr(import_module({module!r}), {name!r})()"
            )
        try:
            site.start()
            yield site
        finally:
            site.stop()


def _goes_with_us() -> None:
    """Linux stops the server when whoever started it is gone, so that a test that is cut off leaves none behind."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _environment(folder: Path, url: str) -> dict[str, str]:
    """The ordinary environment with the site's own settings, not those of the test that starts it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RHOMBOID_") and name != "DATABASE_URL"}
    own = {
        "RHOMBOID_DATA": str(folder),
        "RHOMBOID_DEMO": "1",
        "RHOMBOID_SECRET_KEY": "tests only, not a secret",
        "DJANGO_SETTINGS_MODULE": "rhomboid.web.config.settings",
        "PYTHONPATH": str(ROOT),
    }
    return kept | own | ({"DATABASE_URL": url} if url else {})


def _rhomboid(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "rhomboid", *arguments]


def _gone(group: int) -> None:
    """Waits until no process of the group holds the database any more."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)


@contextmanager
def _database(given: str) -> Iterator[str]:
    """The address of a fresh PostgreSQL database when DATABASE_URL names a server; nothing for SQLite."""
    server = os.environ.get("DATABASE_URL", "")
    if given or not server.startswith("postgres"):
        yield given
        return
    import psycopg  # only where there is PostgreSQL

    name = f"site_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with suppress(psycopg.OperationalError), psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
