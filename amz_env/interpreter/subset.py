"""Which code is *plain*: means the same to the fast lane's interpreter (Monty) and to CPython, to the last character.

A whitelist: what is not known to agree is not plain, and runs in a process of its own instead. Monty differs from
CPython in what is left out here, above all: iterators (it makes lists of `map`, `zip`, `enumerate` and generator
expressions at once), the order of sets, and the texts of errors (any exception sends the code to the full lane).
"""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from amz_env.interpreter.program import MUTATORS, Program

_LONGEST = 4000  # characters; a longer piece of code is not worth the check
_DEEPEST = 20  # brackets inside brackets, so that the parser of the host is never strained

_NODES = (
    *(ast.Module, ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.If, ast.For, ast.While, ast.Break),
    *(ast.Continue, ast.Pass, ast.Assert, ast.FunctionDef, ast.Return, ast.Global, ast.Nonlocal, ast.Lambda),
    *(ast.arguments, ast.arg, ast.keyword, ast.Constant, ast.Name, ast.Call, ast.Attribute, ast.Subscript, ast.Slice),
    *(ast.Starred, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    *(ast.comprehension, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.JoinedStr, ast.FormattedValue),
)
_KINDS = frozenset(_NODES)
_TYPES = frozenset(("int", "float", "str", "bool", "list", "dict", "tuple"))
_BUILTINS = _TYPES | {
    *("print", "len", "range", "abs", "min", "max", "sum", "round", "divmod", "pow", "sorted", "any", "all", "ord"),
    *("chr", "bin", "hex", "oct", "isinstance", "map", "zip", "filter", "enumerate", "reversed", "set"),
}
_METHODS = MUTATORS | {
    *("copy", "index", "count", "get", "keys", "values", "items", "join", "split", "strip", "lstrip", "rstrip"),
    *("replace", "upper", "lower", "startswith", "endswith", "find", "isdigit", "isalpha"),
}
_KEYWORDS = {
    "print": ("sep", "end"),
    "sorted": ("key", "reverse"),
    "sort": ("key", "reverse"),
    "min": ("key", "default"),
    "max": ("key", "default"),
}
_RESERVED = frozenset(("isinstance", "int", "float"))  # `plain` uses them, between the lines
_LAZY = frozenset(("map", "zip", "filter", "enumerate", "reversed"))
_VIEWS = frozenset(("keys", "values", "items"))
_ORDERLY = frozenset(("list", "tuple", "sum", "set", "dict"))  # consume all before they do anything else
_CONSUMERS = _ORDERLY | _LAZY | {"sorted", "min", "max", "any", "all"}
_SET_READERS = frozenset(("len", "sorted", "min", "max"))  # do not depend on the order of a set
# A type, or a comma, is required: without one Monty pads values that CPython refuses to pad.
_SPEC = re.compile(r"[<>^]?[+]?0?\d{0,2}(?:,?(?:\.\d{1,2})?[dfe%s]|,)|")
_PERCENT = re.compile(r"(?:[^%]|%%|%[ds]|%\.\d{1,2}f)*")


class NotPlain(Exception):
    """The code is outside the subset."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a path of plain steps has defined.

    Attributes:
        names: Every name that is bound anywhere in it.
        builtins: Every built-in function that is used in it. Monty settles at once what such a name means, so code
            that uses it both as a function and as a variable is not plain.
        effects: Whether calling one of its functions may print or change something.
        value: Where in its last code, in bytes of UTF-8, its last statement is if that is an expression; else None.
    """

    names: frozenset[str] = frozenset()
    builtins: frozenset[str] = frozenset()
    effects: bool = False
    value: tuple[int, int] | None = None


def check(code: str, scope: Scope, earlier: str = "") -> Scope:
    """Return the scope after `code`, given the one before it and the text of the path's earlier code.

    Raises:
        NotPlain: the code is outside the subset, or is not Python.
    """
    _check_text(code)
    try:
        program = Program(code, scope.names, scope.effects, _BUILTINS, earlier)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise NotPlain(type(error).__name__) from None
    builtins = scope.builtins | program.builtins
    _require(program.names.isdisjoint(builtins | _RESERVED), "built-in rebound")
    _require(not any(name.startswith("__") for name in program.names), "reserved name")
    for node in program.nodes:
        kind = type(node)
        if kind not in _KINDS:
            raise NotPlain(kind.__name__)
        rule = _RULES.get(kind)
        if rule is not None:
            rule(program, node)
    return Scope(program.names, builtins, program.effects, program.place_of_value())


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise NotPlain(reason)


def _check_text(code: str) -> None:
    """Refuse, before the host parses anything, what is long, deep, or reads differently to another parser."""
    _require(len(code) <= _LONGEST, "long")
    depth = deepest = 0
    for character in re.findall(r"[(\[{}\])]", code):
        depth += 1 if character in "([{" else -1
        deepest = max(deepest, depth)
    _require(deepest <= _DEEPEST, "deep")
    _require(not re.search(r"(?:[-+~]\s*|not\s+|\*\*\s*|lambda\s*:\s*){8}", code), "deep")
    _require(not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", code), "control character")
    # Letters outside ASCII may be part of names, and such names have several spellings.
    _require(code.isascii() or not any(c > "\x7f" and ("a" + c).isidentifier() for c in code), "letter outside ASCII")


# The rules, one for each kind of node that needs one.


def _name(program: Program, node: ast.Name) -> None:
    known = isinstance(node.ctx, ast.Store) or node.id in program.names or node.id in _BUILTINS
    _require(known, f"name {node.id}")
    if program.is_builtin(node, _LAZY | {"set", "pow", "print"}):
        _require(program.is_called(node), f"{node.id} as a value")


def _constant(program: Program, node: ast.Constant) -> None:
    value = node.value
    _require(value is None or isinstance(value, (bool, int, float, str)), "constant")
    _require(not isinstance(value, int) or value.bit_length() <= 4000, "large constant")


def _attribute(program: Program, node: ast.Attribute) -> None:
    _require(node.attr in _METHODS and program.is_called(node), f"attribute {node.attr}")


def _call(program: Program, node: ast.Call) -> None:
    function = node.func
    if isinstance(function, ast.Attribute):
        name = function.attr
    elif program.is_builtin(function, _BUILTINS):
        name = function.id
    else:
        return  # a function of the code's own
    _require(all(keyword.arg in _KEYWORDS.get(name, ()) for keyword in node.keywords), "keyword")
    if name == "pow":
        _require(len(node.args) == 2, "arguments")
    elif name in ("int", "str", "float", "bool"):
        _require(len(node.args) <= 1, "arguments")
    elif name == "isinstance":
        _types(program, node)
    elif name == "set":
        _set(program, node)
    elif name == "setdefault":
        _key(program, node.args[0] if node.args else None)
    elif name in _LAZY or name in _VIEWS:
        _lazy(program, node)


def _types(program: Program, node: ast.Call) -> None:
    _require(len(node.args) == 2, "isinstance")
    kind = node.args[1]
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    _require(all(program.is_builtin(kind, _TYPES) for kind in kinds), "isinstance")


def _set(program: Program, node: ast.AST) -> None:
    """A set may only go where its order does not show."""
    parent = program.parents[node]
    if isinstance(parent, ast.Call) and program.is_builtin(parent.func, _SET_READERS):
        _require(not parent.keywords and len(parent.args) == 1, "set")
    else:
        _require(_is_membership(parent, node), "set")


def _subscript(program: Program, node: ast.Subscript) -> None:
    if isinstance(node.ctx, ast.Store) and not isinstance(node.slice, ast.Slice):
        _key(program, node.slice)


def _display(program: Program, node: ast.Dict | ast.DictComp) -> None:
    for key in node.keys if isinstance(node, ast.Dict) else [node.key]:
        _key(program, key)


def _key(program: Program, node: ast.AST | None) -> None:
    """Of keys that are equal, as 1 and 1.0 are, CPython keeps the first, and Monty the last."""
    _require(node is None or program.is_exact(node), "key")


def _lazy(program: Program, node: ast.AST) -> None:
    """An iterator may only go where it makes no difference that Monty has made a list of it."""
    parent = program.parents[node]
    acts = program.may_act(node)
    if isinstance(parent, ast.For):
        fine = parent.iter is node and not acts and program.leaves_alone(parent)
    elif isinstance(parent, ast.comprehension):
        fine = parent.iter is node and not program.may_act(program.parents[parent])
    elif isinstance(parent, ast.Call) and node in parent.args:
        fine = _takes(program, parent, node, acts)
    else:
        fine = not acts and (isinstance(parent, ast.Starred) or _is_membership(parent, node))
    _require(fine, "iterator")


def _takes(program: Program, call: ast.Call, node: ast.AST, acts: bool) -> bool:
    """Whether `call` consumes its argument `node`, an iterator, in a way that cannot be told from the eager one."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr == "join" and not acts
    if program.is_builtin(call.func, ("len",)):
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not acts
    if program.is_builtin(call.func, _ORDERLY) and len(call.args) == 1:
        return True
    return program.is_builtin(call.func, _CONSUMERS) and not acts


def _is_membership(node: ast.AST, container: ast.AST) -> bool:
    """Whether `node` is ``... in container``."""
    if not isinstance(node, ast.Compare) or node.comparators != [container]:
        return False
    return isinstance(node.ops[0], (ast.In, ast.NotIn))


def _formatted(program: Program, node: ast.FormattedValue) -> None:
    _require(node.conversion != ord("a"), "conversion")
    if isinstance(node.format_spec, ast.JoinedStr):
        for part in node.format_spec.values:
            text = part.value if isinstance(part, ast.Constant) else None
            _require(isinstance(text, str) and _SPEC.fullmatch(text) is not None, "format")


def _binary(program: Program, node: ast.BinOp) -> None:
    _require(not isinstance(node.op, ast.MatMult), "operator")
    if isinstance(node.op, ast.Mod):
        _require(not isinstance(node.left, ast.JoinedStr), "format")
        text = node.left.value if isinstance(node.left, ast.Constant) else None
        _require(not isinstance(text, str) or _PERCENT.fullmatch(text) is not None, "format")


def _compare(program: Program, node: ast.Compare) -> None:
    for operation, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(operation, (ast.Is, ast.IsNot)):
            _require(isinstance(right, ast.Constant) and right.value is None, "identity")


def _function(program: Program, node: ast.FunctionDef) -> None:
    _require(not node.decorator_list and not getattr(node, "type_params", None), "decorator")
    _annotation(program, node)


def _annotation(program: Program, node: ast.FunctionDef | ast.arg | ast.AnnAssign) -> None:
    note = node.returns if isinstance(node, ast.FunctionDef) else node.annotation
    _require(note is None or program.is_builtin(note, _TYPES), "annotation")


_RULES: dict[type[ast.AST], Callable[[Program, Any], None]] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Set: _set,
    ast.SetComp: _set,
    ast.Subscript: _subscript,
    ast.Dict: _display,
    ast.DictComp: _display,
    ast.GeneratorExp: _lazy,
    ast.FormattedValue: _formatted,
    ast.BinOp: _binary,
    ast.Compare: _compare,
    ast.FunctionDef: _function,
    ast.arg: _annotation,
    ast.AnnAssign: _annotation,
}
