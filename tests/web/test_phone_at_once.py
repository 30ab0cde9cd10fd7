"""One report sent four times at the same moment, on real connections: it is taken once, and all four hear the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rhomboid.web.records import audit, clock, current
from rhomboid.web.records.actions import phone
from rhomboid.web.records.models import HomeSession, PhoneReport

from . import care
from .conftest import NOW, Cast
from .test_plan_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "7c1b3b1e-2f5e-4f43-9d0a-0a6f6d1f2f10"


def test_four_at_once_are_one(cast: Cast) -> None:
    cast.episode.started_on = clock.today() - timedelta(days=7)
    cast.episode.save()
    item = care.item(care.under_care(cast.episode, cast.therapist), "exercise")
    knowledge, body = current.knowledge(), {
        "kind": "exercise", "episode": cast.episode.ref, "done_at": NOW.isoformat(), "item": item.ref, "session": "s1",
        "outcome": "done", "rest": 2, "during": 8, "effort": 3,
    }  # fmt: skip

    def send() -> phone.Received:
        return phone.receive(episode=cast.episode, key=KEY, body=body, knowledge=knowledge, by=cast.patient)

    found = [one for one in at_once(send, send, send, send) if isinstance(one, phone.Received)]
    assert sorted(one.new for one in found) == [False, False, False, True]
    assert all(one.report.answer == found[0].report.answer for one in found)
    assert (PhoneReport.objects.count(), HomeSession.objects.count()) == (1, 1)
    assert list(audit.verify()) == []
