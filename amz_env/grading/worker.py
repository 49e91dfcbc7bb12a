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

from amz_env.grading import symbolic
from amz_env.grading.judge import judge

MEMORY_BYTES = 2 << 30
_IDLE_SECONDS = 0.3
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


def serve(channel: Connection) -> None:
    """Answer requests ``[prediction, reference, seconds]`` with ``[status, reason]``, both JSON, until EOF."""
    channel.send_bytes(b"ready")
    loaded = False
    while True:
        if not loaded and not channel.poll(_IDLE_SECONDS):
            symbolic.preload()  # in the first pause: most pairs do not need it, and need not wait for it
            loaded = True
        try:
            prediction, reference, seconds = json.loads(channel.recv_bytes())
        except EOFError:
            return
        set_alarm(seconds + _GRACE_SECONDS)
        grade = judge(prediction, reference)
        set_alarm(0)
        channel.send_bytes(json.dumps([grade.status, grade.reason]).encode())


def main(descriptor: int) -> None:
    """Serve on an inherited socket, given by its file descriptor; does not return."""
    sys.setrecursionlimit(3000)
    limit_resources()
    channel = Connection(descriptor)
    with contextlib.suppress(OSError):  # raised when the parent is gone
        serve(channel)
    os._exit(0)  # skip the interpreter's own clean-up: nothing here needs it
