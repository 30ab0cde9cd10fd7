"""Reads the figure files strictly: what is wrong is told by file, figure, key and fix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ..knowledge import Knowledge
from ..knowledge.model import Exercise
from ..vocabulary import KnowledgeError, Problem, nearest
from ..vocabulary.reading import entry_of, tables_of, toml_files
from .model import AnyProp, Ball, Box, Figure, Line, Stance
from .parts import POINTS

FOLDER = Path(__file__).parent.parent / "knowledge" / "figures"
STANCES = "stances.toml"
_Kind = TypeVar("_Kind", Figure, Stance)


class Figures(NamedTuple):
    """All pictures by exercise, and the stances they start from."""

    figures: dict[str, Figure]
    stances: dict[str, Stance]


@lru_cache(maxsize=4)
def load_figures(folder: Path = FOLDER) -> Figures:
    """Reads and checks all figure files. Raises KnowledgeError with every problem found."""
    problems: list[Problem] = []
    stances: dict[str, Stance] = {}
    figures: dict[str, Figure] = {}
    places: dict[str, str] = {}
    for path in toml_files(folder):
        place = f"figures/{path.name}"
        for name, table in tables_of(path, place, problems).items():
            if path.name == STANCES:
                _keep(stances, name, table, Stance, place, problems)
            elif name in figures:
                problems.append(Problem(place, name, f"this figure stands already in {places[name]}", "keep one"))
            else:
                places[name] = place
                _keep(figures, name, table, Figure, place, problems)
    for name, stance in stances.items():
        problems += _stance_problems(f"figures/{STANCES}", name, stance.like, stances) if stance.like else ()
    for name, figure in figures.items():
        problems += _figure_problems(places[name], name, figure, stances)
    if problems:
        raise KnowledgeError(problems)
    return Figures(figures, stances)


def figure_gaps(knowledge: Knowledge, figures: Mapping[str, Figure]) -> list[Problem]:
    """One problem for each exercise that has no figure, and for each figure that belongs to no exercise."""
    exercises = knowledge.of(Exercise)
    missing = [
        Problem(knowledge.files[Exercise, name], name, "has no figure", f"add [{name}] to a file of knowledge/figures")
        for name in exercises
        if name not in figures
    ]
    return missing + [
        Problem("figures", name, "belongs to no exercise", nearest(name, exercises)) for name in figures if name not in exercises
    ]


def _keep(kept: dict[str, _Kind], name: str, table: Any, kind: type[_Kind], place: str, problems: list[Problem]) -> None:
    if not isinstance(table, dict):
        problems.append(Problem(place, name, f"{table!r} is not a table", f"write [{name}]"))
        return
    if "id" in table:
        problems.append(Problem(place, name, 'the key "id" is not written', "the table's name is the id"))
        return
    entry = entry_of({**table, **({"id": name} if kind is Figure else {})}, name, kind, place, problems)
    if entry is not None:
        kept[name] = entry


def _stance_problems(place: str, name: str, wanted: str, stances: Mapping[str, Stance]) -> Iterable[Problem]:
    if wanted not in stances:
        yield Problem(place, name, f'there is no stance "{wanted}"', nearest(wanted, stances))
        return
    seen = {name}
    while wanted:
        if wanted in seen:
            yield Problem(place, name, "stances are like each other in a circle", "break the circle")
            return
        seen.add(wanted)
        wanted = stances[wanted].like if wanted in stances else ""


def _figure_problems(place: str, name: str, figure: Figure, stances: Mapping[str, Stance]) -> Iterable[Problem]:
    yield from _stance_problems(place, name, figure.stance, stances)
    for point in _named_points(figure):
        known = point.partition("+")[0]
        if known not in POINTS:
            yield Problem(place, name, f'there is no place "{known}" on the body', nearest(known, POINTS))
    for pose in (figure.pose, figure.start, figure.end):
        for limb in ("arms", "arm_l", "arm_r"):
            arm = getattr(pose, limb)
            if arm and sum(value is not None for value in (arm.angles, arm.to, arm.on)) != 1:
                yield Problem(place, name, f'"{limb}" says not exactly one of angles, to and on', "give one")
        for limb in ("legs", "leg_l", "leg_r"):
            leg = getattr(pose, limb)
            if leg and (leg.angles is None) == (leg.to is None):
                yield Problem(place, name, f'"{limb}" says not exactly one of angles and to', "give one")


def _named_points(figure: Figure) -> Iterable[str]:
    for arrow in figure.arrows:
        if not arrow.turn:
            yield arrow.of
    for prop in figure.props:
        for point in _points(prop):
            if isinstance(point, str):
                yield point


def _points(prop: AnyProp) -> tuple[Any, ...]:
    if isinstance(prop, Ball):
        return (prop.at,)
    if isinstance(prop, Box):
        return (prop.of,) if prop.of else ()
    return prop.points if isinstance(prop, Line) else ()


__all__ = ["FOLDER", "Figures", "figure_gaps", "load_figures"]
