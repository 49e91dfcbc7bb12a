"""Percentages of collections, prices and growing numbers, one after the other."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.gsm.story import Move, Story, Wrong, find, look, pick_operations
from amz_env.problems.gsm.things import GENERIC_CLOSINGS, GOODS, NAMES, OWNED, PICKED
from amz_env.problems.gsm.work import write
from amz_env.problems.students import Student

SHARES = (5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90)
COLORS = ("red", "blue", "green", "yellow", "white", "brown")
PACKED_START = (
    "{a} has {m} boxes with {n} {things} each.",
    "There are {m} rows of {n} {things}.",
    "{a} counts {m} piles with {n} {things} in each.",
)
START = ("{a} has {n} {things}.", "There are {n} {things}.", "A box holds {n} {things}.")
PART = ("{p}% of the {things} are {color}.", "Of the {things}, {p}% are {color}.")
REST_PART = ("{p}% of the rest are {color}.", "Of the others, {p}% are {color}.")
ASK_PART = "How many {things} are {color}?"
ASK_REST = "How many {things} are not {color}?"
ASK_NEITHER = "How many {things} are neither {color} nor {other}?"
GIVES = ("{a} gives away {n} of those that are {color}. How many {color} {things} are left?",)
ADDS = ("{a} gets {n} more that are {color}. How many {color} {things} are there now?",)

PRICE = ("A {one} costs ${n}.", "The price of a {one} is ${n}.")
FIRST_OFF = ("In a sale it is {p}% cheaper.", "The shop takes {p}% off the price.")
SECOND_OFF = ("The next week the new price falls by {p}%.", "Then another {p}% is taken off the new price.")
ASK_PRICE = ("How many dollars does it cost now?", "What is the price in dollars now?")
ASK_COUNT = ("How many dollars do {m} of them cost now?", "{a} buys {m} of them now. How many dollars does {a} pay?")
ASK_PAID = ("{a} pays with ${n}. How many dollars does {a} get back?",)
BEFORE = ("After {p}% off, a {one} costs ${n}. How many dollars did it cost before?",)
BEFORE_MANY = ("After {p}% off, a {one} costs ${n}. How many dollars did {m} of them cost before?",)

CLUB = (("club", "members"), ("school", "children"), ("village", "people"), ("farm", "animals"))
GROWTH_START = ("A {place} has {n} {people}.", "There are {n} {people} in a {place}.")
UP = ("In the {time} year the number grows by {p}%.", "In the {time} year there are {p}% more.")
DOWN = ("In the {time} year the number falls by {p}%.", "In the {time} year {p}% of them leave.")
JOIN = ("Then {n} more come.", "After that, {n} new ones come.")
LEAVE = ("Then {n} of them leave.", "After that, {n} leave.")
ASK_GROWTH = ("How many {people} does the {place} have now?", "How many {people} are there in the end?")


def percent(rng: random.Random, level: int, student: Student) -> Draft:
    """Draw and work one problem."""
    operations = pick_operations(rng, level)
    while True:
        draw = rng.choice((_collection, _price, _growth, _reverse))
        story = draw(rng, operations)
        if story is not None:
            return write(story, student)


def _share(rng: random.Random, amount: int) -> int | None:
    """Draw a percentage of which the amount has a whole number."""
    fitting = [p for p in SHARES if amount * p % 100 == 0 and amount * p // 100 >= 2]
    return rng.choice(fitting) if fitting else None


def _part(var: str, of: str, p: int, texts: tuple[str, ...], wrong: tuple[Wrong, ...] = ()) -> Move:
    return find(var, f"{of} * {p} // 100", texts, wrong=[*wrong, ("percent-as-number", str(p))])


def _start(rng: random.Random, low: int, high: int) -> int:
    """Draw a number that has many whole percentages."""
    step = rng.choice((10, 20, 20, 50, 100))
    return step * rng.randint(-(-low // step), high // step)


def _collection(rng: random.Random, operations: int) -> Story | None:
    name, noun = rng.choice(NAMES), rng.choice((*OWNED, *PICKED))
    color, other = rng.sample(COLORS, 2)
    packed = operations in (3, 4, 7, 8) and (operations > 4 or rng.random() < 0.5)
    fields: dict[str, object] = {"a": name, "things": noun, "color": color}
    moves: list[Move] = []
    if packed:
        m, n = rng.randint(2, 9), rng.choice((10, 15, 20, 25, 30, 40, 50))
        total, of = m * n, "all"
        sentences = [rng.choice(PACKED_START).format(m=m, n=n, **fields)]
        texts = (f"Count all the {noun}: {m} times {n}.", f"There are {m} times {n} {noun}.")
        moves.append(find("all", f"{m} * {n}", texts, wrong=[("each-as-plus", f"{m} + {n}")]))
    else:
        total = _start(rng, 20, 500)
        of = str(total)
        sentences = [rng.choice(START).format(n=total, **fields)]
    p = _share(rng, total)
    if p is None:
        return None
    sentences.append(rng.choice(PART).format(p=p, **fields))
    moves.append(_part(color, of, p, (f"{p}% of the {noun} are {color}.", f"Find the {color} ones: {p}%.")))
    part = total * p // 100
    left = operations - packed - 2
    if left <= 1:
        return _short_end(rng, fields, sentences, moves, (total, part), of, left)
    rest = total - part
    q = _share(rng, rest)
    if left < 3 or q is None:
        return None
    texts = (f"The rest are not {color}.", f"Find how many are not {color}.")
    moves.append(find("rest", f"{of} - {color}", texts, wrong=[("part-as-rest", color)]))
    sentences.append(rng.choice(REST_PART).format(p=q, things=noun, color=other))
    texts = (f"{q}% of the rest are {other}.", f"Find the {other} ones: {q}% of the rest.")
    moves.append(_part(other, "rest", q, texts, (("rest-as-whole", f"{of} * {q} // 100"),)))
    second = rest * q // 100
    return _long_end(rng, fields | {"color": color}, other, sentences, moves, (rest, second), left - 3)


def _short_end(
    rng: random.Random,
    fields: dict[str, object],
    sentences: list[str],
    moves: list[Move],
    amounts: tuple[int, int],
    of: str,
    left: int,
) -> Story:
    total, part = amounts
    color, answer, target = str(fields["color"]), part, str(fields["color"])
    asked = ASK_PART
    if left:
        asked, answer, target = ASK_REST, total - part, "rest"
        texts = (f"The rest are not {color}.", f"Find how many are not {color}.")
        moves = [*moves, find("rest", f"{of} - {color}", texts, wrong=[("part-as-rest", None)])]
    return Story(" ".join([*sentences, asked.format(**fields)]), answer, target, tuple(moves), GENERIC_CLOSINGS)


def _long_end(
    rng: random.Random,
    fields: dict[str, object],
    other: str,
    sentences: list[str],
    moves: list[Move],
    amounts: tuple[int, int],
    left: int,
) -> Story | None:
    """End with the second color (0 more operations), neither color (1), or a change of the second color (1), or both (2)."""
    rest, second = amounts
    color, noun, answer, target = fields["color"], fields["things"], second, other
    if left > 2 or rest == second:
        return None
    neither = left == 2 or (left == 1 and rng.random() < 0.5)
    if neither:
        texts = (f"The others are neither {color} nor {other}.", f"What is left without the {other} ones.")
        moves.append(find("neither", f"rest - {other}", texts, wrong=[("part-as-rest", other)]))
        answer, target = rest - second, "neither"
    asked = ASK_NEITHER.format(other=other, **fields) if neither else ASK_PART.format(things=noun, color=other)
    if left - neither:
        n, word = rng.randint(2, 30), "without color mark" if neither else other
        if neither:
            asked = f"{fields['a']} gets {n} more {noun} that are neither {color} nor {other}. {ASK_NEITHER.format(other=other, **fields)}"
            asked = asked.replace("How many", "How many").replace("?", " now?")
            moves.append(find("now", f"neither + {n}", (f"Add the {n} more.", f"Then {n} more come.")))
            answer, target = answer + n, "now"
        elif rng.random() < 0.5 and second > 4:
            n = rng.randint(2, second - 2)
            asked = rng.choice(GIVES).format(a=fields["a"], n=n, color=word, things=noun)
            texts = (f"Take away the {n} that are given away.", f"Then {n} are given away.")
            moves.append(find("now", f"{other} - {n}", texts, wrong=[("lost-as-gained", f"{other} + {n}")]))
            answer, target = second - n, "now"
        else:
            asked = rng.choice(ADDS).format(a=fields["a"], n=n, color=word, things=noun)
            moves.append(find("now", f"{other} + {n}", (f"Add the {n} more.", f"Then {n} more come.")))
            answer, target = second + n, "now"
    return Story(" ".join([*sentences, asked]), answer, target, tuple(moves), GENERIC_CLOSINGS)


def _price(rng: random.Random, operations: int) -> Story | None:
    """Draw a price that falls once or twice; then several are bought, and paid for with a note."""
    falls = 2 if operations >= 6 else 1
    after = operations - 3 * falls
    if not 0 <= after <= 2:
        return None
    one, name = rng.choice(list(GOODS.values()))[0], rng.choice(NAMES)
    price = _start(rng, 20, 400)
    sentences = [rng.choice(PRICE).format(one=one, n=price)]
    moves: list[Move] = []
    var, amount = str(price), price
    for index, patterns in enumerate((FIRST_OFF, SECOND_OFF)[:falls]):
        p = _share(rng, amount)
        if p is None:
            return None
        sentences.append(rng.choice(patterns).format(p=p))
        off, now = ("off", "sale") if index == 0 else ("more_off", "price")
        texts = (f"Find {p}% of the price.", f"The price falls by {p}%.", f"{p}% is taken off.")
        moves.append(_part(off, var, p, texts, (("rest-as-whole", f"{price} * {p} // 100"),) if index else ()))
        texts = ("Take this off the price.", "Find the new price.", "What it costs after that.")
        moves.append(find(now, f"{var} - {off}", texts, wrong=[("part-as-rest", off)]))
        var, amount = now, amount - amount * p // 100
    asked = rng.choice(ASK_PRICE)
    if after:
        m = rng.randint(2, 6)
        asked = rng.choice(ASK_COUNT).format(a=name, m=m)
        texts = (f"Pay for {m} of them.", f"Find the price of {m} of them.")
        moves.append(find("cost", f"{m} * {var}", texts, wrong=[("quantity-ignored", var)]))
        var, amount = "cost", m * amount
    if after == 2:
        n = amount + rng.randint(1, 60)
        asked = f"{name} buys {m} of them now. " + rng.choice(ASK_PAID).format(a=name, n=n)
        texts = (f"{name} pays with ${n}.", f"What is left of ${n}.")
        moves.append(find("change", f"{n} - {var}", texts, wrong=[("change-as-cost", None)]))
        var, amount = "change", n - amount
    return Story(" ".join([*sentences, asked]), amount, var, tuple(moves), GENERIC_CLOSINGS)


def _growth(rng: random.Random, operations: int) -> Story | None:
    """Draw a number that grows or falls by a percentage, year by year, and at last by a plain number."""
    years, plain = divmod(operations, 3)
    if not years or plain > 2:
        return None
    place, people = rng.choice(CLUB)
    number = _start(rng, 40, 500)
    sentences = [rng.choice(GROWTH_START).format(place=place, people=people, n=number)]
    moves: list[Move] = []
    var, amount = str(number), number
    for index, time in enumerate(("first", "second")[:years]):
        p = _share(rng, amount)
        if p is None or p > 60:
            return None
        up = rng.random() < 0.5
        sentences.append(rng.choice(UP if up else DOWN).format(time=time, p=p))
        change, now = ("change", "one") if index == 0 else ("next", "two")
        texts = (f"Find {p}% of the number.", f"The {time} year: {p}%.", f"How many {p}% are.")
        moves.append(_part(change, var, p, texts, (("rest-as-whole", f"{number} * {p} // 100"),) if index else ()))
        texts = (f"The {people} after the {time} year.", f"Now find the number after the {time} year.")
        sign, wrong = ("+", []) if up else ("-", [("fewer-as-more", f"{var} + {change}")])
        moves.append(find(now, f"{var} {sign} {change}", texts, wrong=wrong))
        amount += amount * p // 100 * (1 if up else -1)
        var = now
    for index in range(plain):
        up, n = rng.random() < 0.5, rng.randint(2, min(60, amount - 2))
        sentences.append(rng.choice(JOIN if up else LEAVE).format(n=n))
        texts = (f"Then {n} {'come' if up else 'leave'}.", f"After that, {n} {'come' if up else 'leave'}.")
        wrong = [] if up else [("lost-as-gained", f"{var} + {n}")]
        now = ("now", "end")[index]
        moves.append(find(now, f"{var} {'+' if up else '-'} {n}", texts, wrong=wrong))
        var, amount = now, amount + n if up else amount - n
    if amount < 2:
        return None
    asked = rng.choice(ASK_GROWTH).format(place=place, people=people)
    return Story(" ".join([*sentences, asked]), amount, var, tuple(moves), GENERIC_CLOSINGS)


def _reverse(rng: random.Random, operations: int) -> Story | None:
    """Draw a price after a percentage off, where the price before is asked, with a check."""
    if operations not in (3, 4):
        return None
    p = rng.choice((10, 20, 25, 30, 40, 50, 60, 75))
    before = _start(rng, 20, 300)
    if before * p % 100:
        return None
    one, now, m = rng.choice(list(GOODS.values()))[0], before - before * p // 100, rng.randint(2, 5)
    texts = (f"After {p}% off, this part of the price is left.", f"Find how many percent are left without {p}%.")
    left = find("left", f"100 - {p}", texts, wrong=[("part-as-rest", (("left", f"{p}"),))])
    texts = (f"${now} are that many percent, so find 100%.", f"Go back from ${now} to the full price.")
    moves = [left, find("before", f"{now} * 100 // left", texts, wrong=[("keyword-not-inverted", f"{now} + {now} * {p} // 100")], shows=("before",))]
    fields: dict[str, object] = {"p": p, "one": one, "n": now, "m": m}
    check = look((f"Check: take {p}% off again.", f"Check that {p}% off gives ${now}."), "before", f"before - before * {p} // 100 == {now}")
    asked, var, answer = rng.choice(BEFORE), "before", before
    if operations == 4:
        texts = (f"Find the price of {m} of them.", f"Now {m} of them.")
        moves.append(find("cost", f"{m} * before", texts, wrong=[("quantity-ignored", "before")]))
        check = look(check.texts, "cost", check.shows[1])
        asked, var, answer = rng.choice(BEFORE_MANY), "cost", m * before
    return Story(asked.format(**fields), answer, var, tuple(moves), GENERIC_CLOSINGS, check)
