"""Where the time of a search goes: its own work, told apart from what it waits for.

Searches wait most of the time, for the model and for code, side by side in one thread; so the time between two lines of
a search says nothing. What its own lines take is measured each time the event loop lets them run.
"""

from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from time import perf_counter, thread_time
from typing import Any, TypeVar, cast

from agents.base import Cost
from amz_env.dynamics import RunsCode
from amz_env.interpreter import Execution, Snapshot

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Metered(Coroutine[Any, Any, T]):
    """A coroutine that tells what each of its turns takes. To be awaited, or made a task of.

    Tasks that it starts have turns of their own, which count nowhere unless they are metered too (`Search.gather`).

    Attributes:
        work: the coroutine.
        spent: called with the processor seconds of this thread that a turn took.
    """

    work: Coroutine[Any, Any, T]
    spent: Callable[[float], None]

    def send(self, value: Any) -> Any:
        """Let the coroutine work until it waits for something, and return that."""
        return self._turn(self.work.send, value)

    def throw(self, *error: Any) -> Any:
        """Let it deal with what went wrong: a cancellation, or what it waited for failed."""
        return self._turn(self.work.throw, *error)

    def close(self) -> None:
        """Give it up."""
        self.work.close()

    def __await__(self) -> Generator[Any, Any, T]:
        return cast("Generator[Any, Any, T]", self)  # `await` asks for no more than `send`, `throw` and `__next__`

    def __iter__(self) -> "Metered[T]":
        return self

    def __next__(self) -> Any:
        return self.send(None)

    def _turn(self, take: Callable[..., Any], *arguments: Any) -> Any:
        start = thread_time()
        try:
            return take(*arguments)
        finally:
            self.spent(thread_time() - start)


def metered(part: Coroutine[Any, Any, T], cost: Cost) -> Metered[T]:
    """Return a part of a search that puts its processor time on the search's account."""

    def worked(seconds: float) -> None:
        cost.search_seconds += seconds

    return Metered(part, worked)


@dataclass(frozen=True, slots=True)
class MeteredInterpreter:
    """An interpreter whose runs are put on a search's account.

    Attributes:
        interpreter: runs the code.
        cost: its `code_seconds` grow by the wall time of each run; the part of it that the interpreter worked in this
            thread (its fast lane) is no work of the search and leaves `search_seconds`.
    """

    interpreter: RunsCode
    cost: Cost

    def root(self) -> Snapshot:
        """Return a fresh state."""
        return self.interpreter.root()

    def run(self, snapshot: Snapshot, code: str) -> Execution:
        """Run `code` on top of `snapshot`."""
        start = perf_counter()
        execution = self.interpreter.run(snapshot, code)
        self.cost.code_seconds += perf_counter() - start
        return execution

    async def run_async(self, snapshot: Snapshot, code: str) -> Execution:
        """Run `code` on top of `snapshot` without blocking the event loop."""
        start = perf_counter()
        execution = await Metered(self.interpreter.run_async(snapshot, code), self._not_the_search)
        self.cost.code_seconds += perf_counter() - start
        return execution

    def _not_the_search(self, seconds: float) -> None:
        self.cost.search_seconds -= seconds
