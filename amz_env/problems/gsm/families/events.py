"""Gains and losses: something is given away, lost, found or won, once the amount is known."""

import random
from collections.abc import Mapping

from amz_env.problems.gsm.story import Move, find

LOSSES = (
    "{a} gives {n} {things} to {b}.",
    "{a} loses {n} {things}.",
    "{a} sells {n} {things}.",
    "{b} takes {n} {things} away from {a}.",
    "Then {a} gives {n} {things} away.",
)
GAINS = (
    "{b} gives {a} {n} more {things}.",
    "{a} finds {n} more {things}.",
    "Then {a} gets {n} new {things}.",
    "{a} is given {n} more {things}.",
)
EVENT_VARIABLES = ("now", "then", "last", "end", "late", "final")


def event(rng: random.Random, total: int, var: str, after: str, fields: Mapping[str, object]) -> tuple[str, Move, int]:
    """Draw a gain or a loss.

    Args:
        rng: source of randomness.
        total: the amount before.
        var: the variable that holds it.
        after: the variable for the amount after.
        fields: `a` the owner, `b` someone else, `things` the plural of what is counted.

    Returns:
        The sentence, the computation and the change.
    """
    if rng.random() < 0.65 and total > 6:
        n = rng.randint(2, min(total - 2, 90))
        sentence = rng.choice(LOSSES).format(n=n, **fields)
        return sentence, find(after, f"{var} - {n}", (sentence,), wrong=[("lost-as-gained", f"{var} + {n}")]), -n
    n = rng.randint(2, 90)
    sentence = rng.choice(GAINS).format(n=n, **fields)
    return sentence, find(after, f"{var} + {n}", (sentence,)), n


def follow(
    rng: random.Random, count: int, total: int, var: str, fields: Mapping[str, object]
) -> tuple[list[str], list[Move], int, str]:
    """Draw `count` events; return (sentences, computations, amount after, its variable)."""
    sentences, moves = [], []
    for index in range(count):
        sentence, move, change = event(rng, total, var, EVENT_VARIABLES[index], fields)
        sentences.append(sentence)
        moves.append(move)
        total, var = total + change, EVENT_VARIABLES[index]
    return sentences, moves, total, var
