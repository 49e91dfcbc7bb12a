"""Whole numbers, counting and probability, found again by listing all cases."""

import re
from fractions import Fraction
from itertools import combinations, permutations, product
from math import comb, factorial

from tests.amz_env.problems.gaokao_solvers.reading import evaluate, fraction, holds, the_only
from tests.amz_env.problems.math_reading import by_value, formulas, numbers

TWO_DIGITS = range(10, 100)


def digits(q: str, level: int) -> object:
    if level == 1:
        return sum(int(d) for d in str(int(evaluate(formulas(q)[0]).real)))
    fits = [n for n in TWO_DIGITS if _digits_fit(q, *map(int, str(n)))]
    if level == 3:
        assert len(fits) == 2
        return max(fits) if "larger" in q else min(fits)
    (d,) = re.findall(r"(\d+) (?:more|less|smaller|larger)", q)
    up = "more" in q or "smaller" in q
    return the_only([n for n in fits if n - int(str(n)[::-1]) == (int(d) if up else -int(d))])


def _digits_fit(q: str, t: int, u: int) -> bool:
    facts = {
        r"sum (?:is )?(\d+)": t + u,
        r"sum of two digits is (\d+)": t + u,
        r"add up to (\d+)": t + u,
        r"product (\d+)": t * u,
        r"(\d+) as the sum of their squares": t * t + u * u,
    }
    given = [(int(n), value) for pattern, value in facts.items() for n in re.findall(pattern, q)]
    assert given
    return u > 0 and all(n == value for n, value in given)


def unknown_base(q: str, level: int) -> object:
    written = re.findall(r"(\d+)_\{b\}", q)[0]
    n = numbers(q.replace(f"{written}_", ""))
    wanted = n[0] if level < 5 else n[1] - n[0]
    return the_only([b for b in range(2, 37) if b > max(map(int, written)) and int(written, b) == wanted])


def equal_pieces(q: str, level: int) -> object:
    m, n, *hours = numbers(q)
    if level == 4:
        return sum(t % m == 0 and t % n == 0 for t in range(1, 60 * hours[0] + 1))
    longest = max(i for i in range(1, m + 1) if m % i == 0 and n % i == 0)
    return longest if level == 2 else m // longest + n // longest


def ways_to_pay(q: str, level: int) -> object:
    if level == 3:
        a, b = map(int, re.findall(r"(?:cost|at) (\d+) dollars each", q))
        total = int(re.findall(r"(?:pays|exactly|pay exactly) (\d+) dollars", q)[0])
        return sum(a * x + b * y == total for x in range(1, total) for y in range(1, total))
    statement = next(f for f in formulas(q) if "=" in f)
    pairs = [(x, y) for x in range(1, 80) for y in range(1, 80) if holds(statement, x=x, y=y)]
    return len(pairs) if level == 4 else max(x * y for x, y in pairs)


def remainder_of_count(q: str, level: int) -> object:
    *n, m = numbers(q)
    if level == 2:
        return sum(range(1, n[-1] + 1)) % m
    if level == 3:
        return len(list(combinations(range(n[1]), n[0]))) % m
    return factorial(n[0]) * factorial(n[1]) % m


def number_condition(q: str, level: int) -> object:
    high = int(re.findall(r"from 1 to (\d+)", q)[0])
    n = [int(x) for x in re.findall(r"(?:multiple|divisor) of (\d+)|or of (\d+)", q) for x in x if x]
    tests = {
        2: lambda i: i % n[0] == 0,
        3: lambda i: i % n[0] == 0 or i % n[1] == 0,
        4: lambda i: n[0] % i == 0 and i % n[1] != 0,
    }
    return Fraction(sum(tests[level](i) for i in range(1, high + 1)), high)


def unknown_balls(q: str, level: int) -> object:
    p, known = fraction(q), numbers(q)[0]
    fits = []
    for other in range(1, 60):
        mine = known if level < 5 else other
        rest = other if level < 5 else known - other
        balls = [True] * mine + [False] * rest
        taken = list(combinations(balls, 1 if level == 3 else 2))
        good = sum(len(set(t)) == 2 if level == 5 else all(t) for t in taken)
        if rest > 0 and Fraction(good, len(taken)) == p:
            fits.append(other)
        if level == 5 and other == known - 1:
            break
    return the_only(fits) if level < 5 else max(fits) if "more" in q else min(fits)


def team(q: str, level: int) -> object:
    girls, boys = int(re.findall(r"(\d+) girls and", q)[0]), int(re.findall(r"and (\d+) boys", q)[0])
    k = int(re.findall(r"team of (\d+)|If (\d+)", q)[0][0] or re.findall(r"If (\d+)", q)[0])
    least, kind = re.findall(r"(exactly \d+|at least one) (girl|boy)", q)[0]
    people = [kind == "girl"] * girls + [kind == "boy"] * boys
    teams = [sum(t) for t in combinations(people, k)]
    good = [n for n in teams if (n >= 1 if least == "at least one" else n == int(least.split()[1]))]
    return Fraction(len(good), comb(girls + boys, k))


def dice_points(q: str, level: int) -> object:
    rolls = list(product(range(1, 7), repeat=2))
    if level == 3:
        statement = next(f for f in formulas(q) if "<" in f or ">" in f)
        good = [r for r in rolls if holds(statement, a=r[0], b=r[1])]
    elif level == 4:
        line = next(f for f in formulas(q) if f.startswith("y = ")).removeprefix("y = ")
        sides = [(b, evaluate(line, x=a).real) for a, b in rolls]
        good = [s for s in sides if (s[0] < s[1] if "below" in q else s[0] > s[1])]
    else:
        inside = re.findall(r"x\^2 \+ ax \+ (.*?) = 0", q)[0]
        sizes = [a * a - 4 * evaluate(inside, b=b).real for a, b in rolls]
        good = [d for d in sizes if (d < 0 if "no real" in q else d > 0)]
    return Fraction(len(good), 36)


def written_numbers(q: str, level: int) -> object:
    listed = re.findall(r"digits ((?:\d, )*\d and \d)", q)[0]
    length = {"two-digit": 2, "three-digit": 3, "four-digit": 4}[re.findall(r"\w+-digit", q)[0]]
    written = [int("".join(p)) for p in permutations(re.findall(r"\d", listed), length)]
    bound = int((re.findall(r"less than (\d+)", q) or ["10000"])[0])
    return len([n for n in written if n < bound and (n % 2 == 0 or "even" not in q)])


def left_over(q: str, level: int) -> object:
    plain = q.replace(r"\pmod", " by ")
    low, high = 1, 10**4
    if level == 4:
        low, high = map(int, re.findall(r"from (\d+) to (\d+)", q)[0])
        high += 1
    if level == 5:
        low = int(re.findall(r"above (\d+)", q)[0]) + 1
    pairs = [(int(r), int(m)) for r, m in re.findall(r"remainder (\d+)(?: when it is divided)? by (\d+)", plain)]
    pairs += [(int(r), int(m)) for r, m in re.findall(r"equiv (\d+)  ?by \{(\d+)", plain)]
    pairs += [(int(r), int(m)) for m, r in re.findall(r"(?:groups|rows) of (\d+), (\d+) are", q)]
    for r, s, m, n in re.findall(r"remainders (\d+) and (\d+) when it is divided by (\d+) and (\d+)", q):
        pairs += [(int(r), int(m)), (int(s), int(n))]
    assert len(pairs) == 2
    fits = [i for i in range(low, high) if all(i % m == r for r, m in pairs)]
    return the_only(fits) if level == 4 else fits[0]


def group_size(q: str, level: int) -> object:
    *guests, pairs = sorted(numbers(q))
    return the_only(
        [n for n in range(2, 300) if (sum(range(n)) + guests[0] * n if guests else 2 * sum(range(n))) == pairs]
    )


def draws(q: str, level: int) -> object:
    r, one, w, other = re.findall(r"(\d+) (\w+) and (\d+) (\w+)", q)[0]
    taken = list(combinations([one] * int(r) + [other] * int(w), 2))
    asked = (re.findall(r"both (\w+)", q) or [""])[0]
    tests = {
        3: lambda t: t == (asked, asked),
        4: lambda t: t[0] == t[1],
        5: lambda t: t != (asked, asked),
    }
    return Fraction(sum(tests[level](t) for t in taken), len(taken))


def two_rolls(q: str, level: int) -> object:
    n = int(re.findall(r"(\d+)-sided", q)[0])
    (words, d) = re.findall(r"(add up to|exactly|at least) (\d+)", q)[0]
    tests = {
        "add up to": lambda a, b: a + b == int(d),
        "exactly": lambda a, b: abs(a - b) == int(d),
        "at least": lambda a, b: abs(a - b) >= int(d),
    }
    rolls = list(product(range(1, n + 1), repeat=2))
    return Fraction(sum(tests[words](a, b) for a, b in rolls), len(rolls))


def choices(q: str, level: int) -> object:
    return len(list(product(*(range(n) for n in numbers(q)))))


CHECKS = {
    "numbers/digits": by_value(digits),
    "numbers/unknown-base": by_value(unknown_base),
    "numbers/equal-pieces": by_value(equal_pieces),
    "numbers/ways-to-pay": by_value(ways_to_pay),
    "numbers/remainder-of-count": by_value(remainder_of_count),
    "chance/number-condition": by_value(number_condition),
    "chance/unknown-balls": by_value(unknown_balls),
    "chance/team": by_value(team),
    "chance/dice-points": by_value(dice_points),
    "chance/written-numbers": by_value(written_numbers),
    "searches/left-over": by_value(left_over),
    "searches/group-size": by_value(group_size),
    "searches/draws": by_value(draws),
    "figures/two-rolls": by_value(two_rolls),
    "figures/choices": by_value(choices),
}
