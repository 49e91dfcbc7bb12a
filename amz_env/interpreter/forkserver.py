"""The host's end of the fork server: starts it, asks it to run steps, and stops it."""

import contextlib
import importlib.util
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import warnings
import weakref
from pathlib import Path
from typing import Any

from amz_env.interpreter import selftest
from amz_env.interpreter.server import wire
from amz_env.interpreter.snapshot import Snapshot

_PACKAGE = Path(__file__).resolve().parents[1]
_START_SECONDS = 180.0  # a busy machine is slow, not broken
_OWN_KEYS = (1 << 62, (1 << 62) + 1)  # the numbers of the snapshots that the self-test uses
_GRACE_SECONDS = 30.0  # beyond a step's own limit, before a silent warden is taken for dead

# The server imports its own modules from the package's folder, without running the package's ``__init__`` (which
# would load numpy, Gymnasium and the project into the process that all steps descend from).
_BOOT = """
import importlib, sys, types
for name, path in (("amz_env", sys.argv[1]), ("amz_env.interpreter", sys.argv[1] + "/interpreter")):
    module = sys.modules[name] = types.ModuleType(name)
    module.__path__ = [path]
importlib.import_module("amz_env.interpreter.server." + sys.argv[2]).main(int(sys.argv[3]))
"""
# Nothing of the host's environment gets in. A fixed hash seed makes the order of sets the same in every process.
_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class ForkServer:
    """One warden with its fork server, started on first use and again whenever it has died. Thread-safe."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._stop: Any = None
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self.layers: dict[str, str] = {}
        self.isolation = ""  # "strict", or "weak:" and what is missing; empty before the first start
        self.replays = False  # whether there are no snapshots, and every step runs its path again

    def start(self) -> None:
        """Start the server unless it has been started before.

        Raises:
            SandboxUnavailable: this host cannot confine code as promised.
        """
        if not self.isolation:
            self._started()

    def execute(
        self, parent: Snapshot, child: Snapshot, seconds: float, *, in_place: bool = False
    ) -> tuple[bytes, bytes]:
        """Run `child.code` in a fork of `parent`, or in place of it; return a status of `wire` and the output.

        ``wire.GONE`` means that `parent` is not kept, or that the server has died and will be started again.
        """
        control = self._started()
        verb = wire.RUN_IN_PLACE if in_place else wire.RUN
        status, output = self._run(control, verb, parent, child, seconds, self._options["style"])
        if not status:
            self._discard(control)
        return status or wire.GONE, output

    def _run(
        self, control: socket.socket, verb: int, parent: Snapshot, child: Snapshot, seconds: float, style: int
    ) -> tuple[bytes, bytes]:
        """Ask for a step; return its status, or nothing when the server has gone, and its output."""
        earlier = parent.path() if self.replays else []
        seed = child.seed if self.replays or parent.parent is None else -1
        slate = wire.new_slate(child.code, style, seed, earlier)
        try:
            before = seconds * len(earlier)
            request = wire.REQUEST.pack(verb, 0 if self.replays else parent.key, child.key, seconds, before)
            status = _ask(control, request, slate, seconds + before + _GRACE_SECONDS)
            return status, wire.read_output(slate) if status else b""
        finally:
            os.close(slate)

    def release(self, key: int) -> None:
        """Let the server forget snapshot `key`."""
        control = self._control
        if control is not None:
            _forget(control, key)

    def processes(self) -> list[int]:
        """Return the numbers of the server's processes, eldest first: warden, fork server, steps."""
        found: list[tuple[int, int]] = []
        if self._process is None:
            return []
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = entry.read_bytes().rpartition(b")")[2].split()  # from the third on
                if int(fields[2]) == self._process.pid and fields[0] != b"Z":
                    found.append((int(fields[19]), int(entry.parent.name)))
        return [pid for _, pid in sorted(found)]

    def close(self) -> None:
        """Kill every process of the server, for good. Idempotent."""
        with self._lock:
            self._closed = True
            self._kill()

    def _discard(self, control: socket.socket) -> None:
        """Kill the server that `control` leads to, unless another thread has been first."""
        with self._lock:
            if self._control is control:
                self._kill()

    def _kill(self) -> None:
        if self._stop is not None:
            self._stop()
        self._control = self._stop = None

    def _started(self) -> socket.socket:
        with self._lock:
            if self._closed:
                raise RuntimeError("this Interpreter has been closed while code was running in it")
            if self._control is None:
                self._start()
            assert self._control is not None
            return self._control

    def _start(self) -> None:
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = launch("warden", theirs.fileno())
        self._process = process
        self._stop = weakref.finalize(self, _kill, process, mine, os.getpid())
        try:
            mine.settimeout(_START_SECONDS)
            mine.send(json.dumps(self._options).encode())
            report = json.loads(mine.recv(1 << 16))
            mine.settimeout(None)
            if "failure" in report:
                raise RuntimeError(f"the interpreter's server did not start: {report['failure']}")
            self.layers, self.replays = report["layers"], report["replays"]
            if not self.isolation:
                self.isolation = self._judge(mine)
            self._control = mine
        except BaseException as error:
            self._stop()
            if isinstance(error, (OSError, ValueError)):
                raise RuntimeError(f"the interpreter's server did not start ({process.poll()}): {error}") from error
            raise

    def _judge(self, control: socket.socket) -> str:
        """Run the self-test; return the stamp for records.

        Raises:
            SandboxUnavailable: a property does not hold, and isolation is strict.
        """
        root = Snapshot(None, "", 0, 0, b"", False, None)
        branching = Snapshot(root, "x = 1", _OWN_KEYS[0], 0, b"", False, None)

        def run(code: str, seconds: float, parent: Snapshot = root) -> tuple[str, str]:
            child = Snapshot(parent, code, _OWN_KEYS[1], 0, b"", False, None)
            status, output = self._run(control, wire.RUN, parent, child, seconds, wire.PLAIN)
            _forget(control, child.key)
            return wire.NAMES.get(status, "lost"), output.decode("utf-8", "replace")

        def branch() -> bool:
            self._run(control, wire.RUN, root, branching, selftest.PATIENCE, wire.PLAIN)
            texts = [run(f"x += {n}\nprint(x)", selftest.PATIENCE, branching)[1] for n in (1, 2)]
            _forget(control, branching.key)
            return texts == ["2\n", "3\n"]

        missing = selftest.examine(run, branch, self._options["memory"], (*_ENVIRONMENT, "LC_CTYPE"))
        if self.layers.get("root") and self.layers.get("landlock"):
            missing.setdefault("read", "no layer keeps files out")  # whatever the probe, which tries one file, has seen
        if self.replays and self._options["snapshots"]:
            message = (
                f"no snapshots on this host ({self.layers['gate']}): each step runs its whole path, which is slower"
            )
            warnings.warn(message, RuntimeWarning, stacklevel=2)
        if not missing:
            return "strict"
        complaint = selftest.complaint(missing, self.layers)
        if self._options["isolation"] == "strict":
            raise selftest.SandboxUnavailable(complaint)
        warnings.warn(f"isolation='weak' is in force, and {complaint}", RuntimeWarning, stacklevel=2)
        return "weak:" + ",".join(missing)


def _ask(control: socket.socket, request: bytes, slate: int, seconds: float) -> bytes:
    """Send a request and wait for the answer; return nothing when none comes."""
    mine, theirs = os.pipe()
    try:
        try:
            wire.send_with_descriptors(control, request, slate, theirs)
        finally:
            os.close(theirs)
        poll = select.poll()
        poll.register(mine, select.POLLIN)
        return os.read(mine, 1) if poll.poll(seconds * 1e3) else b""
    except OSError:
        return b""
    finally:
        os.close(mine)


def _forget(control: socket.socket, key: int) -> None:
    with contextlib.suppress(OSError):
        control.send(wire.REQUEST.pack(wire.RELEASE, key, 0, 0.0, 0.0))


def launch(entry: str, descriptor: int, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Start module `entry` of the server in a bare Python, with nothing but `stdin` and `descriptor` handed over."""
    return subprocess.Popen(
        [sys.executable, "-s", "-S", "-P", "-B", "-c", _BOOT, str(_PACKAGE), entry, str(descriptor)],
        env=_ENVIRONMENT,
        cwd="/",
        pass_fds=(descriptor,),
        start_new_session=True,
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _kill(process: subprocess.Popen[bytes], control: socket.socket, owner: int) -> None:
    """Kill the server's process group, unless this is a forked copy of the process that started it."""
    control.close()
    if os.getpid() != owner:
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def locate(packages: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the folders in which `packages` are found, and the files and folders that they consist of.

    Raises:
        ModuleNotFoundError: a package is not installed here.
    """
    paths: list[str] = []
    parts: list[str] = []
    for package in packages:
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"package {package!r} for the interpreter is not installed", name=package)
        part = Path(spec.origin).resolve()
        if spec.submodule_search_locations is not None:
            part = part.parent
        paths.append(str(part.parent))
        parts.append(str(part))
        libraries = part.with_name(part.name + ".libs")  # where wheels keep the system libraries they bring along
        if libraries.is_dir():
            parts.append(str(libraries))
    return list(dict.fromkeys(paths)), parts
