"""Equations in powers, logarithms, complex numbers and determinants, and two functions set equal."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import less, listed, more, plus, terms, wrapped
from amz_env.problems.math.work import ask, nonzero
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student

LARGEST_EXPONENT = {2: 8, 3: 6, 5: 4, 7: 3, 10: 5}
"""base -> the largest exponent of a power that is written out"""


def powers(rng: random.Random, level: int, student: Student) -> Draft:
    """An unknown exponent: linear, with two bases, quadratic; a quadratic in a logarithm at level 5."""
    if level == 5:
        return _squared_logarithm(rng, student)
    if level == 4:
        return _quadratic_exponent(rng, student)
    b = rng.choice(sorted(LARGEST_EXPONENT))
    if level == 2:
        k, m = rng.randint(2, LARGEST_EXPONENT[b]), nonzero(rng, -9, 9)
        x = k - m
        left, right = f"{b}^{{x{plus(m)}}}", str(b**k)
        lhs = f"{b}**(x{plus(m)}) == {b**k}"
    else:
        a, x, m = rng.randint(2, 5), nonzero(rng, -6, 9), nonzero(rng, -9, 9)
        k = a * x + m - x
        left, right = f"{b}^{{{terms((a, m))}}}", f"{b}^{{x{plus(k)}}}" if k else f"{b}^x"
        lhs = f"{a} * x{plus(m)} == x{plus(k)}"
    question = ask(
        rng,
        f"Solve ${left} = {right}$ for $x$.",
        f"What is the value of $x$ if ${left} = {right}$?",
        f"Find the number $x$ with ${left} = {right}$.",
    )
    sheet = Sheet(question, student)
    if level == 2:
        sheet.run(
            (f"Write {b**k} as a power of {b}.", "Find the exponent on the right side."),
            f"e = [i for i in range(1, 20) if {b}**i == {b**k}][0]\nprint(e)",
        )
        sign = plus(m) if sheet.holds("keeps-sign") else less(m)
        sheet.run(("The exponents are equal; find x.", "Move the number to the right side."), f"x = e{sign}\nprint(x)")
        sheet.run(("Put x into both sides.", "Check the power."), f"print({lhs})")
        sheet.answer(("So this is x.", "The solution is x."), sheet["x"], sheet["e"])
        return sheet.draft(x)
    sheet.run(
        ("The exponents must be equal; collect the x terms.", "Collect x on the left side."), f"k = {a} - 1\nprint(k)"
    )
    sign = plus(m) if sheet.holds("keeps-sign") else less(m)
    sheet.run(("Collect the numbers on the right side.",), f"n = {k}{sign}\nprint(n)")
    sheet.run(("Divide to find x and look at the remainder.",), "x = n // k\nprint(x, n % k)")
    sheet.run(("Put x into both exponents.", "Compare the exponents."), f"print({lhs})")
    sheet.answer(("So this is x.", "The solution is x."), sheet["x"], sheet["n"])
    return sheet.draft(x)


def _quadratic_exponent(rng: random.Random, student: Student) -> Draft:
    b, e = rng.choice((2, 2, 3, 5)), rng.randint(1, 6)
    r = rng.randint(-9, 8)
    s = r + rng.randint(1, 9)
    p, q = -(r + s), r * s + e
    power = str(b**e) if e == 1 or rng.random() < 0.6 else f"{b}^{{{e}}}"
    left = f"{b}^{{{terms((1, p, q))}}}"
    question = ask(
        rng,
        f"Find all solutions of ${left} = {power}$.",
        f"Which numbers $x$ satisfy ${left} = {power}$?",
        f"Solve ${left} = {power}$. Give all values of $x$, separated by commas.",
    )
    sheet = Sheet(question, student)
    sheet.run(
        (f"Write the right side as a power of {b}.", "Find the exponent on the right side."),
        f"e = [i for i in range(1, 20) if {b}**i == {b**e}][0]\nprint(e)",
    )
    middle = terms((1, p, q), "i", code=True)
    sheet.run(
        ("The exponents must be equal; look for x.", "Try the whole numbers in the exponent."),
        f"c = [i for i in range(-30, 31) if {middle} == e]\nprint(c)",
    )
    stop = "[:1]" if sheet.holds("one-root") else ""
    sheet.run(
        ("Put the numbers back in.", "Check the exponents."),
        f"c = c{stop}\nprint(c, [{middle} for i in c])",
    )
    sheet.answer(("So we have the solutions.", "These are the solutions."), listed(sheet["c"] or []))
    return sheet.draft(listed((r, s)))


def _squared_logarithm(rng: random.Random, student: Student) -> Draft:
    b = rng.choice((2, 3, 4, 5, 6, 10))
    r = rng.randint(0, 5)
    s = r + rng.randint(1, 4)
    logarithm = f"\\log_{{{b}}} x"
    linear = logarithm if r + s == 1 else f"{r + s} {logarithm}"
    moved = rng.random() < 0.5
    equation = (
        f"({logarithm})^2 = {linear}{plus(-r * s) if r else ''}"
        if moved
        else f"({logarithm})^2 - {linear}{plus(r * s) if r else ''} = 0"
    )
    question = ask(
        rng,
        f"Find all solutions of ${equation}$.",
        f"Which numbers $x$ satisfy ${equation}$?",
        f"Solve ${equation}$. Give all values of $x$, separated by commas.",
    )
    sheet = Sheet(question, student)
    sign = r + s if moved and sheet.holds("keeps-sign") else -(r + s)
    sheet.run(
        ("Let t be the logarithm and look for t.", "First find the logarithm t."),
        f"c = [t for t in range(-20, 21) if {terms((1, sign, r * s), 't', code=True)} == 0]\nprint(c)",
    )
    stop = "[:1]" if sheet.holds("one-root") else ""
    value = f"{b} * t" if sheet.holds("power-as-product") else f"{b}**t"
    sheet.run(("Write each one as a power of the base.", "Now find x."), f"x = [{value} for t in c{stop}]\nprint(x)")
    sheet.answer(("So we have the solutions.", "These are the solutions."), listed(sheet["x"] or []))
    return sheet.draft(listed((b**r, b**s)))


def equal_functions(rng: random.Random, level: int, student: Student) -> Draft:
    """Where a quadratic function equals a linear one, or is 0 at a moved place."""
    r = rng.randint(-9, 7)
    s = r + rng.randint(1, 9)
    if level == 3:
        a, b = nonzero(rng, -6, 6), nonzero(rng, -12, 12)
        polynomial = (1, a - r - s, r * s + b)
        f, g = f"$f(x) = {terms(polynomial)}$", f"$g(x) = {terms((a, b))}$"
        question = ask(
            rng,
            f"Let {f} and {g}. Find all numbers $x$ with $f(x) = g(x)$.",
            f"The functions $f$ and $g$ are given by {f} and {g}. For which numbers $x$ is $f(x) = g(x)$?",
            f"For which $x$ do the functions {f} and {g} have the same value? Find all of them.",
        )
        sheet = Sheet(question, student)
        sign = "+" if sheet.holds("keeps-sign") else "-"
        sheet.run(
            ("Move everything to the left side.", "Subtract g from f."),
            f"p, q = {polynomial[1]} {sign} {wrapped(a)}, {polynomial[2]} {sign} {wrapped(b)}\nprint(p, q)",
        )
        wanted = (r, s)
        code = "i**2 + p * i + q"
        check = f"{terms(polynomial, 'i', code=True)} == {terms((a, b), 'i', code=True)}"
    else:
        k = nonzero(rng, -6, 6)
        p, q = -(r + s), r * s
        f, g = f"$f(x) = {terms((1, p, q))}$", f"$g(x) = x{plus(-k)}$"
        question = ask(
            rng,
            f"Let {f} and {g}. Find all numbers $x$ with $f(g(x)) = 0$.",
            f"The functions $f$ and $g$ are given by {f} and {g}. For which numbers $x$ is $f(g(x)) = 0$?",
            f"If {f}, find all solutions of $f(x{plus(-k)}) = 0$.",
        )
        sheet = Sheet(question, student)
        sheet.run(
            ("First look for the roots of f.", "Where is f zero?"),
            f"c = [i for i in range(-40, 41) if {terms((1, p, q), 'i', code=True)} == 0]\nprint(c)",
        )
        wanted = (r + k, s + k)
        shift = -k if sheet.holds("root-sign") else k
        sheet.run(
            ("The value of g must be one of them; find x.", "Move each root."),
            f"x = [i{plus(shift)} for i in c]\nprint(x)",
        )
        stop = "[:1]" if sheet.holds("one-root") else ""
        inner = f"(i{plus(-k)})"
        sheet.run(
            ("Put the numbers back in.", "Check the value at each."),
            f"x = x{stop}\nprint(x, [{inner}**2{plus(p) if p else ' + 0'} * {inner}{plus(q) if q else ''} for i in x])",
        )
        sheet.answer(("So we have the solutions.", "These are the numbers."), listed(sheet["x"] or []))
        return sheet.draft(listed(wanted))
    stop = "[:1]" if sheet.holds("one-root") else ""
    sheet.run(
        ("Look for the roots.", "Try the whole numbers."), f"c = [i for i in range(-40, 41) if {code} == 0]\nprint(c)"
    )
    sheet.run(
        ("Put the numbers into both functions.", "Compare f and g there."),
        f"c = c{stop}\nprint(c, [{check} for i in c])",
    )
    sheet.answer(("So we have the solutions.", "These are the numbers."), listed(sheet["c"] or []))
    return sheet.draft(listed(wanted))


def complex_numbers(rng: random.Random, level: int, student: Student) -> Draft:
    """The square of the size of a product; a complex number from its product with another."""
    a, b, c, d = (nonzero(rng, -6, 6) for _ in range(4))
    p, q = a * c - b * d, a * d + b * c
    if level == 3:
        question = ask(
            rng,
            f"Let $z = ({_complex(a, b)})({_complex(c, d)})$, where $i^2 = -1$. If $z = x + yi$, what is $x + y$?",
            f"Write $({_complex(a, b)})({_complex(c, d)})$ in the form $x + yi$, where $i^2 = -1$. What is the sum "
            "$x + y$?",
            f"Here $i^2 = -1$. The product $({_complex(a, b)})({_complex(c, d)})$ is $x + yi$. Find $x + y$.",
        )
        sheet = Sheet(question, student)
        sign = "+" if sheet.holds("drops-negative") else "-"
        sheet.run(
            ("Find the part without i; the square of i is -1.",),
            f"x = {wrapped(a)} * {wrapped(c)} {sign} {wrapped(b)} * {wrapped(d)}\nprint(x)",
        )
        cross = "" if sheet.holds("square-termwise") else f" + {wrapped(b)} * {wrapped(c)}"
        sheet.run(("Find the part with i.",), f"y = {wrapped(a)} * {wrapped(d)}{cross}\nprint(y)")
        sheet.run(("Add both parts.", "Find the sum."), "s = x + y\nprint(s)")
        sheet.answer(("So the sum is this.", "This is the sum."), sheet["s"], sheet["x"])
        return sheet.draft(p + q)
    question = ask(
        rng,
        f"Find the number $z = x + yi$ with $({_complex(a, b)}) z = {_complex(p, q)}$, where $i^2 = -1$.",
        f"Here $i^2 = -1$. What is $z$ if $({_complex(a, b)}) z = {_complex(p, q)}$?",
        f"Write $\\frac{{{_complex(p, q)}}}{{{_complex(a, b)}}}$ in the form $a + bi$, where $i^2 = -1$.",
    )
    sheet = Sheet(question, student)
    sheet.run(
        ("Find the square of the size of the divisor.", "Add the squares of its parts."),
        f"n = {wrapped(a)}**2 + {wrapped(b)}**2\nprint(n)",
    )
    minus = sheet.holds("drops-negative")
    one, two = ("-", "+") if minus else ("+", "-")
    sheet.run(
        ("Multiply by the same number with the other sign of i.", "Find both parts times n."),
        f"u = {wrapped(p)} * {wrapped(a)} {one} {wrapped(q)} * {wrapped(b)}\n"
        f"v = {wrapped(q)} * {wrapped(a)} {two} {wrapped(p)} * {wrapped(b)}\nprint(u, v)",
    )
    sheet.run(("Divide both parts.",), "x, y = u // n, v // n\nprint(x, y, u % n, v % n)")
    sheet.run(
        ("Multiply to check.", "Check with the product."),
        f"print({wrapped(a)} * x{less(b)} * y == {p}, {wrapped(a)} * y{more(b)} * x == {q})",
    )
    sheet.answer(("This is the number.", "So the number is this."), _complex(sheet["x"], sheet["y"]))
    return sheet.draft(_complex(c, d))


def determinants(rng: random.Random, level: int, student: Student) -> Draft:
    """All x for which a determinant of linear terms has a given value."""
    r = rng.randint(-8, 6)
    s = r + rng.randint(1, 9)
    total, product = r + s, r * s
    while True:
        a, b = rng.randint(-6, 6), nonzero(rng, -5, 5)
        d = -total - a
        rest = a * d - product
        if rest % b == 0 and rest:
            c = rest // b
            break
    det = rng.choice((0, nonzero(rng, -9, 9)))
    if det:
        # the value on the right side goes into the corner: x^2 - (r + s)x + rs + det
        c = 1
        b = a * d - product - det
        if b == 0:
            det, b, c = 0, rest, 1
    matrix = rf"\begin{{pmatrix}} {_shifted(a)} & {b} \\ {c} & {_shifted(d)} \end{{pmatrix}}"
    question = ask(
        rng,
        f"Find all numbers $x$ for which the determinant of ${matrix}$ is {det}.",
        f"For which numbers $x$ is $\\det {matrix} = {det}$?",
        f"The determinant of ${matrix}$ is {det}. Find all possible values of $x$.",
    )
    sheet = Sheet(question, student)
    sheet.run(
        ("Find the product without x.", "Multiply along the other diagonal."),
        f"q = {wrapped(b)} * {wrapped(c)}\nprint(q)",
    )
    sign = "+" if sheet.holds("keeps-sign") else "-"
    first, second = f"(i{plus(a)})" if a else "i", f"(i{plus(d)})" if d else "i"
    sheet.run(
        ("Look for x with the right difference.", "Try the whole numbers."),
        f"c = [i for i in range(-40, 41) if {first} * {second} {sign} q == {det}]\nprint(c)",
    )
    stop = "[:1]" if sheet.holds("one-root") else ""
    sheet.run(
        ("Put the numbers back in.", "Check the determinant."),
        f"c = c{stop}\nprint(c, [{first} * {second} - {wrapped(b)} * {wrapped(c)} for i in c])",
    )
    sheet.answer(("So we have the solutions.", "These are the numbers."), listed(sheet["c"] or []))
    return sheet.draft(listed((r, s)))


def _shifted(a: int) -> str:
    return f"x{plus(a)}" if a else "x"


def _complex(x: int, y: int) -> str:
    """Return ``3 - 2i``, ``-i``, ``4``."""
    if y == 0:
        return str(x)
    size = "" if abs(y) == 1 else str(abs(y))
    if x == 0:
        return f"{'-' if y < 0 else ''}{size}i"
    return f"{x} {'-' if y < 0 else '+'} {size}i"
