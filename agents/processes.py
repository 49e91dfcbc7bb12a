"""What processes that work for one command have in common."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


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
