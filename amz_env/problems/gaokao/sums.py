"""Sequences known from each term to the next, from their sums, or from being geometric."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import plus, terms
from amz_env.problems.math.work import ask, nonzero
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student


def step_by_step(rng: random.Random, level: int, student: Student) -> Draft:
    """Each term is a multiple of the one before, plus a number: a term, a sum, the first term above a bound."""
    a, q, d = rng.randint(1, 12), rng.choice((2, 2, 3)), nonzero(rng, -9, 12)
    if (q - 1) * a + d <= 0:
        d = rng.randint(1, 12)
    row = [a]
    while len(row) < 12:
        row.append(q * row[-1] + d)
    rule = f"{'twice' if q == 2 else '3 times'} the one before {'plus' if d > 0 else 'minus'} {abs(d)}"
    formula = f"$a_{{n+1}} = {q}a_n{plus(d)}$"
    k = rng.randint(4, 6) if level < 4 else rng.randint(6, 10)
    bound = rng.randint(row[k - 2] + 1, row[k - 1] - 1) if row[k - 1] - row[k - 2] > 1 else row[k - 2]
    asked, wanted = {
        2: (f"What is term number {k}?", row[k - 1]),
        3: (f"What is the sum of the first {k} terms?", sum(row[:k])),
        4: (f"Which is the first term that is greater than {bound}? Give its number.", k),
    }[level]
    question = ask(
        rng,
        f"A sequence begins with {a}, and each further term is {rule}. {asked}",
        f"The first term of a sequence is {a}. Every term after it is {rule}. {asked}",
        f"A sequence has $a_1 = {a}$ and {formula} for all $n$. {asked}",
    )
    sheet = Sheet(question, student)
    following = f"{q} * (c[-1]{plus(d)})" if sheet.holds("distributes-first") else f"{q} * c[-1]{plus(d)}"
    more = 12 if level == 4 else k if sheet.holds("off-by-one") else k - 1
    sheet.run(
        ("Write the first terms.", "Start with the first term and go on."),
        f"c = [{a}]\nfor i in range({more}):\n    c.append({following})\nprint(c)",
    )
    if level == 2:
        sheet.run(("Take the last one.", "This is the last of them."), "t = c[-1]\nprint(t)")
        sheet.answer(("So the term is this.", "This is the term."), sheet["t"])
        return sheet.draft(wanted)
    if level == 3:
        sheet.run(("Add them up.", "Find the sum."), "s = sum(c)\nprint(s)")
        sheet.answer(("So the sum is this.", "This is the sum."), sheet["s"])
        return sheet.draft(wanted)
    sheet.run(
        ("Count the terms that are not greater.", "How many terms come before it?"),
        f"n = len([x for x in c if x <= {bound}])\nprint(n)",
    )
    if not sheet.holds("off-by-one"):
        sheet.run(("The next one is the first that is greater.", "Go on by one."), "n = n + 1\nprint(n, c[n - 1])")
    sheet.answer(("This is the number.", "So the number is this."), sheet["n"])
    return sheet.draft(wanted)


def from_sums(rng: random.Random, level: int, student: Student) -> Draft:
    """The sum of the first n terms is given by a formula: a term, the number of terms, the smallest sum."""
    a, b, n = rng.randint(1, 4), nonzero(rng, -9, 12), rng.randint(4, 25)
    if level == 5:
        a, n = rng.randint(1, 8), rng.randint(3, 40)
        b = -2 * a * n
    elif level == 4:
        b = abs(b)
    formula, code = terms((a, b, 0), "n"), terms((a, b, 0), "n", code=True)

    def total(m: int) -> int:
        return a * m * m + b * m

    wanted = {3: total(n) - total(n - 1), 4: n, 5: total(n)}[level]
    asked = {
        3: f"What is term number {n}?",
        4: f"For which $n$ is this sum {total(n)}?",
        5: "What is the smallest value of this sum?",
    }[level]
    question = ask(
        rng,
        f"The sum of the first $n$ terms of a sequence is ${formula}$ for every $n$. {asked}",
        f"For each positive whole number $n$ the first $n$ terms of a sequence add up to ${formula}$. {asked}",
        f"Let $S_n = {formula}$ be the sum of the first $n$ terms of a sequence. {asked}",
    )
    sheet = Sheet(question, student)
    if level == 3:
        sheet.run((f"Find the sum of the first {n} terms.",), f"n = {n}\nu = {code}\nprint(u)")
        if sheet.holds("part-for-whole"):
            sheet.answer(("So the term is this.", "This is the term."), sheet["u"])
            return sheet.draft(wanted)
        before = n + 1 if sheet.holds("off-by-one") else n - 1
        sheet.run(("Find the sum of the terms before it.", "Now one term less."), f"n = {before}\nv = {code}\nprint(v)")
        sheet.run(("The difference is the term.", "Subtract both sums."), "t = u - v\nprint(t)")
        sheet.answer(("So the term is this.", "This is the term."), sheet["t"], sheet["u"])
    elif level == 4:
        kept = f"{a}*n + {b}" if sheet.holds("power-as-product") else code
        sheet.run(
            ("Try the numbers n until the sum is right.", "Look for the number n."),
            f"c = [n for n in range(1, 60) if {kept} == {total(n)}]\nprint(c)",
        )
        sheet.run(("Check the sum.", "Put n into the formula."), f"n = c[0]\nprint({code} == {total(n)})")
        sheet.answer(("So n is this.", "This is the number."), sheet["n"])
    else:
        top = "" if sheet.holds("root-sign") else "-"
        half = a if sheet.holds("forgets-half") else 2 * a
        sheet.run(("The vertex lies at n = -b / (2a).", "Find n of the vertex."), f"n = {top}({b}) // {half}\nprint(n)")
        sheet.run(("Put this n into the formula.", "Find the sum there."), f"t = {code}\nprint(t)")
        sheet.run(
            ("The sums next to it must be larger.", "Compare the sums next to it."),
            f"f = lambda n: {code}\nprint(f(n - 1) > t, f(n + 1) > t)",
        )
        sheet.answer(("So the smallest value is this.", "This is the value."), sheet["t"], sheet["n"])
    return sheet.draft(wanted)


def make_geometric(rng: random.Random, level: int, student: Student) -> Draft:
    """Numbers that make a sequence geometric, found by a search that is easy to check."""
    if level == 4:
        while True:
            a, q = rng.randint(1, 40), rng.randint(2, 8)
            x = a * q
            d = x * q - x
            if d:
                break
        question = ask(
            rng,
            f"The numbers {a}, $x$ and $x + {d}$ are the first three terms of a geometric sequence, and $x$ is "
            "positive. Find $x$.",
            f"For which positive number $x$ do {a}, $x$ and $x + {d}$ form a geometric sequence?",
            f"A geometric sequence of positive numbers begins with {a}. The third term is {d} more than the second "
            "term. What is the second term?",
        )
        sheet = Sheet(question, student)
        product = "i * 2" if sheet.holds("power-as-product") else "i**2"
        sign = "-" if sheet.holds("keeps-sign") else "+"
        sheet.run(
            ("The square of the second is the product of the others.", "Look for x with equal ratios."),
            f"c = [i for i in range(1, 400) if {product} == {a} * (i {sign} {d})]\nprint(c)",
        )
        sheet.run(
            ("Check both ratios.", "Compare the ratios crosswise."), f"x = c[0]\nprint(x, x * x == {a} * (x + {d}))"
        )
        sheet.answer(("So x is this.", "This is the number."), sheet["x"])
        return sheet.draft(x)
    while True:
        g, q, m = rng.randint(1, 12), rng.choice((2, 3)), rng.randint(4, 30)
        d = rng.randint(1, m - 1)
        low, middle, high = m - d, m, m + d
        p, r, s = g - low, g * q - middle, g * q * q - high
        fits = [e for e in range(m) if (middle + r) ** 2 == (m - e + p) * (m + e + s)]
        if min(p, r, s) >= 1 and max(p, r, s) <= 60 and len({p, r, s}) == 3 and fits == [d]:
            break
    question = ask(
        rng,
        f"Three positive numbers form an arithmetic sequence, the smallest one first, and their sum is {3 * m}. When "
        f"{p}, {r} and {s} are added to them in this order, a geometric sequence is formed. Find the largest of the "
        "three numbers.",
        f"Three positive numbers with sum {3 * m} are an arithmetic sequence, the smallest one first. Add {p} "
        f"to the first, {r} to the second and {s} to the third, and they are a geometric sequence. What is the third "
        "number?",
        f"The numbers $m - d$, $m$ and $m + d$ are positive, with $d > 0$, and their sum is {3 * m}. If $m - d + {p}$, "
        f"$m + {r}$ and $m + d + {s}$ form a geometric sequence, what is $m + d$?",
    )
    sheet = Sheet(question, student)
    sheet.run(
        ("The middle number is the mean.", "Divide the sum by three."),
        f"m = {3 * m} // 3\nprint(m, {3 * m} % 3)",
    )
    sheet.run(
        ("Add to the middle number.", "Find the middle of the geometric sequence."),
        "g = m\nprint(g)" if sheet.holds("part-for-whole") else f"g = m + {r}\nprint(g)",
    )
    square = "g * 2" if sheet.holds("power-as-product") else "g**2"
    sheet.run(
        ("Look for the difference that makes the ratios equal.", "Try the differences."),
        f"c = [d for d in range(m) if {square} == (m - d + {p}) * (m + d + {s})]\nprint(c)",
    )
    sheet.run(("Find the largest number.", "Now the third number."), "x = m + c[0]\nprint(x)")
    sheet.run(
        ("Check the geometric sequence.", "Compare the ratios crosswise."),
        f"print(m - c[0] + {p}, m + {r}, x + {s}, (m + {r})**2 == (m - c[0] + {p}) * (x + {s}))",
    )
    sheet.answer(("This is the number.", "So the number is this."), sheet["x"], sheet["m"])
    return sheet.draft(high)
