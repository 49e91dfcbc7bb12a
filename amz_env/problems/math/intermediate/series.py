"""Geometric sequences and series."""

import random
from fractions import Fraction

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    tex,
)
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def geometric_series(rng: random.Random, level: int, student: Student) -> Draft:
    """Terms and sums of geometric sequences; infinite sums at level 4."""
    a, q, n = rng.randint(2, 15), rng.choice((2, 3, 4, 5)), rng.randint(4, 8)
    if level == 4:
        ratio = rng.choice(
            tuple(Fraction(t, b) for t, b in ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (2, 5), (-1, 2), (-1, 3)))
        )
        first = rng.randint(2, 50)
        second = first * ratio
        question = ask(
            rng,
            f"What is the sum of the infinite geometric series with first term {first} and ratio ${tex(ratio)}$?",
            f"An infinite geometric series starts with {first} and has common ratio ${tex(ratio)}$. Find its sum.",
            f"What is the sum of the infinite geometric series ${first} {'+' if second > 0 else '-'} "
            f"{tex(abs(second))} + ...$?",
        )
        answer = first / (1 - ratio)
        work = Work(student)
        shown = f"Rational({ratio.numerator}, {ratio.denominator})"
        wrong = work.holds("keeps-sign")
        below = 1 + ratio if wrong else 1 - ratio
        work.run(("Find the ratio.", "Write down the ratio."), f"q = {shown}\nprint(q)", ratio, sympy=True)
        work.run(
            ("Take the ratio from 1.", "Find 1 minus the ratio."),
            f"d = 1 {'+' if wrong else '-'} q\nprint(d)",
            below,
            fits=("d + q == 1", below + ratio == 1),
        )
        size = work.copy(first)
        flips = work.holds("run-over-rise")
        found = below / size if flips else size / below
        work.run(
            ("Divide the first term by it.", "Now divide."),
            f"s = {f'd / {size}' if flips else f'{size} / d'}\nprint(s)",
            found,
            fits=(f"s * d == {first}", found * below == first),
        )
        work.run(
            ("The first term and q times the sum must give the sum.", "Check the sum with its first term."),
            f"print({first} + q * s == s)",
            first + ratio * found == found,
        )
        work.answer(("This is the sum.", "So the sum is this."), tex(found), instead=tex(below))
        return work.draft(question, tex(answer))
    start = ", ".join(f"${a * q**i}$" for i in range(3))
    if level == 2:
        question = ask(
            rng,
            f"What is term number {n} of the geometric sequence {start}, ...?",
            f"A geometric sequence begins {start}. Find the term with number {n}.",
            f"The first three terms of a geometric sequence are {start}. What is term number {n}?",
        )
        answer = Fraction(a * q ** (n - 1))
    else:
        question = ask(
            rng,
            f"What is the sum of the first {n} terms of the geometric sequence {start}, ...?",
            f"A geometric sequence begins {start}. Find the sum of its first {n} terms.",
            f"The first three terms of a geometric sequence are {start}. Add up the first {n} terms.",
        )
        answer = Fraction(a * (q**n - 1) // (q - 1))
    work = Work(student)
    work.run(("Find the common ratio.", "Find the factor from term to term."), f"q = {a * q} // {a}\nprint(q)", q)
    late, product = work.holds("off-by-one"), work.holds("power-as-product")
    exponent = n if late else n - 1
    power = q * exponent if product else q**exponent
    code = f"{n}" if late else f"({n} - 1)"
    work.run(
        (f"Find term number {n}.", f"Go from the first term to term number {n}."),
        f"t = {a} * q{' * ' if product else '**'}{code}\nprint(t)",
        a * power,
        # on from the third term, one factor at a time
        fits=(f"{a * q * q}{' * q' * (n - 3)} == t", a * q ** (n - 1) == a * power),
    )
    if level == 2:
        work.answer(("This is the term.", "So the term is this."), a * power, instead=q)
        return work.draft(question, tex(answer))
    total = (a * power * q - a) // (q - 1)
    work.run(
        ("The sum is q times the last minus the first, over q minus 1.", "Use the formula for the sum."),
        f"s = (t * q - {a}) // (q - 1)\nprint(s)",
        total,
    )
    work.run(
        ("Add the terms to check.", "Check by adding."),
        f"print(s == sum({a} * q**i for i in range({n})))",
        total == sum(a * q**i for i in range(n)),
    )
    work.answer(("This is the sum.", "So the sum is this."), total, instead=a * power)
    return work.draft(question, tex(answer))
