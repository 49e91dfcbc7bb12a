"""The syntax tree of an answer: one immutable node type, from a number up to a union of intervals.

Heads of expressions: ``num`` (value: `Number`), ``sym`` and ``const`` (value: name), ``add``, ``mul``, ``neg``,
``inv``, ``pow``, ``fact``, ``deg``, ``fn`` (value: name), ``pm``, ``matrix`` (args: rows of ``row``).
Heads of answers: ``tuple`` (value: its two brackets), ``set``, ``list`` (value: the connector), ``cup``, ``cap``,
``minus``, ``reals``, ``rel`` (value: the signs between the args), ``quantity`` (value: `Unit`), ``base``, ``time``,
``ratio``, ``text`` (value: its words).
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Number:
    """A literal.

    Attributes:
        exact: its value.
        digits: significant digits written, if it was written as a decimal; 0 for integers and repeating decimals.
        ulp: the value of one unit in its last written place; 0 where ``digits`` is 0.
    """

    exact: Fraction
    digits: int = 0
    ulp: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Node:
    """A node: what it is, its parts, and what cannot be said with parts."""

    head: str
    args: tuple["Node", ...] = ()
    value: Any = None


class CannotRead(Exception):
    """The text is not in the grammar that the package reads itself."""


class NeedsSymbolic(CannotRead):
    """The text is mathematics that only the symbolic layer knows: limits, integrals, products of matrices."""


def integer(value: int) -> Node:
    """Return the node of an integer."""
    return Node("num", value=Number(Fraction(value)))


def literal(node: Node) -> Number | None:
    """Return the number that a node spells out, with its sign, or None."""
    if node.head == "num":
        number: Number = node.value
        return number
    if node.head == "neg" and node.args[0].head == "num":
        inner: Number = node.args[0].value
        return Number(-inner.exact, inner.digits, inner.ulp)
    return None


def symbols(node: Node) -> set[str]:
    """Return the names of the variables in a tree."""
    if node.head == "sym":
        return {node.value}
    return set().union(*(symbols(arg) for arg in node.args))


def whole(node: Node) -> int | None:
    """Return the whole number that a node spells out, or None."""
    number = literal(node)
    return int(number.exact) if number is not None and number.exact.denominator == 1 else None


def size(node: Node) -> int:
    """Return the number of nodes in a tree."""
    return 1 + sum(size(arg) for arg in node.args)


def substitute(node: Node, variable: Node, value: Node) -> Node:
    """Return a tree with a value in place of a variable."""
    if node.head == "sym":
        return value if node == variable else node
    return Node(node.head, tuple(substitute(arg, variable, value) for arg in node.args), node.value)
