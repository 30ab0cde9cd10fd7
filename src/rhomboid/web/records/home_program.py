"""What a person does at home: the one place that lists it, for the phone, the papers and the clinic.

The plan in force gives the exercises of the phase and their doses; what the rules answered to a report since (HomeChange) makes
less of them; what is contraindicated by now is left out with its reason; a raised concern or a stop symptom pauses everything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from django.db.models import Max

from ...knowledge import Knowledge
from ...knowledge.care import Phase
from ...knowledge.model import Dose, Exercise
from ...reasoning.assess import Assessment
from ...reasoning.doses import less
from ...reasoning.progression import LOADED, pain_limits
from . import drafting
from .actions import home_changes
from .models import Episode, HomeChange, HomeSession, Item, PhoneReport, PlanLine, PlanOfCare
from .understanding import assessed

WEEK, DAY = 7, timedelta(days=1)
ANSWERED_WITHIN = timedelta(days=3)
"""A session can be answered with its 24-hour response for so long: a flare of more than 48 hours shows on the third day (prod)."""
WhyNot = Literal["", "done", "stopped_today", "rest_day", "enough_this_week", "resting_pain", "paused", "contraindicated"]
Pause = Literal["", "held", "stopped"]


@dataclass(frozen=True, slots=True)
class Line:
    """One exercise of the phase. `planned` is the plan's dose, `dose` what holds now; `change` is what made the difference.

    `against` names the rows of the contraindication matrix that forbid it by now, or the questions that are open again;
    `restarts` says that the dose is less after weeks without a session.
    """

    item: Item
    exercise: Exercise
    planned: Dose
    dose: Dose
    care: tuple[str, ...]
    change: HomeChange | None = None
    against: tuple[str, ...] = ()
    restarts: bool = False

    @property
    def paused(self) -> bool:
        return self.change is not None and self.change.dose_pct == 0

    @property
    def times_a_day(self) -> int:
        return max(1, int(self.dose.per_day or 1))

    @property
    def minutes(self) -> float:
        """Minutes of one session."""
        return self.dose.minutes / self.times_a_day


@dataclass(frozen=True, slots=True)
class HomeProgram:
    """The program on a day. `pause` says why nothing is to be done: a concern comes first, or a stop symptom was reported."""

    plan: PlanOfCare | None
    phase: Phase | None
    lines: tuple[Line, ...]
    pause: Pause = ""
    stop: HomeChange | None = None
    assessment: Assessment | None = None

    @property
    def offered(self) -> tuple[Line, ...]:
        """What may be done at all, on this day or another."""
        return () if self.pause else tuple(one for one in self.lines if not one.against and not one.paused)


@dataclass(frozen=True, slots=True)
class Due:
    """One exercise on one day: how often it was done of how often it is wanted, and if it is not wanted now, why."""

    line: Line
    done: int
    why_not: WhyNot

    @property
    def due(self) -> bool:
        return not self.why_not

    @property
    def left(self) -> int:
        return max(0, self.line.times_a_day - self.done) if self.due else 0


@dataclass(frozen=True, slots=True)
class Today:
    program: HomeProgram
    all: tuple[Due, ...]
    rest: int | None

    @property
    def due(self) -> tuple[Due, ...]:
        """What the next session has."""
        return tuple(one for one in self.all if one.due)

    @property
    def done(self) -> tuple[Due, ...]:
        return tuple(one for one in self.all if one.why_not == "done")

    @property
    def minutes(self) -> int:
        """Minutes of the next session, at least one."""
        total = sum(one.line.minutes for one in self.due)
        return max(1, round(total)) if total else 0


@dataclass(frozen=True, slots=True)
class Days:
    """What was reported, by item: the days of the last week it was done on, how often it was done on this one, which of them pain
    ended today; and the resting pain of the day, None when it was not told."""

    before: Mapping[int, Collection[date]]
    today: Mapping[int, int]
    stopped: Collection[int]
    rest: int | None


# --- the program -----------------------------------------------------------------------------------------------------


def program_of(episode: Episode, knowledge: Knowledge, *, on: date) -> HomeProgram:
    """The home program on a day, with at most seven queries. Empty without a signed plan."""
    stop = home_changes.paused(episode)
    pause: Pause = "held" if episode.held else "stopped" if stop else ""
    plan = PlanOfCare.objects.filter(episode=episode, state="active").first()
    if plan is None:
        return HomeProgram(None, None, (), pause, stop)
    plan.episode = episode
    phase, changes = home_phase(plan, on, knowledge), _changes(plan, on)
    assessment, gaps = assessed(episode, knowledge, on), _gaps(episode, on, knowledge)
    lines = plan.lines.filter(item__kind="exercise").select_related("item")
    found = (_line(one, phase, changes.get(one.item_id), assessment, knowledge) for one in lines)
    made = (_restarted(one, gaps) if _restarts(one, gaps) else one for one in found if one)
    return HomeProgram(plan, phase, tuple(made), pause, stop, assessment)


def _gaps(episode: Episode, on: date, knowledge: Knowledge) -> dict[int, int]:
    """What the rule of missed days leaves of the dose, in percent, by the items that were not done for so long."""
    rule = home_changes.missed_rule(knowledge)
    done = HomeSession.objects.filter(episode=episode, on__lt=on, cleared=False, completed=True).order_by()
    last = done.values_list("item").annotate(Max("on"))
    today = set(HomeSession.objects.filter(episode=episode, on=on, cleared=False).values_list("item", flat=True))
    return {item: rule.dose_pct[0] for item, day in last if home_changes.is_gap(day, on, rule) and item not in today}


def _restarted(line: Line, gaps: Mapping[int, int]) -> Line:
    return replace(line, dose=less(line.planned, gaps[line.item.pk] / 100), restarts=True)


def _restarts(line: Line, gaps: Mapping[int, int]) -> bool:
    return line.item.pk in gaps and (line.change is None or line.change.dose_pct > gaps[line.item.pk])


def _changes(plan: PlanOfCare, on: date) -> dict[int, HomeChange]:
    """What has been taken back of a plan and holds on a day, by the items."""
    return home_changes.less_by_item(HomeChange.objects.filter(plan=plan, since__lte=on))


def home_phase(plan: PlanOfCare, on: date, knowledge: Knowledge) -> Phase | None:
    """The phase the person is in at home, by the weeks since the first signature.

    It does not move on while the last week at home asks for less; nor does it fall back as a whole, since the exercise that
    hurt is already less by itself (docs/decisions/0018-phone.md).
    """
    phases = drafting.phases_of(plan, knowledge)
    if not phases or plan.signed_at is None:
        return None
    asked_less = drafting.asked_less(plan.episode_id, on, knowledge)
    return drafting.phase_by_weeks(plan, phases, min([*asked_less, on]))


def prescribed(line: PlanLine, phase: Phase | None) -> Dose | None:
    """What a line prescribes in a phase: the therapist's own dose, else that of the phase; None when it belongs to another."""
    if phase and line.doses and phase.id not in line.doses:
        return None
    table = line.changed_dose or (line.doses.get(phase.id) if phase else next(iter(line.doses.values()), None))
    return Dose(**table) if table else None


def _line(
    line: PlanLine, phase: Phase | None, change: HomeChange | None, assessment: Assessment | None, knowledge: Knowledge
) -> Line | None:
    entry, dose = knowledge.interventions.get(line.item.intervention), prescribed(line, phase)
    if not isinstance(entry, Exercise) or dose is None:
        return None
    return Line(
        item=line.item,
        exercise=entry,
        planned=dose,
        dose=less(dose, change.dose_pct / 100) if change else dose,
        care=tuple(line.content.get("limits", ())),
        change=change,
        against=_against(entry, line, assessment),
    )


def _against(exercise: Exercise, line: PlanLine, assessment: Assessment | None) -> tuple[str, ...]:
    """Why an exercise of a signed plan may not be done any more, by what is known now; a therapist's override still counts."""
    if assessment is None or assessment.held:
        return ()
    overridden = [one["row"] for one in line.content.get("overridden", ())]
    ruling = assessment.safety.rule(exercise, overridden)
    return () if ruling.verdict in ("ok", "care") else tuple(map(assessment.safety.name, ruling.rows))


# --- a day -----------------------------------------------------------------------------------------------------------


def today_of(episode: Episode, knowledge: Knowledge, *, on: date) -> Today:
    """What is due on a day and what is done, with at most ten queries."""
    program = program_of(episode, knowledge, on=on)
    rest = rest_of(episode, on)
    days = Days(_days_done(episode, on), done_on(episode, on), stopped_on(program.plan, on), rest)
    return Today(program, day_of(program, days, on), rest)


def day_of(program: HomeProgram, days: Days, on: date) -> tuple[Due, ...]:
    """The same from what is known of the days. Pure."""
    loaded = loads_allowed(program.assessment, days.rest)

    def due(one: Line) -> Due:
        id_, done = one.item.pk, days.today.get(one.item.pk, 0)
        if id_ in days.stopped and not program.pause:
            return Due(one, done, "stopped_today")
        return Due(one, done, why_not(one, days.before.get(id_, ()), done, on, paused=bool(program.pause), loaded=loaded))

    return tuple(map(due, program.lines))


def why_not(line: Line, days: Collection[date], done: int, on: date, *, paused: bool = False, loaded: bool = True) -> WhyNot:
    """Why an exercise is not wanted on a day; '' when it is."""
    if line.against:
        return "contraindicated"
    if paused or line.paused:
        return "paused"
    if done >= line.times_a_day:
        return "done"
    if not loaded and line.exercise.type in LOADED:
        return "resting_pain"
    return _by_frequency(line.dose.per_week or WEEK, days, on)


def _by_frequency(per_week: float, days: Iterable[date], on: date) -> WhyNot:
    """So many days in any seven, spread over them: three a week is every other day."""
    before = [day for day in days if on - timedelta(days=WEEK) < day < on]
    if per_week >= WEEK or not before:
        return ""
    if len(before) >= per_week:
        return "enough_this_week"
    return "rest_day" if (on - max(before)).days < WEEK // per_week else ""


def loads_allowed(assessment: Assessment | None, rest: int | None) -> bool:
    """Whether strength and endurance may be done with this resting pain; not known forbids nothing by itself."""
    return assessment is None or rest is None or pain_limits(assessment, rest).loaded


def rest_of(episode: Episode, on: date) -> int | None:
    """The resting pain that was told on a day, the newest; None when it was not."""
    told = (
        PhoneReport.objects.filter(episode=episode, kind__in=("morning", "rest"), body__on=on.isoformat()).order_by("-id").first()
    )
    pain = told.body.get("rest") if told else None
    return pain if isinstance(pain, int) else None


def asked_back(episode: Episode, on: date) -> date | None:
    """The day of the last session whose 24-hour response is still to be asked for; None when there is none."""
    rows = HomeSession.objects.filter(episode=episode, on__range=(on - ANSWERED_WITHIN, on - DAY), cleared=False).order_by("-on")
    last = rows.first()
    return last.on if last and not rows.filter(on=last.on, response__isnull=False).exists() else None


def done_on(episode: Episode, on: date) -> dict[int, int]:
    """How often each item was done on a day: by the phone's reports, else once where a session was recorded."""
    reports = PhoneReport.objects.filter(episode=episode, kind="exercise", body__on=on.isoformat())
    refs = Counter(body["item"] for body in reports.values_list("body", flat=True) if body.get("outcome") != "skipped")
    items = dict(Item.objects.filter(episode=episode, ref__in=refs).values_list("ref", "pk")) if refs else {}
    recorded = HomeSession.objects.filter(episode=episode, on=on, cleared=False, completed=True).values_list("item", flat=True)
    return dict.fromkeys(recorded, 1) | {pk: refs[ref] for ref, pk in items.items()}


def stopped_on(plan: PlanOfCare | None, on: date) -> set[int]:
    """The items that a session of this day has asked less of, from tomorrow on: they are left alone for today."""
    rows = HomeChange.objects.filter(plan=plan, session_on=on, since__gt=on, item__isnull=False, by_label="") if plan else ()
    return {row.item_id for row in rows if row.item_id}


def _days_done(episode: Episode, on: date) -> dict[int, set[date]]:
    rows = HomeSession.objects.filter(episode=episode, on__gt=on - timedelta(days=WEEK), on__lt=on, cleared=False, completed=True)
    found: dict[int, set[date]] = defaultdict(set)
    for item, day in rows.values_list("item", "on"):
        found[item].add(day)
    return found
