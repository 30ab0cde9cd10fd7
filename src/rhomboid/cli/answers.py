"""What somebody types at a question, read as a value: yes and no, numbers with a unit, options by number or name, dates."""

from __future__ import annotations

import re

from ..vocabulary import Finding, Gate, Value
from ..vocabulary.values import ValueProblem, checked_value

YES_WORDS, NO_WORDS = ("y", "yes", "true"), ("n", "no", "false")
NUMBER = re.compile(r"^([-+]?\d+(?:[.,]\d+)?)\s*(.*)$")


def read_answer(entry: Finding | Gate, typed: str) -> Value:
    """The value typed. Raises ValueProblem with what is wrong and what to type instead."""
    if isinstance(entry, Gate) or entry.type == "flag":
        return _flag(typed)
    if entry.numeric:
        return _number(entry, typed)
    if entry.several:
        return checked_value(entry, _several(entry, typed))
    return checked_value(entry, _option(entry, typed) if entry.type == "choice" else typed)


def how_to_answer(entry: Finding | Gate) -> str:
    """What may be typed, in a few words."""
    if isinstance(entry, Gate) or entry.type == "flag":
        return "y, n, or ? if you are not sure"
    if entry.type == "scale":
        return "0 to 10"
    if entry.numeric:
        unit = f" {entry.unit}" if entry.unit not in ("", "1") else ""
        return f"{entry.min:g} to {entry.max:g}{unit}"
    if entry.several:
        return "numbers, such as 1,3; 0 for none of these"
    return "a number from the list" if entry.type == "choice" else "such as 2026-01-31"


def _flag(typed: str) -> bool:
    word = typed.lower()
    if word in YES_WORDS:
        return True
    if word in NO_WORDS:
        return False
    raise ValueProblem(f'"{typed}" is neither yes nor no', "type y, n or ?")


def _number(entry: Finding, typed: str) -> Value:
    found = NUMBER.match(typed)
    if not found:
        raise ValueProblem(f'"{typed}" is not a number', how_to_answer(entry))
    number = float(found[1].replace(",", "."))
    value = int(number) if number.is_integer() else number
    return checked_value(entry, value, found[2].strip())


def _option(entry: Finding, typed: str) -> str:
    """An option by its number in the list, its id or its label."""
    ids = list(entry.options)
    if typed.isdigit() and typed not in ids:
        number = int(typed)
        if not 1 <= number <= len(ids):
            raise ValueProblem(f"there is no number {number} in the list", f"1 to {len(ids)}")
        return ids[number - 1]
    labels = {label.lower(): id_ for id_, label in entry.options.items()}
    return labels.get(typed.lower(), typed)


def _several(entry: Finding, typed: str) -> list[str]:
    if typed in ("0", "none") and typed not in entry.options:
        return []
    return [_option(entry, part.strip()) for part in typed.split(",") if part.strip()]
