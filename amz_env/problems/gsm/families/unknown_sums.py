"""Amounts from their sum and their difference or ratio: easier to check than to find."""

import random

from amz_env.problems.gsm.families.events import follow
from amz_env.problems.gsm.families.extras import OWNER, slip_in
from amz_env.problems.gsm.story import Move, Story, Wrong, find, look
from amz_env.problems.gsm.things import GENERIC_CLOSINGS, NAMES, OWNED, PICKED, times

TOGETHER = (
    "{a} and {b} have {s} {things} together.",
    "Together {a} and {b} have {s} {things}.",
    "The number of {things} that {a} and {b} have together is {s}.",
)
TOGETHER_THREE = ("{a}, {b} and {c} have {s} {things} together.", "Together {a}, {b} and {c} have {s} {things}.")
MORE = ("{a} has {d} more {things} than {b}.", "Compared with {b}, {a} has {d} more {things}.")
FEWER = ("{b} has {d} fewer {things} than {a}.",)
TIMES = ("{a} has {times} as many {things} as {b}.",)
ASK = ("How many {things} does {x} have?", "Find the number of {things} that {x} has.")
ASK_NOW = ("How many {things} does {x} have now?", "How many {things} does {x} have in the end?")
CHECKS = ("Check that they make up the sum.", "Check: put them together again.", "Check the sum.")


def draw_sum(rng: random.Random, operations: int) -> Story | None:
    """Draw two or three people whose sum is known, and events after that where more operations are needed."""
    kind = rng.choice(("difference", "ratio", "three"))
    least = 3 if kind == "three" else 2
    if operations < least:
        return None
    asks_other = operations > least and rng.random() < 0.6
    events = operations - least - asks_other
    if events > (4 if operations < 9 else 6):
        return None
    a, b, c, stranger = rng.sample(NAMES, 4)
    noun = rng.choice((*OWNED, *PICKED))
    small, d, k = rng.randint(4, 60), rng.randint(2, 40), rng.randint(2, 5)
    fields: dict[str, object] = {"a": a, "b": b, "c": c, "d": d, "things": noun, "times": times(k)}
    if kind == "difference":
        facts, moves, large = _difference(rng, fields, small, d)
    elif kind == "ratio":
        facts, moves, large = _ratio(rng, fields, small, k)
    else:
        facts, moves, large = _three(rng, fields, small, d, k)
    rng.shuffle(facts)
    slip_in(rng, facts, OWNER[:2], rng.choice((a, b)), 0.25)
    check = _check(kind, fields, small, d, k, b if not asks_other else a)
    who, amount = (a, large) if asks_other else (b, small)
    after, more, answer, target = follow(rng, events, amount, who.lower(), {"a": who, "b": stranger, "things": noun})
    question = rng.choice(ASK_NOW if events else ASK).format(x=who, things=noun)
    return Story(
        " ".join([*facts, *after, question]),
        answer,
        target,
        (*moves, *more),
        GENERIC_CLOSINGS,
        None if events else check,
    )


def _difference(rng: random.Random, fields: dict[str, object], small: int, d: int) -> tuple[list[str], list[Move], int]:
    a, b = str(fields["a"]), str(fields["b"])
    s = 2 * small + d
    facts = [rng.choice(TOGETHER).format(s=s, **fields), rng.choice(rng.choice((MORE, FEWER))).format(**fields)]
    x, y = a.lower(), b.lower()
    texts = (
        f"{facts[0]} Take the {d} more away, then halve to find {b}.",
        f"{facts[0]} Without the {d} more both have as many as {b}.",
    )
    wrong: list[Wrong] = [("sum-split", f"{s} // 2 - {d}")]
    first = find(y, f"({s} - {d}) // 2", texts, wrong=wrong, shows=(y, f"({s} - {d}) % 2"))
    second = find(x, f"{y} + {d}", (facts[1],))
    return facts, [first, second], small + d


def _ratio(rng: random.Random, fields: dict[str, object], small: int, k: int) -> tuple[list[str], list[Move], int]:
    a, b = str(fields["a"]), str(fields["b"])
    s = small * (k + 1)
    facts = [rng.choice(TOGETHER).format(s=s, **fields), rng.choice(TIMES).format(**fields)]
    x, y = a.lower(), b.lower()
    texts = (f"{facts[1]} {b} has one part and {a} has {k} parts.", f"{facts[1]} Count the parts with that of {b}.")
    wrong: list[Wrong] = [("sum-split", str(k))]
    parts = find("parts", f"{k} + 1", texts, wrong=wrong)
    one = find(
        y,
        f"{s} // parts",
        (f"{facts[0]} One part is what {b} has.", f"{facts[0]} Find {b}: one part of it."),
    )
    large = find(
        x,
        f"{y} * {k}",
        (f"Now {a}.", f"Find {a}: {times(k)} {b}."),
        wrong=[("times-as-plus", f"{y} + {k}")],
    )
    return facts, [parts, one, large], small * k


def _three(
    rng: random.Random, fields: dict[str, object], small: int, d: int, k: int
) -> tuple[list[str], list[Move], int]:
    """Three people: the first has d more than the second, the third k times as many as the second."""
    a, b, c = str(fields["a"]), str(fields["b"]), str(fields["c"])
    s = small * (k + 2) + d
    facts = [
        rng.choice(TOGETHER_THREE).format(s=s, **fields),
        rng.choice(MORE).format(**fields),
        rng.choice(TIMES).format(**fields | {"a": c}),
    ]
    x, y, z = a.lower(), b.lower(), c.lower()
    without = f"{facts[0]} {facts[1]} Take the {d} more of {a} away."
    rest = find("rest", f"{s} - {d}", (without,), wrong=[("lost-as-gained", f"{s} + {d}")])
    texts = (
        f"{facts[2]} Count the parts: one for {a}, one for {b} and {k} for {c}.",
        f"{facts[2]} The parts: {k} for {c} and 2 for the others.",
    )
    parts = find("parts", f"{k} + 2", texts, wrong=[("sum-split", f"{k} + 1")])
    one = find(
        y,
        "rest // parts",
        (
            f"One part is what {b} has.",
            f"Divide the rest into the parts to find {b}.",
            f"Find {b}: one part of the rest.",
        ),
    )
    first = find(
        x,
        f"{y} + {d}",
        (f"Find {a}: {d} more than {b}.", f"Now {a}: {d} more than {b}."),
    )
    third = find(
        z,
        f"{y} * {k}",
        (f"Find {c}: {times(k)} {b}.", f"Now {c}: {times(k)} {b}."),
        wrong=[("times-as-plus", f"{y} + {k}")],
    )
    return facts, [rest, parts, one, first, third], small + d


def _check(kind: str, fields: dict[str, object], small: int, d: int, k: int, who: str) -> Move:
    names = [str(fields[key]).lower() for key in ("abc" if kind == "three" else "ab")]
    total = {"difference": 2 * small + d, "ratio": small * (k + 1), "three": small * (k + 2) + d}[kind]
    return look(CHECKS, who.lower(), f"{' + '.join(names)} == {total}")
