"""Bad input, told apart from faults: what the user gave is answered in one line, a fault keeps its traceback."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


class BadInput(Exception):
    """What the user gave cannot be used; the message is one line that says why and what would do."""


@contextmanager
def bad_input() -> Iterator[None]:
    """Take the ValueErrors, OSErrors and ImportErrors of reading input as the user's, and raise them as `BadInput`.

    With AMZ_DEBUG set in the environment they pass unchanged, traceback and all.
    """
    try:
        yield
    except (ValueError, OSError, ImportError) as error:
        if os.environ.get("AMZ_DEBUG") or isinstance(error, BrokenPipeError):
            raise
        raise BadInput(one_line(error)) from None


def one_line(error: BaseException) -> str:
    """Return an exception's message on one line; of an exception group, that of its first exception."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    message = " ".join(str(error).split())
    if isinstance(error, OSError) and error.strerror is not None:
        return f"{error.strerror}: {error.filename}" if error.filename is not None else error.strerror
    if isinstance(error, ValueError | ImportError | OSError) and message:
        return message
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
