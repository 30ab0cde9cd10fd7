"""One line of the doctor. It stands apart, so that wrong settings can be told without loading what needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["well", "look", "ill"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found: `well`, `look` (it works, but somebody should see to it), `ill` (something is broken)."""

    name: str
    state: State
    words: str
    fix: str = ""
