"""Algebra, found again by putting numbers into the equations of the text."""

import re
from fractions import Fraction

from tests.amz_env.problems.math_reading import (
    Check,
    by_value,
    equation,
    formulas,
    function,
    numbers,
    same,
    value,
    within,
)


def roots_of(text: str) -> list[int]:
    holds = equation(text)
    return [x for x in range(-250, 700) if holds(x)]


def linear_system(q: str, level: int) -> object:
    first, second = (equation(f) for f in formulas(q) if "=" in f)
    return next((x, y) for x in range(-5, 60) for y in range(-5, 60) if first(x, y) and second(x, y))


def line(q: str, level: int) -> object:
    x1, y1, x2, y2 = numbers(q)[:4]
    m = Fraction(y2 - y1, x2 - x1)
    return m if level == 2 else y2 - m * x2


def sequence(q: str, level: int) -> object:
    start = [int(n) for n in re.findall(r"\$(\d+)\$", q)]
    n = numbers(re.sub(r"\$\d+\$", "", q))[0]
    row = [start[0] + i * (start[1] - start[0]) for i in range(n)]
    return row[-1] if level < 3 else sum(row)


def function_value(q: str, level: int) -> object:
    definitions = dict(f.split("(x) = ") for f in formulas(q) if "(x)" in f)
    x = int(re.findall(r"\((-?\d+)\)", q)[-1])
    f = function(definitions["f"])
    return f(x) if level == 1 else f(function(definitions["g"])(x).real)


def exponent(q: str, level: int) -> object:
    power = next(f for f in formulas(q) if len(f) > 1)
    left, base = power.split(" = ")[0], numbers(power)[0]
    return next(n for n in range(90) if same(value(left), base**n))


def two_numbers(q: str, level: int) -> object:
    s, p = numbers(q)[:2]
    a = next(a for a in range(1, s) if a * (s - a) == p)
    b = s - a
    return {3: max(a, b) if "larger" in q else min(a, b), 4: a * a + b * b, 5: (a - b) ** 2}[level]


def is_expansion(q: str, answer: str, _: int) -> bool:
    square, expanded = (function(re.sub("[yntz]", "x", text)) for text in (formulas(q)[0], answer))
    return "(" not in answer and all(square(x) == expanded(x) for x in range(-5, 6))


def holds_inside_only(q: str, answer: str, _: int) -> bool:
    holds = equation(next(f for f in formulas(q) if len(f) > 1))
    return all(holds(x / 2) == within(answer, x / 2) for x in range(-60, 61))


CHECKS: dict[str, Check] = {
    "algebra/linear-equation": by_value(lambda q, _: roots_of(next(f for f in formulas(q) if "=" in f))),
    "algebra/quadratic-equation": by_value(lambda q, _: roots_of(next(f for f in formulas(q) if "=" in f))),
    "algebra/linear-system": by_value(linear_system),
    "algebra/expand-square": is_expansion,
    "algebra/line": by_value(line),
    "algebra/arithmetic-sequence": by_value(sequence),
    "algebra/inequality": holds_inside_only,
    "algebra/function-value": by_value(function_value),
    "algebra/exponent-rules": by_value(exponent),
    "algebra/two-numbers": by_value(two_numbers),
}
