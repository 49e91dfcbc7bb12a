"""Determinants and products of matrices."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import wrapped
from amz_env.problems.math.work import Work, ask, nonzero
from amz_env.problems.students import Student


def determinant(rng: random.Random, level: int, student: Student) -> Draft:
    """A 2 by 2 determinant, the number that makes it 0 or a given value, a 3 by 3 determinant."""
    if level >= 4:
        return _three_by_three(rng, level, student)
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
        work.run(
            ("Combine them.", "Now the determinant."),
            f"n = p {'+' if keeps else '-'} q\nprint(n)",
            found,
            fits=("n + q == p", not keeps),
        )
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
        fits=(f"n - q == {target}", not keeps),
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
    """A matrix times a vector, or one twice; a product of two matrices at level 4."""
    if level == 4:
        return _two_matrices(rng, student)
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
        fits=(
            f"u + v == {wrapped(a + c)} * {wrapped(x)} + {wrapped(b + d)} * {wrapped(y)}",
            u + v == (a + c) * x + (b + d) * y,
        ),
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


def _two_matrices(rng: random.Random, student: Student) -> Draft:
    """The product of two matrices, as a matrix."""
    a, b, c, d, e, f, g, h = (nonzero(rng, -5, 6) for _ in range(8))
    first, second = _matrix(((a, b), (c, d))), _matrix(((e, f), (g, h)))
    question = ask(
        rng,
        f"Compute the product ${first} {second}$.",
        f"Let $A = {first}$ and $B = {second}$. Find $AB$.",
        f"What is the matrix $AB$ for $A = {first}$ and $B = {second}$?",
    )
    work = Work(student)
    if work.holds("run-over-rise"):
        p, q, r, s = a, c, b, d
    else:
        p, q, r, s = a, b, c, d
    rows = []
    for x, y, name, which, (true_x, true_y) in ((p, q, "u", "first", (a, b)), (r, s, "v", "second", (c, d))):
        row = (x * e + y * g, x * f + y * h)
        rows.append(row)
        work.run(
            (f"Multiply the {which} row with both columns.", f"Find the {which} row of the product."),
            f"{name} = [{x} * {wrapped(e)} + {wrapped(y)} * {wrapped(g)}, {x} * {wrapped(f)} + {wrapped(y)} * "
            f"{wrapped(h)}]\nprint({name})",
            str(list(row)),
            fits=(
                f"{name}[0] - {name}[1] == {wrapped(true_x)} * {wrapped(e - f)} + {wrapped(true_y)} * {wrapped(g - h)}",
                row[0] - row[1] == true_x * (e - f) + true_y * (g - h),
            ),
        )
    (i, j), (k, m) = rows
    work.run(
        ("The determinants must multiply.", "Check with the determinants."),
        f"print(u[0] * v[1] - u[1] * v[0] == {(a * d - b * c)} * {wrapped(e * h - f * g)})",
        i * m - j * k == (a * d - b * c) * (e * h - f * g),
    )
    work.answer(("This is the product.", "So the product is this matrix."), _matrix(((i, j), (k, m))))
    true = ((a * e + b * g, a * f + b * h), (c * e + d * g, c * f + d * h))
    return work.draft(question, _matrix(true))


def _three_by_three(rng: random.Random, level: int, student: Student) -> Draft:
    """A 3 by 3 determinant, and at level 5 the entry that gives it a value."""
    a, b, c = (nonzero(rng, -5, 5) for _ in range(3))
    while True:
        d, e, f, g, h, i = (rng.randint(-5, 5) for _ in range(6))
        minors = (e * i - f * h, d * i - f * g, d * h - e * g)
        if all(minors):
            break
    value = a * minors[0] - b * minors[1] + c * minors[2]
    work = Work(student)
    keeps = work.holds("keeps-sign")
    shown = _matrix(((a if level == 4 else "k", b, c), (d, e, f), (g, h, i)))
    if level == 4:
        question = ask(
            rng,
            f"What is the determinant of ${shown}$?",
            f"Find the determinant of the matrix ${shown}$.",
            f"Compute $\\det {shown}$.",
        )
    else:
        question = ask(
            rng,
            f"For which number $k$ is the determinant of ${shown}$ equal to {value}?",
            f"The determinant of ${shown}$ is {value}. Find $k$.",
            f"Find $k$ such that $\\det {shown} = {value}$.",
        )
    pairs = (((e, i), (f, h)), ((d, i), (f, g)), ((d, h), (e, g)))
    found = []
    op, s = ("+", 1) if keeps else ("-", -1)
    for name, (plus_pair, minus_pair), place in zip("uvw", pairs, ("first", "second", "third"), strict=True):
        size = plus_pair[0] * plus_pair[1] + s * minus_pair[0] * minus_pair[1]
        found.append(size)
        work.run(
            (f"Cross out the first row and the {place} column.", f"The small determinant of the {place} column."),
            f"{name} = {plus_pair[0]} * {wrapped(plus_pair[1])} {op} "
            f"{wrapped(minus_pair[0])} * {wrapped(minus_pair[1])}"
            f"\nprint({name})",
            size,
            fits=(
                f"{name} + {wrapped(minus_pair[0])} * {wrapped(minus_pair[1])} == "
                f"{wrapped(plus_pair[0])} * {wrapped(plus_pair[1])}",
                size + minus_pair[0] * minus_pair[1] == plus_pair[0] * plus_pair[1],
            ),
        )
    u, v, w = found
    turned = work.holds("keeps-direction")
    sign, t = ("+", 1) if turned else ("-", -1)
    if level == 4:
        n = a * u + t * b * v + c * w
        work.run(
            ("Combine them with changing signs.", "Multiply with the first row and combine."),
            f"n = {a} * u {sign} {wrapped(b)} * v + {wrapped(c)} * w\nprint(n)",
            n,
            fits=(f"n + {wrapped(b)} * v == {wrapped(a)} * u + {wrapped(c)} * w", n + b * v == a * u + c * w),
        )
        work.answer(("This is the determinant.", "So the determinant is this."), n, instead=a * u)
        return work.draft(question, value)
    rest = t * b * v + c * w
    work.run(
        ("Combine the parts without k.", "First all that has no k."),
        f"r = {'' if turned else '-'}{wrapped(b)} * v + {wrapped(c)} * w\nprint(r)",
        rest,
        fits=(f"r + {wrapped(b)} * v == {wrapped(c)} * w", rest + b * v == c * w),
    )
    k = (value - rest) // u if u else 0
    work.run(
        ("Solve for k.", "The rest must come from k."),
        f"k = ({value} - r) // u\nprint(k, ({value} - r) % u)" if u else "k = 0\nprint(k)",
        (k, (value - rest) % u) if u else 0,
        fits=(f"k * u + r == {value}", k * u + rest == value),
    )
    work.answer(("This is k.", "So k is this."), k, instead=rest)
    return work.draft(question, a)
