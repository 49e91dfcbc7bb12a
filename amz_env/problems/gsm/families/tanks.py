"""A tank that is filled and leaks: the time until it is full, with a check."""

import random

from amz_env.problems.gsm.story import Story, find, look
from amz_env.problems.gsm.things import GENERIC_CLOSINGS

TANKS = ("tank", "pool", "barrel", "tub")
TANK = (
    "A {tank} holds {n} liters. A tap lets in {r} liters per minute, and {s} liters per minute leak out.",
    "A {tank} of {n} liters leaks {s} liters per minute, and a tap lets in {r} liters per minute.",
    "{r} liters per minute flow into a {tank} of {n} liters, and {s} liters per minute leak out.",
)
TANK_PART = "There are already {m} liters in the {tank}."
ASK_TANK = ("How many minutes does it take to fill the {tank}?", "After how many minutes is the {tank} full?")


def draw_tank(rng: random.Random, operations: int) -> Story | None:
    """Draw a tank that is filled and leaks: the net rate, what is missing, and the time."""
    tank = rng.choice(TANKS)
    rate, leak, minutes = rng.randint(9, 60), rng.randint(2, 7), rng.randint(3, 20)
    net = rate - leak
    already = rng.randint(5, 90) if operations > 2 else 0
    size = net * minutes + already
    extra = operations - 2 - (already > 0)
    if extra > 1:
        return None
    sentences = [rng.choice(TANK).format(tank=tank, n=size, r=rate, s=leak)]
    texts = (
        f"Each minute {rate} come in and {leak} leak out.",
        "Find what stays in each minute.",
        "Find how fast it really fills.",
    )
    moves = [find("net", f"{rate} - {leak}", texts, wrong=[("lost-as-gained", f"{rate} + {leak}")])]
    missing = str(size)
    if already:
        sentences.append(TANK_PART.format(m=already, tank=tank))
        texts = (
            f"The {tank} already has {already} of {size} liters.",
            "Find how many liters are missing.",
            f"Without the {already} liters that are there.",
        )
        moves.append(find("missing", f"{size} - {already}", texts, wrong=[("lost-as-gained", f"{size} + {already}")]))
        missing = "missing"
    texts = ("Find how many minutes that takes.", "See how long it takes at this rate.", "Find the time at this rate.")
    moves.append(find("minutes", f"{missing} // net", texts, wrong=[("time-by-product", f"{missing} * net")]))
    question, target, answer = rng.choice(ASK_TANK).format(tank=tank), "minutes", minutes
    start = f"{already} + " if already else ""
    fits = f"{start}minutes * ({rate} - {leak}) == {size}"
    if extra:
        k = rng.randint(2, 6)
        question = f"How many minutes does it take to fill {k} such {tank}s one after the other?"
        texts = (f"Do that for {k} {tank}s.", f"There are {k} such {tank}s.", f"Find the time for {k} {tank}s.")
        moves.append(find("all_tanks", f"{k} * minutes", texts, wrong=[("quantity-ignored", "minutes")]))
        target, answer = "all_tanks", k * minutes
    check = look(
        (f"Check that the {tank} is full then.", "Check: the liters after that time.", f"Check the {tank}."),
        target,
        fits,
    )
    return Story(" ".join([*sentences, question]), answer, target, tuple(moves), GENERIC_CLOSINGS, check)
