"""Coroutines run from plain code, whether or not an event loop is running already."""

import asyncio
import signal
import threading

import pytest

import agents
from agents.running import run
from amz_env import answer_action
from tests.fakes import ScriptedEngine, by_depth


async def _thread() -> int:
    await asyncio.sleep(0)
    return threading.get_ident()


def test_without_a_loop_it_runs_in_this_thread() -> None:
    assert run(_thread()) == threading.get_ident()


def test_an_agent_solves_in_a_notebook_where_a_loop_is_running() -> None:
    agent = agents.make("greedy", model=ScriptedEngine(by_depth([answer_action("So.", "2")])))

    async def cell() -> list[str | None]:
        return [solution.answer for solution in agent.solve(["What is 1 + 1?"])]

    assert asyncio.run(cell()) == ["2"]


def test_errors_come_through_from_the_other_thread() -> None:
    async def fails() -> None:
        raise ValueError("no such thing")

    async def cell() -> None:
        run(fails())

    with pytest.raises(ValueError, match="no such thing"):
        asyncio.run(cell())


def test_an_interruption_cancels_what_runs_in_the_other_thread() -> None:
    seen: list[str] = []

    async def endless() -> None:
        try:
            await asyncio.sleep(0.2)  # until the main thread waits
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    loop = asyncio.new_event_loop()  # not `asyncio.run`, which has ways of its own with interruptions

    async def cell() -> None:
        run(endless())

    with pytest.raises(KeyboardInterrupt):
        loop.run_until_complete(cell())
    loop.close()
    assert seen == ["cancelled"]
