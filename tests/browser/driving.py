"""A browser at a real site, for the tests beside this file: people sign in, pages open as them, complaints are heard, axe looks.

page = opened("/today", "sam@example.test", width=390, color_scheme="dark")    # the fixture of conftest.py
assert problems_of(page) == []                                                 # axe and sideways scrolling
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import axe_playwright_python
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, Route, expect, sync_playwright
from tests.serving import Site

ARGUMENTS = ["--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WAITS = 45_000
PHONE_BELOW = 700


class Open(Protocol):
    def __call__(self, path: str, who: str = ..., width: int = ..., **given: Any) -> Page: ...


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", chromium_sandbox=False, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Windows:
    """Windows of a browser, each signed in as somebody. What a page throws and what its policy refuses is kept in `complaints`."""

    def __init__(self, browser: Browser, site: Site, password: str, usual: str = "") -> None:
        self.browser, self.site, self.password, self.usual = browser, site, password, usual
        self.cookies: dict[str, list[Any]] = {"": []}
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(self, path: str, who: str | None = None, width: int = 1440, **given: Any) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": 900}, **given)
        self.contexts.append(context)
        context.add_cookies(self.signed_in(self.usual if who is None else who))
        page = context.new_page()
        page.set_default_timeout(WAITS)
        self.listen(page)
        page.goto(f"{self.site.url}{path}")
        return page

    def signed_in(self, who: str) -> list[Any]:
        if who not in self.cookies:
            visitor = self.site.visitor(who if "@" in who else f"{who}@example.test", self.password)
            visitor.close()
            self.cookies[who] = [{"name": key, "value": value, "url": self.site.url} for key, value in visitor.cookies.items()]
        return self.cookies[who]

    def listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda line: self.complaints.append(f"{page.url}: {line.text}") if is_refusal(line.text) else None)

    def close(self) -> list[str]:
        """Closes what is open, and gives the complaints."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()
        found, self.complaints = self.complaints, []
        return found


def is_refusal(words: str) -> bool:
    """Whether the browser says that it refused something by the content policy."""
    return "Content Security Policy" in words or "Refused to" in words


def problems_of(page: Page, *narrower: int, rules: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """What axe finds on a page as it stands (by all rules, or these), and whether it scrolls sideways at its width or at others."""
    size = page.viewport_size
    assert size
    problems = [(f"scrolls sideways at {width}", "") for width in (*narrower, size["width"]) if _scrolls_sideways(page, width)]
    if size["width"] < PHONE_BELOW:  # as high as the page, so that nothing hides beneath the bars that stay
        height = page.evaluate("Math.max(document.documentElement.scrollHeight, innerHeight)")
        page.set_viewport_size({"width": size["width"], "height": height})
    problems += axe_problems(page, *rules)
    page.set_viewport_size(size)
    return problems


def _scrolls_sideways(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 900})
    return bool(page.evaluate("document.documentElement.scrollWidth") > width)


def axe_problems(page: Page, *rules: str) -> list[tuple[str, str]]:
    """Each violation that axe finds, with the first elements it concerns; by these rules alone, or by all standards."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": STANDARDS}
    # Without a selector for every node, which nobody reads: a fifth of the time.
    how = {"runOnly": only, "resultTypes": ["violations"], "selectors": False, "preload": False, "iframes": False}
    found = page.evaluate("(how) => axe.run(how).then((found) => found.violations)", how)
    return [(one["id"], node["html"][:160]) for one in found for node in one["nodes"][:3]]


def words_of(pdf: bytes) -> str | None:
    """The text of a PDF in one line; None where there is no pdftotext."""
    tool = shutil.which("pdftotext")
    if not tool:
        return None
    read = subprocess.run([tool, "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


# --- what people do ----------------------------------------------------------------------------------------------------------


def sign_in(page: Page, who: str, password: str) -> None:
    page.get_by_label("E-mail").fill(who)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def answer(page: Page, question: str, words: str) -> None:
    """Answers one question of the intake: by a tap on the words or on a region, or by typing where there is a field."""
    place = page.locator(f"#q-{question}")
    field = place.locator("input.input")
    if question == "pain_regions":
        place.locator(f".region[data-region={words}]").click()
    elif field.count():
        field.fill(words)
        field.press("Tab")
    else:
        place.locator("label").get_by_text(words, exact=True).click()


class Held:
    """The first answer to a form, held back on its way until somebody lets it go."""

    def __init__(self, page: Page) -> None:
        self.page, self.holds, self.kept = page, False, list[tuple[Route, APIResponse]]()
        page.route("**", self._hear)

    def _hear(self, route: Route) -> None:
        if self.holds or route.request.method != "POST":
            route.continue_()
        else:
            self.holds = True
            self.kept.append((route, route.fetch(max_redirects=0)))

    def let_go(self, after_ms: int = 400) -> None:
        """After a while in which whatever else was done could have been answered."""
        until = time.monotonic() + WAITS / 1000
        while not self.kept and time.monotonic() < until:
            self.page.wait_for_timeout(50)
        self.page.wait_for_timeout(after_ms)
        [(route, answer)] = self.kept
        route.fulfill(response=answer)


def fast_entry(page: Page, words: str) -> None:
    """Types a finding as therapists do, and waits until it is recorded."""
    field = page.locator("#fast-entry")
    field.fill(words)
    with sent(page):
        field.press("Enter")
    expect(field).to_have_value("")


@contextmanager
def sent(page: Page) -> Iterator[None]:
    """Waits until what is done inside has been sent and answered, and the page has taken the answer in."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/reads" not in answer.url) as found:
        yield
    assert found.value.ok or found.value.status == 302, f"{found.value.url}: {found.value.status}"
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
