"""The components in a real browser: reachable by keyboard, free of axe findings, and losing nothing without a connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.driving import axe_problems, problems_of
from tests.serving import Site

Gallery = Callable[..., Page]


@pytest.fixture(scope="module")
def site(sample_site: Site) -> Site:
    return sample_site


@pytest.fixture(scope="module")
def cookies(site: Site) -> list[dict[str, str]]:
    visitor = site.visitor("sam@example.test")
    visitor.connection.close()
    return [{"name": name, "value": value, "url": site.url} for name, value in visitor.cookies.items()]


@pytest.fixture
def gallery(site: Site, browser: Browser, cookies: Any) -> Iterator[Gallery]:
    """Opens the gallery as Sam; the windows close with the test."""
    contexts = []

    def open_page(width: int = 1440, **given: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **given)
        contexts.append(context)
        context.add_cookies(cookies)
        return _visit(context.new_page(), site)

    yield open_page
    for context in contexts:
        context.close()


def _visit(page: Page, site: Site) -> Page:
    page.set_default_timeout(45_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto(f"{site.url}/gallery")
    assert page.title() == "Gallery of components"
    assert problems == []
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_tablet(gallery: Gallery, theme: str) -> None:
    assert problems_of(gallery(768, color_scheme=theme)) == []


def test_with_a_finger_everything_is_large_enough(gallery: Gallery) -> None:
    page = gallery(390, has_touch=True, is_mobile=True)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .btn, summary, .tabs a, .check")]
            .filter((one) => one.offsetParent && !one.matches("[data-level]") && one.getBoundingClientRect().height < 43.5)
            .map((one) => one.textContent.trim())"""
    )
    assert small == []


def test_the_palette_opens_chooses_and_closes_by_keyboard(gallery: Gallery) -> None:
    page = gallery()
    page.keyboard.press("Control+k")
    page.locator("#palette [role=option]").first.wait_for()
    assert page.locator("#palette [role=option]").count() <= 8
    first = page.locator("#palette [aria-selected=true]").inner_text()
    page.keyboard.press("ArrowDown")
    assert page.locator("#palette [aria-selected=true]").inner_text() != first
    assert "result" in page.inner_text("#palette [data-count]")
    assert axe_problems(page) == []
    page.keyboard.press("Escape")
    assert not page.evaluate("document.getElementById('palette').open")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "fast-entry"


def test_enter_waits_for_the_answer_to_what_was_typed(gallery: Gallery) -> None:
    page = gallery()
    page.keyboard.press("Control+k")
    page.locator("#palette [role=option]").first.wait_for()
    page.keyboard.type("people")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people*")


def test_the_spine_is_marked_by_arrow_keys_and_space(gallery: Gallery) -> None:
    page = gallery()
    page.evaluate("window.told = []; document.addEventListener('change', (e) => e.detail && window.told.push(e.detail.level))")
    page.locator("[data-name=levels] [data-level=C7]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert page.input_value("input[name=levels-T1-mobility]") == "stiff"
    assert page.locator("[data-name=levels] [data-level=T1]").get_attribute("aria-label") == "T1: stiff"
    page.click("[data-name=levels] [data-mode-choice=pain]")
    page.locator("[data-name=levels] [data-level=T1]").focus()
    page.keyboard.press("ArrowLeft")
    assert page.input_value("input[name=levels-T1-pain]") == "left"
    assert page.evaluate("window.told") == ["T1", "T1"]


def test_picture_and_list_of_the_body_chart_say_the_same(gallery: Gallery) -> None:
    page = gallery()
    chart = page.locator("[data-bodychart]").first
    chart.locator(".region[data-region=interscapular_l]").click()
    assert chart.locator("input[value=interscapular_l]").is_checked()
    chart.locator("input[value=sternum]").check()
    assert chart.locator(".region[data-region=sternum]").get_attribute("aria-checked") == "true"
    chart.locator(".region[data-region=sternum]").focus()
    page.keyboard.press("Space")
    assert not chart.locator("input[value=sternum]").is_checked()


@pytest.mark.parametrize("view", ["back", "front"])
def test_every_region_can_be_reached_by_arrow_keys(gallery: Gallery, view: str) -> None:
    page = gallery()
    missed = page.evaluate(
        """(view) => {
          const all = [...document.querySelectorAll(`[data-bodychart] [data-figure=${view}] .region[role]`)];
          const seen = new Set([all[0]]), todo = [all[0]];
          while (todo.length) {
            const from = todo.pop();
            for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]) {
              from.focus();
              from.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
              const to = document.activeElement;
              if (!seen.has(to)) { seen.add(to); todo.push(to); }
            }
          }
          return all.filter((one) => !seen.has(one)).map((one) => one.dataset.region);
        }""",
        view,
    )
    assert missed == []


def test_the_theme_lasts(gallery: Gallery) -> None:
    page = gallery()
    page.click("[popovertarget=user-menu]")
    page.click("[data-theme-choice=dark]")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") == "rgb(15, 21, 20)"


def test_an_entry_without_connection_is_kept_shown_and_sent_later(gallery: Gallery) -> None:
    page = gallery()
    sent: list[str] = []

    def answer(route: object) -> None:
        sent.append(route.request.post_data)  # type: ignore[attr-defined]
        route.fulfill(body="<p>recorded</p>")  # type: ignore[attr-defined]

    page.route("**/kept", answer)
    page.evaluate(
        """() => {
          document.querySelector("main").insertAdjacentHTML("afterbegin",
            "<form id=kept hx-post=/kept hx-target=#answer data-keep='a pain score'><input name=pain value=4>"
            + "<button>Send</button></form><div id=answer></div>");
          htmx.process(document.getElementById("kept"));
        }"""
    )
    page.context.set_offline(True)
    page.unroute("**/kept")
    page.click("#kept button")
    page.locator("#kept + .unsent").wait_for()
    assert "1 to send" in page.inner_text("#offline")
    page.route("**/kept", answer)
    page.context.set_offline(False)
    page.locator("#answer", has_text="recorded").wait_for()
    assert [body for body in sent if "pain=4" in body] == sent
    assert len(sent) == 1
    assert not page.is_visible("#offline")
