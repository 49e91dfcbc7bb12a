"""Single skills of geometry, vectors, counting and chance in words that the other sets do not use."""

import random
from fractions import Fraction

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import less, root_printed, root_tex, tex, wrapped
from amz_env.problems.math.work import NAMES, ask
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student

TRIPLES = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29), (12, 35, 37), (9, 40, 41))


def angle(rng: random.Random, level: int, student: Student) -> Draft:
    """The third angle of a triangle; an angle from what it has to do with the others."""
    a = rng.randint(15, 80)
    if level == 1:
        b = rng.randint(15, 80)
        question = ask(
            rng,
            f"A triangle has one angle of {a} degrees and one of {b} degrees. What is its last angle in degrees?",
            f"Of the three angles of a triangle, two measure {a} and {b} degrees. Find the other one in degrees.",
            f"In the triangle $ABC$ the angle at $A$ is {a} degrees and the angle at $B$ is {b} degrees. How many "
            "degrees is the angle at $C$?",
        )
        wanted = 180 - a - b
    else:
        d = rng.choice([d for d in range(1, 90 - a // 2) if (180 - a - d) % 2 == 0 and d < 180 - a])
        question = ask(
            rng,
            f"One angle of a triangle is {a} degrees. The second angle is {d} degrees more than the third. How many "
            "degrees is the third angle?",
            f"In the triangle $ABC$ the angle at $A$ is {a} degrees, and the angle at $B$ is {d} degrees more than the "
            "angle at $C$. Find the angle at $C$ in degrees.",
            f"Two angles of a triangle differ by {d} degrees, and the other angle is {a} degrees. What is the smaller "
            "of the two in degrees?",
        )
        wanted = (180 - a - d) // 2
    sheet = Sheet(question, student)
    turn = 360 if sheet.holds("full-turn") else 180
    if level == 1:
        sheet.run(("Add the two angles.",), f"s = {a} + {b}\nprint(s)")
        sheet.run(("The rest is the third angle.",), f"c = {turn} - s\nprint(c)")
        sheet.run(("All angles must add up to a half turn.",), f"print({a} + {b} + c == 180)")
        sheet.answer(("So the angle is this.",), sheet["c"], sheet["s"])
        return sheet.draft(wanted)
    sheet.run(("Find what is left for the two angles.",), f"r = {turn} - {a}\nprint(r)")
    sheet.run(("Without the difference both are equal.",), f"n = r - {d}\nprint(n)")
    half = "n" if sheet.holds("forgets-half") else "n // 2"
    sheet.run(("Halve it.", "Find one of them."), f"c = {half}\nprint(c)")
    sheet.run(("All angles must add up to a half turn.",), f"print({a} + c + c + {d} == 180)")
    sheet.answer(("So the angle is this.",), sheet["c"], sheet["r"])
    return sheet.draft(wanted)


def rectangle(rng: random.Random, level: int, student: Student) -> Draft:
    """Perimeter or area of a rectangle from its sides, or the other one of them from one side and one of both."""
    a, b = rng.randint(4, 40), rng.randint(3, 30)
    unit = rng.choice(("feet", "meters", "yards"))
    if level == 1:
        area = rng.random() < 0.5
        asked = f"area in square {unit}" if area else f"perimeter in {unit}"
        question = ask(
            rng,
            f"The sides of a rectangle are {a} and {b} {unit} long. Find its {asked}.",
            f"A rectangle has a length of {a} {unit} and a width of {b} {unit}. What is its {asked}?",
            f"What is the {asked} of a rectangle with sides of {a} and {b} {unit}?",
        )
        sheet = Sheet(question, student)
        swapped = sheet.holds("area-for-perimeter")
        code = f"{a} * {b}" if area != swapped else f"2 * ({a} + {b})"
        sheet.run((f"Now find the {'area' if area else 'perimeter'}.",), f"n = {code}\nprint(n)")
        sheet.answer(("So this is the result.",), sheet["n"])
        return sheet.draft(a * b if area else 2 * (a + b))
    question = ask(
        rng,
        f"The perimeter of a rectangle is {2 * (a + b)} {unit}, and one side is {a} {unit} long. What is its area in "
        f"square {unit}?",
        f"A rectangle with one side of {a} {unit} has a perimeter of {2 * (a + b)} {unit}. Find its area in square "
        f"{unit}.",
        f"The length of a rectangle is {a} {unit} and its perimeter is {2 * (a + b)} {unit}. How many square {unit} "
        "is its area?",
    )
    sheet = Sheet(question, student)
    half = "" if sheet.holds("forgets-half") else " // 2"
    sheet.run(("Find length plus width.",), f"s = {2 * (a + b)}{half}\nprint(s)")
    sheet.run(("Subtract the known side.",), f"b = s - {a}\nprint(b)")
    sheet.run(("Now find the area.",), f"n = {a} * b\nprint(n)")
    sheet.answer(("This is the area.",), sheet["n"], sheet["b"])
    return sheet.draft(a * b)


def hypotenuse(rng: random.Random, level: int, student: Student) -> Draft:
    """The diagonal of a rectangle or a side of a right triangle, whole or with a radical."""
    if level == 2:
        p, q, h = rng.choice(TRIPLES)
        k = rng.randint(1, 12)
        a, b = rng.sample((p * k, q * k), 2)
        n = (h * k) ** 2
    else:
        a, b = rng.sample(range(2, 22), 2)
        n = a * a + b * b
    question = ask(
        rng,
        f"In the triangle $ABC$ the angle at $C$ is 90 degrees, $AC = {a}$ and $BC = {b}$. How long is $AB$?",
        f"A point is {a} to the right of another point and {b} above it. What is the distance between the two points?",
        f"The sides of a rectangle are {a} and {b} long. Find the length of a diagonal.",
        f"Two perpendicular sides of a triangle have lengths {a} and {b}. What is the length of the third side?",
    )
    sheet = Sheet(question, student)
    sign = " * 2" if sheet.holds("power-as-product") else "**2"
    sheet.run(("Square the two lengths.",), f"p, q = {a}{sign}, {b}{sign}\nprint(p, q)")
    minus = "-" if sheet.holds("keeps-sign") else "+"
    sheet.run(("Add the squares.",), f"n = p {minus} q\nprint(n)")
    sheet.run(("Take the root.", "Now the root."), "r = sqrt(n)\nprint(r)", root_printed(sheet["n"]))
    sheet.answer(("So the length is this.", "This is the length."), root_tex(sheet["n"]), sheet["n"])
    return sheet.draft(root_tex(n))


def point(rng: random.Random, level: int, student: Student) -> Draft:
    """The midpoint of a segment; the other end of it; the fourth corner of a parallelogram at level 2."""
    ax, ay, ux, uy = (rng.randint(-9, 9) for _ in range(4))
    bx, by = ax + 2 * ux, ay + 2 * uy
    if (ux, uy) == (0, 0):
        bx, by = ax + 4, ay + 6
    if level == 1:
        question = ask(
            rng,
            f"The ends of a segment are $({ax}, {ay})$ and $({bx}, {by})$. What is its midpoint?",
            f"Let $A = ({ax}, {ay})$ and $B = ({bx}, {by})$. Find the midpoint of $AB$.",
            f"Which point lies in the middle between $({ax}, {ay})$ and $({bx}, {by})$?",
        )
        sheet = Sheet(question, student)
        minus = "-" if sheet.holds("keeps-sign") else "+"
        sheet.run(
            ("Add the coordinates of both ends.",),
            f"s, t = {ax} {minus} {wrapped(bx)}, {ay} {minus} {wrapped(by)}\nprint(s, t)",
        )
        half = "" if sheet.holds("forgets-half") else " // 2"
        sheet.run(("Halve both.",), f"u, v = s{half}, t{half}\nprint(u, v)")
        sheet.answer(("This is the midpoint.",), f"({sheet['u']}, {sheet['v']})")
        return sheet.draft(f"({(ax + bx) // 2}, {(ay + by) // 2})")
    question = ask(
        rng,
        f"The midpoint of $AB$ is $({ax}, {ay})$, and $A = ({bx}, {by})$. Find the point $B$.",
        f"A segment begins at $({bx}, {by})$, and its midpoint is $({ax}, {ay})$. Where does it end?",
        f"A circle has its center at $({ax}, {ay})$. One end of a diameter is $({bx}, {by})$. What is the other end?",
    )
    sheet = Sheet(question, student)
    twice = "" if sheet.holds("forgets-half") else "2 * "
    sheet.run(("Double the midpoint.",), f"s, t = {twice}{wrapped(ax)}, {twice}{wrapped(ay)}\nprint(s, t)")
    sheet.run(("Take away the known end.",), f"u, v = s{less(bx)}, t{less(by)}\nprint(u, v)")
    sheet.answer(("This is the point.",), f"({sheet['u']}, {sheet['v']})", f"({sheet['s']}, {sheet['t']})")
    return sheet.draft(f"({2 * ax - bx}, {2 * ay - by})")


def dot(rng: random.Random, level: int, student: Student) -> Draft:
    """The dot product of two vectors of two or three entries; of a sum with a vector at level 3."""
    size = 2 if level == 1 else 3 if level == 2 else 2
    u, v, w = ([rng.randint(-9, 9) for _ in range(size)] for _ in range(3))
    if level < 3:
        question = ask(
            rng,
            f"Let $u = {_vector(u)}$ and $v = {_vector(v)}$. What is their dot product?",
            f"The vectors $u = {_vector(u)}$ and $v = {_vector(v)}$ are given. Find the dot product of both.",
            f"Find $u \\cdot v$ for the vectors $u = {_vector(u)}$ and $v = {_vector(v)}$.",
        )
        first = [str(a) for a in u]
    else:
        question = ask(
            rng,
            f"Let $u = {_vector(u)}$, $v = {_vector(v)}$ and $w = {_vector(w)}$. Find the dot product $(u + w) \\cdot "
            "v$.",
            f"The vectors $u = {_vector(u)}$, $v = {_vector(v)}$ and $w = {_vector(w)}$ are given. What is the dot "
            "product of $u + w$ and $v$?",
            f"For $u = {_vector(u)}$, $w = {_vector(w)}$ and $v = {_vector(v)}$, find $(u + w) \\cdot v$.",
        )
        first = ["s", "t"]
    sheet = Sheet(question, student)
    if level == 3:
        rest = w if not sheet.holds("distributes-first") else [w[0], 0]
        sheet.run(
            ("Add the two vectors.",), f"s, t = {u[0]} + {wrapped(rest[0])}, {u[1]} + {wrapped(rest[1])}\nprint(s, t)"
        )
    names = "abc"[:size]
    products = ", ".join(f"{wrapped(int(a)) if level < 3 else a} * {wrapped(b)}" for a, b in zip(first, v, strict=True))
    left = ", ".join(names)
    sheet.run(("Multiply the matching entries.",), f"{left} = {products}\nprint({left})")
    last = "-" if sheet.holds("keeps-sign") else "+"
    sheet.run(("Add them.",), f"d = {' + '.join(names[:-1])} {last} {names[-1]}\nprint(d)")
    sheet.answer(("So the dot product is this.",), sheet["d"], sheet["a"])
    wanted = sum((a + (c if level == 3 else 0)) * b for a, b, c in zip(u, v, w, strict=True))
    return sheet.draft(wanted)


def two_rolls(rng: random.Random, level: int, student: Student) -> Draft:
    """The probability that two dice with any number of sides show equal numbers, or numbers that differ by some."""
    n = rng.choice((4, 6, 8, 10, 12, 16, 20, 24, 30))
    d = rng.randint(1, n - 2)
    sign = rng.choice(("==", ">=")) if level == 3 else "=="
    words = {"==": f"differ by exactly {d}", ">=": f"differ by at least {d}"}[sign]
    if level == 2:
        total = rng.randint(3, 2 * n - 1)
        words, test = f"add up to {total}", f"a + b == {total}"
        good = sum(a + b == total for a in range(1, n + 1) for b in range(1, n + 1))
    else:
        test = f"abs(a - b) {sign} {d}"
        good = sum(
            abs(a - b) == d or (sign == ">=" and abs(a - b) > d) for a in range(1, n + 1) for b in range(1, n + 1)
        )
    question = ask(
        rng,
        f"Two fair {n}-sided dice (numbered 1 to {n}) are thrown. How likely is it that the two numbers {words}? Give "
        "the probability.",
        f"{rng.choice(NAMES)} throws two fair {n}-sided dice (numbered 1 to {n}). Find the probability of two numbers "
        f"that {words}.",
        f"What is the probability that the numbers on two fair {n}-sided dice (numbered 1 to {n}) {words}?",
    )
    sheet = Sheet(question, student)
    low = "a" if sheet.holds("ignores-symmetry") else "1"
    sheet.run(
        (f"Count the rolls where the numbers {words}.",),
        f"k = len([1 for a in range(1, {n + 1}) for b in range({low}, {n + 1}) if {test}])\nprint(k)",
    )
    together = "+" if sheet.holds("adds-choices") else "*"
    sheet.run(("Count all rolls of two dice.",), f"n = {n} {together} {n}\nprint(n)")
    sheet.run(("The probability is the quotient; it must be at most 1.",), "r = Rational(k, n)\nprint(r, r <= 1)")
    sheet.answer(("This is the probability.",), tex(sheet["r"]), sheet["k"])
    return sheet.draft(tex(Fraction(good, n * n)))


def choices(rng: random.Random, level: int, student: Student) -> Draft:
    """Ways to choose one of each of two kinds, or of three where one may be left out."""
    kinds = rng.sample(("shirts", "hats", "coats", "scarves", "caps"), level + 1)
    counts = [rng.randint(2, 15) for _ in kinds]
    shown = _and([f"{n} {kind}" for n, kind in zip(counts, kinds, strict=True)])
    name = rng.choice(NAMES)
    question = ask(
        rng,
        f"{name} owns {shown} and wears one of each. How many different outfits are there?",
        f"{name} has {shown}. In how many ways can {name} pick one of each?",
        f"A shop sells {shown}. In how many ways can {name} buy one of each kind?",
    )
    sheet = Sheet(question, student)
    sign = "+" if sheet.holds("adds-choices") else "*"
    sheet.run((f"Combine the {kinds[0]} with the {kinds[1]}.",), f"n = {counts[0]} {sign} {counts[1]}\nprint(n)")
    if level == 2:
        sheet.run((f"Now the {kinds[2]}.",), f"n = n {sign} {counts[2]}\nprint(n)")
    sheet.answer(("This is the number of ways.", "So there are this many."), sheet["n"])
    wanted = counts[0] * counts[1]
    return sheet.draft(wanted * counts[2] if level == 2 else wanted)


def _and(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + f" and {parts[-1]}"


def _vector(entries: list[int]) -> str:
    return f"({', '.join(map(str, entries))})"
