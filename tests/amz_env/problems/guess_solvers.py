"""A second way to the answer of every family of mini-guess, from the question's text alone: all candidates are tried.

Where a question says that one candidate fits, the solvers let no second one pass.
"""

import re
from itertools import combinations, count, product
from math import prod

from tests.amz_env.problems.gaokao_solvers.reading import solutions, the_only
from tests.amz_env.problems.math_reading import Check, by_value, formulas, numbers


def which_prime(q: str, level: int) -> object:
    n = max(numbers(q))
    return the_only([k for p in set(numbers(q)) - {n} for k in range(n) if p * k == n])


def prime_factors(q: str, level: int) -> object:
    low, high = (int(x) for x in re.findall(r"from (\d+) to (\d+)", q)[0])
    n = max(numbers(q))
    found = [p for p in range(low, high + 1) if n % p == 0 and all(p % d for d in range(2, p))]
    assert len(found) == level - 2 and {2: "two", 3: "three"}[len(found)] in q.lower()
    return prod(found)


def ages(q: str, level: int) -> object:
    s = int(re.findall(r"sum (?:is )?(\d+)", q)[0])
    n = int(re.findall(r"product (?:of three positive whole numbers is )?(\d+)", q)[0])
    parts = [(x, y, s - x - y) for x in range(1, s) for y in range(x, s - x) if y <= s - x - y]
    return sum(x * x for x in the_only([part for part in parts if prod(part) == n]))


def pair(q: str, level: int) -> object:
    return prod(chosen(q, 2))


def three(q: str, level: int) -> object:
    return sum(x * x for x in chosen(q, 3))


def chosen(q: str, size: int) -> tuple[int, ...]:
    """The only choice of so many of the numbers a question lists that has the sum it gives."""
    listed = [int(x) for x in re.findall(r"(?:\d+, )+\d+", q)[0].split(", ")]
    s = int(re.findall(r"(?:sum|sum is|add up to|make) (\d+)", q)[0])
    assert len(set(listed)) == len(listed)
    fits = [taken for taken in combinations(listed, size) if sum(taken) == s]
    assert len(fits) == 1, fits
    return fits[0]


def signs(q: str, level: int) -> object:
    written = filled(q, "+-")
    return prod(int(n) for n in re.findall(r"- (\d+)", written))


def operations(q: str, level: int) -> object:
    signs = "+-*" if "+, - or *" in q else "+*"
    assert all(f"{place} for {sign}" in q for place, sign in enumerate(signs, 1))
    return int("".join(str(signs.index(sign) + 1) for sign in re.findall(r"[-+*]", filled(q, signs))))


def filled(q: str, signs: str) -> str:
    """The only way to write signs for the question marks of a line so that it is true."""
    line, t = re.findall(r"([\d(][\d() ]*\?[\d()? ]*\d\)?) = (-?\d+)", q)[0]
    ways = [line]
    while "?" in ways[0]:
        ways = [way.replace("?", sign, 1) for way, sign in product(ways, signs)]
    fits = [way for way in ways if eval(way) == int(t)]
    assert len(fits) == 1, fits
    return fits[0]


def multiple(q: str, level: int) -> object:
    a, r, m = numbers(q)
    if "eggs" in q:
        r, m = m, r
    return next(x for x in range(1, m + 1) if r < m and (a * x - r) % m == 0)


def power(q: str, level: int) -> object:
    a, r, m = numbers(q)
    if "equal to" in q:
        r, m = m, r
    return next(n for n in range(1, 2 * m) if r < m and (a**n - r) % m == 0)


def several(q: str, level: int) -> object:
    given = [(int(r), int(m)) for r, m in re.findall(r"(\d+) by (\d+)", q)]
    assert len(given) == (3 if level == 5 else 2) and all(r < m for r, m in given)
    return next(x for x in count(1) if all(x in range(r, x + 1, m) for r, m in given))


def two_numbers(q: str, level: int) -> object:
    p = int(re.findall(r"product (?:of two positive whole numbers is )?(\d+)", q)[0])
    what, known = re.findall(r"(sum|difference) (?:is )?(\d+)", q)[0]
    pairs = [(x, p // x) for x in range(1, p + 1) if p % x == 0 and x <= p // x]
    return the_only([y for x, y in pairs if (y + x if what == "sum" else y - x) == int(known)])


def two_prices(q: str, level: int) -> object:
    prices = {thing: int(price) for thing, price in re.findall(r"(?:buys|and|shop|the) (\w+) (?:at|costs?) (\d+)", q)}
    one = re.findall(r"How many (?:dollars are paid for the )?(\w+)", q)[0]
    a, b = prices.pop(one), the_only(list(prices.values()))
    t = max(numbers(q))
    x, _ = the_only([(x, y) for x in range(1, t) for y in range(1, t) if a * x + b * y == t])
    return a * x if "dollars are paid for" in q else x


def two_squares(q: str, level: int) -> object:
    n = the_only(numbers(q))
    assert "different" in q
    return the_only([a * b for b in range(1, n) if b * b < n for a in range(1, b) if a * a + b * b == n])


def whole_root(q: str, level: int) -> object:
    found = solutions(next(f for f in formulas(q) if "=" in f))
    assert len(found) == (3 if level == 5 else 1), found
    return max(found)


CHECKS: dict[str, Check] = {
    "divisors/which-prime": by_value(which_prime),
    "divisors/prime-factors": by_value(prime_factors),
    "divisors/ages": by_value(ages),
    "choices/pair": by_value(pair),
    "choices/three": by_value(three),
    "choices/signs": by_value(signs),
    "choices/operations": by_value(operations),
    "remainders/multiple": by_value(multiple),
    "remainders/power": by_value(power),
    "remainders/several": by_value(several),
    "equations/two-numbers": by_value(two_numbers),
    "equations/two-prices": by_value(two_prices),
    "equations/two-squares": by_value(two_squares),
    "equations/whole-root": by_value(whole_root),
}
"""family -> whether an answer is the right one for a question of a level"""
