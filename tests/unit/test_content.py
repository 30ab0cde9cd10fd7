"""What stands in the content files: how much of it, that it hangs together, and that people can read it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli

import rhomboid
from rhomboid import Knowledge, load_knowledge
from rhomboid.knowledge.care import (
    Discharge,
    Instrument,
    MorningRule,
    Phase,
    PrognosisBand,
    ResponseCode,
    StayingWell,
    UrgencyRoute,
)
from rhomboid.knowledge.model import (
    Condition,
    Contraindication,
    Coordination,
    Education,
    Exercise,
    Factor,
    Family,
    Ladder,
    Manual,
    Modality,
    Pattern,
    Posture,
    SafetyNet,
    Source,
)
from rhomboid.reasoning.words import steps_at
from rhomboid.vocabulary.finding import Entry
from rhomboid.vocabulary.predicates import columns

PACKAGE = Path(rhomboid.__file__).parent
KNOWLEDGE = load_knowledge()
VOCABULARY = KNOWLEDGE.vocabulary
ENTRIES: list[Entry | Source] = [entry for entries in KNOWLEDGE.entries.values() for entry in entries.values()]


# --- how much ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "number"),
    [(Condition, 52), (Pattern, 21), (Exercise, 89), (Ladder, 29), (Source, 223)],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_all_are_here(kind: type, number: int) -> None:
    assert len(KNOWLEDGE.of(kind)) == number


@pytest.mark.parametrize(
    ("kind", "least"),
    [(Factor, 39), (Manual, 14), (Posture, 15), (Modality, 8), (Education, 16), (Contraindication, 53)],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_at_least_as_many_are_here(kind: type, least: int) -> None:
    assert len(KNOWLEDGE.of(kind)) >= least


def test_at_least_three_hundred_findings_can_be_known() -> None:
    assert len(VOCABULARY.findings) >= 300


def test_206_sources_were_checked_and_17_are_recalled() -> None:
    checked = Counter(source.checked for source in KNOWLEDGE.of(Source).values())
    assert checked["claim"] + checked["bibliography"] == 206
    assert checked["recalled"] == 17


# --- it hangs together -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", KNOWLEDGE.of(Pattern).values(), ids=KNOWLEDGE.of(Pattern))
def test_every_id_of_a_plan_template_exists(pattern: Pattern) -> None:
    for id_ in (*pattern.calm, *pattern.restore, *pattern.load):
        assert id_ in KNOWLEDGE.interventions, id_
    assert set(pattern.must_exclude) <= set(KNOWLEDGE.of(Condition))
    assert pattern.calm or pattern.restore or pattern.load


@pytest.mark.parametrize("factor", KNOWLEDGE.of(Factor).values(), ids=KNOWLEDGE.of(Factor))
def test_a_factor_can_be_helped_and_measured_again(factor: Factor) -> None:
    assert factor.first
    assert set(factor.first) | set(factor.second) <= set(KNOWLEDGE.interventions)
    assert not set(factor.first) & set(factor.second)
    assert factor.measure in VOCABULARY.findings or factor.measure in VOCABULARY.derived


def test_every_exercise_stands_on_exactly_one_ladder() -> None:
    steps = Counter(step for ladder in KNOWLEDGE.of(Ladder).values() for step in ladder.steps)
    assert set(steps) == set(KNOWLEDGE.of(Exercise))
    assert set(steps.values()) == {1}


def test_every_intervention_is_of_a_known_family() -> None:
    assert {one.family for one in KNOWLEDGE.interventions.values()} <= set(KNOWLEDGE.of(Family))


def test_whoever_stays_well_keeps_exercises_that_exist() -> None:
    for entry in KNOWLEDGE.of(StayingWell).values():
        assert set(entry.exercises) <= set(KNOWLEDGE.of(Exercise)), entry.id


def test_the_safety_net_of_every_condition_exists() -> None:
    for condition in KNOWLEDGE.of(Condition).values():
        assert set(condition.safety_net) <= set(KNOWLEDGE.of(SafetyNet)), condition.id


def test_every_finding_that_a_rule_reads_can_be_asked_of_somebody() -> None:
    read = {name for tree in KNOWLEDGE.trees.values() for name in columns(tree)}
    plain = {below for name in read for below in (KNOWLEDGE.plain_below(name) or [name])} & set(VOCABULARY.findings)
    assert len(plain) > 300
    for name in plain:
        finding = VOCABULARY.findings[name]
        assert finding.by, name
        assert finding.label, name
        assert finding.question or set(finding.by) != {"patient"}, f"{name} is asked of the patient alone and has no question"


def test_every_source_that_is_named_exists() -> None:
    sources = KNOWLEDGE.of(Source)
    for entry in [*ENTRIES, *VOCABULARY.findings.values(), *VOCABULARY.derived.values(), *VOCABULARY.gates.values()]:
        assert set(getattr(entry, "sources", ())) <= set(sources), entry.id


def test_what_is_said_to_rest_on_papers_names_one() -> None:
    assert not [entry.id for entry in ENTRIES if getattr(entry, "evidence", "") == "lit" and not entry.sources]


def test_a_recalled_source_keeps_its_mark() -> None:
    """Its key begins with R, it claims no day on which it was seen; every other was looked at and says where it can be found."""
    for source in KNOWLEDGE.of(Source).values():
        assert (source.checked == "recalled") is source.key.startswith("R"), source.key
        assert source.reference
        if source.checked != "recalled":
            assert source.url or source.doi or source.seen, source.key


# --- what may be shipped -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("instrument", KNOWLEDGE.of(Instrument).values(), ids=KNOWLEDGE.of(Instrument))
def test_the_wording_of_an_instrument_is_shipped_only_where_its_terms_allow_it(instrument: Instrument) -> None:
    assert instrument.licence
    if instrument.ship in ("score_only", "confirm", "no"):
        assert instrument.wording == ""
    if instrument.ship == "own_wording":
        assert instrument.wording


def shipped_files() -> Iterator[tuple[Path, str]]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".toml", ".j2", ".css", ".js", ".html", ".json", ".md", ".txt"):
            yield path, path.read_text(encoding="utf-8")


def test_no_procedure_code_of_others_is_shipped() -> None:
    """CPT is not free: no five-digit number that starts with 97 stands anywhere in the package."""
    code = re.compile(r"(?<![\w.#])97\d{3}(?!\w)")
    assert code.search("code 97110, manual therapy")
    found = [f"{path.name}: {match.group()}" for path, text in shipped_files() for match in code.finditer(text)]
    assert not found


# --- reading -----------------------------------------------------------------------------------------------------------------
# Flesch-Kincaid grade = 0.39 words per sentence + 11.8 syllables per word - 15.59. A number counts as a word of one syllable.
# Syllables are counted by groups of vowels, less what is silent at the end; a list that runs through a semicolon is one sentence.

VOWELS = re.compile(r"[aeiouy]+")
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'./-]*")
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def syllables(word: str) -> int:
    """Syllables of an English word, well enough for an average over a text."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    if len(letters) > 3:
        letters = re.sub(r"(?<![sxzgc])(?<!ch)(?<!sh)es$", "s", letters)
        letters = re.sub(r"(?<=[^aeiouydt])ed$", "", letters)
        letters = re.sub(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$", "", letters)
    return max(1, len(VOWELS.findall(letters)))


def grade(text: str) -> float:
    sentences = [part for part in SENTENCE.split(text) if WORD.search(part)]
    words = WORD.findall(text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("back breathe moved does bones blades eyes stretched 14", 1),
        ("muscle people wanted little tissues stretches edges upper trouble numbness", 2),
        ("therapist exercise medicine unsteady", 3),
        ("information exercises ankylosing", 4),
    ],
)
def test_syllables_are_counted_honestly(words: str, count: int) -> None:
    assert {word: syllables(word) for word in words.split()} == dict.fromkeys(words.split(), count)


def test_the_grade_is_that_of_flesch_and_kincaid() -> None:
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    assert grade("The cat sat. The dog ran.") == pytest.approx(0.39 * 3 + 11.8 - 15.59)


def texts() -> dict[str, dict[str, str]]:
    """Everything that a patient reads, by kind and id."""

    def of(kind: type[Any], field: str) -> dict[str, str]:
        return {entry.id: getattr(entry, field) for entry in KNOWLEDGE.of(kind).values()}

    plain = (Exercise, Manual, Modality, Posture, Coordination, Factor, Pattern, Phase, PrognosisBand, MorningRule, ResponseCode)
    return {
        "finding.question": {one.id: one.question for one in VOCABULARY.findings.values() if one.question},
        "gate.question": {one.id: one.question for one in VOCABULARY.gates.values()},
        "condition.patient": of(Condition, "patient"),
        "urgency.patient": of(UrgencyRoute, "patient"),
        "education.text": of(Education, "text"),
        "education.teach_back": of(Education, "teach_back"),
        "exercise.how": of(Exercise, "how"),
        "posture.advice": of(Posture, "advice"),
        "safety_net.text": of(SafetyNet, "text"),
        **{f"{kind.__name__.lower()}.plain": of(kind, "plain") for kind in (*plain, StayingWell, Discharge)},
    }


TEXTS = texts()


@pytest.mark.parametrize("kind", TEXTS)
def test_every_text_for_patients_is_below_grade_9(kind: str) -> None:
    graded = sorted(((grade(text), id_, text) for id_, text in TEXTS[kind].items()), reverse=True)
    hard = [f"{found:.1f} {kind} {id_}: {text}" for found, id_, text in graded if found >= 9]
    assert graded
    assert not hard, "\n".join(hard)


def test_questions_are_below_grade_six_and_a_half_on_average() -> None:
    grades = [grade(text) for kind in ("finding.question", "gate.question") for text in TEXTS[kind].values()]
    assert sum(grades) / len(grades) <= 6.5


# --- no diagnosis ------------------------------------------------------------------------------------------------------------
# A page for patients never says what disease it might be. Questions are left out here: they ask about a person's own history
# ("Have you ever had cancer?"), which cannot be asked without the word. In the texts that answer, a name of a disease may stand
# only where the sentence below speaks of what the person already knows, or where the safety net would not be understood without it.

DISEASE = re.compile(
    r"\b(cancer|tumou?r|malignan|metasta|lymphoma|myeloma|leukemi|dissection|infarct|heart attack|angina|embol|thrombos|clot\b|"
    r"stroke|aneurysm|hemorrhag|hematoma|myelopath|cauda equina|cord compression|mening|sepsis|septic|pneumon|pneumothorax|"
    r"collapsed lung|tubercul|osteomyel|discitis|abscess|perforat|shingles|zoster|pericard|pleuris|pancreat|gallstone|"
    r"kidney stone|appendic|ankylos|spondyl|arteritis|polymyalg|ectopic|preeclamp|rhabdomyol|guillain|fracture)\w*",
    re.IGNORECASE,
)
ALLOWED = {
    "Tell them if a doctor has ever found an aneurysm.": "own history",
    "Tell them about any surgery, bed rest, long trip, clot, birth control pill or birth.": "own history",
    "Call your cancer team today if you are in cancer treatment now and have new pain on your spine.": "own history",
    "Tell them that you have pain in your spine and new trouble with your legs, balance, feeling, bladder or bowels, and about any "
    "cancer you have had.": "own history",
    "If you have had cancer, any new pain on your spine.": "own history",
    "A heart attack can come without chest pain.": "the one fact that sends people to help in time",
}


def named_diseases() -> dict[str, str]:
    """Sentences for patients in which a disease is named, with where they stand."""
    found = {}
    for kind, entries in TEXTS.items():
        if kind.endswith(".question"):
            continue
        for id_, text in entries.items():
            found |= {sentence: f"{kind} {id_}" for sentence in SENTENCE.split(text) if DISEASE.search(sentence)}
    return found


def test_a_text_for_patients_names_no_disease_it_suspects() -> None:
    wrong = [f"{where}: {sentence}" for sentence, where in named_diseases().items() if sentence not in ALLOWED]
    assert not wrong, "\n".join(wrong)


def test_every_exception_is_still_needed() -> None:
    assert not set(ALLOWED) - set(named_diseases())


def test_a_concern_for_somebody_else_to_see_says_whom_to_call() -> None:
    reach = re.compile(r"\b(911|988|doctor|emergency|call|phone|specialist|maternity|team|speak with us)\b", re.IGNORECASE)
    assert not [one.id for one in KNOWLEDGE.of(Condition).values() if not reach.search(one.patient)]


# --- US English --------------------------------------------------------------------------------------------------------------

BRITISH = re.compile(
    r"\b\w*(programme(?!r|d)|colour|favour|behaviour|labour|neighbour|mobilis|stabilis|localis|generalis|organis|recognis|normalis|"
    r"minimis|maximis|hospitalis|catastrophis|standardis|specialise|summaris|oestro|oesoph|oedem|haem|paed|tumour|centre|metre|litre|"
    r"fibre|anaem|anaesth|gynaec|diarrhoea|dyspnoea|apnoea|ischaem|coeliac|faec|judgement|whilst|licence|ageing|manoeuv|"
    r"analyse|practise|grey\b)\w*",
    re.IGNORECASE,
)
NOT_TEXT = {
    "id", "key", "when", "found", "marked", "severe", "indicated_when", "avoid_when", "offer_when", "show_when", "ask_when",
    "value", "measure", "family", "baseline", "reference", "url", "doi",
}  # fmt: skip
"""Ids and predicates keep the spelling of the clinical reference, and a title its own."""
AN_ID = re.compile(r"[a-z0-9_.*:]+")


def words_of(content: Any, key: str = "") -> Iterator[str]:
    """Every text in a TOML table: not the keys, not ids, not predicates."""
    if isinstance(content, dict):
        for name, inner in content.items():
            if name not in NOT_TEXT:
                yield from words_of(inner, name)
    elif isinstance(content, list):
        for inner in content:
            yield from words_of(inner, key)
    elif isinstance(content, str) and not AN_ID.fullmatch(content):
        yield content


CONTENT = sorted([*PACKAGE.glob("knowledge/content/**/*.toml"), *PACKAGE.glob("vocabulary/findings/*.toml")])


@pytest.mark.parametrize("path", CONTENT, ids=[path.name for path in CONTENT])
def test_texts_are_in_us_english(path: Path) -> None:
    table = tomli.loads(path.read_text(encoding="utf-8"))
    british = [f"{match.group()}: {text}" for text in words_of(table) for match in BRITISH.finditer(text)]
    assert not british, "\n".join(british)


def test_the_list_of_british_forms_finds_them() -> None:
    words = (
        "programme",
        "Colour",
        "mobilisation",
        "oestrogen",
        "haematoma",
        "paediatric",
        "tumours",
        "centre",
        "millimetre",
        "licence",
    )
    assert all(BRITISH.search(word) for word in words)
    assert not any(BRITISH.search(word) for word in ("program", "programmer", "specialist", "mobilization", "exercise", "meters"))


@pytest.mark.parametrize("path", CONTENT, ids=[path.name for path in CONTENT])
def test_texts_are_in_plain_ascii(path: Path) -> None:
    table = tomli.loads(path.read_text(encoding="utf-8"))
    assert not [text for text in words_of(table) if not text.isascii()]


def test_an_instrument_says_when_it_is_used(knowledge: Knowledge) -> None:
    known = {"intake", "visit_1", "each_visit", "every_10_visits", "discharge", "check_in"}
    for instrument in knowledge.of(Instrument).values():
        assert set(instrument.schedule) <= known, instrument.id


def test_a_text_for_one_level_is_shown_at_that_level_only(knowledge: Knowledge) -> None:
    text = knowledge.of(Condition)["fx_osteoporotic"].therapist
    assert "At moderate concern" in text
    assert "At moderate concern" in steps_at(text, "moderate")
    assert "At moderate concern" not in steps_at(text, "high")
    assert "At high concern" not in steps_at(text, "moderate")
    assert steps_at("At moderate and high concern phone. Rest.", "high") == "At moderate and high concern phone. Rest."
    assert steps_at("At moderate and high concern phone. Rest.", "low") == "Rest."


def test_every_sentence_is_shown_at_some_level_and_every_level_has_one(knowledge: Knowledge) -> None:
    for condition in knowledge.of(Condition).values():
        shown = {level.concern: SENTENCE.split(steps_at(condition.therapist, level.concern)) for level in condition.level}
        assert all(sentences != [""] for sentences in shown.values()), condition.id
        lost = set(SENTENCE.split(condition.therapist)) - {sentence for sentences in shown.values() for sentence in sentences}
        assert not lost, f"{condition.id}: {lost}"
