"""A state continued for the last time may go on in its own process. Nothing but the time it takes may show it."""

import pytest

from amz_env.interpreter import Interpreter

PATH = ["import random\nx = [1]", "x.append(random.random())\nprint(len(x))", "1 / 0", "print(x[0], round(x[1], 6))"]


@pytest.fixture
def interpreter():
    with Interpreter(fast_lane=False, timeout=2.0) as interpreter:
        yield interpreter


def play(interpreter, codes, last):
    """Return the executions along a path."""
    snapshot, found = interpreter.root(seed=5), []
    for code in codes:
        found.append(interpreter.run(snapshot, code, last=last))
        snapshot = found[-1].snapshot
    return found


def texts(executions):
    return [(execution.status, execution.observation, execution.lane) for execution in executions]


def test_a_path_gives_the_same_and_holds_one_process(interpreter):
    forked = texts(play(interpreter, PATH, last=False))
    kept = len(interpreter.processes())
    assert texts(play(interpreter, PATH, last=True)) == forked
    assert len(interpreter.processes()) == kept + 1


def test_a_state_that_has_gone_on_can_be_continued_all_the_same(interpreter):
    first = interpreter.run(interpreter.root(), "import math\nx = [1]")
    assert interpreter.run(first.snapshot, "x.append(2)\nprint(x)", last=True).observation == "[1, 2]"
    for last in (False, True, True):
        assert interpreter.run(first.snapshot, f"x.append({last})\nprint(x)", last=last).observation == f"[1, {last}]"


def test_the_fresh_state_is_never_used_up(interpreter):
    for n in range(3):
        assert (
            interpreter.run(interpreter.root(), f"y = {n}\nprint(dir().count('y'), y)", last=True).observation[0] == "1"
        )
    assert "NameError" in interpreter.run(interpreter.root(), "print(y)").observation


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("while True: pass", "timeout"),
        ("import os\nos._exit(1)", "crashed"),
        ("print('x' * 10_000_000)", "output_flood"),
        ("import os\nos.kill(os.getpid(), 9)", "error"),
    ],
)
def test_after_a_step_that_was_killed_the_path_goes_on_where_it_was(interpreter, code, status):
    start = interpreter.run(interpreter.root(), "import math\nx = 41").snapshot
    killed = interpreter.run(start, code, last=True)
    assert killed.status == status
    assert interpreter.run(killed.snapshot, "x += 1\nprint(x)", last=True).observation == "42"


def test_a_lying_step_hurts_itself_alone(interpreter):
    """It answers in the runner's stead, twice; what comes after it is run again or is told that it has crashed."""
    lie = (
        "import gc, socket\n"
        "sockets = [o for o in gc.get_objects() if isinstance(o, socket.socket)]\n"
        "for s in sockets:\n    s.send(b'o')\n    s.send(b'o')\n"
        "while True: pass\n"
    )
    honest = interpreter.run(interpreter.root(), "import math\nz = 1").snapshot
    liar = interpreter.run(interpreter.run(interpreter.root(), "import math\nx = 41").snapshot, lie, last=True)
    after = interpreter.run(liar.snapshot, "print(x)", last=True)
    assert after.status in ("ok", "error", "crashed", "timeout")
    assert interpreter.run(honest, "print(z)", last=True).observation == "1"


def test_the_fast_lane_hands_its_path_over():
    with Interpreter() as interpreter:
        plain = interpreter.run(interpreter.root(), "x = 40 + 1")
        assert plain.lane == "plain"
        full = interpreter.run(plain.snapshot, "import math\nx = math.floor(x + 1.5)\nprint(x)", last=True)
        assert (full.observation, full.lane) == ("42", "full")
        assert interpreter.run(full.snapshot, "print(x + 1)", last=True).observation == "43"
        assert interpreter.run(plain.snapshot, "print(x)").observation == "41"
