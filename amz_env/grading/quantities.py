"""Reads a number or expression with what stands around it: currency, percent, units, scale words."""

import re
from collections.abc import Sequence
from math import prod

from amz_env.grading.expressions import read_expression
from amz_env.grading.letters import split_word
from amz_env.grading.lexer import Token
from amz_env.grading.names import COMPOUND_UNITS, HEDGES, SCALES, SHORT_UNITS, UNITS, Unit, words_of
from amz_env.grading.tree import CannotRead, Node, integer, symbols

_CURRENCY = {"$": "dollar", "euro": "euro", "pounds": "pounds£", "yen": "yen", "rupee": "rupee", "cent": "cent"}
_SIGNS_IN_UNITS = words_of("/ ^ { } ( ) . - * **")
_POWERS = {"square": "2", "squared": "2", "sq": "2", "cubic": "3", "cubed": "3", "cu": "3", "2": "2", "3": "3"}
_SILENT = words_of("per unit 1 4")
_MODIFIERS = _POWERS.keys() | _SILENT - {"unit"}  # no units by themselves
_KNOWN_WORDS = frozenset([*UNITS, *COMPOUND_UNITS, "of"])
MAX_UNIT_WORDS = 6
MAX_UNIT_TOKENS = 24


def read_quantity(tokens: Sequence[Token]) -> Node:
    """Return the node of an expression, as a ``quantity`` with its `Unit` if there is one.

    Raises:
        CannotRead: what is left without the unit is not an expression, or what stands there is not a unit.
    """
    tokens, unit_words = _take_currency(list(tokens))
    percent = False
    while tokens and (tokens[-1].text == "%" or tokens[-1].text.lower() in ("percent", "pct")):
        tokens, percent = tokens[:-1], True
    sign = next((index for index, token in enumerate(tokens) if token.text == "%"), 0)
    if sign and _unit_names(tokens[sign + 1 :]):  # 5% per year
        tokens, percent = tokens[:sign] + tokens[sign + 1 :], True
    if len(tokens) > 2 and tokens[-2].text.lower() == "per" and tokens[-1].text.lower() == "cent":
        tokens, percent = tokens[:-2], True
    if len(tokens) > 3 and tokens[-1].text in ("C", "F") and any(token.text == "circ" for token in tokens[-3:-1]):
        tokens = tokens[:-1]  # the degree sign says enough
    if not tokens:
        raise CannotRead("a unit without a number")
    node, trailing = _read_with_unit(tokens)
    unit_words += trailing
    if node.head == "deg":
        node, unit_words = node.args[0], [*unit_words, "degrees"]
    if scales := [scale for word in unit_words if (scale := _scale_of(word))]:
        node, unit_words = Node("mul", (node, integer(prod(scales)))), [w for w in unit_words if not _scale_of(w)]
    if not unit_words and not percent:
        return node
    return Node("quantity", (node,), unit(unit_words, percent))


def unit(names: Sequence[str], percent: bool = False) -> Unit:
    """Return the canonical unit of words as they were written."""
    known = all(name in UNITS or name in COMPOUND_UNITS or name in _MODIFIERS for name in names)
    parts = (
        _POWERS.get(part, part)
        for name in names
        for part in COMPOUND_UNITS.get(name, (UNITS.get(name, name.lower()),))
        if part not in _SILENT
    )
    return Unit(tuple(sorted(parts)), known, percent)


def _scale_of(word: str) -> int | None:
    """Return what a word such as ``million`` or ``Dozens`` multiplies by; None for all other words."""
    return SCALES.get(word.lower().removesuffix("s"))


def _take_currency(tokens: list[Token]) -> tuple[list[Token], list[str]]:
    """Take a currency sign off either end; a sign of the number may stand before it."""
    found = []
    start = 1 if tokens and tokens[0].text in "+-" and len(tokens) > 1 else 0
    if start < len(tokens) and tokens[start].text.upper() in ("US", "USD", "RS") and len(tokens) > start + 1:
        found.append("dollar" if tokens[start].text.upper() != "RS" else "rupee")
        del tokens[start : start + (2 if tokens[start + 1].text == "." else 1)]
    for index in (start, len(tokens) - 1):
        if (
            0 <= index < len(tokens)
            and len(tokens) > 1
            and tokens[index].text in _CURRENCY
            and tokens[index].kind in ("op", "cmd")
        ):
            found.append(_CURRENCY[tokens[index].text])
            del tokens[index]
    return tokens, found[:1]


def _read_with_unit(tokens: list[Token]) -> tuple[Node, list[str]]:
    failure: CannotRead | None = None
    for start in range(max(1, len(tokens) - MAX_UNIT_TOKENS), len(tokens)):
        if not _may_start_unit(tokens, start):
            continue
        names = _unit_names(tokens[start:])
        if names is None:
            continue
        try:
            node = read_expression(tokens[:start])
        except CannotRead as error:
            failure = error
            continue
        if _fits(node, tokens[start], names):
            return node, names
    if failure:
        raise failure
    return read_expression(tokens), []


def _may_start_unit(tokens: list[Token], index: int) -> bool:
    token = tokens[index]
    if token.text in "{(" and index + 2 < len(tokens):
        return tokens[index + 1].text in UNITS and tokens[index + 2].text in "})/^"
    if token.text == "/" and index + 1 < len(tokens):
        return tokens[index + 1].text in UNITS and tokens[index + 1].text not in SHORT_UNITS  # $15/hour, not 15/h
    if token.text == "frac" and index + 2 < len(tokens):
        return tokens[index + 2].kind == "text"  # \frac{\text{m}}{\text{s}}
    return token.kind in ("text", "word") or token.text == "Omega"


def _fits(node: Node, first: Token, names: list[str]) -> bool:
    """Return whether words after an expression are its unit, not its last factors."""
    if first.kind in ("op", "cmd"):
        return not symbols(node)
    if first.kind == "text":
        return len(first.text) > 1 or first.text in UNITS
    if symbols(node):
        return names[0] in UNITS and len(names[0]) > 2
    if names[0] in SHORT_UNITS or (names[0] not in UNITS and names[0] not in COMPOUND_UNITS):
        return first.spaced and (names[0] in UNITS or len(names[0]) > 2)
    return True


def _unit_names(tokens: list[Token]) -> list[str] | None:
    """Return the words of a unit, or None if the tokens are anything else."""
    names: list[str] = []
    for index, token in enumerate(tokens):
        if token.kind in ("text", "word"):
            if token.kind == "word" and token.text not in _KNOWN_WORDS and _is_mathematics(token.text):
                return None
            names.append(token.text)
        elif token.kind == "num":
            before = tokens[index - 1].text if index else ""
            power = before in ("^", "{", "-", "**") or (before in UNITS and not token.spaced)  # cm^2, cm2
            if token.text not in "1234" or not power:
                return None
            names.append(token.text)
        elif token.text == "Omega":
            names.append("ohm")
        elif token.text == "circ" or (token.kind == "cmd" and token.text in ("cdot", "angstrom", "times", "frac")):
            continue
        elif token.text not in _SIGNS_IN_UNITS:
            return None
    if (
        all(name in _MODIFIERS for name in names)
        or len(names) > MAX_UNIT_WORDS
        or any(name.lower() in HEDGES for name in names)
    ):
        return None
    return names


def _is_mathematics(word: str) -> bool:
    return len(word) < 3 or (len(split_word(word)) < 3 and not re.fullmatch(r"[a-z]*s", word))
