"""A graph of quantities: one is given, each other one is described by way of those before it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from amz_env.problems.gsm.phrases import Theme
from amz_env.problems.gsm.story import Lets, Move, Wrong, find, look
from amz_env.problems.gsm.things import PARTS, listed, times

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


def moves(graph: Graph, sentences: list[str], shown: Sequence[str]) -> list[Move]:
    """Return the computations, one a relation, in the order of the text as far as what they need is known.

    Each quotes the sentence that it reads, the first one that of the given quantity, too.

    Args:
        graph: the quantities.
        sentences: their sentences as `facts` returns them.
        shown: the sentences of the question in their order there.
    """
    base = graph.owners[0]
    given: Lets = ((variable(base), str(graph.values[base])),)
    found, quoted = base, f"{sentences[0]} "
    known = {base}
    left = sorted(zip(graph.relations, sentences[1:], strict=True), key=lambda pair: shown.index(pair[1]))
    work = []
    while left:
        relation, sentence = next(pair for pair in left if pair[0].needs() <= known)
        left.remove((relation, sentence))
        work.append(_move(relation, quoted + sentence, graph.theme.article, given, found))
        given, found, quoted = (), relation.sought, ""
        known.add(found)
    return work


def check(graph: Graph, target: str) -> Move | None:
    """Return a look at the facts that were read backwards, now forward: that is easier than to find the way back."""
    back = [relation for relation in graph.relations if relation.sought == relation.b][-2:]
    if not back:
        return None
    forward = [f"{variable(r.a)} == {_formula(replace(r, sought=r.a))[0]}" for r in back]
    names = listed([graph.theme.article + r.a for r in back])
    return look(
        (f"Check {names} with the question.", f"Check what is said about {names}.", f"Does it fit {names}?"),
        target,
        " and ".join(forward),
    )


def _move(r: Relation, sentence: str, article: str, given: Lets, found: str) -> Move:
    text = f"{sentence} Work back to {article}{r.b}." if r.sought == r.b else sentence
    formula, wrong = _formula(r)
    if r.kind != "both" and found not in (r.a, r.b):
        reference = variable(r.b if r.sought == r.a else r.a)
        wrong = [*wrong, ("last-as-reference", formula.replace(reference, variable(found)))]
    return find(variable(r.sought), formula, (text,), given=given, wrong=wrong)


def _formula(r: Relation) -> tuple[str, list[Wrong]]:
    """Return the formula for the sought quantity, and the wrong readings."""
    a, b, n, k = variable(r.a), variable(r.b), r.n, r.k
    inverse = r.sought == r.b
    slipped = "keyword-not-inverted"
    match r.kind:
        case "more":
            return (f"{a} - {n}", [(slipped, f"{a} + {n}")]) if inverse else (f"{b} + {n}", [])
        case "fewer":
            return (
                (f"{a} + {n}", [(slipped, f"{a} - {n}")])
                if inverse
                else (f"{b} - {n}", [("fewer-as-more", f"{b} + {n}")])
            )
        case "times":
            return (
                (f"{a} // {k}", [(slipped, f"{a} * {k}")])
                if inverse
                else (f"{b} * {k}", [("times-as-plus", f"{b} + {k}")])
            )
        case "part":
            return (
                (f"{a} * {k}", [(slipped, f"{a} // {k}")])
                if inverse
                else (f"{b} // {k}", [("part-as-minus", f"{b} - {k}")])
            )
        case "more_times":
            return f"{k} * {b} + {n}", [("affine-order", f"{k} * ({b} + {n})"), ("times-as-plus", f"{k} + {b} + {n}")]
        case "fewer_times":
            return f"{k} * {b} - {n}", [("fewer-as-more", f"{k} * {b} + {n}"), ("affine-order", f"{k} * ({b} - {n})")]
        case _:
            return f"{b} + {variable(r.c)}", [("one-condition", b)]
