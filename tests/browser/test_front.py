"""Today, people, the story, documents and letters in a real browser, with the sample clinic: by eye and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.driving import Open
from tests.serving import Site

THERAPIST, DESK = "sam@example.test", "finn@example.test"


@pytest.fixture(scope="module")
def site(sample_site: Site) -> Site:
    return sample_site


@pytest.fixture(scope="module")
def usual() -> str:
    return THERAPIST


@pytest.fixture(scope="module")
def places(site: Site) -> dict[str, str]:
    """An address of every page of the front, found as people find them."""
    visitor = site.visitor(THERAPIST)
    today = visitor.get("/today?whose=clinic").text
    episodes = list(dict.fromkeys(re.findall(r'href="(/episodes/\w+)"', today)))
    found = {"today": "/today?whose=clinic", "people": "/people", "new": "/people/new"}
    found |= {"held": episodes[0], "story": episodes[3], "documents": f"{episodes[3]}/documents"}
    person = re.search(r'href="(/people/\w+)"', visitor.get(episodes[3]).text)
    letter = next((m[0] for one in episodes if (m := re.search(r"/referrals/\w+", visitor.get(one).text))), "")
    visitor.close()
    assert person
    return found | {"person": person[1]} | ({"letter": letter} if letter else {})


def test_from_a_raised_concern_to_a_sent_and_answered_letter(opened: Open) -> None:
    page = opened("/today?whose=clinic")
    page.get_by_role("button", name="Write the letter").first.click()
    page.wait_for_url(re.compile("/referrals/"))
    expect(page.get_by_role("article", name="The letter as on paper")).to_contain_text("it is not a diagnosis")
    page.get_by_label("To", exact=True).fill("Dr. Ellen Brandt")
    page.get_by_label("In your own words").fill("Please call me.")
    page.get_by_role("button", name="Told by phone").click()
    expect(page.get_by_role("heading", name="Waiting for an answer")).to_be_visible()
    expect(page.get_by_role("article", name="The letter as on paper")).to_contain_text("Please call me.")
    page.get_by_label("What was answered").fill("Seen today; the scan is normal.")
    page.get_by_role("button", name="Record the answer").click()
    expect(page.get_by_role("heading", name="Answered")).to_be_visible()


def test_a_refused_letter_keeps_what_was_typed(opened: Open) -> None:
    page = opened("/today?whose=clinic")
    form = page.get_by_role("button", name="Write the letter")
    if not form.count():
        pytest.skip("every concern of the sample clinic has its letter")
    form.first.click()
    page.get_by_label("In your own words").fill("Not for nobody.")
    page.get_by_role("button", name="Faxed").click()
    expect(page.get_by_text("Whom is the letter for?")).to_be_visible()
    expect(page.get_by_label("In your own words")).to_have_value("Not for nobody.")


def test_the_search_answers_while_typing_and_the_address_says_nothing(opened: Open) -> None:
    page = opened("/people", who=DESK)
    page.get_by_label("Name, or part of it").press_sequentially("ma", delay=20)
    first = page.locator("#people-found tbody th a").first
    expect(first).to_contain_text(re.compile("Ma", re.IGNORECASE))
    assert page.url.endswith("/people")
    first.press("Enter")
    page.wait_for_url(re.compile(r"/people/\w+$"))


def test_filters_change_the_list_in_place(opened: Open) -> None:
    page = opened("/today?whose=clinic")
    page.get_by_role("link", name=re.compile("After discharge")).click()
    expect(page.locator("#caseload .filters [aria-current]")).to_contain_text("After discharge")
    expect(page.locator("#caseload tbody tr").first).to_contain_text("Discharged")
    assert "show=after" in page.url
    page.go_back()
    expect(page.locator("#caseload .filters [aria-current]")).to_contain_text("Needs attention first")


def test_what_else_waits_is_asked_for_again_after_the_connection_was_away(opened: Open) -> None:
    page = opened("/today")
    expect(page.locator("#needs h3.eyebrow").first).to_be_visible()
    page.route("**/today/needs*", lambda route: route.abort())
    page.reload()
    expect(page.locator("#saved")).to_contain_text("Offline")
    expect(page.locator("#needs").get_by_role("article").first).to_be_visible()
    page.unroute("**/today/needs*")
    page.get_by_role("link", name="What else waits").click()
    expect(page.locator("#needs h3.eyebrow").first).to_be_visible()
    expect(page.locator("#saved")).to_be_hidden()
    expect(page).to_have_url(re.compile("/today$"))


def test_the_palette_goes_to_a_person_by_keyboard(opened: Open) -> None:
    page = opened("/today")
    page.keyboard.press("Control+k")
    page.keyboard.type("mar", delay=20)
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text(re.compile("^Mar"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/people/\w+$"))


def test_the_front_desk_sees_the_day_without_clinical_words(opened: Open) -> None:
    page = opened("/today", who=DESK)
    expect(page.locator(".day-table")).to_be_visible()
    assert page.locator("#caseload, #needs, .spark, .urgency").count() == 0


def test_a_paper_opens(opened: Open, places: dict[str, str]) -> None:
    page = opened(places["story"])
    answer = page.request.get(page.url + "/papers/progress")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
