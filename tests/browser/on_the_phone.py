"""What people do on their phones, for the tests beside this file: they say who they are, and do an exercise that is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

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
    page.wait_for_function("caches.open('pages').then((pages) => pages.match('/me/session')).then(Boolean)")


def waiting(page: Page, count: int) -> None:
    """Waits until so many answers wait on the phone."""
    page.wait_for_function(WAITING, arg=count)


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
