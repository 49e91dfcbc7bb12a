"""Numbers that are guessed and checked, found again by trying all candidates, of which one only may fit."""

import re
from itertools import combinations
from math import prod

from tests.amz_env.problems.gaokao_solvers.reading import evaluate, solutions, the_only
from tests.amz_env.problems.math_reading import by_value, formulas, numbers


def cards(q: str, level: int) -> object:
    listed = [int(x) for x in re.findall(r"(?:\d+, )+\d+", q)[0].split(", ")]
    s = int(re.findall(r"(?:sum|make) (\d+)", q)[0])
    fits = [pair for pair in combinations(listed, 2) if sum(pair) == s]
    assert len(fits) == 1 and len(set(listed)) == len(listed)
    assert ("of the others" in q) == (level == 3)
    return prod(set(listed) - set(fits[0])) if level == 3 else prod(fits[0])


def rows(q: str, level: int) -> object:
    n = numbers(q)[0]
    sizes = [int(x) for x in re.findall(r"\d+(?: or \d+)+", q)[0].split(" or ")]
    assert len(sizes) == level + 1
    size, count = the_only([(size, count) for size in sizes for count in range(n) if size * count == n])
    return n + numbers(q)[-1] * size if level == 3 else count


def rectangle(q: str, level: int) -> object:
    area, perimeter = (int(re.findall(rf"{word} (?:is )?(\d+)", q)[0]) for word in ("area", "perimeter"))
    sides = [
        (x, y) for y in range(1, perimeter) for x in range(1, y + 1) if x * y == area and 2 * x + 2 * y == perimeter
    ]
    x, y = the_only(sides)
    return x**2 + y**2 if level == 4 else y


def tickets(q: str, level: int) -> object:
    adult, child = (int(re.findall(rf"(\d+) dollars for {who}", q)[0]) for who in ("adults", "children"))
    paid = int(re.findall(r"pays (\d+) dollars", q)[0])
    groups = [(x, y) for x in range(1, paid) for y in range(1, paid) if adult * x + child * y == paid]
    x, y = the_only(groups)
    return child * y if level == 5 else x


def zero_of_function(q: str, level: int) -> object:
    cubic = next(f for f in formulas(q) if "^3" in f).split("=")
    line = formulas(q)[-1]
    body = cubic[1] if "f(x)" in cubic[0] else cubic[0]
    return evaluate(line, x=the_only(solutions(f"{body} = 0")))


def legs(q: str, level: int) -> object:
    n = numbers(q)[0]
    assert "different" in q
    return the_only([a * b for b in range(1, n) if b * b < n for a in range(1, b) if a * a + b * b == n])


CHECKS = {
    "trials/cards": by_value(cards),
    "trials/rows": by_value(rows),
    "trials/rectangle": by_value(rectangle),
    "trials/tickets": by_value(tickets),
    "trials/zero-of-function": by_value(zero_of_function),
    "trials/legs": by_value(legs),
}
