"""The small marks of one line: badges, tags, pips, because-lines, buttons. Plain functions that return safe HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from . import icons

STATUS_ICONS: dict[str, str] = {
    "off_track": "flag",
    "watch": "eye",
    "ready": "ring-tick",
    "done": "check",
    "on_track": "check",
    "none": "minus",
}


def attributes(given: Mapping[str, Any]) -> SafeString:
    """`hx_post=url, data_keep=True` as ` hx-post="url" data-keep`. What is None or False is left out."""
    parts = []
    for name, value in given.items():
        if value is None or value is False:
            continue
        attribute = name.rstrip("_").replace("_", "-")
        parts.append(format_html(" {}", attribute) if value is True else format_html(' {}="{}"', attribute, value))
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped


def urgency(level: str, words: str = "", plain: bool = False) -> SafeString:
    """The badge: icon and word. `level` is an urgency of the vocabulary, or "cleared" or "undecided"."""
    look = " urgency-plain" if plain else ""
    label = words or icons.URGENCY_WORDS[level]
    return format_html('<span class="urgency urgency-{}{}">{}{}</span>', level, look, icons.svg(icons.URGENCY_ICONS[level]), label)


def status(kind: str, words: str) -> SafeString:
    return format_html('<span class="status status-{}">{}{}</span>', kind, icons.svg(STATUS_ICONS[kind]), words)


def tag(words: str, kind: str = "", icon: str = "") -> SafeString:
    look = f" tag-{kind}" if kind else ""
    return format_html('<span class="tag{}">{}{}</span>', look, icons.svg(icon) if icon else "", words)


def severity(value: int | None, of: int = 3) -> SafeString:
    """Pips with a spoken label; None is drawn dashed: not known."""
    if value is None:
        pips, label, look = mark_safe("<i></i>" * of), "severity not known", " severity-unknown"  # noqa: S308 - fixed text
    else:
        pips = mark_safe('<i class="on"></i>' * value + "<i></i>" * (of - value))  # noqa: S308 - fixed text
        label, look = f"severity {value} of {of}", ""
    return format_html('<span class="severity{}" role="img" aria-label="{}">{}</span>', look, label, pips)


def grade(letter: str) -> SafeString:
    return format_html('<span class="grade" role="img" aria-label="Evidence {}">{}</span>', letter, letter)


def because(text: Any, word: str = "because", href: str = "") -> SafeString:
    """`because 31°, left 44°; error 6°`: the small word is quiet; `href` opens the full explanation."""
    body = conditional_escape(text)
    said = format_html('<a href="{}">{}</a>', href, body) if href else body
    return format_html('<p class="because"><span class="word">{}</span> {}</p>', word, said)


def button(words: str, icon: str = "", kind: str = "", size: str = "", href: str = "", label: str = "", **given: Any) -> SafeString:
    """A button, or a link with the look of one (`href`). Without words it is an icon button and needs `label`."""
    looks = ["btn", *(f"btn-{part}" for part in f"{kind} {size}".split()), *([] if words else ["btn-icon"])]
    if extra := given.pop("class_", ""):
        looks.append(extra)
    inner = format_html("{}{}", icons.svg(icon) if icon else "", words)
    rest = attributes({"aria_label": label or None} | given)
    if href:
        return format_html('<a class="{}" href="{}"{}>{}</a>', " ".join(looks), href, rest, inner)
    kind_of = given.pop("type", "button")
    rest = attributes({"aria_label": label or None} | given)
    return format_html('<button type="{}" class="{}"{}>{}</button>', kind_of, " ".join(looks), rest, inner)
