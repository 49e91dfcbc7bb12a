"""A divisor is guessed: one of several primes, the factors of a number, three ages."""

import random
from math import prod

from amz_env.problems.base import Draft
from amz_env.problems.guess.trial import guessed
from amz_env.problems.math.work import NAMES, ask
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student

_PRIMES = (7, 11, 13, 17, 19, 23, 29, 31, 37)


def which_prime(rng: random.Random, level: int, student: Student) -> Draft:
    """The one of several primes that divides a number, for the quotient."""
    return which_prime_of(rng, student, level + 2, 100 * level)


def which_prime_of(rng: random.Random, student: Student, count: int, top: int) -> Draft:
    """The same with so many primes, and a quotient below `top`."""
    primes = _PRIMES[:count]
    right = rng.choice(primes)
    quotient = rng.choice([q for q in range(20, top) if sum(right * q % p == 0 for p in primes) == 1])
    n, shown = right * quotient, ", ".join(map(str, primes))
    question = ask(
        rng,
        f"Exactly one of the primes {shown} divides {n}. What is {n} divided by this prime?",
        f"The number {n} is a multiple of exactly one of {shown}. Divide it by this one. What is the result?",
        f"Which of the primes {shown} divides {n}? Find the quotient.",
    )
    sheet = Sheet(question, student)
    p = guessed(student, "first-prime", right, primes)
    sheet.run((f"Try the prime {p}.", f"Does {p} divide it? Try."), f"p = {p}\nprint({n} % p == 0)")
    sheet.run(("Divide by it.", "Find the quotient."), f"q = {n} // p\nprint(q)")
    sheet.answer(("This is the quotient.", "So the result is this."), sheet["q"], p)
    return sheet.draft(quotient)


def prime_factors(rng: random.Random, level: int, student: Student) -> Draft:
    """The product of the two or three larger prime factors of a number."""
    count = level - 2
    primes = _PRIMES[: level + 2]
    chosen = rng.sample(primes, count)
    n = prod(chosen) * rng.choice((2, 3, 4, 5, 6, 8, 9, 10, 12, 15))
    number, low, high = {2: "two", 3: "three"}[count], primes[0], primes[-1]
    question = ask(
        rng,
        f"The number {n} has {number} different prime factors from {low} to {high}. What is their product?",
        f"Which {number} primes from {low} to {high} divide {n}? Multiply these primes.",
        f"Exactly {number} of the primes from {low} to {high} are factors of {n}. Find their product.",
    )
    sheet = Sheet(question, student)
    names = ("p", "q", "r")[:count]
    right = student.rng.sample(chosen, count)
    wrong = [p for p in primes if p not in chosen]
    for name, prime in zip(names, right, strict=True):
        p = guessed(student, "first-prime", prime, wrong)
        wrong = [other for other in wrong if other != p]
        sheet.run((f"Try the prime {p}.", f"Does {p} divide it? Try."), f"{name} = {p}\nprint({n} % {name} == 0)")
    sheet.run(("Multiply the primes.", "Now find the product."), f"m = {' * '.join(names)}\nprint(m)")
    sheet.answer(("This is the product.", "So the product is this."), sheet["m"], sheet[names[-1]])
    return sheet.draft(prod(chosen))


def ages(rng: random.Random, level: int, student: Student) -> Draft:
    """The sum of the squares of three numbers, from their sum and product."""
    top = {4: 11, 5: 16}[level]
    while True:
        x, y, z = sorted(rng.sample(range(2, top + 1), 3))
        s, n = x + y + z, x * y * z
        others = [d for d in range(2, s // 3 + 1) if n % d == 0 and d not in (x, y)]
        if len(others) > 1 and _only_one(s, n):
            break
    name = rng.choice(NAMES)
    question = ask(
        rng,
        f"The ages of the three children of {name} are whole numbers with sum {s} and product {n}. What is the sum of "
        "the squares of their ages?",
        f"Three positive whole numbers have sum {s} and product {n}. What do their squares add up to?",
        f"The product of three positive whole numbers is {n}, and their sum is {s}. Find the sum of their squares.",
    )
    sheet = Sheet(question, student)
    a = guessed(student, "first-factor", x, others)
    sheet.run((f"Try {a} for the smallest one.", f"Let the smallest one be {a}."), f"a = {a}\nprint({n} % a == 0)")
    sheet.run(
        ("Find the product and the sum of the others.", "Take it away from product and sum."),
        f"m, t = {n} // a, {s} - a\nprint(m, t)",
    )
    b = guessed(student, "first-factor", y, [d for d in range(a + 1, (s - a + 1) // 2) if n % d == 0])
    sheet.run((f"Try {b} for the next one.", f"Let the next one be {b}."), f"b = {b}\nc = t - b\nprint(c, b * c == m)")
    sheet.run(("Add their squares.", "Square the three and add."), "q = a**2 + b**2 + c**2\nprint(q)")
    sheet.answer(("This is the sum of the squares.", "So the result is this."), sheet["q"], sheet["c"])
    return sheet.draft(x * x + y * y + z * z)


def _only_one(s: int, n: int) -> bool:
    """Return whether three positive whole numbers of this sum and product are known from them."""
    return sum(a * b * (s - a - b) == n for a in range(1, s // 3 + 1) for b in range(a, (s - a) // 2 + 1)) == 1
