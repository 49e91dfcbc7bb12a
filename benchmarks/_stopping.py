"""What Ctrl-C does to a measurement."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def stoppable(then: str = "the same command goes on") -> Iterator[None]:
    """On Ctrl-C leave with the exit code of an interruption and without a traceback, saying what follows from it.

    Args:
        then: what becomes of that which was measured.
    """
    try:
        yield
    except KeyboardInterrupt:
        print(f"interrupted; {then}", file=sys.stderr)
        raise SystemExit(130) from None
