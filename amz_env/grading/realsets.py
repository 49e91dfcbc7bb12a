"""Sets of real numbers as sorted disjoint intervals: unions, differences, inequalities in one variable."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from amz_env.grading.tree import Node, integer, substitute, symbols

INFINITY = float("inf")


class NotReal(Exception):
    """The node is no set of real numbers, or not one that is read here."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The reals from ``low`` to ``high``; a single point has both ends equal and closed."""

    low: Any
    high: Any
    low_closed: bool
    high_closed: bool


Intervals = tuple[Interval, ...]
Real = Callable[[Node], Any]
"""A function from a node to its real value: a `Fraction`, an mpmath number or an infinite float; raises `NotReal`."""

REALS: Intervals = (Interval(-INFINITY, INFINITY, False, False),)


def real_set(node: Node, real: Real) -> tuple[Intervals, str | None]:
    """Return the set of reals that an answer describes, and the variable that it bounds, if it names one.

    Raises:
        NotReal: it describes none.
    """
    match node.head:
        case "reals":
            return REALS, None
        case "set":
            return _finite(node.args, real), None
        case "tuple":
            return (_interval(node, real),), None
        case "cup" | "cap" | "minus":
            left, name = real_set(node.args[0], real)
            right, other = real_set(node.args[1], real)
            return _combine(node.head, left, right), name or other
        case "rel":
            return _relation(node, real)
        case "list" if node.value in ("and", "or", ",") and all(arg.head == "rel" for arg in node.args):
            sets = [real_set(arg, real) for arg in node.args]
            if len({name for _, name in sets}) != 1:
                raise NotReal
            excludes = any("!=" in arg.value for arg in node.args)  # "0 < x < 2, x != 1" says both
            joined = "cap" if node.value == "and" or (node.value == "," and excludes) else "cup"
            result = sets[0][0]
            for other_set, _ in sets[1:]:
                result = _combine(joined, result, other_set)
            return result, sets[0][1]
    raise NotReal


def same_sets(one: Intervals, other: Intervals) -> bool:
    """Return whether two sets are equal; ends agree when `same_number` says so."""
    return len(one) == len(other) and all(
        same_number(a.low, b.low)
        and same_number(a.high, b.high)
        and (a.low_closed, a.high_closed) == (b.low_closed, b.high_closed)
        for a, b in zip(one, other, strict=True)
    )


def same_number(one: Any, other: Any) -> bool:
    """Return whether two reals are equal, exactly or to thirty digits where one is not rational."""
    if one == other:
        return True
    if INFINITY in (abs(one), abs(other)):
        return False
    difference = abs(_float_free(one) - _float_free(other))
    return (
        bool(difference < 1e-30 * max(abs(_float_free(one)), abs(_float_free(other))))
        if _inexact(one, other)
        else False
    )


def _inexact(*numbers: Any) -> bool:
    return any(not hasattr(number, "numerator") for number in numbers)


def _float_free(number: Any) -> Any:
    from amz_env.grading.precision import mp

    return mp.mpf(number.numerator) / number.denominator if hasattr(number, "numerator") else number


def _less(one: Any, other: Any) -> bool:
    if same_number(one, other):
        return False
    if INFINITY in (abs(one), abs(other)) or not _inexact(one, other):
        return bool(one < other)
    return bool(_float_free(one) < _float_free(other))


def _finite(items: tuple[Node, ...], real: Real) -> Intervals:
    points = [Interval(value, value, True, True) for value in (real(item) for item in items)]
    return _merge(points)


def _interval(node: Node, real: Real) -> Interval:
    if len(node.args) != 2 or node.value not in ("()", "(]", "[)", "[]"):
        raise NotReal
    low, high = (real(arg) for arg in node.args)
    if not _less(low, high) and not (same_number(low, high) and node.value == "[]"):
        raise NotReal
    return Interval(low, high, node.value[0] == "[", node.value[1] == "]")


# Relations


def _relation(node: Node, real: Real) -> tuple[Intervals, str | None]:
    signs, args = node.value, node.args
    if signs == ("in",):
        inner, _ = real_set(args[1], real)
        return inner, args[0].value if args[0].head == "sym" else None
    names = set().union(*(symbols(arg) for arg in args))
    if len(names) != 1 or "~" in signs or "in" in signs or signs == ("=",):
        raise NotReal
    name = names.pop()
    result = REALS
    for left, sign, right in zip(args, signs, args[1:], strict=False):
        result = _combine("cap", result, _half_line(left, sign, right, name, real))
    return result, name


def _half_line(left: Node, sign: str, right: Node, name: str, real: Real) -> Intervals:
    """Solve one linear inequality in one variable."""
    difference = Node("add", (left, Node("neg", (right,))))
    at = {x: real(substitute(difference, Node("sym", value=name), integer(x))) for x in (0, 1, 2, 7, -5)}
    slope = at[1] - at[0]
    if same_number(slope, 0) or any(not same_number(value, at[0] + slope * x) for x, value in at.items()):
        raise NotReal
    root = -at[0] / slope
    if sign == "=":
        return (Interval(root, root, True, True),)
    if sign == "!=":
        return (Interval(-INFINITY, root, False, False), Interval(root, INFINITY, False, False))
    closed, below = "=" in sign, (sign[0] == "<") == bool(slope > 0)
    return (Interval(-INFINITY, root, False, closed) if below else Interval(root, INFINITY, closed, False),)


# Algebra


def _combine(sign: str, left: Intervals, right: Intervals) -> Intervals:
    if sign == "cup":
        return _merge([*left, *right])
    if sign == "minus":
        right = _complement(right)
    return _merge([part for a in left for b in right if (part := _intersect(a, b))])


def _intersect(a: Interval, b: Interval) -> Interval | None:
    low, low_closed = (b.low, b.low_closed) if _less(a.low, b.low) else (a.low, a.low_closed)
    if same_number(a.low, b.low):
        low_closed = a.low_closed and b.low_closed
    high, high_closed = (b.high, b.high_closed) if _less(b.high, a.high) else (a.high, a.high_closed)
    if same_number(a.high, b.high):
        high_closed = a.high_closed and b.high_closed
    if _less(high, low) or (same_number(low, high) and not (low_closed and high_closed)):
        return None
    return Interval(low, high, low_closed, high_closed)


def _complement(parts: Intervals) -> Intervals:
    result, low, closed = [], -INFINITY, False
    for part in parts:
        if _less(low, part.low) or (same_number(low, part.low) and closed and not part.low_closed):
            result.append(Interval(low, part.low, closed, not part.low_closed))
        low, closed = part.high, not part.high_closed
    if low != INFINITY:
        result.append(Interval(low, INFINITY, closed, False))
    return tuple(result)


def _merge(parts: list[Interval]) -> Intervals:
    """Sort the parts and join those that touch."""
    result: list[Interval] = []
    remaining = list(parts)
    while remaining:
        first = remaining[0]
        for part in remaining[1:]:
            if _less(part.low, first.low) or (
                same_number(part.low, first.low) and part.low_closed and not first.low_closed
            ):
                first = part
        remaining.remove(first)
        if result and _touch(result[-1], first):
            last = result[-1]
            high, closed = last.high, last.high_closed
            if _less(last.high, first.high):
                high, closed = first.high, first.high_closed
            elif same_number(last.high, first.high):
                closed = closed or first.high_closed
            result[-1] = Interval(last.low, high, last.low_closed, closed)
        else:
            result.append(first)
    return tuple(result)


def _touch(a: Interval, b: Interval) -> bool:
    return _less(b.low, a.high) or (same_number(b.low, a.high) and (a.high_closed or b.low_closed))
