"""One meaning, three readings: the compiled evaluator, the explainer's interpreter and SQLite agree on drawn predicates.

Each example draws a small vocabulary (findings of every type, some asked only of some people; derived flags, numbers,
choices and scores, some of which may be stated directly), predicates over it as SQL text, and a person.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from rhomboid.knowledge import Knowledge
from rhomboid.reasoning.explain import Explainer
from rhomboid.reasoning.facts import evaluate
from rhomboid.vocabulary import Value, Vocabulary, load_vocabulary
from rhomboid.vocabulary.predicates import Definition, Name, Node, compile_all, parse, to_sql
from rhomboid.vocabulary.predicates.parse import ALLOWED
from rhomboid.vocabulary.predicates.tree import (
    Always,
    And,
    Arith,
    Arithmetic,
    AtLeast,
    Compare,
    Comparison,
    Not,
    Or,
    ScoreCompare,
    Term,
)

OPTIONS = ("x", "y", "z")
SIGNS = ("=", "!=", "<", "<=", ">", ">=")
NUMBERS = ("-2", "-0.5", "0", "0.5", "1", "2", "3")
POINTS = (-1.5, -1, 0.5, 1, 2, 3)
LEVEL = "cond.high"
SETTINGS = settings(
    derandomize=True, database=None, deadline=None, max_examples=140,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip


# --- drawing a vocabulary ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """A drawn vocabulary (as the TOML it was read from), one condition level, and a knowledge with the drawn predicates."""

    toml: str
    level: str
    texts: tuple[str, ...]
    knowledge: Knowledge = field(repr=False)

    @property
    def definitions(self) -> Mapping[str, Definition]:
        return self.knowledge.definitions

    @property
    def givable(self) -> list[str]:
        return sorted(self.knowledge.vocabulary.givable)


class Writer:
    """Writes predicates over the names known so far, as a therapist would: as text."""

    def __init__(self, draw: Callable[[Any], Any], names: Mapping[str, Name]) -> None:
        self.draw, self.names = draw, names

    def any(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def predicate(self, depth: int = 2) -> str:
        shape = self.any("atom", "atom", "NOT", "AND", "OR", "AT_LEAST") if depth else "atom"
        if shape == "atom":
            return self.atom()
        parts = [self.part(depth - 1) for _ in range(1 if shape == "NOT" else self.any(2, 2, 3))]
        if shape == "NOT":
            return f"NOT {parts[0]}"
        if shape == "AT_LEAST":
            return f"AT_LEAST({self.any(*range(1, len(parts) + 1))}, {', '.join(parts)})"
        return f" {shape} ".join(parts)

    def part(self, depth: int) -> str:
        """In parentheses or bare: where they are missing, precedence decides, and all readings must see it alike."""
        inner = self.predicate(depth)
        return f"({inner})" if self.any(True, True, False) else inner

    def atom(self) -> str:
        name = self.any(*self.names)
        match self.names[name].kind:
            case "flag":
                return str(self.any(name, name, name, name, "TRUE"))
            case "choice":
                sign = self.any("=", "!=", "IN", "NOT IN")
                return f"{name} {sign} {self.options() if 'IN' in sign else self.option()}"
            case "several":
                return f"{name} {self.any('IN', 'NOT IN')} {self.options()}"
            case "score":
                return self.score(name)
        return self.comparison()

    def option(self) -> str:
        return f"'{self.any(*OPTIONS)}'"

    def options(self) -> str:
        return str(self.any("('x')", "('y', 'z')", "('z', 'x')", "('x', 'y', 'z')"))

    def score(self, name: str) -> str:
        sign, limit = self.any("BETWEEN", *SIGNS), self.any(*NUMBERS)
        if sign == "BETWEEN":
            return f"{name} BETWEEN {limit} AND {self.any(*NUMBERS)}"
        return f"{limit} {sign} {name}" if self.any(False, False, True) else f"{name} {sign} {limit}"

    def comparison(self) -> str:
        sign, left = self.any("BETWEEN", "NOT BETWEEN", *SIGNS), self.term(1)
        return f"{left} {sign} {self.term(0)} AND {self.term(0)}" if "BETWEEN" in sign else f"{left} {sign} {self.term(1)}"

    def term(self, depth: int) -> str:
        numbers = [name for name, known in self.names.items() if known.kind == "number"]
        shape = self.any("number", "column", "column", "-", *(("+", "-", "*", "()", "()") if depth else ()))
        if shape in ("number", "column"):
            return str(self.any(*(NUMBERS if shape == "number" else numbers)))
        if shape == "-" and not depth:
            return f"-{self.any(*numbers)}"
        if shape == "()":
            return f"({self.term(0)} {self.any('+', '-', '*')} {self.term(0)}) {self.any('-', '*')} {self.term(0)}"
        return f"{self.term(0)} {shape} {self.term(0)}" + (f" {self.any('+', '*')} {self.term(0)}" if self.any(False, True) else "")


def table(kind: str, **content: object) -> str:
    return f"[[{kind}]]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in content.items())


def toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return '"' + value + '"'
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case dict():
            return "{ " + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + " }"
    return repr(value)


NORMAL: dict[str, Sequence[object]] = {"flag": (False, True), "integer": (0, 1, 3), "choice": OPTIONS, "regions": ([], ["x", "z"])}


def finding(writer: Writer, name: str, kind: str, how: str = "") -> str:
    """`how`: "asked" of some people only, or "filled" from other findings when it is not entered."""
    content: dict[str, object] = {"id": name, "label": name, "type": kind, "section": "history", "by": ["patient"]}
    if kind in ("number", "integer"):
        content |= {"unit": "1", "min": -3, "max": 3}
    if kind in ("choice", "regions"):
        content |= {"options": dict.fromkeys(OPTIONS, "")}
    if how == "asked":
        content |= {"ask_when": writer.predicate(1), "normal": writer.any(*NORMAL[kind])}
    if how == "filled":
        content |= {"filled": cases(writer, NORMAL[kind])}
    return table("finding", **content)


def derived(writer: Writer, name: str, kind: str) -> str:
    content: dict[str, object] = {"id": name, "label": name, "type": kind, "section": "history"}
    if writer.any(True, False):
        content |= {"may_be_given": True}
    if kind == "flag":
        content |= {"when": writer.predicate(2)}
    elif kind == "number":
        content |= {"value": writer.term(1)}
    elif kind == "score":
        content |= {"points": [{"add": writer.any(*POINTS), "when": writer.predicate(1)} for _ in range(writer.any(2, 3, 4))]}
    else:
        content |= {"options": dict.fromkeys(OPTIONS, ""), "cases": cases(writer, OPTIONS)}
    return table("derived", **content)


def cases(writer: Writer, values: Sequence[object]) -> list[object]:
    """Cases that exclude each other, as the format asks. Two may lead to the same value."""
    found: list[object] = []
    before: list[str] = []
    for _ in range(writer.any(2, 3)):
        when = f"({writer.predicate(1)})"
        found.append({"is": writer.any(*values), "when": " AND ".join([when, *(f"NOT {earlier}" for earlier in before)])})
        before.append(when)
    return found


FINDINGS = ("flag", "number", "choice", "regions")
LATER = (
    "flag asked", "integer asked", "choice asked", "regions asked", "flag filled", "integer filled", "choice filled",
    "flag", "number", "choice", "score", "score",
)  # fmt: skip
KIND_OF = {"integer": "number", "regions": "several"}


@st.composite
def worlds(draw: Callable[[Any], Any]) -> World:
    names = {f"{kind}0": name(kind) for kind in (*FINDINGS, "flag")} | {"flag1": Name("flag"), "integer0": Name("number")}
    writer = Writer(draw, names)
    tables = [finding(writer, name_, name_.rstrip("01")) for name_ in names]
    for place in range(draw(st.integers(1, 4))):
        kind, _, how = writer.any(*LATER).partition(" ")
        id_ = f"{how or 'derived'}_{kind}{place}"
        tables.append(finding(writer, id_, kind, how) if how else derived(writer, id_, kind))
        names[id_] = name(kind)
    level = writer.predicate(2)
    names[LEVEL] = Name("flag")
    return world("\n".join(tables), level, tuple(writer.predicate(2) for _ in range(4)))


def name(kind: str) -> Name:
    kind = KIND_OF.get(kind, kind)
    return Name(kind, frozenset(OPTIONS) if kind in ("choice", "several") else frozenset())  # type: ignore[arg-type]


def world(toml: str, level: str, texts: tuple[str, ...]) -> World:
    """What the loader makes of it, with one condition level as the content files have them."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "drawn.toml").write_text(toml, encoding="utf-8")
        vocabulary = load_vocabulary(Path(folder))
    names = {**vocabulary.names, LEVEL: Name("flag")}
    definitions = [*vocabulary.definitions, Definition(LEVEL, flag=parse(level, vocabulary.names))]
    trees = {text: parse(text, names) for text in texts}
    knowledge = Knowledge(
        version="", vocabulary=vocabulary, entries={}, files={}, trees=trees,
        places={text: place for place, text in enumerate(trees)},
        definitions={definition.name: definition for definition in definitions},
        evaluate=compile_all(definitions, list(trees.values())), interventions={}, ladder_of={},
    )  # fmt: skip
    return World(toml, level, tuple(trees), knowledge)


# --- drawing a person --------------------------------------------------------------------------------------------------


def value(name_: str, vocabulary: Vocabulary) -> st.SearchStrategy[Value]:
    match vocabulary.names[name_].kind:
        case "flag":
            return st.booleans()
        case "choice":
            return st.sampled_from(OPTIONS)
        case "several":
            return st.frozensets(st.sampled_from(OPTIONS))
    return st.integers(-3, 3) if "integer" in name_ else st.integers(-6, 6).map(lambda halves: halves / 2)


@st.composite
def anybody(draw: Callable[[Any], Any], drawn: World) -> dict[str, Value]:
    """Any known values, whether or not they fit together: the readings must agree on nonsense too."""
    vocabulary = drawn.knowledge.vocabulary
    return {name_: draw(value(name_, vocabulary)) for name_ in drawn.givable if draw(st.sampled_from((True, True, False)))}


@st.composite
def somebody(draw: Callable[[Any], Any], drawn: World) -> dict[str, Value]:
    """A person of whom everything is known, and nothing contradicts: what need not be asked is normal, and what is stated
    beside the findings it follows from agrees with them."""
    knowledge = drawn.knowledge
    person: dict[str, Value] = {name_: draw(value(name_, knowledge.vocabulary)) for name_ in knowledge.vocabulary.findings}
    for definition in knowledge.definitions.values():
        if definition.plain or (definition.may_be_given and draw(st.booleans())):
            rest = {name_: person[name_] for name_ in person if name_ != definition.name}
            follows = evaluate(rest, knowledge).value(definition.name)
            if isinstance(follows, tuple):
                follows = follows[0] if follows[0] == follows[1] else None
            if follows is not None:
                person[definition.name] = follows  # type: ignore[assignment]
    return person


def some_of(person: Mapping[str, Value]) -> st.SearchStrategy[dict[str, Value]]:
    """The same person, of whom less is known."""
    return st.sets(st.sampled_from(sorted(person))).map(lambda kept: {name_: person[name_] for name_ in sorted(kept)})


# --- the three readings ------------------------------------------------------------------------------------------------


class Referee:
    """SQLite, over one row: flags are 0 and 1, several choices one column for each, unknown is NULL."""

    def __init__(self, drawn: World, known: Mapping[str, Value]) -> None:
        self.drawn, self.row = drawn, dict(_columns(drawn, known))

    def __call__(self, sql: str) -> bool | None:
        names = ", ".join(f'? AS "{column}"' for column in self.row)
        with closing(sqlite3.connect(":memory:")) as engine:
            try:
                (answer,) = engine.execute(f"SELECT {sql} FROM (SELECT {names})", list(self.row.values())).fetchone()
            except sqlite3.OperationalError as error:
                if "stack overflow" not in str(error):
                    raise
                reject()  # written out, the definitions nest deeper than the about 100 levels that SQLite reads
        return None if answer is None else bool(answer)

    def tree(self, text: str) -> bool | None:
        return self(to_sql(self.drawn.knowledge.trees[text], self.drawn.definitions))


def _columns(drawn: World, known: Mapping[str, Value]) -> Iterator[tuple[str, object]]:
    for name_ in drawn.givable:
        if drawn.knowledge.vocabulary.names[name_].kind == "several":
            marked = known.get(name_)
            for option in OPTIONS:
                yield f"{name_}__{option}", None if marked is None else option in marked  # type: ignore[operator]
        else:
            yield name_, known.get(name_)


@SETTINGS
@given(st.data())
def test_compiled_interpreted_and_sqlite_agree(data: st.DataObject) -> None:
    drawn = data.draw(worlds())
    known = data.draw(anybody(drawn))
    facts = evaluate(known, drawn.knowledge)
    explainer, sqlite = Explainer(facts), Referee(drawn, known)
    for text in drawn.texts:
        compiled = facts.truth(text)
        assert compiled in (True, False, None), text
        assert explainer.truth(drawn.knowledge.trees[text]) is compiled, text
        assert sqlite.tree(text) is compiled, text


@SETTINGS
@given(st.data())
def test_the_text_itself_means_in_sqlite_what_its_tree_means(data: st.DataObject) -> None:
    """Guards the parser: precedence, BETWEEN and NOT, signs. Over plain findings SQLite can read the very text."""
    names = {
        "flag0": Name("flag"),
        "flag1": Name("flag"),
        "number0": Name("number"),
        "integer0": Name("number"),
        "choice0": name("choice"),
    }
    writer = Writer(data.draw, names)
    texts = tuple(text for text in (writer.predicate(3) for _ in range(4)) if "AT_LEAST" not in text)
    assume(texts)
    tables = [finding(writer, name_, name_.rstrip("01")) for name_ in names]
    drawn = world("\n".join(tables), "flag0", texts)
    known = data.draw(anybody(drawn))
    facts, sqlite = evaluate(known, drawn.knowledge), Referee(drawn, known)
    for text in drawn.texts:
        compiled = facts.truth(text)
        assert compiled is sqlite(text), text


@SETTINGS
@given(st.data())
def test_what_is_decided_stays_decided(data: st.DataObject) -> None:
    drawn = data.draw(worlds())
    person = data.draw(somebody(drawn))
    more = data.draw(some_of(person)) if person else {}
    less = data.draw(some_of(more)) if more else {}
    answers = [evaluate(known, drawn.knowledge) for known in (less, more, person)]
    for text in drawn.texts:
        before, after, finally_ = (facts.truth(text) for facts in answers)
        assert before is None or before is after, text
        assert after is None or after is finally_, text


# --- explanations ------------------------------------------------------------------------------------------------------


@SETTINGS
@given(st.data())
def test_why_suffices_and_nothing_in_it_can_be_spared(data: st.DataObject) -> None:
    drawn = data.draw(worlds())
    known = data.draw(some_of(data.draw(somebody(drawn))))
    facts = evaluate(known, drawn.knowledge)
    explainer = Explainer(facts)

    def truth_of(text: str, names: Iterable[str]) -> bool | None:
        return evaluate({name_: known[name_] for name_ in names}, drawn.knowledge).truth(text)

    for text in drawn.texts:
        truth = facts.truth(text)
        if truth is None:
            continue
        why = explainer.why(text)
        assert set(why) <= set(known), f"{text}: names what is not known"
        alone = truth_of(text, why)
        assert alone is truth, f"{text}: {why} is not enough"
        without = {spared: truth_of(text, set(why) - {spared}) for spared in why}
        assert set(without.values()) <= {None}, f"{text}: {without} says what can be spared"


def details(summary: str, drawn: World) -> Iterator[str]:
    """All that a summary is filled from, however deep."""
    definition = drawn.definitions.get(summary)
    for part in definition.reads() if definition is not None else ():
        yield part
        yield from details(part, drawn)


@SETTINGS
@given(st.data())
def test_only_what_is_listed_could_decide(data: st.DataObject) -> None:
    """Whatever else becomes known, an undecided predicate stays undecided while all that was listed is unknown.

    A listed summary stands for the details that fill it.
    """
    drawn = data.draw(worlds())
    person = data.draw(somebody(drawn))
    known = data.draw(some_of(person))
    facts = evaluate(known, drawn.knowledge)
    explainer = Explainer(facts)
    for text in drawn.texts:
        if facts.truth(text) is None:
            listed = explainer.decides(text)
            assert not set(listed) & set(known), f"{text}: lists what is known"
            summaries = [name_ for name_ in listed if name_ in drawn.definitions and drawn.definitions[name_].entered]
            meant = {*listed, *(part for summary in summaries for part in details(summary, drawn))}
            others = {name_: person[name_] for name_ in drawn.knowledge.vocabulary.findings if name_ not in meant}
            answer = evaluate({**others, **known}, drawn.knowledge).truth(text)
            assert answer is None, f"{text}: decided without any of {sorted(listed)}"


# --- nothing is left untried -------------------------------------------------------------------------------------------


def nodes(node: Node | Term) -> Iterator[Node | Term]:
    yield node
    match node:
        case Not(part):
            yield from nodes(part)
        case And(parts) | Or(parts) | AtLeast(_, parts):
            for part in parts:
                yield from nodes(part)
        case Compare(_, left, right) | Arith(_, left, right):
            yield from nodes(left)
            yield from nodes(right)


def marks(node: Node | Term, explainer: Explainer) -> Iterator[object]:
    """The kind of a node, what it does, and its answer."""
    yield type(node)
    if isinstance(node, Compare | ScoreCompare | Arith):
        yield type(node), node.op
    if isinstance(node, get_args(Node)):
        yield type(node), explainer.truth(node)


def definition_marks(definition: Definition) -> Iterator[str]:
    ways = {"flag": definition.flag, "number": definition.number, "cases": definition.cases, "points": definition.points}
    for way, content in ways.items():
        if content and not definition.entered:
            yield f"derived {way}" + (" that may be given" if definition.may_be_given else "")
    if definition.asked_when is not None:
        yield "asked " + type(definition.normal).__name__
    if definition.entered:
        yield "filled " + type(definition.cases[0][0]).__name__


TOKEN = re.compile(r"AT_LEAST|BETWEEN|AND|OR|NOT|IN|!=|<=|>=|[-=<>+*()]")
WAYS = [f"derived {way}{given_}" for way in ("flag", "number", "cases", "points") for given_ in ("", " that may be given")]
FINDINGS_MADE = ["asked bool", "asked int", "asked str", "asked frozenset", "filled bool", "filled int", "filled str"]


def test_every_operator_and_node_was_drawn_with_every_answer() -> None:
    """An operator that the language gains is missing here until the drawing above knows it."""
    seen: Counter[object] = Counter()

    @settings(SETTINGS, max_examples=250)
    @given(st.data())
    def record(data: st.DataObject) -> None:
        drawn = data.draw(worlds())
        explainer = Explainer(evaluate(data.draw(anybody(drawn)), drawn.knowledge))
        for definition in drawn.definitions.values():
            seen.update(definition_marks(definition))
        for text, tree in drawn.knowledge.trees.items():
            seen.update(TOKEN.findall(text))
            seen.update(mark for part in nodes(tree) for mark in marks(part, explainer))

    record()
    tokens = ALLOWED.replace("AT_LEAST(n, ...)", "AT_LEAST").split()
    operators = [(kind, op) for kind in (Compare, ScoreCompare) for op in get_args(Comparison)]
    operators += [(Arith, op) for op in get_args(Arithmetic)]
    answers = [(kind, answer) for kind in get_args(Node) for answer in (True, False, None) if kind is not Always or answer]
    expected = [*tokens, *operators, *get_args(Node), *get_args(Term), *answers, *WAYS, *FINDINGS_MADE]
    assert [what for what in expected if not seen[what]] == []
