"""Consecutive numbers from their sum or their product."""

import random
from collections.abc import Callable, Sequence
from functools import cache
from math import prod

from amz_env.problems.base import Draft
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def consecutive_numbers(rng: random.Random, level: int, student: Student) -> Draft:
    """Consecutive (odd, even) numbers with a given sum; with a given product of two (level 4) or three (5)."""
    if level >= 4:
        return _from_product(rng, level, student)
    kind, step = rng.choice((("whole", 1), ("odd", 2), ("even", 2))) if level > 1 else ("whole", 1)
    n = 3 if level == 1 else rng.choice((3, 5)) if level == 2 else rng.choice((4, 6))
    start = rng.randint(5, 250)
    if kind == "odd":
        start |= 1
    elif kind == "even":
        start &= ~1
    values = [start + step * i for i in range(n)]
    asked = rng.choice(("largest", "smallest"))
    words = {3: "three", 4: "four", 5: "five", 6: "six"}
    question = ask(
        rng,
        f"The sum of {words[n]} consecutive {kind} numbers is {sum(values)}. What is the {asked} of them?",
        f"{words[n].capitalize()} consecutive {kind} numbers add up to {sum(values)}. Find the {asked} one.",
        f"What is the {asked} of {words[n]} consecutive {kind} numbers whose sum is {sum(values)}?",
    )
    work = Work(student)
    total = work.copy(sum(values))
    if n % 2:
        k = n - 1 if work.holds("off-by-one") else n
        middle = total // k
        work.run(
            ("The middle number is the mean.", "Find the middle number."),
            f"m = {total} // {k}\nprint(m, {total} % {k})",
            (middle, total % k),
            fits=(f"m * {n} == {sum(values)}", middle * n == sum(values)),
        )
    else:
        work.run(
            ("The mean lies between the middle numbers; find twice the mean.", "Find twice the mean."),
            f"t = {total} * 2 // {n}\nprint(t, {total} * 2 % {n})",
            (total * 2 // n, total * 2 % n),
            fits=(f"t * {n} == {sum(values)} * 2", total * 2 // n * n == sum(values) * 2),
        )
        if work.holds("off-by-one"):
            middle, code = total * 2 // n // 2, "m = t // 2"
        else:
            middle, code = (total * 2 // n - step) // 2, f"m = (t - {step}) // 2"
        work.run(
            ("Find the number just below the mean.", "Go to the number below."),
            f"{code}\nprint(m)",
            middle,
            fits=(f"m + (m + {step}) == t", 2 * middle + step == total * 2 // n),
        )
    below = (n - 1) // 2 * step
    above = n // 2 * step
    gap = above if asked == "largest" else below
    move = gap + step if n % 2 and student.slips() else gap
    found = middle + move if asked == "largest" else middle - move
    op = "+" if asked == "largest" else "-"
    steps, back = step * sum(range(n)), "-" if asked == "largest" else "+"
    work.run(
        (f"Go in steps to the {asked} one.", f"Find the {asked} number."),
        f"x = m {op} {move}\nprint(x)",
        found,
        fits=(f"{n} * x {back} {steps} == {sum(values)}", found == _PICKS[asked](values)),
    )
    first = found - step * (n - 1) if asked == "largest" else found
    stop = found + 1 if asked == "largest" else found + step * n
    work.run(
        ("Check the sum.", "Add them up to check."),
        f"print(sum(range(x - {step * (n - 1)}, x + 1, {step})))"
        if asked == "largest"
        else f"print(sum(range(x, x + {step * n}, {step})))",
        sum(range(first, stop, step)),
    )
    work.answer((f"This is the {asked} number.", f"So the {asked} one is this."), found, instead=middle)
    return work.draft(question, values[-1] if asked == "largest" else values[0])


_PICKS: dict[str, Callable[[Sequence[int]], int]] = {
    "sum": sum,
    "largest": max,
    "larger": max,
    "smallest": min,
    "smaller": min,
}


_LIMIT = 100
"""the search for the smallest number stops before this one"""


@cache
def _starts(n: int, step: int, adds: bool) -> dict[int, list[int]]:
    """Return the product (or sum) of n numbers in steps -> the smallest numbers below `_LIMIT` that give it."""
    found: dict[int, list[int]] = {}
    for i in range(1, _LIMIT):
        row = range(i, i + step * n, step)
        found.setdefault(sum(row) if adds else prod(row), []).append(i)
    return found


def _from_product(rng: random.Random, level: int, student: Student) -> Draft:
    """Two or three consecutive numbers from their product."""
    kind, step = rng.choice((("whole", 1), ("odd", 2), ("even", 2)))
    n, start = (2, rng.randint(11, 99)) if level == 4 else (3, rng.randint(4, 60))
    if step == 2:
        start = start | 1 if kind == "odd" else start & ~1
    values = [start + step * i for i in range(n)]
    product = prod(values)
    asked = rng.choice(("largest", "smallest", "sum") if level == 5 else ("larger", "smaller", "sum"))
    words = "two" if n == 2 else "three"
    wanted = {"sum": "their sum"}.get(asked, f"the {asked} of them")
    question = ask(
        rng,
        f"The product of {words} consecutive positive {kind} numbers is {product}. What is {wanted}?",
        f"{words.capitalize()} consecutive positive {kind} numbers have the product {product}. Find {wanted}.",
        f"If {words} consecutive positive {kind} numbers are multiplied, the result is {product}. What is {wanted}?",
    )
    work = Work(student)
    adds = work.holds("adds-choices")
    move = 1 if work.holds("off-by-one") else step
    goal = work.copy(product)
    factors = [f"(i + {move * k})" if k else "i" for k in range(n)]
    fits = _starts(n, move, adds).get(goal, [])
    work.run(
        ("Try the smallest number until the product is right.", "Look for the smallest of them."),
        f"c = [i for i in range(1, {_LIMIT}) if {(' + ' if adds else ' * ').join(factors)} == {goal}]\nprint(c)",
        str(fits),
        fits=(
            f"c == [int({product}**0.5)]" if n == 2 else f"c == [round({product}**(1/3)) - {step}]",
            fits == [start],
        ),
    )
    x = fits[0] if fits else round(goal ** (1 / n))
    row = [x + move * k for k in range(n)]
    work.run(
        ("Write down the numbers.", "These are the numbers."),
        f"v = [{', '.join(map(str, row))}]\nprint(v)",
        str(row),
    )
    times = " * ".join(f"v[{k}]" for k in range(n))
    work.run(("Check the product.", "Multiply them to check."), f"print({times} == {product})", prod(row) == product)
    pick = _PICKS[asked]
    if asked == "sum":
        work.run(("Add them up.", "Find their sum."), "print(sum(v))", sum(row))
    work.answer(
        ("This is the number.", "So this is the result."), pick(row), instead=row[0] if pick is not min else row[-1]
    )
    return work.draft(question, pick(values))
