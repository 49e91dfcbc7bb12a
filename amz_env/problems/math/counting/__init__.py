"""Counting and probability."""

from amz_env.problems.base import FamilyTable
from amz_env.problems.math.counting.arrangements import choices, circle_seats, committee, letters, paths
from amz_env.problems.math.counting.groups import handshakes, overlap
from amz_env.problems.math.counting.probability import coins, dice, draws

__all__ = ["FAMILIES"]

FAMILIES: FamilyTable = {
    "counting/choices": (choices, frozenset({1, 2, 3})),
    "counting/letters": (letters, frozenset({1, 2, 3})),
    "counting/committee": (committee, frozenset({2, 3, 4})),
    "counting/handshakes": (handshakes, frozenset({2, 3})),
    "counting/dice": (dice, frozenset({2, 3, 4})),
    "counting/draws": (draws, frozenset({2, 3, 4})),
    "counting/seats": (circle_seats, frozenset({2, 3, 4})),
    "counting/overlap": (overlap, frozenset({1, 2, 3})),
    "counting/coins": (coins, frozenset({3, 4, 5})),
    "counting/paths": (paths, frozenset({4, 5})),
}
