import json
import sys
from pathlib import Path

import pytest

from agents.distributed import DistributedConfig, Worker, batched, run
from agents.model import PolicyValueModel, save_model
from agents.reporting.files import read_lines
from agents.training.config import TrainConfig, TrainingOptions
from agents.training.data import grow_trees, jobs_of, search_agent
from agents.training.rounds import run_rounds
from amz_env.problems.base import Problem
from tests.agents.training.toys import tiny_model
from tests.fakes import ScriptedEngine, solver_policy, solver_value

PROBLEMS = [Problem(str(a), f"What is {a} plus {a}?", str(2 * a), "test") for a in range(12)]


def scripted(model: PolicyValueModel) -> ScriptedEngine:
    return ScriptedEngine(solver_policy(PROBLEMS), solver_value(PROBLEMS))


def config_of(folder: Path, run_dir: str) -> TrainConfig:
    """Return a run of one round on a file of problems, without evaluation."""
    if not (folder / "base").exists():
        save_model(tiny_model(), folder / "base")
        rows = [{"question": each.question, "answer": each.answer} for each in PROBLEMS]
        (folder / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return TrainConfig(
        run_dir=folder / run_dir,
        model=str(folder / "base"),
        problems=(str(folder / "train.jsonl"),),
        eval_problems=("mini-gsm",),
        eval_size=0,
        rounds=1,
        simulations=3,
        width=3,
        training=TrainingOptions(epochs=1, batch=16, micro_batch=16),
    )


def trees(run_dir: Path) -> list[str]:
    lines = list(read_lines(run_dir / "round-1" / "trees.jsonl"))
    for line in lines:
        line["meta"].pop("cost")  # holds seconds
    return sorted(json.dumps(line) for line in lines)


def test_a_worker_grows_the_trees_that_one_process_grows(tmp_path: Path) -> None:
    import asyncio

    config = config_of(tmp_path, "unused")
    jobs = jobs_of(PROBLEMS[:4], 2, seed=0, round_number=1)
    here: list[dict[str, object]] = []
    agent = search_agent(config, scripted(tiny_model()), 1)
    asyncio.run(grow_trees(agent, jobs, here.append, concurrency=4))
    worker = Worker(config, 1, scripted)
    there = [line for batch in batched(jobs, 3) for line in worker.grow(batch)]
    assert len(there) == 8

    def nodes(lines: list[dict[str, object]]) -> dict[tuple[int, int], object]:
        return {(line["meta"]["index"], line["meta"]["tree"]): line["nodes"] for line in lines}  # type: ignore[index]

    assert nodes(here) == nodes(there)


def test_over_ray_the_files_are_those_of_one_process(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="ray is not installed (extra [ray])")
    run_rounds(config_of(tmp_path, "alone"), make_engine=scripted)
    run(DistributedConfig(workers=2, train=config_of(tmp_path, "workers")), make_engine=scripted)
    assert trees(tmp_path / "alone") == trees(tmp_path / "workers")
    alone, workers = (tmp_path / name / "round-1" / "records.jsonl" for name in ("alone", "workers"))
    assert alone.read_bytes() == workers.read_bytes()


def test_without_ray_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ImportError, match=r"extra \[ray\]"):
        run(DistributedConfig(train=config_of(tmp_path, "run")))
    assert not (tmp_path / "run").exists()


def test_importing_does_not_load_ray_or_torch() -> None:
    import subprocess

    code = "import sys, agents.distributed; assert not {'ray', 'torch'} & set(sys.modules), 'loaded'"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_options_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="workers"):
        DistributedConfig(workers=0)
    with pytest.raises(ValueError, match="gpus_per_worker"):
        DistributedConfig(gpus_per_worker=-1)
