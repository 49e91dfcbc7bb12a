"""A solution in whole numbers is guessed: of sum and product, of a price, of two squares, of a cubic."""

import random
from math import isqrt

from amz_env.problems.base import Draft
from amz_env.problems.guess.trial import divisors_near, guessed
from amz_env.problems.math.forms import terms
from amz_env.problems.math.work import NAMES, ask
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student

_THINGS = ("pens", "caps", "mugs", "balls", "books", "kites")


def two_numbers(rng: random.Random, level: int, student: Student) -> Draft:
    """The larger of two numbers with a given product, and sum or difference."""
    low, high = {1: (3, 12), 2: (5, 24), 3: (12, 48)}[level]
    x, y = sorted(rng.sample(range(low, high), 2))
    p, differ = x * y, rng.random() < 0.4
    known = y - x if differ else x + y
    what = "difference" if differ else "sum"
    question = ask(
        rng,
        f"Two positive whole numbers have the product {p} and the {what} {known}. What is the larger one?",
        f"The product of two positive whole numbers is {p}, and their {what} is {known}. Find the larger number.",
        f"Find the larger of two positive whole numbers with {what} {known} and product {p}.",
    )
    sheet = Sheet(question, student)
    small = guessed(student, "first-number", x, divisors_near(p, x))
    other = f"x + {known}" if differ else f"{known} - x"
    sheet.run(
        (f"Try {small} for the smaller one.", f"Let the smaller one be {small}."),
        f"x = {small}\ny = {other}\nprint(y, x * y == {p})",
    )
    sheet.answer(("This is the larger number.", "So the larger one is this."), sheet["y"], sheet["x"])
    return sheet.draft(y)


def two_prices(rng: random.Random, level: int, student: Student) -> Draft:
    """How many of two things were bought, from the prices and the sum paid."""
    while True:
        a, b = rng.sample(range(3, 9) if level == 2 else range(7, 20), 2)
        most = 4 if level == 2 else 6
        x, y = rng.randint(1, most), rng.randint(1, 9)
        t = a * x + b * y
        candidates = range(1, (t - b) // a + 1)
        if len(candidates) > 1 and sum((t - a * i) % b == 0 for i in candidates) == 1:
            break
    one, two = rng.sample(_THINGS, 2)
    name = rng.choice(NAMES)
    wanted, total = (f"dollars are paid for the {one}", a * x) if level == 3 else (f"{one} are bought", x)
    question = ask(
        rng,
        f"{name} buys {one} at {a} dollars each and {two} at {b} dollars each, at least one of both, and pays {t} "
        f"dollars. How many {wanted}?",
        f"At a shop {one} cost {a} dollars each and {two} cost {b} dollars each. {name} pays {t} dollars and takes "
        f"some of both. How many {wanted}?",
        f"{name} pays {t} dollars for some {one} and some {two}. One of the {one} costs {a} dollars, one of the {two} "
        f"costs {b} dollars. How many {wanted}?",
    )
    sheet = Sheet(question, student)
    tried = guessed(student, "first-number", x, candidates[:most])
    sheet.run(
        (f"Try {tried} {one}.", f"Let there be {tried} {one}."),
        f"x = {tried}\nm = {t} - {a} * x\nprint(m, m % {b} == 0)",
    )
    if level == 3:
        sheet.run((f"Find what the {one} cost.", f"Multiply for the {one}."), f"n = {a} * x\nprint(n)")
    sheet.answer(("So there are this many.", "This is the number."), sheet["n" if level == 3 else "x"], sheet["m"])
    return sheet.draft(total)


def two_squares(rng: random.Random, level: int, student: Student) -> Draft:
    """The product of two numbers whose squares have a given sum."""
    top = {3: 18, 4: 28}[level]
    a, b = squares_with_sum(rng, top)
    n = a * a + b * b
    question = ask(
        rng,
        f"The squares of two different positive whole numbers add up to {n}. What is the product of the two?",
        f"Write {n} as the sum of the squares of two different positive whole numbers. What is their product?",
        f"Two different positive whole numbers have squares with the sum {n}. What is their product?",
    )
    sheet = Sheet(question, student)
    large = guessed(student, "first-number", b, larger_of_squares(n))
    sheet.run(
        (f"Try {large} for the larger one.", f"Let the larger one be {large}."),
        f"b = {large}\na = int(({n} - b**2)**0.5)\nprint(a, a**2 + b**2 == {n})",
    )
    sheet.run(("Multiply the two numbers.", "Find their product."), "p = a * b\nprint(p)")
    sheet.answer(("This is the product.", "So the product is this."), sheet["p"], sheet["b"])
    return sheet.draft(a * b)


def whole_root(rng: random.Random, level: int, student: Student) -> Draft:
    """A whole root of a cubic, alone or to find the largest root."""
    if level < 5:
        size = 5 if level == 3 else 7
        root, b, c = one_whole_root(rng, size)
        # (x - root)(x^2 + bx + c)
        cubic = (1, b - root, c - root * b, -root * c)
        question = ask(
            rng,
            f"The equation ${terms(cubic)} = 0$ has exactly one whole number solution. Find it.",
            f"Which whole number $x$ satisfies ${terms(cubic)} = 0$?",
            f"Find the only whole number $x$ with ${terms(cubic)} = 0$.",
        )
        sheet = Sheet(question, student)
        x = guessed(student, "first-root", root, divisors_up_to(cubic[3], size))
        sheet.run((f"Try {x} for x.", f"Put in {x} for x."), f"x = {x}\nprint({terms(cubic, code=True)} == 0)")
        sheet.answer(("This is the solution.", "So x is this."), sheet["x"], cubic[3])
        return sheet.draft(root)
    roots = sorted(rng.sample([i for i in range(-7, 8) if i], 3))
    r, s, t = roots
    cubic = (1, -(r + s + t), r * s + r * t + s * t, -r * s * t)
    question = ask(
        rng,
        f"The equation ${terms(cubic)} = 0$ has three whole number solutions. What is the largest one?",
        f"All three solutions of ${terms(cubic)} = 0$ are whole numbers. Find the largest solution.",
        f"Find the largest of the three whole numbers $x$ with ${terms(cubic)} = 0$.",
    )
    sheet = Sheet(question, student)
    candidates = divisors_up_to(cubic[3], 7)
    first = student.rng.choice(roots)
    second = student.rng.choice([i for i in roots if i != first])
    wrong = [i for i in candidates if i not in roots]
    x = guessed(student, "first-root", first, wrong)
    sheet.run((f"Try {x} for x.", f"Put in {x} for x."), f"x = {x}\nprint({terms(cubic, code=True)} == 0)")
    y = guessed(student, "first-root", second, [i for i in wrong if i != x])
    sheet.run(
        (f"Try {y} for another root.", f"Put in {y} as another root."),
        f"y = {y}\nprint({terms(cubic, 'y', code=True)} == 0)",
    )
    sheet.run(
        ("The sum of the roots gives the last one.", "Find the last root from the sum."),
        f"z = {-cubic[1]} - x - y\nprint(z)",
    )
    sheet.run(("Take the largest root.", "Which root is the largest?"), "g = max(x, y, z)\nprint(g)")
    sheet.answer(("This is the largest one.", "So the largest is this."), sheet["g"], sheet["z"])
    return sheet.draft(t)


def squares_with_sum(rng: random.Random, top: int) -> tuple[int, int]:
    """Draw two numbers a < b < top of which no others have the same sum of squares."""
    while True:
        a, b = sorted(rng.sample(range(2, top), 2))
        n = a * a + b * b
        if b > 5 and sum(isqrt(n - i * i) ** 2 == n - i * i for i in larger_of_squares(n)) == 1:
            return a, b


def larger_of_squares(n: int) -> range:
    """Return the candidates for the larger one of two different numbers whose squares add up to n."""
    return range(isqrt(n // 2) + 1, isqrt(n - 1) + 1)


def one_whole_root(rng: random.Random, size: int) -> tuple[int, int, int]:
    """Draw a whole root, and a quadratic x^2 + bx + c without whole roots."""
    while True:
        root, b, c = rng.choice([i for i in range(-size, size + 1) if i]), rng.randint(-5, 5), rng.randint(2, 9)
        if all(x * x + b * x + c for x in range(-12, 13)):
            return root, b, c


def divisors_up_to(constant: int, size: int) -> list[int]:
    """Return the divisors of the constant term, of both signs, up to a size."""
    return [i for i in range(-size, size + 1) if i and constant % i == 0]
