import asyncio
import dataclasses
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from amz_env.interpreter import Execution, Interpreter, shared_interpreter
from amz_env.interpreter.interpreter import strip_fence


def test_state_is_kept_along_a_path_and_not_shared_between_siblings(full_lane):
    a = full_lane.run(
        full_lane.root(), "from sympy import *\nx = symbols('x')\nroots = solve(x**2 - 5*x + 6)\nprint(roots)"
    )
    full_lane.run(a.snapshot, "roots.clear()")
    b = full_lane.run(a.snapshot, "sum(roots)")
    assert (a.status, a.observation) == ("ok", "[2, 3]")
    assert (b.status, b.observation) == ("ok", "5")
    assert full_lane.run(full_lane.root(), "roots").observation == "NameError: name 'roots' is not defined"


def test_what_a_pickle_could_not_carry_is_kept(full_lane):
    a = full_lane.run(
        full_lane.root(), "g = (i * i for i in range(10))\nnext(g), next(g)\nimport numpy as np\nm = np.eye(2)"
    )
    assert full_lane.run(a.snapshot, "next(g)").observation == "4"
    assert full_lane.run(a.snapshot, "m[0, 0] = 5\nprint(next(g), m.trace())").observation == "4 6.0"


@pytest.mark.parametrize(
    ("code", "status", "observation"),
    [
        ("print('first')\n5 * 5", "ok", "first\n25"),
        ("print('a', end='')\n'b'", "ok", "a\nb"),
        ("[print(i) for i in range(2)]", "ok", "0\n1\n[None, None]"),
        ("x = 1", "ok", ""),
        ("", "ok", ""),
        ("None", "ok", ""),
        ("print('kept')\n1 / 0", "error", "kept\nZeroDivisionError: division by zero"),
        ("raise ValueError", "error", "ValueError"),
        ("def f(:", "error", "SyntaxError: invalid syntax (<string>, line 1)"),
        ("import sys\nsys.exit(3)", "error", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "error", "KeyboardInterrupt"),
        ("input()", "error", "EOFError: EOF when reading a line"),
        ("x = 1\x00", "error", "SyntaxError: source code string cannot contain null bytes"),
        ("import os\nprint('said')\nos._exit(0)", "crashed", "said\nCrashError: the code ended the interpreter"),
        ("import ctypes\nctypes.string_at(0)", "crashed", "CrashError: the code ended the interpreter"),
        ("print(chr(27) + '[31m')", "ok", "\\x1b[31m"),
        ("print('</output><|im_end|>')", "ok", "</output><|im_end|>"),
        ("print(chr(0xd800), '\\udfff')", "ok", "\\ud800 \\udfff"),
        ("```python\nprint(3)\n```", "ok", "3"),
        ("from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\nP(2)", "ok", "P(x=2)"),
    ],
)  # fmt: skip
def test_status_and_observation(full_lane, code, status, observation):
    execution = full_lane.run(full_lane.root(), code)
    if "null bytes" in observation:  # a ValueError before Python 3.12
        assert execution.status == "error"
        assert "null bytes" in execution.observation
    else:
        assert (execution.status, execution.observation) == (status, observation)


def test_an_exception_cannot_hide_behind_its_class(full_lane):
    code = """class M(type):
    @property
    def __name__(c): raise KeyboardInterrupt
class E(Exception, metaclass=M):
    def __str__(self): raise SystemExit
raise E()"""
    assert full_lane.run(full_lane.root(), code).observation == "E: <no message: its __str__ failed>"


def test_a_killed_step_leaves_its_parents_state_and_an_exception_what_it_did(full_lane):
    a = full_lane.run(full_lane.root(), "x = 1").snapshot
    with Interpreter(timeout=0.3, fast_lane=False) as hasty:
        parent = hasty.run(hasty.root(), "x = 1").snapshot
        late = hasty.run(parent, "print('seen')\nx = 2\nwhile True: pass")
        assert late.status == "timeout"
        assert late.observation == "seen\nTimeoutError: the code ran longer than 0.3 s"
        assert late.snapshot is parent
        assert late.seconds < 30
        assert hasty.run(late.snapshot, "x").observation == "1"
    crashed = full_lane.run(a, "x = 2\nimport os\nos.abort()")
    assert full_lane.run(crashed.snapshot, "x").observation == "1"
    failed = full_lane.run(a, "x = 2\n1 / 0")
    assert full_lane.run(failed.snapshot, "x").observation == "2"


def test_a_limit_cannot_be_switched_off():
    code = """import signal, time
for s in range(1, 32):
    try: signal.signal(s, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True:
    try: time.sleep(100)
    except BaseException: pass"""
    with Interpreter(timeout=0.3) as hasty:
        execution = hasty.run(hasty.root(), code)
    assert execution.status == "timeout"
    assert execution.seconds < 30


def test_a_flood_is_cut_off_and_a_long_value_is_cut_in_the_middle(full_lane):
    flood = full_lane.run(full_lane.root(), "while True: print('x' * 100)")
    assert flood.status == "output_flood"
    assert flood.snapshot.parent is None
    assert len(flood.observation) < 1100
    long = full_lane.run(full_lane.root(), "'a' + 'E' * 3_000_000 + 'z'")
    assert long.status == "ok"
    assert long.observation == "a" + "E" * 499 + "..." + "E" * 499 + "z"


def test_code_beyond_the_limit_is_refused(full_lane):
    execution = full_lane.run(full_lane.root(), "#" * (1 << 20) + "\n1")
    assert execution.status == "refused"
    assert execution.snapshot.parent is None


def test_memory_is_bounded(full_lane):
    assert full_lane.run(full_lane.root(), "b = bytearray(3 << 30)").observation == "MemoryError"
    assert full_lane.run(full_lane.root(), "len(bytearray(300 << 20))").observation == str(300 << 20)


def test_execution_is_frozen_and_says_how_it_ran(interpreter):
    execution = interpreter.run(interpreter.root(), "40 + 2")
    assert (execution.lane, execution.isolation) == ("plain", "strict")
    with pytest.raises(dataclasses.FrozenInstanceError):
        execution.status = "error"


def test_run_async_overlaps_steps():
    code = "import time\nbegan = time.monotonic()\ntime.sleep(1)\nprint(began, time.monotonic(), {})"

    async def both(interpreter: Interpreter) -> list[Execution]:
        root = interpreter.root()
        return await asyncio.gather(*(interpreter.run_async(root, code.format(i)) for i in range(2)))

    with Interpreter(workers=2) as interpreter:
        executions = asyncio.run(both(interpreter))
    (began, ended, first), (other_began, other_ended, second) = (map(float, e.observation.split()) for e in executions)
    assert (first, second) == (0, 1)
    assert began < other_ended
    assert other_began < ended


LOOP = "n = 1\nwhile n % 5 != 5:\n    n += 28\nprint(n)"


def test_what_ran_into_its_limit_is_not_run_again():
    with Interpreter(timeout=0.5) as hasty:
        first = hasty.run(hasty.root(), LOOP)
        again = hasty.run(first.snapshot, LOOP)  # as a model that tries it once more: the state is the one before
        assert (first.status, first.lane) == ("timeout", "full")
        assert (again.status, again.observation, again.lane) == ("timeout", first.observation, "cache")
        assert hasty.run(again.snapshot, "n").status == "error"  # it has left nothing behind
        drawn = "import random\nwhile True: random.random()"
        assert [hasty.run(hasty.root(), drawn).lane for _ in range(2)] == ["full", "full"]  # may end the next time


def test_the_same_code_asked_for_twice_at_once_runs_once_and_is_given_up_with_the_last():
    async def scenario(hasty: Interpreter) -> list[Execution]:
        asked = [asyncio.create_task(hasty.run_async(hasty.root(), LOOP)) for _ in range(6)]
        await asyncio.sleep(0.1)
        for each in asked[:2]:
            each.cancel()
        found = await asyncio.gather(*asked[2:])
        assert all(each.cancelled() for each in asked[:2])
        return found

    with Interpreter(timeout=2.0, workers=1) as hasty:
        found = asyncio.run(scenario(hasty))
        assert [each.status for each in found] == ["timeout"] * 4
        assert all(each is found[0] for each in found)


def test_code_that_nobody_waits_for_is_not_begun():
    async def scenario(hasty: Interpreter) -> float:
        first = asyncio.create_task(hasty.run_async(hasty.root(), LOOP))
        others = [asyncio.create_task(hasty.run_async(hasty.root(), f"x = {i}\n{LOOP}")) for i in range(8)]
        await asyncio.sleep(0.3)
        for each in others:
            each.cancel()
        await first
        began = time.perf_counter()
        await hasty.run_async(hasty.root(), "import math\nprint(math.pi)")
        return time.perf_counter() - began

    with Interpreter(timeout=2.0, workers=1) as hasty:
        assert asyncio.run(scenario(hasty)) < 8 * 2.0


def test_sixteen_threads_get_their_own_answers(full_lane):
    wrong = []

    def work(number: int) -> None:
        snapshot = full_lane.run(full_lane.root(), f"v = {number}").snapshot
        for i in range(6):
            execution = full_lane.run(snapshot, f"v += {i}\nprint(v)")
            snapshot = execution.snapshot
            if execution.observation != str(number + i * (i + 1) // 2):
                wrong.append(execution)
            full_lane.run(snapshot, "v = None")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_what_a_step_says_is_kept_however_soon_it_ends(full_lane):
    codes = [f"import os\nprint('said {i}')\nos._exit(0)" for i in range(300)]
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda code: full_lane.run(full_lane.root(), code).observation, codes))
    assert seen == [f"said {i}\nCrashError: the code ended the interpreter" for i in range(300)]


def test_a_fork_server_that_is_late_is_not_taken_down_for_it():
    with Interpreter(fast_lane=False) as interpreter:
        interpreter.run(interpreter.root(), "1")
        _, server, *_ = members = interpreter.processes()
        os.kill(server, signal.SIGSTOP)
        wake = threading.Timer(3.3, os.kill, (server, signal.SIGCONT))  # beyond the warden's patience with a fork
        wake.start()
        assert interpreter.run(interpreter.root(), "6 * 7").observation == "42"
        wake.join()
        assert interpreter.run(interpreter.root(), "6 * 8").observation == "48"
        assert set(members[:2]) <= set(interpreter.processes())


def test_a_forked_copy_of_the_process_is_refused_and_the_original_goes_on(interpreter):
    snapshot = interpreter.run(interpreter.root(), "import math\nx = 7").snapshot
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            interpreter.run(snapshot, "x")
        except RuntimeError as error:
            os.write(writer, str(error).encode())
        interpreter.close()
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    assert b"forked copy" in os.read(reader, 1000)
    os.close(reader)
    assert interpreter.run(snapshot, "x + 1").observation == "8"


def test_constructing_starts_nothing_and_close_is_idempotent():
    interpreter = Interpreter()
    assert interpreter._server.isolation == ""
    interpreter.close()
    interpreter.close()
    with pytest.raises(RuntimeError, match="closed"):
        interpreter.run(interpreter.root(), "1")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"timeout": 0}, "timeout must be a positive number of seconds, got 0"),
        ({"memory": 1}, "memory must be at least"),
        ({"isolation": "none"}, "must be 'strict' or 'weak', got 'none'"),
        ({"style": "x"}, "style must be 'plain' or 'official', got 'x'"),
        ({"workers": 0}, "workers must be at least 1, got 0"),
        ({"snapshots": 1}, "snapshots must be at least 2, got 1"),
    ],
)
def test_mistakes_name_the_value(arguments, message):
    with pytest.raises(ValueError, match=message):
        Interpreter(**arguments)


def test_a_missing_package_is_named():
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        Interpreter(packages=("no_such_package",))


def test_shared_interpreter_is_one():
    assert shared_interpreter() is shared_interpreter()


@pytest.mark.parametrize(
    ("text", "code"),
    [("```python\nx\n```", "x\n"), ("```\nx\n```\n", "x\n"), ("x = '```'", "x = '```'"), ("```py\nx", "x")],
)
def test_strip_fence(text, code):
    assert strip_fence(text) == code
