"""After discharge: which check-in is open, what it asks next, and what the answers come to. It only reads.

The questions, the days after which a flare is a call, and the change that matters are knowledge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from ...knowledge import Knowledge
from ...knowledge.care import Instrument, StayingWell
from .course import PAIN
from .models import CheckIn, Discharge, Episode, Finding

HOW_LONG, SAFETY = "worse_for", "safety"
"""The two questions of a check-in that are no measure: how long it has been worse, and the re-screen."""
DAYS, LONGER = "days", "longer"
FLARE = "sw_flare"
Result = Literal["well", "flare", "recurrence", "danger", "unclear"]


@dataclass(frozen=True, slots=True)
class Change:
    """A measure that is worse than at discharge by what matters; `then` is None where it was not known then."""

    finding: str
    then: float | None
    now: float


@dataclass(frozen=True)
class Standing:
    """A check-in as far as it has come."""

    check_in: CheckIn
    knowledge: Knowledge
    on: date

    @property
    def answers(self) -> Mapping[str, Any]:
        return dict(self.check_in.answers)

    @cached_property
    def baseline(self) -> dict[str, float]:
        """What was measured at discharge."""
        row = Discharge.objects.filter(episode=self.check_in.episode_id).select_related("assessment").first()
        found = row.assessment.findings if row else {}
        return {name: float(found[name]) for name in asks(self.knowledge) if isinstance(found.get(name), int | float)}

    @property
    def worse(self) -> tuple[Change, ...]:
        return tuple(found for name in asks(self.knowledge) if (found := self._worse(name)))

    def _worse(self, name: str) -> Change | None:
        now, matters = self.answers.get(name), change_that_matters(name, self.knowledge)
        if now is None or matters is None:
            return None
        then = self.baseline.get(name)
        limit = then + matters if then is not None else self.knowledge.vocabulary.findings[name].normal
        if not isinstance(limit, int | float):
            return None
        sign = -1 if higher_is_better(name, self.knowledge) else 1
        if then is None:
            return Change(name, None, float(now)) if sign * (now - limit) > 0 else None
        return Change(name, then, float(now)) if sign * (now - then) >= matters else None

    def next(self) -> str | None:
        """The question to ask next; None at the end."""
        return next((name for name in self.steps if not self._settled(name)), None)

    @property
    def steps(self) -> list[str]:
        return [*asks(self.knowledge), *([HOW_LONG] if self.worse else []), SAFETY]

    def _settled(self, name: str) -> bool:
        if name == SAFETY:
            return bool(self.check_in.interview and self.check_in.interview.finished_at)
        return name in self.answers

    def result(self) -> Result:
        """What the answers come to, once all are given."""
        interview = self.check_in.interview
        if interview and interview.outcome.get("action", "go_on") not in ("go_on", "left"):
            return "danger"
        if self.worse:
            return "recurrence" if self.answers.get(HOW_LONG) == LONGER else "flare"
        known = [name for name in asks(self.knowledge) if change_that_matters(name, self.knowledge) is not None]
        return "well" if all(self.answers.get(name) is not None for name in known) else "unclear"


def asks(knowledge: Knowledge) -> tuple[str, ...]:
    """The measures that a check-in asks for, in order."""
    return tuple(dict.fromkeys(name for one in knowledge.of(StayingWell).values() for name in one.asks))


def flare_of(knowledge: Knowledge) -> StayingWell | None:
    return knowledge.of(StayingWell).get(FLARE)


def change_that_matters(finding: str, knowledge: Knowledge) -> float | None:
    """The change of a measure that matters to patients, in its points; None where no number is known."""
    found = _instrument(finding, knowledge)
    return found.mcid if found else None


def higher_is_better(finding: str, knowledge: Knowledge) -> bool:
    found = _instrument(finding, knowledge)
    return bool(found and found.higher == "better")


def _instrument(finding: str, knowledge: Knowledge) -> Instrument | None:
    name = PAIN[0] if finding in PAIN else finding
    return next((one for one in knowledge.of(Instrument).values() if one.finding == name), None)


# --- which check-in ----------------------------------------------------------------------------------------------------------


def open_check_in(episode: Episode, on: date) -> CheckIn | None:
    """The check-in that waits for an answer: the last one that is due. One that was missed is not asked for later."""
    last = episode.check_ins.filter(due_on__lte=on).select_related("interview").order_by("-due_on", "-id").first()
    return last if last and last.answered_at is None else None


def next_check_in(episode: Episode, on: date) -> CheckIn | None:
    """The next one that is still to come."""
    return episode.check_ins.filter(due_on__gt=on).order_by("due_on", "id").first()


# --- coming back -------------------------------------------------------------------------------------------------------------


def lasting(episode: Episode, knowledge: Knowledge) -> list[Finding]:
    """What is known of a person for good: each with the day it is from. A no may have changed, and is not among them."""
    rows = Finding.objects.filter(episode=episode, finding__in=list(lasting_findings(knowledge)), value__isnull=False).standing()
    newest = {row.finding: row for row in rows}
    return [newest[name] for name in lasting_findings(knowledge) if name in newest and newest[name].value is not False]


def lasting_findings(knowledge: Knowledge) -> Iterator[str]:
    return (name for name, one in knowledge.vocabulary.findings.items() if one.lasting)
