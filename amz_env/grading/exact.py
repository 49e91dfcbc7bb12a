"""Exact rational evaluation with `fractions.Fraction`: decides most answers in microseconds, without SymPy.

Every operation that can grow a number is bounded before it is done, so this is safe in the calling process.
"""

import math
from collections.abc import Callable
from fractions import Fraction

from amz_env.grading.tree import Node

MAX_BITS = 8000
_MAX_FACTORIAL = 800
_MAX_LOG = 1000


class Inexact(Exception):
    """The value is not rational, or not found to be."""


class TooBig(Exception):
    """The value, or a step to it, needs more bits than the layer allows."""


class Undefined(Exception):
    """The expression has no value: a division by zero."""


def rational(node: Node) -> Fraction:
    """Return the exact value of an expression.

    Raises:
        Inexact: it holds a variable, an irrational number or a construct that is not known here.
        TooBig: it is larger than `MAX_BITS` bits.
        Undefined: it divides by zero.
    """
    match node.head:
        case "num":
            value: Fraction = node.value.exact
            return value
        case "neg":
            return -rational(node.args[0])
        case "add":
            return _sum(node.args)
        case "mul":
            return _product(node.args)
        case "inv":
            return _inverse(rational(node.args[0]))
        case "pow":
            return _power(rational(node.args[0]), rational(node.args[1]))
        case "fact":
            return Fraction(math.factorial(_whole(rational(node.args[0]), _MAX_FACTORIAL)))
        case "base":
            return Fraction(_base(*node.value))
        case "fn":
            function = _FUNCTIONS.get(node.value)
            if function is None:
                raise Inexact
            try:
                return function(*(rational(arg) for arg in node.args))
            except TypeError:  # a number of arguments that the function does not have
                raise Inexact from None
    raise Inexact


def _sum(args: tuple[Node, ...]) -> Fraction:
    value = Fraction(0)
    for arg in args:
        value = _bounded(value + rational(arg))
    return value


def _product(args: tuple[Node, ...]) -> Fraction:
    value = Fraction(1)
    for arg in args:
        value = _bounded(value * rational(arg))
    return value


def _bounded(value: Fraction) -> Fraction:
    if value.numerator.bit_length() + value.denominator.bit_length() > MAX_BITS:
        raise TooBig
    return value


def _inverse(value: Fraction) -> Fraction:
    if value == 0:
        raise Undefined
    return 1 / value


def _whole(value: Fraction, limit: int) -> int:
    if value.denominator != 1 or value < 0:
        raise Inexact
    if value > limit:
        raise TooBig
    return int(value)


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        return _power(_root(base, Fraction(exponent.denominator)), Fraction(exponent.numerator))
    if base == 0:
        if exponent <= 0:
            raise Undefined
        return base
    if abs(base) == 1:
        return base if exponent % 2 else Fraction(1)
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(exponent) * bits > MAX_BITS:
        raise TooBig
    return Fraction(base ** int(exponent))


def _root(value: Fraction, degree: Fraction = Fraction(2)) -> Fraction:
    """Return a rational real root; the odd root of a negative number is negative."""
    if degree.denominator != 1 or not 0 < degree <= 64:
        raise Inexact
    if value < 0:
        if degree % 2 == 0:
            raise Inexact
        return -_root(-value, degree)
    return Fraction(_whole_root(value.numerator, int(degree)), _whole_root(value.denominator, int(degree)))


def _whole_root(value: int, degree: int) -> int:
    if degree == 2:
        root = math.isqrt(value)
    else:  # Newton's iteration from above
        root = 1 << -(-value.bit_length() // degree)
        while (lower := ((degree - 1) * root + value // root ** (degree - 1)) // degree) < root:
            root = lower
    if root**degree != value:
        raise Inexact
    return root


def _log(value: Fraction, base: Fraction | None = None) -> Fraction:
    """Return log_base(value) where it is a whole number; ln(1) = 0."""
    if value == 1:
        return Fraction(0)
    if base is None or base <= 0 or base == 1 or value <= 0:
        raise Inexact
    if base < 1:
        return -_log(value, 1 / base)
    if value < 1:
        return -_log(1 / value, base)
    power, result = base, 1
    while power < value:
        if result > _MAX_LOG:
            raise TooBig
        power, result = _bounded(power * base), result + 1
    if power != value:
        raise Inexact
    return Fraction(result)


def _binomial(n: Fraction, k: Fraction) -> Fraction:
    return Fraction(math.comb(_whole(n, 4 * _MAX_FACTORIAL), _whole(k, 4 * _MAX_FACTORIAL)))


def _gcd(*values: Fraction) -> Fraction:
    return Fraction(math.gcd(*(_whole(abs(value), 1 << 4096) for value in values)))


def _lcm(*values: Fraction) -> Fraction:
    return _bounded(Fraction(math.lcm(*(_whole(abs(value), 1 << 512) for value in values[:16]))))


def _mod(value: Fraction, modulus: Fraction) -> Fraction:
    if modulus == 0:
        raise Undefined
    return value % modulus


def _base(digits: str, base: int) -> int:
    if not 2 <= base <= 36:
        raise Inexact
    try:
        return int(digits, base)
    except ValueError:  # a digit that the base does not have
        raise Inexact from None


_FUNCTIONS: dict[str, Callable[..., Fraction]] = {
    "abs": abs,
    "binom": _binomial,
    "ceil": lambda value: Fraction(math.ceil(value)),
    "floor": lambda value: Fraction(math.floor(value)),
    "gcd": _gcd,
    "lcm": _lcm,
    "lg": lambda value: _log(value, Fraction(10)),
    "ln": _log,
    "log": _log,
    "max": lambda *values: max(values),
    "min": lambda *values: min(values),
    "mod": _mod,
    "root": _root,
    "sgn": lambda value: Fraction((value > 0) - (value < 0)),
}
