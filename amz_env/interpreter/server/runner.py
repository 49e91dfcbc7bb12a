"""Runs one step's code in its process and shows what came of it."""

import ast
import io
import os
import socket
import sys
from typing import Any

from amz_env.interpreter.server import wire

_FILENAME = "<string>"  # what CPython itself calls code from a string; it shows in the text of a SyntaxError
_SHOWN = wire.OUTPUT_LIMIT // 8  # characters kept of a value or message that is too long, so that it never floods


class Screen(io.RawIOBase):
    """Standard output of a step: every write goes to the slate at once, so a killed step's output is kept."""

    def __init__(self, slate: wire.Slate, control: socket.socket) -> None:
        self._slate = slate
        self._control = control

    def writable(self) -> bool:
        """Return True: `io.TextIOWrapper` asks."""
        return True

    def write(self, data: Any) -> int:
        """Append to the slate; a flood ends the process."""
        if not self._slate.write(bytes(data)):
            self._control.send(wire.FLOOD)
            os._exit(0)
        return len(data)


def run(slate: wire.Slate, control: socket.socket, namespace: dict[str, Any]) -> bytes:
    """Run the slate's code in `namespace`; return `wire.OK` or `wire.ERROR`."""
    # No buffer in between: like `python -u`. Lone surrogates are printed as escapes rather than failing.
    raw: Any = Screen(slate, control)
    screen = io.TextIOWrapper(raw, "utf-8", "backslashreplace", newline="", write_through=True)
    sys.stdout = screen
    try:
        value = evaluate(slate.code.decode("utf-8", "surrogatepass"), namespace)
        if value is not None:
            _show(slate, str(value))
        return wire.OK
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: they are the step's, not ours
        _show(slate, describe(error))
        return wire.ERROR


def evaluate(code: str, namespace: dict[str, Any]) -> Any:
    """Run `code`; return the value of its last statement if that is an expression, else None."""
    module = ast.parse(code, _FILENAME)
    last = module.body.pop() if module.body and isinstance(module.body[-1], ast.Expr) else None
    exec(compile(module, _FILENAME, "exec", dont_inherit=True), namespace)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), _FILENAME, "eval", dont_inherit=True), namespace)


def describe(error: BaseException) -> str:
    """Return ``TypeName: message``, whatever the exception's class does to prevent it."""
    name = type.__dict__["__name__"].__get__(type(error))  # past a metaclass that overrides __name__
    try:
        message = str(error)
    except BaseException:
        message = "<no message: its __str__ failed>"
    return f"{name}: {message}" if message else name


def _show(slate: wire.Slate, text: str) -> None:
    """Write `text` on a line of its own."""
    if len(text) > 2 * _SHOWN:
        text = text[:_SHOWN] + "..." + text[-_SHOWN:]
    line = text.encode("utf-8", "backslashreplace")
    slate.write(line if slate.at_line_start else b"\n" + line)
