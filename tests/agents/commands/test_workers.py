"""Several processes share a comparison: the same results, nothing lost on Ctrl-C, and faults that say what they are."""

import asyncio
import multiprocessing
import os
import signal
import time

import pytest

from agents.commands.specs import parse_specs
from agents.commands.workers import Alone, Workers, shares_of
from amz_env import Problem, load_problems
from tests.fakes import ScriptedEngine, solver_policy, solver_value

MCTS, GREEDY = parse_specs(["mcts:simulations=3", "greedy"])


def known_problems():
    """Return a few problems, one of them twice."""
    known = load_problems("mini-gsm", split="test", size=5)[:]
    return [*known, known[1]]


def make_engine():
    """Return a scripted engine; under greedy decoding it never answers to the last three questions."""
    known = known_problems()

    class Slow(ScriptedEngine):
        async def expand(self, state, n, **options):
            if n == 1 and state.question in [problem.question for problem in known[2:5]]:
                await asyncio.sleep(600)
            return await super().expand(state, n, **options)

    return Slow(solver_policy(known, right=0.6), solver_value(known))


def no_engine():
    raise ValueError("no such model")


def test_equal_questions_stay_together_and_in_order():
    problems = [Problem(str(place), question, "1", "s") for place, question in enumerate("abacbd")]
    assert shares_of(problems, 2) == [[0, 2, 3], [1, 4, 5]]
    assert [len(share) for share in shares_of(problems, 9)] == [2, 2, 1, 1]


def what(outcomes):
    return sorted((each.id, each.answer, each.answers, each.value, each.generated_tokens) for each in outcomes)


@pytest.fixture(scope="module")
def team():
    workers = Workers(2, make_engine, known_problems())
    yield workers
    workers.close()


def test_two_workers_find_what_one_process_finds(team):
    together, apart = [], []
    Alone(make_engine, known_problems()).evaluate(MCTS, 7, together.append)
    team.evaluate(MCTS, 7, apart.append)
    assert what(apart) == what(together) and len(apart) == 6
    few = []
    team.evaluate(MCTS, 7, few.append, places=range(0, 6, 2))
    known = known_problems()
    assert sorted(each.id for each in few) == sorted(known[place].id for place in (0, 2, 4))
    assert set(what(few)) <= set(what(apart))
    team.evaluate(MCTS, 7, few.append, places=[0])  # one worker has nothing to do
    assert len(few) == 4


def test_ctrl_c_keeps_what_every_worker_has_done_and_ends_them(team):
    kept = []

    def keep(outcome):
        kept.append(outcome)
        if len(kept) == 3:  # a terminal's Ctrl-C reaches every process
            for process in (*multiprocessing.active_children(), multiprocessing.current_process()):
                os.kill(process.pid, signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        team.evaluate(GREEDY, 7, keep)
    known = known_problems()
    assert sorted(each.id for each in kept) == sorted(each.id for each in (known[0], known[1], known[5]))
    with pytest.raises(RuntimeError, match="a worker process died"):
        team.evaluate(MCTS, 7, kept.append)


def test_what_cannot_be_kept_ends_the_work_soon():
    def full(_):
        raise OSError("no space left on device")

    start = time.monotonic()
    workers = Workers(2, make_engine, known_problems())
    with pytest.raises(OSError, match="no space left"):
        workers.evaluate(GREEDY, 7, full)  # three of its searches would take ten minutes
    workers.close()
    assert time.monotonic() - start < 40


def test_a_model_that_cannot_be_loaded_is_the_callers_error():
    with pytest.raises(ValueError, match="no such model"):
        Workers(1, no_engine, known_problems())
