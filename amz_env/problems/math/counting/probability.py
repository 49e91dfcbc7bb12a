"""Dice, draws from a bag, coins."""

import random
from fractions import Fraction
from math import comb, perm

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    tex,
)
from amz_env.problems.math.work import NAMES, Work, ask
from amz_env.problems.students import Student


def dice(rng: random.Random, level: int, student: Student) -> Draft:
    """Two dice: the probability of a sum, of at least a sum, or of a product."""
    name, m = rng.choice(NAMES), rng.choice((4, 6, 6, 8, 10, 12))
    s, p = (
        rng.randint(3, 2 * m - 1),
        rng.choice([p for p in (3, 4, 6, 8, 9, 10, 12, 15, 18, 20, 24) if p <= m * m // 2]),
    )
    rolls = [(a, b) for a in range(1, m + 1) for b in range(1, m + 1)]
    dice = "dice" if m == 6 else f"{m}-sided dice (numbered 1 to {m})"
    if level == 2:
        event, code = f"the sum of the numbers is {s}", f"a + b == {s}"
        hits = [(a, b) for a, b in rolls if a + b == s]
        check = f"{m} - abs({s} - {m + 1}) == k"
    elif level == 3:
        event, code = f"the sum of the numbers is at least {s}", f"a + b >= {s}"
        hits = [(a, b) for a, b in rolls if a + b >= s]
        check = f"sum(range({2 * m + 2} - {s})) == k" if s > m else f"{m * m} - sum(range({s} - 1)) == k"
    else:
        event, code = f"the product of the numbers is a multiple of {p}", f"a * b % {p} == 0"
        hits = [(a, b) for a, b in rolls if a * b % p == 0]
        check = f"sum({m} * gcd(a, {p}) // {p} for a in range(1, {m + 1})) == k"
    question = ask(
        rng,
        f"Two fair {dice} are rolled. What is the probability that {event}?",
        f"{name} rolls two fair {dice}. Find the probability that {event}.",
        f"When two fair {dice} are thrown, what is the probability that {event}?",
        f"{name} throws two fair {dice}. What is the probability that {event}?",
    )
    work = Work(student)
    pairs = work.holds("ignores-symmetry")
    good = [h for h in hits if h[0] <= h[1]] if pairs else hits
    condition = f"a <= b and {code}" if pairs else code
    if work.holds("off-by-one") and level == 3:
        condition = condition.replace(">=", ">")
        good = [h for h in good if h[0] + h[1] > s]
    fits = check, len(good) == len(hits)
    work.run(
        (f"Count the rolls where {event.replace('numbers', 'dice')}.", "Count the rolls that fit."),
        f"k = len([1 for a in range(1, {m + 1}) for b in range(1, {m + 1}) if {condition}])\nprint(k)",
        len(good),
        fits=fits if level < 4 else None,
    )
    sums = work.holds("adds-choices")
    total = 2 * m if sums else m * m
    work.run(
        ("Count all rolls of two dice.", "How many rolls are there in all?"),
        f"n = {m} {'+' if sums else '*'} {m}\nprint(n)",
        total,
        fits=(f"n / {m} == {m}", total == m * m),
    )
    found = Fraction(len(good), total)
    work.run(
        ("Divide and check that it is not more than 1.", "The probability is the quotient; it must be at most 1."),
        "r = Rational(k, n)\nprint(r, r <= 1)",
        (found, found <= 1),
        sympy=True,
        fits=fits if level == 4 else None,
    )
    work.answer(("This is the probability.", "So the probability is this."), tex(found), instead=len(good))
    return work.draft(question, tex(Fraction(len(hits), m * m)))


def draws(rng: random.Random, level: int, student: Student) -> Draft:
    """Balls drawn without replacement: both of one colour, or of different colours."""
    a, b = rng.randint(3, 9), rng.randint(2, 9)
    one, two = rng.sample(("red", "blue", "green", "white", "black", "yellow"), 2)
    n = a + b
    place = rng.choice(("bag", "box", "jar"))
    if level == 2:
        event, value = f"both balls are {one}", Fraction(a * (a - 1), n * (n - 1))
    elif level == 3:
        event, value = "the balls have different colors", Fraction(2 * a * b, n * (n - 1))
    else:
        event, value = f"at least one ball is {one}", 1 - Fraction(b * (b - 1), n * (n - 1))
    question = ask(
        rng,
        f"A {place} holds {a} {one} and {b} {two} balls. Two balls are drawn without putting the first one back. What "
        f"is the probability that {event}?",
        f"There are {a} {one} balls and {b} {two} balls in a {place}. Two of them are taken out at random, one after "
        f"the other. Find the probability that {event}.",
        f"Two balls are drawn at once from a {place} with {a} {one} and {b} {two} balls. What is the probability that "
        f"{event}?",
    )
    work = Work(student)
    first = work.copy(a)
    total = first + b
    work.run(("Count the balls.", "Find the number of balls."), f"n = {first} + {b}\nprint(n)", total)
    back = work.holds("puts-back")
    less = 0 if back else 1
    rest = "n" if back else "(n - 1)"
    if level == 3:
        half = work.holds("ignores-symmetry")
        good = (1 if half else 2) * first * b
        code = f"g = {first} * {b}" if half else f"g = 2 * {first} * {b}"
        words = (f"Count {one} then {two}, and {two} then {one}.", "Count the orders with different colors.")
        fits = f"({a} + {b})**2 - {a}**2 - {b}**2 == g", good == 2 * a * b
    else:
        color, x = (one, first) if level == 2 else (two, b)
        good = x * (x - less)
        code = f"g = {x} * {x}" if back else f"g = {x} * ({x} - 1)"
        words = (f"Count the ways to draw two {color} balls.", f"First {color}, then {color} again.")
        many = a if level == 2 else b
        fits = f"2 * sum(range({many})) == g", good == many * (many - 1)
    work.run(words, f"{code}\nprint(g)", good, fits=fits)
    ways = total * (total - less)
    work.run(
        ("Count all ways to draw two.", "Count all draws of two balls."),
        f"w = n * {rest}\nprint(w)",
        ways,
        fits=(f"2 * sum(range({a} + {b})) == w", ways == n * (n - 1)) if level == 3 else None,
    )
    found = Fraction(good, ways)
    direct, with_one = f"p * w == {a} * {a - 1} + 2 * {a} * {b}", a * (a - 1) + 2 * a * b
    if level == 4 and not work.holds("part-for-whole"):
        found = 1 - found
        work.run(
            (f"Take the draws without {one} from 1.", "Use the opposite event."),
            "p = 1 - Rational(g, w)\nprint(p)",
            found,
            sympy=True,
            fits=(direct, found * ways == with_one),
        )
    else:
        work.run(
            ("Divide to find the probability.", "Now divide."),
            "p = Rational(g, w)\nprint(p)",
            found,
            sympy=True,
            fits=(direct, found * ways == with_one) if level == 4 else None,
        )
    work.answer(
        ("This is the probability.", "So the probability is this."), tex(found), instead=tex(Fraction(first, total))
    )
    return work.draft(question, tex(value))


def coins(rng: random.Random, level: int, student: Student) -> Draft:
    """Fair coins: exactly k heads, at least one head, at least two heads."""
    name, n, face = rng.choice(NAMES), rng.randint(3, 9), rng.choice(("heads", "tails"))
    k = rng.randint(1, n - 1)
    if level == 3:
        event, good = f"exactly {k} of them {'show' if k > 1 else 'shows'} {face}", comb(n, k)
    elif level == 4:
        n = rng.randint(3, 16)
        event, good = f"at least one of them shows {face}", 2**n - 1
    else:
        n = rng.randint(4, 16)
        event, good = f"at least two of them show {face}", 2**n - 1 - n
    question = ask(
        rng,
        f"{n} fair coins are tossed. What is the probability that {event}?",
        f"{name} tosses {n} fair coins. Find the probability that {event}.",
        f"{name} throws {n} fair coins. What is the probability that {event}?",
        f"When {n} fair coins are thrown, what is the probability that {event}?",
    )
    work = Work(student)
    product = work.holds("power-as-product")
    total = 2 * n if product else 2**n
    work.run(
        ("Count all results of the tosses.", f"Count the results of {n} coins."),
        f"w = 2{' * ' if product else '**'}{n}\nprint(w)",
        total,
        fits=(f"{'2 * ' if n % 2 else ''}4**{n // 2} == w", total == 2**n),
    )
    if level == 3:
        ordered = work.holds("ignores-symmetry")
        g = perm(n, k) if ordered else comb(n, k)
        code = f"factorial({n}) // factorial({n - k})" if ordered else f"binomial({n}, {k})"
        work.run(
            (f"Choose the {k} with {face}.", f"Choose the coins with {face}."),
            f"g = {code}\nprint(g)",
            g,
            sympy=True,
            fits=(f"binomial({n - 1}, {k}) + binomial({n - 1}, {k - 1}) == g", g == good),
        )
    elif level == 4:
        g = 1 if work.holds("part-for-whole") else total - 1
        work.run(
            (f"All results but the one without {face}.", f"Leave out the result without {face}."),
            "g = 1\nprint(g)" if work.holds("part-for-whole") else "g = w - 1\nprint(g)",
            g,
            fits=(f"sum(2**i for i in range({n})) == g", g == good),
        )
    else:
        g = total - 1 if work.holds("off-by-one") else total - 1 - n
        work.run(
            (f"Leave out those with no {face} or one.", f"All results but those with one or no {face}."),
            "g = w - 1\nprint(g)" if work.holds("off-by-one") else f"g = w - 1 - {n}\nprint(g)",
            g,
            fits=(f"sum(2**i - 1 for i in range({n})) == g", g == good),
        )
    found = Fraction(g, total)
    work.run(
        ("Divide and check that it is not more than 1.", "The probability is the quotient; it must be at most 1."),
        "r = Rational(g, w)\nprint(r, r <= 1)",
        (found, found <= 1),
        sympy=True,
    )
    work.answer(("This is the probability.", "So the probability is this."), tex(found), instead=g)
    return work.draft(question, tex(Fraction(good, 2**n)))
