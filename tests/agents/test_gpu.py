"""What runs on a GPU does what it does on a CPU."""

import asyncio
import itertools
import json
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
import torch

import agents
from agents import cli
from agents.inference import LocalEngine, load_engine
from agents.inference.base import Expansion
from agents.inference.local import Kind
from agents.training import pretrain
from agents.training.config import TrainingOptions
from agents.training.trainer import train
from amz_env import State, load_problems
from tests.agents.training.test_trainer import RECORDS, value_errors
from tests.agents.training.toys import tiny_model

# Everything here runs the same work on a GPU and on a CPU: without a GPU there is nothing to compare.
pytestmark = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="compares a GPU with the CPU: needs one that PyTorch can use"
)


@pytest.fixture(scope="module")
def states() -> list[State]:
    return [State(problem.question) for problem in load_problems("mini-gsm", split="test", size=12, seed=0)[:]]


def expand_all(engine: LocalEngine, states: list[State]) -> list[Expansion]:
    async def everything() -> list[Expansion]:
        return await asyncio.gather(*(engine.expand(state, 2, temperature=0.0, seed=0) for state in states))

    return asyncio.run(everything())


@pytest.mark.parametrize("kind", ["cached", "recompute"])
def test_steps_and_values_are_those_of_the_cpu(kind: Kind, states: list[State]) -> None:
    expected = expand_all(load_engine("builtin", device="cpu"), states)
    found = expand_all(load_engine("builtin", kind, device="cuda"), states)
    for one, other in zip(found, expected, strict=True):
        assert [each.action for each in one.proposals] == [each.action for each in other.proposals]
        assert one.value == pytest.approx(other.value, abs=1e-3)
        for step, twin in zip(one.proposals, other.proposals, strict=True):
            assert step.logprob == pytest.approx(twin.logprob, abs=1e-2)


def test_a_search_gives_its_memory_back(states: list[State]) -> None:
    engine = load_engine("builtin", device="cuda")
    before = torch.cuda.memory_allocated()
    agents.make("mcts", model=engine, simulations=8, width=3).solve([state.question for state in states], seed=0)
    engine.forget()
    assert torch.cuda.memory_allocated() - before < 100 << 20


def test_two_workers_solve_what_one_solves(tmp_path: Path) -> None:
    for workers in (1, 2):
        out = str(tmp_path / str(workers))
        given = ["--agents", "greedy", "--limit", "8", "--device", "cuda", "--out", out]
        assert cli.run(["compare", *given, "--workers", str(workers)]) == 0
    one, two = (
        {each["id"]: each["solution"] for each in map(json.loads, (tmp_path / name / "outcomes.jsonl").open())}
        for name in ("1", "2")
    )
    assert one == two


@pytest.mark.parametrize(("bf16", "compiled"), [(False, False), (True, True)])
def test_training_fits_eight_paths(bf16: bool, compiled: bool, tmp_path: Path) -> None:
    model = tiny_model().to("cuda")
    options = TrainingOptions(epochs=200, batch=8, micro_batch=8, lr=0.01, beta=3.0, bf16=bf16, compile=compiled)
    log = train(model, RECORDS, options, tmp_path)
    assert log[0]["policy_loss"] > 20 * log[-2]["policy_loss"]
    assert fmean(value_errors(model.to("cpu"))) < (0.05 if bf16 else 0.01)


def test_pretraining_stopped_and_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"copy_steps": 0, "clean_steps": 40, "mixed_steps": 10, "workers": 1, "loaders": 3, "save_every": 10}
    config = pretrain.PretrainConfig(out=tmp_path, device="cuda", **options)
    make, calls = pretrain._update, itertools.count(1)

    def stop(*arguments: Any) -> float:
        if next(calls) == 35:
            raise KeyboardInterrupt
        return make(*arguments)

    monkeypatch.setattr(pretrain, "_update", stop)
    with pytest.raises(KeyboardInterrupt):
        pretrain.run(config)
    monkeypatch.undo()
    path = pretrain.run(config)
    logged = [json.loads(line) for line in (tmp_path / "log.jsonl").open()]
    assert [each["step"] for each in logged] == [20, 40] and logged[-1]["loss"] < logged[0]["loss"]
    assert json.loads((path / "training.json").read_text())["updates"] == 50
