"""Numbers are guessed from lists, each from a clue of its own, and what is asked for is made of them.

One clue at levels 1 and 2, two at 3 and 4, three at 5. A wrong guess shows at once, so a search that goes on from those
that fit needs a few guesses a clue, where greedy decoding needs luck with all of them in turn.

In training, only some kinds of clues follow each other; mini-gaokao has the other neighbours, and longer chains.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import gcd, prod

from amz_env.problems.base import Draft, Family
from amz_env.problems.guess.trial import guessed
from amz_env.problems.math.forms import terms
from amz_env.problems.math.work import ask
from amz_env.problems.sheet import Sheet
from amz_env.problems.students import Student

_PRIMES = (7, 11, 13, 17, 19, 23, 29, 31, 37)


@dataclass(frozen=True, slots=True)
class Clue:
    """What is known of one number.

    Attributes:
        listed: the numbers that it may be, in the order of the question.
        right: the one of them that it is.
        text: what is said of it, after its list: "that divides 143".
        condition: the same in Python.
    """

    listed: tuple[int, ...]
    right: int
    text: str
    condition: str


def divides(rng: random.Random, name: str, count: int) -> Clue:
    """The one of several primes that divides a number."""
    primes = rng.sample(_PRIMES, count)
    right = rng.choice(primes)
    n = right * rng.choice([q for q in range(20, 300) if sum(right * q % p == 0 for p in primes) == 1])
    return Clue(tuple(primes), right, f"that divides {n}", f"{n} % {name} == 0")


def remainder(rng: random.Random, name: str, count: int) -> Clue:
    """The one of several numbers that leaves a given remainder."""
    m = rng.randint(6, 13)
    listed, right = _only_one(rng, range(21, 100), count, lambda x: x % m)
    return Clue(listed, right, f"that leaves remainder {right % m} by {m}", f"{name} % {m} == {right % m}")


def multiple(rng: random.Random, name: str, count: int) -> Clue:
    """The one of several numbers of which a multiple leaves a given remainder."""
    m = rng.choice((7, 9, 11, 13))
    a = rng.choice([a for a in range(m + 2, 6 * m) if gcd(a, m) == 1 and a % m != 1])
    listed, right = _only_one(rng, range(2, m), count, lambda x: a * x % m)
    r = a * right % m
    return Clue(listed, right, rf"with ${a}{name} \equiv {r} \pmod{{{m}}}$", f"{a} * {name} % {m} == {r}")


def power(rng: random.Random, name: str, count: int) -> Clue:
    """The one of several exponents at which a power leaves a given remainder."""
    m, a = rng.choice(((7, 3), (7, 5), (9, 2), (9, 5), (11, 2), (11, 6), (11, 7), (11, 8), (13, 2), (13, 6), (13, 7)))
    a += m * rng.randint(0, 5)
    listed, right = _only_one(rng, range(2, 8), count, lambda n: pow(a, n, m))
    r = pow(a, right, m)
    return Clue(listed, right, rf"with ${a}^{name} \equiv {r} \pmod{{{m}}}$", f"{a}**{name} % {m} == {r}")


def root(rng: random.Random, name: str, count: int) -> Clue:
    """The one of several numbers that solves a quadratic equation."""
    r, s = rng.sample([i for i in range(-12, 13) if abs(i) > 1], 2)
    equation = (1, -(r + s), r * s)
    listed = [r, *rng.sample([i for i in range(-12, 13) if abs(i) > 1 and i not in (r, s)], count - 1)]
    rng.shuffle(listed)
    condition = f"{terms(equation, name, code=True)} == 0"
    return Clue(tuple(listed), r, f"with ${terms(equation, name)} = 0$", condition)


def _only_one(
    rng: random.Random, pool: Sequence[int], count: int, seen: Callable[[int], int]
) -> tuple[tuple[int, ...], int]:
    """Draw numbers of which one alone looks as it does, and that one."""
    while True:
        listed = rng.sample(pool, count)
        right = rng.choice(listed)
        if sum(seen(x) == seen(right) for x in listed) == 1:
            return tuple(listed), right


KINDS = (divides, remainder, multiple, power, root)
_SIZES = {1: (2,), 2: (3,), 3: (2, 2), 4: (3, 3), 5: (2, 2, 2)}
"""level -> how many numbers each clue lists"""
_TRAINED_STEPS = (1, 2)
"""how far on in `KINDS`, round in a circle, the next clue's kind stands in the sets trained on"""


def family(first: int) -> Family:
    """Return the family of problems that begin with a clue of a kind, given by its place in `KINDS`."""
    return partial(_linked, first)


def _linked(first: int, rng: random.Random, level: int, student: Student) -> Draft:
    return linked(rng, student, first, _SIZES[level], _TRAINED_STEPS)


def linked(rng: random.Random, student: Student, first: int, sizes: Sequence[int], steps: Sequence[int]) -> Draft:
    """A number from as many clues as `sizes`, which says how many numbers each of them lists.

    Args:
        rng: draws the question.
        student: does the work.
        first: place in `KINDS` of the first clue's kind.
        sizes: numbers in the list of each clue.
        steps: how far on in `KINDS` the kind of each next clue may stand.
    """
    names = "abcd"[: len(sizes)]
    kinds = [first]
    while len(kinds) < len(sizes):
        kinds.append((kinds[-1] + rng.choice(steps)) % len(KINDS))
    clues = [KINDS[kind](rng, name, size) for kind, name, size in zip(kinds, names, sizes, strict=True)]
    times, factor = rng.random() < 0.5, rng.randint(2, 9)
    wanted = _wanted(names, factor, times=times)
    question = ask(
        rng,
        f"{_told(clues, names, 'Let ${}$ be the one of {} {}.')} What is {wanted}?",
        f"{_told(clues, names, 'One of {1} is ${0}$, the number {2}.')} Find {wanted}.",
        f"{_told(clues, names, 'Of {1} take for ${0}$ the number {2}.')} Now find {wanted}.",
    )
    sheet = Sheet(question, student)
    for clue, name in zip(clues, names, strict=True):
        x = guessed(student, "any-listed", clue.right, clue.listed)
        sheet.run((f"Try {x} for {name}.", f"Let {name} be {x}."), f"{name} = {x}\nprint({clue.condition})")
    sign = " * " if times != sheet.holds("sum-for-product") else " + "
    parts = [str(factor), *names] if len(names) == 1 else names
    sheet.run(("Now find what is asked.", "Put them together."), f"r = {sign.join(parts)}\nprint(r)")
    found = sheet[names[-1]] if sheet.holds("answers-the-guess") else sheet["r"]
    sheet.answer(("This is the number.", "So the result is this."), found, sheet[names[0]])
    right = [clue.right for clue in clues] + [factor] * (len(names) == 1)
    return sheet.draft(prod(right) if times else sum(right))


def _told(clues: Sequence[Clue], names: str, sentence: str) -> str:
    """Return all clues, each in a sentence of its own."""
    told = zip(names, clues, strict=True)
    return " ".join(sentence.format(name, _listed(clue.listed), clue.text) for name, clue in told)


def _listed(numbers: Sequence[int]) -> str:
    return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _wanted(names: str, factor: int, *, times: bool) -> str:
    """Return what is asked for: a multiple or a sum of one number, the product or the sum of several."""
    if len(names) == 1:
        return f"{factor} times ${names}$" if times else f"the sum of {factor} and ${names}$"
    every = f"{', '.join(f'${name}$' for name in names[:-1])} and ${names[-1]}$"
    return f"the {'product' if times else 'sum'} of {every}"
