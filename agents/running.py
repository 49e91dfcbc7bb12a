"""Running a coroutine to its end from code that is not asynchronous, in a notebook too."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine and return what it returns.

    As `asyncio.run`, but also where an event loop is running already, as in every cell of a notebook: then in a thread
    of its own, while this one waits. An interruption of the waiting cancels the coroutine.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(main)
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = []

    async def known() -> T:
        task = asyncio.current_task()
        assert task is not None  # `asyncio.run` makes one
        running.append((asyncio.get_running_loop(), task))
        return await main

    with ThreadPoolExecutor(1, thread_name_prefix="agents") as thread:
        try:
            return thread.submit(asyncio.run, known()).result()
        except KeyboardInterrupt:
            for loop, task in running:
                with suppress(RuntimeError):  # it has just ended by itself
                    loop.call_soon_threadsafe(task.cancel)
            raise
