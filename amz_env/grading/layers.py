"""The two ways in which numbers and expressions are compared: exactly, in any process, and numerically, in a worker."""

from fractions import Fraction
from typing import Any

from amz_env.grading.compare import Layer
from amz_env.grading.exact import Inexact, TooBig, Undefined, rational
from amz_env.grading.realsets import INFINITY, NotReal
from amz_env.grading.tree import Node, Number, literal, symbols

MANY_DIGITS = 10  # a decimal with as many significant digits may stand for the number that it rounds
FLOAT_DIGITS = 15  # with as many, it may be a float with its rounding errors
FLOAT_ERROR = Fraction(1, 10**14)  # relative

_INFINITE = Node("const", value="oo")
_VALUED = frozenset(["num", "const", "sym", "add", "mul", "neg", "inv", "pow", "fact", "fn", "deg"])


def rounds(decimal: Number | None, value: Any) -> bool:
    """Return whether a literal is a decimal of many digits that rounds a value or cuts it off, or a float of it."""
    if decimal is None or decimal.digits < MANY_DIGITS:
        return False
    distance = abs(value - decimal.exact)
    return bool(distance < decimal.ulp or (decimal.digits >= FLOAT_DIGITS and distance < abs(value) * FLOAT_ERROR))


# The exact layer


def _equal_exactly(gold: Node, pred: Node) -> bool:
    if gold == pred:
        return True
    try:
        one, other = rational(gold), rational(pred)
    except Undefined:
        return False
    return one == other or rounds(literal(gold), other) or rounds(literal(pred), one)


def _real_exactly(node: Node) -> Any:
    if node == _INFINITE:
        return INFINITY
    if node == Node("neg", (_INFINITE,)):
        return -INFINITY
    if node.head not in _VALUED:
        raise NotReal
    try:
        return rational(node)
    except Undefined as error:
        raise NotReal from error


def _no_ratio(gold: Node, pred: Node) -> Any:
    raise Inexact


EXACT = Layer(_equal_exactly, _real_exactly, _no_ratio)
"""Rational numbers only; raises `Inexact` or `TooBig` for the rest."""


# The numeric layer: imports mpmath, which the calling process never needs


def numeric_layer() -> Layer:
    """Return the layer that evaluates at random points; only for a process that may be killed."""
    from amz_env.grading import numeric

    return Layer(_equal_numerically, _real_numerically, numeric.proportional)


def _equal_numerically(gold: Node, pred: Node) -> bool:
    from amz_env.grading import numeric

    try:
        return _equal_exactly(gold, pred)
    except (Inexact, TooBig):
        return _rounds_real(gold, pred) or _rounds_real(pred, gold) or numeric.equivalent(gold, pred)


def _rounds_real(decimal: Node, other: Node) -> bool:
    number = literal(decimal)
    if number is None or number.digits < MANY_DIGITS:
        return False
    try:
        real = _real_numerically(other)
    except NotReal:
        return False
    return abs(real) < 1e300 and rounds(number, real if isinstance(real, Fraction) else Fraction(str(real)))


def _real_numerically(node: Node) -> Any:
    from amz_env.grading import numeric
    from amz_env.grading.precision import mp

    try:
        return _real_exactly(node)
    except (Inexact, TooBig):
        if symbols(node):
            raise NotReal from None
    try:
        number = numeric.value(node)
    except (numeric.Unsupported, Undefined) as error:
        raise NotReal from error
    if abs(mp.im(number)) > abs(number) * mp.mpf(10) ** -numeric.AGREEMENT:
        raise NotReal
    return float(number) if mp.isinf(number) else mp.re(number)
