"""A number is guessed whose multiple, whose power or which itself leaves given remainders."""

import random
from math import gcd

from amz_env.problems.base import Draft
from amz_env.problems.guess.trial import guessed
from amz_env.problems.math.work import NAMES, ask
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student

_PAIRS = {
    3: ((7, 3), (11, 3), (13, 3), (7, 4), (9, 4), (11, 4), (8, 3), (10, 3), (13, 4)),
    4: ((7, 5), (8, 5), (9, 5), (11, 5), (13, 5), (11, 6), (13, 6), (12, 5), (9, 7), (11, 7)),
    5: ((7, 3), (7, 4), (8, 3), (11, 3), (9, 4), (11, 4)),
}


def multiple(rng: random.Random, level: int, student: Student) -> Draft:
    """The smallest positive number whose multiple leaves a given remainder."""
    m = rng.choice((5, 6, 7) if level == 2 else (8, 9, 11))
    a = rng.choice([a for a in range(m + 2, 6 * m) if gcd(a, m) == 1 and a % m != 1])
    candidates = [x for x in range(2, m) if a * x % m > 1]
    x = rng.choice(candidates)
    r = a * x % m
    question = ask(
        rng,
        f"What is the smallest positive whole number $x$ such that {a} times $x$ leaves remainder {r} by {m}?",
        f"Find the smallest positive whole number $x$ with ${a}x \\equiv {r} \\pmod{{{m}}}$.",
        f"{rng.choice(NAMES)} packs $x$ boxes of {a} eggs into cartons of {m}, and {r} eggs are left over. What is the "
        "smallest possible positive $x$?",
    )
    sheet = Sheet(question, student)
    tried = guessed(student, "first-number", x, candidates)
    sheet.run((f"Try {tried} for x.", f"Let x be {tried}."), f"x = {tried}\nprint({a} * x % {m} == {r})")
    sheet.answer(("This is the number.", "So we have this x."), sheet["x"], r)
    return sheet.draft(x)


def power(rng: random.Random, level: int, student: Student) -> Draft:
    """The smallest exponent at which a power leaves a given remainder."""
    while True:
        m = rng.choice((7, 9) if level == 3 else (11, 13))
        a = rng.choice([a for a in range(2, 9 * m) if a % m > 1 and gcd(a, m) == 1])
        order = next(n for n in range(1, m) if pow(a, n, m) == 1)
        if order > 4:
            break
    n = rng.randint(2, order - 1)
    r = pow(a, n, m)
    question = ask(
        rng,
        f"What is the smallest positive whole number $n$ such that ${a}^n$ leaves remainder {r} by {m}?",
        f"Find the smallest positive whole number $n$ with ${a}^n \\equiv {r} \\pmod{{{m}}}$.",
        f"For which smallest positive exponent $n$ is the remainder of ${a}^n$ by {m} equal to {r}?",
    )
    sheet = Sheet(question, student)
    tried = guessed(student, "first-number", n, range(2, order))
    sheet.run(
        (f"Try the exponent {tried}.", f"Let the exponent be {tried}."), f"n = {tried}\nprint({a}**n % {m} == {r})"
    )
    sheet.answer(("This is the exponent.", "So the exponent is this."), sheet["n"], r)
    return sheet.draft(n)


def several(rng: random.Random, level: int, student: Student) -> Draft:
    """The smallest positive number with given remainders by two or three divisors."""
    m, n = rng.choice(_PAIRS[level])
    k = rng.choice([k for k in (5, 7) if gcd(k, m * n) == 1]) if level == 5 else 1
    value = rng.randint(m + 1, m * n * k - 1)
    r, s, t = value % m, value % n, value % k
    third, number = (f" and {t} by {k}", "three") if level == 5 else ("", "two")
    comma = "," if level == 5 else " and"
    question = ask(
        rng,
        f"What is the smallest positive whole number that leaves remainder {r} by {m}{comma} {s} by {n}{third}?",
        f"Find the smallest positive whole number with the {number} remainders {r} by {m}{comma} {s} by {n}{third}.",
        f"A positive whole number leaves remainder {r} by {m}{comma} {s} by {n}{third}. How large is it at least?",
    )
    sheet = Sheet(question, student)
    first = value % (m * n)
    x = guessed(student, "first-number", first, range(r or m if level == 5 else m + r, m * n, m))
    sheet.run((f"It leaves {r} by {m}; try {x}.", f"Try {x}, with {r} left by {m}."), f"x = {x}\nprint(x % {n} == {s})")
    if level == 5:
        steps = guessed(student, "first-number", value // (m * n), range(k))
        sheet.run(
            (f"Try {steps} more times both divisors.", f"Add {steps} times both divisors and see."),
            f"x = x + {steps} * {m} * {n}\nprint(x, x % {k} == {t})",
        )
    sheet.answer(("This is the number.", "So the number is this."), sheet["x"], m * n)
    return sheet.draft(value)
