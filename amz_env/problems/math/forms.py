"""How numbers and polynomials are written: as Python or sympy prints them, and as a person writes the answer.

Formatting by hand keeps drawing fast: sympy itself would take milliseconds a problem. The tests compare with the real
thing.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from math import gcd, isqrt


def tex(value: Fraction | int) -> str:
    r"""Return a rational number as an answer: ``7``, ``\frac{3}{4}``, ``-\frac{3}{4}``."""
    value = Fraction(value)
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def plus(number: int) -> str:
    """Return a number as a further term of a sum: `` + 5`` or `` - 5``."""
    return f" - {-number}" if number < 0 else f" + {number}"


def terms(coefficients: Sequence[int], x: str = "x", *, code: bool = False) -> str:
    """Return a polynomial, highest power first, zero terms left out.

    Args:
        coefficients: from the highest power down to the constant.
        x: name of the variable.
        code: write ``3*x**2`` as sympy prints it, not ``3x^2``.
    """
    power_sign, times = ("**", "*") if code else ("^", "")
    written = ""
    for power, a in zip(range(len(coefficients) - 1, -1, -1), coefficients, strict=True):
        if a == 0:
            continue
        letters = "" if power == 0 else x if power == 1 else f"{x}{power_sign}{power}"
        size = str(abs(a)) if not letters else "" if abs(a) == 1 else f"{abs(a)}{times}"
        if written:
            written += " - " if a < 0 else " + "
        elif a < 0:
            written = "-"
        written += size + letters
    return written or "0"


def times_bracket(root: int, x: str = "x") -> str:
    """Return the factor that is zero at the root: ``(x - 3)``, ``(x + 2)``, ``x``."""
    return f"({x}{plus(-root)})" if root else x


def factored(roots: Sequence[int], x: str = "x") -> str:
    """Return a monic polynomial with these whole roots as sympy's `factor` prints it."""
    distinct = sorted(set(roots), reverse=True)
    # sympy puts a bare x first and orders the brackets by their constants
    if 0 in distinct:
        distinct = [0, *(root for root in distinct if root)]
    brackets = []
    for root in distinct:
        count = sum(1 for other in roots if other == root)
        brackets.append(times_bracket(root, x) + (f"**{count}" if count > 1 else ""))
    if len(brackets) == 1 and brackets[0].startswith("(") and brackets[0].endswith(")"):
        return brackets[0][1:-1]
    return "*".join(brackets)


@cache
def split_root(n: int) -> tuple[int, int]:
    """Return (k, m) with sqrt(n) = k * sqrt(m) and m free of squares, for n >= 1."""
    k = next(k for k in range(isqrt(n), 0, -1) if n % (k * k) == 0)
    return k, n // (k * k)


def root_printed(n: int, factor: int = 1) -> str:
    """Return ``factor * sqrt(n)`` as sympy prints it; n may be negative."""
    k, m = split_root(abs(n)) if n else (0, 1)
    k *= factor
    if n < 0:
        inside = ("" if m == 1 else f"sqrt({m})*") + "I"
        return inside if k == 1 else f"-{inside}" if k == -1 else f"{k}*{inside}"
    if m == 1:
        return str(k)
    return f"sqrt({m})" if k == 1 else f"-sqrt({m})" if k == -1 else f"{k}*sqrt({m})"


def root_tex(n: int, factor: int = 1) -> str:
    r"""Return ``factor * sqrt(n)`` as an answer: ``6\sqrt{2}``; the root of a negative number with ``i``."""
    k, m = split_root(abs(n)) if n else (0, 1)
    k *= factor
    unit = "i" if n < 0 else ""
    if m == 1:
        return (f"{k}{unit}" if abs(k) != 1 else f"{k}"[:-1] + unit) if unit else str(k)
    size = "" if k == 1 else "-" if k == -1 else str(k)
    return rf"{size}\sqrt{{{m}}}{unit}"


def pi_printed(value: Fraction | int) -> str:
    """Return a multiple of pi as sympy prints it: ``49*pi``, ``5*pi/6``, ``pi``."""
    value = Fraction(value)
    if value == 0:
        return "0"
    top = {1: "pi", -1: "-pi"}.get(value.numerator, f"{value.numerator}*pi")
    return top if value.denominator == 1 else f"{top}/{value.denominator}"


def pi_tex(value: Fraction | int) -> str:
    r"""Return a multiple of pi as an answer: ``49\pi``, ``\frac{5\pi}{6}``, ``\pi``."""
    value = Fraction(value)
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    top = "" if abs(value.numerator) == 1 else str(abs(value.numerator))
    if value.denominator == 1:
        return rf"{sign}{top}\pi"
    return rf"{sign}\frac{{{top}\pi}}{{{value.denominator}}}"


def half_root_tex(centre: int, n: int) -> str:
    r"""Return the two numbers centre -+ sqrt(n) as an answer: ``3 - \sqrt{2}, 3 + \sqrt{2}``."""
    root = root_tex(n)
    return f"{centre} - {root}, {centre} + {root}"


def listed(values: Sequence[object]) -> str:
    """Return values as an answer with several parts: ``2, 3``."""
    return ", ".join(map(str, values))


@cache
def primes_of(n: int) -> tuple[tuple[int, int], ...]:
    """Return the prime powers (p, e) of n >= 2, smallest prime first."""
    found, p = [], 2
    while p * p <= n:
        e = 0
        while n % p == 0:
            n, e = n // p, e + 1
        if e:
            found.append((p, e))
        p += 1
    if n > 1:
        found.append((n, 1))
    return tuple(found)


def lcm_of(a: int, b: int) -> int:
    """Return the least common multiple of two positive numbers."""
    return a * b // gcd(a, b)


def wrapped(number: int) -> str:
    """Return a number as a factor or base in code: negative ones in brackets."""
    return f"({number})" if number < 0 else str(number)


def less(number: int) -> str:
    """Return a number as taken away in code: `` - 5`` or `` - (-5)``."""
    return f" - {wrapped(number)}"


def more(number: int) -> str:
    """Return a number as added in code: `` + 5`` or `` + (-5)``."""
    return f" + {wrapped(number)}"


def times(number: int, name: str) -> str:
    """Return a product as a further term of code: `` - 6 * h``."""
    return f" - {-number} * {name}" if number < 0 else f" + {number} * {name}"


_LEGS = (
    (3, 4, 5),
    (5, 12, 13),
    (8, 15, 17),
    (7, 24, 25),
    (20, 21, 29),
    (9, 40, 41),
    (12, 35, 37),
    (11, 60, 61),
    (28, 45, 53),
)
_MORE_LEGS = ((33, 56, 65), (16, 63, 65), (13, 84, 85), (36, 77, 85), (39, 80, 89), (48, 55, 73), (65, 72, 97))

TRIPLES = tuple(triple for p, q, h in (*_LEGS, *_MORE_LEGS) for triple in ((p, q, h), (q, p, h)))
"""sides of right triangles without a common divisor: two legs, either one first, and the hypotenuse"""
