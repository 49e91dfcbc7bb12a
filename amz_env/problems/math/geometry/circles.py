"""Circles, rings, arcs and sectors."""

import random
from fractions import Fraction

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    pi_printed,
    pi_tex,
)
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def circle(rng: random.Random, level: int, student: Student) -> Draft:
    """Area or circumference of a circle, as a multiple of pi; rings and sectors later."""
    r = rng.randint(2, 99)
    gives = rng.choice(("radius", "diameter"))
    want = rng.choice(("area", "circumference"))
    shown = r if gives == "radius" else 2 * r
    if level == 3:
        return _ring(rng, r, student)
    if level == 2:
        return _other_measure(rng, r, student)
    question = ask(
        rng,
        f"What is the {want} of a circle with {gives} {shown}? Give the answer in terms of $\\pi$.",
        f"A circle has {gives} {shown}. Find its {want} in terms of $\\pi$.",
        f"The {gives} of a circle is {shown}. What is its {want}, as a multiple of $\\pi$?",
    )
    work = Work(student)
    length = work.copy(shown)
    twice = f"r + r == {shown}" if gives == "diameter" else f"r + r == 2 * {shown}"
    if (gives == "diameter") != work.holds("radius-for-diameter"):
        radius, code = length // 2, f"{length} // 2"
        words = (
            ("Find the radius.", "Half the diameter is the radius.") if gives == "diameter" else ("Find the radius.",)
        )
    else:
        radius, code = length, str(length)
        words = ("Find the radius.", "Write down the radius.")
    work.run(words, f"r = {code}\nprint(r)", radius, fits=(twice, radius == r))
    if gives == "diameter":
        condition = f"4 * n == {shown}**2" if want == "area" else f"n == {shown}"
    else:
        condition = f"n / {shown} == {shown}" if want == "area" else f"n - {shown} == {shown}"
    found = _measure(work, want, radius, r, condition)
    work.answer((f"This is the {want}.", f"So the {want} is this."), found, instead=radius)
    return work.draft(question, pi_tex(r * r if want == "area" else 2 * r))


def _measure(work: Work, target: str, radius: int, r: int, condition: str) -> str:
    """Add the steps from the radius to the area or circumference; return it as an answer.

    Args:
        work: the work so far.
        target: area or circumference.
        radius: the radius that the student found.
        r: the true radius.
        condition: what the number before pi must fulfil; only the right one does.
    """
    as_area = (target == "area") != work.holds("area-for-perimeter")
    product = work.holds("power-as-product")
    n = (2 * radius if product else radius * radius) if as_area else 2 * radius
    square = "r * 2" if product else "r**2"
    code = f"n = {square}" if as_area else "n = 2 * r"
    work.run(
        (f"Find the number before pi in the {target}.", f"Now the {target}."),
        f"{code}\nprint(n)",
        n,
        fits=(condition, n == (r * r if target == "area" else 2 * r)),
    )
    work.run(("Multiply by pi.", "Put in the factor pi."), "print(n * pi)", pi_printed(n), sympy=True)
    return pi_tex(n)


def _other_measure(rng: random.Random, r: int, student: Student) -> Draft:
    """The area from the circumference, or the other way round."""
    give_area = rng.random() < 0.5
    given = pi_tex(r * r) if give_area else pi_tex(2 * r)
    a, b = ("area", "circumference") if give_area else ("circumference", "area")
    question = ask(
        rng,
        f"The {a} of a circle is ${given}$. What is its {b}? Give the answer in terms of $\\pi$.",
        f"A circle has {a} ${given}$. Find its {b} in terms of $\\pi$.",
        f"What is the {b} of a circle whose {a} is ${given}$, as a multiple of $\\pi$?",
    )
    work = Work(student)
    number = r * r if give_area else 2 * r
    target = "circumference" if give_area else "area"
    if give_area:
        half = work.holds("power-as-product")
        radius = number // 2 if half else r
        work.run(
            ("The area has the square of the radius; find the radius.", "Find the radius from the area."),
            f"r = {number} // 2\nprint(r)"
            if half
            else f"r = [i for i in range(1, 100) if i**2 == {number}][0]\nprint(r)",
            radius,
            fits=(f"{number} / r == r", radius == r),
        )
    else:
        whole = work.holds("radius-for-diameter")
        radius = number if whole else r
        work.run(
            ("Find the radius from the circumference.", "The circumference gives the radius."),
            f"r = {number}\nprint(r)" if whole else f"r = {number} // 2\nprint(r)",
            radius,
            fits=(f"r + r == {number}", radius == r),
        )
    condition = f"n**2 == 4 * {number}" if give_area else f"4 * n == {number}**2"
    found = _measure(work, target, radius, r, condition)
    work.answer((f"This is the {target}.", f"So the {target} is this."), found, instead=radius)
    return work.draft(question, pi_tex(2 * r if give_area else r * r))


def _ring(rng: random.Random, r: int, student: Student) -> Draft:
    """The area between two circles with one center."""
    big = r + rng.randint(1, 9)
    question = ask(
        rng,
        f"Two circles with radii {big} and {r} have the same center. What is the area of the ring between them, in "
        "terms of $\\pi$?",
        f"A round garden has radius {big}. A round pond of radius {r} lies in its center. What area of the garden is "
        "not pond, in terms of $\\pi$?",
        f"From a disk of radius {big} a disk of radius {r} is cut out. Find the area that is left, in terms of $\\pi$.",
    )
    work = Work(student)
    product = work.holds("power-as-product")
    big2 = work.copy(big)
    p, q = (2 * big2, 2 * r) if product else (big2 * big2, r * r)
    area, true = f"n == ({big} - {r}) * ({big} + {r})", big * big - r * r
    if work.holds("square-termwise"):
        n = (big2 - r) ** 2
        work.run(("Find the width of the ring.", "How wide is the ring?"), f"w = {big2} - {r}\nprint(w)", big2 - r)
        work.run(("Square it.", "Square the width."), "n = w**2\nprint(n)", n, fits=(area, n == true))
    else:
        sign = " * 2" if product else "**2"
        work.run(
            ("Square both radii.", "Find the squares of the radii."),
            f"p, q = {big2}{sign}, {r}{sign}\nprint(p, q)",
            (p, q),
            fits=(f"p / {big} == {big} and q / {r} == {r}", p == big * big and q == r * r),
        )
        n = p - q
        work.run(
            ("Subtract the small disk.", "Take the difference."),
            "n = p - q\nprint(n)",
            n,
            fits=(area, n == true),
        )
    work.run(("Multiply by pi.", "The area has the factor pi."), "print(n * pi)", pi_printed(n), sympy=True)
    work.answer(("This is the area.", "So the area is this."), pi_tex(n))
    return work.draft(question, pi_tex(big * big - r * r))


def sector(rng: random.Random, level: int, student: Student) -> Draft:
    """Length of an arc or area of a sector, as a multiple of pi; the area from the length of the arc at level 5."""
    if level == 5:
        return _sector_from_arc(rng, student)
    angle = rng.choice((20, 30, 36, 40, 45, 60, 72, 80, 90, 100, 108, 120, 135, 144, 150, 160, 210, 240, 270, 300))
    r = rng.randint(2, 30)
    arc = level == 3
    what = "length of the arc" if arc else "area of the sector"
    question = ask(
        rng,
        f"In a circle of radius {r}, what is the {what} with a central angle of {angle} degrees, in terms of $\\pi$?",
        f"A circle has radius {r}. Find the {what} that belongs to a central angle of {angle} degrees, in terms of "
        "$\\pi$.",
        f"The radius of a circle is {r}. A central angle measures {angle} degrees. What is the {what}, as a multiple "
        "of $\\pi$?",
    )
    work = Work(student)
    half_turn = work.holds("full-turn")
    turn = 180 if half_turn else 360
    part = Fraction(angle, turn)
    work.run(
        ("Find the part of the full turn.", "Which part of the circle is it?"),
        f"f = Rational({angle}, {turn})\nprint(f)",
        part,
        sympy=True,
        fits=(f"f * 360 == {angle}", part * 360 == angle),
    )
    size = work.copy(r)
    as_arc = arc != work.holds("area-for-perimeter")
    product = work.holds("power-as-product")
    whole = 2 * size if as_arc or product else size * size
    code = f"w = 2 * {size}" if as_arc else f"w = {size} * 2" if product else f"w = {size}**2"
    work.run(
        ("Find the whole circumference without pi.", "The whole circle without pi.")
        if arc
        else ("Find the area of the circle without pi.", "The whole area without pi."),
        f"{code}\nprint(w)",
        whole,
        fits=(f"w - {r} == {r}" if arc else f"w / {r} == {r}", whole == (2 * r if arc else r * r)),
    )
    found = part * whole
    work.run(
        ("Take this part and multiply by pi.", "Multiply both and put in pi."), "print(f * w * pi)", pi_printed(found)
    )
    work.answer(
        (f"This is the {what.split()[0]}.", f"So the {what.split()[0]} is this."), pi_tex(found), instead=pi_tex(whole)
    )
    return work.draft(question, pi_tex(Fraction(angle, 360) * (2 * r if arc else r * r)))


def _sector_from_arc(rng: random.Random, student: Student) -> Draft:
    """The area of a sector from its angle and the length of its arc."""
    angle, r = rng.choice((30, 36, 40, 45, 60, 72, 80, 90, 100, 108, 120, 135, 144, 150, 160, 240)), rng.randint(2, 30)
    arc = Fraction(angle, 360) * 2 * r
    question = ask(
        rng,
        f"A sector with a central angle of {angle} degrees has an arc of length ${pi_tex(arc)}$. What is its area in "
        "terms of $\\pi$?",
        f"The arc of a sector is ${pi_tex(arc)}$ long, and its central angle is {angle} degrees. Find the area of the "
        "sector in terms of $\\pi$.",
        f"A central angle of {angle} degrees cuts an arc of length ${pi_tex(arc)}$ from a circle. What is the area of "
        "the sector, as a multiple of $\\pi$?",
    )
    work = Work(student)
    turn = 180 if work.holds("full-turn") else 360
    part = Fraction(angle, turn)
    work.run(
        ("Find the part of the full turn.", "Which part of the circle is it?"),
        f"f = Rational({angle}, {turn})\nprint(f)",
        part,
        sympy=True,
        fits=(f"f * 360 == {angle}", part * 360 == angle),
    )
    around = arc / part
    work.run(
        ("Find the whole circumference without pi.", "The arc is this part of the whole circle."),
        f"c = Rational({arc.numerator}, {arc.denominator}) / f\nprint(c)",
        around,
    )
    radius = around if work.holds("radius-for-diameter") else around / 2
    below = "" if arc.denominator == 1 else f" * {arc.denominator}"
    work.run(
        ("Find the radius.", "The circumference gives the radius."),
        "r = c\nprint(r)" if radius == around else "r = c / 2\nprint(r)",
        radius,
        fits=(f"r * {angle}{below} == 180 * {arc.numerator}", radius * angle == 180 * arc),
    )
    product = work.holds("power-as-product")
    found = part * (radius * 2 if product else radius * radius)
    work.run(
        ("Find the area and put in pi.", "Take this part of the area of the circle."),
        f"print(f * r{' * 2' if product else '**2'} * pi)",
        pi_printed(found),
    )
    work.answer(("This is the area.", "So the area is this."), pi_tex(found), instead=pi_tex(around))
    return work.draft(question, pi_tex(Fraction(angle, 360) * r * r))
