"""Remainders, several remainders at once, congruences."""

import random
from math import gcd

from amz_env.problems.base import Draft
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student

_COPRIME = tuple((m, n) for n in range(4, 12) for m in range(3, n) if gcd(m, n) == 1)


def remainder(rng: random.Random, level: int, student: Student) -> Draft:
    """The remainder of a number, a difference with a product, or a product."""
    m = rng.randint(3, 13)
    a, b, c = rng.randint(20, 99), rng.randint(12, 60), rng.randint(11, 40)
    sign = rng.choice((1, -1))
    written, value = {
        1: (f"{'-' if sign < 0 else ''}{a}", sign * a),
        2: (f"{a} - {b} \\cdot {c}", a - b * c),
        3: (f"{a} \\cdot {b} \\cdot {c}", a * b * c),
    }[level]
    question = ask(
        rng,
        f"What is the remainder when ${written}$ is divided by {m}?",
        f"Find the remainder of ${written}$ after division by {m}.",
        f"When ${written}$ is divided by {m}, what is the remainder? It must be at least 0 and less than {m}.",
    )
    work = Work(student)
    if level == 3:
        u, v, w = a % m, b % m, c % m
        work.run(
            (f"Find the remainder of each factor by {m}.", f"Reduce each factor by {m}."),
            f"u, v, w = {a} % {m}, {b} % {m}, {c} % {m}\nprint(u, v, w)",
            (u, v, w),
        )
        adds = work.holds("adds-choices")
        n = u + v + w if adds else u * v * w
        work.run(
            ("Combine the three remainders.", "Put the remainders together."),
            f"n = u {'+' if adds else '*'} v {'+' if adds else '*'} w\nprint(n)",
            n,
            fits=(f"({a} * {b} * {c} - n) % {m} == 0", (value - n) % m == 0),
        )
    elif level == 2:
        left = work.holds("left-to-right")
        n = (a - b) * c if left else a - b * c
        work.run(
            ("First find the number.", "Work out the number first."),
            f"n = ({a} - {b}) * {c}\nprint(n)" if left else f"n = {a} - {b} * {c}\nprint(n)",
            n,
            fits=(f"n + {b} * {c} == {a}", n + b * c == a),
        )
    else:
        n = sign * work.copy(a)
        work.run((f"The number is divided by {m}.", "Write down the number."), f"n = {n}\nprint(n)", n)
    if work.holds("drops-negative") and n < 0:
        r, code = abs(n) % m, f"r = abs(n) % {m}"
    else:
        r, code = n % m, f"r = n % {m}"
    rest = {1: f"{a} {'-' if sign > 0 else '+'} r", 2: f"{b} * {c} - {a} + r", 3: f"{a} * {b} * {c} - r"}[level]
    work.run(
        (f"Find the remainder by {m}.", f"Divide by {m} and keep the remainder."),
        f"{code}\nprint(r)",
        r,
        fits=(f"({rest}) % {m} == 0", (value - r) % m == 0),
    )
    number = {1: f"{value}", 2: f"{a} - {b} * {c}", 3: f"{a} * {b} * {c}"}[level]
    work.run(
        (f"Check that the number minus r is a multiple of {m}.", f"Without r the number must divide by {m}."),
        f"print(({number} - r) % {m})",
        (value - r) % m,
    )
    work.answer(("This is the remainder.", "So the remainder is this."), r, instead=n if level > 1 else abs(n) // m)
    return work.draft(question, value % m)


def two_remainders(rng: random.Random, level: int, student: Student) -> Draft:
    """The smallest number with given remainders by two or three divisors."""
    m, n = rng.choice(_COPRIME)
    k = rng.choice([k for k in (5, 7, 11, 13) if gcd(k, m * n) == 1]) if level == 5 else 1
    value = rng.randint(max(m, n) + 1, m * n * k - 1)
    while value % m == 0 or value % n == 0:
        value = rng.randint(max(m, n) + 1, m * n * k - 1)
    r, s, t = value % m, value % n, value % k
    question = _remainder_question(rng, level, (m, n, k), value)
    work = Work(student)
    start, step = r, m
    if work.holds("off-by-one"):
        start = r + 1
    listed_numbers = range(start, m * n + start, step)
    work.run(
        (f"Start with the numbers that leave {r} by {m}.", f"List numbers with remainder {r} by {m}."),
        f"c = list(range({start}, {m * n + start}, {step}))\nprint(c[:4])",
        str(list(listed_numbers)[:4]),
        fits=(f"[i % {m} for i in c] == [{r}] * len(c)", start % m == r),
    )
    sums = work.holds("adds-choices")
    both = f"(n - {r}) % {m} == (n - {s}) % {n} == 0"
    if sums:
        found = m * n + r + s
        work.run(
            (f"Now use the remainder {s} by {n}.", f"Bring in the remainder {s} by {n}."),
            f"n = {m} * {n} + {r} + {s}\nprint(n)",
            found,
            fits=(both, found % m == r and found % n == s),
        )
    else:
        found = next(c for c in listed_numbers if c % n == s)
        work.run(
            (f"Now use the remainder {s} by {n}.", f"Bring in the remainder {s} by {n}."),
            f"n = [i for i in c if i % {n} == {s}][0]\nprint(n)",
            found,
            fits=(both, found % m == r and found % n == s),
        )
    if level == 5:
        while found % k != t:
            found += m * n
        work.run(
            (f"Go on in steps until the remainder by {k} is {t}.", f"Now use the remainder {t} by {k}."),
            f"while n % {k} != {t}:\n    n = n + {m} * {n}\nprint(n)",
            found,
        )
        work.run(
            ("Check the three remainders.", "All three remainders must be right."),
            f"print(n % {m}, n % {n}, n % {k})",
            (found % m, found % n, found % k),
        )
    else:
        work.run(
            ("Check both remainders.", "Both remainders must be right."),
            f"print(n % {m}, n % {n})",
            (found % m, found % n),
        )
    work.answer(("This is the number.", "So the smallest number is this."), found, instead=found + m * n)
    return work.draft(question, value)


def _remainder_question(rng: random.Random, level: int, divisors: tuple[int, int, int], value: int) -> str:
    m, n, k = divisors
    r, s, t = value % m, value % n, value % k
    if level == 5:
        return ask(
            rng,
            f"What is the smallest positive whole number that leaves remainder {r} when divided by {m}, remainder {s} "
            f"when divided by {n}, and remainder {t} when divided by {k}?",
            f"A number leaves remainders {r}, {s} and {t} when it is divided by {m}, {n} and {k}. Find the smallest "
            "such positive whole number.",
            f"Find the least positive whole number $n$ with $n \\equiv {r} \\pmod{{{m}}}$, $n \\equiv {s} "
            f"\\pmod{{{n}}}$ and $n \\equiv {t} \\pmod{{{k}}}$.",
        )
    if level == 4:
        return ask(
            rng,
            f"When the books of a school are packed in boxes of {m}, {r} {_is_left(r)} left over. In boxes of {n}, "
            f"{s} {_is_left(s)} left over. What is the smallest number of books that there can be?",
            f"A teacher has fewer than {m * n} cards. In rows of {m} there {_is_left(r)} {r} left over, in rows of "
            f"{n} there {_is_left(s)} {s} left over. How many cards are there?",
            f"In groups of {m}, the children of a camp have {r} left over. In groups of {n}, they have {s} left over. "
            "What is the smallest possible number of children?",
        )
    return ask(
        rng,
        f"What is the smallest positive whole number that leaves remainder {r} when divided by {m} and remainder {s} "
        f"when divided by {n}?",
        f"A number leaves remainder {r} when divided by {m} and remainder {s} when divided by {n}. Find the smallest "
        "such positive whole number.",
        f"Find the least positive whole number $n$ with $n \\equiv {r} \\pmod{{{m}}}$ and $n \\equiv {s} "
        f"\\pmod{{{n}}}$.",
    )


def _is_left(count: int) -> str:
    return "is" if count == 1 else "are"


def congruence(rng: random.Random, level: int, student: Student) -> Draft:
    """A linear congruence; from level 4 with a number added."""
    m = rng.choice((7, 11, 13, 17, 19, 23))
    a = rng.randint(2, m - 2)
    x = rng.randint(1, m - 1)
    b = rng.randint(1, 20) if level == 4 else 0
    c = (a * x + b) % m
    statement = f"${a}x{f' + {b}' if b else ''} \\equiv {c} \\pmod{{{m}}}$"
    question = ask(
        rng,
        f"Find the whole number $x$ with $0 \\le x < {m}$ and {statement}.",
        f"Solve {statement} for $x$, where $x$ is a whole number from 0 to {m - 1}.",
        f"Which whole number $x$ from 0 to {m - 1} satisfies {statement}?",
    )
    work = Work(student)
    r = c
    if b:
        keeps = work.holds("keeps-sign")
        r = (c + b if keeps else c - b) % m
        work.run(
            (f"Move the {b} to the other side.", f"Bring the {b} to the right."),
            f"c = ({c} {'+' if keeps else '-'} {b}) % {m}\nprint(c)",
            r,
            fits=(f"(c + {b}) % {m} == {c}", (r + b) % m == c),
        )
    else:
        work.run((f"The right side is {c}.", f"We need the remainder {c}."), f"c = {c}\nprint(c)", c)
    if work.holds("left-to-right"):
        found = r // a
        work.run(
            (f"Divide by {a} to find x.", f"Find x by {a}."),
            f"x = c // {a}\nprint(x, c % {a})",
            (found, r % a),
        )
    else:
        inverse = pow(a, -1, m)
        work.run(
            (f"Find the inverse of {a} by {m}.", f"Find the number that turns {a} into 1 by {m}."),
            f"k = [i for i in range({m}) if {a} * i % {m} == 1][0]\nprint(k)",
            inverse,
        )
        found = r * inverse % m
        work.run(("Multiply by the inverse.", "Now multiply to find x."), f"x = c * k % {m}\nprint(x)", found)
    work.run(
        ("Check the remainder with this x.", "Put x back in."),
        f"print(({a} * x + {b}) % {m} == {c})" if b else f"print({a} * x % {m} == {c})",
        (a * found + b) % m == c,
    )
    work.answer(("This is x.", "So x is this."), found, instead=r)
    return work.draft(question, x)
