"""Numbers that are guessed and checked, as in mini-guess, in words and compositions that no other set has."""

import random
from itertools import combinations
from math import isqrt, prod

from amz_env.problems.base import Draft
from amz_env.problems.guess.choices import numbers_with_sum
from amz_env.problems.guess.equations import divisors_up_to, larger_of_squares, one_whole_root, squares_with_sum
from amz_env.problems.guess.trial import guessed
from amz_env.problems.math.forms import terms
from amz_env.problems.math.work import NAMES, ask
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student


def cards(rng: random.Random, level: int, student: Student) -> Draft:
    """Two cards from their sum, for the product; or for the product of the others."""
    numbers, right = numbers_with_sum(rng, 5 if level == 2 else 4, 2, (12, 60))
    s, shown, name = sum(right), ", ".join(map(str, numbers)), rng.choice(NAMES)
    wanted = "product of the others" if level == 3 else "product of these two"
    question = ask(
        rng,
        f"Cards show the numbers {shown}. {name} takes two of them with the sum {s}. What is the {wanted}?",
        f"{name} has cards with the numbers {shown}. Two of the cards make {s} together. Find the {wanted}.",
    )
    sheet = Sheet(question, student)
    x, y = guessed(student, "hasty-pick", right, list(combinations(numbers, 2)))
    sheet.run((f"Try {x} and {y}.", f"Take {x} and {y}."), f"a, b = {x}, {y}\nprint(a + b == {s})")
    if level == 3:
        sheet.run(("Multiply the others.",), f"p = {' * '.join(map(str, numbers))} // (a * b)\nprint(p)")
    else:
        sheet.run(("Multiply the two.", "Find their product."), "p = a * b\nprint(p)")
    sheet.answer(("So the result is this.",), sheet["p"], x)
    return sheet.draft(prod(numbers) // prod(right) if level == 3 else prod(right))


def rows(rng: random.Random, level: int, student: Student) -> Draft:
    """The one length of rows that comes out even, for the number of rows; or for another thing in the same rows."""
    sizes = (7, 11, 13, 17)[: level + 1]
    size = rng.choice(sizes)
    count = rng.choice([q for q in range(9, 90) if sum(size * q % p == 0 for p in sizes) == 1])
    n, shown = size * count, " or ".join(map(str, sizes))
    more = rng.randint(2, 9)
    name = rng.choice(NAMES)
    if level < 3:
        question = ask(
            rng,
            f"{name} puts {n} books in equal rows of {shown}, and no book is left over. How many rows are there?",
            f"A school has {n} chairs in equal rows of {shown}. How many rows does the school have?",
        )
    else:
        question = ask(
            rng,
            f"{name} puts {n} books in equal rows of {shown}, and no book is left over. Then {more} rows of this size "
            "are added. How many books are there now?",
            f"A school has {n} chairs in equal rows of {shown}. It buys {more} rows of the same size. How many chairs "
            "does the school have then?",
        )
    sheet = Sheet(question, student)
    p = guessed(student, "first-prime", size, sizes)
    sheet.run((f"Try rows of {p}.", f"Does {p} divide it? Try."), f"p = {p}\nprint({n} % p == 0)")
    if level < 3:
        sheet.run(("Find the number of rows.",), f"q = {n} // p\nprint(q)")
    else:
        sheet.run(("Add the new rows.",), f"q = {n} + {more} * p\nprint(q)")
    sheet.answer(("So there are this many.",), sheet["q"], p)
    return sheet.draft(count if level < 3 else n + more * size)


def rectangle(rng: random.Random, level: int, student: Student) -> Draft:
    """The longer side of a rectangle from area and perimeter; or the square of its diagonal."""
    low, high = (3, 13) if level == 2 else (5, 25)
    x, y = sorted(rng.sample(range(low, high), 2))
    area, half, name = x * y, x + y, rng.choice(NAMES)
    wanted = "longer side" if level < 4 else "square of the diagonal"
    question = ask(
        rng,
        f"{name} draws a rectangle. Its sides are whole numbers, its area is {area} and its perimeter is {2 * half}. "
        f"What is the {wanted}?",
        f"A rectangle of {name} with whole numbers as sides has perimeter {2 * half} and area {area}. Find the "
        f"{wanted}.",
        f"The rectangle of {name} has area {area}, perimeter {2 * half} and whole numbers as sides. What is the "
        f"{wanted}?",
    )
    sheet = Sheet(question, student)
    sheet.run(("Half the perimeter is the sum of two sides.",), f"s = {2 * half} // 2\nprint(s)")
    small = guessed(
        student, "first-number", x, [d for d in range(low, isqrt(area) + 1) if area % d == 0 or abs(d - x) < 3]
    )
    sheet.run(
        (f"Try {small} for the shorter side.", f"Let the shorter side be {small}."),
        f"x = {small}\ny = s - x\nprint(y, x * y == {area})",
    )
    if level == 4:
        sheet.run(("Add the squares of the sides.",), "d = x**2 + y**2\nprint(d)")
    sheet.answer((f"So the {wanted} is this.",), sheet["d" if level == 4 else "y"], sheet["x"])
    return sheet.draft(x * x + y * y if level == 4 else y)


def tickets(rng: random.Random, level: int, student: Student) -> Draft:
    """How many tickets of one kind were sold, from the prices and the sum; or what they cost together."""
    while True:
        a, b = sorted(rng.sample(range(4, 12), 2), reverse=True)
        x, y = rng.randint(1, 7), rng.randint(1, 7)
        t = a * x + b * y
        fits = [(t - a * i) % b == 0 for i in range(1, (t - b) // a + 1)]
        if len(fits) > 1 and sum(fits) == 1:
            break
    wanted = "many adults are there" if level < 5 else "much do the tickets of the children cost together"
    question = ask(
        rng,
        f"A ticket costs {a} dollars for adults and {b} dollars for children. A group with at least one of both pays "
        f"{t} dollars. How {wanted}?",
        f"Tickets cost {a} dollars for adults and {b} dollars for children. {rng.choice(NAMES)} buys at least one of "
        f"both and pays {t} dollars. How {wanted}?",
        f"A group of adults and children pays {t} dollars for tickets at {a} dollars for adults and {b} dollars for "
        f"children. How {wanted}?",
    )
    sheet = Sheet(question, student)
    tried = guessed(student, "first-number", x, range(1, (t - b) // a + 1))
    sheet.run(
        (f"Try {tried} adults.", f"Let there be {tried} adults."),
        f"x = {tried}\nm = {t} - {a} * x\nprint(m, m % {b} == 0)",
    )
    sheet.answer(("So the answer is this.",), sheet["m" if level == 5 else "x"], sheet["m"])
    return sheet.draft(b * y if level == 5 else x)


def zero_of_function(rng: random.Random, level: int, student: Student) -> Draft:
    """A whole zero of a cubic function, for the value of another function there."""
    root, b, c = one_whole_root(rng, 6)
    cubic = (1, b - root, c - root * b, -root * c)
    m, k = rng.randint(2, 9), rng.randint(1, 20)
    line = (m, k)
    question = ask(
        rng,
        f"The function $f(x) = {terms(cubic)}$ has one whole zero $x$. What is the value of ${terms(line)}$ there?",
        f"Let $x$ be the whole number with ${terms(cubic)} = 0$. Find ${terms(line)}$.",
    )
    sheet = Sheet(question, student)
    x = guessed(student, "first-root", root, divisors_up_to(cubic[3], 6))
    sheet.run((f"Try {x} for x.", f"Put in {x} for x."), f"x = {x}\nprint({terms(cubic, code=True)} == 0)")
    sheet.run(("Put x into the other one.", "Find the value at x."), f"v = {terms(line, code=True)}\nprint(v)")
    sheet.answer(("This is the value.",), sheet["v"], x)
    return sheet.draft(m * root + k)


def legs(rng: random.Random, level: int, student: Student) -> Draft:
    """The legs of a right triangle in whole numbers from the square of the hypotenuse, for their product."""
    a, b = squares_with_sum(rng, 16)
    n = a * a + b * b
    name = rng.choice(NAMES)
    question = ask(
        rng,
        f"{name} draws a right triangle. Its legs are two different whole numbers, and the square of the hypotenuse is "
        f"{n}. What is the product of the legs?",
        f"A right triangle of {name} has two different whole numbers as legs. The square of its hypotenuse is {n}. "
        "Find the product of the legs.",
        f"The square of the hypotenuse of a right triangle is {n}. {name} finds that the legs are two different whole "
        "numbers. What is the product of the legs?",
    )
    sheet = Sheet(question, student)
    large = guessed(student, "first-number", b, larger_of_squares(n))
    sheet.run(
        (f"Try {large} for the larger one.", f"Let the larger leg be {large}."),
        f"b = {large}\na = int(({n} - b**2)**0.5)\nprint(a, a**2 + b**2 == {n})",
    )
    sheet.run(("Multiply the legs.",), "p = a * b\nprint(p)")
    sheet.answer(("So the product is this.",), sheet["p"], sheet["b"])
    return sheet.draft(a * b)
