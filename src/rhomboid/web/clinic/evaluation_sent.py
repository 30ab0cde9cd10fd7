"""What a page sends: answers as text, what the page had shown, and what was skipped, confirmed or taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from django.http import QueryDict

from ...knowledge import Knowledge
from ...vocabulary import Finding as Entry
from ..records.actions import Refused
from .evaluation_page import LEVELS

NONE = "-"
"""What a field of several choices sends for "none of them"."""
MOBILITY = {"stiff": "hypo", "loose": "hyper", "normal": "normal", "": None}


@dataclass(frozen=True, slots=True)
class Sent:
    """The answers of one request. `seen`: finding to the ref of the value the page had shown. `typed`: as it was written."""

    values: Mapping[str, Any] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    skips: Mapping[str, str] = field(default_factory=dict)
    confirms: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.values, *self.skips)


def sent_by(post: QueryDict, knowledge: Knowledge) -> Sent:
    """Reads a request. A field that still holds what the page had put there is not an answer. Raises Refused for text that
    cannot be a value."""
    fields = dict.fromkeys([*_fields(post, "v."), *_fields(post, "was.")])
    typed = {name: post.getlist(f"v.{name}") for name in fields if _changed(name, post)}
    typed |= {name: post.getlist(f"set.{name}") for name in _fields(post, "set.")}
    values = {name: _value(name, texts, knowledge) for name, texts in typed.items()}
    values |= _spine(post)
    if "regions" in post:
        values["pain_regions"] = post.getlist("pain_regions") or None
    return Sent(
        values=values,
        seen={name: post.get(f"seen.{name}", "") for name in values if f"seen.{name}" in post},
        typed={name: ", ".join(texts) for name, texts in typed.items()},
        skips={name: reason for name in _fields(post, "skip.") if (reason := post.get(f"skip.{name}", "").strip())},
        confirms=tuple(post.getlist("confirm")),
    )


def _fields(post: QueryDict, kind: str) -> list[str]:
    return [name.removeprefix(kind) for name in post if name.startswith(kind)]


def _changed(name: str, post: QueryDict) -> bool:
    return " ".join(sorted(post.getlist(f"v.{name}"))).strip() != post.get(f"was.{name}", "").strip()


def _value(name: str, texts: list[str], knowledge: Knowledge) -> Any:
    text = texts[-1].strip() if texts else ""
    entry = knowledge.vocabulary.findings.get(name)
    if entry is not None and entry.several:
        given = [one for one in texts if one.strip()]
        return [one for one in given if one != NONE] if given else None
    if not text:
        return None
    if entry is None or entry.type == "flag":
        return {"true": True, "false": False}.get(text, text)
    return _number(entry, text) if entry.numeric else text


def _number(entry: Entry, text: str) -> float | int:
    """A number as people write it: a comma or a point, a unit behind it or not."""
    plain = text.replace(",", ".").replace("\N{MINUS SIGN}", "-").rstrip("°% ")
    try:
        number = float(plain)
        if not isfinite(number):
            raise ValueError
    except ValueError:
        raise Refused(f"{entry.label}: {text!r} is not a number", "Write digits only, such as 38 or 12.5.") from None
    return int(number) if number == int(number) and abs(number) < 1e9 else number


def _spine(post: QueryDict) -> dict[str, Any]:
    """One level of the spine, as the picture shows it, as values of the joint tests."""
    level = post.get("spine-changed", "")
    if level not in LEVELS:
        return {}
    name, what = level.lower(), post.get("spine-what", "")
    if what == "mobility":
        return {f"pa_{name}": MOBILITY.get(post.get(f"spine-{level}-mobility", ""))}
    pain = post.get(f"spine-{level}-pain", "")
    return {
        f"pa_pain_{name}": "familiar" if pain == "center" else None,
        f"upa_pain_{name}_l": "familiar" if pain in ("left", "both") else None,
        f"upa_pain_{name}_r": "familiar" if pain in ("right", "both") else None,
    }
