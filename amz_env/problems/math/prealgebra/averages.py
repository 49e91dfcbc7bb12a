"""Averages."""

import random
from fractions import Fraction

from amz_env.problems.base import Draft
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def average(rng: random.Random, level: int, student: Student) -> Draft:
    """A mean (level 1), the number that makes one (2), numbers put in (3), two groups (4), the size of a group (5)."""
    if level >= 4:
        return _two_groups(rng, student) if level == 4 else _group_size(rng, student)
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
        fits=(f"m * {n} == s", found * n == sum(values)),
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
        fits=(f"s / {n} == {mean}", k == n),
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
    work.run(
        ("Find the sum of all.", "Now the sum of all numbers."),
        f"t = {code} * {new_mean}\nprint(t)",
        new,
        fits=(f"t / {new_mean} == {n} + {m}", k == n + m),
    )
    found = new - old
    work.run(("Subtract the sums.", "The rest is the new sum."), "x = t - s\nprint(x)", found)
    work.run(
        ("Check the new mean.", "Divide again to check."),
        f"print((s + x) == {n + m} * {new_mean})",
        old + found == (n + m) * new_mean,
    )
    work.answer(("This is the sum.", "So the new numbers have this sum."), found, instead=new)
    return work.draft(question, answer)


def _two_groups(rng: random.Random, student: Student) -> Draft:
    """The mean of two groups together."""
    while True:
        n, m, a, b = rng.randint(5, 25), rng.randint(5, 25), rng.randint(10, 90), rng.randint(10, 90)
        if n != m and a != b and (n * a + m * b) % (n + m) == 0:
            break
    question = ask(
        rng,
        f"The mean of {n} numbers is {a}, and the mean of {m} other numbers is {b}. What is the mean of all of them?",
        f"One class of {n} students has a mean score of {a}, another class of {m} students has a mean score of {b}. "
        "What is the mean score of all the students?",
        f"On {n} days a shop has {a} guests a day on average, on {m} other days it has {b}. Find the mean over all "
        "these days.",
    )
    work = Work(student)
    x = work.copy(a)
    s = n * x + m * b
    work.run(
        ("Find the sum of all numbers.", "Each mean gives the sum of its group."),
        f"s = {n} * {x} + {m} * {b}\nprint(s)",
        s,
        fits=(f"(s - {n} * {a}) / {m} == {b}", x == a),
    )
    part = work.holds("part-for-whole")
    k = max(n, m) if part else n + m
    work.run(
        ("Count all of them.", "How many are there in all?"),
        f"k = {k}\nprint(k)" if part else f"k = {n} + {m}\nprint(k)",
        k,
        fits=(f"k - {n} == {m}", k - n == m),
    )
    work.run(("Divide to find the mean.", "The mean is the quotient."), "print(s // k, s % k)", (s // k, s % k))
    low, high = min(a, b), max(a, b)
    work.run(
        ("It must lie between the two means.", "Check that it lies between the means."),
        f"print({low} < s // k < {high})",
        low < s // k < high,
    )
    work.answer(("This is the mean.", "So the mean is this."), s // k, instead=s)
    return work.draft(question, (n * a + m * b) // (n + m))


def _group_size(rng: random.Random, student: Student) -> Draft:
    """The size of a group from the mean of both together."""
    # n (a - c) = m (c - b): the smaller group is further from the common mean
    while True:
        n, m, up = rng.randint(3, 24), rng.randint(3, 24), rng.randint(1, 12)
        down = Fraction(n * up, m)
        if n != m and down.denominator == 1 and down <= 30:
            break
    c = rng.randint(40, 60)
    a, b = (c + up, c - int(down)) if rng.random() < 0.5 else (c - up, c + int(down))
    question = ask(
        rng,
        f"In a class the {n} girls have a mean score of {a} and the boys a mean score of {b}. The mean of the whole "
        f"class is {c}. How many boys are there?",
        f"The mean of {n} numbers is {a}. Some more numbers with mean {b} are put in, and the mean of all is now {c}. "
        "How many numbers were put in?",
        f"On {n} days a shop had {a} guests a day on average, on the other days {b} a day. Over all days the mean was "
        f"{c}. How many other days were there?",
    )
    work = Work(student)
    gap = work.copy(a) - c
    work.run(
        ("Find how far the first mean is from the common one.", "First the distance of the known group."),
        f"u = {gap + c} - {c}\nprint(u)",
        gap,
        fits=(f"u + {c} == {a}", gap + c == a),
    )
    keeps = work.holds("keeps-sign")
    other = c + b if keeps else c - b
    work.run(
        ("Find how far the other mean is from it.", "Now the distance of the other group."),
        f"v = {c} {'+' if keeps else '-'} {b}\nprint(v)",
        other,
        fits=(f"v + {b} == {c}", other + b == c),
    )
    top, bottom = (other, gap) if work.holds("run-over-rise") and gap else (gap, other)
    found = n * top // bottom
    names = "v // u" if top == other and work.holds("run-over-rise") else "u // v"
    work.run(
        ("What one group has too much the other one lacks.", "The distances must balance."),
        f"k = {n} * {names}\nprint(k)",
        found,
        fits=(f"k * v == {n} * u", found * other == n * gap),
    )
    work.run(
        ("Check the mean of all.", "Put the size in and check the sums."),
        f"print({n} * {a} + k * {b} == ({n} + k) * {c})",
        n * a + found * b == (n + found) * c,
    )
    work.answer(("This is the number.", "So there are this many."), found)
    return work.draft(question, m)
