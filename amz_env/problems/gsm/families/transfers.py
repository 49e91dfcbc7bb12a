"""Gifts among a few people, in the order in which they happen: who has how many in the end."""

import random
from itertools import combinations, permutations

from amz_env.problems.base import Draft
from amz_env.problems.gsm.families.extras import OWNER, slip_in
from amz_env.problems.gsm.story import Move, Story, Wrong, find, look, needed_operations, pick_operations
from amz_env.problems.gsm.things import GENERIC_CLOSINGS, NAMES, OWNED, PARTS, listed
from amz_env.problems.gsm.work import write
from amz_env.problems.students import Student

EVENTS = {
    **{1: (1, 2), 2: (1, 2), 3: (2, 2, 3), 4: (2, 3), 5: (2, 3)},
    **{6: (3, 4), 7: (4,), 8: (4,), 9: (4, 5), 10: (5,)},
}
"""operations -> numbers of events to try"""
START = ("{a} has {n} {things}.", "{a} starts with {n} {things}.")
GIFT = (
    "{a} gives {n} {things} to {b}.",
    "{b} gets {n} {things} from {a}.",
    "{a} hands {n} {things} over to {b}.",
    "{b} takes {n} {things} from {a}.",
)
PART_GIFT = (
    "{a} gives {part} of the {things} that {a} has to {b}.",
    "{b} gets {part} of all the {things} that {a} has.",
)
LOSS = ("{a} loses {n} {things}.", "{a} sells {n} {things}.", "{a} throws {n} {things} away.")
GAIN = ("{a} finds {n} {things}.", "{a} buys {n} {things}.", "{a} is given {n} {things}.")
ASK_ONE = ("How many {things} does {a} have now?", "How many {things} does {a} have in the end?")
ASK_DIFFERENCE = ("How many more {things} does {a} have than {b} now?",)
ASK_TOTAL = ("How many {things} do {these} have together now?",)
ORDER = ("", "Then", "After that,", "Later", "At last")


def transfers(rng: random.Random, level: int, student: Student) -> Draft:
    """Draw and work one problem."""
    operations = pick_operations(rng, level)
    while True:
        story = _draw(rng, rng.choice(EVENTS[operations]), operations)
        if story is not None:
            return write(story, student)


def _draw(rng: random.Random, count: int, operations: int) -> Story | None:
    """Draw the start, so many events and the question; None where an event does not fit or no question is left."""
    events = rng.choices(("gift", "part", "loss", "gain"), (5, 2, 2, 2), k=count)
    if not {"gift", "part"} & set(events):
        return None
    people = rng.sample(NAMES, 2 if count < 3 or rng.random() < 0.4 else 3)
    noun = rng.choice(OWNED)
    start = {name: rng.randint(8, 90) for name in people}
    now = dict(start)
    sentences: list[str] = []
    moves: list[Move] = []
    for index, kind in enumerate(events):
        order = f"{ORDER[index]} " if index and rng.random() < 0.6 else ""
        drawn = _event(rng, kind, order, people, noun, now, start)
        if drawn is None:
            return None
        sentences.append(drawn[0])
        moves.append(drawn[1])
    touched = {var for move in moves for var, _ in move.lets}
    if any(name.lower() not in touched for name in people):
        return None
    asked = _ask(rng, people, noun, now, moves, operations)
    if asked is None:
        return None
    question, last, target, answer = asked
    given = tuple((name.lower(), str(n)) for name, n in start.items())
    opening = [rng.choice(START).format(a=name, n=n, things=noun) for name, n in start.items()]
    begin = Move((" ".join(opening),), given, tuple(var for var, _ in given))
    slip_in(rng, opening, OWNER, rng.choice(people), 0.35)
    check = None
    if not last and {"loss", "gain"}.isdisjoint(events):
        # Gifts only: the total stays as it was.
        before, after = " + ".join(map(str, start.values())), " + ".join(name.lower() for name in people)
        check = look(
            ("Check that none are lost.", "Check: gifts do not change the total.", "Check the total of all."),
            target,
            f"{after} == {before}",
        )
    text = " ".join([*opening, *sentences, question])
    return Story(text, answer, target, (begin, *moves, *last), GENERIC_CLOSINGS, check)


def _event(
    rng: random.Random, kind: str, order: str, people: list[str], noun: str, now: dict[str, int], start: dict[str, int]
) -> tuple[str, Move] | None:
    """Draw what happens next; `order` begins its sentence. None where it does not fit."""
    a, b = rng.sample(people, 2)
    x, y = a.lower(), b.lower()
    if kind == "part":
        return _part_gift(rng, order, a, b, noun, now, start)
    if now[a] < 5:
        return None
    n = rng.randint(2, min(60, now[a] - 2))
    fields = {"a": a, "b": b, "n": n, "things": noun}
    if kind == "gift":
        now[a], now[b] = now[a] - n, now[b] + n
        sentence = order + rng.choice(GIFT).format(**fields)
        wrong: list[Wrong] = [
            ("receiver-unchanged", ((x, f"{x} - {n}"),)),
            ("lost-as-gained", ((x, f"{x} + {n}"), (y, f"{y} - {n}"))),
        ]
        return sentence, _both((sentence,), x, y, str(n), wrong)
    if kind == "loss":
        now[a] -= n
        sentence = order + rng.choice(LOSS).format(**fields)
        return sentence, find(x, f"{x} - {n}", (sentence,), wrong=[("lost-as-gained", f"{x} + {n}")])
    now[a] += n
    sentence = order + rng.choice(GAIN).format(**fields)
    return sentence, find(x, f"{x} + {n}", (sentence,))


def _both(texts: tuple[str, ...], x: str, y: str, n: str, wrong: list[Wrong]) -> Move:
    variants = tuple((name, Move(texts, lets, (x, y))) for name, lets in wrong if isinstance(lets, tuple))
    return Move(texts, ((x, f"{x} - {n}"), (y, f"{y} + {n}")), (x, y), variants)


def _part_gift(
    rng: random.Random, order: str, a: str, b: str, noun: str, now: dict[str, int], start: dict[str, int]
) -> tuple[str, Move] | None:
    """Draw the gift of a half, a third, ... of what someone has by then."""
    fitting = [k for k in (2, 3, 4, 5) if now[a] % k == 0 and now[a] // k > 1]
    if not fitting:
        return None
    k = rng.choice(fitting)
    x, y = a.lower(), b.lower()
    sentence = order + rng.choice(PART_GIFT).format(a=a, b=b, part=PARTS[k], things=noun)
    shows = (x, y)

    def move(gift: str, *rest: tuple[str, str]) -> Move:
        changes = rest or ((x, f"{x} - gift"), (y, f"{y} + gift"))
        return Move((sentence,), (("gift", gift), *changes), shows)

    wrong: list[tuple[str, Move | None]] = [
        ("receiver-unchanged", move(f"{x} // {k}", (x, f"{x} - gift"))),
        ("lost-as-gained", move(f"{x} // {k}", (x, f"{x} + gift"), (y, f"{y} - gift"))),
        ("part-as-minus", move(str(k))),
    ]
    if now[a] != start[a]:
        wrong.insert(0, ("rest-as-whole", move(f"{start[a]} // {k}")))
    right = move(f"{x} // {k}")
    gift = now[a] // k
    now[a], now[b] = now[a] - gift, now[b] + gift
    return sentence, Move(right.texts, right.lets, right.shows, tuple(wrong))


def _ask(
    rng: random.Random, people: list[str], noun: str, now: dict[str, int], moves: list[Move], operations: int
) -> tuple[str, tuple[Move, ...], str, int] | None:
    """Return (question, last computations, variable of the answer, answer), None if none needs so many operations."""
    one = {a: needed_operations(moves, {a.lower()}) for a in people}
    two = {frozenset(pair): needed_operations(moves, set(map(str.lower, pair))) for pair in combinations(people, 2)}
    options = [
        (kind, a, b)
        for kind in ("one", "one", "difference", "total")
        for a, b in permutations(people, 2)
        if (one[a] if kind == "one" else two[frozenset((a, b))] + 1) == operations
        if kind != "difference" or now[a] > now[b]
    ]
    if not options:
        return None
    kind, a, b = rng.choice(options)
    x, y = a.lower(), b.lower()
    if kind == "one":
        return rng.choice(ASK_ONE).format(a=a, things=noun), (), x, now[a]
    if kind == "difference":
        texts = (f"Compare {a} with {b}.", f"How far {a} is above {b}.", f"Now compare the two, {a} and {b}.")
        move = find("more", f"{x} - {y}", texts, wrong=[("difference-as-total", f"{x} + {y}")])
        return rng.choice(ASK_DIFFERENCE).format(a=a, b=b, things=noun), (move,), "more", now[a] - now[b]
    texts = (f"Add {a} and {b}.", f"Put {a} and {b} together.", f"The total of {a} and {b}.")
    question = rng.choice(ASK_TOTAL).format(these=listed((a, b)), things=noun)
    return question, (find("total", f"{x} + {y}", texts),), "total", now[a] + now[b]
