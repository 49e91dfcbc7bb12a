"""One trigonometric value from another."""

import random
from fractions import Fraction

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import TRIPLES, root_printed, root_tex, split_root, tex
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def trig_from_other(rng: random.Random, level: int, student: Student) -> Draft:
    """Cosine or tangent from the sine, in the first or second quadrant; the double angle at level 5."""
    p, q, h = rng.choice(TRIPLES)
    x = rng.choice("xtAB")
    if level == 5:
        return _double_angle(rng, x, (p, q, h), student)
    given, other = rng.choice((("sin", "cos"), ("cos", "sin"))) if level == 3 else ("sin", "cos")
    second = level == 4
    where = "an obtuse angle" if second else "an acute angle"
    value = Fraction(p, h)
    want = other if level == 3 else rng.choice(("cos", "tan"))
    question = ask(
        rng,
        f"Let ${x}$ be {where} with $\\{given} {x} = {tex(value)}$. What is $\\{want} {x}$?",
        f"If ${x}$ is {where} and $\\{given} {x} = {tex(value)}$, find $\\{want} {x}$.",
        f"For {where} ${x}$ we have $\\{given} {x} = {tex(value)}$. Find the value of $\\{want} {x}$.",
    )
    work = Work(student)
    keeps = work.holds("keeps-sign")
    rest = 1 + value * value if keeps else 1 - value * value
    work.run(
        ("The squares of sine and cosine add up to 1.", "Find the square of the other one."),
        f"s = Rational({p}, {h})\nc = 1 {'+' if keeps else '-'} s**2\nprint(c)",
        rest,
        sympy=True,
        fits=(f"c * {h}**2 + {p}**2 == {h}**2", rest * h**2 + p**2 == h**2),
    )
    negative = second and not work.holds("drops-negative")
    code = "r = -sqrt(c)" if negative else "r = sqrt(c)"
    if keeps:
        n = rest.numerator
        printed, answer = root_printed(n), root_tex(n)
        printed = f"{'-' if negative else ''}{printed}/{h}"
        answer = rf"{'-' if negative else ''}\frac{{{answer}}}{{{h}}}"
        root: Fraction | None = None
    else:
        root = Fraction(-q if negative else q, h)
        printed, answer = str(root), tex(root)
    sign_text = "The cosine of an obtuse angle is negative." if negative else "Take the positive root."
    work.run(
        (sign_text, "Take the root with the right sign."),
        f"{code}\nprint(r)",
        printed,
        fits=("r < 0" if second else "r > 0", negative == second),
    )
    true_other = Fraction(-q if second else q, h)
    if want != "tan":
        work.run(
            ("Check that the squares add up to 1.", "Check the two squares."),
            "print(r**2 + s**2 == 1)",
            not keeps,
        )
        work.answer(("This is the value.", "So the value is this."), answer, instead=tex(rest))
        return work.draft(question, tex(true_other))
    flips = work.holds("run-over-rise")
    if root is None:
        printed, answer = _ratio_forms(p, h, rest.numerator, negative, flips)
    else:
        ratio = root / value if flips else value / root
        printed, answer = str(ratio), tex(ratio)
    work.run(
        ("The tangent is sine over cosine.", "Divide to find the tangent."),
        f"t = {'r / s' if flips else 's / r'}\nprint(t)",
        printed,
        fits=("t * r == s", not flips),
    )
    work.answer(
        ("This is the value.", "So the value is this."), answer, instead=tex(root) if root is not None else None
    )
    return work.draft(question, tex(value / true_other))


def _ratio_forms(p: int, h: int, n: int, negative: bool, flips: bool) -> tuple[str, str]:
    """Return (p/h) / (sqrt(n)/h), or its reciprocal, with its sign, as sympy prints it and as an answer."""
    minus = "-" if negative else ""
    root, root_answer = root_printed(n), root_tex(n)
    if flips:
        return f"{minus}{root}/{p}", rf"{minus}\frac{{{root_answer}}}{{{p}}}"
    # p / sqrt(n) with the square part of n taken out of the root
    k, m = split_root(n)
    value = Fraction(p, k * m)
    root, root_answer = f"sqrt({m})", rf"\sqrt{{{m}}}"
    top = f"{value.numerator}*{root}" if value.numerator != 1 else root
    top_answer = f"{value.numerator}{root_answer}" if value.numerator != 1 else root_answer
    return f"{minus}{top}/{value.denominator}", rf"{minus}\frac{{{top_answer}}}{{{value.denominator}}}"


def _double_angle(rng: random.Random, x: str, sides: tuple[int, int, int], student: Student) -> Draft:
    """The sine or cosine of 2x from the sine of x."""
    p, q, h = sides
    obtuse = rng.random() < 0.5
    where = "an obtuse angle" if obtuse else "an acute angle"
    want = rng.choice(("sin", "cos"))
    sine, cosine = Fraction(p, h), Fraction(-q if obtuse else q, h)
    question = ask(
        rng,
        f"Let ${x}$ be {where} with $\\sin {x} = {tex(sine)}$. What is $\\{want} 2{x}$?",
        f"If ${x}$ is {where} and $\\sin {x} = {tex(sine)}$, find $\\{want} 2{x}$.",
        f"For {where} ${x}$ we have $\\sin {x} = {tex(sine)}$. Find the value of $\\{want} 2{x}$.",
    )
    work = Work(student)
    negative = obtuse and not work.holds("drops-negative")
    root = Fraction(-q if negative else q, h)
    work.run(
        ("Find the cosine from the sine.", "The squares add up to 1; find the cosine."),
        f"s = Rational({p}, {h})\nc = {'-' if negative else ''}sqrt(1 - s**2)\nprint(c)",
        root,
        sympy=True,
        fits=("c < 0" if obtuse else "c > 0", negative == obtuse),
    )
    if want == "sin":
        fits = "(s + c)**2 == 1 + d"
        half = work.holds("forgets-half")
        found, code = (sine * root, "s * c") if half else (2 * sine * root, "2 * s * c")
        words = ("The sine of twice the angle is 2 sin cos.", "Use the formula for twice the angle.")
    else:
        fits = "d + 2 * s**2 == 1"
        keeps = work.holds("keeps-sign")
        found, code = (root**2 + sine**2, "c**2 + s**2") if keeps else (root**2 - sine**2, "c**2 - s**2")
        words = ("The cosine of twice the angle comes from the squares.", "Use the formula for twice the angle.")
    true = 2 * sine * root if want == "sin" else root**2 - sine**2
    work.run(words, f"d = {code}\nprint(d)", found, fits=(fits, found == true))
    work.run(
        ("It must lie between -1 and 1.", "Check that it is not too large."), "print(-1 <= d <= 1)", abs(found) <= 1
    )
    work.answer(("This is the value.", "So the value is this."), tex(found), instead=tex(root))
    return work.draft(question, tex(2 * sine * cosine if want == "sin" else cosine**2 - sine**2))
