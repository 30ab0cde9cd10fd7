"""The knowledge in force at this clinic: what is shipped, with the clinic's own rules in their places."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from threading import Lock

from ...knowledge import Knowledge, Override, load_knowledge
from ...vocabulary import KnowledgeError, Problem
from .models import LocalRule

_loaded: dict[tuple[str, ...], tuple[Knowledge, tuple[Problem, ...]]] = {}
_lock = Lock()
KEPT = 4


def knowledge() -> Knowledge:
    """The knowledge in force. One query; a change of the local rules is seen by every process at its next request."""
    return _in_force()[0]


def refused_rules() -> tuple[Problem, ...]:
    """What is wrong with local rules that no longer fit the shipped knowledge, as after an upgrade. They are not in force."""
    return _in_force()[1]


def overrides_of(rules: Iterable[LocalRule]) -> list[Override]:
    return [Override(rule.kind, rule.entry, rule.toml) for rule in rules]


def _in_force() -> tuple[Knowledge, tuple[Problem, ...]]:
    """Loaded once for each set of local rules. Their refs name the set, so that no process ever uses another one's."""
    key = tuple(LocalRule.objects.filter(in_force=True).order_by("ref").values_list("ref", flat=True))
    if key not in _loaded:
        with _lock:
            if key not in _loaded:
                found = _load(overrides_of(LocalRule.objects.filter(ref__in=key).order_by("kind", "entry")))
                while len(_loaded) >= KEPT:
                    _loaded.pop(next(iter(_loaded)))
                _loaded[key] = found
                # The knowledge stays for the life of the process: a full collection would walk all of it, for some 80 ms.
                gc.collect()
                gc.freeze()
    return _loaded[key]


def _load(overrides: list[Override]) -> tuple[Knowledge, tuple[Problem, ...]]:
    """Leaves out what no longer fits: a clinic must not stand still because a new version knows another finding."""
    problems: list[Problem] = []
    while True:
        try:
            return load_knowledge(overrides=overrides), tuple(problems)
        except KnowledgeError as error:
            places = {problem.place for problem in error.problems}
            kept = [one for one in overrides if one.place not in places]
            problems += error.problems
            overrides = kept if len(kept) < len(overrides) else []
            if not overrides:
                return load_knowledge(), tuple(problems)
