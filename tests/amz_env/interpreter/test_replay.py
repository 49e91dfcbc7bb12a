"""A snapshot that is gone is run again, and gives the same text."""

import os
import signal
import sys

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
            os.kill(pid, signal.SIGKILL)
        assert interpreter.run(a, "x * 7").observation == "42"


def test_without_a_fork_server_every_step_is_a_replay(monkeypatch):
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
    assert weak.run(b.snapshot, "while True: print('x' * 1000)").status == "output_flood"
    assert weak.run(b.snapshot, "1 / 0").observation == "ZeroDivisionError: division by zero"


def test_windows_is_refused_with_a_way_out(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(SandboxUnavailable, match="WSL"):
        Interpreter()
