"""Precalculus, found again with floating-point angles and by trying numbers."""

import math
import re
from itertools import permutations

from tests.amz_env.problems.math_reading import Check, by_value, formulas, numbers, value


def angle_units(q: str, level: int) -> object:
    return math.radians(numbers(q)[0]) if level == 1 else math.degrees(value(formulas(q)[0]).real)


def dot_product(q: str, level: int) -> object:
    if level < 3:
        n = numbers(q)
        return sum(a * b for a, b in zip(n[: len(n) // 2], n[len(n) // 2 :], strict=True))
    a, b, c, d, e = numbers(q)
    return next(k for k in range(-30, 31) if a * d + b * e + c * k == 0)


def length(q: str, level: int) -> object:
    n = numbers(q)
    return math.dist(n[:3], n[3:]) if level == 4 else math.hypot(*n)


def law_of_cosines(q: str, level: int) -> object:
    angle = math.radians(int(re.findall(r"(\d+) degrees", q)[0]))
    a, b = numbers(re.sub(r"\d+ degrees", "", q))
    return math.dist((a, 0), (b * math.cos(angle), b * math.sin(angle)))


def polar_point(q: str, level: int) -> object:
    together = re.findall(r"\$\((\d+), (\S*pi\S*)\)\$", q)
    r, angle = together[0] if together else re.findall(r"r = (\d+)\$ and \$\\theta = ([^$]*)\$", q)[0]
    turn = value(angle).real
    return (int(r) * math.cos(turn), int(r) * math.sin(turn))


def period(q: str, level: int) -> object:
    c, a, name, k = re.findall(r"(\d+) \+ (\d+) \\(sin|cos)\((\d+)x\)", q)[0]
    if level == 3:
        return 2 * math.pi / int(k)
    curve = [int(c) + int(a) * getattr(math, name)(int(k) * t * math.pi / (2 * int(k))) for t in range(8)]
    return max(curve) if "largest" in q else min(curve)


def matrices(text: str) -> list[list[list[str]]]:
    """The matrices of a text, row by row."""
    inside = re.findall(r"begin\{pmatrix\} (.*?) \\end", text)
    return [[row.split(" & ") for row in rows.split(r" \\ ")] for rows in inside]


def leibniz(rows: list[list[int]]) -> int:
    """The determinant as the sum over all orders of the columns."""
    total = 0
    for order in permutations(range(len(rows))):
        swaps = sum(order[i] > order[j] for i in range(len(order)) for j in range(i + 1, len(order)))
        total += (-1) ** swaps * math.prod(row[column] for row, column in zip(rows, order, strict=True))
    return total


def determinant(q: str, level: int) -> object:
    (rows,) = matrices(q)

    def at(k: int) -> int:
        return leibniz([[k if entry == "k" else int(entry) for entry in row] for row in rows])

    if level in (1, 4):
        return at(0)
    target = numbers(re.sub(r"\\begin.*\\end", "", q))[0]
    return [k for k in range(-200, 201) if at(k) == target]


def times(matrix: list[list[int]], column: list[int]) -> list[int]:
    return [sum(a * b for a, b in zip(row, column, strict=True)) for row in matrix]


def matrix_product(q: str, answer: str, level: int) -> bool:
    found = [[[int(entry) for entry in row] for row in matrix] for matrix in matrices(q)]
    if level == 4:  # the product sends each unit vector where the two matrices send it one after the other
        first, second = found
        (product,) = ([[int(entry) for entry in row] for row in matrix] for matrix in matrices(answer))
        return all(times(product, unit) == times(first, times(second, unit)) for unit in ([1, 0], [0, 1]))
    point = [int(n) for n in re.findall(r"\((-?\d+), (-?\d+)\)", q)[0]]
    for _ in range(level - 1):
        point = times(found[0], point)
    return answer == f"({point[0]}, {point[1]})"


def trig_from_other(q: str, level: int) -> object:
    given = next(f for f in formulas(q) if "=" in f)
    wanted, twice = re.findall(r"\\(sin|cos|tan) (2?)[xtAB]\$", q)[-1]
    size = value(given.split(" = ")[1]).real
    angle = math.asin(size) if "sin" in given else math.acos(size)
    angle = math.pi - angle if "obtuse" in q else angle
    return getattr(math, wanted)(2 * angle if twice else angle)


def cross_product(q: str, level: int) -> object:
    n = numbers(q)
    u, v = n[:3], n[3:]
    if level == 4:
        a, b, c, d, e, f = n
        return (b * f - c * e, c * d - a * f, a * e - b * d)
    dot = sum(a * b for a, b in zip(u, v, strict=True))
    return math.sqrt(sum(a * a for a in u) * sum(b * b for b in v) - dot * dot)


CHECKS: dict[str, Check] = {
    "precalculus/angle-units": by_value(angle_units),
    "precalculus/dot-product": by_value(dot_product),
    "precalculus/vector-length": by_value(length),
    "precalculus/determinant": by_value(determinant),
    "precalculus/matrix-product": matrix_product,
    "precalculus/trig-value": by_value(lambda q, _: value(formulas(q)[0])),
    "precalculus/trig-from-other": by_value(trig_from_other),
    "precalculus/law-of-cosines": by_value(law_of_cosines),
    "precalculus/polar-point": by_value(polar_point),
    "precalculus/period": by_value(period),
    "precalculus/cross-product": by_value(cross_product),
}
