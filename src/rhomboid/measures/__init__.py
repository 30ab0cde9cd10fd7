"""Change that is real: a value then and now against the error of the measure and the change that matters to people."""

from .change import Change, Moved, Verdict, change, known_error
from .meaning import Meaning, meaningful

__all__ = ["Change", "Meaning", "Moved", "Verdict", "change", "known_error", "meaningful"]
