"""The components as template tags. The README beside this package lists each with its context and one line of use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ....figures import load_figures
from .. import body, figures, icons, marks, strips
from .. import spine as spines

register = template.Library()

STYLESHEETS = (
    *("tokens", "base", "frame", "controls", "marks", "surfaces", "tables", "reasoning", "findings"),
    *("anatomy", "plan", "charts", "print"),
)
SCRIPTS = ("live", "inorder", "offline", "keys", "palette", "controls", "bodychart", "spine")
VERDICTS: dict[str, tuple[str, str]] = {
    "real": ("check", "real"),
    "matters": ("check", "real, and matters"),
    "error": ("approx", "within error"),
    "unknown": ("question", "error not known"),
    "done": ("check", "done"),
    "worse": ("flag", "worse, and real"),
}
NOTICES = {"info": "info", "success": "check", "warning": "diamond", "error": "triangle"}


def part(component: str, /, **context: Any) -> SafeString:
    return render_to_string(f"ui/{component}.html", context)


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
    return icons.svg(name, label, " ".join(f"icon-{word}" for word in kind.split()), box)


register.simple_tag(marks.urgency)
register.simple_tag(marks.status)
register.simple_tag(marks.tag)
register.simple_tag(marks.severity)
register.simple_tag(marks.grade)
register.simple_tag(marks.because)
register.simple_tag(marks.button)


@register.filter
def initials(name: Any) -> str:
    return "".join(word[0] for word in str(name).split()[:2]).upper()


# --- the person, the states --------------------------------------------------------------------


@register.simple_block_tag(end_name="end_personbar")
def personbar(content: str, person: Any, items: Sequence[tuple[str, str, str]] = (), current: str = "") -> SafeString:
    return part("personbar", content=content, person=person, items=items, current=current)


@register.simple_tag
def tabs(label: str, items: Sequence[tuple[str, str, str]], current: str = "", inline: bool = False) -> SafeString:
    return part("tabs", label=label, items=items, current=current, inline=inline)


@register.simple_block_tag(end_name="end_state")
def state(content: str, kind: str, title: str = "", words: str = "", kept: str = "", level: int = 3) -> SafeString:
    return part("state", content=content, kind=kind, title=title, words=words, kept=kept, level=level)


@register.simple_block_tag(end_name="end_notice")
def notice(content: str, words: Any, kind: str = "info", title: str = "") -> SafeString:
    return part("notice", content=content, words=words, kind=kind, title=title, icon_name=NOTICES[kind])


@register.simple_block_tag(end_name="end_dialog")
def dialog(content: str, id: str, title: str, sheet: bool = False) -> SafeString:
    return part("dialog", content=content, id=id, title=title, sheet=sheet)


# --- forms -------------------------------------------------------------------------------------


@register.simple_tag
def field(label: str, name: str, value: Any = "", type: str = "text", **given: Any) -> SafeString:
    """A labeled input, select (`options`) or textarea with hint, error and unit; other names become attributes."""
    own = {key: given.pop(key, "") for key in ("hint", "error", "unit", "options", "optional")}
    own["empty"], own["id"] = given.pop("empty", None), given.pop("id", None) or f"id-{name}"
    told = " ".join(f"{own['id']}-{key}" for key in ("hint", "error") if own[key])
    attrs = marks.attributes({"aria_describedby": told or None, "aria_invalid": "true" if own["error"] else None} | given)
    return part("field", label=label, name=name, value=value, type=type, attrs=attrs, **own)


@register.simple_tag
def choices(label: str, name: str, options: Sequence[Sequence[str]], value: Any = (), look: str = "", **given: Any) -> SafeString:
    """Radio buttons as a segmented switch; `look="chips"` several with ticks, `look="list"` one under the other."""
    chosen = (value,) if isinstance(value, str) else tuple(value or ())
    own = {key: given.pop(key, "") for key in ("error", "hide_label", "multiple", "disabled")}
    return part(
        "choices",
        label=label,
        name=name,
        options=options,
        value=chosen,
        look=look,
        id=f"id-{name}",
        attrs=marks.attributes(given),
        **own,
    )


@register.simple_tag
def stepper(
    label: str, name: str, value: int, low: int, high: int, step: int = 1, disabled: bool = False, **given: Any
) -> SafeString:
    own = {"label": label, "name": name, "value": value, "low": low, "high": high, "step": step, "disabled": disabled}
    return part("stepper", id=given.pop("id", None) or f"id-{name}", attrs=marks.attributes(given), **own)


@register.simple_tag
def slider(label: str, name: str, value: int | None, low: int = 0, high: int = 10, step: int = 1, **given: Any) -> SafeString:
    """A range with its value in words; None is "not set" until it is touched."""
    own = {key: given.pop(key, "") for key in ("low_words", "high_words", "disabled")}
    own |= {"label": label, "name": name, "value": value, "low": low, "high": high, "step": step, "middle": (low + high) // 2}
    own["percent"] = 0 if value is None else round(100 * (value - low) / (high - low))
    return part("slider", id=given.pop("id", None) or f"id-{name}", attrs=marks.attributes(given), **own)


@register.simple_tag(takes_context=True)
def fast_entry(
    context: template.Context, action: str, value: str = "", reads: str = "", missing: str = "", problem: str = "", **given: Any
) -> SafeString:
    own = {"action": action, "value": value, "reads": reads, "missing": missing, "problem": problem}
    return part("fast_entry", csrf_token=context.get("csrf_token"), attrs=marks.attributes(given), **own)


# --- reasoning ---------------------------------------------------------------------------------


@register.simple_block_tag(end_name="end_standing")
def standing(content: str, words: str, details: str = "", urgency: str = "undecided") -> SafeString:
    return part("standing", content=content, words=words, details=details, urgency=urgency, icon_name=icons.URGENCY_ICONS[urgency])


@register.simple_block_tag(end_name="end_reasoning_card")
def reasoning_card(content: str, card: Any) -> SafeString:
    return part("reasoning_card", content=content, card=card)


@register.simple_tag
def pattern(pattern: Any) -> SafeString:
    points = (pattern["supporting"], pattern["against"]) if isinstance(pattern, Mapping) else (pattern.supporting, pattern.against)
    return part("pattern", pattern=pattern, tally=strips.tally(*points))


@register.simple_tag
def factor(factor: Any) -> SafeString:
    return part("factor", factor=factor)


# --- findings and pictures ---------------------------------------------------------------------


@register.simple_block_tag(end_name="end_findings")
def findings(content: str, caption: str = "", head: bool = True) -> SafeString:
    return part("findings", content=content, caption=caption, head=head)


@register.simple_tag
def finding_row(row: Any, content: str = "") -> SafeString:
    return part("finding_row", row=row, content=content)


@register.simple_tag
def spine(
    states: Mapping[str, Mapping[str, Any]],
    name: str = "",
    mode: str = "stiff",
    disabled: bool = False,
    title: str = "Joints and ribs",
) -> SafeString:
    own = {"name": name, "mode": mode, "disabled": disabled, "title": title, "art": static("ui/art/anatomy.svg")}
    return part("spine", levels=spines.levels(states), summary=spines.summary(states), **own)


@register.simple_tag
def bodychart(
    options: Mapping[str, str],
    chosen: Sequence[str] = (),
    name: str = "pain_regions",
    qualities: Mapping[str, str] | None = None,
    disabled: bool = False,
    open_list: bool = False,
) -> SafeString:
    chosen = list(chosen)
    summary = "Pain drawing: " + (", ".join(options[region] for region in chosen if region in options) or "nothing marked")
    own = {"name": name, "disabled": disabled, "open_list": open_list, "summary": summary, "art": static("ui/art/anatomy.svg")}
    return part("bodychart", chart=body.chart(options, chosen, qualities), order=" ".join(chosen), **own)


# --- plan and progress -------------------------------------------------------------------------


@register.simple_block_tag(end_name="end_plan_item")
def plan_item(content: str, item: Any) -> SafeString:
    return part("plan_item", content=content, item=item)


@register.simple_tag
def budget(title: str, used: int, given: int, unit: str = "min a day") -> SafeString:
    percent = min(round(100 * used / given), 100) if given else 0
    return part("budget", title=title, used=used, given=given, unit=unit, percent=percent, over=max(used - given, 0))


@register.simple_tag
def goal(goal: Any) -> SafeString:
    return part("goal", goal=goal)


@register.simple_tag
def curve(curve: Any, caption: str = "", change: str = "") -> SafeString:
    return part("curve", curve=curve, caption=caption, change=change)


@register.simple_tag
def sparkline(values: Sequence[float], label: str, matters: float | None = None, lower_is_better: bool = True) -> SafeString:
    return _spark(tuple(values), label, matters, lower_is_better)


# What depends on its arguments alone and stands forty times on the day's list is kept, not drawn again.
@lru_cache(maxsize=4096)
def _spark(values: tuple[float, ...], label: str, matters: float | None, lower_is_better: bool) -> SafeString:
    return part("spark", spark=strips.spark(values, matters=matters, lower_is_better=lower_is_better), label=label)


@register.simple_tag
def home_days(states: Sequence[str]) -> SafeString:
    return _home_days(tuple(states))


@lru_cache(maxsize=4096)
def _home_days(states: tuple[str, ...]) -> SafeString:
    return part("days", days=strips.days(states))


@register.simple_block_tag(end_name="end_then_now")
def then_now(content: str, then: str = "Then", now: str = "Now", head: bool = True) -> SafeString:
    return part("then_now", content=content, then=then, now=now, head=head)


@register.simple_tag
def then_now_row(row: Any) -> SafeString:
    verdict = row["verdict"] if isinstance(row, Mapping) else row.verdict
    name, words = VERDICTS[verdict]
    return part("then_now_row", row=row, verdict_icon=name, verdict_words=words)


@register.simple_tag
def timeline(line: Any) -> SafeString:
    return part("timeline", line=line)


@register.simple_tag
def figure(exercise: str, mirrored: bool = False, still: str = "", ornament: bool = False) -> SafeString:
    """The picture inside the page: it moves, and svg.pauseAnimations() pauses it. Nothing where there is none."""
    try:
        return mark_safe(figures.drawn(exercise, mirrored, still, language(), True, ornament))  # noqa: S308 our own drawing
    except KeyError:
        return SafeString("")


@register.simple_tag
def figure_url(exercise: str, mirrored: bool = False, still: str = "end") -> str:
    """The picture's address for an <img loading="lazy">; '' where there is none."""
    return figures.address(exercise, mirrored, still, language()) if exercise in load_figures().figures else ""


def language() -> str:
    return "es" if (get_language() or "").startswith("es") else "en"
