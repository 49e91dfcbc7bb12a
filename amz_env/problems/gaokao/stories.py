"""Stories whose unknown comes out of an equation: gardens, workers, buses, ages."""

import random
from fractions import Fraction

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import tex
from amz_env.problems.math.work import NAMES, ask
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student

PLACES = ("garden", "field", "floor", "room")
UNITS = ("feet", "yards", "meters")


def garden(rng: random.Random, level: int, student: Student) -> Draft:
    """A rectangle from the difference of its sides and its perimeter or area; one that grows on both sides."""
    if level == 4:
        return _larger_garden(rng, student)
    w, d = rng.randint(3, 30), rng.randint(2, 15)
    place, unit = rng.choice(PLACES), rng.choice(UNITS)
    n = w + d
    if level == 2:
        given, asked = f"perimeter is {2 * (w + n)} {unit}", f"area in square {unit}"
    else:
        given, asked = f"area is {w * n} square {unit}", f"perimeter in {unit}"
    question = ask(
        rng,
        f"A rectangular {place} is {d} {unit} longer than it is wide, and its {given}. What is its {asked}?",
        f"The length of a rectangular {place} is {d} {unit} more than its width. Its {given}. Find its {asked}.",
        f"A rectangular {place} has two sides that differ by {d} {unit}. If its {given}, what is its {asked}?",
    )
    sheet = Sheet(question, student)
    if level == 2:
        half = "" if sheet.holds("forgets-half") else " // 2"
        sheet.run(("Find length plus width.", "Halve the perimeter."), f"s = {2 * (w + n)}{half}\nprint(s)")
        sheet.run(("Without the difference both sides are equal; find the width.",), f"w = (s - {d}) // 2\nprint(w)")
        sheet.run(("Now the length.", "Add the difference."), f"n = w + {d}\nprint(n)")
        sheet.run(("Multiply both sides.", "Find the area."), "a = w * n\nprint(a)")
        sheet.answer(("This is the area.", "So the area is this."), sheet["a"], sheet["n"])
        return sheet.draft(w * n)
    sign = "-" if sheet.holds("keeps-sign") else "+"
    sheet.run(
        ("Try the width until the area is right.", "Look for the width."),
        f"c = [i for i in range(1, 100) if i * (i {sign} {d}) == {w * n}]\nprint(c)",
    )
    sheet.run(("Find both sides and check the area.",), f"w = c[0]\nn = w + {d}\nprint(w, n, w * n == {w * n})")
    twice = "" if sheet.holds("forgets-half") else "2 * "
    sheet.run(("Now find the perimeter.",), f"p = {twice}(w + n)\nprint(p)")
    sheet.answer(("This is the perimeter.", "So the perimeter is this."), sheet["p"], sheet["w"])
    return sheet.draft(2 * (w + n))


def _larger_garden(rng: random.Random, student: Student) -> Draft:
    a, b, x = rng.randint(3, 20), rng.randint(3, 20), rng.randint(1, 9)
    place, unit = rng.choice(PLACES), rng.choice(UNITS)
    area = (a + x) * (b + x)
    question = ask(
        rng,
        f"A rectangular {place} is {a} {unit} long and {b} {unit} wide. Both sides are made longer by the same number "
        f"of {unit}, and the area becomes {area} square {unit}. By how many {unit} are they made longer?",
        f"The sides of a rectangular {place} are {a} and {b} {unit}. When $x$ {unit} are added to each of them, the "
        f"new area is {area} square {unit}. What is $x$?",
        f"If a rectangular {place} of {a} by {b} {unit} grows by $x$ {unit} in length and in width, its area is {area} "
        f"square {unit}. Find $x$.",
    )
    sheet = Sheet(question, student)
    sheet.run(("Find the old area.", "First the area before."), f"a = {a} * {b}\nprint(a)")
    product = f"a + x**2 == {area}" if sheet.holds("square-termwise") else f"({a} + x) * ({b} + x) == {area}"
    sheet.run(
        ("Try x until the new area is right.", "Look for x."), f"c = [x for x in range(1, 100) if {product}]\nprint(c)"
    )
    sheet.run(("Check the new area.",), f"x = c[0]\nprint(x, ({a} + x) * ({b} + x) - a)")
    sheet.answer(("So x is this.", "This is the number."), sheet["x"])
    return sheet.draft(x)


def together(rng: random.Random, level: int, student: Student) -> Draft:
    """Two who work at different speeds: the part they do in an hour, the hours both need, a late start."""
    a, b = rng.sample(range(2, 25), 2)
    first, second = rng.sample(NAMES, 2)
    job = rng.choice(("build a wall", "fill a tank", "bake the bread", "pack the boxes", "pick the apples"))
    rate = Fraction(1, a) + Fraction(1, b)
    if level == 4:
        early = rng.randint(1, min(a, 12) - 1)
        wanted = (1 - Fraction(early, a)) / rate
        tail = (
            f"{first} works alone for {early} {'hour' if early == 1 else 'hours'} first. How many more hours do both "
            "need together for the rest?"
        )
    else:
        wanted = rate if level == 2 else 1 / rate
        tail = (
            "What part of it do they do in one hour when they work together?"
            if level == 2
            else "How many hours do they need when they work together?"
        )
    question = ask(
        rng,
        f"{first} needs {a} hours to {job}, and {second} needs {b} hours for the same work. {tail}",
        f"To {job} takes {first} {a} hours. The same job takes {second} {b} hours. {tail}",
        f"{first} can {job} in {a} hours and {second} can do it in {b} hours. {tail}",
    )
    sheet = Sheet(question, student)
    if sheet.holds("adds-denominators"):
        sheet.run(("Find the part that both do in an hour.",), f"r = Rational(1 + 1, {a} + {b})\nprint(r)")
    else:
        sheet.run(
            ("Find the part that both do in an hour.", "Add the parts of one hour."),
            f"r = Rational(1, {a}) + Rational(1, {b})\nprint(r)",
        )
    if level == 2:
        sheet.run(("It must be more than each part.",), f"print(r > Rational(1, {a}), r > Rational(1, {b}))")
        sheet.answer(("This is the part.", "So the part is this."), tex(sheet["r"]))
        return sheet.draft(tex(wanted))
    left = "1"
    if level == 4:
        rest = f"Rational({early}, {a})" if sheet.holds("part-for-whole") else f"1 - Rational({early}, {a})"
        sheet.run(
            ("Find what is left after the first hours.", "Take away the part that is done."), f"n = {rest}\nprint(n)"
        )
        left = "n"
    turned = f"r / {left}" if sheet.holds("run-over-rise") else f"{left} / r"
    sheet.run(("Divide to find the hours.", "How many hours does it take?"), f"t = {turned}\nprint(t)")
    sheet.run(("Check the work of both.",), f"print(t * Rational(1, {a}) + t * Rational(1, {b}) == {left})")
    sheet.answer(("So it takes this many hours.", "This is the number of hours."), tex(sheet["t"]))
    return sheet.draft(tex(wanted))


def buses(rng: random.Random, level: int, student: Student) -> Draft:
    """Two buses that meet, or of which the faster one comes after the other."""
    u, v = rng.sample(range(20, 75), 2)
    u, v = max(u, v), min(u, v)
    hours = rng.randint(2, 9)
    if level < 3:
        distance = (u + v) * hours
        asked = {1: "After how many hours do they meet?", 2: "How many miles has the faster one gone when they meet?"}[
            level
        ]
        speeds = f"{u} and the other {v}" if rng.random() < 0.5 else f"{v} and the other {u}"
        question = ask(
            rng,
            f"Two buses are {distance} miles apart and start at the same time to meet each other. One goes {speeds} "
            f"miles per hour. {asked}",
            f"The distance between two buses is {distance} miles. They drive to meet each other, one {speeds} miles "
            f"per hour. {asked}",
            f"Two cars start together from the ends of a road of {distance} miles, to meet between the ends. One "
            f"drives {speeds} miles per hour. {asked}",
        )
        sheet = Sheet(question, student)
        sign = "-" if sheet.holds("keeps-sign") else "+"
        sheet.run(
            ("Each hour both come closer.", "Find the miles of both in an hour."), f"s = {u} {sign} {v}\nprint(s)"
        )
        sheet.run(("Divide to find the hours.",), f"t = {distance} // s\nprint(t, {distance} % s)")
        if level == 1:
            sheet.run(("Check the miles of both.",), f"print({u} * t + {v} * t == {distance})")
            sheet.answer(
                ("So they meet after this many hours.", "This is the number of hours."), sheet["t"], sheet["s"]
            )
            return sheet.draft(hours)
        sheet.run(("Find the miles of the faster one.",), f"m = {u} * t\nprint(m)")
        sheet.answer(("So it has gone this far.", "This is the distance."), sheet["m"], sheet["t"])
        return sheet.draft(u * hours)
    while True:
        lead = rng.randint(1, 5)
        if v * lead % (u - v) == 0 and v * lead <= 15 * (u - v):
            break
        u, v = rng.sample(range(20, 75), 2)
        u, v = max(u, v), min(u, v)
    late = f"{lead} {'hour' if lead == 1 else 'hours'} later"
    question = ask(
        rng,
        f"A bus leaves at {v} miles per hour. A car leaves from the same place {late} and goes the same way at {u} "
        "miles per hour. How many hours does the car need to reach the bus?",
        f"A train runs at {v} miles per hour. Another train starts {late} from the same place and runs the same way at "
        f"{u} miles per hour. After how many hours does the second train reach the first?",
        f"One car starts at {v} miles per hour, and another car starts {late} on the same road at {u} miles per hour. "
        "For how many hours does the second car drive until it reaches the first?",
    )
    sheet = Sheet(question, student)
    sheet.run(
        ("Find the lead of the first one.", "How far away is the first one by then?"), f"d = {v} * {lead}\nprint(d)"
    )
    sign = "+" if sheet.holds("keeps-sign") else "-"
    sheet.run(
        ("Each hour the second one wins the difference.", "Find the difference of the two."),
        f"s = {u} {sign} {v}\nprint(s)",
    )
    sheet.run(("Divide to find the hours.",), "t = d // s\nprint(t, d % s)")
    sheet.run(
        ("Check the miles of both.", "Both must have gone the same way."), f"print({u} * t == {v} * (t + {lead}))"
    )
    sheet.answer(("So it takes this many hours.", "This is the number of hours."), sheet["t"], sheet["d"])
    return sheet.draft(v * lead // (u - v))


def ages(rng: random.Random, level: int, student: Student) -> Draft:
    """Ages from their product; in how many years one is a multiple of the other."""
    older, younger = rng.sample(NAMES, 2)
    if level == 3:
        b, d = rng.randint(2, 20), rng.randint(2, 15)
        a = b + d
        question = ask(
            rng,
            f"{older} is {d} years older than {younger}. The product of their ages is {a * b}. How old is {older}?",
            f"The ages of {older} and {younger} differ by {d} years and have product {a * b}. {older} is the older "
            f"one. How many years old is {older}?",
            f"{younger} is {d} years younger than {older}, and the product of both ages is {a * b}. How old is "
            f"{older}?",
        )
        sheet = Sheet(question, student)
        sign = "-" if sheet.holds("keeps-sign") else "+"
        sheet.run(
            (f"Try the age of {younger} until the product is right.", "Look for the smaller age."),
            f"c = [i for i in range(1, 60) if i * (i {sign} {d}) == {a * b}]\nprint(c)",
        )
        sheet.run((f"Now the age of {older}.",), f"n = c[0] + {d}\nprint(n, c[0] * n == {a * b})")
        sheet.answer(("So this is the age.", "This is the age."), sheet["n"])
        return sheet.draft(a)
    k, x, b = rng.choice((2, 3, 4)), rng.randint(2, 20), rng.randint(2, 15)
    a = k * (b + x) - x
    times = "twice" if k == 2 else f"{k} times"
    question = ask(
        rng,
        f"{older} is {a} years old and {younger} is {b}. In how many years is {older} {times} as old as {younger}?",
        f"Now {older} is {a} and {younger} is {b} years old. After how many years is the age of {older} {times} the "
        f"age of {younger}?",
        f"The ages of {older} and {younger} are {a} and {b}. How many years later is {older} {times} as old as "
        f"{younger}?",
    )
    sheet = Sheet(question, student)
    sheet.run(
        ("Collect the numbers on one side.", f"Compare {older} with {times} {younger}."),
        f"n = {a} - {k} * {b}\nprint(n)",
    )
    each = f"{k}" if sheet.holds("distributes-first") else f"({k} - 1)"
    sheet.run(("Each year makes it less; divide.",), f"x = n // {each}\nprint(x, n % {each})")
    sheet.run(("Check the ages by then.",), f"print({a} + x == {k} * ({b} + x))")
    sheet.answer(("So it takes this many years.", "This is the number of years."), sheet["x"], sheet["n"])
    return sheet.draft(x)
