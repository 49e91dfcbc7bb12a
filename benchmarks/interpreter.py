"""Running steps of code: this interpreter beside the released tool's way and a plain subprocess.

    python -m benchmarks.interpreter [--repeats 100] [--long 10000]

Prints one table and writes it as JSON with a picture. Three ways are measured on the same steps:

this        snapshots in confined processes, the fast lane and the cache off unless a row says so
in-process  the released tool's way: `exec` in the trainer, the path's earlier code run again; no isolation at all
subprocess  a new Python for every step, the path's earlier code run again; a time limit, no other isolation

Milliseconds are medians with the 99th percentile; CPU milliseconds count every process involved (cgroup accounting, so
they do not depend on the load; "-" where no cgroup can be made). The machine's noise moves milliseconds, not counts.
"""

import argparse
import atexit
import contextlib
import io
import itertools
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from amz_env.interpreter import Interpreter
from amz_env.interpreter.server import official
from benchmarks._stopping import stoppable

TRIVIAL = "print({} + 1)"
SOLVE = "from sympy import *\nx = symbols('x')\nprint(solve(x**2 - 5*x + {}, x))"
PLAIN = "n = {}\ntotal = 0\nfor i in range(1, 6):\n    total += n * i\nprint(f'total {{total}}')"
PATH = [f"from sympy import *\nx = symbols('x')\np{i} = expand((x + {i})**3)\nprint(p{i})" for i in range(4)]
FIFTH = "print(p0 + p3 + {})"
MIXED = (
    TRIVIAL,
    "import math\nprint(math.comb(40, 3) + {})",
    "from fractions import Fraction\nFraction(1, 3) + {}",
    SOLVE,
)

Step = Callable[[str], Any]
Row = dict[str, float | str]


class Cpu:
    """CPU milliseconds used by this process and all that it starts from now on, by a cgroup of its own."""

    def __init__(self) -> None:
        self._usage: Path | None = None
        for root, usage in (("/sys/fs/cgroup/cpuacct", "cpuacct.usage"), ("/sys/fs/cgroup", "cpu.stat")):
            group = Path(root, f"amz-benchmark-{os.getpid()}")
            with contextlib.suppress(OSError):
                group.mkdir()
                (group / "cgroup.procs").write_text(str(os.getpid()))
                self._usage = group / usage
                self.milliseconds()
                atexit.register(self._leave, group)
                return

    def _leave(self, group: Path) -> None:
        with contextlib.suppress(OSError):
            (group.parent / "cgroup.procs").write_text(str(os.getpid()))
            group.rmdir()

    def milliseconds(self) -> float:
        """Return the total so far, or not-a-number where it cannot be known."""
        if self._usage is None:
            return float("nan")
        text = self._usage.read_text()
        return int(text.split()[1]) / 1e3 if text.startswith("usage_usec") else int(text) / 1e6


def in_process(path: list[str], code: str) -> str:
    """Run `code` the released tool's way."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for earlier in path:
            official.evaluate(earlier, namespace)
        return official.evaluate(code, namespace)


def in_subprocess(path: list[str], code: str) -> str:
    """Run `code` in a Python of its own."""
    source = "\n".join([*path, "print('=' * 8)", code])
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60)
    return done.stdout.rpartition("=" * 8)[2]


def timed(cpu: Cpu, step: Step, code: str, repeats: int) -> Row:
    """Run `code` with a number filled in, a different one each time; return its figures."""
    step(code.format(repeats))
    used, times = cpu.milliseconds(), []
    for i in range(repeats):
        began = time.perf_counter()
        step(code.format(i))
        times.append((time.perf_counter() - began) * 1e3)
    used = cpu.milliseconds() - used
    times.sort()
    return {"ms": statistics.median(times), "p99": times[int(len(times) * 0.99)], "cpu": used / repeats}


def stepper(interpreter: Interpreter, path: list[str]) -> Step:
    """Return what runs a step after `path`, and lets its outcome go."""
    snapshot = interpreter.root()
    for code in path:
        snapshot = interpreter.run(snapshot, code).snapshot
    return lambda code: interpreter.release(interpreter.run(snapshot, code).snapshot)


def compare(cpu: Cpu, repeats: int) -> Iterator[tuple[str, str, Row]]:
    """Yield (row, way, figures) of the three ways."""
    with Interpreter(fast_lane=False, remembered=1) as interpreter:
        steps: dict[str, Callable[[list[str]], Step]] = {
            "this": lambda path: stepper(interpreter, path),
            "in-process": lambda path: lambda code: in_process(path, code),
            "subprocess": lambda path: lambda code: in_subprocess(path, code),
        }
        for way, make in steps.items():
            count = repeats if way != "subprocess" else max(3, repeats // 20)
            for row, path, code in (
                ("trivial step", [], TRIVIAL),
                ("sympy solve", [], SOLVE),
                ("fifth step", PATH, FIFTH),
            ):
                yield row, way, timed(cpu, make(path), code, count)
            yield "mixed steps", way, mixed(cpu, make([]), count * 2, workers=1 if way == "in-process" else 2)


def mixed(cpu: Cpu, step: Step, count: int, workers: int) -> Row:
    """Return the rate and the CPU time of a mixture of steps by several threads."""
    codes = [MIXED[i % len(MIXED)].format(i) for i in range(count)]
    used, began = cpu.milliseconds(), time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(step, codes))
    return {"steps/s": count / (time.perf_counter() - began), "cpu": (cpu.milliseconds() - used) / count}


def own_figures(cpu: Cpu, repeats: int) -> Iterator[tuple[str, str, Row]]:
    """Yield the rows that only this interpreter has."""
    used, began = cpu.milliseconds(), time.perf_counter()
    with Interpreter() as interpreter:
        interpreter.run(interpreter.root(), "import math")
        seconds = time.perf_counter() - began
        yield "start", "this", {"ms": seconds * 1e3, "cpu": cpu.milliseconds() - used}
        many = repeats * 20
        row = timed(cpu, lambda code: interpreter.run(interpreter.root(), code), PLAIN, many)
        yield "plain step", "this", row | {"steps/s of one core": 1e3 / float(row["cpu"])}
        row = timed(cpu, lambda code: interpreter.run(interpreter.root(), PLAIN.format(1)), "", many)
        yield "known step", "this", row
    with Interpreter(fast_lane=False) as interpreter:
        parent = interpreter.run(interpreter.root(), PATH[0]).snapshot
        before = pss(interpreter)
        for i in range(100):
            interpreter.run(parent, f"y{i} = expand((x + {i})**4)")
        yield "idle snapshot", "this", {"MB": (pss(interpreter) - before) / 100 / 1e6}


def pss(interpreter: Interpreter) -> int:
    """Return the bytes of all processes of an interpreter, shared pages counted once."""
    total = 0
    for process in interpreter.processes():
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    return total


def endurance(steps: int) -> Row:
    """Return what has grown after many steps in a row, between one tenth of them and the end."""
    with Interpreter(fast_lane=False, remembered=64, snapshots=32) as interpreter:
        snapshot = interpreter.root()
        for i in range(steps):
            if i == steps // 10:
                before = resources(interpreter)
            snapshot = interpreter.root() if i % 10 == 0 else snapshot
            snapshot = interpreter.run(snapshot, f"v{i % 10} = {i}\nprint(v{i % 10})").snapshot
        after = resources(interpreter)
    return {name: after[name] - before[name] for name in after}


def resources(interpreter: Interpreter) -> dict[str, float]:
    """Return the host's memory and descriptors, and the processes and memory of the server."""
    time.sleep(0.5)  # what has been let go may still be ending
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    processes = interpreter.processes()
    descriptors = len(os.listdir("/proc/self/fd"))
    return {
        "host MB": resident / 1e6,
        "host descriptors": descriptors,
        "processes": len(processes),
        "server MB": pss(interpreter) / 1e6,
    }


def after_kill() -> Row:
    """Return the processes that live 2 s after the host has been killed."""
    code = (
        "import time; from amz_env.interpreter import Interpreter\ni = Interpreter(fast_lane=False)\n"
        "for n in range(8): i.run(i.root(), f'x = {n}')\nprint(*i.processes(), flush=True); time.sleep(99)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        processes = host.stdout.readline().split()
        host.send_signal(signal.SIGKILL)
    time.sleep(2)
    return {"before": len(processes), "left": sum(Path("/proc", process).exists() for process in processes)}


def show(row: str, way: str, figures: Row) -> None:
    """Print one line."""
    texts = [
        "-" if value != value else f"{value:.2f}" if isinstance(value, float) else str(value)
        for value in figures.values()
    ]
    print(
        f"{row:16} {way:12} " + "   ".join(f"{name} {text:>8}" for name, text in zip(figures, texts, strict=True)),
        flush=True,
    )


def draw(rows: list[tuple[str, str, Row]], path: Path) -> None:
    """Draw the milliseconds a step of the three ways."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = ["trivial step", "sympy solve", "fifth step"]
    figure, axes = pyplot.subplots(figsize=(6, 3.2))
    for index, way in enumerate(("this", "in-process", "subprocess")):
        heights = [float(next(f["ms"] for row, w, f in rows if (row, w) == (name, way))) for name in names]
        axes.bar([i + 0.26 * index for i in range(len(names))], heights, 0.24, label=way)
    axes.set_xticks([i + 0.26 for i in range(len(names))], names)
    axes.set_yscale("log")
    axes.set_ylabel("ms a step (median)")
    axes.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path)


@stoppable("nothing is written")
def main() -> None:
    """Read the options, measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=100, help="steps to take medians over")
    parser.add_argument("--long", type=int, default=10_000, help="steps in a row of the endurance row; 0 leaves it out")
    parser.add_argument("--out", type=Path, default=Path("runs/interpreter.json"), help="where the JSON goes")
    options = parser.parse_args()
    cpu, rows = Cpu(), []
    for measured in itertools.chain(own_figures(cpu, options.repeats), compare(cpu, options.repeats)):
        rows.append(measured)
        show(*measured)
    if options.long:
        rows.append((f"growth, {options.long} steps", "this", endurance(options.long)))
        show(*rows[-1])
    rows.append(("host killed", "this", after_kill()))
    show(*rows[-1])
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(
        json.dumps([{"row": row, "way": way, **figures} for row, way, figures in rows], indent=2) + "\n"
    )
    draw(rows, options.out.with_suffix(".png"))


if __name__ == "__main__":
    main()
