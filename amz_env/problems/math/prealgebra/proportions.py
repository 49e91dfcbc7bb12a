"""Percent, ratio and proportion."""

import random
from fractions import Fraction
from math import gcd

from amz_env.problems.base import Draft
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def percent_change(rng: random.Random, level: int, student: Student) -> Draft:
    """A price after one change, after two changes, or before a change."""
    p = rng.choice((10, 20, 25, 30, 40, 50))
    q = rng.choice((10, 20, 30, 40, 50))  # 25 % twice would leave half dollars
    up, down = rng.choice(((True, False), (False, True), (True, True), (False, False)))
    thing = rng.choice(("coat", "bike", "lamp", "chair", "phone", "table"))
    price = rng.randint(2, 15) * (20 if level == 1 else 200)
    f = Fraction(100 + (p if up else -p), 100)
    middle = price * f
    end = middle * Fraction(100 + (q if not down else -q), 100)
    first = f"{'raised' if up else 'lowered'} by {p}%"
    second = f"{'lowered' if down else 'raised'} by {q}%"
    if level == 3:
        return _price_before(rng, thing, price, p if up else -p, student)
    if level == 1:
        question = ask(
            rng,
            f"A {thing} costs {price} dollars. Its price is {first}. What is the new price in dollars?",
            f"The price of a {thing} is {price} dollars and is then {first}. How many dollars does it cost now?",
            f"A shop sells a {thing} for {price} dollars. If the price is {first}, what is it then, in dollars?",
        )
        answer = int(middle)
    else:
        question = ask(
            rng,
            f"A {thing} costs {price} dollars. Its price is {first}, and later the new price is {second}. What is the "
            "price in dollars at the end?",
            f"The price of a {thing} is {price} dollars. It is first {first} and then {second}. How many dollars does "
            "the thing cost at the end?",
            f"A shop sells a {thing} for {price} dollars. In spring the price is {first}, in summer it is {second}. "
            "What is the price in dollars after both changes?",
        )
        answer = int(end)
    work = Work(student)
    paid = work.copy(price)
    change = paid * p // 100
    work.run((f"Find {p}% of the price.", f"Take {p}% of {paid}."), f"c = {paid} * {p} // 100\nprint(c)", change)
    now = paid + change if up else paid - change
    work.run(
        ("Find the new price.", "Change the price by it."),
        f"price = {paid} {'+' if up else '-'} c\nprint(price)",
        now,
    )
    if level == 2:
        start = work.holds("percent-of-start")
        base, name = (paid, str(paid)) if start else (now, "price")
        change2 = base * q // 100
        work.run(
            (f"Find {q}% for the second change.", f"Now take {q}%."), f"d = {name} * {q} // 100\nprint(d)", change2
        )
        last = now - change2 if down else now + change2
        work.run(
            ("Find the price at the end.", "Change the price again."),
            f"end = price {'-' if down else '+'} d\nprint(end)",
            last,
        )
        work.answer(("This is the price at the end.", "So it costs this much at the end."), last, instead=now)
        return work.draft(question, answer)
    work.answer(("This is the new price.", "So it costs this much now."), now, instead=change)
    return work.draft(question, answer)


def _price_before(rng: random.Random, thing: str, price: int, percent: int, student: Student) -> Draft:
    """The price before a change of some percent (negative when it was lowered)."""
    p, up = abs(percent), percent > 0
    middle = price * (100 + percent) // 100
    first = f"{'raised' if up else 'lowered'} by {p}%"
    question = ask(
        rng,
        f"After its price was {first}, a {thing} costs {middle} dollars. How many dollars did it cost before?",
        f"The price of a {thing} was {first} and is now {middle} dollars. What was the old price in dollars?",
        f"A shop has {'raised' if up else 'lowered'} the price of a {thing} by {p}%. The new price is {middle} "
        "dollars. What was the price before, in dollars?",
    )
    work = Work(student)
    if work.holds("percent-of-start"):
        change = middle * p // 100
        work.run(
            (f"Find {p}% of the price.", f"Take {p}% of the price."),
            f"c = {middle} * {p} // 100\nprint(c)",
            change,
        )
        found = middle + (-change if up else change)
        work.run(
            ("Undo the change.", "Go back to the old price."),
            f"old = {middle} {'-' if up else '+'} c\nprint(old)",
            found,
        )
    else:
        keep = 100 + p if up else 100 - p
        work.run(
            ("Find how many percent of the old price remain.", "The new price is this percent of the old price."),
            f"k = 100 {'+' if up else '-'} {p}\nprint(k)",
            keep,
        )
        found = middle * 100 // keep
        work.run(
            ("Find the old price from it.", "Divide to find the old price."),
            f"old = {middle} * 100 // k\nprint(old)",
            found,
        )
    op = "+" if up else "-"
    now = found + (found * p // 100 if up else -(found * p // 100))
    work.run(
        ("Check by changing the old price.", "Change it again to check."),
        f"print(old {op} old * {p} // 100)",
        now,
    )
    work.answer(("This is the old price.", "So it was this price before."), found)
    return work.draft(question, price)


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
    work.run(("Find the number of parts.", "Count the parts."), f"{code}\nprint(k)", k)
    one = amount // k
    work.run(
        (f"Divide the {things} by the parts.", "Find the size of one part."),
        f"one = {amount} // k\nprint(one, {amount} % k)",
        (one, amount % k),
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
    work.run((f"Find the parts that {who[big]} has more.", "Find the difference in parts."), f"{code}\nprint(k)", k)
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
        )
        adds = work.holds("adds-choices")
        found = cost + b if adds else one * b
        work.run(
            (f"Now the price of {b} {thing}.", f"Find the price of {b}."),
            f"n = {cost} + {b}\nprint(n)" if adds else f"n = one * {b}\nprint(n)",
            found,
        )
        work.answer(("This is the price.", "So they cost this much."), found, instead=one)
    else:
        direct = work.holds("keeps-direction")
        amount = days * b if direct else days * a
        work.run(
            ("Find the work of one.", "Multiply to find the whole."),
            f"w = {days} * {b if direct else a}\nprint(w)",
            amount,
        )
        k = a if direct else b
        work.run(
            ("Divide it again.", "Divide by the new number."),
            f"d = w // {k}\nprint(d, w % {k})",
            (amount // k, amount % k),
        )
        work.run(
            ("More of them need fewer days; compare.", "Check the order of the days."),
            f"print(({b} > {a}) == (d < {days}))",
            (b > a) == (amount // k < days),
        )
        work.answer(("This is the number of days.", "So it is this many days."), amount // k, instead=amount)
    return work.draft(question, answer)
