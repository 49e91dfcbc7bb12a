"""Dot and cross products, lengths, areas."""

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
            fits=(f"{wrapped(u[2])} * k == -s", u[2] * found == -s),
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
    negative = [p * q < 0 for p, q in zip(u[:dim], v[:dim], strict=True)]
    signs_fit = " and ".join(f"{name} {'<' if n else '>'} 0" for name, n in zip(names, negative, strict=True))
    work.run(
        ("Multiply the matching entries.", "Find the products of the entries."),
        f"{', '.join(names)} = "
        f"{', '.join(f'{wrapped(p)} * {wrapped(q)}' for p, q in zip(x, y, strict=True))}\nprint({', '.join(names)})",
        tuple(products),
        fits=(signs_fit, [n < 0 for n in products] == negative),
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
    *most, last = (f"{abs(n)}**2" for n in w)
    work = Work(student)
    if level == 4:
        keeps = work.holds("keeps-sign")
        w = [p + q for p, q in zip(u, v, strict=True)] if keeps else w
        op = "+" if keeps else "-"
        work.run(
            ("Find the difference of the entries.", "Subtract entry by entry."),
            f"w = [{', '.join(f'{p} {op} {wrapped(q)}' for p, q in zip(u, v, strict=True))}]\nprint(w)",
            str(w),
            fits=(f"[i + j for i, j in zip(w, {v})] == {u}", not keeps),
        )
    else:
        work.run(("Write down the entries.", "These are the entries."), f"w = {w}\nprint(w)", str(w))
    product = work.holds("power-as-product")
    n = sum(2 * i if product else i * i for i in w)
    work.run(
        ("Add the squares of the entries.", "Square the entries and add."),
        f"n = sum(i{' * 2' if product else '**2'} for i in w)\nprint(n)",
        n,
        fits=(f"n - {' - '.join(most)} == {last}", n == true),
    )
    work.run(("Take the root.", "Now the root."), "print(sqrt(n))", root_printed(n), sympy=True)
    work.answer(("This is the length.", "So the length is this."), root_tex(n), instead=n)
    return work.draft(question, root_tex(true))


def cross_product(rng: random.Random, level: int, student: Student) -> Draft:
    """The cross product of two vectors, checked with a dot product; at level 5 an area from it."""
    if level == 5:
        return _spanned_area(rng, student)
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
    for (name, i, j), true in zip(rows, (x, y, z), strict=True):
        value = u[i] * v[j] + s * u[j] * v[i]
        values.append(value)
        work.run(
            (f"Find the entry {name}.", f"The entry {name} leaves out this place."),
            f"{name} = {wrapped(u[i])} * {wrapped(v[j])} {sign} {wrapped(u[j])} * {wrapped(v[i])}\nprint({name})",
            value,
            fits=(_entry_fits(name, u, v), value == true),
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


def _entry_fits(name: str, u: list[int], v: list[int]) -> str:
    """Return the condition that an entry of the cross product makes up for the product taken away."""
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[name]
    return f"{name} + {wrapped(u[j])} * {wrapped(v[i])} == {wrapped(u[i])} * {wrapped(v[j])}"


def _spanned_area(rng: random.Random, student: Student) -> Draft:
    """The area of the parallelogram or triangle that two vectors span."""
    while True:
        u = [nonzero(rng, -5, 5) for _ in range(3)]
        v = [nonzero(rng, -5, 5) for _ in range(3)]
        true = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]
        if any(true):
            break
    a, b = (f"({', '.join(map(str, w))})" for w in (u, v))
    question = ask(
        rng,
        f"What is the area of the parallelogram spanned by the vectors ${a}$ and ${b}$?",
        f"Find the area of the parallelogram with sides ${a}$ and ${b}$.",
        f"The vectors ${a}$ and ${b}$ are two sides of a parallelogram. How large is its area?",
    )
    work = Work(student)
    s, sign = (1, "+") if work.holds("keeps-sign") else (-1, "-")
    entries = [u[i] * v[j] + s * u[j] * v[i] for i, j in ((1, 2), (2, 0), (0, 1))]
    for name, (i, j), value, true_entry in zip("xyz", ((1, 2), (2, 0), (0, 1)), entries, true, strict=True):
        work.run(
            (f"Find the entry {name} of the cross product.", f"Now the entry {name}."),
            f"{name} = {wrapped(u[i])} * {wrapped(v[j])} {sign} {wrapped(u[j])} * {wrapped(v[i])}\nprint({name})",
            value,
            fits=(_entry_fits(name, u, v), value == true_entry),
        )
    product = work.holds("power-as-product")
    n = sum(2 * value if product else value * value for value in entries)
    op = " * 2" if product else "**2"
    work.run(
        ("Add the squares of the entries.", "Square the entries and add."),
        f"n = x{op} + y{op} + z{op}\nprint(n)",
        n,
        fits=("n - x * x - y * y == z * z", n == sum(value * value for value in entries)),
    )
    work.run(("The area is the root.", "Take the root."), "print(sqrt(n))", root_printed(n), sympy=True)
    work.answer(("This is the area.", "So the area is this."), root_tex(n), instead=n)
    return work.draft(question, root_tex(sum(value * value for value in true)))
