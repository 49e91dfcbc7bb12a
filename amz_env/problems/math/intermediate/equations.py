"""Logarithms, absolute values, equations with a root."""

import random
from functools import cache
from math import isqrt

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    plus,
    terms,
    times,
)
from amz_env.problems.math.work import Work, ask, nonzero
from amz_env.problems.students import Student


def logarithm(rng: random.Random, level: int, student: Student) -> Draft:
    """Logarithm equations: one logarithm, a shifted argument, a sum of two."""
    base = rng.randint(2, 9)
    n = rng.randint(2, {2: 9, 3: 6, 4: 4, 5: 4}.get(base, 3))
    d, e, times_n = nonzero(rng, -9, 9), 0, rng.randint(1, 9) if level == 2 else 1
    if level == 2:
        left, answer = "x", base**n
    elif level == 3:
        left, answer = f"x{plus(d)}", base**n - d
    else:
        # x (x + d) = base^n with a whole positive x
        x, d = rng.choice(_factor_pairs(base**n))
        # e shifts both arguments and keeps x positive
        e = rng.randint(0, min(x - 1, 5))
        left, answer, d = "", x - e, d + e
    equation = (
        f"$\\log_{base} {f'(x + {e})' if e else 'x'} + \\log_{base} (x + {d}) = {n}$"
        if level == 4
        else f"${times_n if times_n > 1 else ''}\\log_{base} {left if level == 2 else f'({left})'} = {times_n * n}$"
    )
    question = ask(
        rng,
        f"Solve {equation} for $x$.",
        f"What is $x$ if {equation}?",
        f"Find the number $x$ with {equation}.",
    )
    work = Work(student)
    product = work.holds("power-as-product")
    value = base * n if product else base**n
    if times_n > 1:
        work.run(
            (f"Divide by {times_n} to find the logarithm.", "First the logarithm alone."),
            f"n = {times_n * n} // {times_n}\nprint(n)",
            n,
        )
    work.run(
        ("Write it as a power of the base.", f"The logarithm says a power of {base}."),
        f"p = {base}{' * ' if product else '**'}{n}\nprint(p)",
        value,
        fits=(f"{' * '.join([str(base)] * n)} == p", value == base**n),
    )
    if level == 2:
        work.answer(("This is x.", "So x is this."), value)
        return work.draft(question, answer)
    if level == 3:
        keeps = work.holds("keeps-sign")
        found = value + d if keeps else value - d
        work.run(
            ("Move the number to the other side.", "Now solve for x."),
            f"x = p{plus(d) if keeps else plus(-d)}\nprint(x)",
            found,
        )
        work.run(("Check the power.", "Put x back in."), f"print({base}**{n} == x{plus(d)})", base**n == found + d)
        work.answer(("This is x.", "So x is this."), found, instead=value)
        return work.draft(question, answer)
    adds = work.holds("multiplies-exponents")
    goal = [i for i in range(1, 200) if (i + e + i + d if adds else (i + e) * (i + d)) == value]
    first = f"(i + {e})" if e else "i"
    work.run(
        ("The sum of logarithms is one of a product; find x.", "Multiply the arguments and look for x."),
        f"c = [i for i in range(1, 200) if {first} {'+' if adds else '*'} (i + {d}) == p]\nprint(c)",
        str(goal),
    )
    found = goal[0] if goal else 1
    work.run(
        ("Take it and check the product.", "Check with the product."),
        f"x = {found}\nprint({first.replace('i', 'x')} * (x + {d}) == {base}**{n})",
        (found + e) * (found + d) == base**n,
    )
    work.answer(("This is x.", "So x is this."), found, instead=value)
    return work.draft(question, answer)


@cache
def _factor_pairs(n: int) -> tuple[tuple[int, int], ...]:
    """Return all (x, d) with x (x + d) = n in positive whole numbers."""
    return tuple((x, n // x - x) for x in range(1, isqrt(n) + 1) if n % x == 0 and n // x > x)


def absolute_value(rng: random.Random, level: int, student: Student) -> Draft:
    """Equations and inequalities with an absolute value."""
    m, r, a = rng.randint(-12, 12), rng.randint(2, 20), 1
    if level == 3:
        a, m, r = rng.choice((2, 3, 4, 5)), rng.randint(-9, 9), rng.randint(2, 12)
    b, c = -a * m, a * r
    inside = terms((a, b))
    work = Work(student)
    if level < 4:
        question = ask(
            rng,
            f"Find all solutions of $|{inside}| = {c}$.",
            f"Solve $|{inside}| = {c}$. Give all values of $x$, separated by commas.",
            f"Which numbers $x$ satisfy $|{inside}| = {c}$?",
        )
        answer = f"{m - r}, {m + r}"
    else:
        sign = rng.choice(("<", r"\le"))
        question = ask(
            rng,
            f"Solve $|{inside}| {sign} {c}$. Give the answer as an interval.",
            f"For which numbers $x$ is $|{inside}| {sign} {c}$? Write an interval.",
            f"Find the interval of all $x$ with $|{inside}| {sign} {c}$.",
        )
        open_, close = ("(", ")") if sign == "<" else ("[", "]")
        answer = f"{open_}{m - r}, {m + r}{close}"
    keeps = work.holds("keeps-sign")
    moved = b if keeps else -b
    by = f" // {a}" if a > 1 else ""

    def case(text: tuple[str, ...], name: str, right: int) -> int:
        n = right + moved
        within = terms((a, b), name, code=True).replace("*", " * ")
        code = f"{right}{plus(moved)}" if moved else str(right)
        work.run(
            text,
            f"{name} = ({code}){by}\nprint({name})" if a > 1 else f"{name} = {code}\nprint({name})",
            n // a,
            fits=(f"abs({within}) == {c}", abs(a * (n // a) + b) == c),
        )
        return n // a

    u = case(("First the case with a plus.", f"The inside can be {c}."), "u", c)
    if work.holds("one-root") and level < 4:
        v = u
    else:
        v = case(("Now the case with a minus.", f"The inside can be -{c}."), "v", -c)
    both = v != u or not work.holds("one-root")
    code = ("{}" if a == 1 else f"{a} * {{}}") + (plus(b) if b else "")
    check = [f"abs({code.format(name)}) == {c}" for name in "uv"]
    oks = [abs(a * value + b) == c for value in (u, v)]
    if both:
        work.run(("Check both.", "Put both numbers in."), f"print({check[0]}, {check[1]})", tuple(oks))
    else:
        work.run(("Check it.", "Put the number in."), f"print({check[0]})", oks[0])
    if level < 4:
        work.answer(("These are the solutions.", "So we have the solutions."), f"{v}, {u}" if both else u)
    else:
        work.answer(("This is the interval.", "So x lies in this interval."), f"{open_}{v}, {u}{close}")
    return work.draft(question, answer)


def radical_equation(rng: random.Random, level: int, student: Student) -> Draft:
    """A root equal to a linear term: one of the two candidates is false."""
    x = rng.randint(2, 20)
    c = rng.randint(1, x - 1) if level == 5 else 0
    # sqrt(a x + b) = x - c: the squared equation has the roots x and y with y < c
    y = rng.choice([y for y in range(-15, c) if y + x - 2 * c])
    a, b = x + y - 2 * c, c * c - x * y
    inside = terms((a, b)) if a > 0 or b <= 0 else f"{b} - {terms((-a, 0))}"
    equation = f"$\\sqrt{{{inside}}} = {terms((1, -c))}$"
    question = ask(
        rng,
        f"Solve {equation} for $x$.",
        f"Find all numbers $x$ with {equation}.",
        f"What are the solutions of {equation}?",
    )
    work = Work(student)
    b_code = plus(b) if b else ""
    shift = 0 if work.holds("square-termwise") or not c else -2 * c
    # x^2 + shift x + c^2 = a x + b
    p, q = shift - a, c * c - b
    candidates = [i for i in range(-20, 31) if i * i + p * i + q == 0]
    right = f"i**2{times(shift, 'i') if shift else ''}{f' + {c * c}' if c else ''}"
    work.run(
        ("Square both sides and look for x.", "Square both sides; find the numbers that fit."),
        f"c = [i for i in range(-20, 31) if {right} == {a} * i{b_code}]\nprint(c)",
        str(candidates),
        fits=(f"sum(c) == {a}{f' + 2 * {c}' if c else ''}", sum(candidates) == a + 2 * c),
    )
    checks = [i - c >= 0 for i in candidates]
    work.run(
        ("The root is not negative; check the right side.", "The right side must not be negative."),
        f"print([i - {c} >= 0 for i in c])" if c else "print([i >= 0 for i in c])",
        str(checks),
    )
    good = [i for i, ok in zip(candidates, checks, strict=True) if ok]
    if work.holds("drops-negative"):
        good = candidates
    text = (
        ("This is the solution.", "So we have this.")
        if len(good) < 2
        else ("These are the solutions.", "So we have these.")
    )
    work.answer(text, ", ".join(map(str, good)) or "0")
    return work.draft(question, x)
