"""Right triangles, and the angles of triangles."""

import random
from math import gcd

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    TRIPLES,
    root_printed,
    root_tex,
)
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def right_triangle(rng: random.Random, level: int, student: Student) -> Draft:
    """The third side of a right triangle, a whole number or a radical."""
    whole = level == 2
    if whole:
        p, q, h = rng.choice(TRIPLES)
        k = rng.randint(1, 6)
        a, b, square = p * k, q * k, (h * k) ** 2
        c = h * k
    else:
        a, b = rng.randint(2, 20), rng.randint(2, 20)
        square, c = a * a + b * b, 0
    leg = rng.random() < 0.5
    if leg and not whole:
        b = a + rng.randint(1, 8)
    if leg:
        long = c if whole else b
        question = ask(
            rng,
            f"A right triangle has a leg of length {a} and a hypotenuse of length {long}. How long is the other leg?",
            f"The hypotenuse of a right triangle is {long} and one leg is {a}. What is the length of the other leg?",
            f"A ladder of length {long} leans against a wall. Its foot is {a} from the wall. How high does it reach?",
        )
        square = long * long - a * a
    else:
        question = ask(
            rng,
            f"The legs of a right triangle have lengths {a} and {b}. How long is the hypotenuse?",
            f"What is the length of the hypotenuse of a right triangle with legs {a} and {b}?",
            f"A rectangle has sides {a} and {b}. How long is its diagonal?",
        )
        long = b
    work = Work(student)
    first, second = (long, work.copy(a)) if leg else (work.copy(a), b)
    x, y = (long, a) if leg else (a, b)
    product = work.holds("power-as-product")
    sign = " * 2" if product else "**2"
    p, q = (2 * first, 2 * second) if product else (first * first, second * second)
    work.run(
        ("Square the two lengths.", "Find the squares of the given sides."),
        f"p, q = {first}{sign}, {second}{sign}\nprint(p, q)",
        (p, q),
        fits=(f"p / {x} == {x} and q / {y} == {y}", p == x * x and q == y * y),
    )
    minus = leg and not work.holds("keeps-sign")
    n = p - q if minus else p + q
    work.run(
        ("Find the square of the leg.", "The square of the other leg is this.")
        if leg
        else ("Find the square of the hypotenuse.", "Add the squares."),
        f"n = p {'-' if minus else '+'} q\nprint(n)",
        n,
        fits=(f"n == ({long} - {a}) * ({long} + {a})", n == square) if leg else None,
    )
    if work.holds("square-termwise") and not leg:
        # the root of a sum taken term by term is the mirror image of the square taken so
        found = first + second
        work.run(("Take the root.", "Now the root."), f"r = {first} + {second}\nprint(r)", found)
        printed = str(found)
    else:
        work.run(("Take the root.", "Now the root."), "r = sqrt(n)\nprint(r)", root_printed(n), sympy=True)
        printed = root_tex(n)
        found = 0
    if leg:
        side = str(found) if found else "r"
        hyp_ok = a * a + (n if not found else found * found) == long * long
        work.run(
            ("The leg must be shorter than the hypotenuse; check the squares.", "Check the squares of all sides."),
            f"print({a}**2 + {side}**2 == {long}**2)",
            hyp_ok,
        )
    else:
        ok = (found * found if found else n) == a * a + b * b
        work.run(
            ("Check the squares of all sides.", "Check with the squares."),
            f"print(r**2 == {a}**2 + {b}**2)",
            ok,
        )
    work.answer(("This is the length.", "So the length is this."), printed, instead=n)
    return work.draft(question, root_tex(square))


def triangle_angles(rng: random.Random, level: int, student: Student) -> Draft:
    """The angles of a triangle: third angle, isosceles, in a ratio."""
    if level == 1:
        return _third_angle(rng, student)
    if level == 2:
        return _base_angle(rng, student)
    return _ratio_angle(rng, student)


def _third_angle(rng: random.Random, student: Student) -> Draft:
    a, b = rng.randint(20, 80), rng.randint(20, 80)
    question = ask(
        rng,
        f"Two angles of a triangle measure {a} and {b} degrees. How many degrees is the third angle?",
        f"In a triangle, one angle is {a} degrees and another is {b} degrees. Find the third angle in degrees.",
        f"A triangle has angles of {a} and {b} degrees. What is its third angle in degrees?",
    )
    answer = 180 - a - b
    work = Work(student)
    total = 360 if work.holds("full-turn") else 180
    x = work.copy(a)
    work.run(("Add the two angles.", "Find the sum of the given angles."), f"s = {x} + {b}\nprint(s)", x + b)
    found = total - x - b
    work.run(
        ("The rest is the third angle.", "Subtract from the sum of all angles."),
        f"c = {total} - s\nprint(c)",
        found,
        fits=(f"180 - c == {a} + {b}", found == answer),
    )
    work.run(
        ("Check the sum of all angles.", "All angles must add up to a half turn."),
        f"print({a} + {b} + c == 180)",
        a + b + found == 180,
    )
    work.answer(("This is the angle.", "So the angle is this."), found, instead=x + b)
    return work.draft(question, answer)


def _base_angle(rng: random.Random, student: Student) -> Draft:
    """A base angle of an isosceles triangle from the angle at the top, or the other way round."""
    if rng.random() < 0.5:
        return _top_angle(rng, student)
    a = 2 * rng.randint(5, 85)
    question = ask(
        rng,
        f"In a triangle two sides are equal, and the angle between them is {a} degrees. How many degrees is each of "
        "the other angles?",
        f"The angle at the top of an isosceles triangle measures {a} degrees. Find each base angle in degrees.",
        f"An isosceles triangle has an angle of {a} degrees between its equal sides. What is a base angle in degrees?",
        f"Two sides of a triangle have the same length and enclose an angle of {a} degrees. Find one of the two other "
        "angles in degrees.",
    )
    answer = (180 - a) // 2
    work = Work(student)
    total = 360 if work.holds("full-turn") else 180
    x = work.copy(a)
    rest = total - x
    work.run(
        ("Find what is left for the base angles.", "Subtract the top angle."),
        f"r = {total} - {x}\nprint(r)",
        rest,
        fits=(f"r + {a} == 180", rest + a == 180),
    )
    half = not work.holds("forgets-half")
    found = rest // 2 if half else rest
    work.run(
        ("Both base angles are equal.", "Find one base angle."),
        "b = r // 2\nprint(b)" if half else "b = r\nprint(b)",
        found,
    )
    work.run(
        ("Check the sum of all angles.", "All angles must add up to a half turn."),
        f"print({a} + 2 * b == 180)",
        a + 2 * found == 180,
    )
    work.answer(("This is the angle.", "So the angle is this."), found, instead=rest)
    return work.draft(question, answer)


def _top_angle(rng: random.Random, student: Student) -> Draft:
    a = rng.randint(5, 85)
    question = ask(
        rng,
        f"Each base angle of an isosceles triangle measures {a} degrees. How many degrees is the angle at the top?",
        f"In a triangle two sides are equal, and the angles across from them are {a} degrees each. Find the third "
        "angle in degrees.",
        f"A triangle has two angles of {a} degrees. What is its third angle in degrees?",
        f"The equal angles of an isosceles triangle are {a} degrees each. What is the other angle in degrees?",
    )
    work = Work(student)
    total = 360 if work.holds("full-turn") else 180
    x = work.copy(a)
    half = work.holds("forgets-half")
    both = x if half else 2 * x
    work.run(
        ("Find both base angles together.", "The two equal angles together."),
        f"s = {x}\nprint(s)" if half else f"s = 2 * {x}\nprint(s)",
        both,
        fits=(f"s - {a} == {a}", both - a == a),
    )
    found = total - both
    work.run(
        ("The rest is the top angle.", "Subtract from the sum of all angles."), f"t = {total} - s\nprint(t)", found
    )
    work.run(
        ("Check the sum of all angles.", "All angles must add up to a half turn."),
        f"print(2 * {a} + t == 180)",
        2 * a + found == 180,
    )
    work.answer(("This is the angle.", "So the angle is this."), found, instead=both)
    return work.draft(question, 180 - 2 * a)


def _ratio_angle(rng: random.Random, student: Student) -> Draft:
    while True:
        parts = [rng.randint(1, 9) for _ in range(3)]
        if 180 % sum(parts) == 0 and len(set(parts)) == 3 and gcd(*parts) == 1:
            break
    which = rng.choice(("largest", "smallest"))
    ratio = ":".join(map(str, parts))
    question = ask(
        rng,
        f"The angles of a triangle are in the ratio {ratio}. How many degrees is the {which} angle?",
        f"The three angles of a triangle have the ratio {ratio}. Find the {which} one in degrees.",
        f"In a triangle the angles are in the ratio {ratio}. What is the {which} angle in degrees?",
    )
    pick = max(parts) if which == "largest" else min(parts)
    answer = 180 // sum(parts) * pick
    work = Work(student)
    total = 360 if work.holds("full-turn") else 180
    k = max(parts) if work.holds("part-for-whole") else sum(parts)
    code = f"k = {k}" if work.holds("part-for-whole") else f"k = {' + '.join(map(str, parts))}"
    first, second, third = parts
    work.run(
        ("Count the parts.", "Find the number of parts."),
        f"{code}\nprint(k)",
        k,
        fits=(f"k - {first} - {second} == {third}", k == sum(parts)),
    )
    one = total // k
    work.run(
        ("Find one part.", "Divide the sum of the angles."),
        f"one = {total} // k\nprint(one, {total} % k)",
        (one, total % k),
        fits=(f"180 / one == {' + '.join(map(str, parts))}", one * sum(parts) == 180),
    )
    found = pick * one
    work.run(
        (f"Find the {which} angle.", f"The {which} one has this many parts."), f"n = {pick} * one\nprint(n)", found
    )
    work.run(
        ("Check the sum of all angles.", "All angles must add up to a half turn."),
        f"print({' + '.join(f'{p} * one' for p in parts)} == 180)",
        sum(parts) * one == 180,
    )
    work.answer(("This is the angle.", "So the angle is this."), found, instead=one)
    return work.draft(question, answer)
