"""What needs somebody, for the column on the right of Today: the most urgent first, each with its because and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from ...knowledge import Knowledge
from ...knowledge.care import UrgencyRoute
from ...knowledge.model import HOLDING, Condition
from ...reasoning.letter import private_conditions
from ..records import clock, lists
from ..records.models import Concern, Episode, Referral

SHOWN = 4
MOST_OF_ONE = 8
LONGEST_REASON = 70
ANSWER_WITHIN = {"emergency_now": 1, "same_day": 1, "urgent_days": 7, "routine_referral": 42}
"""Days after which a letter without an answer is overdue, by its urgency: the ends of the times the urgencies allow (prod)."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """The fastest concern of an episode that nobody has been told of, and what else was raised with it."""

    concern: Concern
    name: str
    within: str
    draft: Referral | None
    also: tuple[str, ...]
    private: bool

    @property
    def episode(self) -> Episode:
        return self.concern.episode

    @property
    def because(self) -> str:
        return because_of(self.concern)


@dataclass(frozen=True, slots=True)
class Some:
    """The first few of something, and how many there are."""

    rows: list[object]
    count: int

    @property
    def rest(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Urgent:
    """What somebody told a phone and nobody has seen, and the concerns that nobody has been told of."""

    alerts: Some
    alarms: Some

    @property
    def count(self) -> int:
        return self.alerts.count + self.alarms.count

    @property
    def people(self) -> set[str]:
        return _people(self.alerts, self.alarms)


@dataclass(frozen=True, slots=True)
class Needs:
    """What waits besides."""

    off_track: Some
    overdue: Some
    waiting: Some
    messages: Some
    to_confirm: Some
    plans: Some
    notes: Some
    letters: Some
    due: Some

    @property
    def to_sign(self) -> int:
        return self.plans.count + self.notes.count + self.letters.count

    @property
    def groups(self) -> tuple[Some, ...]:
        to_sign = (self.plans, self.notes, self.letters)
        return (self.off_track, self.overdue, self.waiting, self.messages, self.to_confirm, *to_sign, self.due)

    @property
    def count(self) -> int:
        return sum(one.count for one in self.groups)

    @property
    def people(self) -> set[str]:
        return _people(*self.groups)


def _people(*groups: Some) -> set[str]:
    """Whose lines are shown, for the audit trail."""
    rows: Iterator[Any] = (row for one in groups for row in one.rows)
    return {getattr(row, "episode", row).person.ref for row in rows}


def urgent_of(scope: lists.Scope, knowledge: Knowledge, concerns: int) -> Urgent:
    """`concerns` is how many episodes of the caseload have one raised."""
    return Urgent(_some(lists.alerts(scope), by_keys=True), _alarms(scope, knowledge, concerns))


def needs_of(scope: lists.Scope, may_sign: bool) -> Needs:
    counts, many = lists.counts(scope), not scope.mine
    return Needs(
        off_track=_some(lists.off_track(scope).select_related("person"), counts["off_track"], by_keys=many),
        overdue=_some(overdue(lists.unanswered(scope), scope.today)),
        waiting=_some(waiting(lists.unanswered(scope))),
        messages=_some(lists.messages_waiting(scope)),
        to_confirm=_some(lists.to_confirm(scope).select_related("person"), counts["to_confirm"], by_keys=many),
        plans=_some(lists.plan_drafts(scope)) if may_sign else Some([], 0),
        notes=_some(lists.note_drafts(scope)),
        letters=_some(lists.letter_drafts(scope)),
        due=_some(lists.reevaluation_due(scope).select_related("person"), counts["reevaluation"], by_keys=many),
    )


def _some(rows: QuerySet[Any], count: int | None = None, *, by_keys: bool = False) -> Some:
    """The first few; `count` where somebody has counted them already; `by_keys` where there may be thousands."""
    first: list[object] = lists.first_of(rows, SHOWN + 1) if by_keys else list(rows[: SHOWN + 1])
    if len(first) <= SHOWN:
        return Some(first, len(first))
    return Some(first[:SHOWN], lists.count(rows) if count is None else count)


def _alarms(scope: lists.Scope, knowledge: Knowledge, counted: int) -> Some:
    """One card for each person, with the fastest concern in front."""
    private = private_conditions(knowledge)
    rows = lists.to_act(scope, private)
    placed = list(rows.values_list("pk", "episode")[: SHOWN * MOST_OF_ONE])
    episodes = list(dict.fromkeys(episode for _, episode in placed))
    first = lists.of_keys(rows, [key for key, episode in placed if episode in episodes[:SHOWN]])
    by_episode: dict[int, list[Concern]] = {}
    for one in first:
        by_episode.setdefault(one.episode_id, []).append(one)
    drafts = {one.concern_id: one for one in Referral.objects.filter(concern__in=[one.pk for one in first], state="draft")}
    alarms: list[object] = [_alarm(found, knowledge, drafts, private) for found in by_episode.values()]
    complete = len(placed) < SHOWN * MOST_OF_ONE
    return Some(alarms, len(episodes) if complete else counted)


def _alarm(found: list[Concern], knowledge: Knowledge, drafts: Mapping[int | None, Referral], private: frozenset[str]) -> Alarm:
    first, *rest = found
    draft = next((drafts[one.pk] for one in found if one.pk in drafts), None)
    also = tuple(name_of(one.condition, knowledge) for one in rest)
    return Alarm(
        first, name_of(first.condition, knowledge), within_of(first.urgency, knowledge), draft, also, first.condition in private
    )


def because_of(concern: Concern, most: int = 3) -> str:
    """The first reasons in a line; a list of regions is left to the evaluation when there is something shorter to say."""
    brief = [words for words in concern.because if len(words) <= LONGEST_REASON] or concern.because
    more = len(concern.because) - len(brief[:most])
    return "; ".join(brief[:most]) + (f"; and {more} more" if more else "")


def name_of(condition: str, knowledge: Knowledge) -> str:
    """The name of a condition; its id when the knowledge no longer has it."""
    found = knowledge.of(Condition).get(condition)
    return found.name if found else condition.replace("_", " ")


def within_of(urgency: str, knowledge: Knowledge) -> str:
    route = knowledge.of(UrgencyRoute).get(urgency)
    return route.within if route else ""


def overdue(letters: QuerySet[Referral], today: date) -> QuerySet[Referral]:
    """The letters whose answer is late for their urgency."""
    return letters.filter(_late())


def waiting(letters: QuerySet[Referral]) -> QuerySet[Referral]:
    """The letters that hold treatment until they are answered, and are not late yet."""
    return letters.filter(urgency__in=HOLDING).exclude(_late())


def _late() -> Q:
    late = Q()
    for urgency, days in ANSWER_WITHIN.items():
        late |= Q(urgency=urgency, sent_at__lt=clock.now() - timedelta(days=days))
    return late


def is_overdue(letter: Referral) -> bool:
    if letter.state != "sent" or letter.sent_at is None:
        return False
    return clock.now() - letter.sent_at > timedelta(days=ANSWER_WITHIN.get(letter.urgency, 42))
