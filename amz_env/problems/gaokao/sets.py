"""Sets: what meets two conditions at once."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import plus, terms
from amz_env.problems.math.work import ask
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student

KINDS = {"even": (2, 0), "odd": (2, 1), "multiples of 3": (3, 0)}
"""kind of number -> (divisor, remainder)"""


def divisors(rng: random.Random, level: int, student: Student) -> Draft:
    """Divisors of a number that are multiples of another; how many do not divide a third."""
    if level == 1:
        return _divisors_and_multiples(rng, student)
    while True:
        m, n = rng.randint(12, 200), rng.randint(12, 200)
        if len([d for d in range(1, m + 1) if m % d == 0]) >= 5 and m != n and n % m:
            break
    question = ask(
        rng,
        f"How many positive divisors of {m} do not divide {n}?",
        f"Let $A$ be the set of the positive divisors of {m} and $B$ the set of the positive divisors of {n}. How "
        "many numbers are in $A$ but not in $B$?",
        f"Some positive divisors of {m} are also divisors of {n}, and the others are not. How many others are there?",
    )
    sheet = Sheet(question, student)
    low, high = (2, m) if sheet.holds("counts-one") else (1, m + 1)
    sheet.run(
        (f"List the divisors of {m}.", f"Try all numbers that can divide {m}."),
        f"c = [d for d in range({low}, {high}) if {m} % d == 0]\nprint(c)",
    )
    sheet.run(
        (f"Keep those that do not divide {n}.", f"Leave out the divisors of {n}."),
        f"e = [d for d in c if {n} % d != 0]\nprint(e)",
    )
    sheet.run(("Count them.", "Count what is left."), "k = len(e)\nprint(k)")
    sheet.answer(("So there are this many.", "This is the count."), sheet["k"])
    return sheet.draft(sum(m % d == 0 and n % d != 0 for d in range(1, m + 1)))


def _divisors_and_multiples(rng: random.Random, student: Student) -> Draft:
    while True:
        k = rng.randint(2, 9)
        n = k * rng.randint(4, 60)
        both = [d for d in range(1, n + 1) if n % d == 0 and d % k == 0]
        if 3 <= len(both) <= 8:
            break
    question = ask(
        rng,
        f"Give the set of all multiples of {k} that divide {n}.",
        f"Which positive divisors of {n} are multiples of {k}? Give the set.",
        f"Let $A$ be the set of the positive divisors of {n} and $B$ the set of the multiples of {k}. Give the set of "
        "the numbers that are in both.",
    )
    sheet = Sheet(question, student)
    low, high = (2, n) if sheet.holds("counts-one") else (1, n + 1)
    sheet.run(
        (f"List the divisors of {n}.", f"Try all numbers that can divide {n}."),
        f"c = [d for d in range({low}, {high}) if {n} % d == 0]\nprint(c)",
    )
    sheet.run(
        (f"Keep the multiples of {k}.", f"Which of them can be divided by {k}?"),
        f"e = [d for d in c if d % {k} == 0]\nprint(e)",
    )
    sheet.answer(("So the set is this.", "This is the set."), _set(sheet["e"]))
    return sheet.draft(_set(both))


def quadratic_range(rng: random.Random, level: int, student: Student) -> Draft:
    """Numbers that satisfy a quadratic inequality and something else."""
    return _two_intervals(rng, student) if level == 4 else _whole_numbers(rng, level, student)


def _whole_numbers(rng: random.Random, level: int, student: Student) -> Draft:
    while True:
        low = rng.randint(-8, 5)
        high = low + rng.randint(4, 12)
        kind = rng.choice(sorted(KINDS))
        m, r = KINDS[kind]
        sign = rng.choice(("<", r"\le"))
        inside = [i for i in range(low, high + 1) if (sign == r"\le" or low < i < high) and i % m == r]
        if 2 <= len(inside) <= 6:
            break
    polynomial = (1, -(low + high), low * high)
    left = terms(polynomial)
    statement = f"${left} {sign} 0$" if level == 3 else f"$x^2 {sign} {terms((low + high, -low * high))}$"
    last = "Give the set" if level == 3 else "Find the sum"
    question = ask(
        rng,
        f"Let $A$ be the set of all {kind} whole numbers $x$ with {statement}. {last} of its numbers."
        if kind != "multiples of 3"
        else f"Let $A$ be the set of all multiples of 3 that satisfy {statement}. {last} of its numbers.",
        f"Which whole numbers $x$ satisfy {statement} and are {kind}? {last} of these numbers.",
        f"Among the whole numbers $x$ with {statement}, some are {kind}. {last} of them.",
    )
    sheet = Sheet(question, student)
    flips = level == 5 and sheet.holds("keeps-sign")
    used = (1, low + high, low * high) if flips else polynomial
    relation = "<=" if sign == r"\le" else "<"
    if sheet.holds("keeps-direction"):
        relation = relation.replace("<", ">")
    sheet.run(
        ("Find the numbers where both sides are equal.", "Look for the roots."),
        f"r = [i for i in range(-20, 21) if {terms(used, 'i', code=True)} == 0]\nprint(r)",
    )
    sheet.run(
        ("List the whole numbers that satisfy it.", "Try the whole numbers near the roots."),
        f"c = [i for i in range(-20, 21) if {terms(used, 'i', code=True)} {relation} 0]\nprint(c)",
    )
    sheet.run((f"Keep those that are {kind}.",), f"e = [i for i in c if i % {m} == {r}]\nprint(e)")
    if level == 3:
        sheet.answer(("So the set is this.", "This is the set."), _set(sheet["e"]))
        return sheet.draft(_set(inside))
    sheet.run(("Add them up.", "Find the sum."), "s = sum(e)\nprint(s)")
    sheet.answer(("So the sum is this.", "This is the sum."), sheet["s"])
    return sheet.draft(sum(inside))


def _two_intervals(rng: random.Random, student: Student) -> Draft:
    """An inequality with an absolute value and a quadratic one, whose intervals overlap."""
    while True:
        centre, d = rng.randint(-6, 8), rng.randint(2, 7)
        low = rng.randint(-9, 6)
        high = low + rng.randint(3, 10)
        a, b = max(low, centre - d), min(high, centre + d)
        if a < b and len({low, high, centre - d, centre + d}) == 4 and (a, b) not in ((low, high), (centre - d, b)):
            break
    closed = rng.random() < 0.5
    sign, relation = (r"\le", "<=") if closed else ("<", "<")
    inside = f"x{plus(-centre)}" if centre else "x"
    first, second = f"$|{inside}| {sign} {d}$", f"${terms((1, -(low + high), low * high))} {sign} 0$"
    question = ask(
        rng,
        f"Find the interval of all $x$ that satisfy both {first} and {second}.",
        f"Let $A$ be the set of all $x$ with {first} and $B$ the set of all $x$ with {second}. Give the interval of "
        "the numbers that are in both.",
        f"For which numbers $x$ are both {first} and {second}? Use interval notation.",
    )
    sheet = Sheet(question, student)
    shift = -centre if sheet.holds("root-sign") else centre
    sheet.run(
        ("First find the ends of the first interval.", "The case with a plus and the case with a minus."),
        f"u, v = {-d}{plus(shift)}, {d}{plus(shift)}\nprint(u, v)",
    )
    sheet.run(
        ("Find the roots of the second one.", "Now the numbers where the second one is 0."),
        f"r = [i for i in range(-20, 21) if {terms((1, -(low + high), low * high), 'i', code=True)} == 0]\nprint(r)",
    )
    larger, smaller = ("min", "max") if sheet.holds("keeps-direction") else ("max", "min")
    sheet.run(
        ("Both hold from the larger lower end to the smaller upper end.", "Put both intervals together."),
        f"a, b = {larger}(u, r[0]), {smaller}(v, r[-1])\nprint(a, b, a < b)",
    )
    sheet.run(
        ("Test a number between the ends.", "Try the middle of it."),
        f"t = (a + b) / 2\nprint(abs(t{plus(-centre)}) {relation} {d}, "
        f"{terms((1, -(low + high), low * high), 't', code=True)} {relation} 0)",
    )
    left, right = "[]" if closed else "()"
    sheet.answer(("This is the interval.", "So x lies here."), f"{left}{sheet['a']}, {sheet['b']}{right}")
    return sheet.draft(f"{left}{a}, {b}{right}")


def _set(numbers: object) -> str:
    listed = ", ".join(map(str, numbers)) if isinstance(numbers, list) else ""
    return rf"\{{{listed}\}}"
