"""Intermediate algebra: quadratics with radicals, Vieta, polynomials, logarithms, absolute values, series, complex numbers."""

import random
from fractions import Fraction

from amz_env.problems.base import Draft, FamilyTable
from amz_env.problems.math.forms import half_root_tex, plus, root_printed, terms, tex
from amz_env.problems.math.work import Work, ask, nonzero
from amz_env.problems.students import Student


def vertex(rng: random.Random, level: int, student: Student) -> Draft:
    """The vertex of a parabola, or its least value."""
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
            f"The parabola {curve} has its vertex at which point?",
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
    below = f"(2 * {_p(a)})" if half else _p(a)
    work.run(
        ("The vertex lies at x = -b / (2a).", "Find x of the vertex from the numbers before x."),
        f"h = {top} // {below}\nprint(h)",
        u,
    )
    v = a * u * u + b * u + c
    first = f"{a} * h**2" if a != 1 else "h**2"
    work.run(
        ("Put this x into the formula.", "Find y at this x."),
        f"k = {first}{_term(b, 'h')}{plus(c)}\nprint(k)" if c else f"k = {first}{_term(b, 'h')}\nprint(k)",
        v,
    )
    left, right = a * (u - 1) ** 2 + b * (u - 1) + c, a * (u + 1) ** 2 + b * (u + 1) + c
    work.run(
        ("The values to both sides of the vertex must be equal.", "Compare the values next to it."),
        f"f = lambda x: {first.replace('h', 'x')}{_term(b, 'x')}{plus(c) if c else ''}\nprint(f(h - 1), f(h + 1))",
        (left, right),
    )
    if level < 4:
        work.answer(("This is the vertex.", "So the vertex is this."), f"({u}, {v})")
    else:
        work.answer(("This is the value.", f"So the {extreme} value is this."), v, instead=u)
    return work.draft(question, answer)


def _p(number: int) -> str:
    return f"({number})" if number < 0 else str(number)


def _term(number: int, name: str) -> str:
    """Return a product as a further term of code: `` - 6 * h``."""
    return f" - {-number} * {name}" if number < 0 else f" + {number} * {name}"


def radical_roots(rng: random.Random, level: int, student: Student) -> Draft:
    """A quadratic whose roots are centre -+ a radical; at level 4 terms on both sides."""
    m = nonzero(rng, -9, 9)
    n = rng.choice((2, 3, 5, 6, 7, 8, 10, 11, 12, 13, 18, 20))
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
        ("The middle of the roots is half of -b.", "Find the middle of the two roots."), f"m = {shown} // 2\nprint(m)", mid
    )
    keeps = work.holds("drops-negative")
    d = m * m + c if keeps else m * m - c
    if keeps:
        code = f"d = m**2{plus(c)}" if c else "d = m**2"
    else:
        code = f"d = m**2{plus(-c)}" if c else "d = m**2"
    work.run(
        ("Find the square of the distance from the middle.", "Take c away from the square of m."), f"{code}\nprint(d)", d
    )
    work.run(("Take the root.", "Now the root."), "r = sqrt(d)\nprint(r)", root_printed(d), sympy=True)
    ok = mid == m and d == n
    constant = plus(c) if c else ""
    work.run(
        ("Put the larger root back in.", "Check one root."),
        f"x = m + r\nprint(expand(x**2{_term(b, 'x')}{constant}))",
        "0" if ok else _leftover(mid, d, b, c),
    )
    pair = half_root_tex(mid, d)
    found = pair.split(", ")[1] if work.holds("one-root") else pair
    work.answer(("These are the solutions.", "So we have the solutions."), found)
    return work.draft(question, half_root_tex(m, n))


def _leftover(mid: int, d: int, b: int, c: int) -> str:
    """Return (mid + sqrt(d))^2 + b (mid + sqrt(d)) + c as sympy prints it."""
    whole, factor = mid * mid + d + b * mid + c, 2 * mid + b
    root = root_printed(d, factor)
    if "I" not in root and "sqrt" not in root:
        return str(whole + int(root))
    if factor == 0:
        return str(whole)
    if not whole:
        return root
    # sympy writes the whole number first when the radical is negative, and for imaginary parts
    if root.startswith("-"):
        return f"{whole} - {root[1:]}"
    if "I" in root:
        return f"{whole} + {root}"
    return f"{root} - {-whole}" if whole < 0 else f"{whole} + {root}"


def vieta(rng: random.Random, level: int, student: Student) -> Draft:
    """Symmetric values of the roots of a quadratic: squares, reciprocals, square of the difference."""
    a = 1 if level == 3 else rng.choice((1, 2))
    while True:
        b, c = a * nonzero(rng, -9, 9), a * nonzero(rng, -9, 9)
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
        )
        work.answer(("This is the value.", "So the value is this."), tex(found), instead=total)
        return work.draft(question, tex(answer))
    k = 2 if kind == 0 else 4
    square = 2 * total if work.holds("power-as-product") else total * total
    text = "s * 2" if work.holds("power-as-product") else "s**2"
    work.run(("Square the sum.", "Find the square of the sum."), f"q = {text}\nprint(q)", square)
    termwise = work.holds("square-termwise")
    value = square if termwise else square - k * p
    work.run(
        ("Take away the mixed products.", "Remove the products that are too much."),
        "v = q\nprint(v)" if termwise else f"v = q - {k} * p\nprint(v)",
        value,
    )
    work.answer(("This is the value.", "So the value is this."), value, instead=square)
    return work.draft(question, tex(answer))


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
        (f"The factor {factor} is 0 at this x.", f"Find where {factor} is 0."), f"x = {x}\nprint({factor.replace('x', 'x')})",
        x - r,
    )
    if level == 3:
        product = work.holds("power-as-product")
        cube, square = (3 * x, 2 * x) if product else (x**3, x * x)
        u = a * cube + b * square
        three, two = ("x * 3", "x * 2") if product else ("x**3", "x**2")
        work.run(
            ("Find the terms with powers.", "First the cube and the square."),
            f"u = {a} * {three}{_term(b, two)}\nprint(u)",
            u,
        )
        found = u + c * x + d
        work.run(
            ("Add the other terms.", "Now add the rest."), f"v = u{_term(c, 'x')}{plus(d)}\nprint(v)", found
        )
        work.answer(("This is the remainder.", "So the remainder is this."), found, instead=u)
        return work.draft(question, answer)
    u = a * x**3 + b * x * x + d
    work.run(
        ("Find the value of all terms without k.", "Put x in, without k."),
        f"u = {a} * x**3{_term(b, 'x**2')}{plus(d) if d else ''}\nprint(u)",
        u,
    )
    keeps = work.holds("keeps-sign")
    found = (u if keeps else -u) // x
    code = "k = u // x\nprint(k, u % x)" if keeps else "k = -u // x\nprint(k, u % x)"
    work.run(("Solve for k.", "Now k times x must cancel it."), code, (found, u % x))
    true_value = a * r**3 + b * r * r + found * r + d
    work.run(
        ("Check that the value is 0.", f"Check at the zero of {factor}."),
        f"x = {r}\nprint({a} * x**3{_term(b, 'x**2')} + k * x{plus(d) if d else ''})",
        true_value,
    )
    work.answer(("This is k.", "So k is this."), found, instead=u)
    return work.draft(question, answer)


def from_roots(rng: random.Random, level: int, student: Student) -> Draft:
    """The monic polynomial with given roots."""
    roots = sorted(rng.sample([r for r in range(-6, 7) if r], 2 if level == 2 else 3))
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


def logarithm(rng: random.Random, level: int, student: Student) -> Draft:
    """Logarithm equations: one logarithm, a shifted argument, a sum of two."""
    base = rng.choice((2, 3, 4, 5))
    n = rng.randint(2, {2: 6, 3: 5, 4: 3, 5: 3}[base])
    d = nonzero(rng, -9, 9)
    if level == 2:
        left, answer = "x", base**n
    elif level == 3:
        left, answer = f"x{plus(d)}", base**n - d
    else:
        # x (x + d) = base^n with a whole positive x
        pairs = [(x, base**n // x - x) for x in range(1, base**n) if base**n % x == 0 and base**n // x > x]
        x, d = rng.choice(pairs)
        left, answer = "", x
    equation = (
        f"$\\log_{base} x + \\log_{base} (x + {d}) = {n}$"
        if level == 4
        else f"$\\log_{base} {left if level == 2 else f'({left})'} = {n}$"
    )
    question = ask(
        rng,
        f"Solve {equation} for $x$.",
        f"What is $x$ if {equation}?",
        f"Find the number $x$ with {equation}.",
    )
    work = Work(student)
    product = work.holds("power-as-product")
    value = base * n if product else base**n
    work.run(
        ("Write it as a power of the base.", f"The logarithm says a power of {base}."),
        f"p = {base}{' * ' if product else '**'}{n}\nprint(p)",
        value,
    )
    if level == 2:
        work.answer(("This is x.", "So x is this."), value)
        return work.draft(question, answer)
    if level == 3:
        keeps = work.holds("keeps-sign")
        found = value + d if keeps else value - d
        work.run(
            ("Move the number to the other side.", "Now solve for x."),
            f"x = p{plus(d) if keeps else plus(-d)}\nprint(x)",
            found,
        )
        work.run(
            ("Check the power.", "Put x back in."), f"print({base}**{n} == x{plus(d)})", base**n == found + d
        )
        work.answer(("This is x.", "So x is this."), found, instead=value)
        return work.draft(question, answer)
    adds = work.holds("multiplies-exponents")
    goal = [i for i in range(1, 200) if (i + i + d if adds else i * (i + d)) == value]
    work.run(
        ("The sum of logarithms is one of a product; find x.", "Multiply the arguments and look for x."),
        f"c = [i for i in range(1, 200) if i {'+' if adds else '*'} (i + {d}) == p]\nprint(c)",
        str(goal),
    )
    found = goal[0] if goal else 1
    work.run(
        ("Take it and check the product.", "Check with the product."),
        f"x = {found}\nprint(x * (x + {d}) == {base}**{n})",
        found * (found + d) == base**n,
    )
    work.answer(("This is x.", "So x is this."), found, instead=value)
    return work.draft(question, answer)


def absolute_value(rng: random.Random, level: int, student: Student) -> Draft:
    """Equations and inequalities with an absolute value."""
    m, r, a = rng.randint(-9, 9), rng.randint(2, 15), 1
    if level == 3:
        a, m, r = rng.choice((2, 3)), rng.randint(-5, 5), rng.randint(2, 9)
    b, c = -a * m, a * r
    inside = terms((a, b))
    work = Work(student)
    if level < 4:
        question = ask(
            rng,
            f"Find all solutions of $|{inside}| = {c}$.",
            f"Solve $|{inside}| = {c}$. Give all values of $x$, separated by commas.",
            f"Which numbers $x$ satisfy $|{inside}| = {c}$?",
        )
        answer = f"{m - r}, {m + r}"
    else:
        sign = rng.choice(("<", r"\le"))
        question = ask(
            rng,
            f"Solve $|{inside}| {sign} {c}$. Give the answer as an interval.",
            f"For which numbers $x$ is $|{inside}| {sign} {c}$? Write an interval.",
            f"Find the interval of all $x$ with $|{inside}| {sign} {c}$.",
        )
        open_, close = ("(", ")") if sign == "<" else ("[", "]")
        answer = f"{open_}{m - r}, {m + r}{close}"
    keeps = work.holds("keeps-sign")
    moved = b if keeps else -b
    by = f" // {a}" if a > 1 else ""

    def case(text: tuple[str, ...], name: str, right: int) -> int:
        n = right + moved
        code = f"{right}{plus(moved)}" if moved else str(right)
        work.run(
            text,
            f"{name} = ({code}){by}\nprint({name})" if a > 1 else f"{name} = {code}\nprint({name})",
            n // a,
        )
        return n // a

    u = case(("First the case with a plus.", f"The inside can be {c}."), "u", c)
    if work.holds("one-root") and level < 4:
        v = u
    else:
        v = case(("Now the case with a minus.", f"The inside can be -{c}."), "v", -c)
    both = v != u or not work.holds("one-root")
    code = ("{}" if a == 1 else f"{a} * {{}}") + (plus(b) if b else "")
    check = [f"abs({code.format(name)}) == {c}" for name in "uv"]
    oks = [abs(a * value + b) == c for value in (u, v)]
    if both:
        work.run(("Check both.", "Put both numbers in."), f"print({check[0]}, {check[1]})", tuple(oks))
    else:
        work.run(("Check it.", "Put the number in."), f"print({check[0]})", oks[0])
    if level < 4:
        work.answer(("These are the solutions.", "So we have the solutions."), f"{v}, {u}" if both else u)
    else:
        work.answer(("This is the interval.", "So x lies in this interval."), f"{open_}{v}, {u}{close}")
    return work.draft(question, answer)


def geometric_series(rng: random.Random, level: int, student: Student) -> Draft:
    """Terms and sums of geometric sequences; infinite sums at level 4."""
    a, q, n = rng.randint(2, 9), rng.choice((2, 3)), rng.randint(4, 7)
    if level == 4:
        ratio = rng.choice(
            tuple(Fraction(t, b) for t, b in ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (2, 5), (-1, 2), (-1, 3)))
        )
        first = rng.randint(2, 20)
        second = first * ratio
        question = ask(
            rng,
            f"What is the sum of the infinite geometric series with first term {first} and ratio ${tex(ratio)}$?",
            f"An infinite geometric series starts with {first} and has common ratio ${tex(ratio)}$. Find its sum.",
            f"Find the sum of the infinite geometric series ${first} {'+' if second > 0 else '-'} {tex(abs(second))} + ...$",
        )
        answer = first / (1 - ratio)
        work = Work(student)
        shown = f"Rational({ratio.numerator}, {ratio.denominator})"
        wrong = work.holds("keeps-sign")
        below = 1 + ratio if wrong else 1 - ratio
        work.run(
            ("Find the ratio.", "Write down the ratio."), f"q = {shown}\nprint(q)", ratio, sympy=True
        )
        work.run(
            ("Take the ratio from 1.", "Find 1 minus the ratio."), f"d = 1 {'+' if wrong else '-'} q\nprint(d)", below
        )
        size = work.copy(first)
        flips = work.holds("run-over-rise")
        found = below / size if flips else size / below
        work.run(
            ("Divide the first term by it.", "Now divide."), f"s = {f'd / {size}' if flips else f'{size} / d'}\nprint(s)", found
        )
        work.run(
            ("The first term and q times the sum must give the sum.", "Check the sum with its first term."),
            f"print({first} + q * s == s)",
            first + ratio * found == found,
        )
        work.answer(("This is the sum.", "So the sum is this."), tex(found), instead=tex(below))
        return work.draft(question, tex(answer))
    start = ", ".join(f"${a * q**i}$" for i in range(3))
    if level == 2:
        question = ask(
            rng,
            f"What is term number {n} of the geometric sequence {start}, ...?",
            f"A geometric sequence begins {start}. Find the term with number {n}.",
            f"The first three terms of a geometric sequence are {start}. What is term number {n}?",
        )
        answer = Fraction(a * q ** (n - 1))
    else:
        question = ask(
            rng,
            f"What is the sum of the first {n} terms of the geometric sequence {start}, ...?",
            f"A geometric sequence begins {start}. Find the sum of its first {n} terms.",
            f"The first three terms of a geometric sequence are {start}. Add up the first {n} terms.",
        )
        answer = Fraction(a * (q**n - 1) // (q - 1))
    work = Work(student)
    work.run(("Find the common ratio.", "Find the factor from term to term."), f"q = {a * q} // {a}\nprint(q)", q)
    late, product = work.holds("off-by-one"), work.holds("power-as-product")
    exponent = n if late else n - 1
    power = q * exponent if product else q**exponent
    code = f"{n}" if late else f"({n} - 1)"
    work.run(
        (f"Find term number {n}.", f"Go from the first term to term number {n}."),
        f"t = {a} * q{' * ' if product else '**'}{code}\nprint(t)",
        a * power,
    )
    if level == 2:
        work.answer(("This is the term.", "So the term is this."), a * power, instead=q)
        return work.draft(question, tex(answer))
    total = (a * power * q - a) // (q - 1)
    work.run(
        ("The sum is q times the last minus the first, over q minus 1.", "Use the formula for the sum."),
        f"s = (t * q - {a}) // (q - 1)\nprint(s)",
        total,
    )
    work.run(
        ("Add the terms to check.", "Check by adding."),
        f"print(s == sum({a} * q**i for i in range({n})))",
        total == sum(a * q**i for i in range(n)),
    )
    work.answer(("This is the sum.", "So the sum is this."), total, instead=a * power)
    return work.draft(question, tex(answer))


def radical_equation(rng: random.Random, level: int, student: Student) -> Draft:
    """A root equal to a linear term: one of the two candidates is false."""
    x = rng.randint(2, 12)
    c = rng.randint(0, x - 1) if level == 5 else 0
    # sqrt(a x + b) = x - c: the squared equation has the roots x and y with y < c
    y = rng.choice([y for y in range(-9, c) if y + x - 2 * c])
    a, b = x + y - 2 * c, c * c - x * y
    inside = terms((a, b))
    equation = f"$\\sqrt{{{inside}}} = {terms((1, -c))}$"
    question = ask(
        rng,
        f"Solve {equation} for $x$.",
        f"Find all numbers $x$ with {equation}.",
        f"What are the solutions of {equation}?",
    )
    work = Work(student)
    b_code = plus(b) if b else ""
    shift = 0 if work.holds("square-termwise") or not c else -2 * c
    # x^2 + shift x + c^2 = a x + b
    p, q = shift - a, c * c - b
    candidates = [i for i in range(-20, 31) if i * i + p * i + q == 0]
    right = f"i**2{_term(shift, 'i') if shift else ''}{f' + {c * c}' if c else ''}"
    work.run(
        ("Square both sides and look for x.", "Square both sides; find the numbers that fit."),
        f"c = [i for i in range(-20, 31) if {right} == {a} * i{b_code}]\nprint(c)",
        str(candidates),
    )
    checks = [i - c >= 0 for i in candidates]
    work.run(
        ("The root is not negative; check the right side.", "The right side must not be negative."),
        f"print([i - {c} >= 0 for i in c])" if c else "print([i >= 0 for i in c])",
        str(checks),
    )
    good = [i for i, ok in zip(candidates, checks, strict=True) if ok]
    if work.holds("drops-negative"):
        good = candidates
    text = ("This is the solution.", "So we have this.") if len(good) < 2 else ("These are the solutions.", "So we have these.")
    work.answer(text, ", ".join(map(str, good)) or "0")
    return work.draft(question, x)


def complex_numbers(rng: random.Random, level: int, student: Student) -> Draft:
    """Products and squares of complex numbers, powers of i."""
    a, b, c, d = (nonzero(rng, -7, 7) for _ in range(4))
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
        f"p = {a} * {_p(c)} {'+' if plus_sign else '-'} {_p(b)} * {_p(d)}\nprint(p)",
        real,
    )
    if level == 4 and work.holds("square-termwise"):
        imaginary = 0
        work.run(("Find the part with i.", "Now the part with i."), "q = 0\nprint(q)", 0)
    else:
        one_sided = work.holds("distributes-first")
        imaginary = a * d if one_sided else a * d + b * c
        code = f"q = {a} * {_p(d)}" if one_sided else f"q = {a} * {_p(d)} + {_p(b)} * {_p(c)}"
        work.run(("Find the part with i.", "Now the part with i."), f"{code}\nprint(q)", imaginary)
    size = (a * a + b * b) * (c * c + d * d)
    work.run(
        ("The squared sizes must multiply.", "Check with the squared sizes."),
        f"print(p**2 + q**2 == ({_p(a)}**2 + {_p(b)}**2) * ({_p(c)}**2 + {_p(d)}**2))",
        real * real + imaginary * imaginary == size,
    )
    work.answer(("This is the number.", "So the result is this."), _complex(real, imaginary))
    return work.draft(question, _complex(a * c - b * d, a * d + b * c))


def _complex(real: int, imaginary: int) -> str:
    if not imaginary:
        return str(real)
    part = "i" if abs(imaginary) == 1 else f"{abs(imaginary)}i"
    if not real:
        return f"-{part}" if imaginary < 0 else part
    return f"{real} {'-' if imaginary < 0 else '+'} {part}"


def quadratic_inequality(rng: random.Random, level: int, student: Student) -> Draft:
    """A quadratic inequality: an interval or two rays."""
    low = rng.randint(-8, 6)
    high = rng.randint(low + 1, 10)
    b, c = -(low + high), low * high
    inside = level == 4 or rng.random() < 0.4
    closed = rng.random() < 0.5
    sign = {(True, True): r"\le", (True, False): "<", (False, True): r"\ge", (False, False): ">"}[(inside, closed)]
    statement = f"${terms((1, b, c))} {sign} 0$" if level == 4 or (not b and not c) else f"$x^2 {sign} {terms((-b, -c))}$"
    question = ask(
        rng,
        f"Solve {statement}. Give the answer in interval notation.",
        f"For which numbers $x$ is {statement}? Use interval notation.",
        f"Find all $x$ with {statement}, in interval notation.",
    )
    work = Work(student)
    b_used = -b if level == 5 and work.holds("keeps-sign") else b
    roots = sorted((low, high)) if b_used == b else sorted((-low, -high))
    poly = f"i**2{_term(b_used, 'i') if b_used else ''}{plus(c) if c else ''}"
    found = [i for i in range(-20, 21) if i * i + b_used * i + c == 0]
    work.run(
        ("Find the roots of the two sides.", "Look for the numbers where both sides are equal."),
        f"r = [i for i in range(-20, 21) if {poly} == 0]\nprint(r)",
        str(found),
    )
    u, v = (found[0], found[-1]) if found else (roots[0], roots[1])
    between = Fraction(u + v, 2)
    value = between * between + b * between + c
    relation = {"\\le": "<=", "<": "<", "\\ge": ">=", ">": ">"}[sign]
    good = value <= 0 if relation == "<=" else value < 0 if relation == "<" else value >= 0 if relation == ">=" else value > 0
    true_poly = f"t**2{_term(b, 't') if b else ''}{plus(c) if c else ''}"
    work.run(
        ("Test a number between the roots.", "Try the middle of the roots."),
        f"t = (r[0] + r[-1]) / 2\nprint({true_poly} {relation} 0)",
        good,
    )
    flip = work.holds("keeps-direction")
    open_, close = ("[", "]") if closed else ("(", ")")
    if good != flip:
        text = f"{open_}{u}, {v}{close}"
    else:
        text = f"(-\\infty, {u}{close} \\cup {open_}{v}, \\infty)"
    work.answer(("These are the numbers.", "So x lies here."), text)
    if inside:
        answer = f"{open_}{low}, {high}{close}"
    else:
        answer = f"(-\\infty, {low}{close} \\cup {open_}{high}, \\infty)"
    return work.draft(question, answer)


FAMILIES: FamilyTable = {
    "intermediate/vertex": (vertex, frozenset({2, 3, 4})),
    "intermediate/radical-roots": (radical_roots, frozenset({3, 4})),
    "intermediate/vieta": (vieta, frozenset({3, 4, 5})),
    "intermediate/polynomial-remainder": (polynomial_remainder, frozenset({3, 4})),
    "intermediate/from-roots": (from_roots, frozenset({2, 3})),
    "intermediate/logarithm": (logarithm, frozenset({2, 3, 4})),
    "intermediate/absolute-value": (absolute_value, frozenset({2, 3, 4})),
    "intermediate/geometric-series": (geometric_series, frozenset({2, 3, 4})),
    "intermediate/radical-equation": (radical_equation, frozenset({4, 5})),
    "intermediate/complex-numbers": (complex_numbers, frozenset({2, 3, 4})),
    "intermediate/quadratic-inequality": (quadratic_inequality, frozenset({4, 5})),
}
