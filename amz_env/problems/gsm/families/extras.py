"""Facts that have a number and nothing to do with the question."""

import random
from collections.abc import Sequence

PERSON = ("{a} is {n} years old.", "{a} lives {n} kilometers from school.", "{a} has {n} cousins.")
OWNER = ("{a} is {n} years old.", "{a} has {n} cousins.", "{a} has {n} hats at home.")
AGED = ("{a} has {n} cousins.", "{a} owns {n} books.", "{a} lives {n} kilometers from school.")
DAY = (
    "On {a} the shop was open for {n} hours.",
    "On {a} there were {n} people at work.",
    "On {a} it rained for {n} hours.",
)
ACTIVITY = ("The {a} starts at {n} o'clock.", "There are {n} people at the {a}.")
WORKER = ("{a} is {n} years old.", "{a} started {n} days ago.")
THINGS = ("Each one costs ${n}.", "Each of them is {n} centimeters long.")


def slip_in(
    rng: random.Random, sentences: list[str], patterns: Sequence[str], owner: str, share: float, *, after: int = 0
) -> None:
    """Put a fact that is not needed somewhere among the sentences, in that share of the draws.

    Args:
        rng: source of randomness.
        sentences: changed in place.
        patterns: what it may be.
        owner: whom or what it is about.
        share: how often there is one.
        after: how many sentences stay before it.
    """
    if rng.random() < share:
        fact = rng.choice(patterns).format(a=owner, n=rng.randint(6, 12))
        sentences.insert(rng.randint(after, len(sentences)), fact[0].upper() + fact[1:])
