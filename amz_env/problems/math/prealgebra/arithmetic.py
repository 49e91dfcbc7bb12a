"""Order of operations, sums of fractions, powers, square roots."""

import random
from fractions import Fraction
from math import gcd

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    root_printed,
    root_tex,
    tex,
)
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student

_POWERS = tuple((a, n) for a in range(2, 13) for n in range(2, 8) if 8 <= a**n <= 150)


def order_of_operations(rng: random.Random, level: int, student: Student) -> Draft:
    """A value where the operations are not done from left to right."""
    a, b, c, d, e = (rng.randint(2, 12) for _ in range(5))
    q = rng.randint(2, 9)
    if level == 1:
        written, value = f"{a} + {b} \\cdot {c}", a + b * c
    elif level == 2:
        written, value = f"{a} + {b} \\cdot {c} - {q * d} \\div {d}", a + b * c - q
    else:
        written, value = f"{a} + {b} \\cdot ({c} - {d})^2 - {e}", a + b * (c - d) ** 2 - e
    question = ask(
        rng,
        f"What is the value of ${written}$?",
        f"Compute ${written}$.",
        f"Evaluate the expression ${written}$.",
    )
    work = Work(student)
    left = work.holds("left-to-right")
    if level == 3:
        u = c - d
        work.run(("First the bracket.", "Work out the bracket first."), f"u = {c} - {d}\nprint(u)", u)
        product = work.holds("power-as-product")
        v = u * 2 if product else u * u
        work.run(
            ("Square it.", "Now the square."),
            f"v = u{' * ' if product else '**'}2\nprint(v)",
            v,
            fits=(f"v + 2 * {c} * {d} == {c}**2 + {d}**2", v == (c - d) ** 2),
        )
        product_fits = f"w / {b} == ({c} - {d})**2"
        if left:
            w, second = a + b, f"{a} + {b}"
            words = ("Then the next operation.", "Go on with the sum.")
            found, code = w * v - e, f"n = w * v - {e}"
        else:
            w, second = b * v, f"{b} * v"
            words = ("Then the product.", "Multiply before adding.")
            found, code = a + w - e, f"n = {a} + w - {e}"
        work.run(words, f"w = {second}\nprint(w)", w, fits=(product_fits, w == b * (c - d) ** 2))
        work.run(("Finish from left to right.", "Now the rest."), f"{code}\nprint(n)", found)
        work.answer(("This is the value.", "So the value is this."), found, instead=w)
        return work.draft(question, value)
    a2 = work.copy(a)
    if left:
        w, code, words = a2 + b, f"{a2} + {b}", ("Start with the sum.", "First add.")
        p, then, more = w * c, f"w * {c}", ("Go on with the product.", "Then multiply.")
    else:
        w, code, words = b * c, f"{b} * {c}", ("Start with the product.", "First multiply.")
        p, then, more = a2 + w, f"{a2} + w", ("Go on with the sum.", "Then add.")
    work.run(words, f"w = {code}\nprint(w)", w, fits=(f"w / {c} == {b}", w == b * c))
    work.run(more, f"p = {then}\nprint(p)", p, fits=(f"(p - {a}) / {c} == {b}", p - a == b * c))
    if level == 2:
        if left:
            r = p - q * d
            work.run(("Then subtract.", "Take away the next number."), f"r = p - {q * d}\nprint(r)", r)
            p, shown = r // d, (r // d, r % d)
            work.run(("Divide at the end.", "Last, divide."), f"print(r // {d}, r % {d})", shown)
        else:
            work.run(("Now the quotient.", "Divide before subtracting."), f"r = {q * d} // {d}\nprint(r)", q)
            p -= q
            work.run(("Subtract at the end.", "Last, subtract."), "n = p - r\nprint(n)", p)
    work.answer(("This is the value.", "So the value is this."), p, instead=w)
    return work.draft(question, value)


def fraction_sum(rng: random.Random, level: int, student: Student) -> Draft:
    """The sum of fractions, plain or in a story; three of them at level 3."""
    b, d, f = rng.sample((2, 3, 4, 5, 6, 7, 8, 9, 10, 12), 3)
    p, q, r = (Fraction(rng.choice([t for t in range(1, m) if gcd(t, m) == 1]), m) for m in (b, d, f))
    parts = [p, q] if level < 3 else [p, q, r]
    if level == 2:
        n, what = rng.choice((("Mia", "rope"), ("Tom", "ribbon"), ("Ana", "wire"), ("Ben", "string")))
        question = ask(
            rng,
            f"{n} has two pieces of {what}. One is ${tex(p)}$ of a yard long and the other ${tex(q)}$ of a yard. How "
            "many yards long are they together?",
            f"{n} walks ${tex(p)}$ of a mile in the morning and ${tex(q)}$ of a mile in the evening. How many miles "
            "is that in all?",
            f"A recipe takes ${tex(p)}$ of a cup of milk and ${tex(q)}$ of a cup of water. How many cups is that in "
            "all?",
        )
    else:
        written = " + ".join(tex(part) for part in parts)
        question = ask(
            rng,
            f"Compute ${written}$. Give the answer as a fraction in lowest terms.",
            f"What is ${written}$ as a common fraction?",
            f"Find the sum ${written}$ in lowest terms.",
        )
    work = Work(student)
    wrong = work.holds("adds-denominators")
    total = parts[0]
    for i, part in enumerate(parts[1:]):
        if wrong:
            code = f"Rational({total.numerator} + {part.numerator}, {total.denominator} + {part.denominator})"
            total = Fraction(total.numerator + part.numerator, total.denominator + part.denominator)
        else:
            first = f"Rational({total.numerator}, {total.denominator})" if i == 0 else "s"
            code = f"{first} + Rational({part.numerator}, {part.denominator})"
            total += part
        first, *others = (f"Rational({x.numerator}, {x.denominator})" for x in parts[: i + 2])
        work.run(
            ("Add the two fractions.", "Find the sum of the two fractions.")
            if level < 3
            else ("Add the first two fractions.", "Find the sum of the first two.")
            if i == 0
            else ("Add the third fraction.", "Add the last fraction."),
            f"s = {code}\nprint(s)",
            total,
            sympy=True,
            fits=(f"s - {' - '.join(others)} == {first}", total == sum(parts[: i + 2])),
        )
    work.run(
        ("The sum must be greater than each part.", "Check that the sum is greater than each fraction."),
        "print(" + ", ".join(f"s > Rational({x.numerator}, {x.denominator})" for x in parts) + ")",
        tuple(total > x for x in parts),
    )
    work.answer(("This is the sum.", "So the sum is this."), tex(total), instead=tex(parts[-1]))
    return work.draft(question, tex(sum(parts, Fraction(0))))


def simplify_root(rng: random.Random, level: int, student: Student) -> Draft:
    """A square root in simplest form, or a sum of two of them."""
    m = rng.choice((2, 3, 5, 6, 7, 10, 11, 13, 14, 15))
    k, j = rng.sample(range(2, 21 if level == 1 else 13), 2)
    n, o = k * k * m, j * j * m
    written = f"\\sqrt{{{n}}}" if level == 1 else f"\\sqrt{{{n}}} + \\sqrt{{{o}}}"
    question = ask(
        rng,
        f"Simplify ${written}$.",
        f"Write ${written}$ in simplest radical form.",
        f"Write ${written}$ as a whole number times a root that is as small as possible.",
        f"What is ${written}$ in the form $a\\sqrt{{b}}$ with $b$ as small as possible?",
    )
    work = Work(student)
    sizes = []
    if level == 2 and work.holds("distributes-first"):
        total = n + o
        work.run(("Add the numbers under the roots.", "Put both under one root."), f"n = {n} + {o}\nprint(n)", total)
        work.run(
            ("Simplify the root.", "Now simplify."),
            "r = sqrt(n)\nprint(r)",
            root_printed(total),
            sympy=True,
            fits=(f"r == sqrt({n}) + sqrt({o})", False),
        )
        answer_found = root_tex(total)
    else:
        for value, name in ((n, "a"), (o, "b"))[:level]:
            size = max(s for s in range(1, 100) if value % (s * s) == 0)
            work.run(
                (f"Find the largest square that divides {value}.", f"Which square numbers divide {value}?"),
                f"{name} = max([s for s in range(1, {value}) if {value} % s**2 == 0])\nprint({name}, {value} // "
                f"{name}**2)",
                (size, value // (size * size)),
            )
            sizes.append(size)
        squares = work.holds("power-as-product")
        total_size = sum(s * s if squares else s for s in sizes)
        names = ["a**2", "b**2"][:level] if squares else ["a", "b"][:level]
        work.run(
            ("Take the root out.", "This number stands before the root."),
            f"k = {' + '.join(names)}\nprint(k)",
            total_size,
            fits=(f"k**2 * {m} == {n}", total_size**2 * m == n)
            if level == 1
            else (f"(k - a)**2 * {m} == {o}", (total_size - sizes[0]) ** 2 * m == o),
        )
        same = total_size == k + (j if level == 2 else 0)
        roots = f"sqrt({n})" if level == 1 else f"sqrt({n}) + sqrt({o})"
        answer_found = f"{total_size}\\sqrt{{{m}}}"
        work.run(
            ("Check with the roots.", "Compare with the roots."),
            f"print(k * sqrt({m}) == {roots})",
            same,
            sympy=True,
        )
    work.answer(("This is the simplest form.", "So the root is this."), answer_found)
    return work.draft(question, root_tex(m, k if level == 1 else k + j))


def powers(rng: random.Random, level: int, student: Student) -> Draft:
    """A sum or difference of powers; the signs of negative bases at level 2."""
    a, m = rng.choice(_POWERS)
    b, n = rng.choice(_POWERS)
    c = rng.randint(2, 9)
    minus = rng.random() < 0.5
    base = f"(-{a})" if level == 2 else str(a)
    written = f"{base}^{m} {'-' if minus else '+'} {b}^{n}" + (f" \\cdot {c}" if level == 2 else "")
    question = ask(
        rng,
        f"What is the value of ${written}$?",
        f"Compute ${written}$.",
        f"Evaluate ${written}$.",
    )
    true_u, true_v = ((-a) ** m if level == 2 else a**m), b**n * (c if level == 2 else 1)
    work = Work(student)
    product = work.holds("power-as-product")
    signed = -a if level == 2 and not work.holds("drops-negative") else a
    shown = f"({signed})" if signed < 0 else str(signed)
    u = signed * m if product else signed**m
    v = b * n if product else b**n
    sign = " * " if product else "**"
    work.run(
        ("Find the first power.", "Start with the first power."),
        f"u = {shown}{sign}{m}\nprint(u)",
        u,
        fits=(f"u == {' * '.join([base] * m)}", u == (-a if level == 2 else a) ** m),
    )
    work.run(
        ("Find the second power.", "Now the second power."),
        f"v = {b}{sign}{n}\nprint(v)",
        v,
        fits=(f"v == {' * '.join([str(b)] * n)}", v == b**n),
    )
    op = "-" if minus else "+"
    part = "u - n" if minus else "n - u"
    if level == 2 and work.holds("left-to-right"):
        w = u - v if minus else u + v
        found = w * c
        work.run(
            ("Put them together.", "Finish the rest."),
            f"n = (u {op} v) * {c}\nprint(n)",
            found,
            fits=(f"({part}) / {c} == v", (u - found if minus else found - u) == v * c),
        )
    else:
        last = f"v * {c}" if level == 2 else "v"
        w = v * c if level == 2 else v
        found = u - w if minus else u + w
        work.run(
            ("Put them together.", "Finish the rest."),
            f"n = u {op} {last}\nprint(n)",
            found,
            fits=(f"({part}) / {c} == v" if level == 2 else f"{part} == v", True),
        )
    work.answer(("This is the value.", "So the value is this."), found, instead=u)
    return work.draft(question, true_u - true_v if minus else true_u + true_v)
