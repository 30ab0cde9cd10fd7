"""The papers of a clinic: each says what it must, escapes what it is given, and says what is missing or not signed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest
from weasyprint import HTML

from rhomboid import Case, Knowledge, RhomboidError, assess, plan
from rhomboid.knowledge.care import UrgencyRoute
from rhomboid.knowledge.model import Condition
from rhomboid.papers import (
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
    Letterhead,
    Measure,
    NotePaper,
    PainZone,
    Person,
    PhaseLines,
    PlanLine,
    PlanPaper,
    Point,
    ProgressPaper,
    ReferralPaper,
    Signature,
    SlipPaper,
    TestLine,
    discharge_html,
    evaluation_html,
    home_html,
    note_html,
    pdf,
    plan_html,
    progress_html,
    referral_html,
    slip_html,
)
from rhomboid.papers.documents import Standing, Verdict
from rhomboid.reasoning.letter import Letter, Line, letter_for

TestLine.__test__ = False  # type: ignore[attr-defined]  # its name is the clinic's word, not pytest's

MADE = date(2026, 12, 21)
CLINIC = Letterhead(
    name="Juniper Street Physical Therapy",
    address=("214 Juniper Street", "Brooklyn"),
    phone="(212) 555-0142",
    therapist="Dana Okafor",
)
PERSON = Person(name="Marisol Vega", born=date(1972, 3, 4), episode="Upper back pain, right", record="JS-417")
SIGNED = Signature(by="Dana Okafor", credentials="PT, DPT", at=datetime(2026, 12, 21, 10, 2, tzinfo=UTC), how="with a passkey")
NOBODY = Person(name="A. Nobody")
HELP = (Help(title="Call 911", lines=("Weak legs.",), urgency="emergency_now"),)
EXERCISE = HomeExercise(
    name="Seated turn",
    dose="10 times",
    often="Every day",
    how="Turn your ribs.",
    mistakes=("turning the hips",),
    stop=("it stabs",),
)
GOALS = (GoalLine(text="Pain falls to 3", baseline="5", target="3", now="3", by=MADE, standing="met"),)
MEASURES = (
    Measure(name="Pain, NPRS", then="5", now="3", change="−2", error="0.9", verdict="matters"),
    Measure(name="Grip", then="30 kg", now="34 kg", change="+4 kg", verdict="real"),
)
CURVE = Curve(
    name="Pain",
    scale="NPRS 0 to 10",
    points=(Point(date(2026, 11, 23), 5, 0.5), Point(MADE, 3)),
    low=0,
    high=10,
    better="down",
    mcid=2,
)
PROGRESS = ProgressPaper(
    person=PERSON,
    made=MADE,
    heading="Progress after four weeks",
    to="Dr. Feld",
    period_from=date(2026, 11, 23),
    period_to=MADE,
    visits="5 of 6",
    summary="Pain fell.",
    curves=(CURVE,),
    measures=MEASURES,
    factors=(FactorChange(name="Stiffness", then=2, now=None),),
    goals=GOALS,
    safety=("No thrust.",),
    next_steps="Four more visits.",
    signature=SIGNED,
)
DISCHARGE = DischargePaper(
    person=PERSON,
    made=MADE,
    measures=MEASURES,
    goals=GOALS,
    visits="9 of 10",
    reason="Goals met",
    delivered=("Mobilization",),
    home=("Band row",),
    staying_well=(("At work", "Stand up."),),
    flare=("Halve it for two days.",),
    come_back=("Pain above 4.",),
    help=HELP,
    signature=SIGNED,
)
HOME = HomePaper(
    person=PERSON,
    made=MADE,
    exercises=(EXERCISE,),
    good_until=date(2027, 1, 18),
    zones=(PainZone(range="0 to 3", text="Fine."),),
    help=HELP,
    link="https://clinic.example/h/7Kq2",
    link_note="Scan me.",
)
NOTE = NotePaper(
    person=PERSON,
    made=MADE,
    visit_on=date(2026, 12, 7),
    number=3,
    subjective="Slept through.",
    objective="Rotation 36°.",
    assessment="Better.",
    plan="Go on.",
    carried={"plan": date(2026, 11, 30)},
    pain_before=4,
    pain_after=0,
    delivered=(Delivered(name="PA mobilization", segment="T6", side="right", grade="III", dose="3 × 30 s", minutes=8),),
    tests=(TestLine(name="Rotation right", before="36°", after="42°", meaning="could be chance"),),
    signature=SIGNED,
    addenda=(Addendum(text="No soreness.", by="Sam Ortiz, PTA", at=datetime(2026, 12, 8, 9, 15, tzinfo=UTC)),),
)
PLAN = PlanPaper(
    person=PERSON,
    made=MADE,
    version=2,
    signature=SIGNED,
    problem="Joint dysfunction",
    codes=("M54.6",),
    goals=GOALS,
    factors=(FactorLine(name="Stiffness", severity=2, because="31°"),),
    precautions=("No thrust.",),
    visits="6 to 8",
    phases=(PhaseLines(name="Calm", exercises=(PlanLine(name="Seated turn", dose="1 × 10", why="stiffness"),)),),
    clinic=(PlanLine(name="PA mobilization", dose="grade III"),),
    overrides=("Heat: tested today.",),
    reevaluation=date(2027, 1, 18),
)


@pytest.fixture(scope="module")
def referral(knowledge: Knowledge) -> ReferralPaper:
    case = Case({"age_years": 60, "rf_onset_days": 10, "rf_leg_weakness_new": True, "rf_bladder_retention": True, "hr_bpm": 78})
    letter = letter_for(assess(case, knowledge, on=MADE))
    assert letter is not None
    to = Addressee(name="Dr. Feld", organization="Fulton Primary Care", fax="(212) 555-0101")
    return ReferralPaper(person=PERSON, made=MADE, letter=letter, rules=knowledge, seen_on=MADE, held=True, to=to, signature=SIGNED)


PRINTED: dict[str, tuple[Callable[..., str], Any]] = {
    "plan": (plan_html, PLAN),
    "home": (home_html, HOME),
    "note": (note_html, NOTE),
    "progress": (progress_html, PROGRESS),
    "discharge": (discharge_html, DISCHARGE),
}
SIGNABLE = [name for name in PRINTED if name != "home"]


def made_of(name: str, **changes: Any) -> str:
    printer, data = PRINTED[name]
    return printer(replace(data, **changes), CLINIC)


def text_of(html: str) -> str:
    """What a reader sees, in one line."""
    body = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
    for sign, plain in (("&#39;", "'"), ("&#34;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        body = body.replace(sign, plain)
    return re.sub(r" ([,.;:])", r"\1", " ".join(body.split()))


def said_in(html: str, *texts: str) -> None:
    text = text_of(html)
    assert [one for one in texts if one not in text] == []


# --- every paper --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRINTED)
def test_every_paper_says_from_whom_of_whom_and_when(name: str) -> None:
    html = made_of(name)
    said_in(html, "Juniper Street Physical Therapy", "214 Juniper Street, Brooklyn", "(212) 555-0142", "Marisol Vega", "2026")
    feet = re.findall(r'<article[^>]*data-foot="([^"]*)"', html)
    assert len(feet) == html.count("<article") > 0
    assert all(foot.startswith("Marisol Vega, born 4 March 1972. ") and "made 21 December 2026" in foot for foot in feet)


def test_the_foot_says_when_the_clinics_own_rules_are_among_those_used() -> None:
    own = "with this clinic’s own rules"
    assert own in made_of("plan", knowledge="0123456789ab+01234567")
    assert own not in made_of("plan", knowledge="0123456789ab")


@pytest.mark.parametrize("name", SIGNABLE)
def test_a_paper_is_a_draft_on_every_page_until_it_is_signed(name: str) -> None:
    signed, unsigned = made_of(name), made_of(name, signature=None)
    said_in(signed, "Dana Okafor, PT, DPT", "Signed with a passkey, 21 December 2026, 10:02")
    assert "Draft" not in text_of(signed)
    assert "data-draft=" not in signed
    said_in(unsigned, "Draft, not signed")
    assert unsigned.count('data-draft="Draft, not signed"') == unsigned.count("<article")


def test_the_foot_and_the_draft_mark_are_printed_on_every_page() -> None:
    pages = HTML(string=made_of("note", signature=None, subjective="A long story. " * 600)).render().pages
    texts = ["".join(getattr(box, "text", "") for box in page._page_box.descendants()) for page in pages]
    assert len(pages) > 2
    for place, text in enumerate(texts, 1):
        assert "Marisol Vega, born 4 March 1972. Visit note, made 21 December 2026" in text
        assert f"Page {place} of {len(pages)}" in text
        assert "Draft, not signed" in text


def test_a_letter_is_a_draft_until_it_is_signed(referral: ReferralPaper) -> None:
    assert "data-draft=" not in referral_html(referral, CLINIC)
    assert 'data-draft="Draft, not signed"' in referral_html(replace(referral, signature=None), CLINIC)


EVIL = "</style></title><script>alert(1)</script>\"'{{ 7 * 7 }}"
FIXED = ("link", "better", "verdict", "standing", "urgency", "paper", "letter", "rules", "logo")
"""What is chosen from a list, or is no text."""


def hostile(value: Any) -> Any:
    """The same data with every text a hostile one."""
    if isinstance(value, str):
        return EVIL
    if isinstance(value, tuple):
        return tuple(map(hostile, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: hostile(getattr(value, one.name)) for one in fields(value) if one.name not in FIXED})
    return value


def harmless(html: str) -> None:
    assert "<script" not in html
    assert html.count("<style>") == html.count("</style>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{ 7 * 7 }}" in html
    assert not re.search(r'="[^"]*alert\(1\)[^"]*"\s*\'', html)


@pytest.mark.parametrize("name", PRINTED)
def test_words_are_text_and_nothing_else(name: str) -> None:
    printer, data = PRINTED[name]
    harmless(printer(hostile(data), hostile(CLINIC)))


def test_words_of_a_letter_are_text_and_nothing_else(referral: ReferralPaper) -> None:
    harmless(referral_html(hostile(referral), hostile(CLINIC)))


def test_missing_values_are_said_to_be_missing() -> None:
    bare = {"person": NOBODY, "made": MADE}
    clinic = Letterhead(name="Clinic")
    said_in(
        note_html(NotePaper(**bare, visit_on=MADE), clinic), "Pain before not recorded, after not recorded", "Plan not recorded"
    )
    said_in(
        progress_html(ProgressPaper(**bare), clinic), "No measures are recorded.", "No goals are recorded.", "birth not recorded"
    )
    said_in(
        plan_html(PlanPaper(**bare, version=1), clinic),
        "Therapist not recorded",
        "Re-evaluation not recorded",
        "No goals are recorded.",
    )
    said_in(discharge_html(DischargePaper(**bare), clinic), "Reason not recorded")
    said_in(home_html(HomePaper(**bare, exercises=()), clinic), "There are no exercises for you at the moment.")


@pytest.mark.parametrize("size", ["Letter", "A4"])
def test_paper_comes_in_both_sizes(size: Any) -> None:
    assert f"@page {{ size: {size} }}" in progress_html(PROGRESS, replace(CLINIC, paper=size))


@pytest.mark.parametrize("name", PRINTED)
def test_long_texts_and_names_still_print(name: str) -> None:
    printer, data = PRINTED[name]
    person = replace(PERSON, name="Maria Magdalena " * 20, episode="x" * 400, born=None)
    clinic = replace(CLINIC, name="A very long name of a clinic " * 8)
    long = {"subjective": "A long story. " * 600} if name == "note" else {}
    html = printer(replace(data, person=person, **long), clinic)
    assert pdf(html).startswith(b"%PDF")
    assert all(len(foot) < 140 for foot in re.findall(r'data-foot="([^"]*)"', html))


# --- one by one ---------------------------------------------------------------------------------------------------------


def test_a_plan_of_care_says_what_is_done_why_and_what_was_overridden() -> None:
    said_in(
        made_of("plan"),
        "Version 2. Signed by Dana Okafor, PT, DPT",
        "Joint dysfunction",
        "M54.6",
        "Pain falls to 3 5 3 21 Dec 2026",
        "Stiffness 31°",
        "No thrust.",
        "1. Calm",
        "Seated turn 1 × 10 stiffness",
        "PA mobilization grade III",
        "Limits the therapist overrode",
        "Heat: tested today.",
        "by 18 January 2027",
    )


def test_certification_by_a_physician_is_asked_only_when_wanted() -> None:
    assert "certify" not in text_of(made_of("plan"))
    said_in(made_of("plan", certification=True), "I have reviewed this plan of care and certify", "Physician, NPI")


def test_a_home_program_says_how_when_to_stop_and_whom_to_call() -> None:
    said_in(
        made_of("home"),
        "Your home program",
        "Good until 18 January 2027.",
        "1 Seated turn",
        "10 times",
        "Every day",
        "Turn your ribs.",
        "Better not: turning the hips.",
        "Stop if it stabs.",
        "0 to 3 Fine.",
        "Call 911 Weak legs.",
        "Scan me.",
    )


def test_a_page_of_the_home_program_has_at_most_four_exercises() -> None:
    html = made_of("home", exercises=(EXERCISE,) * 9)
    assert [page.count('class="exercise"') for page in html.split("<article")[1:]] == [4, 4, 1]
    assert re.findall(r'<span class="number">(\d)</span>', html) == list("123456789")
    assert html.count("Call 911") == html.count("<svg viewBox") == 1


def test_a_note_has_its_sections_what_was_done_and_its_addenda() -> None:
    said_in(
        made_of("note"),
        "Visit note 3, 7 December 2026",
        "Pain before 4 /10, after 0 /10",
        "Subjective Slept through.",
        "Objective Rotation 36°.",
        "Rotation right 36° 42° could be chance",
        "PA mobilization T6, right grade III, 3 × 30 s 8",
        "Together 8",
        "Assessment Better.",
        "Plan carried forward from 30 November 2026 Go on.",
        "1. Sam Ortiz, PTA, 8 December 2026, 09:15 No soreness.",
    )


def test_minutes_are_added_up_only_when_all_are_known() -> None:
    assert NOTE.minutes == 8
    some = (*NOTE.delivered, Delivered(name="Advice"))
    assert replace(NOTE, delivered=some).minutes is None
    assert "Together" not in text_of(made_of("note", delivered=some))


def test_twelve_addenda_stand_in_their_order() -> None:
    addenda = tuple(Addendum(text=f"Text {n}.", by="Sam Ortiz", at=datetime(2026, 12, 8, 9, n, tzinfo=UTC)) for n in range(12))
    assert re.findall(r"Text (\d+)\.", text_of(made_of("note", addenda=addenda))) == [str(n) for n in range(12)]


def test_a_progress_report_sets_then_beside_now() -> None:
    said_in(
        made_of("progress"),
        "Progress after four weeks",
        "Dr. Feld",
        "23 Nov 2026 to 21 Dec 2026",
        "5 of 6",
        "Pain, NPRS 5 3 −2 0.9 real, and matters",
        "Pain falls to 3 5 3 3 21 Dec 2026 Met",
        "No thrust.",
        "Four more visits.",
        "not known",
    )


def test_without_an_error_there_is_no_verdict() -> None:
    said_in(made_of("progress"), "Grip 30 kg 34 kg +4 kg – error not known")
    assert MEASURES[1].verdict == "real"
    assert MEASURES[1].meaning == "error_unknown"
    only_now = Measure(name="Grip", now="34 kg", error="6 kg", verdict="matters")
    said_in(made_of("progress", measures=(only_now,)), "Grip not recorded 34 kg – 6 kg not comparable")


def test_a_change_for_the_worse_does_not_read_as_a_gain() -> None:
    worse = replace(MEASURES[0], now="7", change="+2", worse=True)
    said_in(made_of("progress", measures=(worse,)), "worse: real, and matters")
    said_in(made_of("progress", measures=(replace(worse, verdict="within_error"),)), "0.9 within error")


def test_every_verdict_and_standing_has_its_words() -> None:
    measures = tuple(Measure(name=one, then="1", now="2", error="1", verdict=one) for one in get_args(Verdict))
    goals = tuple(GoalLine(text=one, standing=one) for one in get_args(Standing))
    said_in(
        made_of("progress", measures=measures, goals=goals),
        "real, and matters",
        "within error",
        "error not known",
        "Not met",
        "Open",
    )


def test_a_discharge_summary_has_a_page_to_take_home() -> None:
    html = made_of("discharge")
    record, home = html.split("<article")[1:]
    said_in(record, "Goals met", "Mobilization", "Band row", "9 of 10", "Pain, NPRS 5 3")
    said_in(home, "At work Stand up.", "1 Halve it for two days.", "Pain above 4.", "(212) 555-0142", "Call 911 Weak legs.")
    assert "NPRS" not in text_of(home)


# --- referral -----------------------------------------------------------------------------------------------------------


def test_a_letter_says_what_was_found_and_what_is_asked(referral: ReferralPaper, knowledge: Knowledge) -> None:
    said_in(
        referral_html(replace(referral, note="She walks with a stick."), CLINIC),
        "Dr. Feld",
        "Fulton Primary Care",
        "Fax (212) 555-0101",
        "About Marisol Vega born 4 March 1972",
        "I saw Marisol Vega for upper back pain on 21 December 2026",
        "it is not a diagnosis",
        referral.letter.condition.name,
        referral.letter.condition.letter.rstrip("."),
        referral.letter.route.name,
        "New trouble passing urine; New leg weakness",
        "Heart rate: 78",
        "She walks with a stick.",
        "treatment is held until your answer",
        "Please tell me what you find: (212) 555-0142.",
    )


def test_a_private_concern_is_refused_as_a_letter(referral: ReferralPaper, knowledge: Knowledge) -> None:
    condition = knowledge.of(Condition)["abuse_violence"]
    raised = replace(referral.letter.raised, condition=condition.id)
    letter = replace(referral.letter, condition=condition, raised=raised, route=knowledge.of(UrgencyRoute)["routine_referral"])
    with pytest.raises(RhomboidError, match="private"):
        referral_html(replace(referral, letter=letter), CLINIC)


def test_what_only_private_concerns_rest_on_stays_out_of_a_letter(referral: ReferralPaper, knowledge: Knowledge) -> None:
    name = "rf_unsafe_at_home"
    label, private = knowledge.vocabulary.label(name), knowledge.of(Condition)["abuse_violence"].name
    line = Line(name, label, "yes")
    letter: Letter = replace(
        referral.letter,
        positives=(*referral.letter.positives, line),
        negatives=(line,),
        course=(line,),
        not_known=(label,),
        also=(private,),
    )
    text = text_of(referral_html(replace(referral, letter=letter), CLINIC))
    assert label not in text
    assert private not in text
    said_in(referral_html(referral, CLINIC), "New leg weakness")


# --- evaluation ---------------------------------------------------------------------------------------------------------


def test_an_evaluation_on_a_letterhead_names_clinic_and_person(knowledge: Knowledge) -> None:
    assessment = assess(Case({"age_years": 30, "nrs_average_7d": 5}), knowledge, on=MADE)
    data = EvaluationPaper(assessment=assessment, plan=plan(assessment), person=PERSON)
    html = evaluation_html(data, CLINIC)
    said_in(html, "Juniper Street Physical Therapy", "Marisol Vega Patient", "4 March 1972 Date of birth", "Draft, not signed")
    feet = re.findall(r'data-foot="([^"]*)"', html)
    assert len(feet) == html.count("<article")
    assert all(foot.startswith("Marisol Vega, born 4 March 1972. ") for foot in feet)
    assert "data-draft=" not in evaluation_html(replace(data, signature=SIGNED), CLINIC)
    bare = text_of(evaluation_html(replace(data, person=None)))
    assert "Marisol" not in bare
    assert "Date of birth" in bare


# --- the slip with a personal link ---------------------------------------------------------------------------------------


def test_a_slip_says_how_in_the_persons_language_and_is_no_more_than_the_link() -> None:
    slip = SlipPaper(
        name="Marisol Vega", link="https://clinic.example/p/7kq2.abc", heading="Su atención", steps=("Apunte.", "Toque."),
        or_type="O escriba:", notes=("Solo para usted.",), language="es",
    )  # fmt: skip
    html = slip_html(slip, CLINIC)
    said_in(html, "Su atención", "1 Apunte.", "2 Toque.", "O escriba: https://clinic.example/p/7kq2.abc", "Solo para usted.")
    assert '<html lang="es">' in html
    assert float(re.findall(r'width="([\d.]+)mm"', html)[0]) >= 26
    assert "1972" not in html
    with pytest.raises(RhomboidError):
        slip_html(replace(slip, link="no address"), CLINIC)
