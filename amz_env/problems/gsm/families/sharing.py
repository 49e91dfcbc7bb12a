"""Sharing equally and packing: each one's share, full boxes, boxes that are needed, what is left over."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.gsm.families import extras
from amz_env.problems.gsm.families.lots import draw_lots
from amz_env.problems.gsm.story import Move, Story, find, look, pick_operations
from amz_env.problems.gsm.things import GENERIC_CLOSINGS, NAMES, PACKED
from amz_env.problems.gsm.work import write
from amz_env.problems.students import Student

KEPT = (
    "{a} keeps {n} of them.",
    "{a} gives {n} {things} to {b} first.",
    "Then {n} {things} are sold.",
    "{b} takes {n} of the {things}.",
)
SHARED = (
    "{a} shares {what} equally among {k} friends.",
    "{k} children share {what} equally.",
    "{k} families get {what} in equal shares.",
)
SHARED_WITH_SELF = (
    "{a} and {k} friends share {what} equally.",
    "{a} shares {what} equally with {k} friends, and {a} gets a share too.",
)
ASK_EACH = ("How many {things} does each one get?", "How many {things} are in each share?")
EARLIER = ("Each one already had {n} {things}. How many {things} does each one have now?",)
SPENT = ("Each one uses {n} of the {things}. How many {things} does each one have left?",)
PACKING = (
    "{a} packs {what} into packs of {k}.",
    "{a} puts {what} into pouches that hold {k} each.",
    "{a} puts {what} into cartons, {k} in every carton.",
)
UNITS = ("pack", "pouch", "carton")
ASK_FULL = "How many full {unit} are there?"
ASK_NEEDED = "How many {unit} are needed for {what}?"
ASK_OVER = "How many {things} are left over?"
ASK_INCOME = "{a} sells each full {one} for ${p}. How many dollars does {a} get?"
ASK_COST = "One {one} costs ${p}. How many dollars do the {unit} for {what} cost?"


def sharing(rng: random.Random, level: int, student: Student) -> Draft:
    """Draw and work one problem."""
    operations = pick_operations(rng, level)
    while True:
        story = _share(rng, operations) if rng.random() < 0.5 else _pack(rng, operations)
        if story is not None:
            return write(story, student)


def _share(rng: random.Random, operations: int) -> Story | None:
    """Draw an equal share: total, less what is kept, divided, and then a gain or a loss of each."""
    self_too = rng.random() < 0.4 and operations > 2
    after = operations > 3 and rng.random() < 0.5
    making = operations - 1 - self_too - after
    kept_too = making > 6 or (making > 1 and rng.random() < 0.6)
    making -= kept_too
    if not (operations > 1) <= making <= 6:
        return None
    name, other = rng.sample(NAMES, 2)
    noun = rng.choice(PACKED)
    lots = draw_lots(rng, name, noun, making)
    friends = rng.randint(3, 9)
    shares = friends + self_too
    kept = lots.total % shares + shares * rng.randint(0, 3) if kept_too else 0
    left = lots.total - kept
    if left % shares or left < 2 * shares or (kept_too and kept < 2):
        return None
    each = left // shares
    fields: dict[str, object] = {"a": name, "b": other, "things": noun, "k": friends, "what": _what(noun, kept)}
    rest, kept_sentences, kept_moves = _keep(rng, lots.var, kept, fields)
    division, var = _division(noun, rest, friends, self_too=self_too)
    shared = rng.choice(SHARED_WITH_SELF if self_too else SHARED).format(**fields)
    moves = [*lots.moves, *kept_moves, *division]
    answer, asked = each, rng.choice(ASK_EACH).format(**fields)
    check = None
    if after:
        asked, move, answer, var = _after(rng, noun, each)
        moves.append(move)
    elif operations < 7:
        texts = (
            "Check: put the shares together again.",
            "Check that the shares make up everything.",
            "Check the shares.",
        )
        together = f"each * ({friends} + 1)" if self_too else f"each * {friends}"
        check = look(texts, "each", f"{together} + {kept} == {lots.var}" if kept else f"{together} == {lots.var}")
    sentences = list(lots.sentences)
    extras.slip_in(rng, sentences, extras.OWNER[:2], name, 0.25, after=1)
    question = " ".join([*sentences, *kept_sentences, shared, asked])
    return Story(question, answer, var, tuple(moves), GENERIC_CLOSINGS, check)


def _what(noun: str, kept: int) -> str:
    return f"the rest of the {noun}" if kept else f"the {noun}"


def _keep(rng: random.Random, var: str, kept: int, fields: dict[str, object]) -> tuple[str, list[str], list[Move]]:
    """Return (the variable of what is left, the sentence, the computation), both empty where nothing is kept."""
    if not kept:
        return var, [], []
    sentence = rng.choice(KEPT).format(n=kept, **fields)
    texts = (sentence, f"Take away the {kept} that are gone.", f"Without these {kept} {fields['things']}.")
    return "rest", [sentence], [find("rest", f"{var} - {kept}", texts, wrong=[("lost-as-gained", f"{var} + {kept}")])]


def _division(noun: str, var: str, friends: int, *, self_too: bool) -> tuple[list[Move], str]:
    if not self_too:
        texts = (
            f"Share the {noun} among {friends}.",
            f"Make {friends} equal shares.",
            f"Divide equally into {friends} shares.",
        )
        return [find("each", f"{var} // {friends}", texts)], "each"
    count = find(
        "shares",
        f"{friends} + 1",
        (
            f"Count the shares of {friends} friends and of the owner.",
            f"How many share: {friends} friends and one more.",
        ),
        wrong=[("share-without-self", (("shares", f"{friends}"),))],
    )
    texts = (f"Divide the {noun} by the shares.", "Make equal shares.", f"Share the {noun} equally.")
    return [count, find("each", f"{var} // shares", texts)], "each"


def _after(rng: random.Random, noun: str, each: int) -> tuple[str, Move, int, str]:
    """Draw what happens to each share afterwards."""
    if rng.random() < 0.5 and each > 4:
        n = rng.randint(2, min(60, each - 2))
        texts = (f"Each one uses {n} of the {noun}.", f"Then {n} are used by each.", f"Take the {n} away from each.")
        move = find("now", f"each - {n}", texts, wrong=[("lost-as-gained", f"each + {n}")])
        return rng.choice(SPENT).format(n=n, things=noun), move, each - n, "now"
    n = rng.randint(2, 20)
    texts = (f"Each one already had {n} {noun}.", f"Add the {n} that each one had.", f"With the {n} from before.")
    return rng.choice(EARLIER).format(n=n, things=noun), find("now", f"each + {n}", texts), each + n, "now"


def _pack(rng: random.Random, operations: int) -> Story | None:
    """Draw a packing: full packs, packs that are needed, what is left over, and what that costs or brings."""
    kind = rng.choice(
        [
            kind
            for kind, ops in (("full", 1), ("over", 1), ("income", 2), ("needed", 3), ("cost", 4))
            if ops < max(operations, 2)
        ]
    )
    making = operations - {"full": 1, "over": 1, "income": 2, "needed": 3, "cost": 4}[kind]
    kept_too = making > 6 or (making > 1 and rng.random() < 0.5)
    if not (operations > 1) <= making - kept_too <= 6:
        return None
    name, other = rng.sample(NAMES, 2)
    noun = rng.choice(PACKED)
    lots = draw_lots(rng, name, noun, making - kept_too)
    kept = rng.randint(2, min(60, lots.total // 2)) if kept_too else 0
    left, size = lots.total - kept, rng.randint(3, 12)
    full, over = divmod(left, size)
    if full < 2 or not over:
        return None
    which = rng.randrange(len(PACKING))
    one, price = UNITS[which], rng.randint(2, 15)
    unit = "pouches" if one == "pouch" else f"{one}s"
    fields: dict[str, object] = {"a": name, "b": other, "things": noun, "k": size, "what": _what(noun, kept)}
    fields |= {"unit": unit, "one": one, "p": price}
    rest, kept_sentences, kept_moves = _keep(rng, lots.var, kept, fields)
    moves, var, answer = _packs(kind, rest, size, unit, price, (full, over))
    asked = {"full": ASK_FULL, "over": ASK_OVER, "income": ASK_INCOME, "needed": ASK_NEEDED, "cost": ASK_COST}[kind]
    sentences = list(lots.sentences)
    extras.slip_in(rng, sentences, extras.OWNER[:2], name, 0.25, after=1)
    question = " ".join([*sentences, *kept_sentences, PACKING[which].format(**fields), asked.format(**fields)])
    return Story(question, answer, var, (*lots.moves, *kept_moves, *moves), GENERIC_CLOSINGS)


def _packs(
    kind: str, var: str, size: int, unit: str, price: int, value: tuple[int, int]
) -> tuple[list[Move], str, int]:
    full, over = value
    by_size = (f"Fill {unit} of {size} each.", f"See how often {size} fits.", f"How many full {unit} of {size}.")
    if kind == "over":
        texts = (
            f"Fill {unit} of {size}, and see what is left over.",
            f"What is over after {unit} of {size}.",
            f"See what does not fit into {unit} of {size}.",
        )
        return [find("over", f"{var} % {size}", texts, wrong=[("leftover-ignored", f"{var} // {size}")])], "over", over
    filled = find("full", f"{var} // {size}", by_size)
    if kind == "full":
        return [filled], "full", full
    if kind == "income":
        texts = (
            f"Each full one brings ${price}.",
            f"Sell the full ones for ${price} each.",
            f"The money for the full ones at ${price} each.",
        )
        return (
            [filled, find("income", f"full * {price}", texts, wrong=[("each-as-plus", f"full + {price}")])],
            "income",
            full * price,
        )
    both = find(
        "over",
        f"{var} % {size}",
        (f"Fill {unit} of {size}, and see what is over.", f"Find the full {unit} of {size} and the rest."),
        given=(("full", f"{var} // {size}"),),
        shows=("full", "over"),
    )
    texts = (
        f"What is over needs one more of the {unit}.",
        f"Count the {unit} for the full ones and the rest.",
        f"One more of the {unit} is needed for the rest.",
    )
    needed = find(unit, "full + (over > 0)", texts, wrong=[("leftover-ignored", "full")])
    if kind == "needed":
        return [both, needed], unit, full + 1
    pay = (f"Each one costs ${price}.", f"Pay ${price} for each of the {unit}.", f"The {unit} at ${price} each.")
    cost = find("cost", f"{unit} * {price}", pay, wrong=[("each-as-plus", f"{unit} + {price}")])
    return [both, needed, cost], "cost", (full + 1) * price
