"""Geometry, found again with floating-point coordinates and by trying shapes."""

import math
import re
from functools import cache
from itertools import combinations

from tests.amz_env.problems.math_reading import Check, by_value, formulas, numbers, value

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


def triangle_angles(q: str, level: int) -> object:
    n = numbers(q)
    if level == 1:
        return 180 - sum(n)
    if level == 2:
        top_given = re.search("between them|at the top of|between its equal|enclose", q)
        return (180 - n[0]) / 2 if top_given else 180 - 2 * n[0]
    parts = [int(x) for x in re.findall(r"\d+(?::\d+)+", q)[0].split(":")]
    return 180 * (max(parts) if "largest" in q else min(parts)) / sum(parts)


@cache
def diagonals(sides: int) -> int:
    return len([(i, j) for i, j in combinations(range(sides), 2) if 1 < j - i < sides - 1])


def polygon(q: str, level: int) -> object:
    n = numbers(q) or [next(s for name, s in SIDES.items() if f" {name} " in q)]
    if level == 2:
        from_sum = re.search("how many sides does|number of its sides", q, re.IGNORECASE)
        return [s for s in range(3, 200) if (s - 2) * 180 == n[0]] if from_sum else (n[0] - 2) * 180
    if level == 3:
        # the known angles have the sum that stands last; in a regular polygon all are equal
        return (n[0] - 2) * 180 - n[-1] if len(n) > 1 else (n[0] - 2) * 180 / n[0]
    if level == 5:
        return [s for s in range(4, 100) if diagonals(s) == n[0]]
    if "regular" in q:
        return [s for s in range(3, 200) if (s - 2) * 180 == n[0] * s]
    return [s for s in range(3, 200) if 0 < (s - 2) * 180 - n[0] < 180]


def triangle_area(q: str, level: int) -> object:
    n = numbers(q)
    if level == 2:
        return n[0] * n[1] / 2
    if level == 5:  # the height over the longest side, from the corner's coordinates
        a, b, c = sorted(n)
        x = (a * a - b * b + c * c) / (2 * c)
        return c * math.sqrt(a * a - x * x) / 2
    a, b, c = ((x, y) for x, y in zip(n[::2], n[1::2], strict=True))
    return abs(a[0] * (b[1] - c[1]) + b[0] * (c[1] - a[1]) + c[0] * (a[1] - b[1])) / 2


def sector(q: str, level: int) -> object:
    angle = int(re.findall(r"(\d+) degrees", q)[0])
    if level == 5:  # a sector is a triangle with a curved base
        arc = value(formulas(q)[0]).real
        return arc * (arc / math.radians(angle)) / 2
    r = numbers(re.sub(r"\d+ degrees", "", q))[0]
    return math.pi * (2 * r if "arc" in q else r * r) * angle / 360


CHECKS: dict[str, Check] = {
    "geometry/rectangle": by_value(rectangle),
    "geometry/circle": by_value(circle),
    "geometry/right-triangle": by_value(right_triangle),
    "geometry/triangle-angles": by_value(triangle_angles),
    "geometry/polygon": by_value(polygon),
    "geometry/triangle-area": by_value(triangle_area),
    "geometry/similar": by_value(similar),
    "geometry/solid": by_value(solid),
    "geometry/coordinates": by_value(coordinates),
    "geometry/sector": by_value(sector),
}
