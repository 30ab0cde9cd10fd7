"""Safety properties with names. Each is said in docs/explanation/safety.md; here each one is tried."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from rhomboid import Case, Knowledge, assess, case_from_table, load_knowledge, plan
from rhomboid.knowledge.model import HOLDING, URGENCIES, Condition
from rhomboid.reasoning.explain import Explainer
from rhomboid.reasoning.facts import evaluate
from rhomboid.reasoning.screening import Screening, screen
from rhomboid.vocabulary import Value

ON = date(2026, 11, 24)
KNOWLEDGE = load_knowledge()
ASKED = sorted(KNOWLEDGE.findings_read(level.when for c in KNOWLEDGE.of(Condition).values() for level in c.level))
RECORDS = KNOWLEDGE.vocabulary.recorded
PEOPLE = settings(derandomize=True, deadline=None, max_examples=60)


def screened(known: dict[str, Value]) -> Screening:
    return screen(Explainer(evaluate(known, KNOWLEDGE)))


def values_of(name: str) -> st.SearchStrategy[Value]:
    """Any value a finding of the screening may have."""
    finding = KNOWLEDGE.vocabulary.findings.get(name)
    if finding is None:
        return st.integers(0, 400)
    if finding.type == "flag":
        return st.booleans()
    if finding.several:
        return st.frozensets(st.sampled_from(sorted(finding.options)), max_size=3)
    if finding.options:
        return st.sampled_from(sorted(finding.options))
    low, high = (0, 10) if finding.type == "scale" else (finding.min, finding.max)
    return st.integers(int(low or 0), int(high or 0))


@st.composite
def people(draw: st.DrawFn) -> dict[str, Value]:
    """A well person with up to ten findings changed to anything they may be, and some left unknown."""
    known: dict[str, Value] = dict(KNOWLEDGE.vocabulary.well)
    for name in draw(st.lists(st.sampled_from(ASKED), max_size=10, unique=True)):
        known[name] = draw(values_of(name))
    for name in draw(st.lists(st.sampled_from(ASKED), max_size=10, unique=True)):
        known.pop(name, None)
    return known | dict.fromkeys(RECORDS, False)


def urgency_of(screening: Screening, condition: str) -> int:
    """The place of a condition's urgency, fastest first; last when it is not raised."""
    return next((URGENCIES.index(one.urgency) for one in screening.raised if one.condition == condition), len(URGENCIES))


def test_unknown_is_never_no() -> None:
    """Of somebody about whom nothing is known, nothing is raised and nothing is cleared that rests on findings."""
    nothing = screened(dict.fromkeys(RECORDS, False))
    assert nothing.raised == ()
    assert nothing.cleared == ()
    assert len(nothing.undecided) == len(KNOWLEDGE.of(Condition))


def test_a_well_person_is_cleared_of_everything() -> None:
    well = screened({**KNOWLEDGE.vocabulary.well, **dict.fromkeys(RECORDS, False)})
    assert well.complete
    assert well.raised == ()


@PEOPLE
@given(people(), st.sampled_from(ASKED))
def test_what_is_raised_stays_raised_as_more_becomes_known(known: dict[str, Value], name: str) -> None:
    """Learning one more finding never takes back a concern: no rule rests on not knowing."""
    known.pop(name, None)
    before = screened(known)
    if name not in KNOWLEDGE.vocabulary.well:
        return
    after = screened({**known, name: KNOWLEDGE.vocabulary.well[name]})
    for one in before.raised:
        assert urgency_of(after, one.condition) <= URGENCIES.index(one.urgency), one.condition


@PEOPLE
@given(people(), st.sampled_from(sorted(RECORDS)))
def test_a_record_on_file_only_calms(known: dict[str, Value], record: str) -> None:
    """A document on file may lower a concern, and never raises one or makes it faster."""
    without, with_record = screened(known), screened({**known, record: True})
    for condition in KNOWLEDGE.of(Condition):
        assert urgency_of(with_record, condition) >= urgency_of(without, condition), condition


@PEOPLE
@given(people())
def test_the_reasons_of_a_concern_suffice_for_it(known: dict[str, Value]) -> None:
    """Knowing only what `because` names raises the same concern."""
    for one in screened(known).raised:
        kept = {name: known[name] for name in one.because if name in known} | dict.fromkeys(RECORDS, False)
        again = next((other for other in screened(kept).raised if other.condition == one.condition), None)
        assert again is not None, one
        assert again.concern == one.concern


def person(knowledge: Knowledge, **changed: object) -> Case:
    table = {name: sorted(v) if isinstance(v, frozenset) else v for name, v in knowledge.vocabulary.well.items()}
    return case_from_table({"id": "invented", "findings": {**table, **changed}}, knowledge.vocabulary)


def test_a_held_person_gets_no_plan_but_an_action(knowledge: Knowledge) -> None:
    assessment = assess(person(knowledge, rf_saddle_numbness=True), knowledge, on=ON)
    held = plan(assessment)
    assert assessment.disposition in HOLDING
    assert held.status == "withheld"
    assert held.items == ()
    assert {left.reason for left in held.left_out} == {"open_concern"}
    assert len(held.left_out) == len(knowledge.interventions)


def test_only_a_named_therapist_lowers_a_concern(knowledge: Knowledge) -> None:
    table = {name: sorted(v) if isinstance(v, frozenset) else v for name, v in knowledge.vocabulary.well.items()}
    table["rf_leg_heaviness_bilateral"] = True
    closing = {"condition": "myelopathy_thoracic", "by": "A. Therapist", "reason": "MRI of neck and back clear", "on": "2026-11-20"}
    open_case = case_from_table({"findings": table}, knowledge.vocabulary)
    closed_case = case_from_table({"findings": table, "closed": [closing]}, knowledge.vocabulary)
    assert assess(open_case, knowledge, on=ON).held
    closed = assess(closed_case, knowledge, on=ON)
    assert not closed.held
    assert [one.closed_by for one in closed.screening.raised] == ["A. Therapist"]


def test_a_plan_is_provisional_while_the_screen_is_open(knowledge: Knowledge) -> None:
    table = {"age_years": 30, "sex_at_birth": "male", "pa_region_mid": "hypo", "pain_regions": ["interscapular_l"]}
    assessment = assess(case_from_table({"findings": table}, knowledge.vocabulary), knowledge, on=ON)
    proposal = plan(assessment)
    assert proposal.status == "provisional"
    assert assessment.next_questions
    thrusts = [id_ for id_ in knowledge.interventions if id_.startswith("mt_thrust")]
    assert not [id_ for id_ in thrusts if proposal.item(id_)]


def test_every_concern_that_goes_to_somebody_else_says_what_to_do(knowledge: Knowledge) -> None:
    for condition in knowledge.of(Condition).values():
        assert condition.therapist
        assert condition.patient
        assert condition.letter, condition.id
