"""What the pages say to patients: every text is marked for translation, and every translation is there, whole and compiled."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.test import Client

from rhomboid.cli.reading_level import counter
from rhomboid.knowledge.languages import words_of
from rhomboid.knowledge.readability import FORMULAS, Passage, long_sentences, sentences_in
from rhomboid.web.accounts.models import User
from rhomboid.web.config import settings

from .conftest import Cast

PORTAL = settings.WEB / "portal"
LOCALE = PORTAL / "locale"
CODES = sorted(path.name for path in LOCALE.iterdir())
ENTRY = re.compile(
    r'(?P<flags>(?:^#.*\n)*)(?:^msgctxt (?P<context>(?:".*"\n)+))?^msgid (?P<one>(?:".*"\n)+)'
    r'(?:msgid_plural (?P<many>(?:".*"\n)+))?(?P<said>(?:msgstr(?:\[\d\])? (?:".*"\n?)+)+)',
    re.MULTILINE,
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%?[a-z]+\b|\{\w+\}")
MARKED = re.compile(r"{% blocktrans(?:late)?\b.*?{% endblocktrans(?:late)? %}|{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
SCRIPT = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)
SPOKEN = re.compile(r'\b(?:title|aria-label|alt|placeholder)="([^"]*)"')
CARRIED = re.compile(r'\bdata-[\w-]+="([A-Z][a-z]* [^"]*)"')
ARGUMENT = re.compile(r'{% (?:button|icon)\b[^%]*?"([A-Z][a-z]+[^"]*)"')


def unquoted(block: str) -> str:
    return "".join(line[1:-1] for line in block.strip().splitlines()).replace('\\"', '"').replace("\\n", "\n")


class Entry(NamedTuple):
    flags: str
    key: str
    """Under which it stands in the compiled file: the text, behind its context if it has one."""
    one: str
    forms: list[str]


def entries(code: str) -> list[Entry]:
    """Every text of a language with its translations, one for each form."""
    text = (LOCALE / code / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    found = []
    for match in ENTRY.finditer(text):
        forms = re.findall(r'msgstr(?:\[\d\])? ((?:".*"\n?)+)', match["said"])
        if one := unquoted(match["one"]):
            key = f"{unquoted(match['context'])}\x04{one}" if match["context"] else one
            found.append(Entry(match["flags"] or "", key, one, [unquoted(form) for form in forms]))
    return found


@pytest.mark.parametrize("code", CODES)
def test_every_text_is_translated_by_somebody_and_not_guessed(code: str) -> None:
    found = entries(code)
    assert len(found) > 50
    assert [entry.one for entry in found if not all(entry.forms)] == []
    assert [entry.one for entry in found if "fuzzy" in entry.flags] == []


@pytest.mark.parametrize("code", CODES)
def test_what_is_filled_in_stands_in_the_translation_too(code: str) -> None:
    for _, _, one, forms in entries(code):
        for form in forms:
            assert sorted(set(PLACEHOLDER.findall(form))) == sorted(set(PLACEHOLDER.findall(one))), one


def test_spanish_pages_never_shout_and_say_usted() -> None:
    for _, _, one, forms in entries("es"):
        for form in forms:
            assert not {"!", "¡"} & {*form, *one}
            assert not re.search(r"\b(tu|tus|te|tú|puedes|tienes|haz)\b", form, re.IGNORECASE), form


@pytest.mark.parametrize("code", CODES)
def test_the_compiled_file_says_what_the_source_says(code: str) -> None:
    folder = LOCALE / code / "LC_MESSAGES"
    with (folder / "django.mo").open("rb") as compiled:
        catalog: dict[Any, str] = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    for entry in entries(code):
        keys = [entry.key] if len(entry.forms) == 1 else [(entry.key, form) for form in range(len(entry.forms))]
        assert [catalog.get(key) for key in keys] == entry.forms
    assert {key[0] if isinstance(key, tuple) else key for key in catalog} - {""} == {entry.key for entry in entries(code)}


@pytest.mark.parametrize("path", sorted((PORTAL / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_a_page_has_no_text_outside_its_translations(path: Path) -> None:
    source = MARKED.sub("", path.read_text(encoding="utf-8"))
    plain = unescape(TAG.sub("", SCRIPT.sub("", source)))
    texts = [*re.split(r"<[^>]*>", plain), *SPOKEN.findall(plain), *CARRIED.findall(plain), *ARGUMENT.findall(source)]
    assert [words.strip() for words in texts if re.search(r"[A-Za-z]{2}", words) and words.strip() != "Rhomboid"] == []


@pytest.mark.parametrize("code", ["en", "es"])
def test_the_pages_are_as_easy_to_read_as_the_knowledge(code: str) -> None:
    """All together: a page's texts are too short to be measured one by one."""
    formula = FORMULAS[code]
    texts = [one if code == "en" else forms[0] for _, _, one, forms in entries("es") if len(one.split()) > 3]
    pages = Passage("page", sentences=[sentence for text in texts for sentence in sentences_in(PLACEHOLDER.sub("Ana", text))])
    assert not formula.too_hard(pages.score(formula, counter(code), words_of(code).known))
    assert [text for _, text, _ in long_sentences([pages], formula.longest)] == []


# --- the door --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_door_speaks_the_language_of_the_browser() -> None:
    spanish = Client(headers={"accept-language": "es-MX,es;q=0.9"})
    page = spanish.get("/account/login/").content.decode()
    assert '<html lang="es">' in page
    assert "Correo electrónico" in page
    assert "Set a new password" not in spanish.get("/account/password/reset/").content.decode()
    assert '<html lang="en">' in Client().get("/account/login/").content.decode()


def test_the_clinic_stays_in_english_whatever_the_browser_says(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    therapist = signed_in(cast.therapist)
    headers = {"accept-language": "es"}
    for address in ("/", "/account/logout/", "/account/"):
        assert b'<html lang="es">' not in therapist.get(address, headers=headers, follow=True).content
