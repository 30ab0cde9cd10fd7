"""The knowledge in force at this clinic, loaded once for each version of its local rules."""

from __future__ import annotations

from threading import Lock

from ...knowledge import Knowledge, load_knowledge
from .models import Clinic

_loaded: dict[int, Knowledge] = {}
_lock = Lock()


def knowledge() -> Knowledge:
    """The knowledge in force. One query; a change of the local rules is seen by every process at its next request."""
    revision = Clinic.objects.filter(id=1).values_list("rules_revision", flat=True).first() or 0
    found = _loaded.get(revision)
    if found is None:
        with _lock:
            found = _loaded.get(revision) or load_knowledge()
            _loaded.clear()
            _loaded[revision] = found
    return found
