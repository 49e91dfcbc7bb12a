"""Many pieces of code at once: each does what it does alone, in the order asked for."""

import time

import pytest

from amz_env.interpreter import Interpreter
from amz_env.interpreter.interpreter import Job

KINDS = (
    "n = {}\nprint(n * 3)",
    "import math\nprint(math.comb({} + 5, 2))",
    "print({}",
    "{} / 0",
    "```python\n{} * 2\n```",
)


@pytest.fixture
def fresh():
    with Interpreter(timeout=1.0, workers=4) as interpreter:
        yield interpreter


def test_each_does_what_it_does_alone_and_stands_where_it_was_asked_for(fresh, interpreter):
    codes = [KINDS[i % len(KINDS)].format(i) for i in range(60)]
    together = fresh.run_many([Job(fresh.root(), code) for code in codes])
    alone = [interpreter.run(interpreter.root(), code) for code in codes]
    assert [(e.status, e.observation) for e in together] == [(e.status, e.observation) for e in alone]
    assert {execution.lane for execution in together} == {"plain", "full"}
    assert fresh.run_many([]) == []


def test_states_go_on_side_by_side(fresh):
    first = fresh.run_many([Job(fresh.root(), f"x = {i}\nimport cmath") for i in range(12)])
    second = fresh.run_many([Job(one.snapshot, "print(x, cmath.sqrt(x * x).real)", last=True) for one in first])
    assert [execution.observation for execution in second] == [f"{i} {float(i)}" for i in range(12)]


def test_what_is_known_already_comes_from_memory(fresh):
    jobs = [Job(fresh.root(), f"import math\nprint(math.factorial({i}))") for i in range(5)]
    fresh.run_many(jobs)
    assert [execution.lane for execution in fresh.run_many(jobs)] == ["cache"] * 5


def test_one_that_runs_into_its_limit_holds_up_nobody_else(fresh):
    began = time.perf_counter()
    found = fresh.run_many([Job(fresh.root(), "while True: pass"), *(Job(fresh.root(), f"{i}") for i in range(20))])
    assert [execution.status for execution in found] == ["timeout"] + ["ok"] * 20
    assert time.perf_counter() - began < 10


def test_closed_is_closed():
    interpreter = Interpreter()
    interpreter.close()
    with pytest.raises(RuntimeError, match="closed"):
        interpreter.run_many([Job(interpreter.root(), "1")])
