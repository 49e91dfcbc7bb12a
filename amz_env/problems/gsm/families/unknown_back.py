"""Working back: what happened is told and the end is known, and the start is asked for."""

import random
from dataclasses import dataclass

from amz_env.problems.gsm.story import Lets, Move, Story, find, look
from amz_env.problems.gsm.things import GENERIC_CLOSINGS, NAMES, OWNED, times

START = ("{a} has some {things}.", "{a} starts with some {things}.", "At first {a} has a number of {things}.")
GAIN = ("{a} finds {n} {things}", "{a} buys {n} {things}", "{a} gets {n} {things}")
LOSS = ("{a} gives {n} {things} away", "{a} loses {n} {things}", "{a} sells {n} {things}")
GROW = ("the number of {things} becomes {times} as large", "{a} collects more until there are {times} as many")
HALVE = ("{a} gives half of the {things} away", "half of the {things} are lost")
END = ("Now {a} has {n} {things}.", "In the end {a} has {n} {things}.", "{a} now has {n} {things}.")
KINDS = ("gain", "loss", "grow", "halve")
ASK = ("How many {things} did {a} have at first?", "How many {things} did {a} start with?")
CHECKS = (
    "Check by going through the story from the start.",
    "Check: do it all forward again.",
    "Check the story with this start.",
)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: the words, how it goes forward and how it is undone, with `{}` for the amount."""

    words: str
    forward: str
    back: str


def draw_back(rng: random.Random, operations: int) -> Story | None:
    """Draw a story of as many events as operations."""
    if operations > 6:
        return None
    name, noun = rng.choice(NAMES), rng.choice(OWNED)
    start = amount = rng.randint(4, 60)
    events: list[Event] = []
    kind = ""
    for _ in range(operations):
        # Doubling what was just halved, or two gains in a row, would make a dull story.
        dull = {"grow": ("grow", "halve"), "halve": ("grow", "halve")}.get(kind, (kind,))
        kind = rng.choice([other for other in KINDS if other not in dull])
        drawn = _event(rng, kind, {"a": name, "things": noun}, amount)
        if drawn is None:
            return None
        events.append(drawn[0])
        amount = drawn[1]
    if amount > 999 or len({event.forward for event in events}) < len(events):
        return None
    told = [f"{word} {event.words}." for word, event in zip(_links(rng, operations), events, strict=True)]
    told = [sentence[0].upper() + sentence[1:] for sentence in told]
    fields: dict[str, object] = {"a": name, "things": noun, "n": amount}
    end = rng.choice(END).format(**fields)
    text = " ".join([rng.choice(START).format(**fields), *told, end, rng.choice(ASK).format(**fields)])
    forward = noun
    for event in events:
        forward = event.forward.format(
            f"({forward})" if " " in forward and event.forward[2:5] in (" * ", " //") else forward
        )
    check = look(CHECKS, noun, f"{forward} == {amount}")
    return Story(text, start, noun, tuple(_moves(noun, amount, events, [*told, end])), GENERIC_CLOSINGS, check)


def _links(rng: random.Random, count: int) -> list[str]:
    later = [rng.choice(("Then", "After that,", "Next,")) for _ in range(count - 1)]
    return ["First", *later] if later else ["Then"]


def _event(rng: random.Random, kind: str, fields: dict[str, str], amount: int) -> tuple[Event, int] | None:
    n = rng.randint(3, 40)
    if kind == "grow":
        k = rng.randint(2, 4)
        words = rng.choice(GROW).format(times=times(k), **fields)
        return Event(words, f"{{}} * {k}", f"{{}} // {k}"), amount * k
    if kind == "halve":
        words = rng.choice(HALVE).format(**fields)
        done = Event(words, "{} // 2", "{} * 2"), amount // 2
        return done if amount % 2 == 0 and amount > 6 else None
    if kind == "loss":
        words = rng.choice(LOSS).format(n=n, **fields)
        return (Event(words, f"{{}} - {n}", f"{{}} + {n}"), amount - n) if amount > n + 1 else None
    words = rng.choice(GAIN).format(n=n, **fields)
    return Event(words, f"{{}} + {n}", f"{{}} - {n}"), amount + n


def _moves(noun: str, end: int, events: list[Event], told: list[str]) -> list[Move]:
    """Return the computations, the last event undone first; each quotes what `told` says of it, the end comes last."""
    moves = []
    for index, event in enumerate(reversed(events)):
        given, first = (((noun, str(end)),), f"{told[-1]} ") if index == 0 else ((), "")
        text = f"{first}Go back: {told[-2 - index]}"
        right = _undo(noun, event.back, given, text)
        early = events[index]
        # In the order of the story the middle event of an odd number has its right turn.
        wrong: list[tuple[str, Move | None]] = [("keyword-not-inverted", _undo(noun, event.forward, given, text))]
        if early is not event:
            wrong.append(("undo-in-order", _undo(noun, early.back, given, f"{first}Go back: {told[index]}")))
        moves.append(Move(right.texts, right.lets, right.shows, tuple(wrong)))
    return moves


def _undo(noun: str, pattern: str, given: Lets, text: str) -> Move:
    formula = pattern.format(noun)
    if " // " not in formula:
        return find(noun, formula, (text,), given=given)
    # The remainder has to be taken before the variable changes.
    over = (*given, ("over", formula.replace("//", "%")))
    return find(noun, formula, (text,), given=over, shows=(noun, "over"))
