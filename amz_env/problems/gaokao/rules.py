"""Functions given by a rule: odd, even or periodic ones, and ones with two formulas."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import listed, plus, terms, wrapped
from amz_env.problems.math.work import ask, nonzero
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student


def symmetric(rng: random.Random, level: int, student: Student) -> Draft:
    """A value of a function that is odd, or repeats, or both, from its formula on a part of the line."""
    a, b = nonzero(rng, -4, 5), nonzero(rng, -9, 9)
    if level == 2:
        x = -rng.randint(1, 9)
        formula, odd = terms((a, b, 0)), rng.random() < 0.7
        rule = f"$f(-x) = {'-' if odd else ''}f(x)$"
        question = ask(
            rng,
            f"The function $f$ satisfies {rule} for all numbers $x$, and $f(x) = {formula}$ for $x > 0$. Find "
            f"$f({x})$.",
            f"For all numbers $x$ we have {rule}. If $f(x) = {formula}$ for every positive $x$, what is $f({x})$?",
            f"Let $f$ be a function with {rule}. For $x > 0$ it is given by $f(x) = {formula}$. What is $f({x})$?",
        )
        sheet = Sheet(question, student)
        sheet.run(
            ("Go to the opposite number, which is positive.", "First change the sign of x."), f"u = {-x}\nprint(u)"
        )
        sheet.run(("Find the value there.", "Put it into the formula."), f"v = {a} * u**2{plus(b)} * u\nprint(v)")
        minus = odd and not sheet.holds("drops-negative")
        sheet.run(
            ("Now the value that is asked.", "Use the rule for the sign."), f"w = {'-' if minus else ''}v\nprint(w)"
        )
        sheet.answer(("This is the value.", "So the value is this."), sheet["w"], sheet["u"])
        value = a * x * x - b * x
        return sheet.draft(-value if odd else value)
    period = rng.choice((3, 4, 5, 6, 7, 8)) if level == 3 else rng.choice((3, 5, 7, 9, 11))
    top = period - 1 if level == 3 else period // 2
    while True:
        n = rng.randint(period + 1, 90)
        place = n % period
        if level == 3 or 0 < place <= top:
            break
    repeats = f"$f(x + {period}) = f(x)$"
    c = nonzero(rng, -9, 9)
    formula = terms((a, b, c)) if level == 3 else terms((a, b, 0))
    if level == 3:
        question = ask(
            rng,
            f"The function $f$ satisfies {repeats} for all numbers $x$, and $f(x) = {formula}$ for $x$ from 0 to "
            f"{top}. Find $f({n})$.",
            f"For all numbers $x$ we have {repeats}. If $f(x) = {formula}$ for $0 \\le x \\le {top}$, what is "
            f"$f({n})$?",
            f"The values of a function $f$ repeat, with {repeats}. For $0 \\le x < {period}$ it is given by $f(x) = "
            f"{formula}$. What is $f({n})$?",
        )
    else:
        question = ask(
            rng,
            f"The function $f$ satisfies $f(-x) = -f(x)$ and {repeats} for all numbers $x$, and $f(x) = {formula}$ for "
            f"$x$ from 0 to {top}. Find $f({-n})$.",
            f"For all numbers $x$ we have $f(-x) = -f(x)$ and {repeats}. If $f(x) = {formula}$ for $0 \\le x \\le "
            f"{top}$, what is $f({-n})$?",
            f"Let $f$ be a function with {repeats} and $f(-x) = -f(x)$. For $0 \\le x \\le {top}$ it is given by "
            f"$f(x) = {formula}$. What is $f({-n})$?",
        )
    sheet = Sheet(question, student)
    quotient = sheet.holds("left-to-right")
    sheet.run(
        ("The values repeat; find the place by the remainder.", "Find the remainder by the period."),
        f"u = {n} {'//' if quotient else '%'} {period}\nprint(u)",
    )
    sheet.run(
        ("Put it into the formula.", "Find the value there."),
        f"v = {a} * u**2{plus(b)} * u{plus(c) if level == 3 else ''}\nprint(v)",
    )
    value = a * place * place + b * place + (c if level == 3 else 0)
    if level == 4:
        minus = not sheet.holds("drops-negative")
        sheet.run(
            ("Now the value that is asked.", "Use the rule for the sign."), f"v = {'-' if minus else ''}v\nprint(v)"
        )
        value = -value
    sheet.answer(("This is the value.", "So the value is this."), sheet["v"], sheet["u"])
    return sheet.draft(value)


def two_cases(rng: random.Random, level: int, student: Student) -> Draft:
    """A function with two formulas: a value, a value of a value, all numbers with a given value."""
    if level == 4:
        return _numbers_with_value(rng, student)
    while True:
        a, b, c, m = rng.randint(2, 6), nonzero(rng, -9, 9), nonzero(rng, -9, 9), rng.randint(-3, 6)
        x = rng.randint(m - 6, m + 6)

        def f(t: int, a: int = a, b: int = b, c: int = c, m: int = m) -> int:
            return a * t + b if t < m else t * t + c

        if level == 1 or abs(f(x)) <= 40:
            break
    cases = f"$f(x) = {terms((a, b))}$ for $x < {m}$ and $f(x) = {terms((1, 0, c))}$ for $x \\ge {m}$"
    asked = f"f({x})" if level == 1 else f"f(f({x}))"
    question = ask(
        rng,
        f"Let {cases}. What is ${asked}$?",
        f"A function is given by {cases}. Find ${asked}$.",
        f"The function $f$ is given in two parts: {cases}. Evaluate ${asked}$.",
    )
    sheet = Sheet(question, student)
    found = x
    for place, name in enumerate("uv"[:level]):
        inside = wrapped(x) if place == 0 else "u"
        first = (found < m) != sheet.holds("keeps-direction")
        sheet.run(
            ("Look which case x belongs to.", "Is x below the bound?")
            if place == 0
            else ("Which case does this value belong to?", "Look at the cases again."),
            f"print({inside} {'<' if first else '>='} {m})",
        )
        sheet.run(
            ("Use this formula.", "Put the number into this formula."),
            f"{name} = {a} * {inside}{plus(b)}\nprint({name})"
            if first
            else f"{name} = {inside}**2{plus(c)}\nprint({name})",
        )
        found = sheet[name]
    sheet.answer(("This is the value.", "So the value is this."), found, sheet["u"] if level == 2 else None)
    return sheet.draft(f(x) if level == 1 else f(f(x)))


def _numbers_with_value(rng: random.Random, student: Student) -> Draft:
    at_least = rng.choice((1, 2, 2))
    while True:
        a, b, c, m = rng.randint(2, 6), nonzero(rng, -9, 9), nonzero(rng, -9, 9), rng.randint(-3, 4)
        root = rng.randint(max(m, 1), 9)
        y = root * root + c
        found = [x for x in range(-40, m) if a * x + b == y] + [x for x in range(m, 40) if x * x + c == y]
        if len(found) >= at_least:
            break
    cases = f"$f(x) = {terms((a, b))}$ for $x < {m}$ and $f(x) = {terms((1, 0, c))}$ for $x \\ge {m}$"
    question = ask(
        rng,
        f"Let {cases}. Find all whole numbers $x$ with $f(x) = {y}$.",
        f"A function is given by {cases}. Which whole numbers $x$ satisfy $f(x) = {y}$?",
        f"The function $f$ is given in two parts: {cases}. For which whole numbers $x$ is $f(x) = {y}$?",
    )
    sheet = Sheet(question, student)
    sheet.run(
        ("Try the first formula below the bound.", "Look for x in the first case."),
        f"c = [i for i in range(-40, {m}) if {a} * i{plus(b)} == {y}]\nprint(c)",
    )
    low = -40 if sheet.holds("keeps-direction") else m
    sheet.run(
        ("Now the second formula.", "Look for x in the second case."),
        f"d = [i for i in range({low}, 40) if i**2{plus(c)} == {y}]\nprint(d)",
    )
    stop = "[:1]" if sheet.holds("one-root") else ""
    sheet.run(("Put both cases together.", "Write all of them in order."), f"e = sorted(c + d){stop}\nprint(e)")
    sheet.answer(("These are the numbers.", "So we have this."), listed(sheet["e"] or []))
    return sheet.draft(listed(found))
