"""Every address, as every role and as a stranger: who is not meant to be there gets nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from rhomboid.web.accounts.models import User
from rhomboid.web.accounts.roles import ROLES
from rhomboid.web.records.access import Access, declared

from .conftest import Cast

OTHERS = "account/"
"""Addresses of django-allauth: signing in and out, second factor, sessions. They hold no records and guard themselves."""


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        else:
            yield route, entry


OURS = [(route, entry) for route, entry in addresses() if not route.startswith(OTHERS)]
GUARDED = [(route, entry, rule) for route, entry in OURS if (rule := declared(entry.callback)) and rule.rule != "public"]


def test_every_view_declares_who_may_use_it() -> None:
    assert OURS
    assert [route for route, entry in OURS if declared(entry.callback) is None] == []


def path_of(route: str, refs: dict[str, str], rule: Access) -> str:
    """An address with its parts filled in: `ref` by a real record of the kind the view declares, others by something harmless."""
    import re

    def fill(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(":")
        if name == "ref":
            return refs.get(rule.of, "nothing")
        return "1" if kind == "int" else "x"

    return "/" + re.sub(r"<([^>]+)>", fill, route)


def refs_of(episode: Any) -> dict[str, str]:
    from rhomboid.web.records import models

    found = {"episode": episode.ref, "person": episode.person.ref}
    for kind, model in (
        ("visit", models.Visit), ("note", models.Note), ("plan", models.PlanOfCare), ("referral", models.Referral),
        ("document", models.Document), ("concern", models.Concern), ("finding", models.Finding),
    ):  # fmt: skip
        row = model.objects.filter(episode=episode).first()
        if row is not None:
            found[kind] = row.ref
    return found


def tried(client: Client, rule: Access, path: str) -> int:
    method = rule.methods[0].lower()
    return getattr(client, method)(path).status_code


@pytest.mark.parametrize(("route", "entry", "rule"), GUARDED, ids=[route or "/" for route, _, _ in GUARDED])
def test_a_stranger_is_sent_to_sign_in(route: str, entry: URLPattern, rule: Access, cast: Cast) -> None:
    response = Client().get(path_of(route, refs_of(cast.episode), rule))
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


@pytest.mark.parametrize("role", list(ROLES))
@pytest.mark.parametrize(("route", "entry", "rule"), GUARDED, ids=[route or "/" for route, _, _ in GUARDED])
def test_who_lacks_the_permission_is_refused(
    role: str, route: str, entry: URLPattern, rule: Access, cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    somebody: User = getattr(cast, role)
    if rule.rule == "signed_in" or somebody.may(rule.rule):  # type: ignore[arg-type]
        pytest.skip("this role may")
    assert tried(signed_in(somebody), rule, path_of(route, refs_of(cast.episode), rule)) == 403


@pytest.mark.parametrize(
    ("route", "entry", "rule"), [one for one in GUARDED if one[2].of], ids=[route for route, _, rule in GUARDED if rule.of]
)
def test_somebody_elses_record_does_not_exist(
    route: str, entry: URLPattern, rule: Access, cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    path = path_of(route, refs_of(cast.other), rule)
    for somebody in (cast.patient, cast.assistant):
        expected = 404 if somebody.may(rule.rule) else 403  # type: ignore[arg-type]
        assert tried(signed_in(somebody), rule, path) == expected
