"""Squares of sums, lines, arithmetic sequences, values of functions, powers."""

import random
from fractions import Fraction

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    less,
    plus,
    terms,
    tex,
    wrapped,
)
from amz_env.problems.math.work import Work, ask, nonzero
from amz_env.problems.students import Student


def expand_square(rng: random.Random, level: int, student: Student) -> Draft:
    """The square of a sum or difference, as a polynomial."""
    a = 1 if level == 2 else rng.randint(2, 9)
    b = nonzero(rng, -30, 30) if level == 2 else nonzero(rng, -15, 15)
    x = rng.choice("xyntz")
    bracket = f"({terms((a, b), x)})^2"
    question = ask(
        rng,
        f"Expand ${bracket}$.",
        f"Write ${bracket}$ as a polynomial in ${x}$.",
        f"Multiply out ${bracket}$ and collect like terms.",
    )
    work = Work(student)
    double = work.holds("power-as-product")
    p, r = (2 * a, 2 * b) if double else (a * a, b * b)
    written = (f"{a} * 2", f"{b} * 2") if double else (f"{a}**2", f"({b})**2" if b < 0 else f"{b}**2")
    work.run(
        ("Square the first and the last term.", "Find the squares of both terms."),
        f"p, r = {written[0]}, {written[1]}\nprint(p, r)",
        (p, r),
        fits=(f"(p / {a}, r / {wrapped(b)}) == ({a}, {b})", (p, r) == (a * a, b * b)),
    )
    if work.holds("square-termwise"):
        q, code = 0, "q = 0"
    else:
        size = abs(b) if work.holds("drops-negative") else b
        q, code = 2 * a * size, f"q = 2 * {a} * {size}" if size > 0 else f"q = 2 * {a} * ({size})"
    work.run(
        ("Find the middle term, twice the product.", "The middle term comes from the products."),
        f"{code}\nprint(q)",
        q,
        fits=(f"p - q + r == ({a}{plus(-b)})**2", p - q + r == (a - b) ** 2),
    )
    work.run(
        (f"Check the value at {x} = 1.", f"Compare both forms at {x} = 1."),
        f"print(({a}{plus(b)})**2, p + q + r)",
        ((a + b) ** 2, p + q + r),
    )
    work.answer(("This is the polynomial.", "So the expanded form is this."), terms((p, q, r), x))
    return work.draft(question, terms((a * a, 2 * a * b, b * b), x))


def line(rng: random.Random, level: int, student: Student) -> Draft:
    """Slope of a line through two points, or where it meets the y axis."""
    x1, y1 = rng.randint(-6, 6), rng.randint(-9, 9)
    x2 = rng.choice([x for x in range(-8, 12) if x not in (x1, 0)])
    y2 = rng.choice([y for y in range(-9, 15) if y != y1])
    m = Fraction(y2 - y1, x2 - x1)
    points = f"$({x1}, {y1})$ and $({x2}, {y2})$"
    if level == 2:
        question = ask(
            rng,
            f"What is the slope of the line through {points}?",
            f"A line passes through the points {points}. Find its slope.",
            f"Find the slope of the line that contains {points}.",
        )
        answer = m
    else:
        question = ask(
            rng,
            f"The line through {points} meets the y-axis at $(0, b)$. What is $b$?",
            f"A line passes through the points {points}. What is its y-intercept?",
            f"Find the y-intercept of the line that contains {points}.",
        )
        answer = y1 - m * x1
    work = Work(student)
    flips = work.holds("run-over-rise")
    rise, run = y2 - y1, x2 - x1
    work.run(
        ("Find how far y and x change between the points.", "Find the rise and the run."),
        f"rise, run = {y2}{less(y1)}, {x2}{less(x1)}\nprint(rise, run)",
        (rise, run),
    )
    slope = Fraction(run, rise) if flips else Fraction(rise, run)
    work.run(
        ("Divide to get the slope.", "The slope is their quotient."),
        f"m = Rational({'run, rise' if flips else 'rise, run'})\nprint(m)",
        slope,
        sympy=True,
        fits=(f"{y1} + m * run == {y2}", y1 + slope * run == y2),
    )
    if level == 2:
        work.answer(("This is the slope.", "So the slope is this."), tex(slope), instead=rise)
        return work.draft(question, tex(answer))
    keeps = work.holds("keeps-sign")
    b = y1 + slope * x1 if keeps else y1 - slope * x1
    at = f"({x1})" if x1 < 0 else f"{x1}"
    work.run(
        ("Use the first point to find the y-intercept.", "Go back from the first point to x = 0."),
        f"b = {y1} {'+' if keeps else '-'} m * {at}\nprint(b)",
        b,
    )
    at = f"({x2})" if x2 < 0 else f"{x2}"
    work.run(
        ("Check that the second point is on the line.", "Check with the second point."),
        f"print(m * {at} + b == {y2})",
        slope * x2 + b == y2,
    )
    work.answer(("This is the y-intercept.", "So the y-intercept is this."), tex(b), instead=tex(slope))
    return work.draft(question, tex(answer))


def arithmetic_sequence(rng: random.Random, level: int, student: Student) -> Draft:
    """A term of an arithmetic sequence, or the sum of its first terms."""
    first, d = rng.randint(2, 30), rng.randint(2, 12)
    n = rng.randint(6, 12) if level == 1 else rng.randint(12, 50)
    last = first + (n - 1) * d
    start = ", ".join(f"${first + i * d}$" for i in range(3))
    if level < 3:
        question = ask(
            rng,
            f"What is term number {n} of the arithmetic sequence {start}, ...?",
            f"An arithmetic sequence begins {start}. Find the term with number {n}.",
            f"The first three terms of an arithmetic sequence are {start}. What is term number {n}?",
        )
        answer = last
    else:
        question = ask(
            rng,
            f"What is the sum of the first {n} terms of the arithmetic sequence {start}, ...?",
            f"An arithmetic sequence begins {start}. Find the sum of its first {n} terms.",
            f"The first three terms of an arithmetic sequence are {start}. Add up the first {n} terms.",
        )
        answer = n * (first + last) // 2
    work = Work(student)
    work.run(
        ("Find the common difference.", "Find the step from term to term."), f"d = {first + d} - {first}\nprint(d)", d
    )
    count = work.copy(n)
    steps = count if work.holds("off-by-one") else count - 1
    reached = first + steps * d
    code = f"{count} * d" if steps == count else f"({count} - 1) * d"
    work.run(
        (f"Find term number {count} from the first term.", f"Go from the first term to term number {count}."),
        f"last = {first} + {code}\nprint(last)",
        reached,
        fits=(f"len(range({first}, last + 1, d)) == {n}", steps + 1 == n),
    )
    if level < 3:
        work.answer(("This is the term.", "So the term is this."), reached)
        return work.draft(question, answer)
    work.run(
        ("Add the first and the last term.", "Find first plus last."), f"s = {first} + last\nprint(s)", first + reached
    )
    total = n * (first + reached)
    half = not work.holds("forgets-half")
    shown: object = (total // 2, total % 2) if half else total
    found = total // 2 if half else total
    work.run(
        (f"There are {n} terms with that mean; find the sum.", "Multiply the number of terms by the mean."),
        f"total = {n} * s // 2\nprint(total, {n} * s % 2)" if half else f"total = {n} * s\nprint(total)",
        shown,
        fits=(f"sum({first} + d * i for i in range({n})) == total", found == answer),
    )
    work.answer(("This is the sum.", "So the sum is this."), found, instead=reached)
    return work.draft(question, answer)


def function_value(rng: random.Random, level: int, student: Student) -> Draft:
    """The value of a quadratic, or of a composed function."""
    a, b, c = rng.randint(2, 6), nonzero(rng, -9, 9), nonzero(rng, -20, 20)
    f = f"$f(x) = {terms((a, b, c))}$"
    if level == 1:
        k = rng.choice([k for k in range(-6, 9) if k not in (0, 1)])
        question = ask(
            rng,
            f"If {f}, what is $f({k})$?",
            f"Let {f}. Find $f({k})$.",
            f"The function $f$ is given by {f}. Evaluate $f({k})$.",
        )
    else:
        k, m, d = rng.randint(2, 9), rng.randint(2, 5), nonzero(rng, -9, 9)
        if level == 2:
            m, d = 1, nonzero(rng, -12, 9)
        g = f"$g(x) = {terms((m, d))}$"
        question = ask(
            rng,
            f"If {f} and {g}, what is $f(g({k}))$?",
            f"Let {f} and {g}. Find $f(g({k}))$.",
            f"The functions $f$ and $g$ are given by {f} and {g}. Evaluate $f(g({k}))$.",
        )
    work = Work(student)
    u = k
    if level > 1:
        u = m * k + d
        work.run(
            (f"First find g at {k}.", f"Put {k} into g first."),
            f"u = {m} * {k}{plus(d)}\nprint(u)",
            u,
        )
    else:
        work.run((f"Put {k} in for x.", f"Here x is {k}."), f"u = {k}\nprint(u)", u)
    true = a * (k if level == 1 else m * k + d) ** 2 + b * u + c
    doubles = work.holds("power-as-product")
    size = abs(u) if work.holds("drops-negative") else u
    name = "abs(u)" if work.holds("drops-negative") else "u"
    square = 2 * size if doubles else size * size
    work.run(
        ("Find the square term.", "First the term with the square."),
        f"p = {a} * {name} * 2\nprint(p)" if doubles else f"p = {a} * {name}**2\nprint(p)",
        a * square,
        fits=(f"{a} * p == ({a} * u)**2", square == u**2),
    )
    value = a * square + b * size + c
    work.run(
        ("Add the other terms.", "Now add the rest."),
        f"y = p {'-' if b < 0 else '+'} {abs(b)} * {name}{plus(c)}\nprint(y)",
        value,
        fits=(f"({a} * u{plus(b)}) * u{plus(c)} == y", (a * u + b) * u + c == value),
    )
    work.answer(("This is the value.", "So the value is this."), value, instead=u if level > 1 else a * square)
    return work.draft(question, true)


def exponent_rules(rng: random.Random, level: int, student: Student) -> Draft:
    """Products, quotients and powers of powers of one base."""
    base = rng.choice((2, 3, 5, 6, 7, 10, 11))
    m, n = rng.randint(2, 9), rng.randint(2, 9)
    if m == n == 2:
        n = 3
    k = rng.randint(2, 5)
    left = {
        1: f"{base}^{m} \\cdot {base}^{n}",
        2: f"({base}^{m})^{n}",
        3: f"\\frac{{({base}^{m})^{n}}}{{{base}^{k}}}" if m * n > k else f"({base}^{m})^{n} \\cdot {base}^{k}",
    }[level]
    question = ask(
        rng,
        f"If ${left} = {base}^n$, what is $n$?",
        f"Find the number $n$ for which ${left} = {base}^n$.",
        f"Write ${left}$ as a single power ${base}^n$. What is $n$?",
    )
    work = Work(student)
    mixes = work.holds("multiplies-exponents")
    times = (level > 1) != mixes
    e = m * n if times else m + n
    answer = m * n if level > 1 else m + n
    work.run(
        ("Combine the exponents.", "Find the exponent of the first part."),
        f"e = {m} {'*' if times else '+'} {n}\nprint(e)",
        e,
        fits=(f"({base}**{m})**{n} == {base}**e", e == m * n) if level == 3 else None,
    )
    code = f"{base}**{m} * {base}**{n}" if level == 1 else f"({base}**{m})**{n}"
    value = Fraction(base ** (m + n) if level == 1 else base ** (m * n))
    if level == 3:
        divide = m * n > k
        answer = answer - k if divide else answer + k
        e = e - k if divide else e + k
        work.run(
            (f"Now the factor {base}^{k}.", f"Take {base}^{k} into account."),
            f"e = e {'-' if divide else '+'} {k}\nprint(e)",
            e,
        )
        code += f" // {base}**{k}" if divide else f" * {base}**{k}"
    work.run(("Check the power.", "Compare the two sides."), f"print({code} == {base}**e)", e == answer and value > 0)
    work.answer(("This is the exponent.", "So n is this."), e)
    return work.draft(question, answer)
