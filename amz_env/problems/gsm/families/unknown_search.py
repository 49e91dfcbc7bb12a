"""Numbers that fit conditions, found by trying: two kinds with heads and legs, remainders, sides of a field."""

import random

from amz_env.problems.gsm.families.events import follow
from amz_env.problems.gsm.story import Move, Story, Wrong, find, look
from amz_env.problems.gsm.things import CONTAINERS, GENERIC_CLOSINGS, NAMES, PACKED

# (many, few, what each has, where they are, sentence with {s} in all, sentence with {t} of what they have)
PAIRS = (
    ("goats", "hens", 4, 2, "There are {s} goats and hens on a farm.", "Together they have {t} legs."),
    ("spiders", "beetles", 8, 6, "There are {s} spiders and beetles in a box.", "Together they have {t} legs."),
    ("cars", "bikes", 4, 2, "There are {s} cars and bikes in a yard.", "Together they have {t} wheels."),
    ("cows", "ducks", 4, 2, "There are {s} cows and ducks by a lake.", "Together they have {t} legs."),
    ("dogs", "birds", 4, 2, "There are {s} dogs and birds in a garden.", "Together they have {t} legs."),
    ("spiders", "ants", 8, 6, "There are {s} spiders and ants in a garden.", "Together they have {t} legs."),
    ("trucks", "cars", 6, 4, "There are {s} trucks and cars in a street.", "Together they have {t} wheels."),
    ("tables", "stools", 4, 3, "There are {s} tables and stools in a room.", "Together they have {t} legs."),
)
SOLD = ("goats", "cows", "tables", "big boxes")
"""the first kinds of the pairs of which one may ask what they are worth"""
PRICED = (
    "Big boxes hold {p} {things} and small boxes hold {q}.",
    "There are {s} boxes.",
    "They hold {t} {things} in all.",
)
TICKETS = (
    "A ticket for a man costs ${p} and one for a child costs ${q}.",
    "{s} tickets are sold.",
    "They bring in ${t}.",
)
ASK_KIND = ("How many {x} are there?", "Find the number of {x}.")
ASK_MORE = ("How many more {x} than {y} are there?",)
ASK_SOLD = "Each of the {x} is sold for ${n}. How many dollars is that?"
ASK_BOTH = "Each of the {x} is worth ${n}, and each of the {y} is worth ${m}. How many dollars are all of them worth?"
TRY = (
    "Try all numbers of {x} that fit.",
    "Look for the number of {x} that fits.",
    "Find how many {x} give {t} in all.",
)

OVER = (
    "When {a} puts the {things} into {boxes} of {m}, {r} are left over. With {boxes} of {n}, {q} are left over.",
    "In {boxes} of {m}, {r} of the {things} of {a} are left over, and in {boxes} of {n}, {q} are left over.",
)
LIMIT = ("{a} has fewer than {top} {things}.", "There are fewer than {top} {things}.")

FIELDS = ("field", "garden", "yard", "park", "meadow", "playground")
FIELD = (
    "A {field} has an area of {t} square meters. It is {d} meters longer than it is wide.",
    "A {field} is {d} meters longer than wide, and its area is {t} square meters.",
)
ASK_WIDE = ("How many meters wide is the {field}?", "How wide is the {field} in meters?")
ASK_LONG = ("How many meters long is the {field}?", "How long is the {field} in meters?")
ASK_FENCE = ("How many meters of fence go all around it?", "How many meters is it once around the {field}?")


def draw_search(rng: random.Random, operations: int) -> Story | None:
    """Draw one of the three."""
    return rng.choice((_two_kinds, _remainders, _field))(rng, operations)


def _two_kinds(rng: random.Random, operations: int) -> Story | None:
    """Draw so many of two kinds with so many legs (wheels, dollars) in all: 4 operations to find the first kind."""
    if not 4 <= operations <= 8:
        return None
    many, few, p, q, sentences = _pair(rng)
    x, y = rng.randint(3, 30), rng.randint(3, 30)
    s, t = x + y, p * x + q * y
    sentences = [sentence.format(s=s, t=t) for sentence in sentences]
    var, other = many.split()[0], few.split()[0]
    wrong: list[Wrong] = [
        ("rest-as-whole", f"[n for n in range(1, {s}) if n * {p} + {s} * {q} == {t}]"),
        ("roles-swapped", f"[n for n in range(1, {s}) if n * {q} + ({s} - n) * {p} == {t}]"),
    ]
    texts = tuple(pattern.format(x=many, t=t) for pattern in TRY)
    search = find("found", f"[n for n in range(1, {s}) if n * {p} + ({s} - n) * {q} == {t}]", texts, wrong=wrong)
    texts = (f"This is the number of {many}, and the others are {few}.", f"Take it for the {many}, the rest are {few}.")
    rest = find(other, f"{s} - {var}", texts, given=((var, "found[0]"),), shows=(var, other))
    fits = f"{var} * {p} + {other} * {q} == {t}"
    moves = [search, rest]
    question, more, answer, target = _ask_kinds(rng, operations, (many, few), (var, other), (x, y))
    if not question or answer < 1:
        return None
    check = look(("Check with both kinds.", "Check: put both kinds together.", "Check that it fits."), target, fits)
    return Story(" ".join([*sentences, question]), answer, target, (*moves, *more), GENERIC_CLOSINGS, check)


def _pair(rng: random.Random) -> tuple[str, str, int, int, list[str]]:
    kind = rng.random()
    if kind < 0.5:
        many, few, p, q, first, second = rng.choice(PAIRS)
        return many, few, p, q, [first, second]
    p, q = rng.sample(range(3, 15), 2)
    p, q = max(p, q), min(p, q)
    if kind < 0.75:
        noun = rng.choice(PACKED)
        sentences = [
            pattern.replace("{things}", noun).replace("{p}", str(p)).replace("{q}", str(q)) for pattern in PRICED
        ]
        return "big boxes", "small boxes", p, q, sentences
    sentences = [pattern.replace("{p}", str(p)).replace("{q}", str(q)) for pattern in TICKETS]
    return "men", "children", p, q, sentences


def _ask_kinds(
    rng: random.Random, operations: int, kinds: tuple[str, str], names: tuple[str, str], amounts: tuple[int, int]
) -> tuple[str, list[Move], int, str]:
    """Return (question, computations, answer, variable)."""
    (many, few), (var, other), (x, y) = kinds, names, amounts
    n, m = rng.sample(range(3, 20), 2)
    if operations <= 5:
        who, name, amount = ((many, var, x), (few, other, y))[operations - 4]
        return rng.choice(ASK_KIND).format(x=who), [], amount, name
    for_sale = many in SOLD
    if operations == 6 and for_sale and (x <= y or rng.random() < 0.5):
        texts = (f"Sell the {few} for ${n} each.", f"Each of the {few} brings ${n}.")
        move = find("money", f"{other} * {n}", texts, wrong=[("each-as-plus", f"{other} + {n}")])
        return ASK_SOLD.format(x=few, n=n), [move], y * n, "money"
    more = find(
        "more",
        f"{var} - {other}",
        (f"Compare the {many} with the {few}.", f"How far the {many} are above the {few}."),
        wrong=[("difference-as-total", f"{var} + {other}")],
    )
    if operations == 6:
        return rng.choice(ASK_MORE).format(x=many, y=few), [more], x - y, "more"
    if not for_sale:
        return "", [], 0, ""
    texts = (f"Find what the {many} are worth at ${n} each.", f"The {many} at ${n} each.")
    first = find("first", f"{var} * {n}", texts, wrong=[("each-as-plus", f"{var} + {n}")])
    if operations == 7:
        if x <= y:
            return "", [], 0, ""
        texts = (f"Each one more is worth ${n}.", f"Find what these are worth at ${n} each.")
        last = find("worth", f"more * {n}", texts, wrong=[("each-as-plus", f"more + {n}")])
        question = f"Each of them is worth ${n}. How many more dollars are the {many} worth than the {few}?"
        return question, [more, last], (x - y) * n, "worth"
    texts = (f"Find what the {few} are worth at ${m} each.", f"The {few} at ${m} each.")
    second = find("second", f"{other} * {m}", texts, wrong=[("each-as-plus", f"{other} + {m}")])
    total = find(
        "total", "first + second", ("Add both.", "Put both together."), wrong=[("total-skips-first", "second")]
    )
    return ASK_BOTH.format(x=many, y=few, n=n, m=m), [first, second, total], x * n + y * m, "total"


def _remainders(rng: random.Random, operations: int) -> Story | None:
    """Draw a number by what is left over from two sizes of bags: 2 operations, and one an event after that."""
    events = operations - 2
    m, n = rng.sample(range(3, 13), 2)
    if not 0 <= events <= 3:
        return None
    top = rng.choice((20, 30, 40, 50, 60, 80, 100))
    number = rng.randint(max(m, n) + 2, top - 1)
    r, q = number % m, number % n
    fitting = [k for k in range(top) if k % m == r and k % n == q]
    if fitting != [number] or min(r, q) < 2 or r == q:
        return None
    name, other = rng.sample(NAMES, 2)
    noun, boxes = rng.choice(PACKED), rng.choice(list(CONTAINERS))
    fields: dict[str, object] = {"a": name, "b": other, "things": noun, "boxes": boxes}
    sentences = [rng.choice(OVER).format(m=m, r=r, n=n, q=q, **fields), rng.choice(LIMIT).format(top=top, **fields)]
    if rng.random() < 0.3:
        sentences.reverse()
    wrong: list[Wrong] = [
        ("one-condition", f"[n for n in range({top}) if n % {m} == {r}]"),
    ]
    texts = (
        f"Try all numbers below {top} with both left-overs.",
        f"Which number below {top} leaves {r} and {q}?",
        f"Look below {top} for both left-overs.",
    )
    search = find("found", f"[n for n in range({top}) if n % {m} == {r} and n % {n} == {q}]", texts, wrong=wrong)
    fits = f"{noun} % {m} == {r} and {noun} % {n} == {q}"
    texts = (
        f"This is the number of {noun}. Check both left-overs.",
        f"So {name} has that many {noun}, if it fits.",
        f"Take it for the {noun}, and check.",
    )
    take = find(noun, "found[0]", texts, shows=(noun, fits))
    after, more, answer, target = follow(rng, events, number, noun, fields)
    question = f"How many {noun} does {name} have{' in the end' if events else ''}?"
    return Story(" ".join([*sentences, *after, question]), answer, target, (search, take, *more), GENERIC_CLOSINGS)


def _field(rng: random.Random, operations: int) -> Story | None:
    """Draw a field by its area and by how much longer than wide it is: 2 operations for the width."""
    if operations not in (2, 3, 5):
        return None
    wide, d = rng.randint(3, 25), rng.randint(2, 20)
    long, area = wide + d, wide * (wide + d)
    if area > 999:
        return None
    field = rng.choice(FIELDS)
    sentence = rng.choice(FIELD).format(field=field, t=area, d=d)
    wrong: list[Wrong] = [("each-as-plus", f"[n for n in range({area}) if n + (n + {d}) == {area}]")]
    texts = (
        f"Try all widths with area {area}.",
        f"Look for a width whose product with the length is {area}.",
        f"Find a width that fits {area}.",
    )
    search = find("found", f"[n for n in range({area}) if n * (n + {d}) == {area}]", texts, wrong=wrong)
    texts = (
        f"This is the width, and the length is {d} more.",
        f"The {field} is {d} meters longer than wide.",
        f"Take it for the width. The length is {d} more.",
    )
    length = find("long", f"wide + {d}", texts, given=(("wide", "found[0]"),), shows=("wide", "long"))
    moves, question, target, answer = [search, length], rng.choice(ASK_WIDE), "wide", wide
    if operations == 3:
        question, target, answer = rng.choice(ASK_LONG), "long", long
    if operations == 5:
        question, target, answer = rng.choice(ASK_FENCE), "fence", 2 * (wide + long)
        texts = (
            "Go once around: two widths and two lengths.",
            "Add all four sides.",
            f"Find the way around the {field}.",
        )
        moves.append(find("fence", "2 * (wide + long)", texts, wrong=[("each-as-plus", "wide + long")]))
    check = look(
        (f"Check that the area is {area}.", "Check the area.", "Check: width times length."),
        target,
        f"wide * long == {area}",
    )
    return Story(f"{sentence} {question.format(field=field)}", answer, target, tuple(moves), GENERIC_CLOSINGS, check)
