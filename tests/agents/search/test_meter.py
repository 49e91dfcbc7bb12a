"""Where a search's time goes: its own work counts, what it waits for does not."""

import asyncio
import gc
from collections.abc import Coroutine, Iterator
from time import thread_time
from typing import Any

import pytest

import agents
from agents.base import Cost
from agents.search.meter import Metered, MeteredInterpreter, metered
from agents.search.search import Search
from amz_env import answer_action, code_action
from amz_env.interpreter import Execution, Snapshot, shared_interpreter
from tests.fakes import ScriptedEngine, by_depth


def work(seconds: float) -> None:
    start = thread_time()
    while thread_time() - start < seconds:
        pass


def measure(coroutine: Coroutine[Any, Any, Any]) -> tuple[object, float]:
    turns: list[float] = []
    result = asyncio.run(_run(coroutine, turns))
    return result, sum(turns)


@pytest.fixture(autouse=True)
def _no_collection() -> Iterator[None]:
    """A collection of a session full of objects would be charged to whichever turn sets it off."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def _run(coroutine: Coroutine[Any, Any, Any], turns: list[float]) -> object:
    return await Metered(coroutine, turns.append)


def test_work_counts_and_waiting_does_not() -> None:
    async def search() -> str:
        work(0.02)
        await asyncio.sleep(0.05)
        await asyncio.to_thread(work, 0.05)
        work(0.02)
        return "found"

    result, seconds = measure(search())
    assert result == "found" and 0.04 <= seconds < 0.07


def test_what_others_do_meanwhile_does_not_count() -> None:
    async def waiting() -> None:
        for _ in range(4):
            await asyncio.sleep(0)

    async def busy() -> None:
        for _ in range(4):
            work(0.01)
            await asyncio.sleep(0)

    async def both() -> tuple[float, float]:
        idle, spent = list[float](), list[float]()
        await asyncio.gather(Metered(waiting(), idle.append), Metered(busy(), spent.append))
        return sum(idle), sum(spent)

    idle_seconds, busy_seconds = asyncio.run(both())
    assert idle_seconds < 0.005 and 0.04 <= busy_seconds < 0.07


def test_failures_and_cancellations_pass_through() -> None:
    seen: list[str] = []

    async def fails() -> None:
        try:
            await asyncio.to_thread(int, "x")
        except ValueError:
            seen.append("handled")
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    async def cancel() -> None:
        task = asyncio.create_task(Metered(fails(), list[float]().append))
        while not seen:
            await asyncio.sleep(0.001)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancel())
    assert seen == ["handled", "cancelled"]

    async def raises() -> None:
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        measure(raises())


class Busy:
    """An interpreter that works in the caller's thread, as the fast lane does."""

    def __init__(self) -> None:
        self.inner = shared_interpreter()

    def root(self) -> Snapshot:
        return self.inner.root()

    def run(self, snapshot: Snapshot, code: str) -> Execution:
        return self.inner.run(snapshot, code)

    async def run_async(self, snapshot: Snapshot, code: str) -> Execution:
        work(0.02)
        await asyncio.sleep(0.02)
        return await self.inner.run_async(snapshot, code)


def test_code_is_on_the_interpreters_account_wherever_it_runs() -> None:
    cost = Cost()

    async def search() -> str | None:
        interpreter = MeteredInterpreter(Busy(), cost)
        execution = await interpreter.run_async(interpreter.root(), "print(6 * 7)")
        work(0.01)
        return execution.observation

    async def metered_search() -> str | None:
        return await metered(search(), cost)

    assert asyncio.run(metered_search()) == "42"
    assert cost.code_seconds >= 0.04 and 0.01 <= cost.search_seconds < 0.02


@pytest.mark.parametrize("agent", agents.AGENTS)
def test_every_agent_accounts_for_its_parts(agent: str) -> None:
    slow = Slow(by_depth([code_action("Add.", "print(1 + 1)")], [answer_action("So.", "2")]))
    start = thread_time()
    (solution,) = agents.make(agent, model=slow).solve(["What is 1 + 1?"])
    spent, cost = thread_time() - start, solution.cost
    assert slow.asked * 0.005 <= cost.search_seconds <= spent  # the engine's work in this thread stands for a search's
    assert cost.code_seconds > 0 and cost.seconds >= cost.search_seconds
    assert (cost.grading_seconds > 0) == (agent == "majority")


class Slow(ScriptedEngine):
    """Works in the caller's thread, to be found in the account of whoever asks."""

    asked = 0

    async def expand(self, *args: Any, **options: Any) -> Any:
        self.asked += 1
        work(0.005)
        return await super().expand(*args, **options)


def test_a_judge_is_on_the_account_of_grading() -> None:
    async def judge(answer: str) -> bool:
        await asyncio.sleep(0.01)
        return answer == "2"

    async def grow() -> Cost:
        from agents.search.tree import Node
        from amz_env import State

        search = Search(ScriptedEngine(by_depth([answer_action("So.", "2")])), shared_interpreter(), 1.0, 0, judge)
        await search.expand(Node(State("q")), 1)
        return search.cost

    assert asyncio.run(grow()).grading_seconds >= 0.01
