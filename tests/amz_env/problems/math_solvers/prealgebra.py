"""Prealgebra, found again by trying numbers and adding up."""

import math
import re
from fractions import Fraction

from tests.amz_env.problems.math_reading import Check, by_value, formulas, numbers, value


def ratio_share(q: str, level: int) -> object:
    parts = [int(n) for n in re.findall(r"\d+(?::\d+)+", q)[0].split(":")]
    amount = numbers(re.sub(r"\d+(?::\d+)+", "", q))[0]
    for unit in range(1, 400):
        if level < 3 and sum(parts) * unit == amount:
            return parts[0] * unit
        if level == 3 and abs(parts[0] - parts[1]) * unit == amount:
            return sum(parts) * unit
    raise AssertionError(q)


def changes(q: str) -> list[Fraction]:
    """The factors of the price changes in the text, in order."""
    found = re.findall(r"(raised|lowered)[a-z ]* by (\d+)%", q)
    return [Fraction(100 + (int(p) if way == "raised" else -int(p)), 100) for way, p in found]


def percent_change(q: str, level: int) -> object:
    factor = math.prod(changes(q))
    if level == 5:
        assert ("higher" in q) == (factor > 1)
        return abs(factor - 1) * 100
    price = int(re.findall(r"\b(\d+)\b(?!%)", q)[0])
    return price / factor if level >= 3 else price * factor


def average(q: str, level: int) -> object:
    n = numbers(q)
    if level == 1:
        listed = n[1:] if "these" in q else n
        return Fraction(sum(listed), len(listed))
    if level == 2:
        known, mean = (n[2:], n[1]) if "All but one" in q else (n[:-1], n[-1]) if "one more" in q else (n[:-2], n[-1])
        return mean * (len(known) + 1) - sum(known)
    if level == 3:
        return (n[0] + n[2]) * n[3] - n[0] * n[1]
    if level == 4:
        listed = [n[1]] * n[0] + [n[3]] * n[2]
        return Fraction(sum(listed), len(listed))
    count, mean, other, common = n
    return [m for m in range(1, 1000) if count * mean + m * other == (count + m) * common]


def consecutive(q: str, level: int) -> object:
    words = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
    count = next(n for word, n in words.items() if f"{word} consecutive" in q.lower())
    step, combine = (1 if "whole" in q else 2), (math.prod if level >= 4 else sum)
    for start in range(1, 300):
        row = range(start, start + step * count, step)
        parity = ("odd" not in q or start % 2) and ("even" not in q or not start % 2)
        if combine(row) == numbers(q)[0] and parity:
            return max(row) if "larg" in q else min(row) if "small" in q else sum(row)
    raise AssertionError(q)


def proportion(q: str, level: int) -> object:
    a, b, c = numbers(q)
    return Fraction(b * c, a) if level == 1 else Fraction(a * b, c)


CHECKS: dict[str, Check] = {
    "prealgebra/order-of-operations": by_value(lambda q, _: value(formulas(q)[0])),
    "prealgebra/fraction-sum": by_value(
        lambda q, _: sum(Fraction(int(a), int(b)) for a, b in re.findall(r"\{(\d+)\}\{(\d+)\}", q))
    ),
    "prealgebra/percent-change": by_value(percent_change),
    "prealgebra/ratio-share": by_value(ratio_share),
    "prealgebra/average": by_value(average),
    "prealgebra/proportion": by_value(proportion),
    "prealgebra/simplify-root": by_value(lambda q, _: value(formulas(q)[0])),
    "prealgebra/consecutive-numbers": by_value(consecutive),
    "prealgebra/powers": by_value(lambda q, _: value(formulas(q)[0])),
}
