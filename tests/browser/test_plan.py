"""The plan page in a real browser: tuned and signed by keyboard and mouse, with and without JavaScript, free of axe findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.driving import Held, chromium, problems_of
from tests.web.conftest import Cast, cast, quick_site  # noqa: F401 - fixtures
from tests.web.plan_people import AORTA, OLD_FRACTURE, WEAK_BONE, evaluated, proposed, signed

from rhomboid.web.accounts.models import User
from rhomboid.web.records.models import Override, PlanOfCare

pytestmark = pytest.mark.django_db(transaction=True)
Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps a loop running in this thread; the tests talk to the database in between, never from inside it.
    with pytest.MonkeyPatch.context() as patch, chromium() as running:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield running


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer, cast: Cast) -> Iterator[Opened]:  # noqa: F811
    """Opens an address as the therapist. Whatever the browser complains about fails the test."""
    contexts, problems = [], []

    def open_page(path: str, width: int = 1440, **given: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", **given)
        contexts.append(context)
        context.add_cookies([_cookie(cast.therapist, live_server.url)])
        page = context.new_page()
        page.set_default_timeout(45_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
        page.goto(live_server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def _cookie(somebody: User, url: str) -> Any:
    client = Client()
    client.force_login(somebody, backend="django.contrib.auth.backends.ModelBackend")
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": url}


def solved(page: Page, act: Callable[[], object]) -> None:
    """Does something that solves the plan again, and waits for it."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        act()
    assert answer.value.status == 200
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def test_what_is_done_while_the_plan_is_solved_is_done_next(opened: Opened, cast: Cast) -> None:  # noqa: F811
    plan = proposed(cast.episode, cast.therapist)
    page = opened(f"/episodes/{cast.episode.ref}/plan")
    home = page.get_by_role("region", name="At home")
    first, second = (home.locator("li.plan-item h4").nth(place).inner_text() for place in (0, 1))

    held = Held(page)
    page.get_by_role("button", name=f"Lock {first}").click()
    page.get_by_role("button", name=f"Lock {second}").click()
    held.let_go()
    expect(home.get_by_text("Locked")).to_have_count(2)

    page.unroute_all()
    held = Held(page)
    exercises = page.locator("#plan-limit-form input[name=exercises]")
    for most in ("5", "3"):
        exercises.fill(most)
        exercises.press("Tab")
        page.wait_for_timeout(300)
    held.let_go()
    expect(page.locator("#plan-limit-form input[name=revision]")).to_have_value("4")
    expect(exercises).to_have_value("3")
    plan.refresh_from_db()
    assert plan.limits["exercises"] == 3


def test_a_plan_is_tuned_and_signed(opened: Opened, cast: Cast) -> None:  # noqa: F811
    evaluated(cast.episode, cast.therapist)
    page = opened(f"/episodes/{cast.episode.ref}/plan")
    page.get_by_role("button", name="Propose a plan").click()
    expect(page.get_by_text("Draft 1")).to_be_visible()
    home = page.get_by_role("region", name="At home")
    first = home.locator("li.plan-item").first.locator("h4")
    name = first.inner_text()

    solved(page, lambda: page.get_by_role("button", name=f"Lock {name}").click())
    expect(home.get_by_text("Locked")).to_be_visible()
    expect(page.get_by_role("button", name=f"Lock {name}")).to_be_focused()

    solved(page, lambda: page.get_by_role("slider", name="Minutes a day").press("ArrowLeft"))
    expect(home.get_by_text("of 14 min a day")).to_be_visible()
    expect(page.get_by_role("slider", name="Minutes a day")).to_be_focused()

    other = home.locator("li.plan-item h4").nth(1).inner_text()
    solved(page, lambda: page.get_by_role("button", name=f"Take out {other}").click())
    expect(home.get_by_role("link", name=other, exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Undo removal")).to_be_focused()
    solved(page, lambda: page.keyboard.press("Enter"))
    expect(home.get_by_role("link", name=other, exact=True)).to_be_visible()

    page.get_by_role("link", name=name, exact=True).press("Enter")
    detail = home.locator(".plan-detail")
    expect(detail).to_be_focused()
    expect(detail.get_by_text("Evidence")).to_be_visible()
    solved(page, lambda: detail.get_by_role("button", name=re.compile("^Swap for")).first.click())
    expect(home.get_by_text(f"Swapped for {name}")).to_be_visible()

    page.get_by_label(re.compile("agrees with goals and plan")).check()
    for consent in page.get_by_label(re.compile("^Consents:")).all():
        consent.check()
    page.get_by_role("button", name="Sign and activate").click()
    expect(page.get_by_text("Plan 1, in force")).to_be_visible()
    plan = PlanOfCare.objects.get()
    assert (plan.state, plan.signed_by, plan.limits["minutes"]) == ("active", cast.therapist, 14)


def test_a_decision_against_a_contraindication_is_put_on_record(opened: Opened, cast: Cast) -> None:  # noqa: F811
    proposed(cast.episode, cast.therapist, WEAK_BONE, **OLD_FRACTURE)
    page = opened(f"/episodes/{cast.episode.ref}/plan")
    left = page.locator(".not-offered > li").filter(has=page.get_by_text("Override…")).first
    left.get_by_text("Override…").click()
    left.get_by_label(re.compile("^Why it is right")).fill("Loaded it for a year without pain; she asks for it")
    left.get_by_label("Cleared by").fill("Dr. Lee, endocrinology")
    left.get_by_label("On", exact=True).fill("2026-11-20")
    left.get_by_role("button", name="Put the decision on record").click()
    expect(page.get_by_text("1 decision against the matrix on record")).to_be_visible()
    made = Override.objects.get()
    assert (made.kind, made.clearance) == ("contraindication", "Dr. Lee, endocrinology, 2026-11-20")
    assert page.locator("#plan-main .tag").get_by_text("Against ").count() == 1


def test_a_plan_is_tuned_without_javascript(opened: Opened, cast: Cast) -> None:  # noqa: F811
    plan = proposed(cast.episode, cast.therapist)
    page = opened(f"/episodes/{cast.episode.ref}/plan", java_script_enabled=False)
    name = page.locator("li.plan-item h4").first.inner_text()
    page.get_by_role("button", name=f"Lock {name}").click()
    expect(page.get_by_text("Locked").first).to_be_visible()
    page.get_by_role("spinbutton", name="Minutes of a visit").fill("20")
    page.get_by_role("button", name="Solve again").click()
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    plan.refresh_from_db()
    assert plan.limits["visit_minutes"] == 20
    assert plan.limits["lock"]


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1440, "light")])
def test_axe_finds_nothing_in_any_state(opened: Opened, cast: Cast, width: int, theme: str) -> None:  # noqa: F811
    plan = proposed(cast.episode, cast.therapist, **OLD_FRACTURE)
    page = opened(f"/episodes/{cast.episode.ref}/plan", width, color_scheme=theme)
    page.locator("li.plan-item a.plan-name").first.click()
    page.wait_for_selector(".plan-detail")
    page.locator("#plan-add-open").click()
    page.wait_for_selector(".plan-add")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    _clean(page)
    evaluated(cast.other, cast.therapist, AORTA)
    _clean(opened(f"/episodes/{cast.other.ref}/plan", width, color_scheme=theme))
    signed(plan, cast.therapist)
    _clean(opened(f"/plans/{plan.ref}", width, color_scheme=theme))


def _clean(page: Page) -> None:
    assert problems_of(page, 320) == []
