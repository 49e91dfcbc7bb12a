"""Single skills of algebra and arithmetic in words that the other sets do not use: equations, terms, means, prices."""

import random
from math import gcd

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import lcm_of, less, listed, plus, terms
from amz_env.problems.math.work import NAMES, ask, nonzero
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student

CHECK = ("Put x into both sides.", "Check by putting x back into the equation.")


def equation(rng: random.Random, level: int, student: Student) -> Draft:
    """A linear equation, with x on one side or on both."""
    x = rng.randint(2, 15) if level == 1 else nonzero(rng, -9, 12)
    a, b = rng.randint(3, 12), nonzero(rng, -30, 30)
    c = 0 if level == 1 else rng.randint(1, a - 1)
    d = (a - c) * x + b
    left, right = terms((a, b)), terms((c, d))
    question = ask(
        rng,
        f"The equation ${left} = {right}$ has one solution. What is it?",
        f"For which number $x$ is ${left}$ equal to ${right}$?",
        f"The numbers ${left}$ and ${right}$ are equal. What is $x$?",
        f"Let ${left} = {right}$. Find $x$.",
    )
    sheet = Sheet(question, student)
    sign = plus(b) if sheet.holds("keeps-sign") else less(b)
    if level == 2:
        sheet.run("Collect the x terms on the left side.", f"k = {a} - {c}\nprint(k)")
    sheet.run(("Move the number to the right side.",), f"n = {d}{sign}\nprint(n)")
    k = str(a) if level == 1 else "k"
    sheet.run(("Divide to find x and look at the remainder.",), f"x = n // {k}\nprint(x, n % {k})")
    sheet.run(CHECK, f"print({a} * x{plus(b)} == {terms((c, d), 'x', code=True)})")
    sheet.answer(("So this is x.", "The solution is x."), sheet["x"], sheet["n"])
    return sheet.draft(x)


def quadratic(rng: random.Random, level: int, student: Student) -> Draft:
    """A quadratic equation with whole roots: the larger one, or both."""
    r = rng.randint(-9, 9)
    s = r + rng.randint(1, 9)
    b, c = -(r + s), r * s
    larger = level == 2
    left = f"${terms((1, b, c))}$" if rng.random() < 0.6 or not b else f"${terms((1, b, 0))}$"
    right = 0 if left == f"${terms((1, b, c))}$" else -c
    question = (
        ask(
            rng,
            f"The expression {left} is equal to {right} for two numbers $x$. What is the larger of them?",
            f"Two numbers $x$ make {left} equal to {right}. Find the larger one.",
            f"Which is the largest number $x$ for which {left} is equal to {right}?",
        )
        if larger
        else ask(
            rng,
            f"The expression {left} is equal to {right} for two numbers $x$. Find both.",
            f"Which two numbers $x$ make {left} equal to {right}?",
            f"For which numbers $x$ is {left} equal to {right}? Give all of them.",
        )
    )
    sheet = Sheet(question, student)
    constant = -c if right and sheet.holds("keeps-sign") else c
    sheet.run(
        ("Move everything to the left side and look for x.", "Look for the roots."),
        f"c = [i for i in range(-40, 41) if {terms((1, b, constant), 'i', code=True)} == 0]\nprint(c)",
    )
    if larger:
        place = "0" if sheet.holds("one-root") else "-1"
        sheet.run(
            ("Take the larger one and check.",), f"x = c[{place}]\nprint(x, {terms((1, b, c), 'x', code=True)} == 0)"
        )
        sheet.answer(("This is the larger number.",), sheet["x"])
        return sheet.draft(s)
    stop = "[:1]" if sheet.holds("one-root") else ""
    sheet.run(("Put the numbers back in.",), f"c = c{stop}\nprint(c, [{terms((1, b, c), 'i', code=True)} for i in c])")
    sheet.answer(("So we have the solutions.", "These are the solutions."), listed(sheet["c"] or []))
    return sheet.draft(listed((r, s)))


def term(rng: random.Random, level: int, student: Student) -> Draft:
    """A term of an arithmetic sequence, from the first terms or from the first term and the difference."""
    a, d, n = rng.randint(2, 40), rng.randint(2, 15), rng.randint(8, 60)
    if level == 1:
        row = f"${a}$, ${a + d}$, ${a + 2 * d}$, ..."
        question = ask(
            rng,
            f"The arithmetic sequence {row} goes on. Find term number {n} of it.",
            f"The first terms of an arithmetic sequence are {row} What is its term number {n}?",
            f"An arithmetic sequence begins {row} Give the term with number {n}.",
        )
    else:
        question = ask(
            rng,
            f"An arithmetic sequence has first term ${a}$ and common difference ${d}$. What is its term number {n}?",
            f"The first term of an arithmetic sequence is ${a}$, and each further term is ${d}$ more. Find term number "
            f"{n}.",
            f"In an arithmetic sequence the first term is ${a}$ and the common difference is ${d}$. Find term number "
            f"{n}.",
        )
    sheet = Sheet(question, student)
    found = f"{a + d} - {a}" if level == 1 else f"{d}"
    sheet.run(("Find the common difference.",), f"d = {found}\nprint(d)")
    steps = f"{n}" if sheet.holds("off-by-one") else f"({n} - 1)"
    sheet.run((f"Find term number {n} from the first term.",), f"last = {a} + {steps} * d\nprint(last)")
    sheet.answer(("So the term is this.", "This is the term."), sheet["last"], sheet["d"])
    return sheet.draft(a + (n - 1) * d)


def mean(rng: random.Random, level: int, student: Student) -> Draft:
    """The mean of some numbers, or the one that is missing."""
    count = rng.randint(3, 4)
    m = rng.randint(12, 60)
    while True:
        numbers = rng.sample(range(5, 96), count - 1)
        last = m * count - sum(numbers)
        if 2 <= last <= 99:
            break
    word = {3: "Three", 4: "Four"}[count]
    if level == 1:
        shown = _and([*numbers, last])
        question = ask(
            rng,
            f"{word} numbers are {shown}. What is their mean?",
            f"The numbers {shown} are given. Find their average.",
            f"A student has the scores {shown}. What is the mean score?",
        )
    else:
        shown = _and(numbers)
        question = ask(
            rng,
            f"{word} numbers have mean {m}. All but one of them are {shown}. What is the last number?",
            f"The average of {shown} and one more number is {m}. What is that number?",
            f"The mean of {word.lower()} numbers is {m}. The numbers {shown} are among them. Find the other one.",
        )
    sheet = Sheet(question, student)
    if level == 1:
        sheet.run(("Add the numbers.",), f"s = {' + '.join(map(str, [*numbers, last]))}\nprint(s)")
        n = count - 1 if sheet.holds("off-by-one") else count
        sheet.run(("Divide by how many there are.",), f"m = s // {n}\nprint(m, s % {n})")
        sheet.answer(("So the mean is this.",), sheet["m"], sheet["s"])
        return sheet.draft(m)
    n = count - 1 if sheet.holds("off-by-one") else count
    sheet.run(("Find the sum that all numbers need.",), f"s = {n} * {m}\nprint(s)")
    sheet.run(("Add the known numbers.",), f"t = {' + '.join(map(str, numbers))}\nprint(t)")
    sheet.run(("Subtract to find the missing number.",), "x = s - t\nprint(x)")
    sheet.run(("Check the mean.",), f"print((t + x) // {count}, (t + x) % {count})")
    sheet.answer(("So the missing number is this.",), sheet["x"], sheet["t"])
    return sheet.draft(last)


def multiples(rng: random.Random, level: int, student: Student) -> Draft:
    """How many multiples of a number there are, from 1 or from a larger number on."""
    k, high = rng.randint(3, 12), rng.randint(60, 400)
    low = 1 if level == 1 else rng.randint(k + 5, 50)
    question = ask(
        rng,
        f"How many multiples of {k} are there from {low} to {high}?",
        f"In the list of all whole numbers from {low} to {high}, how many are multiples of {k}?",
        f"Count the multiples of {k} among the whole numbers from {low} to {high}. How many are there?",
    )
    sheet = Sheet(question, student)
    add = " + 1" if level == 1 and sheet.holds("off-by-one") else ""
    sheet.run((f"Count the multiples of {k} up to the upper end.",), f"a = {high} // {k}{add}\nprint(a)")
    name = "a"
    if level == 2:
        below = f"{low}" if sheet.holds("off-by-one") else f"({low} - 1)"
        sheet.run((f"Count the multiples of {k} below the lower end.",), f"b = {below} // {k}\nprint(b)")
        sheet.run(("Take the difference.",), f"n = a {'+' if sheet.holds('keeps-sign') else '-'} b\nprint(n)")
        name = "n"
    sheet.answer(("This is the count.", "So there are this many."), sheet[name], sheet["a"] if level == 2 else None)
    return sheet.draft(high // k - (low - 1) // k)


def common(rng: random.Random, level: int, student: Student) -> Draft:
    """The greatest number that divides two numbers; the smallest that both divide."""
    g, p, q = rng.randint(2, 15), *rng.sample(range(2, 13), 2)
    m, n = g * p, g * q
    question = (
        ask(
            rng,
            f"What is the greatest number that divides both {m} and {n}?",
            f"Among the numbers that divide both {m} and {n}, find the greatest.",
            f"Both {m} and {n} can be divided by some numbers. Which is the largest one?",
        )
        if level == 1
        else ask(
            rng,
            f"What is the smallest positive number that both {m} and {n} divide?",
            f"Which is the least positive number that can be divided by {m} and by {n}?",
            f"Among the positive numbers that both {m} and {n} divide, find the smallest.",
        )
    )
    sheet = Sheet(question, student)
    swapped = sheet.holds("gcd-for-lcm")
    sheet.run(
        (f"List the common divisors of {m} and {n}.",),
        f"c = [d for d in range(1, {min(m, n) + 1}) if {m} % d == 0 and {n} % d == 0]\nprint(c)",
    )
    sheet.run(("Take the greatest one.",), f"g = c[-1]\nprint({m} % g, {n} % g)")
    if (level == 2) != swapped:
        sheet.run(("Divide the product by g to get the multiple.",), f"g = {m} * {n} // g\nprint(g)")
    else:
        sheet.run(("This is the number.",), "print(g)")
    sheet.answer(("So this is the result.",), sheet["g"])
    return sheet.draft(gcd(m, n) if level == 1 else lcm_of(m, n))


def remainder(rng: random.Random, level: int, student: Student) -> Draft:
    """What is left over when a number, a product or a sum is divided."""
    m = rng.randint(3, 12)
    a, b = rng.randint(20, 200), rng.randint(3, 60)
    product = rng.random() < 0.5
    written, code, value = (
        (f"{a}", f"{a}", a)
        if level == 1
        else (rf"{a} \cdot {b}", f"{a} * {b}", a * b)
        if product
        else (f"{a} + {b}", f"{a} + {b}", a + b)
    )
    question = ask(
        rng,
        f"The number ${written}$ is divided by {m}. Which remainder is left?",
        f"Divide ${written}$ by {m}. What is the remainder?",
        f"Which remainder does ${written}$ leave when it is divided by {m}?",
    )
    sheet = Sheet(question, student)
    if level == 1:
        sheet.run((f"The number is divided by {m}.",), f"n = {code}\nprint(n)")
    else:
        sheet.run(("First find the number.",), f"n = {code}\nprint(n)")
    sign = "//" if sheet.holds("left-to-right") else "%"
    sheet.run((f"Find the remainder by {m}.",), f"r = n {sign} {m}\nprint(r)")
    sheet.run((f"Without r the number must divide by {m}.",), f"print(({code} - r) % {m})")
    sheet.answer(("This is the remainder.", "So the remainder is this."), sheet["r"], sheet["n"])
    return sheet.draft(value % m)


def percent(rng: random.Random, level: int, student: Student) -> Draft:
    """A price after one change or two changes."""
    p, q = rng.sample((5, 10, 20, 25, 30, 40, 50), 2)
    thing = rng.choice(("bike", "coat", "lamp", "phone", "table", "watch", "guitar", "camera"))
    up, up2 = rng.random() < 0.5, rng.random() < 0.5
    way, way2 = ("raised" if one else "lowered" for one in (up, up2))
    old = 20 * rng.randint(2, 60) if level == 1 else 400 * rng.randint(1, 12)
    if level == 1:
        question = ask(
            rng,
            f"A {thing} costs {old} dollars. What does it cost in dollars when the price is {way} by {p}%?",
            f"At first a {thing} costs {old} dollars. Then its price is {way} by {p}%. How many dollars is it now?",
            f"The price of {old} dollars for a {thing} is {way} by {p}%. What is the new price in dollars?",
        )
    else:
        question = ask(
            rng,
            f"At first a {thing} costs {old} dollars. Then its price is {way} by {p}%, and the new price is {way2} by "
            f"{q}%. How many dollars is it now?",
            f"The price of {old} dollars for a {thing} is first {way} by {p}% and then {way2} by {q}%. What is the "
            "price in dollars at the end?",
            f"What does a {thing} of {old} dollars cost in dollars after its price is {way} by {p}% and the new price "
            f"is {way2} by {q}%?",
        )
    sheet = Sheet(question, student)
    sheet.run((f"Find {p}% of the price.",), f"c = {old} * {p} // 100\nprint(c)")
    plain = sheet.holds("keeps-direction")
    sheet.run(("Find the new price.",), f"price = {old} {'+' if up != plain else '-'} c\nprint(price)")
    if level == 1:
        sheet.answer(("So it costs this much now.",), sheet["price"], sheet["c"])
        return sheet.draft(old + (old if up else -old) * p // 100)
    base = old if sheet.holds("percent-of-start") else "price"
    sheet.run((f"Now take {q}%.",), f"d = {base} * {q} // 100\nprint(d)")
    sheet.run(("Find the price at the end.",), f"end = price {'+' if up2 else '-'} d\nprint(end)")
    sheet.answer(("So it costs this much at the end.",), sheet["end"], sheet["price"])
    return sheet.draft(old * (100 + (p if up else -p)) * (100 + (q if up2 else -q)) // 10_000)


def change(rng: random.Random, level: int, student: Student) -> Draft:
    """What is left of some money after buying one or two kinds of things."""
    (one, ones), (two, twos) = rng.sample(
        (("pen", "pens"), ("cap", "caps"), ("mug", "mugs"), ("ball", "balls"), ("book", "books"), ("kite", "kites")), 2
    )
    p, q, n, m = rng.randint(2, 15), rng.randint(2, 15), rng.randint(2, 9), rng.randint(2, 9)
    name = rng.choice(NAMES)
    cost = p * n if level == 1 else p * n + q * m
    paid = cost + rng.randint(1, 30)
    if level == 1:
        question = ask(
            rng,
            f"{name} buys {n} {ones} at {p} dollars each and pays with {paid} dollars. How many dollars does {name} "
            "get back?",
            f"One {one} costs {p} dollars. {name} has {paid} dollars and buys {n} {ones}. How many dollars are left?",
            f"From {paid} dollars {name} pays for {n} {ones}. Each {one} costs {p} dollars. What is left in dollars?",
        )
    else:
        question = ask(
            rng,
            f"{name} buys {n} {ones} at {p} dollars each and {m} {twos} at {q} dollars each, and pays with {paid} "
            f"dollars. How many dollars does {name} get back?",
            f"One {one} costs {p} dollars and one {two} costs {q} dollars. {name} has {paid} dollars and buys {n} "
            f"{ones} and {m} {twos}. How many dollars are left?",
            f"From {paid} dollars {name} pays for {n} {ones} and {m} {twos}. Each {one} costs {p} dollars and each "
            f"{two} {q} dollars. What is left in dollars?",
        )
    sheet = Sheet(question, student)
    sign = "+" if sheet.holds("adds-choices") else "*"
    sheet.run((f"Pay for the {ones}.", f"Find the cost of the {ones}."), f"a = {n} {sign} {p}\nprint(a)")
    spent = "a"
    if level == 2:
        sheet.run((f"Pay for the {twos}.", f"Find the cost of the {twos}."), f"b = {m} {sign} {q}\nprint(b)")
        sheet.run(("Add both.", "Find the whole cost."), "c = a + b\nprint(c)")
        spent = "c"
    sheet.run((f"What is left of {paid} dollars.", "Take the cost away."), f"n = {paid} - {spent}\nprint(n)")
    sheet.answer(("This is what is left.", "So this much is left."), sheet["n"], sheet["a"])
    return sheet.draft(paid - cost)


def _and(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:-1])) + f" and {numbers[-1]}"
