"""Literals and what is folded into them while reading: powers of ten, mixed numbers, repeating decimals."""

from fractions import Fraction

from amz_env.grading.lexer import Token
from amz_env.grading.tree import CannotRead, Node, Number, integer

MAX_EXPONENT = 400  # of ten, in a literal such as 1e400


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
