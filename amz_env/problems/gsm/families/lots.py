"""Lots of one kind of thing: so many boxes with so many in each, some loose ones, and the total of all."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from amz_env.problems.gsm.story import Move, Wrong, find
from amz_env.problems.gsm.things import CONTAINERS, listed, times

LOT_PATTERNS = (
    "{a} has {m} {boxes} with {n} {things} in each {box}.",
    "{a} fills {m} {boxes} with {n} {things} each.",
    "{a} buys {m} {boxes} of {n} {things} each.",
    "{a} has {m} {boxes}, and each {box} holds {n} {things}.",
    "{a} has {m} {boxes}. There are {n} {things} in each {box}.",
)
DOZEN_PATTERNS = ("{a} has {m} dozen {things} in the {boxes}.", "{a} puts {m} dozen {things} into the {boxes}.")
LINKED_PATTERNS = {
    "more": ("{a} also has {m} {boxes}. Each {box} holds {n} more {things} than each {other}.",),
    "fewer": ("{a} also has {m} {boxes}. Each {box} holds {n} fewer {things} than each {other}.",),
    "times": ("{a} also has {m} {boxes}. Each {box} holds {times} as many {things} as each {other}.",),
}
LOOSE_PATTERNS = (
    "{a} also has {n} loose {things}.",
    "On the table, {a} has {n} more {things}.",
    "{a} keeps {n} more {things} on the table.",
)


@dataclass(frozen=True, slots=True)
class Lots:
    """The drawn lots: their sentences, computations, and the total.

    Attributes:
        sentences: in an order in which they read well.
        moves: the computations, the last one of the total where there are several lots.
        total: how many there are.
        var: the variable that holds the total.
        parts: what each lot holds, by the plural of its container.
    """

    sentences: list[str]
    moves: list[Move]
    total: int
    var: str
    parts: dict[str, int]


def split_operations(operations: int) -> tuple[int, int]:
    """Return (number of products, number of loose amounts) whose sum takes so many operations."""
    return (operations + 1) // 2, 1 - operations % 2


def draw_lots(rng: random.Random, name: str, noun: str, operations: int, *, high: int = 12) -> Lots:
    """Draw lots of `noun` that belong to `name`, whose total takes so many operations (up to 6; 0 for a plain number).

    Args:
        rng: source of randomness.
        name: the owner.
        noun: the plural of what is counted.
        operations: how many operations the total takes.
        high: the largest number of containers in a lot.
    """
    if operations == 0:
        n = rng.randint(12, 300)
        return Lots([f"{name} has {n} {noun}."], [], n, str(n), {})
    linked = operations >= 4 and rng.random() < 0.6
    products, loose = split_operations(operations - linked)
    kinds = rng.sample(list(CONTAINERS), products)
    sentences: list[str] = []
    moves: list[Move] = []
    parts: dict[str, int] = {}
    before = ("", 0)
    for index, boxes in enumerate(kinds):
        m, n = rng.randint(2, high), rng.randint(3, 24)
        fields: dict[str, object] = {"a": name, "m": m, "boxes": boxes, "box": CONTAINERS[boxes], "things": noun}
        if linked and index == 1:
            sentence, made, n = _linked(rng, fields, before, m)
        elif rng.random() < 0.12:
            m, n = min(m, 8), 12
            sentence, made = _dozen(rng, fields | {"m": m}, m)
        else:
            sentence = rng.choice(LOT_PATTERNS).format(n=n, **fields)
            made = [_product(boxes, m, str(n), sentence)]
        sentences.append(sentence)
        moves += made
        parts[boxes] = m * n
        before = (CONTAINERS[boxes], n)
    if linked:
        # A linked lot speaks of the lot before it, so the two stay together.
        sentences[:2] = [" ".join(sentences[:2])]
    formula = list(kinds)
    if loose:
        spare = rng.randint(3, 60)
        # "More" and "also" want something before them.
        sentence = rng.choice(LOOSE_PATTERNS).format(a=name, n=spare, things=noun)
        sentences.insert(rng.randint(1, len(sentences)), sentence)
        formula.append(str(spare))
        parts["loose"] = spare
    if len(formula) > 1:
        moves.append(_sum(kinds, formula, f"{sentence} " if loose else ""))
    return Lots(sentences, moves, sum(parts.values()), "total" if len(formula) > 1 else kinds[0], parts)


def _product(boxes: str, m: int, n: str, sentence: str) -> Move:
    return find(boxes, f"{m} * {n}", (sentence,), wrong=[("each-as-plus", f"{m} + {n}")])


def _dozen(rng: random.Random, fields: dict[str, object], m: int) -> tuple[str, list[Move]]:
    sentence = rng.choice(DOZEN_PATTERNS).format(**fields)
    wrong: list[Wrong] = [("unit-size", f"{m} * 10")]
    return sentence, [find(str(fields["boxes"]), f"{m} * 12", (sentence,), wrong=wrong)]


def _linked(
    rng: random.Random, fields: dict[str, object], before: tuple[str, int], m: int
) -> tuple[str, list[Move], int]:
    """Draw a lot whose number in each container is given by way of the lot before."""
    other, known = before
    kind = rng.choice(("more", "fewer", "times") if known > 4 else ("more", "times"))
    n = rng.randint(2, known - 2) if kind == "fewer" else rng.randint(2, 9)
    k = rng.randint(2, 3)
    box, boxes = str(fields["box"]), str(fields["boxes"])
    sentence = rng.choice(LINKED_PATTERNS[kind]).format(other=other, n=n, times=times(k), **fields)
    wrong: list[Wrong]
    match kind:
        case "more":
            formula, value, wrong = f"{known} + {n}", known + n, []
        case "fewer":
            formula, value = f"{known} - {n}", known - n
            wrong = [("fewer-as-more", f"{known} + {n}")]
        case _:
            formula, value = f"{known} * {k}", known * k
            wrong = [("times-as-plus", f"{known} + {k}")]
    has, holds = sentence.split(". ")
    return sentence, [find(box, formula, (holds,), wrong=wrong), _product(boxes, m, box, f"{has}.")], value


def _sum(kinds: Sequence[str], formula: Sequence[str], quoted: str) -> Move:
    """Return the move for the total; `quoted` is the sentence of the loose ones, if there are any."""
    loose = formula[-1] if formula[-1].isdigit() else ""
    named = [f"the {boxes}" for boxes in kinds] + ([f"the {loose} more"] if loose else [])
    texts = (f"{quoted}Add {listed(named)}.", f"{quoted}Put {listed(named)} together.")
    return find("total", " + ".join(formula), texts, wrong=[("total-skips-first", " + ".join(formula[1:]))])
