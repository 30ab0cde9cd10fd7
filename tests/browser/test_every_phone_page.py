"""Every page of a patient's phone in both languages: axe finds nothing, nothing scrolls sideways at 320 px, light and dark.

The pages follow from the addresses, as in test_every_page.py; each is looked at on the first phone that has it: of somebody
under care, before care, after care.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, expect
from tests.browser.driving import Windows, axe_problems, problems_of
from tests.browser.on_the_phone import born
from tests.serving import Site

pytestmark = pytest.mark.skipif(
    os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="the pages are the same on every database"
)
PARTS = {"card": "edu_1_condition", "place": "place_desk"}
NO_PAGES = {"me", "me/api/csrf", "me/documents/<str:ref>", "sw.js", "manifest.webmanifest", "p/<str:token>"}
"""Files, data, and the ways to a page. The page that asks for the date of birth is looked at on the way in."""
AFTER_ANSWERS = {"me/intake/done", "me/intake/stopped", "me/worry/answer", "me/worry/questions", "me/check-ins/safety"}
"""What stands at the end of many answers: the tests of the interview look at it."""
COLORS = ("color-contrast", "link-in-text-block")
MOST_QUESTIONS = 20
PHONES = """
import json
from rhomboid.web.portal.urls import urlpatterns
from rhomboid.web.records.access import declared
from rhomboid.web.records.demo import phones
from rhomboid.web.records.models import CheckIn
routes = [str(one.pattern) for one in urlpatterns if (rule := declared(one.callback)) and "GET" in rule.methods]
check_in = CheckIn.objects.filter(answered_at=None).order_by("due_on").first()
print(json.dumps({"routes": routes, "check_in": check_in.ref if check_in else "",
                  "phones": [[one.path, one.born.day, one.born.month, one.born.year] for one in phones()]}))
"""


class Phone(NamedTuple):
    """A phone of the sample clinic: its link, and the date of birth that it asks for."""

    path: str
    day: int
    month: int
    year: int


@pytest.fixture(scope="module")
def site(sample_site: Site) -> Site:
    return sample_site


@pytest.fixture(scope="module")
def found(site: Site) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(site.python(PHONES))
    return said


@pytest.mark.parametrize("language", ["en", "es"])
def test_axe_finds_nothing_on_any_page_of_a_phone(windows: Windows, found: dict[str, Any], language: str) -> None:
    seen: set[str] = set()
    problems: list[tuple[str, ...]] = []
    for number, phone in enumerate(Phone(*one) for one in found["phones"]):
        page = windows.open(f"{phone.path}?lang={language}", "", width=390, reduced_motion="reduce")
        problems += [("p/<str:token>", *one) for one in _looked_at(page)]
        _come_in(page, phone, language)
        for route, path in _paths(found):
            if route not in seen and _is_page(page, windows.site.url + path):
                assert page.locator("html").get_attribute("lang") == language
                problems += [(route, str(number), *one) for one in _looked_at(page)]
                seen.add(route)
    assert problems == []
    assert {route for route, _ in _paths(found)} - seen == set()
    assert windows.close() == []


def _come_in(page: Page, phone: Phone, language: str) -> None:
    born(page, phone.day, phone.month, phone.year)
    _speak(page, language)
    page.goto(f"{page.url.split('/me')[0]}/me/consent")
    if page.locator("[name=care]:checked").count() == 0:
        for kind in ("care", "data"):
            page.locator(f"[name={kind}][value=yes]").check()
        page.locator(".acts button").click()
        page.wait_for_url(re.compile(r"/me/(?!consent)"))


def _speak(page: Page, language: str) -> None:
    page.goto(f"{page.url.split('/me')[0]}/me/settings")
    page.locator(f"[name=language][value={language}]").check()
    page.locator("form button").first.click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def _paths(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for route in found["routes"]:
        if route not in NO_PAGES | AFTER_ANSWERS:
            parts = {**PARTS, "ref": found["check_in"]}
            yield route, "/" + re.sub(r"<\w+:(\w+)>", lambda match: parts[match[1]], route)  # noqa: B023


def _is_page(page: Page, url: str) -> bool:
    answer = page.goto(url)
    assert answer
    return answer.ok and answer.request.redirected_from is None


def _looked_at(page: Page) -> list[tuple[str, str]]:
    page.emulate_media(color_scheme="light")
    problems = problems_of(page, 320)
    page.emulate_media(color_scheme="dark")
    return problems + axe_problems(page, *COLORS)


def test_axe_finds_nothing_on_the_questions_and_the_answer_of_a_danger(windows: Windows, found: dict[str, Any]) -> None:
    """Last in this file: what is told here pauses the exercises of that phone."""
    page = windows.open(f"{found['phones'][0][0]}?lang=es", "", width=390, reduced_motion="reduce")
    _come_in(page, Phone(*found["phones"][0]), "es")
    page.goto(f"{windows.site.url}/me/worry")
    with page.expect_navigation():
        page.locator("main form button").click()
    problems = _looked_at(page)
    for _ in range(MOST_QUESTIONS):
        if not page.locator("form.question").count():
            break
        choices = page.locator(
            "form.question [name=a]:is([type=radio], [type=checkbox]):not([value='-'], [value=false], [value='?'])"
        )
        if choices.count():
            choices.first.check(force=True)
        with page.expect_navigation():
            page.locator(f"form.question button{'.btn-primary' if choices.count() else '[name=unsure]'}").click()
    assert page.url.endswith("/me/worry/answer")
    for language in ("es", "en"):
        _speak(page, language)
        page.goto(f"{windows.site.url}/me/worry/answer")
        expect(page.locator("a[href^='tel:']").first).to_be_visible()
        problems += _looked_at(page)
    assert problems == []
    assert windows.close() == []
