"""Equations, functions, sequences and sets, found again by trying numbers and by writing sequences out."""

import math
import re
from fractions import Fraction
from itertools import accumulate, product

from tests.amz_env.problems.gaokao_solvers.reading import (
    WHOLE,
    by_set,
    evaluate,
    functions,
    holds,
    sequence,
    solutions,
    the_only,
    without_sequence,
)
from tests.amz_env.problems.math_reading import by_value, formulas, numbers, within


def equation(q: str, level: int) -> object:
    return the_only(solutions(_equality(q)))


def quadratic(q: str, level: int) -> object:
    left = next(f for f in formulas(q) if "^" in f)
    right = re.findall(r"equal to (-?\d+)", q)[0]
    found = solutions(f"{left} = {right}")
    assert len(found) == 2
    return found[1] if level == 2 else found


def term(q: str, level: int) -> object:
    if level == 1:
        a, d = sequence(q)
        n = without_sequence(q)[-1]
    else:
        a, d = map(int, re.findall(r"\$(\d+)\$", q))
        n = without_sequence(q)[-1]
    return list(range(a, a + d * n, d))[-1]


def mean(q: str, level: int) -> object:
    n = numbers(q)
    if level == 1:
        return Fraction(sum(n), len(n))
    m = n.pop() if "average" in q else n.pop(0)
    return the_only([x for x in range(1, 200) if sum(n) + x == m * (len(n) + 1)])


def multiples(q: str, level: int) -> object:
    n = numbers(q)
    low, high = map(int, re.findall(r"from (\d+) to (\d+)", q)[0])
    n.remove(low)
    n.remove(high)
    return sum(i % n[0] == 0 for i in range(low, high + 1))


def common(q: str, level: int) -> object:
    m, n = numbers(q)
    if level == 1:
        return max(i for i in range(1, m + 1) if m % i == n % i == 0)
    return next(i for i in range(1, m * n + 1) if i % m == i % n == 0)


def remainder(q: str, level: int) -> object:
    m = int(re.findall(r"by (\d+)", q)[0])
    n = int(evaluate(formulas(q)[0]).real)
    return the_only([r for r in range(m) if (n - r) % m == 0])


def percent(q: str, level: int) -> object:
    price = Fraction(re.findall(r"(\d+) dollars", q)[0])
    changes = re.findall(r"(raised|lowered) by (\d+)%", q)
    assert len(changes) == level
    for way, p in changes:
        price += price * int(p) / 100 * (1 if way == "raised" else -1)
    return price


def change(q: str, level: int) -> object:
    price = {a.removesuffix("s"): int(p) for a, p in re.findall(r"(\w+) at (\d+) dollars", q)}
    price |= {a: int(p) for a, p in re.findall(r"(?:[Oo]ne|[Ee]ach) (\w+) (?:costs )?(\d+) dollars", q)}
    counts = {a.removesuffix("s"): int(n) for n, a in re.findall(r"(\d+) (pens|caps|mugs|balls|books|kites)", q)}
    paid = int(re.findall(r"(?:with|has|From) (\d+) dollars", q)[0])
    assert price.keys() == counts.keys() and len(price) == level
    return paid - sum(price[a] * counts[a] for a in price)


def inverse(q: str, level: int) -> object:
    f = functions(q)
    if level in (1, 3):
        y = int(re.findall(r"(?:= |value )(-?\d+)(?:\$| at|,)", q)[-1])
        return the_only([x for x in WHOLE if f["f"](f["g"](x).real if level == 3 else x) == y])
    y = int(re.findall(r"(?:\}|g|h\(g)\((-?\d+)\)", q)[-1])
    x = the_only([x for x in WHOLE if f["f"](x) == y])
    return x if level == 2 else f["h"](x)


def parameter(q: str, level: int) -> object:
    body = re.findall(r"f\(x\) = (.*?)\$", q)[0]
    given = re.findall(r"f\((-?\d+)\) = (-?\d+)", q)
    if not given:
        y, x = re.findall(r"value (-?\d+) at \$x = (-?\d+)", q)[0]
        given = [(x, y)]
    names = "k" if level < 4 else "pq"
    for guess in product(range(-40, 41), repeat=len(names)):
        found = dict(zip(names, guess, strict=True))
        if all(evaluate(body, x=int(x), **found) == int(y) for x, y in given):
            break
    else:
        raise AssertionError(q)
    if level == 2:
        return found["k"]
    if level == 5:
        return min(evaluate(body, x=x, **found).real for x in range(-50, 51))
    asked = re.findall(r"f\((-?\d+)\)\$[.?]", q) or re.findall(r"x = (-?\d+)\$\?", q)
    return evaluate(body, x=int(asked[-1]), **found)


def symmetric(q: str, level: int) -> object:
    body = re.findall(r"f\(x\) = (-?\d*x\^2.*?)\$", q)[0]
    (x,) = map(int, re.findall(r"f\((-?\d+)\)\$", q))
    sign = 1
    if level != 3 and x < 0:
        x, sign = -x, -1 if "f(-x) = -f(x)" in q else 1
    if level > 2:
        period = int(re.findall(r"f\(x \+ (\d+)\)", q)[0])
        while x >= period:
            x -= period
    return sign * evaluate(body, x=x)


def two_cases(q: str, level: int) -> object:
    first, m, second, same = re.findall(
        r"f\(x\) = ([^$]*)\$ for \$x < (-?\d+)\$ and \$f\(x\) = ([^$]*)\$ for \$x \\ge (-?\d+)", q
    )[0]
    assert m == same

    def f(x: float) -> float:
        return evaluate(first if x < int(m) else second, x=x).real

    if level == 4:
        y = int(re.findall(r"f\(x\) = (-?\d+)\$", q)[0])
        return [x for x in WHOLE if f(x) == y]
    (x,) = map(int, re.findall(r"f\((-?\d+)\)", q))
    return f(x) if level == 1 else f(f(x))


def powers(q: str, level: int) -> object:
    statement = next(f for f in formulas(q) if "=" in f)
    if level == 5:
        b = int(numbers(statement)[0])
        equal = statement.replace(rf"\log_{{{b}}} x", "t").replace("(t)^2", "t^2")
        left, right = re.sub(r"(\d) t", r"\1*t", equal).split(" = ")
        return [b**t for t in range(13) if evaluate(left, t=t) == evaluate(right, t=t)]
    left, right = statement.split(" = ")
    b, e = re.fullmatch(r"(\d+)\^\{(.*)\}", left).groups()  # type: ignore[union-attr]
    found = []
    for x in range(-40, 41):
        top = int(evaluate(e, x=x).real)
        other = re.fullmatch(r"(\d+)\^(?:\{(.*)\}|(x))", right)
        value = Fraction(int(right)) if other is None else None
        if other is not None:
            value = Fraction(int(other[1])) ** int(evaluate(other[2] or other[3], x=x).real)
        if abs(top) < 200 and Fraction(int(b)) ** top == value:
            found.append(x)
    return found if level == 4 else the_only(found)


def equal_functions(q: str, level: int) -> object:
    f = functions(q)
    if level == 3:
        return [x for x in WHOLE if f["f"](x) == f["g"](x)]
    inside = re.findall(r"f\((x [+-] \d+)\) = 0", q)
    g = f["g"] if "g" in f else (lambda x: evaluate(inside[0], x=x))
    return [x for x in WHOLE if f["f"](g(x).real) == 0]


def complex_check(q: str, answer: str, level: int) -> bool:
    found = evaluate(answer)
    if level == 3:
        a, b = re.findall(r"\(([^()]*i)\)\(([^()]*i)\)", q)[0]
        z = evaluate(a) * evaluate(b)
        return found == z.real + z.imag
    split = re.findall(r"\\frac\{(.*?)\}\{(.*?)\}", q) or [re.findall(r"\((.*?)\) z = (.*?)\$", q)[0][::-1]]
    result, factor = split[0]
    return evaluate(factor) * found == evaluate(result)


def determinant(q: str, level: int) -> object:
    a, b, c, d = re.findall(r"pmatrix\} (.*?) & (.*?) \\\\ (.*?) & (.*?) \\end", q)[0]
    wanted = int((re.findall(r"(?:= |is )(-?\d+)[$.]", q))[0])
    return [x for x in WHOLE if evaluate(a, x=x) * evaluate(d, x=x) - evaluate(b, x=x) * evaluate(c, x=x) == wanted]


def which_term(q: str, level: int) -> object:
    a, d = sequence(q)
    n = without_sequence(q)
    if level == 3:
        count, m = (n[0], n[1]) if "Count" not in q else (n[1], n[0])
        return sum((a + i * d) % m == 0 for i in range(count))
    row = [a + i * d for i in range(200)]
    return row.index(n[0]) + 1 if level == 1 else sum(t < n[0] for t in row)


def two_terms(q: str, level: int) -> object:
    i, u, j, v = numbers(q.replace("{", " ").replace("}", " "))[:4]
    steps = j - i
    d = the_only([d for d in range(-50, 51) if u + steps * d == v])
    if level == 2:
        return d
    k = numbers(q)[-1]
    row = [u + (n - i) * d for n in range(1, k + 1)]
    return row[-1] if level == 3 else sum(row)


def from_roots(q: str, level: int) -> object:
    statement = next(f for f in formulas(q) if "^" in f)
    r, s = solutions(statement)
    n = numbers(q)[-1]
    row = [r + (s - r) * i for i in range(n)] if level < 5 else [r * (s // r) ** i for i in range(n)]
    assert row[:2] == [r, s]
    return row[-1] if level == 3 else sum(row)


def step_by_step(q: str, level: int) -> object:
    rule = re.findall(r"a_\{n\+1\} = (\d)a_n ([+-]) (\d+)", q)
    if rule:
        a, (factor, sign, d) = int(re.findall(r"a_1 = (\d+)", q)[0]), rule[0]
    else:
        a = int(re.findall(r"(?:with|is) (\d+)", q)[0])
        factor, sign, d = re.findall(r"(twice|\d) (?:times )?the one before (plus|minus) (\d+)", q)[0]
    times, more = (2 if factor == "twice" else int(factor)), int(d) * (-1 if sign in ("-", "minus") else 1)
    row = list(accumulate(range(30), lambda x, _: times * x + more, initial=a))
    n = numbers(q)[-1]
    if level == 4:
        return next(i + 1 for i, x in enumerate(row) if x > n)
    return row[n - 1] if level == 2 else sum(row[:n])


def from_sums(q: str, level: int) -> object:
    body = next(f for f in formulas(q) if "^2" in f).removeprefix("S_n = ")
    sums = [int(evaluate(body.replace("n", "x"), x=n).real) for n in range(200)]
    n = numbers(q)[-1]
    return {3: lambda: sums[n] - sums[n - 1], 4: lambda: sums.index(n), 5: lambda: min(sums[1:])}[level]()


def make_geometric(q: str, level: int) -> object:
    n = [int(x) for x in re.findall(r"\d+", q)]
    if level == 4:
        a, d = n
        return the_only([x for x in range(1, 1000) if Fraction(x, a) == Fraction(x + d, x)])
    total, p, r, s = n if "> 0" not in q else [n[1], *n[2:5]]
    fits = []
    for low in range(1, total):
        for middle in range(low + 1, total):
            high = total - low - middle
            if high - middle == middle - low and (low + p) * (high + s) == (middle + r) ** 2:
                fits.append(high)
    return the_only(fits)


def divisors(q: str, level: int) -> list[int]:
    a, b = numbers(q)
    if level == 1:
        k, n = sorted((a, b))
        return [d for d in range(1, n + 1) if n % d == 0 and d % k == 0]
    return [sum(a % d == 0 and b % d != 0 for d in range(1, a + 1))]


def quadratic_range(q: str, answer: str, level: int) -> bool:
    statements = [f for f in formulas(q) if "x" in f and f != "x"]
    if level == 4:
        halves = [Fraction(i, 2) for i in range(-80, 81)]
        return all(within(answer, x) == all(holds(s, x=x) for s in statements) for x in halves)
    kind = {"even": lambda i: i % 2 == 0, "odd": lambda i: i % 2 == 1, "multiples": lambda i: i % 3 == 0}
    test = next(test for word, test in kind.items() if re.search(rf"\b{word}\b", q))
    found = [x for x in range(-60, 61) if holds(statements[0], x=x) and test(x)]
    return numbers(answer) == (found if level == 3 else [sum(found)])


def two_numbers(q: str, level: int) -> object:
    m, n = numbers(q)
    fits = []
    for x in range(1, 100):
        for y in range(1, x):
            first = x - y if level == 4 else x + y
            second = x * x + y * y if level == 5 else x * y
            if (first, second) == (m, n):
                fits.append(x)
    return the_only(fits)


def system(q: str, level: int) -> object:
    if level == 3:
        one = re.findall(r"one of the (\w+)", q)[0]
        rows = re.findall(r"(\d+) (\w+) and (\d+) (\w+) cost (\d+)", q)
        rows += [(*r[1:], r[0]) for r in re.findall(r"pays (\d+) dollars for (\d+) (\w+) and (\d+) (\w+)", q)]
        assert len(rows) == 2
        prices = product(range(1, 40), repeat=2)
        return the_only(
            [x for x, y in prices if all(int(a) * x + int(b) * y == int(c) and one == n for a, n, b, _, c in rows)]
        )
    statements = [f for f in formulas(q) if "=" in f]
    grid = product(range(-12, 13), repeat=2)
    return next((x, y) for x, y in grid if all(holds(s, x=x, y=y) for s in statements))


def root_equation(q: str, level: int) -> object:
    statement = _equality(q)
    inside = re.findall(r"sqrt\{(.*?)\}", statement)[0]
    return the_only([x for x in WHOLE if evaluate(inside, x=x).real >= 0 and holds(statement, x=x)])


def _equality(q: str) -> str:
    """The equation that a question states, in one formula or in two with words between them."""
    whole = [f for f in formulas(q) if "=" in f]
    return whole[0] if whole else " = ".join(formulas(q)[1:3] if q.startswith("For") else formulas(q)[:2])


def linked(q: str, level: int) -> object:
    n = _named(q, "n")
    if level == 2:
        return evaluate(formulas(q)[-1].replace("n", "x"), x=n)
    if "term number" in q:
        a, d = sequence(q)
        return a + d * (n - 1)
    return math.comb(n, 2) if "team" in q else numbers(q)[-1] % n


def combined(q: str, level: int) -> object:
    a, b = _named(q, "a"), _named(q, "b")
    body = re.findall(r"\$(\d*a[\^ ][^$]*b[^$]*)\$", q)[-1]
    value = int(evaluate(body, a=a, b=b).real)
    return value % numbers(q)[-1] if level == 5 else value


def _named(q: str, name: str) -> int:
    words = re.findall(rf"\${name}\$ (?:is|be) (.*?)(?:\. |, and let|, what| and \$b\$|, in how)", q)[0]
    n = numbers(words)
    if "divisor" in words:
        return max(i for i in range(1, 500) if n[0] % i == n[1] % i == 0)
    if "remainder" in words:
        return n[0] % n[1]
    if "root" in words:
        return max(solutions(formulas(words)[0]))
    if "solution" in words:
        return the_only(solutions(formulas(words)[0]))
    return sum(n) // 3 if "mean" in words else sum(i % n[0] == 0 for i in range(1, n[2] + 1))


CHECKS = {
    "basics/equation": by_value(equation),
    "basics/quadratic": by_value(quadratic),
    "basics/term": by_value(term),
    "basics/mean": by_value(mean),
    "basics/multiples": by_value(multiples),
    "basics/common": by_value(common),
    "basics/remainder": by_value(remainder),
    "basics/percent": by_value(percent),
    "basics/change": by_value(change),
    "searches/two-numbers": by_value(two_numbers),
    "searches/system": by_value(system),
    "searches/root-equation": by_value(root_equation),
    "chains/linked": by_value(linked),
    "chains/combined": by_value(combined),
    "sets/divisors": lambda q, a, level: (by_set if level == 1 else by_value)(divisors)(q, a, level),
    "sets/quadratic-range": quadratic_range,
    "functions/inverse": by_value(inverse),
    "functions/parameter": by_value(parameter),
    "functions/symmetric": by_value(symmetric),
    "functions/two-cases": by_value(two_cases),
    "equations/powers": by_value(powers),
    "equations/equal-functions": by_value(equal_functions),
    "equations/complex": complex_check,
    "equations/determinant": by_value(determinant),
    "sequences/which-term": by_value(which_term),
    "sequences/two-terms": by_value(two_terms),
    "sequences/from-roots": by_value(from_roots),
    "sequences/step-by-step": by_value(step_by_step),
    "sequences/from-sums": by_value(from_sums),
    "sequences/make-geometric": by_value(make_geometric),
}
