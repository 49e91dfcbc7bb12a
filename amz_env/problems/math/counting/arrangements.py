"""Choices, arrangements, committees, seats, paths."""

import random
from collections import Counter
from fractions import Fraction
from math import comb, factorial, perm, prod

from amz_env.problems.base import Draft
from amz_env.problems.math.counting.words import DOUBLED_WORDS, PLAIN_WORDS
from amz_env.problems.math.forms import tex
from amz_env.problems.math.work import NAMES, Work, ask
from amz_env.problems.students import Student


def choices(rng: random.Random, level: int, student: Student) -> Draft:
    """Independent choices: outfits, meals, codes."""
    a, b, c, d = (rng.randint(2, 9) for _ in range(4))
    counts = [a, b] if level == 1 else [a, b, c] if level == 2 else [a, b, c, d]
    kinds = rng.choice((("shirts", "hats", "coats", "scarves"), ("soups", "salads", "cakes", "drinks")))
    verb = "wear" if kinds[0] == "shirts" else "order"
    what = "outfits" if kinds[0] == "shirts" else "meals"
    parts = [f"{n} {kind}" for n, kind in zip(counts, kinds, strict=False)]
    listing = ", ".join(parts[:-1]) + f" and {parts[-1]}"
    name = rng.choice(NAMES)
    question = ask(
        rng,
        f"{name} can choose from {listing}. How many {what} with one of each kind are possible?",
        f"There are {listing}. In how many ways can {name} {verb} one of each kind?",
        f"{name} picks one of each kind from {listing}. How many different {what} can there be?",
    )
    work = Work(student)
    adds = work.holds("adds-choices")
    sign = " + " if adds else " * "
    first = work.copy(counts[0])
    used = [first, *counts[1:]]
    n = used[0] + used[1] if adds else used[0] * used[1]
    work.run(
        (f"Combine the {kinds[0]} with the {kinds[1]}.", f"Count the pairs of {kinds[0]} and {kinds[1]}."),
        f"n = {used[0]}{sign}{used[1]}\nprint(n)",
        n,
        fits=_undone(n, counts[:2]),
    )
    before = n
    seen = counts[:2]
    for number, kind in zip(used[2:], kinds[2:], strict=False):
        before, n = n, n + number if adds else n * number
        seen = [*seen, number]
        work.run(
            (f"Now the {kind}.", f"Combine with the {kind}."),
            f"n = n{sign}{number}\nprint(n)",
            n,
            fits=_undone(n, seen),
        )
    work.answer(("This is the number of ways.", "So there are this many."), n, instead=before)
    return work.draft(question, prod(counts))


def _undone(n: int, counts: list[int]) -> tuple[str, bool]:
    """Return a check of n combined choices: dividing by all counts but the last one leaves the last one."""
    return f"n / {' / '.join(map(str, counts[:-1]))} == {counts[-1]}", n == prod(counts)


def letters(rng: random.Random, level: int, student: Student) -> Draft:
    """Arrangements of the letters of a word, with equal letters from level 2."""
    name, word = rng.choice(NAMES), rng.choice(PLAIN_WORDS if level == 1 else DOUBLED_WORDS)
    question = ask(
        rng,
        f"In how many ways can the letters of the word {word} be arranged?",
        f"How many different arrangements of the letters of {word} are there?",
        f"Find the number of ways to put the letters of {word} in a row.",
        f"{name} puts the letters of the word {word} in a row. How many different arrangements are there?",
    )
    if level == 3:
        question = ask(
            rng,
            f"The letters of the word {word} are put in a row at random. What is the probability that the row spells "
            f"{word}?",
            f"{name} puts the letters of {word} in a random order. Find the probability of getting the word {word} "
            "again.",
            f"All letters of {word} are shuffled and put in a row. What is the probability that they read {word}?",
        )
    size = len(word)
    counts = sorted((n for n in Counter(word).values() if n > 1), reverse=True)
    work = Work(student)
    all_ways = factorial(size)
    work.run(
        (f"{word} has this many letters; order them all.", f"Count the orders of all letters of {word}."),
        f"n = len('{word}')\nw = factorial(n)\nprint(n, w)",
        (size, all_ways),
        sympy=True,
        fits=(f"prod(range(1, {size + 1})) == w", True) if level == 1 else None,
    )
    found = all_ways
    true = all_ways // prod(map(factorial, counts))
    if level > 1:
        places = _places(size, counts)
        if work.holds("ignores-symmetry"):
            k, code = 1, "1"
            words = ("Each order counts once.", "Count each order.")
        else:
            k, code = prod(map(factorial, counts)), " * ".join(f"factorial({n})" for n in counts)
            words = ("Equal letters can change places; count these orders.", "Count the orders of the equal letters.")
        work.run(words, f"k = {code}\nprint(k)", k, fits=(f"{places} * k == w", true * k == all_ways))
        found = all_ways // k
        work.run(("Divide to find the arrangements.", "Now divide."), "m = w // k\nprint(m)", found)
    if level == 3:
        work.run(
            ("One of them spells the word.", "Only one arrangement is the word."),
            "print(Rational(1, m))",
            Fraction(1, found),
        )
        work.answer(("This is the probability.", "So the probability is this."), tex(Fraction(1, found)), instead=found)
        return work.draft(question, tex(Fraction(1, true)))
    work.answer(("This is the number of arrangements.", "So there are this many."), found, instead=size)
    return work.draft(question, true)


def _places(size: int, counts: list[int]) -> str:
    """Return in code how many ways equal letters can choose their places, one kind after the other, then the rest."""
    factors = []
    for count in counts:
        factors.append(f"binomial({size}, {count})")
        size -= count
    return " * ".join([*factors, *map(str, range(size, 1, -1))])


def committee(rng: random.Random, level: int, student: Student) -> Draft:
    """Choosing groups: one group, or one from each of two."""
    n, k = rng.randint(6, 30 if level == 2 else 15), rng.choice((2, 3, 4))
    m, j = rng.randint(4, 12), rng.choice((2, 3))
    who = rng.choice(("players", "people", "students", "children", "friends"))
    if level == 2:
        question = ask(
            rng,
            f"In how many ways can a team of {k} be chosen from {n} {who}?",
            f"A club of {n} {who} picks a committee of {k}. How many committees are possible?",
            f"How many different groups of {k} can be formed from {n} {who}?",
        )
        answer = comb(n, k)
    elif level == 3:
        question = ask(
            rng,
            f"A club has {n} girls and {m} boys. In how many ways can it choose {k} girls and {j} boys?",
            f"From {n} girls and {m} boys a team of {k} girls and {j} boys is picked. How many teams are possible?",
            f"How many committees of {k} girls and {j} boys can be formed from {n} girls and {m} boys?",
        )
        answer = comb(n, k) * comb(m, j)
    else:
        size = j + 1
        question = ask(
            rng,
            f"A club has {n} girls and {m} boys. In how many ways can it choose {size} people if at least one of them "
            "is a girl?",
            f"From {n} girls and {m} boys a team of {size} with at least one girl is picked. How many teams are "
            "possible?",
            f"How many committees of {size} people with at least one girl can be formed from {n} girls and {m} boys?",
        )
        answer = comb(n + m, size) - comb(m, size)
    work = Work(student)
    if level == 4:
        everyone = n + m
        work.run(("Count the people.", "How many people are there?"), f"p = {n} + {m}\nprint(p)", everyone)
        a = _choose(work, str(everyone), everyone, size, "a", f"Choose {size} of all people.", f"All groups of {size}.")
        b = _choose(work, str(m), m, size, "b", "Choose boys only.", "Groups without a girl.")
        work.run(("Take away the groups without a girl.", "Subtract the groups of boys."), "n = a - b\nprint(n)", a - b)
        work.answer(("This is the number of ways.", "So there are this many."), a - b, instead=a)
        return work.draft(question, answer)
    a = _choose(work, str(n), n, k, "a", f"Choose {k} of {n}.", f"Count the ways to pick {k} of {n}.")
    if level == 2:
        work.answer(("This is the number of ways.", "So there are this many."), a, instead=n * k)
        return work.draft(question, answer)
    b = _choose(work, str(m), m, j, "b", f"Choose {j} of {m}.", f"Count the ways to pick {j} of {m}.")
    adds = work.holds("adds-choices")
    found = a + b if adds else a * b
    work.run(
        ("Combine the girls and the boys.", "Put both choices together."),
        f"n = a {'+' if adds else '*'} b\nprint(n)",
        found,
        fits=("n / a == b", found == a * b),
    )
    work.answer(("This is the number of ways.", "So there are this many."), found, instead=a)
    return work.draft(question, answer)


def _choose(work: Work, text: str, n: int, k: int, name: str, *words: str) -> int:
    """Add the steps that count groups of k out of n: ordered picks, then division by the orders."""
    picks = perm(n, k)
    # the last one of a group picks the others among those before
    sums = {2: f"sum(range({n})) == {name}", 3: f"sum(x * (x - 1) for x in range({n})) == 2 * {name}"}
    check = sums.get(k, f"sum(x * (x - 1) * (x - 2) for x in range({n})) == 6 * {name}")
    factors = " * ".join(str(n - i) for i in range(k))
    if work.holds("ignores-symmetry"):
        work.run(words, f"{name} = {factors}\nprint({name})", picks, fits=(check, False))
        return picks
    orders = " * ".join(str(i) for i in range(k, 1, -1))
    over = f"({orders})" if k > 2 else orders
    work.run(words, f"{name} = {factors} // {over}\nprint({name})", comb(n, k), fits=(check, True))
    return comb(n, k)


_GROUPS = (
    "people",
    "friends",
    "children",
    "students",
    "players",
    "guests",
    "cousins",
    "teachers",
    "knights",
    "dancers",
)


def circle_seats(rng: random.Random, level: int, student: Student) -> Draft:
    """Seats in a row or around a table, with neighbours at level 3 and 4."""
    n = rng.randint(4, 12) if level == 2 else rng.randint(5, 12)
    who, group = rng.sample(NAMES, 2), rng.choice(_GROUPS)
    if level == 2:
        question = ask(
            rng,
            f"In how many ways can {n} {group} sit around a round table, if turned seatings count as the same?",
            f"{n} {group} sit at a round table. How many seatings are there, when turning the table does not matter?",
            f"How many ways are there to seat {n} {group} in a circle? Seatings that differ by a turn are the same.",
            f"{n} {group} stand in a circle. It only counts who stands to the left and right of whom. "
            "How many circles are there?",
            f"{n} {group} sit down around a table. Two seatings are the same if one is a turn of the other. How many "
            "different seatings are there?",
            f"Count the seatings of {n} {group} around a round table, where a turn of all makes no difference.",
        )
        answer = factorial(n - 1)
    elif level == 3:
        question = ask(
            rng,
            f"{n} people, among them {who[0]} and {who[1]}, stand in a row. In how many ways can they stand if "
            f"{who[0]} and {who[1]} are next to each other?",
            f"In how many ways can {n} children line up so that {who[0]} and {who[1]}, two of them, stand side by "
            "side?",
            f"How many orders of {n} people in a row have {who[0]} and {who[1]}, two of them, next to each other?",
        )
        answer = 2 * factorial(n - 1)
    else:
        question = ask(
            rng,
            f"{n} people, among them {who[0]} and {who[1]}, stand in a row. In how many ways can they stand if "
            f"{who[0]} and {who[1]} are not next to each other?",
            f"In how many ways can {n} children line up so that {who[0]} and {who[1]}, two of them, do not stand side "
            "by side?",
            f"How many orders of {n} people in a row keep {who[0]} and {who[1]}, two of them, apart?",
        )
        answer = factorial(n) - 2 * factorial(n - 1)
    work = Work(student)
    size = work.copy(n)
    if level == 2:
        same = work.holds("ignores-symmetry")
        k = size if same else size - 1
        work.run(
            ("Fix one person and count the others.", "One person stays; the others move."),
            f"k = {size}\nprint(k)" if same else f"k = {size} - 1\nprint(k)",
            k,
            fits=(f"k + 1 == {n}", k + 1 == n),
        )
        work.run(("Count their orders.", "Order them."), "print(factorial(k))", factorial(k), sympy=True)
        work.answer(("This is the number of ways.", "So there are this many."), factorial(k))
        return work.draft(question, answer)
    total = factorial(size)
    if level == 4:
        work.run(
            (f"Count all orders of {size} people.", "Count all orders."),
            f"w = factorial({size})\nprint(w)",
            total,
            sympy=True,
        )
    blocks = size if work.holds("off-by-one") else size - 1
    work.run(
        ("Take the two as one block and count the orders.", "Put the two together as one."),
        f"b = factorial({size})\nprint(b)" if blocks == size else f"b = factorial({size} - 1)\nprint(b)",
        factorial(blocks),
        sympy=True,
        fits=(f"{n} * b == factorial({n})", n * factorial(blocks) == factorial(n)),
    )
    together = factorial(blocks)
    places = f"2 * {n - 1} * factorial({n - 2}) == t"
    true = 2 * (n - 1) * factorial(n - 2)
    if not work.holds("ignores-symmetry"):
        together *= 2
        words, code = ("The two can change places.", "Both orders in the block count."), "2 * b"
    else:
        words, code = ("These are the orders together.", "Count the block."), "b"
    work.run(words, f"t = {code}\nprint(t)", together, fits=(places, together == true))
    found = together
    if level == 4:
        found = total - together
        work.run(("Subtract them from all orders.", "The rest keeps them apart."), "n = w - t\nprint(n)", found)
    work.answer(("This is the number of ways.", "So there are this many."), found, instead=factorial(blocks))
    return work.draft(question, answer)


def paths(rng: random.Random, level: int, student: Student) -> Draft:
    """Shortest paths on a grid; at level 5 through a point."""
    a, b, c, d = rng.randint(2, 6), rng.randint(2, 6), rng.randint(1, 4), rng.randint(2, 5)
    x0, y0 = (rng.randint(0, 5), rng.randint(1, 5)) if level == 4 else (0, 0)
    end = f"({x0 + a}, {y0 + b})"
    if level == 4:
        question = ask(
            rng,
            f"An ant walks from $({x0}, {y0})$ to ${end}$ in steps of 1 to the right or up. How many paths are there?",
            f"In how many ways can one go from $({x0}, {y0})$ to ${end}$ by unit steps to the right and up?",
            f"A robot moves only right or up by 1. How many paths lead it from $({x0}, {y0})$ to ${end}$?",
        )
        answer = comb(a + b, a)
    else:
        question = ask(
            rng,
            f"An ant walks from $(0, 0)$ to $({a + c}, {b + d})$ in steps of 1 to the right or up and goes through "
            f"$({a}, {b})$. How many paths are there?",
            f"In how many ways can one go from $(0, 0)$ through $({a}, {b})$ to $({a + c}, {b + d})$ by unit steps to "
            "the right and up?",
            f"A robot moves only right or up by 1. How many paths lead it from $(0, 0)$ over $({a}, {b})$ to "
            f"$({a + c}, {b + d})$?",
        )
        answer = comb(a + b, a) * comb(c + d, c)
    work = Work(student)
    ordered = work.holds("ignores-symmetry")

    def count(text: tuple[str, ...], name: str, right: int, up: int) -> int:
        steps = right + up
        ways = perm(steps, right) if ordered else comb(steps, right)
        code = f"factorial(n) // factorial({up})" if ordered else f"binomial(n, {right})"
        last = f"binomial({steps - 1}, {right}) + binomial({steps - 1}, {right - 1}) == {name}"
        work.run(
            text,
            f"n = {right} + {up}\n{name} = {code}\nprint(n, {name})",
            (steps, ways),
            sympy=True,
            fits=(last, ways == comb(steps, right)),
        )
        return ways

    if level == 4:
        work.run(
            ("Find how far it is to the right and up.", "How many steps go right, and how many up?"),
            f"x, y = {x0 + a} - {x0}, {y0 + b} - {y0}\nprint(x, y)",
            (a, b),
        )
    p = count(("Choose which of the steps go right.", f"Count the paths to {end}."), "p", a, b)
    if level == 4:
        work.answer(("This is the number of paths.", "So there are this many."), p, instead=a + b)
        return work.draft(question, answer)
    work.run(
        ("Find the way that is left.", "How far is it from there?"),
        f"x, y = {a + c} - {a}, {b + d} - {b}\nprint(x, y)",
        (c, d),
    )
    q = count(("Count the paths of the second part.", "Now the paths from there."), "q", c, d)
    adds = work.holds("adds-choices")
    found = p + q if adds else p * q
    work.run(("Put both parts together.", "Combine the parts."), f"print(p {'+' if adds else '*'} q)", found)
    work.answer(("This is the number of paths.", "So there are this many."), found, instead=p)
    return work.draft(question, answer)
