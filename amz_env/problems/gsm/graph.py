"""A graph of quantities: one is given, each other one is described by way of those before it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from amz_env.problems.gsm.phrases import Theme
from amz_env.problems.gsm.story import Move, Wrong, find
from amz_env.problems.gsm.things import PARTS, times

KINDS = {"more": 4, "fewer": 4, "times": 3, "part": 3, "more_times": 2, "fewer_times": 2, "both": 2}
"""kind of relation -> weight"""
COST = {"more_times": 2, "fewer_times": 2}
"""operations that a relation needs, where not 1"""
INVERTIBLE = ("more", "fewer", "times", "part")


@dataclass(frozen=True, slots=True)
class Relation:
    """`a` is described by way of `b` (and `c`); `sought` is the one that the others give."""

    kind: str
    a: str
    b: str
    c: str = ""
    n: int = 0
    k: int = 2
    sought: str = ""

    def needs(self) -> set[str]:
        """Return who must be known before `sought` is."""
        return {self.a, self.b, self.c} - {self.sought, ""}

    def fields(self) -> dict[str, object]:
        """Return the fields of a sentence pattern."""
        part = PARTS.get(self.k, "")
        return {"a": self.a, "b": self.b, "c": self.c, "n": self.n, "times": times(self.k), "part": part}


@dataclass
class Graph:
    """The quantities drawn so far, in order, and how they hang together."""

    theme: Theme
    values: dict[str, int]
    relations: list[Relation] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    @property
    def owners(self) -> list[str]:
        """Who or what has a quantity, in order."""
        return list(self.values)

    @property
    def ends(self) -> list[str]:
        """The quantities that no other one is found from."""
        return [owner for owner in self.values if owner not in self.used]


def draw_graph(rng: random.Random, theme: Theme, operations: int, ends: int) -> Graph | None:
    """Draw a graph that takes `operations`, with at most `ends` quantities that lead to no other; None if stuck."""
    low, high = theme.low, theme.high
    base = rng.randint(low + 3, min(high // 2, 99))
    if rng.random() < 0.5:
        base = max(6, base - base % 6)
    graph = Graph(theme, {theme.owners[0]: base})
    left, tries = operations, 0
    while left:
        tries += 1
        if tries > 60 or len(graph.values) == len(theme.owners):
            return None
        relation, value = _draw_relation(rng, graph, left, ends)
        if relation is None or not low <= value <= high or value in graph.values.values():
            continue
        graph.values[relation.sought] = value
        graph.relations.append(relation)
        graph.used |= relation.needs()
        left -= COST.get(relation.kind, 1)
    return graph if len(graph.ends) <= ends else None


def _draw_relation(rng: random.Random, graph: Graph, left: int, ends: int) -> tuple[Relation | None, int]:
    owners = graph.owners
    new, last = graph.theme.owners[len(owners)], owners[-1]
    kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
    if COST.get(kind, 1) > left:
        return None, 0
    branch = len(owners) > 1 and len(graph.ends) < ends and rng.random() < 0.4
    old = rng.choice(owners[:-1]) if branch else last
    if kind == "both":
        if len(owners) < 2:
            return None, 0
        other = rng.choice([owner for owner in owners if owner != last])
        pair = [last, other] if rng.random() < 0.5 else [other, last]
        return Relation(kind, new, pair[0], pair[1], sought=new), graph.values[last] + graph.values[other]
    if kind in INVERTIBLE and rng.random() < 0.25:
        return _inverse(rng, kind, new, old, graph.values[old])
    return _forward(rng, kind, new, old, graph.values[old])


def _forward(rng: random.Random, kind: str, new: str, old: str, value: int) -> tuple[Relation | None, int]:
    k = rng.randint(2, 5)
    if kind == "part":
        return (Relation(kind, new, old, k=k, sought=new), value // k) if value % k == 0 else (None, 0)
    if kind == "times":
        return Relation(kind, new, old, k=k, sought=new), value * k
    amount = value if kind in ("more", "fewer") else value * k
    n = rng.randint(2, max(2, min(amount - 2, 60)))
    k = 2 if kind in ("more", "fewer") else k
    return Relation(kind, new, old, n=n, k=k, sought=new), amount + n if kind.startswith("more") else amount - n


def _inverse(rng: random.Random, kind: str, new: str, old: str, value: int) -> tuple[Relation | None, int]:
    """Draw a relation that describes the known quantity by way of the sought one."""
    k, n = rng.randint(2, 5), rng.randint(2, max(2, min(value - 2, 60)))
    if kind == "times":
        return (Relation(kind, old, new, k=k, sought=new), value // k) if value % k == 0 else (None, 0)
    if kind == "part":
        return Relation(kind, old, new, k=k, sought=new), value * k
    return Relation(kind, old, new, n=n, sought=new), value - n if kind == "more" else value + n


def variable(owner: str) -> str:
    """Return the variable for an owner's quantity."""
    return owner.lower()


def facts(rng: random.Random, graph: Graph) -> list[str]:
    """Return the sentences, that of the given quantity first."""
    base = graph.owners[0]
    return [
        graph.theme.say(rng, "base", a=base, n=graph.values[base]),
        *(graph.theme.say(rng, relation.kind, **relation.fields()) for relation in graph.relations),
    ]


Fact = tuple[Relation, str]
"""a relation and its sentence"""


def implied(graph: Graph) -> tuple[Move, ...]:
    """Return the computations that lead from the given quantity to the others, one a relation."""
    base = graph.owners[0]
    given = find(variable(base), str(graph.values[base]), ())
    return (given, *(find(variable(r.sought), _computed(r), ()) for r in graph.relations))


def equations(graph: Graph, sentences: list[str], shown: Sequence[str], extra: Sequence[Fact] = ()) -> tuple[Move, ...]:
    """Return the facts as `variable = expression`, in the order of the text, each with the sentence that it quotes.

    Args:
        graph: the quantities.
        sentences: their sentences as `facts` returns them.
        shown: the sentences of the question in their order there.
        extra: relations that the answer does not need.
    """
    base = graph.owners[0]
    given = find(variable(base), str(graph.values[base]), (sentences[0],))
    stated = [*zip(graph.relations, sentences[1:], strict=True), *extra]
    read = [(given, sentences[0]), *((_equation(relation, sentence), sentence) for relation, sentence in stated)]
    return tuple(move for move, _ in sorted(read, key=lambda pair: shown.index(pair[1])))


def checks(graph: Graph) -> tuple[str, ...]:
    """Return conditions on the quantities that follow from what can be misread: easier to check than to find."""
    return tuple(condition for condition in map(_condition, graph.relations) if condition)


def _computed(r: Relation) -> str:
    """Return the formula for the sought quantity."""
    if r.sought == r.a:
        return _stated(r)[0].replace("/", "//")
    known, number = variable(r.a), r.n if r.kind in ("more", "fewer") else r.k
    return f"{known} {({'more': '-', 'fewer': '+', 'times': '//', 'part': '*'})[r.kind]} {number}"


def _equation(r: Relation, sentence: str) -> Move:
    formula, wrong = _stated(r)
    return find(variable(r.a), formula, (sentence,), wrong=wrong)


def _stated(r: Relation) -> tuple[str, list[Wrong]]:
    """Return what the sentence says `a` is, and the wrong readings."""
    b, n, k = variable(r.b), r.n, r.k
    match r.kind:
        case "more":
            return f"{b} + {n}", []
        case "fewer":
            return f"{b} - {n}", [("fewer-as-more", f"{b} + {n}")]
        case "times":
            return f"{b} * {k}", [("times-as-plus", f"{b} + {k}")]
        case "part":
            return f"{b} / {k}", [("part-as-minus", f"{b} - {k}")]
        case "more_times":
            return f"{k} * {b} + {n}", [("affine-order", f"{k} * ({b} + {n})"), ("times-as-plus", f"{k} + {b} + {n}")]
        case "fewer_times":
            return f"{k} * {b} - {n}", [("fewer-as-more", f"{k} * {b} + {n}"), ("affine-order", f"{k} * ({b} - {n})")]
        case _:
            return f"{b} + {variable(r.c)}", [("one-condition", b)]


def _condition(r: Relation) -> str:
    a, b, n, k = variable(r.a), variable(r.b), r.n, r.k
    match r.kind:
        case "more":
            return ""
        case "fewer":
            return f"{b} - {a} == {n}"
        case "times":
            return f"{a} / {b} == {k}"
        case "part":
            return f"{b} / {a} == {k}"
        case "more_times":
            return f"{a} - {n} == {k} * {b}"
        case "fewer_times":
            return f"{a} + {n} == {k} * {b}"
        case _:
            return f"{a} - {b} == {variable(r.c)}"
