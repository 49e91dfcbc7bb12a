"""Prealgebra: order of operations, fractions, percent, ratio, averages, roots."""

import random
from fractions import Fraction
from math import gcd

from amz_env.problems.base import Draft, FamilyTable
from amz_env.problems.math.forms import root_printed, root_tex, split_root, tex
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def order_of_operations(rng: random.Random, level: int, student: Student) -> Draft:
    """A value where the operations are not done from left to right."""
    a, b, c, d, e = (rng.randint(2, 12) for _ in range(5))
    q = rng.randint(2, 9)
    if level == 1:
        written, value = f"{a} + {b} \\cdot {c}", a + b * c
    elif level == 2:
        written, value = f"{a} + {b} \\cdot {c} - {q * d} \\div {d}", a + b * c - q
    else:
        written, value = f"{a} + {b} \\cdot ({c} - {d})^2 - {e}", a + b * (c - d) ** 2 - e
    question = ask(
        rng,
        f"What is the value of ${written}$?",
        f"Compute ${written}$.",
        f"Evaluate the expression ${written}$.",
    )
    work = Work(student)
    left = work.holds("left-to-right")
    if level == 3:
        u = c - d
        work.run(("First the bracket.", "Work out the bracket first."), f"u = {c} - {d}\nprint(u)", u)
        product = work.holds("power-as-product")
        v = u * 2 if product else u * u
        work.run(("Square it.", "Now the square."), f"v = u{' * ' if product else '**'}2\nprint(v)", v)
        if left:
            w = a + b
            work.run(("Then the next operation.", "Go on with the sum."), f"w = {a} + {b}\nprint(w)", w)
            found, code = w * v - e, f"n = w * v - {e}"
        else:
            w = b * v
            work.run(("Then the product.", "Multiply before adding."), f"w = {b} * v\nprint(w)", w)
            found, code = a + w - e, f"n = {a} + w - {e}"
        work.run(("Finish from left to right.", "Now the rest."), f"{code}\nprint(n)", found)
        work.answer(("This is the value.", "So the value is this."), found, instead=w)
        return work.draft(question, value)
    a2 = work.copy(a)
    if left:
        w, code = a2 + b, f"w = {a2} + {b}"
        work.run(("Start with the sum.", "First add."), f"{code}\nprint(w)", w)
        p, code = w * c, f"p = w * {c}"
        work.run(("Go on with the product.", "Then multiply."), f"{code}\nprint(p)", p)
    else:
        w, code = b * c, f"w = {b} * {c}"
        work.run(("Start with the product.", "First multiply."), f"{code}\nprint(w)", w)
        p, code = a2 + w, f"p = {a2} + w"
        work.run(("Go on with the sum.", "Then add."), f"{code}\nprint(p)", p)
    if level == 2:
        if left:
            r = p - q * d
            work.run(("Then subtract.", "Take away the next number."), f"r = p - {q * d}\nprint(r)", r)
            p, shown = r // d, (r // d, r % d)
            work.run(("Divide at the end.", "Last, divide."), f"print(r // {d}, r % {d})", shown)
        else:
            work.run(("Now the quotient.", "Divide before subtracting."), f"r = {q * d} // {d}\nprint(r)", q)
            p -= q
            work.run(("Subtract at the end.", "Last, subtract."), "n = p - r\nprint(n)", p)
    work.answer(("This is the value.", "So the value is this."), p, instead=w)
    return work.draft(question, value)


def fraction_sum(rng: random.Random, level: int, student: Student) -> Draft:
    """The sum of fractions, plain or in a story; three of them at level 3."""
    b, d, f = rng.sample((2, 3, 4, 5, 6, 7, 8, 9, 10, 12), 3)
    p, q, r = (Fraction(rng.choice([t for t in range(1, m) if gcd(t, m) == 1]), m) for m in (b, d, f))
    parts = [p, q] if level < 3 else [p, q, r]
    if level == 2:
        n, what = rng.choice((("Mia", "rope"), ("Tom", "ribbon"), ("Ana", "wire"), ("Ben", "string")))
        question = ask(
            rng,
            f"{n} has two pieces of {what}. One is ${tex(p)}$ of a yard long and the other ${tex(q)}$ of a yard. How many "
            "yards long are they together?",
            f"{n} walks ${tex(p)}$ of a mile in the morning and ${tex(q)}$ of a mile in the evening. How many miles is "
            "that in all?",
            f"A recipe takes ${tex(p)}$ of a cup of milk and ${tex(q)}$ of a cup of water. How many cups is that in all?",
        )
    else:
        written = " + ".join(tex(part) for part in parts)
        question = ask(
            rng,
            f"Compute ${written}$. Give the answer as a fraction in lowest terms.",
            f"What is ${written}$ as a common fraction?",
            f"Find the sum ${written}$ in lowest terms.",
        )
    work = Work(student)
    wrong = work.holds("adds-denominators")
    total = parts[0]
    for i, part in enumerate(parts[1:]):
        if wrong:
            code = (
                f"Rational({total.numerator} + {part.numerator}, {total.denominator} + {part.denominator})"
                if i == 0
                else f"Rational({total.numerator} + {part.numerator}, {total.denominator} + {part.denominator})"
            )
            total = Fraction(total.numerator + part.numerator, total.denominator + part.denominator)
        else:
            first = f"Rational({total.numerator}, {total.denominator})" if i == 0 else "s"
            code = f"{first} + Rational({part.numerator}, {part.denominator})"
            total += part
        work.run(
            ("Add the first two fractions.", "Find the sum of the first two.")
            if i == 0
            else ("Add the third fraction.", "Add the last fraction."),
            f"s = {code}\nprint(s)",
            total,
            sympy=True,
        )
    work.run(
        ("The sum must be greater than each part.", "Check that the sum is greater than each fraction."),
        "print(" + ", ".join(f"s > Rational({x.numerator}, {x.denominator})" for x in parts) + ")",
        tuple(total > x for x in parts),
    )
    work.answer(("This is the sum.", "So the sum is this."), tex(total), instead=tex(parts[-1]))
    return work.draft(question, tex(sum(parts, Fraction(0))))


def percent_change(rng: random.Random, level: int, student: Student) -> Draft:
    """A price after one change, after two changes, or before a change."""
    p = rng.choice((10, 20, 25, 30, 40, 50))
    q = rng.choice((10, 20, 30, 40, 50))  # 25 % twice would leave half dollars
    up, down = rng.choice(((True, False), (False, True), (True, True), (False, False)))
    thing = rng.choice(("coat", "bike", "lamp", "chair", "phone", "table"))
    price = rng.randint(2, 15) * (20 if level == 1 else 200)
    f = Fraction(100 + (p if up else -p), 100)
    middle = price * f
    end = middle * Fraction(100 + (q if not down else -q), 100)
    first = f"{'raised' if up else 'lowered'} by {p}%"
    second = f"{'lowered' if down else 'raised'} by {q}%"
    if level == 3:
        question = ask(
            rng,
            f"After its price was {first}, a {thing} costs {middle} dollars. How many dollars did it cost before?",
            f"The price of a {thing} was {first} and is now {middle} dollars. What was the old price in dollars?",
            f"A shop has {first.replace('raised', 'raised the price of a ' + thing).replace('lowered', 'lowered the price of a ' + thing)}. "
            f"The new price is {middle} dollars. What was the price before, in dollars?",
        )
        answer = price
    elif level == 1:
        question = ask(
            rng,
            f"A {thing} costs {price} dollars. Its price is {first}. What is the new price in dollars?",
            f"The price of a {thing} is {price} dollars and is then {first}. How many dollars does it cost now?",
            f"A shop sells a {thing} for {price} dollars. If the price is {first}, what is it then, in dollars?",
        )
        answer = int(middle)
    else:
        question = ask(
            rng,
            f"A {thing} costs {price} dollars. Its price is {first}, and later the new price is {second}. What is the "
            "price in dollars at the end?",
            f"The price of a {thing} is {price} dollars. It is first {first} and then {second}. How many dollars does "
            "the thing cost at the end?",
            f"A shop sells a {thing} for {price} dollars. In spring the price is {first}, in summer it is {second}. "
            "What is the price in dollars after both changes?",
        )
        answer = int(end)
    work = Work(student)
    if level == 3:
        if work.holds("percent-of-start"):
            change = int(middle) * p // 100
            work.run(
                (f"Find {p}% of the price.", f"Take {p}% of the price."),
                f"c = {middle} * {p} // 100\nprint(c)",
                change,
            )
            found = int(middle) + (-change if up else change)
            work.run(
                ("Undo the change.", "Go back to the old price."),
                f"old = {middle} {'-' if up else '+'} c\nprint(old)",
                found,
            )
        else:
            keep = 100 + p if up else 100 - p
            work.run(
                ("Find how many percent of the old price remain.", "The new price is this percent of the old price."),
                f"k = 100 {'+' if up else '-'} {p}\nprint(k)",
                keep,
            )
            found = int(middle) * 100 // keep
            work.run(
                ("Find the old price from it.", "Divide to find the old price."),
                f"old = {middle} * 100 // k\nprint(old)",
                found,
            )
        op = "+" if up else "-"
        now = found + (found * p // 100 if up else -(found * p // 100))
        work.run(
            ("Check by changing the old price.", "Change it again to check."),
            f"print(old {op} old * {p} // 100)",
            now,
        )
        work.answer(("This is the old price.", "So it was this price before."), found)
        return work.draft(question, answer)
    paid = work.copy(price)
    change = paid * p // 100
    work.run(
        (f"Find {p}% of the price.", f"Take {p}% of {paid}."), f"c = {paid} * {p} // 100\nprint(c)", change
    )
    now = paid + change if up else paid - change
    work.run(
        ("Find the new price.", "Change the price by it."),
        f"price = {paid} {'+' if up else '-'} c\nprint(price)",
        now,
    )
    if level == 2:
        start = work.holds("percent-of-start")
        base, name = (paid, str(paid)) if start else (now, "price")
        change2 = base * q // 100
        work.run(
            (f"Find {q}% for the second change.", f"Now take {q}%."), f"d = {name} * {q} // 100\nprint(d)", change2
        )
        last = now - change2 if down else now + change2
        work.run(
            ("Find the price at the end.", "Change the price again."),
            f"end = price {'-' if down else '+'} d\nprint(end)",
            last,
        )
        work.answer(("This is the price at the end.", "So it costs this much at the end."), last, instead=now)
        return work.draft(question, answer)
    work.answer(("This is the new price.", "So it costs this much now."), now, instead=change)
    return work.draft(question, answer)


def ratio_share(rng: random.Random, level: int, student: Student) -> Draft:
    """An amount shared in a ratio of two or three parts; at level 3 from a difference."""
    a, b = rng.sample(range(2, 10), 2)
    c, unit = rng.randint(1, 9), rng.randint(3, 20)
    who = rng.sample(("Mia", "Tom", "Ana", "Ben", "Lea", "Max"), 3)
    things = rng.choice(("marbles", "stickers", "coins", "cards"))
    parts = [a, b] if level == 1 else [a, b, c]
    whole = sum(parts)
    total = whole * unit
    ratio = ":".join(map(str, parts))
    names = f"{who[0]} and {who[1]}" if level == 1 else f"{who[0]}, {who[1]} and {who[2]}"
    if level < 3:
        question = ask(
            rng,
            f"{names} share {total} {things} in the ratio {ratio}. How many {things} does {who[0]} get?",
            f"{total} {things} are divided among {names} in the ratio {ratio}. How many does {who[0]} get?"
            if level == 2
            else f"{total} {things} are divided between {names} in the ratio {ratio}. How many does {who[0]} get?",
            f"The {things} of {names} are in the ratio {ratio}. Together they have {total} {things}. How many does "
            f"{who[0]} have?",
        )
        answer = a * unit
    else:
        big, small = (0, 1) if a > b else (1, 0)
        gap = abs(a - b) * unit
        question = ask(
            rng,
            f"{names} share some {things} in the ratio {ratio}. {who[big]} gets {gap} more than {who[small]}. How many "
            f"{things} do they share?",
            f"The {things} of {names} are in the ratio {ratio}, and {who[big]} has {gap} more than {who[small]}. How "
            f"many {things} do they have in all?",
        )
        answer = total
    work = Work(student)
    if level < 3:
        amount = work.copy(total)
        if work.holds("part-for-whole"):
            k, code = a, f"k = {a}"
        else:
            k, code = whole, "k = " + " + ".join(map(str, parts))
        work.run(("Find the number of parts.", "Count the parts."), f"{code}\nprint(k)", k)
        one = amount // k
        work.run(
            (f"Divide the {things} by the parts.", "Find the size of one part."),
            f"one = {amount} // k\nprint(one, {amount} % k)",
            (one, amount % k),
        )
        work.run(
            (f"{who[0]} has the first part of the ratio.", f"Find what {who[0]} gets."),
            f"{who[0].lower()} = {a} * one\nprint({who[0].lower()})",
            a * one,
        )
        work.run(
            ("Check that all shares add up.", "All shares together must give the total."),
            f"print({' + '.join(f'{p} * one' for p in parts)} == {total})",
            whole * one == total,
        )
        work.answer((f"{who[0]} gets this many.", f"So this is what {who[0]} has."), a * one, instead=one)
        return work.draft(question, answer)
    diff = max(a, b) - min(a, b)
    if work.holds("part-for-whole"):
        k, code = max(a, b), f"k = {max(a, b)}"
    else:
        k, code = diff, f"k = {max(a, b)} - {min(a, b)}"
    work.run(
        (f"Find the parts that {who[big]} has more.", "Find the difference in parts."), f"{code}\nprint(k)", k
    )
    one = gap // k
    work.run(
        ("Find the size of one part.", "Divide the difference by the parts."),
        f"one = {gap} // k\nprint(one, {gap} % k)",
        (one, gap % k),
    )
    found = whole * one
    work.run(
        ("Now all parts together.", "Find the total of all parts."),
        f"total = ({' + '.join(map(str, parts))}) * one\nprint(total)",
        found,
    )
    work.run(
        ("Check the difference.", "The difference must be right."),
        f"print({max(a, b)} * one - {min(a, b)} * one == {gap})",
        diff * one == gap,
    )
    work.answer((f"This many {things} in all.", "So this is the total."), found, instead=one)
    return work.draft(question, answer)


def average(rng: random.Random, level: int, student: Student) -> Draft:
    """A mean, or the number that makes a mean."""
    n = rng.randint(3, 4) if level == 1 else rng.randint(4, 6)
    while True:
        values = [rng.randint(10, 60) for _ in range(n)]
        if sum(values) % n == 0 and len(set(values)) > 2:
            break
    mean = sum(values) // n
    if level == 3:
        m = rng.randint(2, 5)
        new_mean = mean + rng.choice((-2, -1, 1, 2, 3))
        added = new_mean * (n + m) - mean * n
        if added <= 0:
            m, added, new_mean = 2, mean * 2 + 2 * (n + 2), mean + 2
        question = ask(
            rng,
            f"The mean of {n} numbers is {mean}. When {m} more numbers are put in, the mean of all of them is "
            f"{new_mean}. What is the sum of the {m} new numbers?",
            f"A list of {n} numbers has mean {mean}. After {m} further numbers are added to the list, its mean is "
            f"{new_mean}. Find the sum of the {m} further numbers.",
            f"The first {n} tests of a class have mean {mean}. With the next {m} tests the mean is {new_mean}. What is "
            f"the sum of those {m} tests?",
        )
        answer = added
    elif level == 2:
        known, answer = values[:-1], values[-1]
        shown = ", ".join(map(str, known[:-1])) + f" and {known[-1]}"
        question = ask(
            rng,
            f"The mean of {n} numbers is {mean}. All but one of them are {shown}. What is the missing number?",
            f"The numbers {shown} and one more number have mean {mean}. What is that number?",
            f"A student has scores of {shown}. What must the next score be so that the mean of all {n} is {mean}?",
        )
    else:
        shown = ", ".join(map(str, values[:-1])) + f" and {values[-1]}"
        question = ask(
            rng,
            f"What is the mean of {shown}?",
            f"Find the average of the numbers {shown}.",
            f"The numbers {shown} have which mean?",
        )
        answer = mean
    work = Work(student)
    if level == 1:
        work.run(("Add the numbers.", "Find the sum."), f"s = {' + '.join(map(str, values))}\nprint(s)", sum(values))
        k = n - 1 if work.holds("off-by-one") else n
        found = sum(values) // k
        work.run(
            ("Divide by how many there are.", "Divide by the count."),
            f"m = s // {k}\nprint(m, s % {k})",
            (found, sum(values) % k),
        )
        work.answer(("This is the mean.", "So the mean is this."), found, instead=sum(values))
    elif level == 2:
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
    else:
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


def proportion(rng: random.Random, level: int, student: Student) -> Draft:
    """Prices in proportion; at level 2 workers and days, where the product stays the same."""
    a, b = rng.sample(range(2, 13), 2)
    unit = rng.randint(2, 15)
    thing = rng.choice(("pens", "books", "apples", "tickets", "cups", "balls"))
    if level == 1:
        question = ask(
            rng,
            f"If {a} {thing} cost {a * unit} dollars, how many dollars do {b} {thing} cost?",
            f"{a} {thing} cost {a * unit} dollars in all. What is the price of {b} {thing} in dollars?",
            f"A shop sells {a} {thing} for {a * unit} dollars. At this rate, how many dollars are {b} {thing}?",
        )
        answer = b * unit
    else:
        days = b * unit
        question = ask(
            rng,
            f"{a} workers build a wall in {days} days. At the same rate, how many days do {b} workers need?",
            f"A job takes {a} workers {days} days. How many days does the same job take {b} workers?",
            f"Food lasts {a} horses for {days} days. For how many days does it last {b} horses?",
        )
        answer = a * unit
    work = Work(student)
    if level == 1:
        cost = work.copy(a * unit)
        one = cost // a
        work.run(
            (f"Find the price of one of the {thing}.", "Find the price of one."),
            f"one = {cost} // {a}\nprint(one, {cost} % {a})",
            (one, cost % a),
        )
        adds = work.holds("adds-choices")
        found = cost + b if adds else one * b
        work.run(
            (f"Now the price of {b} {thing}.", f"Find the price of {b}."),
            f"n = {cost} + {b}\nprint(n)" if adds else f"n = one * {b}\nprint(n)",
            found,
        )
        work.answer(("This is the price.", "So they cost this much."), found, instead=one)
    else:
        direct = work.holds("keeps-direction")
        amount = days * b if direct else days * a
        work.run(
            ("Find the work of one.", "Multiply to find the whole."),
            f"w = {days} * {b if direct else a}\nprint(w)",
            amount,
        )
        k = a if direct else b
        work.run(
            ("Divide it again.", "Divide by the new number."),
            f"d = w // {k}\nprint(d, w % {k})",
            (amount // k, amount % k),
        )
        work.run(
            ("More of them need fewer days; compare.", "Check the order of the days."),
            f"print({b} > {a}, d < {days})",
            (b > a, amount // k < days),
        )
        work.answer(("This is the number of days.", "So it is this many days."), amount // k, instead=amount)
    return work.draft(question, answer)


def simplify_root(rng: random.Random, level: int, student: Student) -> Draft:
    """A square root in simplest form, or a sum of two of them."""
    m = rng.choice((2, 3, 5, 6, 7, 10))
    k, j = rng.sample(range(2, 10 if level == 1 else 8), 2)
    n, o = k * k * m, j * j * m
    written = f"\\sqrt{{{n}}}" if level == 1 else f"\\sqrt{{{n}}} + \\sqrt{{{o}}}"
    question = ask(
        rng,
        f"Simplify ${written}$.",
        f"Write ${written}$ in simplest radical form.",
        f"What is ${written}$ in the form $a\\sqrt{{b}}$ with $b$ as small as possible?",
    )
    work = Work(student)
    sizes = []
    if level == 2 and work.holds("distributes-first"):
        total = n + o
        work.run(
            ("Add the numbers under the roots.", "Put both under one root."), f"n = {n} + {o}\nprint(n)", total
        )
        a, inside = split_root(total)
        work.run(("Simplify the root.", "Now simplify."), "r = sqrt(n)\nprint(r)", root_printed(total), sympy=True)
        roots, answer_found = f"sqrt({n}) + sqrt({o})", root_tex(total)
        same = False
    else:
        for value, name in ((n, "a"), (o, "b"))[:level]:
            size = max(s for s in range(1, 100) if value % (s * s) == 0)
            work.run(
                (f"Find the largest square that divides {value}.", f"Which square numbers divide {value}?"),
                f"{name} = max([s for s in range(1, {value}) if {value} % s**2 == 0])\nprint({name}, {value} // {name}**2)",
                (size, value // (size * size)),
            )
            sizes.append(size)
        squares = work.holds("power-as-product")
        total_size = sum(s * s if squares else s for s in sizes)
        names = ["a**2", "b**2"][:level] if squares else ["a", "b"][:level]
        work.run(
            ("Take the root out.", "This number stands before the root."),
            f"k = {' + '.join(names)}\nprint(k)",
            total_size,
        )
        same = total_size == k + (j if level == 2 else 0)
        roots = f"sqrt({n})" if level == 1 else f"sqrt({n}) + sqrt({o})"
        answer_found = f"{total_size}\\sqrt{{{m}}}"
        inside = m
        work.run(
            ("Check with the roots.", "Compare with the roots."),
            f"print(k * sqrt({inside}) == {roots})",
            same,
            sympy=True,
        )
    work.answer(("This is the simplest form.", "So the root is this."), answer_found)
    return work.draft(question, root_tex(m, k if level == 1 else k + j))


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
    work.run(
        (f"Go in steps to the {asked} one.", f"Find the {asked} number."), f"x = m {op} {move}\nprint(x)", found
    )
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


def powers(rng: random.Random, level: int, student: Student) -> Draft:
    """A sum or difference of powers; the signs of negative bases at level 2."""
    a, m = rng.choice(((2, 3), (2, 4), (2, 5), (2, 6), (3, 3), (3, 4), (4, 3), (5, 3), (6, 2), (7, 2), (8, 2)))
    b, n = rng.choice(((2, 3), (3, 2), (3, 3), (4, 2), (5, 2), (6, 2), (9, 2), (10, 2)))
    c = rng.randint(2, 9)
    minus = rng.random() < 0.5
    base = f"(-{a})" if level == 2 else str(a)
    written = f"{base}^{m} {'-' if minus else '+'} {b}^{n}" + (f" \\cdot {c}" if level == 2 else "")
    question = ask(
        rng,
        f"What is the value of ${written}$?",
        f"Compute ${written}$.",
        f"Evaluate ${written}$.",
    )
    true_u, true_v = ((-a) ** m if level == 2 else a**m), b**n * (c if level == 2 else 1)
    work = Work(student)
    product = work.holds("power-as-product")
    signed = -a if level == 2 and not work.holds("drops-negative") else a
    shown = f"({signed})" if signed < 0 else str(signed)
    u = signed * m if product else signed**m
    v = b * n if product else b**n
    sign = " * " if product else "**"
    work.run(("Find the first power.", "Start with the first power."), f"u = {shown}{sign}{m}\nprint(u)", u)
    work.run(("Find the second power.", "Now the second power."), f"v = {b}{sign}{n}\nprint(v)", v)
    op = "-" if minus else "+"
    if level == 2 and work.holds("left-to-right"):
        w = u - v if minus else u + v
        found = w * c
        work.run(("Put them together.", "Finish the rest."), f"n = (u {op} v) * {c}\nprint(n)", found)
    else:
        last = f"v * {c}" if level == 2 else "v"
        w = v * c if level == 2 else v
        found = u - w if minus else u + w
        work.run(("Put them together.", "Finish the rest."), f"n = u {op} {last}\nprint(n)", found)
    work.answer(("This is the value.", "So the value is this."), found, instead=u)
    return work.draft(question, true_u - true_v if minus else true_u + true_v)


FAMILIES: FamilyTable = {
    "prealgebra/order-of-operations": (order_of_operations, frozenset({1, 2, 3})),
    "prealgebra/fraction-sum": (fraction_sum, frozenset({1, 2, 3})),
    "prealgebra/percent-change": (percent_change, frozenset({1, 2, 3})),
    "prealgebra/ratio-share": (ratio_share, frozenset({1, 2, 3})),
    "prealgebra/average": (average, frozenset({1, 2, 3})),
    "prealgebra/proportion": (proportion, frozenset({1, 2})),
    "prealgebra/simplify-root": (simplify_root, frozenset({1, 2})),
    "prealgebra/consecutive-numbers": (consecutive_numbers, frozenset({1, 2, 3})),
    "prealgebra/powers": (powers, frozenset({1, 2})),
}
