"""The one place where mpmath is imported, which has no type annotations: ``mp`` is its context of adjustable precision.

Only a worker imports this module.
"""

from importlib import import_module
from typing import Any

mp: Any = import_module("mpmath").mp
