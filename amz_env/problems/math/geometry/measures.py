"""Rectangles, similar figures, solids."""

import random
from math import gcd

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    pi_printed,
    pi_tex,
)
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def rectangle(rng: random.Random, level: int, student: Student) -> Draft:
    """Area and perimeter of a rectangle, each from the other at level 2."""
    a, b = rng.sample(range(3, 30), 2)
    thing = rng.choice(("garden", "field", "room", "yard", "rectangle"))
    want = rng.choice(("area", "perimeter"))
    unit = "square feet" if want == "area" else "feet"
    if level == 1:
        question = ask(
            rng,
            f"A {_shape(thing)} is {a} feet long and {b} feet wide. What is its {want} in {unit}?",
            f"Find the {want} in {unit} of a {_shape(thing)} with sides of {a} feet and {b} feet.",
            f"The sides of a {_shape(thing)} are {a} feet and {b} feet long. How many {unit} is its {want}?",
        )
    elif want == "perimeter":
        question = ask(
            rng,
            f"A {_shape(thing)} has an area of {a * b} square feet and is {a} feet long. What is its perimeter in "
            "feet?",
            f"The area of a {_shape(thing)} is {a * b} square feet, and one side is {a} feet. Find its perimeter in "
            "feet.",
            f"One side of a {_shape(thing)} is {a} feet and its area is {a * b} square feet. How many feet is its "
            "perimeter?",
        )
    else:
        question = ask(
            rng,
            f"A {_shape(thing)} has a perimeter of {2 * (a + b)} feet and is {a} feet long. What is its area in "
            "square feet?",
            f"The perimeter of a {_shape(thing)} is {2 * (a + b)} feet, and one side is {a} feet. Find its area in "
            "square feet.",
            f"One side of a {_shape(thing)} is {a} feet and its perimeter is {2 * (a + b)} feet. How many square feet "
            "is its area?",
        )
    answer = a * b if want == "area" else 2 * (a + b)
    work = Work(student)
    long, wide = work.copy(a), b
    if level == 2:
        if want == "perimeter":
            area = a * b
            wide = area // long
            work.run(
                ("Divide the area by the length.", "Find the other side from the area."),
                f"b = {area} // {long}\nprint(b, {area} % {long})",
                (wide, area % long),
            )
        else:
            around = 2 * (a + b)
            if work.holds("forgets-half"):
                wide = around - long
                work.run(
                    ("Find the other side from the perimeter.", "The rest is the other side."),
                    f"b = {around} - {long}\nprint(b)",
                    wide,
                    fits=(f"2 * b == {around} - 2 * {a}", wide == b),
                )
            else:
                wide = around // 2 - long
                work.run(
                    ("Find the other side from the perimeter.", "Half the perimeter is both sides."),
                    f"b = {around} // 2 - {long}\nprint(b)",
                    wide,
                    fits=(f"2 * b == {around} - 2 * {a}", wide == b),
                )
    name = "b" if level == 2 else str(wide)
    as_area = (want == "area") != work.holds("area-for-perimeter")
    found = long * wide if as_area else 2 * (long + wide)
    other = str(b) if level == 1 else f"{2 * (a + b)} / 2 - {a}" if want == "area" else f"{a * b} / {a}"
    work.run(
        (f"Now find the {want}.", f"Find the {want} from the sides."),
        f"n = {long} * {name}\nprint(n)" if as_area else f"n = 2 * ({long} + {name})\nprint(n)",
        found,
        fits=(f"n / {a} == {other}" if want == "area" else f"n / 2 - {a} == {other}", found == answer),
    )
    if level == 2:
        given = f"2 * ({a} + b) == {2 * (a + b)}" if want == "area" else f"{a} * b == {a * b}"
        ok = 2 * (a + wide) == 2 * (a + b) if want == "area" else a * wide == a * b
        work.run(("Check the other side.", "The sides must fit what is given."), f"print({given})", ok)
    work.answer((f"This is the {want}.", f"So the {want} is this."), found, instead=wide)
    return work.draft(question, answer)


def _shape(thing: str) -> str:
    return thing if thing == "rectangle" else f"rectangular {thing}"


def similar(rng: random.Random, level: int, student: Student) -> Draft:
    """Similar figures: lengths, then areas and volumes."""
    while True:
        a, b = rng.sample(range(2, 10), 2)
        if gcd(a, b) == 1:
            break
    k = rng.randint(2, 15)
    if level == 2:
        question = ask(
            rng,
            f"Two triangles are similar. A side of {a * 2} in the first is {b * 2} in the second. Another side of the "
            f"first is {a * k}. How long is it in the second?",
            f"A pole of {a * 2} feet has a shadow of {b * 2} feet. A tree nearby is {a * k} feet high. How long is "
            "its shadow in feet?",
            f"On a map {a * 2} inches are {b * 2} miles. How many miles are {a * k} inches?",
        )
        answer = b * k
    else:
        power, what = (2, "area") if level == 3 else (3, "volume")
        shapes = rng.choice(("triangles", "rectangles", "kites") if level == 3 else ("boxes", "cones", "pyramids"))
        unit = rng.randint(2, 6)
        size = a**power * unit
        question = ask(
            rng,
            f"Two similar {shapes} have sides in the ratio {a}:{b}. The first one has {what} {size}. What is the "
            f"{what} of the second one?",
            f"The sides of two similar {shapes} have the ratio {a}:{b}, and the {what} of the first is {size}. Find "
            f"the {what} of the second.",
            f"The first of two similar {shapes} has {what} {size}. Its sides are to those of the second as {a}:{b}. "
            f"What is the {what} of the second?",
        )
        answer = b**power * unit
    work = Work(student)
    if level == 2:
        side = work.copy(a * k)
        flips = work.holds("run-over-rise")
        p, q = (a * 2, b * 2) if flips else (b * 2, a * 2)
        work.run(
            ("Multiply by the matching side of the second.", "Scale the length up."),
            f"n = {side} * {p}\nprint(n)",
            side * p,
            fits=(f"n / {b * 2} == {a * k}", side * p == a * k * b * 2),
        )
        found = side * p // q
        work.run(
            ("Divide by the side of the first.", "Divide to finish."),
            f"x = n // {q}\nprint(x, n % {q})",
            (found, side * p % q),
        )
        work.run(
            ("Check that the ratios are the same.", "Compare the ratios crosswise."),
            f"print({a * 2} * x == {b * 2} * {a * k})",
            a * 2 * found == b * 2 * a * k,
        )
        work.answer(("This is the length.", "So it is this long."), found, instead=side * p)
        return work.draft(question, answer)
    linear = work.holds("scales-linearly")
    product = work.holds("power-as-product")
    p, q = (a, b) if linear else (a * power, b * power) if product else (a**power, b**power)
    code = (
        f"p, q = {a}, {b}"
        if linear
        else f"p, q = {a} * {power}, {b} * {power}"
        if product
        else f"p, q = {a}**{power}, {b}**{power}"
    )
    work.run(
        (f"Find the ratio of the {what}s.", f"The {what}s have this ratio."),
        f"{code}\nprint(p, q)",
        (p, q),
        fits=(f"p * q == ({a} * {b})**{power}", p * q == (a * b) ** power),
    )
    one = size // p
    work.run(
        ("Divide by the first part.", "Find one part."), f"one = {size} // p\nprint(one, {size} % p)", (one, size % p)
    )
    work.run(
        (f"Now the {what} of the second.", "Multiply by the second part."),
        "n = one * q\nprint(n)",
        one * q,
        fits=(f"n * {a**power} == {size} * {b**power}", one * q == answer),
    )
    work.answer((f"This is the {what}.", f"So the {what} is this."), one * q, instead=one)
    return work.draft(question, answer)


def solid(rng: random.Random, level: int, student: Student) -> Draft:
    """Volume and surface of a box, volume of a cylinder and of a cone."""
    a, b, c = (rng.randint(2, 12) for _ in range(3))
    if level == 2:
        want = rng.choice(("volume", "surface area"))
        question = ask(
            rng,
            f"A box has edges of {a}, {b} and {c}. What is its {want}?",
            f"Find the {want} of a box that is {a} long, {b} wide and {c} high.",
            f"The edges of a box have lengths {a}, {b} and {c}. How large is its {want}?",
        )
        work = Work(student)
        x = work.copy(a)
        swaps = work.holds("area-for-perimeter")
        if want == "volume":
            condition, true = f"n / {c} == {a} * {b}", a * b * c
        else:
            condition, true = f"n - 2 * {a} * {b} == 2 * ({a} + {b}) * {c}", 2 * (a * b + a * c + b * c)
        if (want == "volume") != swaps:
            work.run(("Find the base of the box.", "First length times width."), f"g = {x} * {b}\nprint(g)", x * b)
            found = x * b * c
            work.run(
                ("Multiply by the height.", "Now the height."),
                f"n = g * {c}\nprint(n)",
                found,
                fits=(condition, found == true),
            )
        else:
            half = x * b + x * c + b * c
            work.run(
                ("Add the three different faces.", "Find the faces and add them."),
                f"f = {x} * {b} + {x} * {c} + {b} * {c}\nprint(f)",
                half,
            )
            found = half if work.holds("forgets-half") else 2 * half
            work.run(
                ("Each face comes twice.", "Count all faces."),
                "n = f\nprint(n)" if found == half else "n = 2 * f\nprint(n)",
                found,
                fits=(condition, found == true),
            )
        work.answer((f"This is the {want}.", f"So the {want} is this."), found)
        return work.draft(question, a * b * c if want == "volume" else 2 * (a * b + a * c + b * c))
    r, h = rng.randint(2, 15), rng.randint(2, 20)
    cone = level == 4
    gives = rng.choice(("radius", "diameter"))
    if cone:
        h = 3 * rng.randint(1, 15)
    shape = "cone" if cone else "cylinder"
    size = r if gives == "radius" else 2 * r
    question = ask(
        rng,
        f"A {shape} has a base with {gives} {size} and height {h}. What is its volume in terms of $\\pi$?",
        f"Find the volume of a {shape} with {gives} {size} and height {h}. Give the answer in terms of $\\pi$.",
        f"The {gives} of a {shape} is {size} and its height is {h}. What is its volume, as a multiple of $\\pi$?",
    )
    work = Work(student)
    halves = (gives == "diameter") != work.holds("radius-for-diameter")
    radius = size // 2 if halves else size
    work.run(
        ("Find the radius.", "First the radius."),
        f"r = {size} // 2\nprint(r)" if halves else f"r = {size}\nprint(r)",
        radius,
        fits=(f"r + r == {size}" if gives == "diameter" else f"r + r == 2 * {size}", radius == r),
    )
    product = work.holds("power-as-product")
    base = 2 * radius if product else radius * radius
    work.run(
        ("Find the base without pi.", "The base has the square of the radius."),
        "b = r * 2\nprint(b)" if product else "b = r**2\nprint(b)",
        base,
        fits=(f"4 * b == {size}**2" if gives == "diameter" else f"b / {size} == {size}", base == r * r),
    )
    n = base * h
    work.run(("Multiply by the height.", "Now the height."), f"n = b * {h}\nprint(n)", n)
    if cone and not work.holds("forgets-half"):
        work.run(("A cone is a third of that.", "Take a third."), "n = n // 3\nprint(n)", n // 3)
        n //= 3
    times = 12 if gives == "diameter" else 3
    work.run(
        ("Multiply by pi.", "Put in the factor pi."),
        "print(n * pi)",
        pi_printed(n),
        sympy=True,
        fits=(f"{times} * n == {size} * {size} * {h}", 3 * n == r * r * h) if cone else None,
    )
    work.answer(("This is the volume.", "So the volume is this."), pi_tex(n), instead=pi_tex(base))
    return work.draft(question, pi_tex(r * r * h // (3 if cone else 1)))
