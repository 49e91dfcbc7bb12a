"""Number theory, found again by counting through the numbers."""

import math
import re

from tests.amz_env.problems.math_reading import Check, by_value, formulas, numbers, value


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


def primes(q: str, level: int) -> object:
    low, high = numbers(q)
    found = [p for p in range(low, high + 1) if p > 1 and not any(p % d == 0 for d in range(2, math.isqrt(p) + 1))]
    return len(found) if level == 1 else sum(found)


def base_change(q: str, answer: str, level: int) -> bool:
    written = re.findall(r"(\d+)_\{(\d)\}", q)
    if level == 2:
        ((digits, base),) = written
        return answer == str(int(digits, int(base)))
    if level == 3:
        n, base = numbers(q)[:2]
        return int(answer, base) == n
    ((digits, base),) = re.findall(r"(\d+)_\{(\d)\}", answer)
    assert {b for _, b in written} == {base}
    return int(digits, int(base)) == sum(int(d, int(b)) for d, b in written)


def missing_digit(q: str, level: int) -> object:
    a, b = re.findall(r"\$(\d+)d(\d)\$", q)[0]
    assert ("three-digit" in q) == (len(a) == 1) and ("four-digit" in q) == (len(a) == 2)
    m = numbers(re.sub(r"\$[^$]*\$", "", q))[0]
    fits = [d for d in range(10) if int(f"{a}{d}{b}") % m == 0]
    assert level == 3 or len(fits) == 1, q
    return max(fits)


def last_digit(q: str, _: int) -> object:
    return sum(pow(int(a), int(n), 10) for a, n in re.findall(r"(\d+)\^\{(\d+)\}", q)) % 10


CHECKS: dict[str, Check] = {
    "number-theory/remainder": by_value(remainder),
    "number-theory/common-divisor": by_value(common),
    "number-theory/divisor-count": by_value(lambda q, level: len(divisors(q, level))),
    "number-theory/last-digit": by_value(last_digit),
    "number-theory/base-change": base_change,
    "number-theory/two-remainders": by_value(two_remainders),
    "number-theory/congruence": by_value(congruence),
    "number-theory/multiples": by_value(multiples),
    "number-theory/divisor-list": by_value(lambda q, n: divisors(q, n) if n == 1 else sum(divisors(q, n))),
    "number-theory/missing-digit": by_value(missing_digit),
    "number-theory/prime-sum": by_value(primes),
}
