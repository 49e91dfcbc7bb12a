"""Last digits, other bases, missing digits."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student


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
                fits=(f"({base}**{power} - {name}) % 10 == 0", (base**power - digit) % 10 == 0),
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
            fits=(f"({base}**{power} - {name}) % 10 == 0", (base**power - cycle[index]) % 10 == 0),
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
    """A number from another base to base ten (level 2) or the other way (level 3); a sum in that base (level 4)."""
    if level == 4:
        return _base_sum(rng, student)
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
            fits=(
                f"p[0] == {' * '.join([str(base)] * (count - 1))} and p[-1] == 1",
                places[0] == base ** (count - 1) and places[-1] == 1,
            ),
        )
        found = sum(d * p for d, p in zip(digits, places, strict=True))
        work.run(
            ("Multiply each digit by its place and add.", "Add up digit times place."),
            "n = " + " + ".join(f"{d} * p[{i}]" for i, d in enumerate(digits)) + "\nprint(n)",
            found,
            fits=(f"{_horner(written, base)} == n", found == value),
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
            fits=(f"n == {value}", total == value),
        )
    work.answer(("These are the digits.", "So the number is written like this."), found_digits.lstrip("0") or "0")
    return work.draft(question, written)


def _horner(digits: str, base: int) -> str:
    """Return in code the value of digits, without powers."""
    value = digits[0]
    for digit in digits[1:]:
        value = f"({value}) * {base} + {digit}" if "+" in value else f"{value} * {base} + {digit}"
    return value


def _in_base(n: int, base: int) -> str:
    digits = ""
    while n:
        n, digit = divmod(n, base)
        digits = str(digit) + digits
    return digits or "0"


def _base_sum(rng: random.Random, student: Student) -> Draft:
    """The sum of two numbers of another base, in that base."""
    base = rng.randint(3, 9)
    low, high = base * base, base**3 - 1
    a, b = rng.randint(low, high), rng.randint(low, high)
    first, second = _in_base(a, base), _in_base(b, base)
    question = ask(
        rng,
        f"Find the sum ${first}_{{{base}}} + {second}_{{{base}}}$. Give the answer in base {base}.",
        f"Compute ${first}_{{{base}}} + {second}_{{{base}}}$ and write the result in base {base}.",
        f"What is ${first}_{{{base}}} + {second}_{{{base}}}$ in base {base}?",
    )
    work = Work(student)
    product = work.holds("power-as-product")
    found = []
    for name, number, written in (("a", a, first), ("b", b, second)):
        places = (base * 2 if product else base**2, base, 1)
        values = [int(digit) * place for digit, place in zip(written, places, strict=True)]
        found.append(sum(values))
        square = f"{base} * 2" if product else f"{base}**2"
        x, y, z = tuple(written)
        work.run(
            (f"Write {written} in base ten.", f"Find the value of {written}."),
            f"{name} = {x} * {square} + {y} * {base} + {z}\nprint({name})",
            sum(values),
            fits=(f"{_horner(written, base)} == {name}", sum(values) == number),
        )
    total = sum(found)
    work.run(("Add both numbers.", "Find the sum in base ten."), "s = a + b\nprint(s)", total)
    digits = _in_base(total, base)
    backwards = work.holds("keeps-direction")
    shown = digits[::-1] if backwards else digits
    digit_list = [total // base**k % base for k in range(len(digits))]
    work.run(
        (f"Divide by {base} again and again and keep the remainders.", f"Find the remainders by {base}."),
        f"d = []\nwhile s:\n    d, s = [*d, s % {base}], s // {base}\nprint(d)",
        str(digit_list),
    )
    order = "d" if backwards else "d[::-1]"
    work.run(
        ("Read the digits in order.", "Put the digits together."),
        f"print(''.join(map(str, {order})))",
        shown,
        fits=(f"{_horner(shown, base)} == a + b", int(shown, base) == total),
    )
    answer = (shown.lstrip("0") or "0") + f"_{{{base}}}"
    work.answer(("This is the sum.", f"So the sum in base {base} is this."), answer, instead=total)
    return work.draft(question, _in_base(a + b, base) + f"_{{{base}}}")


def missing_digit(rng: random.Random, level: int, student: Student) -> Draft:
    """A digit that makes a number divisible by 9, 11 or 7; level 3 asks for the largest of several."""
    m = rng.choice((9, 11, 7)) if level == 2 else rng.choice((3, 4, 6))
    while True:
        a, b = rng.randint(1, 9) if rng.random() < 0.5 else rng.randint(10, 99), rng.randint(0, 9)
        if m in (4, 6):
            b = rng.choice((0, 2, 4, 6, 8))
        good = [d for d in range(10) if (100 * a + 10 * d + b) % m == 0]
        if len(good) == 1 or (level == 3 and len(good) > 1):
            break
    number, size = f"{a}d{b}", "three-digit" if a < 10 else "four-digit"
    if level == 2:
        question = ask(
            rng,
            f"For which digit $d$ is the {size} number ${number}$ divisible by {m}?",
            f"The {size} number ${number}$ is a multiple of {m}. What is the digit $d$?",
            f"Find the digit $d$ such that {m} divides the {size} number ${number}$.",
        )
    else:
        question = ask(
            rng,
            f"What is the largest digit $d$ for which the {size} number ${number}$ is divisible by {m}?",
            f"The {size} number ${number}$ is a multiple of {m}. What is the largest possible value of the digit $d$?",
            f"Find the largest digit $d$ such that {m} divides the {size} number ${number}$.",
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
        fits=(f"c == [i for i in range(10) if int(f'{a}{{i}}{b}') % {m} == 0]", found == good),
    )
    d = found[-1] if found else 0
    work.run(
        ("Take the digit and check.", "Check the number with this digit."),
        f"print({a}{d}{b} % {m})",
        int(f"{a}{d}{b}") % m,
    )
    work.answer(("This is the digit.", "So d is this digit."), d, instead=found[0] if found else None)
    return work.draft(question, good[-1])
