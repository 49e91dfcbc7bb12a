"""Literals and what is folded into them while reading: powers of ten, mixed numbers, repeating decimals."""

import re
from fractions import Fraction

from amz_env.grading.lexer import Token
from amz_env.grading.tree import CannotRead, Node, Number, integer

MAX_EXPONENT = 400  # of ten, in a literal such as 1e400
_TIME = re.compile(r"(\d{1,2}) ?: ?([0-5]\d)(?: ?: ?([0-5]\d))?\s*(?:([ap])\.? ?m\.?)?", re.IGNORECASE)
_HOUR = re.compile(r"(\d{1,2})()()\s*([ap])\.? ?m\.?", re.IGNORECASE)
_BASES = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
          "eleven": 11, "twelve": 12, "sixteen": 16}  # fmt: skip
_SUBSCRIPT = rf"(\d{{1,2}}|{'|'.join(_BASES)})"
_BASED = re.compile(
    rf"\(?([0-9A-Z]+|\d[0-9a-f]*)\)?(?: ?_ ?\{{? ?\(?(?:base )?{_SUBSCRIPT}\)?\}}?|,? (?:in )?\(?base {_SUBSCRIPT}\)?)"
)


def read_number(token: Token) -> Number:
    """Return the value of a number token, with the exponent or repeating digits that follow it."""
    text = token.text.rstrip(".")
    whole, _, places = text.partition(".")
    exact = Fraction(text if whole else f"0{text}")
    digits = len((whole + places).lstrip("0")) if places else 0
    ulp = Fraction(1, 10 ** len(places)) if places else Fraction(0)
    if not token.extra:
        return Number(exact, digits, ulp)
    if token.extra.startswith("e"):
        return scaled(Number(exact, digits, ulp), int(token.extra[1:]))
    repeat = Fraction(int(token.extra), 10 ** len(token.extra) - 1) / 10 ** len(places)
    return Number(exact + repeat)


def scaled(number: Number, exponent: int) -> Number:
    """Return a literal times a power of ten."""
    if abs(exponent) > MAX_EXPONENT:
        raise CannotRead("exponent")
    factor = Fraction(10) ** exponent
    return Number(number.exact * factor, number.digits, number.ulp * factor)


def product(factors: list[Node]) -> Node:
    """Return the node of a product; a literal times a power of ten is one literal."""
    if len(factors) == 1:
        return factors[0]
    if len(factors) == 2 and factors[0].head == "num" and (exponent := _power_of_ten(factors[1])) is not None:
        return Node("num", value=scaled(factors[0].value, exponent))
    return Node("mul", tuple(factors))


def _power_of_ten(node: Node) -> int | None:
    if node.head != "pow" or node.args[0] != integer(10):
        return None
    exponent = node.args[1]
    sign = -1 if exponent.head == "neg" else 1
    exponent = exponent.args[0] if exponent.head == "neg" else exponent
    if exponent.head != "num" or exponent.value.exact.denominator != 1 or exponent.value.exact > MAX_EXPONENT:
        return None
    return sign * int(exponent.value.exact)


def is_proper(node: Node) -> bool:
    """Return whether a node is a fraction of two whole numbers below one."""
    if node.head != "mul" or len(node.args) != 2 or node.args[1].head != "inv":
        return False
    top, bottom = node.args[0], node.args[1].args[0]
    return all(part.head == "num" and part.value.exact.denominator == 1 for part in (top, bottom)) and (
        top.value.exact < bottom.value.exact
    )


def mixed(whole: Node, top: Node, bottom: Node) -> Node:
    """Return the node of a mixed number such as 2 1/2.

    Raises:
        CannotRead: the fraction is not below one.
    """
    fraction = Node("mul", (top, Node("inv", (bottom,))))
    if not is_proper(fraction):
        raise CannotRead("two numbers side by side")
    return Node("add", (whole, fraction))


def read_time(text: str) -> Node | None:
    """Return the node of a time of day (``3:30``, ``3 p.m.``), or None."""
    match = _TIME.fullmatch(text) or _HOUR.fullmatch(text)
    if match is None:
        return None
    hour, half = int(match[1]), (match[4] or "").lower()
    if half and not 1 <= hour <= 12:
        return Node("text", value=text.casefold())
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return Node("time", value=(hour, int(match[2] or 0), int(match[3] or 0), bool(half) or hour > 12))


def read_based(text: str) -> Node | None:
    """Return the node of a whole number with its base (``1011_2``, ``1011 base two``), or None.

    Small letters are digits in base sixteen only: ``2a_{11}`` is two times a variable.
    """
    match = _BASED.fullmatch(text)
    if match is None:
        return None
    written = match[2] or match[3]
    base = _BASES.get(written) or int(written)
    if base != 16 and not match[1].isupper() and not match[1].isdigit():
        return None
    return Node("base", value=(match[1].upper().lstrip("0") or "0", base))
