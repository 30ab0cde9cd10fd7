"""What stands on each paper, as plain data. The functions in pages.py print it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from ..knowledge import Knowledge
from ..reasoning.assess import Assessment
from ..reasoning.letter import Letter
from ..reasoning.planning import PlanOfCare
from .letterhead import Person, Signature

A_PAGE = 4
"""Exercises on one page of the home program."""
DENSITIES = ((2050, "full"), (1700, "tight"), (1500, "dense"))
"""From so many signs on a page its words are set smaller."""
Verdict = Literal["matters", "real", "within_error", "error_unknown"]
Standing = Literal["met", "not_met", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPaper:
    """An assessment with its proposed plan. Private concerns are taken out here. Without a person: lines to write on."""

    assessment: Assessment
    plan: PlanOfCare
    person: Person | None = None
    signature: Signature | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What every paper has: whom it is about and the day it is made. `knowledge` is the version of the rules behind it."""

    person: Person
    made: date
    knowledge: str = ""


# --- lines that several papers share -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalLine:
    """A goal; values with their units. `standing` "open" is still being worked on, or was not measured."""

    text: str
    baseline: str = ""
    target: str = ""
    now: str = ""
    by: date | None = None
    standing: Standing = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measure then and now, in words with its unit. Without an error there is no verdict, whatever `verdict` says. `worse`
    says that a change for the worse is meant, so that it does not read as a gain."""

    name: str
    then: str = ""
    now: str = ""
    change: str = ""
    error: str = ""
    verdict: Verdict = "error_unknown"
    worse: bool = False

    @property
    def meaning(self) -> Verdict:
        return self.verdict if self.error and self.then and self.now else "error_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorLine:
    """A contributing factor: severity 0 to 3, because of what, and by what it is tested again."""

    name: str
    severity: int
    because: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorChange:
    """The severity of a factor then and now, 0 to 3; None is not known."""

    name: str
    then: int | None
    now: int | None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """When to get help. `urgency` chooses the sign: "emergency_now", "same_day", or "" for none."""

    title: str
    lines: tuple[str, ...]
    urgency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipPaper:
    """The slip by which a person opens their pages on a phone, in their own language. It never has the date of birth on it."""

    name: str
    link: str
    heading: str
    steps: tuple[str, ...]
    or_type: str
    notes: tuple[str, ...] = ()
    language: str = "en"


# --- plan of care --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One thing that is done: its dose and reason in words, what to take care of, and what a therapist decided by hand."""

    name: str
    dose: str = ""
    why: str = ""
    care: tuple[str, ...] = ()
    decided: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseLines:
    name: str
    weeks: str = ""
    aim: str = ""
    daily: str = ""
    exercises: tuple[PlanLine, ...] = ()
    move_on_when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPaper(Paper):
    """The plan of care. Without a signature every page says that it is a draft. `overrides` are the limits that a therapist
    overrode, each with the reason on record; `certification` adds the lines a physician signs."""

    version: int
    signature: Signature | None = None
    problem: str = ""
    codes: tuple[str, ...] = ()
    period_from: date | None = None
    period_to: date | None = None
    summary: str = ""
    factors: tuple[FactorLine, ...] = ()
    precautions: tuple[str, ...] = ()
    goals: tuple[GoalLine, ...] = ()
    phases: tuple[PhaseLines, ...] = ()
    clinic: tuple[PlanLine, ...] = ()
    advice: tuple[str, ...] = ()
    visits: str = ""
    reevaluation: date | None = None
    outlook: str = ""
    discharge: tuple[str, ...] = ()
    not_offered: tuple[tuple[str, str], ...] = ()
    """What is left out for safety: the reason, and what is left out."""
    overrides: tuple[str, ...] = ()
    consent: str = ""
    certification: bool = False


# --- home program --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeExercise:
    """An exercise for the person: `dose` and `often` in plain words, as `reasoning.doses.patient_dose` says them. `figure` is
    the id of the exercise whose figure stands beside it, in two stills; without one the words stand alone."""

    name: str
    dose: str
    often: str = ""
    how: str = ""
    mistakes: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    need: str = ""
    care: tuple[str, ...] = ()
    figure: str = ""

    @property
    def length(self) -> int:
        """About how many signs its words have: long ones are set smaller, so that four exercises stay on one page."""
        words = (self.how, self.dose, self.often, self.need, *self.mistakes, *self.stop, *self.care)
        return sum(map(len, words))


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeWords:
    """The words around the exercises, in the language of the person. `page` is what stands before and between the two numbers."""

    language: str = "en"
    kind: str = "Home program"
    heading: str = "Your home program"
    again: str = "page"
    none: str = "There are no exercises for you at the moment."
    start: str = "Start"
    end: str = "End"
    need: str = "You need:"
    care: str = "For you:"
    mistakes: str = "Better not:"
    stop: str = "Stop if"
    zones: str = "How much pain is fine?"
    page: tuple[str, str] = ("Page", "of")
    made: str = ""
    under: str = ""
    foot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PainZone:
    """How much pain is fine: "0 to 3", "Fine. Go on." The first is drawn empty, the last full, what is between them hatched."""

    range: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePaper(Paper):
    exercises: tuple[HomeExercise, ...]
    intro: str = ""
    good_until: date | None = None
    version: int | None = None
    signature: Signature | None = None
    zones: tuple[PainZone, ...] = ()
    zones_note: str = ""
    help: tuple[Help, ...] = ()
    link: str = ""
    """Where the QR code leads; nothing is fetched from it."""
    link_note: str = ""
    words: HomeWords = HomeWords()

    @property
    def dense(self) -> str:
        """How small the words are set: by the longest page there would be."""
        pages = [self.exercises[start : start + A_PAGE] for start in range(0, len(self.exercises), A_PAGE)]
        longest = max((sum(one.length for one in page) for page in pages), default=0)
        return next((name for least, name in DENSITIES if longest >= least), "")


# --- visit note ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What was done in a visit, as delivered."""

    name: str
    segment: str = ""
    side: str = ""
    grade: str = ""
    dose: str = ""
    minutes: float | None = None
    response: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestLine:
    """A test right before and right after treatment, within one visit; `meaning` says what the change is worth."""

    name: str
    before: str = ""
    after: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePaper(Paper):
    """A visit note. Without a signature every page says that it is a draft. `carried` names the sections ("subjective",
    "objective", "assessment", "plan") whose text was taken over, with the day of the visit it comes from."""

    visit_on: date
    number: int | None = None
    title: str = "Visit note"
    by: str = ""
    present: str = ""
    subjective: str = ""
    objective: str = ""
    assessment: str = ""
    plan: str = ""
    carried: Mapping[str, date] = field(default_factory=dict)
    pain_before: float | None = None
    pain_after: float | None = None
    delivered: tuple[Delivered, ...] = ()
    tests: tuple[TestLine, ...] = ()
    signature: Signature | None = None
    addenda: tuple[Addendum, ...] = ()

    @property
    def minutes(self) -> float | None:
        """All minutes together; None when those of one thing are not known."""
        known = [one.minutes for one in self.delivered if one.minutes is not None]
        return sum(known) if known and len(known) == len(self.delivered) else None


# --- progress and discharge ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    on: date
    value: float
    error: float | None = None
    """Half the length of the whisker: the standard error of the measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A measure over the episode, on its whole scale. `mdc` is the smallest change that is not chance, `mcid` the one that
    matters; None is not known, and its band is not drawn."""

    name: str
    scale: str
    points: tuple[Point, ...]
    low: float
    high: float
    better: Literal["down", "up"]
    mdc: float | None = None
    mcid: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressPaper(Paper):
    title: str = "Progress report"
    heading: str = ""
    """As in "Progress after four weeks"; the title when empty."""
    to: str = ""
    period_from: date | None = None
    period_to: date | None = None
    visits: str = ""
    summary: str = ""
    curves: tuple[Curve, ...] = ()
    then_on: date | None = None
    now_on: date | None = None
    measures: tuple[Measure, ...] = ()
    factors: tuple[FactorChange, ...] = ()
    goals: tuple[GoalLine, ...] = ()
    safety: tuple[str, ...] = ()
    next_steps: str = ""
    signature: Signature | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeHomeWords:
    """The words on the page that the person takes home from a discharge, in their language. `made` is the day in words."""

    language: str = "en"
    kind: str = "Staying well"
    keep: str = "Keep this page."
    go_on: str = "Go on with this"
    flare: str = "If the pain flares up"
    come_back: str = "Call us today, or come back to us"
    made: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargePaper(ProgressPaper):
    """The discharge summary. Staying well, the plan for a flare and when to come back are written to the person."""

    title: str = "Discharge summary"
    reason: str = ""
    delivered: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    staying_well: tuple[tuple[str, str], ...] = ()
    flare: tuple[str, ...] = ()
    come_back: tuple[str, ...] = ()
    help: tuple[Help, ...] = ()
    words: TakeHomeWords = TakeHomeWords()


# --- referral ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    name: str = ""
    organization: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""
    fax: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPaper(Paper):
    """A letter on the clinic's paper. `rules` is the knowledge the letter was made with: it names the lines, and what is private
    by it never reaches the page. `asked` replaces what the rules ask of the reader, `note` adds the therapist's own words."""

    letter: Letter
    rules: Knowledge
    seen_on: date
    held: bool
    """Whether treatment is held until the answer."""
    to: Addressee = Addressee()
    who: str = ""
    asked: str = ""
    note: str = ""
    done_today: str = ""
    vitals_at: str = ""
    allergies: str = ""
    phoned_at: datetime | None = None
    call_back: str = ""
    signature: Signature | None = None
