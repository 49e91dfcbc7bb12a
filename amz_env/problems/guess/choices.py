"""A choice is guessed: some of the numbers given, the signs or the operations between them."""

import random
from collections.abc import Sequence
from itertools import combinations, product
from math import prod

from amz_env.problems.base import Draft
from amz_env.problems.guess.trial import guessed
from amz_env.problems.math.work import ask
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student


def pair(rng: random.Random, level: int, student: Student) -> Draft:
    """The product of the two of several numbers that have a given sum."""
    return pair_of(rng, student, level + 2)


def pair_of(rng: random.Random, student: Student, count: int) -> Draft:
    """The same with so many numbers to choose from."""
    numbers, right = numbers_with_sum(rng, count, 2, (11, 60))
    s, shown = sum(right), ", ".join(map(str, numbers))
    question = ask(
        rng,
        f"Which two of the numbers {shown} have the sum {s}? Find their product.",
        f"Two of the numbers {shown} add up to {s}. What is their product?",
        f"Choose two of {shown} so that their sum is {s}, and multiply these two. What is the result?",
    )
    sheet = Sheet(question, student)
    x, y = guessed(student, "hasty-pick", right, list(combinations(numbers, 2)))
    sheet.run((f"Try {x} and {y}.", f"Take {x} and {y}."), f"a, b = {x}, {y}\nprint(a + b == {s})")
    sheet.run(("Multiply the two.", "Find their product."), "p = a * b\nprint(p)")
    sheet.answer(("This is the product.", "So the result is this."), sheet["p"], x)
    return sheet.draft(prod(right))


def three(rng: random.Random, level: int, student: Student) -> Draft:
    """The sum of the squares of the three of several numbers that have a given sum."""
    return three_of(rng, student, level + 1)


def three_of(rng: random.Random, student: Student, count: int) -> Draft:
    """The same with so many numbers to choose from."""
    numbers, right = numbers_with_sum(rng, count, 3, (11, 80))
    s, shown = sum(right), ", ".join(map(str, numbers))
    question = ask(
        rng,
        f"Which three of the numbers {shown} have the sum {s}? What is the sum of their squares?",
        f"Three of the numbers {shown} add up to {s}. Find the sum of the squares of these three.",
        f"Choose three of {shown} so that their sum is {s}. What do the squares of these three add up to?",
    )
    sheet = Sheet(question, student)
    x, y, z = guessed(student, "hasty-pick", right, list(combinations(numbers, 3)))
    sheet.run((f"Try {x}, {y} and {z}.", f"Take {x}, {y} and {z}."), f"c = [{x}, {y}, {z}]\nprint(sum(c) == {s})")
    sheet.run(("Add their squares.", "Square the three and add."), "q = sum([i**2 for i in c])\nprint(q)")
    sheet.answer(("This is the sum of the squares.", "So the result is this."), sheet["q"], x)
    return sheet.draft(sum(i * i for i in right))


def signs(rng: random.Random, level: int, student: Student) -> Draft:
    """Plus or minus between numbers, for the product of those that get a minus."""
    return signs_of(rng, student, min(level + 1, 3), 30 if level < 3 else 60)


def signs_of(rng: random.Random, student: Student, count: int, top: int) -> Draft:
    """The same with so many signs, between numbers below `top`."""
    patterns = [signs for signs in product((1, -1), repeat=count) if -1 in signs]
    while True:
        first, numbers = rng.randint(20, 60), rng.sample(range(3, top), count)
        right = rng.choice(patterns)
        t = first + _total(right, numbers)
        if sum(first + _total(each, numbers) == t for each in product((1, -1), repeat=count)) == 1:
            break
    boxes = " ? ".join(map(str, (first, *numbers)))
    question = ask(
        rng,
        f"In {boxes} = {t} each ? stands for + or -. What is the product of the numbers after a minus sign?",
        f"Put + or - for each ? so that {boxes} = {t}. Find the product of all numbers that are subtracted.",
        f"Replace each ? by + or - to make {boxes} = {t} true. Multiply the numbers after a minus. What is the result?",
    )
    sheet = Sheet(question, student)
    tried = guessed(student, "any-sign", right, patterns)
    written = str(first) + "".join(f" {'+' if s > 0 else '-'} {n}" for s, n in zip(tried, numbers, strict=True))
    sheet.run(("Try these signs.", "Put in signs and see."), f"t = {written}\nprint(t, t == {t})")
    taken = [n for s, n in zip(tried, numbers, strict=True) if s < 0]
    sheet.run(("Multiply what is subtracted.", "Take the numbers after a minus."), f"p = {_product(taken)}\nprint(p)")
    sheet.answer(("This is the product.", "So the result is this."), sheet["p"], len(taken))
    return sheet.draft(prod(n for s, n in zip(right, numbers, strict=True) if s < 0))


def operations(rng: random.Random, level: int, student: Student) -> Draft:
    """Plus or times between numbers, at level 3 minus too, as digits."""
    return operations_of(rng, student, 4 if level == 5 else 3, "+-*" if level == 3 else "+*", last=level == 3)


def operations_of(rng: random.Random, student: Student, count: int, signs: str, *, last: bool) -> Draft:
    """The same between so many numbers, with a choice of signs, and a bracket that comes first or last."""
    while True:
        numbers = rng.sample(range(2, 16), count)
        patterns = ["".join(each) for each in product(signs, repeat=len(numbers) - 1)]
        right = rng.choice(patterns)
        t = _value(_bracketed(numbers, right, last=last))
        if t > 0 and sum(_value(_bracketed(numbers, each, last=last)) == t for each in patterns) == 1:
            break
    boxes = _bracketed(numbers, "?" * (len(numbers) - 1), last=last)
    these, code = ("+, - or *", "1 for +, 2 for - and 3 for *") if "-" in signs else ("+ or *", "1 for + and 2 for *")
    question = ask(
        rng,
        f"In {boxes} = {t} each ? stands for {these}. Write {code}. Which number is this?",
        f"Put {these} for each ? so that {boxes} = {t}. Then write {code} to make a number.",
        f"Replace each ? by {these} to make {boxes} = {t} true. With {code}, which number do the signs make?",
    )
    sheet = Sheet(question, student)
    tried = guessed(student, "any-sign", right, patterns)
    sheet.run(
        ("Try these signs.", "Put in signs and see."),
        f"t = {_bracketed(numbers, tried, last=last)}\nprint(t, t == {t})",
    )
    digits = {sign: str(place) for place, sign in enumerate(signs, 1)}
    written, answer = ("".join(digits[sign] for sign in each) for each in (tried, right))
    sheet.answer((f"The signs are {' '.join(tried)}.", f"In order these are {' '.join(tried)}."), written, t)
    return sheet.draft(answer)


def numbers_with_sum(
    rng: random.Random, count: int, chosen: int, span: tuple[int, int]
) -> tuple[list[int], tuple[int, ...]]:
    """Draw numbers of which one choice only has its sum, and that choice."""
    while True:
        numbers = rng.sample(range(*span), count)
        choices = list(combinations(numbers, chosen))
        right = rng.choice(choices)
        if sum(sum(each) == sum(right) for each in choices) == 1:
            return numbers, right


def _total(signs: Sequence[int], numbers: Sequence[int]) -> int:
    return sum(s * n for s, n in zip(signs, numbers, strict=True))


def _product(numbers: Sequence[int]) -> str:
    return " * ".join(map(str, numbers)) or "0"


def _bracketed(numbers: Sequence[int], operations: str, *, last: bool) -> str:
    """Return the line with a bracket around its first two numbers, or the last two of three."""
    first, second, *more = zip(("", *operations), numbers, strict=True)
    if last:
        return f"{first[1]} {second[0]} ({second[1]} {more[0][0]} {more[0][1]})"
    return f"({first[1]} {second[0]} {second[1]})" + "".join(f" {o} {n}" for o, n in more)


def _value(written: str) -> int:
    """Return the value of an expression made above."""
    value: int = eval(written)
    return value
