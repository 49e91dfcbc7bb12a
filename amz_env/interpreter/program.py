"""A piece of code as a syntax tree, and what can be told about it without running it."""

import ast
import functools
import gc
import warnings
from collections.abc import Collection, Iterator
from typing import TypeGuard

MUTATORS = frozenset(
    ("append", "extend", "insert", "pop", "remove", "sort", "reverse", "clear", "update", "setdefault")
)
"""Methods that change the object they are called on."""
_NAME = "<step>"
# What Python finds odd in code that a model wrote (`3if x else 4`, "\d") says nothing to whoever runs a search. A
# filter for good: steps are read in several threads, which would undo each other's passing ones.
warnings.filterwarnings("ignore", module=_NAME)
# Built-in functions whose result never is, nor holds, the argument itself.
_KEEPS_NO_ALIAS = frozenset(("print", "len", "sum", "sorted", "str", "any", "all", "list", "tuple", "range", "abs"))


class Program:
    """The tree of a piece of code that runs after code which has bound `names`.

    Attributes:
        nodes: Every node of the tree.
        parents: The parent of every node but the module.
        names: Every name that is bound in it or before it, as far as the whole path goes.
        builtins: The built-in names, of those it was given, that stand for a built-in function somewhere in it.
        effects: Whether calling a function of the path may print, or change something outside the function.
    """

    def __init__(
        self, code: str, names: frozenset[str], effects: bool, builtins: Collection[str], earlier: str = ""
    ) -> None:
        self._code = code
        self.module = _parse(code)
        self.nodes: list[ast.AST] = [self.module]
        self.parents: dict[ast.AST, ast.AST] = {}
        bound = set()
        for node in self.nodes:  # grows as it goes
            if isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Store):
                    bound.add(node.id)
            elif isinstance(node, ast.arg):
                bound.add(node.arg)
            elif isinstance(node, ast.FunctionDef):
                bound.add(node.name)
            for child in _children(node):
                self.parents[child] = node
                self.nodes.append(child)
        self._known = builtins
        self.names = names | bound
        self.builtins = frozenset(node.id for node in self.nodes if self._stands_for_builtin(node))
        self.effects = effects or any(_has_effects(node) for node in self.nodes)
        self._earlier = earlier

    def is_builtin(self, node: ast.AST, which: Collection[str]) -> TypeGuard[ast.Name]:
        """Whether `node` is one of the built-in names `which`, bound to nothing else on the path."""
        return isinstance(node, ast.Name) and node.id in which and node.id not in self.names

    def is_called(self, node: ast.AST) -> bool:
        """Whether `node` is called."""
        parent = self.parents[node]
        return isinstance(parent, ast.Call) and parent.func is node

    def may_act(self, node: ast.AST) -> bool:
        """Whether evaluating `node` may print or change something, so that it matters when it happens."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.keyword) and inner.arg == "key" and self.effects:
                return True
            if not isinstance(inner, ast.Call):
                continue
            if isinstance(inner.func, ast.Attribute):
                if inner.func.attr in MUTATORS:
                    return True
            elif self.is_builtin(inner.func, ("print",)) or (self.effects and self._calls_own(inner)):
                return True
        return False

    def leaves_alone(self, loop: ast.For) -> bool:
        """Whether the body of `loop` changes nothing that what it iterates over may be reading."""
        used = {node.id for node in ast.walk(loop.iter) if isinstance(node, ast.Name)}
        for node in (node for statement in loop.body for node in ast.walk(statement)):
            if self.effects and isinstance(node, ast.Call) and self._calls_own(node):
                return False
            changed = _changed_by(node)
            if changed is not None and not (
                isinstance(changed, ast.Name) and changed.id not in used and self._is_private(changed.id)
            ):
                return False
        return True

    def is_exact(self, node: ast.AST) -> bool:
        """Whether `node` seems to hold no float and no truth value, either of which may equal an integer."""
        if isinstance(node, ast.Constant):
            return not _makes_inexact(node)
        return _is_exact(node, self._inexact)

    def place_of_value(self) -> tuple[int, int] | None:
        """Return where in the code, in bytes of UTF-8, its last statement is, if that is an expression."""
        last = self.module.body[-1] if self.module.body else None
        if not isinstance(last, ast.Expr) or last.end_lineno is None or last.end_col_offset is None:
            return None
        starts = [0]  # of the lines
        for line in self._code.encode().split(b"\n"):
            starts.append(starts[-1] + len(line) + 1)
        return starts[last.lineno - 1] + last.col_offset, starts[last.end_lineno - 1] + last.end_col_offset

    @functools.cached_property
    def _inexact(self) -> set[str]:
        """The names that the path binds to something that makes a float or a truth value, or is made with such."""
        inexact: set[str] = set()
        nodes = [*ast.walk(_parse(self._earlier)), *self.nodes]
        for node in nodes + nodes:  # twice: a loop may use a name before it is bound
            if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.comprehension)):
                value = node.iter if isinstance(node, (ast.For, ast.comprehension)) else node.value
                divides = isinstance(node, ast.AugAssign) and isinstance(node.op, (ast.Div, ast.Pow))
                if value is not None and (divides or not _is_exact(value, inexact)):
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    inexact |= {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
        return inexact

    def _calls_own(self, call: ast.Call) -> bool:
        """Whether `call` may call a function of the code's own."""
        if isinstance(call.func, ast.Attribute):
            return False
        return not self.is_builtin(call.func, self._known) or call.func.id in ("map", "filter")

    def _stands_for_builtin(self, node: ast.AST) -> TypeGuard[ast.Name]:
        if not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in self._known):
            return False
        parent = self.parents[node]
        if isinstance(parent, ast.keyword):
            return True
        if isinstance(parent, ast.Call):
            maps = isinstance(parent.func, ast.Name) and parent.func.id in ("map", "filter")
            if parent.func is node or (maps and parent.args[:1] == [node]):
                return True
        return node.id not in self.names

    def _is_private(self, name: str) -> bool:
        """Whether `name` is only ever bound to new objects in this code, and no other name can reach them."""
        bound = False
        for node in self.nodes:
            if not isinstance(node, ast.Name) or node.id != name:
                continue
            parent = self.parents[node]
            if isinstance(node.ctx, ast.Store):
                if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and _is_new(parent.value):
                    bound = True
                elif not isinstance(parent, ast.AugAssign):
                    return False
            elif not self._only_reads(parent, node):
                return False
        return bound

    def _only_reads(self, parent: ast.AST, node: ast.AST) -> bool:
        """Whether `parent` looks into the object that is `node` without making another way to it."""
        if isinstance(parent, (ast.For, ast.comprehension)):
            return parent.iter is node
        if isinstance(parent, ast.Call):
            return self.is_builtin(parent.func, _KEEPS_NO_ALIAS)
        return isinstance(parent, (ast.Attribute, ast.Subscript, ast.BinOp, ast.Compare, ast.FormattedValue, ast.Expr))


def _parse(code: str) -> ast.Module:
    """Parse, again where Python was disturbed: 3.11 counts the depth of all threads' trees in one place.

    A finalizer that the garbage collector runs in between, which parses itself or lets another thread do so, leaves a
    wrong count behind, and a SystemError (python/cpython#106905). Without collections nothing comes in between.
    """
    try:
        return ast.parse(code, _NAME)
    except SystemError:
        collects = gc.isenabled()
        gc.disable()
        try:
            return ast.parse(code, _NAME)
        finally:
            if collects:
                gc.enable()


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Return the children of `node`, less operators and contexts: those are shared, and say nothing by themselves."""
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            yield from (item for item in value if isinstance(item, ast.AST) and not isinstance(item, ast.cmpop))
        elif isinstance(value, ast.AST) and field not in ("ctx", "op"):
            yield value


def _is_exact(node: ast.AST, inexact: set[str]) -> bool:
    return not any(_makes_inexact(n) or (isinstance(n, ast.Name) and n.id in inexact) for n in ast.walk(node))


def _makes_inexact(node: ast.AST) -> bool:
    """Whether `node` itself may give a float or a truth value."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (bool, float))
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, (ast.Div, ast.Pow))
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    return isinstance(node, ast.Compare) or (isinstance(node, ast.Name) and node.id in ("float", "bool", "round"))


def _has_effects(function: ast.AST) -> bool:
    """Whether `function` is one, and calling it may print or change something outside it."""
    if not isinstance(function, (ast.FunctionDef, ast.Lambda)):
        return False
    return any(
        isinstance(node, (ast.Global, ast.Nonlocal))
        or _changed_by(node) is not None
        or (isinstance(node, ast.Name) and node.id == "print")
        for node in ast.walk(function)
    )


def _changed_by(node: ast.AST) -> ast.AST | None:
    """Return the expression whose object `node` itself changes in place, if any."""
    if isinstance(node, ast.Subscript):
        return node.value if isinstance(node.ctx, ast.Store) else None
    if isinstance(node, ast.AugAssign):
        return node.target.value if isinstance(node.target, ast.Subscript) else node.target
    if isinstance(node, ast.Attribute):
        return node.value if node.attr in MUTATORS else None
    return None


def _is_new(node: ast.AST) -> bool:
    """Whether evaluating `node` makes an object that nothing else refers to, or one that cannot change."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mult) and _is_new(node.left)
    return isinstance(node, (ast.Constant, ast.List, ast.Dict, ast.ListComp, ast.DictComp, ast.JoinedStr))
