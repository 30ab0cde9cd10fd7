"""The icons by name. Their shapes are in art/icons.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

URGENCY_ICONS: dict[str, str] = {
    "emergency_now": "octagon",
    "same_day": "triangle",
    "urgent_days": "diamond",
    "routine_referral": "envelope",
    "monitor": "eye",
    "cleared": "ring-tick",
    "undecided": "dashed-ring-question",
}
URGENCY_WORDS: dict[str, str] = {
    "emergency_now": "Emergency now",
    "same_day": "Same day",
    "urgent_days": "Within days",
    "routine_referral": "Routine referral",
    "monitor": "Monitor",
    "cleared": "Cleared",
    "undecided": "Undecided",
}
FILLED = frozenset({"play"})


@cache
def shapes() -> dict[str, str]:
    return tomllib.loads(files(__package__).joinpath("art/icons.toml").read_text(encoding="utf-8"))


@cache
def svg(name: str, label: str = "", classes: str = "", box: str = "") -> SafeString:
    """The icon as inline SVG: silent beside a word, or spoken as `label`. `box` places it inside another drawing ("x y size")."""
    if name not in shapes():
        raise KeyError(f"no icon {name!r}; known: {', '.join(shapes())}")
    shape = mark_safe(shapes()[name])  # noqa: S308 - our own file
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    place = format_html(' x="{}" y="{}" width="{}" height="{}"', *box.split(), box.split()[-1]) if box else ""
    named = " ".join(filter(None, ("icon", "filled" if name in FILLED else "", classes)))
    return format_html('<svg class="{}" viewBox="0 0 16 16"{} {}>{}</svg>', named, place, spoken, shape)
