"""Who has how many: quantities described by way of each other, in any order, and one or several asked for."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.gsm.families.asking import Asked, ask_difference, ask_one, ask_ratio, ask_total
from amz_env.problems.gsm.graph import Graph, Relation, draw_graph, facts, moves
from amz_env.problems.gsm.phrases import AGE, DAY, LENGTH, Theme, draw_theme
from amz_env.problems.gsm.story import Story, pick_operations
from amz_env.problems.gsm.things import GENERIC_CLOSINGS
from amz_env.problems.gsm.work import write
from amz_env.problems.students import Student

OTHER_FACTS = {
    "person": ("{a} is {n} years old.", "{a} lives {n} kilometers from school.", "{a} has {n} cousins."),
    "age": ("{a} has {n} cousins.", "{a} owns {n} books.", "{a} lives {n} kilometers from school."),
    "day": ("On {a} the shop was open for {n} hours.", "On {a} there were {n} people at work.", "On {a} it rained for {n} hours."),
}
"""facts that have a number and nothing to do with the question"""


def comparisons(rng: random.Random, level: int, student: Student) -> Draft:
    """Draw and work one problem."""
    while True:
        story = _draw(rng, pick_operations(rng, level))
        if story is not None:
            return write(story, student)


def _draw(rng: random.Random, operations: int) -> Story | None:
    theme = draw_theme(rng)
    kind = rng.choices(("one", "total", "difference", "ratio"), (3, 4, 3, 3))[0]
    count = {"one": 1, "total": rng.choice((2, 2, 3, 3, 4))}.get(kind, 2)
    if operations - count + 1 < 1:
        return None
    graph = draw_graph(rng, theme, operations - count + 1, count)
    if graph is None:
        return None
    sentences = facts(rng, graph)
    extra = _distractor(rng, graph) if rng.random() < 0.5 else None
    asked = _ask(rng, graph, kind, count, all_known=extra is None)
    if asked is None:
        return None
    question, answer, target, last = asked
    shown = [*sentences, *([extra] if extra else [])]
    if rng.random() < 0.75:
        rng.shuffle(shown)
    return Story(
        " ".join([*shown, question]), answer, target, (*moves(graph, sentences), *last), GENERIC_CLOSINGS
    )


def _ask(rng: random.Random, graph: Graph, kind: str, count: int, *, all_known: bool) -> Asked | None:
    match kind:
        case "one":
            return ask_one(rng, graph)
        case "total":
            return ask_total(rng, graph, count, all_known=all_known)
        case "difference":
            return ask_difference(rng, graph)
        case _:
            return ask_ratio(rng, graph)


def _distractor(rng: random.Random, graph: Graph) -> str | None:
    """Return a fact that is not needed: about someone else, or about another thing."""
    theme: Theme = graph.theme
    if rng.random() < 0.6 and len(graph.values) < len(theme.owners):
        other, known = theme.owners[len(graph.values)], rng.choice(graph.owners)
        n, k = rng.randint(2, 20), rng.randint(2, 4)
        kinds = ("times", "more") if theme.patterns is AGE else ("times", "more", "more_times")
        relation = Relation(rng.choice(kinds), other, known, n=n, k=k)
        return theme.say(rng, relation.kind, **relation.fields())
    kind = "day" if theme.patterns is DAY else "age" if theme.patterns is AGE else "person"
    n = rng.randint(3, 12)
    if theme.patterns is LENGTH and kind == "person":
        kind = "age"
    return rng.choice(OTHER_FACTS[kind]).format(a=rng.choice(graph.owners), n=n)
