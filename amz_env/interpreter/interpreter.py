"""The one interpreter that the environment and the searches use: run code in a snapshot, get a new snapshot."""

import asyncio
import atexit
import functools
import itertools
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Self

from amz_env.interpreter import forkserver, observation
from amz_env.interpreter.server import wire

Status = Literal["ok", "error", "timeout", "crashed", "output_flood", "refused"]
Isolation = Literal["strict", "weak"]

_STATUS: Final[dict[bytes, Status]] = {
    wire.OK: "ok",
    wire.ERROR: "error",
    wire.TIMEOUT: "timeout",
    wire.FLOOD: "output_flood",
    wire.CRASHED: "crashed",
    wire.GONE: "crashed",
}
_MESSAGE: Final[dict[Status, str]] = {
    "timeout": "TimeoutError: the code ran longer than {seconds:g} s",
    "crashed": "CrashError: the code ended the interpreter",
    "output_flood": "OutputError: the code printed too much",
}


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Snapshot:
    """The state that code has left behind, as an opaque handle: continue it as often as you like.

    A snapshot means "run these pieces of code, in this order, in a fresh state". That a paused process holds the
    outcome is a saving, and when it is gone the code is run again.
    """

    parent: "Snapshot | None"
    code: str
    key: int
    seed: int

    def __repr__(self) -> str:
        return f"<Snapshot {self.key}>"


@dataclass(frozen=True, slots=True)
class Execution:
    """What came of running a piece of code.

    Attributes:
        status: ``ok``; ``error`` (it raised); ``timeout``, ``crashed`` or ``output_flood`` (it was killed); or
            ``refused`` (it was not run).
        observation: The text to show.
        snapshot: The state after it. Of a step that was killed or refused: the state before it.
        seconds: Wall-clock seconds it took.
        isolation: ``strict``, or ``weak:`` and what is missing. Goes into every record made from it.
    """

    status: Status
    observation: str
    snapshot: Snapshot
    seconds: float
    isolation: str


@dataclass(frozen=True, slots=True)
class _Settings:
    timeout: float
    memory: int
    observation_limit: int
    workers: int
    options: dict[str, Any] = field(repr=False)


class Interpreter:
    """Runs model-written Python in confined processes. Constructing it is cheap; the server starts on first use.

    Args:
        timeout: Wall-clock seconds that a piece of code may take.
        memory: Bytes that the code of a path may allocate.
        isolation: ``strict`` raises `SandboxUnavailable` on first use where a promised property does not hold;
            ``weak`` goes on without it. Default: the environment variable ``AMZ_ISOLATION``, else ``strict``.
        observation_limit: Characters of an observation; a longer one is cut in the middle.
        snapshots: Paused processes kept at most; beyond it the least recently used is replayed when asked for.
        workers: Pieces of code run at once. Default: the number of CPUs.
        packages: Packages besides the standard library that code may import.
    """

    def __init__(
        self,
        *,
        timeout: float = 5.0,
        memory: int = 1 << 30,
        isolation: Isolation | None = None,
        observation_limit: int = 1000,
        snapshots: int = 256,
        workers: int | None = None,
        packages: tuple[str, ...] = ("sympy", "mpmath", "numpy"),
    ) -> None:
        if timeout <= 0:
            raise ValueError(f"timeout must be positive seconds, got {timeout!r}")
        workers = workers or os.cpu_count() or 1
        options = {
            "packages": list(packages),
            "paths": forkserver.package_paths(packages),
            "memory": memory,
            "isolation": isolation or os.environ.get("AMZ_ISOLATION", "strict"),
            "snapshots": snapshots,
            "budget_bytes": 2 << 30,
        }
        self._settings = _Settings(timeout, memory, observation_limit, workers, options)
        self._owner = os.getpid()
        self._server = forkserver.ForkServer(options)
        self._turn = threading.Semaphore(workers)
        self._keys = itertools.count(1)
        self._pool: ThreadPoolExecutor | None = None
        self._closed = False

    def root(self, seed: int = 0) -> Snapshot:
        """Return a fresh state, with `random` and numpy seeded by `seed` (0 or more)."""
        return Snapshot(None, "", 0, seed)

    def run(self, snapshot: Snapshot, code: str) -> Execution:
        """Run `code` in the state of `snapshot`; `snapshot` itself does not change.

        Raises:
            RuntimeError: the interpreter is closed, or this process is a forked copy of the one that made it.
            SandboxUnavailable: on first use, where the host cannot confine code as promised.
        """
        self._check_usable()
        started = time.perf_counter()
        code = strip_fence(code)
        child = Snapshot(snapshot, code, next(self._keys), snapshot.seed)
        with self._turn:
            began = time.perf_counter()
            raw, output = self._run_or_restore(child)
        status = _STATUS[raw]
        if status in _MESSAGE:
            note = _MESSAGE[status].format(seconds=self._settings.timeout)
            output = output.rstrip(b"\n") + b"\n" * bool(output) + note.encode()
        return Execution(
            status,
            observation.render(output, self._settings.observation_limit),
            child if status in ("ok", "error") else snapshot,
            time.perf_counter() - (began if raw else started),
            self._server.report.get("isolation", "none"),
        )

    async def run_async(self, snapshot: Snapshot, code: str) -> Execution:
        """Like `run`, without blocking the event loop."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._settings.workers, thread_name_prefix="interpreter")
        return await asyncio.get_running_loop().run_in_executor(self._pool, self.run, snapshot, code)

    def release(self, snapshot: Snapshot) -> None:
        """Free what `snapshot` holds. Using it again stays possible and costs a replay."""
        if snapshot.parent is not None and not self._closed and os.getpid() == self._owner:
            self._server.release(snapshot.key)

    def close(self) -> None:
        """Kill every process of this interpreter. Idempotent."""
        if self._closed or os.getpid() != self._owner:
            return
        self._closed = True
        self._server.close()
        if self._pool is not None:
            self._pool.shutdown(wait=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check_usable(self) -> None:
        if os.getpid() != self._owner:
            raise RuntimeError(
                f"this Interpreter belongs to process {self._owner} and process {os.getpid()} is a forked copy of it: "
                "make an Interpreter of its own there"
            )
        if self._closed:
            raise RuntimeError("this Interpreter is closed: make a new one")

    def _run_or_restore(self, child: Snapshot) -> tuple[bytes, bytes]:
        """Run `child.code` in its parent's state, bringing that state back first when it is gone."""
        parent = child.parent
        assert parent is not None
        for _ in range(3):
            status, output = self._run_in(parent, child)
            if status != wire.GONE:
                return status, output
            self._restore(parent)
        return wire.GONE, b""

    def _restore(self, snapshot: Snapshot) -> None:
        """Run again what leads to `snapshot`, from its nearest ancestor that is still there."""
        missing = [snapshot]
        while missing and missing[-1].parent is not None:
            step = missing[-1]
            assert step.parent is not None
            status, _ = self._run_in(step.parent, step)
            if status in (wire.OK, wire.ERROR):
                missing.pop()
            elif status == wire.GONE and step.parent.parent is not None and len(missing) < 10_000:
                missing.append(step.parent)
            else:
                return

    def _run_in(self, parent: Snapshot, child: Snapshot) -> tuple[bytes, bytes]:
        seed = child.seed if parent.parent is None else -1
        slate = wire.new_slate(child.code.encode("utf-8", "surrogatepass"), 0, seed)
        try:
            status = self._server.run(parent.key, child.key, slate, self._settings.timeout)
            return status, wire.read_output(slate)
        except forkserver.ServerLost:
            return wire.GONE, b""
        finally:
            os.close(slate)


def strip_fence(code: str) -> str:
    """Return `code` without a Markdown fence around it."""
    text = code.strip()
    if not text.startswith("```"):
        return code
    first, _, rest = text.partition("\n")
    return rest.removesuffix("```") if first[3:].strip().isalnum() or first == "```" else code


@functools.cache
def shared_interpreter() -> Interpreter:
    """Return the interpreter that the whole process shares, with default settings. It is closed at exit."""
    interpreter = Interpreter()
    atexit.register(interpreter.close)
    return interpreter
