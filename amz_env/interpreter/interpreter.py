"""The one interpreter that the environment and the searches use: run code in a snapshot, get a new snapshot."""

import asyncio
import atexit
import functools
import itertools
import os
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Self

from amz_env.interpreter import cache, forkserver, observation, plain, replay, selftest
from amz_env.interpreter.server import wire
from amz_env.interpreter.snapshot import Snapshot

Status = Literal["ok", "error", "timeout", "crashed", "output_flood", "refused"]
Isolation = Literal["strict", "weak"]
Style = Literal["plain", "official"]
Lane = Literal["plain", "full", "cache"]

_NOTE: Final[dict[Status, str]] = {
    "timeout": "TimeoutError: the code ran longer than {timeout:g} s",
    "crashed": "CrashError: the code ended the interpreter",
    "output_flood": f"OutputError: the code printed more than {wire.OUTPUT_LIMIT} bytes",
    "refused": f"CodeError: the code is longer than {wire.CODE_LIMIT} bytes",
}
_KEYS = itertools.count(1)  # of the snapshots of all interpreters: one that strays into another is just not found there
_BUDGET = 2 << 30  # bytes that all paused processes may hold together
_JOBS_A_THREAD = 8  # pieces of code in the fast lane that are worth a thread


@dataclass(frozen=True, slots=True)
class Execution:
    """What came of running a piece of code.

    Attributes:
        status: ``ok``; ``error`` (it raised); ``timeout``, ``crashed`` or ``output_flood`` (it was killed); or
            ``refused`` (it was not run).
        observation: The text to show.
        snapshot: The state after it. Of a step that was killed or refused: the state before it.
        seconds: Wall-clock seconds it took, waiting for its turn not counted.
        lane: How it was run: ``plain`` (the fast lane), ``full`` (a process of its own) or ``cache`` (not at all).
        isolation: ``strict``, or ``weak:`` and what is missing.
    """

    status: Status
    observation: str
    snapshot: Snapshot
    seconds: float
    lane: Lane
    isolation: str


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of code to run; see `Interpreter.run` for its parts."""

    snapshot: Snapshot
    code: str
    last: bool = False


class Interpreter:
    """Runs model-written Python in confined processes. Constructing it is cheap; the server starts on first use.

    Thread-safe, and meant to be shared by all that runs code in a process. Not to be used in a forked copy of the
    process.

    Args:
        timeout: Wall-clock seconds that a piece of code may take.
        memory: Bytes that the code of a path may allocate.
        isolation: ``strict`` raises `SandboxUnavailable` on first use where a promised property does not hold;
            ``weak`` goes on without it. Default: the environment variable ``AMZ_ISOLATION``, else ``strict``.
        style: ``plain``, or ``official``: as the AlphaMath authors' tool shows things, for models trained on that.
        observation_limit: Characters of an observation; a longer one is cut in the middle.
        snapshots: Paused processes kept at most, 2 or more; beyond it the least recently used is run again if needed.
            0: none, and each step runs its whole path again, as it does, with a warning, on a host without them.
        remembered: Executions kept in the cache at most.
        fast_lane: Whether plain code may take the fast lane. Its observations are the same either way.
        workers: Pieces of code run at once. Default: two more than there are CPUs, for two that run into their limits.
        packages: Packages besides the standard library that code may import.

    Raises:
        ModuleNotFoundError: a package is not installed.
        ValueError: an argument is out of range.
    """

    def __init__(
        self,
        *,
        timeout: float = 5.0,
        memory: int = 1 << 30,
        isolation: Isolation | None = None,
        style: Style = "plain",
        observation_limit: int = 1000,
        snapshots: int = 256,
        remembered: int = 4096,
        fast_lane: bool = True,
        workers: int | None = None,
        packages: tuple[str, ...] = ("sympy", "mpmath", "numpy"),
    ) -> None:
        isolation = isolation or os.environ.get("AMZ_ISOLATION", "strict")  # type: ignore[assignment] # checked below
        if style not in ("plain", "official"):
            raise ValueError(f"style must be 'plain' or 'official', got {style!r}")
        workers = (os.cpu_count() or 1) + 2 if workers is None else workers
        _check_arguments(timeout, memory, isolation, observation_limit, snapshots, workers)
        self._timeout = timeout
        self._observation_limit = observation_limit
        self._workers = workers
        self._owner = os.getpid()
        paths, parts = forkserver.locate(packages)
        options = {
            "packages": list(packages),
            "paths": paths,
            "readable": parts,
            "memory": memory,
            "isolation": isolation,
            "style": wire.OFFICIAL if style == "official" else wire.PLAIN,
            "snapshots": snapshots,
            "budget_bytes": _BUDGET,
        }
        self._server = _server(options)
        # The authors' tool shows things in its own way, which the fast lane does not know.
        self._fast_lane = plain.FastLane(workers) if fast_lane and style == "plain" else None
        self._cache: cache.Cache[Execution] = cache.Cache(remembered)
        self._underway: cache.Underway[Execution] = cache.Underway()
        self._turn = threading.Semaphore(workers)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="interpreter")
        self._closed = False

    def root(self, seed: int = 0) -> Snapshot:
        """Return a fresh state, with `random` and numpy seeded by `seed` (0 or more)."""
        if not 0 <= seed < 1 << 62:
            raise ValueError(f"seed must be at least 0 and below 2**62, got {seed!r}")
        state = plain.PlainState() if self._fast_lane is not None else None
        return Snapshot(None, "", 0, seed, seed.to_bytes(8, "big"), False, state)

    def run(self, snapshot: Snapshot, code: str, *, last: bool = False) -> Execution:
        """Run `code` in the state of `snapshot`; `snapshot` itself does not change.

        Args:
            snapshot: the state.
            code: what to run.
            last: Nothing else will be run in this state, so that its process may go on instead of a copy of it, which
                is several times quicker. Should something be run in it after all, its path is run again.

        Raises:
            RuntimeError: the interpreter is closed, or this process is a forked copy of the one that made it.
            SandboxUnavailable: on first use, where the host cannot confine code as promised.
        """
        code = strip_fence(code)
        return self._run_quickly(snapshot, code) or self._run_fully(snapshot, code, last)

    async def run_async(self, snapshot: Snapshot, code: str) -> Execution:
        """Like `run`, without blocking the event loop for longer than the fast lane takes."""
        loop = asyncio.get_running_loop()
        if not self._server.isolation:
            await loop.run_in_executor(self._pool, self._check_usable)
        code = strip_fence(code)
        key = cache.digest(snapshot.digest, code)
        quick = self._run_quickly(snapshot, code) if key not in self._underway else None
        if quick is not None:
            return quick

        def start() -> Future[Execution]:
            return self._pool.submit(self._run_fully, snapshot, code, last=False)

        if snapshot.changes or cache.changes(code):
            return await asyncio.wrap_future(start())
        return await self._underway.share(key, start)

    def run_many(self, jobs: Sequence[Job]) -> list[Execution]:
        """Run several pieces of code side by side, each as `run` would, and return what they do in order."""
        if not jobs:
            return []
        self._check_usable()
        jobs = [replace(job, code=strip_fence(job.code)) for job in jobs]
        at_once = max(1, min(self._workers, len(jobs) // _JOBS_A_THREAD))
        parts = [jobs[start::at_once] for start in range(at_once)]
        quick: list[Execution | None] = [None] * len(jobs)
        waiting: list[Future[Any]] = []
        try:
            waiting += [self._pool.submit(self._run_all_quickly, part) for part in parts[1:]]
            quick[::at_once] = self._run_all_quickly(parts[0])
            for start, future in enumerate(waiting, 1):
                quick[start::at_once] = future.result()
            slow = {
                place: self._pool.submit(self._run_fully, job.snapshot, job.code, job.last)
                for place, job in enumerate(jobs)
                if quick[place] is None
            }
            waiting += slow.values()
            return [done or slow[place].result() for place, done in enumerate(quick)]
        except BaseException:  # an interrupt too: nobody waits for the rest
            for future in waiting:
                future.cancel()
            raise

    def _run_all_quickly(self, jobs: Sequence[Job]) -> list[Execution | None]:
        return [self._run_quickly(job.snapshot, job.code) for job in jobs]

    def release(self, snapshot: Snapshot) -> None:
        """Free what `snapshot` holds. Using it again stays possible and costs a replay."""
        if snapshot.parent is not None and snapshot.plain is None and not self._closed and os.getpid() == self._owner:
            self._server.release(snapshot.key)

    def processes(self) -> list[int]:
        """Return the numbers of the processes that run full-lane code now: server, paused snapshots, running steps."""
        return self._server.processes()

    def close(self) -> None:
        """Kill every process of this interpreter. Idempotent."""
        if self._closed or os.getpid() != self._owner:
            return
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._server.close()
        if self._fast_lane is not None:
            self._fast_lane.close()

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
        self._server.start()

    def _run_quickly(self, snapshot: Snapshot, code: str) -> Execution | None:
        """Answer from the cache or in the fast lane, or return None."""
        self._check_usable()
        began = time.perf_counter()
        key = cache.digest(snapshot.digest, code)
        known = self._cache.get(key)
        if known is not None:
            return replace(known, seconds=time.perf_counter() - began, lane="cache")
        if self._fast_lane is None or snapshot.plain is None:
            return None
        outcome = self._fast_lane.run(snapshot.plain, code)
        if outcome is None:
            return None
        state, shown = outcome
        child = self._child(snapshot, code, state)
        return self._execution("ok", shown.encode("utf-8", "backslashreplace"), child, began, "plain")

    def _run_fully(self, snapshot: Snapshot, code: str, last: bool) -> Execution:
        """Run in a process of its own."""
        child = self._child(snapshot, code, None)
        with self._turn:  # so that a step's limit is not spent waiting for a CPU
            began = time.perf_counter()
            status: Status = "refused"
            output = b""
            if len(code.encode("utf-8", "surrogatepass")) <= wire.CODE_LIMIT:
                raw, output = self._run_or_restore(snapshot, child, last)
                status = wire.NAMES[raw]
        return self._execution(status, output, child, began, "full")

    def _child(self, snapshot: Snapshot, code: str, state: plain.PlainState | None) -> Snapshot:
        return Snapshot(
            snapshot,
            code,
            next(_KEYS),
            snapshot.seed,
            cache.digest(snapshot.digest, code),
            snapshot.changes or cache.changes(code),
            state,
        )

    def _execution(self, status: Status, output: bytes, child: Snapshot, began: float, lane: Lane) -> Execution:
        kept = status in ("ok", "error")
        if not kept:
            note = _NOTE[status].format(timeout=self._timeout)
            output = output.rstrip(b"\n") + b"\n" * bool(output) + note.encode()
        text = observation.render(output, self._observation_limit)
        after = child if kept or child.parent is None else child.parent
        seconds = time.perf_counter() - began
        execution = Execution(status, text, after, seconds, lane, self._server.isolation)
        # What ran into its limit once would again, and cost as much time as hundreds of other steps.
        if (kept or status == "timeout") and not child.changes and " at 0x" not in text:  # an address
            self._cache.put(child.digest, execution)
        return execution

    def _run_or_restore(self, parent: Snapshot, child: Snapshot, last: bool) -> tuple[bytes, bytes]:
        """Run `child.code` in its parent's state, bringing that state back first when it is gone."""
        for _ in range(2):
            status, output = self._server.execute(parent, child, self._timeout, in_place=last)
            if status != wire.GONE:
                return status, output
            if not self._server.replays:
                self._restore(parent)
        return wire.GONE, b""

    def _restore(self, snapshot: Snapshot) -> None:
        """Run again what leads to `snapshot`, from its nearest ancestor that is still there."""
        missing = [snapshot]
        while missing and missing[-1].parent is not None:
            step = missing[-1]
            assert step.parent is not None
            status, _ = self._server.execute(step.parent, step, self._timeout)
            if status in (wire.OK, wire.ERROR):
                missing.pop()
            elif status == wire.GONE and step.parent.parent is not None:
                missing.append(step.parent)
            else:
                return


def _server(options: dict[str, Any]) -> forkserver.ForkServer | replay.ReplayServer:
    if sys.platform == "linux":
        return forkserver.ForkServer(options)
    if sys.platform == "darwin":
        return replay.ReplayServer(options)
    raise selftest.SandboxUnavailable(
        f"model-written code cannot be run on this system ({sys.platform}): use WSL 2, or Docker, or another Linux"
    )


def _check_arguments(
    timeout: float, memory: int, isolation: str | None, observation_limit: int, snapshots: int, workers: int
) -> None:
    if not timeout > 0:
        raise ValueError(f"timeout must be a positive number of seconds, got {timeout!r}")
    if memory < 1 << 24:
        raise ValueError(f"memory must be at least {1 << 24} bytes (16 MiB), got {memory!r}")
    if isolation not in ("strict", "weak"):
        raise ValueError(
            f"isolation (or the environment variable AMZ_ISOLATION) must be 'strict' or 'weak', got {isolation!r}"
        )
    least = {"observation_limit": (observation_limit, 1), "snapshots": (snapshots or 2, 2), "workers": (workers, 1)}
    for name, (value, bound) in least.items():
        if value < bound:
            raise ValueError(f"{name} must be at least {bound}, got {value!r}")


def strip_fence(code: str) -> str:
    """Return `code` without a Markdown fence around it."""
    text = code.strip()
    if not text.startswith("```"):
        return code
    first, _, rest = text.partition("\n")
    label = first[3:].strip()
    return rest.removesuffix("```") if not label or label.isalnum() else code


@functools.cache
def shared_interpreter() -> Interpreter:
    """Return the interpreter that the whole process shares, with default settings. It is closed at exit."""
    interpreter = Interpreter()
    atexit.register(interpreter.close)
    return interpreter


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=shared_interpreter.cache_clear)  # a forked copy gets one of its own
