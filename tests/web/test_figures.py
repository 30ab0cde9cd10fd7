"""The pictures' public address and their tags."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils.translation import override

from rhomboid.web.ui.figures import address, version

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
