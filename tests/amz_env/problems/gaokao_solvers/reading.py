"""What the solvers share: definitions of functions in a question, and lists of numbers as answers."""

import operator
import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from math import sqrt
from types import CodeType
from typing import Any, TypeVar

from tests.amz_env.problems.math_reading import Check, formulas, numbers, python, same

T = TypeVar("T")

WHOLE = range(-400, 401)
COMPARE: dict[str, Callable[[Any, Any], bool]]
COMPARE = {r"\le": operator.le, r"\ge": operator.ge, "<": operator.lt, ">": operator.gt, "=": operator.eq}


@cache
def compiled(formula: str) -> CodeType:
    """A formula as Python, products of any two letters included."""
    return compile(re.sub(r"\b([abkpq])([abxy])\b", r"\1*\2", python(formula.strip())), "formula", "eval")


def evaluate(formula: str, **names: complex) -> complex:
    """The value of a formula."""
    return eval(compiled(formula), {"sqrt": sqrt, "abs": abs, "i": 1j, **names})


def holds(statement: str, **names: complex) -> bool:
    """Whether an equation or inequality is true."""
    sign = next(sign for sign in COMPARE if sign in statement)
    left, right = statement.split(sign)
    return COMPARE[sign](evaluate(left, **names), evaluate(right, **names))


def solutions(statement: str, candidates: range = WHOLE) -> list[int]:
    """The whole numbers x that make a statement true."""
    return [x for x in candidates if holds(statement, x=x)]


def functions(question: str) -> dict[str, Callable[[float], complex]]:
    """The functions of x that a question defines by one formula each."""
    found = {}
    for formula in formulas(question):
        match = re.fullmatch(r"([fgh])\(x\) = (.*x.*)", formula)
        if match and "(" not in match[2]:
            found[match[1]] = lambda x, body=match[2]: evaluate(body, x=x)
    return found


def sequence(question: str) -> tuple[int, int]:
    """First term and difference of the arithmetic sequence whose first three terms a question lists."""
    a, b, c = map(int, re.findall(r"\$(-?\d+)\$, \$(-?\d+)\$, \$(-?\d+)\$, \.\.\.", question)[0])
    assert c - b == b - a
    return a, b - a


def without_sequence(question: str) -> list[int]:
    """The numbers of a question that are not terms of its sequence."""
    return numbers(re.sub(r"\$-?\d+\$", "", question))


def points(question: str) -> list[tuple[int, ...]]:
    """The points and vectors of a question."""
    return [tuple(map(int, p.split(", "))) for p in re.findall(r"\((-?\d+(?:, -?\d+)+)\)", question)]


def fraction(question: str) -> Fraction:
    """The fraction that a question gives."""
    top, bottom = re.findall(r"\\frac\{(\d+)\}\{(\d+)\}", question)[0]
    return Fraction(int(top), int(bottom))


def the_only(found: list[T]) -> T:
    """The one candidate that is left."""
    assert len(found) == 1, found
    return found[0]


def by_set(solver: Callable[[str, int], list[int]]) -> Check:
    """Turn a solver into a check of an answer such as ``\\{1, 3\\}``."""
    return lambda question, answer, level: (
        answer.startswith(r"\{") and same(sorted(numbers(answer)), sorted(solver(question, level)))
    )
