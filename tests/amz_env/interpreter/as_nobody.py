"""Run a command as an unprivileged user: ``python as_nobody.py -- COMMAND ...``. Root becomes nobody; others stay.

A Python below a folder that only root may enter, as ``/root``, is made visible in a view of the files that only the
command has.
"""

import os
import sys
import tempfile
from pathlib import Path

from amz_env.interpreter.server import kernel, namespaces

_NEW_MOUNTS = 0x00020000
_BIND, _MOVE, _RECURSIVE, _PRIVATE = 4096, 8192, 16384, 1 << 18


def become_nobody(*needed: Path) -> None:
    """Give up root's identity for that of nobody, for good, and keep the folders `needed` within reach.

    Raises:
        OSError: this host does not let root do so.
    """
    if os.geteuid() != 0:
        return
    kernel.call("unshare", _NEW_MOUNTS)
    kernel.call("mount", None, b"/", None, _RECURSIVE | _PRIVATE, None)
    hidden = {folder: closed for folder in needed if (closed := _closed_above(folder))}
    aside = {folder: tempfile.mkdtemp().encode() for folder in hidden}
    for folder, place in aside.items():
        kernel.call("mount", bytes(folder), place, None, _BIND | _RECURSIVE, None)
    for closed in set(hidden.values()):
        kernel.call("mount", b"tmpfs", bytes(closed), b"tmpfs", 0, b"mode=755")
    for folder, place in aside.items():
        folder.mkdir(parents=True)
        kernel.call("mount", place, bytes(folder), None, _MOVE, None)
    namespaces.become_nobody()


def _closed_above(folder: Path) -> Path | None:
    """Return the outermost folder on the way to `folder` that others than its owner may not enter."""
    return next((parent for parent in reversed(folder.parents) if not parent.stat().st_mode & 1), None)


if __name__ == "__main__":
    split = sys.argv.index("--")
    become_nobody(*(Path(path).resolve() for path in (sys.base_prefix, sys.prefix, os.getcwd())))
    os.environ |= {"HOME": tempfile.mkdtemp(), "PYTHONDONTWRITEBYTECODE": "1"}
    os.execvp(sys.argv[split + 1], sys.argv[split + 1 :])
