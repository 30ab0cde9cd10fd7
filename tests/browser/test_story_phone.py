"""The whole story of one person on their phone, in Spanish: from the link to the recurrence after discharge.

Odile gives her date of birth, answers the intake, does her exercises while the network is cut, reports too much pain and is told
what to do; her therapist sees it. She is discharged, answers a check-in, and comes back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from tests.browser.driving import Windows, axe_problems, sent, sign_in
from tests.browser.moment import DAYS_GO_BY, set_clock
from tests.browser.on_the_phone import born, exercise, kept, reported, waiting
from tests.browser.story_people import PHONE
from tests.serving import Site, serving

HERE = ZoneInfo("America/New_York")
THERAPIST, NAME = "dara@example.test", "Odile Penrose"
BORN = (2, 6, 1972)
MOST_QUESTIONS = 150
SAYS = {
    "pain_regions": ["interscapular_r"], "pain_quality": ["ache"], "pain_constancy": ["intermittent"], "nrs_now": ["3"],
    "nrs_worst_24h": ["6"], "nrs_average_7d": ["5"], "rf_pain_varies_mechanical": ["true"], "work_type": ["desk"],
    "aggravating": ["sitting"], "easing": ["movement"],
}  # fmt: skip
"""What hurts and how; every other question gets the answer of somebody who is well, or "not sure" where there is none."""
ROWS = (
    "from rhomboid.web.records.models import HomeSession, PhoneReport; "
    "print(PhoneReport.objects.filter(kind='exercise').count(), HomeSession.objects.filter(cleared=False).count())"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("story")
    with serving(folder, fill="tests.browser.story_people:with_a_phone", environment=DAYS_GO_BY) as running:
        yield running


@pytest.fixture(scope="module")
def password() -> str:
    return "correct horse"


@pytest.fixture(scope="module")
def monday() -> datetime:
    today = datetime.now(HERE).replace(hour=9, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 - today.weekday())


def test_the_whole_story_on_the_phone(site: Site, windows: Windows, monday: datetime) -> None:
    set_clock(site, monday)
    phone = windows.open("/healthz", "", width=390, has_touch=True, is_mobile=True, locale="es-US", timezone_id=str(HERE))
    phone.clock.set_system_time(monday)
    link_opened(phone, site)
    intake_answered(phone)

    desk = windows.open("/", width=1440)
    sign_in(desk, THERAPIST, windows.password)
    plan_signed(desk)
    session_with_the_network_cut(phone, site)
    step_back_seen(desk, site)
    discharged(desk)

    later = monday + timedelta(days=first_contact(site))
    set_clock(site, later)
    phone.clock.set_system_time(later)
    checked_in(phone, site)
    came_back(phone)
    desk.goto(f"{site.url}/today")
    sign_in(desk, THERAPIST, windows.password)
    recurrence_seen(desk, site)
    assert windows.close() == []
    assert "ERROR" not in site.log


def link_opened(page: Page, site: Site) -> None:
    page.goto(site.url + way_in(site))
    born(page, *BORN[:2], BORN[2] + 1)
    expect(page.get_by_role("alert")).to_be_visible()
    born(page, *BORN)
    expect(page.locator("html")).to_have_attribute("lang", "es")
    for consent in page.locator("input[value=yes]").all():
        consent.check(force=True)
    page.locator("form button[type=submit]").click()
    page.wait_for_url("**/me/intake")


def way_in(site: Site) -> str:
    return str(json.loads(Path(site.folder, PHONE).read_text(encoding="utf-8")))


def intake_answered(page: Page) -> None:
    """One screen after the other; now and then axe looks, and one step goes back without loss."""
    kinds: set[str] = set()
    for number in range(MOST_QUESTIONS):
        if "/me/intake/done" in page.url:
            break
        kind = (page.locator("form.question").get_attribute("class") or "").rpartition("question-")[2]
        if kind not in kinds:
            assert axe_problems(page) == []
            kinds.add(kind)
        if number == 3:
            page.locator("header a").first.click()
            expect(page.locator("input[name=a]:checked")).to_have_count(1)
            with page.expect_navigation():
                page.locator("form.question button[type=submit]").first.click()
        answer(page, kind)
    expect(page.get_by_role("heading", name="Gracias")).to_be_visible()
    assert {"yes_no", "regions", "scale"} <= kinds


def answer(page: Page, kind: str) -> None:
    name = page.locator("input[name=q]").input_value()
    boxes = page.locator("form.question input[name=a], form.question input[name=pain_regions]")
    offered = boxes.evaluate_all("(all) => all.map((one) => one.value)")
    wanted = SAYS.get(name, ["false"] if kind == "yes_no" else ["3"] if kind == "scale" else ["-"])
    chosen = [value for value in wanted if value in offered]
    for value in chosen:
        boxes.and_(page.locator(f"[value='{value}']")).evaluate("(one) => one.click()")
    form = page.locator("form.question")
    unsure = form.locator("button[name=unsure]")
    with page.expect_navigation():
        (form.locator("button.btn-primary") if chosen or not unsure.count() else unsure).click()


def plan_signed(page: Page) -> None:
    page.get_by_role("link", name=NAME).first.click()
    page.get_by_role("link", name="Plan", exact=True).click()
    page.get_by_role("button", name="Propose a plan").click()
    page.get_by_label(re.compile("agrees with goals and plan")).check()
    for consent in page.get_by_label(re.compile("^Consents:")).all():
        consent.check()
    page.get_by_role("button", name="Sign and activate").click()
    expect(page.get_by_text("Plan 1, in force")).to_be_visible()


def session_with_the_network_cut(page: Page, site: Site) -> None:
    """The first exercise with a network; then it is cut, the second hurts too much, and both arrive once."""
    page.goto(f"{site.url}/me/today")
    kept(page)
    page.locator(".today-start a").click()
    page.locator(".is-now .scale-row label").nth(2).click()
    page.locator("[data-next]").click()
    with reported(page):
        exercise(page, 2)
    page.context.set_offline(True)
    exercise(page, 9)
    expect(page.locator("[data-hurts-answer]")).to_contain_text("Mañana empezamos con la mitad")
    waiting(page, 1)
    page.goto(f"{site.url}/me/today")
    expect(page.locator("[data-outbox]")).to_contain_text("1")
    assert site.python(ROWS).split() == ["1", "1"]
    page.context.set_offline(False)
    page.evaluate("Promise.all([rhomboid.flush(), rhomboid.flush()])")
    waiting(page, 0)
    assert site.python(ROWS).split() == ["2", "2"]
    page.reload()
    expect(page.locator("main")).to_contain_text("Deje este por hoy")


def step_back_seen(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/today")
    needs = page.get_by_role("complementary")
    expect(needs).to_contain_text("step back")
    expect(needs).to_contain_text(NAME)


def discharged(page: Page) -> None:
    page.get_by_role("link", name=NAME).first.click()
    page.goto(page.url.split("?")[0] + "/discharge")
    for criterion in page.get_by_label(re.compile("^I confirm")).all():
        criterion.check()
    page.get_by_label("Summary").fill("Goes on alone; knows what to do when it flares.")
    page.get_by_role("button", name="Discharge", exact=True).click()
    expect(page.get_by_text("Signed", exact=True)).to_be_visible()


def first_contact(site: Site) -> int:
    """Days from discharge to the first check-in on the phone."""
    asked = (
        "from rhomboid.web.records.models import CheckIn; "
        "one = CheckIn.objects.exclude(kind='visit').order_by('due_on').first(); print((one.due_on - one.episode.ended_on).days)"
    )
    return int(site.python(asked))


def checked_in(page: Page, site: Site) -> None:
    """Worse than at discharge, for longer than a flare: the check-in asks whether to come back."""
    page.goto(f"{site.url}/me")
    page.get_by_role("link", name="Empezar").click()
    for _ in range(MOST_QUESTIONS):
        if page.locator("form.question").count():
            kind = (page.locator("form.question").get_attribute("class") or "").rpartition("question-")[2]
            answer(page, kind)
        elif page.locator("input[name=question]").count():
            step(page)
        else:
            break
    expect(page.get_by_role("link", name=re.compile("quiero volver"))).to_be_visible()


def step(page: Page) -> None:
    name = page.locator("input[name=question]").input_value()
    for value in ("8", "longer"):
        wanted = page.locator(f"form input[name=value][value='{value}']")
        if wanted.count() and "psfs" not in name:
            wanted.evaluate("(one) => one.click()")
            break
    else:
        lowest = page.locator("form input[name=value]")
        if lowest.count():
            lowest.first.evaluate("(one) => one.click()")
    with page.expect_navigation():
        page.locator("form button.btn-primary").click()


def came_back(page: Page) -> None:
    page.get_by_role("link", name=re.compile("quiero volver")).click()
    page.locator("form button.btn-primary").click()
    page.wait_for_url(re.compile("/me/(consent|intake)"))


def recurrence_seen(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/today")
    needs = page.get_by_role("complementary")
    card = needs.get_by_role("article").filter(has_text="Back after discharge")
    with sent(page):
        card.get_by_role("button", name="Mark as seen").click()
    expect(needs).not_to_contain_text("Back after discharge")
