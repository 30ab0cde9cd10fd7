"""The kinds of knowledge about care over time: urgencies and letters, re-screening, codes, and published accuracy."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from ..vocabulary.finding import Entry
from .model import ExerciseType, Grade, Irritability, Part, PhaseId


class ConcernLevel(Entry, frozen=True, kw_only=True):
    name: str
    definition: str
    action: str


class UrgencyRoute(Entry, frozen=True, kw_only=True):
    """What an urgency means: for the therapist, and in plain words for the patient."""

    name: str
    within: str
    route: str
    therapist: str
    patient: str


class Rescreen(Entry, frozen=True, kw_only=True):
    """When which questions are asked again."""

    occasion: str
    set: str
    findings: tuple[str, ...] = ()


class IntakePart(Entry, frozen=True, kw_only=True):
    """Questions that belong together in the intake on the phone; the parts are asked in the order of the file.

    `findings` are asked in their order. `screening`: the questions of the screening follow, as the interview picks them.
    `questionnaires`: those whose wording may be shipped and that are due at intake.
    """

    name: str
    findings: tuple[str, ...] = ()
    screening: bool = False
    questionnaires: bool = False


class OwnPlace(Entry, frozen=True, kw_only=True):
    """A place of the person's own day that they look at with the phone: what is asked there, and which advice may follow.

    `asks` are findings, asked in their order; `advice` is posture advice, given when its own rule holds. The same
    questions are asked once more `again_days` after a change.
    """

    name: str
    plain: str
    asks: tuple[str, ...]
    advice: tuple[str, ...]
    again_days: int


class CallSentence(Entry, frozen=True, kw_only=True):
    """A finding (its id) as the person says it of themselves when they call for help."""

    text: str


class LetterField(Entry, frozen=True, kw_only=True):
    name: str
    text: str


class ReferralMap(Entry, frozen=True, kw_only=True):
    """Where an organ's pain is felt."""

    organ: str
    segments: str
    surface: str


class Thrust(Entry, frozen=True, kw_only=True):
    """What must be known before any thrust or end-range technique."""

    id: str = "thrust"
    known: tuple[str, ...]


class Accuracy(Entry, frozen=True, kw_only=True):
    """A published figure, shown as reference and never used as a verdict."""

    condition: str
    finding: str
    figure: str
    caution: str


class CodePair(Entry, frozen=True, kw_only=True):
    """Two diagnosis codes that may not stand together; a code stands for all that begin with it."""

    a: str
    b: str


class CodeExtra(Entry, frozen=True, kw_only=True):
    code: str
    text: str
    when_text: str


class Fact(Entry, frozen=True, kw_only=True):
    text: str


# --- planning ----------------------------------------------------------------------------------------------------------


class Planning(Entry, frozen=True, kw_only=True):
    """The limits within which a plan is chosen, and what a choice is worth."""

    id: str = "planning"
    max_exercises: dict[Irritability, int]
    minutes_per_day: float
    activity_minutes: float
    visit_minutes: float
    max_manual: int
    max_modalities: int
    max_posture: int
    manual_only_max_visits: int
    manual_trials: int
    modality_trials: int
    pain_rise_max: dict[Irritability, int]
    first_choice: float
    second_choice: float
    pattern_weight: float
    relief_weight: float
    diminishing: tuple[float, ...]
    grades: dict[Grade, float]
    irritability_when_unknown: Irritability
    high_from_worst_pain: int


class Phase(Entry, frozen=True, kw_only=True):
    """A phase of care. `weights`: how much an exercise of each type is worth in it; `manual` the same for hands-on care."""

    id: PhaseId
    name: str
    plain: str
    aim: str
    move_on_when: str
    weeks: tuple[int, int]
    weights: dict[ExerciseType, float]
    manual: float
    dosed_for: Irritability
    starts_at: tuple[Irritability, ...]


class Target(Part, frozen=True, kw_only=True):
    """How a goal's target follows from its baseline: the larger of a change and a percentage, held between two ends."""

    change: float
    change_pct: float
    direction: Literal["up", "down"]
    floor: float
    ceiling: float


class GoalTemplate(Entry, frozen=True, kw_only=True):
    """A goal that a plan may have. `called`: what the person calls it, where the name is a clinician's."""

    name: str
    called: str = ""
    template: str
    baseline: str
    target: Target
    weeks: int
    when: str
    basis: str


class Frequency(Entry, frozen=True, kw_only=True):
    """How often and how long; the first whose `when` is true holds."""

    name: str
    when: str
    visits_per_week: tuple[float, float]
    weeks: tuple[int, int]
    visits: tuple[int, int]
    home_per_week: int
    text: str


class PrognosisBand(Entry, frozen=True, kw_only=True):
    name: str
    class_: str = field(name="class")
    min: float
    max: float
    weeks: tuple[int, int]
    text: str
    plain: str


class MinimumSet(Entry, frozen=True, kw_only=True):
    """The smallest set of tests for a situation; `first` before any pressure on the spine."""

    name: str
    when: str
    findings: tuple[str, ...]
    first: tuple[str, ...] = ()
    text: str


class Instrument(Entry, frozen=True, kw_only=True):
    """A questionnaire or measurement. `ship` says what of its wording may be shipped; errors are in `unit`, or in percent of the
    value then (`mdc_pct`, `mcid_pct`)."""

    name: str
    measures: str
    items: str
    finding: str = ""
    min: float | None = None
    max: float | None = None
    unit: str = ""
    higher: Literal["worse", "better"] | None = None
    scoring: str
    sem: float | None = None
    mdc: float | None = None
    mcid: float | None = None
    mdc_pct: float | None = None
    mcid_pct: float | None = None
    mcid_text: str = ""
    ship: Literal["own_wording", "items_ok", "items_ok_notice", "confirm", "score_only", "no"]
    licence: str
    wording: str = ""
    schedule: tuple[str, ...] = ()


# --- care over time ----------------------------------------------------------------------------------------------------


class PainRule(Entry, frozen=True, kw_only=True):
    """A band of the pain-monitoring rule. What is counted up to `*_green` is green, up to `*_amber` amber, above it red."""

    name: str
    rest: tuple[int, int]
    irritability: tuple[Irritability, ...]
    when: str
    counts: tuple[Literal["number", "rise"], ...]
    number_green: int
    number_amber: int
    rise_green: int
    rise_amber: int
    loaded: bool
    settle_min: int
    settle_cut_pct: int
    green: str
    amber: str
    red: str


class MorningRule(Entry, frozen=True, kw_only=True):
    """What the pain of the next morning, above the usual, makes of the dose."""

    name: str
    rise: tuple[int, int]
    also_when: str
    dose_pct: tuple[int, int]
    hold: bool
    rescreen: bool
    plain: str
    text: str


class ResponseCode(Entry, frozen=True, kw_only=True):
    code: int
    name: str
    plain: str
    progress: bool
    action: str


class ProgressionRule(Entry, frozen=True, kw_only=True):
    """What must hold before an exercise of these types goes up; 0 asks nothing (rpe_max 10)."""

    name: str
    types: tuple[str, ...]
    sessions: int
    extra_reps: int
    extra_hold_s: int
    correct_of_10: int
    gain_mdc: float
    weeks_at_dose: int
    rpe_max: float
    response_max: int
    step_pct: tuple[int, int]
    step_s: tuple[int, int]
    hold_max_s: int
    step: str
    text: str


class RegressionRule(Entry, frozen=True, kw_only=True):
    name: str
    trigger: str
    at: int
    unit: str
    dose_pct: tuple[int, int]
    action: str


class StopSymptom(Entry, frozen=True, kw_only=True):
    name: str
    plain: str
    call: Literal["911", "clinic_today"]
    safety_net: str
    findings: tuple[str, ...]


class Reevaluation(Entry, frozen=True, kw_only=True):
    name: str
    trigger: str
    days: int
    visits: int
    change_below_pct: int
    when: str
    hard_stop: bool
    action: str


class Discharge(Entry, frozen=True, kw_only=True):
    name: str
    plain: str
    when: str
    criteria: tuple[str, ...]
    action: str


class Contact(Part, frozen=True, kw_only=True):
    weeks: int
    kind: str
    optional: bool
    text: str


class StayingWell(Entry, frozen=True, kw_only=True):
    """What keeps a person well after discharge. `steps` says in order what to do; not better after so many `days`, they call.
    `asks` are the findings that a check-in asks for, in order."""

    name: str
    when: str
    plain: str
    steps: tuple[str, ...] = ()
    days: int = 0
    exercises: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    measures: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


class TruthWord(Entry, frozen=True, kw_only=True):
    """A word that collections of cases use for a truth, and what it means here ("*": anything at all).

    `unless`: words of a limit under which an item is not what is forbidden: massage with light pressure is no deep massage.
    """

    of: Literal["condition", "factor", "intervention", "forbidden"]
    means: tuple[str, ...]
    unless: tuple[str, ...] = ()
