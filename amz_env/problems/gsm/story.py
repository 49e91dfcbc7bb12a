"""A word problem ready to be worked: its sentences, and its computations in the order in which a student makes them.

A computation is written as text, the very line of Python that the work will show. So the work, the output and the true
answer can never drift apart, and a family reads like the solution that it draws. Facts that are solved as equations
stand in the order of the text instead (`equations`).
"""

import random
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

Lets = tuple[tuple[str, str], ...]
"""(variable, formula) pairs, assigned one after the other"""
Wrong = tuple[str, str | Lets | None]
"""(misconception, what is computed instead: a formula, several assignments, or None where the move is left out)"""

OPERATIONS: dict[int, tuple[int, ...]] = {1: (1, 2, 2, 2), 2: (3,), 3: (4, 5), 4: (6,), 5: (7, 7, 7, 8, 8, 8, 9, 10)}
"""level -> how many operations the work needs; what stands there more than once is drawn more often"""

_QUOTIENT = re.compile(r"(.+) // (\w+)")
_OPERATOR = re.compile(r" (?://|[-+*%]) ")
NAME = re.compile(r"[a-z_][a-z_0-9]*")
"""a variable in a formula"""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Move:
    """One computation of the work, or one fact, whose assignments are written as equations and print nothing.

    Attributes:
        texts: wordings, one of which is drawn; of a fact, its sentence.
        lets: the assignments.
        shows: the expressions that are printed.
        wrong: what is done instead by a student with a misconception; the first one held acts.
    """

    texts: tuple[str, ...]
    lets: Lets
    shows: tuple[str, ...]
    wrong: tuple[tuple[str, "Move | None"], ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A drawn problem.

    Attributes:
        question: the problem's text.
        answer: the true answer, computed while drawing and not from the moves.
        target: the variable that holds the answer when the work is done.
        moves: the computations.
        closings: wordings of the last step.
        check: a last computation that only looks whether the answer fits, if any.
        facts: what is written down as equations and solved before the moves, in the order of the text, if anything.
        implied: the computations that solving them does.
        checks: what a student who checks prints about the solution of the facts.
    """

    question: str
    answer: int
    target: str
    moves: tuple[Move, ...]
    closings: tuple[str, ...]
    check: Move | None = None
    facts: tuple[Move, ...] = ()
    implied: tuple[Move, ...] = ()
    checks: tuple[str, ...] = ()

    @property
    def operations(self) -> int:
        """How many operations the answer needs."""
        return needed_operations((*self.implied, *self.moves), {self.target})

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers in the question, as written."""
        return tuple(_NUMBER.findall(self.question))


def needed_operations(moves: Sequence[Move], targets: Set[str]) -> int:
    """Return how many operations the values of `targets` need, found by going back from them through the moves."""
    needed, count = set(targets), 0
    for var, formula in reversed([let for move in moves for let in move.lets]):
        if var in needed:
            words, operations = _read(formula)
            needed.remove(var)
            needed.update(words)
            count += operations
    return count


@lru_cache(maxsize=4096)
def _read(formula: str) -> tuple[tuple[str, ...], int]:
    """Return the variables of a formula and how many operations it has."""
    return tuple(NAME.findall(formula)), count_operations(formula)


def count_operations(formula: str) -> int:
    """Return the number of arithmetic operators in a formula; to take a percentage is one operation."""
    return len(_OPERATOR.findall(formula)) - formula.count("// 100")


def find(
    var: str,
    formula: str,
    texts: Sequence[str],
    *,
    given: Lets = (),
    wrong: Sequence[Wrong] = (),
    shows: tuple[str, ...] = (),
) -> Move:
    """Return the move that computes one quantity.

    A quotient is printed with its remainder, so that a wrong reading that gives a fractional count shows.

    Args:
        var: the variable.
        formula: its value.
        texts: wordings.
        given: facts from the question that are written down first.
        wrong: what is computed instead under a misconception.
        shows: what is printed, by default the variable.
    """
    words = tuple(texts)

    def move(instead: str | Lets, others: tuple[tuple[str, Move | None], ...] = ()) -> Move:
        lets = given + (((var, instead),) if isinstance(instead, str) else instead)
        return Move(words, lets, shows or _printed(*lets[-1]), others)

    return move(formula, tuple((name, None if other is None else move(other)) for name, other in wrong))


def look(texts: Sequence[str], *shows: str) -> Move:
    """Return a move that only prints."""
    return Move(tuple(texts), (), shows)


def pick_operations(rng: random.Random, level: int) -> int:
    """Draw the number of operations of a problem of this level."""
    return rng.choice(OPERATIONS[level])


def _printed(var: str, formula: str) -> tuple[str, ...]:
    quotient = _QUOTIENT.fullmatch(formula)
    return (var, f"{quotient[1]} % {quotient[2]}") if quotient else (var,)
