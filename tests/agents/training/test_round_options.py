"""What the options of a run change in its rounds, and what cannot begin."""

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.model import PolicyValueModel, load_model
from agents.reporting.files import read_lines
from agents.training import data, rounds
from agents.training.config import TrainConfig
from agents.training.rounds import run_rounds
from agents.training.run_files import load_sets
from agents.training.trainer import train
from amz_env.grading import Grade
from amz_env.grading.types import unknown, verdict
from tests.agents.training.test_expert_iteration import PROBLEMS, base, config_of, questions, scripted

__all__ = ["base", "questions"]  # fixtures


def test_what_v_learns_and_how_many_paths_are_as_asked(base: Path, questions: Path, tmp_path: Path) -> None:
    def records(name: str, **options: Any) -> list[dict[str, Any]]:
        config = replace(config_of(tmp_path / name, base, questions), rounds=1, eval_size=0, **options)
        run_rounds(config, make_engine=scripted)
        return list(read_lines(tmp_path / name / "round-1" / "records.jsonl"))

    usual, few = records("usual"), records("few", most_right=1, most_wrong=0)
    counts = Counter(each["problem"] for each in few)
    assert set(counts.values()) == {1} and all(each["right"] for each in few) and len(usual) > len(few)
    outcomes = records("outcome", value_target="outcome")
    assert [each["token_ids"] for each in outcomes] == [each["token_ids"] for each in usual]
    assert [each["targets"] for each in outcomes] != [each["targets"] for each in usual]


@pytest.mark.parametrize("restart", [True, False])
def test_a_round_trains_from_the_base_model_or_goes_on(
    base: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restart: bool
) -> None:
    begun: list[Any] = []

    def watched(model: PolicyValueModel, *args: Any, **options: Any) -> Any:
        begun.append({name: weight.clone() for name, weight in model.lm.state_dict().items()})
        return train(model, *args, **options)

    monkeypatch.setattr(rounds, "train", watched)
    run_rounds(replace(config_of(tmp_path, base, questions), restart=restart, eval_size=0), make_engine=scripted)
    before = load_model(base if restart else tmp_path / "round-1" / "checkpoint").lm.state_dict()
    assert len(begun) == 2 and all(begun[1][name].equal(weight) for name, weight in before.items())


@pytest.mark.parametrize(
    ("graded", "wanted"), [(verdict(True, ""), True), (verdict(False, ""), False), (unknown(""), None)]
)
def test_what_cannot_be_judged_is_not_called_wrong(
    monkeypatch: pytest.MonkeyPatch, graded: Grade, wanted: bool | None
) -> None:
    async def grade(*_: object, **__: object) -> Grade:
        return graded

    async def asked() -> bool | None:
        return await data.judge_of(PROBLEMS[0])("5")

    monkeypatch.setattr(data, "grade_async", grade)
    assert asyncio.run(asked()) is wanted


def test_columns_of_a_file_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.csv"
    path.write_text("prompt,gold\n" + "".join(f"What is {n} + 1?,{n + 1}\n" for n in range(40)))
    config = TrainConfig(problems=(str(path),), question_key="prompt", answer_key="gold", eval_size=3)
    train_on, evaluate_on = load_sets(config)
    assert all(problem.answer == str(int(problem.question.split()[2]) + 1) for problem in (*train_on, *evaluate_on))
    assert len(train_on) > 20 and evaluate_on
    with pytest.raises(ValueError, match="name its column with question_key"):
        load_sets(replace(config, question_key=None))


def test_what_cannot_begin_binds_nobody_to_its_directory(base: Path, questions: Path, tmp_path: Path) -> None:
    good = config_of(tmp_path / "run", base, questions)
    for wrong in (replace(good, model=str(tmp_path / "typo")), replace(good, few_shot=9)):
        with pytest.raises(ValueError, match=r"not a model directory|worked examples"):
            run_rounds(wrong, make_engine=scripted)
        assert not good.run_dir.exists()
    for agent, why in (("sb3", "belongs to one model"), ("sbs:beams=0", "at least 1")):
        with pytest.raises(ValueError, match=why):
            replace(good, eval_agents=(agent,))
