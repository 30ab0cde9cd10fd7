"""What the pages of a day say, in the person's language: exercises, why one is less or left out, the agreed limits of pain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from ...figures import load_figures, words
from ...knowledge.care import StopSymptom
from ...knowledge.languages import Language
from ...knowledge.model import Dose
from ...reasoning.assess import Assessment
from ...reasoning.doses import patient_dose
from ...reasoning.progression import pain_limits
from ..records.actions.alerts import REPORTED
from ..records.home_program import Due, HomeProgram, Line, Today
from ..records.interviewing import outcome_of
from ..records.models import HomeChange
from ..records.pain_words import COLORS, limits_of
from .advice import EMERGENCY

CALL_AT_ONCE = ("morning_call",)


@dataclass(frozen=True, slots=True)
class Card:
    """One exercise as the phone shows it."""

    ref: str
    exercise: str
    name: str
    why: str
    how: str
    mistakes: tuple[str, ...]
    stop: tuple[str, ...]
    care: tuple[str, ...]
    dose: str
    often: str
    minutes: int
    times: str
    note: str
    left_out: str
    done: bool
    moves: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Paused:
    """Why there are no exercises now, in plain words, and whom to call; `told` is what the person reported. With `worry` the answer
    to "When to worry" says more."""

    title: str
    text: str
    emergency: bool
    told: tuple[str, ...] = ()
    worry: bool = False


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone of pain in a set: `color`, its range ("0 to 3"), a word, and the words of the rule."""

    color: str
    range: str
    word: str
    text: str


def card_of(due: Due, today: Today, language: Language) -> Card:
    line, id_ = due.line, due.line.exercise.id
    much, often = patient_dose(line.dose, language.words)
    return Card(
        ref=line.item.ref,
        exercise=id_,
        name=language.say("exercise", id_, "name"),
        why=language.say("exercise", id_, "plain"),
        how=language.say("exercise", id_, "how"),
        mistakes=language.say("exercise", id_, "mistakes"),
        stop=language.say("exercise", id_, "stop"),
        care=_care(line, language),
        dose=much,
        often=often,
        minutes=max(1, round(line.minutes)),
        times=_times(due),
        note=note_of(line),
        left_out=left_out_of(due, today, language),
        done=due.why_not == "done",
        moves=moves_of(line.dose),
    )


def _care(line: Line, language: Language) -> tuple[str, ...]:
    """What this person has to mind. A text that stands in the knowledge is said in their language, another as it was written."""
    known = dict(zip(([one.text for one in line.exercise.care]), language.say("exercise", line.exercise.id, "care"), strict=True))
    return tuple(known.get(text, text) for text in line.care)


def _times(due: Due) -> str:
    if due.line.times_a_day == 1 or not due.due:
        return ""
    if not due.done:
        return gettext("%(n)s times today") % {"n": due.line.times_a_day}
    return gettext("%(done)s of %(all)s times today") % {"done": due.done, "all": due.line.times_a_day}


def moves_of(dose: Dose) -> dict[str, Any]:
    """A dose as the player counts it, in repetitions and seconds. What is only described in words is not counted."""
    seconds = dose.seconds or dose.duration_s or (dose.duration_min or 0) * 60
    return {
        "sets": int(dose.bouts or dose.sets or 1),
        "reps": dose.reps or 0,
        "hold": dose.hold_s or 0,
        "secs": 0 if dose.reps else seconds,
        "sides": 2 if dose.per_side else 1,
        "rest": dose.rest_s or 0,
    }


def alts_of(exercise: str, code: str) -> list[str]:
    """What the picture of an exercise and its mirror image say to those who cannot see it; nothing without a picture."""
    found = load_figures().figures.get(exercise)
    return [words(found, code, False), words(found, code, True)] if found else []


# --- why less, why not -----------------------------------------------------------------------------------------------


def note_of(line: Line) -> str:
    """Why an exercise is less than the plan has it; '' when it is not."""
    change = line.change
    if line.restarts:
        return f"{gettext('Less for now')}. {gettext('There was a longer break.')}"
    if change is None or change.dose_pct == 0:
        return ""
    much = gettext("Half for now") if change.dose_pct == 50 else gettext("Less for now")
    return f"{much}. {_reason(change)}"


def _reason(change: HomeChange) -> str:
    rule = "" if change.by_label else next(iter(change.rules), "")
    reasons = {
        "reg_response": gettext("Your pain stayed up after the last time."),
        "reg_illness": gettext("You were not well."),
        "reg_missed": gettext("There was a longer break."),
        "reg_form": gettext("This makes it easier to do well."),
    }
    if rule.startswith("morning"):
        return gettext("Your back felt worse the next morning.")
    if rule in reasons:
        return reasons[rule]
    return gettext("It hurt too much the last time.") if rule else gettext("Your therapist decided this with you.")


def left_out_of(due: Due, today: Today, language: Language) -> str:
    """Why an exercise is not for now; '' when it is."""
    if due.why_not == "paused":
        return _paused_text(due.line, language)
    if due.why_not == "resting_pain" and today.program.assessment and today.rest is not None:
        rule = pain_limits(today.program.assessment, today.rest).rules[0]
        said: str = language.say("pain_rule", rule.id, "green")
        return said
    return {
        "": "",
        "done": gettext("Done for today"),
        "stopped_today": gettext("Leave this one for today."),
        "rest_day": gettext("Not today. A day of rest comes first."),
        "enough_this_week": gettext("Done often enough this week."),
        "contraindicated": gettext("Leave this one out for now. We will talk about it with you."),
        "resting_pain": "",
    }[due.why_not]


def _paused_text(line: Line, language: Language) -> str:
    rules = line.change.rules if line.change and not line.change.by_label else ()
    called = next((id_ for id_ in rules if id_ in CALL_AT_ONCE), "")
    if called:
        said: str = language.say("morning_rule", called, "plain")
        return said
    return gettext("Your therapist has paused this one.") if line.paused else ""


def paused_of(program: HomeProgram, language: Language) -> Paused | None:
    """The notice in place of the exercises; None when nothing is paused."""
    if not program.pause:
        return None
    known, rules = language.knowledge.of(StopSymptom), program.stop.rules if program.stop else ()
    ids = [id_ for id_ in rules if id_ in known]
    told = tuple(language.say("stop_symptom", id_, "plain") for id_ in ids)
    raised = program.assessment is not None and outcome_of(program.assessment).action == "emergency"
    emergency = raised or any(known[id_].call == EMERGENCY for id_ in ids)
    title, text = gettext("Please wait with your exercises"), gettext("We want to talk with you first.")
    if program.pause == "stopped":
        title, text = gettext("Your exercises are paused"), gettext("You told us about something that needs a look first.")
    return Paused(title, text, emergency, told, REPORTED in rules)


def stop_symptoms(language: Language) -> list[tuple[str, str, bool]]:
    """What stops everything: id, plain words, and whether it is one for the emergency number."""
    known = language.knowledge.of(StopSymptom)
    return [(id_, language.say("stop_symptom", id_, "plain"), one.call == EMERGENCY) for id_, one in known.items()]


# --- limits ----------------------------------------------------------------------------------------------------------


def limits_data(assessment: Assessment | None, language: Language) -> dict[str, Any]:
    """The agreed limits for every resting pain 0 to 10, small enough for a page: colors as g, a, r; texts by their number."""
    if assessment is None:
        return {"colors": [], "words": [], "texts": [], "loaded": []}
    texts: dict[str, int] = {}
    colors, rules, loaded = [], [], []
    for rest in range(11):
        found = pain_limits(assessment, rest)
        colors.append("".join(color[0] for color in found.colors))
        rules.append([texts.setdefault(rule.id, len(texts)) for rule in found.rules])
        loaded.append(found.loaded)
    said = [[language.say("pain_rule", id_, color) for color in COLORS] for id_ in texts]
    return {"colors": colors, "words": rules, "texts": said, "loaded": loaded}


def zones_of(assessment: Assessment | None, rest: int | None, language: Language) -> list[Zone]:
    """The zones for one resting pain; without one those of no pain at rest, which are the strictest."""
    if assessment is None:
        return []
    names = {"green": gettext("Fine"), "amber": gettext("Smaller"), "red": gettext("Stop")}
    return [Zone(one.color, one.range, names[one.color], one.text) for one in limits_of(assessment, rest or 0, language)]


def words_for_scripts() -> dict[str, str]:
    """What the player says, in the language of the page."""
    return {
        "ready": gettext("Get ready"),
        "of": gettext("of %n"),
        "set": gettext("Set %n of %all"),
        "hold": gettext("Hold"),
        "seconds": gettext("seconds"),
        "minutes": gettext("minutes"),
        "rest": gettext("Rest"),
        "switch": gettext("Change sides"),
        "first": gettext("First side"),
        "other": gettext("Other side"),
        "times": gettext("%n times"),
        "next": gettext("Next"),
        "skip": gettext("Go on"),
        "finish": gettext("Finish"),
        "start": gettext("Start"),
        "pause": gettext("Pause"),
        "resume": gettext("Go on"),
        "one": "%a",
        "two": gettext("%a or %b"),
        "to": gettext("%a to %b"),
        "up": gettext("%a or more"),
        "pain": gettext("Pain %r"),
        "fine": gettext("Fine"),
        "smaller": gettext("Smaller"),
        "stop": gettext("Stop"),
        "above": gettext("Your pain went above %n."),
        "half": gettext("Tomorrow we start with half."),
        "done": gettext("Exercise done"),
        "exercise": gettext("Exercise %n of %all"),
        "soundOn": gettext("Turn sound on"),
        "soundOff": gettext("Turn sound off"),
        "moveOn": gettext("Play the picture"),
        "moveOff": gettext("Stop the picture"),
    }


def minutes_words(minutes: int, exercises: int) -> tuple[str, str]:
    """The words beside the figure of minutes: "minutes", "4 exercises"."""
    return ngettext("minute", "minutes", minutes), ngettext("%(n)s exercise", "%(n)s exercises", exercises) % {"n": exercises}
