"""Lines, a parabola and circles in the plane: where they meet, and lengths and areas from there."""

import random
from fractions import Fraction

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import less, pi_printed, pi_tex, plus, root_printed, root_tex, terms, tex, wrapped
from amz_env.problems.math.work import ask, nonzero
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student


def two_lines(rng: random.Random, level: int, student: Student) -> Draft:
    """Where two lines meet; the triangle that they form with the x-axis or the y-axis."""
    while True:
        a, c = nonzero(rng, -5, 5), nonzero(rng, -5, 5)
        x = rng.randint(-6, 6)
        b = rng.randint(-12, 12)
        d = (a - c) * x + b
        y = a * x + b
        if a != c and b and d and b != d and x and y and b % a == 0 and d % c == 0:
            break
    f, g = f"$y = {terms((a, b))}$", f"$y = {terms((c, d))}$"
    asked, ending = {
        3: ("At which point $(x, y)$ do", "meet"),
        4: ("What is the area of the triangle that", "form with the y-axis"),
        5: ("What is the area of the triangle that", "form with the x-axis"),
    }[level]
    question = ask(
        rng,
        f"{asked} the lines {f} and {g} {ending}?",
        f"Let two lines be given by {f} and {g}. {asked} they {ending}?",
        f"One line is given by {f}, another line by {g}. {asked} both {ending}?",
    )
    sheet = Sheet(question, student)
    sign = "+" if sheet.holds("keeps-sign") else "-"
    sheet.run(
        ("Both are equal there; collect x and the numbers.",),
        f"k, n = {a} {sign} {wrapped(c)}, {d} {sign} {wrapped(b)}\nprint(k, n)",
    )
    sheet.run(("Divide to find x.",), "x = n // k\nprint(x, n % k)")
    sheet.run(("Find y on both lines.",), f"y = {a} * x{plus(b)}\nprint(y, y == {c} * x{plus(d)})")
    if level == 3:
        sheet.answer(("So they meet here.", "This is the point."), f"({sheet['x']}, {sheet['y']})")
        return sheet.draft(f"({x}, {y})")
    if level == 4:
        sheet.run(("Find the base on the y-axis.",), f"s = abs({b}{less(d)})\nh = abs(x)\nprint(s, h)")
        wanted = Fraction(abs(b - d) * abs(x), 2)
    else:
        sheet.run(
            ("Find where both lines meet the x-axis.",),
            f"u, v = {-b} // {wrapped(a)}, {-d} // {wrapped(c)}\ns, h = abs(u - v), abs(y)\nprint(u, v, s, h)",
        )
        wanted = Fraction(abs(-b // a + d // c) * abs(y), 2)
    half = "1" if sheet.holds("forgets-half") else "2"
    sheet.run(("A triangle is half of the product.",), f"A = Rational(s * h, {half})\nprint(A)")
    sheet.answer(("So the area is this.", "This is the area."), tex(sheet["A"]), sheet["s"])
    return sheet.draft(tex(wanted))


def line_and_parabola(rng: random.Random, level: int, student: Student) -> Draft:
    """The midpoint of, the distance between, and the triangle over the points where a line meets a parabola."""
    r = rng.randint(-6, 5)
    s = r + rng.randint(1, 4) * (2 if level == 3 else 1)
    m, c = nonzero(rng, -4, 4), nonzero(rng, -9, 9)
    parabola, line = (1, m - r - s, r * s + c), (m, c)
    p, q = f"$y = {terms(parabola)}$", f"$y = {terms(line)}$"
    ry, sy = m * r + c, m * s + c
    asked = {
        3: "the midpoint of $A$ and $B$",
        4: "the distance from $A$ to $B$",
        5: "the area of the triangle with corners $A$, $B$ and $(0, 0)$",
    }[level]
    question = ask(
        rng,
        f"The line {q} meets the parabola {p} at the points $A$ and $B$. What is {asked}?",
        f"Let $A$ and $B$ be the points that the parabola {p} and the line {q} have in common. Find {asked}.",
        f"The points $A$ and $B$ lie on the parabola {p} and on the line {q}. What is {asked}?",
    )
    sheet = Sheet(question, student)
    sign = "+" if sheet.holds("keeps-sign") else "-"
    sheet.run(
        ("Both are equal there; move everything to the left side.",),
        f"p, q = {parabola[1]} {sign} {wrapped(m)}, {parabola[2]} {sign} {wrapped(c)}\nprint(p, q)",
    )
    sheet.run(("Look for x.",), "c = [i for i in range(-40, 41) if i**2 + p * i + q == 0]\nprint(c)")
    sheet.run(("Find y on the line.",), f"u, v = c[0], c[1]\ns, t = {m} * u{plus(c)}, {m} * v{plus(c)}\nprint(s, t)")
    if level == 3:
        sheet.run(("Halve the sums of the coordinates.",), "x, y = (u + v) // 2, (s + t) // 2\nprint(x, y)")
        sheet.answer(("This is the midpoint.",), f"({sheet['x']}, {sheet['y']})")
        return sheet.draft(f"({(r + s) // 2}, {(ry + sy) // 2})")
    if level == 4:
        square = " * 2" if sheet.holds("power-as-product") else "**2"
        sheet.run(("Add the squares of the differences.",), f"n = (v - u){square} + (t - s){square}\nprint(n)")
        sheet.run(("Take the root.",), "print(sqrt(n))", root_printed(sheet["n"]))
        sheet.answer(("This is the distance.",), root_tex(sheet["n"]), sheet["n"])
        return sheet.draft(root_tex((s - r) ** 2 + (sy - ry) ** 2))
    sheet.run(("Multiply crosswise.",), "d = abs(u * t - v * s)\nprint(d)")
    half = "1" if sheet.holds("forgets-half") else "2"
    sheet.run(("The area is half of it.",), f"A = Rational(d, {half})\nprint(A)")
    sheet.answer(("So the area is this.", "This is the area."), tex(sheet["A"]), sheet["d"])
    return sheet.draft(tex(Fraction(abs(r * sy - s * ry), 2)))


def circles(rng: random.Random, level: int, student: Student) -> Draft:
    """The area of a circle from its center and a point, from a diameter, from a chord and its distance."""
    ax, ay = rng.randint(-8, 8), rng.randint(-8, 8)
    bx, by = ax + nonzero(rng, -7, 7), ay + nonzero(rng, -7, 7)
    square = (bx - ax) ** 2 + (by - ay) ** 2
    tail = "Give the answer in terms of $\\pi$."
    if level == 4:
        return _chord(rng, student, tail)
    if level == 2:
        question = ask(
            rng,
            f"A circle has its center at $({ax}, {ay})$ and passes through $({bx}, {by})$. What is its area? {tail}",
            f"The point $({bx}, {by})$ lies on a circle with center $({ax}, {ay})$. Find the area of the circle. "
            f"{tail}",
            f"What is the area of the circle through $({bx}, {by})$ with center $({ax}, {ay})$? {tail}",
        )
        wanted = Fraction(square)
    else:
        question = ask(
            rng,
            f"The ends of a diameter of a circle are $({ax}, {ay})$ and $({bx}, {by})$. What is the area of the "
            f"circle? {tail}",
            f"A circle has the segment from $({ax}, {ay})$ to $({bx}, {by})$ as a diameter. Find its area. {tail}",
            f"Let $A = ({ax}, {ay})$ and $B = ({bx}, {by})$. What is the area of the circle with diameter $AB$? {tail}",
        )
        wanted = Fraction(square, 4)
    sheet = Sheet(question, student)
    sheet.run(("Find the differences in x and y.",), f"u, v = {bx}{less(ax)}, {by}{less(ay)}\nprint(u, v)")
    two = " * 2" if sheet.holds("power-as-product") else "**2"
    sheet.run(("Add the squares.",), f"n = u{two} + v{two}\nprint(n)")
    if level == 3:
        quarter = "1" if sheet.holds("radius-for-diameter") else "4"
        sheet.run(("The square of the radius is a quarter of it.",), f"n = Rational(n, {quarter})\nprint(n)")
    sheet.run(("Put in the factor pi.",), "print(n * pi)", pi_printed(sheet["n"]))
    sheet.answer(("So the area is this.", "This is the area."), pi_tex(sheet["n"]), sheet["n"])
    return sheet.draft(pi_tex(wanted))


def _chord(rng: random.Random, student: Student, tail: str) -> Draft:
    half, d = rng.randint(2, 25), rng.randint(1, 25)
    question = ask(
        rng,
        f"A line cuts a circle in two points that are {2 * half} apart. Its distance from the center is {d}. What is "
        f"the area of the circle? {tail}",
        f"Two points of a circle are joined by a segment of length {2 * half}. The midpoint of the segment is {d} "
        f"away from the center. Find the area of the circle. {tail}",
        f"The points $A$ and $B$ lie on a circle, $AB = {2 * half}$, and the center has the distance {d} from the "
        f"line $AB$. What is the area of the circle? {tail}",
    )
    sheet = Sheet(question, student)
    part = f"{2 * half}" if sheet.holds("forgets-half") else f"{2 * half} // 2"
    sheet.run(("Find half of the segment.",), f"s = {part}\nprint(s)")
    sign = "-" if sheet.holds("keeps-sign") else "+"
    sheet.run(("A right triangle gives the square of the radius.",), f"n = s**2 {sign} {d}**2\nprint(n)")
    sheet.run(("Put in the factor pi.",), "print(n * pi)", pi_printed(sheet["n"]))
    sheet.answer(("So the area is this.", "This is the area."), pi_tex(sheet["n"]), sheet["n"])
    return sheet.draft(pi_tex(half * half + d * d))
