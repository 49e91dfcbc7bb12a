"""What the host, the warden and the step processes say to each other.

Messages are fixed-size bytes on ``SOCK_SEQPACKET`` sockets, one message a datagram. Code and output do not travel in
them: each step has a *slate*, a small shared-memory file on which the host writes the code and the step its output.
Output is therefore never lost when a step is killed, and no process sees the slate of another step.
"""

import array
import os
import socket
import struct
from collections.abc import Iterator, Sequence
from typing import Final, Literal

OUTPUT_LIMIT: Final = 1 << 18
"""Bytes a step may print before it counts as a flood."""
CODE_LIMIT: Final = 1 << 20
"""Bytes of code a step may have."""

# Host -> warden. RUN carries two descriptors: the slate and the socket for the reply.
RUN: Final = 1
RELEASE: Final = 2
RUN_IN_PLACE: Final = 3  # the parent's own process may go on, if nothing else is asked of it: nothing will be
REQUEST: Final = struct.Struct("<BQQdd")  # verb, parent, new snapshot, seconds allowed, seconds for earlier code

# Warden -> host, one byte on the reply socket.
OK: Final = b"o"
ERROR: Final = b"e"
TIMEOUT: Final = b"t"
CRASHED: Final = b"c"
FLOOD: Final = b"f"
GONE: Final = b"g"  # the parent snapshot is not kept any more: run its path again
NAMES: Final[dict[bytes, Literal["ok", "error", "timeout", "output_flood", "crashed"]]] = {
    OK: "ok",
    ERROR: "error",
    TIMEOUT: "timeout",
    FLOOD: "output_flood",
    CRASHED: "crashed",
    GONE: "crashed",  # to the outside: it could not be brought back either
}

PLAIN: Final = 0
OFFICIAL: Final = 1
"""The styles of output: see `runner` and `official`."""

# Warden <-> step processes. FORK carries two descriptors: the child's control socket and the slate.
FORK: Final = b"F"
GO_ON: Final = b"G"  # carries the slate: run it here, without a fork
HELLO: Final = b"H"
BEGUN: Final = b"b"  # the earlier code on the slate has been run

_HEADER: Final = struct.Struct("<IBqI")  # bytes of code, style, seed (negative: leave them alone), earlier pieces
_LENGTH: Final = struct.Struct("<I")
_LENGTH_AT: Final = 32
_OUTPUT_AT: Final = 64
_CODE_AT: Final = _OUTPUT_AT + OUTPUT_LIMIT
SLATE_LIMIT: Final = _CODE_AT + CODE_LIMIT
"""Bytes of the largest slate, the only file that a step can write."""


def new_slate(code: str, style: int, seed: int, earlier: Sequence[str] = ()) -> int:
    """Return the descriptor of a fresh slate that carries `code`."""
    slate = os.memfd_create("slate", os.MFD_CLOEXEC)
    fill_slate(slate, code, style, seed, earlier)
    return slate


def fill_slate(slate: int, code: str, style: int, seed: int, earlier: Sequence[str] = ()) -> None:
    """Make an empty file a slate.

    Args:
        slate: Its descriptor.
        code: What is to be run and shown.
        style: `PLAIN` or `OFFICIAL`.
        seed: Of the random generators; below zero to leave them alone.
        earlier: Code to be run before it, and not shown.
    """
    data, *before = (text.encode("utf-8", "surrogatepass") for text in (code, *earlier))
    os.ftruncate(slate, _CODE_AT + len(data))
    os.pwrite(slate, _HEADER.pack(len(data), style, seed, len(before)), 0)
    os.pwrite(slate, data + b"".join(_LENGTH.pack(len(piece)) + piece for piece in before), _CODE_AT)


def read_output(slate: int) -> bytes:
    """Return what the step has written. Whatever the step did to its slate, at most `OUTPUT_LIMIT` bytes come back."""
    raw = os.pread(slate, _LENGTH.size, _LENGTH_AT)
    (length,) = _LENGTH.unpack(raw.ljust(_LENGTH.size, b"\0"))
    return os.pread(slate, min(length, OUTPUT_LIMIT), _OUTPUT_AT)


class Slate:
    """The step's view of its slate. By reads and writes, not mapped: a step may not have shared memory."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._length = 0
        self._last = b"\n"
        size, self.style, self.seed, self.pieces = _HEADER.unpack(os.pread(descriptor, _HEADER.size, 0))
        self.code: bytes = os.pread(descriptor, size, _CODE_AT)

    def earlier(self) -> Iterator[bytes]:
        """Yield the code to be run before the slate's own."""
        at = _CODE_AT + len(self.code)
        for _ in range(self.pieces):
            (size,) = _LENGTH.unpack(os.pread(self._descriptor, _LENGTH.size, at))
            yield os.pread(self._descriptor, size, at + _LENGTH.size)
            at += _LENGTH.size + size

    def write(self, data: bytes) -> bool:
        """Append `data`; return False, with what fits written, when it does not all fit."""
        fitting = data[: OUTPUT_LIMIT - self._length]
        if fitting:
            os.pwrite(self._descriptor, fitting, _OUTPUT_AT + self._length)
            self._length += len(fitting)
            self._last = fitting[-1:]
            os.pwrite(self._descriptor, _LENGTH.pack(self._length), _LENGTH_AT)
        return len(fitting) == len(data)

    @property
    def at_line_start(self) -> bool:
        """Whether nothing is printed yet or the last character is a newline."""
        return self._last == b"\n"

    def close(self) -> None:
        """Give the slate back; later writes fail."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def send_with_descriptors(channel: socket.socket, data: bytes, *descriptors: int) -> None:
    """Send one message that hands over `descriptors`."""
    channel.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))])


def receive_with_descriptors(channel: socket.socket, size: int, count: int) -> tuple[bytes, list[int]]:
    """Receive one message of at most `size` bytes and the descriptors that came with it, at most `count`."""
    room = socket.CMSG_SPACE(count * array.array("i").itemsize) + socket.CMSG_SPACE(12)  # credentials come first
    data, ancillary, _, _ = channel.recvmsg(size, room, socket.MSG_CMSG_CLOEXEC)
    descriptors = array.array("i")
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(payload[: len(payload) // descriptors.itemsize * descriptors.itemsize])
    return data, list(descriptors)
