"""The patient's phone: what Today weighs over the network, how soon it can be used, and that it comes back with no network.

The site is served as in a clinic (hashed, compressed files); Chromium has a four times slower processor and a slow 4G line, with
the numbers of Lighthouse. Bytes are counted on the wire, headers included. Times vary with what else the machine does.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page
from tests.browser.driving import ARGUMENTS, chromium
from tests.serving import Site, serving

from rhomboid.figures import figure_svg, load_figures

from .wire import Wire, wire

HERE = Path(__file__).parent
FILL, FOUND = "tests.browser.phone_people:fill", "phone.json"
TODAY, SESSION = "/me/today", "/me/session"
SLOW_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 1474.56 * 125, "uploadThroughput": 675 * 125}
SLOWER_PROCESSOR = 4
MOST_BYTES, MOST_SECONDS, MOST_FIGURE_MS = 120_000, 2.0, 5.0
ROUNDS = 5
READY = """() => new Promise((done) => {
  let last = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => { last = Math.max(last, one.startTime + one.duration); }))
    .observe({ type: "longtask", buffered: true });
  const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  const page = performance.getEntriesByType("navigation")[0];
  setTimeout(() => done({ paint, ready: Math.max(page.domContentLoadedEventEnd, last) }), 1500);
})"""
"""Usable: the page is there, its scripts have run, and no long task keeps it from answering."""


@dataclass(slots=True)
class PhoneRun:
    """Bytes over the wire and seconds; `scores` are Lighthouse's, 0 to 100, empty where it is not installed."""

    first_bytes: int
    kept_bytes: int
    again_bytes: int
    figures_of_the_day: int
    paint_s: list[float]
    ready_s: list[float]
    offline_s: float
    offline_pages: list[str]
    figure_ms: float
    scores: dict[str, float] = field(default_factory=dict)


def run() -> PhoneRun:
    environment = {"RHOMBOID_DEMO": "0", "RHOMBOID_HTTPS": "0"}
    with (
        _folder() as folder,
        serving(folder, fill=FILL, workers=1, environment=environment) as site,
        wire(site.host, site.port) as line,
    ):
        cookies = _cookies(site, line)
        with chromium() as browser:
            _visit(browser, line, cookies)  # the server has loaded its knowledge
            first, kept, again, figures = _bytes(browser, line, cookies)
            timed = [_visit(browser, line, cookies, slow=True) for _ in range(ROUNDS)]
            offline, pages = _offline(browser, line, cookies)
        return PhoneRun(
            first_bytes=first,
            kept_bytes=kept,
            again_bytes=again,
            figures_of_the_day=figures,
            paint_s=[one["paint"] / 1000 for one in timed],
            ready_s=[one["ready"] / 1000 for one in timed],
            offline_s=offline,
            offline_pages=pages,
            figure_ms=figure_ms(),
            scores=lighthouse(line, cookies),
        )


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rhomboid-phone-") as folder:
        yield Path(folder)


def _cookies(site: Site, line: Wire) -> list[Any]:
    """Opens the personal link as a person does, and gives the cookies that came of it."""
    found = json.loads(Path(site.folder, FOUND).read_text(encoding="utf-8"))
    visitor = site.visitor()
    visitor.get(found["path"])
    answer = visitor.post(found["path"], dict(zip(("day", "month", "year"), found["born"], strict=True)))
    assert answer.status == 302, answer.status
    return [{"name": name, "value": value, "url": line.url} for name, value in visitor.cookies.items()]


@contextmanager
def _phone(browser: Browser, cookies: list[Any], **given: Any) -> Iterator[tuple[BrowserContext, Page]]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, **given)
    context.add_cookies(cookies)
    try:
        yield context, context.new_page()
    finally:
        context.close()


def _visit(browser: Browser, line: Wire, cookies: list[Any], *, slow: bool = False) -> dict[str, float]:
    """A first visit of Today with an empty cache, without a worker, so that only the page itself is timed."""
    with _phone(browser, cookies, service_workers="block") as (context, page):
        if slow:
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", SLOW_4G)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
        page.goto(line.url + TODAY)
        found: dict[str, float] = page.evaluate(READY)
        return found


def _bytes(browser: Browser, line: Wire, cookies: list[Any]) -> tuple[int, int, int, int]:
    """The first load, what comes after it to be kept, a second load, and how many pictures the day has."""
    with _phone(browser, cookies, service_workers="block") as (_, page):
        before = line.down
        page.goto(line.url + TODAY, wait_until="networkidle")
        first, figures = line.since(before), page.locator(".today-still svg.rf").count()
    with _phone(browser, cookies) as (_, page):
        before = line.down
        _kept(page, line)
        kept, before = line.since(before), line.down
        page.reload(wait_until="networkidle")
        return first, kept, line.since(before), figures


def _kept(page: Page, line: Wire) -> None:
    """Opens Today and waits until the worker has everything it keeps."""
    page.goto(line.url + TODAY, wait_until="networkidle")
    page.wait_for_function(f"caches.open('pages').then((pages) => pages.match('{SESSION}')).then(Boolean)")
    page.wait_for_timeout(500)


def _offline(browser: Browser, line: Wire, cookies: list[Any]) -> tuple[float, list[str]]:
    """A later visit with no network at all: seconds until Today stands, and the headings of the pages that came."""
    with _phone(browser, cookies) as (context, page):
        _kept(page, line)
        context.set_offline(True)
        start = time.perf_counter()
        page.reload(wait_until="load")
        taken, found = time.perf_counter() - start, [page.locator("h1").inner_text()]
        page.goto(line.url + SESSION)
        return taken, [*found, page.locator("h1").inner_text()]


def figure_ms() -> float:
    """The slowest of the medians of all pictures, in milliseconds."""
    known = load_figures()
    return max(_median_ms(figure) for figure in known.figures.values())


def _median_ms(figure: Any) -> float:
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        figure_svg(figure)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


# --- Lighthouse, where it is installed: npm ci --prefix benchmarks/lighthouse --------------------------------------------------


def lighthouse(line: Wire, cookies: list[Any]) -> dict[str, float]:
    """Lighthouse's scores of Today, 0 to 100; {} where it is not installed."""
    modules = HERE / "lighthouse" / "node_modules"
    node, script = modules / "node" / "bin" / "node", modules / "lighthouse" / "cli" / "index.js"
    if not node.exists() or not script.exists():
        return {}
    headers = json.dumps({"Cookie": "; ".join(f"{one['name']}={one['value']}" for one in cookies)})
    with tempfile.TemporaryDirectory(prefix="rhomboid-lighthouse-") as folder:
        flags = " ".join([*ARGUMENTS, "--no-sandbox", f"--user-data-dir={folder}/profile"])
        command = [
            str(node), str(script), line.url + TODAY, "--output=json", f"--output-path={folder}/out.json", "--quiet",
            "--no-enable-error-reporting", "--only-categories=performance,accessibility", f"--extra-headers={headers}",
            f"--chrome-flags={flags}",
        ]  # fmt: skip
        subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": "/usr/bin/chromium"}, stdout=subprocess.DEVNULL)
        found = json.loads(Path(folder, "out.json").read_text(encoding="utf-8"))
    return {name: round(one["score"] * 100) for name, one in found["categories"].items()}


# --- what is printed ------------------------------------------------------------------------------------------------------------


def data_of(found: PhoneRun) -> dict[str, Any]:
    return asdict(found)


def rows(found: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What was measured, the number, and the target."""
    yield "Today, first load over the network", f"{found['first_bytes'] / 1000:.1f} KB", f"under {MOST_BYTES / 1000:.0f} KB"
    yield "  with all that is kept for no network", f"{found['kept_bytes'] / 1000:.1f} KB", ""
    yield "Today, second load", f"{found['again_bytes'] / 1000:.1f} KB", ""
    yield "Today, first paint (CPU x4, slow 4G)", f"{statistics.median(found['paint_s']):.2f} s", ""
    yield "Today, usable (CPU x4, slow 4G)", f"{statistics.median(found['ready_s']):.2f} s", f"under {MOST_SECONDS:g} s"
    yield "Today again with no network", f"{found['offline_s']:.2f} s, {len(found['offline_pages'])} pages", "comes"
    yield "slowest figure on the server", f"{found['figure_ms']:.1f} ms", f"under {MOST_FIGURE_MS:g} ms"
    if found["scores"]:
        yield "Lighthouse, performance", f"{found['scores']['performance']:.0f}", "at least 95"
        yield "Lighthouse, accessibility", f"{found['scores']['accessibility']:.0f}", "100"
    else:
        yield "Lighthouse", "not installed", "npm ci --prefix benchmarks/lighthouse"
