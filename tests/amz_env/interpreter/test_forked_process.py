"""A forked copy of a process that has used the interpreter: it is refused the old one, and can make one of its own."""

import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

import amz_env
from amz_env.interpreter import Interpreter, shared_interpreter

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(amz_env.__file__).parents[1])}
PLAIN, FULL = "n = 6\nn * 7", "import math\nprint(math.comb(n, 2))"


def in_copy(inherited, snapshot, answers) -> None:
    try:
        inherited.run(snapshot, PLAIN)
    except RuntimeError as error:
        answers.put(str(error))
    with Interpreter() as own:
        a = own.run(own.root(), PLAIN)
        answers.put((a.observation, own.run(a.snapshot, FULL).observation, own.run(snapshot, "v + 1").observation))
    answers.put(shared_interpreter().run(shared_interpreter().root(), FULL).observation)


def test_a_forked_worker_is_refused_its_parents_interpreter_and_has_one_of_its_own():
    with Interpreter() as interpreter:
        snapshot = interpreter.run(interpreter.root(), "v = 41").snapshot
        assert interpreter.run(snapshot, "import math\nv").lane == "full"  # both lanes have been used
        shared_interpreter()
        context = multiprocessing.get_context("fork")
        answers = context.Queue()
        copies = [context.Process(target=in_copy, args=(interpreter, snapshot, answers)) for _ in range(2)]
        for copy in copies:
            copy.start()
        given = [answers.get(timeout=120) for _ in range(6)]
        for copy in copies:
            copy.join(60)
        assert [copy.exitcode for copy in copies] == [0, 0]
        assert sum("forked copy" in answer for answer in given) == 2
        assert given.count(("42", "15", "42")) == 2
        assert given.count("NameError: name 'n' is not defined") == 2
        assert interpreter.run(snapshot, "v").observation == "41"


def test_forks_amid_sixteen_threads_hurt_neither_side():
    wrong, stop = [], threading.Event()
    with Interpreter(timeout=20.0) as interpreter:
        interpreter.run(interpreter.root(), "import math")

        def work(number: int) -> None:
            i = 0
            while not stop.is_set():
                i += 1
                execution = interpreter.run(interpreter.root(), f"import math\nprint({number} + {i})")
                interpreter.release(execution.snapshot)
                if execution.observation != str(number + i):
                    wrong.append(execution)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        context = multiprocessing.get_context("fork")
        answers = context.Queue()
        snapshot = interpreter.root()
        copies = [context.Process(target=one_step, args=(snapshot, answers)) for _ in range(3)]
        for copy in copies:
            copy.start()
        given = [answers.get(timeout=120) for _ in copies]
        stop.set()
        for worker in (*threads, *copies):
            worker.join(60)
    assert given == ["3"] * 3
    assert [copy.exitcode for copy in copies] == [0] * 3
    assert wrong == []


def one_step(snapshot, answers) -> None:
    with Interpreter() as own:
        answers.put(own.run(snapshot, "import math\n1 + 2").observation)


def test_a_forked_copy_ends_like_any_process():
    code = (
        "import os, sys\nfrom amz_env.interpreter import Interpreter, shared_interpreter\n"
        "i = shared_interpreter(); i.run(i.root(), '1'); i.run(i.root(), 'import math')\n"
        "child = os.fork()\n"
        "if child == 0:\n    with Interpreter() as own: print(own.run(own.root(), 'import math; 2').observation)\n"
        "    sys.exit(0)\n"
        "print(os.waitpid(child, 0)[1], i.run(i.root(), 'import math; 3').observation)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, env=ENVIRONMENT)
    assert done.stdout == "2\n0 3\n", done
