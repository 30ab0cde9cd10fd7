"""What the page of a visit shows: today's list, the safety questions, and home since the last visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ...knowledge import Knowledge
from ...knowledge.care import Phase
from ...knowledge.model import Exercise, Factor, Manual
from ...reasoning.note import BeforeAfter
from ...reasoning.progression import Proposal
from ...vocabulary.finding import Finding as Entry
from ..records import clock, drafting, wording
from ..records.actions import home, home_changes, visits
from ..records.models import DeliveredIntervention, Finding, HomeChange, HomeSession, Item, PlanLine, PlanOfCare, Visit
from .entries import Input, input_of

MOST_DAYS, MOST_SAID = 14, 5
GROUPS = (
    ("manual", "Hands on"),
    ("exercise", "Exercise"),
    ("modality", "Modalities"),
    ("posture", "Posture and work"),
    ("education", "Know-how"),
    ("coordination", "With others"),
)
EXTRA = {
    "strength": ("extra_reps", "More possible, reps"),
    "endurance": ("extra_hold_s", "Beyond target, s"),
    "control": ("correct_of_10", "Correct of 10"),
}
"""What an exercise of a type must show before it goes up, beside pain and effort."""
MOVES = (("hold", "Hold"), ("advance", "Advance"), ("step_back", "Step back"), ("stop", "Stop"))
WHYS = {
    "pain": "it hurt", "tired": "tired", "time": "no time", "unsure": "not sure how", "unwell": "not well",
    "other": "another reason",
}  # fmt: skip
"""Why an exercise was left out, as the phone's codes say it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item of today's list: what is planned, what was done of it, and the tests it can be judged by."""

    item: Item
    name: str
    because: str
    care: tuple[str, ...]
    minutes: float
    dose: str
    grade: str
    done: DeliveredIntervention | None
    tested: BeforeAfter | None
    tests: tuple[tuple[str, str], ...]
    later: bool

    @property
    def hands_on(self) -> bool:
        return self.item.kind == "manual"


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    name: str
    lines: tuple[Line, ...]

    @property
    def minutes(self) -> float:
        return sum(line.done.minutes for line in self.lines if line.done)


@dataclass(frozen=True, slots=True)
class Ask:
    """One safety question: what was answered today, and its findings with what stands."""

    id: str
    text: str
    answer: str
    inputs: tuple[Input, ...]
    standing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    done: bool


@dataclass(frozen=True, slots=True)
class AtHome:
    """One exercise at home: the days since the last visit, what was told, what the rules propose, what was decided.

    `now` is what the rules have already changed at home, `skipped` why the person left it out, as the phone reported it.
    """

    item: Item
    name: str
    dose: str
    days: tuple[Day, ...]
    told: Mapping[str, Any]
    extra: tuple[str, str] | None
    proposal: Proposal | None
    to: str
    decided: Mapping[str, Any]
    now: str = ""
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What the person wrote at the end of a session at home, and the pain then (0 to 10, None when not told)."""

    on: date
    text: str
    pain: int | None


@dataclass(frozen=True, slots=True)
class VisitPage:
    visit: Visit
    on: date
    since: date | None
    plan: PlanOfCare | None
    phase: Phase | None
    groups: tuple[Group, ...]
    asks: tuple[Ask, ...]
    home: tuple[AtHome, ...]
    said: tuple[Said, ...] = ()

    @property
    def asked(self) -> int:
        return sum(bool(one.answer) for one in self.asks)

    @property
    def minutes(self) -> float:
        return sum(group.minutes for group in self.groups)

    @property
    def changes_plan(self) -> bool:
        """Whether something decided here belongs into the next version of the plan."""
        return any(home.changes_plan(one.decided) for one in self.home)


def page_of(visit: Visit, knowledge: Knowledge, *, with_home: bool = True) -> VisitPage:
    """The whole page, with a constant number of queries. `with_home=False` leaves the reasoning about home out."""
    on, before = drafting.day_of(visit), drafting.previous(visit)
    since = drafting.day_of(before) if before else None
    plan = visit.episode.plans.filter(state="active").first()
    lines = list(plan.lines.select_related("item")) if plan else []
    phase = drafting.phase_of(plan, on, knowledge) if plan else None
    return VisitPage(
        visit=visit,
        on=on,
        since=since,
        plan=plan,
        phase=phase,
        groups=_groups(visit, lines, phase, knowledge),
        asks=_asks(visit, knowledge),
        home=_home(visit, lines, phase, since, on, knowledge) if with_home else (),
        said=_said(visit, first_day(visit, since, on), on) if with_home else (),
    )


# --- today's list ----------------------------------------------------------------------------------------------------


def _groups(visit: Visit, lines: list[PlanLine], phase: Phase | None, knowledge: Knowledge) -> tuple[Group, ...]:
    done = {row.item_id: row for row in visit.delivered.all()}
    made = [
        _line(line, done.get(line.item_id), phase, knowledge) for line in lines if line.item.intervention in knowledge.interventions
    ]
    by_kind = [(kind, name, tuple(one for one in made if one.item.kind == kind)) for kind, name in GROUPS]
    return tuple(Group(kind, name, found) for kind, name, found in by_kind if found)


def line_of(visit: Visit, item: Item, knowledge: Knowledge) -> Line | None:
    """One row of the list as it is now."""
    plan = visit.episode.plans.filter(state="active").first()
    line = plan.lines.filter(item=item).select_related("item").first() if plan else None
    if line is None or plan is None:
        return None
    phase = drafting.phase_of(plan, drafting.day_of(visit), knowledge)
    return _line(line, visit.delivered.filter(item=item).first(), phase, knowledge)


def _line(line: PlanLine, done: DeliveredIntervention | None, phase: Phase | None, knowledge: Knowledge) -> Line:
    intervention = knowledge.interventions[line.item.intervention]
    dose = dose_of(line, phase)
    return Line(
        item=line.item,
        name=line.content.get("name", intervention.name),
        because="; ".join(line.content.get("because", [])[:2]),
        care=tuple(line.content.get("limits", [])),
        minutes=done.minutes if done else float((dose or {}).get("minutes") or line.content.get("minutes") or 5),
        dose=done.dose if done else wording.dose(dose),
        grade=(done.grade if done else (dose or {}).get("grade", "")) if isinstance(intervention, Manual) else "",
        done=done,
        tested=drafting.tested(done, knowledge) if done and done.test else None,
        tests=_tests(line, knowledge),
        later=bool(phase and line.doses and phase.id not in line.doses and not line.changed_dose and line.item.kind == "exercise"),
    )


def dose_of(line: PlanLine, phase: Phase | None) -> dict[str, Any] | None:
    """What is prescribed now: the therapist's own dose, else that of the phase, else the first there is."""
    own: dict[str, Any] | None = line.changed_dose
    if own:
        return own
    by_phase: dict[str, dict[str, Any]] = line.doses
    return by_phase.get(phase.id if phase else "") or next(iter(by_phase.values()), None)


def _tests(line: PlanLine, knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """The measures of the factors that an item serves, as plain numbers; and pain now."""
    factors = [need.removeprefix("factor.") for need in line.content.get("serves", []) if need.startswith("factor.")]
    measures = [knowledge.of(Factor)[name].measure for name in factors if name in knowledge.of(Factor)]
    plain = [part for name in measures for part in knowledge.plain_below(name) or [name]]
    entries = knowledge.vocabulary.findings
    found = dict.fromkeys(name for name in [*plain, "nrs_now"] if name in entries and entries[name].numeric)
    return tuple((name, entries[name].label) for name in list(found)[:8])


# --- safety ----------------------------------------------------------------------------------------------------------


def _asks(visit: Visit, knowledge: Knowledge) -> tuple[Ask, ...]:
    asked = visits.due_questions(knowledge)
    names = [name for one in asked for name in one.findings]
    standing = _standing(visit, names)
    return tuple(_ask(one.id, one.set, one.findings, visit, standing, knowledge) for one in asked)


def ask_of(visit: Visit, question: str, knowledge: Knowledge) -> Ask | None:
    one = next((one for one in visits.due_questions(knowledge) if one.id == question), None)
    return _ask(one.id, one.set, one.findings, visit, _standing(visit, one.findings), knowledge) if one else None


def _standing(visit: Visit, names: Iterable[str]) -> dict[str, Finding]:
    return {row.finding: row for row in visit.episode.findings.filter(finding__in=names).standing() if row.value is not None}


def _ask(id_: str, text: str, names: tuple[str, ...], visit: Visit, standing: Mapping[str, Finding], knowledge: Knowledge) -> Ask:
    entries: Mapping[str, Entry] = knowledge.vocabulary.findings
    return Ask(
        id=id_,
        text=text,
        answer=visit.rescreen.get(id_, ""),
        inputs=tuple(input_of(entries[name], standing.get(name)) for name in names if name in entries),
        standing=tuple(
            f"{knowledge.vocabulary.label(name)}, {wording.day(standing[name].observed_on, clock.today())}"
            for name in names
            if name in standing and standing[name].value is True
        ),
    )


# --- home ------------------------------------------------------------------------------------------------------------


def _home(
    visit: Visit, lines: list[PlanLine], phase: Phase | None, since: date | None, on: date, knowledge: Knowledge
) -> tuple[AtHome, ...]:
    first = first_day(visit, since, on)
    sessions = list(visit.episode.home_sessions.filter(on__gte=first, on__lte=on))
    found = {one.exercise: one for one in home.proposals(episode=visit.episode, knowledge=knowledge, on=on)}
    exercises = [line for line in lines if line.item.intervention in knowledge.of(Exercise)]
    changed, skipped = home_changes.in_force_of(visit.episode), _skipped(visit, first, on)
    made = (_at_home(visit, line, phase, sessions, found, first, on, knowledge) for line in exercises)
    return tuple(replace(one, now=_changed(changed.get(one.item.pk)), skipped=tuple(skipped.get(one.item.ref, ()))) for one in made)


def _changed(change: HomeChange | None) -> str:
    """What is in force at home in place of the plan's dose, in a therapist's words."""
    if change is None:
        return ""
    by = f" by {change.by_label}" if change.by_label else ""
    left = "paused" if change.dose_pct == 0 else f"{change.dose_pct} % of the dose"
    return f"{left} since {wording.day(change.since, clock.today())}{by}"


def _told(visit: Visit, kind: str, first: date, on: date) -> list[dict[str, Any]]:
    """What the phone reported of some days, the newest first. The days are told by the reports, which may have come later."""
    rows = visit.episode.phone_reports.filter(kind=kind, received_at__date__gte=first).order_by("-id")
    return [body for body in rows.values_list("body", flat=True) if first <= date.fromisoformat(body["on"]) <= on]


def _said(visit: Visit, first: date, on: date) -> tuple[Said, ...]:
    """The newest few words of these days."""
    bodies = [body for body in _told(visit, "session", first, on) if body.get("note")]
    return tuple(Said(date.fromisoformat(one["on"]), one["note"], one.get("after")) for one in bodies[:MOST_SAID])


def _skipped(visit: Visit, first: date, on: date) -> dict[str, list[str]]:
    """Why exercises were left out, by the ref of the item."""
    found: dict[str, list[str]] = {}
    for body in _told(visit, "exercise", first, on):
        if body["outcome"] == "skipped":
            found.setdefault(body["item"], []).append(WHYS.get(body.get("why", ""), "no reason given"))
    return found


def first_day(visit: Visit, since: date | None, on: date) -> date:
    """The first day asked about: of the last visit, at most two weeks back, never before the episode."""
    return max(since or on - timedelta(days=MOST_DAYS), on - timedelta(days=MOST_DAYS - 1), visit.episode.started_on)


def home_of(visit: Visit, item: Item, knowledge: Knowledge) -> AtHome | None:
    """One exercise at home as it is now."""
    page = page_of(visit, knowledge)
    return next((one for one in page.home if one.item.pk == item.pk), None)


def _at_home(
    visit: Visit,
    line: PlanLine,
    phase: Phase | None,
    sessions: list[HomeSession],
    proposals: Mapping[str, Proposal],
    first: date,
    on: date,
    knowledge: Knowledge,
) -> AtHome:
    own = [row for row in sessions if row.item_id == line.item_id and not row.cleared]
    done = {row.on for row in own if row.completed}
    exercise = knowledge.of(Exercise)[line.item.intervention]
    proposal = proposals.get(exercise.id)
    following = proposal.next_exercise if proposal else None
    return AtHome(
        item=line.item,
        name=exercise.name,
        dose=wording.dose(dose_of(line, phase)),
        days=tuple(Day(first + timedelta(days=one), first + timedelta(days=one) in done) for one in range((on - first).days + 1)),
        told={name: getattr(own[-1], name) for name in (*home.LIMITS, *home.FLAGS, "symptoms")} if own else {},
        extra=EXTRA.get(exercise.type),
        proposal=proposal,
        to=knowledge.interventions[following].name if following else "",
        decided=visit.progress.get(line.item.ref, {}),
    )
