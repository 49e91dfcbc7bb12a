"""Where there is no fork server (macOS): every step is a new process that runs the code of its whole path again.

Slow, and weak by its nature: the processes are bounded in time and in what they print, and not confined otherwise.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import warnings
from typing import Any

from amz_env.interpreter import forkserver
from amz_env.interpreter.selftest import SandboxUnavailable
from amz_env.interpreter.server import wire
from amz_env.interpreter.snapshot import Snapshot

_MESSAGE = (
    "on this system ({platform}) model-written code cannot be confined: its processes can read and write files, use "
    "the network and take all the memory there is. Run on Linux (a container or a virtual machine will do), or accept "
    "it with isolation='weak' or the environment variable AMZ_ISOLATION=weak"
)
_SIGALRM = 14
_STATUSES = {0: wire.OK, 1: wire.ERROR, 2: wire.FLOOD, -_SIGALRM: wire.TIMEOUT}
_START_SECONDS = 10.0  # for starting Python and importing, besides the steps' own time


class ReplayServer:
    """Runs steps without snapshots. The same methods as `ForkServer`."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self.isolation = ""
        self.replays = True

    def start(self) -> None:
        """Check that weak isolation is accepted.

        Raises:
            SandboxUnavailable: isolation is strict.
        """
        if self.isolation:
            return
        message = _MESSAGE.format(platform=sys.platform)
        if self._options["isolation"] == "strict":
            raise SandboxUnavailable(message)
        warnings.warn(f"isolation='weak' is in force: {message}", RuntimeWarning, stacklevel=2)
        self.isolation = "weak:unconfined"

    def execute(
        self, parent: Snapshot, child: Snapshot, seconds: float, *, in_place: bool = False
    ) -> tuple[bytes, bytes]:
        """Run `child.code` after the code of `parent`; return a status of `wire` and the output."""
        with tempfile.TemporaryFile() as slate:
            earlier = parent.path()
            wire.fill_slate(slate.fileno(), child.code, self._options["style"], child.seed, earlier)
            job = {**self._options, "seconds": seconds}
            with forkserver.launch("replayed", slate.fileno(), stdin=subprocess.PIPE) as process:
                try:
                    limit = seconds * (1 + len(earlier)) + _START_SECONDS
                    process.communicate(json.dumps(job).encode(), timeout=limit)
                    status = _STATUSES.get(process.returncode, wire.CRASHED)
                except subprocess.TimeoutExpired:  # the code has switched its own alarm off
                    os.killpg(process.pid, signal.SIGKILL)
                    status = wire.TIMEOUT
            return status, wire.read_output(slate.fileno())

    def release(self, key: int) -> None:
        """Do nothing: there is nothing to free."""

    def processes(self) -> list[int]:
        """Return nothing: no process outlives its step."""
        return []

    def close(self) -> None:
        """Do nothing: nothing is left running."""
