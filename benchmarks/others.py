"""The same predicates in fhirpathpy and cel-python, over the same fully known people, in the same run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import celpy
import fhirpathpy

from rhomboid import Knowledge
from rhomboid.knowledge.model import Condition
from rhomboid.reasoning.facts import evaluate
from rhomboid.vocabulary import Value
from rhomboid.vocabulary.predicates import compile_all

from .timing import Timing, measure
from .translate import Cel, FhirPath

Person = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One engine beside ours: milliseconds for all screening predicates of one person, and how often the answers agree."""

    ours: Timing
    theirs: Timing
    agree: int
    asked: int

    @property
    def times_faster(self) -> float:
        return self.theirs.median / self.ours.median


def screening_predicates(knowledge: Knowledge) -> list[str]:
    return list(dict.fromkeys(level.when for condition in knowledge.of(Condition).values() for level in condition.level))


def compare(knowledge: Knowledge, people: list[Person], rounds: int) -> list[Comparison]:
    """Ours against each of the others."""
    texts = screening_predicates(knowledge)
    trees = [knowledge.trees[text] for text in texts]
    ours_of = compile_all(list(knowledge.definitions.values()), trees)
    name = f"ours: {len(texts)} screening rules of one person"
    ours = measure(name, [lambda person=person: ours_of(person) for person in people], rounds=rounds * 20)
    found = []
    for engine, runners in (("fhirpathpy", _fhirpath(knowledge, trees)), ("cel-python", _cel(knowledge, trees))):
        answers, calls, asked = 0, [], 0
        for person in people:
            facts = evaluate(person, knowledge)
            known = {name: facts.value(name) for name in {**knowledge.vocabulary.findings, **person}}
            ready = runners({key: value for key, value in known.items() if value is not None})
            got = ready()
            asked += len(texts)
            answers += sum(answer is (facts.truth(text) is True) for answer, text in zip(got, texts, strict=True))
            calls.append(ready)
        theirs = measure(f"{engine}: the same", calls, rounds=rounds, warm_up=0)
        found.append(Comparison(ours, theirs, answers, asked))
    return found


def _fhirpath(knowledge: Knowledge, trees: list[Any]) -> Callable[[dict[str, Any]], Callable[[], list[bool]]]:
    compiled = [fhirpathpy.compile(FhirPath(knowledge.definitions).text(tree)) for tree in trees]

    def for_person(known: dict[str, Any]) -> Callable[[], list[bool]]:
        resource = {key: _json(value) for key, value in known.items()}
        return lambda: [program(resource, {}) == [True] for program in compiled]

    return for_person


def _json(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _cel(knowledge: Knowledge, trees: list[Any]) -> Callable[[dict[str, Any]], Callable[[], list[bool]]]:
    environment = celpy.Environment(runner_class=celpy.CompiledRunner)
    programs = [environment.program(environment.compile(Cel(knowledge.definitions).text(tree))) for tree in trees]

    def for_person(known: dict[str, Any]) -> Callable[[], list[bool]]:
        activation = {key: celpy.json_to_cel(_json(value)) for key, value in known.items()}
        return lambda: [bool(program.evaluate(activation)) for program in programs]

    return for_person
