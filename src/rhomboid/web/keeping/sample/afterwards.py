"""What becomes of an invented person after discharge: check-ins answered on the phone, a flare, or coming back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from ....knowledge import Knowledge
from ...accounts.models import User
from ...records import clock
from ...records.actions import check_ins, coming_back, interviews, links
from ...records.actions.visits import due_questions
from ...records.interviewing import STOPS
from ...records.models import CheckIn, Episode
from ...records.staying_well import HOW_LONG, Standing

WEEKS_AGO = {"discharged": 2, "well": 7, "flare": 7, "back": 7}
"""How a story ends, and how many weeks ago the discharge was. In the first of them the check-in is due about now."""
ANSWERS: dict[str, tuple[tuple[int, str], ...]] = {
    "well": ((0, ""), (0, "")),
    "flare": ((0, ""), (3, "days")),
    "back": ((1, ""), (4, "longer")),
}
"""What is answered at the first two check-ins: by how many points the pain is higher than at discharge, and for how long."""


def afterwards(ends: str, episode: Episode, desk: User, knowledge: Knowledge) -> Iterator[datetime]:
    """Plays the check-ins of a discharged person. Their link is taken back at the end: the demo offers other phones."""
    link = links.issue(episode=episode, by=desk)
    person = link.episode.person.user
    assert person
    for check_in, (more, lasts) in zip(list(episode.check_ins.all()), ANSWERS.get(ends, ()), strict=False):
        yield timezone.make_aware(datetime.combine(check_in.due_on, time(19, 10)))
        _answer(check_in, more, lasts, person, knowledge)
    if ends == "back":
        yield clock.now() + timedelta(minutes=4)
        episode.refresh_from_db()
        coming_back.come_back(episode=episode, knowledge=knowledge, by=person)
    links.revoke(link=link, by=desk)


def _answer(check_in: CheckIn, more: int, lasts: str, person: User, knowledge: Knowledge) -> None:
    left = Standing(check_in, knowledge, clock.today()).baseline
    given: dict[str, Any] = {
        "nrs_average_7d": min(10, round(left.get("nrs_average_7d", 1)) + more),
        "psfs_mean": max(0, round(left.get("psfs_mean", 8)) - more // 2),
        "strength_days_per_week": 0 if more else 2,
        HOW_LONG: lasts or None,
    }
    while (question := Standing(check_in, knowledge, clock.today()).next()) in given:
        check_in = check_ins.answer(
            check_in=check_in, question=str(question), value=given[str(question)], knowledge=knowledge, by=person
        )
    opened = check_ins.begin_safety(check_in=check_in, knowledge=knowledge, by=person)
    assert opened.interview
    for question in (STOPS, *(one.id for one in due_questions(knowledge))):
        value: Any = [] if question == STOPS else False
        interviews.answer(interview=opened.interview, question=question, value=value, knowledge=knowledge, by=person)
    check_ins.finish(check_in=opened, knowledge=knowledge, by=person)
