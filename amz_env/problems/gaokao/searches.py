"""Numbers that are easier to check than to find, in words that the other sets do not use."""

import random
from fractions import Fraction

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import listed, plus, terms, tex, wrapped
from amz_env.problems.math.work import NAMES, ask, nonzero
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student


def two_numbers(rng: random.Random, level: int, student: Student) -> Draft:
    """Two numbers from their sum or difference and their product or squares."""
    x, y = sorted(rng.sample(range(2, 40), 2))
    s, d, p, q = x + y, y - x, x * y, x * x + y * y
    if level == 3:
        question = ask(
            rng,
            f"The sum of two positive whole numbers is {s}, and their product is {p}. Find the larger one.",
            f"Which is the larger of two positive whole numbers with sum {s} and product {p}?",
            f"When two positive whole numbers are added, the result is {s}, and when they are multiplied, it is {p}. "
            "What is the larger one?",
        )
        test, rest = f"i * ({s} - i) == {p}", f"{s} - x"
    elif level == 4:
        question = ask(
            rng,
            f"Two positive whole numbers differ by {d}, and their product is {p}. Find the larger one.",
            f"Which is the larger of two positive whole numbers with difference {d} and product {p}?",
            f"A positive whole number is {d} more than another one, and their product is {p}. What is the larger one?",
        )
        test, rest = f"i * (i - {d}) == {p}", f"x - {d}"
    else:
        question = ask(
            rng,
            f"Two positive whole numbers have sum {s}, and the sum of their squares is {q}. Find the larger one.",
            f"Which is the larger of two positive whole numbers with sum {s} whose squares add up to {q}?",
            f"When two positive whole numbers are added, the result is {s}. Their squares have the sum {q}. What is "
            "the larger one?",
        )
        test, rest = f"i**2 + ({s} - i)**2 == {q}", f"{s} - x"
    sheet = Sheet(question, student)
    if level == 4 and sheet.holds("keeps-sign"):
        test = f"i * (i + {d}) == {p}"
    if level == 5 and sheet.holds("power-as-product"):
        test = f"i * 2 + ({s} - i) * 2 == {q}"
    sheet.run(
        ("Try all numbers and keep those that fit.", "Look for the number."),
        f"c = [i for i in range(1, 100) if {test}]\nprint(c)",
    )
    place = 0 if level != 4 and sheet.holds("one-root") else -1
    sheet.run(
        ("Take the larger one and check.", "Find the other number to check."),
        f"x = c[{place}]\ny = {rest}\nprint(x, y, x * y)",
    )
    sheet.answer(("This is the larger number.", "So the larger number is this."), sheet["x"], sheet["y"])
    return sheet.draft(y)


def left_over(rng: random.Random, level: int, student: Student) -> Draft:
    """The smallest number with given remainders; one below or above a bound."""
    m, n = rng.choice(((5, 7), (4, 9), (5, 8), (7, 9), (6, 11), (7, 8), (5, 11), (8, 9), (7, 10), (9, 10), (8, 11)))
    x = rng.choice([x for x in range(max(m, n) + 1, m * n) if x % m and x % n])
    r, s = x % m, x % n
    k = rng.randint(1, 9)
    low = k * m * n if level > 3 else 0
    bound = low + rng.randint(0, x - 1) if level == 5 else low
    wanted = low + x
    thing = rng.choice(("cards", "books", "marbles", "eggs", "children", "toys"))
    name = rng.choice(NAMES)
    if level == 3:
        question = ask(
            rng,
            f"{name} counts some {thing}. In groups of {m}, {r} are left over, and in groups of {n}, {s} are left "
            f"over. What is the smallest number of {thing} that is possible?",
            f"A number of {thing} leaves remainder {r} when it is divided by {m} and remainder {s} when it is divided "
            f"by {n}. What is the smallest number of {thing}?",
            f"When {thing} are put in rows of {m}, {r} are left over. When they are put in rows of {n}, {s} are left "
            f"over. Find the smallest possible number of {thing}.",
        )
    else:
        small, where = ("", f"from {low} to {low + m * n - 1}") if level == 4 else ("smallest ", f"above {bound}")
        question = ask(
            rng,
            f"What is the {small}whole number {where} that leaves remainder {r} by {m} and remainder {s} by {n}?",
            f"Find the {small}number $n$ {where} with $n \\equiv {r} \\pmod{{{m}}}$ and $n \\equiv {s} \\pmod{{{n}}}$.",
            f"A number {where} leaves remainders {r} and {s} when it is divided by {m} and {n}. What is the "
            f"{small}number of this kind?",
        )
    sheet = Sheet(question, student)
    start = f"range({bound + 1 if level != 4 else low}, {low + 2 * m * n})"
    sheet.run(
        (f"Start with the numbers that leave {r} by {m}.",), f"c = [i for i in {start} if i % {m} == {r}]\nprint(c[:4])"
    )
    second = f"i % {n} == {r}" if sheet.holds("adds-choices") else f"i % {n} == {s}"
    sheet.run((f"Now use the remainder {s} by {n}.",), f"n = [i for i in c if {second}][0]\nprint(n)")
    sheet.run(("Both remainders must be right.",), f"print(n % {m}, n % {n})")
    sheet.answer(("This is the number.", "So the smallest number is this."), sheet["n"])
    return sheet.draft(wanted)


def system(rng: random.Random, level: int, student: Student) -> Draft:
    """Two linear equations: as prices in a shop, or as the point where two lines meet."""
    x, y = rng.randint(2, 15), rng.randint(2, 15)
    while True:
        a, b, c, d = (rng.randint(2, 7) for _ in range(4))
        if a * d != b * c:
            break
    m, n = a * x + b * y, c * x + d * y
    one, two = rng.sample(("pens", "caps", "mugs", "balls", "books", "kites"), 2)
    if level == 3:
        question = ask(
            rng,
            f"{a} {one} and {b} {two} cost {m} dollars, and {c} {one} and {d} {two} cost {n} dollars. All {one} have "
            f"the same price, and so have all {two}. How many dollars is one of the {one}?",
            f"{rng.choice(NAMES)} pays {m} dollars for {a} {one} and {b} {two}. At the same prices {c} {one} and {d} "
            f"{two} cost {n} dollars. What is the price of one of the {one} in dollars?",
            f"In a shop {a} {one} and {b} {two} cost {m} dollars together, while {c} {one} and {d} {two} cost {n} "
            f"dollars. What does one of the {one} cost in dollars?",
        )
        wanted: object = x
    else:
        x, y = nonzero(rng, -9, 9), nonzero(rng, -9, 9)
        b = -b
        m, n = a * x + b * y, c * x + d * y
        first, second = f"${_sum(a, b)} = {m}$", f"${_sum(c, d)} = {n}$"
        question = ask(
            rng,
            f"At which point $(x, y)$ do the lines {first} and {second} meet?",
            f"The lines {first} and {second} meet in one point. Find this point $(x, y)$.",
            f"Which point $(x, y)$ lies on both lines {first} and {second}?",
        )
        wanted = f"({x}, {y})"
    sheet = Sheet(question, student)
    minus = "+" if sheet.holds("keeps-sign") else "-"
    sheet.run(
        ("Count x after y is gone.", "Multiply crosswise to get rid of y."),
        f"k = {a} * {wrapped(d)} {minus} {c} * {wrapped(b)}\nprint(k)",
    )
    sheet.run(
        ("Do the same with the right sides.",),
        f"n = {wrapped(m)} * {wrapped(d)} {minus} {wrapped(n)} * {wrapped(b)}\nprint(n)",
    )
    sheet.run(("Divide by k to find x.",), "x = n // k\nprint(x, n % k)")
    sheet.run(("Now find y from the first equation.",), f"y = ({m} - {a} * x) // {wrapped(b)}\nprint(y)")
    sheet.run(
        ("Put both numbers back into the equations.",),
        f"print({a} * x + {wrapped(b)} * y == {m}, {c} * x + {wrapped(d)} * y == {n})",
    )
    if level == 3:
        sheet.answer(("So this is the price.",), sheet["x"], sheet["y"])
    else:
        sheet.answer(("So the point is this.",), f"({sheet['x']}, {sheet['y']})")
    return sheet.draft(wanted)


def root_equation(rng: random.Random, level: int, student: Student) -> Draft:
    """A number from its square root: squaring gives two candidates, of which one is false."""
    while True:
        k = nonzero(rng, -9, 9) if level == 5 else 0
        a = nonzero(rng, -9, 12)
        x = rng.randint(1, 40)
        b = (x + k) ** 2 - a * x
        candidates = [i for i in range(-100, 101) if (i + k) ** 2 == a * i + b]
        found = [i for i in candidates if i + k >= 0]
        if b and abs(b) <= 400 and len(candidates) == 2 and len(found) == 1:
            break
    inside, outside = terms((a, b)), terms((1, k))
    question = ask(
        rng,
        f"For which number $x$ is $\\sqrt{{{inside}}}$ equal to ${outside}$?",
        f"The numbers ${outside}$ and $\\sqrt{{{inside}}}$ are equal. What is $x$?",
        f"Which number $x$ satisfies ${outside} = \\sqrt{{{inside}}}$?",
    )
    sheet = Sheet(question, student)
    square = f"({terms((1, k), 'i')})**2" if k else "i**2"
    if k and sheet.holds("square-termwise"):
        square = f"i**2{plus(k * k)}"
    sheet.run(
        ("Square both sides and look for x.",),
        f"c = [i for i in range(-100, 101) if {square} == {terms((a, b), 'i', code=True)}]\nprint(c)",
    )
    test = "" if sheet.holds("root-sign") else f" if {terms((1, k), 'i')} >= 0"
    sheet.run(("The root is not negative; keep those that fit.",), f"e = [i for i in c{test}]\nprint(e)")
    sheet.run(
        ("Check the squares.",), f"print([({terms((1, k), 'i')})**2 == {terms((a, b), 'i', code=True)} for i in e])"
    )
    sheet.answer(("So we have this.", "This is the number."), listed(sheet["e"] or []))
    return sheet.draft(found[0])


def group_size(rng: random.Random, level: int, student: Student) -> Draft:
    """The size of a group from the number of its pairs, or of its pairs with another group."""
    n, m = rng.randint(6, 150), rng.randint(2, 12)
    if level == 3:
        pairs = n * (n - 1)
        question = ask(
            rng,
            f"Each member of a club writes one postcard to every other member, {pairs} postcards in all. How many "
            "members does the club have?",
            f"In a group everyone sends one letter to everyone else. There are {pairs} letters. How many people are "
            "in the group?",
            f"Some friends give a gift to each of the others. That makes {pairs} gifts. How many friends are there?",
        )
        test, check = f"i * (i - 1) == {pairs}", f"n * (n - 1) == {pairs}"
    else:
        pairs = n * (n - 1) // 2 + n * m
        question = ask(
            rng,
            "The members of a club shake hands with each other, every two of them once, and each one also shakes "
            f"hands with {m} guests. There are {pairs} handshakes in all. How many members are there?",
            f"In a club every two players play one game, and each player also plays one game with each of {m} guests. "
            f"They play {pairs} games in all. How many players does the club have?",
            f"Some points are joined by a line, every two of them, and each of them is joined to {m} further points. "
            f"That makes {pairs} lines. How many points are joined to each other?",
        )
        test, check = f"i * (i - 1) // 2 + {m} * i == {pairs}", f"n * (n - 1) // 2 + {m} * n == {pairs}"
    sheet = Sheet(question, student)
    if sheet.holds("ignores-symmetry"):
        test = f"i * (i - 1) // 2 == {pairs}" if level == 3 else f"i * (i - 1) + {m} * i == {pairs}"
    if sheet.holds("off-by-one"):
        test = test.replace("(i - 1)", "i") if level == 4 else f"i * i <= {pairs}"
    sheet.run(
        ("Try the sizes of the group until the number is right.",),
        f"c = [i for i in range(2, 200) if {test}]\nprint(c)",
    )
    sheet.run(("Check the number of pairs.",), f"n = c[-1]\nprint(n, {check})")
    sheet.answer(("So there are this many.",), sheet["n"])
    return sheet.draft(n)


def draws(rng: random.Random, level: int, student: Student) -> Draft:
    """The probability of what two drawn cards show."""
    r, w = rng.randint(2, 15), rng.randint(2, 15)
    one, other = rng.sample(("red", "blue", "green", "white", "black", "yellow"), 2)
    thing = rng.choice(("marbles", "cards", "buttons", "beads"))
    condition = {
        3: f"are both {one}",
        4: "have the same color",
        5: f"are not both {one}",
    }[level]
    question = ask(
        rng,
        f"There are {r} {one} and {w} {other} {thing} in a bag. Two of them are drawn at once. What is the "
        f"probability that they {condition}?",
        f"{rng.choice(NAMES)} has {r} {one} and {w} {other} {thing} and picks two of them at random. Find the "
        f"probability that they {condition}.",
        f"From {r} {one} and {w} {other} {thing} two are taken at once. What is the probability that they {condition}?",
    )
    sheet = Sheet(question, student)
    back = "" if sheet.holds("puts-back") else " - 1"
    sheet.run((f"Count the {thing}.",), f"n = {r} + {w}\nprint(n)")
    both = f"{r} * ({r}{back})"
    count = {3: both, 4: f"{both} + {w} * ({w}{back})", 5: both}[level]
    sheet.run(("Count the ways that fit.",), f"g = {count}\nprint(g)")
    sheet.run(("Count all draws of two.",), f"w = n * (n{back})\nprint(w)")
    minus = "1 - " if level == 5 and not sheet.holds("part-for-whole") else ""
    sheet.run(("Divide to find the probability.",), f"p = {minus}Rational(g, w)\nprint(p)")
    sheet.answer(("So the probability is this.",), tex(sheet["p"]), sheet["g"])
    n = r + w
    same = {3: r * (r - 1), 4: r * (r - 1) + w * (w - 1), 5: n * (n - 1) - r * (r - 1)}[level]
    return sheet.draft(tex(Fraction(same, n * (n - 1))))


def _sum(a: int, b: int) -> str:
    return f"{a}x{plus(b)}y"
