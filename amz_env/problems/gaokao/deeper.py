"""Problems of the sets trained on in the same words, but deeper: more to choose from, more quantities hang together.

Each has a size that is never trained on; what is new is the number of steps or of candidates, in `operations` and
`which_prime` also what stands beside each other and how large it is.
"""

import random

from amz_env.problems.base import Draft
from amz_env.problems.gsm.families.comparisons import comparisons_of
from amz_env.problems.gsm.families.durations import durations_of
from amz_env.problems.guess import choices, divisors
from amz_env.problems.students import Student


def pair(rng: random.Random, level: int, student: Student) -> Draft:
    """Two of 5 to 7 numbers."""
    return choices.pair_of(rng, student, level + 2)


def three(rng: random.Random, level: int, student: Student) -> Draft:
    """Three of 6 or 7 numbers."""
    return choices.three_of(rng, student, level + 2)


def signs(rng: random.Random, level: int, student: Student) -> Draft:
    """Four or five signs."""
    return choices.signs_of(rng, student, level, 30)


def operations(rng: random.Random, level: int, student: Student) -> Draft:
    """Three operations out of plus, minus and times."""
    return choices.operations_of(rng, student, 4, "+-*", last=False)


def which_prime(rng: random.Random, level: int, student: Student) -> Draft:
    """One of 6 to 8 primes."""
    return divisors.which_prime_of(rng, student, level + 3, 400)


def quantities(rng: random.Random, level: int, student: Student) -> Draft:
    """Who has how many, in 11 or 12 operations."""
    return comparisons_of(rng, student, level + 7)


def times(rng: random.Random, level: int, student: Student) -> Draft:
    """How long activities take, in 11 or 12 operations."""
    return durations_of(rng, student, level + 7)
