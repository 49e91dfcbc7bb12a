"""Areas of triangles: from base and height, from corners, from three sides."""

import random
from fractions import Fraction
from math import isqrt

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import less, root_printed, root_tex, tex
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def triangle_area(rng: random.Random, level: int, student: Student) -> Draft:
    """Area of a triangle from base and height, from the coordinates of its corners, or from its three sides."""
    if level == 5:
        return _three_sides(rng, student)
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
            ("Multiply base and height.", "Find the product of both."),
            f"p = {b} * {height}\nprint(p)",
            b * height,
            fits=(f"p / {height} == {base}", b == base),
        )
        if work.holds("forgets-half"):
            work.answer(("This is the area.", "So the area is this."), b * height)
        else:
            found = Fraction(b * height, 2)
            work.run(
                ("A triangle is half of that.", "Halve it."),
                "a = Rational(p, 2)\nprint(a)",
                found,
                sympy=True,
                fits=(f"2 * a == {base} * {height}", 2 * found == base * height),
            )
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
        fits=("d == u * (t - v) - v * (s - u)", d == ux * (vy - uy) - uy * (vx - ux)),
    )
    half = not work.holds("forgets-half")
    found = Fraction(abs(d), 2) if half else Fraction(abs(d))
    work.run(
        ("The area is half its size.", "Halve it without the sign."),
        "a = Rational(abs(d), 2)\nprint(a)" if half else "a = abs(d)\nprint(a)",
        found,
        sympy=half,
        fits=("2 * a == abs(d)", 2 * found == abs(d)),
    )
    work.answer(("This is the area.", "So the area is this."), tex(found), instead=abs(d))
    return work.draft(question, tex(Fraction(abs(double), 2)))


# triangles with whole sides and a whole area: two right ones side by side, or one cut off the other
_WHOLE = tuple(
    (a, b, c, isqrt(square))
    for a in range(3, 27)
    for b in range(a, 41)
    for c in range(b, min(a + b, 41))
    if (a + b + c) % 2 == 0 and (square := (s := (a + b + c) // 2) * (s - a) * (s - b) * (s - c)) == isqrt(square) ** 2
)


def _three_sides(rng: random.Random, student: Student) -> Draft:
    *sides, area = rng.choice(_WHOLE)
    rng.shuffle(sides)
    a, b, c = sides
    question = ask(
        rng,
        f"The sides of a triangle are {a}, {b} and {c} long. What is its area?",
        f"Find the area of the triangle with sides {a}, {b} and {c}.",
        f"A triangle has sides of length {a}, {b} and {c}. What is its area?",
        f"A field has the shape of a triangle with sides of {a}, {b} and {c} yards. Find its area in square yards.",
    )
    work = Work(student)
    half = not work.holds("forgets-half")
    around = work.copy(a) + b + c
    s = around // 2 if half else around
    work.run(
        ("Find half the perimeter.", "Heron's formula needs half the perimeter."),
        f"s = ({around - b - c} + {b} + {c}) // 2\nprint(s)" if half else f"s = {around - b - c} + {b} + {c}\nprint(s)",
        s,
        fits=(f"s + s - {a} == {b} + {c}", s + s - a == b + c),
    )
    adds = work.holds("keeps-sign")
    rests = tuple(s + side if adds else s - side for side in sides)
    op = "+" if adds else "-"
    u, v, w = rests
    work.run(
        ("Take each side away from it.", "Find what is left for each side."),
        f"u, v, w = s {op} {a}, s {op} {b}, s {op} {c}\nprint(u, v, w)",
        rests,
        fits=(f"(u + v, u + w, v + w) == ({c}, {b}, {a})", (u + v, u + w, v + w) == (c, b, a)),
    )
    n = s * rests[0] * rests[1] * rests[2]
    work.run(("Multiply all four.", "Find the product of the four numbers."), "n = s * u * v * w\nprint(n)", n)
    work.run(("Take the root.", "The area is the root."), "print(sqrt(n))", root_printed(n), sympy=True)
    work.answer(("This is the area.", "So the area is this."), root_tex(n), instead=n)
    return work.draft(question, area)
