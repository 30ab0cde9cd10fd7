"""Home sessions as the person reports them, and what is decided about each exercise from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from django.db import transaction

from ....knowledge import Knowledge
from ....knowledge.care import StopSymptom
from ....knowledge.model import Dose, Exercise, Factor
from ....measures import change
from ....reasoning.doses import less
from ....reasoning.progression import Proposal, propose
from ....reasoning.session_log import Session
from ...accounts.models import User
from .. import audit, bridge, clock, course
from ..models import Episode, Finding, HomeChange, HomeSession, Item, PlanLine, PlanOfCare, Visit
from . import Overtaken, Refused, home_changes, plan_changes, plans, visits

LIMITS = {
    "rest": 10, "during": 10, "morning": 10, "effort": 10, "response": 5, "extra_reps": 50, "extra_hold_s": 600,
    "correct_of_10": 10, "settled_min": 2880,
}  # fmt: skip
"""What may be told of a session in numbers, each from 0 up to this."""
FLAGS = ("ill", "bad_night", "stiff_morning", "form_ok")
FEWEST_WORDS = 10
MOVES = ("stop", "step_back", "hold", "advance")
UNITS = ("reps", "duration_s", "duration_min")


@transaction.atomic
def log(
    *,
    episode: Episode,
    item: Item,
    days: Sequence[date],
    knowledge: Knowledge,
    by: User,
    completed: bool = True,
    symptoms: Sequence[str] = (),
    note: str = "",
    **told: int | bool | None,
) -> tuple[HomeSession, ...]:
    """Records that an exercise was done at home on some days, and what was told about it (keys: LIMITS, FLAGS).

    What was told holds for each of these days. A day that was recorded before is replaced, but of those that the person's own
    phone reported only the newest is corrected; a day with `completed=False` was begun and not finished.
    """
    _checked(episode, item, days, told, symptoms, knowledge)
    there = {row.on: row for row in HomeSession.objects.filter(episode=episode, item=item, on__in=days, cleared=False)}
    made = []
    own = {day for day, row in there.items() if row.by_phone and day != max(days)}
    for day in sorted({*days} - own):
        row = there.get(day) or HomeSession(episode=episode, item=item, on=day)
        row.completed, row.symptoms, row.note, row.recorded_at = completed, list(symptoms), note.strip()[:300], clock.now()
        for name, value in told.items():
            setattr(row, name, value)
        row.save()
        made.append(row)
    answered(episode, knowledge)
    audit.write(by=by, action="home.log", person=episode.person, subject=episode.ref, item=item.intervention, days=len(made))
    return tuple(made)


@transaction.atomic
def set_days(
    *, episode: Episode, item: Item, since: date, days: Sequence[date], knowledge: Knowledge, by: User, **told: Any
) -> None:
    """The days since a date on which an exercise was done: exactly these. Days that were taken back are removed."""
    gone = episode.home_sessions.filter(item=item, on__gte=since, cleared=False).exclude(on__in=days)
    gone.exclude(by_phone=True, completed=False).delete()  # begun at home and not finished: never among the days done
    if days:
        log(episode=episode, item=item, days=days, knowledge=knowledge, by=by, **told)
    else:
        course.refresh(episode, knowledge, clock.today())
        audit.write(by=by, action="home.log", person=episode.person, subject=episode.ref, item=item.intervention, days=0)


def answered(episode: Episode, knowledge: Knowledge, *, at_once: bool = False) -> tuple[HomeChange, ...]:
    """The rules' answer to the log as it is now, part of every action that changes it. Gives what they changed at home.

    A stop holds at once, whoever reported it. With `at_once` (the person's own phone) so does a step back; what a therapist
    writes down at a visit waits for the decision that is taken there.
    """
    course.refresh(episode, knowledge, clock.today())
    found = proposals(episode=episode, knowledge=knowledge, on=clock.today())
    stop = home_changes.apply_stop(episode, found)
    less = home_changes.apply_less(episode, found) if at_once else []
    _to_confirm(episode, found, knowledge)
    return (*filter(None, [stop]), *less)


def _to_confirm(episode: Episode, found: Sequence[Proposal], knowledge: Knowledge) -> None:
    """Writes what waits for a therapist's word into the episode's line in the lists; a stop before everything."""
    first = min((one for one in found if _waits(one)), key=lambda one: MOVES.index(one.move), default=None)
    episode.to_confirm = f"{knowledge.interventions[first.exercise].name}, {_said(first)}: {first.reason}"[:200] if first else ""
    episode.save(update_fields=["to_confirm"])


def _waits(one: Proposal) -> bool:
    return one.move != "hold" or home_changes.takes_back(one)


def _said(one: Proposal) -> str:
    return "paused at home" if one.move == "hold" else one.move.replace("_", " ")


def _checked(
    episode: Episode, item: Item, days: Sequence[date], told: dict[str, Any], symptoms: Sequence[str], knowledge: Knowledge
) -> None:
    if item.episode_id != episode.pk or item.kind != "exercise":
        raise Refused("This is not an exercise of this person's plan", "Choose one of the home program.")
    if not days or max(days) > clock.today() or min(days) < episode.started_on:
        raise Refused("A home session lies between the start of the episode and today", "Check the day.")
    for name, value in told.items():
        if name in FLAGS:
            continue
        assert name in LIMITS, name
        if value is not None and (isinstance(value, bool) or value not in range(LIMITS[name] + 1)):
            raise Refused(
                f"{name.replace('_', ' ').capitalize()} is a whole number from 0 to {LIMITS[name]}", "Leave it empty if not asked."
            )
    for symptom in symptoms:
        if symptom not in knowledge.of(StopSymptom):
            raise Refused(f'There is no stop symptom "{symptom}"', "Choose one of the list.")


def proposals(*, episode: Episode, knowledge: Knowledge, on: date) -> tuple[Proposal, ...]:
    """Hold, advance, step back or stop for each exercise of the log, with the reason. Reads only; the therapist decides."""
    sessions = bridge.home_log(episode, knowledge, on=on)
    if not sessions:
        return ()
    findings = bridge.standing_findings(episode, on)
    told = _with_gains(sessions, findings, knowledge)
    return propose(told, bridge.assess_episode(episode, knowledge, on=on, findings=findings), on=on)


def _with_gains(sessions: Sequence[Session], findings: Sequence[Finding], knowledge: Knowledge) -> list[Session]:
    """The log with what the measures gained: the newest session of each exercise that improves motion carries it, in MDC."""
    newest = {session.exercise: place for place, session in enumerate(sessions)}
    told = list(sessions)
    for id_, place in newest.items():
        if knowledge.of(Exercise)[id_].type == "mobility":
            told[place] = msgspec.structs.replace(told[place], gain_mdc=_gain(id_, findings, knowledge))
    return told


def _gain(exercise: str, findings: Sequence[Finding], knowledge: Knowledge) -> float | None:
    """The largest gain since the first measurement of what an exercise is chosen for, in its own error; None when not measured."""
    served = [one.measure for one in knowledge.of(Factor).values() if exercise in (*one.first, *one.second)]
    names = {part for measure in served for part in knowledge.plain_below(measure) or [measure]}
    series: dict[str, list[Finding]] = {}
    for row in findings:
        if row.finding in names and row.value is not None:
            series.setdefault(row.finding, []).append(row)
    found = [change(name, rows[0].value, rows[-1].value, knowledge) for name, rows in series.items() if len(rows) > 1]
    gains = [abs(one.difference) / one.error for one in found if one.error and one.difference and one.moved == "better"]
    return max(gains, default=0.0 if any(one.error for one in found) else None)


@transaction.atomic
def clear(*, visit: Visit, item: Item, reason: str, by: User) -> HomeSession:
    """A therapist has looked into the symptoms reported at home and clears them: exercises may go on from here."""
    found = visits._writable(visit, by)
    if not by.may("sign"):
        raise Refused("Only a licensed therapist clears a stop symptom", "Ask the therapist who is responsible.")
    if len(reason.strip()) < FEWEST_WORDS:
        raise Refused("Clearing a symptom needs a reason", "Say what was looked at and found, in a sentence.")
    row = HomeSession.objects.create(
        episode=found.episode,
        item=item,
        on=clock.today(),
        completed=False,
        cleared=True,
        note=reason.strip()[:300],
        recorded_at=clock.now(),
    )
    home_changes.cleared(found.episode, by.label)
    visits._written(found, by, "home.clear", item=item.intervention)
    return row


@transaction.atomic
def decide(*, visit: Visit, item: Item, move: str, by: User, proposal: Proposal | None = None, reason: str = "") -> Visit:
    """What is decided about an exercise at home. Against the proposal it needs a reason; what advances, a therapist confirms."""
    found = visits._writable(visit, by)
    if move not in MOVES:
        raise Refused("Hold, advance, step back or stop", "Choose one of them.")
    if move == "advance" and not by.may("sign"):
        raise Refused("Only a licensed therapist lets an exercise advance", "Leave it at hold and say so in the note.")
    against = proposal is not None and proposal.move != move
    if against and move == "advance" and len(reason.strip()) < 5:
        raise Refused("Advancing against the proposal needs a reason", "Say in a few words why.")
    if item.episode_id != found.episode_id:
        raise Overtaken("This exercise is not part of this person's plan")
    entry: dict[str, Any] = {"move": move, "reason": reason.strip(), "by": by.label}
    if proposal:
        entry |= {"proposed": proposal.move, "because": proposal.reason, "action": proposal.action}
        if not against:
            entry |= {"next": proposal.next_exercise or "", "dose_pct": list(proposal.dose_pct)}
    stands = home_changes.decided(item=item, move=move, against=against, proposal=proposal, by_label=by.label)
    if stands and move in ("hold", "step_back"):
        entry["left_pct"] = stands.dose_pct
    found.progress = found.progress | {item.ref: entry}
    found.save(update_fields=["progress"])
    Episode.objects.filter(pk=found.episode_id).update(to_confirm="")
    return visits._written(found, by, "home.decide", item=item.intervention, move=move)


@transaction.atomic
def to_plan(*, visit: Visit, knowledge: Knowledge, by: User) -> PlanOfCare:
    """Writes what was decided at a visit into a draft of the next version of the plan: swaps on the ladder, and smaller doses.

    The draft waits for a signature. Decisions that change nothing (hold, or more within the same dose) stay in the note.
    """
    decided = {ref: one for ref, one in visit.progress.items() if changes_plan(one)}
    if not decided:
        raise Refused("Nothing decided here changes the plan", "Hold and small steps stay in the note.")
    draft = plans.propose(episode=visit.episode, knowledge=knowledge, by=by)
    lines = {line.item.ref: line for line in draft.lines.select_related("item")}
    for ref, one in decided.items():
        for step in _changes(lines.get(ref), one, knowledge):
            draft = plans.change(plan=draft, revision=draft.revision, change=step, knowledge=knowledge, by=by)
    return draft


def changes_plan(one: Mapping[str, Any]) -> bool:
    """Whether a decision asks for another exercise or a smaller dose."""
    return bool(one) and one["move"] != "stop" and bool(one.get("next") or _part(one) < 1)


def _part(one: Mapping[str, Any]) -> float:
    """What remains of the dose when stepping back: the careful end of the range, and never more than is left at home by now."""
    low = (one.get("dose_pct") or [100, 100])[0] if one["move"] == "step_back" else 100
    return float(min(low, one.get("left_pct", 100))) / 100


def _changes(line: PlanLine | None, one: Mapping[str, Any], knowledge: Knowledge) -> Iterator[plan_changes.Change]:
    if line is None:
        return
    old, following = knowledge.interventions[line.item.intervention], one.get("next")
    if following in knowledge.interventions:
        yield plan_changes.swap(old, knowledge.interventions[str(following)])
        return
    table = line.changed_dose or next(iter(line.doses.values()), None)
    if table and _part(one) < 1:
        now, fewer = Dose(**table), less(Dose(**table), _part(one))
        changed = {unit: getattr(fewer, unit) for unit in UNITS if getattr(fewer, unit) != getattr(now, unit)}
        if changed:
            yield plan_changes.dose(old, changed, now=now)
