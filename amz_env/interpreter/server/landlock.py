"""Landlock: files are read-only and only those of the Python library; no network, no signals to the outside."""

import os
import struct

from amz_env.interpreter.server import kernel

_READ = 1 << 2 | 1 << 3  # READ_FILE, READ_DIR
_READ_FILE = 1 << 2
# Rights that exist by ABI version 1, 2, 3 and 5. All are taken away where no rule gives them back.
_FILE_RIGHTS = ((1, (1 << 13) - 1), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
_CREATE_VERSION = 1
_PATH_BENEATH = 1


def version() -> int:
    """Return the version of Landlock's interface.

    Raises:
        OSError: this kernel has no Landlock, or it is switched off.
    """
    return kernel.call("landlock_create_ruleset", None, 0, _CREATE_VERSION)


def restrict(readable: list[str]) -> None:
    """Confine this process, for good: of all files, only those beneath `readable` can be opened, for reading.

    Raises:
        OSError: the kernel refused.
    """
    abi = version()
    handled = 0
    for since, rights in _FILE_RIGHTS:
        if abi >= since:
            handled |= rights
    network = 3 if abi >= 4 else 0  # bind and connect
    scoped = 3 if abi >= 6 else 0  # abstract sockets and signals
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    attributes = struct.pack("=QQQ", handled, network, scoped)[:size]
    ruleset = kernel.call("landlock_create_ruleset", attributes, size, 0)
    try:
        for path in readable:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                rights = _READ if os.path.isdir(path) else _READ_FILE
                rule = struct.pack("=Qi", rights, descriptor)
                kernel.call("landlock_add_rule", ruleset, _PATH_BENEATH, rule, 0)
            finally:
                os.close(descriptor)
        kernel.call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)
