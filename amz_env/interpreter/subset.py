"""Which code is *plain*: means the same to the fast lane's interpreter (Monty) and to CPython, to the last character.

A whitelist: what is not known to agree is not plain, and runs in a process of its own instead. Monty differs from
CPython in what is left out here, above all: iterators (it makes lists of `map`, `zip`, `enumerate` and generator
expressions at once), the order of sets, and the texts of errors (any exception sends the code to the full lane).
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

_LONGEST = 4000  # characters; a longer piece of code is not worth the check
_DEEPEST = 20  # brackets inside brackets, so that the parser of the host is never strained

_NODES = (
    *(ast.Module, ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.If, ast.For, ast.While, ast.Break),
    *(ast.Continue, ast.Pass, ast.Assert, ast.FunctionDef, ast.Return, ast.Global, ast.Nonlocal, ast.Lambda),
    *(ast.arguments, ast.arg, ast.keyword, ast.Constant, ast.Name, ast.Call, ast.Attribute, ast.Subscript, ast.Slice),
    *(ast.Starred, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    *(ast.comprehension, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.JoinedStr, ast.FormattedValue),
    *(ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
)
_KEYWORDS = {
    "print": {"sep", "end"},
    "sorted": {"key", "reverse"},
    "sort": {"key", "reverse"},
    "min": {"key", "default"},
    "max": {"key", "default"},
}
_TYPES = {"int", "float", "str", "bool", "list", "dict", "tuple"}
_BUILTINS = {
    *("print", "len", "range", "abs", "min", "max", "sum", "round", "divmod", "pow", "sorted", "any", "all", "ord"),
    *("chr", "bin", "hex", "oct", "isinstance", "map", "zip", "filter", "enumerate", "reversed", "set", *_TYPES),
}
_MUTATORS = {"append", "extend", "insert", "pop", "remove", "sort", "reverse", "clear", "update", "setdefault"}
_METHODS = {
    *("copy", "index", "count", "get", "keys", "values", "items", "join", "split", "strip", "lstrip", "rstrip"),
    *("replace", "upper", "lower", "startswith", "endswith", "find", "isdigit", "isalpha", *_MUTATORS),
}
_LAZY = {"map", "zip", "filter", "enumerate", "reversed"}
_VIEWS = {"keys", "values", "items"}
_CONSUMERS = {"list", "tuple", "sum", "sorted", "min", "max", "set", "dict", "any", "all", "join", "len"}
_ORDERLY = {"list", "tuple", "sum", "set", "dict"}  # consume everything before they do anything else
_SET_READERS = {"len", "sorted", "min", "max"}  # do not depend on the order of a set
_KEEPS_NO_ALIAS = {"print", "len", "sum", "sorted", "str", "any", "all", "list", "tuple", "range", "abs", "enumerate"}
_RESERVED = {"isinstance", "int", "float"}  # `plain` uses them, between the lines
# A type, or a comma, is required: without one Monty pads values that CPython refuses to pad.
_SPEC = re.compile(r"[<>^]?[+]?0?\d{0,2}(?:,?(?:\.\d{1,2})?[dfe%s]|,)|")
_PERCENT = re.compile(r"(?:[^%]|%%|%[ds]|%\.\d{1,2}f)*")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a path of plain steps has defined.

    Attributes:
        names: Every name that is bound anywhere in it.
        builtins: Every built-in function that is used in it. Monty settles at once what such a name means, so code
            that uses it both as a function and as a variable is not plain.
        effects: Whether calling one of its functions may print or change something.
        value: Where in its code, in bytes of UTF-8, its last statement is if that is an expression; else None.
    """

    names: frozenset[str] = frozenset()
    builtins: frozenset[str] = frozenset()
    effects: bool = False
    value: tuple[int, int] | None = None


class NotPlain(Exception):
    """The code is outside the subset."""


def check(code: str, scope: Scope) -> Scope:
    """Return the scope after `code`, given the one before it.

    Raises:
        NotPlain: the code is outside the subset, or is not Python.
    """
    _check_text(code)
    try:
        tree = ast.parse(code)
        return _Checker(tree, scope).check(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise NotPlain(type(error).__name__) from None


def _check_text(code: str) -> None:
    """Refuse, before the host parses anything, what is long, deep, or reads differently to another parser."""
    if len(code) > _LONGEST:
        raise NotPlain("long")
    depth = deepest = 0
    for character in re.findall(r"[(\[{}\])]", code):
        depth += 1 if character in "([{" else -1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST or re.search(r"(?:[-+~]\s*|not\s+|\*\*\s*|lambda\s*:\s*){8}", code):
        raise NotPlain("deep")
    for character in code:
        if character < " " and character not in "\n\t" or character == "\x7f":
            raise NotPlain("control character")
        if character > "\x7f" and ("a" + character).isidentifier():  # such names have several spellings
            raise NotPlain("letter outside ASCII")


class _Checker:
    """One check of one tree. Every method returns nothing, or raises `NotPlain`."""

    def __init__(self, tree: ast.Module, scope: Scope) -> None:
        self._tree = tree
        self._parents: dict[ast.AST, ast.AST] = {}
        self._nodes: list[ast.AST] = []
        stores = set()
        pending: list[ast.AST] = [tree]
        while pending:
            node = pending.pop()
            if not isinstance(node, _NODES):
                raise NotPlain(type(node).__name__)
            self._nodes.append(node)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                stores.add(node.id)
            elif isinstance(node, ast.arg):
                stores.add(node.arg)
            elif isinstance(node, ast.FunctionDef):
                stores.add(node.name)
            for child in ast.iter_child_nodes(node):
                self._parents[child] = node
                pending.append(child)
        self._names = scope.names | stores
        self._builtins = scope.builtins | {node.id for node in self._nodes if self._stands_for_builtin(node)}
        self._effects = scope.effects or any(map(self._has_effects, self._functions()))

    def check(self, code: str) -> Scope:
        for name in self._names:
            if name.startswith("__"):
                raise NotPlain("reserved name")
        if not self._names.isdisjoint(self._builtins | _RESERVED):
            raise NotPlain("built-in rebound")
        for node in self._nodes:
            rule = _RULES.get(type(node))
            if rule is not None:
                rule(self, node)
        return Scope(self._names, self._builtins, self._effects, _place_of_value(self._tree, code))

    # Rules, one for each kind of node that needs one.

    def _name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load) and node.id not in self._names and node.id not in _BUILTINS:
            raise NotPlain(f"name {node.id}")
        if self._is_builtin(node, _LAZY | {"set", "pow", "print"}) and not self._is_called(node):
            raise NotPlain(f"{node.id} as a value")

    def _constant(self, node: ast.Constant) -> None:
        value = node.value
        if not (value is None or isinstance(value, (bool, int, float, str))):
            raise NotPlain("constant")
        if isinstance(value, int) and value.bit_length() > 4000:
            raise NotPlain("large constant")

    def _attribute(self, node: ast.Attribute) -> None:
        if node.attr not in _METHODS or not self._is_called(node):
            raise NotPlain(f"attribute {node.attr}")

    def _call(self, node: ast.Call) -> None:
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else ""
        if self._is_builtin(function, _BUILTINS):
            assert isinstance(function, ast.Name)
            name = function.id
        if not name:
            return  # a function of the code's own
        if any(keyword.arg not in _KEYWORDS.get(name, ()) for keyword in node.keywords):
            raise NotPlain("keyword")
        if name == "pow" and len(node.args) != 2 or name in ("int", "str", "float", "bool") and len(node.args) > 1:
            raise NotPlain("arguments")
        if name == "isinstance":
            self._types(node)
        elif name == "set":
            self._set(node)
        elif name in _LAZY or name in _VIEWS:
            self._lazy(node)

    def _types(self, node: ast.Call) -> None:
        kinds = node.args[-1].elts if isinstance(node.args[-1], ast.Tuple) else node.args[-1:]
        if len(node.args) != 2 or not all(self._is_builtin(kind, _TYPES) for kind in kinds):
            raise NotPlain("isinstance")

    def _set(self, node: ast.AST) -> None:
        """A set may only go where its order does not show."""
        parent = self._parents[node]
        if _is_membership(parent, node):
            return
        if isinstance(parent, ast.Call) and self._is_builtin(parent.func, _SET_READERS):
            if not parent.keywords and len(parent.args) == 1:
                return
        raise NotPlain("set")

    def _lazy(self, node: ast.AST) -> None:
        """An iterator may only go where it makes no difference that Monty has made a list of it."""
        parent = self._parents[node]
        pure = not self._may_act(node)
        if isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is node:
            if pure and (isinstance(parent, ast.comprehension) or self._leaves_alone(parent, node)):
                comprehension = self._parents[parent]
                if not isinstance(parent, ast.comprehension) or not self._may_act(comprehension):
                    return
        elif isinstance(parent, ast.Call) and node in parent.args:
            if isinstance(parent.func, ast.Attribute):
                if parent.func.attr == "join" and pure:
                    return
            elif self._is_builtin(parent.func, _CONSUMERS - {"join"} | _LAZY):
                assert isinstance(parent.func, ast.Name)
                if parent.func.id == "len" and not self._is_view(node):
                    raise NotPlain("len of an iterator")
                if pure or (parent.func.id in _ORDERLY and len(parent.args) == 1):
                    return
        elif isinstance(parent, ast.Starred) or _is_membership(parent, node):
            if pure:
                return
        raise NotPlain("iterator")

    def _formatted(self, node: ast.FormattedValue) -> None:
        if node.conversion == ord("a"):
            raise NotPlain("conversion")
        if node.format_spec is None:
            return
        parts = node.format_spec.values if isinstance(node.format_spec, ast.JoinedStr) else [node.format_spec]
        for part in parts:
            if not isinstance(part, ast.Constant) or not _SPEC.fullmatch(part.value):
                raise NotPlain("format")

    def _binary(self, node: ast.BinOp) -> None:
        left = node.left
        if isinstance(node.op, ast.MatMult):
            raise NotPlain("operator")
        if isinstance(node.op, ast.Mod) and isinstance(left, (ast.Constant, ast.JoinedStr)):
            text = left.value if isinstance(left, ast.Constant) else None
            if not isinstance(text, (int, float)) and not (isinstance(text, str) and _PERCENT.fullmatch(text)):
                raise NotPlain("format")

    def _compare(self, node: ast.Compare) -> None:
        for operation, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(operation, (ast.Is, ast.IsNot)) and not (
                isinstance(right, ast.Constant) and right.value is None
            ):
                raise NotPlain("identity")

    def _function(self, node: ast.FunctionDef) -> None:
        if node.decorator_list or getattr(node, "type_params", None):
            raise NotPlain("decorator")
        self._annotation(node)

    def _annotation(self, node: ast.AST) -> None:
        note = node.returns if isinstance(node, ast.FunctionDef) else getattr(node, "annotation", None)
        if note is not None and not self._is_builtin(note, _TYPES):
            raise NotPlain("annotation")

    # What the rules ask.

    def _is_builtin(self, node: ast.AST, which: set[str]) -> bool:
        return isinstance(node, ast.Name) and node.id in which and node.id not in self._names

    def _stands_for_builtin(self, node: ast.AST) -> TypeGuard[ast.Name]:
        if not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in _BUILTINS):
            return False
        parent = self._parents[node]
        as_function = isinstance(parent, ast.keyword) or (isinstance(parent, ast.Call) and _is_function_of(parent, node))
        return as_function or node.id not in self._names

    def _is_called(self, node: ast.AST) -> bool:
        parent = self._parents[node]
        return isinstance(parent, ast.Call) and parent.func is node

    def _is_view(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _VIEWS

    def _functions(self) -> Iterator[ast.AST]:
        return (node for node in self._nodes if isinstance(node, (ast.FunctionDef, ast.Lambda)))

    def _has_effects(self, function: ast.AST) -> bool:
        """Whether calling `function` may print, or change something outside it."""
        return any(
            isinstance(node, (ast.Global, ast.Nonlocal, ast.AugAssign))
            or isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Store)
            or isinstance(node, ast.Attribute)
            and node.attr in _MUTATORS
            or isinstance(node, ast.Name)
            and node.id == "print"
            for node in ast.walk(function)
        )

    def _may_act(self, node: ast.AST) -> bool:
        """Whether evaluating `node` may print or change something, so that the moment matters."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call):
                if isinstance(inner.func, ast.Attribute):
                    if inner.func.attr in _MUTATORS:
                        return True
                elif self._is_builtin(inner.func, {"print"}):
                    return True
                elif self._effects and not self._is_builtin(inner.func, _BUILTINS - {"map", "filter", "sorted"}):
                    return True
        return self._effects and any(keyword.arg == "key" for keyword in _keywords(node))

    def _leaves_alone(self, loop: ast.For | ast.AST, iterable: ast.AST) -> bool:
        """Whether the body of `loop` changes nothing that `iterable` may be reading."""
        assert isinstance(loop, ast.For)
        used = {node.id for node in ast.walk(iterable) if isinstance(node, ast.Name)}
        for statement in loop.body:
            for node in ast.walk(statement):
                changed: ast.AST | None = None
                if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
                    changed = node.value
                elif isinstance(node, ast.AugAssign):
                    changed = node.target.value if isinstance(node.target, ast.Subscript) else node.target
                elif isinstance(node, ast.Attribute) and node.attr in _MUTATORS:
                    changed = node.value
                elif isinstance(node, ast.Call) and self._effects and not self._is_builtin(node.func, _BUILTINS):
                    if not isinstance(node.func, ast.Attribute):
                        return False
                if changed is not None and not (
                    isinstance(changed, ast.Name) and changed.id not in used and self._is_private(changed.id)
                ):
                    return False
        return True

    def _is_private(self, name: str) -> bool:
        """Whether `name` is only ever bound to new objects in this code, and no other name can reach them."""
        bound = False
        for node in self._nodes:
            if not isinstance(node, ast.Name) or node.id != name:
                continue
            parent = self._parents[node]
            if isinstance(node.ctx, ast.Store):
                if isinstance(parent, ast.AugAssign):
                    continue
                if not (isinstance(parent, ast.Assign) and len(parent.targets) == 1 and _is_new(parent.value)):
                    return False
                bound = True
            elif not (
                isinstance(parent, (ast.Attribute, ast.Subscript, ast.BinOp, ast.Compare, ast.FormattedValue, ast.Expr))
                or (isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is node)
                or (isinstance(parent, ast.Call) and self._is_builtin(parent.func, _KEEPS_NO_ALIAS))
            ):
                return False
        return bound


def _place_of_value(tree: ast.Module, code: str) -> tuple[int, int] | None:
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr) or last.end_lineno is None or last.end_col_offset is None:
        return None
    lines = code.encode().split(b"\n")
    before = [sum(len(line) + 1 for line in lines[: number - 1]) for number in (last.lineno, last.end_lineno)]
    return before[0] + last.col_offset, before[1] + last.end_col_offset


def _is_function_of(call: ast.Call, node: ast.AST) -> bool:
    """Whether `call` calls `node`, directly or as the function of a `map` or `filter`."""
    if call.func is node:
        return True
    named = isinstance(call.func, ast.Name) and call.func.id in ("map", "filter")
    return named and bool(call.args) and call.args[0] is node


def _is_membership(node: ast.AST, container: ast.AST) -> bool:
    """Whether `node` is ``... in container``."""
    if not isinstance(node, ast.Compare) or node.comparators != [container]:
        return False
    return isinstance(node.ops[0], (ast.In, ast.NotIn))


def _is_new(node: ast.AST) -> bool:
    """Whether evaluating `node` makes an object that nothing else refers to (or one that cannot change)."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mult) and _is_new(node.left)
    return isinstance(node, (ast.Constant, ast.List, ast.Dict, ast.ListComp, ast.DictComp, ast.JoinedStr))


def _keywords(node: ast.AST) -> Iterator[ast.keyword]:
    return (inner for inner in ast.walk(node) if isinstance(inner, ast.keyword))


_RULES = {
    ast.Name: _Checker._name,
    ast.Constant: _Checker._constant,
    ast.Attribute: _Checker._attribute,
    ast.Call: _Checker._call,
    ast.Set: _Checker._set,
    ast.SetComp: _Checker._set,
    ast.GeneratorExp: _Checker._lazy,
    ast.FormattedValue: _Checker._formatted,
    ast.BinOp: _Checker._binary,
    ast.Compare: _Checker._compare,
    ast.FunctionDef: _Checker._function,
    ast.arg: _Checker._annotation,
    ast.AnnAssign: _Checker._annotation,
}
