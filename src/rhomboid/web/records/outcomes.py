"""What comes after discharge, for the whole clinic: who answers the check-ins, who has a flare, who comes back. It only counts.

Everything is counted by the database over an index, in four queries for ten people and for fifty thousand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from .lists import Scope, first_of
from .models import CheckIn, Episode
from .models.check_in import RESULTS

MONTHS = 12
LEAST = 5
"""Fewer people than this give no rate: it would say more about them than about the clinic."""
TIME_TO_ANSWER = timedelta(days=14)
SOON = timedelta(days=7)
"""How long a check-in may wait before it counts as not answered, and how far ahead the people to call are listed (prod)."""
MOST = 20


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many. `people` stand behind it."""

    part: int
    of: int
    people: int

    @property
    def percent(self) -> int | None:
        """None where too few people stand behind it."""
        return round(100 * self.part / self.of) if self.people >= LEAST and self.of else None


@dataclass(frozen=True, slots=True)
class Month:
    """The check-ins that were due in a month, and the people who were discharged in it.

    `response` is over those who have had the time to answer; `waiting` counts the others. `back` is over the discharged.
    """

    first: date
    due: int
    waiting: int
    response: Rate
    well: Rate
    flare: Rate
    recurrence: Rate
    danger: int
    unclear: int
    back: Rate
    returned: int

    @property
    def empty(self) -> bool:
        return not (self.due or self.back.of or self.returned)


@dataclass(frozen=True, slots=True)
class Outcomes:
    months: tuple[Month, ...]
    to_call: tuple[CheckIn, ...]

    @property
    def shown(self) -> tuple[Month, ...]:
        """The months back to the first in which anything happened."""
        last = max((place for place, one in enumerate(self.months) if not one.empty), default=0)
        return self.months[: last + 1]

    @property
    def empty(self) -> bool:
        return all(one.empty for one in self.months) and not self.to_call


def outcomes(scope: Scope) -> Outcomes:
    """The last months, the newest first, and whom to call."""
    firsts = list(_months(scope.today))
    asked, discharged = _asked(scope, firsts), _discharged(scope, firsts)
    returned = _returned(scope, firsts)
    rows = (
        _month(first, asked.get(place, {}), discharged.get(place, {}), returned.get(place, {}))
        for place, first in enumerate(firsts)
    )
    return Outcomes(tuple(rows), tuple(first_of(to_call(scope), MOST)))


def to_call(scope: Scope) -> QuerySet[CheckIn]:
    """Calls and visits that were agreed for these days, and nothing has been heard on the phone yet."""
    rows = CheckIn.objects.filter(answered_at=None, optional=False, kind__in=("call", "visit"), episode__stage="discharged")
    rows = rows.filter(due_on__gte=scope.today - TIME_TO_ANSWER, due_on__lte=scope.today + SOON)
    return scope.of(rows).select_related("episode__person", "episode__therapist").order_by("due_on", "pk")


def _months(today: date) -> Iterator[date]:
    first = today.replace(day=1)
    for _ in range(MONTHS):
        yield first
        first = (first - timedelta(days=1)).replace(day=1)


def _by_month(rows: QuerySet[Any], day: str, firsts: list[date], today: date, **counts: Any) -> dict[int, dict[str, int]]:
    """Counts by the place of a month in the list. Comparing days is native to every database; taking months from them is not."""
    place = Case(
        *(When(**{f"{day}__gte": first}, then=Value(number)) for number, first in enumerate(firsts)), output_field=IntegerField()
    )
    rows = rows.filter(**{f"{day}__gte": firsts[-1], f"{day}__lte": today}).order_by()
    return {one["place"]: one for one in rows.annotate(place=place).values("place").annotate(**counts)}


def _asked(scope: Scope, firsts: list[date]) -> dict[int, dict[str, int]]:
    ripe, answered = Q(due_on__lte=scope.today - TIME_TO_ANSWER), ~Q(result="")
    results = {result: Count("pk", filter=Q(result=result)) for result in RESULTS}
    return _by_month(
        scope.of(CheckIn.objects.filter(optional=False)),
        "due_on",
        firsts,
        scope.today,
        due=Count("pk"),
        ripe=Count("pk", filter=ripe),
        ripe_answered=Count("pk", filter=ripe & answered),
        waiting=Count("pk", filter=~ripe & ~answered),
        people=Count("episode", distinct=True),
        people_answered=Count("episode", distinct=True, filter=answered),
        **results,
    )


def _discharged(scope: Scope, firsts: list[date]) -> dict[int, dict[str, int]]:
    again = Exists(Episode.objects.filter(follows=OuterRef("pk")).order_by())
    rows = _episodes(scope).filter(stage="discharged").annotate(again=again)
    return _by_month(rows, "ended_on", firsts, scope.today, people=Count("pk"), back=Count("pk", filter=Q(again=True)))


def _returned(scope: Scope, firsts: list[date]) -> dict[int, dict[str, int]]:
    rows = _episodes(scope).filter(follows__isnull=False)
    return _by_month(rows, "started_on", firsts, scope.today, people=Count("pk"))


def _episodes(scope: Scope) -> QuerySet[Episode]:
    found = Episode.objects.visible_to(scope.user)
    return found.filter(therapist=scope.user) if scope.mine else found


def _month(first: date, asked: dict[str, int], discharged: dict[str, int], returned: dict[str, int]) -> Month:
    answered = sum(asked.get(result, 0) for result in RESULTS)
    people = asked.get("people_answered", 0)

    def of_answered(result: str) -> Rate:
        return Rate(asked.get(result, 0), answered, people)

    return Month(
        first=first,
        due=asked.get("due", 0),
        waiting=asked.get("waiting", 0),
        response=Rate(asked.get("ripe_answered", 0), asked.get("ripe", 0), asked.get("people", 0)),
        well=of_answered("well"),
        flare=of_answered("flare"),
        recurrence=of_answered("recurrence"),
        danger=asked.get("danger", 0),
        unclear=asked.get("unclear", 0),
        back=Rate(discharged.get("back", 0), discharged.get("people", 0), discharged.get("people", 0)),
        returned=returned.get("people", 0),
    )
