"""Remainders of polynomials, polynomials from roots, complex numbers."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    plus,
    terms,
    times,
    wrapped,
)
from amz_env.problems.math.work import Work, ask, nonzero
from amz_env.problems.students import Student


def polynomial_remainder(rng: random.Random, level: int, student: Student) -> Draft:
    """The remainder after division by a linear factor, or a coefficient that makes a root."""
    a, r = rng.randint(1, 4), nonzero(rng, -4, 4)
    b, c, d = nonzero(rng, -6, 6), nonzero(rng, -9, 9), nonzero(rng, -15, 15)
    factor = f"x{plus(-r)}"
    work = Work(student)
    x = -r if work.holds("root-sign") else r
    if level == 3:
        question = ask(
            rng,
            f"What is the remainder when ${terms((a, b, c, d))}$ is divided by ${factor}$?",
            f"Find the remainder of ${terms((a, b, c, d))}$ after division by ${factor}$.",
            f"The polynomial ${terms((a, b, c, d))}$ is divided by ${factor}$. What is the remainder?",
        )
        answer = a * r**3 + b * r * r + c * r + d
    else:
        b = rng.randint(1, 6)
        # choose the constant so that k is whole
        k = nonzero(rng, -9, 9)
        d = -(a * r**3 + b * r * r + k * r)
        poly = f"{terms((a, b, 0, 0))} + kx{plus(d)}" if d else f"{terms((a, b, 0, 0))} + kx"
        question = ask(
            rng,
            f"For which number $k$ is ${factor}$ a factor of ${poly}$?",
            f"The polynomial ${poly}$ is divisible by ${factor}$. What is $k$?",
            f"Find $k$ such that ${poly}$ has the factor ${factor}$.",
        )
        answer = k
    work.run(
        (f"The factor {factor} is 0 at this x.", f"Find where {factor} is 0."),
        f"x = {x}\nprint({factor.replace('x', 'x')})",
        x - r,
        fits=(f"{factor} == 0", x == r),
    )
    if level == 3:
        product = work.holds("power-as-product")
        cube, square = (3 * x, 2 * x) if product else (x**3, x * x)
        u = a * cube + b * square
        three, two = ("x * 3", "x * 2") if product else ("x**3", "x**2")
        work.run(
            ("Find the terms with powers.", "First the cube and the square."),
            f"u = {a} * {three}{times(b, two)}\nprint(u)",
            u,
            fits=(f"x * x * ({a} * x{plus(b)}) == u", x * x * (a * x + b) == u),
        )
        found = u + c * x + d
        work.run(("Add the other terms.", "Now add the rest."), f"v = u{times(c, 'x')}{plus(d)}\nprint(v)", found)
        work.answer(("This is the remainder.", "So the remainder is this."), found, instead=u)
        return work.draft(question, answer)
    u = a * x**3 + b * x * x + d
    work.run(
        ("Find the value of all terms without k.", "Put x in, without k."),
        f"u = {a} * x**3{times(b, 'x**2')}{plus(d) if d else ''}\nprint(u)",
        u,
    )
    keeps = work.holds("keeps-sign")
    found = (u if keeps else -u) // x
    code = "k = u // x\nprint(k, u % x)" if keeps else "k = -u // x\nprint(k, u % x)"
    work.run(
        ("Solve for k.", "Now k times x must cancel it."),
        code,
        (found, u % x),
        fits=("k * x + u == 0", found * x + u == 0),
    )
    true_value = a * r**3 + b * r * r + found * r + d
    work.run(
        ("Check that the value is 0.", f"Check at the zero of {factor}."),
        f"x = {r}\nprint({a} * x**3{times(b, 'x**2')} + k * x{plus(d) if d else ''})",
        true_value,
    )
    work.answer(("This is k.", "So k is this."), found, instead=u)
    return work.draft(question, answer)


def from_roots(rng: random.Random, level: int, student: Student) -> Draft:
    """The monic polynomial with given roots."""
    roots = sorted(
        rng.sample([r for r in (range(-12, 13) if level == 2 else range(-7, 8)) if r], 2 if level == 2 else 3)
    )
    shown = " and ".join(map(str, roots)) if level == 2 else f"{roots[0]}, {roots[1]} and {roots[2]}"
    degree = "quadratic" if level == 2 else "cubic"
    question = ask(
        rng,
        f"Find the {degree} polynomial with leading coefficient 1 and roots {shown}.",
        f"A {degree} polynomial in $x$ has the roots {shown} and the leading coefficient 1. Write it in expanded form.",
        f"Which polynomial $x^{len(roots)} + ...$ has exactly the roots {shown}?",
    )
    work = Work(student)
    signed = [-r for r in roots] if work.holds("root-sign") else roots
    brackets = "*".join(f"(x{plus(-r)})" for r in signed)
    coefficients = [1]
    for r in signed:
        coefficients = [u - r * v for u, v in zip([*coefficients, 0], [0, *coefficients], strict=True)]
    work.run(
        ("Each root gives a bracket; multiply them out.", "Write a bracket for each root and expand."),
        f"x = symbols('x')\np = expand({brackets})\nprint(p)",
        terms(coefficients, code=True),
        sympy=True,
        fits=(f"sorted(roots(p)) == {roots}", sorted(signed) == roots),
    )
    values = []
    for r in roots:
        value = 0
        for coefficient in coefficients:
            value = value * r + coefficient
        values.append(value)
    work.run(
        ("Check that the roots give 0.", "Put the roots in."),
        "print(" + ", ".join(f"p.subs(x, {r})" for r in roots) + ")",
        tuple(values),
    )
    work.answer(("This is the polynomial.", "So the polynomial is this."), terms(coefficients))
    true = [1]
    for r in roots:
        true = [u - r * v for u, v in zip([*true, 0], [0, *true], strict=True)]
    return work.draft(question, terms(true))


def complex_numbers(rng: random.Random, level: int, student: Student) -> Draft:
    """Sums, powers of i, products and squares of complex numbers."""
    if level == 1:
        return _complex_sum(rng, student)
    a, b, c, d = (nonzero(rng, -12, 12) for _ in range(4))
    if level == 2:
        n = rng.randint(10, 99)
        extra = rng.randint(2, 9)
        question = ask(
            rng,
            f"What is ${extra}i^{{{n}}}$, where $i^2 = -1$?",
            f"Simplify ${extra}i^{{{n}}}$. Here $i^2 = -1$.",
            f"Let $i^2 = -1$. Find the value of ${extra}i^{{{n}}}$.",
        )
        values = [f"{extra}", f"{extra}i", f"-{extra}", f"-{extra}i"]
        work = Work(student)
        late = work.holds("off-by-one")
        r = (n - 1) % 4 if late else n % 4
        work.run(
            ("The powers of i repeat every 4; find the place.", "Divide the exponent by 4 and keep the remainder."),
            f"r = ({n} - 1) % 4\nprint(r)" if late else f"r = {n} % 4\nprint(r)",
            r,
            fits=(f"({n} - r) % 4 == 0", (n - r) % 4 == 0),
        )
        shown = [f"{extra}", f"{extra}*I", f"-{extra}", f"-{extra}*I"][r]
        drops = work.holds("drops-negative") and r == 2
        if drops:
            work.run(("Put in this power.", "Find this power of i."), f"print({extra} * 1)", extra)
            work.answer(("This is the value.", "So the value is this."), extra)
        else:
            work.run(("Put in this power.", "Find this power of i."), f"print({extra} * I**r)", shown, sympy=True)
            work.answer(("This is the value.", "So the value is this."), values[r])
        return work.draft(question, values[n % 4])
    u, v = terms((b, a), "i"), terms((d, c), "i")
    u, v = _complex(a, b), _complex(c, d)
    if level == 4:
        c, d, v = a, b, u
    written = f"({u})({v})" if level == 3 else f"({u})^2"
    question = ask(
        rng,
        f"Compute ${written}$, where $i^2 = -1$. Give the answer in the form $a + bi$.",
        f"Write ${written}$ in the form $a + bi$. Here $i^2 = -1$.",
        f"Let $i^2 = -1$. What is ${written}$ in the form $a + bi$?",
    )
    work = Work(student)
    plus_sign = work.holds("drops-negative")
    real = a * c + b * d if plus_sign else a * c - b * d
    work.run(
        ("Find the part without i; the square of i is -1.", "First the real part."),
        f"p = {a} * {wrapped(c)} {'+' if plus_sign else '-'} {wrapped(b)} * {wrapped(d)}\nprint(p)",
        real,
        fits=(f"p + {wrapped(b)} * {wrapped(d)} == {a} * {wrapped(c)}", real + b * d == a * c),
    )
    check = f"q - {a} * {wrapped(d)} == {wrapped(b)} * {wrapped(c)}"
    if level == 4 and work.holds("square-termwise"):
        imaginary = 0
        work.run(
            ("Find the part with i.", "Now the part with i."),
            "q = 0\nprint(q)",
            0,
            fits=(check, a * d + b * c == 0),
        )
    else:
        one_sided = work.holds("distributes-first")
        imaginary = a * d if one_sided else a * d + b * c
        code = f"q = {a} * {wrapped(d)}" if one_sided else f"q = {a} * {wrapped(d)} + {wrapped(b)} * {wrapped(c)}"
        work.run(
            ("Find the part with i.", "Now the part with i."),
            f"{code}\nprint(q)",
            imaginary,
            fits=(check, imaginary == a * d + b * c),
        )
    size = (a * a + b * b) * (c * c + d * d)
    work.run(
        ("The squared sizes must multiply.", "Check with the squared sizes."),
        f"print(p**2 + q**2 == ({wrapped(a)}**2 + {wrapped(b)}**2) * ({wrapped(c)}**2 + {wrapped(d)}**2))",
        real * real + imaginary * imaginary == size,
    )
    work.answer(("This is the number.", "So the result is this."), _complex(real, imaginary))
    return work.draft(question, _complex(a * c - b * d, a * d + b * c))


def _complex_sum(rng: random.Random, student: Student) -> Draft:
    """The sum or difference of two complex numbers."""
    a, b, c, d = (nonzero(rng, -20, 20) for _ in range(4))
    minus = rng.random() < 0.5
    written = f"({_complex(a, b)}) {'-' if minus else '+'} ({_complex(c, d)})"
    question = ask(
        rng,
        f"Compute ${written}$, where $i^2 = -1$. Give the answer in the form $a + bi$.",
        f"Write ${written}$ in the form $a + bi$. Here $i^2 = -1$.",
        f"Let $i^2 = -1$. What is ${written}$ in the form $a + bi$?",
    )
    work = Work(student)
    sign = -1 if minus else 1
    real = a + sign * c
    op = "-" if minus else "+"
    work.run(("Combine the parts without i.", "First the real part."), f"p = {a} {op} {wrapped(c)}\nprint(p)", real)
    # who takes away only the first term of the bracket adds the second one
    turn = 1 if work.holds("distributes-first") else sign
    imaginary = b + turn * d
    work.run(
        ("Combine the parts with i.", "Now the part with i."),
        f"q = {b} {'+' if turn > 0 else '-'} {wrapped(d)}\nprint(q)",
        imaginary,
        fits=(f"q {'+' if minus else '-'} {wrapped(d)} == {b}", imaginary - sign * d == b),
    )
    work.answer(
        ("This is the number.", "So the result is this."), _complex(real, imaginary), instead=_complex(imaginary, real)
    )
    return work.draft(question, _complex(a + sign * c, b + sign * d))


def _complex(real: int, imaginary: int) -> str:
    if not imaginary:
        return str(real)
    part = "i" if abs(imaginary) == 1 else f"{abs(imaginary)}i"
    if not real:
        return f"-{part}" if imaginary < 0 else part
    return f"{real} {'-' if imaginary < 0 else '+'} {part}"
