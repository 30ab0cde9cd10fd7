"""A clinic's own entries in place of shipped ones, and the digests that a sign-off is tied to."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import msgspec
import pytest
import tomli

from rhomboid import Knowledge, KnowledgeError, Override, assess, case_from_table, entry_digest, load_knowledge, source_text
from rhomboid.knowledge.kinds import KINDS
from rhomboid.knowledge.model import Condition, Factor
from rhomboid.reasoning.proof import broken_examples
from rhomboid.reasoning.sources import file_of
from rhomboid.vocabulary.reading import entry_of
from rhomboid.vocabulary.vocabulary import TABLES

SITTING = "sedentary_exposure"
ON = date(2026, 11, 24)


def changed(knowledge: Knowledge, kind: str, id_: str, old: str, new: str) -> Override:
    text = source_text(knowledge, kind, id_)
    assert old in text
    return Override(kind, id_, text.replace(old, new, 1))


def refused(*overrides: Override) -> str:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(overrides=overrides)
    return str(caught.value)


@pytest.fixture(scope="module")
def local(knowledge: Knowledge) -> Knowledge:
    """A factor and a question worded otherwise."""
    return load_knowledge(
        overrides=[
            changed(knowledge, "factor", SITTING, 'name = "', 'name = "Ours: '),
            changed(knowledge, "finding", "rf_dyspnea", 'question = "', 'question = "Ours: '),
        ]
    )


def test_an_override_replaces_its_entry_and_nothing_else(knowledge: Knowledge, local: Knowledge) -> None:
    ours, theirs = local.of(Factor), knowledge.of(Factor)
    assert ours[SITTING].name == "Ours: " + theirs[SITTING].name
    assert local.vocabulary.findings["rf_dyspnea"].question.startswith("Ours: ")
    assert list(ours) == list(theirs)
    assert {id_ for id_ in ours if ours[id_] != theirs[id_]} == {SITTING}
    assert local.overridden == {("factor", SITTING), ("finding", "rf_dyspnea")}
    assert knowledge.overridden == frozenset()


def test_an_overridden_rule_is_the_one_that_runs(knowledge: Knowledge) -> None:
    found = knowledge.of(Factor)[SITTING].found
    local = load_knowledge(overrides=[changed(knowledge, "factor", SITTING, f'"{found}"', '"sit_hours_workday >= 3"')])
    case = case_from_table({"findings": {"sit_hours_workday": 3}}, knowledge.vocabulary)
    assert SITTING not in [one.factor for one in assess(case, knowledge, on=ON).factors]
    assert SITTING in [one.factor for one in assess(case, local, on=ON).factors]


def test_what_is_local_is_named_as_such(local: Knowledge) -> None:
    assert file_of(local.of(Factor)[SITTING], local) == "local override factor sedentary_exposure"
    assert file_of(local.vocabulary.findings["rf_dyspnea"], local) == "local override finding rf_dyspnea"
    assert file_of(local.of(Condition)["acs"], local).startswith("knowledge/content/")


def test_the_version_says_that_something_is_local(knowledge: Knowledge, local: Knowledge) -> None:
    assert local.version.startswith(knowledge.version + "+")
    assert len(local.version) == len(knowledge.version) + 9
    same = load_knowledge(overrides=list(reversed(list(local.overrides.values()))))
    assert same.version == local.version
    fewer = load_knowledge(overrides=[local.overrides["factor", SITTING]])
    assert fewer.version not in (local.version, knowledge.version)


def test_an_override_is_checked_like_a_file(knowledge: Knowledge) -> None:
    place = "local override factor sedentary_exposure"
    text = source_text(knowledge, "factor", SITTING)
    found = knowledge.of(Factor)[SITTING].found
    for wrong, words in (
        (text.replace(found, "sit_hours_workdy >= 3"), ['did you mean "sit_hours_workday"?']),
        (text.replace("sources = [", 'sources = ["V999", '), ['the source "V999" does not exist']),
        (text.replace('class = "', 'clas = "'), ["clas"]),
        (
            text.replace('id = "sedentary_exposure"', 'id = "sedentary_exposur"'),
            ['its id is "sedentary_exposur"', 'id = "sedentary_exposure"'],
        ),
        (text.replace('id = "sedentary_exposure"', 'id = "sedentary_exposure'), ["is not valid TOML"]),
        (text + text, ["holds something else than one entry"]),
        (text + '\n[[family]]\nid = "x"\nname = "x"\n', ["holds something else than one entry"]),
        ("", ["write one complete [[factor]]"]),
        ("[[factor]]", ['the key "id" is missing']),
        ("factor = 3", ["holds something else than one entry"]),
        ("x = " + "[" * 5000, ["is not valid TOML"]),
    ):
        message = refused(Override("factor", SITTING, wrong))
        assert place in message
        for word in words:
            assert word in message


def test_only_an_entry_that_exists_is_replaced(knowledge: Knowledge) -> None:
    text = source_text(knowledge, "factor", SITTING)
    assert 'no factor "sedentary_exposur"' in refused(Override("factor", "sedentary_exposur", text))
    assert 'did you mean "factor"?' in refused(Override("factr", SITTING, text))
    assert "stands twice" in refused(*[Override("factor", SITTING, text)] * 2)


def test_a_finding_that_rules_read_cannot_lose_its_options(knowledge: Knowledge) -> None:
    message = refused(changed(knowledge, "finding", "onset_type", "sudden =", "suddenly ="))
    assert "sudden" in message


def test_examples_of_an_override_run(knowledge: Knowledge) -> None:
    found = knowledge.of(Factor)[SITTING].found
    local = load_knowledge(overrides=[changed(knowledge, "factor", SITTING, f'"{found}"', '"sit_hours_workday >= 23"')])
    assert any(problem.place == "local override factor sedentary_exposure" for problem in broken_examples(local))


# --- texts -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*KINDS, *TABLES])
def test_the_text_of_an_entry_is_the_entry(kind: str, knowledge: Knowledge) -> None:
    """Also where a file writes an entry once for many sides and levels."""
    entries = list(knowledge.tables[kind].items())
    for id_, entry in entries if len(entries) < 60 else entries[:: len(entries) // 40]:
        (tables,) = tomli.loads(source_text(knowledge, kind, id_)).values()
        table = tables[0] if isinstance(tables, list) else tables
        assert entry_of(table, kind, {**KINDS, **TABLES}[kind], "", []) == entry


def test_the_text_of_an_override_is_its_own(knowledge: Knowledge, local: Knowledge) -> None:
    assert "Ours: " in source_text(local, "factor", SITTING)
    shipped = source_text(local, "factor", SITTING, shipped=True)
    assert shipped == source_text(knowledge, "factor", SITTING)


@pytest.mark.parametrize(("kind", "id_", "words"), [("factor", "sedentary_exposur", SITTING), ("factr", "x", "factor")])
def test_what_is_not_there_has_no_text(kind: str, id_: str, words: str, knowledge: Knowledge) -> None:
    with pytest.raises(KnowledgeError, match=f'did you mean "{words}"'):
        source_text(knowledge, kind, id_)


# --- digests ---------------------------------------------------------------------------------------------------------------


def test_every_working_rule_is_listed_once_in_a_fixed_order(knowledge: Knowledge) -> None:
    rules = [(kind, entry.id) for kind, entry in knowledge.working_rules()]
    assert len(rules) == len(set(rules))
    assert rules == [(kind, entry.id) for kind, entry in load_knowledge().working_rules()]
    assert ("condition", "acs") in rules
    assert ("derived", "bone_fragility_risk") in rules
    assert all(entry.evidence == "prod" for _, entry in knowledge.working_rules())
    assert all(knowledge.tables[kind][id_] for kind, id_ in rules)


def test_a_digest_changes_with_any_content_and_with_nothing_else(knowledge: Knowledge, local: Knowledge) -> None:
    digests = {(kind, entry.id): entry_digest(entry) for kind, entry in knowledge.working_rules()}
    assert len(set(digests.values())) == len(digests)
    assert all(len(digest) == 12 for digest in digests.values())
    ours = {(kind, entry.id): entry_digest(entry) for kind, entry in local.working_rules()}
    assert {key for key in ours.keys() & digests.keys() if ours[key] != digests[key]} == local.overridden & ours.keys()


def test_a_no_in_an_example_is_part_of_the_digest(knowledge: Knowledge) -> None:
    factor = knowledge.of(Factor)[SITTING]
    example = factor.example[0]
    more = msgspec.structs.replace(example, given={**example.given, "rf_dyspnea": False})
    assert entry_digest(msgspec.structs.replace(factor, example=(more,))) != entry_digest(
        msgspec.structs.replace(factor, example=(example,))
    )


def test_digests_are_the_same_in_every_process(knowledge: Knowledge) -> None:
    program = "import rhomboid; print([rhomboid.entry_digest(e) for _, e in rhomboid.load_knowledge().working_rules()])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == str([entry_digest(entry) for _, entry in knowledge.working_rules()])
