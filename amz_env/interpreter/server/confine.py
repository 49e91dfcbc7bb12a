"""Puts on the layers of confinement, each as far as this host allows, and tells which it has."""

import os
import resource
import sys
from collections.abc import Callable

from amz_env.interpreter.server import kernel, landlock, namespaces, seccomp, wire

_HIDDEN = ("site-packages", "dist-packages")
_OPEN_FILES = 64
_PR_SET_NO_NEW_PRIVS, _PR_SET_DUMPABLE = 38, 4


def library() -> list[str]:
    """Return the folders of the standard library, by every path that leads to them."""
    paths = [path for path in sys.path if os.path.isdir(path)]
    paths = sorted({*paths, *map(os.path.realpath, paths)})
    return [path for path in paths if not any(path.startswith(f"{other}/") for other in paths)]


def attempt(layers: dict[str, str], name: str, action: Callable[[], object]) -> bool:
    """Do `action`; note under `name` nothing, or why it failed."""
    try:
        action()
    except OSError as error:
        layers[name] = str(error)
    else:
        layers[name] = ""
    return not layers[name]


def enter_namespaces(layers: dict[str, str]) -> None:
    """Move to new namespaces, and go on in a forked child, the first process there."""
    _sacrifice()
    attempt(layers, "namespaces", namespaces.enter)
    if os.fork() != 0:  # also after a failure, which may have come half-way
        os._exit(0)


def close_in(layers: dict[str, str], packages: list[str], memory: int, gate: bool) -> int:
    """Put on all that must come last, when everything is imported; return the listener of the `gate`, or 0."""
    address_space = _address_space() + memory
    layers["root"] = layers["namespaces"]
    hidden = [f"{folder}/{name}" for folder in library() for name in _HIDDEN if os.path.isdir(f"{folder}/{name}")]
    if not layers["root"] and attempt(layers, "root", lambda: namespaces.build_root(library() + packages, hidden)):
        # Only here: a Python below /root, say, is out of nobody's reach without a root directory of our own.
        attempt(layers, "identity", namespaces.become_nobody)
    limits = {
        resource.RLIMIT_AS: address_space,
        resource.RLIMIT_FSIZE: wire.SLATE_LIMIT,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }

    def set_limits() -> None:
        for limit, value in limits.items():
            resource.setrlimit(limit, (value, value))

    attempt(layers, "memory", set_limits)
    attempt(layers, "capabilities", _give_up_privileges)
    attempt(layers, "landlock", lambda: landlock.restrict(_visible() + packages))
    listener = 0

    def install(with_gate: bool) -> None:
        nonlocal listener
        listener = seccomp.install(seccomp.program(with_gate), listener=with_gate)

    layers["gate"] = "not asked for"
    if gate and attempt(layers, "gate", lambda: install(True)):
        layers["seccomp"] = ""
    else:
        attempt(layers, "seccomp", lambda: install(False))
    return listener


def _give_up_privileges() -> None:
    kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1)
    kernel.drop_capabilities()
    kernel.prctl(_PR_SET_DUMPABLE, 0)


def _sacrifice() -> None:
    """Let the kernel, when memory runs out, kill a step rather than the trainer."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass


def _visible() -> list[str]:
    """Return what of the standard library may be read: a rule holds for all beneath it, so what is hidden is left out.

    The folder itself cannot be listed then. Imports do without: Python has listed it before, and remembers.
    """
    return [f"{folder}/{name}" for folder in library() for name in sorted(os.listdir(folder)) if name not in _HIDDEN]


def _address_space() -> int:
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
