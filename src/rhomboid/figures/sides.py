"""Left for right in what a mirrored picture says."""

from __future__ import annotations

import re

SWAPS = {
    "en": {"left": "right", "right": "left"},
    "es": {"izquierd": "derech", "derech": "izquierd"},
}
_FOUND = {
    "en": re.compile(r"\b(left|right)\b", re.IGNORECASE),
    "es": re.compile(r"\b(izquierd|derech)(?=[oa]s?\b)", re.IGNORECASE),
}


def mirrored_words(said: str, language: str) -> str:
    """The sentence with left and right exchanged. Twice gives the sentence again."""

    def other(found: re.Match[str]) -> str:
        word = SWAPS[language][found[1].lower()]
        return word.capitalize() if found[1][0].isupper() else word

    return _FOUND[language].sub(other, said)
