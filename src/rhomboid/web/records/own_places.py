"""A person's own desk, phone, bag and bed: what is asked there, what to change, and what it was like before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ...knowledge import Knowledge
from ...knowledge.care import OwnPlace
from ...knowledge.model import Posture
from ...reasoning.assess import Assessment
from ...reasoning.explain import Explainer
from ...vocabulary.finding import Finding as Entry
from . import bridge
from .models import Episode, Finding, PhoneReport
from .understanding import assessed

LOOK, CHANGE = "look", "change"
METHOD = "own places"
MOST_CHANGES = 3
"""More than three things at a time nobody changes (prod)."""


@dataclass(frozen=True, slots=True)
class Then:
    """The answers to one question: what held at the first look, and the newest one of a later day."""

    entry: Entry
    before: Finding
    after: Finding | None


@dataclass(frozen=True, slots=True)
class Place:
    """One place. `asks` are the questions that apply; `changes` the advice to follow now; `changed` what was changed, and when."""

    id: str
    entry: OwnPlace
    asks: tuple[Entry, ...]
    changes: tuple[Posture, ...]
    changed: Mapping[str, date]
    looked: date | None
    answers: tuple[Then, ...]

    @property
    def again_on(self) -> date | None:
        """From when the same is asked again: some days after the last change that nobody has looked at since."""
        last = max(self.changed.values(), default=None)
        if last is None or self.looked is None or self.looked > last:
            return None
        return last + timedelta(days=self.entry.again_days)


def places(episode: Episode, knowledge: Knowledge, on: date) -> tuple[Place, ...]:
    """All places with a question that applies to the person. A constant number of queries."""
    known = assessed(episode, knowledge, on)
    rows = bridge.standing_findings(episode, on)
    reports = list(PhoneReport.objects.filter(episode=episode, kind__in=(LOOK, CHANGE)).order_by("id").values_list("kind", "body"))
    found = (_place(one, known, rows, reports, knowledge) for one in knowledge.of(OwnPlace).values())
    return tuple(one for one in found if one.asks)


def _place(
    entry: OwnPlace,
    known: Assessment | None,
    rows: Sequence[Finding],
    reports: Iterable[tuple[str, dict[str, str]]],
    knowledge: Knowledge,
) -> Place:
    looked = [date.fromisoformat(body["on"]) for kind, body in reports if kind == LOOK and body["place"] == entry.id]
    changed = {
        body["advice"]: date.fromisoformat(body["on"])
        for kind, body in reports
        if kind == CHANGE and body["advice"] in entry.advice
    }
    asks = tuple(one for one in _entries(entry, knowledge) if known is None or Explainer(known.facts).worth_asking(one.id))
    return Place(
        id=entry.id,
        entry=entry,
        asks=asks,
        changes=_changes(entry, known, knowledge) if looked else (),
        changed=changed,
        looked=max(looked, default=None),
        answers=tuple(filter(None, (_then(one, rows, min(looked, default=date.max)) for one in asks))),
    )


def _entries(entry: OwnPlace, knowledge: Knowledge) -> Iterable[Entry]:
    return (knowledge.vocabulary.findings[name] for name in entry.asks)


def _changes(entry: OwnPlace, known: Assessment | None, knowledge: Knowledge) -> tuple[Posture, ...]:
    """The advice whose own rule holds, in the order of the place."""
    advice = [knowledge.of(Posture)[name] for name in entry.advice]
    fitting = [one for one in advice if known and one.offer_when and known.facts.truth(one.offer_when)]
    return tuple(fitting[:MOST_CHANGES])


def _then(entry: Entry, rows: Sequence[Finding], first_look: date) -> Then | None:
    told = [row for row in rows if row.finding == entry.id and row.value is not None]
    if not told:
        return None
    before = [row for row in told if row.observed_on <= first_look]
    after = [row for row in told if row.observed_on > first_look]
    return (
        Then(entry, before[-1], after[-1] if after else None) if before else Then(entry, after[0], after[-1] if after[1:] else None)
    )
