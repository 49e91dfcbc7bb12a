"""Processes that share the searches of a round leave what one process leaves, and say why one failed."""

import math
import os
import weakref
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from pickle import PicklingError
from typing import Any

import pytest

import agents
from agents.processes import Place, own_place
from agents.reporting.files import read_lines
from agents.training.evaluation import evaluate_agents, solve_tasks
from agents.training.progress import stage
from agents.training.rounds import _solve_share, run_rounds
from agents.training.workers import Send, in_processes, shares_of, spread
from tests.agents.training.shares import dies, places, squares
from tests.agents.training.test_expert_iteration import PROBLEMS, base, config_of, contents, questions, scripted

__all__ = ["base", "questions"]  # fixtures


def test_things_are_dealt_out_and_every_result_arrives() -> None:
    assert shares_of([1, 2, 3, 4, 5], 2) == [[1, 3, 5], [2, 4]]
    assert shares_of([1], 3) == [[1]] and shares_of([], 3) == []
    found: list[tuple[int, int]] = []
    in_processes(squares, [[1, 2], [3]], found.append)
    assert sorted(square for square, _ in found) == [1, 4, 9]
    assert len({process for _, process in found}) == 2 and os.getpid() not in {process for _, process in found}
    spread(squares, [5], found.append, workers=1)
    assert found[-1] == (25, os.getpid())


class Engine:
    """Something large that refers to itself, as an engine with a search under way does."""

    def __init__(self) -> None:
        self.own = self


def test_work_in_this_process_leaves_nothing_in_memory() -> None:
    engines: list[weakref.ref[Engine]] = []

    def work(share: Sequence[int], send: Send) -> None:
        engines.append(weakref.ref(Engine()))

    spread(work, [1], print, workers=1)
    assert engines[0]() is None


def test_a_worker_that_fails_or_dies_is_an_error_not_a_wait() -> None:
    found: list[object] = []
    with pytest.raises(RuntimeError, match="ValueError: -1 is negative"):
        in_processes(squares, [[7, -1]], found.append)
    with pytest.raises(RuntimeError, match="a worker process died"):
        in_processes(dies, [[11]], found.append)
    with pytest.raises((AttributeError, PicklingError), match=r"pickle|local object"):  # not what follows from it
        in_processes(lambda share, send: None, [[1], [2]], found.append)
    assert [each if isinstance(each, int) else each[0] for each in found] == [49, 11]  # type: ignore[index]


def test_a_run_with_workers_leaves_what_one_process_leaves(base: Path, questions: Path, tmp_path: Path) -> None:
    def made(name: str, workers: int) -> Path:
        config = replace(config_of(tmp_path / name, base, questions), rounds=1, workers=workers, eval_size=0)
        return run_rounds(config, make_engine=scripted).parents[1]

    alone, together = made("alone", 1), made("together", 2)
    assert len(list(read_lines(together / "round-1" / "trees.jsonl"))) == 16

    found = contents(together)
    found["config.json"]["config"]["workers"] = 1
    assert alike(found, contents(alone))  # training has more threads, hence another order of sums


def alike(one: Any, other: Any) -> bool:
    """Return whether two contents are equal up to rounding."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return math.isclose(one, other, rel_tol=1e-3, abs_tol=1e-5) if isinstance(one, float) else bool(one == other)


def test_a_share_of_an_evaluation_is_what_one_process_finds(base: Path, questions: Path, tmp_path: Path) -> None:
    config = config_of(tmp_path, base, questions)
    agent = agents.make("greedy", model=scripted())
    found: list[list[dict[str, object]]] = []
    for solve in (partial(solve_tasks, [agent], 0, 4), partial(_solve_share, config, 0, scripted)):
        path = tmp_path / f"{len(found)}.jsonl"
        evaluate_agents(["greedy"], PROBLEMS, path, solve=solve, show=partial(stage, "evaluate"))
        lines = sorted(read_lines(path), key=lambda line: str(line["id"]))
        found.append([{name: line[name] for name in ("id", "place", "answer", "status")} for line in lines])
    assert found[0] == found[1] and len(found[0]) == len(PROBLEMS)


def test_workers_take_turns_through_the_gpus_and_share_each() -> None:
    places = [Place(number, 5) for number in range(5)]
    assert [place.gpu(2) for place in places] == [0, 1, 0, 1, 0]
    assert [place.neighbours(2) for place in places] == [3, 2, 3, 2, 3]
    assert [place.gpu(8) for place in places] == [0, 1, 2, 3, 4] and {place.neighbours(8) for place in places} == {1}
    assert Place().gpu(4) == 0 and Place().neighbours(4) == 1


def test_a_worker_knows_its_place() -> None:
    found: list[Place] = []
    spread(places, [1, 2, 3], found.append, workers=2)
    assert sorted(found, key=lambda place: place.number) == [Place(0, 2), Place(0, 2), Place(1, 2)]
    assert own_place() == Place()
