"""Whole numbers: pieces of equal length, things that happen together, ways to pay, remainders of counts."""

import random
from math import comb, factorial, gcd, lcm

from amz_env.problems.base import Draft
from amz_env.problems.math.work import NAMES, ask
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student

STUFF = ("rope", "ribbon", "wire", "string")
PRIMES = (11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97)


def equal_pieces(rng: random.Random, level: int, student: Student) -> Draft:
    """Two lengths cut into equal pieces, and how many pieces; two things that happen together again."""
    g, p, q = rng.randint(2, 12), *rng.sample(range(2, 12), 2)
    while gcd(p, q) > 1:
        p, q = rng.sample(range(2, 12), 2)
    m, n = g * p, g * q
    if level == 4:
        return _together(rng, student)
    what = rng.choice(STUFF)
    asked = "How long is each piece in feet?" if level == 2 else "How many pieces are there?"
    question = ask(
        rng,
        f"A {what} of {m} feet and a {what} of {n} feet are cut into equal pieces that are as long as possible. "
        f"Nothing is left over. {asked}",
        f"{rng.choice(NAMES)} cuts two lengths of {what}, {m} feet and {n} feet, into equal pieces, as long as "
        f"possible, with nothing left. {asked}",
        f"Two pieces of {what} are {m} and {n} feet long. Both are cut into pieces of the same length, the greatest "
        f"that leaves no rest. {asked}",
    )
    sheet = Sheet(question, student)
    if sheet.holds("gcd-for-lcm"):
        sheet.run("Find the least common multiple of both.", f"g = lcm({m}, {n})\nprint(g)")
    else:
        sheet.run(
            ("List the common divisors of both.", "Which numbers divide both lengths?"),
            f"c = [d for d in range(1, {min(m, n) + 1}) if {m} % d == 0 and {n} % d == 0]\nprint(c)",
        )
        sheet.run(("Take the greatest one.",), "g = c[-1]\nprint(g)")
    if level == 2:
        sheet.run(("Both lengths must be multiples of it.", "Check the remainders."), f"print({m} % g, {n} % g)")
        sheet.answer(("So each one is this long.", "This is the length."), sheet["g"])
        return sheet.draft(g)
    second = "" if sheet.holds("part-for-whole") else f" + {n} // g"
    sheet.run(("Count the pieces of both.", "Divide both lengths by it."), f"k = {m} // g{second}\nprint(k)")
    sheet.answer(("So there are this many.", "This is the number of pieces."), sheet["k"], sheet["g"])
    return sheet.draft(p + q)


def _together(rng: random.Random, student: Student) -> Draft:
    while True:
        a, b = rng.sample(range(4, 31), 2)
        hours = rng.randint(2, 9)
        m = lcm(a, b)
        if gcd(a, b) > 1 and m < 60 * hours and m not in (a, b):
            break
    thing, things, does = rng.choice(
        (("bell", "bells", "rings"), ("light", "lights", "flashes"), ("bus", "buses", "leaves"))
    )
    question = ask(
        rng,
        f"One {thing} {does} every {a} minutes and another every {b} minutes. Both start together now. How many times "
        f"in the next {hours} hours does that happen again?",
        f"A {thing} {does} every {a} minutes, and another {thing} every {b} minutes. They begin at the same time. How "
        f"often does it happen together again in the next {hours} hours?",
        f"Two {things} start at the same time. The first {does} every {a} minutes and the second every {b} minutes. "
        f"How many times after the start is that at the same time in the first {hours} hours?",
    )
    sheet = Sheet(question, student)
    sheet.run(("Find the greatest common divisor.",), f"g = gcd({a}, {b})\nprint(g)")
    both = "g" if sheet.holds("gcd-for-lcm") else f"{a} * {b} // g"
    sheet.run(
        ("They meet again after the least common multiple.", "Now the least common multiple."), f"m = {both}\nprint(m)"
    )
    per_hour = 100 if sheet.holds("scales-linearly") else 60
    sheet.run(("Turn the hours into minutes.",), f"t = {hours} * {per_hour}\nprint(t)")
    one = " + 1" if sheet.holds("off-by-one") else ""
    sheet.run(("Count how often it fits.", "Divide the minutes by it."), f"n = t // m{one}\nprint(n)")
    sheet.answer(("So there are this many.", "This is the number of times."), sheet["n"], sheet["m"])
    return sheet.draft(60 * hours // m)


def ways_to_pay(rng: random.Random, level: int, student: Student) -> Draft:
    """Pairs of whole numbers that satisfy one linear equation: in a shop, plainly, under a condition."""
    a, b = rng.sample(range(2, 10), 2)
    while gcd(a, b) > 1:
        a, b = rng.sample(range(2, 10), 2)
    x, y = rng.randint(2, 12), rng.randint(2, 12)
    total = a * x + b * y
    pairs = [(i, (total - a * i) // b) for i in range(1, total) if total > a * i and (total - a * i) % b == 0]
    if level == 3:
        one, other = rng.choice((("pens", "rulers"), ("cards", "toys"), ("cups", "plates"), ("caps", "books")))
        n = rng.choice(NAMES)
        question = ask(
            rng,
            f"{one.capitalize()} cost {a} dollars each and {other} cost {b} dollars each. {n} pays {total} dollars in "
            f"all and buys at least one of each kind. In how many ways is this possible?",
            f"{n} buys some {one} at {a} dollars each and some {other} at {b} dollars each, at least one of both, for "
            f"exactly {total} dollars. How many ways are there?",
            f"In how many ways can {n} pay exactly {total} dollars for {one} at {a} dollars each and {other} at {b} "
            "dollars each, with at least one of each kind?",
        )
        wanted = len(pairs)
    elif level == 4:
        question = ask(
            rng,
            f"How many pairs $(x, y)$ of positive whole numbers satisfy ${a}x + {b}y = {total}$?",
            f"Find the number of pairs of positive whole numbers $(x, y)$ with ${a}x + {b}y = {total}$.",
            f"Let $x$ and $y$ be positive whole numbers with ${a}x + {b}y = {total}$. How many such pairs $(x, y)$ "
            "are there?",
        )
        wanted = len(pairs)
    else:
        question = ask(
            rng,
            f"The positive whole numbers $x$ and $y$ satisfy ${a}x + {b}y = {total}$. What is the largest possible "
            "value of $xy$?",
            f"For positive whole numbers $x$ and $y$ with ${a}x + {b}y = {total}$, find the largest value that $xy$ "
            "can take.",
            f"Let $x$ and $y$ be positive whole numbers. If ${a}x + {b}y = {total}$, what is the largest possible "
            "product of $x$ and $y$?",
        )
        wanted = max(i * j for i, j in pairs)
    sheet = Sheet(question, student)
    low = 0 if sheet.holds("off-by-one") else 1
    rest = f"{total} - {a} * x"
    sheet.run(
        (f"Try x; the rest must be a multiple of {b}.", "Try all x and look at the remainder."),
        f"c = [x for x in range({low}, {total // a + 1}) if ({rest}) % {b} == 0 and {rest} >= {low}]\nprint(c)",
    )
    sheet.run(("Find y for each.", "Now the other number of each pair."), f"d = [({rest}) // {b} for x in c]\nprint(d)")
    if level < 5:
        sheet.run(("Count the pairs.", "Count them."), "n = len(c)\nprint(n)")
        sheet.answer(("So there are this many.", "This is the number of ways."), sheet["n"])
        return sheet.draft(wanted)
    product = "+" if sheet.holds("adds-choices") else "*"
    sheet.run(
        ("Find the largest product.", "Multiply each pair and take the largest."),
        f"n = max([x {product} ({rest}) // {b} for x in c])\nprint(n)",
    )
    sheet.answer(("So the largest value is this.", "This is the value."), sheet["n"])
    return sheet.draft(wanted)


def remainder_of_count(rng: random.Random, level: int, student: Student) -> Draft:
    """The remainder of the number of pairs, teams, or orders."""
    m = rng.randint(3, 13)
    if level == 2:
        n = rng.randint(5, 60)
        counted, wanted = f"the sum $1 + 2 + ... + {n}$", n * (n + 1) // 2 % m
        first, text = f"{n} * ({n} + 1) // 2", "Use the formula for the sum."
        wrong, name = f"{n} * ({n} + 1)", "forgets-half"
    elif level == 3:
        n, k = rng.randint(7, 20), rng.choice((2, 3))
        counted, wanted = f"the number of ways to choose {k} of {n} players", comb(n, k) % m
        first, text = f"binomial({n}, {k})", f"Choose {k} of {n}."
        wrong = f"{n} * {n - 1}" if k == 2 else f"{n} * {n - 1} * {n - 2}"
        name = "ignores-symmetry"
    else:
        n, k, m = rng.randint(4, 7), rng.randint(2, 5), rng.choice(PRIMES)
        counted = f"the number of ways to line up {n} girls and {k} boys so that the boys come first"
        wanted = factorial(n) * factorial(k) % m
        first, text = f"factorial({n}) * factorial({k})", "Order both groups and put them together."
        wrong, name = f"factorial({n}) + factorial({k})", "adds-choices"
    question = ask(
        rng,
        f"What is the remainder when {counted} is divided by {m}?",
        f"Find the remainder when {counted} is divided by {m}.",
        f"Let $n$ be {counted}. What is the remainder when $n$ is divided by {m}?",
    )
    sheet = Sheet(question, student)
    sheet.run((text,), f"n = {wrong if sheet.holds(name) else first}\nprint(n)")
    quotient = sheet.holds("left-to-right")
    sheet.run(
        (f"Find the remainder by {m}.", f"Divide by {m} and keep the remainder."),
        f"r = n {'//' if quotient else '%'} {m}\nprint(r)",
    )
    sheet.run((f"Without r the number must divide by {m}.", "Check the remainder."), f"print((n - r) % {m}, r < {m})")
    sheet.answer(("So the remainder is this.", "This is the remainder."), sheet["r"], sheet["n"])
    return sheet.draft(wanted)
