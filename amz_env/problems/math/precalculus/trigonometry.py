"""Angles, values of sine and cosine, triangles, polar coordinates, periods."""

import random
from fractions import Fraction
from functools import cache

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    pi_printed,
    pi_tex,
    root_printed,
    root_tex,
    tex,
)
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student

_SINE = {0: 0, 30: 1, 45: 2, 60: 3, 90: 4, 120: 3, 135: 2, 150: 1, 180: 0}


def _sine(degrees: int) -> tuple[int, int]:
    """Return (sign, four times the square) of the sine of a known angle."""
    degrees %= 360
    return (1, _SINE[degrees]) if degrees <= 180 else (-1, _SINE[360 - degrees])


def _cosine(degrees: int) -> tuple[int, int]:
    return _sine(degrees + 90)


@cache
def _forms(sign: int, square: int) -> tuple[str, str]:
    """Return a value sign * sqrt(square) / 2 as sympy prints it and as an answer."""
    if square in (0, 1, 4):
        value = Fraction(sign * {0: 0, 1: 1, 4: 2}[square], 2)
        return str(value), tex(value)
    minus = "-" if sign < 0 else ""
    return f"{minus}sqrt({square})/2", rf"{minus}\frac{{\sqrt{{{square}}}}}{{2}}"


def _times_forms(sign: int, square: int, factor: int) -> tuple[str, str]:
    """Return factor times sign * sqrt(square) / 2 as sympy prints it and as an answer."""
    if square in (0, 1, 4):
        value = Fraction(sign * factor * {0: 0, 1: 1, 4: 2}[square], 2)
        return str(value), tex(value)
    minus = "-" if sign < 0 else ""
    if factor % 2 == 0:
        k = factor // 2
        size = "" if k == 1 else str(k)
        return f"{minus}{size}{'*' if size else ''}sqrt({square})", rf"{minus}{size}\sqrt{{{square}}}"
    return f"{minus}{factor}*sqrt({square})/2", rf"{minus}\frac{{{factor}\sqrt{{{square}}}}}{{2}}"


def _shifted(name: str) -> str:
    """Return code for the sine or cosine of a by way of the other one."""
    return "cos(a - pi/2)" if name == "sin" else "sin(a + pi/2)"


def angle_units(rng: random.Random, level: int, student: Student) -> Draft:
    """Degrees to radians (level 1) and back (level 2)."""
    degrees = 15 * rng.randint(1, 48) if rng.random() < 0.3 else 5 * rng.randint(1, 180)
    value = Fraction(degrees, 180)
    work = Work(student)
    if level == 1:
        question = ask(
            rng,
            f"How many radians are {degrees} degrees? Give the answer in terms of $\\pi$.",
            f"Convert {degrees} degrees to radians.",
            f"A wheel turns by {degrees} degrees. How many radians is that, in terms of $\\pi$?",
            f"Write an angle of {degrees} degrees in radians, as a multiple of $\\pi$.",
        )
        turn = 360 if work.holds("full-turn") else 180
        size = work.copy(degrees)
        found = Fraction(size, turn)
        work.run(
            ("Find the part of a half turn.", "Compare with the angle of pi."),
            f"f = Rational({size}, {turn})\nprint(f)",
            found,
            sympy=True,
            fits=(f"f * 180 == {degrees}", found * 180 == degrees),
        )
        work.run(("Multiply by pi.", "Put in the factor pi."), "print(f * pi)", pi_printed(found))
        work.answer(("This is the angle in radians.", "So in radians it is this."), pi_tex(found))
        return work.draft(question, pi_tex(value))
    question = ask(
        rng,
        f"How many degrees are ${pi_tex(value)}$ radians?",
        f"Convert ${pi_tex(value)}$ radians to degrees.",
        f"A wheel turns by ${pi_tex(value)}$ radians. How many degrees is that?",
        f"Write an angle of ${pi_tex(value)}$ radians in degrees.",
    )
    turn = 360 if work.holds("full-turn") else 180
    n, d = value.numerator, value.denominator
    total = turn * n
    work.run(
        ("The angle of pi is a half turn; multiply.", "Put degrees for pi."),
        f"t = {n} * {turn}\nprint(t)",
        total,
        fits=(f"t // {n} == 180", turn == 180),
    )
    work.run(
        ("Divide by the bottom.", "Now divide."),
        f"a = t // {d}\nprint(a, t % {d})",
        (total // d, total % d),
        fits=(f"a * {d} == 180 * {n}", total // d * d == 180 * n),
    )
    work.answer(("This is the angle in degrees.", "So in degrees it is this."), total // d, instead=total)
    return work.draft(question, degrees)


def trig_value(rng: random.Random, level: int, student: Student) -> Draft:
    """The sine or cosine of a known angle, in degrees or radians; at level 3 in other quadrants."""
    angle = rng.choice((*_SINE,) if level == 2 else (120, 135, 150, 180, 210, 225, 240, 270, 300, 315, 330))
    name = rng.choice(("sin", "cos"))
    factor = rng.randint(1 if level == 2 else 2, 12)
    in_radians = rng.random() < 0.5
    shown = pi_tex(Fraction(angle, 180)) if in_radians else f"{angle}^\\circ"
    written = f"{factor} \\{name} {shown}" if factor > 1 else f"\\{name} {shown}"
    question = ask(
        rng,
        f"What is the exact value of ${written}$?",
        f"Find ${written}$ exactly.",
        f"Evaluate ${written}$ without a calculator.",
    )
    work = Work(student)
    used = {"sin": "cos", "cos": "sin"}[name] if work.holds("run-over-rise") else name
    turn = 360 if work.holds("full-turn") else 180
    if in_radians:
        part = Fraction(angle, 180)
        code = pi_printed(part)
        at = angle
        work.run(("Write the angle.", "Put in the angle."), f"a = {code}\nprint(a)", code if angle else "0", sympy=True)
    else:
        # a wrong turn shows only where it leads to an angle that has a known sine again
        if angle % 2 or angle // 2 not in _SINE:
            turn = 180
        part, at = Fraction(angle, turn), angle * 180 // turn
        code = f"Rational({angle}, {turn}) * pi"
        work.run(
            ("Write the angle in radians.", "Change the angle to radians."),
            f"a = {code}\nprint(a)",
            pi_printed(part),
            sympy=True,
            fits=(f"deg(a) == {angle}", at == angle),
        )
    sign, square = _sine(at) if used == "sin" else _cosine(at)
    if work.holds("drops-negative"):
        sign = abs(sign)
        call = f"abs({used}(a))"
    else:
        call = f"{used}(a)"
    printed, answer = _forms(sign, square)
    word = "sine" if used == "sin" else "cosine"
    at_a = _sine(at) if name == "sin" else _cosine(at)
    work.run(
        (f"Find the {word} of it.", f"Take the {word}."),
        f"v = {call}\nprint(v)",
        printed,
        fits=(f"v == {_shifted(name)}", printed == _forms(*at_a)[0]),
    )
    tsign, tsquare = _sine(angle) if name == "sin" else _cosine(angle)
    truth = _forms(tsign, tsquare)[1]
    if factor > 1:
        printed2, answer2 = _times_forms(sign, square, factor)
        work.run(("Multiply by the factor.", "Now the factor."), f"print({factor} * v)", printed2)
        work.answer(("This is the value.", "So the value is this."), answer2, instead=answer)
        return work.draft(question, _times_forms(tsign, tsquare, factor)[1])
    work.answer(("This is the value.", "So the value is this."), answer)
    return work.draft(question, truth)


def law_of_cosines(rng: random.Random, level: int, student: Student) -> Draft:
    """The third side of a triangle from two sides and an angle of 60, 90 or 120 degrees."""
    a, b = rng.randint(2, 25), rng.randint(2, 25)
    if a == b:
        b += 1
    angle = 60 if level == 3 else 120
    question = ask(
        rng,
        f"Two sides of a triangle are {a} and {b} long, and the angle between them is {angle} degrees. How long is "
        "the third side?",
        f"In a triangle, sides of length {a} and {b} meet at an angle of {angle} degrees. Find the length of the "
        "third side.",
        f"A triangle has sides {a} and {b} with an angle of {angle} degrees between them. What is the length of the "
        "side across from that angle?",
    )
    cosine = Fraction(1, 2) if angle == 60 else Fraction(-1, 2)
    true = a * a + b * b - (a * b if angle == 60 else -a * b)
    work = Work(student)
    used = abs(cosine) if work.holds("drops-negative") else cosine
    work.run(
        ("Write down the cosine of the angle.", f"Find the cosine of {angle} degrees."),
        f"c = Rational({used.numerator}, {used.denominator})\nprint(c)",
        used,
        sympy=True,
        fits=("c == cos(pi/3)" if angle == 60 else "c == cos(2*pi/3)", used == cosine),
    )
    x = work.copy(a)
    product = work.holds("power-as-product")
    squares = 2 * x + 2 * b if product else x * x + b * b
    sign = " * 2" if product else "**2"
    work.run(
        ("Add the squares of the sides.", "Square both sides and add."),
        f"s = {x}{sign} + {b}{sign}\nprint(s)",
        squares,
        fits=(f"s + 2 * {a} * {b} == {a + b}**2", squares + 2 * a * b == (a + b) ** 2),
    )
    factor = 1 if work.holds("forgets-half") else 2
    keeps = work.holds("keeps-sign")
    change = factor * x * b * used
    n = squares + change if keeps else squares - change
    # the side across from the angle, by way of the height on b
    base = abs(2 * a - b) if angle == 60 else 2 * a + b
    code = f"{x} * {b} * c" if factor == 1 else f"2 * {x} * {b} * c"
    work.run(
        ("Use the law of cosines.", "Take the product with the cosine into account."),
        f"n = s {'+' if keeps else '-'} {code}\nprint(n)",
        n,
        fits=(f"4 * n == {base}**2 + 3 * {b}**2", 4 * n == base**2 + 3 * b**2),
    )
    printed, answer = _root_of(n)
    work.run(("Take the root.", "Now the root."), "r = sqrt(n)\nprint(r)", printed)
    work.answer(("This is the length.", "So the length is this."), answer, instead=tex(n))
    return work.draft(question, root_tex(true))


def _root_of(value: Fraction) -> tuple[str, str]:
    """Return the root of a whole or half number as sympy prints it and as an answer."""
    if value.denominator == 1:
        return root_printed(value.numerator), root_tex(value.numerator)
    # sqrt(n / 2) is sqrt(2 n) / 2
    n = value.numerator * 2
    return f"{root_printed(n)}/2", rf"\frac{{{root_tex(n)}}}{{2}}"


def polar_point(rng: random.Random, level: int, student: Student) -> Draft:
    """Rectangular coordinates of a point in polar form."""
    r = rng.randint(2, 30)
    angle = (
        rng.choice((30, 45, 60, 90, 120, 135, 150, 180))
        if level == 3
        else rng.choice((210, 225, 240, 270, 300, 315, 330))
    )
    shown = pi_tex(Fraction(angle, 180))
    question = ask(
        rng,
        f"Write the point with polar coordinates $({r}, {shown})$ in rectangular coordinates.",
        f"What are the rectangular coordinates $(x, y)$ of the point $({r}, {shown})$ in polar form?",
        f"A point has polar coordinates $r = {r}$ and $\\theta = {shown}$. Find its rectangular coordinates $(x, y)$.",
    )
    work = Work(student)
    swaps = work.holds("run-over-rise")
    first, second = ("sin", "cos") if swaps else ("cos", "sin")
    one, two = (_sine(angle), _cosine(angle)) if swaps else (_cosine(angle), _sine(angle))
    if work.holds("drops-negative"):
        one, two = (1, one[1]), (1, two[1])
        calls = (f"abs({first}(a))", f"abs({second}(a))")
    else:
        calls = (f"{first}(a)", f"{second}(a)")
    code = pi_printed(Fraction(angle, 180))
    px, ax = _times_forms(*one, r)
    py, ay = _times_forms(*two, r)
    work.run(("Write the angle.", "Put in the angle."), f"a = {code}\nprint(a)", code, sympy=True)
    true_x, true_y = _times_forms(*_cosine(angle), r), _times_forms(*_sine(angle), r)
    work.run(
        ("Find x.", "First x."),
        f"x = {r} * {calls[0]}\nprint(x)",
        px,
        fits=(f"x == {r} * {_shifted('cos')}", px == true_x[0]),
    )
    work.run(
        ("Find y.", "Now y."),
        f"y = {r} * {calls[1]}\nprint(y)",
        py,
        fits=(f"y == {r} * {_shifted('sin')}", py == true_y[0]),
    )
    work.run(
        ("Check the signs and the distance from the origin.", "Check the distance from the origin."),
        f"print(x**2 + y**2 == {r}**2, x * cos(a) >= 0, y * sin(a) >= 0)",
        (
            True,
            one[0] * one[1] * _cosine(angle)[0] * _cosine(angle)[1] >= 0,
            two[0] * two[1] * _sine(angle)[0] * _sine(angle)[1] >= 0,
        ),
    )
    work.answer(("This is the point.", "So the point is this."), f"({ax}, {ay})")
    return work.draft(question, f"({true_x[1]}, {true_y[1]})")


def period(rng: random.Random, level: int, student: Student) -> Draft:
    """Period of a sine or cosine curve, its largest value at level 2."""
    a, k, c = rng.randint(2, 9), rng.randint(2, 12), rng.randint(2, 20)
    name = rng.choice(("sin", "cos"))
    curve = f"$y = {c} + {a} \\{name}({k}x)$"
    work = Work(student)
    if level == 2:
        kind = rng.choice(("largest", "smallest"))
        question = ask(
            rng,
            f"What is the {kind} value of {curve}?",
            f"Find the {kind} value that {curve} can take.",
            f"For all numbers $x$, let {curve}. What is the {kind} possible value of $y$?",
        )
        true = c + a if kind == "largest" else c - a
        wrong = work.holds("drops-negative") and kind == "smallest"
        end = -1 if kind == "smallest" and not wrong else 1
        sign_fits = ("v < 0", end < 0) if kind == "smallest" else ("v > 0", end > 0)
        y_fits = f"y + {a} == {c}" if kind == "smallest" else f"y - {a} == {c}"
        work.run(
            (f"The {kind} value of {name} is used.", f"Use the {kind} value of {name}."),
            f"v = {end}\nprint(v)",
            end,
            fits=sign_fits,
        )
        if work.holds("distributes-first"):
            found, code = (c + a) * end, f"({c} + {a}) * v"
        else:
            found, code = c + a * end, f"{c} + {a} * v"
        work.run(("Put it in.", "Find y with it."), f"y = {code}\nprint(y)", found, fits=(y_fits, found == true))
        work.answer(("This is the value.", f"So the {kind} value is this."), found, instead=a)
        return work.draft(question, true)
    question = ask(
        rng,
        f"What is the period of {curve}? Give the answer in terms of $\\pi$.",
        f"Find the period of the function {curve}.",
        f"The curve {curve} repeats after a shortest distance. Find this distance as a multiple of $\\pi$.",
    )
    turn = 1 if work.holds("forgets-half") else 2
    times = work.holds("run-over-rise")
    found_period = Fraction(turn * k) if times else Fraction(turn, k)
    work.run(
        ("A full turn belongs to the inside; find the part of pi.", "Divide the full turn by the number of x."),
        f"p = {turn} * {k}\nprint(p)" if times else f"p = Rational({turn}, {k})\nprint(p)",
        found_period,
        sympy=True,
        fits=(f"2 / p == {k}", 2 / found_period == k),
    )
    work.run(("Multiply by pi.", "Put in the factor pi."), "print(p * pi)", pi_printed(found_period))
    work.run(
        ("The inside must grow by a full turn.", "Check the full turn."),
        f"print({k} * p == 2)",
        k * found_period == 2,
    )
    work.answer(("This is the period.", "So the period is this."), pi_tex(found_period))
    return work.draft(question, pi_tex(Fraction(2, k)))
