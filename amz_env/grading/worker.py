"""The child process of the grader: reads pairs from a socket, answers with a verdict, until the socket closes.

It is started by `amz_env.grading.pool` with an almost empty environment and one inherited socket. It never runs what
it reads, but what it reads may cost it any amount of time or memory, so it limits itself: the operating system ends it
when the time of a request has passed, even if its parent is gone.
"""

import contextlib
import json
import os
import signal
import sys
from multiprocessing.connection import Connection
from typing import Literal

from amz_env.grading import symbolic
from amz_env.grading.judge import Undecided, judge_numerically

Kind = Literal["numeric", "symbolic"]
MEMORY_BYTES = 2 << 30
_GRACE_SECONDS = 1.0  # the parent kills first; this alarm is for workers whose parent has died


def limit_resources() -> None:
    """Lower this process's own limits: address space, file writing, core files. Missing limits are left alone."""
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = {"RLIMIT_AS": MEMORY_BYTES, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, value in wanted.items():
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (AttributeError, OSError, ValueError):  # macOS has no working RLIMIT_AS
            continue


def set_alarm(seconds: float) -> None:
    """Let the operating system end this process after some seconds; 0 cancels."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def answer(kind: Kind, prediction: str, reference: str) -> tuple[str, str]:
    """Return the status and reason of one pair; ``undecided`` sends it on to a worker of the symbolic kind."""
    if kind == "symbolic":
        grade = symbolic.judge(prediction, reference)
    else:
        try:
            grade = judge_numerically(prediction, reference)
        except Undecided:
            return "undecided", ""
    return grade.status, grade.reason


def serve(channel: Connection, kind: Kind) -> None:
    """Answer requests ``[prediction, reference, seconds]`` with ``[status, reason]``, both JSON, until EOF."""
    if kind == "symbolic":
        symbolic.preload()
    channel.send_bytes(b"ready")
    while True:
        try:
            prediction, reference, seconds = json.loads(channel.recv_bytes())
        except EOFError:
            return
        set_alarm(seconds + _GRACE_SECONDS)
        reply = answer(kind, prediction, reference)
        set_alarm(0)
        channel.send_bytes(json.dumps(reply).encode())


def main(descriptor: int, kind: Kind) -> None:
    """Serve on an inherited socket, given by its file descriptor; does not return."""
    sys.setrecursionlimit(3000)
    limit_resources()
    channel = Connection(descriptor)
    with contextlib.suppress(OSError):  # raised when the parent is gone
        serve(channel, kind)
    os._exit(0)  # skip the interpreter's own clean-up: nothing here needs it
