"""Counting and probability."""

import random
from collections import Counter
from fractions import Fraction
from math import comb, factorial, perm, prod

from amz_env.problems.base import Draft, FamilyTable
from amz_env.problems.math.forms import tex
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student

_WORDS = ("LEVEL", "BANANA", "PEPPER", "COFFEE", "LETTER", "BALLOON", "TEETH", "KAYAK", "SEEDS", "APPLE", "BOOKS", "PAPAYA")
_PLAIN_WORDS = ("MATH", "CHAIR", "TABLE", "PLANET", "GARDEN", "STONE", "CLOUD", "TRAIN", "FRIEND")


def choices(rng: random.Random, level: int, student: Student) -> Draft:
    """Independent choices: outfits, meals, codes."""
    a, b, c, d = (rng.randint(2, 9) for _ in range(4))
    counts = [a, b] if level == 1 else [a, b, c] if level == 2 else [a, b, c, d]
    kinds = rng.choice((("shirts", "hats", "coats", "scarves"), ("soups", "salads", "cakes", "drinks")))
    verb = "wear" if kinds[0] == "shirts" else "order"
    what = "outfits" if kinds[0] == "shirts" else "meals"
    parts = [f"{n} {kind}" for n, kind in zip(counts, kinds, strict=False)]
    listing = ", ".join(parts[:-1]) + f" and {parts[-1]}"
    name = rng.choice(("Mia", "Tom", "Ana", "Ben", "Lea", "Max"))
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
    )
    before = n
    for number, kind in zip(used[2:], kinds[2:], strict=False):
        before, n = n, n + number if adds else n * number
        work.run((f"Now the {kind}.", f"Combine with the {kind}."), f"n = n{sign}{number}\nprint(n)", n)
    work.answer(("This is the number of ways.", "So there are this many."), n, instead=before)
    return work.draft(question, prod(counts))


def letters(rng: random.Random, level: int, student: Student) -> Draft:
    """Arrangements of the letters of a word, with equal letters from level 2."""
    word = rng.choice(_PLAIN_WORDS if level == 1 else _WORDS)
    question = ask(
        rng,
        f"In how many ways can the letters of the word {word} be arranged?",
        f"How many different arrangements of the letters of {word} are there?",
        f"Find the number of ways to put the letters of {word} in a row.",
    )
    if level == 3:
        question = ask(
            rng,
            f"The letters of the word {word} are put in a row at random. What is the probability that the row spells "
            f"{word}?",
            f"A child puts the letters of {word} in a random order. Find the probability of getting the word {word} again.",
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
    )
    found = all_ways
    if level > 1:
        if work.holds("ignores-symmetry"):
            work.run(("Each order counts once.", "Count each order."), "k = 1\nprint(k)", 1)
            k = 1
        else:
            k = prod(map(factorial, counts))
            code = " * ".join(f"factorial({n})" for n in counts)
            work.run(
                ("Equal letters can change places; count these orders.", "Count the orders of the equal letters."),
                f"k = {code}\nprint(k)",
                k,
            )
        found = all_ways // k
        work.run(("Divide to find the arrangements.", "Now divide."), "m = w // k\nprint(m)", found)
    true = all_ways // prod(map(factorial, counts))
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


def committee(rng: random.Random, level: int, student: Student) -> Draft:
    """Choosing groups: one group, or one from each of two."""
    n, k = rng.randint(5, 12), rng.choice((2, 3, 4))
    m, j = rng.randint(4, 9), rng.choice((2, 3))
    if level == 2:
        question = ask(
            rng,
            f"In how many ways can a team of {k} be chosen from {n} players?",
            f"A club of {n} people picks a committee of {k}. How many committees are possible?",
            f"How many different groups of {k} can be formed from {n} students?",
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
            f"A club has {n} girls and {m} boys. In how many ways can it choose {size} people if at least one of them is "
            "a girl?",
            f"From {n} girls and {m} boys a team of {size} with at least one girl is picked. How many teams are possible?",
            f"How many committees of {size} people with at least one girl can be formed from {n} girls and {m} boys?",
        )
        answer = comb(n + m, size) - comb(m, size)
    work = Work(student)
    if level == 4:
        everyone = n + m
        work.run(("Count the people.", "How many people are there?"), f"p = {n} + {m}\nprint(p)", everyone)
        a = _choose(work, str(everyone), everyone, size, "a", f"Choose {size} of all people.", f"All groups of {size}.")
        b = _choose(work, str(m), m, size, "b", "Choose boys only.", "Groups without a girl.")
        work.run(
            ("Take away the groups without a girl.", "Subtract the groups of boys."), "n = a - b\nprint(n)", a - b
        )
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
    )
    work.answer(("This is the number of ways.", "So there are this many."), found, instead=a)
    return work.draft(question, answer)


def _choose(work: Work, text: str, n: int, k: int, name: str, *words: str) -> int:
    """Add the steps that count groups of k out of n: ordered picks, then division by the orders."""
    picks = perm(n, k)
    factors = " * ".join(str(n - i) for i in range(k))
    if work.holds("ignores-symmetry"):
        work.run(words, f"{name} = {factors}\nprint({name})", picks)
        return picks
    orders = " * ".join(str(i) for i in range(k, 1, -1))
    over = f"({orders})" if k > 2 else orders
    work.run(words, f"{name} = {factors} // {over}\nprint({name})", comb(n, k))
    return comb(n, k)


def handshakes(rng: random.Random, level: int, student: Student) -> Draft:
    """Pairs in a group: games, handshakes, and at level 3 the group from the pairs."""
    n = rng.randint(5, 30)
    pairs = n * (n - 1) // 2
    if level == 3:
        question = ask(
            rng,
            f"At a party everyone shakes hands once with everyone else. There are {pairs} handshakes. How many people are "
            "at the party?",
            f"In a league every team plays every other team once, {pairs} games in all. How many teams are there?",
            f"Some points lie on a circle. Each two of them are joined by a line, {pairs} lines in all. How many points "
            "are there?",
        )
        answer = n
    else:
        question = ask(
            rng,
            f"At a party of {n} people everyone shakes hands once with everyone else. How many handshakes are there?",
            f"In a league of {n} teams every team plays every other team once. How many games are played?",
            f"There are {n} points on a circle. Each two of them are joined by a line. How many lines are there?",
        )
        answer = pairs
    work = Work(student)
    if level == 3:
        half = work.holds("ignores-symmetry")
        less = "" if work.holds("off-by-one") else " - 1"
        count = [
            m
            for m in range(2, 40)
            if (m * (m - (1 if less else 0)) == (pairs if half else 2 * pairs))
        ]
        product = f"m * (m{less})" if less else "m * m"
        right = f"{pairs}" if half else f"2 * {pairs}"
        work.run(
            ("Try the sizes of the group until the pairs are right.", "Look for the size with this many pairs."),
            f"c = [m for m in range(2, 40) if {product} == {right}]\nprint(c)",
            str(count),
        )
        found = count[0] if count else max(m for m in range(2, 40) if m * m <= 2 * pairs)
        work.run(
            ("Check the number of pairs.", "Count the pairs of this group."),
            f"n = {found}\nprint(n * (n - 1) // 2 == {pairs})",
            found * (found - 1) // 2 == pairs,
        )
        work.answer(("This is the size of the group.", "So there are this many."), found)
        return work.draft(question, answer)
    m = work.copy(n)
    others = m if work.holds("off-by-one") else m - 1
    work.run(
        ("Each one meets all the others.", "Count the others for each."),
        f"k = {m}\nprint(k)" if others == m else f"k = {m} - 1\nprint(k)",
        others,
    )
    work.run(("Do this for each one.", "Multiply by the size of the group."), f"p = {m} * k\nprint(p)", m * others)
    found = m * others
    if not work.holds("ignores-symmetry"):
        work.run(
            ("Each pair was counted twice.", "Halve it, for each pair came twice."),
            "n = p // 2\nprint(n, p % 2)",
            (found // 2, found % 2),
        )
        found //= 2
    work.answer(("This is the number of pairs.", "So there are this many."), found, instead=m * others)
    return work.draft(question, answer)


def dice(rng: random.Random, level: int, student: Student) -> Draft:
    """Two dice: the probability of a sum, of at least a sum, or of a product."""
    s = rng.randint(3, 11)
    p = rng.choice((6, 8, 12, 4, 10, 18, 24))
    if level == 2:
        event, code = f"the sum of the numbers is {s}", f"a + b == {s}"
        hits = [(a, b) for a in range(1, 7) for b in range(1, 7) if a + b == s]
    elif level == 3:
        event, code = f"the sum of the numbers is at least {s}", f"a + b >= {s}"
        hits = [(a, b) for a in range(1, 7) for b in range(1, 7) if a + b >= s]
    else:
        event, code = f"the product of the numbers is a multiple of {p}", f"a * b % {p} == 0"
        hits = [(a, b) for a in range(1, 7) for b in range(1, 7) if a * b % p == 0]
    question = ask(
        rng,
        f"Two fair dice are rolled. What is the probability that {event}?",
        f"Mia rolls two fair six-sided dice. Find the probability that {event}.",
        f"When two fair dice are thrown, what is the probability that {event}?",
    )
    work = Work(student)
    pairs = work.holds("ignores-symmetry")
    good = [h for h in hits if h[0] <= h[1]] if pairs else hits
    condition = f"a <= b and {code}" if pairs else code
    if work.holds("off-by-one") and level == 3:
        condition = condition.replace(">=", ">")
        good = [h for h in good if h[0] + h[1] > s]
    work.run(
        (f"Count the rolls where {event.replace('numbers', 'dice')}.", "Count the rolls that fit."),
        f"k = len([1 for a in range(1, 7) for b in range(1, 7) if {condition}])\nprint(k)",
        len(good),
    )
    sums = work.holds("adds-choices")
    total = 12 if sums else 36
    work.run(
        ("Count all rolls of two dice.", "How many rolls are there in all?"),
        f"n = 6 {'+' if sums else '*'} 6\nprint(n)",
        total,
    )
    found = Fraction(len(good), total)
    work.run(
        ("Divide and check that it is not more than 1.", "The probability is the quotient; it must be at most 1."),
        "r = Rational(k, n)\nprint(r, r <= 1)",
        (found, found <= 1),
        sympy=True,
    )
    work.answer(("This is the probability.", "So the probability is this."), tex(found), instead=len(good))
    return work.draft(question, tex(Fraction(len(hits), 36)))


def draws(rng: random.Random, level: int, student: Student) -> Draft:
    """Balls drawn without replacement: both of one colour, or of different colours."""
    a, b = rng.randint(3, 9), rng.randint(2, 9)
    one, two = rng.sample(("red", "blue", "green", "white", "black", "yellow"), 2)
    n = a + b
    place = rng.choice(("bag", "box", "jar"))
    if level == 2:
        event, value = f"both balls are {one}", Fraction(a * (a - 1), n * (n - 1))
    elif level == 3:
        event, value = "the balls have different colors", Fraction(2 * a * b, n * (n - 1))
    else:
        event, value = f"at least one ball is {one}", 1 - Fraction(b * (b - 1), n * (n - 1))
    question = ask(
        rng,
        f"A {place} holds {a} {one} and {b} {two} balls. Two balls are drawn without putting the first one back. What is "
        f"the probability that {event}?",
        f"There are {a} {one} balls and {b} {two} balls in a {place}. Two of them are taken out at random, one after the "
        f"other. Find the probability that {event}.",
        f"Two balls are drawn at once from a {place} with {a} {one} and {b} {two} balls. What is the probability that "
        f"{event}?",
    )
    work = Work(student)
    first = work.copy(a)
    total = first + b
    work.run(("Count the balls.", "Find the number of balls."), f"n = {first} + {b}\nprint(n)", total)
    back = work.holds("puts-back")
    less = 0 if back else 1
    rest = "n" if back else "(n - 1)"
    if level == 3:
        half = work.holds("ignores-symmetry")
        good = (1 if half else 2) * first * b
        code = f"g = {first} * {b}" if half else f"g = 2 * {first} * {b}"
        words = (f"Count {one} then {two}, and {two} then {one}.", "Count the orders with different colors.")
    else:
        color, x = (one, first) if level == 2 else (two, b)
        good = x * (x - less)
        code = f"g = {x} * {x}" if back else f"g = {x} * ({x} - 1)"
        words = (f"Count the ways to draw two {color} balls.", f"First {color}, then {color} again.")
    work.run(words, f"{code}\nprint(g)", good)
    ways = total * (total - less)
    work.run(
        ("Count all ways to draw two.", "Count all draws of two balls."), f"w = n * {rest}\nprint(w)", ways
    )
    found = Fraction(good, ways)
    if level == 4 and not work.holds("part-for-whole"):
        found = 1 - found
        work.run(
            (f"Take the draws without {one} from 1.", "Use the opposite event."),
            "p = 1 - Rational(g, w)\nprint(p)",
            found,
            sympy=True,
        )
    else:
        work.run(("Divide to find the probability.", "Now divide."), "p = Rational(g, w)\nprint(p)", found, sympy=True)
    work.answer(("This is the probability.", "So the probability is this."), tex(found), instead=tex(Fraction(first, total)))
    return work.draft(question, tex(value))


def circle_seats(rng: random.Random, level: int, student: Student) -> Draft:
    """Seats in a row or around a table, with neighbours at level 3 and 4."""
    n = rng.randint(4, 7) if level == 2 else rng.randint(5, 8)
    who = rng.sample(("Mia", "Tom", "Ana", "Ben", "Lea", "Max"), 2)
    if level == 2:
        question = ask(
            rng,
            f"In how many ways can {n} people sit around a round table, if turned seatings count as the same?",
            f"{n} friends sit at a round table. How many seatings are there, when turning the table does not matter?",
            f"How many ways are there to seat {n} children in a circle? Seatings that differ by a turn are the same.",
        )
        answer = factorial(n - 1)
    elif level == 3:
        question = ask(
            rng,
            f"{n} people, among them {who[0]} and {who[1]}, stand in a row. In how many ways can they stand if {who[0]} "
            f"and {who[1]} are next to each other?",
            f"In how many ways can {n} children line up so that {who[0]} and {who[1]}, two of them, stand side by side?",
            f"How many orders of {n} people in a row have {who[0]} and {who[1]}, two of them, next to each other?",
        )
        answer = 2 * factorial(n - 1)
    else:
        question = ask(
            rng,
            f"{n} people, among them {who[0]} and {who[1]}, stand in a row. In how many ways can they stand if {who[0]} "
            f"and {who[1]} are not next to each other?",
            f"In how many ways can {n} children line up so that {who[0]} and {who[1]}, two of them, do not stand side by "
            "side?",
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
    )
    together = factorial(blocks)
    if not work.holds("ignores-symmetry"):
        together *= 2
        work.run(("The two can change places.", "Both orders in the block count."), "t = 2 * b\nprint(t)", together)
    else:
        work.run(("These are the orders together.", "Count the block."), "t = b\nprint(t)", together)
    found = together
    if level == 4:
        found = total - together
        work.run(("Subtract them from all orders.", "The rest keeps them apart."), "n = w - t\nprint(n)", found)
    work.answer(("This is the number of ways.", "So there are this many."), found, instead=factorial(blocks))
    return work.draft(question, answer)


def overlap(rng: random.Random, level: int, student: Student) -> Draft:
    """Two overlapping groups."""
    both, only_a, only_b, none = (rng.randint(2, 15) for _ in range(4))
    a, b = only_a + both, only_b + both
    if a == b:
        only_b, b = only_b + 1, b + 1
    total = only_a + only_b + both + none
    first, second = rng.choice((("chess", "tennis"), ("soccer", "music"), ("English", "French"), ("art", "drama")))
    who = rng.choice(("students", "children", "members"))
    if level == 1:
        question = ask(
            rng,
            f"In a class, {a} {who} take {first}, {b} take {second}, and {both} take both. How many take at least one of "
            "the two?",
            f"Of some {who}, {a} take {first} and {b} take {second}. Among them {both} take both. How many take {first} or "
            f"{second}?",
            f"{a} {who} chose {first} and {b} chose {second}; {both} of them chose both. How many {who} chose something?",
        )
        answer = a + b - both
    elif level == 2:
        question = ask(
            rng,
            f"Of {total} {who}, {a} take {first}, {b} take {second}, and {both} take both. How many take neither?",
            f"A club has {total} {who}. There are {a} who take {first}, {b} who take {second}, and {both} who take both. How "
            f"many {who} take neither {first} nor {second}?",
            f"Among {total} {who}, {a} chose {first} and {b} chose {second}; {both} chose both. How many chose neither?",
        )
        answer = none
    else:
        question = ask(
            rng,
            f"Of {total} {who}, {a} take {first}, {b} take {second}, and {none} take neither. How many take both?",
            f"A club has {total} {who}. There are {a} who take {first}, {b} who take {second}, and {none} who take neither. "
            "How many take both?",
            f"Among {total} {who}, {a} chose {first} and {b} chose {second}; {none} chose neither. How many chose both?",
        )
        answer = both
    work = Work(student)
    x = work.copy(a)
    if level == 3:
        some = total - none
        skip = work.holds("part-for-whole")
        some = total if skip else some
        work.run(
            ("Count those who take something.", "Find how many take at least one."),
            f"s = {total}\nprint(s)" if skip else f"s = {total} - {none}\nprint(s)",
            some,
        )
        work.run((f"Add {first} and {second}.", "Add the two groups."), f"t = {x} + {b}\nprint(t)", x + b)
        found = x + b - some
        work.run(
            ("Those in both were counted twice.", "What is too much is both."), "n = t - s\nprint(n)", found
        )
        work.run(
            ("Check that no part is negative.", "Each part must be at least 0."),
            f"print(n >= 0, {a} - n, {b} - n, {a} + {b} - n + {none} == {total})",
            (found >= 0, a - found, b - found, a + b - found + none == total),
        )
        work.answer(("This many take both.", "So this is both."), found, instead=x + b)
        return work.draft(question, answer)
    work.run((f"Add {first} and {second}.", "Add the two groups."), f"t = {x} + {b}\nprint(t)", x + b)
    union = x + b
    if not work.holds("ignores-symmetry"):
        union -= both
        work.run(
            ("Those in both were counted twice.", "Take away those in both once."), f"s = t - {both}\nprint(s)", union
        )
    else:
        work.run(("These take something.", "So many take something."), "s = t\nprint(s)", union)
    found = union
    if level == 2:
        found = total - union
        work.run(
            ("The others take neither.", "Subtract from the total."),
            f"n = {total} - s\nprint(n, n >= 0)",
            (found, found >= 0),
        )
    work.answer(("This is the count.", "So there are this many."), found, instead=x + b)
    return work.draft(question, answer)


def coins(rng: random.Random, level: int, student: Student) -> Draft:
    """Fair coins: exactly k heads, at least one head, at least two heads."""
    n = rng.randint(3, 6)
    k = rng.randint(1, n - 1)
    if level == 3:
        event, good = f"exactly {k} of them {'show' if k > 1 else 'shows'} heads", comb(n, k)
    elif level == 4:
        event, good = "at least one of them shows heads", 2**n - 1
    else:
        n = rng.randint(4, 7)
        event, good = "at least two of them show heads", 2**n - 1 - n
    question = ask(
        rng,
        f"{n} fair coins are tossed. What is the probability that {event}?",
        f"Tom tosses {n} fair coins. Find the probability that {event}.",
        f"When {n} fair coins are thrown, what is the probability that {event}?",
    )
    work = Work(student)
    product = work.holds("power-as-product")
    total = 2 * n if product else 2**n
    work.run(
        ("Count all results of the tosses.", f"Count the results of {n} coins."),
        f"w = 2{' * ' if product else '**'}{n}\nprint(w)",
        total,
    )
    if level == 3:
        ordered = work.holds("ignores-symmetry")
        g = perm(n, k) if ordered else comb(n, k)
        code = f"factorial({n}) // factorial({n - k})" if ordered else f"binomial({n}, {k})"
        work.run((f"Choose the {k} with heads.", "Choose the coins with heads."), f"g = {code}\nprint(g)", g, sympy=True)
    elif level == 4:
        g = 1 if work.holds("part-for-whole") else total - 1
        work.run(
            ("All results but the one without heads.", "Leave out the result without heads."),
            "g = 1\nprint(g)" if work.holds("part-for-whole") else "g = w - 1\nprint(g)",
            g,
        )
    else:
        g = total - 1 if work.holds("off-by-one") else total - 1 - n
        work.run(
            ("Leave out no heads and one head.", "All results but no head and one head."),
            "g = w - 1\nprint(g)" if work.holds("off-by-one") else f"g = w - 1 - {n}\nprint(g)",
            g,
        )
    found = Fraction(g, total)
    work.run(
        ("Divide and check that it is not more than 1.", "The probability is the quotient; it must be at most 1."),
        "r = Rational(g, w)\nprint(r, r <= 1)",
        (found, found <= 1),
        sympy=True,
    )
    work.answer(("This is the probability.", "So the probability is this."), tex(found), instead=g)
    return work.draft(question, tex(Fraction(good, 2**n)))


def paths(rng: random.Random, level: int, student: Student) -> Draft:
    """Shortest paths on a grid; at level 5 through a point."""
    a, b, c, d = rng.randint(2, 5), rng.randint(2, 4), rng.randint(1, 3), rng.randint(2, 4)
    if level == 4:
        question = ask(
            rng,
            f"An ant walks from $(0, 0)$ to $({a}, {b})$ in steps of 1 to the right or up. How many paths are there?",
            f"In how many ways can one go from $(0, 0)$ to $({a}, {b})$ by unit steps to the right and up?",
            f"A robot moves only right or up by 1. How many paths lead it from $(0, 0)$ to $({a}, {b})$?",
        )
        answer = comb(a + b, a)
    else:
        question = ask(
            rng,
            f"An ant walks from $(0, 0)$ to $({a + c}, {b + d})$ in steps of 1 to the right or up and goes through "
            f"$({a}, {b})$. How many paths are there?",
            f"In how many ways can one go from $(0, 0)$ through $({a}, {b})$ to $({a + c}, {b + d})$ by unit steps to the "
            "right and up?",
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
        work.run(text, f"n = {right} + {up}\n{name} = {code}\nprint(n, {name})", (steps, ways), sympy=True)
        return ways

    p = count(("Choose which of the steps go right.", f"Count the paths to ({a}, {b})."), "p", a, b)
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


FAMILIES: FamilyTable = {
    "counting/choices": (choices, frozenset({1, 2, 3})),
    "counting/letters": (letters, frozenset({1, 2, 3})),
    "counting/committee": (committee, frozenset({2, 3, 4})),
    "counting/handshakes": (handshakes, frozenset({2, 3})),
    "counting/dice": (dice, frozenset({2, 3, 4})),
    "counting/draws": (draws, frozenset({2, 3, 4})),
    "counting/seats": (circle_seats, frozenset({2, 3, 4})),
    "counting/overlap": (overlap, frozenset({1, 2, 3})),
    "counting/coins": (coins, frozenset({3, 4, 5})),
    "counting/paths": (paths, frozenset({4, 5})),
}
