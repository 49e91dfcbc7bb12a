"""mini-math, second part: geometry, intermediate algebra and precalculus, recomputed from the question's text."""

import cmath
import math
import re
from collections.abc import Callable

import pytest

from amz_env.problems.base import rng_of
from amz_env.problems.math import FAMILIES
from amz_env.problems.students import perfect
from tests.amz_env.problems.math_reading import equation, formulas, function, numbers, same, value, values, within

DRAWS = 40
Solver = Callable[[str, int], object]
SIDES = {"pentagon": 5, "hexagon": 6, "octagon": 8, "nonagon": 9, "decagon": 10, "dodecagon": 12}


def rectangle(q: str, level: int) -> object:
    n = numbers(q)
    if level == 1:
        return n[0] * n[1] if "area" in q else 2 * (n[0] + n[1])
    if "square feet" in q and re.search(r"\d+ square feet", q):
        area = int(re.findall(r"(\d+) square feet", q)[0])
        side = next(x for x in n if x != area)
        return 2 * (side + area / side)
    around, side = max(n), min(n)
    return side * (around / 2 - side)


def circle(q: str, level: int) -> object:
    n = numbers(q)
    if level == 3:
        return math.pi * (max(n) ** 2 - min(n) ** 2)
    area = re.search(r"area of a circle is|circle has area|whose area", q)
    around = re.search(r"circumference of a circle is|has circumference|whose circumference", q)
    if area:
        return 2 * math.pi * math.sqrt(n[0])
    if around:
        return math.pi * (n[0] / 2) ** 2
    r = n[0] / 2 if "diameter" in q else n[0]
    return math.pi * r * r if "area" in q else 2 * math.pi * r


def right_triangle(q: str, level: int) -> object:
    a, b = numbers(q)
    leg = re.search("other leg|ladder", q)
    return math.sqrt(max(a, b) ** 2 - min(a, b) ** 2) if leg else math.hypot(a, b)


def triangle_angles(q: str, level: int) -> object:
    n = numbers(q)
    if level == 1:
        return 180 - sum(n)
    if level == 2:
        return (180 - n[0]) / 2
    parts = [int(x) for x in re.findall(r"\d+(?::\d+)+", q)[0].split(":")]
    return 180 * (max(parts) if "largest" in q else min(parts)) / sum(parts)


def polygon(q: str, level: int) -> object:
    n = (numbers(q) or [next(s for name, s in SIDES.items() if f" {name} " in q)])[0]
    if level == 4:
        return next(s for s in range(3, 100) if (s - 2) * 180 == n * s)
    return (n - 2) * 180 / (1 if level == 2 else n)


def triangle_area(q: str, level: int) -> object:
    n = numbers(q)
    if level == 2:
        return n[0] * n[1] / 2
    a, b, c = ((x, y) for x, y in zip(n[::2], n[1::2], strict=True))
    return abs(a[0] * (b[1] - c[1]) + b[0] * (c[1] - a[1]) + c[0] * (a[1] - b[1])) / 2


def similar(q: str, level: int) -> object:
    if level == 2:
        a, b, c = numbers(q)
        return b * c / a
    a, b = (int(x) for x in re.findall(r"(\d+):(\d+)", q)[0])
    size = numbers(re.sub(r"\d+:\d+", "", q))[0]
    return size * (b / a) ** (2 if "area" in q else 3)


def solid(q: str, level: int) -> object:
    n = numbers(q)
    if level == 2:
        a, b, c = n
        return a * b * c if "volume" in q else 2 * (a * b + b * c + c * a)
    r = n[0] / 2 if "diameter" in q else n[0]
    return math.pi * r * r * n[1] / (3 if "cone" in q else 1)


def coordinates(q: str, level: int) -> object:
    a, b, c, d = numbers(q)
    if level == 3:
        return math.dist((a, b), (c, d))
    if level == 1:
        return ((a + c) / 2, (b + d) / 2)
    middle_last = "has its midpoint at" in q
    mx, my, x, y = (c, d, a, b) if middle_last else (a, b, c, d)
    if "point $P$" in q:
        mx, my, x, y = a, b, c, d
    return (2 * mx - x, 2 * my - y)


def sector(q: str, level: int) -> object:
    angle = int(re.findall(r"(\d+) degrees", q)[0])
    r = next(x for x in numbers(re.sub(r"\d+ degrees", "", q)))
    return math.pi * (2 * r if "arc" in q else r * r) * angle / 360


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


def logarithm(q: str, level: int) -> object:
    base, n = (int(x) for x in re.findall(r"\\log_(\d).* = (\d+)\$", q)[0])
    arguments = [function(a) for a in re.findall(r"\\log_\d (x|\([^)]*\))", q)]
    good = [x for x in range(-10, 1100) if all(a(x) > 0 for a in arguments)]
    return [x for x in good if abs(sum(math.log(a(x), base) for a in arguments) - n) < 1e-9]


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


def complex_number(q: str, level: int) -> object:
    formula = next(f for f in formulas(q) if f != "i^2 = -1" and f != "a + bi")
    if level == 2:
        factor, power = numbers(formula.replace("i^", " "))[:1], int(re.findall(r"\{(\d+)\}", formula)[0])
        return factor[0] * [1, 1j, -1, -1j][power % 4]
    return value(formula)


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


def determinant(q: str, level: int) -> object:
    a, b, c, d = re.findall(r"pmatrix\} (\S+) & (\S+) \\\\ (\S+) & (\S+)", q)[0]
    if level == 1:
        return int(a) * int(d) - int(b) * int(c)
    target = numbers(re.sub(r"\\begin.*\\end", "", q))[0]
    return next(k for k in range(-200, 201) if int(a) * k - int(b) * int(c) == target)


def matrix_product(q: str, level: int) -> object:
    a, b, c, d = (int(x) for x in re.findall(r"pmatrix\} (\S+) & (\S+) \\\\ (\S+) & (\S+)", q)[0])
    x, y = (int(n) for n in re.findall(r"\((-?\d+), (-?\d+)\)", q)[0])
    for _ in range(level - 1):
        x, y = a * x + b * y, c * x + d * y
    return (x, y)


def trig_from_other(q: str, level: int) -> object:
    given = next(f for f in formulas(q) if "=" in f)
    wanted = re.findall(r"\\(sin|cos|tan) x\$", q)[-1]
    size = value(given.split(" = ")[1]).real
    angle = math.asin(size) if "sin" in given else math.acos(size)
    angle = math.pi - angle if "obtuse" in q else angle
    return getattr(math, wanted)(angle)


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


def cross_product(q: str, level: int) -> object:
    a, b, c, d, e, f = numbers(q)
    return (b * f - c * e, c * d - a * f, a * e - b * d)


SOLVERS: dict[str, Solver] = {
    "geometry/rectangle": rectangle,
    "geometry/circle": circle,
    "geometry/right-triangle": right_triangle,
    "geometry/triangle-angles": triangle_angles,
    "geometry/polygon": polygon,
    "geometry/triangle-area": triangle_area,
    "geometry/similar": similar,
    "geometry/solid": solid,
    "geometry/coordinates": coordinates,
    "geometry/sector": sector,
    "intermediate/vertex": vertex,
    "intermediate/radical-roots": lambda q, _: quadratic(next(f for f in formulas(q) if "=" in f)),
    "intermediate/vieta": vieta,
    "intermediate/polynomial-remainder": polynomial_remainder,
    "intermediate/logarithm": logarithm,
    "intermediate/radical-equation": whole_roots,
    "intermediate/geometric-series": series,
    "intermediate/complex-numbers": complex_number,
    "precalculus/angle-units": angle_units,
    "precalculus/dot-product": dot_product,
    "precalculus/vector-length": length,
    "precalculus/determinant": determinant,
    "precalculus/matrix-product": matrix_product,
    "precalculus/trig-value": lambda q, _: value(formulas(q)[0]),
    "precalculus/trig-from-other": trig_from_other,
    "precalculus/law-of-cosines": law_of_cosines,
    "precalculus/polar-point": polar_point,
    "precalculus/period": period,
    "precalculus/cross-product": cross_product,
}


def drawn(subject: str) -> list[tuple[str, str, int]]:
    family, levels = FAMILIES[subject]
    found = []
    for level in sorted(levels):
        for index in range(DRAWS):
            draft = family(rng_of("answers", subject, level, index), level, perfect())
            found.append((draft.question, draft.answer, level))
    return found


@pytest.mark.parametrize("subject", SOLVERS)
def test_answer_is_found_again_from_the_question(subject: str) -> None:
    for question, answer, level in drawn(subject):
        assert same(values(answer), SOLVERS[subject](question, level)), (question, answer)


def test_polynomial_has_the_roots_and_no_others() -> None:
    for question, answer, _ in drawn("intermediate/from-roots"):
        text = re.sub(r"\$[^$]*\$|leading coefficient 1", "", question)
        roots, polynomial = numbers(text), function(answer)
        assert all(polynomial(x) == math.prod(x - r for r in roots) for x in range(-9, 10)), question


def test_absolute_value_equation_and_inequality() -> None:
    for question, answer, level in drawn("intermediate/absolute-value"):
        holds = equation(formulas(question)[-1] if "all $x$" in question else max(formulas(question), key=len))
        if level < 4:
            assert same(values(answer), [x for x in range(-60, 61) if holds(x)]), question
        else:
            assert all(holds(x / 2) == within(answer, x / 2) for x in range(-80, 81)), question


def test_quadratic_inequality() -> None:
    for question, answer, _ in drawn("intermediate/quadratic-inequality"):
        holds = equation(max(formulas(question), key=len))
        assert all(holds(x / 4) == within(answer, x / 4) for x in range(-80, 81)), (question, answer)
