"""Rounds that take turns through the problems, and that train on the paths of all rounds so far."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from agents.model import save_model
from agents.training import rounds
from agents.training.config import TrainConfig, TrainingOptions
from agents.training.data import finished_jobs, jobs_of, turn_of
from agents.training.records import Record, read_records
from agents.training.rounds import run_rounds
from amz_env.problems import load_problems
from tests.agents.training.toys import tiny_model
from tests.fakes import ScriptedEngine, solver_policy, solver_value

PROBLEMS = load_problems("mini-gsm", split="train", size=6, level=1)


def scripted(model: object = None) -> ScriptedEngine:
    return ScriptedEngine(solver_policy(PROBLEMS, right=0.6), solver_value(PROBLEMS))


@pytest.fixture
def config(tmp_path: Path) -> TrainConfig:
    save_model(tiny_model(), tmp_path / "base")
    rows = [json.dumps({"question": each.question, "answer": each.answer}) for each in PROBLEMS[:]]
    (tmp_path / "mine.jsonl").write_text("\n".join(rows) + "\n")
    return TrainConfig(
        run_dir=tmp_path / "run",
        model=str(tmp_path / "base"),
        problems=(str(tmp_path / "mine.jsonl"),),
        eval_problems=("mini-math",),
        eval_size=0,
        rounds=2,
        simulations=8,
        width=3,
        held_out=0.0,
        training=TrainingOptions(epochs=1, batch=4, micro_batch=4),
    )


def test_every_problem_has_its_turn_before_one_has_two() -> None:
    turns = [turn_of(10, 4, seed=1, round_number=number) for number in range(1, 6)]
    assert all(len(set(turn)) == 4 for turn in turns)
    assert len(set(turns[0] + turns[1])) == 8
    assert Counter(index for turn in turns for index in turn) == dict.fromkeys(range(10), 2)
    assert turns != [turn_of(10, 4, seed=2, round_number=number) for number in range(1, 6)]


@pytest.mark.parametrize("each_round", [None, 10, 11])
def test_by_default_every_round_searches_all(each_round: int | None) -> None:
    assert turn_of(10, each_round, seed=0, round_number=3) == list(range(10))


def test_a_tree_is_the_same_whether_all_are_searched_or_some() -> None:
    some = jobs_of(PROBLEMS, 2, seed=0, round_number=2, each_round=3)
    assert len(some) == 6 and set(some) < set(jobs_of(PROBLEMS, 2, seed=0, round_number=2))


def test_rounds_search_problems_of_their_own(config: TrainConfig) -> None:
    run_rounds(replace(config, problems_per_round=3), make_engine=scripted)
    searched = [
        {index for index, _ in finished_jobs(config.run_dir / f"round-{number}" / "trees.jsonl")} for number in (1, 2)
    ]
    assert [len(each) for each in searched] == [3, 3] and searched[0] | searched[1] == set(range(6))
    metrics = json.loads((config.run_dir / "round-2" / "metrics.json").read_text())
    assert metrics["data"]["problems"] == 3


def test_replay_trains_on_the_paths_of_all_rounds_each_once(
    config: TrainConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[list[Record]] = []

    def train(model: object, records: list[Record], *_: object, **__: object) -> list[dict[str, float]]:
        trained.append(records)
        return []

    monkeypatch.setattr(rounds, "train", train)
    run_rounds(replace(config, replay=True), make_engine=scripted)
    first, second = (read_records(config.run_dir / f"round-{number}" / "records.jsonl") for number in (1, 2))
    assert trained[0] == first
    paths = [(each.problem, each.token_ids) for each in trained[1]]
    assert len(paths) == len(set(paths)) and set(paths) == {(each.problem, each.token_ids) for each in first + second}
    assert [each for each in trained[1] if each in second] == sorted(
        second, key=lambda each: paths.index((each.problem, each.token_ids))
    )  # with the Q of the later round


@pytest.mark.parametrize("number", [0, -1])
def test_a_round_needs_problems(number: int) -> None:
    with pytest.raises(ValueError, match="problems_per_round must be at least 1"):
        TrainConfig(problems_per_round=number)
