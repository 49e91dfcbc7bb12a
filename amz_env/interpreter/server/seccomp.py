"""The list of system calls that a step may make, and the gate through which its forks must go.

Everything not listed fails with EPERM, as if the kernel did not allow it. Rules look at register arguments only:
memory that an argument points to could be changed after the check.
"""

import contextlib
import ctypes
import errno
import fcntl
import os
import struct
from collections.abc import Iterable
from typing import Final

from amz_env.interpreter.server import kernel

# What a Python interpreter needs to compute, read its own library and talk on the sockets that it has been given.
_ALLOWED: Final = (
    *("read", "readv", "pread64", "write", "writev", "pwrite64", "close", "lseek", "dup", "dup2", "dup3"),
    *("stat", "lstat", "fstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "getdents64"),
    *("getcwd", "chdir", "umask", "poll", "ppoll", "select", "pselect6", "brk", "munmap", "mprotect"),
    *("mremap", "madvise", "membarrier", "futex", "set_robust_list", "set_tid_address", "rseq", "sched_yield"),
    *("sched_getaffinity", "getcpu", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending"),
    *("rt_sigsuspend", "sigaltstack", "pause", "nanosleep", "clock_nanosleep", "clock_gettime", "clock_getres"),
    *("gettimeofday", "time", "times", "getrusage", "getrlimit", "uname", "sysinfo", "getrandom", "getpid", "gettid"),
    *("getppid", "getuid", "geteuid", "getgid", "getegid", "sendmsg", "recvmsg", "sendto", "recvfrom", "wait4"),
    *("waitid", "exit", "exit_group"),
)
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | 0o20000000  # O_TMPFILE's own bit
_FCNTL: Final = (fcntl.F_DUPFD, fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL, fcntl.F_SETFL, fcntl.F_DUPFD_CLOEXEC)
_MAP_SHARED: Final = 1
_CLONE_THREAD: Final = 0x10000
_FORK: Final = 0x01200011  # CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD: what fork(3) asks for

_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_NOTIFY: Final = 0x7FC00000
_ERRNO: Final = 0x00050000

# Classic BPF: (code, jump if true, jump if false, constant).
_LOAD, _EQUAL, _BITS, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
Instruction = tuple[int, int, int, int]


def _argument(index: int) -> Instruction:
    return (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * index)  # its low half: all the arguments examined are 32 bits wide


def _rule(name: str, body: list[Instruction]) -> list[Instruction]:
    """Return instructions that run `body`, which always returns, when the call is `name`."""
    number = kernel.number(name)
    return [] if number is None else [(_EQUAL, 0, len(body), number), *body]


def _return(action: int) -> Instruction:
    return (_RETURN, 0, 0, action)


def program(gate: bool) -> list[Instruction]:
    """Return the filter for the fork server and its descendants; without `gate` it lets forks through, and `seal`."""
    deny = _return(_ERRNO | errno.EPERM)
    read_only = [(_BITS, 0, 1, _WRITING), deny, _return(_ALLOW)]
    one_of = [(_EQUAL, len(_FCNTL) - i, 0, command) for i, command in enumerate(_FCNTL)]
    instructions: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, kernel.audit_architecture()),
        _return(_KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    for name in _ALLOWED:
        instructions += _rule(name, [_return(_ALLOW)])
    instructions += _rule("openat", [_argument(2), *read_only])
    instructions += _rule("open", [_argument(1), *read_only])
    # Shared memory would outlive the fork of a snapshot, and let siblings see each other.
    instructions += _rule("mmap", [_argument(3), (_BITS, 0, 1, _MAP_SHARED), deny, _return(_ALLOW)])
    # F_SETOWN and F_SETSIG, left out, can send signals.
    instructions += _rule("fcntl", [_argument(1), *one_of, deny, _return(_ALLOW)])
    # Limits may be read (a null second argument, both halves) but not set, and only one's own.
    instructions += _rule(
        "prlimit64",
        [
            *[(_LOAD, 0, 0, _ARGUMENTS_AT + 16), (_EQUAL, 0, 5, 0), (_LOAD, 0, 0, _ARGUMENTS_AT + 20)],
            *[(_EQUAL, 0, 3, 0), _argument(0), (_EQUAL, 0, 1, 0), _return(_ALLOW), deny],
        ],
    )
    # Threads are refused in the way that says "not now". A plain fork is for the warden to decide.
    instructions += _rule(
        "clone",
        [
            *[_argument(0), (_BITS, 0, 1, _CLONE_THREAD), _return(_ERRNO | errno.EAGAIN)],
            *[(_EQUAL, 0, 1, _FORK), _return(_NOTIFY if gate else _ALLOW), deny],
        ],
    )
    if not gate:
        instructions += _rule("seccomp", [_return(_ALLOW)])
    instructions += _rule("clone3", [_return(_ERRNO | errno.ENOSYS)])  # its flags are in memory; libc falls back
    return [*instructions, deny]


def seal() -> None:
    """Forbid this process, which has the filter without a gate, to fork.

    Raises:
        OSError: the kernel refused.
    """
    deny, allow = _return(_ERRNO | errno.EPERM), _return(_ALLOW)
    clone = _rule("clone", [_argument(0), (_BITS, 0, 1, _CLONE_THREAD), allow, deny])  # of threads, the other decides
    install([(_LOAD, 0, 0, _NUMBER_AT), *clone, *_rule("seccomp", [deny]), allow], listener=False)


def install(instructions: Iterable[Instruction], listener: bool) -> int:
    """Confine this process, for good; return the descriptor of the listener (or 0).

    Raises:
        OSError: the kernel refused.
    """
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    new_listener = 8
    return kernel.call("seccomp", 1, new_listener if listener else 0, header)


class Gate:
    """The warden's end of the listener: a fork waits here until it is granted or refused."""

    _RECEIVE: Final = 0xC0502100
    _SEND: Final = 0xC0182101
    _CONTINUE: Final = 1
    _REQUEST: Final = struct.Struct("=QII")
    _RESPONSE: Final = struct.Struct("=QqiI")

    def __init__(self, listener: int) -> None:
        self.listener = listener

    def next(self) -> tuple[int, int] | None:
        """Return the identity of the fork that waits and the process that asks, or None when it has gone."""
        buffer = bytearray(80)
        try:
            fcntl.ioctl(self.listener, self._RECEIVE, buffer)
        except OSError:
            return None
        identity, process, _ = self._REQUEST.unpack_from(buffer)
        return identity, process

    def answer(self, identity: int, granted: bool) -> None:
        """Let the fork happen, or make it fail with EPERM."""
        error, flags = (0, self._CONTINUE) if granted else (-errno.EPERM, 0)
        with contextlib.suppress(OSError):  # the process may have died meanwhile
            fcntl.ioctl(self.listener, self._SEND, self._RESPONSE.pack(identity, 0, error, flags))
