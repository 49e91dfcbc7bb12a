"""What processes that work for one command have in common."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess


@dataclass(frozen=True, slots=True)
class Place:
    """This process is number `number` of `count` that do the same work side by side."""

    number: int = 0
    count: int = 1

    def gpu(self, gpus: int) -> int:
        """Return which of `gpus` GPUs this process uses: they are dealt out in turn."""
        return self.number % gpus

    def neighbours(self, gpus: int) -> int:
        """Return how many processes use the same GPU, this one included."""
        return len(range(self.gpu(gpus), self.count, gpus))


_place = Place()


def take_place(place: Place) -> None:
    """Say which of several processes this one is, before it loads a model."""
    global _place
    _place = place


def own_place() -> Place:
    """Return which of several processes this one is."""
    return _place


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that works for this one, and this one's end of the pipe between them."""

    process: SpawnProcess
    pipe: Connection


def started(serve: Callable[..., None], *arguments: object) -> Worker:
    """Start ``serve(pipe, *arguments)`` in a process of its own; to be called where interrupts are ignored."""
    context = multiprocessing.get_context("spawn")  # a fork would copy torch's and the interpreter's threads dead
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    return Worker(process, ours)


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Start processes in here that an interruption must not end before they are ready for one.

    A terminal interrupts all processes at once; the first one decides what becomes of the others.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def told_of_death() -> Iterator[None]:
    """Name the cause where a process is gone that is talked to in here.

    Raises:
        RuntimeError: a worker process died.
    """
    try:
        yield
    except (EOFError, OSError):
        raise RuntimeError("a worker process died; without --workers its reason would be seen") from None
