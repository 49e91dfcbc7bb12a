"""Which version of this project runs."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed


def version() -> str:
    """Return the version of the installed package, or ``unknown`` in a bare checkout."""
    try:
        return installed("alphamath-zero")
    except PackageNotFoundError:
        return "unknown"
