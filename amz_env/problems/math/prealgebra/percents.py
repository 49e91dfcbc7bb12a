"""Percent changes: forwards, backwards, and several as one."""

import random
from fractions import Fraction

from amz_env.problems.base import Draft
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def percent_change(rng: random.Random, level: int, student: Student) -> Draft:
    """A price after one change or two (levels 1, 2), before one or two (3, 4), two changes as one percentage (5)."""
    if level == 4:
        return _price_before_two(rng, student)
    if level == 5:
        return _whole_change(rng, student)
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
    work.run(
        (f"Find {p}% of the price.", f"Take {p}% of {paid}."),
        f"c = {paid} * {p} // 100\nprint(c)",
        change,
        fits=(f"c / {p} == {price} / 100", change * 100 == price * p),
    )
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
            (f"Find {q}% for the second change.", f"Now take {q}%."),
            f"d = {name} * {q} // 100\nprint(d)",
            change2,
            fits=(f"d * 100 == {q} * price", change2 * 100 == q * now),
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
    op = "+" if up else "-"
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
            fits=(f"old * (100 {op} {p}) == {middle} * 100", found == price),
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
            fits=(f"old * (100 {op} {p}) == {middle} * 100", found == price),
        )
    now = found + (found * p // 100 if up else -(found * p // 100))
    work.run(
        ("Check by changing the old price.", "Change it again to check."),
        f"print(old {op} old * {p} // 100)",
        now,
    )
    work.answer(("This is the old price.", "So it was this price before."), found)
    return work.draft(question, price)


def _change(percent: int) -> str:
    return f"{'raised' if percent > 0 else 'lowered'} by {abs(percent)}%"


def _price_before_two(rng: random.Random, student: Student) -> Draft:
    """The price before two changes."""
    p, q = (rng.choice((10, 20, 25, 30, 40, 50)) * rng.choice((1, -1)) for _ in range(2))
    price = rng.randint(1, 12) * 400
    middle = price * (100 + p) // 100
    end = middle * (100 + q) // 100
    thing = rng.choice(("coat", "bike", "lamp", "chair", "phone", "table"))
    question = ask(
        rng,
        f"The price of a {thing} was first {_change(p)} and then {_change(q)}. Now it is {end} dollars. What was the "
        "price in dollars before both changes?",
        f"After its price was {_change(p)} and later {_change(q)}, a {thing} costs {end} dollars. How many dollars did "
        "it cost at first?",
        f"In spring the price of a {thing} was {_change(p)}, in summer it was {_change(q)}. It is now {end} dollars. "
        "Find the price in dollars before spring.",
    )
    work = Work(student)
    wrong = work.holds("percent-of-start")
    found = instead = end
    for name, percent, words in (
        ("m", q, ("Undo the second change first.", "Go back before the second change.")),
        ("x", p, ("Now undo the first change.", "Go back before the first change.")),
    ):
        before = str(end) if name == "m" else "m"
        keep = 100 - percent if wrong else 100 + percent
        code = f"{name} = {before} * {keep} // 100" if wrong else f"{name} = {before} * 100 // {keep}"
        after = found
        found = found * keep // 100 if wrong else found * 100 // keep
        work.run(
            words,
            f"{code}\nprint({name})",
            found,
            fits=(f"{name} * {100 + percent} == {before} * 100", found * (100 + percent) == after * 100),
        )
        instead = found if name == "m" else instead
    up = found * (100 + p) // 100
    work.run(
        ("Check by changing it twice.", "Change the price twice to check."),
        f"print(x * {100 + p} // 100 * {100 + q} // 100 == {end})",
        up * (100 + q) // 100 == end,
    )
    work.answer(("This is the price at first.", "So it cost this much at first."), found, instead=instead)
    return work.draft(question, price)


def _whole_change(rng: random.Random, student: Student) -> Draft:
    """The percentage that two changes together make."""
    while True:
        p, q = (10 * rng.randint(1, 8) * rng.choice((1, -1)) for _ in range(2))
        whole = p + q + p * q // 100
        if whole:
            break
    thing = rng.choice(("coat", "bike", "lamp", "chair", "phone", "table", "ticket", "sofa"))
    way = "lower" if whole < 0 else "higher"
    question = ask(
        rng,
        f"The price of a {thing} is first {_change(p)} and then {_change(q)}. By what percentage is it {way} at the "
        "end than at first?",
        f"A shop changes the price of a {thing} twice: it is {_change(p)}, later the new price is {_change(q)}. How "
        f"many percent {way} is it in the end?",
        f"If the price of a {thing} is {_change(p)} and the new price is {_change(q)}, by what percentage is the last "
        f"price {way} than the first?",
    )
    work = Work(student)
    start = work.holds("percent-of-start")
    work.run(
        ("Take 100 as the price and change it.", "Start from a price of 100."),
        f"m = 100 + {p}\nprint(m)" if p > 0 else f"m = 100 - {-p}\nprint(m)",
        100 + p,
    )
    base, name = (100, "100") if start else (100 + p, "m")
    change = base * abs(q) // 100
    work.run(
        ("Find the second change.", f"Take {abs(q)}% of the price now."),
        f"d = {name} * {abs(q)} // 100\nprint(d)",
        change,
        fits=(f"d * 100 == {abs(q)} * m", change * 100 == abs(q) * (100 + p)),
    )
    end = 100 + p + (change if q > 0 else -change)
    work.run(("Find the price at the end.", "Change it again."), f"n = m {'+' if q > 0 else '-'} d\nprint(n)", end)
    work.run(("Compare with 100.", "How far is it from 100?"), "print(abs(n - 100))", abs(end - 100))
    work.answer(
        ("This is the whole change.", "So this is the change in percent."), f"{abs(end - 100)}\\%", instead=f"{end}\\%"
    )
    return work.draft(question, f"{abs(whole)}\\%")
