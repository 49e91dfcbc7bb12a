"""Numbers from clues as in mini-guess: the same clues, next to each other as they never are there, and four of them."""

import random
from functools import partial

from amz_env.problems.base import Draft, Family
from amz_env.problems.guess.clues import linked
from amz_env.problems.students import Student

_SIZES = {3: (2, 2), 4: (2, 2, 2), 5: (2, 2, 2, 2)}
_NEW_STEPS = (3, 4)  # neighbours that are not trained on


def family(first: int) -> Family:
    """Return the family of problems that begin with a clue of a kind."""
    return partial(_linked, first)


def _linked(first: int, rng: random.Random, level: int, student: Student) -> Draft:
    return linked(rng, student, first, _SIZES[level], _NEW_STEPS)
