"""Percentages of collections, prices and growing numbers, one after the other."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.gsm.families import extras
from amz_env.problems.gsm.families import percent_phrases as say
from amz_env.problems.gsm.story import Move, Story, Wrong, find, look, pick_operations
from amz_env.problems.gsm.things import COLORED, DEAR, GENERIC_CLOSINGS, GOODS, NAMES
from amz_env.problems.gsm.work import write
from amz_env.problems.students import Student

SHARES = (5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90)


def percent(rng: random.Random, level: int, student: Student) -> Draft:
    """Draw and work one problem."""
    operations = pick_operations(rng, level)
    while True:
        story = rng.choice((_collection, _price, _growth, _reverse))(rng, operations)
        if story is not None:
            return write(story, student)


def _share(rng: random.Random, amount: int, most: int = 100) -> int | None:
    """Draw a percentage, up to `most`, of which the amount has a whole number."""
    fitting = [p for p in SHARES if p <= most and amount * p % 100 == 0 and 2 <= amount * p // 100 <= amount - 2]
    return rng.choice(fitting) if fitting else None


def _part(var: str, of: str, p: int, texts: tuple[str, ...], wrong: tuple[Wrong, ...] = ()) -> Move:
    return find(var, f"{of} * {p} // 100", texts, wrong=[*wrong, ("percent-as-number", str(p))])


def _start(rng: random.Random, low: int, high: int) -> int:
    """Draw a number that has many whole percentages."""
    step = rng.choice((10, 20, 20, 50, 100))
    return step * rng.randint(-(-low // step), high // step)


def _collection(rng: random.Random, operations: int) -> Story | None:
    """Draw a collection with shares of one to three colors, each of what is left; ask for a color or for the rest."""
    shapes = [
        (packed, colors, rest, more)
        for packed in (0, 1)
        for colors in (1, 2, 3)
        for rest in (0, 1)
        for more in (0, 1)
        if packed + 2 * colors - 1 + rest + more == operations and not (rest and more)
    ]
    if not shapes:
        return None
    packed, count, asks_rest, more = rng.choice(shapes)
    name, noun = rng.choice(NAMES), rng.choice(COLORED)
    colors = rng.sample(say.COLORS, count)
    fields: dict[str, object] = {"a": name, "things": noun}
    moves: list[Move] = []
    if packed:
        m, n = rng.randint(2, 12), rng.choice((10, 15, 20, 25, 30, 40, 50))
        amount, of = m * n, "whole"
        sentences = [rng.choice(say.PACKED_START).format(m=m, n=n, **fields)]
        texts = (f"Count all the {noun}: {m} times {n}.", f"There are {m} times {n} {noun}.", f"Find all the {noun}.")
        moves.append(find("whole", f"{m} * {n}", texts, wrong=[("each-as-plus", f"{m} + {n}")]))
    else:
        amount = _start(rng, 20, 600)
        of = str(amount)
        sentences = [rng.choice(say.START).format(n=amount, **fields)]
    extras.slip_in(rng, sentences, extras.THINGS, "", 0.25, after=1)
    whole, part = of, 0
    for index, color in enumerate(colors):
        if index:
            moves.append(_rest(f"rest{index if index > 1 else ''}", of, colors[index - 1]))
            of, amount = moves[-1].lets[-1][0], amount - part
        p = _share(rng, amount)
        if p is None:
            return None
        patterns = (say.PART, say.REST_PART, say.LAST_PART)[index]
        sentences.append(rng.choice(patterns).format(p=p, color=color, **fields))
        what = "the rest" if index else f"the {noun}"
        texts = (
            f"{p}% of {what} are {color}.",
            f"Find the {color} ones: {p}% of {what}.",
            f"The {color} ones are {p}%.",
        )
        moves.append(_part(color, of, p, texts, (("rest-as-whole", f"{whole} * {p} // 100"),) if index else ()))
        part = amount * p // 100
    question, answer, target = rng.choice(say.ASK_PART).format(color=colors[-1], **fields), part, colors[-1]
    if asks_rest:
        moves.append(_rest("others", of, colors[-1], asked=True))
        answer, target = amount - part, "others"
        question = rng.choice(say.ASK_NOT if count == 1 else say.ASK_NEITHER).format(
            color=colors[0], others=say.either(colors), **fields
        )
    if more:
        question, move, answer = _changed(rng, colors[-1], part, fields)
        moves.append(move)
        target = "now"
    return Story(" ".join([*sentences, question]), answer, target, tuple(moves), GENERIC_CLOSINGS)


def _rest(var: str, of: str, color: str, *, asked: bool = False) -> Move:
    texts = (
        f"The rest are not {color}.",
        f"Take away the {color} ones.",
        f"Find what is left without the {color} ones.",
    )
    return find(var, f"{of} - {color}", texts, wrong=[("part-as-rest", None if asked else color)])


def _changed(rng: random.Random, color: str, part: int, fields: dict[str, object]) -> tuple[str, Move, int]:
    if rng.random() < 0.6 and part > 4:
        n = rng.randint(2, min(90, part - 2))
        texts = (
            f"Take away the {n} that are given away.",
            f"Then {n} are given away.",
            f"Without the {n} that are gone.",
        )
        move = find("now", f"{color} - {n}", texts, wrong=[("lost-as-gained", f"{color} + {n}")])
        return rng.choice(say.GIVES).format(n=n, color=color, **fields), move, part - n
    n = rng.randint(2, 60)
    move = find("now", f"{color} + {n}", (f"Add the {n} more.", f"Then {n} more come.", f"Now there are {n} more."))
    return rng.choice(say.ADDS).format(n=n, color=color, **fields), move, part + n


def _price(rng: random.Random, operations: int) -> Story | None:
    """Draw a price that falls once or twice; several are bought, with a coupon and fees, and paid for with a note."""
    falls = 2 if operations >= 6 or (operations >= 4 and rng.random() < 0.6) else 1
    others = operations > 8
    after = operations - 2 * falls - 2 * others
    if not 0 <= after <= 4:
        return None
    name, thing = rng.choice(NAMES), rng.choice(DEAR)
    price = _start(rng, 20, 600)
    sentences = [rng.choice(say.PRICE).format(one=thing, n=price)]
    moves: list[Move] = []
    var, amount = str(price), price
    for index, patterns in enumerate((say.FIRST_OFF, say.SECOND_OFF)[:falls]):
        p = _share(rng, amount, most=60)
        if p is None:
            return None
        sentences.append(rng.choice(patterns).format(p=p))
        off, now = ("off", "sale") if index == 0 else ("off2", "sale2")
        texts = (f"Find {p}% of the price.", f"The price falls by {p}%.", f"{p}% is taken off.")
        moves.append(_part(off, var, p, texts, (("rest-as-whole", f"{price} * {p} // 100"),) if index else ()))
        texts = ("Take this off the price.", "Find the new price.", "What it costs after that.")
        moves.append(find(now, f"{var} - {off}", texts, wrong=[("part-as-rest", off)]))
        var, amount = now, amount - amount * p // 100
    question = rng.choice(say.ASK_PRICE)
    if after:
        m = rng.randint(2, 6)
        texts = (f"Pay for {m} of them.", f"Find the price of {m} of them.", f"Now {m} of them.")
        moves.append(find("cost", f"{m} * {var}", texts, wrong=[("quantity-ignored", var)]))
        var, amount = "cost", m * amount
        sentences.append(f"{name} buys {m} of them at the new price.")
        question = rng.choice(say.ASK_PAY).format(a=name)
    if others:
        sentence, more, cost = _others(rng, name)
        sentences.append(sentence)
        moves += more
        var, amount = "total", amount + cost
    if after > 2:
        if amount < 5:
            return None
        n = rng.randint(2, min(15, amount - 2))
        sentences.append(rng.choice(say.COUPON).format(a=name, n=n))
        texts = (f"Take the ${n} of the coupon off.", f"The coupon is worth ${n}.", f"Then ${n} come off the bill.")
        moves.append(find("bill", f"{var} - {n}", texts, wrong=[("lost-as-gained", f"{var} + {n}")]))
        var, amount = "bill", amount - n
    if after > 3:
        n = rng.randint(2, 30)
        sentences.append(rng.choice(say.FEE).format(n=n))
        moves.append(
            find(
                "full", f"{var} + {n}", (f"Add the ${n} more.", f"Then ${n} come on top.", f"Sending costs ${n} more.")
            )
        )
        var, amount = "full", amount + n
    if after > 1:
        n = amount + rng.randint(1, 60)
        question = rng.choice(say.ASK_BACK).format(a=name, n=n)
        texts = (f"{name} pays with ${n}.", f"What is left of ${n}.", f"Take the cost from ${n}.")
        moves.append(find("change", f"{n} - {var}", texts, wrong=[("goal-as-total", None)]))
        var, amount = "change", n - amount
    if amount < 1:
        return None
    return Story(" ".join([*sentences, question]), amount, var, tuple(moves), GENERIC_CLOSINGS)


def _others(rng: random.Random, name: str) -> tuple[str, list[Move], int]:
    """Draw other things that are bought beside; return the sentence, the computations and what they cost."""
    plural = rng.choice(list(GOODS))
    one, low, high = GOODS[plural]
    price, count = rng.randint(low, high), rng.randint(2, 9)
    texts = (f"Pay for {count} {plural}.", f"The {plural}: {count} at ${price} each.", f"Then the {count} {plural}.")
    wrong: list[Wrong] = [("quantity-ignored", str(price)), ("each-as-plus", f"{count} + {price}")]
    product = find(plural, f"{count} * {price}", texts, wrong=wrong)
    texts = ("Add both prices.", f"With the {plural} it costs more.", f"Add the {plural}.")
    both = find("total", f"cost + {plural}", texts, wrong=[("total-skips-first", plural)])
    return rng.choice(say.ALSO).format(a=name, m=count, things=plural, one=one, n=price), [product, both], count * price


def _growth(rng: random.Random, operations: int) -> Story | None:
    """Draw a number that grows or falls by a percentage, year by year, and at last by a plain number."""
    years = rng.randint(1, 3)
    plain = operations - 2 * years
    if not 0 <= plain <= 2:
        return None
    place, people = rng.choice(say.CLUB)
    number = _start(rng, 40, 500)
    sentences = [rng.choice(say.GROWTH_START).format(place=place, people=people, n=number)]
    moves: list[Move] = []
    var, amount = str(number), number
    for index, time in enumerate(("first", "second", "third")[:years]):
        p = _share(rng, amount)
        if p is None or p > 60:
            return None
        up = rng.random() < 0.5
        sentences.append(rng.choice(say.UP if up else say.DOWN).format(time=time, p=p))
        change = f"part{index + 1}"
        texts = (f"Find {p}% of the number.", f"The {time} year: {p}%.", f"How many {p}% are.")
        moves.append(_part(change, var, p, texts, (("rest-as-whole", f"{number} * {p} // 100"),) if index else ()))
        way = "more" if up else "fewer"
        texts = (
            f"Find the {people} after the {time} year: {way}.",
            f"The number after the {time} year, that many {way}.",
            f"Now the {people} after the {time} year: {way}.",
        )
        wrong: list[Wrong] = [] if up else [("fewer-as-more", f"{var} + {change}")]
        moves.append(find(time, f"{var} {'+' if up else '-'} {change}", texts, wrong=wrong))
        var, amount = time, amount + amount * p // 100 * (1 if up else -1)
    for index in range(plain):
        up, n = rng.random() < 0.5, rng.randint(2, 60)
        if not up and n > amount - 2:
            return None
        sentences.append(rng.choice(say.JOIN if up else say.LEAVE).format(n=n))
        verb = "come" if up else "leave"
        texts = (f"Then {n} {verb}.", f"After that, {n} {verb}.", f"At last {n} {verb}.")
        wrong = [] if up else [("lost-as-gained", f"{var} + {n}")]
        now = ("now", "end")[index]
        moves.append(find(now, f"{var} {'+' if up else '-'} {n}", texts, wrong=wrong))
        var, amount = now, amount + n if up else amount - n
    question = rng.choice(say.ASK_GROWTH).format(place=place, people=people)
    return Story(" ".join([*sentences, question]), amount, var, tuple(moves), GENERIC_CLOSINGS)


def _reverse(rng: random.Random, operations: int) -> Story | None:
    """Draw a price after a percentage off, where the price before is asked, with a check."""
    if operations not in (3, 4, 5):
        return None
    p, before = rng.choice((10, 15, 20, 25, 30, 40, 50, 60, 75, 80)), _start(rng, 20, 600)
    if before * p % 100:
        return None
    one, now, m, c = rng.choice(DEAR), before - before * p // 100, rng.randint(2, 5), rng.randint(2, 20)
    texts = (
        f"After {p}% off, this part of the price is left.",
        f"Find what is left without {p}%.",
        f"Take {p}% from 100%.",
    )
    moves = [find("left", f"100 - {p}", texts, wrong=[("part-as-rest", str(p))])]
    texts = (
        f"This part of the price is ${now}, so find 100%.",
        f"Go back from ${now} to the full price.",
        f"Find the price of which ${now} is left.",
    )
    turned: Wrong = ("keyword-not-inverted", f"{now} + {now} * {p} // 100")
    moves.append(find("before", f"{now} * 100 // left", texts, wrong=[turned], shows=("before",)))
    fits = f"before - before * {p} // 100 == {now}"
    question, var, answer = rng.choice(say.BEFORE).format(p=p, one=one, n=now), "before", before
    if operations > 3:
        texts = (f"Find the price of {m} of them.", f"Now {m} of them.", f"Pay for {m} of them.")
        moves.append(find("cost", f"{m} * before", texts, wrong=[("quantity-ignored", "before")]))
        question, var, answer = rng.choice(say.BEFORE_MANY).format(p=p, one=one, n=now, m=m), "cost", m * before
    if operations > 4:
        texts = (f"Add the ${c} for sending them.", f"Sending them costs ${c} more.", f"Then ${c} come on top.")
        moves.append(find("full", f"cost + {c}", texts))
        question = rng.choice(say.BEFORE_SENT).format(p=p, one=one, n=now, m=m, c=c)
        var, answer = "full", answer + c
    check = look(
        (f"Check: take {p}% off again.", f"Check that {p}% off gives ${now}.", f"Check the price with {p}% off."),
        var,
        fits,
    )
    return Story(question, answer, var, tuple(moves), GENERIC_CLOSINGS, check)
