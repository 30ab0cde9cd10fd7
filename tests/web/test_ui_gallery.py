"""The gallery shows every component, says nothing inline, and draws the same whatever the language."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.template import engines
from django.test import Client
from django.utils import translation

from rhomboid.web import ui
from rhomboid.web.accounts.models import User
from tests.web.conftest import Cast

SignedIn = Callable[[User], Client]
ROOT = Path(ui.__file__).parent


def part(text: str, **context: object) -> str:
    return engines["django"].from_string(text).render(context)


@pytest.fixture
def page(cast: Cast, signed_in: SignedIn) -> str:
    return signed_in(cast.therapist).get("/gallery").content.decode()


def test_strangers_do_not_see_it(db: None, client: Client) -> None:
    assert client.get("/gallery").status_code == 302


def test_every_tag_stands_in_the_gallery() -> None:
    source = (ROOT / "templatetags/ui.py").read_text(encoding="utf-8")
    tags = set(re.findall(r"@register\.simple\w*tag[^\n]*\ndef (\w+)", source)) - {"stylesheets", "page_scripts", "frame_url"}
    gallery = (ROOT / "templates/ui/gallery.html").read_text(encoding="utf-8")
    assert len(tags) > 20
    assert {tag for tag in tags if f"{{% {tag} " not in gallery} == set()


def test_every_tag_stands_in_the_readme() -> None:
    source = (ROOT / "templatetags/ui.py").read_text(encoding="utf-8")
    tags = set(re.findall(r"@register\.simple\w*tag[^\n]*\ndef (\w+)", source)) - {"stylesheets", "page_scripts", "frame_url"}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {tag for tag in tags if f"{{% {tag} " not in readme} == set()


def test_the_page_has_nothing_inline(page: str) -> None:
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\bsrc=)", page)


def test_ids_are_unique(page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))


def test_drawings_have_no_comma_in_any_language(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.therapist)
    with translation.override("es"):
        text = client.get("/gallery", headers={"accept-language": "es"}).content.decode()
    numbers = re.findall(r'\s(?:x|y|cx|cy|r|width|height|d|viewBox)="([^"]*)"', text)
    assert len(numbers) > 500
    assert not [number for number in numbers if re.search(r"\d,\d", number)]


def test_what_people_typed_is_escaped() -> None:
    evil = '"><script>alert(1)</script>'
    card = {"name": evil, "lines": [{"word": "because", "text": evil}], "undecided": True, "ask": {"question": evil, "can": evil}}
    shown = part(
        "{% reasoning_card card %}{{ evil }}{% end_reasoning_card %}{% tag evil %}{% because evil %}{% button evil hx_post=evil %}",
        card=card,
        evil=evil,
    )
    shown += part(
        '{% state "conflict" evil evil kept=evil %}{% end_state %}{% field evil "x" evil hint=evil error=evil %}', evil=evil
    )
    assert "<script>" not in shown
    assert shown.count("&lt;script&gt;") >= 10


def test_an_unknown_icon_is_a_mistake_that_is_found() -> None:
    with pytest.raises(KeyError, match="unicorn"):
        part('{% icon "unicorn" %}')


def test_attributes_that_are_not_given_are_left_out() -> None:
    button = part('{% button "Save" hx_post=url data_keep=True disabled=False hx_target=none %}', url="/save", none=None)
    assert button == '<button type="button" class="btn" hx-post="/save" data-keep>Save</button>'


def test_an_error_is_tied_to_its_field() -> None:
    shown = part('{% field "Rotation" "rot" 144 "number" error="Too much" hint="Seated" %}')
    assert 'aria-describedby="id-rot-hint id-rot-error" aria-invalid="true"' in shown
    assert 'id="id-rot-error"' in shown


def test_severity_that_is_not_known_is_not_drawn_as_none() -> None:
    assert "severity not known" in part("{% severity none %}", none=None)
    assert "severity 0 of 3" in part("{% severity 0 %}")
