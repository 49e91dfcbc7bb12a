import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest
import torch
from gymnasium.utils.env_checker import check_env

import amz_env  # noqa: F401
from agents.sb3 import ALGORITHMS, ChoosingAgent, EngineProposer, Settings, load, train
from amz_env.dynamics import State
from amz_env.env import MathReasoningEnv
from amz_env.problems.base import Problem
from amz_env.steps import answer_action, code_action
from amz_env.wrappers import ChooseStep
from tests.fakes import HOSTILE, Option, ScriptedEngine, by_depth, solver_policy, solver_value

torch.set_num_threads(1)
PROBLEMS = [Problem(str(a), f"What is {a} plus {a}?", str(2 * a), "test") for a in range(20)]
STEPS = {"ppo": 512, "maskable-ppo": 512, "dqn": 256}
FAST: dict[str, dict[str, Any]] = {
    "ppo": {"n_steps": 64, "batch_size": 32, "learning_rate": 1e-2},
    "maskable-ppo": {"n_steps": 64, "batch_size": 32, "learning_rate": 1e-2},
    "dqn": {
        "learning_starts": 50,
        "train_freq": 1,
        "learning_rate": 3e-3,
        "exploration_fraction": 0.5,
        "batch_size": 64,
    }
    | {"target_update_interval": 100},
}


def solver() -> ScriptedEngine:
    return ScriptedEngine(solver_policy(PROBLEMS, right=0.4), solver_value(PROBLEMS))


def accuracy(agent: ChoosingAgent, seed: int = 1) -> float:
    solutions = agent.solve(PROBLEMS, seed=seed)
    return sum(s.answer == p.answer for s, p in zip(solutions, PROBLEMS, strict=True)) / len(PROBLEMS)


@pytest.fixture(scope="module", params=ALGORITHMS)
def trained(request: pytest.FixtureRequest) -> ChoosingAgent:
    name = request.param
    return train(solver(), PROBLEMS, settings=Settings(name, k=4), steps=STEPS[name], options=FAST[name])


def test_learns_to_take_what_the_value_model_rates_highest(trained: ChoosingAgent) -> None:
    name = trained.settings.algorithm
    frozen = FAST[name] | {"learning_rate": 1e-12}
    untrained = train(solver(), PROBLEMS, settings=trained.settings, steps=1, options=frozen)
    assert accuracy(trained) >= 0.7  # the right step is proposed to 87 % of the problems
    assert accuracy(untrained) <= 0.6


def test_survives_the_disk(trained: ChoosingAgent, tmp_path: Path) -> None:
    trained.save(tmp_path / "agent")
    again = load(tmp_path / "agent", solver())
    assert again.settings == trained.settings
    assert [s.steps for s in again.solve(PROBLEMS)] == [s.steps for s in trained.solve(PROBLEMS)]


def test_the_gymnasium_loop_and_solve_take_the_same_steps(trained: ChoosingAgent) -> None:
    env = gym.make("MathReasoning-v0", problems=PROBLEMS)
    for index, solution in enumerate(trained.solve(PROBLEMS[:5])):
        observation, _ = env.reset(options={"index": index})
        taken, ended = [], False
        while not ended:
            taken.append(trained.act(observation))
            observation, _, terminated, truncated, _ = env.step(taken[-1])
            ended = terminated or truncated
        assert tuple(action.strip() for action in taken) == solution.steps


class Guarded(Problem):
    """A problem whose answer may not be looked at."""

    def __getattribute__(self, name: str) -> Any:
        if name == "answer":
            raise AssertionError("an agent looked at the answer")
        return super().__getattribute__(name)


def test_solving_sees_no_reference(trained: ChoosingAgent) -> None:
    guarded = [Guarded(p.id, p.question, "secret", p.source) for p in PROBLEMS[:3]]
    assert [s.steps for s in trained.solve(guarded)] == [s.steps for s in trained.solve(PROBLEMS[:3])]


def test_a_solution_does_not_depend_on_what_is_solved_beside_it(trained: ChoosingAgent) -> None:
    together = trained.solve([*PROBLEMS, PROBLEMS[0]], seed=5)
    [alone] = trained.solve([PROBLEMS[7]], seed=5)
    assert alone.steps == together[7].steps
    found: dict[int, str | None] = {}
    again = trained.solve(PROBLEMS, seed=5, on_solution=lambda index, solution: found.update({index: solution.answer}))
    assert found == {index: solution.answer for index, solution in enumerate(again)}
    assert [s.steps for s in again] == [s.steps for s in together[:20]]


def test_candidates_carry_value_and_mean_logprob_of_the_step() -> None:
    code, answer = code_action("Add.", "print(1 + 1)"), answer_action("Done.", "2")
    levels: Sequence[Sequence[Option]] = [[Option(code, -3.0), Option(answer, -5.0), Option("nonsense", -1.0)]]
    engine = ScriptedEngine(by_depth(*levels), lambda state: 0.25 * len(state.steps), draw="listed")
    proposed = EngineProposer(engine).ask(State("What is 1 plus 1?"), 6, 0)
    by_action = {candidate.action: candidate for candidate in proposed.candidates}
    assert set(by_action) == {code, answer, "nonsense"}  # copies are one candidate
    assert by_action[code].value == 0.25 and by_action[answer].value == 0.25
    assert by_action["nonsense"].value == -1.0  # malformed: a failure needs no model
    for action, total in ((code, -3.0), (answer, -5.0)):
        assert by_action[action].length == len(action.encode())
        assert by_action[action].mean_logprob == pytest.approx(total / len(action.encode()))
    assert proposed.cost.model_calls == 3  # one expansion, two values
    after = next(call.state for call in engine.calls if call.kind == "value" and call.state.steps[0].action == code)
    assert after.steps[0].observation == "2"  # V is read after the code has run


def test_hostile_proposals_end_in_failures_not_in_exceptions() -> None:
    hostile = [text for name, text in HOSTILE.items() if name not in ("loops", "floods", "exits")]
    engine = ScriptedEngine(lambda state: [Option(text, -math.log(len(hostile))) for text in hostile])
    agent = train(engine, PROBLEMS, settings=Settings("ppo", k=3), steps=16, options={"n_steps": 16, "batch_size": 16})
    for solution in agent.solve(PROBLEMS[:4]):
        assert solution.answer is None and solution.value == -1.0 and solution.state.end is not None


def test_the_training_environment_passes_the_checkers() -> None:
    environment = ChooseStep(MathReasoningEnv(PROBLEMS), EngineProposer(solver()), 4)
    check_env(environment, skip_render_check=True)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sb3_contrib", None)
    with pytest.raises(ImportError, match=r"\[sb3\]"):
        train(solver(), PROBLEMS, steps=1)


def test_bad_input_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown algorithm 'a2c'"):
        Settings("a2c")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least 1"):
        train(solver(), PROBLEMS, steps=0)
    with pytest.raises(ValueError, match="holds no agent"):
        load(tmp_path, solver())
