"""Everything that writes a record. An action is keyword-only, atomic, says `by` whom, and writes its audit event."""

from __future__ import annotations

from ....reasoning.words import sentence


class Refused(Exception):
    """An action that may not be done: what was refused, and what to do instead. Nothing was written, what was typed is kept.

    `status` is 409 when somebody else was faster, else 422. `about` is the entry of the knowledge that it rests on, such as a
    contradiction, if there is one.
    """

    def __init__(self, message: str, fix: str = "", *, status: int = 422, about: str = "") -> None:
        super().__init__(message)
        self.message, self.fix = message[:1].upper() + message[1:], sentence(fix)
        self.status, self.about = status, about


class Overtaken(Refused):
    """Somebody else has changed the same thing in the meantime."""

    def __init__(self, message: str, fix: str = "Look at what is there now, then decide.") -> None:
        super().__init__(message, fix, status=409)
