"""Time: how long activities take by way of each other, hours and minutes, and what is left of the day."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.gsm.families.asking import Asked, ask_difference, ask_one, ask_total
from amz_env.problems.gsm.families.extras import ACTIVITY, slip_in
from amz_env.problems.gsm.graph import Graph, checks, draw_graph, equations, facts, implied
from amz_env.problems.gsm.phrases import time_theme
from amz_env.problems.gsm.story import Move, Story, Wrong, find, pick_operations
from amz_env.problems.gsm.things import GENERIC_CLOSINGS
from amz_env.problems.gsm.work import MAX_STEPS, code_steps, write
from amz_env.problems.students import Student

LEFT = (
    "There are {h} hours for all of it. How many minutes are left?",
    "Of {h} hours, how many minutes are left after all of this?",
)
LEFT_ONE = (
    "There are {h} hours in all. How many minutes are left after the {a}?",
    "Of {h} hours, how many minutes are left after the {a}?",
)
DAYS = ("All of this happens on {d} days. How many minutes is that altogether?",)
DAYS_ONE = ("The {a} takes place on {d} days. How many minutes is that altogether?",)
PAUSES = ("In between are {m} pauses of {n} minutes each.", "There are also {m} pauses of {n} minutes each.")


def durations(rng: random.Random, level: int, student: Student) -> Draft:
    """Draw and work one problem."""
    return durations_of(rng, student, pick_operations(rng, level))


def durations_of(rng: random.Random, student: Student, operations: int) -> Draft:
    """Draw and work one problem of so many operations."""
    while True:
        story = _draw(rng, operations)
        if story is not None and code_steps(story) <= MAX_STEPS:
            return write(story, student)


def _draw(rng: random.Random, operations: int) -> Story | None:
    kind = rng.choice(("one", "total", "difference"))
    end = rng.choice(("none", "left", "days", "pauses")) if kind != "difference" else "none"
    ending = {"none": 0, "days": 1}.get(end, 2)
    if end == "pauses" and kind == "one":
        return None
    count = 1 if kind == "one" else 2 if kind == "difference" else rng.choice((2, 3, 4))
    if operations - ending - count + 1 < 1:
        return None
    graph = draw_graph(rng, time_theme(rng), operations - ending - count + 1, count)
    if graph is None or (end != "none" and kind == "total" and count != len(graph.values)):
        return None
    asked = _ask(rng, graph, kind, count)
    if asked is None:
        return None
    question, answer, target, last = asked
    sentences = facts(rng, graph)
    shown = list(sentences)
    if rng.random() < 0.75:
        rng.shuffle(shown)
    slip_in(rng, shown, ACTIVITY, rng.choice(graph.owners), 0.3)
    work = list(last)
    stated = equations(graph, sentences, shown)
    if end == "left":
        if not 60 < answer < 590:
            return None
        question, answer = _left(rng, work, target, answer, graph.owners[-1] if kind == "one" else "")
        target = "left"
    elif end == "days":
        d = rng.randint(2, 6)
        question = rng.choice(DAYS_ONE if kind == "one" else DAYS).format(d=d, a=graph.owners[-1])
        texts = (f"This happens on {d} days.", f"Find the minutes of {d} days.", f"Do this {d} times.")
        work.append(find("days", f"{target} * {d}", texts, wrong=[("each-as-plus", f"{target} + {d}")]))
        target, answer = "days", answer * d
    elif end == "pauses":
        m, n = rng.randint(2, 6), rng.randint(3, 15)
        shown.append(rng.choice(PAUSES).format(m=m, n=n))
        work.append(find("pauses", f"{m} * {n}", (shown[-1],), wrong=[("each-as-plus", f"{m} + {n}")]))
        work.append(
            find(
                "all_time",
                f"{target} + pauses",
                ("Add the pauses.", "Put the pauses to the rest.", "With the pauses it takes longer."),
            )
        )
        question = "How many minutes does all of it take with the pauses?"
        target, answer = "all_time", answer + m * n
    return Story(
        " ".join([*shown, question]),
        answer,
        target,
        tuple(work),
        GENERIC_CLOSINGS,
        facts=stated,
        implied=implied(graph),
        checks=checks(graph),
    )


def _ask(rng: random.Random, graph: Graph, kind: str, count: int) -> Asked | None:
    if kind == "one":
        return ask_one(rng, graph)
    if kind == "difference":
        return ask_difference(rng, graph)
    return ask_total(rng, graph, count, all_known=True)


def _left(rng: random.Random, work: list[Move], target: str, used: int, one: str) -> tuple[str, int]:
    """Ask for what is left of some hours; return (question, answer)."""
    h = used // 60 + rng.randint(1, 2)
    texts = (
        f"Turn {h} hours into minutes.",
        f"There are 60 minutes in an hour, so find {h} hours.",
        f"How many minutes {h} hours are.",
    )
    work.append(find("hours", f"{h} * 60", texts, wrong=[("unit-size", f"{h} * 100")]))
    wrong: list[Wrong] = [("lost-as-gained", f"hours + {target}")]
    work.append(
        find(
            "left",
            f"hours - {target}",
            ("Take the time that is used away.", "Find what is left of this.", "What is left after that."),
            wrong=wrong,
        )
    )
    return rng.choice(LEFT_ONE if one else LEFT).format(h=h, a=one), h * 60 - used
