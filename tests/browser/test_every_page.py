"""Every page of the sample clinic, in every state of care: axe finds nothing, light and dark, on a phone and on a laptop.

The pages are derived from the addresses of the site: whoever adds one has its page looked at, or says in NO_PAGES that it gives
a file, a part of a page or the way to a page.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, ViewportSize
from tests.browser.driving import Windows, axe_problems, problems_of
from tests.serving import Site
from tests.web.test_access import OURS, addresses

from rhomboid.web.accounts.roles import ROLES
from rhomboid.web.portal.urls import urlpatterns
from rhomboid.web.records.access import declared

PEOPLE = {
    "therapist": "sam@example.test", "owner": "dana@example.test", "patient": "patient@example.test", "auditor": "uma@example.test",
    "front_desk": "finn@example.test",
}  # fmt: skip
PARTS = {"kind": ["condition"], "entry": ["acs"], "row": ["rom_thx_rot_seated"], "number": ["0"], "user_id": ["1"]}
AT_THE_DESK = {"episodes/<str:ref>/intake"}
FOR_THE_DESK_TOO = {"today", "people/<str:ref>"}
FOR_STRANGERS = {"account/login/", "account/login/code/", "account/inactive/", "account/signup/"}
NOWHERE = "/no/such/page"
NO_PAGES = {
    "", "healthz", "logo", "documents/<str:ref>", "episodes/<str:ref>/link/paper", "episodes/<str:ref>/papers/<str:kind>",
    "referrals/<str:ref>/paper", "palette", "episodes/<str:ref>/evaluation/rows/<str:row>",
    "account/2fa/recovery-codes/download/", "figures/<slug:name>.svg", "account/login/code/confirm/",
}  # fmt: skip
PHONE_PAGES = {str(one.pattern) for one in urlpatterns}
"""Those of the patient's phone are looked at in test_every_phone_page.py."""
PHONE: ViewportSize = {"width": 390, "height": 800}
LAPTOP: ViewportSize = {"width": 1440, "height": 900}
pytestmark = pytest.mark.skipif(
    os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="the pages are the same on every database"
)
COLORS = ("color-contrast", "link-in-text-block")


@pytest.fixture(scope="module")
def site(sample_site: Site) -> Site:
    return sample_site


@pytest.fixture(scope="module")
def refs(site: Site) -> dict[str, list[str]]:
    """Refs of every kind of record; one letter is begun and not sent."""
    asked = "import json; from tests.browser.sample_refs import refs; print(json.dumps(refs()))"
    held = json.loads(site.python(asked))["concern"][0]
    visitor = site.visitor(PEOPLE["therapist"])
    assert visitor.post(f"/concerns/{held}/letter", {}).status == 302
    visitor.close()
    found: dict[str, list[str]] = json.loads(site.python(asked))
    assert {kind: len(rows) for kind, rows in found.items()} == {
        "episode": 6, "person": 6, "visit": 2, "note": 2, "plan": 2, "referral": 2, "concern": 1, "document": 1,
    }  # fmt: skip
    return found


def test_axe_finds_nothing_on_any_page(windows: Windows, refs: dict[str, list[str]]) -> None:
    """All of axe in light on a laptop; all of it in dark on a phone for one page of each address, and its colors for the others.

    For that one the colors are looked at the other way round too.
    """
    asked = list(_asked(refs))
    problems: list[tuple[str, ...]] = []
    pages: set[str] = set()
    for who in dict.fromkeys(one.who for one in asked):
        page = windows.open("/healthz", who, reduced_motion="reduce")
        for one in (one for one in asked if one.who == who):
            if _is_page(page, windows.site.url + one.path):
                problems += [(one.path, who, *found) for found in _looked_at(page, crossed=one.route not in pages)]
                pages.add(one.route)
    assert problems == []
    assert {one.route for one in asked if not one.route.startswith("account/")} - pages == set()
    assert [words for words in windows.close() if NOWHERE not in words] == []


def _is_page(page: Page, url: str) -> bool:
    """Opens it. An address that leads elsewhere is looked at where it leads."""
    page.set_viewport_size(LAPTOP)
    page.emulate_media(color_scheme="light")
    answer = page.goto(url)
    assert answer
    return answer.request.redirected_from is None and (answer.ok or url.endswith(NOWHERE))


def _looked_at(page: Page, *, crossed: bool) -> list[tuple[str, str]]:
    found = axe_problems(page)
    page.emulate_media(color_scheme="dark")
    if crossed:
        found += axe_problems(page, *COLORS)
    page.set_viewport_size(PHONE)
    found += problems_of(page, 320, rules=() if crossed else COLORS)
    if crossed:
        page.emulate_media(color_scheme="light")
        found += axe_problems(page, *COLORS)
    return found


# --- which ---------------------------------------------------------------------------------------------------------------------


class Asked(NamedTuple):
    route: str
    who: str
    path: str


def _asked(refs: dict[str, list[str]]) -> Iterator[Asked]:
    for route, entry in OURS:
        rule = declared(entry.callback)
        if rule is None or "GET" not in rule.methods or route in NO_PAGES | PHONE_PAGES:
            continue
        found = refs.get(rule.of, refs["person"])
        paths = list(_paths(route, {**PARTS, "ref": found[-2:] if rule.of == "person" or "/why/" in route else found}))
        who = PEOPLE["front_desk"] if route in AT_THE_DESK else _who(rule.rule)
        yield from (Asked(route, who, path) for path in paths)
        if route in FOR_THE_DESK_TOO:
            yield Asked(route, PEOPLE["front_desk"], paths[0])
    for route, _ in addresses():
        if route.startswith("account/") and "<" not in route and route not in NO_PAGES:
            yield Asked(route, "" if route in FOR_STRANGERS else PEOPLE["owner"], f"/{route}")
    yield Asked(NOWHERE, "", NOWHERE)


def _paths(route: str, parts: dict[str, list[str]]) -> Iterator[str]:
    names = re.findall(r"<\w+:(\w+)>", route)
    for values in product(*(parts[name] for name in names)):
        filled = iter(values)
        yield "/" + re.sub(r"<[^>]+>", lambda _, filled=filled: next(filled), route)


def _who(rule: str) -> str:
    """The first of the people whose role holds the permission."""
    if rule in ("public", "signed_in"):
        return PEOPLE["owner"]
    return next(email for role, email in PEOPLE.items() if rule in ROLES[role].permissions | ROLES[role].needs_license)
