"""Averages and consecutive numbers."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def average(rng: random.Random, level: int, student: Student) -> Draft:
    """A mean, or the number that makes a mean."""
    n = rng.randint(3, 4) if level == 1 else rng.randint(4, 6)
    while True:
        values = [rng.randint(10, 60) for _ in range(n)]
        if sum(values) % n == 0 and len(set(values)) > 2:
            break
    mean = sum(values) // n
    if level == 1:
        return _mean(rng, values, student)
    if level == 2:
        return _missing(rng, values, student)
    return _added(rng, n, mean, student)


def _mean(rng: random.Random, values: list[int], student: Student) -> Draft:
    n, mean = len(values), sum(values) // len(values)
    shown = ", ".join(map(str, values[:-1])) + f" and {values[-1]}"
    question = ask(
        rng,
        f"What is the mean of {shown}?",
        f"Find the average of the numbers {shown}.",
        f"Find the mean of these {n} numbers: {shown}.",
    )
    answer = mean
    work = Work(student)
    work.run(("Add the numbers.", "Find the sum."), f"s = {' + '.join(map(str, values))}\nprint(s)", sum(values))
    k = n - 1 if work.holds("off-by-one") else n
    found = sum(values) // k
    work.run(
        ("Divide by how many there are.", "Divide by the count."),
        f"m = s // {k}\nprint(m, s % {k})",
        (found, sum(values) % k),
    )
    work.answer(("This is the mean.", "So the mean is this."), found, instead=sum(values))
    return work.draft(question, answer)


def _missing(rng: random.Random, values: list[int], student: Student) -> Draft:
    n, mean = len(values), sum(values) // len(values)
    known, answer = values[:-1], values[-1]
    shown = ", ".join(map(str, known[:-1])) + f" and {known[-1]}"
    question = ask(
        rng,
        f"The mean of {n} numbers is {mean}. All but one of them are {shown}. What is the missing number?",
        f"The numbers {shown} and one more number have mean {mean}. What is that number?",
        f"A student has scores of {shown}. What must the next score be so that the mean of all {n} is {mean}?",
    )
    work = Work(student)
    k = n - 1 if work.holds("off-by-one") else n
    work.run(
        ("Find the sum that all numbers need.", "The mean gives the sum of all."),
        f"s = {k} * {mean}\nprint(s)",
        k * mean,
    )
    part = sum(known)
    work.run(("Add the known numbers.", "Find the known sum."), f"t = {' + '.join(map(str, known))}\nprint(t)", part)
    found = k * mean - part
    work.run(("The rest is the missing number.", "Subtract to find the missing number."), "x = s - t\nprint(x)", found)
    work.run(
        ("Check the mean.", "Divide again to check."),
        f"print((t + x) // {n}, (t + x) % {n})",
        ((part + found) // n, (part + found) % n),
    )
    work.answer(("This is the number.", "So the missing number is this."), found, instead=k * mean)
    return work.draft(question, answer)


def _added(rng: random.Random, n: int, mean: int, student: Student) -> Draft:
    m = rng.randint(2, 5)
    new_mean = mean + rng.choice((-2, -1, 1, 2, 3))
    added = new_mean * (n + m) - mean * n
    if added <= 0:
        m, added, new_mean = 2, mean * 2 + 2 * (n + 2), mean + 2
    question = ask(
        rng,
        f"The mean of {n} numbers is {mean}. When {m} more numbers are put in, the mean of all of them is {new_mean}. "
        f"What is the sum of the {m} new numbers?",
        f"A list of {n} numbers has mean {mean}. After {m} further numbers are added to the list, its mean is "
        f"{new_mean}. Find the sum of the {m} further numbers.",
        f"The first {n} tests of a class have mean {mean}. With the next {m} tests the mean is {new_mean}. What is "
        f"the sum of those {m} tests?",
    )
    answer = added
    work = Work(student)
    old = n * mean
    work.run(("Find the old sum.", f"Sum of the first {n}."), f"s = {n} * {mean}\nprint(s)", old)
    k, code = (m, f"{m}") if work.holds("part-for-whole") else (n + m, f"({n} + {m})")
    new = k * new_mean
    work.run(("Find the sum of all.", "Now the sum of all numbers."), f"t = {code} * {new_mean}\nprint(t)", new)
    found = new - old
    work.run(("Subtract the sums.", "The rest is the new sum."), "x = t - s\nprint(x)", found)
    work.run(
        ("Check the new mean.", "Divide again to check."),
        f"print((s + x) == {n + m} * {new_mean})",
        old + found == (n + m) * new_mean,
    )
    work.answer(("This is the sum.", "So the new numbers have this sum."), found, instead=new)
    return work.draft(question, answer)


def consecutive_numbers(rng: random.Random, level: int, student: Student) -> Draft:
    """Consecutive (odd, even) numbers with a given sum."""
    kind, step = rng.choice((("whole", 1), ("odd", 2), ("even", 2))) if level > 1 else ("whole", 1)
    n = 3 if level == 1 else rng.choice((3, 5)) if level == 2 else rng.choice((4, 6))
    start = rng.randint(5, 90)
    if kind == "odd":
        start |= 1
    elif kind == "even":
        start &= ~1
    values = [start + step * i for i in range(n)]
    asked = rng.choice(("largest", "smallest"))
    words = {3: "three", 4: "four", 5: "five", 6: "six"}
    question = ask(
        rng,
        f"The sum of {words[n]} consecutive {kind} numbers is {sum(values)}. What is the {asked} of them?",
        f"{words[n].capitalize()} consecutive {kind} numbers add up to {sum(values)}. Find the {asked} one.",
        f"What is the {asked} of {words[n]} consecutive {kind} numbers whose sum is {sum(values)}?",
    )
    work = Work(student)
    total = work.copy(sum(values))
    if n % 2:
        k = n - 1 if work.holds("off-by-one") else n
        middle = total // k
        work.run(
            ("The middle number is the mean.", "Find the middle number."),
            f"m = {total} // {k}\nprint(m, {total} % {k})",
            (middle, total % k),
        )
    else:
        work.run(
            ("The mean lies between the middle numbers; find twice the mean.", "Find twice the mean."),
            f"t = {total} * 2 // {n}\nprint(t, {total} * 2 % {n})",
            (total * 2 // n, total * 2 % n),
        )
        if work.holds("off-by-one"):
            middle, code = total * 2 // n // 2, "m = t // 2"
        else:
            middle, code = (total * 2 // n - step) // 2, f"m = (t - {step}) // 2"
        work.run(("Find the number just below the mean.", "Go to the number below."), f"{code}\nprint(m)", middle)
    below = (n - 1) // 2 * step
    above = n // 2 * step
    gap = above if asked == "largest" else below
    move = gap + step if n % 2 and student.slips() else gap
    found = middle + move if asked == "largest" else middle - move
    op = "+" if asked == "largest" else "-"
    work.run((f"Go in steps to the {asked} one.", f"Find the {asked} number."), f"x = m {op} {move}\nprint(x)", found)
    first = found - step * (n - 1) if asked == "largest" else found
    stop = found + 1 if asked == "largest" else found + step * n
    work.run(
        ("Check the sum.", "Add them up to check."),
        f"print(sum(range(x - {step * (n - 1)}, x + 1, {step})))"
        if asked == "largest"
        else f"print(sum(range(x, x + {step * n}, {step})))",
        sum(range(first, stop, step)),
    )
    work.answer((f"This is the {asked} number.", f"So the {asked} one is this."), found, instead=middle)
    return work.draft(question, values[-1] if asked == "largest" else values[0])
