"""High-precision evaluation at random points: are two expressions the same function of their variables?

Two different expressions of the sizes seen here agree to 30 digits at several random points with a probability that
does not matter (Schwartz 1980, https://doi.org/10.1145/322217.322225, for polynomials). Runs in a worker, for mpmath
may take long.
"""

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from amz_env.grading.exact import Inexact, TooBig, Undefined, rational
from amz_env.grading.names import TRIGONOMETRIC, words_of
from amz_env.grading.precision import mp
from amz_env.grading.tree import Node, symbols

DIGITS = 60
AGREEMENT = 30  # digits
CLOSE_DIGITS, CLOSE_AGREEMENT = 500, 400
POINTS = 4
_MAX_LOG2 = 1 << 40  # of a magnitude, in bits: 2**(2**40) is still one mpmath number


class Unsupported(Exception):
    """The expression holds something that has no numeric value here."""


def equivalent(one: Node, other: Node) -> bool:
    """Return whether two expressions have the same value wherever both are defined.

    Raises:
        Unsupported: one of them holds a construct that is not evaluated here.
        TooBig: a value exceeds the magnitude that is evaluated.
    """
    if not symbols(one) and not symbols(other):
        return bool(_try_point(one, other, 0)) and _agree_closely(one, other)
    decided = [agreed for trial in range(3 * POINTS) if (agreed := _try_point(one, other, trial)) is not None][:POINTS]
    return bool(decided) and all(decided)


def proportional(one: Node, other: Node) -> Any:
    """Return the constant ratio of two expressions, or None if it is not constant (or one of them vanishes)."""
    ratios = []
    for trial in range(3 * POINTS):
        try:
            with mp.workdps(DIGITS):
                ratios.append(value(one, trial) / value(other, trial))
        except (Undefined, ZeroDivisionError, ValueError):
            continue
        if len(ratios) == POINTS:
            break
    if len(ratios) < 2 or any(not mp.isfinite(ratio) or ratio == 0 for ratio in ratios):
        return None
    if any(abs(ratio - ratios[0]) > abs(ratios[0]) * mp.mpf(10) ** -AGREEMENT for ratio in ratios):
        return None
    return ratios[0]


def value(node: Node, trial: int = 0) -> Any:
    """Return the value of an expression as an mpmath number, its variables at the point numbered ``trial``.

    Raises:
        Unsupported, TooBig: as `equivalent`.
        Undefined: the expression has no value at this point.
    """
    result, _ = _evaluate(node, trial, DIGITS)
    return result


def _try_point(one: Node, other: Node, trial: int) -> bool | None:
    try:
        return _agree(one, other, trial)
    except Undefined:
        return None


def _agree(one: Node, other: Node, trial: int) -> bool:
    left, scale_left = _evaluate(one, trial, DIGITS)
    right, scale_right = _evaluate(other, trial, DIGITS)
    if mp.isinf(left) or mp.isinf(right):
        return bool(left == right)
    with mp.workdps(DIGITS):
        difference, size = abs(left - right), max(abs(left), abs(right))
        if difference <= size * mp.mpf(10) ** -AGREEMENT:
            return True
        if difference > max(scale_left, scale_right) * mp.mpf(10) ** (-DIGITS + 15):
            return False
    # All digits cancelled. A true zero shrinks with the precision, a tiny number does not.
    finer = 2 * DIGITS
    left, _ = _evaluate(one, trial, finer)
    right, _ = _evaluate(other, trial, finer)
    return bool(abs(left - right) <= difference * mp.mpf(10) ** -AGREEMENT)


def _agree_closely(one: Node, other: Node) -> bool:
    """Return whether two constants that agree to `AGREEMENT` digits agree to many: sqrt(10^60 + 1) is not 10^30."""
    left, scale_left = _evaluate(one, 0, CLOSE_DIGITS)
    right, scale_right = _evaluate(other, 0, CLOSE_DIGITS)
    if mp.isinf(left) or mp.isinf(right):
        return bool(left == right)
    with mp.workdps(CLOSE_DIGITS):
        return bool(abs(left - right) <= max(scale_left, scale_right) * mp.mpf(10) ** -CLOSE_AGREEMENT)


def _evaluate(node: Node, trial: int, digits: int) -> tuple[Any, Any]:
    """Return the value and the largest magnitude met on the way to it."""
    evaluation = _Evaluation(trial)
    with mp.workdps(digits):
        try:
            result = evaluation.of(node)
            if mp.isnan(result):
                raise Undefined
        except (ZeroDivisionError, ValueError) as error:
            raise Undefined from error
        except (OverflowError, MemoryError) as error:
            raise TooBig from error
    return result, evaluation.largest


def _coordinate(name: str, trial: int) -> Fraction:
    """Return the value of a variable: the same in every process, positive in even trials, of both signs in odd ones."""
    source = random.Random(f"{name}/{trial}")
    size = Fraction(source.randrange(300_000, 2_700_000), 1_000_003)
    return -size if trial % 2 and source.random() < 0.6 else size


def to_mp(number: Fraction) -> Any:
    """Return a fraction as an mpmath number of the current precision."""
    return mp.mpf(number.numerator) / number.denominator


class _Evaluation:
    def __init__(self, trial: int) -> None:
        self.trial = trial
        self.largest = mp.mpf(1)
        self.degrees = False  # inside a trigonometric function, a degree sign is a factor pi/180

    def of(self, node: Node) -> Any:
        result = self.plain(node)
        size = abs(result)
        if mp.isfinite(size) and size > self.largest:
            if mp.mag(size) > _MAX_LOG2:
                raise TooBig
            self.largest = size
        return result

    def plain(self, node: Node) -> Any:
        match node.head:
            case "num":
                return to_mp(node.value.exact)
            case "sym":
                return to_mp(_coordinate(node.value, self.trial))
            case "const":
                return _CONSTANTS[node.value]()
            case "neg":
                return -self.of(node.args[0])
            case "add":
                return sum((self.of(arg) for arg in node.args), mp.mpf(0))
            case "mul":
                result = mp.mpf(1)
                for arg in node.args:
                    result = result * self.of(arg)
                return result
            case "inv":
                return 1 / self.of(node.args[0])
            case "pow":
                return self.power(*node.args)
            case "fact":
                return mp.gamma(_moderate(self.of(node.args[0])) + 1)
            case "deg":
                inner = self.of(node.args[0])
                return inner * mp.pi / 180 if self.degrees else inner
            case "fn":
                return self.function(node)
            case "base":
                return to_mp(rational(node))
        raise Unsupported(node.head)

    def power(self, base_node: Node, exponent_node: Node) -> Any:
        base, exponent = self.of(base_node), self.of(exponent_node)
        if base == 0:
            if mp.re(exponent) <= 0:
                raise Undefined
            return base
        if mp.isfinite(base) and mp.isfinite(exponent) and abs(exponent) * (abs(mp.mag(base)) + 1) > _MAX_LOG2:
            raise TooBig
        degree = _odd_denominator(exponent_node)
        if degree and mp.im(base) == 0 and base < 0:  # the real root, as in school: (-8)^(1/3) = -2
            numerator, _ = degree
            return (-1) ** (numerator % 2) * mp.power(-base, exponent)
        return mp.power(base, exponent)

    def function(self, node: Node) -> Any:
        name, outer = node.value, self.degrees
        self.degrees = outer or name in TRIGONOMETRIC or name == "cis"
        if name == "det":
            return self.determinant(node.args[0])
        arguments = [self.of(arg) for arg in node.args]
        self.degrees = outer
        if name not in _FUNCTIONS:
            raise Unsupported(name)
        try:
            return _FUNCTIONS[name](*arguments)
        except TypeError as error:  # a number or kind of arguments that the function does not take
            raise Unsupported(name) from error

    def determinant(self, matrix: Node) -> Any:
        size = len(matrix.args)
        if matrix.head != "matrix" or size != len(matrix.args[0].args):
            raise Unsupported("det")
        if size > 8:
            raise TooBig
        return mp.det(mp.matrix([[self.of(cell) for cell in row.args] for row in matrix.args]))


def _odd_denominator(exponent: Node) -> tuple[int, int] | None:
    try:
        exact = rational(exponent)
    except (Inexact, TooBig, Undefined):
        return None
    return (exact.numerator, exact.denominator) if exact.denominator % 2 and exact.denominator > 1 else None


def _moderate(number: Any) -> Any:
    if abs(number) > 1 << 40:
        raise TooBig
    return number


def _real(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def of_real(number: Any) -> Any:
        if mp.im(number) != 0:
            raise Unsupported("a complex argument")
        nearest = mp.nint(number)  # what is whole up to rounding errors is whole
        return function(nearest if abs(number - nearest) < mp.mpf(10) ** -AGREEMENT else number)

    return of_real


def _root(number: Any, degree: Any) -> Any:
    if degree == 2:
        return mp.sqrt(number)
    if degree == 0:
        raise Undefined
    if mp.isint(degree) and degree % 2 == 1 and mp.im(number) == 0 and number < 0:
        return -mp.power(-number, 1 / degree)
    return mp.power(number, 1 / degree) if number != 0 else number


def _log(number: Any, base: Any = None) -> Any:
    if number == 0:
        raise Undefined
    return mp.log(number) if base is None else mp.log(number) / mp.log(base)


def _mod(number: Any, modulus: Any) -> Any:
    if modulus == 0:
        raise Undefined
    return number - modulus * mp.floor(number / modulus)


def _small(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a function that refuses arguments whose reduction needs more digits than are computed."""

    def of_small(number: Any) -> Any:
        if mp.isinf(number) or abs(number) > 10**12:
            raise TooBig
        return function(number)

    return of_small


_CONSTANTS: dict[str, Callable[[], Any]] = {
    "pi": lambda: +mp.pi,
    "e": lambda: +mp.e,
    "i": lambda: mp.mpc(0, 1),
    "oo": lambda: mp.inf,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: _small(getattr(mp, name)) for name in words_of("sin cos tan cot sec csc sinh cosh tanh coth")},
    **{name: getattr(mp, name) for name in words_of("asin acos atan acot asec acsc asinh acosh atanh")},
    "abs": abs,
    "binom": lambda n, k: mp.binomial(_moderate(n), _moderate(k)),
    "ceil": _real(mp.ceil),
    "conj": mp.conj,
    "cis": _small(lambda angle: mp.expj(angle)),
    "floor": _real(mp.floor),
    "Im": mp.im,
    "lg": lambda number: _log(number, 10),
    "ln": _log,
    "log": _log,
    "max": lambda *values: max(values),
    "min": lambda *values: min(values),
    "mod": _mod,
    "Re": mp.re,
    "root": _root,
    "sgn": _real(mp.sign),
}
