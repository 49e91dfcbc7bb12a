"""Intermediate algebra, found again by reading values off the formulas of the text."""

import cmath
import math
import re

from tests.amz_env.problems.math_reading import (
    Check,
    by_value,
    equation,
    formulas,
    function,
    numbers,
    same,
    value,
    values,
    within,
)


def vertex(q: str, level: int) -> object:
    formula = max(formulas(q), key=len).removeprefix("y = ")
    f = function(formula)
    best = max if formula.startswith("-") else min
    x = best(range(-60, 61), key=f)
    return f(x) if level == 4 else (x, f(x))


def quadratic(formula: str) -> list[complex]:
    """Solve a quadratic equation by reading its values at three points."""
    left, right = (function(side) for side in formula.split(" = "))
    f0, f1, f2 = (left(x) - right(x) for x in range(3))
    a = (f2 - 2 * f1 + f0) / 2
    b = f1 - f0 - a
    root = cmath.sqrt(b * b - 4 * a * f0)
    return sorted([(-b - root) / (2 * a), (-b + root) / (2 * a)], key=lambda z: z.real)


def vieta(q: str, level: int) -> object:
    r, s = quadratic(next(f for f in formulas(q) if "= 0" in f))
    return {3: r * r + s * s, 4: 1 / r + 1 / s, 5: (r - s) ** 2}[level]


def polynomial_remainder(q: str, level: int) -> object:
    parts = [f for f in formulas(q) if "x" in f]
    polynomial, factor = (function(f) for f in sorted(parts, key=len, reverse=True))
    r = next(x for x in range(-9, 10) if factor(x) == 0)
    return polynomial(r) if level == 3 else next(k for k in range(-40, 41) if polynomial(r, k=k) == 0)


def whole_roots(q: str, level: int) -> object:
    holds = equation(next(f for f in formulas(q) if "=" in f))
    found = []
    for x in range(-60, 61):
        try:
            if holds(x):
                found.append(x)
        except ValueError:  # the root of a negative number
            continue
    return found


def series(q: str, level: int) -> object:
    if level == 4:
        n = numbers(re.sub(r"\$[^$]*\$", "", q))
        if n:
            first, ratio = n[0], value(formulas(q)[0]).real
        else:
            first = numbers(q)[0]
            ratio = (
                value(formulas(q)[0].removeprefix(str(first)).removesuffix("+ ...").replace("+", "", 1)).real / first
            )
        return sum(first * ratio**i for i in range(400))
    start = [int(n) for n in re.findall(r"\$(\d+)\$", q)]
    count = numbers(re.sub(r"\$\d+\$", "", q))[0]
    row = [start[0] * (start[1] // start[0]) ** i for i in range(count)]
    return row[-1] if level == 2 else sum(row)


def logarithm(q: str, level: int) -> object:
    factor, base, n = re.findall(r"\$(\d*)\\log_(\d).* = (\d+)\$", q)[0]
    arguments = [function(a) for a in re.findall(r"\\log_\d (x|\([^)]*\))", q)]
    assert len(arguments) == (2 if level == 4 else 1)
    power = int(base) ** (int(n) // int(factor or 1))
    good = [x for x in range(-10, 1100) if all(a(x) > 0 for a in arguments)]
    return [x for x in good if math.prod(a(x) for a in arguments) == power]


def complex_number(q: str, level: int) -> object:
    formula = next(f for f in formulas(q) if f != "i^2 = -1" and f != "a + bi")
    if level == 2:
        factor, power = numbers(formula.replace("i^", " "))[:1], int(re.findall(r"\{(\d+)\}", formula)[0])
        return factor[0] * [1, 1j, -1, -1j][power % 4]
    return value(formula)


def has_the_roots(q: str, answer: str, _: int) -> bool:
    text = re.sub(r"\$[^$]*\$|leading coefficient 1", "", q)
    roots, polynomial = numbers(text), function(answer)
    return all(polynomial(x) == math.prod(x - r for r in roots) for x in range(-9, 10))


def absolute_value(q: str, answer: str, level: int) -> bool:
    holds = equation(formulas(q)[-1] if "all $x$" in q else max(formulas(q), key=len))
    if level < 4:
        return same(values(answer), [x for x in range(-60, 61) if holds(x)])
    return all(holds(x / 2) == within(answer, x / 2) for x in range(-80, 81))


def quadratic_inequality(q: str, answer: str, _: int) -> bool:
    holds = equation(max(formulas(q), key=len))
    return all(holds(x / 4) == within(answer, x / 4) for x in range(-80, 81))


CHECKS: dict[str, Check] = {
    "intermediate/vertex": by_value(vertex),
    "intermediate/radical-roots": by_value(lambda q, _: quadratic(next(f for f in formulas(q) if "=" in f))),
    "intermediate/vieta": by_value(vieta),
    "intermediate/polynomial-remainder": by_value(polynomial_remainder),
    "intermediate/from-roots": has_the_roots,
    "intermediate/logarithm": by_value(logarithm),
    "intermediate/absolute-value": absolute_value,
    "intermediate/geometric-series": by_value(series),
    "intermediate/radical-equation": by_value(whole_roots),
    "intermediate/complex-numbers": by_value(complex_number),
    "intermediate/quadratic-inequality": quadratic_inequality,
}
