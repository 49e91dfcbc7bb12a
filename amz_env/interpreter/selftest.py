"""The self-test at start: is every property that the interpreter promises true on this host?"""

import inspect
import json
import os
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final, NamedTuple

from amz_env.interpreter.server import probe


class SandboxUnavailable(RuntimeError):
    """This host cannot confine model-written code as promised: the message names property, cause and remedy."""


class Property(NamedTuple):
    """A promise, and the layers of confinement of which at least one keeps it."""

    promise: str
    layers: tuple[str, ...]


PROPERTIES: Final = {
    "read": Property("files of the host cannot be read", ("landlock", "root")),
    "write": Property("files of the host cannot be changed", ("landlock", "seccomp", "root")),
    "create": Property("files cannot be created", ("landlock", "seccomp", "root")),
    "environment": Property("environment variables of the host cannot be seen", ()),
    "network": Property("there is no network", ("seccomp",)),
    "fork": Property("code cannot start processes", ("seccomp",)),
    "threads": Property("code cannot start threads", ("seccomp",)),
    "exec": Property("code cannot start programs", ("seccomp", "landlock")),
    "signals": Property("processes of the host cannot be signalled", ("seccomp",)),
    "parent": Property("processes of the host cannot be looked at", ("root", "landlock")),
    "memory": Property("memory is bounded", ("memory",)),
    "descriptors": Property("no open files of the host are passed on", ()),
    "kernel": Property("rare interfaces of the kernel are closed", ("seccomp",)),
    "time": Property("code that runs too long is killed", ()),
    "branches": Property("a state can be continued twice, apart", ()),
}
_REMEDIES: Final = {
    "landlock": "a kernel of version 5.13 or later with Landlock switched on (see /sys/kernel/security/lsm), and in a "
    "container a seccomp profile that lets its calls through (Docker since 23.0)",
    "root": "namespaces for unprivileged users (sysctl user.max_user_namespaces above 0 and, on Ubuntu, "
    "kernel.apparmor_restrict_unprivileged_userns=0)",
    "seccomp": "a kernel with seccomp filters, on x86_64 or aarch64",
    "memory": "a host where limits on address space hold",
}
# x86_64 and others differ in these numbers; elsewhere the list is left to the filter's own default.
_INTERFACES: Final = {
    "ptrace": 101,
    "mount": 165,
    "keyctl": 250,
    "unshare": 272,
    "perf_event_open": 298,
    "process_vm_readv": 310,
    "seccomp": 317,
    "memfd_create": 319,
    "bpf": 321,
    "userfaultfd": 323,
    "io_uring_setup": 425,
    "pidfd_open": 434,
}

PATIENCE: Final = 60.0  # seconds for a probe that takes milliseconds: a busy machine is no reason to refuse it

Run = Callable[[str, float], tuple[str, str]]
"""Runs code in a fresh state with a limit in seconds; gives its status and its output."""


def examine(run: Run, branch: Callable[[], bool], memory: int, environment: Collection[str]) -> dict[str, str]:
    """Return the properties that do not hold, each with what was seen instead.

    The server's own `environment` is no leak, even where the host has variables of the same names.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        secret, victim = Path(folder, "secret"), Path(folder, "victim")
        secret.write_text("a secret of the host")
        victim.write_text("")
        victim.chmod(0o666)
        names = [name for name in os.environ if name not in environment]
        numbers = _INTERFACES if os.uname().machine == "x86_64" else {}
        arguments = (str(secret), str(victim), names, os.getpid(), memory + (64 << 20), numbers)
        status, output = run(f"{inspect.getsource(probe)}\ncheck{arguments!r}", PATIENCE)
    seen = _read(status, output)
    if run("while True: pass", 0.05)[0] != "timeout":
        seen["time"] = "it was not killed"
    if not branch():
        seen["branches"] = "the second continuation failed"
    return {name: what for name, what in seen.items() if what}


def complaint(missing: dict[str, str], layers: dict[str, str]) -> str:
    """Return the message of `SandboxUnavailable`: property, cause and remedy."""
    lines = ["this host cannot confine model-written code as promised:"]
    failed = dict.fromkeys(
        layer for name in missing for layer in PROPERTIES[name].layers if layers.get(layer, "not tried")
    )
    lines += [f"  - {PROPERTIES[name].promise}: not so ({what})" for name, what in missing.items()]
    lines += [f"  cause: no {layer}: {layers.get(layer, 'not tried')}" for layer in failed]
    lines += [f"  remedy: {_REMEDIES[layer]}" for layer in failed if layer in _REMEDIES]
    lines.append(
        "  or, in a container or virtual machine that may be thrown away: isolation='weak' (or AMZ_ISOLATION=weak) "
        "runs the code all the same, and every record says so"
    )
    return "\n".join(lines)


def _read(status: str, output: str) -> dict[str, str]:
    """Return what each probe saw; of a probe that did not answer, that."""
    try:
        answers = json.loads(output)
    except ValueError:
        answers = {}
    unknown = f"the probe ended with {status}: {output[-200:]!r}"
    return {name: str(answers.get(name, unknown)) for name in PROPERTIES if name not in ("time", "branches")}
