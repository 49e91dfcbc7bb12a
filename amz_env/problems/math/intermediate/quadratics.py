"""Vertices, roots with radicals, symmetric values of roots, quadratic inequalities."""

import random
from fractions import Fraction

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    half_root_tex,
    plus,
    root_printed,
    terms,
    tex,
    times,
    wrapped,
)
from amz_env.problems.math.work import Work, ask, nonzero
from amz_env.problems.students import Student


def vertex(rng: random.Random, level: int, student: Student) -> Draft:
    """The vertex of a parabola (level 1: read off), or its least value."""
    if level == 1:
        return _vertex_form(rng, student)
    h, k = nonzero(rng, -9, 9), rng.randint(-20, 20)
    a = 1 if level == 2 else rng.choice((1, 2, 3, -1, -2))
    b, c = -2 * a * h, a * h * h + k
    curve = f"$y = {terms((a, b, c))}$"
    extreme = "smallest" if a > 0 else "largest"
    if level < 4:
        question = ask(
            rng,
            f"What is the vertex of the parabola {curve}? Give a pair $(x, y)$.",
            f"Find the vertex $(h, k)$ of the parabola {curve}.",
            f"At which point $(x, y)$ does the parabola {curve} have its vertex?",
        )
        answer = f"({h}, {k})"
    else:
        question = ask(
            rng,
            f"What is the {extreme} value of ${terms((a, b, c))}$ over all numbers $x$?",
            f"Find the {extreme} value that ${terms((a, b, c))}$ can take for a number $x$.",
            f"For all numbers $x$, let {curve}. What is the {extreme} possible value of $y$?",
        )
        answer = str(k)
    work = Work(student)
    sign = work.holds("root-sign")
    num = b if sign else -b
    top = f"{b}" if sign else f"-({b})" if b < 0 else f"-{b}"
    half = not work.holds("forgets-half")
    den = (2 if half else 1) * a
    u = num // den
    below = f"(2 * {wrapped(a)})" if half else wrapped(a)
    work.run(
        ("The vertex lies at x = -b / (2a).", "Find x of the vertex from the numbers before x."),
        f"h = {top} // {below}\nprint(h)",
        u,
        fits=(f"{2 * a} * h{plus(b)} == 0", 2 * a * u + b == 0),
    )
    v = a * u * u + b * u + c
    first = f"{a} * h**2" if a != 1 else "h**2"
    work.run(
        ("Put this x into the formula.", "Find y at this x."),
        f"k = {first}{times(b, 'h')}{plus(c)}\nprint(k)" if c else f"k = {first}{times(b, 'h')}\nprint(k)",
        v,
    )
    left, right = a * (u - 1) ** 2 + b * (u - 1) + c, a * (u + 1) ** 2 + b * (u + 1) + c
    work.run(
        ("The values to both sides of the vertex must be equal.", "Compare the values next to it."),
        f"f = lambda x: {first.replace('h', 'x')}{times(b, 'x')}{plus(c) if c else ''}\nprint(f(h - 1), f(h + 1))",
        (left, right),
    )
    if level < 4:
        work.answer(("This is the vertex.", "So the vertex is this."), f"({u}, {v})")
    else:
        work.answer(("This is the value.", f"So the {extreme} value is this."), v, instead=u)
    return work.draft(question, answer)


def _vertex_form(rng: random.Random, student: Student) -> Draft:
    """The vertex of a parabola written with a squared bracket."""
    a, h, k = rng.choice((1, 2, 3, 4, 5, -1, -2, -3)), nonzero(rng, -12, 12), nonzero(rng, -20, 20)
    before = {1: "", -1: "-"}.get(a, str(a))
    curve = f"$y = {before}(x{plus(-h)})^2{plus(k)}$"
    question = ask(
        rng,
        f"What is the vertex of the parabola {curve}? Give a pair $(x, y)$.",
        f"Find the vertex $(h, k)$ of the parabola {curve}.",
        f"At which point $(x, y)$ does the parabola {curve} have its vertex?",
    )
    work = Work(student)
    x = -h if work.holds("root-sign") else h
    work.run(
        ("The bracket is 0 at the vertex.", "Find x where the bracket is 0."),
        f"x = {x}\nprint(x{plus(-h)})",
        x - h,
        fits=(f"x{plus(-h)} == 0", x == h),
    )
    y = a * (x - h) ** 2 + k
    work.run(
        ("Find y at this x.", "Put this x into the formula."),
        f"y = {a} * (x{plus(-h)})**2{plus(k)}\nprint(y)",
        y,
    )
    work.answer(("This is the vertex.", "So the vertex is this."), f"({x}, {y})")
    return work.draft(question, f"({h}, {k})")


def radical_roots(rng: random.Random, level: int, student: Student) -> Draft:
    """A quadratic whose roots are centre -+ a radical; at level 4 terms on both sides."""
    m = nonzero(rng, -9, 9)
    n = rng.choice((2, 3, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 24, 27, 28, 32))
    b, c = -2 * m, m * m - n
    equation = f"${terms((1, b, c))} = 0$" if level == 3 or not c else f"$x^2 = {terms((-b, -c))}$"
    question = ask(
        rng,
        f"Find all solutions of {equation}. Use radicals where needed.",
        f"Solve {equation} exactly. Give all values of $x$, separated by commas.",
        f"Which numbers $x$ satisfy {equation}? Give exact values.",
    )
    work = Work(student)
    b_used = b
    if level == 4 and c and work.holds("keeps-sign"):
        b_used = -b
    mid = (b_used if work.holds("root-sign") else -b_used) // 2
    shown = f"{b_used}" if work.holds("root-sign") else f"-({b_used})" if b_used < 0 else f"-{b_used}"
    work.run(
        ("The middle of the roots is half of -b.", "Find the middle of the two roots."),
        f"m = {shown} // 2\nprint(m)",
        mid,
        fits=(f"2 * m{plus(b)} == 0", 2 * mid + b == 0),
    )
    keeps = work.holds("drops-negative")
    d = m * m + c if keeps else m * m - c
    code = (f"d = m**2{plus(c)}" if c else "d = m**2") if keeps else f"d = m**2{plus(-c)}" if c else "d = m**2"
    work.run(
        ("Find the square of the distance from the middle.", "Take c away from the square of m."),
        f"{code}\nprint(d)",
        d,
        fits=(f"m**2 - d == {c}", mid * mid - d == c),
    )
    work.run(("Take the root.", "Now the root."), "r = sqrt(d)\nprint(r)", root_printed(d), sympy=True)
    ok = mid == m and d == n
    constant = plus(c) if c else ""
    work.run(
        ("Put the larger root back in.", "Check one root."),
        f"x = m + r\nprint(expand(x**2{times(b, 'x')}{constant}) == 0)",
        ok,
    )
    pair = half_root_tex(mid, d)
    found = pair.split(", ")[1] if work.holds("one-root") else pair
    work.answer(("These are the solutions.", "So we have the solutions."), found)
    return work.draft(question, half_root_tex(m, n))


def vieta(rng: random.Random, level: int, student: Student) -> Draft:
    """Symmetric values of the roots of a quadratic: squares, reciprocals, square of the difference."""
    a = 1 if level == 3 else rng.choice((1, 2))
    while True:
        b, c = a * nonzero(rng, -12, 12), a * nonzero(rng, -15, 15)
        if b * b - 4 * a * c > 0:
            break
    s, p = -b // a, c // a
    poly = f"${terms((a, b, c))} = 0$"
    kind = {3: 0, 4: 1, 5: 2}[level]
    what = ("the sum of the squares", "the sum of the reciprocals", "the square of the difference")[kind]
    formula = ("r^2 + s^2", "\\frac{1}{r} + \\frac{1}{s}", "(r - s)^2")[kind]
    answer = (Fraction(s * s - 2 * p), Fraction(s, p), Fraction(s * s - 4 * p))[kind]
    question = ask(
        rng,
        f"What is {what} of the two roots of {poly}?",
        f"Let $r$ and $s$ be the roots of {poly}. Find ${formula}$.",
        f"The equation {poly} has the roots $r$ and $s$. What is ${formula}$?",
    )
    work = Work(student)
    sign = work.holds("root-sign")
    total = -s if sign else s
    below = f" // {a}" if a > 1 else ""
    minus = f"-({b})" if b < 0 else f"-{b}"
    work.run(
        ("Find the sum of the roots.", "The sum of the roots is -b over a."),
        f"s = {b if sign else minus}{below}\nprint(s)",
        total,
        fits=(f"{f'{a} * s' if a > 1 else 's'}{plus(b)} == 0", a * total + b == 0),
    )
    work.run(
        ("Find the product of the roots.", "The product of the roots is c over a."), f"p = {c}{below}\nprint(p)", p
    )
    if kind == 1:
        flips = work.holds("run-over-rise")
        found = Fraction(p, total) if flips else Fraction(total, p)
        work.run(
            ("Divide to find the sum of the reciprocals.", "Put both over one denominator."),
            f"v = Rational({'p, s' if flips else 's, p'})\nprint(v)",
            found,
            sympy=True,
            # the reciprocals are the roots of c x^2 + b x + a
            fits=(f"{c} * v{plus(b)} == 0", c * found + b == 0),
        )
        work.answer(("This is the value.", "So the value is this."), tex(found), instead=total)
        return work.draft(question, tex(answer))
    k = 2 if kind == 0 else 4
    square = 2 * total if work.holds("power-as-product") else total * total
    text = "s * 2" if work.holds("power-as-product") else "s**2"
    work.run(
        ("Square the sum.", "Find the square of the sum."),
        f"q = {text}\nprint(q)",
        square,
        fits=("q / s == s", square == total * total),
    )
    termwise = work.holds("square-termwise")
    value = square if termwise else square - k * p
    work.run(
        ("Take away the mixed products.", "Remove the products that are too much."),
        "v = q\nprint(v)" if termwise else f"v = q - {k} * p\nprint(v)",
        value,
        fits=(f"v + {k} * p == s * s", value + k * p == total * total),
    )
    work.answer(("This is the value.", "So the value is this."), value, instead=square)
    return work.draft(question, tex(answer))


def quadratic_inequality(rng: random.Random, level: int, student: Student) -> Draft:
    """A quadratic inequality: an interval or two rays."""
    low = rng.randint(-12, 9)
    high = rng.randint(low + 1, 15)
    b, c = -(low + high), low * high
    inside = level == 4 or rng.random() < 0.4
    closed = rng.random() < 0.5
    sign = {(True, True): r"\le", (True, False): "<", (False, True): r"\ge", (False, False): ">"}[(inside, closed)]
    statement = (
        f"${terms((1, b, c))} {sign} 0$" if level == 4 or (not b and not c) else f"$x^2 {sign} {terms((-b, -c))}$"
    )
    question = ask(
        rng,
        f"Solve {statement}. Give the answer in interval notation.",
        f"For which numbers $x$ is {statement}? Use interval notation.",
        f"Find all $x$ with {statement}, in interval notation.",
    )
    work = Work(student)
    b_used = -b if level == 5 and work.holds("keeps-sign") else b
    roots = sorted((low, high)) if b_used == b else sorted((-low, -high))
    poly = f"i**2{times(b_used, 'i') if b_used else ''}{plus(c) if c else ''}"
    found = [i for i in range(-20, 21) if i * i + b_used * i + c == 0]
    work.run(
        ("Find the roots of the two sides.", "Look for the numbers where both sides are equal."),
        f"r = [i for i in range(-20, 21) if {poly} == 0]\nprint(r)",
        str(found),
        fits=(f"sum(r) == {-b}", sum(found) == -b),
    )
    u, v = (found[0], found[-1]) if found else (roots[0], roots[1])
    between = Fraction(u + v, 2)
    value = between * between + b * between + c
    relation = {"\\le": "<=", "<": "<", "\\ge": ">=", ">": ">"}[sign]
    good = (
        value <= 0
        if relation == "<="
        else value < 0
        if relation == "<"
        else value >= 0
        if relation == ">="
        else value > 0
    )
    true_poly = f"t**2{times(b, 't') if b else ''}{plus(c) if c else ''}"
    work.run(
        ("Test a number between the roots.", "Try the middle of the roots."),
        f"t = (r[0] + r[-1]) / 2\nprint({true_poly} {relation} 0)",
        good,
    )
    flip = work.holds("keeps-direction")
    open_, close = ("[", "]") if closed else ("(", ")")
    text = f"{open_}{u}, {v}{close}" if good != flip else f"(-\\infty, {u}{close} \\cup {open_}{v}, \\infty)"
    work.answer(("These are the numbers.", "So x lies here."), text)
    answer = f"{open_}{low}, {high}{close}" if inside else f"(-\\infty, {low}{close} \\cup {open_}{high}, \\infty)"
    return work.draft(question, answer)
