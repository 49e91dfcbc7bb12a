"""Right triangles, angles of triangles and polygons, areas of triangles."""

import random
from fractions import Fraction
from math import gcd

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    less,
    root_printed,
    root_tex,
    tex,
)
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def right_triangle(rng: random.Random, level: int, student: Student) -> Draft:
    """The third side of a right triangle, a whole number or a radical."""
    whole = level == 2
    if whole:
        p, q, h = rng.choice(((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (4, 3, 5), (12, 5, 13), (20, 21, 29)))
        k = rng.randint(1, 4)
        a, b, square = p * k, q * k, (h * k) ** 2
        c = h * k
    else:
        a, b = rng.randint(2, 12), rng.randint(2, 12)
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
    product = work.holds("power-as-product")
    sign = " * 2" if product else "**2"
    p, q = (2 * first, 2 * second) if product else (first * first, second * second)
    work.run(
        ("Square the two lengths.", "Find the squares of the given sides."),
        f"p, q = {first}{sign}, {second}{sign}\nprint(p, q)",
        (p, q),
    )
    minus = leg and not work.holds("keeps-sign")
    n = p - q if minus else p + q
    work.run(
        ("Find the square of the leg.", "The square of the other leg is this.")
        if leg
        else ("Find the square of the hypotenuse.", "Add the squares."),
        f"n = p {'-' if minus else '+'} q\nprint(n)",
        n,
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
    )
    work.run(
        ("Check the sum of all angles.", "All angles must add up to a half turn."),
        f"print({a} + {b} + c == 180)",
        a + b + found == 180,
    )
    work.answer(("This is the angle.", "So the angle is this."), found, instead=x + b)
    return work.draft(question, answer)


def _base_angle(rng: random.Random, student: Student) -> Draft:
    a = 2 * rng.randint(10, 70)
    question = ask(
        rng,
        f"In a triangle two sides are equal, and the angle between them is {a} degrees. How many degrees is each of "
        "the other angles?",
        f"The angle at the top of an isosceles triangle measures {a} degrees. Find each base angle in degrees.",
        f"An isosceles triangle has an angle of {a} degrees between its equal sides. What is a base angle in degrees?",
    )
    answer = (180 - a) // 2
    work = Work(student)
    total = 360 if work.holds("full-turn") else 180
    x = work.copy(a)
    rest = total - x
    work.run(
        ("Find what is left for the base angles.", "Subtract the top angle."), f"r = {total} - {x}\nprint(r)", rest
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
    work.run(("Count the parts.", "Find the number of parts."), f"{code}\nprint(k)", k)
    one = total // k
    work.run(
        ("Find one part.", "Divide the sum of the angles."),
        f"one = {total} // k\nprint(one, {total} % k)",
        (one, total % k),
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


def polygon(rng: random.Random, level: int, student: Student) -> Draft:
    """Angles of a polygon: sum, one angle of a regular one, sides from an angle, diagonals."""
    names = {5: "pentagon", 6: "hexagon", 8: "octagon", 9: "nonagon", 10: "decagon", 12: "dodecagon"}
    n = rng.randint(5, 30)
    if level == 2:
        shape = _a(names[n]) if n in names else f"a polygon with {n} sides"
        question = ask(
            rng,
            f"What is the sum of the inside angles of a polygon with {n} sides, in degrees?",
            f"A polygon has {n} sides. Find the sum of its inside angles in degrees.",
            f"How many degrees do the inside angles of {shape} add up to?",
        )
        answer = (n - 2) * 180
    elif level == 3:
        n = rng.choice((5, 6, 8, 9, 10, 12, 15, 18, 20, 24, 30, 36, 40, 45, 60, 72, 90))
        question = ask(
            rng,
            f"What is each inside angle of a regular polygon with {n} sides, in degrees?",
            f"A regular polygon has {n} sides. Find one of its inside angles in degrees.",
            f"All sides and angles of a polygon with {n} sides are equal. How many degrees is one angle?",
        )
        answer = (n - 2) * 180 // n
    else:
        n = rng.choice((5, 6, 8, 9, 10, 12, 15, 18, 20, 24, 30, 36, 40, 45, 60, 72, 90))
        inside = 180 - 360 // n
        question = ask(
            rng,
            f"Each inside angle of a regular polygon is {inside} degrees. How many sides does it have?",
            f"A regular polygon has inside angles of {inside} degrees. Find the number of its sides.",
            f"How many sides does a regular polygon with inside angles of {inside} degrees have?",
        )
        answer = n
    work = Work(student)
    late = work.holds("off-by-one")
    if level < 4:
        m = work.copy(n)
        k = m - 1 if late else m - 2
        work.run(
            ("Count the triangles in the polygon.", "How many triangles make it up?"),
            f"t = {m} - {1 if late else 2}\nprint(t)",
            k,
        )
        turn = 360 if work.holds("full-turn") else 180
        total = k * turn
        work.run(("Find the sum of the angles.", "Each triangle adds its angles."), f"s = t * {turn}\nprint(s)", total)
        if level == 2:
            work.answer(("This is the sum.", "So the sum is this."), total, instead=k)
            return work.draft(question, answer)
        found = total // n
        work.run(
            ("Divide by the number of angles.", "All angles are equal."),
            f"a = s // {n}\nprint(a, s % {n})",
            (found, total % n),
        )
        work.run(
            ("An inside angle must be less than 180.", "Check that it is less than 180."),
            "print(a < 180)",
            found < 180,
        )
        work.answer(("This is the angle.", "So the angle is this."), found, instead=total)
        return work.draft(question, answer)
    turn = 360 if work.holds("full-turn") else 180
    outside = turn - inside
    work.run(("Find the outside angle.", "First the outside angle."), f"e = {turn} - {inside}\nprint(e)", outside)
    whole = 180 if work.holds("forgets-half") else 360
    found = whole // outside
    work.run(
        ("All outside angles make a full turn.", "Divide a full turn by it."),
        f"n = {whole} // e\nprint(n, {whole} % e)",
        (found, whole % outside),
    )
    work.run(
        ("Check the sum of the inside angles.", "Compare the sum of the angles."),
        f"print((n - 2) * 180 == n * {inside})",
        (found - 2) * 180 == found * inside,
    )
    work.answer(("This is the number of sides.", "So it has this many sides."), found, instead=outside)
    return work.draft(question, answer)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def triangle_area(rng: random.Random, level: int, student: Student) -> Draft:
    """Area of a triangle from base and height, or from the coordinates of its corners."""
    if level == 2:
        base, height = rng.randint(3, 30), rng.randint(3, 30)
        question = ask(
            rng,
            f"A triangle has a base of {base} and a height of {height}. What is its area?",
            f"Find the area of a triangle with base {base} and height {height}.",
            f"The legs of a right triangle are {base} and {height} long. What is its area?",
        )
        work = Work(student)
        b = work.copy(base)
        work.run(
            ("Multiply base and height.", "Find the product of both."), f"p = {b} * {height}\nprint(p)", b * height
        )
        if work.holds("forgets-half"):
            work.answer(("This is the area.", "So the area is this."), b * height)
        else:
            found = Fraction(b * height, 2)
            work.run(("A triangle is half of that.", "Halve it."), "a = Rational(p, 2)\nprint(a)", found, sympy=True)
            work.answer(("This is the area.", "So the area is this."), tex(found), instead=b * height)
        return work.draft(question, tex(Fraction(base * height, 2)))
    while True:
        ax, ay, bx, by, cx, cy = (rng.randint(-6, 9) for _ in range(6))
        if level == 3:
            ax, ay = 0, 0
        double = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        if double and abs(double) > 5:
            break
    corners = f"$({ax}, {ay})$, $({bx}, {by})$ and $({cx}, {cy})$"
    question = ask(
        rng,
        f"What is the area of the triangle with vertices {corners}?",
        f"A triangle has its corners at {corners}. Find its area.",
        f"The points {corners} are the vertices of a triangle. What is its area?",
    )
    work = Work(student)
    ux, uy, vx, vy = bx - ax, by - ay, cx - ax, cy - ay
    work.run(
        ("Go from the first corner to the second.", "Find the first side as a vector."),
        f"u, v = {bx}{less(ax)}, {by}{less(ay)}\nprint(u, v)",
        (ux, uy),
    )
    work.run(
        ("Go from the first corner to the third.", "Now the second side."),
        f"s, t = {cx}{less(ax)}, {cy}{less(ay)}\nprint(s, t)",
        (vx, vy),
    )
    plus_sign = work.holds("keeps-sign")
    d = ux * vy + uy * vx if plus_sign else ux * vy - uy * vx
    work.run(
        ("Multiply crosswise.", "Find the cross product."),
        f"d = u * t {'+' if plus_sign else '-'} v * s\nprint(d)",
        d,
    )
    half = not work.holds("forgets-half")
    found = Fraction(abs(d), 2) if half else Fraction(abs(d))
    work.run(
        ("The area is half its size.", "Halve it without the sign."),
        "a = Rational(abs(d), 2)\nprint(a)" if half else "a = abs(d)\nprint(a)",
        found,
        sympy=half,
    )
    work.answer(("This is the area.", "So the area is this."), tex(found), instead=abs(d))
    return work.draft(question, tex(Fraction(abs(double), 2)))
