"""Defects of the released code that have no better place; docs/defects.md says where the others are tested."""

import ast
import inspect
from functools import partial

import pytest

import agents
from agents.inference import load_engine
from agents.inference.local import LocalEngine
from agents.model import save_model
from agents.search import ALGORITHMS
from agents.training.config import TrainConfig
from agents.training.data import search_agent
from amz_env import answer_action, code_action
from tests.fakes import ScriptedEngine, by_depth
from tests.tiny import tiny_model


@pytest.mark.parametrize("name", agents.AGENTS)
def test_every_agent_runs_with_the_options_it_ships_with(name: str) -> None:
    # Defect 5: the shipped configuration of the first round crashed (best_of 1 below n 5).
    steps = [code_action(f"Way {i}.", f"print({i})") for i in range(5)]
    engine = ScriptedEngine(by_depth(steps, [answer_action("So.", "2")]))
    (solution,) = agents.make(name, model=engine).solve(["What is 1 + 1?"])
    assert solution.answer == "2"


def test_data_generation_explores_as_much_as_the_paper_says() -> None:
    # Defect 6: the data-generation configurations left c_puct at a default of 1.5; the paper has 1.25.
    assert agents.AGENTS["mcts"]["c_puct"] == 1.25
    assert options_of(TrainConfig(), 1)["c_puct"] == 1.25
    config = TrainConfig(c_puct=7.0, width=2, simulations=9, temperatures=(0.3, 0.9))
    asked = {"simulations": 9, "width": 2, "c_puct": 7.0, "likelihood": 0.0, "leaves": 1}
    assert [options_of(config, number) for number in (1, 2, 3)] == [asked | {"temperature": t} for t in (0.3, 0.9, 0.9)]


def options_of(config: TrainConfig, number: int) -> dict[str, float]:
    """What the search of a round is called with."""
    agent = search_agent(config, ScriptedEngine(by_depth([])), number)
    assert isinstance(agent.algorithm, partial)
    return {**agent.algorithm.keywords, "temperature": agent.temperature}


def test_a_model_is_loaded_once(tmp_path) -> None:  # type: ignore[no-untyped-def]
    # Defect 11: the greedy script built the language model anew for every batch.
    save_model(tiny_model(), tmp_path)
    engine = load_engine(str(tmp_path))
    assert isinstance(engine, LocalEngine)
    assert load_engine(str(tmp_path)) is engine


@pytest.mark.parametrize("name", agents.AGENTS)
def test_every_option_is_one_that_the_algorithm_reads(name: str) -> None:
    # Defect 12: options that nothing reads (reward_weight, max_total_time) suggest features that do not exist.
    algorithm = agents.make(name, model=ScriptedEngine(by_depth([]))).algorithm
    assert isinstance(algorithm, partial)
    parameters = set(inspect.signature(ALGORITHMS[name]).parameters) - {"search", "root"}
    assert set(agents.AGENTS[name]) - {"temperature"} == parameters
    read = {
        node.id
        for node in ast.walk(ast.parse(inspect.getsource(ALGORITHMS[name])))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    assert parameters <= read
