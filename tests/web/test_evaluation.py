"""The evaluation page: every answer is recorded, the reasoning follows at once, and nobody is overtaken unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from rhomboid import Knowledge, read_case
from rhomboid.knowledge import entry_digest
from rhomboid.web.accounts.models import User
from rhomboid.web.clinic.evaluation_layout import layout_of
from rhomboid.web.clinic.evaluation_page import evaluation_of, unsigned
from rhomboid.web.clinic.evaluation_rows import limits_of, row_of
from rhomboid.web.records import clock, current
from rhomboid.web.records.actions import findings, rules
from rhomboid.web.records.models import Concern, Episode, Finding, SignOff

from .conftest import Cast

SignedIn = Callable[[User], Client]
Page = Callable[..., Any]
HTMX = {"HTTP_HX_REQUEST": "true"}
CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture
def page(cast: Cast, signed_in: SignedIn) -> Page:
    """Posts as the therapist and returns the answer; the record's address unless another is named."""
    client = signed_in(cast.therapist)

    def post(data: dict[str, Any], where: str = "findings", episode: Episode | None = None, **headers: str) -> Any:
        path = f"/episodes/{(episode or cast.episode).ref}/evaluation/{where}"
        return client.post(path, data, **(headers or HTMX))

    return post


def value(episode: Episode, name: str) -> Any:
    row = Finding.objects.filter(episode=episode, finding=name).standing().last()
    return row.value if row else None


def from_case(cast: Cast, name: str, source: str = "therapist", days_ago: int = 0) -> None:
    knowledge = current.knowledge()
    case = read_case(CASES / f"{name}.toml", knowledge.vocabulary)
    stated = ((name, found) for name, found in case.findings.items() if name not in findings.FROM_PERSON)
    given = {name: sorted(found) if isinstance(found, frozenset) else found for name, found in stated}
    on = clock.today() - timedelta(days=days_ago)
    findings.record(episode=cast.episode, values=given, knowledge=knowledge, by=cast.therapist, source=source, on=on)


# --- answers ---------------------------------------------------------------------------------------------------------------


def test_a_typed_number_is_recorded_and_its_row_and_the_reasoning_come_back(cast: Cast, page: Page) -> None:
    answer = page({"v.rom_thx_rot_seated_r": "31", "was.rom_thx_rot_seated_r": "", "seen.rom_thx_rot_seated_r": ""})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert value(cast.episode, "rom_thx_rot_seated_r") == 31
    assert 'id="row-rom_thx_rot_seated"' in text
    assert "Right low" in text
    assert 'hx-swap-oob="innerHTML:#reasoning-body"' in text
    assert 'id="personbar"' in text
    assert "Recorded: Thoracic rotation" in json.loads(answer["HX-Trigger"])["announce"]["value"]


def test_what_the_page_had_put_into_a_field_is_no_answer(cast: Cast, page: Page) -> None:
    unchanged = {"v.rom_thx_rot_seated_l": "44", "was.rom_thx_rot_seated_l": "44"}
    answer = page(unchanged | {"v.rom_thx_rot_seated_r": "30", "was.rom_thx_rot_seated_r": ""})
    assert answer.status_code == 200
    assert [row.finding for row in Finding.objects.all()] == ["rom_thx_rot_seated_r"]


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        ({"set.pe_closed_fist_percussion": "true"}, "pe_closed_fist_percussion", True),
        ({"set.pain_response_extension": "reproduces_familiar"}, "pain_response_extension", "reproduces_familiar"),
        ({"set.nrs_now": "0"}, "nrs_now", 0),
        ({"set.gate_fever": "false"}, "gate_fever", False),
        ({"v.pml_cm_l": "16,2", "was.pml_cm_l": ""}, "pml_cm_l", 16.2),
        ({"v.pain_quality": ["ache", "burning"], "was.pain_quality": "ache"}, "pain_quality", ["ache", "burning"]),
        ({"v.medications": ["-"], "was.medications": ""}, "medications", []),
        ({"v.onset_date": "2026-11-01", "was.onset_date": ""}, "onset_date", "2026-11-01"),
        ({"regions": "1", "pain_regions": ["interscapular_r"]}, "pain_regions", ["interscapular_r"]),
    ],
)
def test_each_kind_of_answer_is_recorded(data: dict[str, Any], name: str, expected: Any, cast: Cast, page: Page) -> None:
    assert page(data).status_code == 200
    assert value(cast.episode, name) == expected


def test_the_spine_records_the_joint_tests_of_one_level(cast: Cast, page: Page) -> None:
    page({"spine-changed": "T6", "spine-what": "mobility", "spine-T6-mobility": "stiff", "spine-T6-pain": ""})
    page({"spine-changed": "T6", "spine-what": "pain", "spine-T6-mobility": "stiff", "spine-T6-pain": "right"})
    assert (value(cast.episode, "pa_t6"), value(cast.episode, "upa_pain_t6_r")) == ("hypo", "familiar")
    assert evaluation_of(cast.episode).spine()["T6"] == {"mobility": "stiff", "pain": "right", "pending": False}
    page({"spine-changed": "T6", "spine-what": "pain", "spine-T6-pain": ""})
    assert value(cast.episode, "upa_pain_t6_r") is None


def test_an_answer_can_be_taken_back(cast: Cast, page: Page) -> None:
    page({"set.pe_supine_sign": "true"})
    row = Finding.objects.get()
    assert page({"set.pe_supine_sign": "", "seen.pe_supine_sign": row.ref}).status_code == 200
    assert value(cast.episode, "pe_supine_sign") is None


def test_not_tested_stays_unknown_with_its_reason(cast: Cast, page: Page) -> None:
    text = page({"skip.pe_supine_sign": "pain"}).content.decode()
    assert "Not tested: pain" in text
    assert evaluation_of(cast.episode).assessment.facts.value("pe_supine_sign") is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"v.rom_thx_extension": "far", "was.rom_thx_extension": ""}, "is not a number"),
        ({"v.rom_thx_extension": "nan", "was.rom_thx_extension": ""}, "is not a number"),
        ({"v.nrs_now": "inf", "was.nrs_now": ""}, "is not a number"),
        ({"v.rom_thx_extension": "400", "was.rom_thx_extension": ""}, "outside -10 to 60"),
        ({"set.rom_nothing": "true"}, "There is no finding"),
        ({"set.age_years": "30"}, "follows from the person"),
        ({}, "Nothing was changed"),
    ],
)
def test_what_does_not_fit_is_refused_in_place(data: dict[str, Any], words: str, cast: Cast, page: Page) -> None:
    answer = page(data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "data-focus" in answer.content.decode()
    assert not Finding.objects.exists()


def test_a_contradiction_is_refused_with_what_to_do(cast: Cast, page: Page) -> None:
    page({"set.rf_fever_reported": "true"})
    answer = page({"set.gate_fever": "false"})
    assert answer.status_code == 422
    assert value(cast.episode, "gate_fever") is None


def test_without_script_a_form_is_posted_and_the_section_shown(cast: Cast, page: Page) -> None:
    answer = page({"set.pe_supine_sign": "false"}, HTTP_ACCEPT="text/html")
    assert (answer.status_code, answer["Location"]) == (302, f"/episodes/{cast.episode.ref}/evaluation?section=examination")


# --- several people --------------------------------------------------------------------------------------------------------


def test_who_was_faster_is_shown_beside_what_was_entered(cast: Cast, page: Page) -> None:
    findings.record(episode=cast.episode, values={"rom_thx_extension": 12}, knowledge=current.knowledge(), by=cast.colleague)
    text = page({"v.rom_thx_extension": "9", "was.rom_thx_extension": "", "seen.rom_thx_extension": ""})
    assert text.status_code == 409
    said = text.content.decode()
    assert "Sam Ortiz" in said
    assert "Keep 12°" in said
    assert "Record 9°" in said
    assert value(cast.episode, "rom_thx_extension") == 12
    ref = Finding.objects.get().ref
    assert f'value="{ref}"' in said
    assert page({"set.rom_thx_extension": "9", "seen.rom_thx_extension": ref}).status_code == 200
    assert value(cast.episode, "rom_thx_extension") == 9


def test_nobody_is_overtaken_by_themselves(cast: Cast, page: Page) -> None:
    page({"v.rom_thx_extension": "9", "was.rom_thx_extension": "", "seen.rom_thx_extension": ""})
    assert page({"v.rom_thx_extension": "8", "was.rom_thx_extension": "", "seen.rom_thx_extension": ""}).status_code == 200


def test_the_patients_answers_wait_for_a_confirmation(cast: Cast, page: Page, signed_in: SignedIn) -> None:
    knowledge = current.knowledge()
    given = {"rf_steroid_prolonged": True, "rf_nsaid_regular": False, "rf_osteoporosis": False}
    on = clock.today() - timedelta(days=2)
    findings.record(episode=cast.episode, values=given, knowledge=knowledge, by=cast.front_desk, source="front_desk", on=on)
    found = evaluation_of(cast.episode)
    section = found.section(found.layout.place_of["rf_steroid_prolonged"].key)
    assert [row.key for row in section.said] == ["rf_steroid_prolonged"]
    refs = [row.said for row in section.waiting]
    assert page({"confirm": refs}).status_code == 200
    rows = Finding.objects.filter(episode=cast.episode, finding__in=given).standing()
    newer = {(row.source, row.recorded_by_id, row.observed_on) for row in rows if row.ref not in refs}
    assert newer == {("therapist", cast.therapist.pk, on)}
    assert page({"confirm": refs}).status_code == 409


def test_a_closed_episode_is_read_not_written(cast: Cast, page: Page, signed_in: SignedIn) -> None:
    Episode.objects.filter(pk=cast.episode.pk).update(stage="discharged", ended_on=clock.today())
    assert page({"set.pe_supine_sign": "true"}).status_code == 422
    assert page({"entry": "ext 9"}, "entry").status_code == 422
    text = signed_in(cast.therapist).get(f"/episodes/{cast.episode.ref}/evaluation?section=examination").content.decode()
    assert "This episode is closed" in text
    assert 'name="entry"' not in text


def test_who_may_not_record_reads_only(cast: Cast, signed_in: SignedIn) -> None:
    cast.assistant.role = "assistant"
    client = signed_in(cast.front_desk)
    assert client.get(f"/episodes/{cast.episode.ref}/evaluation").status_code == 403
    assert client.post(f"/episodes/{cast.episode.ref}/evaluation/findings", {"set.nrs_now": "3"}).status_code == 403


# --- the fast entry --------------------------------------------------------------------------------------------------------


def test_the_fast_entry_says_what_it_reads_and_records_it(cast: Cast, page: Page) -> None:
    reads = page({"entry": "pa t6 stiff"}, "reads")
    assert "Central pressure T6, mobility: stiff." in reads.content.decode()
    assert json.loads(reads["HX-Trigger"])["reading"]["levels"] == ["T6"]
    assert not Finding.objects.exists()
    text = page({"entry": "ext 9 fam", "section": "strength"}, "entry").content.decode()
    assert (value(cast.episode, "rom_thx_extension"), value(cast.episode, "pain_response_extension")) == (9, "reproduces_familiar")
    assert 'data-section-key="motion"' in text


def test_an_entry_that_cannot_be_read_is_kept_and_explained(cast: Cast, page: Page) -> None:
    answer = page({"entry": "rott l 38"}, "entry")
    assert answer.status_code == 422
    assert "Did you mean &quot;rot&quot;?" in answer.content.decode()


def test_a_grade_as_written_stands_beside_the_value(cast: Cast, page: Page) -> None:
    assert "written as 3+" in page({"entry": "lt r 3+", "section": "strength"}, "entry").content.decode()


# --- the reasoning ---------------------------------------------------------------------------------------------------------


def test_a_danger_is_raised_with_its_reasons_and_lowered_with_one(cast: Cast, page: Page, signed_in: SignedIn) -> None:
    from_case(cast, "S03_pancoast_64m_gate")
    client = signed_in(cast.therapist)
    text = client.get(f"/episodes/{cast.episode.ref}/evaluation").content.decode()
    assert "Treatment is on hold" in text
    assert "Apical lung tumor" in text
    assert "new upper-limb myotome weakness" in text
    concern = Concern.objects.filter(state="open").first()
    assert concern
    refused = client.post(f"/concerns/{concern.ref}/lower", {"reason": "no"}, **HTMX)
    assert refused.status_code == 422
    assert ">no</textarea>" in refused.content.decode()
    lowered = client.post(f"/concerns/{concern.ref}/lower", {"reason": "Chest CT on Friday was normal, Dr. Reyes"}, **HTMX)
    assert lowered.status_code == 200
    assert "Chest CT on Friday" in lowered.content.decode()
    concern.refresh_from_db()
    assert (concern.state, concern.lowered_by) == ("lowered", cast.therapist)


def test_the_next_best_question_is_asked_and_answered_from_the_column(cast: Cast, page: Page) -> None:
    from_case(cast, "N32_36f_hygienist")
    found = evaluation_of(cast.episode)
    card = next(card for card in found.column.undecided if card.ask and card.ask.answers)
    answer = card.ask.answers[0]  # type: ignore[union-attr]
    before = len(found.assessment.screening.undecided)
    assert page({f"set.{answer.finding}": answer.value}).status_code == 200
    assert len(evaluation_of(cast.episode).assessment.screening.undecided) < before


def test_what_cannot_be_told_is_not_asked_again(cast: Cast, page: Page) -> None:
    from_case(cast, "N32_36f_hygienist")
    asked = evaluation_of(cast.episode).column.undecided[0].ask
    assert asked
    page({f"skip.{asked.finding}": "cannot be told"})
    column = evaluation_of(cast.episode).column
    assert asked.finding not in {card.ask.finding for card in (*column.undecided, *column.more) if card.ask}


def test_what_an_entry_changed_carries_the_mark_until_the_next(cast: Cast, page: Page) -> None:
    text = page({"set.obs_thoracic_extension_limited": "true"}).content.decode()
    assert "Stiff thoracic extension" in text
    assert 'class="factor changed"' in text
    assert 'class="factor changed"' not in page({"set.nrs_now": "3"}).content.decode()


def test_a_private_concern_is_not_named_in_the_open(cast: Cast, signed_in: SignedIn) -> None:
    findings.record(episode=cast.episode, values={"rf_unsafe_at_home": True}, knowledge=current.knowledge(), by=cast.therapist)
    text = signed_in(cast.therapist).get(f"/episodes/{cast.episode.ref}/evaluation").content.decode()
    assert "<h4>A private concern</h4>" in text


def test_every_line_is_explained_with_its_sources(cast: Cast, signed_in: SignedIn, knowledge: Knowledge) -> None:
    from_case(cast, "S03_pancoast_64m_gate")
    client = signed_in(cast.therapist)
    base = f"/episodes/{cast.episode.ref}/evaluation/why"
    lines = {"condition/pancoast": "High concern", "pattern/facet_joint_dysfunction": "not", "factor/weak_lower_trap": "Found"}
    for path, word in lines.items():
        part = client.get(f"{base}/{path}", **HTMX)
        assert word in part.content.decode()
        assert "evidence" in part.content.decode()
        assert "<html" not in part.content.decode()
        assert "<html" in client.get(f"{base}/{path}").content.decode()
    assert client.get(f"{base}/condition/nothing").status_code == 404
    assert client.get(f"{base}/nothing/pancoast").status_code == 404


def test_a_working_rule_says_that_it_is_not_signed_off(cast: Cast, signed_in: SignedIn) -> None:
    from_case(cast, "S03_pancoast_64m_gate")
    knowledge = current.knowledge()
    assert ("condition", "pancoast") in unsigned(knowledge)
    acting = evaluation_of(cast.episode).column.unsigned
    assert 0 < acting < len(unsigned(knowledge))
    entry = knowledge.tables["condition"]["pancoast"]
    rules.sign_off(kind="condition", entry="pancoast", digest=entry_digest(entry), knowledge=knowledge, by=cast.therapist)
    assert SignOff.objects.count() == 1
    assert ("condition", "pancoast") not in unsigned(knowledge)
    cards = {card.id: card.unsigned for card in evaluation_of(cast.episode).column.raised}
    assert cards["pancoast"] is False
    assert evaluation_of(cast.episode).column.unsigned == acting - 1
    assert any(cards.values())


# --- sections and rows -----------------------------------------------------------------------------------------------------


def test_every_finding_stands_on_the_page_once(knowledge: Knowledge) -> None:
    layout = layout_of(knowledge)
    names = [name for place in layout.places.values() for name in place.findings]
    assert len(names) == len(set(names))
    left_out = set(knowledge.vocabulary.findings) - set(names)
    assert left_out == {
        "age_years", "sex_at_birth", "nrs_during_session", "session_settle_min", "nrs_next_morning", "session_stop_symptoms",
    }  # fmt: skip
    assert set(knowledge.vocabulary.gates) <= set(names)


def test_no_well_value_is_called_low_or_high(knowledge: Knowledge) -> None:
    for entry in knowledge.vocabulary.findings.values():
        if isinstance(entry.normal, int | float) and not isinstance(entry.normal, bool):
            low, high = limits_of(entry, "female")
            assert low is None or entry.normal >= low, entry.id
            assert high is None or entry.normal <= high, entry.id


def test_a_pair_is_one_row_left_first(cast: Cast) -> None:
    findings.record(
        episode=cast.episode,
        values={"rom_thx_rot_seated_l": 44, "rom_thx_rot_seated_r": 31},
        knowledge=current.knowledge(),
        by=cast.therapist,
    )
    found = evaluation_of(cast.episode)
    row = row_of(found.layout.row_of["rom_thx_rot_seated_l"], found.standing)
    assert [(cell.side, cell.value, cell.out) for cell in row.cells] == [("l", "44", False), ("r", "31", True)]
    assert row.strong == "Right low; 13° apart"


def test_a_gate_answers_what_it_closes(cast: Cast) -> None:
    findings.record(episode=cast.episode, values={"gate_fever": False}, knowledge=current.knowledge(), by=cast.therapist)
    found = evaluation_of(cast.episode)
    group = next(group for group in found.section("said-symptoms").groups if group.heading == "Fever, shivering, sweats")
    assert [row.key for row in group.rows] == ["gate_fever"]
    assert {row.closed_by for row in group.aside} == {"Fever, shivering, sweats"}


def test_what_does_not_apply_is_folded_away(cast: Cast) -> None:
    findings.record(episode=cast.episode, values={"arm_symptoms": False}, knowledge=current.knowledge(), by=cast.therapist)
    group = evaluation_of(cast.episode).section("strength").groups[0]
    assert "grip_kg" in [row.key for row in group.aside]
    assert "grip_kg" not in [row.key for row in group.rows]


def test_a_row_tells_its_history(cast: Cast, page: Page, signed_in: SignedIn) -> None:
    page({"v.rom_thx_extension": "9", "was.rom_thx_extension": ""})
    page({"v.rom_thx_extension": "11", "was.rom_thx_extension": "9"})
    text = signed_in(cast.therapist).get(f"/episodes/{cast.episode.ref}/evaluation/rows/rom_thx_extension", **HTMX).content.decode()
    assert "11°" in text
    assert "9°" in text
    assert "corrected since" in text


# --- speed -----------------------------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow_with_history(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.therapist)
    for days in range(40, 0, -1):
        with clock.fixed(clock.now() - timedelta(days=days)):
            values = {"nrs_now": days % 9, "rom_thx_extension": 9}
            findings.record(episode=cast.episode, values=values, knowledge=current.knowledge(), by=cast.therapist)
    with django_assert_max_num_queries(22):
        client.get(f"/episodes/{cast.episode.ref}/evaluation?section=motion")
    with django_assert_max_num_queries(45):
        client.post(f"/episodes/{cast.episode.ref}/evaluation/findings", {"set.pe_supine_sign": "false"}, **HTMX)
