"""Digits and bases: what the digits of a number make, and in which base it is written."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import plus
from amz_env.problems.math.work import ask
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student


def digits(rng: random.Random, level: int, student: Student) -> Draft:
    """The digits of a number that is to be computed; a two-digit number from what its digits make."""
    return {1: _digit_sum, 3: _sum_and_product, 4: _turned_around}[level](rng, student)


def _digit_sum(rng: random.Random, student: Student) -> Draft:
    if rng.random() < 0.6:
        a, b = rng.randint(11, 99), rng.randint(6, 60)
        written, code, value = rf"{a} \cdot {b}", f"{a} * {b}", a * b
    else:
        a, b = rng.randint(111, 900), rng.randint(11, 600)
        written, code, value = f"{a} + {b}", f"{a} + {b}", a + b
    question = ask(
        rng,
        f"What is the sum of the digits of ${written}$?",
        f"Find the sum of all digits of the number ${written}$.",
        f"Compute ${written}$ and add up its digits. What is the sum?",
    )
    sheet = Sheet(question, student)
    sheet.run(("First find the number.", "Find the number itself."), f"n = {code}\nprint(n)")
    sheet.run(("List its digits.", "Write the digits."), "c = [int(d) for d in str(n)]\nprint(c)")
    skip = "[1:]" if sheet.holds("part-for-whole") else ""
    sheet.run(("Add them up.", "Find the sum."), f"s = sum(c{skip})\nprint(s)")
    sheet.answer(("So the sum is this.", "This is the sum."), sheet["s"], sheet["n"])
    return sheet.draft(sum(map(int, str(value))))


def _sum_and_product(rng: random.Random, student: Student) -> Draft:
    """The larger or smaller of the two numbers whose digits have a given sum and product, or sum of squares."""
    t, u = sorted(rng.sample(range(1, 10), 2))
    s, which = t + u, rng.choice(("larger", "smaller"))
    if rng.random() < 0.5:
        says, condition = f"product {t * u}", f"(i // 10) * (i % 10) == {t * u}"
    else:
        squares = t * t + u * u
        says, condition = f"{squares} as the sum of their squares", f"(i // 10)**2 + (i % 10)**2 == {squares}"
    question = ask(
        rng,
        f"The digits of a two-digit number have sum {s} and {says}. What is the {which} number of this kind?",
        f"Find the {which} two-digit number whose digits add up to {s} and have {says}.",
        f"Two digits have sum {s} and {says}. What is the {which} number that can be written with both?",
        f"Two-digit numbers have digits with sum {s} and {says}. Which is the {which} one of them?",
        f"The sum of two digits is {s}. They also have {says}. What is the {which} two-digit number with these digits?",
        f"A two-digit number is written with two digits that add up to {s} and have {says}. Find the {which} such "
        "number.",
    )
    sheet = Sheet(question, student)
    sheet.run(
        (f"List the two-digit numbers with digits that add up to {s}.", "Start with the sum of the digits."),
        f"c = [i for i in range(10, 100) if i // 10 + i % 10 == {s}]\nprint(c)",
    )
    sheet.run(
        ("Keep those that fit the rest.", "Now the other thing that is given."),
        f"e = [i for i in c if {condition}]\nprint(e)",
    )
    last = (which == "larger") != sheet.holds("keeps-direction")
    sheet.run(("Take the one that is asked.", f"Take the {which} one."), f"n = e[{-1 if last else 0}]\nprint(n)")
    sheet.answer(("So the number is this.", "This is the number."), sheet["n"])
    return sheet.draft(10 * u + t if which == "larger" else 10 * t + u)


def _turned_around(rng: random.Random, student: Student) -> Draft:
    """A number and the one with its digits in the opposite order: from their difference and one fact more."""
    t, u = rng.sample(range(1, 10), 2)
    n, back = 10 * t + u, 10 * u + t
    difference = abs(n - back)
    more, becomes = ("more", "smaller") if n > back else ("less", "larger")
    fact, test = rng.choice(
        (
            (f"have sum {t + u}", f"i // 10 + i % 10 == {t + u}"),
            (f"have product {t * u}", f"(i // 10) * (i % 10) == {t * u}"),
            (f"have {t * t + u * u} as the sum of their squares", f"(i // 10)**2 + (i % 10)**2 == {t * t + u * u}"),
        )
    )
    question = ask(
        rng,
        f"The digits of a two-digit number {fact}. The number is {difference} {more} than the number with its digits "
        "in the opposite order. What is the number?",
        f"The digits of a two-digit number {fact}. When they change places, the number becomes {difference} {becomes}. "
        "Find the number.",
        f"Find the two-digit number that is {difference} {more} than the number with the same digits in the opposite "
        f"order, if its digits {fact}.",
    )
    sheet = Sheet(question, student)
    sheet.run(
        ("List the two-digit numbers with such digits.", "Start with what is said about the digits."),
        f"c = [i for i in range(10, 100) if {test}]\nprint(c)",
    )
    step = back - n if sheet.holds("keeps-direction") else n - back
    sheet.run(
        ("Keep those with this difference.", "Turn the digits around and compare."),
        f"e = [i for i in c if i - (10 * (i % 10) + i // 10) == {step}]\nprint(e)",
    )
    sheet.run(("Check the difference.",), "n = e[0]\nprint(n, 10 * (n % 10) + n // 10)")
    sheet.answer(("So the number is this.", "This is the number."), sheet["n"])
    return sheet.draft(n)


def unknown_base(rng: random.Random, level: int, student: Student) -> Draft:
    """The base in which a number, a sum or a product is written."""
    b = rng.randint(4, 12)
    largest = min(b, 10) - 1
    if level == 3:
        d = [rng.randint(1, largest), rng.randint(0, largest)]
    else:
        d = [rng.randint(1, min(largest, 5)), rng.randint(0, largest), rng.randint(0, largest)]
    value = 0
    for digit in d:
        value = value * b + digit
    written = "".join(map(str, d))
    least = max(d) + 1
    code = " + ".join(f"{digit} * b**{i}" for i, digit in zip(range(len(d) - 1, -1, -1), d, strict=True))
    other = rng.randint(11, value + 20) if level == 5 else 0
    shown = value + other
    equation = f"{written}_{{b}}{plus(other) if other else ''} = {shown}"
    tail = "" if level < 5 else ", where the other numbers are in base ten"
    question = ask(
        rng,
        f"In which base $b$ is ${equation}${tail}?",
        f"For a whole number $b$ we have ${equation}${tail}. What is the base $b$?",
        f"Find the base $b$ for which ${equation}${tail}.",
    )
    sheet = Sheet(question, student)
    if level == 5:
        sign = "+" if sheet.holds("keeps-sign") else "-"
        sheet.run(("Subtract the known number.", "Move it to the other side."), f"n = {shown} {sign} {other}\nprint(n)")
    else:
        sheet.run(("The number in base ten is this.",), f"n = {shown}\nprint(n)")
    if sheet.holds("keeps-direction"):
        code = " + ".join(f"{digit} * b**{i}" for i, digit in enumerate(d))
    sheet.run(
        ("Try the bases until the value is right.", "Multiply each digit by its place and try b."),
        f"c = [b for b in range({least}, 40) if {code} == n]\nprint(c)",
    )
    sheet.run(("Check the last digit.", "Divide by b to check."), f"b = c[0]\nprint(b, n % b == {d[-1]})")
    sheet.answer(("So the base is this.", "This is the base."), sheet["b"])
    return sheet.draft(b)
