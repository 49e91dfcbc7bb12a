"""The fast lane: plain code runs in a worker of `pydantic-monty`, a sandboxed interpreter, in half a millisecond.

The state that a path of plain steps has left is kept as their text: a step runs after the text of the earlier ones,
and the output of those is dropped. That is cheaper than saving and loading Monty's own state, and there is nothing to
free. Whatever goes wrong, or would take long, is left to the full lane, which gives the same text in its own time.
"""

import contextlib
import ctypes
import importlib.util
import os
import re
import sys
import threading
import weakref
from dataclasses import dataclass
from typing import Any

from amz_env.interpreter import subset
from amz_env.interpreter.server import wire

_SECONDS = 0.05  # longer than that, and a process of its own is no dearer
_LIMITS = {
    "max_feed_duration_secs": _SECONDS,
    "max_memory": 64 << 20,
    "max_recursion_depth": 900,  # CPython's own limit is 1000, less what the full lane's own frames take
}
_LONGEST_PATH = 16_000  # characters of plain code in a row
_LONGEST_OUTPUT = 16_000  # characters; the full lane cuts very long values in its own way
# Printed by Monty, but not as CPython prints it: functions, classes, complex numbers, floats halfway between two texts.
_DIFFERENT = re.compile(r"<(?:function|built-in|class|bound)\b|(?<!\d)(?=[\d.]{17})\d{8,}+\.\d|\dj\b")
# Monty's own `round` is not always correctly rounded. The host's does it instead, and sees nothing but numbers.
_PRELUDE = """
def round(number, digits=None):
    if isinstance(number, (int, float)) and (digits is None or isinstance(digits, int)):
        return host_round(number, digits)
    return 1 + 'not plain'
"""
# What is shown of a last value, made in the worker: the host takes no structures from it, however nested.
_SHOWN = "__value = (\n{}\n)\nNone if __value is None else str(__value)\n"
_NOTHING = subset.Scope()

# Monty's threads are missing in a forked copy of the process, where whoever calls it would wait for ever. So it is not
# used there again, nor are the pools of workers that the copy has inherited taken down.
_process: int | None = None  # that has used Monty


@dataclass(frozen=True, slots=True)
class PlainState:
    """A path of plain steps: their text, the characters they have printed, and what they have defined."""

    text: str = ""
    printed: int = 0
    scope: subset.Scope = _NOTHING


class FastLane:
    """Runs plain code in a pool of Monty workers, which is started on first use. Thread-safe."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._lock = threading.Lock()
        self._pool: Any = None
        self._monty: Any = None
        self._sums_alike = True  # Python 3.12 and later sum floats more exactly than Monty does
        _lanes.add(self)

    def run(self, state: PlainState, code: str) -> tuple[PlainState, str] | None:
        """Return the state after `code` and what there is to show, or None when it takes the full lane."""
        try:
            scope = subset.check(code, state.scope, state.text)
        except subset.NotPlain:
            return None
        outcome = self._feed(state.text + _showing(code, scope.value))
        if outcome is None or ("sum" in scope.builtins and not self._sums_alike):
            return None
        printed, value = outcome
        shown = printed[state.printed :]
        if value is not None:  # what `runner.run` does with it
            shown += ("" if not shown or shown.endswith("\n") else "\n") + value
        if len(shown) > _LONGEST_OUTPUT or _DIFFERENT.search(shown):
            return None
        return PlainState(f"{state.text}{code}\n", len(printed), scope), shown

    def close(self) -> None:
        """Stop the workers. Idempotent."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.__exit__(None, None, None)

    def _feed(self, text: str) -> tuple[str, str | None] | None:
        """Run `text` in a fresh session; return what it printed and the text of its last value."""
        pool = self._started()
        if pool is None or len(text) > _LONGEST_PATH:
            return None
        output = self._monty.CollectString(wire.OUTPUT_LIMIT)
        inputs = {"host_round": _round} if "round" in text else None
        try:
            with pool.checkout(limits=_LIMITS) as session:
                value = session.feed_run(
                    _PRELUDE + text if inputs else text, external_lookup=inputs, print_callback=output
                )
        except Exception:  # its own errors, and those of the workers
            return None
        return output.output, value if isinstance(value, str) else None

    def _started(self) -> Any:
        global _process
        with self._lock:
            if self._pool is None and _process in (None, os.getpid()):
                with contextlib.suppress(ImportError):
                    import pydantic_monty

                    _process = os.getpid()
                    self._monty = pydantic_monty
                    if importlib.util.find_spec("opentelemetry") is None:
                        # Monty looks for it at each run, in vain, which takes longer than plain code does.
                        sys.modules["opentelemetry"] = None  # type: ignore[assignment] # Python's own sign for "absent"
                    pool = pydantic_monty.Monty(max_processes=self._workers, feed_duration_limit_grace=_SECONDS)
                    self._pool = pool.__enter__()
                    with self._pool.checkout() as session:
                        self._sums_alike = session.feed_run("sum([0.1] * 10)") == sum([0.1] * 10)
            return self._pool


_lanes: weakref.WeakSet[FastLane] = weakref.WeakSet()


def _abandon() -> None:
    """Keep what a forked copy has inherited from being taken down there."""
    for lane in _lanes:
        if lane._pool is not None:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(lane._pool))


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_abandon)


def _round(number: Any, digits: Any = None) -> Any:
    """Python's `round`, for plain numbers of sane size."""
    if type(number) not in (int, float) or type(digits) not in (int, type(None)):
        raise TypeError
    if (isinstance(number, int) and number.bit_length() > 10_000) or (digits is not None and abs(digits) > 400):
        raise ValueError
    return round(number, digits)


def _showing(code: str, value: tuple[int, int] | None) -> str:
    """Return `code` with its last expression, at `value`, made to give its text."""
    if value is None:
        return f"{code}\nNone\n"  # else Monty gives the value of an earlier statement
    source = code.encode()
    start, end = value
    return source[:start].decode() + _SHOWN.format(source[start:end].decode())
