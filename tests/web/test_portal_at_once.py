"""Guesses at a date of birth that arrive at the same moment: each is counted, on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache

from rhomboid.web.records.actions import links
from rhomboid.web.records.models import AuditEvent, PersonalLink

from .conftest import Cast
from .test_plan_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_guesses_at_once_are_all_counted(cast: Cast) -> None:
    cache.clear()
    token = links.token_of(links.issue(episode=cast.episode, by=cast.front_desk))

    def guess(number: int) -> links.Opening:
        return links.accept(token=token, born=date(1950, 1, number), address=f"10.0.0.{number}")

    found = at_once(*(lambda number=number: guess(number) for number in range(1, 9)))  # type: ignore[misc]
    whys = sorted(one.why for one in found if isinstance(one, links.Opening))
    assert whys == ["date"] * 5 + ["waits"] * 3
    assert PersonalLink.objects.get().failed == 5
    assert AuditEvent.objects.filter(action="link.refuse").count() == 8


def test_guesses_at_once_from_one_network_address_are_all_counted(cast: Cast) -> None:
    """Whatever the links they try."""
    cache.clear()
    found = at_once(*(lambda: links.accept(token="no.link", born=date(1950, 1, 1), address="10.9.9.9") for _ in range(8)))
    assert [one.why for one in found if isinstance(one, links.Opening)] == ["unknown"] * 8
    assert links._tries_of("10.9.9.9") == 8


def test_two_who_make_a_link_at_once_make_one(cast: Cast) -> None:
    found = at_once(*(lambda: links.issue(episode=cast.episode, by=cast.front_desk) for _ in range(2)))
    assert found[0] == found[1] == PersonalLink.objects.get()
