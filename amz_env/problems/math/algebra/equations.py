"""Linear and quadratic equations, systems, inequalities, numbers from sum and product."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    factored,
    plus,
    terms,
    times,
)
from amz_env.problems.math.work import Work, ask, nonzero
from amz_env.problems.students import Student


def linear_equation(rng: random.Random, level: int, student: Student) -> Draft:
    """One unknown on one side, on both sides, or in a bracket."""
    x, a = rng.randint(2, 20), rng.randint(3, 12)
    c = 0 if level == 1 else rng.randint(2, a - 1)
    b = nonzero(rng, -20, 30) if level < 3 else nonzero(rng, -9, 9)
    left = f"{a}x{plus(b)}" if level < 3 else f"{a}(x{plus(b)})"
    d = (a * x + b if level < 3 else a * (x + b)) - c * x
    right = terms((c, d))
    equation = f"${left} = {right}$"
    question = ask(
        rng,
        f"Solve {equation} for $x$.",
        f"What is the value of $x$ if {equation}?",
        f"Find the number $x$ such that {equation}.",
    )
    work = Work(student)
    size = work.copy(b)
    if level >= 3:
        size = b if work.holds("distributes-first") else work.copy(a) * b
        code = f"p = {b}" if size == b else f"p = {size // b} * {b}" if b > 0 else f"p = {size // b} * ({b})"
        work.run(
            ("Multiply the bracket out.", "First multiply out the bracket."),
            f"{code}\nprint(p)",
            size,
            fits=(f"p / {a} == {b}", size == a * b),
        )
    k = a
    if c:
        k = a + c if work.holds("keeps-sign") else a - c
        work.run(
            ("Collect the x terms on the left side.", f"Move the {c}x to the left side."),
            f"k = {a} {'+' if k > a else '-'} {c}\nprint(k)",
            k,
            fits=(f"k + {c} == {a}", k + c == a),
        )
    adds = (b < 0) != work.holds("keeps-sign") if level < 3 else work.holds("keeps-sign")
    moved = "p" if level >= 3 else str(abs(size))
    n = d + (size if level >= 3 else abs(size)) * (1 if adds else -1)
    work.run(
        ("Move the number to the right side.", "Collect the numbers on the right side."),
        f"n = {d} {'+' if adds else '-'} {moved}\nprint(n)",
        n,
        fits=(f"n{plus(b)} == {d}", n + b == d) if level < 3 else None,
    )
    found = n // k
    by = "k" if c else str(a)
    work.run(
        ("Divide to find x and look at the remainder.", "Divide by the number of x; the remainder should be 0."),
        f"x = n // {by}\nprint(x, n % {by})",
        (found, n % k),
    )
    code_left = f"{a} * x{plus(b)}" if level < 3 else f"{a} * (x{plus(b)})"
    code_right = f"{c} * x{plus(d)}" if c and d else f"{c} * x" if c else str(d)
    holds = (a * found + b if level < 3 else a * (found + b)) == c * found + d
    work.run(
        ("Check by putting x back into the equation.", "Put x into both sides."),
        f"print({code_left} == {code_right})",
        holds,
    )
    work.answer(("So this is x.", "The solution is x.", "This is the value of x."), found, instead=n)
    return work.draft(question, x)


def quadratic_equation(rng: random.Random, level: int, student: Student) -> Draft:
    """A monic quadratic with whole roots; at level 3 terms stand on both sides."""
    low = nonzero(rng, -12, 9)
    high = rng.choice([r for r in range(low + 1, 16) if r and r != -low])
    b, c = -(low + high), low * high
    equation = f"${terms((1, b, c))} = 0$" if level == 2 else f"$x^2 = {terms((-b, -c))}$"
    question = ask(
        rng,
        f"Find all solutions of {equation}.",
        f"Solve {equation}. Give all values of $x$, separated by commas.",
        f"Which numbers $x$ satisfy {equation}?",
    )
    work = Work(student)
    sign = -1 if level == 3 and work.holds("keeps-sign") else 1
    roots = [sign * low, sign * high]
    polynomial = terms((1, sign * b, c), code=True)
    text = (
        ("Write the left side as a product.", "Factor the left side.")
        if level == 2
        else ("Move everything to the left side and factor.", "Bring all terms to the left and write a product.")
    )
    work.run(text, f"x = symbols('x')\nprint(factor({polynomial}))", factored(roots), sympy=True)
    u, v = sorted(roots)
    if work.holds("root-sign"):
        u, v = -u, -v
    if level == 2:
        check = ", ".join(f"{r}**2{_times(b, r)}{plus(c)}" for r in "uv")
        shown: tuple[object, ...] = tuple(r * r + b * r + c for r in (u, v))
    else:
        check = ", ".join(f"{r}**2 =={_times(-b, r, first=True)}{plus(-c)}" for r in "uv")
        shown = tuple(r * r == -b * r - c for r in (u, v))
    work.run(
        ("Read off where each bracket is 0 and put the numbers back in.", "Each bracket gives a root; check both."),
        f"u, v = {u}, {v}\nprint({check})",
        shown,
        fits=(f"u + v == {-b} and u * v == {c}", u + v == -b and u * v == c) if level == 2 else None,
    )
    found = f"{u}" if work.holds("one-root") else f"{u}, {v}"
    work.answer(("These are the solutions.", "So we have the solutions.", "This solves the equation."), found)
    return work.draft(question, f"{low}, {high}")


def _times(number: int, name: str, *, first: bool = False) -> str:
    """Return a product as a further (or the first) term: `` - 5*u``."""
    if first:
        return f" {number}*{name}"
    return f" - {-number}*{name}" if number < 0 else f" + {number}*{name}"


def linear_system(rng: random.Random, level: int, student: Student) -> Draft:
    """Two equations: sum and difference at level 2, by substitution at levels 3 and 4."""
    x, y = rng.sample(range(2, 30 if level == 2 else 13), 2)
    if level == 2:
        x, y = max(x, y), min(x, y)
        s, d = x + y, x - y
        first, second = f"$x + y = {s}$", f"$x - y = {d}$"
    else:
        a, p = rng.randint(2, 6), rng.randint(2, 7)
        q = rng.choice([q for q in range(2, 7) if q * a != p])
        s, d = a * x + y, p * x + q * y
        if level == 4:
            d, q = p * x - q * y, -q
        first, second = f"${a}x + y = {s}$", f"${p}x{plus(q)}y = {d}$"
    question = ask(
        rng,
        f"Solve the system {first} and {second}. Give the answer as a pair $(x, y)$.",
        f"Find the pair $(x, y)$ with {first} and {second}.",
        f"If {first} and {second}, what is the ordered pair $(x, y)$?",
    )
    work = Work(student)
    if level == 2:
        n = work.copy(s) + d
        work.run(
            ("Add the two equations to get rid of y.", "Adding the equations gives twice x."),
            f"n = {n - d} + {d}\nprint(n)",
            n,
        )
        u = n if work.holds("forgets-half") else n // 2
        work.run(
            ("Find x from it.", "This gives x."),
            *_division("x", "n", n, 1 if u == n else 2),
            fits=(f"x + (x - {d}) == {s}", u + (u - d) == s),
        )
        v = d + u if work.holds("keeps-sign") else u - d
        work.run(
            ("Use the second equation to find y.", "Now find y from the difference."),
            f"y = {d} + x\nprint(y)" if work.holds("keeps-sign") else f"y = x - {d}\nprint(y)",
            v,
            fits=(f"x + y == {s}", u + v == s),
        )
        work.run(("Check the sum and the difference.", "Check both equations."), "print(x + y, x - y)", (u + v, u - v))
    else:
        k = p - q * a
        work.run(
            (
                "Put y from the first equation into the second and count x.",
                "Replace y in the second equation; count x.",
            ),
            f"k = {p} - {q} * {a}\nprint(k)" if q > 0 else f"k = {p} + {-q} * {a}\nprint(k)",
            k,
        )
        part = s if work.holds("distributes-first") else q * s
        amount = str(s) if work.holds("distributes-first") else f"{abs(q)} * {s}"
        minus = "+" if (q < 0 and part != s) else "-"
        n = d - part
        work.run(
            ("Collect the numbers on the other side.", "Move the numbers to the right side."),
            f"n = {d} {minus} {amount}\nprint(n)",
            n,
            fits=(f"n{times(q, str(s))} == {d}", n + q * s == d),
        )
        u = n // k
        work.run(("Divide to find x.", "Divide by k to find x."), "x = n // k\nprint(x, n % k)", (u, n % k))
        v = s + a * u if work.holds("keeps-sign") else s - a * u
        work.run(
            ("Now find y from the first equation.", "Use the first equation to find y."),
            f"y = {s} {'+' if work.holds('keeps-sign') else '-'} {a} * x\nprint(y)",
            v,
            fits=(f"{p} * x{times(q, 'y')} == {d}", p * u + q * v == d),
        )
        work.run(
            ("Check both equations.", "Put both numbers back into the equations."),
            f"print({a} * x + y, {p} * x {'+' if q > 0 else '-'} {abs(q)} * y)",
            (a * u + v, p * u + q * v),
        )
    work.answer(("This is the pair.", "So the solution is this pair."), f"({u}, {v})", instead=f"({v}, {u})")
    return work.draft(question, f"({x}, {y})")


def _division(name: str, top: str, value: int, by: int) -> tuple[str, object]:
    """Return code that divides and shows the remainder, with its output; by 1 it is a plain copy."""
    if by == 1:
        return f"{name} = {top}\nprint({name})", value
    return f"{name} = {top} // {by}\nprint({name}, {top} % {by})", (value // by, value % by)


def inequality(rng: random.Random, level: int, student: Student) -> Draft:
    """A linear inequality; the answer is an interval. From level 3 the number of x is negative."""
    bound, a = nonzero(rng, -9, 15), rng.randint(2, 9)
    a = a if level == 2 else -a
    c = rng.randint(2, 7) if level == 4 else 0
    b = nonzero(rng, -15, 30)
    sign = rng.choice((">", "<", r"\ge", r"\le"))
    e = a * bound + b - c * bound
    left = terms((a, b)) if a > 0 or rng.random() < 0.5 else f"{b} - {-a}x"
    statement = f"${left} {sign} {terms((c, e))}$"
    question = ask(
        rng,
        f"Solve {statement}. Give the answer as an interval.",
        f"For which numbers $x$ is {statement}? Write an interval.",
        f"Find the interval of all $x$ with {statement}.",
    )
    work = Work(student)
    code_sign = {">": ">", "<": "<", r"\ge": ">=", r"\le": "<="}[sign]
    k = a - c
    work.run(
        ("Collect x on the left side.", "Find the number of x on the left side."),
        f"k = {a} - {c}\nprint(k)" if c else f"k = {a}\nprint(k)",
        k,
    )
    keeps = work.holds("keeps-sign")
    n = e + b if keeps else e - b
    code = f"n = {e}{plus(b)}" if keeps else f"n = {e}{plus(-b)}"
    work.run(
        ("Collect the numbers on the right side.", "Move the number to the right side."),
        f"{code}\nprint(n)",
        n,
        fits=(f"n{plus(b)} == {e}", n + b == e),
    )
    found = n // k
    work.run(("Divide to find the bound.", "Divide by k."), "b = n // k\nprint(b, n % k)", (found, n % k))
    above = (">" in code_sign) == (k > 0 or work.holds("keeps-direction"))
    t = found + 1 if above else found - 1
    ok = (a * t + b > c * t + e) if ">" in code_sign else (a * t + b < c * t + e)
    if t in (bound,):
        ok = "=" in code_sign
    right_code = f"{c} * t{plus(e)}" if c and e else f"{c} * t" if c else f"{e}"
    work.run(
        ("Try a number on that side of the bound.", "Test one number of the interval."),
        f"t = b {'+' if above else '-'} 1\nprint({a} * t{plus(b)} {code_sign} {right_code})",
        ok,
    )
    work.answer(("This is the interval.", "So x lies in this interval."), _ray(found, above, "=" in code_sign))
    return work.draft(question, _ray(bound, (">" in code_sign) == (k > 0), "=" in code_sign))


def _ray(bound: int, above: bool, closed: bool) -> str:
    if above:
        return f"{'[' if closed else '('}{bound}, \\infty)"
    return f"(-\\infty, {bound}{']' if closed else ')'}"


def two_numbers(rng: random.Random, level: int, student: Student) -> Draft:
    """Two numbers from their sum and product: the numbers themselves, or a symmetric value of them."""
    a, b = sorted(rng.sample(range(3, 40), 2))
    s, p = a + b, a * b
    facts = ask(
        rng,
        f"Two positive whole numbers have sum {s} and product {p}.",
        f"The sum of two positive whole numbers is {s} and their product is {p}.",
        f"Two positive whole numbers add up to {s}, and their product is {p}.",
    )
    if level == 3:
        asked = rng.choice(("larger", "smaller"))
        question = f"{facts} What is the {asked} number?"
        answer = b if asked == "larger" else a
    elif level == 4:
        question = f"{facts} What is the sum of their squares?"
        answer = a * a + b * b
    else:
        question = f"{facts} What is the square of their difference?"
        answer = (b - a) ** 2
    work = Work(student)
    if level == 3:
        s2 = work.copy(s)
        op, sign = ("+", 1) if work.holds("keeps-sign") else ("-", -1)
        pairs = [n for n in range(1, s2) if n * (s2 + sign * n) == p]
        work.run(
            ("Try all numbers n with the rest as the other number.", "Look for n such that n times the rest is right."),
            f"print([n for n in range(1, {s2}) if n * ({s2} {op} n) == {p}])",
            pairs,
        )
        x = pairs[-1] if pairs else s2 // 2
        y = s2 - x
        work.run(
            ("Take the larger one and check.", "Check the larger one."),
            f"x = {x}\ny = {s2} - x\nprint(x, y, x * y)",
            (x, y, x * y),
            fits=(f"x + y == {s} and x * y == {p}", x + y == s and x * y == p),
        )
        big, small = max(x, y), min(x, y)
        found, other = (big, small) if asked == "larger" else (small, big)
        work.answer(f"This is the {asked} number.", found, instead=other)
        return work.draft(question, answer)
    q = s * s
    if work.holds("power-as-product"):
        q = 2 * s
    work.run(
        ("Square the sum.", "Find the square of the sum."),
        f"q = {s} * 2\nprint(q)" if work.holds("power-as-product") else f"q = {s}**2\nprint(q)",
        q,
        fits=(f"q / {s} == {s}", q == s * s),
    )
    k = 2 if level == 4 else 4
    if work.holds("square-termwise"):
        r, code = q, "r = q"
    else:
        r, code = q - k * p, f"r = q - {k} * {p}"
    work.run(
        ("Take away the mixed products.", "Remove the products that are too much."),
        f"{code}\nprint(r)",
        r,
        fits=(f"r + {k} * {p} == {s}**2", r + k * p == s**2),
    )
    good = [n for n in range(1, s) if n * (s - n) == p]
    expr = f"n**2 + ({s} - n)**2" if level == 4 else f"({s} - 2 * n)**2"
    values = [n * n + (s - n) ** 2 if level == 4 else (s - 2 * n) ** 2 for n in good]
    if student.rng.random() < 0.5:
        work.run(
            ("Check with the numbers themselves.", "Find the numbers and compare."),
            f"print([{expr} == r for n in range(1, {s}) if n * ({s} - n) == {p}])",
            [value == r for value in values],
        )
    work.answer(("This is the value.", "So the value is this."), r, instead=q)
    return work.draft(question, answer)
