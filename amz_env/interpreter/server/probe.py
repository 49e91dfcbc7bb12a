"""What a step tries at start to see whether its confinement holds. It runs as a step does, not in the host.

The host sends the text of this file as code. Each probe returns nothing when the property holds, else what it got.
"""

import ctypes
import json
import os
from collections.abc import Callable


def outcome(action: Callable[[], object]) -> str:
    """Return what came of an `action` that must fail: nothing when it failed as if forbidden or absent."""
    try:
        result = action()
    except (OSError, MemoryError, RuntimeError, ImportError):
        return ""
    return f"{result!r:.80}" or "done"


def syscall(number: int, *arguments: int) -> int:
    """Make a system call; its failure is an OSError."""
    result = int(ctypes.CDLL(None, use_errno=True).syscall(number, *map(ctypes.c_long, arguments)))
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result


def read_file(path: str) -> str:
    """Return the start of a file."""
    with open(path) as file:
        return file.read(80)


def write_file(path: str) -> str:
    """Write to a file."""
    with open(path, "a") as file:
        file.write("x")
    return f"wrote {path}"


def fork() -> int:
    """Fork."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    return child


def thread() -> str:
    """Start a thread."""
    import _thread

    _thread.start_new_thread(int, ())
    return "a thread"


def descriptors() -> list[int]:
    """Return the open descriptors beyond the standard ones, the slate and the control socket."""
    found = []
    for number in range(3, 64):
        try:
            os.fstat(number)
        except OSError:
            continue
        found.append(number)
    if len(found) <= 2:
        raise OSError
    return found


def connect() -> str:
    """Make a socket."""
    import socket

    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        try:
            socket.socket(family)
        except OSError:
            continue
        return f"a socket of family {family}"
    raise OSError


def kernel_interfaces(numbers: dict[str, int]) -> str:
    """Return the first system call of `numbers` that is not refused."""
    for name, number in numbers.items():
        try:
            syscall(number, 0, 0, 0, 0, 0)
        except OSError as error:
            if error.errno not in (1, 38):  # EPERM, ENOSYS: it never came to look at the arguments
                return f"{name}: errno {error.errno}"
        else:
            return name
    raise OSError


def check(secret: str, victim: str, environment: list[str], host: int, size: int, numbers: dict[str, int]) -> None:
    """Print, as JSON, what came of each probe."""
    probes: dict[str, Callable[[], object]] = {
        "read": lambda: read_file(secret),
        "write": lambda: write_file(victim),
        "create": lambda: write_file(secret + ".new"),
        "environment": lambda: [name for name in environment if name in os.environ] or os.stat("/no such file"),
        "network": connect,
        "fork": fork,
        "threads": thread,
        "exec": lambda: os.execv("/bin/true", ["true"]),
        "signals": lambda: os.kill(host, 0),
        "parent": lambda: read_file(f"/proc/{os.getppid()}/environ"),
        "memory": lambda: len(bytearray(size)),
        "descriptors": descriptors,
        "kernel": lambda: kernel_interfaces(numbers),
    }
    print(json.dumps({name: outcome(probe) for name, probe in probes.items()}))
