"""Rounds that take turns through the problems, and that train on the paths of all rounds so far."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from agents.training import rounds
from agents.training.config import TrainConfig
from agents.training.data import finished_jobs, jobs_of, turn_of
from agents.training.records import Record, read_records
from agents.training.rounds import run_rounds
from tests.agents.training.test_expert_iteration import PROBLEMS, base, config_of, questions, scripted

__all__ = ["base", "questions"]  # fixtures


@pytest.fixture
def config(base: Path, questions: Path, tmp_path: Path) -> TrainConfig:
    """A run of two rounds over eight problems, all of which train."""
    return replace(config_of(tmp_path / "run", base, questions), held_out=0.0, eval_size=0)


def test_every_problem_has_its_turn_before_one_has_two() -> None:
    turns = [turn_of(10, 4, seed=1, round_number=number) for number in range(1, 6)]
    assert all(len(set(turn)) == 4 for turn in turns)
    assert len(set(turns[0] + turns[1])) == 8
    assert Counter(index for turn in turns for index in turn) == dict.fromkeys(range(10), 2)
    assert turns != [turn_of(10, 4, seed=2, round_number=number) for number in range(1, 6)]


@pytest.mark.parametrize("each_round", [None, 10, 11])
def test_by_default_every_round_searches_all(each_round: int | None) -> None:
    turn = turn_of(10, each_round, seed=0, round_number=3)
    assert sorted(turn) == list(range(10))


def test_a_turn_goes_through_all_sets_side_by_side() -> None:
    halves = [index // 500 for index in turn_of(1000, None, seed=0, round_number=1)]  # two sets of 500
    assert all(0.3 < sum(halves[start : start + 100]) / 100 < 0.7 for start in range(0, 1000, 100))


def test_a_tree_is_the_same_whether_all_are_searched_or_some() -> None:
    some = jobs_of(PROBLEMS, 2, seed=0, round_number=2, each_round=3)
    assert len(some) == 6 and set(some) < set(jobs_of(PROBLEMS, 2, seed=0, round_number=2))


def test_rounds_search_problems_of_their_own(config: TrainConfig) -> None:
    run_rounds(replace(config, problems_per_round=4), make_engine=scripted)
    searched = [
        {index for index, _ in finished_jobs(config.run_dir / f"round-{number}" / "trees.jsonl")} for number in (1, 2)
    ]
    assert [len(each) for each in searched] == [4, 4] and searched[0] | searched[1] == set(range(8))
    metrics = json.loads((config.run_dir / "round-2" / "metrics.json").read_text())
    assert metrics["data"]["problems"] == 4


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
