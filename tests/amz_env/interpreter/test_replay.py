"""A snapshot that is gone is run again, and gives the same text."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from amz_env.interpreter import Interpreter, SandboxUnavailable

STEPS = [
    "import random\nimport numpy as np\nfrom sympy import *\nx = symbols('x')\n"
    "print(random.random(), np.random.rand())",
    "s = {'b', 'a', 'c', x}\nprint(s, random.random(), np.random.rand(), random.sample(range(99), 3))",
    "1 / 0",
    "print(random.random(), np.random.randint(100), [hash(w) % 97 for w in ('p', 'q')])\ng = iter(s)",
    "next(g), random.gauss(0, 1), solve(x**2 - 2)",
]


def walk(interpreter: Interpreter, seed: int = 0, branch: bool = False) -> list[str]:
    snapshot, texts = interpreter.root(seed), []
    for step in STEPS:
        if branch:
            interpreter.run(snapshot, "random.random() if 'random' in globals() else 0")
        execution = interpreter.run(snapshot, step)
        snapshot = execution.snapshot
        texts.append(execution.observation)
    return texts


def test_evicted_snapshots_are_replayed_with_the_same_text():
    with Interpreter(snapshots=2) as small, Interpreter() as large:
        expected = walk(large)
        assert walk(large, branch=True) == expected
        assert walk(small, branch=True) == expected
        assert walk(large, seed=1) != expected
        assert walk(large, seed=1) == walk(small, seed=1)
        first = small.run(small.root(), STEPS[0]).snapshot
        for i in range(3):
            small.run(small.root(), f"import math; {i}")
        assert small.run(first, "x + 1").observation == "x + 1"


TREE = {
    "a": (None, "from sympy import *\nx = symbols('x')\nxs = [1]"),
    "b": ("a", "import random\nxs.append(random.randint(0, 10**6))\nprint(xs, random.gauss(0, 1))"),
    "c": ("a", "xs.clear()\nraise KeyError('c')"),
    "d": (
        "b",
        "import numpy as np\nprint(np.random.rand(), np.random.permutation(9), random.random(), solve(x**2 - 3))",
    ),
    "e": ("b", "print(xs, {'p', 'q', x}, [hash(w) % 97 for w in 'pq'], random.choice(range(99)))"),
    "f": ("c", "xs, factor(x**2 - 1)"),
    "g": ("d", "while True: pass"),
    "h": ("g", "print(random.random(), np.random.rand())"),
    "i": ("d", "print('x' * 10**7)"),
    "j": (None, "n = 6\nprint(n * 7)"),
    "k": ("j", "import math\nprint(math.comb(n, 2), 'solve' in globals())"),
    "l": (None, "from sympy import *\nreturn 1"),
    "m": ("l", "Symbol"),
    "n": ("f", "import os\nos._exit(3)"),
    "o": ("n", "class P:\n    pass\nimport __main__\n__main__.P is P, P.__module__, xs"),
}


def grow(interpreter: Interpreter, seed: int) -> dict[str, tuple[str, str, str]]:
    snapshots, seen = {None: interpreter.root(seed)}, {}
    for name, (parent, code) in TREE.items():
        execution = interpreter.run(snapshots[parent], code)
        snapshots[name] = execution.snapshot
        seen[name] = (execution.status, execution.observation, execution.isolation)
    return seen


def test_without_snapshots_everything_is_as_with_them():
    with Interpreter(timeout=2.0) as forked, Interpreter(timeout=2.0, snapshots=0) as replayed:
        assert walk(forked, seed=5) == walk(replayed, seed=5) != walk(forked)
        expected = grow(forked, seed=0)
        assert grow(replayed, seed=0) == expected
        deadline = time.monotonic() + 5
        while len(replayed.processes()) > 2 and time.monotonic() < deadline:
            time.sleep(0.05)  # the last step's process may still be ending
        assert len(replayed.processes()) == 2  # warden and fork server
    assert {name: status for name, (status, _, _) in expected.items() if status != "ok"} == {
        **dict.fromkeys("clm", "error"),
        **{"g": "timeout", "i": "output_flood", "n": "crashed"},
    }
    assert expected["k"][1] == "15 False"
    assert expected["m"][1] == "NameError: name 'Symbol' is not defined"


def test_the_time_of_earlier_steps_is_not_that_of_the_last():
    with Interpreter(timeout=2.0, snapshots=0, fast_lane=False) as replayed:
        snapshot = replayed.run(replayed.root(), "import time\ntime.sleep(1.2)").snapshot
        assert replayed.run(snapshot, "time.sleep(1.2)\n'in time'").observation == "in time"
        late = replayed.run(snapshot, "time.sleep(9)")
        assert late.status == "timeout"
        assert late.seconds < 8


def test_a_released_snapshot_can_still_be_used(full_lane):
    a = full_lane.run(full_lane.root(), "x = [1]").snapshot
    b = full_lane.run(a, "x.append(2)").snapshot
    full_lane.release(a)
    assert full_lane.run(b, "x").observation == "[1, 2]"
    full_lane.release(b)
    assert full_lane.run(b, "x").observation == "[1, 2]"
    assert full_lane.run(a, "x").observation == "[1]"


def test_a_server_that_dies_is_started_again():
    with Interpreter(fast_lane=False) as interpreter:
        a = interpreter.run(interpreter.root(), "x = 6").snapshot
        for pid in interpreter.processes():
            with contextlib.suppress(ProcessLookupError):  # the warden's end is that of the others
                os.kill(pid, signal.SIGKILL)
        assert interpreter.run(a, "x * 7").observation == "42"


def test_without_a_fork_server_every_step_is_a_replay(monkeypatch, full_lane):
    monkeypatch.setattr(sys, "platform", "darwin")
    strict, weak = Interpreter(fast_lane=False), Interpreter(isolation="weak", fast_lane=False, timeout=2.0)
    monkeypatch.undo()
    with pytest.raises(SandboxUnavailable, match=r"cannot be confined.*isolation='weak'"):
        strict.run(strict.root(), "1")
    with pytest.warns(RuntimeWarning, match="weak"):
        a = weak.run(weak.root(), "print('once')\nxs = [1]")
    b = weak.run(a.snapshot, "xs.append(2)\nprint(xs)")
    assert (a.observation, b.observation, b.isolation) == ("once", "[1, 2]", "weak:unconfined")
    assert weak.run(b.snapshot, "while True: pass").status == "timeout"
    draws = "import random\nimport numpy as np\nxs = [random.random(), np.random.rand(), *{'p', 'q', 'r'}]\nprint(xs)"
    drawn, expected = (lane.run(lane.root(seed=7), draws) for lane in (weak, full_lane))
    assert drawn.observation == expected.observation
    more = "print(xs[0], random.gauss(0, 1), np.random.permutation(9))"
    assert weak.run(drawn.snapshot, more).observation == full_lane.run(expected.snapshot, more).observation
    assert weak.run(b.snapshot, "while True: print('x' * 1000)").status == "output_flood"
    assert weak.run(b.snapshot, "1 / 0").observation == "ZeroDivisionError: division by zero"


def test_windows_is_refused_with_a_way_out(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(SandboxUnavailable, match="WSL"):
        Interpreter()


FEW_FILES = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
from amz_env.interpreter import Interpreter
with Interpreter(snapshots=100, fast_lane=False) as interpreter:
    snapshot = interpreter.run(interpreter.root(), "import sys; n = 0").snapshot
    server = interpreter.processes()[0]
    for _ in range(40):
        snapshot = interpreter.run(snapshot, "n += 1; print(n)").snapshot
        print(snapshot is not None)
    print(interpreter.run(snapshot, "print(n)").observation, interpreter.processes()[0] == server)
"""


def test_more_snapshots_than_files_may_be_open_do_not_end_the_server():
    run = subprocess.run([sys.executable, "-c", FEW_FILES], capture_output=True, text=True, timeout=120, check=True)
    assert run.stdout.splitlines()[-1] == "40 True"
