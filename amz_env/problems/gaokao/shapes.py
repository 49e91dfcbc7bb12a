"""Solids and vectors: edges from areas, water poured from one into another, perpendicular sums, cosines of angles."""

import random
from fractions import Fraction

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import root_printed, root_tex, tex, times, wrapped
from amz_env.problems.math.work import ask, nonzero
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student


def box(rng: random.Random, level: int, student: Student) -> Draft:
    """A cube from its surface; the diagonal of a box from its edges; a box from an area and its volume."""
    if level == 2:
        return _cube(rng, student)
    a, b, c = (rng.randint(2, 15) for _ in range(3))
    if level == 3:
        question = ask(
            rng,
            f"A box has edges of {a}, {b} and {c}. How long is the line from one corner to the opposite corner?",
            f"What is the length of the longest diagonal of a box that is {a} long, {b} wide and {c} high?",
            f"A pole just fits into a box with edges of {a}, {b} and {c}, from corner to opposite corner. How long is "
            "it?",
        )
        sheet = Sheet(question, student)
        square = " * 2" if sheet.holds("power-as-product") else "**2"
        third = "" if sheet.holds("part-for-whole") else f" + {c}{square}"
        sheet.run(("Add the squares of the edges.",), f"n = {a}{square} + {b}{square}{third}\nprint(n)")
        sheet.run(("Take the root.",), "print(sqrt(n))", root_printed(sheet["n"]))
        sheet.answer(("So the length is this.", "This is the length."), root_tex(sheet["n"]), sheet["n"])
        return sheet.draft(root_tex(a * a + b * b + c * c))
    question = ask(
        rng,
        f"The floor of a box is {a} long and {b} wide, and the volume of the box is {a * b * c}. What is its surface "
        "area?",
        f"A box with edges of {a} and {b} has a volume of {a * b * c}. Find its surface area.",
        f"A box of volume {a * b * c} is {a} long and {b} wide. What is the area of all its faces together?",
    )
    sheet = Sheet(question, student)
    sheet.run(("Find the area of the floor.",), f"f = {a} * {b}\nprint(f)")
    sheet.run(("Divide the volume by it to find the height.",), f"h = {a * b * c} // f\nprint(h, {a * b * c} % f)")
    sheet.run(("Add the three different faces.",), f"s = f + {a} * h + {b} * h\nprint(s)")
    twice = "" if sheet.holds("forgets-half") else "2 * "
    sheet.run(("Each face comes twice.",), f"n = {twice}s\nprint(n)")
    sheet.answer(("So the surface area is this.",), sheet["n"], sheet["s"])
    return sheet.draft(2 * (a * b + a * c + b * c))


def _cube(rng: random.Random, student: Student) -> Draft:
    a = rng.randint(2, 60)
    unit = rng.choice(("feet", "meters", "centimeters"))
    if rng.random() < 0.5:
        given, code = f"surface area of {6 * a * a} square {unit}", f"6 * i**2 == {6 * a * a}"
        asked, wanted, last = f"volume in cubic {unit}", a**3, "a**3"
        wrong = "a**2"
    else:
        given, code = f"volume of {a**3} cubic {unit}", f"i**3 == {a**3}"
        asked, wanted, last = f"surface area in square {unit}", 6 * a * a, "6 * a**2"
        wrong = "a**2"
    question = ask(
        rng,
        f"A cube has a {given}. What is its {asked}?",
        f"The edges of a cube are equal, and it has a {given}. Find its {asked}.",
        f"If a cube has a {given}, what is its {asked}?",
    )
    sheet = Sheet(question, student)
    sheet.run(("Look for the edge of the cube.",), f"a = [i for i in range(1, 100) if {code}][0]\nprint(a)")
    value = wrong if sheet.holds("area-for-perimeter") else last
    sheet.run(("Now use the edge.",), f"n = {value}\nprint(n)")
    sheet.answer(("So this is the result.",), sheet["n"], sheet["a"])
    return sheet.draft(wanted)


def poured(rng: random.Random, level: int, student: Student) -> Draft:
    """How high water stands that is poured from one vessel into another."""
    while True:
        r, s, h = rng.randint(2, 12), rng.randint(2, 12), rng.randint(2, 30)
        cone = level == 4
        volume = r * r * h
        if r != s and (not cone or h % 3 == 0):
            break
    first = "cone" if cone else "cylinder"
    question = ask(
        rng,
        f"A {first} with radius {r} and height {h} is full of water. All the water is put into a cylinder with radius "
        f"{s}. How high does it stand there?",
        f"The water of a full {first} with radius {r} and height {h} goes into a cylinder with radius {s}. What is "
        "the height of the water there?",
        f"A cylinder with radius {s} holds all the water of a full {first} that has radius {r} and height {h}. What "
        "height does the water reach?",
    )
    wanted = Fraction(volume, 3 * s * s) if cone else Fraction(volume, s * s)
    sheet = Sheet(question, student)
    radius = f"({r} // 2)" if sheet.holds("radius-for-diameter") else f"{r}"
    sheet.run(("Find the base without pi.",), f"b = {radius}**2\nprint(b)")
    sheet.run(("Now the height.",), f"v = b * {h}\nprint(v)")
    if cone and not sheet.holds("forgets-half"):
        sheet.run(("A cone is a third of that.",), "v = v // 3\nprint(v)")
    square = " * 2" if sheet.holds("scales-linearly") else "**2"
    sheet.run(("Divide by the base of the other.",), f"x = Rational(v, {s}{square})\nprint(x)")
    sheet.answer(("So this is the height.", "This is the height."), tex(sheet["x"]), sheet["v"])
    return sheet.draft(tex(wanted))


def perpendicular(rng: random.Random, level: int, student: Student) -> Draft:
    """The number k that makes a sum with k times a vector perpendicular to another one, or to that vector itself."""
    while True:
        u, v, w = ([rng.randint(-9, 9) for _ in range(2 if level == 3 else 3)] for _ in range(3))
        if level == 4:
            w = v
        first, second = _dot(u, w), _dot(v, w)
        if first and second and first % second == 0 and (level == 4 or v != w):
            break
    if level == 4:
        question = ask(
            rng,
            f"Let $u = {_vector(u)}$ and $v = {_vector(v)}$. For which number $k$ is $u + kv$ perpendicular to $v$?",
            f"Find the number $k$ for which $u + kv$ and $v$ are perpendicular, where $u = {_vector(u)}$ and $v = "
            f"{_vector(v)}$.",
            f"The vectors $u = {_vector(u)}$ and $v = {_vector(v)}$ are given, and $u + kv$ is perpendicular to $v$. "
            "Find $k$.",
        )
    else:
        question = ask(
            rng,
            f"Let $u = {_vector(u)}$, $v = {_vector(v)}$ and $w = {_vector(w)}$. For which number $k$ is $u + kv$ "
            "perpendicular to $w$?",
            f"The vectors $u = {_vector(u)}$, $v = {_vector(v)}$ and $w = {_vector(w)}$ are given, and $u + kv$ is "
            "perpendicular to $w$. Find $k$.",
            f"Find the number $k$ for which $u + kv$ and $w$ are perpendicular, where $u = {_vector(u)}$, $v = "
            f"{_vector(v)}$ and $w = {_vector(w)}$.",
        )
    sheet = Sheet(question, student)
    sheet.run(("Find the dot product of the first vectors.",), f"p = {_dot_code(u, w)}\nprint(p)")
    sheet.run(("Now the one that is multiplied by k.",), f"q = {_dot_code(v, w)}\nprint(q)")
    sign = "" if sheet.holds("keeps-sign") else "-"
    sheet.run(("The rest must cancel it; solve for k.",), f"k = {sign}p // q\nprint(k, p % q)")
    sheet.run(("Put k in.", "Check the dot product."), "print(p + k * q)")
    sheet.answer(("So k is this.", "This is k."), sheet["k"], sheet["p"])
    return sheet.draft(-first // second)


def cosine(rng: random.Random, level: int, student: Student) -> Draft:
    """The cosine of an angle of a triangle from its sides; the square of the length of a sum from two lengths."""
    if level == 5:
        return _sum_length(rng, student)
    while True:
        a, b, c = (rng.randint(3, 16) for _ in range(3))
        if a < b + c and b < a + c and c < a + b and a * a + b * b != c * c and a != b:
            break
    question = ask(
        rng,
        f"In the triangle $ABC$ we have $BC = {a}$, $AC = {b}$ and $AB = {c}$. What is the cosine of the angle at $C$?",
        f"A triangle has the sides {a}, {b} and {c}. Find the cosine of the angle between the sides {a} and {b}.",
        f"Two sides of a triangle are {a} and {b} long, and the third side is {c} long. What is the cosine of the "
        "angle between the first two?",
    )
    sheet = Sheet(question, student)
    sign = "-" if sheet.holds("keeps-sign") else "+"
    sheet.run(("Add the squares of the two sides.",), f"s = {a}**2 {sign} {b}**2\nprint(s)")
    sheet.run(("Subtract the square of the third side.",), f"n = s - {c}**2\nprint(n)")
    twice = "" if sheet.holds("forgets-half") else "2 * "
    sheet.run(("Divide by twice the product.",), f"x = Rational(n, {twice}{a} * {b})\nprint(x)")
    sheet.run(("A cosine lies between -1 and 1.",), "print(-1 < x < 1)")
    sheet.answer(("So the cosine is this.", "This is the value."), tex(sheet["x"]), sheet["n"])
    return sheet.draft(tex(Fraction(a * a + b * b - c * c, 2 * a * b)))


def _sum_length(rng: random.Random, student: Student) -> Draft:
    a, b, k = rng.randint(2, 12), rng.randint(2, 12), nonzero(rng, -3, 3)
    degrees = rng.choice((60, 120))
    added = "u + v" if k == 1 else "u - v" if k == -1 else f"u {'+' if k > 0 else '-'} {abs(k)}v"
    a += a * b % 2
    dot = (1 if degrees == 60 else -1) * a * b // 2
    wanted = a * a + k * k * b * b + 2 * k * dot
    question = ask(
        rng,
        f"The vectors $u$ and $v$ have lengths {a} and {b}, and the angle between them is {degrees} degrees. What is "
        f"the length of ${added}$?",
        f"Two vectors $u$ and $v$ with an angle of {degrees} degrees between them are {a} and {b} long. Find the "
        f"length of ${added}$.",
        f"How long is the vector ${added}$, if $u$ has length {a}, $v$ has length {b}, and the angle between $u$ and "
        f"$v$ is {degrees} degrees?",
    )
    sheet = Sheet(question, student)
    minus = "-" if degrees == 120 and not sheet.holds("drops-negative") else ""
    sheet.run(("The dot product is half the product of the lengths.",), f"p = {minus}{a} * {b} // 2\nprint(p)")
    middle = "" if sheet.holds("square-termwise") else f"{times(2 * k, 'p')}"
    sheet.run(("Square the sum.",), f"n = {a}**2 + {wrapped(k)}**2 * {b}**2{middle}\nprint(n)")
    sheet.run(("Take the root.",), "print(sqrt(n))", root_printed(sheet["n"]))
    sheet.answer(("So the length is this.", "This is the length."), root_tex(sheet["n"]), sheet["n"])
    return sheet.draft(root_tex(wanted))


def _dot(u: list[int], v: list[int]) -> int:
    return sum(a * b for a, b in zip(u, v, strict=True))


def _dot_code(u: list[int], v: list[int]) -> str:
    return " + ".join(f"{wrapped(a)} * {wrapped(b)}" for a, b in zip(u, v, strict=True))


def _vector(entries: list[int]) -> str:
    return f"({', '.join(map(str, entries))})"
