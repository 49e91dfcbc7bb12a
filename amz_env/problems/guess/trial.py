"""A guess: what one who sees it writes down, and what one writes down who keeps whatever comes to mind first."""

from collections.abc import Sequence
from math import isqrt
from typing import TypeVar

from amz_env.problems.students import Student

T = TypeVar("T")


def guessed(student: Student, misconception: str, right: T, candidates: Sequence[T]) -> T:
    """Return the candidate that a student tries: the right one, or with the misconception any of the others.

    As a rule the others look no less likely than the right one to somebody who does not work it out: the check tells.
    """
    others = [candidate for candidate in candidates if candidate != right]
    if not others or not student.holds(misconception):
        return right
    return student.rng.choice(others)


def divisors_near(n: int, right: int) -> list[int]:
    """Return candidates for the smaller of two factors of n: its divisors, with numbers near the right one if few.

    The larger factor is none: with it, two numbers of a given sum fit, in the other order.
    """
    found = [d for d in range(2, isqrt(n) + 1) if n % d == 0]
    return found if len(found) > 3 else sorted({*found, *range(right - 1, right + 3)} - {1, n // right} | {right})
