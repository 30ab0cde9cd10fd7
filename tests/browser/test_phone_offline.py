"""The phone without a network: a session goes on, what was answered waits and survives, and reaches the clinic once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from tests.browser.driving import Open
from tests.browser.on_the_phone import born, exercise, kept, reported, waiting
from tests.browser.phone_people import FOUND
from tests.serving import Site, serving

REPORTS = "**/me/api/reports"
COUNT = (
    "from rhomboid.web.records.models import HomeSession, PhoneReport; "
    "print(PhoneReport.objects.count(), PhoneReport.objects.filter(kind='exercise').count(), HomeSession.objects.count())"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("phone"), fill="tests.browser.phone_people:fill", workers=1) as running:
        yield running


def way_in(site: Site) -> dict[str, str]:
    found: dict[str, str] = json.loads(Path(site.folder, FOUND).read_text(encoding="utf-8"))
    return found


def enter(page: Page) -> None:
    born(page, 9, 3, 1972)
    page.wait_for_url("**/me/today")


def begin(page: Page) -> None:
    page.get_by_role("link", name="Start").click()
    page.locator(".is-now .scale-row label", has_text="2").first.click()
    page.locator("[data-next]").click()


def test_a_session_without_a_network_reaches_the_clinic_once(site: Site, opened: Open) -> None:
    page = opened(way_in(site)["path"], "", width=390)
    enter(page)
    kept(page)
    begin(page)
    with reported(page):
        exercise(page, 2)
    expect(page.locator("h2:visible")).to_have_count(1)
    context: BrowserContext = page.context
    context.set_offline(True)
    exercise(page, 8)
    waiting(page, 1)
    page.reload()
    expect(page.locator("[data-acts]")).to_be_visible()
    waiting(page, 1)
    page.goto(f"{site.url}/me/today")
    expect(page.locator("[data-outbox]")).to_contain_text("1 to send")
    page.get_by_role("link", name="When to worry").click()
    expect(page.locator(".card-now a")).to_have_attribute("href", "tel:911")
    expect(page.locator(".card-now .dots")).to_have_css("list-style-type", "disc")
    page.goto(f"{site.url}/me/today")
    assert site.python(COUNT).split() == ["2", "1", "1"]

    lost: list[int] = []

    def lose_the_first_answer(route: Route) -> None:
        """The clinic has taken it, but the phone never hears of it."""
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    context.route(REPORTS, lose_the_first_answer)
    context.set_offline(False)
    page.evaluate("rhomboid.flush().then(rhomboid.flush)")
    expect(page.locator("[data-outbox]")).to_contain_text("Works with no internet")
    assert lost == [201]
    assert site.python(COUNT).split() == ["3", "2", "2"]
    assert "step back" in site.python(
        "from rhomboid.web.records.models import Episode; print(Episode.objects.get(to_confirm__gt=str()).to_confirm)"
    )


def test_a_stop_symptom_without_a_network_pauses_today_as_well(site: Site, opened: Open) -> None:
    page = opened(way_in(site)["path"], "", width=390)
    enter(page)
    kept(page)
    page.context.set_offline(True)
    who = page.locator("[data-outbox]").get_attribute("data-who")
    page.evaluate("(who) => rhomboid.add({ kind: 'stop', episode: who, symptoms: ['stop_numbness'], item: '' })", who)
    expect(page.locator("[data-told-stop]")).to_be_visible()
    page.reload()
    expect(page.locator("[data-told-stop]")).to_be_visible()
    expect(page.locator(".today-start, .today-list")).to_have_count(0)
    page.locator("[data-told-stop] a").click()
    expect(page.locator("[data-stopped] h2")).to_have_text("Stop all exercises")
    expect(page.locator("[data-stopped]")).to_be_visible()


def test_leaving_warns_of_what_is_not_sent_and_wipes_the_phone(site: Site, opened: Open) -> None:
    """What belongs to somebody else who used this phone is never sent with one's own; it is what the warning is about here."""
    page = opened(way_in(site)["path"], "", width=390)
    enter(page)
    kept(page)
    before = site.python(COUNT)
    page.evaluate("rhomboid.add({ kind: 'rest', episode: '222222222222', rest: 1 }).then(rhomboid.flush)")
    waiting(page, 1)
    assert site.python(COUNT) == before
    page.goto(f"{site.url}/me/leave")
    expect(page.locator("[data-unsent]")).to_contain_text("1")
    page.locator("form.acts button").click()
    expect(page.locator("h1")).to_have_text("You are signed out")
    left = "Promise.all([caches.keys(), indexedDB.databases(), navigator.serviceWorker.getRegistrations()])"
    assert page.evaluate(f"{left}.then((found) => found.map((one) => one.length))") == [0, 0, 0]
