"""What people do on their phones, for the tests beside this file: they say who they are, and do an exercise that is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import Error, Page
from tests.browser.driving import WAITS

PAUSE = 50
KEPT = "(path) => caches.open('pages').then((pages) => pages.match(path)).then(Boolean)"
WAITING = """(count) => new Promise((done) => {
  const asked = indexedDB.open("rhomboid");
  asked.onsuccess = () => {
    const rows = asked.result.transaction("outbox").objectStore("outbox").count();
    rows.onsuccess = () => { asked.result.close(); done(rows.result === count); };
  };
})"""


def born(page: Page, day: int, month: int, year: int) -> None:
    """Gives a date of birth on the page that a link opens on a new phone."""
    page.locator("#born-day").fill(str(day))
    page.locator("#born-month").select_option(str(month))
    page.locator("#born-year").fill(str(year))
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


def kept(page: Page) -> None:
    """Waits until the worker has the pages of the day."""
    for path in ("/me/today", "/me/session", "/me/worry/card"):
        _until(page, KEPT, path)


def waiting(page: Page, count: int) -> None:
    """Waits until so many answers wait on the phone."""
    _until(page, WAITING, count)


def _until(page: Page, promised: str, arg: object) -> None:
    """Asks until a promise comes to true. Playwright's own wait_for_function takes any promise for true."""
    for _ in range(WAITS // PAUSE):
        with suppress(Error):  # the page is going away: the next one is asked
            if page.evaluate(promised, arg):
                return
        page.wait_for_timeout(PAUSE)
    raise AssertionError(f"never came true for {arg}: {promised}")


def exercise(page: Page, pain: int) -> None:
    """One exercise from its start to its answers, by "It hurts" with a number: within the limit it goes on, above it stops."""
    page.locator("[data-next]").click()
    page.locator("[data-ouch]").click()
    page.locator(f"[data-pain='{pain}']").click()
    page.locator("[data-go-on]").click()
    while page.locator(".is-after").count() == 0:
        page.locator("[data-next]").click()
    page.locator("[data-next]").click()


@contextmanager
def reported(page: Page) -> Iterator[None]:
    """Waits until an exercise that is done inside has reached the clinic, and nothing waits any more."""
    with page.expect_response(lambda answer: "/me/api/reports" in answer.url and '"exercise"' in (answer.request.post_data or "")):
        yield
    waiting(page, 0)
