"""Compares a nonlinear inequality with a set that is given outright, by asking for members.

Solving ``x^2 > 4`` needs algebra; checking a proposed solution only needs arithmetic: at the ends of its intervals,
close to them, between them, and at a few hundred other points. A set that differs only in a gap that holds none of
these points is taken for equal; the references of the usual data sets have no such gaps.
"""

import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

from amz_env.grading.realsets import INFINITY, Intervals, NotReal, Real
from amz_env.grading.tree import Node, Number, substitute

NEAR = Fraction(1, 10**6)
_RANDOM = [Fraction(random.Random(trial).randrange(-50_000_000, 50_000_000), 1_000_003) for trial in range(60)]
_SIMPLE = [Fraction(number, 2) for number in range(-40, 41)] + [Fraction(10) ** 6, -(Fraction(10) ** 6)]


def same_members(relation: Node, name: str, solution: Intervals, real: Real) -> bool:
    """Return whether an inequality in one variable holds on a set and nowhere else, at the points asked for."""
    ends = sorted({Fraction(str(end)) for part in solution for end in (part.low, part.high) if abs(end) != INFINITY})
    points = {*ends, *_RANDOM, *_SIMPLE}
    points |= {end + step for end in ends for step in (-NEAR, NEAR)}
    points |= {(low + high) / 2 for low, high in pairwise(ends)}
    return all(_holds(relation, name, point, real) == _contains(solution, point) for point in sorted(points))


def _contains(solution: Intervals, point: Fraction) -> bool:
    for part in solution:
        low, high = _sign(point - _rational(part.low)), _sign(_rational(part.high) - point)
        if (low > 0 or (low == 0 and part.low_closed)) and (high > 0 or (high == 0 and part.high_closed)):
            return True
    return False


def _rational(end: Any) -> Any:
    return end if abs(end) == INFINITY else Fraction(str(end))


def _sign(number: Any) -> int:
    """Return the sign of a number; what is closer to 0 than the precision allows to tell is 0."""
    return 0 if abs(number) < 1e-40 else (1 if number > 0 else -1)


def _holds(relation: Node, name: str, point: Fraction, real: Real) -> bool:
    value = Node("num", value=Number(point))
    try:
        sides = [real(substitute(side, Node("sym", value=name), value)) for side in relation.args]
    except NotReal:  # outside the domain
        return False
    for left, sign, right in zip(sides, relation.value, sides[1:], strict=False):
        difference = 0 if left == right else _sign(_plain(left) - _plain(right))
        if not {"<": difference < 0, ">": difference > 0, "!": difference != 0, "=": difference == 0}[sign[0]] and not (
            sign in ("<=", ">=") and difference == 0
        ):
            return False
    return True


def _plain(number: Any) -> Any:
    return number if isinstance(number, float) else Fraction(str(number))
