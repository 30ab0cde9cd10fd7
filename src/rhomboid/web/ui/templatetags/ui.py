"""The components as template tags. The README beside this package lists each with its context and one line of use."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from .. import icons, marks

register = template.Library()

STYLESHEETS = (
    "tokens",
    "base",
    "frame",
    "controls",
    "marks",
    "surfaces",
    "tables",
    "reasoning",
    "findings",
    "anatomy",
    "plan",
    "charts",
    "print",
)
SCRIPTS = ("live", "offline", "keys", "palette", "controls", "bodychart", "spine")


@register.simple_tag
def stylesheets() -> SafeString:
    links = ((static(f"ui/css/{name}.css"),) for name in STYLESHEETS)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', links)


@register.simple_tag
def page_scripts() -> SafeString:
    return format_html_join("\n", '<script src="{}" defer></script>', ((static(f"ui/js/{name}.js"),) for name in SCRIPTS))


@register.simple_tag
def frame_url(name: str, given: str = "") -> str:
    """The address given, or the one of that name, or nothing where the site has no such place."""
    try:
        return given or reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag
def icon(name: str, label: str = "", kind: str = "", box: str = "") -> SafeString:
    return icons.svg(name, label, " ".join(f"icon-{part}" for part in kind.split()), box)


register.simple_tag(marks.urgency)
register.simple_tag(marks.status)
register.simple_tag(marks.tag)
register.simple_tag(marks.severity)
register.simple_tag(marks.grade)
register.simple_tag(marks.because)
register.simple_tag(marks.button)


@register.filter
def initials(name: Any) -> str:
    return "".join(part[0] for part in str(name).split()[:2]).upper()
