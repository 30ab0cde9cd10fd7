"""An emergency comes up in the evaluation: treatment stops, the letter is two clicks away, and today waits for an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from tests.browser.driving import Windows, fast_entry, sent, sign_in
from tests.browser.moment import DAYS_GO_BY, set_clock
from tests.serving import Site, serving

THERAPIST = "dara@example.test"
CONCERN = "#card-aortic_dissection"

TODAY = datetime.now(ZoneInfo("America/New_York")).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("emergency")
    with serving(folder, fill="tests.web.conftest:everybody", environment=DAYS_GO_BY) as running:
        yield running


@pytest.fixture(scope="module")
def password() -> str:
    return "correct horse"


def test_an_emergency_stops_everything_and_the_letter_goes_out(site: Site, windows: Windows) -> None:
    set_clock(site, TODAY)
    page = windows.open("/")
    sign_in(page, THERAPIST, windows.password)
    evaluation_begun(page)
    plan_proposed(page)
    emergency_raised(page)
    plan_refused(page, site)
    letter_in_two_clicks(page)
    today_waits_for_the_answer(page)
    set_clock(site, TODAY + timedelta(days=3))
    page.goto(f"{site.url}/today")
    sign_in(page, THERAPIST, windows.password)
    overdue = page.locator("#needs").get_by_role("link", name=re.compile("Marisol Vega, letter to Emergency department"))
    expect(overdue).to_contain_text("no answer")
    assert windows.close() == []
    assert "ERROR" not in site.log


def evaluation_begun(page: Page) -> None:
    page.get_by_role("link", name="Marisol Vega").first.click()
    page.get_by_role("link", name="Evaluation", exact=True).click()
    for words in ("rot l 44 r 28", "ext 9", "nrs 5", "bp 128/82"):
        fast_entry(page, words)


def plan_proposed(page: Page) -> None:
    page.get_by_role("link", name="Plan", exact=True).click()
    page.get_by_role("button", name="Propose a plan").click()
    expect(page.get_by_text("Draft 1")).to_be_visible()


def emergency_raised(page: Page) -> None:
    """The person says it began with a tearing pain; the arms differ in pressure."""
    page.get_by_role("link", name="Evaluation", exact=True).click()
    page.locator("#sections").get_by_role("link", name=re.compile("^Safety")).click()
    with sent(page):
        page.locator("#row-gate_sudden").get_by_role("button", name="Some of it").click()
    for finding in ("rf_pain_abrupt_severe", "rf_pain_tearing"):
        with sent(page):
            page.locator(f"#row-{finding}").get_by_role("button", name="Yes").click()
    for words in (f"onset_date {TODAY:%Y-%m-%d}", "sbp_arm_diff_mmhg 32"):
        fast_entry(page, words)
    card = page.locator(CONCERN)
    expect(card).to_contain_text("Emergency")
    expect(card.locator(".do")).to_be_visible()
    expect(page.locator("#reasoning .hold")).to_contain_text("Treatment is on hold")
    expect(page.locator("#personbar")).to_contain_text("Treatment on hold")


def plan_refused(page: Page, site: Site) -> None:
    page.get_by_role("link", name="Plan", exact=True).click()
    expect(page.get_by_role("heading", name="No plan while this stands")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Propose|Sign and activate"))).to_have_count(0)
    page.get_by_role("link", name="Look at the reasoning").first.click()


def letter_in_two_clicks(page: Page) -> None:
    page.locator(CONCERN).get_by_role("button", name="Write the letter").click()
    paper = page.get_by_role("article", name="The letter as on paper")
    expect(paper).to_contain_text("treatment is held until your answer")
    page.get_by_label("To", exact=True).fill("Emergency department")
    page.get_by_role("button", name="Told by phone").click()
    expect(page.get_by_role("heading", name="Waiting for an answer")).to_be_visible()
    expect(page.get_by_role("link", name="The letter as it went out")).to_be_visible()


def today_waits_for_the_answer(page: Page) -> None:
    page.get_by_role("link", name="Today", exact=True).click()
    waiting = page.locator("#needs").get_by_role("link", name=re.compile("Marisol Vega, letter to Emergency department"))
    expect(waiting).to_contain_text("treatment on hold")
