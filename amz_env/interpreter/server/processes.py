"""The processes that the warden looks after, as it knows them."""

import collections
import contextlib
import os
import select
import signal
import socket
import struct
from dataclasses import dataclass, field

_SCM_CREDENTIALS = 2
_CREDENTIALS = struct.Struct("3i")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(eq=False)
class Request:
    """One step that the host wants run."""

    child: int
    seconds: float
    earlier: float  # seconds for what leads to it, where that is run again
    slate: int
    reply: int

    def answer(self, status: bytes) -> None:
        """Tell the host how it ended and let go of its descriptors."""
        with contextlib.suppress(OSError):  # the host may have stopped waiting
            os.write(self.reply, status)
        os.close(self.reply)
        os.close(self.slate)


@dataclass(eq=False)
class Process:
    """A step process: forked but silent (`pid` 0), running (`request` set), or paused as a snapshot."""

    control: socket.socket
    parent: "Process | None" = None
    request: Request | None = None
    deadline: float = float("inf")
    pid: int = 0
    pidfd: int = -1
    key: int = -1
    may_fork: bool = False
    grown: int = 0
    forking: "Process | None" = None
    waiting: collections.deque[Request] = field(default_factory=collections.deque)

    def is_dead(self) -> bool:
        """Whether it is known to have ended."""
        return self.pidfd >= 0 and bool(select.select([self.pidfd], [], [], 0)[0])

    def signal(self, number: int) -> None:
        """Signal the process if it is still there (a pidfd never hits a recycled pid)."""
        if self.pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, number)


def private_bytes(pid: int) -> int:
    """Return the resident memory of a process that no file backs, in bytes; 0 when it has gone."""
    try:
        descriptor = os.open(f"/proc/{pid}/statm", os.O_RDONLY)  # a file object costs twice as much
    except OSError:
        return 0
    try:
        _, resident, shared, *_ = map(int, os.read(descriptor, 200).split())
    except OSError:  # it has gone meanwhile
        return 0
    finally:
        os.close(descriptor)
    return (resident - shared) * _PAGE


def group_members() -> list[int]:
    """Return the other processes of this process's group: those that the warden answers for."""
    found, group = [], os.getpgrp()
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) != os.getpid():
            with contextlib.suppress(OSError), open(f"/proc/{entry}/stat", "rb") as file:
                if int(file.read().rpartition(b")")[2].split()[2]) == group:
                    found.append(int(entry))
    return found


def receive(control: socket.socket, size: int, flags: int = 0) -> tuple[bytes, int]:
    """Receive a message, and who sent it: the kernel's word, 0 when it has none."""
    room, flags = socket.CMSG_SPACE(_CREDENTIALS.size), flags | socket.MSG_CMSG_CLOEXEC
    message, ancillary, _, _ = control.recvmsg(size, room, flags)
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == _SCM_CREDENTIALS:
            return message, int(_CREDENTIALS.unpack(payload)[0])
    return message, 0
