"""What patients read in other languages: complete, never older than its English, in words that fit, and not hard to read."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import tomli

from rhomboid import load_knowledge
from rhomboid.cli.main import main
from rhomboid.knowledge import Override
from rhomboid.knowledge.kinds import KINDS
from rhomboid.knowledge.languages import (
    FOLDER,
    PATIENT_TEXTS,
    Language,
    Text,
    language_codes,
    load_language,
    loads,
    patient_texts,
    read_language,
    words_of,
)
from rhomboid.knowledge.model import Dose, Exercise
from rhomboid.knowledge.readability import FORMULAS, Passage, long_sentences, passages, sentences_in, vowel_groups
from rhomboid.knowledge.translating import coverage, stamp, to_translate
from rhomboid.reasoning.doses import patient_dose
from rhomboid.vocabulary import KnowledgeError
from rhomboid.vocabulary.vocabulary import TABLES

KNOWLEDGE = load_knowledge()
SPANISH = load_language("es", KNOWLEDGE)
OTHERS = [code for code in language_codes() if code != "en"]
NUMBER = re.compile(r"\d+(?:\.\d+)?")
TOO_CLOSE = re.compile(r"\b(tu|tus|te|ti|tú|puedes|tienes|vosotros|haz|siéntate|acuéstate)\b", re.IGNORECASE)


def parts(text: Text) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values() if isinstance(text, dict) else text)


def both(language: Language) -> Iterator[tuple[str, str, str]]:
    """Where a text stands, the English, and the text in the language, sentence for sentence."""
    for kind, id_, texts in patient_texts(language.knowledge):
        for name, english in texts.items():
            for one, other in zip(parts(english), parts(language.say(kind, id_, name)), strict=True):
                yield f"{kind} {id_} {name}", one, other


# --- what is there ---------------------------------------------------------------------------------------------------------


def test_every_patient_text_is_a_field_of_its_kind() -> None:
    for kind, fields in PATIENT_TEXTS.items():
        known = {field.name for field in msgspec.structs.fields({**KINDS, **TABLES}[kind])}
        assert set(fields) <= known, kind


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_is_complete_and_compared_with_the_english(code: str) -> None:
    for one in coverage(load_language(code, KNOWLEDGE)):
        assert one.texts > 0, one.kind
        assert (one.missing, one.stale, one.unstamped) == ([], [], []), one.kind


@pytest.mark.parametrize("code", OTHERS)
def test_numbers_are_the_same_in_every_language(code: str) -> None:
    """A dose, a phone number or a deadline that changes on the way could hurt somebody."""
    wrong = [
        (place, one, other)
        for place, one, other in both(load_language(code, KNOWLEDGE))
        if set(NUMBER.findall(one)) != set(NUMBER.findall(other)) and not place.endswith(" name")
    ]
    assert wrong == []


def test_spanish_says_usted_and_never_shouts() -> None:
    assert [place for place, _, said in both(SPANISH) if TOO_CLOSE.search(said)] == []
    assert [place for place, one, said in both(SPANISH) if {"!", "¡"} & {*one, *said}] == []


def test_english_is_said_as_it_stands() -> None:
    english = load_language("en", KNOWLEDGE)
    assert all(one == said for _, one, said in both(english))
    assert english.options("onset_type") == KNOWLEDGE.vocabulary.findings["onset_type"].options


def test_an_exercise_goes_by_its_everyday_name() -> None:
    entry = KNOWLEDGE.of(Exercise)["ex_scp_prone_horizontal_abd_er_110"]
    assert "110 degrees" in entry.name
    assert load_language("en", KNOWLEDGE).say("exercise", entry.id, "name") == entry.called
    assert "grados" not in SPANISH.say("exercise", entry.id, "name")


def test_texts_keep_their_shape_and_options_their_order() -> None:
    assert isinstance(SPANISH.say("exercise", "ex_mob_open_book", "stop"), tuple)
    assert isinstance(SPANISH.say("urgency", "emergency_now", "patient"), str)
    options = SPANISH.options("onset_type")
    assert list(options) == list(KNOWLEDGE.vocabulary.findings["onset_type"].options)
    assert SPANISH.say("finding", "onset_type", "options") == options


def test_what_is_for_the_therapist_is_not_said() -> None:
    with pytest.raises(KeyError, match="no patient text"):
        SPANISH.say("condition", "acs", "therapist")


def test_a_language_is_read_once_for_each_knowledge() -> None:
    assert load_language("es", KNOWLEDGE) is SPANISH


def test_a_clinics_own_english_is_read_instead_of_a_translation_of_another() -> None:
    local = load_knowledge(
        overrides=[
            Override(
                "morning_rule",
                "morning_call",
                """[[morning_rule]]
id = "morning_call"
name = "3 points or more above usual"
rise = [3, 10]
also_when = ""
dose_pct = [0, 0]
hold = true
rescreen = true
plain = "Pause and call our night line."
text = "Hold, call, re-screen"
""",
            )
        ]
    )
    spanish = load_language("es", local)
    assert spanish.say("morning_rule", "morning_call", "plain") == "Pause and call our night line."
    assert spanish.say("morning_rule", "morning_go_on", "plain") == SPANISH.say("morning_rule", "morning_go_on", "plain")
    assert next(one.stale for one in coverage(spanish) if one.kind == "morning_rule") == ["morning_call"]


# --- doses -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dose", "much", "often"),
    [
        (
            Dose(minutes=5, sets=2, reps=8, hold_s=3, per_day=3),
            "2 series de 8, mantenga 3 segundos",
            "3 veces al día, todos los días",
        ),
        (
            Dose(minutes=5, reps=9, per_side=True, per_day=2, per_week=5),
            "9 veces, de cada lado",
            "dos veces al día, 5 días a la semana",
        ),
        (Dose(minutes=5, duration_min=20, per_week=3, rpe_max=4), "20 minutos", "3 días a la semana; esfuerzo hasta 4 de 10"),
        (
            Dose(minutes=1, sets=3, duration_s=30, rest_s=60),
            "3 veces 30 segundos",
            "todos los días; descanse 60 segundos entre series",
        ),
        (Dose(minutes=1, reps=5, hold_s=1, load="light band"), "5 veces, mantenga 1 segundo", "todos los días; banda ligera"),
        (Dose(minutes=1, reps=5, load="her own words"), "5 veces", "todos los días; her own words"),
    ],
)
def test_a_dose_in_spanish(dose: Dose, much: str, often: str) -> None:
    assert patient_dose(dose, SPANISH.words) == (much, often)


def test_all_that_doses_say_of_the_load_is_translated_and_nothing_else() -> None:
    assert set(SPANISH.words.load) == set(loads(KNOWLEDGE))
    for exercise in KNOWLEDGE.of(Exercise).values():
        for dose in exercise.dose.values():
            assert not re.search(r"\b(sets|times|hold|each|week|day|band|weight)\b", " ".join(patient_dose(dose, SPANISH.words)))


def test_things_and_units_have_words() -> None:
    things = {item for exercise in KNOWLEDGE.of(Exercise).values() for item in exercise.equipment}
    units = {finding.unit for finding in KNOWLEDGE.vocabulary.findings.values() if finding.question and finding.unit != "1"}
    for code in language_codes():
        assert things <= set(words_of(code).equipment)
        assert units - {""} <= set(words_of(code).unit)
    assert (SPANISH.unit("wk", 1), SPANISH.unit("wk", 3), SPANISH.unit("", 3)) == ("semana", "semanas", "")
    assert (SPANISH.equipment("foam_roller"), SPANISH.equipment("new_thing")) == ("rodillo de espuma", "new thing")


# --- another language ------------------------------------------------------------------------------------------------------

GATE = '[gate_chest]\nquestion = "Avez-vous une pression dans la poitrine ?"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Languages with a French that has only its words and one question."""
    shutil.copytree(FOLDER / "en", tmp_path / "en")
    shutil.copytree(FOLDER / "en", tmp_path / "fr")
    words = (tmp_path / "fr" / "words.toml").read_text(encoding="utf-8")
    words = words.replace('decimal = "."', 'decimal = ","').replace('times = "{reps} times"', 'times = "{reps} fois"')
    (tmp_path / "fr" / "words.toml").write_text(words, encoding="utf-8")
    (tmp_path / "fr" / "gate.toml").write_text(GATE, encoding="utf-8")
    return tmp_path


def test_a_new_language_begins_with_its_words_and_one_text(folder: Path) -> None:
    french = read_language("fr", KNOWLEDGE, folder)
    gate = next(one for one in coverage(french) if one.kind == "gate")
    assert (gate.translated, gate.unstamped, gate.whole) == (1, ["gate_chest"], False)
    assert french.say("gate", "gate_chest", "question") == KNOWLEDGE.vocabulary.gates["gate_chest"].question
    assert stamp(french, folder=folder) == [("gate", "gate_chest")]
    french = read_language("fr", KNOWLEDGE, folder)
    assert french.say("gate", "gate_chest", "question") == "Avez-vous une pression dans la poitrine ?"
    assert french.say("gate", "gate_breath", "question") == KNOWLEDGE.vocabulary.gates["gate_breath"].question
    assert patient_dose(Dose(minutes=1, reps=3, rpe_max=2.5), french.words) == ("3 fois", "every day; effort up to 2,5 of 10")


def test_what_is_missing_comes_as_tables_that_the_loader_reads_once_they_are_filled_in(folder: Path) -> None:
    french = read_language("fr", KNOWLEDGE, folder)
    printed = "\n".join(to_translate(french, "exercise"))
    tables = tomli.loads(printed)
    assert set(tables) == set(KNOWLEDGE.of(Exercise))
    assert "# - arching the low back instead of the upper back" in printed
    filled = printed.replace('""', '"à traduire"')
    (folder / "fr" / "exercise.toml").write_text(filled, encoding="utf-8")
    french = read_language("fr", KNOWLEDGE, folder)
    assert len(stamp(french, folder=folder)) == len(tables) + 1
    assert list(to_translate(read_language("fr", KNOWLEDGE, folder), "exercise")) == []


def test_options_come_with_their_ids(folder: Path) -> None:
    printed = tomli.loads("\n".join(to_translate(read_language("fr", KNOWLEDGE, folder), "finding")))
    assert printed["onset_type"]["options"] == dict.fromkeys(KNOWLEDGE.vocabulary.findings["onset_type"].options, "")


def test_a_stale_entry_is_stamped_only_by_name(folder: Path) -> None:
    path = folder / "fr" / "gate.toml"
    path.write_text(GATE.replace("question", 'english = "0123456789ab"\nquestion'), encoding="utf-8")
    french = read_language("fr", KNOWLEDGE, folder)
    assert next(one.stale for one in coverage(french) if one.kind == "gate") == ["gate_chest"]
    assert "the English has changed" in "\n".join(to_translate(french, "gate"))
    assert stamp(french, folder=folder) == []
    assert stamp(french, again=["gate_chest"], folder=folder) == [("gate", "gate_chest")]
    assert path.read_text(encoding="utf-8").count("english = ") == 1
    assert read_language("fr", KNOWLEDGE, folder).say("gate", "gate_chest", "question").startswith("Avez-vous")


def test_an_entry_that_is_not_whole_is_not_stamped(folder: Path) -> None:
    (folder / "fr" / "posture.toml").write_text('[ws_screen_top]\nname = "Hauteur"\n', encoding="utf-8")
    stamp(read_language("fr", KNOWLEDGE, folder), folder=folder)
    assert "english" not in (folder / "fr" / "posture.toml").read_text(encoding="utf-8")


def test_a_stale_entry_may_have_the_shape_that_the_english_had(folder: Path) -> None:
    text = '[ex_mob_open_book]\nenglish = "0123456789ab"\nstop = ["une seule"]\n'
    (folder / "fr" / "exercise.toml").write_text(text, encoding="utf-8")
    said = read_language("fr", KNOWLEDGE, folder).say("exercise", "ex_mob_open_book", "stop")
    assert said == KNOWLEDGE.of(Exercise)["ex_mob_open_book"].stop


@pytest.mark.parametrize(
    ("kind", "text", "message", "fix"),
    [
        ("gates", GATE, 'no texts of a kind "gates"', "gate"),
        ("gate", '[gate_chset]\nquestion = "x"', "no gate of this id", "gate_chest"),
        ("gate", "gate_chest = 3", "no gate of this id", "gate_chest"),
        ("gate", '[gate_chest]\nqestion = "x"', 'no "qestion" of a gate', "question"),
        ("gate", '[gate_chest]\nlabel = "x"', 'no "label" of a gate', ""),
        ("gate", '[gate_chest]\nquestion = ""', "not a text", "see the English"),
        ("gate", "[gate_chest]\nquestion = 3", "not a text", "see the English"),
        ("gate", '[gate_chest]\nquestion = ["x"]', "another shape", "as it is there"),
        ("gate", "[gate_chest", "not valid TOML", ""),
        ("exercise", '[ex_mob_open_book]\nstop = ["x"]', '"stop" has 1 parts, in English', "in the same order"),
        ("exercise", '[ex_mob_open_book]\nstop = []', "not a text", ""),
        ("finding", '[onset_type]\noptions = { sudden = "x" }', '"options" lacks', "translate"),
        ("finding", '[fits]\noptions = { x = "x" }', "no finding of this id", ""),
        ("finding", '[hand_dominance]\noptions = { right = "x", left = "x", both = "x", lfet = "x" }', 'has "lfet"', "left"),
        ("finding", '[rf_pain_progressive]\noptions = { yes = "x" }', "translates nothing", "leave it out"),
        ("goal", '[g_pain]\ntemplate = "La douleur passe de {baseline}"', "placeholders", "keep {baseline}, {target}, {weeks}"),
    ],
)  # fmt: skip
def test_a_wrong_text_is_named_with_its_file_and_a_way_to_mend_it(
    folder: Path, kind: str, text: str, message: str, fix: str
) -> None:
    (folder / "fr" / f"{kind}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        read_language("fr", KNOWLEDGE, folder)
    problem = caught.value.problems[0]
    assert (problem.place, message in problem.message, fix in problem.fix) == (f"languages/fr/{kind}.toml", True, True), problem


def test_a_language_needs_its_words(folder: Path) -> None:
    (folder / "de").mkdir()
    with pytest.raises(KnowledgeError, match=r"languages/de/words\.toml: is missing"):
        read_language("de", KNOWLEDGE, folder)
    (folder / "de" / "words.toml").write_text('decimal = ","\n', encoding="utf-8")
    with pytest.raises(KnowledgeError, match='the key "dose" is missing'):
        read_language("de", KNOWLEDGE, folder)


def test_a_code_that_nobody_translated() -> None:
    with pytest.raises(KnowledgeError, match="there is no such language; there are: en, es"):
        load_language("xx", KNOWLEDGE)


# --- the commands ----------------------------------------------------------------------------------------------------------


def test_the_command_tells_how_far_a_language_has_come(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "language", "es", "--check"]) == 0
    assert "safety net" in capsys.readouterr().out
    assert main(["knowledge", "language", "es", "--json"]) == 0
    rows = {row["kind"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["exercise"]["texts"] == rows["exercise"]["translated"] > 500


def test_the_command_names_gaps_and_ends_with_one(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rhomboid.cli.language.load", lambda: KNOWLEDGE)
    monkeypatch.setattr("rhomboid.cli.language.load_language", lambda code, knowledge: read_language(code, knowledge, folder))
    assert main(["knowledge", "language", "fr", "--check"]) == 1
    assert "gate_breath" in capsys.readouterr().out
    assert main(["knowledge", "language", "fr"]) == 0
    assert main(["knowledge", "language", "fr", "--missing", "phase"]) == 0
    assert "[calm]" in capsys.readouterr().out
    assert main(["knowledge", "language", "fr", "--missing", "phases"]) == 2
    assert 'did you mean "phase"?' in capsys.readouterr().err


# --- how hard it is to read ------------------------------------------------------------------------------------------------


def test_the_formulas_give_what_their_authors_say() -> None:
    """Ten words in a sentence and 1.4 syllables in a word, and the same for Spanish with 2."""
    assert FORMULAS["en"].score(10, 1.4) == pytest.approx(0.39 * 10 + 11.8 * 1.4 - 15.59)
    assert FORMULAS["es"].score(10, 2.0) == pytest.approx(206.835 - 62.3 * 2 - 10)
    assert FORMULAS["en"].too_hard(7.1)
    assert not FORMULAS["en"].too_hard(7.0)
    assert FORMULAS["es"].too_hard(64.9)
    assert not FORMULAS["es"].too_hard(65.0)


def test_sentences_end_with_their_sign_a_line_or_a_part_of_a_list() -> None:
    assert sentences_in("Stop. Call us at 10.5 or later: it helps.\n\nRest") == [
        "Stop.",
        "Call us at 10.5 or later:",
        "it helps.",
        "Rest",
    ]
    assert sentences_in(("one part", "another. And more")) == ["one part", "another.", "And more"]


def test_a_medical_word_that_a_person_has_to_know_counts_as_easy() -> None:
    passage = Passage("finding", sentences=["Do you have osteoporosis?"])
    assert passage.score(FORMULAS["en"], vowel_groups, ["osteoporosis"]) < passage.score(FORMULAS["en"], vowel_groups)


def test_short_texts_are_measured_together_and_none_is_left_out() -> None:
    found = list(passages(SPANISH))
    measured = {(one.kind, place) for one in found for place in one.places}
    prose = {
        (kind, f"{id_} ({name})")
        for kind, id_, texts in patient_texts(KNOWLEDGE)
        for name in texts
        if name not in ("options", "name", "title", "group")
    }
    assert measured == prose
    kinds = [one.kind for one in found]
    assert all(one.words >= 50 for one in found if kinds.count(one.kind) > 1)


def test_a_sentence_too_long_to_hold_is_named() -> None:
    long, short = "word " * 31, "A short one."
    found = long_sentences([Passage("gate", ["x"], [long, short])], FORMULAS["en"].longest)
    assert [(text, words) for _, text, words in found] == [(long, 31)]


@pytest.mark.parametrize(
    ("word", "syllables"), [("stone", 1), ("table", 2), ("lifted", 2), ("pressed", 1), ("shoulder", 2), ("the", 1)]
)
def test_syllables_of_a_word_in_no_dictionary(word: str, syllables: int) -> None:
    assert vowel_groups(word) == syllables


def test_the_patient_texts_are_not_too_hard(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["knowledge", "reading", "--json", "--check"])
    found = json.loads(capsys.readouterr().out)
    for language in found.values():
        assert (language["too_hard"], language["long_sentences"]) == ([], [])
    assert (code, set(found)) == (0, {"en", "es"})
    assert found["en"]["middle"] < 6


def test_without_the_dictionaries_the_command_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr("rhomboid.cli.reading_level.import_module", gone)
    assert main(["knowledge", "reading"]) == 2
    assert "install rhomboid[dev]" in capsys.readouterr().err
