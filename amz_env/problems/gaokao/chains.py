"""Two skills one after the other: what one finds is a number in the next question."""

import random
from collections.abc import Callable
from math import comb, gcd

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import plus, terms
from amz_env.problems.math.work import ask, nonzero
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student

Link = tuple[str, int, Callable[[Sheet, str], None]]
"""the words for a number, the number, and the step that finds it and gives it a name"""


def linked(rng: random.Random, level: int, student: Student) -> Draft:
    """A number $n$ from one skill in the question of another: a value, a sum of terms, pairs, a remainder."""
    words, n, find = rng.choice(LINKS)(rng)
    while n < 3:
        words, n, find = rng.choice(LINKS)(rng)
    asked, wanted, code, text = (_value if level == 2 else rng.choice((_terms, _pairs, _remainder)))(rng, n)
    question = ask(
        rng,
        f"Let $n$ be {words}. {asked}",
        f"If $n$ is {words}, {asked[0].lower()}{asked[1:]}",
        f"The number $n$ is {words}. {asked}",
    )
    sheet = Sheet(question, student)
    find(sheet, "n")
    sheet.run((text,), f"v = {code(sheet)}\nprint(v)")
    sheet.answer(("So this is the result.", "This is what was asked for."), sheet["v"], sheet["n"])
    return sheet.draft(wanted)


def combined(rng: random.Random, level: int, student: Student) -> Draft:
    """Two numbers $a$ and $b$ from two skills, put together at level 3 and used once more at levels 4 and 5."""
    first, second = rng.sample(LINKS, 2)
    (one, a, find), (two, b, find_other) = first(rng), second(rng)
    if level == 3:
        k, sign = rng.randint(2, 9), rng.choice("+-")
        asked, wanted = f"${k}a {sign} b$", k * a + (b if sign == "+" else -b)
        code = f"{k} * a {sign} b"
    elif level == 4:
        k = rng.randint(2, 5)
        asked, wanted, code = f"$a^2 + b^2{plus(-k)}ab$", a * a + b * b - k * a * b, f"a**2 + b**2 - {k} * a * b"
    else:
        m = rng.randint(7, 30)
        asked = f"the remainder when $a^2 + b^2 + ab$ is divided by {m}"
        wanted, code = (a * a + b * b + a * b) % m, f"(a**2 + b**2 + a * b) % {m}"
    question = ask(
        rng,
        f"Let $a$ be {one}, and let $b$ be {two}. What is {asked}?",
        f"If $a$ is {one} and $b$ is {two}, what is {asked}?",
        f"The number $a$ is {one}. The number $b$ is {two}. Find {asked}.",
    )
    sheet = Sheet(question, student)
    find(sheet, "a")
    find_other(sheet, "b")
    if sheet.holds("power-as-product"):
        code = code.replace("**", " * ")
    sheet.run(("Put both numbers in.", "Now use both numbers."), f"v = {code}\nprint(v)")
    sheet.answer(("So this is the result.", "This is what was asked for."), sheet["v"], sheet["a"])
    return sheet.draft(wanted)


def _divisor(rng: random.Random) -> Link:
    g, p, q = rng.randint(3, 12), *rng.sample(range(2, 9), 2)
    m, n = g * p, g * q

    def find(sheet: Sheet, name: str) -> None:
        wrong = sheet.holds("gcd-for-lcm")
        sheet.run(
            ("Find the greatest common divisor.",), f"{name} = {'lcm' if wrong else 'gcd'}({m}, {n})\nprint({name})"
        )

    return f"the greatest common divisor of {m} and {n}", gcd(m, n), find


def _remaining(rng: random.Random) -> Link:
    m, n = rng.randint(40, 300), rng.randint(11, 25)

    def find(sheet: Sheet, name: str) -> None:
        sign = "//" if sheet.holds("left-to-right") else "%"
        sheet.run((f"Find the remainder by {n}.",), f"{name} = {m} {sign} {n}\nprint({name})")

    return f"the remainder when {m} is divided by {n}", m % n, find


def _root(rng: random.Random) -> Link:
    s = rng.randint(3, 12)
    r = rng.choice([r for r in range(-9, s) if r])
    polynomial = (1, -(r + s), r * s)

    def find(sheet: Sheet, name: str) -> None:
        place = "0" if sheet.holds("one-root") else "-1"
        sheet.run(
            ("Look for the larger root.",),
            f"c = [i for i in range(-20, 21) if {terms(polynomial, 'i', code=True)} == 0]\n{name} = c[{place}]\n"
            f"print(c, {name})",
        )

    return f"the larger root of ${terms(polynomial)} = 0$", s, find


def _solution(rng: random.Random) -> Link:
    a, b, x = rng.randint(2, 9), nonzero(rng, -20, 20), rng.randint(3, 12)

    def find(sheet: Sheet, name: str) -> None:
        sign = "+" if (b > 0) == sheet.holds("keeps-sign") else "-"
        sheet.run(
            ("Move the number to the right side and divide.",),
            f"{name} = ({a * x + b} {sign} {abs(b)}) // {a}\nprint({name})",
        )

    return f"the solution of ${terms((a, b))} = {a * x + b}$", x, find


def _mean(rng: random.Random) -> Link:
    m, d, e = rng.randint(4, 15), rng.randint(1, 3), rng.randint(0, 3)
    numbers = (m - d - e, m + d, m + e)

    def find(sheet: Sheet, name: str) -> None:
        count = 2 if sheet.holds("off-by-one") else 3
        sheet.run(
            ("Add the numbers and divide by how many there are.",),
            f"s = {numbers[0]} + {numbers[1]} + {numbers[2]}\n{name} = s // {count}\nprint({name}, s % {count})",
        )

    return f"the mean of {numbers[0]}, {numbers[1]} and {numbers[2]}", m, find


def _count(rng: random.Random) -> Link:
    k, high = rng.randint(6, 15), rng.randint(50, 150)

    def find(sheet: Sheet, name: str) -> None:
        one = " + 1" if sheet.holds("off-by-one") else ""
        sheet.run((f"Count the multiples of {k}.",), f"{name} = {high} // {k}{one}\nprint({name})")

    return f"the number of multiples of {k} from 1 to {high}", high // k, find


LINKS = (_divisor, _remaining, _root, _solution, _mean, _count)

Use = tuple[str, int, Callable[[Sheet], str], str]
"""a question about $n$, its answer, the code that a student writes for it, and the words of that step"""


def _value(rng: random.Random, n: int) -> Use:
    a, b = rng.randint(2, 9), nonzero(rng, -20, 20)
    return f"What is ${terms((a, b), 'n')}$?", a * n + b, lambda sheet: f"{a} * n{plus(b)}", "Put n into the formula."


def _terms(rng: random.Random, n: int) -> Use:
    a, d = rng.randint(1, 12), rng.randint(2, 9)
    row = f"${a}$, ${a + d}$, ${a + 2 * d}$, ..."

    def code(sheet: Sheet) -> str:
        return f"{a} + {'n' if sheet.holds('off-by-one') else '(n - 1)'} * {d}"

    return f"What is term number $n$ of the arithmetic sequence {row}?", a + (n - 1) * d, code, "Find this term."


def _pairs(rng: random.Random, n: int) -> Use:
    who = rng.choice(("players", "people", "children", "members"))

    def code(sheet: Sheet) -> str:
        return "n * (n - 1)" if sheet.holds("ignores-symmetry") else "n * (n - 1) // 2"

    return f"In how many ways can a team of 2 be chosen from $n$ {who}?", comb(n, 2), code, "Choose 2 of n."


def _remainder(rng: random.Random, n: int) -> Use:
    m = rng.randint(60, 400)

    def code(sheet: Sheet) -> str:
        return f"{m} {'//' if sheet.holds('left-to-right') else '%'} n"

    return f"What is the remainder when {m} is divided by $n$?", m % n, code, "Divide by n and keep the remainder."
