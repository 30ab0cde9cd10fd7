"""The templates, with the few words and signs they need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ..figures import Still, figure_svg, load_figures
from ..reasoning.words import sentence, steps_at

TEMPLATES = Path(__file__).parent / "templates"
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
SHORT_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"]
STILLS: tuple[Still, ...] = ("start", "end")
NOTHING: Mapping[str, str] = MappingProxyType({})
NOT_RECORDED = Markup('<span class="missing">not recorded</span>')


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {
        "day": day,
        "moment": moment,
        "short_day": short_day,
        "steps": steps,
        "at": steps_at,
        "blanks": blanks,
        "lower_first": lower_first,
        "sentence": sentence,
        "spanned": spanned,
        "shown": shown,
        "stills": stills,
    }
    made.globals |= {"css": Markup((TEMPLATES / "paper.css").read_text(encoding="utf-8"))}  # noqa: S704 - our own file
    return made


def knowledge_words(version: str) -> str:
    """The version of the rules for the foot of a page, and whether the clinic's own are among them (its part behind the plus)."""
    return f"Knowledge {version}" + (", with this clinic’s own rules" if "+" in version else "")


def day(on: date) -> str:
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def short_day(on: date) -> str:
    return f"{on.day} {SHORT_MONTHS[on.month - 1]} {on.year}"


def moment(at: datetime) -> str:
    return f"{day(at)}, {at:%H:%M}"


def shown(value: object) -> object:
    """A value as it is, a day in words; what is empty or None is said to be missing."""
    if value is None or value == "":
        return NOT_RECORDED
    if isinstance(value, date):
        return moment(value) if isinstance(value, datetime) else day(value)
    return f"{value:g}" if isinstance(value, float) else value


def stills(exercise: str) -> list[Markup]:
    """The start and the end of an exercise as drawings; none where there is no figure."""
    figure = load_figures().figures.get(exercise)
    if figure is None:
        return []
    return [Markup(figure_svg(figure, still=still, alt="", paper=True)) for still in STILLS]  # noqa: S704 - our own drawings


def steps(text: str) -> list[str]:
    """A paragraph as its sentences: what has to be done reads best one thing at a time."""
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", text.strip())


def blanks(text: str, known: Mapping[str, str] = NOTHING) -> Markup:
    """A text whose {fields} are filled with what is known; the others become lines to write on."""
    return Markup("").join(
        _field(part, known.get(part, "")) if place % 2 else escape(part) for place, part in enumerate(re.split(r"\{(\w+)\}", text))
    )


def _field(name: str, value: str) -> Markup:
    return escape(value) if value else Markup('<span class="blank">{}</span>').format(name.replace("_", " "))


def lower_first(text: str) -> str:
    """A label inside a sentence; abbreviations keep their capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def spanned(ends: tuple[float, float]) -> str:
    low, high = ends
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
