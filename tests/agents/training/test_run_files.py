"""What a run is begun with: the problems that it learns from and is asked, and what may not change when it goes on."""

import json
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from agents.training import run_files
from agents.training.config import TrainConfig
from agents.training.rounds import run_rounds
from agents.training.run_files import load_sets, measured_indices
from amz_env.problems.base import Problem, split_of
from tests.agents.training.test_expert_iteration import base, config_of, questions, scripted, undisturbed

__all__ = ["base", "questions", "undisturbed"]  # fixtures


def test_an_option_that_is_newer_than_a_run_was_at_its_default(
    undisturbed: Path, base: Path, questions: Path, tmp_path: Path
) -> None:
    shutil.copytree(undisturbed, tmp_path / "run")
    written = json.loads((tmp_path / "run" / "config.json").read_text())
    del written["config"]["max_step_tokens"], written["config"]["training"]["likelihood"]
    (tmp_path / "run" / "config.json").write_text(json.dumps(written))
    config = config_of(tmp_path / "run", base, questions)
    run_rounds(config, make_engine=scripted)
    with pytest.raises(ValueError, match="was begun with max_step_tokens=256, not 512"):
        run_rounds(replace(config, max_step_tokens=512), make_engine=scripted)
    with pytest.raises(ValueError, match=r"was begun with training\.likelihood=False, not True"):
        run_rounds(replace(config, training=replace(config.training, likelihood=True)), make_engine=scripted)


@pytest.mark.parametrize("what", ["train.jsonl", "eval.jsonl", "model"])
def test_a_run_does_not_go_on_with_what_has_changed(
    undisturbed: Path, base: Path, questions: Path, tmp_path: Path, what: str
) -> None:
    for folder, copied in ((undisturbed, "run"), (base, "model"), (questions, "questions")):
        shutil.copytree(folder, tmp_path / copied)
    config = config_of(tmp_path / "run", tmp_path / "model", tmp_path / "questions")
    (tmp_path / "run" / "config.json").unlink()
    settle = partial(run_files.settle_config, config)
    settle(*load_sets(config))
    settle(*load_sets(config))
    if what == "model":
        weights = next((tmp_path / "model").glob("*.safetensors"))
        weights.write_bytes(weights.read_bytes()[:-1] + b"!")
    else:
        file = tmp_path / "questions" / what
        file.write_text(file.read_text().replace('"question": "', '"question": "Well, '))
    with pytest.raises(ValueError, match="has changed since"):
        settle(*load_sets(config))
    kept = json.loads((tmp_path / "run" / "config.json").read_text())
    for name in ("evaluation_hash", "model_hash"):
        del kept[name]  # as a run of an older version, which goes on
    (tmp_path / "run" / "config.json").write_text(json.dumps(kept))
    if what != "train.jsonl":
        settle(*load_sets(config))


def test_other_options_or_problems_are_refused(undisturbed: Path, base: Path, questions: Path) -> None:
    config = config_of(undisturbed, base, questions)
    with pytest.raises(ValueError, match="begun with simulations=6, not 7"):
        run_rounds(replace(config, simulations=7), make_engine=scripted)
    file = questions / "train.jsonl"
    text = file.read_text()
    try:
        file.write_text(text.replace('answer": "', 'answer": "1', 1))
        with pytest.raises(ValueError, match="other problems"):
            run_rounds(config, make_engine=scripted)
    finally:
        file.write_text(text)


def test_a_question_to_evaluate_on_may_not_be_trained_on(base: Path, questions: Path, tmp_path: Path) -> None:
    config = replace(config_of(tmp_path, base, questions), eval_problems=(str(questions / "train.jsonl"),))
    with pytest.raises(ValueError, match="both the training and the evaluation"):
        run_rounds(config, make_engine=scripted)


def test_a_file_too_small_to_hold_questions_back_says_what_to_do(base: Path, tmp_path: Path) -> None:
    trained = next(each for each in range(100) if split_of(f"What is {each} plus 1?") == "train")
    file = tmp_path / "few.jsonl"
    file.write_text(json.dumps({"question": f"What is {trained} plus 1?", "answer": str(trained + 1)}) + "\n")
    config = TrainConfig(run_dir=tmp_path / "run", model=str(base), problems=(str(file),))
    with pytest.raises(ValueError, match="--eval-size 0"):
        load_sets(config)
    train, evaluation = load_sets(replace(config, eval_size=0))
    assert len(train) == 1 and evaluation == []


def test_files_of_one_name_stay_apart_and_what_is_left_out_is_said(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, sign in (("a", "plus"), ("b", "minus")):
        (tmp_path / folder).mkdir()
        rows = [{"question": f"What is {n} {sign} 1?", "answer": "0"} for n in range(60)]
        (tmp_path / folder / "same.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    files = (str(tmp_path / "a" / "same.jsonl"), str(tmp_path / "b" / "same.jsonl"))
    train, _ = load_sets(TrainConfig(run_dir=tmp_path / "run", model=str(base), problems=files, size=20))
    assert [problem.source for problem in train] == [files[0]] * 20 + [files[1]] * 20
    said = capsys.readouterr().err
    assert said.count("the first 20 of") == 2 and "(--size)" in said


def test_a_question_that_is_trained_on_measures_nothing() -> None:
    problems = [Problem(str(place), question, "1", "s") for place, question in enumerate("abcab")]
    assert measured_indices(problems, frozenset({0, 2})) == {2}
    assert measured_indices(problems, frozenset({0, 3})) == {0, 3}
