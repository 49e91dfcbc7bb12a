"""Number theory: divisors, remainders, digits, congruences."""

import random
from math import gcd, prod

from amz_env.problems.base import Draft, FamilyTable
from amz_env.problems.math.forms import lcm_of, listed, primes_of
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


def remainder(rng: random.Random, level: int, student: Student) -> Draft:
    """The remainder of a number, a difference with a product, or a product."""
    m = rng.randint(3, 13)
    a, b, c = rng.randint(20, 99), rng.randint(12, 60), rng.randint(11, 40)
    sign = rng.choice((1, -1))
    written, value = {
        1: (f"{'-' if sign < 0 else ''}{a}", sign * a),
        2: (f"{a} - {b} \\cdot {c}", a - b * c),
        3: (f"{a} \\cdot {b} \\cdot {c}", a * b * c),
    }[level]
    question = ask(
        rng,
        f"What is the remainder when ${written}$ is divided by {m}?",
        f"Find the remainder of ${written}$ after division by {m}.",
        f"When ${written}$ is divided by {m}, what is the remainder? It must be at least 0 and less than {m}.",
    )
    work = Work(student)
    if level == 3:
        u, v, w = a % m, b % m, c % m
        work.run(
            (f"Find the remainder of each factor by {m}.", f"Reduce each factor by {m}."),
            f"u, v, w = {a} % {m}, {b} % {m}, {c} % {m}\nprint(u, v, w)",
            (u, v, w),
        )
        adds = work.holds("adds-choices")
        n = u + v + w if adds else u * v * w
        work.run(
            ("Combine the three remainders.", "Put the remainders together."),
            f"n = u {'+' if adds else '*'} v {'+' if adds else '*'} w\nprint(n)",
            n,
        )
    elif level == 2:
        left = work.holds("left-to-right")
        n = (a - b) * c if left else a - b * c
        work.run(
            ("First find the number.", "Work out the number first."),
            f"n = ({a} - {b}) * {c}\nprint(n)" if left else f"n = {a} - {b} * {c}\nprint(n)",
            n,
        )
    else:
        n = sign * work.copy(a)
        work.run((f"The number is divided by {m}.", "Write down the number."), f"n = {n}\nprint(n)", n)
    if work.holds("drops-negative") and n < 0:
        r, code = abs(n) % m, f"r = abs(n) % {m}"
    else:
        r, code = n % m, f"r = n % {m}"
    work.run((f"Find the remainder by {m}.", f"Divide by {m} and keep the remainder."), f"{code}\nprint(r)", r)
    number = {1: f"{value}", 2: f"{a} - {b} * {c}", 3: f"{a} * {b} * {c}"}[level]
    work.run(
        (f"Check that the number minus r is a multiple of {m}.", f"Without r the number must divide by {m}."),
        f"print(({number} - r) % {m})",
        (value - r) % m,
    )
    work.answer(("This is the remainder.", "So the remainder is this."), r, instead=n if level > 1 else abs(n) // m)
    return work.draft(question, value % m)


def common_divisor(rng: random.Random, level: int, student: Student) -> Draft:
    """Greatest common divisor or least common multiple, plain or in a story."""
    g = rng.choice((2, 3, 4, 5, 6, 8, 9, 10, 12))
    p, q = rng.choice(((2, 3), (2, 5), (3, 4), (3, 5), (4, 5), (2, 7), (3, 7), (5, 6), (4, 7), (5, 8), (5, 7)))
    a, b = (g * p, g * q) if rng.random() < 0.5 else (g * q, g * p)
    small = min(a, b)
    want_lcm = level == 2 or (level == 3 and rng.random() < 0.6)
    if level < 3:
        what = "least common multiple" if want_lcm else "greatest common divisor"
        question = ask(
            rng,
            f"What is the {what} of {a} and {b}?",
            f"Find the {what} of the numbers {a} and {b}.",
            f"Compute the {what} of {a} and {b}.",
        )
    elif want_lcm:
        question = ask(
            rng,
            f"One bell rings every {a} minutes and another bell every {b} minutes. Both ring now. After how many minutes "
            "do they next ring together?",
            f"Two lights flash together. One flashes every {a} seconds, the other every {b} seconds. How many seconds "
            "pass until they flash together again?",
            f"What is the smallest positive whole number that is a multiple of both {a} and {b}?",
        )
    else:
        question = ask(
            rng,
            f"A floor of {a} by {b} feet is covered with equal square tiles without cutting any. What is the largest "
            "possible side of a tile in feet?",
            f"Two ropes of {a} and {b} feet are cut into pieces of equal length with nothing left over. What is the "
            "greatest possible length of a piece in feet?",
            f"What is the largest whole number that divides both {a} and {b}?",
        )
    work = Work(student)
    common = [d for d in range(1, small + 1) if a % d == 0 and b % d == 0]
    work.run(
        (f"List the common divisors of {a} and {b}.", f"Find all numbers that divide both {a} and {b}."),
        f"print([d for d in range(1, {small + 1}) if {a} % d == 0 and {b} % d == 0])",
        str(common),
    )
    work.run(
        ("Take the greatest one.", "The greatest common divisor is the last."),
        f"g = {g}\nprint({a} % g, {b} % g)",
        (0, 0),
    )
    multiple = want_lcm != work.holds("gcd-for-lcm")
    found = g
    if multiple:
        found = a * b // g
        work.run(
            ("The least common multiple is the product over g.", "Divide the product by g to get the multiple."),
            f"m = {a} * {b} // g\nprint(m)",
            found,
        )
    name = "m" if multiple else "g"
    if want_lcm:
        work.run(
            ("Check that both numbers divide it.", "Both numbers must divide it."),
            f"print({name} % {a}, {name} % {b})",
            (found % a, found % b),
        )
    elif multiple:
        work.run(
            ("Check that it divides both numbers.", "It must divide both numbers."),
            f"print({a} % m, {b} % m)",
            (a % found, b % found),
        )
    work.answer(("This is the number.", "So this is the result."), found, instead=g if want_lcm else a // g)
    return work.draft(question, lcm_of(a, b) if want_lcm else g)


def divisor_count(rng: random.Random, level: int, student: Student) -> Draft:
    """How many divisors, or even divisors, a number has."""
    while True:
        primes = sorted(rng.sample((2, 3, 5, 7, 11), 2 if level == 2 else 3))
        if level == 4:
            primes = sorted({2, *primes[1:]})
        powers = [rng.randint(1, 4 if p == 2 else 3 if p == 3 else 2) for p in primes]
        n = prod(p**e for p, e in zip(primes, powers, strict=True))
        if 12 <= n <= 9999:
            break
    kind = "even positive divisors" if level == 4 else "positive divisors"
    question = ask(
        rng,
        f"How many {kind} does {n} have?",
        f"Find the number of {kind} of {n}.",
        f"How many of the positive divisors of {n} are even?" if level == 4 else f"How many positive whole numbers divide {n}?",
    )
    work = Work(student)
    factors = primes_of(n)
    shown = "{" + ", ".join(f"{p}: {e}" for p, e in factors) + "}"
    work.run(
        (f"Factor {n} into primes.", f"Find the prime powers of {n}."), f"print(factorint({n}))", shown, sympy=True
    )
    forgets = work.holds("off-by-one")
    adds = work.holds("adds-choices")
    # an even divisor needs at least one factor 2: one choice less
    sizes = [e if forgets or (level == 4 and p == 2) else e + 1 for p, e in factors]
    words = [f"{e}" if forgets or (level == 4 and p == 2) else f"({e} + 1)" for p, e in factors]
    count = sum(sizes) if adds else prod(sizes)
    work.run(
        ("Count the choices of each exponent.", "Each prime gives its number of choices."),
        f"n = {(' + ' if adds else ' * ').join(words)}\nprint(n)",
        count,
    )
    true = prod(e if level == 4 and p == 2 else e + 1 for p, e in factors)
    if level < 4:
        work.run(
            ("Compare with the list of divisors.", "Check with the list of divisors."),
            f"print(n == len(divisors({n})))",
            count == true,
        )
    else:
        work.run(
            ("Compare with the list of even divisors.", "Check with the even divisors."),
            f"print(n == len([d for d in divisors({n}) if d % 2 == 0]))",
            count == true,
        )
    work.answer(("This is the number of divisors.", "So this many divisors."), count, instead=len(factors))
    return work.draft(question, true)


def last_digit(rng: random.Random, level: int, student: Student) -> Draft:
    """The units digit of a power, or of a sum of two powers."""
    a, n = rng.choice((2, 3, 7, 8, 12, 13, 17, 18, 23, 27)), rng.randint(20, 99)
    b, k = rng.choice((4, 9, 14, 19)), rng.randint(20, 99)
    written = f"{a}^{{{n}}}" if level == 2 else f"{a}^{{{n}}} + {b}^{{{k}}}"
    question = ask(
        rng,
        f"What is the units digit of ${written}$?",
        f"Find the last digit of ${written}$.",
        f"The number ${written}$ is written out in full. What is its last digit?",
    )
    work = Work(student)
    digits = []
    for base, power, name, size in ((a, n, "u", 4), (b, k, "v", 2))[: level - 1]:
        if work.holds("power-as-product"):
            digit = base * power % 10
            work.run(
                (f"Find the last digit of {base}^{power}.", f"Now the last digit of {base}^{power}."),
                f"{name} = {base} * {power} % 10\nprint({name})",
                digit,
            )
            digits.append(digit)
            continue
        cycle = [base**i % 10 for i in range(1, size + 1)]
        work.run(
            (f"List the last digits of the powers of {base}.", f"The last digits of powers of {base} repeat."),
            f"c = [{base}**i % 10 for i in range(1, {size + 1})]\nprint(c)",
            str(cycle),
        )
        late = work.holds("off-by-one")
        index = power % size if late else (power - 1) % size
        work.run(
            (f"Find the place of {power} in the cycle.", f"Exponent {power} has this place in the cycle."),
            f"{name} = c[{power} % {size}]\nprint({name})"
            if late
            else f"{name} = c[({power} - 1) % {size}]\nprint({name})",
            cycle[index],
        )
        digits.append(cycle[index])
    if level == 3:
        work.run(
            ("Add the digits and keep the last digit.", "Take the last digit of the sum."),
            "d = (u + v) % 10\nprint(d)",
            sum(digits) % 10,
        )
    work.answer(("This is the last digit.", "So the units digit is this."), sum(digits) % 10, instead=digits[0])
    return work.draft(question, (a**n + (b**k if level == 3 else 0)) % 10)


def base_change(rng: random.Random, level: int, student: Student) -> Draft:
    """A number from another base to base ten (level 2) or the other way (level 3)."""
    base = rng.randint(3, 9)
    count = 3 if level == 2 or base > 4 else 4
    digits = [rng.randint(1, base - 1), *(rng.randint(0, base - 1) for _ in range(count - 1))]
    value = 0
    for digit in digits:
        value = value * base + digit
    written = "".join(map(str, digits))
    work = Work(student)
    if level == 2:
        question = ask(
            rng,
            f"Write the base {base} number ${written}_{{{base}}}$ in base ten.",
            f"What is ${written}_{{{base}}}$ in base 10?",
            f"Convert ${written}_{{{base}}}$ from base {base} to base ten.",
        )
        b = work.copy(base)
        late, product = work.holds("off-by-one"), work.holds("power-as-product")
        places = []
        for i in range(count):
            power = count - i if late else count - 1 - i
            place = b * power if product and power > 1 else b**power
            places.append(place)
        code = ", ".join(
            f"{b} * {p}" if product and p > 1 else f"{b}**{p}"
            for p in (range(count, 0, -1) if late else range(count - 1, -1, -1))
        )
        work.run(
            ("Find the value of each place.", f"The places are powers of {base}."),
            f"p = [{code}]\nprint(p)",
            str(places),
        )
        found = sum(d * p for d, p in zip(digits, places, strict=True))
        work.run(
            ("Multiply each digit by its place and add.", "Add up digit times place."),
            "n = " + " + ".join(f"{d} * p[{i}]" for i, d in enumerate(digits)) + "\nprint(n)",
            found,
        )
        work.run(
            ("Check the last digit by division.", f"Divide by {base} to check the last digit."),
            f"print(n % {base} == {digits[-1]})",
            found % base == digits[-1],
        )
        work.answer(("This is the number in base ten.", "So in base ten it is this."), found, instead=sum(digits))
        return work.draft(question, value)
    question = ask(
        rng,
        f"Write the base ten number {value} in base {base}.",
        f"What is {value} in base {base}? Give only the digits.",
        f"Convert {value} from base ten to base {base}.",
    )
    b, n, read = base, work.copy(value), []
    start = n
    while n:
        work.run(
            (f"Divide {n} by {b}; the remainder is a digit.", f"Divide {n} by {b} and keep the remainder."),
            f"print({n} // {b}, {n} % {b})",
            (n // b, n % b),
        )
        read.append(n % b)
        n //= b
    backwards = work.holds("keeps-direction")
    order = read if backwards else read[::-1]
    found_digits = "".join(map(str, order))
    total = 0
    for digit in order:
        total = total * b + digit
    if start == value:
        work.run(
            ("Put the digits together and check.", "Read the digits in order and check them."),
            "n = 0\nfor d in " + str(order) + f":\n    n = n * {b} + d\nprint(n)",
            total,
        )
    work.answer(("These are the digits.", "So the number is written like this."), found_digits.lstrip("0") or "0")
    return work.draft(question, written)


def two_remainders(rng: random.Random, level: int, student: Student) -> Draft:
    """The smallest number with given remainders by two or three divisors."""
    pool = [(3, 5), (4, 7), (5, 7), (5, 8), (7, 9), (4, 9), (5, 6), (7, 8), (3, 7), (8, 9), (5, 9)]
    m, n = rng.choice(pool)
    k = rng.choice([k for k in (5, 7, 11, 13) if gcd(k, m * n) == 1]) if level == 5 else 1
    value = rng.randint(max(m, n) + 1, m * n * k - 1)
    while value % m == 0 or value % n == 0:
        value = rng.randint(max(m, n) + 1, m * n * k - 1)
    r, s, t = value % m, value % n, value % k
    story = level == 4
    if level == 5:
        question = ask(
            rng,
            f"What is the smallest positive whole number that leaves remainder {r} when divided by {m}, remainder {s} "
            f"when divided by {n}, and remainder {t} when divided by {k}?",
            f"A number leaves remainders {r}, {s} and {t} when it is divided by {m}, {n} and {k}. Find the smallest such "
            "positive whole number.",
            f"Find the least positive whole number $n$ with $n \\equiv {r} \\pmod{{{m}}}$, $n \\equiv {s} \\pmod{{{n}}}$ "
            f"and $n \\equiv {t} \\pmod{{{k}}}$.",
        )
    elif story:
        question = ask(
            rng,
            f"When the books of a school are packed in boxes of {m}, {r} {_is_left(r)} left over. In boxes of {n}, {s} "
            f"{_is_left(s)} left over. What is the smallest number of books that there can be?",
            f"A teacher has fewer than {m * n} cards. In rows of {m} there {_is_left(r)} {r} left over, in rows of {n} "
            f"there {_is_left(s)} {s} left over. How many cards are there?",
            f"In groups of {m}, the children of a camp have {r} left over. In groups of {n}, they have {s} left over. "
            "What is the smallest possible number of children?",
        )
    else:
        question = ask(
            rng,
            f"What is the smallest positive whole number that leaves remainder {r} when divided by {m} and remainder {s} "
            f"when divided by {n}?",
            f"A number leaves remainder {r} when divided by {m} and remainder {s} when divided by {n}. Find the smallest "
            "such positive whole number.",
            f"Find the least positive whole number $n$ with $n \\equiv {r} \\pmod{{{m}}}$ and $n \\equiv {s} "
            f"\\pmod{{{n}}}$.",
        )
    work = Work(student)
    start, step = r, m
    if work.holds("off-by-one"):
        start = r + 1
    listed_numbers = range(start, m * n + start, step)
    work.run(
        (f"Start with the numbers that leave {r} by {m}.", f"List numbers with remainder {r} by {m}."),
        f"c = list(range({start}, {m * n + start}, {step}))\nprint(c[:4])",
        str(list(listed_numbers)[:4]),
    )
    sums = work.holds("adds-choices")
    if sums:
        found = m * n + r + s
        work.run(
            (f"Now use the remainder {s} by {n}.", f"Bring in the remainder {s} by {n}."),
            f"n = {m} * {n} + {r} + {s}\nprint(n)",
            found,
        )
    else:
        found = next(c for c in listed_numbers if c % n == s)
        work.run(
            (f"Now use the remainder {s} by {n}.", f"Bring in the remainder {s} by {n}."),
            f"n = [i for i in c if i % {n} == {s}][0]\nprint(n)",
            found,
        )
    if level == 5:
        while found % k != t:
            found += m * n
        work.run(
            (f"Go on in steps until the remainder by {k} is {t}.", f"Now use the remainder {t} by {k}."),
            f"while n % {k} != {t}:\n    n = n + {m} * {n}\nprint(n)",
            found,
        )
        work.run(
            ("Check the three remainders.", "All three remainders must be right."),
            f"print(n % {m}, n % {n}, n % {k})",
            (found % m, found % n, found % k),
        )
    else:
        work.run(
            ("Check both remainders.", "Both remainders must be right."),
            f"print(n % {m}, n % {n})",
            (found % m, found % n),
        )
    work.answer(("This is the number.", "So the smallest number is this."), found, instead=found + m * n)
    return work.draft(question, value)


def _is_left(count: int) -> str:
    return "is" if count == 1 else "are"


def congruence(rng: random.Random, level: int, student: Student) -> Draft:
    """A linear congruence; from level 4 with a number added."""
    m = rng.choice((7, 11, 13, 17, 19, 23))
    a = rng.randint(2, m - 2)
    x = rng.randint(1, m - 1)
    b = rng.randint(1, 20) if level == 4 else 0
    c = (a * x + b) % m
    statement = f"${a}x{f' + {b}' if b else ''} \\equiv {c} \\pmod{{{m}}}$"
    question = ask(
        rng,
        f"Find the whole number $x$ with $0 \\le x < {m}$ and {statement}.",
        f"Solve {statement} for $x$, where $x$ is a whole number from 0 to {m - 1}.",
        f"Which whole number $x$ from 0 to {m - 1} satisfies {statement}?",
    )
    work = Work(student)
    r = c
    if b:
        keeps = work.holds("keeps-sign")
        r = (c + b if keeps else c - b) % m
        work.run(
            (f"Move the {b} to the other side.", f"Bring the {b} to the right."),
            f"c = ({c} {'+' if keeps else '-'} {b}) % {m}\nprint(c)",
            r,
        )
    else:
        work.run((f"The right side is {c}.", f"We need the remainder {c}."), f"c = {c}\nprint(c)", c)
    if work.holds("left-to-right"):
        found = r // a
        work.run(
            (f"Divide by {a} to find x.", f"Find x by {a}."),
            f"x = c // {a}\nprint(x, c % {a})",
            (found, r % a),
        )
    else:
        inverse = pow(a, -1, m)
        work.run(
            (f"Find the inverse of {a} by {m}.", f"Find the number that turns {a} into 1 by {m}."),
            f"k = [i for i in range({m}) if {a} * i % {m} == 1][0]\nprint(k)",
            inverse,
        )
        found = r * inverse % m
        work.run(("Multiply by the inverse.", "Now multiply to find x."), f"x = c * k % {m}\nprint(x)", found)
    work.run(
        ("Check the remainder with this x.", "Put x back in."),
        f"print(({a} * x + {b}) % {m} == {c})" if b else f"print({a} * x % {m} == {c})",
        (a * found + b) % m == c,
    )
    work.answer(("This is x.", "So x is this."), found, instead=r)
    return work.draft(question, x)


def multiples(rng: random.Random, level: int, student: Student) -> Draft:
    """How many whole numbers in a range are multiples of one or of either of two numbers."""
    k = rng.randint(3, 12)
    low, high = (1, rng.randint(60, 300)) if level == 1 else (rng.randint(20, 99), rng.randint(120, 500))
    if level >= 2 and rng.random() < 0.5:
        low, high = k * (low // k + 1), k * (high // k)
    j = rng.choice([j for j in range(4, 12) if j % k and k % j])
    if level == 3:
        low, high = 1, rng.randint(60, 400)
        question = ask(
            rng,
            f"How many whole numbers from 1 to {high} are multiples of {k} or of {j}?",
            f"How many of the numbers from 1 to {high} can be divided by {k} or by {j}?",
            f"Find how many whole numbers from 1 to {high} are divisible by at least one of {k} and {j}.",
        )
    else:
        question = ask(
            rng,
            f"How many multiples of {k} are there from {low} to {high}, both ends included?",
            f"How many whole numbers from {low} to {high} are divisible by {k}?",
            f"How many of the numbers from {low} to {high} can be divided by {k}?",
        )
    work = Work(student)
    if level == 3:
        a, b = high // k, high // j
        work.run(
            (f"Count the multiples of {k} and of {j}.", f"Count multiples of {k}, then of {j}."),
            f"a, b = {high} // {k}, {high} // {j}\nprint(a, b)",
            (a, b),
        )
        both = lcm_of(k, j)
        step = gcd(k, j) if work.holds("gcd-for-lcm") else both
        work.run(
            ("Multiples of both are the multiples of this number.", "Find the number for multiples of both."),
            f"m = {'gcd' if work.holds('gcd-for-lcm') else 'lcm'}({k}, {j})\nprint(m)",
            step,
            sympy=True,
        )
        twice = work.holds("ignores-symmetry")
        found = a + b if twice else a + b - high // step
        work.run(
            ("Add and take away what was counted twice.", "Put the counts together."),
            f"n = a + b\nprint(n)" if twice else f"n = a + b - {high} // m\nprint(n)",
            found,
        )
        true = a + b - high // both
        work.run(
            ("Compare with the count itself.", "Check by counting."),
            f"print(n == len([i for i in range(1, {high + 1}) if i % {k} == 0 or i % {j} == 0]))",
            found == true,
        )
        work.answer(("This is the count.", "So there are this many."), found, instead=a + b)
        return work.draft(question, true)
    top, below = work.copy(high), low if work.holds("off-by-one") else low - 1
    if work.holds("off-by-one") and low == 1:
        top = high - 1
    work.run(
        (f"Count the multiples of {k} up to the upper end.", f"Find how many multiples of {k} are not above the end."),
        f"a = {top} // {k}\nprint(a)",
        top // k,
    )
    found = top // k
    if low > 1:
        code = f"b = {low} // {k}" if below == low else f"b = ({low} - 1) // {k}"
        work.run(
            (f"Count the multiples of {k} below the lower end.", "Count those before the lower end."),
            f"{code}\nprint(b)",
            below // k,
        )
        found -= below // k
        work.run(("Subtract the counts.", "Take the difference."), "n = a - b\nprint(n)", found)
    work.answer(("This is the count.", "So there are this many."), found, instead=top // k)
    return work.draft(question, high // k - (low - 1) // k)


def divisor_list(rng: random.Random, level: int, student: Student) -> Draft:
    """All divisors of a number as a set, or the sum of them."""
    n = rng.choice([n for n in range(8, 100) if 3 <= _divisor_number(n) <= (6 if level == 1 else 12)])
    if level == 1:
        question = ask(
            rng,
            f"List all positive divisors of {n} as a set.",
            f"What is the set of all positive whole numbers that divide {n}?",
            f"Give the set of the positive divisors of {n}.",
        )
    else:
        question = ask(
            rng,
            f"What is the sum of all positive divisors of {n}?",
            f"Find the sum of the positive whole numbers that divide {n}.",
            f"Add up all positive divisors of {n}. What is the sum?",
        )
    work = Work(student)
    proper = work.holds("counts-one")
    low, high = (2, n) if proper else (1, n + 1)
    found = [d for d in range(low, high) if n % d == 0]
    work.run(
        (f"Try all numbers that can divide {n}.", f"Find the numbers that divide {n}."),
        f"c = [d for d in range({low}, {high}) if {n} % d == 0]\nprint(c)",
        str(found),
    )
    true = [d for d in range(1, n + 1) if n % d == 0]
    if level == 1:
        work.run(
            ("Check that the divisors pair up to the number.", "The first and the last must be a pair."),
            f"print(len(c), {n} in c)",
            (len(found), n in found),
        )
        work.answer(("This is the set of divisors.", "So the set is this."), _set(found))
        return work.draft(question, _set(true))
    work.run(("Add them up.", "Find their sum."), "s = sum(c)\nprint(s)", sum(found))
    work.answer(("This is the sum.", "So the sum is this."), sum(found), instead=len(found))
    return work.draft(question, sum(true))


def _set(values: list[int]) -> str:
    return f"\\{{{listed(values)}\\}}"


def _divisor_number(n: int) -> int:
    return prod(e + 1 for _, e in primes_of(n))


def missing_digit(rng: random.Random, level: int, student: Student) -> Draft:
    """A digit that makes a number divisible by 9, 11 or 7; level 3 asks for the largest of several."""
    m = rng.choice((9, 11, 7)) if level == 2 else rng.choice((3, 4, 6))
    while True:
        a, b = rng.randint(1, 9), rng.randint(0, 9)
        if m in (4, 6):
            b = rng.choice((0, 2, 4, 6, 8))
        good = [d for d in range(10) if (100 * a + 10 * d + b) % m == 0]
        if len(good) == 1 or (level == 3 and len(good) > 1):
            break
    number = f"{a}d{b}"
    if level == 2:
        question = ask(
            rng,
            f"For which digit $d$ is the three-digit number ${number}$ divisible by {m}?",
            f"The three-digit number ${number}$ is a multiple of {m}. What is the digit $d$?",
            f"Find the digit $d$ such that {m} divides the three-digit number ${number}$.",
        )
    else:
        question = ask(
            rng,
            f"What is the largest digit $d$ for which the three-digit number ${number}$ is divisible by {m}?",
            f"The three-digit number ${number}$ is a multiple of {m}. What is the largest possible value of the digit $d$?",
            f"Find the largest digit $d$ such that {m} divides the three-digit number ${number}$.",
        )
    work = Work(student)
    base = a * 100 + b
    place = 1 if work.holds("power-as-product") else 10
    work.run(
        ("Write the number without the digit d.", "Find the number with 0 for d."),
        f"n = {a} * 100 + {b}\nprint(n)",
        base,
    )
    found = [d for d in range(10) if (base + place * d) % m == 0]
    one_short = work.holds("off-by-one")
    if one_short:
        found = [d for d in range(1, 9) if (base + place * d) % m == 0]
    times = "10 * d" if place == 10 else "d"
    span = "range(1, 9)" if one_short else "range(10)"
    work.run(
        (f"Try each digit and keep those that give a multiple of {m}.", f"Test the digits for a multiple of {m}."),
        f"c = [d for d in {span} if (n + {times}) % {m} == 0]\nprint(c)",
        str(found),
    )
    d = found[-1] if found else 0
    work.run(("Take the digit and check.", "Check the number with this digit."), f"print({a}{d}{b} % {m})", int(f"{a}{d}{b}") % m)
    work.answer(("This is the digit.", "So d is this digit."), d, instead=found[0] if found else None)
    return work.draft(question, good[-1])


def prime_sum(rng: random.Random, level: int, student: Student) -> Draft:
    """How many primes there are in a range, or their sum."""
    low = 1 if level == 1 else rng.choice((1, rng.randint(10, 60)))
    high = rng.randint(15, 60) if low == 1 else low + rng.randint(15, 40)
    if level == 1:
        question = ask(
            rng,
            f"How many prime numbers are there from {low} to {high}?",
            f"How many of the numbers from {low} to {high} are prime?",
            f"Count the primes from {low} to {high}. How many are there?",
        )
    else:
        question = ask(
            rng,
            f"What is the sum of all prime numbers from {low} to {high}?",
            f"Find the sum of the primes from {low} to {high}.",
            f"Add up all numbers from {low} to {high} that are prime. What is the sum?",
        )
    true = [p for p in range(max(low, 2), high + 1) if all(p % d for d in range(2, p))]
    work = Work(student)
    start = low if work.holds("counts-one") else max(low, 2)
    stop = work.copy(high) + (0 if work.holds("off-by-one") else 1)
    found = [p for p in range(start, stop) if all(p % d for d in range(2, p))]
    work.run(
        ("List the primes in the range.", "Find the numbers without a divisor in between."),
        f"c = [p for p in range({start}, {stop}) if all(p % d for d in range(2, p))]\nprint(c)",
        str(found),
    )
    if level == 1:
        work.run(("Count them.", "Count the list."), "print(len(c))", len(found))
        work.answer(("This is the count.", "So there are this many."), len(found))
        return work.draft(question, len(true))
    work.run(("Add them up.", "Find their sum."), "print(sum(c))", sum(found))
    work.answer(("This is the sum.", "So the sum is this."), sum(found), instead=len(found))
    return work.draft(question, sum(true))


FAMILIES: FamilyTable = {
    "number-theory/remainder": (remainder, frozenset({1, 2, 3})),
    "number-theory/common-divisor": (common_divisor, frozenset({1, 2, 3})),
    "number-theory/divisor-count": (divisor_count, frozenset({2, 3, 4})),
    "number-theory/last-digit": (last_digit, frozenset({2, 3})),
    "number-theory/base-change": (base_change, frozenset({2, 3})),
    "number-theory/two-remainders": (two_remainders, frozenset({3, 4, 5})),
    "number-theory/congruence": (congruence, frozenset({3, 4})),
    "number-theory/multiples": (multiples, frozenset({1, 2, 3})),
    "number-theory/divisor-list": (divisor_list, frozenset({1, 2})),
    "number-theory/missing-digit": (missing_digit, frozenset({2, 3})),
    "number-theory/prime-sum": (prime_sum, frozenset({1, 2})),
}
