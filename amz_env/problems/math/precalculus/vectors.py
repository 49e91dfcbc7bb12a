"""Dot and cross products, lengths, determinants, matrices."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    root_printed,
    root_tex,
    wrapped,
)
from amz_env.problems.math.work import Work, ask, nonzero
from amz_env.problems.students import Student


def dot_product(rng: random.Random, level: int, student: Student) -> Draft:
    """The dot product, perpendicular vectors, and the length of a vector."""
    dim = 2 if level == 1 else 3
    u = [nonzero(rng, -9, 9) for _ in range(3)]
    v = [nonzero(rng, -9, 9) for _ in range(3)]
    work = Work(student)
    if level == 3:
        # u . v = 0 with a whole unknown entry
        k = nonzero(rng, -9, 9)
        u[2] = rng.choice((-3, -2, 2, 3, 4, 5))
        v[0] = rng.choice((-1, 1))
        u[0] = -(u[1] * v[1] + u[2] * k) * v[0]
        question = ask(
            rng,
            f"For which number $k$ are the vectors $({u[0]}, {u[1]}, {u[2]})$ and $({v[0]}, {v[1]}, k)$ perpendicular?",
            f"The vectors $({u[0]}, {u[1]}, {u[2]})$ and $({v[0]}, {v[1]}, k)$ are perpendicular. Find $k$.",
            f"Find $k$ such that $({u[0]}, {u[1]}, {u[2]})$ and $({v[0]}, {v[1]}, k)$ meet at a right angle.",
        )
        s = u[0] * v[0] + u[1] * v[1]
        work.run(
            ("Multiply the known entries and add.", "The known part of the dot product."),
            f"s = {wrapped(u[0])} * {wrapped(v[0])} + {wrapped(u[1])} * {wrapped(v[1])}\nprint(s)",
            s,
        )
        keeps = work.holds("keeps-sign")
        found = (s if keeps else -s) // u[2]
        work.run(
            ("The rest must cancel it; solve for k.", "Find k so that all is 0."),
            f"k = {'s' if keeps else '-s'} // {wrapped(u[2])}\nprint(k, s % {wrapped(u[2])})",
            (found, s % u[2]),
        )
        work.run(("Check that the dot product is 0.", "Put k in."), f"print(s + {wrapped(u[2])} * k)", s + u[2] * found)
        work.answer(("This is k.", "So k is this."), found, instead=s)
        return work.draft(question, k)
    a, b = ("(" + ", ".join(map(str, w[:dim])) + ")" for w in (u, v))
    question = ask(
        rng,
        f"What is the dot product of the vectors ${a}$ and ${b}$?",
        f"Find the dot product ${a} \\cdot {b}$.",
        f"Compute the dot product of ${a}$ and ${b}$.",
    )
    signs = work.holds("drops-negative")
    x, y = ([abs(n) for n in w[:dim]] if signs else w[:dim] for w in (u, v))
    products = [p * q for p, q in zip(x, y, strict=True)]
    names = "abc"[:dim]
    work.run(
        ("Multiply the matching entries.", "Find the products of the entries."),
        f"{', '.join(names)} = "
        f"{', '.join(f'{wrapped(p)} * {wrapped(q)}' for p, q in zip(x, y, strict=True))}\nprint({', '.join(names)})",
        tuple(products),
    )
    work.run(("Add them.", "Now add the products."), f"d = {' + '.join(names)}\nprint(d)", sum(products))
    work.answer(
        ("This is the dot product.", "So the dot product is this."),
        sum(products),
        instead=f"({', '.join(map(str, products))})",
    )
    return work.draft(question, sum(p * q for p, q in zip(u[:dim], v[:dim], strict=True)))


def vector_length(rng: random.Random, level: int, student: Student) -> Draft:
    """The length of a vector or of the difference of two."""
    u = [nonzero(rng, -9, 9) for _ in range(3)]
    v = [nonzero(rng, -5, 5) for _ in range(3)]
    if u == v:
        v[0] = -v[0]
    dim = 2 if level == 2 else 3
    a, b = ("(" + ", ".join(map(str, w[:dim])) + ")" for w in (u, v))
    if level < 4:
        question = ask(
            rng,
            f"What is the length of the vector ${a}$?",
            f"Find the magnitude of the vector ${a}$.",
            f"How long is the vector ${a}$?",
        )
        w = u[:dim]
    else:
        question = ask(
            rng,
            f"Let $u = {a}$ and $v = {b}$. What is the length of $u - v$?",
            f"Find the magnitude of $u - v$ for the vectors $u = {a}$ and $v = {b}$.",
            f"The vectors are $u = {a}$ and $v = {b}$. How long is $u - v$?",
        )
        w = [p - q for p, q in zip(u, v, strict=True)]
    true = sum(n * n for n in w)
    work = Work(student)
    if level == 4:
        keeps = work.holds("keeps-sign")
        w = [p + q for p, q in zip(u, v, strict=True)] if keeps else w
        op = "+" if keeps else "-"
        work.run(
            ("Find the difference of the entries.", "Subtract entry by entry."),
            f"w = [{', '.join(f'{p} {op} {wrapped(q)}' for p, q in zip(u, v, strict=True))}]\nprint(w)",
            str(w),
        )
    else:
        work.run(("Write down the entries.", "These are the entries."), f"w = {w}\nprint(w)", str(w))
    product = work.holds("power-as-product")
    n = sum(2 * i if product else i * i for i in w)
    work.run(
        ("Add the squares of the entries.", "Square the entries and add."),
        f"n = sum(i{' * 2' if product else '**2'} for i in w)\nprint(n)",
        n,
    )
    work.run(("Take the root.", "Now the root."), "print(sqrt(n))", root_printed(n), sympy=True)
    work.answer(("This is the length.", "So the length is this."), root_tex(n), instead=n)
    return work.draft(question, root_tex(true))


def determinant(rng: random.Random, level: int, student: Student) -> Draft:
    """A 2 by 2 determinant, and the number that makes it 0 or a given value."""
    a, b, c, d = (nonzero(rng, -9, 9) for _ in range(4))
    work = Work(student)
    if level == 1:
        matrix = _matrix(((a, b), (c, d)))
        question = ask(
            rng,
            f"What is the determinant of ${matrix}$?",
            f"Find the determinant of the matrix ${matrix}$.",
            f"Compute $\\det {matrix}$.",
        )
        work.run(
            ("Multiply along both diagonals.", "Find the two diagonal products."),
            f"p, q = {wrapped(a)} * {wrapped(d)}, {wrapped(b)} * {wrapped(c)}\nprint(p, q)",
            (a * d, b * c),
        )
        keeps = work.holds("keeps-sign")
        found = a * d + b * c if keeps else a * d - b * c
        work.run(("Combine them.", "Now the determinant."), f"n = p {'+' if keeps else '-'} q\nprint(n)", found)
        work.answer(("This is the determinant.", "So the determinant is this."), found, instead=a * d)
        return work.draft(question, a * d - b * c)
    k = nonzero(rng, -9, 9)
    if level == 2:
        target = 0
        b = rng.choice([n for n in (1, -1)])
        # a k - b c = 0
        c = a * k * b
    else:
        target = a * k - b * c
    matrix = _matrix(((a, b), (c, "k")))
    question = ask(
        rng,
        f"For which number $k$ is the determinant of ${matrix}$ equal to {target}?",
        f"The determinant of ${matrix}$ is {target}. Find $k$.",
        f"Find $k$ such that $\\det {matrix} = {target}$.",
    )
    q = b * c
    work.run(
        ("Find the product without k.", "First the diagonal without k."),
        f"q = {wrapped(b)} * {wrapped(c)}\nprint(q)",
        q,
    )
    keeps = work.holds("keeps-sign")
    n = target - q if keeps else target + q
    work.run(
        ("Bring it to the other side.", "Move it to the right side."),
        f"n = {target} {'-' if keeps else '+'} q\nprint(n)",
        n,
    )
    found = n // a
    work.run(
        ("Divide to find k.", "Solve for k."), f"k = n // {wrapped(a)}\nprint(k, n % {wrapped(a)})", (found, n % a)
    )
    work.run(
        ("Check the determinant.", "Put k in."),
        f"print({wrapped(a)} * k - {wrapped(b)} * {wrapped(c)} == {target})",
        a * found - b * c == target,
    )
    work.answer(("This is k.", "So k is this."), found, instead=n)
    return work.draft(question, k)


def _matrix(rows: tuple[tuple[object, ...], ...]) -> str:
    inside = r" \\ ".join(" & ".join(map(str, row)) for row in rows)
    return rf"\begin{{pmatrix}} {inside} \end{{pmatrix}}"


def matrix_product(rng: random.Random, level: int, student: Student) -> Draft:
    """A matrix times a vector, or one twice."""
    a, b, c, d = (nonzero(rng, -6, 6) for _ in range(4))
    x, y = nonzero(rng, -9, 9), nonzero(rng, -9, 9)
    matrix, vector = _matrix(((a, b), (c, d))), f"({x}, {y})"
    power = "" if level == 2 else "^2"
    question = ask(
        rng,
        f"The matrix ${matrix}$ maps the point ${vector}$ to which point?"
        if level == 2
        else f"The matrix ${matrix}$ is applied twice to the point ${vector}$. Which point results?",
        f"Let $A = {matrix}$ and $v = {vector}$, written as a column. Find $A{power}v$ as a pair.",
        f"For $A = {matrix}$ and the column $v = {vector}$, what is the pair $A{power}v$?",
    )
    work = Work(student)
    columns = work.holds("run-over-rise")
    drops = work.holds("drops-negative")
    p, q, r, s = (a, c, b, d) if columns else (a, b, c, d)
    if drops:
        p, q, r, s = abs(p), abs(q), abs(r), abs(s)
    u, v = p * x + q * y, r * x + s * y
    work.run(
        ("Multiply each row with the point.", "Each row times the point gives an entry."),
        f"u = {wrapped(p)} * {wrapped(x)} + {wrapped(q)} * {wrapped(y)}\nv = {wrapped(r)} * {wrapped(x)} + "
        f"{wrapped(s)} * {wrapped(y)}\nprint(u, v)",
        (u, v),
    )
    before = f"({u}, {v})"
    if level == 3:
        u, v = p * u + q * v, r * u + s * v
        work.run(
            ("Do it again with the new point.", "Apply the matrix once more."),
            f"u, v = {wrapped(p)} * u + {wrapped(q)} * v, {wrapped(r)} * u + {wrapped(s)} * v\nprint(u, v)",
            (u, v),
        )
    tu, tv = a * x + b * y, c * x + d * y
    if level == 3:
        tu, tv = a * tu + b * tv, c * tu + d * tv
    work.answer(("This is the point.", "So the pair is this."), f"({u}, {v})", instead=before if level == 3 else None)
    return work.draft(question, f"({tu}, {tv})")


def cross_product(rng: random.Random, level: int, student: Student) -> Draft:
    """The cross product of two vectors; its entries are checked with a dot product."""
    while True:
        u = [nonzero(rng, -6, 6) for _ in range(3)]
        v = [nonzero(rng, -6, 6) for _ in range(3)]
        x, y, z = u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]
        if x or y or z:
            break
    a, b = (f"({', '.join(map(str, w))})" for w in (u, v))
    question = ask(
        rng,
        f"What is the cross product of the vectors ${a}$ and ${b}$?",
        f"Find the cross product ${a} \\times {b}$.",
        f"Compute the cross product of ${a}$ and ${b}$.",
    )
    work = Work(student)
    plus_sign, turned = work.holds("keeps-sign"), work.holds("keeps-direction")
    sign = "+" if plus_sign else "-"
    s = 1 if plus_sign else -1
    rows = (("x", 1, 2), ("y", 0, 2) if turned else ("y", 2, 0), ("z", 0, 1))
    values = []
    for name, i, j in rows:
        value = u[i] * v[j] + s * u[j] * v[i]
        values.append(value)
        work.run(
            (f"Find the entry {name}.", f"The entry {name} leaves out this place."),
            f"{name} = {wrapped(u[i])} * {wrapped(v[j])} {sign} {wrapped(u[j])} * {wrapped(v[i])}\nprint({name})",
            value,
        )
    dots = tuple(sum(p * q for p, q in zip(w, values, strict=True)) for w in (u, v))
    work.run(
        ("It must be perpendicular to both.", "Both dot products must be 0."),
        "print("
        + ", ".join(" + ".join(f"{wrapped(n)} * {name}" for n, name in zip(w, "xyz", strict=True)) for w in (u, v))
        + ")",
        dots,
    )
    work.answer(("This is the cross product.", "So the cross product is this."), f"({', '.join(map(str, values))})")
    return work.draft(question, f"({x}, {y}, {z})")
