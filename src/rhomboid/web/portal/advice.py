"""What a person is to do now, in plain words: whom to call, what to say, what to do until then, and when it becomes an emergency.

All of it comes from the knowledge and from the person's own answers. It names no disease.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from ...knowledge import Knowledge
from ...knowledge.care import CallSentence, StopSymptom
from ...knowledge.languages import Language
from ...knowledge.model import Condition, SafetyNet
from ...reasoning.facts import Facts
from ...reasoning.letter import private_conditions
from ..records.models import Clinic

MOST_SAID = 5
"""So many sentences somebody can say on the phone (prod)."""
MOST_SIGNS = 6
"""So many signs to watch for somebody keeps in mind (prod)."""
HELPLINE = re.compile(r"\b\d{3}\b")
EMERGENCY = "911"
"""The number that the texts of the knowledge name; a clinic elsewhere has its own."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One page of advice. `number` is what the one filled button calls; empty when the clinic has given none."""

    action: str
    urgency: str
    heading: str
    lead: str
    number: str
    say: tuple[str, ...]
    until: tuple[tuple[str, str], ...]
    more: str
    signs: tuple[str, ...]
    at: datetime | None
    paused: bool

    @property
    def emergency(self) -> bool:
        return self.action == "emergency"


def advice_of(outcome: Mapping[str, Any], facts: Facts, language: Language, clinic: Clinic, *, paused: bool) -> Advice:
    """The advice for the outcome of an interview."""
    return _Writer(outcome, facts, language, clinic, paused).advice()


def emergency_signs(knowledge: Knowledge) -> str:
    """The group of the safety net that asks for an emergency call, as the stop symptoms that do name it."""
    lines = knowledge.of(SafetyNet)
    return next(lines[one.safety_net].group for one in knowledge.of(StopSymptom).values() if one.call == EMERGENCY)


def card_of(
    knowledge: Knowledge, language: Language, clinic: Clinic, facts: Facts | None = None
) -> list[tuple[str, bool, list[str]]]:
    """The whole list of signs by group: its heading, whether it is the emergency group, and its lines. Nothing private is in it.

    Without facts, what is only for some people is shown to all: a card that lies on the phone knows nobody. A line that a clinic
    has to fill in by hand ("{clinic_hours}") is left out: how to reach the clinic stands on the page by itself.
    """
    groups: dict[str, list[str]] = {}
    for id_, line in knowledge.of(SafetyNet).items():
        if not line.private and "{" not in line.text and _applies(line, facts):
            groups.setdefault(line.group, []).append(id_)

    def said(id_: str, name: str) -> str:
        return _numbered(language.say("safety_net", id_, name), clinic)

    emergency = emergency_signs(knowledge)
    return [(said(ids[0], "group"), group == emergency, [said(id_, "text") for id_ in ids]) for group, ids in groups.items()]


def _applies(line: SafetyNet, facts: Facts | None) -> bool:
    return facts is None or not line.show_when or facts.truth(line.show_when) is not False


def _numbered(text: str, clinic: Clinic) -> str:
    return text.replace(EMERGENCY, clinic.emergency_number)


@dataclass(frozen=True, slots=True)
class _Writer:
    outcome: Mapping[str, Any]
    facts: Facts
    language: Language
    clinic: Clinic
    paused: bool

    def advice(self) -> Advice:
        action = self.outcome.get("action", "go_on")
        number = self.number(action)
        return Advice(
            action=action,
            urgency=self.outcome.get("urgency", ""),
            heading=self.heading(action, number),
            lead=self.lead(action),
            number=number,
            say=tuple(self.said()) if action != "go_on" else (),
            until=tuple(self.until(action)),
            more=self.more(action),
            signs=tuple(self.signs()) if action != "emergency" else (),
            at=parse_datetime(self.outcome.get("at", "")),
            paused=self.paused,
        )

    @property
    def knowledge(self) -> Knowledge:
        return self.facts.knowledge

    @property
    def shown(self) -> list[str]:
        """The conditions whose instructions may stand on a phone that others may see."""
        private = private_conditions(self.knowledge)
        return [name for name in self.outcome.get("conditions", ()) if name in self.knowledge.of(Condition) and name not in private]

    @property
    def instructions(self) -> list[str]:
        return [_numbered(self.language.say("condition", name, "patient"), self.clinic) for name in self.shown[:2]]

    def helpline(self) -> str:
        """The number that the instructions for what was told begin with, such as 988, when it is another than the emergency's."""
        found = HELPLINE.search(self.instructions[0]) if self.instructions else None
        return found[0] if found and found[0] != self.clinic.emergency_number else ""

    def number(self, action: str) -> str:
        if action == "emergency":
            return self.clinic.emergency_number
        return (self.helpline() if action == "call" else "") or self.clinic.phone

    def heading(self, action: str, number: str) -> str:
        if action == "emergency":
            return gettext("Call %(number)s now. Do not drive.") % {"number": number}
        if action == "call":
            return gettext("Call %(number)s now") % {"number": number} if self.helpline() else gettext("Call us today")
        if action == "see_doctor":
            return gettext("See a doctor in the next days")
        return gettext("You can go on")

    def lead(self, action: str) -> str:
        if action == "emergency":
            return _numbered(self.language.say("urgency", "emergency_now", "patient"), self.clinic)
        if action == "call" and self.helpline():
            return self.instructions[0]
        if action == "call":
            return gettext("Your answers need a person to look at them today. Please do not wait for your next visit.")
        if action == "see_doctor":
            return _numbered(self.language.say("urgency", "urgent_days", "patient"), self.clinic)
        return gettext("Nothing you told us needs help right away. You know your body best: call us if you are still worried.")

    def said(self) -> Iterable[str]:
        """What to say on the phone, in the first person: the pain, then the person's own answers."""
        yield gettext("I have pain in my upper back.")
        stops = [self.language.say("stop_symptom", name, "plain") for name in self.outcome.get("stops", ())]
        yield from (gettext("I have this now: %(sign)s.") % {"sign": _lower(one)} for one in stops[:MOST_SAID])
        yield from self._sentences()[: max(0, MOST_SAID - len(stops))]

    def _sentences(self) -> list[str]:
        """The sentences for what was answered with yes; the question itself where the knowledge has no sentence."""
        names = [name for name in self.outcome.get("because", ()) if self.facts.value(name) is True]
        known, findings = self.knowledge.of(CallSentence), self.knowledge.vocabulary.findings
        return [
            self.language.say("call_sentence", name, "text")
            if name in known
            else gettext("I was asked: “%(question)s” and I said yes.")
            % {"question": self.language.say("finding", name, "question")}
            for name in names
            if name in known or (name in findings and findings[name].question)
        ]

    def until(self, action: str) -> Iterable[tuple[str, str]]:
        """What to do until somebody has looked: an icon, and the words."""
        if self.paused:
            yield "ban", gettext("No exercises today. We have paused them.")
        elif action != "go_on":
            yield "ban", gettext("No exercises until somebody has looked at this.")
        if action == "call" and not self.helpline():
            yield "clock", gettext("Nobody answers? Go to an emergency room or urgent care today. Let somebody else drive.")
        if action == "emergency" and (self.always or self.helpline()):
            yield "info", self.instructions[0]

    @property
    def always(self) -> bool:
        """Whether the first condition is an emergency whenever it is raised: then its instructions hold as they stand."""
        levels = self.knowledge.of(Condition)[self.shown[0]].level if self.shown else ()
        return bool(levels) and all(level.urgency == "emergency_now" for level in levels)

    def more(self, action: str) -> str:
        """The instructions for what was told, where they tell several ways it can go: behind a fold, for one thing is to do."""
        shown = self.helpline() or self.always or action not in ("emergency", "call")
        return "" if shown else "".join(self.instructions[:1])

    def signs(self) -> Iterable[str]:
        """When it becomes an emergency: the lines that belong to what was raised, else the first ones of the list."""
        lines, group = self.knowledge.of(SafetyNet), emergency_signs(self.knowledge)
        own = [line for name in self.shown for line in self.knowledge.of(Condition)[name].safety_net]
        fitting = [id_ for id_ in dict.fromkeys([*own, *lines]) if lines[id_].group == group and _applies(lines[id_], self.facts)]
        return [_numbered(self.language.say("safety_net", id_, "text"), self.clinic) for id_ in fitting[:MOST_SIGNS]]


def _lower(words: str) -> str:
    """The same within a sentence."""
    return words[:1].lower() + words[1:]
