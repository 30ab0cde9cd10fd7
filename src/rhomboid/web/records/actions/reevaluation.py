"""Closing a re-evaluation: what was found is kept for good, goals are decided, and a therapist says how care goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction

from ....knowledge import Knowledge
from ....knowledge.care import Reevaluation
from ....reasoning.reevaluation import triggers
from ...accounts.models import User
from .. import audit, bridge, clock, comparison, course, standing
from ..models import Assessment, Episode, Goal
from ..models.assessment import DECISIONS
from . import Refused, goals

FULL = "re_four_weeks"
FEWEST_WORDS = 10
FURTHEST = timedelta(weeks=26)
"""The next re-evaluation is not later than this (prod)."""


@transaction.atomic
def close(
    *,
    episode: Episode,
    decision: str,
    knowledge: Knowledge,
    by: User,
    words: str = "",
    decided: Mapping[str, str] | None = None,
    next_on: date | None = None,
) -> Assessment:
    """Stores the re-evaluation with the therapist's decision (go_on, change, refer, discharge) and the day of the next one.

    `decided` maps the refs of goals to met, not_met or open. Going on although a hard stop is due needs words; while a concern
    holds treatment it is refused.
    """
    if not by.may("sign"):
        raise Refused("Only a licensed therapist closes a re-evaluation", "Record the measures; the therapist decides.")
    episode = Episode.objects.select_for_update(of=("self",)).select_related("person").get(pk=episode.pk)
    _checked(episode, decision, words)
    found = bridge.renew(episode, knowledge, on=clock.today()).assessment
    _hard_stops(episode, decision, words, knowledge)
    kept = bridge.keep(episode, found, occasion="reevaluation")
    kept.decision, kept.words = decision, words.strip()
    kept.save(update_fields=["decision", "words"])
    for ref, state in (decided or {}).items():
        goals.decide(goal=_goal(episode, ref), state=state, by=by)
    episode.reevaluation_on = _next(decision, next_on, knowledge)
    episode.save(update_fields=["reevaluation_on"])
    course.refresh(episode, knowledge, clock.today())
    audit.write(by=by, action="reevaluation.close", person=episode.person, subject=kept.ref, decision=decision)
    return kept


def _checked(episode: Episode, decision: str, words: str) -> None:
    if episode.ended_on:
        raise Refused("This episode has ended", "Open a new one that follows it.")
    if decision not in DECISIONS:
        raise Refused("Choose how care goes on", "Go on, change the plan, refer, or discharge.")
    if decision != "go_on" and len(words.strip()) < FEWEST_WORDS:
        raise Refused("Say why, in a sentence", "What was found, and what follows from it.")


def _hard_stops(episode: Episode, decision: str, words: str, knowledge: Knowledge) -> None:
    if decision not in ("go_on", "change"):
        return
    if episode.held:
        raise Refused("A raised concern holds treatment", "Refer, or lower the concern with a reason first.")
    on = clock.today()
    compared = comparison.compare(episode, knowledge, on=on)
    stops = [
        one for one in triggers(standing.course_of(episode, compared, knowledge, on=on), knowledge) if one.due and one.hard_stop
    ]
    if stops and len(words.strip()) < FEWEST_WORDS:
        raise Refused(
            f"Hard stop: {stops[0].name} ({stops[0].because})", f"{stops[0].action}. To go on, say what was done about it."
        )


def _goal(episode: Episode, ref: str) -> Goal:
    found = Goal.objects.filter(episode=episode, ref=ref).select_related("episode__person").first()
    if found is None:
        raise Refused("This goal is not one of this episode", "Reload the page.")
    return found


def _next(decision: str, next_on: date | None, knowledge: Knowledge) -> date | None:
    """The day of the next re-evaluation; none after a discharge."""
    today = clock.today()
    if decision == "discharge":
        return None
    if next_on and not today < next_on <= today + FURTHEST:
        raise Refused(f"{next_on:%b %-d, %Y} is no day for the next re-evaluation", "A day from tomorrow to half a year from now.")
    return next_on or today + timedelta(days=knowledge.of(Reevaluation)[FULL].days)
