"""Who has how many: quantities described by way of each other, in any order, and one or several asked for."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.gsm.families import extras
from amz_env.problems.gsm.families.asking import Asked, ask_difference, ask_one, ask_ratio, ask_total
from amz_env.problems.gsm.graph import Fact, Graph, Relation, checks, draw_graph, equations, facts, implied
from amz_env.problems.gsm.phrases import AGE, DAY, LENGTH, Theme, draw_theme
from amz_env.problems.gsm.story import OPERATIONS, Story
from amz_env.problems.gsm.things import GENERIC_CLOSINGS
from amz_env.problems.gsm.work import MAX_STEPS, code_steps, write
from amz_env.problems.students import Student


def comparisons(rng: random.Random, level: int, student: Student) -> Draft:
    """Draw and work one problem."""
    return comparisons_of(rng, student, *OPERATIONS[level])


def comparisons_of(rng: random.Random, student: Student, *operations: int) -> Draft:
    """Draw and work one problem of one of these numbers of operations."""
    while True:
        story = _draw(rng, rng.choice(operations))
        if story is not None and code_steps(story) <= MAX_STEPS:
            return write(story, student)


def _draw(rng: random.Random, operations: int) -> Story | None:
    theme = draw_theme(rng)
    kind = rng.choices(("one", "total", "difference", "ratio"), (3, 4, 4, 8))[0]
    count = {"one": 1, "total": rng.choice((2, 2, 3, 3, 4))}.get(kind, 2)
    if operations - count + 1 < 1:
        return None
    graph = draw_graph(rng, theme, operations - count + 1, count)
    if graph is None:
        return None
    sentences = facts(rng, graph)
    extra = _other_owner(rng, graph) if rng.random() < 0.3 else None
    asked = _ask(rng, graph, kind, count, all_known=extra is None)
    if asked is None:
        return None
    question, answer, target, last = asked
    shown = [*sentences, *([extra[1]] if extra else [])]
    if rng.random() < 0.75:
        rng.shuffle(shown)
    if extra is None:
        extras.slip_in(rng, shown, _unrelated(theme), rng.choice(graph.owners), 0.3)
    return Story(
        " ".join([*shown, question]),
        answer,
        target,
        last,
        GENERIC_CLOSINGS,
        facts=equations(graph, sentences, shown, [extra] if extra else []),
        implied=implied(graph),
        checks=checks(graph),
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


def _other_owner(rng: random.Random, graph: Graph) -> Fact | None:
    """Return the fact about someone whose quantity is not needed, if there is a name left."""
    theme: Theme = graph.theme
    if len(graph.values) == len(theme.owners):
        return None
    other, known = theme.owners[len(graph.values)], rng.choice(graph.owners)
    n, k = rng.randint(2, 20), rng.randint(2, 4)
    kinds = ("times", "more") if theme.patterns is AGE else ("times", "more", "more_times")
    relation = Relation(rng.choice(kinds), other, known, n=n, k=k, sought=other)
    return relation, theme.say(rng, relation.kind, **relation.fields())


def _unrelated(theme: Theme) -> tuple[str, ...]:
    if theme.patterns is DAY:
        return extras.DAY
    return extras.AGED if theme.patterns is AGE or theme.patterns is LENGTH else extras.PERSON
