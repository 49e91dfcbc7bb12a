"""Shopping: several of each thing at a price, coupons, change, and splitting the bill."""

import random
from dataclasses import dataclass

from amz_env.problems.base import Draft
from amz_env.problems.gsm.families.lots import split_operations
from amz_env.problems.gsm.story import Move, Story, Wrong, find, look, pick_operations
from amz_env.problems.gsm.things import GENERIC_CLOSINGS, GOODS, NAMES, listed, times
from amz_env.problems.gsm.work import write
from amz_env.problems.students import Student

PRICES = (
    "A {one} costs ${p}.",
    "The price of a {one} is ${p}.",
    "The shop sells each {one} for ${p}.",
)
LINKED = {
    "more": ("A {one} costs ${n} more than a {other}.", "A {one} is ${n} dearer than a {other}."),
    "fewer": ("A {one} costs ${n} less than a {other}.", "A {one} is ${n} cheaper than a {other}."),
    "times": ("A {one} costs {times} as much as a {other}.", "The price of a {one} is {times} that of a {other}."),
}
BASKETS = ("{a} buys {these}.", "{a} puts {these} into the basket.", "{a} chooses {these}.")
COUPONS = ("{a} has a coupon for ${n} off the bill.", "{a} gets ${n} off the whole bill.")
FEES = (
    "The shop sends everything home for ${n}.",
    "Carrying it all home costs ${n} more.",
    "Wrapping everything costs ${n} more.",
)
ASK_COST = ("How many dollars does {a} pay?", "How much does {a} pay in dollars?")
ASK_CHANGE = (
    "{a} pays with ${n}. How many dollars does {a} get back?",
    "{a} had ${n}. How many dollars does {a} have left?",
    "{a} gives the seller ${n}. How much is the change in dollars?",
)
ASK_MISSING = (
    "{a} has only ${n}. How many more dollars does {a} need?",
    "So far {a} has saved ${n}. How many dollars are missing?",
)
ASK_SHARE = ("{k} friends share the cost equally. How many dollars does each friend pay?",)
ASK_SHARE_SELF = ("{a} and {k} friends share the cost equally. How many dollars does each one pay?",)
OTHER_FACTS = (
    "A {one} costs ${p}.",
    "The shop closes in {p} hours.",
    "There are {p} people in the shop.",
    "{a} walks {p} minutes to the shop.",
)


@dataclass
class Bill:
    """The bill while it grows: sentences, computations, the amount and its variable."""

    sentences: list[str]
    moves: list[Move]
    total: int
    var: str

    def go_on(self, move: Move, total: int) -> None:
        """Add a computation that gives the new amount."""
        self.moves.append(move)
        self.total, self.var = total, move.lets[-1][0]


def shopping(rng: random.Random, level: int, student: Student) -> Draft:
    """Draw and work one problem."""
    operations = pick_operations(rng, level)
    while True:
        story = _draw(rng, operations)
        if story is not None:
            return write(story, student)


def _draw(rng: random.Random, operations: int) -> Story | None:
    name = rng.choice(NAMES)
    end = rng.choice(("cost", "change", "missing", "share", "share-self"))
    ending = {"cost": 0, "share-self": 2}.get(end, 1)
    extras = rng.randint(0, 2) if operations > 3 else rng.randint(0, 1)
    linked = rng.randint(0, 1) if operations > 3 else 0
    buying = operations - ending - extras - linked
    if not 1 <= buying <= 6 or (linked and buying < 3):
        return None
    bill = _buy(rng, name, buying, linked=bool(linked))
    fixed = rng.sample(("coupon", "fee"), extras)
    for kind in fixed:
        _extra(rng, bill, name, kind)
    if bill.total < 5:
        return None
    ended = _end(rng, bill, name, end)
    if ended is None:
        return None
    question, check = ended
    return Story(
        " ".join([*bill.sentences, question]), bill.total, bill.var, tuple(bill.moves), GENERIC_CLOSINGS, check
    )


def _buy(rng: random.Random, name: str, operations: int, *, linked: bool) -> Bill:
    """Draw what is bought and at what prices; the cost takes so many operations, and one more for a linked price."""
    products, single = split_operations(operations)
    plurals = rng.sample(list(GOODS), products + single + 1)
    prices: list[str] = []
    moves: list[Move] = []
    shown: list[str] = []
    costs: list[int] = []
    before = ("", 0)
    for index, plural in enumerate(plurals[:-1]):
        one, low, high = GOODS[plural]
        price, count = rng.randint(low, high), rng.randint(2, 9) if index < products else 1
        cost = str(price)
        if linked and index == 1:
            sentence, move, price = _linked(rng, one, before)
            moves.append(move)
            cost = one
        else:
            sentence = rng.choice(PRICES).format(one=one, p=price)
        prices.append(sentence)
        if count > 1:
            moves.append(_product(plural, "" if linked and index == 1 else sentence, count, cost))
        shown.append(f"{count} {plural}" if count > 1 else f"one {one}")
        last = sentence
        costs.append(count * price)
        before = (one, price)
    _other_fact(rng, prices, name, plurals[-1])
    rng.shuffle(prices)
    basket = rng.choice(BASKETS).format(a=name, these=listed(shown))
    sentences = [*prices, basket] if rng.random() < 0.6 else [basket, *prices]
    formula = plurals[:products]
    named = [f"the {plural}" for plural in formula]
    if single:
        formula = [*formula, str(costs[-1])]
        named.append(f"the {GOODS[plurals[products]][0]}")
    if len(formula) > 1:
        quoted = f" {last}" if single else ""
        texts = (f"Add {listed(named)}.{quoted}", f"Pay for {listed(named)}.{quoted}")
        wrong: list[Wrong] = [("total-skips-first", " + ".join(formula[1:]))]
        moves.append(find("cost", " + ".join(formula), texts, wrong=wrong))
    return Bill(sentences, moves, sum(costs), "cost" if len(formula) > 1 else plurals[0])


def _product(plural: str, sentence: str, count: int, cost: str) -> Move:
    """Return the move for what several cost; it quotes the sentence of the price, if there is one to be read.

    First it says what is bought: which price is to be looked up follows from that, and not the other way round.
    """
    quoted = f" {sentence}" if sentence else ""
    texts = (f"Pay for {count} {plural}.{quoted}", f"Now {count} {plural}.{quoted}")
    return find(
        plural, f"{count} * {cost}", texts, wrong=[("quantity-ignored", cost), ("each-as-plus", f"{count} + {cost}")]
    )


def _linked(rng: random.Random, one: str, before: tuple[str, int]) -> tuple[str, Move, int]:
    other, known = before
    kind = rng.choice(("more", "fewer", "times") if known > 3 else ("more", "times"))
    n = rng.randint(1, known - 2) if kind == "fewer" else rng.randint(2, 9)
    k = rng.randint(2, 4)
    sentence = rng.choice(LINKED[kind]).format(one=one, other=other, n=n, times=times(k))
    wrong: list[Wrong] = []
    if kind == "times":
        formula, value, wrong = f"{known} * {k}", known * k, [("times-as-plus", f"{known} + {k}")]
    elif kind == "more":
        formula, value = f"{known} + {n}", known + n
    else:
        formula, value, wrong = f"{known} - {n}", known - n, [("fewer-as-more", f"{known} + {n}")]
    return sentence, find(one, formula, (f"First one {one}. {sentence}",), wrong=wrong), value


def _other_fact(rng: random.Random, prices: list[str], name: str, plural: str) -> None:
    if rng.random() < 0.4:
        one, low, high = GOODS[plural]
        prices.append(rng.choice(OTHER_FACTS).format(one=one, a=name, p=rng.randint(low, high)))


def _extra(rng: random.Random, bill: Bill, name: str, kind: str) -> None:
    n = rng.randint(2, max(2, min(20, bill.total // 3)))
    if kind == "coupon":
        sentence = rng.choice(COUPONS).format(a=name, n=n)
        bill.sentences.append(sentence)
        move = find("reduced", f"{bill.var} - {n}", (sentence,), wrong=[("lost-as-gained", f"{bill.var} + {n}")])
        bill.go_on(move, bill.total - n)
        return
    sentence = rng.choice(FEES).format(n=n)
    bill.sentences.append(sentence)
    bill.go_on(find("bill", f"{bill.var} + {n}", (sentence,)), bill.total + n)


def _end(rng: random.Random, bill: Bill, name: str, end: str) -> tuple[str, Move | None] | None:
    """Add the last computation; return the question sentence and the check."""
    cost = bill.var
    if end == "cost":
        return rng.choice(ASK_COST).format(a=name), None
    if end == "change":
        notes = [note for note in (10, 20, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500) if note > bill.total + 1]
        if not notes:
            return None
        n = rng.choice(notes[:3])
        texts = (f"{name} pays with ${n}.", f"What is left of ${n}.", f"Take the cost from ${n}.")
        bill.go_on(find("change", f"{n} - {cost}", texts, wrong=[("goal-as-total", None)]), n - bill.total)
        return rng.choice(ASK_CHANGE).format(a=name, n=n), None
    if end == "missing":
        n = rng.randint(2, bill.total - 2)
        texts = (f"{name} has ${n} of it.", f"What is missing beside the ${n}.", f"How much more than ${n} it is.")
        bill.go_on(find("missing", f"{cost} - {n}", texts, wrong=[("goal-as-total", None)]), bill.total - n)
        return rng.choice(ASK_MISSING).format(a=name, n=n), None
    self_too = end == "share-self"
    counts = [k for k in range(2, 9) if bill.total % (k + self_too) == 0]
    if not counts:
        return None
    k = rng.choice(counts)
    paying = k + self_too
    divisor = str(k)
    if self_too:
        texts = (
            f"{name} and {k} friends pay.",
            f"Count who pays: {name} and {k} friends.",
            f"How many pay: {k} friends and {name}.",
        )
        bill.moves.append(find("people", f"{k} + 1", texts, wrong=[("share-without-self", str(k))]))
        divisor = "people"
    bill.go_on(
        find(
            "each",
            f"{cost} // {divisor}",
            ("Share the cost equally.", "Each one pays the same part.", "Divide the cost."),
        ),
        bill.total // paying,
    )
    check = look(
        ("Check that the parts make up the cost.", "Check: all the parts together.", "Check the cost."),
        "each",
        f"each * ({k} + 1) == {cost}" if self_too else f"each * {k} == {cost}",
    )
    return rng.choice(ASK_SHARE_SELF if self_too else ASK_SHARE).format(a=name, k=k), check
