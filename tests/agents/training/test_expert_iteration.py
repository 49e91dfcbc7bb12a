import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

from agents.inference.base import derive_seed
from agents.model import PolicyValueModel, load_model, save_model
from agents.reporting.files import read_lines
from agents.training import board, rounds
from agents.training.config import TrainConfig, TrainingOptions
from agents.training.data import finished_jobs, jobs_of
from agents.training.records import read_records
from agents.training.rounds import _agents, load_round_model, run_rounds
from agents.training.trainer import train
from amz_env.problems import load_problems
from tests.agents.training.toys import tiny_model
from tests.fakes import ScriptedEngine, solver_policy, solver_value

PROBLEMS = load_problems("mini-gsm", split="train", size=8, level=1)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "base"
    save_model(tiny_model(), path)
    return path


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight problems in two files, two of them the same question, and two to evaluate on."""
    folder = tmp_path_factory.mktemp("questions")
    rows = [{"question": each.question, "answer": each.answer} for each in PROBLEMS]
    for name, part in (("train", rows[:7]), ("more", rows[6:7])):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in part))
    held_out = [{"question": f"What is {a} plus 1?", "answer": str(a + 1)} for a in range(2)]
    (folder / "eval.jsonl").write_text("".join(json.dumps(row) + "\n" for row in held_out))
    return folder


def config_of(run_dir: Path, base: Path, questions: Path) -> TrainConfig:
    return TrainConfig(
        run_dir=run_dir,
        model=str(base),
        problems=(str(questions / "train.jsonl"), str(questions / "more.jsonl")),
        eval_problems=(str(questions / "eval.jsonl"),),
        eval_agents=("greedy",),
        rounds=2,
        trees=2,
        simulations=6,
        width=3,
        held_out=0.25,
        concurrency=4,
        training=TrainingOptions(epochs=1, batch=8, micro_batch=4, save_steps=1),
    )


class Stop(Exception):
    pass


def scripted(model: PolicyValueModel | None = None, *, fail_after: int | None = None) -> ScriptedEngine:
    """An engine that knows the solutions and strays; it stops the run after some expansions, as a crash would."""
    left = [fail_after]

    def fail(_: object) -> None:
        if left[0] is not None:
            left[0] -= 1
            if left[0] < 0:
                raise Stop

    return ScriptedEngine(solver_policy(PROBLEMS, right=0.6), solver_value(PROBLEMS), fail=fail)


def contents(run_dir: Path) -> dict[str, Any]:
    """Return what a run has on disk, timings apart and in an order of its own where the order is that of finishing."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(inner) for name, inner in value.items() if "seconds" not in name and name != "run_dir"}
        return [plain(inner) for inner in value] if isinstance(value, list) else value

    found: dict[str, Any] = {}
    for path in sorted(run_dir.rglob("*")):
        name = str(path.relative_to(run_dir))
        if path.suffix == ".jsonl":
            found[name] = sorted(json.dumps(plain(line)) for line in read_lines(path))
        elif path.suffix == ".safetensors":
            found[name] = {key: tensor.tolist() for key, tensor in load_file(path).items()}
        elif path.name in ("metrics.json", "config.json"):
            found[name] = plain(json.loads(path.read_text()))
        elif path.is_file() and "tensorboard" not in name and path.name != "training.json":
            found[name] = path.read_bytes()
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, base: Path, questions: Path) -> Path:
    run_dir = tmp_path_factory.mktemp("runs") / "undisturbed"
    last = run_rounds(config_of(run_dir, base, questions), make_engine=scripted)
    assert last == run_dir / "round-2" / "checkpoint"
    return run_dir


def test_a_run_leaves_what_the_design_draws(undisturbed: Path) -> None:
    for number in (1, 2):
        folder = undisturbed / f"round-{number}"
        names = {path.name for path in folder.iterdir()}
        assert names == {
            "trees.jsonl",
            "records.jsonl",
            "held_out.jsonl",
            "suspects.jsonl",
            "checkpoint",
            "outcomes.jsonl",
            "metrics.json",
        }
        assert load_model(folder / "checkpoint").value_head.weight.abs().max() > 0
        metrics = json.loads((folder / "metrics.json").read_text())
        assert metrics["data"]["problems"] == 8 and 0 < metrics["data"]["solved"] <= 8
        assert metrics["data"]["right_paths"] == sum(r.right for r in read_records(folder / "records.jsonl"))
        assert metrics["evaluation"]["greedy"]["accuracy"]["total"] == 2
        assert metrics["value"]["pairs"] > 0 and 0 <= metrics["value"]["pair_accuracy"] <= 1
        assert "loss" in metrics["training"]["log"][0]
    assert list((undisturbed / "tensorboard").glob("events*"))
    assert "evaluation" in json.loads((undisturbed / "round-0" / "metrics.json").read_text())


def test_problems_held_out_are_not_trained_on_and_are_the_same_in_every_round(undisturbed: Path) -> None:
    def problems(number: int, name: str) -> set[str]:
        return {record.problem for record in read_records(undisturbed / f"round-{number}" / name)}

    for number in (1, 2):
        assert problems(number, "held_out.jsonl") and problems(number, "records.jsonl")
        assert not problems(number, "held_out.jsonl") & problems(number, "records.jsonl")
    assert problems(1, "held_out.jsonl") == problems(2, "held_out.jsonl")


def test_identical_questions_keep_trees_of_their_own(undisturbed: Path) -> None:
    lines = list(read_lines(undisturbed / "round-1" / "trees.jsonl"))
    assert {(line["meta"]["index"], line["meta"]["tree"]) for line in lines} == {
        (i, t) for i in range(8) for t in (0, 1)
    }
    twins = {
        line["meta"]["index"]: line for line in lines if line["meta"]["index"] in (6, 7) and not line["meta"]["tree"]
    }
    assert twins[6]["question"] == twins[7]["question"]
    assert twins[6]["meta"]["seed"] != twins[7]["meta"]["seed"]
    assert twins[6]["nodes"] != twins[7]["nodes"]


def test_at_most_four_right_and_four_wrong_paths_a_problem(undisturbed: Path) -> None:
    records = read_records(undisturbed / "round-1" / "records.jsonl")
    for problem in {record.problem for record in records}:
        for right in (True, False):
            assert sum(record.problem == problem and record.right is right for record in records) <= 4
    assert {record.right for record in records} == {True, False}


def test_every_round_starts_from_the_base_model_with_a_fresh_head(
    undisturbed: Path, base: Path, questions: Path
) -> None:
    config = config_of(undisturbed, base, questions)
    start = load_round_model(config, 0)
    assert start.value_head.weight.abs().max() == 0
    # Rounds do not go on from one another: trained on round 2's records alone, the base model gives round 2's.
    records = read_records(undisturbed / "round-2" / "records.jsonl")
    train(start, records, config.training, undisturbed.parent / "again", seed=derive_seed("training", config.seed, 2))
    made = load_round_model(config, 2).state_dict()
    assert all((weight == made[name]).all() for name, weight in start.state_dict().items())


def test_crashed_and_resumed_equals_undisturbed(undisturbed: Path, base: Path, questions: Path, tmp_path: Path) -> None:
    config = config_of(tmp_path / "run", base, questions)
    with pytest.raises(BaseException) as caught:
        run_rounds(config, make_engine=lambda model: scripted(model, fail_after=40))
    assert caught.group_contains(Stop) if isinstance(caught.value, BaseExceptionGroup) else caught.type is Stop
    assert 0 < len(finished_jobs(tmp_path / "run" / "round-1" / "trees.jsonl")) < 16  # written as each finishes
    for path in (tmp_path / "run").rglob("*.jsonl"):
        if path.name in ("trees.jsonl", "outcomes.jsonl"):
            with path.open("a") as file:
                file.write('{"format": "amz-tr')  # what a kill leaves behind
    run_rounds(config, make_engine=scripted)
    assert contents(tmp_path / "run") == contents(undisturbed)


KILLED = """
    import signal, sys
    from pathlib import Path
    from agents.training import rounds
    from tests.agents.training.test_expert_iteration import config_of, run_rounds, scripted
    write_board = rounds.write_board
    def then_wait(run_dir, metrics):
        write_board(run_dir, metrics)
        if any(run_dir.glob("round-1/trainer/checkpoint-*/complete")):
            signal.pause()
    rounds.write_board = then_wait
    run_rounds(config_of(*map(Path, sys.argv[1:4])), make_engine=scripted)
"""


def test_killed_and_resumed_equals_undisturbed(undisturbed: Path, base: Path, questions: Path, tmp_path: Path) -> None:
    """kill -9 while the model of round 1 trains, then to the end."""
    run_dir = tmp_path / "run"
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(run_dir), str(base), str(questions)]
    work = run_dir / "round-1" / "trainer"
    process = subprocess.Popen(command, cwd=Path(__file__).parents[3])
    until = time.monotonic() + 120
    while process.poll() is None and not any(work.glob("checkpoint-*/complete")) and time.monotonic() < until:
        time.sleep(0.005)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert len(finished_jobs(run_dir / "round-1" / "trees.jsonl")) == 16
    assert not (run_dir / "round-1" / "checkpoint").exists()
    run_rounds(config_of(run_dir, base, questions), make_engine=scripted)
    assert contents(run_dir) == contents(undisturbed)


def test_a_finished_run_does_nothing_again(undisturbed: Path, base: Path, questions: Path) -> None:
    def forbidden(model: PolicyValueModel) -> ScriptedEngine:
        raise AssertionError("nothing is left to compute")

    before = {path: path.stat().st_mtime_ns for path in undisturbed.rglob("*") if path.suffix in (".json", ".jsonl")}
    config = config_of(undisturbed, base, questions)
    run_rounds(config, make_engine=forbidden)
    # How many rounds there are to be, and how many searches run at once, changes nothing that was computed.
    assert run_rounds(replace(config, rounds=1, concurrency=2), make_engine=forbidden).parent.name == "round-1"
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_a_model_that_cannot_write_steps_is_told_so(base: Path, questions: Path, tmp_path: Path) -> None:
    """The real engine over a random model: every step is malformed, and each tree ends at once."""
    config = replace(config_of(tmp_path / "run", base, questions), simulations=1, trees=1, width=2, eval_size=0)
    config = replace(config, problems=(str(questions / "more.jsonl"),))
    with pytest.raises(ValueError, match="round 1: no search reached an answer"):
        run_rounds(config)
    assert len(finished_jobs(tmp_path / "run" / "round-1" / "trees.jsonl")) == 1
    data = json.loads((tmp_path / "run" / "round-1" / "metrics.json").read_text())["data"]
    assert data["failures"] > 0 and data["solved"] == data["right_paths"] == data["wrong_paths"] == 0


def test_two_processes_may_not_work_on_one_run(undisturbed: Path, base: Path, questions: Path) -> None:
    with (undisturbed / ".lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ValueError, match="another process"):
            run_rounds(config_of(undisturbed, base, questions), make_engine=scripted)


def test_a_board_that_a_kill_left_behind_the_metrics_is_written_again(
    undisturbed: Path, base: Path, questions: Path, tmp_path: Path
) -> None:
    shutil.copytree(undisturbed, tmp_path / "run")
    shown, told = tmp_path / "run" / "tensorboard", tmp_path / "run" / "round-2" / "metrics.json"
    assert board.board_is_current(tmp_path / "run")
    os.utime(told, ns=(shown.stat().st_mtime_ns + 1,) * 2)
    assert not board.board_is_current(tmp_path / "run")
    config = config_of(tmp_path / "run", base, questions)
    run_rounds(config, make_engine=scripted)
    assert board.board_is_current(tmp_path / "run")


def test_what_tensorboard_shows(undisturbed: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    shown = EventAccumulator(str(undisturbed / "tensorboard")).Reload()
    tags = shown.Tags()
    assert [event.step for event in shown.Scalars("accuracy/greedy/mean")] == [0, 1, 2]
    assert [event.step for event in shown.Scalars("data/solved")] == [1, 2]
    metrics = json.loads((undisturbed / "round-2" / "metrics.json").read_text())
    assert shown.Scalars("value/mse")[-1].value == pytest.approx(metrics["value"]["mse"], rel=1e-5)
    assert {"training/round-1/loss", "training/round-2/value_loss"} <= set(tags["scalars"])
    per_round = ("data/solved", "data/right_paths", "data/wrong_paths", "data/suspect_keys", "data/mean_q_right")
    assert {*per_round, "training/policy_loss", "value/auc", "value/pair_accuracy"} <= set(tags["scalars"])
    greedy = ("accuracy/greedy/low", "accuracy/greedy/high", "generated_tokens/greedy", "seconds/greedy")
    assert {*greedy, "stage_seconds/data", "data/generated_tokens"} <= set(tags["scalars"])
    assert {"q/right", "q/wrong"} <= set(tags["histograms"])
    assert "solutions/greedy/text_summary" in tags["tensors"]


def test_tensorboard_shows_a_training_under_way(base: Path, questions: Path, tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    config = replace(config_of(tmp_path / "run", base, questions), rounds=1, eval_size=0)
    saves = []

    def stop_at_the_second(save: Any, *arguments: Any, **named: Any) -> None:
        save(*arguments, **named)
        saves.append(1)
        if len(saves) == 2:
            raise Stop

    with pytest.MonkeyPatch.context() as patch:
        whole = board.write_board
        patch.setattr(rounds, "write_board", lambda *a: stop_at_the_second(whole, *a))
        with pytest.raises(Stop):
            run_rounds(config, make_engine=scripted)
    shown = EventAccumulator(str(tmp_path / "run" / "tensorboard")).Reload()
    assert [event.step for event in shown.Scalars("training/round-1/loss")] == [1]
    assert "training/loss" not in shown.Tags()["scalars"]  # which is of a training at its end
    assert [event.step for event in shown.Scalars("data/solved")] == [1]


def test_evaluated_agents_that_differ_in_an_option_have_names_of_their_own() -> None:
    config = TrainConfig(eval_agents=("mcts", "mcts:c_puct=5"))
    assert [agent.name for agent in _agents(config, scripted())] == ["MCTS(40)", "MCTS(40),c_puct=5"]


def test_seeds_of_trees_are_all_different_over_problems_trees_and_rounds() -> None:
    jobs = [job for number in (1, 2) for job in jobs_of(PROBLEMS[:4], 3, seed=0, round_number=number)]
    assert len({job.seed for job in jobs}) == len(jobs) == 24


def test_problem_sets_may_stand_with_commas_between() -> None:
    config = TrainConfig(problems=("mini-gsm,mini-math",), eval_problems=("mini-gaokao", "mini-math,mini-gaokao"))
    assert config.problems == ("mini-gsm", "mini-math")
    assert config.eval_problems == ("mini-gaokao", "mini-math")


def test_the_last_temperature_holds_for_all_rounds_that_follow() -> None:
    config = TrainConfig(temperatures=(0.6, 1.0, 1.2))
    assert [config.temperature(number) for number in (1, 2, 3, 4)] == [0.6, 1.0, 1.2, 1.2]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"trees": 0}, "trees must be at least 1"),
        ({"eval_agents": ("gredy",)}, "unknown agent 'gredy'"),
        ({"eval_agents": ("sbs:beam=3",)}, "has no option 'beam'"),
        ({"temperatures": (0.0,)}, "temperatures"),
        ({"held_out": 1.0}, "held_out"),
        ({"value_target": "v"}, "value_target must be q or outcome"),
        ({"problems": ()}, "at least one set"),
    ],
)
def test_options_out_of_range_are_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TrainConfig(**wrong)
