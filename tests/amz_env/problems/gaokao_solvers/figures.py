"""Figures, lines, solids and vectors, found again with coordinates and floating-point numbers."""

import cmath
import math
import re
from fractions import Fraction

from tests.amz_env.problems.gaokao_solvers.reading import WHOLE, evaluate, points, the_only
from tests.amz_env.problems.math_reading import by_value, formulas, numbers


def angle(q: str, level: int) -> object:
    a, b = map(int, re.findall(r"\d+", q))
    if level == 2 and "differ" in q:
        a, b = b, a
    if level == 1:
        return the_only([c for c in range(1, 180) if a + b + c == 180])
    return the_only([c for c in range(1, 180) if a + c + c + b == 180])


def rectangle(q: str, level: int) -> object:
    n = numbers(q)
    if level == 1:
        return n[0] * n[1] if "area" in q else 2 * n[0] + 2 * n[1]
    a, p = min(n), max(n)
    return the_only([a * b for b in range(1, 100) if 2 * a + 2 * b == p])


def hypotenuse(q: str, level: int) -> object:
    a, b = (int(x) for x in re.findall(r"\d+", q) if "ABC" not in q or int(x) != 90 or q.count("90") > 1)
    return abs(complex(a, b))


def point(q: str, level: int) -> object:
    (ax, ay), (bx, by) = points(q)
    if level == 1:
        return [Fraction(ax + bx, 2), Fraction(ay + by, 2)]
    (mx, my), (ex, ey) = ((bx, by), (ax, ay)) if q.startswith("A segment") else ((ax, ay), (bx, by))
    return [mx + (mx - ex), my + (my - ey)]


def dot(q: str, level: int) -> object:
    found = _vectors(q)
    left = found["u"]
    if level == 3:
        left = tuple(a + b for a, b in zip(left, found["w"], strict=True))
    return _dot(left, found["v"])


def _vectors(q: str) -> dict[str, tuple[int, ...]]:
    named = re.findall(r"([uvw]) = \((-?\d+(?:, -?\d+)+)\)", q)
    return {name: tuple(map(int, entries.split(", "))) for name, entries in named}


def _dot(u: tuple[int, ...], v: tuple[int, ...]) -> int:
    return sum(a * b for a, b in zip(u, v, strict=True))


def two_lines(q: str, level: int) -> object:
    f, g = (f.removeprefix("y = ") for f in formulas(q) if f.startswith("y = "))
    x = the_only([x for x in WHOLE if evaluate(f, x=x) == evaluate(g, x=x)])
    y = int(evaluate(f, x=x).real)
    if level == 3:
        return [x, y]
    if level == 4:
        feet = [(0, int(evaluate(h, x=0).real)) for h in (f, g)]
    else:
        feet = [(the_only([x for x in WHOLE if evaluate(h, x=x) == 0]), 0) for h in (f, g)]
    return _area([(x, y), *feet])


def _area(corners: list[tuple[int, int]]) -> Fraction:
    around = zip(corners, [*corners[1:], corners[0]], strict=True)
    return Fraction(abs(sum(a * d - b * c for (a, b), (c, d) in around)), 2)


def line_and_parabola(q: str, level: int) -> object:
    f, g = (f.removeprefix("y = ") for f in formulas(q) if f.startswith("y = "))
    x, z = (x for x in WHOLE if evaluate(f, x=x) == evaluate(g, x=x))
    a, b = ((t, int(evaluate(f, x=t).real)) for t in (x, z))
    if level == 3:
        return [Fraction(a[0] + b[0], 2), Fraction(a[1] + b[1], 2)]
    return math.dist(a, b) if level == 4 else _area([a, b, (0, 0)])


def circles(q: str, level: int) -> object:
    if level == 4:
        chord, d = numbers(q)
        return math.pi * abs(complex(chord / 2, d)) ** 2
    a, b = points(q)
    radius = math.dist(a, b) / (1 if level == 2 else 2)
    return math.pi * radius**2


def box(q: str, level: int) -> object:
    n = numbers(q)
    if level == 2:
        a = the_only([a for a in range(1, 200) if (6 * a * a if "surface area of" in q else a**3) == n[0]])
        return a**3 if "surface area of" in q else 6 * a * a
    if level == 3:
        return math.dist((0, 0, 0), n)
    volume = int(re.findall(r"volume (?:of the box is |of )?(\d+)", q)[0])
    n.remove(volume)
    edges = (*n, Fraction(volume, n[0] * n[1]))
    return 2 * sum(a * b for i, a in enumerate(edges) for b in edges[:i])


def poured(q: str, level: int) -> object:
    n = numbers(q)
    s, r, h = n if q.startswith("A cylinder with radius") and "holds" in q else (n[2], n[0], n[1])
    volume = math.pi * r * r * h / (3 if level == 4 else 1)
    return volume / (math.pi * s * s)


def perpendicular(q: str, level: int) -> object:
    v = _vectors(q)
    other = v["w" if level == 3 else "v"]
    return the_only(
        [k for k in WHOLE if _dot(tuple(a + k * b for a, b in zip(v["u"], v["v"], strict=True)), other) == 0]
    )


def cosine(q: str, level: int) -> object:
    n = numbers(q)
    if level == 4:
        a, b, c = n[:3]
        # the corner C at 0, B at a, A at distance b from C and c from B
        x = (a * a + b * b - c * c) / (2 * a)
        third = complex(x, math.sqrt(b * b - x * x))
        assert abs(abs(third - a) - c) < 1e-9
        return math.cos(cmath.phase(third))
    lengths = [x for x in n if x not in (60, 120)][-2:] if "How long" in q else [x for x in n if x not in (60, 120)][:2]
    k = re.findall(r"\$u ([+-]) (\d?)v\$", q)[0]
    factor = int(k[1] or 1) * (1 if k[0] == "+" else -1)
    turn = cmath.rect(lengths[1], math.radians(60 if 60 in n else 120))
    return abs(lengths[0] + factor * turn)


CHECKS = {
    "figures/angle": by_value(angle),
    "figures/rectangle": by_value(rectangle),
    "figures/hypotenuse": by_value(hypotenuse),
    "figures/point": by_value(point),
    "figures/dot": by_value(dot),
    "plane/two-lines": by_value(two_lines),
    "plane/line-and-parabola": by_value(line_and_parabola),
    "plane/circles": by_value(circles),
    "shapes/box": by_value(box),
    "shapes/poured": by_value(poured),
    "shapes/perpendicular": by_value(perpendicular),
    "shapes/cosine": by_value(cosine),
}
