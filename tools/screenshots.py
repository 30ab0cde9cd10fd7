"""Takes the README's pictures from the sample clinic, as it runs: python tools/screenshots.py"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.on_the_phone import born  # noqa: E402
from tests.serving import PASSWORD, Site, serving  # noqa: E402 - the folder of the tests has to be found first

IMAGES = ROOT / "docs" / "images"
DANA, SAM = "dana@example.test", "sam@example.test"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page to take: its name, who looks, where it is reached from, and how it is looked at."""

    name: str
    who: str
    person: str
    tab: str
    section: str = ""
    width: int = 1440
    height: int = 900
    scheme: str = "light"


PICTURES = (
    Picture("today", DANA, "", ""),
    Picture("evaluation", SAM, "Luca Mensah", "Evaluation", section="Movement"),
    Picture("plan", SAM, "Mateo Quill", "Plan"),
    Picture("story", DANA, "Marisol Mendes", "Story"),
    Picture("phone", SAM, "Luca Mensah", "Evaluation", width=390, height=844, scheme="dark"),
)
PHONES = """
import json
from rhomboid.web.records.demo import phones
print(json.dumps([[one.path, one.born.day, one.born.month, one.born.year] for one in phones()]))
"""
CARE, BEFORE = 0, 1
"""Whose phone, in the order of PHONES: of somebody under care, and before the first visit."""
PAGES = (
    ("patient-today", CARE, "/me/today", "light"),
    ("patient-player", CARE, "/me/session", "light"),
    ("patient-progress", CARE, "/me/progress", "light"),
    ("patient-intake", BEFORE, "/me/intake", "light"),
)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), demo=True) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", chromium_sandbox=False, args=["--disable-gpu", "--no-first-run"]
        )
        for picture in PICTURES:
            take(browser, site, picture)
        take_phones(browser, site)
        browser.close()
    return 0


def take(browser: Browser, site: Site, picture: Picture) -> None:
    size = {"width": picture.width, "height": picture.height}
    scheme = "dark" if picture.scheme == "dark" else "light"
    context = browser.new_context(viewport=size, color_scheme=scheme, device_scale_factor=1)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, site, picture.who)
    if picture.person:
        page.get_by_role("link", name=picture.person).first.click()
        page.get_by_role("navigation", name="Episode").get_by_role("link", name=picture.tab).click()
    if picture.section:
        page.get_by_role("link", name=picture.section).first.click()
    page.wait_for_load_state("networkidle")
    keep(page, picture.name)
    context.close()


def keep(page: Page, name: str) -> None:
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")


def take_phones(browser: Browser, site: Site) -> None:
    """What patients see, each by their personal link and date of birth, in English."""
    for phone, (link, *given) in enumerate(json.loads(site.python(PHONES))):
        context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce", has_touch=True)
        page = context.new_page()
        come_in(page, f"{site.url}{link}", given)
        for name, whose, path, scheme in PAGES:
            if whose == phone:
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                page.goto(f"{site.url}{path}")
                forward(page)
                keep(page, name)
        context.close()


def come_in(page: Page, link: str, given: list[int]) -> None:
    page.goto(link)
    born(page, *given)
    page.goto(f"{link.split('/p/')[0]}/me/settings")
    page.locator("[name=language][value=en]").check()
    with page.expect_navigation():
        page.locator("form button").first.click()
    page.goto(f"{link.split('/p/')[0]}/me/consent")
    for kind in ("care", "data"):
        page.locator(f"[name={kind}][value=yes]").check()
    page.locator(".acts button").click()
    page.wait_for_load_state("networkidle")


def forward(page: Page) -> None:
    """To the point where there is something to see: the count of an exercise, the picture of where it hurts."""
    page.wait_for_load_state("networkidle")
    for _ in range(30):
        if "/me/intake" not in page.url or page.locator("[data-bodychart]").count():
            break
        with page.expect_navigation():
            page.locator("button[name=unsure]").first.click()
    if "/me/session" in page.url:
        page.locator(".is-now .scale-row label").nth(2).click()
        page.locator("[data-next]").click()
        page.locator("[data-next]").click()
        page.wait_for_timeout(8000)


def sign_in(page: Page, site: Site, who: str) -> None:
    page.goto(f"{site.url}/account/login/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").first.click()
    page.goto(f"{site.url}/today")


if __name__ == "__main__":
    sys.exit(main())
