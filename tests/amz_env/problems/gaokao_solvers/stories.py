"""Stories, found again by letting them happen for all candidates."""

import re
from fractions import Fraction

from tests.amz_env.problems.gaokao_solvers.reading import the_only
from tests.amz_env.problems.math_reading import by_value, numbers


def garden(q: str, level: int) -> object:
    if level == 4:
        a, b, area = numbers(q)
        return the_only([x for x in range(1, 100) if (a + x) * (b + x) == area])
    d, given = numbers(q)
    fits = [(w, w + d) for w in range(1, 100) if (w * (w + d) if level == 3 else 4 * w + 2 * d) == given]
    w, n = fits[0]
    assert len(fits) == 1
    return w * n if level == 2 else 2 * (w + n)


def together(q: str, level: int) -> object:
    a, b, *early = numbers(q)
    first, second = Fraction(1, a), Fraction(1, b)
    if level == 2:
        return first + second
    done = early[0] * first if early else 0
    return (1 - done) / (first + second)


def buses(q: str, level: int) -> object:
    n = numbers(q)
    if level == 3:
        u, late, v = n
        return the_only([t for t in range(1, 100) if v * t == u * (t + late)])
    distance, u, v = n
    hours = the_only([t for t in range(1, 100) if u * t + v * t == distance])
    return hours if level == 1 else max(u, v) * hours


def price_change(q: str, level: int) -> object:
    if level == 3:
        way, p = re.findall(r"(raised|lowered) by (\d+)%", q)[0]
        d = int(re.findall(r"by (\d+) dollars|(\d+) dollars were", q)[0][0] or re.findall(r"(\d+) dollars were", q)[0])
        end = int(re.findall(r"(?:costs|is) (\d+) dollars", q)[0])
        sign = 1 if way == "raised" else -1
        return the_only([x for x in range(1, 2000) if Fraction(x * (100 + sign * int(p)), 100) - sign * d == end])
    if level == 4:
        p, q_ = (int(x) for x in re.findall(r"by (\d+)%", q))
        d = int(re.findall(r"(\d+) dollars", q)[0])
        assert p == q_
        return the_only([x for x in range(1, 15_000) if x * 10_000 - x * (100 + p) * (100 - p) == d * 10_000])
    start, end = (int(x) for x in re.findall(r"(\d+) dollars", q))
    sign = 1 if "raised" in q else -1
    return the_only([x for x in range(1, 100) if start * (100 + sign * x) ** 2 == end * 10_000])


def ages(q: str, level: int) -> object:
    if level == 3:
        n = numbers(q)
        d, p = min(n), max(n)
        return the_only([a for a in range(d + 1, 100) if a * (a - d) == p])
    a, b, *k = numbers(q)
    times = k[0] if k else 2
    return the_only([x for x in range(1, 100) if a + x == times * (b + x)])


def best_choice(q: str, level: int) -> object:
    n = numbers(q)
    if level < 5:
        fence = n[0]
        # a side of a whole number of quarters: fine enough to hit the best one, coarse enough to try them all
        sides = [Fraction(i, 4) for i in range(1, 4 * fence)]
        return max(x * (fence - 2 * x if level == 4 else Fraction(fence, 2) - x) for x in sides)
    price = int(re.findall(r"(?:of|at|cost) (\d+) dollars", q)[0])
    sold = int(re.findall(r"sells (\d+)", q)[0])
    step = next(x for x in n if x not in (price, sold)) if len(set(n)) == 3 else n[2]
    money = {price + x: (price + x) * (sold - step * x) for x in range(sold // step + 1)}
    return max(money, key=lambda p: money[p]) if "Which price" in q else max(money.values())


CHECKS = {
    "stories/garden": by_value(garden),
    "stories/together": by_value(together),
    "stories/buses": by_value(buses),
    "stories/price-change": by_value(price_change),
    "stories/ages": by_value(ages),
    "stories/best-choice": by_value(best_choice),
}
