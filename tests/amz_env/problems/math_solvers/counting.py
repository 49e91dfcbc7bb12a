"""Counting and probability, found again by listing what is counted."""

import math
import re
from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise, permutations, product

from tests.amz_env.problems.math_reading import Check, by_value, numbers


def draws(q: str, level: int) -> object:
    a, one, b, two = re.findall(r"(\d+) (\w+)(?: balls)? and (\d+) (\w+) balls", q)[0]
    balls = [one] * int(a) + [two] * int(b)
    wanted = {2: lambda x, y: x == y == one, 3: lambda x, y: x != y, 4: lambda x, y: one in (x, y)}[level]
    taken = list(combinations(balls, 2))
    return Fraction(sum(wanted(x, y) for x, y in taken), len(taken))


def overlap(q: str, level: int) -> object:
    n = numbers(q)
    if level == 1:
        return len(set(range(n[0])) | set(range(n[0] - n[2], n[0] + n[1] - n[2])))
    total, a, b, c = n
    for both in range(min(a, b) + 1):
        none = total - (a + b - both)
        if (both == c) if level == 2 else (none == c):
            return none if level == 2 else both
    raise AssertionError(q)


def paths(q: str, level: int) -> object:
    points = sorted({(int(x), int(y)) for x, y in re.findall(r"\((\d+), (\d+)\)", q)})

    def count(x: int, y: int) -> int:
        return 1 if x == 0 or y == 0 else count(x - 1, y) + count(x, y - 1)

    return math.prod(count(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))


@cache
def orders(word: str) -> int:
    return len(set(permutations(word)))


def arrangements(q: str, level: int) -> object:
    word = re.findall(r"\b[A-Z]{4,}\b", q)[0]
    assert level > 1 or len(set(word)) == len(word)
    return Fraction(1, orders(word)) if level == 3 else orders(word)


@cache
def groups(people: int, size: int) -> int:
    return len(list(combinations(range(people), size)))


def committee(q: str, level: int) -> object:
    n = numbers(q)
    if level == 2:
        return groups(max(n), min(n))
    sizes = len(n) - 2
    (girls, boys), rest = (n[sizes:], n[:sizes]) if "formed" in q else (n[:2], n[2:])
    if level == 3:
        return groups(girls, rest[0]) * groups(boys, rest[1])
    return sum(groups(girls, k) * groups(boys, rest[0] - k) for k in range(1, rest[0] + 1))


def pairs(q: str, level: int) -> object:
    n = numbers(q)[0]
    return groups(n, 2) if level == 2 else next(size for size in range(2, 200) if groups(size, 2) == n)


def dice(q: str, level: int) -> object:
    sides = int((re.findall(r"(\d+)-sided", q) or ["6"])[0])
    n = numbers(q)[-1]
    fits = {
        2: lambda a, b: a + b == n,
        3: lambda a, b: a + b >= n,
        4: lambda a, b: a * b % n == 0,
    }[level]
    rolls = list(product(range(1, sides + 1), repeat=2))
    return Fraction(sum(fits(*roll) for roll in rolls), len(rolls))


def seats(q: str, level: int) -> object:
    n = numbers(q)[0]
    if level == 2:  # every seating is the same as its n turns
        return math.factorial(n) // n
    places = list(permutations(range(n), 2))
    near = [pair for pair in places if abs(pair[0] - pair[1]) == 1]
    chosen = len(near) if level == 3 else len(places) - len(near)
    return chosen * math.factorial(n - 2)


def coins(q: str, level: int) -> object:
    n = numbers(q)
    wanted = {3: lambda h: h == n[-1], 4: lambda h: h >= 1, 5: lambda h: h >= 2}[level]
    rows: Counter[int] = Counter({0: 1})
    for _ in range(n[0]):  # one coin more: each row goes on with or without a head
        rows = rows + Counter({heads + 1: ways for heads, ways in rows.items()})
    return Fraction(sum(ways for heads, ways in rows.items() if wanted(heads)), sum(rows.values()))


CHECKS: dict[str, Check] = {
    "counting/choices": by_value(lambda q, _: math.prod(numbers(q))),
    "counting/letters": by_value(arrangements),
    "counting/committee": by_value(committee),
    "counting/handshakes": by_value(pairs),
    "counting/dice": by_value(dice),
    "counting/draws": by_value(draws),
    "counting/seats": by_value(seats),
    "counting/overlap": by_value(overlap),
    "counting/coins": by_value(coins),
    "counting/paths": by_value(paths),
}
