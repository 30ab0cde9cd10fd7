"""Takes the README's pictures from the sample clinic, as it runs: python tools/screenshots.py"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

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


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), demo=True) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", chromium_sandbox=False, args=["--disable-gpu", "--no-first-run"]
        )
        for picture in PICTURES:
            take(browser, site, picture)
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
    path = IMAGES / f"{picture.name}.png"
    page.screenshot(path=path)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")
    context.close()


def sign_in(page: Page, site: Site, who: str) -> None:
    page.goto(f"{site.url}/account/login/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").first.click()
    page.goto(f"{site.url}/today")


if __name__ == "__main__":
    sys.exit(main())
