"""What must hold between entries: everything named exists, ladders are ladders, examples can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from ..vocabulary import Problem, Vocabulary, nearest
from ..vocabulary.values import ValueProblem, checked_value
from .care import (
    CallSentence,
    GoalTemplate,
    Instrument,
    IntakePart,
    MinimumSet,
    OwnPlace,
    Rescreen,
    StayingWell,
    StopSymptom,
    Thrust,
    TruthWord,
)
from .model import (
    COLUMNS,
    CONCERNS,
    CareCode,
    Condition,
    Contraindication,
    Example,
    Exercise,
    Factor,
    Family,
    Intervention,
    Ladder,
    Pattern,
    Posture,
    SafetyNet,
    Source,
)

MET = ("met", "not_met", "unknown")
EXPECTED: dict[type, tuple[str, ...]] = {
    Condition: ("low", "moderate", "high", "emergency", "none", "undecided"),
    Pattern: ("supported", "not_supported", "unknown"),
    Factor: MET,
    Contraindication: MET,
}


class References:
    """Checks every reference from one entry to another and appends what is wrong to `problems`."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        entries: Mapping[type, Mapping[str, Any]],
        interventions: Mapping[str, Intervention],
        files: Mapping[tuple[type, str], str],
        problems: list[Problem],
    ) -> None:
        self.vocabulary, self.entries, self.interventions = vocabulary, entries, interventions
        self.files, self.problems = files, problems
        self.measurable = [*vocabulary.findings, *vocabulary.derived]

    def wrong(self, entry: Any, message: str, fix: str = "") -> None:
        self.problems.append(Problem(self.files[type(entry), entry.id], entry.id, message, fix))

    def named(self, entry: Any, what: str, words: Iterable[str], known: Iterable[str]) -> None:
        known = list(known)
        for word in words:
            if word not in known:
                self.wrong(entry, f'{what} "{word}" does not exist', nearest(word, known))

    def check(self) -> None:
        for entries in self.entries.values():
            for entry in entries.values():
                self.named(entry, "the source", getattr(entry, "sources", ()), self.entries[Source])
                self.examples(entry)
        for condition in self.entries[Condition].values():
            self.named(condition, "the safety-net line", condition.safety_net, self.entries[SafetyNet])
            self.levels(condition)
        for pattern in self.entries[Pattern].values():
            self.named(pattern, "the condition", pattern.must_exclude, self.entries[Condition])
            self.named(pattern, "the intervention", (*pattern.calm, *pattern.restore, *pattern.load), self.interventions)
        regions = self.regions()
        for factor in self.entries[Factor].values():
            self.named(factor, "the intervention", (*factor.first, *factor.second), self.interventions)
            self.named(factor, "the measure", [factor.measure], self.measurable)
            self.named(factor, "the region", factor.shown_at, regions)
        for intervention in self.interventions.values():
            self.named(intervention, "the family", [intervention.family], self.entries[Family])
            self.named(
                intervention, "the gentler technique", filter(None, [getattr(intervention, "gentler", "")]), self.interventions
            )
            codes = [care.code for care in getattr(intervention, "care", ()) if care.code]
            self.named(intervention, "the care code", [*codes, *getattr(intervention, "avoid", ())], self.entries[CareCode])
        for row in self.entries[Contraindication].values():
            if missing := [column for column in COLUMNS if column not in row.cells]:
                self.wrong(row, f"cells lack {', '.join(missing)}", "say ok, P or C for each column")
        self.care()
        self.ladders()

    def regions(self) -> list[str]:
        """The regions of the body chart; one of a pair goes by its name without the side."""
        chart = self.vocabulary.findings.get("pain_regions")
        return list(dict.fromkeys(name.removesuffix("_l").removesuffix("_r") for name in chart.options)) if chart else []

    def levels(self, condition: Condition) -> None:
        """The highest true level counts, so each stands once, from the weakest to the strongest."""
        for one, following in pairwise(level.concern for level in condition.level):
            if CONCERNS.index(one) >= CONCERNS.index(following):
                word = "twice" if one == following else f"before {following}"
                self.wrong(condition, f"the level {one} stands {word}", "each level once, in the order " + ", ".join(CONCERNS))

    def care(self) -> None:
        for goal in self.entries[GoalTemplate].values():
            self.named(goal, "the baseline", filter(None, [goal.baseline]), self.measurable)
        for instrument in self.entries[Instrument].values():
            self.named(instrument, "the finding", filter(None, [instrument.finding]), self.measurable)
        everything = [*self.entries[Condition], *self.entries[Factor], *self.entries[Family], *self.interventions, "*"]
        for word in self.entries[TruthWord].values():
            self.named(word, "what it means:", word.means, everything)
        for entry in self.entries[StayingWell].values():
            self.named(entry, "the exercise", entry.exercises, self.entries[Exercise])
        for symptom in self.entries[StopSymptom].values():
            self.named(symptom, "the safety-net line", [symptom.safety_net], self.entries[SafetyNet])
            self.named(symptom, "the finding", symptom.findings, self.measurable)
        for tests in (*self.entries[MinimumSet].values(), *self.entries[Rescreen].values()):
            self.named(tests, "the finding", tests.findings, self.measurable)
        patients = [one.id for one in self.vocabulary.findings.values() if "patient" in one.by]
        for entry in self.entries[StayingWell].values():
            self.named(entry, "the measure", entry.measures, self.measurable)
            self.named(entry, "the question for a patient", entry.asks, patients)
        for part in self.entries[IntakePart].values():
            self.named(part, "the question for a patient", part.findings, patients)
        for place in self.entries[OwnPlace].values():
            self.named(place, "the question for a patient", place.asks, patients)
            self.named(place, "the advice", place.advice, self.entries[Posture])
        for sentence in self.entries[CallSentence].values():
            self.named(sentence, "the question for a patient", [sentence.id], patients)
        for thrust in self.entries[Thrust].values():
            self.named(thrust, "the finding", thrust.known, self.measurable)

    def ladders(self) -> None:
        stands: dict[str, str] = {}
        for ladder in self.entries[Ladder].values():
            self.named(ladder, "the exercise", ladder.steps, self.entries[Exercise])
            for step in ladder.steps:
                if step in stands:
                    again = "comes back in a circle" if stands[step] == ladder.id else f"stands already in {stands[step]}"
                    self.wrong(ladder, f'the exercise "{step}" {again}', "each exercise stands once, from easy to hard")
                stands[step] = ladder.id
        for exercise in self.entries[Exercise].values():
            if exercise.id not in stands:
                self.wrong(exercise, "stands in no ladder", "add it to interventions/ladders.toml")

    def examples(self, entry: Any) -> None:
        expected = EXPECTED.get(type(entry))
        for example in getattr(entry, "example", ()):
            self.given(entry, example)
            if expected and example.expect not in expected:
                self.wrong(entry, f'an example expects "{example.expect}"', "one of " + ", ".join(expected))

    def given(self, entry: Any, example: Example) -> None:
        for name, raw in example.given.items():
            known = self.vocabulary.findings.get(name) or self.vocabulary.derived.get(name)
            if name not in self.vocabulary.givable or known is None:
                self.wrong(entry, f'an example gives "{name}", which no case can give', nearest(name, self.vocabulary.givable))
                continue
            try:
                checked_value(known, raw)
            except ValueProblem as error:
                self.wrong(entry, f'an example gives "{name}": {error.message}', error.fix)
