"""Probability: from conditions on numbers, of teams, of dice as points; counts found from a probability."""

import random
from fractions import Fraction
from math import comb, perm

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import plus, terms, tex
from amz_env.problems.math.work import NAMES, ask, nonzero
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student

ROLLS = tuple((a, b) for a in range(1, 7) for b in range(1, 7))
COLORS = ("red", "blue", "green", "white", "black", "yellow")
QUOTIENT = ("Divide to find the probability.", "The probability is the quotient.")
CLOSING = ("So the probability is this.", "This is the probability.")


def number_condition(rng: random.Random, level: int, student: Student) -> Draft:
    """The probability that a random number is a multiple, a divisor, or meets two conditions."""
    n = rng.randint(12, 60)
    m = rng.randint(3, 9)
    if level == 2:
        condition, test = f"a multiple of {m}", f"i % {m} == 0"
        good = [i for i in range(1, n + 1) if i % m == 0]
    elif level == 3:
        k = rng.choice([k for k in range(2, 10) if k != m])
        condition, test = f"a multiple of {k} or of {m}", f"i % {k} == 0 or i % {m} == 0"
        good = [i for i in range(1, n + 1) if i % k == 0 or i % m == 0]
    else:
        k = rng.choice((12, 18, 20, 24, 30, 36, 40, 42, 48, 54, 60, 66, 70, 72, 80, 84, 90, 96, 100, 120))
        condition, test = f"a divisor of {k} but not a multiple of {m}", f"{k} % i == 0 and i % {m} != 0"
        good = [i for i in range(1, n + 1) if k % i == 0 and i % m]
    question = ask(
        rng,
        f"A whole number from 1 to {n} is picked at random. What is the probability that it is {condition}?",
        f"One of the numbers from 1 to {n} is drawn at random. Find the probability that it is {condition}.",
        f"There are {n} cards with the numbers from 1 to {n} in a box, and one card is drawn. What is the probability "
        f"that its number is {condition}?",
    )
    sheet = Sheet(question, student)
    if level == 3 and sheet.holds("ignores-symmetry"):
        sheet.run("Count the multiples of both.", f"k = {n} // {k} + {n} // {m}\nprint(k)")
    else:
        low = 2 if level == 4 and sheet.holds("counts-one") else 1
        sheet.run(
            ("List the numbers that fit.", "Try all numbers and keep those that fit."),
            f"c = [i for i in range({low}, {n + 1}) if {test}]\nprint(c)",
        )
        sheet.run(("Count them.",), "k = len(c)\nprint(k)")
    whole = f"{n} - k" if sheet.holds("part-for-whole") else str(n)
    sheet.run(QUOTIENT, f"p = Rational(k, {whole})\nprint(p)")
    sheet.answer(CLOSING, tex(sheet["p"]), sheet["k"])
    return sheet.draft(tex(Fraction(len(good), n)))


def unknown_balls(rng: random.Random, level: int, student: Student) -> Draft:
    """How many balls of a color there are, from the probability of a draw."""
    if level == 5:
        return _two_colors(rng, student)
    r, w = rng.randint(2, 15), rng.randint(2, 15)
    one, other = rng.sample(COLORS, 2)
    name = rng.choice(NAMES)
    if level == 3:
        p = Fraction(r, r + w)
        draws = "One ball is drawn at random."
        event, drawn = f"it is {one}", f"one ball, and it is {one}"
        short = f"a {one} ball"
        chance = f"Rational({r}, {'i' if student.holds('part-for-whole') else f'{r} + i'})"
    else:
        p = Fraction(r * (r - 1), (r + w) * (r + w - 1))
        draws = "Two balls are drawn at once."
        event, drawn = f"both are {one}", f"two balls without putting the first one back, and both are {one}"
        short = f"two {one} balls at once"
        less = "" if student.holds("puts-back") else " - 1"
        chance = f"Rational({r} * ({r}{less}), ({r} + i) * ({r} + i{less}))"
    question = ask(
        rng,
        f"A box holds {r} {one} balls and some {other} balls. {draws} The probability that {event} is ${tex(p)}$. How "
        f"many {other} balls are there?",
        f"There are {r} {one} balls in a bag, and all the others are {other}. {name} draws {drawn} with probability "
        f"${tex(p)}$. How many {other} balls are in the bag?",
        f"In a box with {r} {one} and some {other} balls, the probability of getting {short} is ${tex(p)}$. Find the "
        f"number of {other} balls.",
    )
    sheet = Sheet(question, student)
    _search_balls(sheet, p, f"c = [i for i in range(1, 60) if {chance} == p]\nprint(c)", 0)
    return sheet.draft(w)


def _two_colors(rng: random.Random, student: Student) -> Draft:
    r, w = rng.sample(range(2, 16), 2)
    n, p = r + w, Fraction(2 * r * w, (r + w) * (r + w - 1))
    one, other = rng.sample(COLORS, 2)
    more = "more" if r > w else "fewer"
    question = ask(
        rng,
        f"A box holds {n} balls, {one} and {other} ones. Two balls are drawn at once. The probability that they have "
        f"different colors is ${tex(p)}$, and there are {more} {one} balls than {other} ones. How many {one} balls are "
        "there?",
        f"In a bag with {n} balls, some are {one} and the others are {other}, with {more} {one} than {other} ones. "
        f"{rng.choice(NAMES)} draws two balls at once, and they have different colors with probability ${tex(p)}$. How "
        f"many {one} balls are in the bag?",
        f"Of {n} balls in a box, some are {one}. The others are {other}. Two balls drawn at once have different colors "
        f"with probability ${tex(p)}$. If there are {more} {one} balls than {other} balls, how many {one} balls are "
        "there?",
    )
    sheet = Sheet(question, student)
    both = "" if sheet.holds("ignores-symmetry") else "2 * "
    code = f"c = [i for i in range(1, {n}) if Rational({both}i * ({n} - i), {n} * ({n} - 1)) == p]\nprint(c)"
    _search_balls(sheet, p, code, -1 if (r > w) != sheet.holds("keeps-direction") else 0)
    return sheet.draft(r)


def _search_balls(sheet: Sheet, p: Fraction, code: str, place: int) -> None:
    sheet.run(
        ("The probability must be this.", "Write down the probability."),
        f"p = Rational({p.numerator}, {p.denominator})\nprint(p)",
    )
    sheet.run(("Try the number of balls until it is right.", "Look for the number of balls."), code)
    sheet.run(("Take the one that fits.", "This is the number."), f"n = c[{place}]\nprint(n)")
    sheet.answer(("So there are this many.", "This is the number of balls."), sheet["n"])


def team(rng: random.Random, level: int, student: Student) -> Draft:
    """The probability of the number of girls in a random team."""
    g, b, k = rng.randint(4, 10), rng.randint(4, 10), rng.choice((2, 3, 4))
    exactly = rng.randint(1, k - 1)
    kind = rng.choice(("girl", "boy"))
    mine, others = (g, b) if kind == "girl" else (b, g)
    plural = f"{exactly} {kind}" + ("s" if exactly > 1 else "")
    condition = f"exactly {plural}" if level == 4 else f"at least one {kind}"
    question = ask(
        rng,
        f"From {g} girls and {b} boys a team of {k} is picked at random. What is the probability that the team has "
        f"{condition}?",
        f"A team of {k} is chosen at random from {g} girls and {b} boys. Find the probability of a team with "
        f"{condition}.",
        f"There are {g} girls and {b} boys in a club. If {k} of them are picked at random, what is the probability "
        f"that they have {condition} among them?",
    )
    sheet = Sheet(question, student)
    sheet.run((f"Choose {k} of all people.", "Count all teams."), f"w = binomial({g} + {b}, {k})\nprint(w)")
    if level == 4:
        wanted = Fraction(comb(mine, exactly) * comb(others, k - exactly), comb(g + b, k))
        sheet.run(
            (f"Choose the {kind}s and the others.", "Count both choices."),
            f"u, v = binomial({mine}, {exactly}), binomial({others}, {k - exactly})\nprint(u, v)",
        )
        sign = "+" if sheet.holds("adds-choices") else "*"
        sheet.run(("Put both choices together.",), f"t = u {sign} v\nprint(t)")
    else:
        wanted = 1 - Fraction(comb(others, k), comb(g + b, k))
        sheet.run(
            (f"Groups without a {kind}.", f"Count the teams without a {kind}."),
            f"u = binomial({others}, {k})\nprint(u)",
        )
        rest = "u" if sheet.holds("part-for-whole") else "w - u"
        sheet.run(("Take them away from all teams.",), f"t = {rest}\nprint(t)")
    sheet.run(("The probability is the quotient; it must be at most 1.",), "p = Rational(t, w)\nprint(p, p <= 1)")
    sheet.answer(CLOSING, tex(sheet["p"]), sheet["t"])
    return sheet.draft(tex(wanted))


def dice_points(rng: random.Random, level: int, student: Student) -> Draft:
    """Two dice as the numbers in an inequality, the coordinates of a point, or the numbers in an equation."""
    below = rng.random() < 0.5
    while True:
        what, left, right, differences = _rolls(rng, level, below)
        good = sum(d < 0 if below else d > 0 for d in differences)
        if 0 < good < 36:
            break
    question = ask(
        rng,
        f"Two fair dice are rolled and show the numbers $a$ and $b$. What is the probability that {what}?",
        "Let $a$ be the number on the first and $b$ the number on the second of two fair dice. Find the probability "
        f"that {what}.",
        f"{rng.choice(NAMES)} throws two fair dice and gets the numbers $a$ and $b$. What is the probability that "
        f"{what}?",
    )
    sheet = Sheet(question, student)
    sign = "<" if below != sheet.holds("keeps-direction") else ">"
    low = "a" if sheet.holds("ignores-symmetry") else "1"
    sheet.run(
        ("Count the rolls where this holds.", "Try all rolls and count those that fit."),
        f"k = len([1 for a in range(1, 7) for b in range({low}, 7) if {left} {sign} {right}])\nprint(k)",
    )
    sheet.run(("Count all rolls of two dice.",), f"n = 6 {'+' if sheet.holds('adds-choices') else '*'} 6\nprint(n)")
    sheet.run(("The probability is the quotient; it must be at most 1.",), "p = Rational(k, n)\nprint(p, p <= 1)")
    sheet.answer(CLOSING, tex(sheet["p"]), sheet["k"])
    return sheet.draft(tex(Fraction(good, 36)))


def _rolls(rng: random.Random, level: int, below: bool) -> tuple[str, str, str, list[int]]:
    """Return a condition on two rolls a and b: in words, as two sides in code, and their difference for each roll."""
    if level == 3:
        p, q = rng.randint(1, 5), rng.randint(1, 5)
        c = rng.randint(p + q + 2, 6 * (p + q) - 6)
        what = f"${terms((p, 0), 'a')} + {terms((q, 0), 'b')} {'<' if below else '>'} {c}$"
        return what, f"{p} * a + {q} * b", f"{c}", [p * a + q * b - c for a, b in ROLLS]
    if level == 4:
        m, c = nonzero(rng, -3, 4), rng.randint(-6, 12)
        what = f"the point $(a, b)$ lies {'below' if below else 'above'} the line $y = {terms((m, c))}$"
        return what, "b", f"{m} * a{plus(c) if c else ''}", [b - m * a - c for a, b in ROLLS]
    k, c = rng.randint(1, 9), nonzero(rng, -9, 9)
    kind = "no real solution" if below else "two different real solutions"
    what = f"the equation $x^2 + ax + {terms((k, c), 'b')} = 0$ has {kind}"
    return what, "a**2", f"4 * ({k} * b{plus(c)})", [a * a - 4 * (k * b + c) for a, b in ROLLS]


def written_numbers(rng: random.Random, level: int, student: Student) -> Draft:
    """How many numbers can be written with some digits, each used at most once: all, even, large ones."""
    while True:
        chosen = sorted(rng.sample(range(1, 10), rng.randint(4, 7)))
        k = rng.choice((2, 3, 4)) if level == 2 else 3
        if level == 2 or any(d % 2 == 0 for d in chosen):
            break
    length = {2: "two-digit", 3: "three-digit", 4: "four-digit"}[k]
    listed = ", ".join(map(str, chosen[:-1])) + f" and {chosen[-1]}"
    first = rng.choice(chosen[1:-1])
    condition = {2: "", 3: "even ", 4: ""}[level]
    tail = f" that are less than {first}00" if level == 4 else ""
    question = ask(
        rng,
        f"How many {condition}{length} numbers{tail} can be written with the digits {listed}, if no digit is used "
        "twice?",
        f"From the digits {listed}, {condition}{length} numbers are formed, and each digit is used at most once. How "
        f"many such numbers{tail} are there?",
        f"With the digits {listed} one can write {condition}{length} numbers where all digits are different. How many "
        f"such numbers{tail} are possible?",
    )
    sheet = Sheet(question, student)
    n = len(chosen)
    repeats = sheet.holds("puts-back")
    if level == 2:
        sheet.run(("Count the digits.",), f"n = len([{', '.join(map(str, chosen))}])\nprint(n)")
        factors = ["n"] * k if repeats else ["n", *(f"(n - {i})" for i in range(1, k))]
        sheet.run(("Each place has one choice less.", "Multiply the choices."), f"w = {' * '.join(factors)}\nprint(w)")
        sheet.answer(("So there are this many.", "This is the count."), sheet["w"])
        return sheet.draft(perm(n, k))
    test = "d % 2 == 0" if level == 3 else f"d < {first}"
    sheet.run(
        ("Count the choices of the last digit.",) if level == 3 else ("Count the choices of the first digit.",),
        f"c = [d for d in [{', '.join(map(str, chosen))}] if {test}]\nk = len(c)\nprint(c, k)",
    )
    rest = f"{n} * {n}" if repeats else f"({n} - 1) * ({n} - 2)"
    sheet.run(("Count the choices of the other places.", "Now the other two digits."), f"m = {rest}\nprint(m)")
    sign = "+" if sheet.holds("adds-choices") else "*"
    sheet.run(("Put both together.",), f"w = k {sign} m\nprint(w)")
    sheet.answer(("So there are this many.", "This is the count."), sheet["w"], sheet["m"])
    return sheet.draft(sum(d % 2 == 0 if level == 3 else d < first for d in chosen) * (n - 1) * (n - 2))
