"""Bad input and unfit hosts, told apart from faults: they are answered in a few words, a fault keeps its traceback."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


class BadInput(Exception):
    """What the user gave cannot be used; the message is one line that says why and what would do."""


@contextmanager
def bad_input(hint: str = "") -> Iterator[None]:
    """Take the ValueErrors, OSErrors and ImportErrors of reading input as the user's, and raise them as `BadInput`.

    With AMZ_DEBUG set in the environment they pass unchanged, traceback and all.

    Args:
        hint: added to the message; for work so long that it might be a fault after all.
    """
    try:
        yield
    except (ValueError, OSError, ImportError) as error:
        if os.environ.get("AMZ_DEBUG") or isinstance(error, BrokenPipeError) or _is_ours(error):
            raise
        raise BadInput(one_line(error) + hint) from None


def _is_ours(error: Exception) -> bool:
    """Whether a module of this project is missing: a fault, where a missing extra is not."""
    return isinstance(error, ImportError) and (error.name or "").partition(".")[0] in ("agents", "amz_env")


class Unfit(Exception):
    """This machine cannot do what was asked; the message says why and what would help."""


@contextmanager
def unfit_host() -> Iterator[None]:
    """Raise `Unfit` where code cannot be confined on this host, however deep in a search that came out."""
    try:
        yield
    except Exception as error:
        from amz_env.interpreter import SandboxUnavailable

        cause = innermost(error)
        if not isinstance(cause, SandboxUnavailable) or os.environ.get("AMZ_DEBUG"):
            raise
        raise Unfit(str(cause)) from None


def innermost(error: BaseException) -> BaseException:
    """Return the exception itself, or the first one inside an exception group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def one_line(error: BaseException) -> str:
    """Return an exception's message on one line; of an exception group, that of its first exception."""
    error = innermost(error)
    message = " ".join(str(error).split())
    if isinstance(error, OSError) and error.strerror is not None:
        return f"{error.strerror}: {error.filename}" if error.filename is not None else error.strerror
    if isinstance(error, ValueError | ImportError | OSError) and message:
        return message
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
