"""Ratio and proportion."""

import random
from math import gcd

from amz_env.problems.base import Draft
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def ratio_share(rng: random.Random, level: int, student: Student) -> Draft:
    """An amount shared in a ratio of two or three parts; at level 3 from a difference."""
    while True:
        (a, b), c = rng.sample(range(2, 10), 2), rng.randint(1, 9)
        if gcd(a, b) == 1 or (level > 1 and gcd(a, b, c) == 1):
            break
    unit = rng.randint(3, 20)
    who = rng.sample(("Mia", "Tom", "Ana", "Ben", "Lea", "Sam"), 3)
    things = rng.choice(("marbles", "stickers", "coins", "cards"))
    parts = [a, b] if level == 1 else [a, b, c]
    whole = sum(parts)
    total = whole * unit
    ratio = ":".join(map(str, parts))
    names = f"{who[0]} and {who[1]}" if level == 1 else f"{who[0]}, {who[1]} and {who[2]}"
    if level == 3:
        return _ratio_gap(rng, who, parts, unit, things, student)
    question = ask(
        rng,
        f"{names} share {total} {things} in the ratio {ratio}. How many {things} does {who[0]} get?",
        f"{total} {things} are divided among {names} in the ratio {ratio}. How many does {who[0]} get?"
        if level == 2
        else f"{total} {things} are divided between {names} in the ratio {ratio}. How many does {who[0]} get?",
        f"The {things} of {names} are in the ratio {ratio}. Together they have {total} {things}. How many does "
        f"{who[0]} have?",
    )
    answer = a * unit
    work = Work(student)
    amount = work.copy(total)
    if work.holds("part-for-whole"):
        k, code = a, f"k = {a}"
    else:
        k, code = whole, "k = " + " + ".join(map(str, parts))
    work.run(
        ("Find the number of parts.", "Count the parts."),
        f"{code}\nprint(k)",
        k,
        fits=(f"k - {' - '.join(map(str, parts[1:]))} == {a}", k == whole),
    )
    one = amount // k
    work.run(
        (f"Divide the {things} by the parts.", "Find the size of one part."),
        f"one = {amount} // k\nprint(one, {amount} % k)",
        (one, amount % k),
        fits=(f"one * ({' + '.join(map(str, parts))}) == {total}", one * whole == total),
    )
    work.run(
        (f"{who[0]} has the first part of the ratio.", f"Find what {who[0]} gets."),
        f"{who[0].lower()} = {a} * one\nprint({who[0].lower()})",
        a * one,
    )
    work.run(
        ("Check that all shares add up.", "All shares together must give the total."),
        f"print({' + '.join(f'{p} * one' for p in parts)} == {total})",
        whole * one == total,
    )
    work.answer((f"{who[0]} gets this many.", f"So this is what {who[0]} has."), a * one, instead=one)
    return work.draft(question, answer)


def _ratio_gap(rng: random.Random, who: list[str], parts: list[int], unit: int, things: str, student: Student) -> Draft:
    """The total of a ratio, given how much one part is more than another."""
    a, b = parts[0], parts[1]
    whole, ratio = sum(parts), ":".join(map(str, parts))
    names = f"{who[0]}, {who[1]} and {who[2]}"
    big, small = (0, 1) if a > b else (1, 0)
    gap = abs(a - b) * unit
    question = ask(
        rng,
        f"{names} share some {things} in the ratio {ratio}. {who[big]} gets {gap} more than {who[small]}. How many "
        f"{things} do they share?",
        f"The {things} of {names} are in the ratio {ratio}, and {who[big]} has {gap} more than {who[small]}. How many "
        f"{things} do they have in all?",
    )
    answer = whole * unit
    work = Work(student)
    diff = max(a, b) - min(a, b)
    if work.holds("part-for-whole"):
        k, code = max(a, b), f"k = {max(a, b)}"
    else:
        k, code = diff, f"k = {max(a, b)} - {min(a, b)}"
    work.run(
        (f"Find the parts that {who[big]} has more.", "Find the difference in parts."),
        f"{code}\nprint(k)",
        k,
        fits=(f"k + {min(a, b)} == {max(a, b)}", k == diff),
    )
    one = gap // k
    work.run(
        ("Find the size of one part.", "Divide the difference by the parts."),
        f"one = {gap} // k\nprint(one, {gap} % k)",
        (one, gap % k),
    )
    found = whole * one
    work.run(
        ("Now all parts together.", "Find the total of all parts."),
        f"total = ({' + '.join(map(str, parts))}) * one\nprint(total)",
        found,
    )
    work.run(
        ("Check the difference.", "The difference must be right."),
        f"print({max(a, b)} * one - {min(a, b)} * one == {gap})",
        diff * one == gap,
    )
    work.answer((f"This many {things} in all.", "So this is the total."), found, instead=one)
    return work.draft(question, answer)


def proportion(rng: random.Random, level: int, student: Student) -> Draft:
    """Prices in proportion; at level 2 workers and days, where the product stays the same."""
    a, b = rng.sample(range(2, 13), 2)
    unit = rng.randint(2, 15)
    thing = rng.choice(("pens", "books", "apples", "tickets", "cups", "balls"))
    if level == 1:
        question = ask(
            rng,
            f"If {a} {thing} cost {a * unit} dollars, how many dollars do {b} {thing} cost?",
            f"{a} {thing} cost {a * unit} dollars in all. What is the price of {b} {thing} in dollars?",
            f"A shop sells {a} {thing} for {a * unit} dollars. At this rate, how many dollars are {b} {thing}?",
        )
        answer = b * unit
    else:
        days = b * unit
        question = ask(
            rng,
            f"{a} workers build a wall in {days} days. At the same rate, how many days do {b} workers need?",
            f"A job takes {a} workers {days} days. How many days does the same job take {b} workers?",
            f"Food lasts {a} horses for {days} days. For how many days does it last {b} horses?",
        )
        answer = a * unit
    work = Work(student)
    if level == 1:
        cost = work.copy(a * unit)
        one = cost // a
        work.run(
            (f"Find the price of one of the {thing}.", "Find the price of one."),
            f"one = {cost} // {a}\nprint(one, {cost} % {a})",
            (one, cost % a),
            fits=(f"one * {a} == {a * unit}", one == unit),
        )
        adds = work.holds("adds-choices")
        found = cost + b if adds else one * b
        work.run(
            (f"Now the price of {b} {thing}.", f"Find the price of {b}."),
            f"n = {cost} + {b}\nprint(n)" if adds else f"n = one * {b}\nprint(n)",
            found,
            fits=(f"n * {a} == {a * unit} * {b}", found == b * unit),
        )
        work.answer(("This is the price.", "So they cost this much."), found, instead=one)
    else:
        direct = work.holds("keeps-direction")
        amount = days * b if direct else days * a
        work.run(
            ("Find the work of one.", "Multiply to find the whole."),
            f"w = {days} * {b if direct else a}\nprint(w)",
            amount,
            fits=(f"w / {a} == {days}", amount == a * days),
        )
        k = a if direct else b
        work.run(
            ("Divide it again.", "Divide by the new number."),
            f"d = w // {k}\nprint(d, w % {k})",
            (amount // k, amount % k),
            fits=(f"d * {b} == {a} * {days}", amount // k == a * unit),
        )
        work.run(
            ("More of them need fewer days; compare.", "Check the order of the days."),
            f"print(({b} > {a}) == (d < {days}))",
            (b > a) == (amount // k < days),
        )
        work.answer(("This is the number of days.", "So it is this many days."), amount // k, instead=amount)
    return work.draft(question, answer)
