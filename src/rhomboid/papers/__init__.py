"""The papers of a clinic, each as one self-contained HTML page and as a tagged PDF. Pure: no Django, no clock, no network.

Who prints fills one frozen dataclass, gives it with the clinic's letterhead to a function, and gets HTML; `pdf` prints that:

    letterhead = Letterhead(name="Juniper Street Physical Therapy", address=("214 Juniper Street", "Brooklyn, NY 11201"),
                            phone="(212) 555-0142", therapist="Dana Okafor", credentials="PT, DPT", paper="A4")
    person = Person(name="Marisol Vega", born=date(1972, 3, 4), episode="Upper back pain, right")
    content = pdf(home_html(HomePaper(person=person, made=date(2026, 11, 23), exercises=(...,)), letterhead))

    evaluation_html(EvaluationPaper, letterhead)   an assessment and its proposed plan; while treatment is held, the action
                                                   sheet and the letter. Without letterhead and person: lines to write on
    plan_html(PlanPaper, letterhead)               the plan of care, "Draft" until it has a signature
    home_html(HomePaper, letterhead)               the home program for the person, at most four exercises a page
    note_html(NotePaper, letterhead)               a visit: SOAP, what was delivered, tests before and after, addenda
    progress_html(ProgressPaper, letterhead)       a re-evaluation: then and now, with error and verdict
    discharge_html(DischargePaper, letterhead)     the discharge summary, with what the person takes home
    referral_html(ReferralPaper, letterhead)       a `reasoning.letter.Letter` on paper; private concerns never
    slip_html(SlipPaper, letterhead)               a personal link as a QR code, in the person's language

Texts are plain: they are escaped here, and line breaks in them are kept. An empty text or a None is printed as "not recorded"
where a reader would look for it, and left out elsewhere. Dates are `date`, moments `datetime`, in the clinic's time; `made` is
the day on which the paper is made, and stands in the footer of every page beside the person's name. A logo is PNG or JPEG,
checked by content (`checked_logo`). A refusal is a `RhomboidError` with a fix.
"""

from .documents import (
    Addendum,
    Addressee,
    Curve,
    Delivered,
    DischargePaper,
    EvaluationPaper,
    FactorChange,
    FactorLine,
    GoalLine,
    Help,
    HomeExercise,
    HomePaper,
    HomeWords,
    Measure,
    NotePaper,
    PainZone,
    PhaseLines,
    PlanLine,
    PlanPaper,
    Point,
    ProgressPaper,
    ReferralPaper,
    SlipPaper,
    TakeHomeWords,
    TestLine,
)
from .letterhead import Letterhead, Person, Signature, checked_logo
from .pages import discharge_html, evaluation_html, home_html, note_html, plan_html, progress_html, referral_html, slip_html
from .pdf import pdf

__all__ = [
    "Addendum", "Addressee", "Curve", "Delivered", "DischargePaper", "EvaluationPaper", "FactorChange", "FactorLine", "GoalLine",
    "Help", "HomeExercise", "HomePaper", "HomeWords", "Letterhead",
    "Measure", "NotePaper", "PainZone", "Person", "PhaseLines", "PlanLine",
    "PlanPaper", "Point", "ProgressPaper", "ReferralPaper", "Signature", "SlipPaper", "TakeHomeWords", "TestLine",
    "checked_logo", "discharge_html",
    "evaluation_html", "home_html", "note_html", "pdf", "plan_html", "progress_html", "referral_html", "slip_html",
]  # fmt: skip
