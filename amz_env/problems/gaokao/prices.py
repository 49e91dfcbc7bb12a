"""Prices and fences: an old price, an unknown percentage, the best price, the largest area."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.work import NAMES, ask
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student

GOODS = ("shirt", "coat", "lamp", "bike", "phone", "table", "guitar", "tent")
PLACES = ("garden", "field", "floor", "room")
UNITS = ("feet", "yards", "meters")


def price_change(rng: random.Random, level: int, student: Student) -> Draft:
    """An old price from the price at the end or from how much it fell; an unknown percentage."""
    return {3: _back_two_changes, 4: _up_and_down, 5: _same_twice}[level](rng, student)


def _back_two_changes(rng: random.Random, student: Student) -> Draft:
    goods = rng.choice(GOODS)
    p, old, d = rng.choice((5, 10, 20, 25, 30, 40, 50)), 20 * rng.randint(2, 40), rng.randint(2, 19)
    up = rng.random() < 0.5
    new = old * (100 + p if up else 100 - p) // 100
    way, back = ("raised", "lowered") if up else ("lowered", "raised")
    end = new - d if up else new + d
    question = ask(
        rng,
        f"The price of a {goods} is {way} by {p}%, and then it is {back} by {d} dollars. Now it costs {end} "
        "dollars. What was the old price in dollars?",
        f"A {goods} costs {end} dollars after its price was first {way} by {p}% and then {back} by {d} dollars. "
        "How many dollars did it cost before?",
        f"First the price of a {goods} was {way} by {p}%. Then {d} dollars were {'taken off' if up else 'added'}, "
        f"and it is {end} dollars now. Find the price in dollars at the start.",
    )
    sheet = Sheet(question, student)
    sign = "-" if up == sheet.holds("keeps-sign") else "+"
    sheet.run(("Undo the last change first.", "Go back over the last change."), f"n = {end} {sign} {d}\nprint(n)")
    sheet.run(("Find how many percent of the old price that is.",), f"k = 100 {'+' if up else '-'} {p}\nprint(k)")
    if sheet.holds("percent-of-start"):
        sheet.run(("Now the old price.",), f"x = n * (100 {'-' if up else '+'} {p}) // 100\nprint(x)")
    else:
        sheet.run(("Find the old price from it.", "Now the old price."), "x = n * 100 // k\nprint(x)")
    sheet.run(("Change it again to check.",), f"print(x * k // 100 {'-' if up else '+'} {d} == {end})")
    sheet.answer(("This is the old price.", "So the old price is this."), sheet["x"], sheet["n"])
    return sheet.draft(old)


def _up_and_down(rng: random.Random, student: Student) -> Draft:
    """Raised and lowered by the same percentage, a price falls."""
    goods, p, old = rng.choice(GOODS), rng.choice((5, 10, 20, 25, 30, 40, 50)), 400 * rng.randint(1, 30)
    one, other = rng.sample(("raised", "lowered"), 2)
    less = old * p * p // 10_000
    question = ask(
        rng,
        f"The price of a {goods} is first {one} by {p}% and then {other} by {p}%. At the end it is {less} dollars "
        "less than at the start. What was the price in dollars at the start?",
        f"A {goods} costs {less} dollars less than before, after its price was {one} by {p}% and the new price was "
        f"{other} by {p}%. How many dollars did it cost before?",
        f"After the price of a {goods} was {one} by {p}% and later {other} by {p}%, it is lower by {less} dollars. "
        "Find the old price in dollars.",
    )
    sheet = Sheet(question, student)
    sheet.run(("Find both factors in percent.",), f"u, v = 100 + {p}, 100 - {p}\nprint(u, v)")
    sheet.run(("Multiply them; this is out of 100 times 100.",), "k = u * v\nprint(k)")
    if sheet.holds("percent-of-start"):
        sheet.run(("Find what is missing.",), f"m = {p} * 100\nprint(m)")
    else:
        sheet.run(("Find what is missing.", "Subtract it from the whole."), "m = 100 * 100 - k\nprint(m)")
    sheet.run(("Now the old price.",), f"x = {less} * 100 * 100 // m\nprint(x, {less} * 100 * 100 % m)")
    sheet.run(("Change it twice to check.",), f"print(x - x * u // 100 * v // 100 == {less})")
    sheet.answer(("This is the old price.", "So the old price is this."), sheet["x"])
    return sheet.draft(old)


def _same_twice(rng: random.Random, student: Student) -> Draft:
    goods, p, old = rng.choice(GOODS), rng.choice((10, 20, 30, 40, 50, 60)), 100 * rng.randint(1, 60)
    up = rng.random() < 0.6
    end = old * (100 + p if up else 100 - p) ** 2 // 10_000
    way = "raised" if up else "lowered"
    question = ask(
        rng,
        f"The price of a {goods} is {way} twice by the same number of percent, from {old} dollars to {end} dollars. "
        "By how many percent each time?",
        f"A {goods} costs {old} dollars. Its price is {way} by $x$%, and later the new price is {way} by $x$% again. "
        f"Now it costs {end} dollars. What is $x$?",
        f"The price of a {goods} is {way} by $x$ percent, and then the new price by $x$ percent once more. It was "
        f"{old} dollars at first and is {end} dollars at the end. Find $x$.",
    )
    sheet = Sheet(question, student)
    sign = "+" if up else "-"
    factor = f"(100 {sign} 2 * x) * 100" if sheet.holds("percent-of-start") else f"(100 {sign} x)**2"
    sheet.run(
        ("Try the percent until the end is right.", "Look for x with the right price at the end."),
        f"c = [x for x in range(1, 100) if {old} * {factor} == {end} * 10000]\nprint(c)",
    )
    sheet.run(
        ("Find the price between.", "First the price after one change."),
        f"x = c[0]\nn = {old} * (100 {sign} x) // 100\nprint(x, n)",
    )
    sheet.run(("Change it again to check.",), f"print(n * (100 {sign} x) // 100 == {end})")
    sheet.answer(("So x is this.", "This is the number."), sheet["x"])
    return sheet.draft(p)


def best_choice(rng: random.Random, level: int, student: Student) -> Draft:
    """The largest area inside a fence, with and without a wall; the best price."""
    if level == 5:
        return _best_price(rng, student)
    place, unit = rng.choice(PLACES[:2]), rng.choice(UNITS)
    n = 4 * rng.randint(3, 60)
    if level == 3:
        question = ask(
            rng,
            f"A rectangular {place} has a fence of {n} {unit} around it. What is the largest possible area in square "
            f"{unit}?",
            f"{rng.choice(NAMES)} has {n} {unit} of fence to go around a rectangular {place}. Find the largest area in "
            f"square {unit} that is possible.",
            f"The perimeter of a rectangle is {n} {unit}. What is the largest area in square {unit} that it can have?",
        )
        wanted, rest = n * n // 16, f"{n // 2} - x"
    else:
        question = ask(
            rng,
            f"A rectangular {place} lies along a wall and needs a fence on the other three sides only. There are {n} "
            f"{unit} of fence. What is the largest possible area in square {unit}?",
            f"With {n} {unit} of fence, {rng.choice(NAMES)} builds three sides of a rectangular {place}. The fourth "
            f"side is a wall. Find the largest area in square {unit} that is possible.",
            f"One side of a rectangular {place} is a wall, and the other three sides take {n} {unit} of fence. What is "
            f"the largest area in square {unit} that it can have?",
        )
        wanted, rest = n * n // 8, f"{n} - 2 * x"
    sheet = Sheet(question, student)
    if sheet.holds("area-for-perimeter"):
        rest = f"{n} - x"
    sheet.run(
        ("Try one side x; the other side is the rest.", "Find the area for each side x."),
        f"c = [x * ({rest}) for x in range({n // 2 + 1})]\nprint(len(c))",
    )
    sheet.run(("Take the largest area.", "Find the largest of them."), "a = max(c)\nprint(a)")
    sheet.run(("Find the side where it is.",), f"x = c.index(a)\nprint(x, {rest})")
    sheet.answer(("So the largest area is this.", "This is the area."), sheet["a"], sheet["x"])
    return sheet.draft(wanted)


def _best_price(rng: random.Random, student: Student) -> Draft:
    step = rng.randint(2, 6)
    while True:
        price, sold = rng.randint(5, 40), step * rng.randint(6, 60)
        # the income (price + x)(sold - step x) is largest at this x
        twice = sold // step - price
        if twice % 2 == 0 and twice > 0:
            break
    x = twice // 2
    income = (price + x) * (sold - step * x)
    goods = rng.choice(("caps", "lamps", "shirts", "cakes", "tickets", "books"))
    best = rng.random() < 0.5
    asked = "Which price in dollars brings the most money?" if best else "What is the most money it can get in a day?"
    question = ask(
        rng,
        f"At a price of {price} dollars a shop sells {sold} {goods} a day. With each dollar that is added to the "
        f"price, it sells {step} {goods} less. {asked}",
        f"A shop sells {sold} {goods} a day at {price} dollars each. For each dollar that the price is raised, it "
        f"sells {step} {goods} fewer a day. {asked}",
        f"If {goods} cost {price} dollars each, a shop sells {sold} of them a day, and {step} fewer for each dollar "
        f"that is added to the price. {asked}",
    )
    sheet = Sheet(question, student)
    sold_then = f"{sold} + {step} * x" if sheet.holds("keeps-sign") else f"{sold} - {step} * x"
    sheet.run(
        ("Let x be the dollars that are added; find the money for each x.", "Find the money for each x."),
        f"c = [({price} + x) * ({sold_then}) for x in range({sold // step + 1})]\nprint(c[:3])",
    )
    sheet.run(("Take the largest.", "Find the largest of them."), "m = max(c)\nprint(m)")
    sheet.run(("Find the price where it is.", "Which price is that?"), f"x = c.index(m)\np = {price} + x\nprint(x, p)")
    if best:
        value = "x" if sheet.holds("part-for-whole") else "p"
        sheet.answer(("So this is the price.", "This is the price."), sheet[value], sheet["m"])
        return sheet.draft(price + x)
    sheet.answer(("So it is this much money.", "This is the most money."), sheet["m"], sheet["p"])
    return sheet.draft(income)
