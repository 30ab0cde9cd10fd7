"""Which working rules wait for this clinic's sign-off. A sign-off holds for exactly the content that was read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from ...knowledge import Knowledge, entry_digest
from .models import SignOff

State = Literal["unsigned", "changed", "signed"]
_digests: dict[str, dict[tuple[str, str], str]] = {}
KEPT = 4


@dataclass(frozen=True)
class Review:
    """The working rules of a knowledge with the sign-offs that stand."""

    knowledge: Knowledge
    given: dict[tuple[str, str], SignOff]
    lapsed: dict[tuple[str, str], SignOff]

    @cached_property
    def rules(self) -> dict[tuple[str, str], Any]:
        return {(kind, entry.id): entry for kind, entry in self.knowledge.working_rules()}

    def state(self, key: tuple[str, str]) -> State:
        """`changed`: what was signed off reads otherwise by now."""
        return "signed" if key in self.given else "changed" if key in self.lapsed else "unsigned"


def digests(knowledge: Knowledge) -> dict[tuple[str, str], str]:
    """The digest of the content of every working rule, computed once for a version of the knowledge."""
    if knowledge.version not in _digests:
        while len(_digests) >= KEPT:
            _digests.pop(next(iter(_digests)), None)
        _digests[knowledge.version] = {(kind, entry.id): entry_digest(entry) for kind, entry in knowledge.working_rules()}
    return _digests[knowledge.version]


def unsigned_ids(knowledge: Knowledge) -> frozenset[tuple[str, str]]:
    """The working rules, by name of their table and id, that nobody of this clinic has signed off as they stand. One query."""
    signed = set(SignOff.objects.filter(withdrawn_at=None).values_list("kind", "entry", "digest"))
    return frozenset(key for key, digest in digests(knowledge).items() if (*key, digest) not in signed)


def review(knowledge: Knowledge) -> Review:
    """Everything the review page shows of sign-offs. One query."""
    now = digests(knowledge)
    given: dict[tuple[str, str], SignOff] = {}
    lapsed: dict[tuple[str, str], SignOff] = {}
    for one in SignOff.objects.filter(withdrawn_at=None).order_by("at"):
        key = one.kind, one.entry
        (given if now.get(key) == one.digest else lapsed)[key] = one
    return Review(knowledge, given, lapsed)
