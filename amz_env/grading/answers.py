"""Reads a whole answer: lists, sets, tuples, intervals, relations, matrices, quantities; else it is words.

Splits the tokens at the loosest sign first, and hands what is left to `amz_env.grading.expressions`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from amz_env.grading.expressions import read_expression
from amz_env.grading.letters import is_prose
from amz_env.grading.lexer import Token, tokenise
from amz_env.grading.literals import read_based, read_time
from amz_env.grading.names import CONNECTORS, FUNCTIONS
from amz_env.grading.prose import has_prose, is_label, is_one_word, is_word, words
from amz_env.grading.quantities import read_quantity
from amz_env.grading.tree import CannotRead, NeedsSymbolic, Node, integer

_OPEN = frozenset(
    [("op", "("), ("op", "["), ("op", "{"), ("cmd", "{"), ("cmd", "langle"), ("cmd", "lfloor"), ("cmd", "lceil")]
)
_CLOSE = frozenset(
    [("op", ")"), ("op", "]"), ("op", "}"), ("cmd", "}"), ("cmd", "rangle"), ("cmd", "rfloor"), ("cmd", "rceil")]
)
_RELATIONS = {("op", "="): "=", ("op", "=="): "=", ("op", "<"): "<", ("op", ">"): ">", ("op", "<="): "<=",
              ("op", ">="): ">=", ("cmd", "le"): "<=", ("cmd", "ge"): ">=", ("cmd", "ne"): "!=", ("op", "!="): "!=",
              ("cmd", "in"): "in", ("cmd", "approx"): "~"}  # fmt: skip
_SET_SIGNS = {("cmd", "cup"): "cup", ("cmd", "cap"): "cap", ("cmd", "setminus"): "minus", ("word", "U"): "cup"}
_DEFINED = re.compile(
    r"[A-Za-z]\w*'*\([A-Za-z](?:,[A-Za-z])*\)|[A-Za-z]\^\{?-1\}?\([A-Za-z]\)|frac\{d[A-Za-z]\}\{d[A-Za-z]\}"
)
"""``f(x)``, ``f^{-1}(x)``, ``dy/dx``: the left side of a definition."""
_VALUE = re.compile(r"[A-Za-z]\w*'*\((?:-?[\d./]+(?:,-?[\d./]+)*|[^()]*(?:[=<>|]|le|ge|mid)[^()]*)\)")
"""``f(2)``, ``P(X = 2)``: what a value is stated for."""
_WRAPPED = re.compile(r"\\(?:text|mathrm|textrm|mbox) ?\{([^{}]*)\}")
_END = Token("end", "")
_ZERO, _INFINITE = integer(0), Node("const", value="oo")
_HALF_LINES = {
    "+": Node("tuple", (_ZERO, _INFINITE), "()"),
    "-": Node("tuple", (Node("neg", (_INFINITE,)), _ZERO), "()"),
}
MAX_ITEMS = 100  # in a list or set: they are compared each with each


def read_answer(canonical: str, *, grouped: bool = True) -> Node:
    """Return the tree of an answer. What is not mathematics is a ``text`` node, with its words as the value.

    Args:
        canonical: what `normalise` returned.
        grouped: read ``1,234`` as one number (else as a list of two).

    Raises:
        CannotRead: it looks like mathematics, but of a kind that is not read here.
    """
    plain = " ".join(_WRAPPED.sub(r"\1", canonical).split())
    literal = read_time(plain) or read_based(plain)
    if literal is not None:
        return literal
    tokens: list[Token] = []
    try:
        tokens = tokenise(canonical, grouped=grouped)
        if is_one_word(tokens):
            letters = (read_expression([replace(tokens[0], kind="word")]),) if _is_short_word(tokens) else ()
            return Node("text", letters, words(canonical))
        return _read_list(tokens)
    except CannotRead:
        if not (has_prose(tokens) if tokens else re.search("[A-Za-z]{4}", canonical)):
            raise
        return Node("text", value=words(canonical))


def _is_short_word(tokens: Sequence[Token]) -> bool:
    """Return whether an answer is one word that may also be a product of letters, such as ``Kim``."""
    return len(tokens) == 1 and len(tokens[0].text) > 2 and not is_prose(tokens[0].text)


# Splitting


def _split(tokens: Sequence[Token], sign: Callable[[Token], str | None]) -> tuple[list[list[Token]], list[str]]:
    """Split tokens at the signs that stand outside all brackets; return the parts and the signs."""
    parts: list[list[Token]] = [[]]
    signs: list[str] = []
    depth = 0
    for token in tokens:
        key = (token.kind, token.text)
        found = sign(token) if depth == 0 else None
        if found is not None:
            parts.append([])
            signs.append(found)
            continue
        depth += (key in _OPEN or token.text.startswith("begin:")) - (key in _CLOSE or token.text.startswith("end:"))
        parts[-1].append(token)
    return parts, signs


def _connector(token: Token) -> str | None:
    if token.kind == "op" and token.text in ",;":
        return ","
    if token.kind == "cmd" and token.text in ("\\", "newline"):
        return ","
    return CONNECTORS.get(token.text.lower()) if is_word(token) or token.text == "&" else None


def _closes(tokens: Sequence[Token]) -> bool:
    """Return whether the bracket that the tokens begin with is closed by the last of them."""
    depth = 0
    for index, token in enumerate(tokens):
        depth += ((token.kind, token.text) in _OPEN) - ((token.kind, token.text) in _CLOSE)
        if depth <= 0:
            return index == len(tokens) - 1 and index > 0
    return False


# The readers, from the loosest sign to the tightest


def _read_list(tokens: Sequence[Token]) -> Node:
    parts, signs = _split(tokens, _connector)
    full = [part for part in parts if part]
    if not full or len(full) > MAX_ITEMS:
        raise CannotRead("empty" if not full else "items")
    if len(parts) == 1:
        return _read_relation(full[0])
    empty = [index for index, part in enumerate(parts) if not part]
    if any(index in (0, len(parts) - 1) or signs[index] == "," for index in empty):
        raise CannotRead("an empty item")  # only ", and" may leave one
    items = _spread([_read_part(part) for part in full])
    connector = next((sign for sign in signs if sign != ","), ",")
    return Node("list", items, connector)


def _read_part(tokens: Sequence[Token]) -> Node:
    """Read one item of a list; of words, their text."""
    try:
        return _read_relation(tokens)
    except NeedsSymbolic:
        raise
    except CannotRead:
        if not has_prose(tokens):
            raise
        letters = (read_expression([replace(tokens[0], kind="word")]),) if _is_short_word(tokens) else ()
        return Node("text", letters, words(" ".join(token.text for token in tokens)))


def _spread(items: list[Node]) -> tuple[Node, ...]:
    r"""Put the items of lists in place of the lists (``1 \pm 2, 5`` has three items)."""
    return tuple(inner for item in items for inner in (item.args if item.head == "list" else (item,)))


def _read_relation(tokens: Sequence[Token]) -> Node:
    sides, signs = _split(tokens, lambda token: _RELATIONS.get((token.kind, token.text)))
    if not signs:
        return _read_set(tokens)
    if not all(sides):
        if len(sides) == 2 and signs[0] in "=~" and sides[1]:  # "= 5"
            return _read_set(sides[1])
        raise CannotRead("one side of a relation is empty")
    compared = ("op", "==") in [(token.kind, token.text) for token in tokens]
    if compared and not (len(sides[0]) == 1 and re.fullmatch("[A-Za-z]", sides[0][0].text)):
        raise CannotRead("a comparison in a program")  # x == 5 states a value, 1 == 1 is one
    left = _read_name(sides[0])
    return Node("rel", (left, *(_read_set(side) for side in sides[1:])), tuple(signs))


def _read_name(tokens: Sequence[Token]) -> Node:
    r"""Read the left side of a relation; what cannot be read is a name (``\angle ABC``, ``Area``)."""
    letters = "".join(token.text for token in tokens)
    if all(is_word(token) for token in tokens) and len(letters) > 1:
        return Node("sym", value=letters)
    if _DEFINED.fullmatch(letters) or (tokens[0].text not in FUNCTIONS and _VALUE.fullmatch(letters)):
        return Node("sym", value=letters)
    try:
        return _read_set(tokens)
    except CannotRead:
        if len(tokens) > 8 or any(token.kind == "num" for token in tokens):
            raise
        return Node("sym", value=letters)


def _read_set(tokens: Sequence[Token]) -> Node:
    tokens = [_set_minus(*three) for three in zip([_END, *tokens], tokens, [*tokens[1:], _END], strict=False)]
    parts, signs = _split(tokens, lambda token: _SET_SIGNS.get((token.kind, token.text)))
    if not signs or not all(parts):
        return _read_item(tokens)
    node = _read_item(parts[0])
    for sign, part in zip(signs, parts[1:], strict=True):
        node = Node(sign, (node, _read_item(part)))
    return node


def _set_minus(before: Token, token: Token, after: Token) -> Token:
    """Return a minus sign that stands between two sets as the sign of their difference."""
    if token.text == "-" and (
        before.text == "mathbb:R" or (before.text in ")]}" and (after.kind, after.text) == ("cmd", "{"))
    ):
        return replace(token, kind="cmd", text="setminus")
    return token


def _read_item(tokens: Sequence[Token]) -> Node:
    if not tokens:
        raise CannotRead("empty")
    first = (tokens[0].kind, tokens[0].text)
    if len(tokens) > 4 and re.fullmatch("[A-Z]", first[1]) and tokens[1].text == "(" and _closes(tokens[1:]):
        point = _read_bracket(tokens[1:])  # A(3, 4), a point with its name
        if point.head == "tuple":
            return point
    if len(tokens) == 1 and first[0] == "cmd":
        if first[1] == "emptyset":
            return Node("set")
        if first[1] == "mathbb:R":
            return Node("reals")
        if first[1].startswith("mathbb:"):
            return Node("sym", value=first[1])
    if first[1] == "mathbb:R" and (half := _HALF_LINES.get("".join(token.text for token in tokens[1:]).strip("^{}"))):
        return half
    if first in _OPEN and _closes(tokens):
        return _read_bracket(tokens)
    if (system := _system(tokens)) is not None:
        return _read_list([token for token in system if token.text != "&"])
    parts, signs = _split(tokens, lambda token: ":" if token.text == ":" else None)
    if len(signs) == 1 and is_label(parts[0]) and not all(map(is_word, parts[1])):
        return Node("rel", (_read_name(parts[0]), _read_item(parts[1])), ("=",))
    if signs:
        return Node("ratio", tuple(_read_item(part) for part in parts))
    return _both_signs(read_quantity(tokens))


def _system(tokens: Sequence[Token]) -> Sequence[Token] | None:
    r"""Return what stands in ``cases``, or in an ``array`` with an opening brace only: equations that hold together."""
    brace = int((tokens[0].kind, tokens[0].text) == ("cmd", "{"))
    name = tokens[brace].text.removeprefix("begin:") if len(tokens) > 3 else ""
    if name not in ("cases", "aligned", "array")[: 3 if brace else 2] or tokens[-1].text != f"end:{name}":
        return None
    inside = tokens[brace + 1 : -1]
    if name == "array" and inside[0].text == "{":  # {l}, the columns
        return inside[next((index + 1 for index, token in enumerate(inside) if token.text == "}"), 0) :]
    return inside


def _read_bracket(tokens: Sequence[Token]) -> Node:
    opener, closer, inside = tokens[0].text, tokens[-1].text, tokens[1:-1]
    braces = tokens[0].kind == "cmd" and opener == "{"
    if braces and not inside:
        return Node("set")
    if opener == "{" and any(token.text in ("over", "choose") for token in inside):
        return read_quantity(tokens)
    parts, signs = _split(inside, _connector)
    if len(parts) > MAX_ITEMS:
        raise CannotRead("items")
    condition = _split(inside, lambda token: "|" if token.text in ("mid", "|", ":") else None)[0]
    if braces and len(condition) == 2 and [token.text for token in condition[0][1:]] in ([], ["in", "mathbb:R"]):
        return _read_list(condition[1])  # {x | x > 2}
    if braces or (opener == "{" and signs):
        return Node("set", _spread([_read_relation(part) for part in parts]))
    if signs and all(sign == "," for sign in signs):
        return Node("tuple", tuple(_read_relation(part) for part in parts), _brackets(opener, closer))
    if opener == "langle":
        return Node("tuple", (_read_relation(inside),), "()")
    if opener == "[" and closer == "]" and len(inside) > 1 and inside[0].text == "[":
        return Node("tuple", (_read_relation(inside),), "[]")
    if opener in ("lfloor", "lceil") or opener + closer not in ("()", "[]", "{}"):
        return _both_signs(read_quantity(tokens))
    return _read_list(inside)


def _brackets(opener: str, closer: str) -> str:
    return ("(" if opener == "langle" else opener) + (")" if closer == "rangle" else closer)


# Plus-minus


def _both_signs(node: Node) -> Node:
    """Return the list of the two readings of an expression with plus-minus signs, or the expression itself."""
    if not _has_plus_minus(node):
        return node
    return Node("list", (_choose(node, 1), _choose(node, -1)), "or")


def _has_plus_minus(node: Node) -> bool:
    return node.head == "pm" or any(_has_plus_minus(arg) for arg in node.args)


def _choose(node: Node, sign: int) -> Node:
    args = tuple(_choose(arg, sign) for arg in node.args)
    if node.head == "pm":
        return args[0] if sign * node.value > 0 else Node("neg", args)
    return Node(node.head, args, node.value)
