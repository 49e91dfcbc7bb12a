"""Functions: inverses, and numbers in the formula that are found from values."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import less, plus, terms, wrapped
from amz_env.problems.math.work import ask, nonzero
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student


def inverse(rng: random.Random, level: int, student: Student) -> Draft:
    """The number with a given value; the inverse of a linear function; the inverse inside another function."""
    a, b, x = rng.randint(2, 9), nonzero(rng, -20, 20), nonzero(rng, -9, 12)
    y = a * x + b
    f = f"$f(x) = {terms((a, b))}$"
    if level >= 3:
        return _composed(rng, level, student, (a, b, x))
    question = (
        ask(
            rng,
            f"Let {f}. For which number $x$ is $f(x) = {y}$?",
            f"The function {f} takes the value {y} at one number $x$. Find this number.",
            f"If {f} and $f(a) = {y}$, what is $a$?",
        )
        if level == 1
        else ask(
            rng,
            f"Let $g$ be the inverse of {f}. What is $g({y})$?",
            f"What is $f^{{-1}}({y})$ if {f}?",
            f"The function $g$ is the inverse of {f}, so that $g(f(x)) = x$. Find $g({y})$.",
        )
    )
    sheet = Sheet(question, student)
    if level == 2 and sheet.holds("run-over-rise"):
        # takes the value of the function itself for that of its inverse
        sheet.run("Put the number in.", f"n = {a} * {wrapped(y)}\nprint(n)")
        sheet.run("Now add the rest.", f"x = n{plus(b)}\nprint(x)")
    else:
        sign = plus(b) if sheet.holds("keeps-sign") else less(b)
        sheet.run(("Move the number to the other side.", "Undo the last step first."), f"n = {y}{sign}\nprint(n)")
        sheet.run(("Divide to find x and look at the remainder.",), f"x = n // {a}\nprint(x, n % {a})")
    sheet.run(("Put x back into the function.", "Check the value at x."), f"print({a} * x{plus(b)} == {y})")
    sheet.answer(("This is the number.", "So this is x."), sheet["x"], sheet["n"])
    return sheet.draft(x)


def _composed(rng: random.Random, level: int, student: Student, line: tuple[int, int, int]) -> Draft:
    a, b, x = line
    if level == 3:
        c, d = rng.randint(2, 6), nonzero(rng, -12, 12)
        y = c * (a * x + b) + d
        f, g = f"$f(x) = {terms((c, d))}$", f"$g(x) = {terms((a, b))}$"
        question = ask(
            rng,
            f"Let {f} and {g}. For which number $x$ is $f(g(x)) = {y}$?",
            f"The functions $f$ and $g$ are given by {f} and {g}. Find the number $x$ with $f(g(x)) = {y}$.",
            f"If {f}, {g} and $f(g(a)) = {y}$, what is $a$?",
        )
        sheet = Sheet(question, student)
        first, second = ((a, b), (c, d)) if sheet.holds("keeps-direction") else ((c, d), (a, b))
        sheet.run(
            ("First undo f: find the value of g.", "Find what g must be."),
            f"u = ({y}{less(first[1])}) // {first[0]}\nprint(u, ({y}{less(first[1])}) % {first[0]})",
        )
        sheet.run(
            ("Now undo g to find x.", "Find x from this value."),
            f"x = (u{less(second[1])}) // {second[0]}\nprint(x, (u{less(second[1])}) % {second[0]})",
        )
        sheet.run(
            ("Put x back into both functions.", "Check with this x."),
            f"print({c} * ({a} * x{plus(b)}){plus(d)} == {y})",
        )
        sheet.answer(("This is the number.", "So this is x."), sheet["x"], sheet["u"])
        return sheet.draft(x)
    p, q = nonzero(rng, -6, 6), nonzero(rng, -15, 15)
    f, h = f"$f(x) = {terms((a, b))}$", f"$h(x) = {terms((1, p, q))}$"
    y = a * x + b
    question = ask(
        rng,
        f"Let $g$ be the inverse of {f}, and let {h}. What is $h(g({y}))$?",
        f"Given {f} and {h}, find $h(f^{{-1}}({y}))$.",
        f"The function $g$ is the inverse of {f}. If {h}, what is the value of $h(g({y}))$?",
    )
    sheet = Sheet(question, student)
    sign = plus(b) if sheet.holds("keeps-sign") else less(b)
    sheet.run(
        ("Undo f to find the inverse at this number.", "First find x with this value of f."),
        f"n = {y}{sign}\nx = n // {a}\nprint(x, n % {a})",
    )
    sheet.run(("Check the value of f at x.",), f"print({a} * x{plus(b)} == {y})")
    square = "x * 2" if sheet.holds("power-as-product") else "x**2"
    sheet.run(("Find the square term.", "Now the square."), f"s = {square}\nprint(s)")
    sheet.run(("Now add the rest.", "Put x into the other function."), f"v = s{plus(p)} * x{plus(q)}\nprint(v)")
    sheet.answer(("This is the value.", "So the value is this."), sheet["v"], sheet["x"])
    return sheet.draft(x * x + p * x + q)


def parameter(rng: random.Random, level: int, student: Student) -> Draft:
    """Numbers in the formula of a function, found from its values, and another value of it."""
    if level >= 4:
        return _two_values(rng, level, student)
    k, c, p, q = nonzero(rng, -9, 9), nonzero(rng, -15, 15), rng.randint(2, 9), rng.randint(-6, 9)
    power = level - 1
    y = (p * p if level == 3 else 0) + k * p + c
    formula = f"f(x) = {'x^2 + ' if level == 3 else ''}kx{plus(c)}"
    if level == 2:
        question = ask(
            rng,
            f"Let ${formula}$ for some number $k$. If $f({p}) = {y}$, what is $k$?",
            f"For which number $k$ does the function ${formula}$ have the value {y} at $x = {p}$?",
            f"The function ${formula}$ satisfies $f({p}) = {y}$. Find $k$.",
        )
    else:
        question = ask(
            rng,
            f"The function ${formula}$ satisfies $f({p}) = {y}$. Find $f({q})$.",
            f"Let ${formula}$ for some number $k$. If $f({p}) = {y}$, what is $f({q})$?",
            f"If ${formula}$ has the value {y} at $x = {p}$, what value does it have at $x = {q}$?",
        )
    sheet = Sheet(question, student)
    known = f"{p}**2{plus(c)}" if power == 2 else f"{c}"
    if sheet.holds("power-as-product"):
        known = known.replace("**", " * ")
    sheet.run(("Find the value without k.", f"Put {p} in and leave k out."), f"u = {known}\nprint(u)")
    sign = "+" if sheet.holds("keeps-sign") else "-"
    sheet.run(("The rest is k times x.", "Take it from the value."), f"n = {y} {sign} u\nprint(n)")
    sheet.run(("Divide to find k.", "Now k."), f"k = n // {p}\nprint(k, n % {p})")
    square = f"{p}**2 + " if level == 3 else ""
    sheet.run(("Put k back in.", "Check the value with this k."), f"print({square}k * {p}{plus(c)} == {y})")
    if level == 2:
        sheet.answer(("So k is this.", "This is k."), sheet["k"], sheet["n"])
        return sheet.draft(k)
    sheet.run(
        (f"Now put {q} in.", "Find the other value."), f"v = {wrapped(q)}**2 + k * {wrapped(q)}{plus(c)}\nprint(v)"
    )
    sheet.answer(("This is the value.", "So the value is this."), sheet["v"], sheet["k"])
    return sheet.draft(q * q + k * q + c)


def _two_values(rng: random.Random, level: int, student: Student) -> Draft:
    """x^2 + px + q from two values of it: a third value, or its least one."""
    a = rng.randint(-5, 4)
    b = a + rng.choice((2, 4, 6)) if level == 5 else a + rng.randint(1, 5)
    p, q = nonzero(rng, -8, 8), nonzero(rng, -15, 15)
    r = rng.choice([x for x in range(-6, 8) if x not in (a, b)])
    if level == 5:
        p = 2 * nonzero(rng, -4, 4)
    u, v = a * a + p * a + q, b * b + p * b + q
    given = f"$f({a}) = {u}$ and $f({b}) = {v}$"
    asked = f"$f({r})$" if level == 4 else "the smallest value of $f(x)$"
    question = ask(
        rng,
        f"The function $f(x) = x^2 + px + q$ satisfies {given}. Find {asked}.",
        f"Let $f(x) = x^2 + px + q$ with {given}. What is {asked}?",
        f"If $f(x) = x^2 + px + q$ and we have {given}, what is {asked}?",
    )
    sheet = Sheet(question, student)
    sheet.run(
        ("Subtract the squares from the two values.", "Find what is left without the squares."),
        f"u, v = {u} - {wrapped(a)}**2, {v} - {wrapped(b)}**2\nprint(u, v)",
    )
    sheet.run(
        ("The difference has p only; find p.", "Subtract to get rid of q, and divide."),
        f"p = (v - u) // ({b}{less(a)})\nprint(p)",
    )
    sign = "+" if sheet.holds("keeps-sign") else "-"
    sheet.run(("Now find q.", "Find q from the first value."), f"q = u {sign} p * {wrapped(a)}\nprint(q)")
    sheet.run(
        ("Check both values.", "Put both numbers back in."),
        f"print({wrapped(a)}**2 + p * {wrapped(a)} + q, {wrapped(b)}**2 + p * {wrapped(b)} + q)",
    )
    if level == 4:
        sheet.run(
            (f"Put {r} in.", "Now the value that is asked."), f"w = {wrapped(r)}**2 + p * {wrapped(r)} + q\nprint(w)"
        )
        sheet.answer(("This is the value.", "So the value is this."), sheet["w"], sheet["p"])
        return sheet.draft(r * r + p * r + q)
    top = "p" if sheet.holds("root-sign") else "-p"
    sheet.run(("The vertex lies at x = -b / (2a).", "Find x of the vertex."), f"h = {top} // 2\nprint(h)")
    sheet.run(("Put this x into the formula.", "Find the value there."), "w = h**2 + p * h + q\nprint(w)")
    sheet.answer(("So the smallest value is this.", "This is the value."), sheet["w"], sheet["h"])
    return sheet.draft(q - p * p // 4)
