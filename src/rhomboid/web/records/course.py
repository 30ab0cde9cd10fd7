"""How episodes have gone so far, read for a whole list at once with a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import Count, Max, Q
from django.utils import timezone

from ...knowledge import Knowledge
from ...measures import change
from . import track
from .models import Episode, Finding, Goal, HomeSession, PlanOfCare

PAIN = ("nrs_average_7d", "nrs_now", "nrs_worst_24h")
"""What a curve of pain is drawn from: the first of these that was ever recorded in the episode."""
FUNCTION = ("psfs_mean",)
Tick = Literal["done", "half", "missed", "none"]
Series = list[tuple[date, float]]


@dataclass(frozen=True, slots=True)
class Course:
    """One episode: its pain, what the off-track rule reads, and its last two weeks at home, oldest day first."""

    measure: str
    rule: track.Course
    home: tuple[Tick, ...]

    @property
    def pain(self) -> Series:
        return list(self.rule.pain)


def error_and_matters(knowledge: Knowledge, finding: str, first: float) -> tuple[float | None, float | None]:
    """The change of a measure that is not chance and the one that matters to patients; None where no number is known.

    The ratings of pain now and at its worst share the numbers of the one that has an entry: it is the same scale.
    """
    found = change(PAIN[0] if finding in PAIN else finding, first, None, knowledge)
    return found.error, found.matters


def courses(episodes: Iterable[Episode], knowledge: Knowledge, on: date, *, late_only: bool = False) -> dict[int, Course]:
    """The course of each episode. Six queries, however many there are.

    With `late_only` the goals that are not late yet are left out: a list of the day reads hundreds of them for nothing.
    """
    ids = [one.pk for one in episodes]
    open_goals = Goal.objects.filter(episode__in=ids, state="open", due_on__isnull=False).order_by()
    open_goals = open_goals.filter(due_on__lt=on) if late_only else open_goals
    # Not whole rows: a page of lists reads some hundreds of goals and needs little of each.
    goals: list[Any] = [*open_goals.values_list("episode_id", "finding", "due_on", "target", "better", named=True)]
    measured = _measured(ids, {*PAIN, *(goal.finding for goal in goals if goal.finding)})
    days, since, due = _home(ids, on), _programs(ids), _due(goals, measured)
    last = dict(HomeSession.objects.filter(episode__in=ids, on__lte=on).order_by().values_list("episode").annotate(Max("on")))
    pain = {id_: _pain(measured[id_]) for id_ in ids}
    return {
        id_: Course(
            pain[id_][0],
            track.Course(
                tuple(pain[id_][1]),
                _matters(knowledge, *pain[id_]),
                since.get(id_),
                frozenset({*days[id_], *filter(None, [last.get(id_)])}),
                tuple(due[id_]),
            ),
            _ticks(days[id_], on),
        )
        for id_ in ids
    }


def _matters(knowledge: Knowledge, measure: str, series: Series) -> float | None:
    return error_and_matters(knowledge, measure, series[0][1])[1] if series else None


def off_track_on(episode: Episode, knowledge: Knowledge, on: date) -> date | None:
    """The day that stands in the table: from it on the episode is off track, if nothing more is reported."""
    if episode.stage != "care":
        return None
    return track.off_track_on(courses([episode], knowledge, on)[episode.pk].rule, on)


def refresh(episode: Episode, knowledge: Knowledge, on: date) -> None:
    """Writes that day anew. Part of every action that changes pain, home sessions, goals or the plan in force."""
    episode.off_track_on = off_track_on(episode, knowledge, on)
    episode.save(update_fields=["off_track_on"])


def _measured(ids: list[int], names: set[str]) -> Mapping[int, dict[str, Series]]:
    """The numbers of some findings over time, oldest first."""
    rows = Finding.objects.filter(episode__in=ids, finding__in=names).standing().order_by("observed_on", "id")
    found: dict[int, dict[str, Series]] = defaultdict(lambda: defaultdict(list))
    for episode, name, value, on in rows.values_list("episode", "finding", "value", "observed_on"):
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[episode][name].append((on, float(value)))
    return found


def _pain(series: Mapping[str, Series]) -> tuple[str, Series]:
    name = next((name for name in PAIN if name in series), PAIN[0])
    return name, list(series.get(name, ()))


def _home(ids: list[int], on: date) -> Mapping[int, dict[date, tuple[int, int]]]:
    """The days with a report of the last two weeks: exercises done, and exercises reported."""
    first = on - timedelta(days=track.WINDOW)
    rows = (
        HomeSession.objects.filter(episode__in=ids, on__range=(first, on), cleared=False)
        .order_by()
        .values("episode", "on")
        .annotate(done=Count("id", filter=Q(completed=True)), told=Count("id"))
    )
    found: dict[int, dict[date, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        found[row["episode"]][row["on"]] = (row["done"], row["told"])
    return found


def _ticks(days: Mapping[date, tuple[int, int]], on: date) -> tuple[Tick, ...]:
    return tuple(_tick(days.get(on - timedelta(days=ago))) for ago in range(track.WINDOW - 1, -1, -1))


def _tick(told: tuple[int, int] | None) -> Tick:
    if told is None:
        return "none"
    done, all_ = told
    return "missed" if not done else "done" if done == all_ else "half"


def _programs(ids: list[int]) -> dict[int, date]:
    """Since when there is a signed plan: the day of the first signature."""
    # Said as what is left out, so that SQLite without statistics comes by the episodes and not by all plans in force.
    rows = PlanOfCare.objects.filter(episode__in=ids).exclude(state__in=("draft", "dropped")).order_by("-version")
    return {episode: timezone.localtime(at).date() for episode, at in rows.values_list("episode", "signed_at") if at}


def _due(goals: Iterable[Any], measured: Mapping[int, dict[str, Series]]) -> Mapping[int, list[date]]:
    """The days on which open goals are due. One without a measure, or met by the newest value, only waits to be decided."""
    found: dict[int, list[date]] = defaultdict(list)
    for goal in goals:
        if goal.due_on and not _settled(goal, measured[goal.episode_id].get(goal.finding, [])):
            found[goal.episode_id].append(goal.due_on)
    return found


def _settled(goal: Any, series: Series) -> bool:
    if goal.target is None or not goal.better:
        return True
    if not series:
        return False
    return bool(series[-1][1] >= goal.target if goal.better == "up" else series[-1][1] <= goal.target)
