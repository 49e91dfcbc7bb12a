"""Pairs in a group and overlapping groups."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def handshakes(rng: random.Random, level: int, student: Student) -> Draft:
    """Pairs in a group: games, handshakes, and at level 3 the group from the pairs."""
    n, who = rng.randint(5, 90), rng.choice(("people", "guests", "students", "players", "friends", "children"))
    pairs = n * (n - 1) // 2
    if level == 3:
        question = ask(
            rng,
            f"At a party everyone shakes hands once with everyone else. There are {pairs} handshakes. How many {who} "
            "are at the party?",
            f"In a league every team plays every other team once, {pairs} games in all. How many teams are there?",
            f"Some points lie on a circle. Each two of them are joined by a line, {pairs} lines in all. How many "
            "points are there?",
            f"Each two towns of a country are joined by a road of their own. There are {pairs} roads. How many towns "
            "are there?",
            f"In a club, every two of the {who} play one game of chess. They play {pairs} games. How many {who} are "
            "there?",
            f"A group of {who} has {pairs} different pairs. How many {who} are in the group?",
        )
        answer = n
    else:
        question = ask(
            rng,
            f"At a party of {n} {who} everyone shakes hands once with everyone else. How many handshakes are there?",
            f"In a league of {n} teams every team plays every other team once. How many games are played?",
            f"There are {n} points on a circle. Each two of them are joined by a line. How many lines are there?",
            f"Each two of {n} towns are joined by a road of their own. How many roads are there?",
            f"In a club of {n} {who}, every two of them play one game of chess. How many games are played?",
            f"How many different pairs can be formed from {n} {who}?",
        )
        answer = pairs
    work = Work(student)
    if level == 3:
        half = work.holds("ignores-symmetry")
        less = "" if work.holds("off-by-one") else " - 1"
        count = [m for m in range(2, 100) if (m * (m - (1 if less else 0)) == (pairs if half else 2 * pairs))]
        product = f"m * (m{less})" if less else "m * m"
        right = f"{pairs}" if half else f"2 * {pairs}"
        work.run(
            ("Try the sizes of the group until the pairs are right.", "Look for the size with this many pairs."),
            f"c = [m for m in range(2, 100) if {product} == {right}]\nprint(c)",
            str(count),
            fits=(f"[sum(range(m)) for m in c] == [{pairs}]", count == [n]),
        )
        found = count[0] if count else max(m for m in range(2, 100) if m * m <= 2 * pairs)
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
        fits=(f"k + 1 == {n}", others + 1 == n),
    )
    found = m * others
    each = work.holds("ignores-symmetry")
    work.run(
        ("Do this for each one.", "Multiply by the size of the group."),
        f"p = {m} * k\nprint(p)",
        found,
        fits=(f"sum(range({n})) == p", found == pairs) if each else None,
    )
    if not each:
        work.run(
            ("Each pair was counted twice.", "Halve it, for each pair came twice."),
            "n = p // 2\nprint(n, p % 2)",
            (found // 2, found % 2),
            fits=(f"sum(range({n})) == n", found // 2 == pairs),
        )
        found //= 2
    work.answer(("This is the number of pairs.", "So there are this many."), found, instead=m * others)
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
            f"In a class, {a} {who} take {first}, {b} take {second}, and {both} take both. How many take at least one "
            "of the two?",
            f"Of some {who}, {a} take {first} and {b} take {second}. Among them {both} take both. How many take "
            f"{first} or {second}?",
            f"{a} {who} chose {first} and {b} chose {second}; {both} of them chose both. How many {who} chose "
            "something?",
        )
        answer = a + b - both
    elif level == 2:
        question = ask(
            rng,
            f"Of {total} {who}, {a} take {first}, {b} take {second}, and {both} take both. How many take neither?",
            f"A club has {total} {who}. There are {a} who take {first}, {b} who take {second}, and {both} who take "
            f"both. How many {who} take neither {first} nor {second}?",
            f"Among {total} {who}, {a} chose {first} and {b} chose {second}; {both} chose both. How many chose "
            "neither?",
        )
        answer = none
    else:
        question = ask(
            rng,
            f"Of {total} {who}, {a} take {first}, {b} take {second}, and {none} take neither. How many take both?",
            f"A club has {total} {who}. There are {a} who take {first}, {b} who take {second}, and {none} who take "
            "neither. How many take both?",
            f"Among {total} {who}, {a} chose {first} and {b} chose {second}; {none} chose neither. How many chose "
            "both?",
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
            fits=(f"s + {none} == {total}", some + none == total),
        )
        work.run((f"Add {first} and {second}.", "Add the two groups."), f"t = {x} + {b}\nprint(t)", x + b)
        found = x + b - some
        work.run(("Those in both were counted twice.", "What is too much is both."), "n = t - s\nprint(n)", found)
        work.run(
            ("Check that no part is negative.", "Each part must be at least 0."),
            f"print(n >= 0, {a} - n, {b} - n, {a} + {b} - n + {none} == {total})",
            (found >= 0, a - found, b - found, a + b - found + none == total),
        )
        work.answer(("This many take both.", "So this is both."), found, instead=x + b)
        return work.draft(question, answer)
    work.run((f"Add {first} and {second}.", "Add the two groups."), f"t = {x} + {b}\nprint(t)", x + b)
    union = x + b
    parts = f"({a} - {both}) + ({b} - {both}) + {both} == s"
    if not work.holds("ignores-symmetry"):
        union -= both
        words, code = ("Those in both were counted twice.", "Take away those in both once."), f"s = t - {both}"
    else:
        words, code = ("These take something.", "So many take something."), "s = t"
    work.run(words, f"{code}\nprint(s)", union, fits=(parts, union == a + b - both))
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
