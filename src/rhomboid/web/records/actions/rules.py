"""Signing off working rules for this clinic, and putting the clinic's own wording in the place of a shipped entry."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from ....knowledge import Knowledge, Override, entry_digest, load_knowledge
from ....reasoning.proof import broken_examples
from ....vocabulary import KnowledgeError, Problem
from ...accounts.models import User
from .. import audit, clock, current
from ..models import Clinic, LocalRule, SignOff
from . import Overtaken, Refused


class RuleRefused(Refused):
    """A wording that must not be used, with every problem of it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("This text cannot be used as it stands", "Nothing was changed. What you typed is below.")
        self.problems = problems


@transaction.atomic
def sign_off(*, kind: str, entry: str, digest: str, knowledge: Knowledge, note: str = "", by: User) -> SignOff:
    """Accepts a working rule for this clinic, in exactly the content that was read (`digest`)."""
    _may(by)
    found = knowledge.tables.get(kind, {}).get(entry)
    if found is None or getattr(found, "evidence", "") != "prod":
        raise Refused("There is no working rule of this name", "It may have changed in a new version.")
    if entry_digest(found) != digest:
        raise Overtaken("This rule has changed since you opened it", "Read it as it is now, then sign.")
    try:
        with transaction.atomic():
            made = SignOff.objects.create(
                kind=kind,
                entry=entry,
                digest=digest,
                note=note.strip(),
                by=by,
                by_label=by.label,
                license_number=by.license_number,
                at=clock.now(),
            )
    except IntegrityError:
        raise Overtaken("Somebody has just signed this rule off") from None
    audit.write(by=by, action="rule.sign_off", subject=f"{kind} {entry}", digest=digest)
    return made


@transaction.atomic
def withdraw(*, kind: str, entry: str, by: User) -> None:
    """Takes back every sign-off of a rule. It says again that it waits, wherever it acts."""
    _may(by)
    if not SignOff.objects.filter(kind=kind, entry=entry, withdrawn_at=None).update(withdrawn_at=clock.now()):
        raise Overtaken("This rule is not signed off")
    audit.write(by=by, action="rule.withdraw", subject=f"{kind} {entry}")


@transaction.atomic
def override(*, kind: str, entry: str, toml: str, reason: str, seen: str = "", by: User) -> LocalRule:
    """Puts the clinic's own text in the place of an entry, at once for everybody.

    `seen` is the ref of the local rule that the page showed ('' for the shipped text). Raises RuleRefused with every problem.
    """
    _may(by)
    if len(reason.strip()) < 10:
        raise Refused("A local rule needs a reason", "Say in a sentence why this clinic departs from what is shipped.")
    Clinic.objects.select_for_update().get(pk=Clinic.current().pk)
    _unseen(kind, entry, seen)
    text = toml.replace("\r\n", "\n").strip() + "\n"
    lost = {problem.place for problem in current.refused_rules()}
    others = current.overrides_of(LocalRule.objects.filter(in_force=True).exclude(kind=kind, entry=entry))
    _check(Override(kind, entry, text), [one for one in others if one.place not in lost])
    LocalRule.objects.filter(kind=kind, entry=entry, in_force=True).update(in_force=False)
    version = (LocalRule.objects.filter(kind=kind, entry=entry).aggregate(last=Max("version"))["last"] or 0) + 1
    made = LocalRule.objects.create(
        kind=kind,
        entry=entry,
        version=version,
        toml=text,
        reason=reason.strip(),
        by=by,
        by_label=by.label,
        at=clock.now(),
    )
    _changed()
    audit.write(by=by, action="rule.override", subject=f"{kind} {entry}", version=version)
    return made


@transaction.atomic
def end_override(*, kind: str, entry: str, seen: str, by: User) -> None:
    """Goes back to the shipped entry. The local versions stay on record."""
    _may(by)
    Clinic.objects.select_for_update().get(pk=Clinic.current().pk)
    _unseen(kind, entry, seen)
    if not LocalRule.objects.filter(kind=kind, entry=entry, in_force=True).update(in_force=False):
        raise Overtaken("There is no local rule in force here")
    _changed()
    audit.write(by=by, action="rule.end_override", subject=f"{kind} {entry}")


def _check(changed: Override, others: list[Override]) -> None:
    """The text as the loader and the examples of the entry see it."""
    try:
        knowledge = load_knowledge(overrides=[*others, changed])
    except KnowledgeError as error:
        raise RuleRefused(list(error.problems)) from None
    if broken := broken_examples(knowledge):
        raise RuleRefused(broken)


def _unseen(kind: str, entry: str, seen: str) -> None:
    there = LocalRule.objects.filter(kind=kind, entry=entry, in_force=True).first()
    if (there.ref if there else "") != seen:
        who = there.by_label if there else "Somebody"
        raise Overtaken(f"{who} has changed this rule in the meantime", "Your text is below. Compare it with what is in force now.")


def _changed() -> None:
    Clinic.objects.filter(id=1).update(rules_revision=F("rules_revision") + 1)


def _may(by: User) -> None:
    if not by.may("review_rules"):
        raise Refused("Only a licensed therapist reviews rules", "A license number is kept under Settings, People.")
