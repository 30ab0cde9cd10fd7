"""Recording what is known of a person. A fact is never edited: a newer one corrects it, and both stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from ....knowledge import Knowledge
from ....vocabulary import RhomboidError, nearest
from ....vocabulary.values import ValueProblem, checked_value
from ...accounts.models import User
from .. import audit, bridge, clock
from ..models import Episode, Finding
from . import Overtaken, Refused
from .episodes import move_on

FROM_PERSON = ("age_years", "sex_at_birth")
"""These follow from the person's own data; they are corrected there."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded, and the reasoning about the episode with it."""

    findings: tuple[Finding, ...]
    renewed: bridge.Renewed


@transaction.atomic
def record(
    *,
    episode: Episode,
    values: Mapping[str, Any],
    knowledge: Knowledge,
    by: User,
    source: str = "therapist",
    seen: Mapping[str, str] | None = None,
    on: date | None = None,
    unit: str = "",
    method: str = "",
    device: str = "",
    notes: Mapping[str, str] | None = None,
) -> Recorded:
    """Records one or several values and renews the reasoning.

    `values` maps finding ids to plain values; None withdraws what stands, back to unknown. A value of the same day is corrected
    by the new one; one of an earlier day stays, as an earlier measurement. `seen` maps finding ids to the ref of the value that
    the page showed ('' for none): when another one stands by now, the action is refused, so that nobody overwrites what they
    have not seen. `notes` has what belongs to a single value. Raises Refused for a value that does not fit or that contradicts
    the others. A number given in another `unit` is kept in the vocabulary's, which stands beside it.
    """
    day = on or clock.today()
    episode = Episode.objects.select_for_update(of=("self",)).select_related("person").get(pk=episode.pk)
    checked = {name: checked_finding(name, raw, knowledge, unit) for name, raw in values.items()}
    standing = _standing(episode, checked)
    _nothing_unseen(standing, seen or {}, checked)
    rows = []
    for name, value in checked.items():
        old = standing.get(name)
        if value is None and old is None:
            continue
        rows.append(
            Finding(
                episode=episode,
                finding=name,
                value=None if value is None else bridge.stored(value),
                unit=_unit_of(name, value, knowledge),
                observed_on=day,
                source=source,
                method=method,
                device=device,
                rater=by.label,
                note=(notes or {}).get(name, ""),
                recorded_at=clock.now(),
                recorded_by=by,
                corrects=old if old and (value is None or old.observed_on == day) else None,
            )
        )
    _insert(rows)
    move_on(episode, "evaluation" if source == "therapist" else "intake")
    renewed = _renewed(episode, knowledge, day)
    audit.write(
        by=by,
        action="finding.record",
        person=episode.person,
        subject=episode.ref,
        findings=sorted(checked),
        raised=[concern.condition for concern in renewed.raised],
    )
    return Recorded(tuple(rows), renewed)


def _unit_of(name: str, value: Any, knowledge: Knowledge) -> str:
    """The unit that a number is kept in; nothing for what has none."""
    entry = knowledge.vocabulary.findings.get(name) or knowledge.vocabulary.derived.get(name)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    unit = entry.unit if number and entry else ""
    return "" if unit in (None, "1") else unit


@transaction.atomic
def not_tested(*, episode: Episode, finding: str, reason: str, knowledge: Knowledge, by: User) -> Finding:
    """Says why a test was not done. It stays unknown; the reason stands beside it."""
    if not reason.strip():
        raise Refused("Say in a word why it was not tested", "For example: pain, refused, no device.")
    checked_finding(finding, None, knowledge)
    row = Finding.objects.create(
        episode=episode,
        finding=finding,
        value=None,
        observed_on=clock.today(),
        source="therapist",
        rater=by.label,
        note=reason.strip(),
        recorded_at=clock.now(),
        recorded_by=by,
    )
    audit.write(by=by, action="finding.not_tested", person=episode.person, subject=episode.ref, findings=[finding])
    return row


def checked_finding(name: str, raw: Any, knowledge: Knowledge, unit: str = "") -> Any:
    """A value as the reasoning uses it; None stays None. Raises Refused with the nearest right name or the right form."""
    vocabulary = knowledge.vocabulary
    if name in FROM_PERSON:
        raise Refused(f"{vocabulary.label(name)} follows from the person's own data", "Correct it under Person.")
    if name in vocabulary.gates:
        if raw is not None and not isinstance(raw, bool):
            raise Refused(f"{name} is answered with yes or no", "Leave it out when the answer is not sure.")
        return raw
    entry = vocabulary.findings.get(name) or vocabulary.derived.get(name)
    if entry is None or name not in vocabulary.givable:
        near = nearest(name, [*vocabulary.givable, *vocabulary.gates])
        raise Refused(f'There is no finding "{name}" to record', near)
    if raw is None:
        return None
    try:
        return checked_value(entry, raw, unit)
    except ValueProblem as error:
        raise Refused(f"{vocabulary.label(name)}: {error.message}", error.fix) from None


def _standing(episode: Episode, names: Mapping[str, Any]) -> dict[str, Finding]:
    """What stands for each name, the newest; a reason for not testing is no value."""
    return bridge.latest(Finding.objects.filter(episode=episode, finding__in=names).standing())


def _nothing_unseen(standing: Mapping[str, Finding], seen: Mapping[str, str], checked: Mapping[str, Any]) -> None:
    """Refuses to overwrite what the page did not show. The same value again is no conflict: an answer may be sent twice when
    the reply to the first is lost."""
    for name, ref in seen.items():
        there = standing.get(name)
        same = there is not None and checked.get(name) is not None and there.value == bridge.stored(checked[name])
        if (there.ref if there else "") != ref and not same:
            who = there.rater if there else "somebody"
            raise Overtaken(f"{who} has recorded another value in the meantime")


def _insert(rows: list[Finding]) -> None:
    """One insert for all. Two people who correct the same value at once: the second one is told."""
    try:
        with transaction.atomic():
            Finding.objects.bulk_create(rows)
    except IntegrityError:
        raise Overtaken("Somebody else has corrected this value in the meantime") from None


def _renewed(episode: Episode, knowledge: Knowledge, day: date) -> bridge.Renewed:
    try:
        return bridge.renew(episode, knowledge, on=max(day, clock.today()))
    except RhomboidError as error:
        problem = error.problems[0]
        raise Refused(f"{knowledge.vocabulary.label(problem.entry)}: {problem.message}", problem.fix, about=problem.entry) from None
