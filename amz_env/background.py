"""Asynchronous work asked for by synchronous code, also where an event loop is running already (a notebook)."""

import asyncio
import os
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine and return its result: as `asyncio.run`, but also where an event loop is running already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    return run_in_background(work)


def run_in_background(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the background's event loop, wait for it, and return its result.

    An interruption of the wait gives the work up.
    """
    running = asyncio.run_coroutine_threadsafe(work, _loop())
    try:
        return running.result()
    except BaseException:  # an interrupt too: nobody waits for the rest
        running.cancel()
        raise


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return this process's event loop for such work, in a thread of its own."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="amz-background", daemon=True).start()
    return loop


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_loop.cache_clear)  # a forked copy has no such thread
