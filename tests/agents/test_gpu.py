"""What runs on a GPU does what it does on a CPU."""

import asyncio
import json
from pathlib import Path
from statistics import fmean

import pytest
import torch

import agents
from agents import cli
from agents.inference import LocalEngine, load_engine
from agents.inference.base import Expansion
from agents.model import load_model
from agents.training import pretrain
from agents.training.config import TrainingOptions
from agents.training.trainer import train
from amz_env import State, load_problems
from tests.agents.training.test_trainer import RECORDS, value_errors
from tests.agents.training.toys import tiny_model

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")

STATES = [State(problem.question) for problem in load_problems("mini-gsm", split="test", size=12, seed=0)[:]]


def expand_all(engine: LocalEngine) -> list[Expansion]:
    async def everything() -> list[Expansion]:
        return await asyncio.gather(
            *(engine.expand(state, 2, temperature=0.0 if i % 2 else 0.7, seed=i) for i, state in enumerate(STATES))
        )

    return asyncio.run(everything())


@pytest.mark.parametrize("kind", ["cached", "recompute"])
def test_steps_and_values_are_those_of_the_cpu(kind: str) -> None:
    expected = expand_all(load_engine("builtin", device="cpu"))
    found = expand_all(load_engine("builtin", kind, device="cuda"))  # type: ignore[arg-type]
    for one, other in zip(found, expected, strict=True):
        assert [each.action for each in one.proposals] == [each.action for each in other.proposals]
        assert one.value == pytest.approx(other.value, abs=1e-3)
        for step, twin in zip(one.proposals, other.proposals, strict=True):
            assert step.logprob == pytest.approx(twin.logprob, abs=1e-2)


def test_a_search_gives_the_memory_of_a_pass_back() -> None:
    engine = load_engine("builtin", device="cuda")
    agent = agents.make("mcts", model=engine, simulations=8, width=3)
    agent.solve([state.question for state in STATES], seed=0)
    engine.forget()
    assert torch.cuda.memory_allocated() < 1 << 30


def test_two_workers_solve_what_one_solves(tmp_path: Path) -> None:
    for workers in (1, 2):
        out = str(tmp_path / str(workers))
        given = ["--agents", "sbs:beams=1,width=3", "--limit", "8", "--device", "cuda", "--out", out]
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


def test_pretraining_resumes(tmp_path: Path) -> None:
    config = pretrain.PretrainConfig(
        out=tmp_path, clean_steps=40, mixed_steps=10, workers=1, loaders=3, device="cuda", save_every=10
    )
    model = load_model(pretrain.run(config))
    losses = [json.loads(line)["loss"] for line in (tmp_path / "log.jsonl").open()]
    assert losses[-1] < losses[0]
    assert model.device == torch.device("cpu")
    (tmp_path / "log.jsonl").unlink()
    again = load_model(pretrain.run(config))  # nothing is left to do
    assert (tmp_path / "log.jsonl").read_text() == ""
    torch.testing.assert_close(again.lm.get_input_embeddings().weight, model.lm.get_input_embeddings().weight)
