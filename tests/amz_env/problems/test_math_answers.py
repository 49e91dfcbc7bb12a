"""mini-math, first part: every answer is found again from the question's text by brute force."""

import math
import re
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, pairwise, permutations, product

import pytest

from amz_env.problems.base import rng_of
from amz_env.problems.math import FAMILIES
from amz_env.problems.students import perfect
from tests.amz_env.problems.math_reading import equation, formulas, function, numbers, same, value, values, within

DRAWS = 40
Solver = Callable[[str, int], object]


def roots_of(text: str) -> list[int]:
    holds = equation(text)
    return [x for x in range(-250, 700) if holds(x)]


def percent_change(q: str, level: int) -> object:
    factor = Fraction(1)
    for way, p in re.findall(r"(raised|lowered)[a-z ]* by (\d+)%", q):
        factor *= Fraction(100 + (int(p) if way == "raised" else -int(p)), 100)
    price = int(re.findall(r"\b(\d+)\b(?!%)", q)[0])
    return price / factor if level == 3 else price * factor


def ratio_share(q: str, level: int) -> object:
    parts = [int(n) for n in re.findall(r"\d+(?::\d+)+", q)[0].split(":")]
    amount = numbers(re.sub(r"\d+(?::\d+)+", "", q))[0]
    for unit in range(1, 400):
        if level < 3 and sum(parts) * unit == amount:
            return parts[0] * unit
        if level == 3 and abs(parts[0] - parts[1]) * unit == amount:
            return sum(parts) * unit
    raise AssertionError(q)


def average(q: str, level: int) -> object:
    n = numbers(q)
    if level == 1:
        listed = n[1:] if "these" in q else n
        return Fraction(sum(listed), len(listed))
    if level == 3:
        return (n[0] + n[2]) * n[3] - n[0] * n[1]
    known, mean = (n[2:], n[1]) if "All but one" in q else (n[:-1], n[-1]) if "one more" in q else (n[:-2], n[-1])
    return mean * (len(known) + 1) - sum(known)


def consecutive(q: str, level: int) -> object:
    count = next(n for word, n in (("three", 3), ("four", 4), ("five", 5), ("six", 6)) if word in q.lower())
    step = 1 if "whole" in q else 2
    for start in range(1, 200):
        run = range(start, start + step * count, step)
        if sum(run) == numbers(q)[0] and ("odd" not in q or start % 2) and ("even" not in q or not start % 2):
            return max(run) if "largest" in q else min(run)
    raise AssertionError(q)


def linear_system(q: str, level: int) -> object:
    first, second = (equation(f) for f in formulas(q) if "=" in f)
    return next((x, y) for x in range(-5, 60) for y in range(-5, 60) if first(x, y) and second(x, y))


def line(q: str, level: int) -> object:
    x1, y1, x2, y2 = numbers(q)[:4]
    m = Fraction(y2 - y1, x2 - x1)
    return m if level == 2 else y2 - m * x2


def sequence(q: str, level: int) -> object:
    start = [int(n) for n in re.findall(r"\$(\d+)\$", q)]
    n = numbers(re.sub(r"\$\d+\$", "", q))[0]
    row = [start[0] + i * (start[1] - start[0]) for i in range(n)]
    return row[-1] if level < 3 else sum(row)


def function_value(q: str, level: int) -> object:
    definitions = dict(f.split("(x) = ") for f in formulas(q) if "(x)" in f)
    x = int(re.findall(r"\((-?\d+)\)", q)[-1])
    f = function(definitions["f"])
    return f(x) if level == 1 else f(function(definitions["g"])(x).real)


def exponent(q: str, level: int) -> object:
    power = next(f for f in formulas(q) if len(f) > 1)
    left, base = power.split(" = ")[0], numbers(power)[0]
    return next(n for n in range(90) if same(value(left), base**n))


def two_numbers(q: str, level: int) -> object:
    s, p = numbers(q)[:2]
    a = next(a for a in range(1, s) if a * (s - a) == p)
    b = s - a
    return {3: max(a, b) if "larger" in q else min(a, b), 4: a * a + b * b, 5: (a - b) ** 2}[level]


def remainder(q: str, level: int) -> object:
    m = numbers(re.sub(r"\$[^$]*\$", "", q))[0]
    n = int(value(formulas(q)[0]).real)
    return next(r for r in range(m) if (n - r) % m == 0)


def common(q: str, level: int) -> object:
    a, b = numbers(q)[:2]
    if re.search("multiple|bell|flash", q):
        return next(m for m in range(1, a * b + 1) if m % a == 0 and m % b == 0)
    return max(d for d in range(1, a + 1) if a % d == 0 and b % d == 0)


def divisors(q: str, level: int) -> list[int]:
    n = numbers(q)[0]
    return [d for d in range(1, n + 1) if n % d == 0 and ("even" not in q or d % 2 == 0)]


def digits_of(q: str, level: int) -> object:
    if level == 2:
        digits, base = re.findall(r"\$(\d+)_\{(\d)\}\$", q)[0]
        return int(digits, int(base))
    n, base = numbers(q)[:2]
    return next(d for d in range(10**6) if all(c < str(base) for c in str(d)) and int(str(d), base) == n)


def two_remainders(q: str, level: int) -> object:
    n = numbers(q)
    if level == 4:
        n = n[1:] if "fewer" in q else n
        pairs = [(n[1], n[0]), (n[3], n[2])]
    elif level == 5 and "remainders" in q:
        pairs = list(zip(n[:3], n[3:6], strict=True))
    else:
        pairs = list(zip(n[::2], n[1::2], strict=True))
    return next(i for i in range(1, 5000) if all(i % m == r for r, m in pairs))


def congruence(q: str, level: int) -> object:
    a, b, c, m = re.findall(r"(\d+)x(?: \+ (\d+))? \\equiv (\d+) \\pmod\{(\d+)\}", q)[0]
    return next(x for x in range(int(m)) if (int(a) * x + int(b or 0) - int(c)) % int(m) == 0)


def multiples(q: str, level: int) -> object:
    n = numbers(q)
    if level == 3:
        return len([i for i in range(n[0], n[1] + 1) if i % n[2] == 0 or i % n[3] == 0])
    low, high, k = n[1:] + n[:1] if "multiples" in q else n
    return len([i for i in range(low, high + 1) if i % k == 0])


def missing_digit(q: str, level: int) -> object:
    a, b = re.findall(r"\$(\d)d(\d)\$", q)[0]
    m = numbers(re.sub(r"\$[^$]*\$", "", q))[0]
    fits = [d for d in range(10) if int(f"{a}{d}{b}") % m == 0]
    assert level == 3 or len(fits) == 1, q
    return max(fits)


def primes(q: str, level: int) -> object:
    low, high = numbers(q)
    found = [p for p in range(low, high + 1) if p > 1 and not any(p % d == 0 for d in range(2, math.isqrt(p) + 1))]
    return len(found) if level == 1 else sum(found)


def arrangements(q: str, level: int) -> object:
    word = re.findall(r"\b[A-Z]{4,}\b", q)[0]
    count = len(set(permutations(word)))
    return Fraction(1, count) if level == 3 else count


def committee(q: str, level: int) -> object:
    n = numbers(q)
    if level == 2:
        return len(list(combinations(range(max(n)), min(n))))
    sizes = len(n) - 2
    (girls, boys), rest = (n[sizes:], n[:sizes]) if "formed" in q else (n[:2], n[2:])
    people = [("girl", i) for i in range(girls)] + [("boy", i) for i in range(boys)]
    teams = combinations(people, sum(rest))
    wanted = (lambda k: k >= 1) if level == 4 else (lambda k: k == rest[0])
    return sum(wanted(sum(who == "girl" for who, _ in team)) for team in teams)


def pairs(q: str, level: int) -> object:
    n = numbers(q)[0]
    count = {size: len(list(combinations(range(size), 2))) for size in range(2, 40)}
    return count[n] if level == 2 else next(size for size, number in count.items() if number == n)


def dice(q: str, level: int) -> object:
    n = numbers(q)[-1]
    fits = {
        2: lambda a, b: a + b == n,
        3: lambda a, b: a + b >= n,
        4: lambda a, b: a * b % n == 0,
    }[level]
    return Fraction(sum(fits(*roll) for roll in product(range(1, 7), repeat=2)), 36)


def draws(q: str, level: int) -> object:
    a, one, b, two = re.findall(r"(\d+) (\w+)(?: balls)? and (\d+) (\w+) balls", q)[0]
    balls = [one] * int(a) + [two] * int(b)
    wanted = {2: lambda x, y: x == y == one, 3: lambda x, y: x != y, 4: lambda x, y: one in (x, y)}[level]
    taken = list(combinations(balls, 2))
    return Fraction(sum(wanted(x, y) for x, y in taken), len(taken))


def seats(q: str, level: int) -> object:
    n = numbers(q)[0]
    if level == 2:
        return len([row for row in permutations(range(n)) if row[0] == 0])
    near = sum(abs(row.index(0) - row.index(1)) == 1 for row in permutations(range(n)))
    return near if level == 3 else math.factorial(n) - near


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


def coins(q: str, level: int) -> object:
    n = numbers(q)
    wanted = {3: lambda h: h == n[-1], 4: lambda h: h >= 1, 5: lambda h: h >= 2}[level]
    tosses = list(product((0, 1), repeat=n[0]))
    return Fraction(sum(wanted(sum(toss)) for toss in tosses), len(tosses))


def paths(q: str, level: int) -> object:
    points = sorted({(int(x), int(y)) for x, y in re.findall(r"\((\d+), (\d+)\)", q)})

    def count(x: int, y: int) -> int:
        return 1 if x == 0 or y == 0 else count(x - 1, y) + count(x, y - 1)

    return math.prod(count(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))


SOLVERS: dict[str, Solver] = {
    "prealgebra/order-of-operations": lambda q, _: value(formulas(q)[0]),
    "prealgebra/fraction-sum": lambda q, _: sum(
        Fraction(int(a), int(b)) for a, b in re.findall(r"\{(\d+)\}\{(\d+)\}", q)
    ),
    "prealgebra/percent-change": percent_change,
    "prealgebra/ratio-share": ratio_share,
    "prealgebra/average": average,
    "prealgebra/proportion": lambda q, level: Fraction(
        numbers(q)[1] * numbers(q)[2 if level == 1 else 0], numbers(q)[0 if level == 1 else 2]
    ),
    "prealgebra/simplify-root": lambda q, _: value(formulas(q)[0]),
    "prealgebra/consecutive-numbers": consecutive,
    "prealgebra/powers": lambda q, _: value(formulas(q)[0]),
    "algebra/linear-equation": lambda q, _: roots_of(next(f for f in formulas(q) if "=" in f)),
    "algebra/quadratic-equation": lambda q, _: roots_of(next(f for f in formulas(q) if "=" in f)),
    "algebra/linear-system": linear_system,
    "algebra/line": line,
    "algebra/arithmetic-sequence": sequence,
    "algebra/function-value": function_value,
    "algebra/exponent-rules": exponent,
    "algebra/two-numbers": two_numbers,
    "number-theory/remainder": remainder,
    "number-theory/common-divisor": common,
    "number-theory/divisor-count": lambda q, level: len(divisors(q, level)),
    "number-theory/last-digit": lambda q, _: (
        sum(pow(int(a), int(n), 10) for a, n in re.findall(r"(\d+)\^\{(\d+)\}", q)) % 10
    ),
    "number-theory/base-change": digits_of,
    "number-theory/two-remainders": two_remainders,
    "number-theory/congruence": congruence,
    "number-theory/multiples": multiples,
    "number-theory/divisor-list": lambda q, level: divisors(q, level) if level == 1 else sum(divisors(q, level)),
    "number-theory/missing-digit": missing_digit,
    "number-theory/prime-sum": primes,
    "counting/choices": lambda q, _: math.prod(numbers(q)),
    "counting/letters": arrangements,
    "counting/committee": committee,
    "counting/handshakes": pairs,
    "counting/dice": dice,
    "counting/draws": draws,
    "counting/seats": seats,
    "counting/overlap": overlap,
    "counting/coins": coins,
    "counting/paths": paths,
}


def drawn(subject: str) -> list[tuple[str, str, int]]:
    family, levels = FAMILIES[subject]
    found = []
    for level in sorted(levels):
        for index in range(8 if subject == "counting/seats" else DRAWS):
            draft = family(rng_of("answers", subject, level, index), level, perfect())
            found.append((draft.question, draft.answer, level))
    return found


@pytest.mark.parametrize("subject", SOLVERS)
def test_answer_is_found_again_from_the_question(subject: str) -> None:
    for question, answer, level in drawn(subject):
        assert same(values(answer), SOLVERS[subject](question, level)), (question, answer)


def test_expanded_square_has_the_values_of_the_square() -> None:
    for question, answer, _ in drawn("algebra/expand-square"):
        square, expanded = function(formulas(question)[0]), function(answer)
        assert "(" not in answer
        assert all(square(x) == expanded(x) for x in range(-5, 6)), question


def test_interval_holds_exactly_the_numbers_that_satisfy_the_inequality() -> None:
    for question, answer, _ in drawn("algebra/inequality"):
        holds = equation(next(f for f in formulas(question) if len(f) > 1))
        assert all(holds(x / 2) == within(answer, x / 2) for x in range(-60, 61)), (question, answer)
