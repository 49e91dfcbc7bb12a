"""Arithmetic and geometric sequences: numbers of terms, sequences from two terms or from roots."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import less, terms
from amz_env.problems.math.work import ask, nonzero
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student


def which_term(rng: random.Random, level: int, student: Student) -> Draft:
    """Which term a number is; how many terms are below a bound, or divisible by a number."""
    a, d = rng.randint(2, 30), rng.randint(2, 12)
    row = f"the arithmetic sequence ${a}$, ${a + d}$, ${a + 2 * d}$, ..."
    n = rng.randint(8, 40)
    if level == 1:
        bound = a + (n - 1) * d
        question = ask(
            rng,
            f"Which term of {row} is {bound}? Give its number.",
            f"In {row} one term is {bound}. What is the number of this term?",
            f"If term number $n$ of {row} is {bound}, what is $n$?",
        )
    elif level == 2:
        bound = a + (n - 1) * d + rng.randint(1, d)
        question = ask(
            rng,
            f"How many terms of {row} are less than {bound}?",
            f"Find the number of terms of {row} that are smaller than {bound}.",
            f"How many numbers less than {bound} are there in {row}?",
        )
    else:
        return _divisible_terms(rng, student, (a, d, n), row)
    sheet = Sheet(question, student)
    sheet.run(("Find the common difference.", "Subtract to get the common difference."), f"d = {a + d} - {a}\nprint(d)")
    sheet.run(
        ("Find how far it is from the first term.", "Subtract the first term."),
        f"s = {bound}{'' if level == 1 else ' - 1'} - {a}\nprint(s)",
    )
    one = "" if sheet.holds("off-by-one") else " + 1"
    sheet.run(
        ("Count the steps and add the first term.", "Divide by the difference to count the terms."),
        f"n = s // d{one}\nprint(n, s % d)" if level == 1 else f"n = s // d{one}\nprint(n)",
    )
    sheet.run(
        ("Check with the term itself.", "Find this term to check."),
        f"print({a} + (n - 1) * d == {bound})"
        if level == 1
        else f"print({a} + (n - 1) * d < {bound}, {a} + n * d >= {bound})",
    )
    sheet.answer(("This is the number.", "So the number is this."), sheet["n"], sheet["s"])
    return sheet.draft(n)


def _divisible_terms(rng: random.Random, student: Student, line: tuple[int, int, int], row: str) -> Draft:
    a, d, n = line
    m = rng.randint(3, 9)
    question = ask(
        rng,
        f"How many of the first {n} terms of {row} are divisible by {m}?",
        f"Find how many of the first {n} terms of {row} are multiples of {m}.",
        f"Among the first {n} terms of {row}, how many are multiples of {m}?",
    )
    sheet = Sheet(question, student)
    sheet.run(("Find the common difference.", "Subtract to get the common difference."), f"d = {a + d} - {a}\nprint(d)")
    steps = f"{n}" if sheet.holds("off-by-one") else f"({n} - 1)"
    sheet.run((f"Find term number {n}.", "Find the last of these terms."), f"last = {a} + {steps} * d\nprint(last)")
    sheet.run(
        (f"Keep the terms that are multiples of {m}.", "List the terms and keep those that fit."),
        f"c = [i for i in range({a}, last + 1, d) if i % {m} == 0]\nprint(c)",
    )
    sheet.run(("Count them.", "Count what is left."), "k = len(c)\nprint(k)")
    sheet.answer(("So there are this many.", "This is the count."), sheet["k"], sheet["last"])
    return sheet.draft(sum((a + i * d) % m == 0 for i in range(n)))


def two_terms(rng: random.Random, level: int, student: Student) -> Draft:
    """An arithmetic sequence from two of its terms: the difference, another term, a sum."""
    a, d = nonzero(rng, -20, 30), nonzero(rng, -7, 9)
    i = rng.randint(2, 6)
    j = i + rng.randint(2, 7)
    k = rng.randint(j + 2, 30)
    u, v = a + (i - 1) * d, a + (j - 1) * d
    asked = {
        2: "the common difference",
        3: f"term number {k}",
        4: f"the sum of the first {k} terms",
    }[level]
    question = ask(
        rng,
        f"In an arithmetic sequence, term number {i} is {u} and term number {j} is {v}. Find {asked}.",
        f"Term number {i} of an arithmetic sequence is {u}, and term number {j} is {v}. What is {asked}?",
        f"An arithmetic sequence has $a_{{{i}}} = {u}$ and $a_{{{j}}} = {v}$. What is {asked}?",
    )
    sheet = Sheet(question, student)
    extra = " + 1" if sheet.holds("off-by-one") else ""
    sheet.run(
        ("Find how far the two terms are apart.", "Subtract the terms and count the steps."),
        f"s, n = {v}{less(u)}, {j} - {i}{extra}\nprint(s, n)",
    )
    sheet.run(("Divide to get the common difference.", "Each step adds the same."), "d = s // n\nprint(d, s % n)")
    if level == 2:
        sheet.run(
            ("Check with the second term.", "Go from the first term to the second."),
            f"print({u} + ({j} - {i}) * d == {v})",
        )
        sheet.answer(("So the difference is this.", "This is the difference."), sheet["d"], sheet["s"])
        return sheet.draft(d)
    if level == 3:
        sign = "-" if sheet.holds("keeps-sign") else "+"
        sheet.run(
            (f"Find term number {k}.", f"Go on to term number {k}."), f"last = {v} {sign} ({k} - {j}) * d\nprint(last)"
        )
        sheet.run(("Check with the other term.",), f"print({u} + ({k} - {i}) * d == last)")
        sheet.answer(("So the term is this.", "This is the term."), sheet["last"], sheet["d"])
        return sheet.draft(a + (k - 1) * d)
    sign = "+" if sheet.holds("keeps-sign") else "-"
    sheet.run(("Go back to the first term.", "Find the first term."), f"a = {u} {sign} ({i} - 1) * d\nprint(a)")
    sheet.run((f"Find term number {k}.", "Find the last term."), f"last = a + ({k} - 1) * d\nprint(last)")
    sheet.run(
        (f"There are {k} terms with the mean of both; find the sum.", "Use the formula for the sum."),
        f"total = {k} * (a + last)\nprint(total)"
        if sheet.holds("forgets-half")
        else f"total = {k} * (a + last) // 2\nprint(total)",
    )
    sheet.run(("Add the terms to check.", "Check the sum."), f"print(total == sum([a + i * d for i in range({k})]))")
    sheet.answer(("So the sum is this.", "This is the sum."), sheet["total"], sheet["last"])
    return sheet.draft(k * a + d * k * (k - 1) // 2)


def from_roots(rng: random.Random, level: int, student: Student) -> Draft:
    """The first terms of a sequence are the roots of a quadratic: a later term, a sum, a geometric sequence."""
    geometric = level == 5
    r = nonzero(rng, -6, 9) if not geometric else rng.randint(1, 15)
    s = r + rng.randint(1, 9) if not geometric else r * rng.randint(2, 5)
    if s == 0:
        s = r + 7
    n = rng.randint(5, 25) if not geometric else rng.randint(4, 8)
    equation = f"${terms((1, -(r + s), r * s))} = 0$"
    kind = "a geometric" if geometric else "an arithmetic"
    asked = f"term number {n}" if level == 3 else f"the sum of the first {n} terms"
    question = ask(
        rng,
        f"The first two terms of {kind} sequence are the roots of {equation}, the smaller one first. Find {asked}.",
        f"Let $r < s$ be the roots of {equation}. {kind.capitalize()} sequence begins with $r$ and $s$. What is "
        f"{asked}?",
        f"The smaller root of {equation} is the first term of {kind} sequence, and the larger root is the second "
        f"term. What is {asked}?",
    )
    sheet = Sheet(question, student)
    middle = -(r + s) if not sheet.holds("root-sign") else r + s
    sheet.run(
        ("Look for the roots.", "Try the whole numbers to find the roots."),
        f"c = [i for i in range(-80, 81) if {terms((1, middle, r * s), 'i', code=True)} == 0]\nprint(c)",
    )
    if geometric:
        sheet.run(("Find the common ratio.", "Divide to get the ratio."), "q = c[1] // c[0]\nprint(q, c[1] % c[0])")
        steps = f"{n}" if sheet.holds("off-by-one") else f"({n} - 1)"
        sheet.run((f"Find term number {n}.", "Find the last term."), f"last = c[0] * q**{steps}\nprint(last)")
        sheet.run(("Use the formula for the sum.",), "total = (last * q - c[0]) // (q - 1)\nprint(total)")
        sheet.run(("Add the terms to check.",), f"print(total == sum([c[0] * q**i for i in range({n})]))")
        sheet.answer(("So the sum is this.", "This is the sum."), sheet["total"], sheet["last"])
        return sheet.draft(sum(r * (s // r) ** i for i in range(n)))
    sheet.run(("Find the common difference.", "Subtract the first term from the second."), "d = c[1] - c[0]\nprint(d)")
    steps = f"{n}" if sheet.holds("off-by-one") else f"({n} - 1)"
    sheet.run((f"Find term number {n}.", "Go on to this term."), f"last = c[0] + {steps} * d\nprint(last)")
    if level == 3:
        sheet.answer(("So the term is this.", "This is the term."), sheet["last"], sheet["d"])
        return sheet.draft(r + (n - 1) * (s - r))
    sheet.run(
        ("Use the formula for the sum.", "First plus last, times half the number of terms."),
        f"total = {n} * (c[0] + last) // 2\nprint(total)",
    )
    sheet.run(("Add the terms to check.",), f"print(total == sum([c[0] + i * d for i in range({n})]))")
    sheet.answer(("So the sum is this.", "This is the sum."), sheet["total"], sheet["last"])
    return sheet.draft(n * r + (s - r) * n * (n - 1) // 2)
