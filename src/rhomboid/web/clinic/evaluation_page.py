"""Everything an evaluation page is made of, read with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...knowledge import Knowledge, entry_digest
from ...knowledge.model import Condition, Contraindication, Factor, Pattern
from ...reasoning.assess import Assessment
from ...vocabulary.finding import Entry
from ..accounts.models import User
from ..records import bridge, clock, current
from ..records.models import Concern, Episode, Finding, Referral, SignOff
from .evaluation_layout import Layout, Place, layout_of
from .evaluation_lines import Column
from .evaluation_reasoning import column_of
from .evaluation_rows import Conflict, Row, Section, Standing, Tab, row_of, section_of, standing_of, tabs_of

FIRST_SAID, FIRST_EXAM = "said-symptoms", "vitals"
MARKED: dict[str, type[Entry]] = {
    "condition": Condition,
    "pattern": Pattern,
    "factor": Factor,
    "contraindication": Contraindication,
}
"""The kinds of rules that act on this page, by the name of their table."""
LEVELS = tuple(f"T{number}" for number in range(1, 13))
MOBILITY = {"hypo": "stiff", "hyper": "loose", "normal": "normal"}

_working: dict[str, frozenset[tuple[str, str, str]]] = {}


def working_rules(knowledge: Knowledge) -> frozenset[tuple[str, str, str]]:
    """Kind, id and digest of every working rule that acts on this page, computed once for a version of the knowledge."""
    if knowledge.version not in _working:
        _working.clear()
        _working[knowledge.version] = frozenset(
            (kind, entry.id, entry_digest(entry))
            for kind, model in MARKED.items()
            for entry in knowledge.of(model).values()
            if entry.evidence == "prod"
        )
    return _working[knowledge.version]


def unsigned(knowledge: Knowledge) -> frozenset[tuple[str, str]]:
    """The working rules that this clinic has not signed off, by kind and id. One query."""
    signed = set(SignOff.objects.filter(withdrawn_at=None, kind__in=MARKED).values_list("kind", "entry", "digest"))
    return frozenset((kind, entry) for kind, entry, _ in working_rules(knowledge) - signed)


@dataclass(frozen=True)
class Evaluation:
    """One evaluation as it stands: the record, what the reasoning makes of it, and where the next question lies."""

    episode: Episode
    knowledge: Knowledge
    layout: Layout
    assessment: Assessment
    findings: tuple[Finding, ...]
    standing: Standing
    column: Column
    tabs: Mapping[str, list[Tab]]

    def section(self, key: str) -> Section:
        return section_of(self.place(key), self.standing)

    def place(self, key: str) -> Place:
        """The section of that key, else the first that holds something to do."""
        return self.layout.places.get(key) or self.layout.places[self.first]

    @property
    def first(self) -> str:
        """Where to begin: at the patient's answers that wait for a confirmation, else with the vital signs."""
        waiting = (row.finding for row in self.standing.known.values() if row.source in ("patient", "front_desk"))
        places = (self.layout.place_of.get(name) for name in waiting)
        return next((place.key for place in places if place), FIRST_EXAM if self.standing.known else FIRST_SAID)

    def row(self, key: str) -> Row | None:
        place = next((row for row in self.layout.row_of.values() if row.key == key), None)
        return row_of(place, self.standing) if place else None

    def rows_of(self, names: Iterable[str]) -> list[Row]:
        places = dict.fromkeys(self.layout.row_of[name] for name in names if name in self.layout.row_of)
        return [row_of(place, self.standing) for place in places]

    @property
    def closed(self) -> bool:
        """Whether the episode is over: then the page is read, not written."""
        return self.episode.ended_on is not None

    @property
    def regions(self) -> list[str]:
        row = self.standing.known.get("pain_regions")
        return list(row.value) if row is not None and isinstance(row.value, list) else []

    @property
    def region_options(self) -> Mapping[str, str]:
        return self.knowledge.vocabulary.findings["pain_regions"].options

    @property
    def drawn_by(self) -> str:
        row = self.standing.known.get("pain_regions")
        return row.source if row else ""

    def spine(self, pending: Iterable[str] = ()) -> dict[str, dict[str, Any]]:
        """What was found at each level. A level that is being entered is drawn dashed."""
        known = {name: row.value for name, row in self.standing.known.items()}
        marked = {level_of(name) for name in pending}
        states = {level: _level(level.lower(), known) | {"pending": level in marked} for level in LEVELS}
        return {level: state for level, state in states.items() if any(state.values())}


def level_of(name: str) -> str:
    """The level that a joint test is about: "T6" for pa_t6 and upa_pain_t6_r; nothing for other findings."""
    parts = name.split("_")
    return next((part.upper() for part in parts if part.upper() in LEVELS), "") if parts[0] in ("pa", "upa") else ""


def _level(level: str, known: Mapping[str, Any]) -> dict[str, Any]:
    tests = [known.get(f"pa_{level}"), known.get(f"upa_{level}_l"), known.get(f"upa_{level}_r")]
    mobility = next((value for value in ("hypo", "hyper", "normal") if value in tests), "")
    left, right = (known.get(f"upa_pain_{level}_{side}") == "familiar" for side in ("l", "r"))
    pain = "both" if left and right else "left" if left else "right" if right else ""
    return {
        "mobility": MOBILITY.get(mobility, ""),
        "pain": pain or ("center" if known.get(f"pa_pain_{level}") == "familiar" else ""),
    }


def evaluation_of(
    episode: Episode,
    *,
    before: Assessment | None = None,
    now: Iterable[str] = (),
    conflicts: Mapping[str, Conflict] | None = None,
    on: date | None = None,
) -> Evaluation:
    """Reads an evaluation. `before` is the assessment of a moment ago and `now` what has just been recorded: both are marked."""
    knowledge, day = current.knowledge(), on or clock.today()
    layout = layout_of(knowledge)
    findings = tuple(bridge.standing_findings(episode, day))
    assessment = bridge.assess_episode(episode, knowledge, on=day, findings=findings)
    standing = standing_of(findings, knowledge, assessment.facts, day, now=frozenset(now), conflicts=conflicts or {})
    column = column_of(
        assessment,
        before=before,
        concerns=Concern.objects.filter(episode=episode).exclude(state="gone"),
        letters=Referral.objects.filter(episode=episode).exclude(state="dropped"),
        seen={name: row.ref for name, row in standing.known.items()},
        skipped=standing.skipped,
        unsigned=unsigned(knowledge),
    )
    standing.asked = column.asked
    return Evaluation(episode, knowledge, layout, assessment, findings, standing, column, tabs_of(layout, standing))


def assessment_now(episode: Episode, knowledge: Knowledge) -> Assessment:
    """The assessment before a change, to be compared with the one after it."""
    return bridge.assess_episode(episode, knowledge, on=clock.today())


def may_write(user: User, episode: Episode) -> bool:
    return user.may("record") and episode.ended_on is None
