"""Questions about a graph of quantities: a single one, a total, a difference, a ratio."""

import random

from amz_env.problems.gsm.graph import Graph, variable
from amz_env.problems.gsm.story import Move, Wrong, find
from amz_env.problems.gsm.things import listed

Asked = tuple[str, int, str, tuple[Move, ...]]
"""(the question sentence, the answer, the variable that holds it, the last computations)"""


def ask_one(rng: random.Random, graph: Graph) -> Asked:
    """Ask for the last quantity."""
    last = graph.owners[-1]
    return graph.theme.say(rng, "ask_one", a=last), graph.values[last], variable(last), ()


def ask_total(rng: random.Random, graph: Graph, count: int, *, all_known: bool) -> Asked | None:
    """Ask for the total of `count` quantities, among them all that lead to no other; None where there are too many."""
    ends = graph.ends
    if len(ends) > count or len(graph.values) < count:
        return None
    more = rng.sample([owner for owner in graph.owners if owner not in ends], count - len(ends))
    asked = [owner for owner in graph.owners if owner in ends or owner in more]
    names = [variable(owner) for owner in asked]
    everything = all_known and count == len(graph.values) and rng.random() < 0.5
    shown = rng.sample(asked, count)
    words = (
        graph.theme.say(rng, "ask_all")
        if everything
        else graph.theme.say(rng, "ask_total", these=listed([f"{graph.theme.article}{owner}" for owner in shown]))
    )
    wrong: list[Wrong] = [("total-skips-first", " + ".join(names[1:]))]
    these = listed([f"{graph.theme.article}{owner}" for owner in asked])
    texts = (f"Add {these}.", f"The total of {these}.", f"Put {these} together.")
    move = find("total", " + ".join(names), texts, wrong=wrong)
    return words, sum(graph.values[owner] for owner in asked), "total", (move,)


def ask_difference(rng: random.Random, graph: Graph) -> Asked | None:
    """Ask how much more one quantity is than another; None where the facts tell."""
    pairs = _pairs(graph, ("more", "fewer"))
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    big, small, x, y = variable(a), variable(b), graph.theme.article + a, graph.theme.article + b
    texts = (f"Compare {x} with {y}.", f"How far {x} is above {y}.", f"Now compare the two, {x} and {y}.")
    wrong: list[Wrong] = [("difference-as-total", f"{big} + {small}")]
    move = find("more", f"{big} - {small}", texts, wrong=wrong)
    return graph.theme.say(rng, "ask_difference", a=a, b=b), graph.values[a] - graph.values[b], "more", (move,)


def ask_ratio(rng: random.Random, graph: Graph) -> Asked | None:
    """Ask how many times as much as another a quantity is; None where it is no whole number or the facts tell."""
    pairs = [(a, b) for a, b in _pairs(graph, ("times", "part")) if graph.values[a] % graph.values[b] == 0]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    big, small, x, y = variable(a), variable(b), graph.theme.article + a, graph.theme.article + b
    texts = (
        f"See how many times {y} fits into {x}.",
        f"Compare {x} with {y} as a multiple.",
        f"How often {y} goes into {x}.",
    )
    wrong: list[Wrong] = [("ratio-as-difference", f"{big} - {small}")]
    move = find("ratio", f"{big} // {small}", texts, wrong=wrong)
    return graph.theme.say(rng, "ask_ratio", a=a, b=b), graph.values[a] // graph.values[b], "ratio", (move,)


def _pairs(graph: Graph, telling: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the pairs (greater, smaller) that need all of the graph and that no fact of these kinds compares."""
    ends, values = graph.ends, graph.values
    if len(ends) > 2 or len(values) < 2:
        return []
    pairs = [(ends[0], ends[1])] if len(ends) == 2 else [(ends[0], owner) for owner in values if owner != ends[0]]
    told = {frozenset((r.a, r.b)) for r in graph.relations if r.kind in telling}
    return [(a, b) if values[a] > values[b] else (b, a) for a, b in pairs if frozenset((a, b)) not in told]
