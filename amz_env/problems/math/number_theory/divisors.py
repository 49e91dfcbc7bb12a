"""Common divisors and multiples, divisor counts, multiples in a range, primes."""

import random
from functools import cache
from math import gcd, prod

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    lcm_of,
    listed,
    primes_of,
)
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student

_COPRIME = tuple((p, q) for q in range(3, 10) for p in range(2, q) if gcd(p, q) == 1)


def common_divisor(rng: random.Random, level: int, student: Student) -> Draft:
    """Greatest common divisor or least common multiple, plain or in a story."""
    g = rng.randint(2, 15)
    p, q = rng.choice(_COPRIME)
    a, b = (g * p, g * q) if rng.random() < 0.5 else (g * q, g * p)
    small = min(a, b)
    want_lcm = level == 2 or (level == 3 and rng.random() < 0.6)
    if level < 3:
        what = "least common multiple" if want_lcm else "greatest common divisor"
        question = ask(
            rng,
            f"What is the {what} of {a} and {b}?",
            f"Find the {what} of the numbers {a} and {b}.",
            f"Compute the {what} of {a} and {b}.",
        )
    elif want_lcm:
        question = ask(
            rng,
            f"One bell rings every {a} minutes and another bell every {b} minutes. Both ring now. After how many "
            "minutes do they next ring together?",
            f"Two lights flash together. One flashes every {a} seconds, the other every {b} seconds. How many seconds "
            "pass until they flash together again?",
            f"What is the smallest positive whole number that is a multiple of both {a} and {b}?",
        )
    else:
        question = ask(
            rng,
            f"A floor of {a} by {b} feet is covered with equal square tiles without cutting any. What is the largest "
            "possible side of a tile in feet?",
            f"Two ropes of {a} and {b} feet are cut into pieces of equal length with nothing left over. What is the "
            "greatest possible length of a piece in feet?",
            f"What is the largest whole number that divides both {a} and {b}?",
        )
    work = Work(student)
    common = [d for d in range(1, small + 1) if a % d == 0 and b % d == 0]
    work.run(
        (f"List the common divisors of {a} and {b}.", f"Find all numbers that divide both {a} and {b}."),
        f"print([d for d in range(1, {small + 1}) if {a} % d == 0 and {b} % d == 0])",
        str(common),
    )
    divides = f"if {a} % d == {b} % d == 0"
    work.run(
        ("Take the greatest one.", "The greatest common divisor is the last."),
        f"g = {g}\nprint({a} % g, {b} % g)",
        (0, 0),
        fits=None if want_lcm else (f"[d for d in range(g, {small + 1}) {divides}] == [g]", True),
    )
    multiple = want_lcm != work.holds("gcd-for-lcm")
    found = g
    if multiple:
        found = a * b // g
        work.run(
            ("The least common multiple is the product over g.", "Divide the product by g to get the multiple."),
            f"m = {a} * {b} // g\nprint(m)",
            found,
            fits=None if want_lcm else (f"[d for d in range(m, {small + 1}) {divides}] == [m]", False),
        )
    name = "m" if multiple else "g"
    if want_lcm:
        work.run(
            ("Check that both numbers divide it.", "Both numbers must divide it."),
            f"print({name} % {a}, {name} % {b})",
            (found % a, found % b),
            fits=(f"[i for i in range({a}, {name} + 1, {a}) if i % {b} == 0] == [{name}]", multiple),
        )
    elif multiple:
        work.run(
            ("Check that it divides both numbers.", "It must divide both numbers."),
            f"print({a} % m, {b} % m)",
            (a % found, b % found),
        )
    work.answer(("This is the number.", "So this is the result."), found, instead=g if want_lcm else a // g)
    return work.draft(question, lcm_of(a, b) if want_lcm else g)


def divisor_count(rng: random.Random, level: int, student: Student) -> Draft:
    """How many divisors, or even divisors, a number has."""
    while True:
        primes = sorted(rng.sample((2, 3, 5, 7, 11, 13), 2 if level == 2 else 3))
        if level == 4:
            primes = sorted({2, *primes[1:]})
        powers = [rng.randint(1, {2: 6, 3: 4, 5: 3}.get(p, 2)) for p in primes]
        n = prod(p**e for p, e in zip(primes, powers, strict=True))
        if 12 <= n <= 9999:
            break
    kind = "even positive divisors" if level == 4 else "positive divisors"
    question = ask(
        rng,
        f"How many {kind} does {n} have?",
        f"Find the number of {kind} of {n}.",
        f"Count the {kind} of {n}. How many are there?",
        f"The number {n} has how many {kind}?",
        f"How many of the positive divisors of {n} are even?"
        if level == 4
        else f"How many positive whole numbers divide {n}?",
    )
    work = Work(student)
    factors = primes_of(n)
    shown = "{" + ", ".join(f"{p}: {e}" for p, e in factors) + "}"
    work.run(
        (f"Factor {n} into primes.", f"Find the prime powers of {n}."), f"print(factorint({n}))", shown, sympy=True
    )
    forgets = work.holds("off-by-one")
    adds = work.holds("adds-choices")
    # an even divisor needs at least one factor 2: one choice less
    sizes = [e if forgets or (level == 4 and p == 2) else e + 1 for p, e in factors]
    words = [f"{e}" if forgets or (level == 4 and p == 2) else f"({e} + 1)" for p, e in factors]
    count = sum(sizes) if adds else prod(sizes)
    work.run(
        ("Count the choices of each exponent.", "Each prime gives its number of choices."),
        f"n = {(' + ' if adds else ' * ').join(words)}\nprint(n)",
        count,
    )
    true = prod(e if level == 4 and p == 2 else e + 1 for p, e in factors)
    if level < 4:
        work.run(
            ("Compare with the list of divisors.", "Check with the list of divisors."),
            f"print(n == len(divisors({n})))",
            count == true,
        )
    else:
        work.run(
            ("Compare with the list of even divisors.", "Check with the even divisors."),
            f"print(n == len([d for d in divisors({n}) if d % 2 == 0]))",
            count == true,
        )
    work.answer(("This is the number of divisors.", "So this many divisors."), count, instead=len(factors))
    return work.draft(question, true)


def multiples(rng: random.Random, level: int, student: Student) -> Draft:
    """How many whole numbers in a range are multiples of one or of either of two numbers."""
    k = rng.randint(3, 12)
    low, high = (1, rng.randint(60, 300)) if level == 1 else (rng.randint(20, 99), rng.randint(120, 500))
    if level >= 2 and rng.random() < 0.5:
        low, high = k * (low // k + 1), k * (high // k)
    j = rng.choice([j for j in range(4, 12) if j % k and k % j])
    if level == 3:
        low, high = 1, rng.randint(60, 400)
        question = ask(
            rng,
            f"How many whole numbers from 1 to {high} are multiples of {k} or of {j}?",
            f"How many of the numbers from 1 to {high} can be divided by {k} or by {j}?",
            f"Find how many whole numbers from 1 to {high} are divisible by at least one of {k} and {j}.",
        )
    else:
        question = ask(
            rng,
            f"How many multiples of {k} are there from {low} to {high}, both ends included?",
            f"How many whole numbers from {low} to {high} are divisible by {k}?",
            f"How many of the numbers from {low} to {high} can be divided by {k}?",
        )
    work = Work(student)
    if level == 3:
        a, b = high // k, high // j
        work.run(
            (f"Count the multiples of {k} and of {j}.", f"Count multiples of {k}, then of {j}."),
            f"a, b = {high} // {k}, {high} // {j}\nprint(a, b)",
            (a, b),
        )
        both = lcm_of(k, j)
        step = gcd(k, j) if work.holds("gcd-for-lcm") else both
        work.run(
            ("Multiples of both are the multiples of this number.", "Find the number for multiples of both."),
            f"m = {'gcd' if work.holds('gcd-for-lcm') else 'lcm'}({k}, {j})\nprint(m)",
            step,
            sympy=True,
            fits=(f"m % {k} == m % {j} == 0", step == both),
        )
        twice = work.holds("ignores-symmetry")
        found = a + b if twice else a + b - high // step
        work.run(
            ("Add and take away what was counted twice.", "Put the counts together."),
            "n = a + b\nprint(n)" if twice else f"n = a + b - {high} // m\nprint(n)",
            found,
        )
        true = a + b - high // both
        work.run(
            ("Compare with the count itself.", "Check by counting."),
            f"print(n == len([i for i in range(1, {high + 1}) if i % {k} == 0 or i % {j} == 0]))",
            found == true,
        )
        work.answer(("This is the count.", "So there are this many."), found, instead=a + b)
        return work.draft(question, true)
    top, below = work.copy(high), low if work.holds("off-by-one") else low - 1
    if work.holds("off-by-one") and low == 1:
        top = high - 1
    work.run(
        (f"Count the multiples of {k} up to the upper end.", f"Find how many multiples of {k} are not above the end."),
        f"a = {top} // {k}\nprint(a)",
        top // k,
        fits=(f"a * {k} <= {high} < (a + 1) * {k}", top // k == high // k),
    )
    found = top // k
    if low > 1:
        code = f"b = {low} // {k}" if below == low else f"b = ({low} - 1) // {k}"
        work.run(
            (f"Count the multiples of {k} below the lower end.", "Count those before the lower end."),
            f"{code}\nprint(b)",
            below // k,
            fits=(f"b * {k} < {low} <= (b + 1) * {k}", below // k == (low - 1) // k),
        )
        found -= below // k
        work.run(("Subtract the counts.", "Take the difference."), "n = a - b\nprint(n)", found)
    work.answer(("This is the count.", "So there are this many."), found, instead=top // k)
    return work.draft(question, high // k - (low - 1) // k)


def divisor_list(rng: random.Random, level: int, student: Student) -> Draft:
    """All divisors of a number as a set, or the sum of them."""
    n = rng.choice(_FEW_DIVISORS if level == 1 else _SOME_DIVISORS)
    if level == 1:
        question = ask(
            rng,
            f"List all positive divisors of {n} as a set.",
            f"What is the set of all positive whole numbers that divide {n}?",
            f"Give the set of the positive divisors of {n}.",
        )
    else:
        question = ask(
            rng,
            f"What is the sum of all positive divisors of {n}?",
            f"Find the sum of the positive whole numbers that divide {n}.",
            f"Add up all positive divisors of {n}. What is the sum?",
        )
    work = Work(student)
    proper = work.holds("counts-one")
    low, high = (2, n) if proper else (1, n + 1)
    found = [d for d in range(low, high) if n % d == 0]
    work.run(
        (f"Try all numbers that can divide {n}.", f"Find the numbers that divide {n}."),
        f"c = [d for d in range({low}, {high}) if {n} % d == 0]\nprint(c)",
        str(found),
        fits=(f"1 in c and c == [{n} // d for d in c[::-1]]", not proper),
    )
    true = [d for d in range(1, n + 1) if n % d == 0]
    if level == 1:
        work.run(
            ("Check that the divisors pair up to the number.", "The first and the last must be a pair."),
            f"print(len(c), {n} in c)",
            (len(found), n in found),
        )
        work.answer(("This is the set of divisors.", "So the set is this."), _set(found))
        return work.draft(question, _set(true))
    work.run(("Add them up.", "Find their sum."), "s = sum(c)\nprint(s)", sum(found))
    work.answer(("This is the sum.", "So the sum is this."), sum(found), instead=len(found))
    return work.draft(question, sum(true))


def _set(values: list[int]) -> str:
    return f"\\{{{listed(values)}\\}}"


def _divisor_number(n: int) -> int:
    return prod(e + 1 for _, e in primes_of(n))


_FEW_DIVISORS = tuple(n for n in range(8, 400) if 3 <= _divisor_number(n) <= 6)
_SOME_DIVISORS = tuple(n for n in range(8, 400) if 3 <= _divisor_number(n) <= 12)


@cache
def _is_without_divisors(n: int) -> bool:
    """Return whether nothing between 1 and n divides n; it is True of 1, as a student who counts 1 has it."""
    return all(n % d for d in range(2, n))


def _without_divisors(start: int, stop: int) -> list[int]:
    return [n for n in range(start, stop) if _is_without_divisors(n)]


def prime_sum(rng: random.Random, level: int, student: Student) -> Draft:
    """How many primes there are in a range, or their sum."""
    low = rng.choice((1, rng.randint(10, 60)))
    high = rng.randint(15, 60) if low == 1 else low + rng.randint(15, 40)
    if level == 1:
        question = ask(
            rng,
            f"How many prime numbers are there from {low} to {high}?",
            f"How many of the numbers from {low} to {high} are prime?",
            f"Count the primes from {low} to {high}. How many are there?",
        )
    else:
        question = ask(
            rng,
            f"What is the sum of all prime numbers from {low} to {high}?",
            f"Find the sum of the primes from {low} to {high}.",
            f"Add up all numbers from {low} to {high} that are prime. What is the sum?",
        )
    true = _without_divisors(max(low, 2), high + 1)
    work = Work(student)
    start = low if work.holds("counts-one") else max(low, 2)
    stop = work.copy(high) + (0 if work.holds("off-by-one") else 1)
    found = _without_divisors(start, stop)
    work.run(
        ("List the primes in the range.", "Find the numbers without a divisor in between."),
        f"c = [p for p in range({start}, {stop}) if all(p % d for d in range(2, p))]\nprint(c)",
        str(found),
        # Fermat's test: no composite number below 341 passes
        fits=(f"c == [p for p in range({max(low, 2)}, {high + 1}) if (2**p - 2) % p == 0]", found == true),
    )
    if level == 1:
        work.run(("Count them.", "Count the list."), "print(len(c))", len(found))
        work.answer(("This is the count.", "So there are this many."), len(found))
        return work.draft(question, len(true))
    work.run(("Add them up.", "Find their sum."), "print(sum(c))", sum(found))
    work.answer(("This is the sum.", "So the sum is this."), sum(found), instead=len(found))
    return work.draft(question, sum(true))
