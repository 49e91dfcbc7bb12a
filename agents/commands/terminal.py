"""What the commands share in the terminal: consoles, and warnings in one line."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

_WIDTH_OF_FILES = 120


class _Output(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to `agents.cli` that the reader has gone; rich would exit with code 1."""
        raise BrokenPipeError


def output() -> Console:
    """Return the console of results, on stdout; in a pipe or file it is wide enough for the tables."""
    return _Output(width=None if sys.stdout.isatty() else _WIDTH_OF_FILES, highlight=False)


def progress_output() -> Console:
    """Return the console of progress and remarks, on stderr, so that stdout can be piped."""
    return Console(stderr=True, highlight=False)


@contextmanager
def short_warnings() -> Iterator[None]:
    """Print warnings of reading input as one line each on stderr."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        yield
    for warning in caught:
        print(f"amz: warning: {warning.message}", file=sys.stderr)
