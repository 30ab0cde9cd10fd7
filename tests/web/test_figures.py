"""The pictures' public address and their tags."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils.translation import override

from rhomboid.web.accounts.models import User
from rhomboid.web.ui.figures import address, version
from tests.web.conftest import Cast
from tests.web.plan_people import proposed

NAME = "ex_mob_open_book"


def test_a_picture_is_public_and_kept() -> None:
    answer = Client().get(address(NAME))
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    assert Client().get(address(NAME), headers={"If-None-Match": f'"{version()}"'}).status_code == 304


def test_still_mirrored_and_in_spanish() -> None:
    still = Client().get(address(NAME, mirrored=True, still="end", language="es")).content.decode()
    assert "<animate" not in still
    assert "lado izquierdo" in still
    assert "matrix(-1" in still


@pytest.mark.django_db
def test_a_picture_is_the_same_for_everybody_whoever_asks(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    answer = signed_in(cast.therapist).get(address(NAME))
    assert not answer.has_header("Vary")
    assert not answer.cookies
    assert "default-src" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_plan_shows_the_picture_beside_the_dose(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    plan = proposed(cast.episode, cast.therapist)
    page = signed_in(cast.therapist).get(f"/plans/{plan.ref}").content.decode()
    drawn = set(
        re.findall(r'<img src="/figures/(\w+)\.svg[^"]*still=end[^"]*" alt="" loading="lazy" width="104" height="78">', page)
    )
    assert drawn == set(plan.lines.filter(item__kind="exercise").values_list("item__intervention", flat=True))
    assert page.count('<p class="dose tn">') >= len(drawn) > 0


@pytest.mark.django_db
def test_what_is_not_there_is_not_found() -> None:
    for path in ("/figures/ex_nothing.svg", f"/figures/{NAME}.svg?still=middle", f"/figures/{NAME}.svg?lang=xx"):
        assert Client().get(path).status_code == 404


def test_the_tag_draws_inside_the_page_without_a_style() -> None:
    drawn = Template('{% load ui %}{% figure name still="start" %}{% figure "ex_nothing" %}').render(Context({"name": NAME}))
    assert drawn.count("<svg") == 1
    assert "<style" not in drawn
    with override("es"):
        assert "Acostado" in Template("{% load ui %}{% figure name %}").render(Context({"name": NAME}))
    assert (
        Template("{% load ui %}{% figure_url name %}").render(Context({"name": NAME})).startswith(f"/figures/{NAME}.svg?still=end")
    )
