"""The parent's side of the worker processes: lazy start, a deadline for every request, kill and replace.

A plain subprocess is used and not `multiprocessing`, because that would import the user's main module in every worker
(and with it, often, torch). Workers inherit one socket, and of the environment what a Python needs to start.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path

_LOOK_SECONDS = 0.05
STOP_SECONDS = 0.2
# The worker needs this package only: a stand-in for `amz_env` spares it gymnasium and numpy, which halves its start.
_BOOT = """
import sys, types
package = types.ModuleType("amz_env")
package.__path__ = [sys.argv[1]]
sys.modules["amz_env"] = package
from amz_env.grading.worker import main
main(int(sys.argv[2]), sys.argv[3])
"""
_PACKAGE = str(Path(__file__).resolve().parent.parent)
_INHERITED = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class Busy(Exception):
    """No worker became free, or none had started, before the deadline. Says nothing about the pair."""


class DeadlinePassed(Exception):
    """The worker was killed because the pair took longer than the `seconds` that were left to it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class WorkerDied(Exception):
    """The worker ended by itself, most likely out of memory."""


@dataclass
class Worker:
    """One child process and the socket to it."""

    process: subprocess.Popen[bytes]
    channel: Connection
    ready: bool = False

    def wait_ready(self, until: float) -> bool:
        """Return whether the worker has finished starting by the monotonic time ``until``."""
        if not self.ready and self.channel.poll(max(0.0, until - time.monotonic())):
            self.ready = self.channel.recv_bytes() == b"ready"
        return self.ready

    def ask(self, prediction: str, reference: str, until: float) -> tuple[str, str]:
        """Return the worker's answer to one pair, as `Pool.ask`."""
        seconds = max(0.0, until - time.monotonic())
        self.channel.send_bytes(json.dumps([prediction, reference, seconds]).encode())
        if not self.channel.poll(seconds):
            raise DeadlinePassed(seconds)
        status, reason = json.loads(self.channel.recv_bytes())
        return status, reason

    def stop(self) -> None:
        """Kill the process. The wait is bounded: under memory pressure even a killed process may take long."""
        self.channel.close()
        self.process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)


def start_worker(kind: str) -> Worker:
    """Start one worker; returns at once, before the worker is ready."""
    ours, theirs = Pipe()
    inherited = {name: value for name, value in os.environ.items() if name in _INHERITED}
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _BOOT, _PACKAGE, str(theirs.fileno()), kind],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**inherited, "PYTHONPATH": os.pathsep.join(p or os.getcwd() for p in sys.path), "PYTHONHASHSEED": "0"},
        pass_fds=[theirs.fileno()],
        start_new_session=True,  # Ctrl-C in the terminal is for the parent
    )
    theirs.close()
    return Worker(process, ours)


class Pool:
    """Up to ``size`` working processes of one kind and a spare, started on demand. Safe to share between threads.

    The spare is started while another worker works, so that the pair after one that is killed need not wait.
    """

    def __init__(self, kind: str, size: int) -> None:
        self._kind = kind
        self._slots = threading.Semaphore(size)
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._closed = False

    def ask(self, prediction: str, reference: str, until: float) -> tuple[str, str]:
        """Return a worker's ``(status, reason)`` for one pair.

        Args:
            prediction: the answer to grade.
            reference: the right answer.
            until: the deadline on the clock of `time.monotonic`, in seconds.

        Raises:
            Busy: no worker was free and started in time.
            DeadlinePassed: the worker had not answered in time and was killed.
            WorkerDied: the worker ended without an answer.
        """
        if not self._slots.acquire(timeout=max(0.0, until - time.monotonic())):
            raise Busy
        try:
            return self._ask(prediction, reference, until)
        finally:
            self._slots.release()

    def _ask(self, prediction: str, reference: str, until: float) -> tuple[str, str]:
        worker = self._take()
        try:
            while not worker.wait_ready(min(until, time.monotonic() + _LOOK_SECONDS)):
                if time.monotonic() >= until:
                    self._put_back(worker)  # it will be ready for somebody else
                    raise Busy
                worker = self._exchange(worker)
            if time.monotonic() >= until:  # waiting took it all, so there is nothing to kill the worker for
                self._put_back(worker)
                raise Busy
            answer = worker.ask(prediction, reference, until)
        except Busy:
            raise
        except (OSError, EOFError) as error:
            worker.stop()
            raise WorkerDied from error
        except BaseException:  # the deadline, or an interrupt from the keyboard: either way it is still at work
            worker.stop()
            raise
        self._put_back(worker)
        return answer

    def _take(self) -> Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.process.poll() is None:
                    break
                worker.stop()  # it died while idle
            else:
                worker = start_worker(self._kind)
            if not self._idle and not self._closed:
                self._idle.append(start_worker(self._kind))  # the spare
            return worker

    def _exchange(self, starting: Worker) -> Worker:
        """Return an idle worker that is ready in the place of one that is still starting, if there is one by now."""
        with self._lock:
            ready = next((worker for worker in self._idle if worker.ready), None)
            if ready is None:
                return starting
            self._idle.remove(ready)
            self._idle.insert(0, starting)
            return ready

    def _put_back(self, worker: Worker) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(worker)
                return
        worker.stop()

    def warm_up(self, seconds: float) -> bool:
        """Start a worker if none is idle and wait until it is ready; return whether it is."""
        worker = self._take()
        try:
            ready = worker.wait_ready(time.monotonic() + seconds)
        except (OSError, EOFError):
            worker.stop()
            return False
        self._put_back(worker)
        return ready

    def close(self) -> None:
        """Stop the idle workers; a worker in use stops when it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.stop()

    def forget(self) -> None:
        """Drop the workers without stopping them: after a fork they belong to the parent process."""
        for worker in self._idle:
            worker.channel.close()
            worker.process.returncode = 0  # or Popen's finaliser would wait for a process that is not its child
        self._idle = []
