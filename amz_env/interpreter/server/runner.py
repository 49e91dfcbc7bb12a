"""Runs one step's code in its process and shows what came of it."""

import ast
import io
import sys
import types
from collections.abc import Callable
from typing import Any, NoReturn, Protocol

from amz_env.interpreter.server import official, wire

_FILENAME = "<string>"  # what CPython itself calls code from a string; it shows in the text of a SyntaxError
PROLOGUE = "from sympy import *"
_SHOWN = wire.OUTPUT_LIMIT // 8  # characters kept of a value or message that is too long, so that it never floods


class Paper(Protocol):
    """What a step reads its code from and writes its output to: `wire.Slate`, or a stand-in."""

    code: bytes
    style: int

    def write(self, data: bytes) -> bool:
        """Append `data`; return whether it all fitted."""

    @property
    def at_line_start(self) -> bool:
        """Whether the next character begins a line."""


class Unseen:
    """The paper of a step that is run again: its output has been shown already."""

    at_line_start = True

    def __init__(self, code: bytes, style: int) -> None:
        self.code = code
        self.style = style

    def write(self, data: bytes) -> bool:
        """Drop `data`."""
        return True


class Screen(io.RawIOBase):
    """Standard output of a step: every write goes to the slate at once, so a killed step's output is kept."""

    def __init__(self, slate: Paper, flood: Callable[[], NoReturn]) -> None:
        self._slate = slate
        self._flood = flood

    def writable(self) -> bool:
        """Return True: `io.TextIOWrapper` asks."""
        return True

    def write(self, data: Any) -> int:
        """Append to the slate; a flood ends the process."""
        if not self._slate.write(bytes(data)):
            self._flood()
        return len(data)


class World:
    """What the steps of a path run in: a module ``__main__`` (classes that they define look for theirs there).

    Attributes:
        namespace: Of that module.
        prepared: A world in which the code `PROLOGUE` has been run, to move to when a first step begins with it. This
            spares each path the writing to, and so the copying of, a thousand objects.
    """

    def __init__(self, prepared: "World | None" = None) -> None:
        self._module = types.ModuleType("__main__")
        self.namespace = self._module.__dict__
        self.prepared = prepared
        self.enter()

    def enter(self) -> None:
        """Make its module the ``__main__`` of this process."""
        sys.modules["__main__"] = self._module

    def evaluate(self, code: str) -> Any:
        """Run `code`; return the value of its last statement if that is an expression, else None."""
        module = ast.parse(code, _FILENAME)
        prepared, self.prepared = self.prepared, None
        if prepared is None or not _begins_with_prologue(module):
            return _execute(*_compile(module), self.namespace)
        module.body[0] = ast.copy_location(ast.Pass(), module.body[0])
        compiled = _compile(module)
        prepared.enter()
        self._module, self.namespace = prepared._module, prepared.namespace
        return _execute(*compiled, self.namespace)


def run(slate: Paper, flood: Callable[[], NoReturn], world: World) -> bytes:
    """Run the slate's code in `world`; return `wire.OK` or `wire.ERROR`. `flood` is called on too much output."""
    # No buffer in between: like `python -u`. Lone surrogates are printed as escapes rather than failing.
    raw: Any = Screen(slate, flood)
    sys.stdout = io.TextIOWrapper(raw, "utf-8", "backslashreplace", newline="", write_through=True)
    try:
        code = slate.code.decode("utf-8", "surrogatepass")
        if slate.style == wire.OFFICIAL:
            sys.stdout = io.StringIO()  # what the authors' tool does not capture is not shown
            value: Any = official.evaluate(code, world.namespace)
        else:
            value = world.evaluate(code)
        if value is not None:
            _show(slate, str(value))
        return wire.OK
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: they are the step's, not ours
        _show(slate, describe(error))
        return wire.ERROR


def evaluate(code: str, namespace: dict[str, Any]) -> Any:
    """Run `code` in `namespace`; return the value of its last statement if that is an expression, else None."""
    return _execute(*_compile(ast.parse(code, _FILENAME)), namespace)


def _begins_with_prologue(module: ast.Module) -> bool:
    match module.body[:1]:
        case [ast.ImportFrom(module="sympy", names=[ast.alias(name="*")], level=0)]:
            return True
    return False


def _compile(module: ast.Module) -> tuple[types.CodeType, types.CodeType | None]:
    """Compile all of it, so that nothing is run of what is not Python; its last expression apart."""
    last = module.body[-1] if module.body else None
    if not isinstance(last, ast.Expr):
        return compile(module, _FILENAME, "exec", dont_inherit=True), None
    module.body.pop()
    first = compile(module, _FILENAME, "exec", dont_inherit=True)
    return first, compile(ast.Expression(last.value), _FILENAME, "eval", dont_inherit=True)


def _execute(first: types.CodeType, last: types.CodeType | None, namespace: dict[str, Any]) -> Any:
    exec(first, namespace)
    return None if last is None else eval(last, namespace)


def describe(error: BaseException) -> str:
    """Return ``TypeName: message``, whatever the exception's class does to prevent it."""
    name = type.__dict__["__name__"].__get__(type(error))  # past a metaclass that overrides __name__
    try:
        message = str(error)
    except BaseException:
        message = "<no message: its __str__ failed>"
    return f"{name}: {message}" if message else name


def _show(slate: Paper, text: str) -> None:
    """Write `text` on a line of its own."""
    if len(text) > 2 * _SHOWN:
        text = text[:_SHOWN] + "..." + text[-_SHOWN:]
    line = text.encode("utf-8", "backslashreplace")
    slate.write(line if slate.at_line_start else b"\n" + line)
