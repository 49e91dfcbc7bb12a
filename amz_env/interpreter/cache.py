"""A bounded memory of what has been run, and of what is running: the same code on the same path is not run twice."""

import asyncio
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Generic, TypeVar

Value = TypeVar("Value")

# Code that may give something else the next time, and so is always run: it draws random numbers, reads a clock, shows
# an address, or may do so by a name made up on the way. A word in a comment is enough: a false alarm costs little.
_CHANGING = re.compile(
    r"rand|secrets|uuid|time|clock|date|shuffle|sample|choice|entropy|object|import_|importlib|ctypes"
    r"|\b(?:id|hash|os|eval|exec|getattr|globals|vars|modules)\b"
)
_LONGEST = 1 << 16  # characters of code that are worth remembering


def changes(code: str) -> bool:
    """Return whether `code` may behave differently from run to run, or is too long to be kept."""
    return len(code) > _LONGEST or _CHANGING.search(code) is not None


def digest(parent: bytes, code: str) -> bytes:
    """Return what identifies a path: the digest of the path before it and of its last piece of code."""
    return hashlib.blake2b(parent + code.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Cache(Generic[Value]):
    """The `size` most recently used values, by digest. Thread-safe."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._values: OrderedDict[bytes, Value] = OrderedDict()

    def get(self, key: bytes) -> Value | None:
        """Return the value of `key`, or None."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: bytes, value: Value) -> None:
        """Remember `value`, and forget the least recently used one beyond the bound."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._size:
                self._values.popitem(last=False)


class Underway(Generic[Value]):
    """Work that is being done, by digest: whoever asks for the same meanwhile shares it. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[bytes, tuple[Future[Value], int]] = {}  # with the number of those who wait for it

    def __contains__(self, key: bytes) -> bool:
        return key in self._running

    async def share(self, key: bytes, start: Callable[[], Future[Value]]) -> Value:
        """Wait for the work of `key`, started here unless it is under way; given up with the last who waits for it."""
        mine: Future[Value] = Future()  # can be given up without giving up that of others
        with self._lock:
            running, waiting = self._running.get(key) or (start(), 0)
            self._running[key] = running, waiting + 1
        running.add_done_callback(partial(_hand_on, mine))
        try:
            return await asyncio.wrap_future(mine)
        finally:
            self._leave(key)

    def _leave(self, key: bytes) -> None:
        with self._lock:
            running, waiting = self._running.pop(key)
            if waiting > 1:
                self._running[key] = running, waiting - 1
        if waiting == 1:
            running.cancel()


def _hand_on(mine: Future[Value], running: Future[Value]) -> None:
    if running.cancelled():
        mine.cancel()
    elif mine.set_running_or_notify_cancel():
        error = running.exception()
        if error is not None:
            mine.set_exception(error)
        else:
            mine.set_result(running.result())
