"""How many in all, how many left, how many more are needed: boxes with so many in each, then gains and losses."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.gsm.families.events import EVENT_VARIABLES, event
from amz_env.problems.gsm.families.lots import Lots, draw_lots
from amz_env.problems.gsm.story import Story, Wrong, find, pick_operations
from amz_env.problems.gsm.things import CONTAINERS, GENERIC_CLOSINGS, NAMES, PACKED, listed
from amz_env.problems.gsm.work import write
from amz_env.problems.students import Student

GOALS = (
    "{a} wants to have {n} {things}. How many more {things} does {a} need?",
    "The school asks {a} for {n} {things}. How many more {things} does {a} need?",
    "How many {things} does {a} still need to have {n}?",
)
ASK_NOW = ("How many {things} does {a} have now?", "How many {things} does {a} have in the end?")
ASK_TOTAL = ("How many {things} does {a} have altogether?", "How many {things} does {a} have in total?")
ASK_DIFFERENCE = ("How many more {things} are in the {big} than in the {small}?",)
OTHER_FACTS = (
    "Each {box} weighs {n} kilograms.",
    "{b} is {n} years old.",
    "{b} has {n} {things} at home.",
    "Each {box} is {n} centimeters high.",
    "The shop is {n} kilometers away.",
)


def totals(rng: random.Random, level: int, student: Student) -> Draft:
    """Draw and work one problem."""
    return write(_draw(rng, pick_operations(rng, level)), student)


def _draw(rng: random.Random, operations: int) -> Story:
    name, other = rng.sample(NAMES, 2)
    noun = rng.choice(PACKED)
    if operations >= 3 and operations % 2 and rng.random() < 0.3:
        return _difference(rng, name, noun, operations)
    least = max(0, operations - 6)
    finishing = rng.randint(least, max(least, min(3, operations - 1)))
    lots = draw_lots(rng, name, noun, operations - finishing)
    fields = {"a": name, "b": other, "things": noun}
    sentences, moves, var, total = list(lots.sentences), list(lots.moves), lots.var, lots.total
    if rng.random() < 0.4:
        sentences.insert(rng.randint(0, len(sentences)), _distractor(rng, lots, fields))
    goal = finishing > 0 and rng.random() < 0.4
    for index in range(finishing - goal):
        sentence, move, change = event(rng, total, var, EVENT_VARIABLES[index], fields)
        sentences.append(sentence)
        moves.append(move)
        var, total = move.lets[-1][0], total + change
    if goal:
        wanted = total + rng.randint(5, 90)
        question = rng.choice(GOALS).format(n=wanted, **fields)
        texts = (
            f"{name} wants {wanted} {noun}.",
            f"Compare with the {wanted} that are needed.",
            f"How many are missing to {wanted}.",
        )
        wrong: list[Wrong] = [("goal-as-total", None)]
        moves.append(find("need", f"{wanted} - {var}", texts, wrong=wrong))
        var, total = "need", wanted - total
    else:
        question = rng.choice(ASK_NOW if finishing else ASK_TOTAL).format(**fields)
    return Story(" ".join([*sentences, question]), total, var, tuple(moves), GENERIC_CLOSINGS)


def _difference(rng: random.Random, name: str, noun: str, operations: int) -> Story:
    """Draw a question about how many more are in some lots than in others."""
    while True:
        lots = draw_lots(rng, name, noun, operations)
        kinds = [kind for kind in lots.parts if kind != "loose"]
        if lots.parts.get("loose") or len(set(lots.parts.values())) < len(kinds):
            continue
        cut = rng.randint(1, len(kinds) - 1)
        sides = sorted((kinds[:cut], kinds[cut:]), key=lambda side: -sum(lots.parts[kind] for kind in side))
        big, small = sides
        answer = sum(lots.parts[kind] for kind in big) - sum(lots.parts[kind] for kind in small)
        if answer:
            break
    left = " + ".join(big)
    right = f"({' + '.join(small)})" if len(small) > 1 else small[0]
    texts = (
        f"Compare the {listed(big)} with the {listed(small)}.",
        f"How many more are in the {listed(big)}.",
        "Compare the two sides.",
    )
    move = find("more", f"{left} - {right}", texts, wrong=[("difference-as-total", f"{left} + {right}")])
    question = rng.choice(ASK_DIFFERENCE).format(things=noun, big=listed(big), small=listed(small))
    return Story(" ".join([*lots.sentences, question]), answer, "more", (*lots.moves[:-1], move), GENERIC_CLOSINGS)


def _distractor(rng: random.Random, lots: Lots, fields: dict[str, str]) -> str:
    boxes = next(iter(lots.parts))
    return rng.choice(OTHER_FACTS).format(box=CONTAINERS[boxes], n=rng.randint(3, 30), **fields)
