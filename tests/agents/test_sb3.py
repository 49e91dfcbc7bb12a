import asyncio
import json
import math
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from stable_baselines3.common.vec_env import DummyVecEnv

from agents import cli
from agents.commands import compare, sb3
from agents.sb3.agent import ChoosingAgent, load
from agents.sb3.network import ActorAndCritic, SlotScores
from agents.sb3.proposer import EngineProposer
from agents.sb3.settings import ALGORITHMS, Settings
from agents.sb3.training import train
from agents.sb3.vec_env import ProposeTogether, TogetherVecEnv
from amz_env.choices import CANDIDATE_FEATURES, STATE_FEATURES, Candidate, Proposals, size
from amz_env.dynamics import State
from amz_env.env import MathReasoningEnv
from amz_env.problems.base import Problem
from amz_env.steps import answer_action, code_action
from amz_env.testing import AgentContract
from amz_env.wrappers import ChooseStep
from tests.fakes import HOSTILE, Option, ScriptedEngine, by_depth, solver_policy, solver_value

torch.set_num_threads(1)
PROBLEMS = [Problem(str(a), f"What is {a} plus {a}?", str(2 * a), "test") for a in range(20)]
WIDE = Proposals([Candidate("x", features=[0.0] * 8)])
STEPS = {"ppo": 512, "maskable-ppo": 512, "dqn": 512}
ON_POLICY = {"n_steps": 8, "batch_size": 32, "learning_rate": 1e-2}
FAST: dict[str, dict[str, Any]] = {
    "ppo": ON_POLICY,
    "maskable-ppo": ON_POLICY,
    "dqn": {"learning_starts": 64, "learning_rate": 3e-3, "exploration_fraction": 0.5, "target_update_interval": 64},
}


def solver() -> ScriptedEngine:
    return ScriptedEngine(solver_policy(PROBLEMS, right=0.32), solver_value(PROBLEMS))


def trained_in(folder: Path | None, name: Any, steps: int, **more: Any) -> ChoosingAgent:
    return train(
        solver(),
        PROBLEMS,
        settings=Settings(name, k=4, temperature=1.0),
        steps=steps,
        envs=8,
        run_dir=folder,
        options=FAST[name],
        **more,
    )


def accuracy(agent: ChoosingAgent, seed: int = 1) -> float:
    solutions = agent.solve(PROBLEMS, seed=seed)
    return sum(s.answer == p.answer for s, p in zip(solutions, PROBLEMS, strict=True)) / len(PROBLEMS)


@pytest.fixture(scope="module", params=ALGORITHMS)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[ChoosingAgent, Path]:
    folder = tmp_path_factory.mktemp("sb3") / request.param
    return trained_in(folder, request.param, STEPS[request.param]), folder


@pytest.fixture
def trained(run: tuple[ChoosingAgent, Path]) -> ChoosingAgent:
    return run[0]


class TestContract(AgentContract):
    @pytest.fixture(autouse=True)
    def _take(self, trained: ChoosingAgent) -> None:
        self.agent = trained

    def make_agent(self) -> ChoosingAgent:
        return self.agent

    def make_problems(self) -> list[Problem]:
        return PROBLEMS[:6]


def test_learns_to_take_what_the_value_model_rates_highest(trained: ChoosingAgent) -> None:
    name = trained.settings.algorithm
    frozen = FAST[name] | {"learning_rate": 1e-12, "batch_size": 8}
    untrained = train(solver(), PROBLEMS, settings=trained.settings, steps=1, envs=1, options=frozen)
    assert accuracy(trained) >= 0.6  # the right step is proposed to 79 % of the problems, and is the least probable one
    assert accuracy(untrained) <= 0.5


def test_a_seed_decides_everything() -> None:
    first, again, other = (
        trained_in(None, "maskable-ppo", 64, seed=seed).policy.get_parameters()["policy"] for seed in (3, 3, 4)
    )
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_survives_the_disk(run: tuple[ChoosingAgent, Path]) -> None:
    trained, folder = run
    again = load(folder, solver(), name="mine")
    assert again.settings == trained.settings and again.name == "mine"
    assert [s.steps for s in again.solve(PROBLEMS)] == [s.steps for s in trained.solve(PROBLEMS)]


@pytest.mark.parametrize("name", ["maskable-ppo", "dqn"])
def test_the_same_call_goes_on_after_an_interruption_and_further_with_more_steps(name: str, tmp_path: Path) -> None:
    def interrupt(taken: int, mean_reward: float | None) -> None:
        if taken >= 96:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trained_in(tmp_path, name, 192, on_step=interrupt)
    assert load(tmp_path, solver()).policy.num_timesteps == 96
    told: list[int] = []
    trained_in(tmp_path, name, 192, on_step=lambda taken, _: told.append(taken))
    assert (told[0], told[-1]) == (104, 192 if name == "dqn" else 224)  # whole rollouts of 64
    told.clear()
    trained_in(tmp_path, name, 192, on_step=lambda taken, _: told.append(taken))
    assert told == []
    trained_in(tmp_path, name, 256, on_step=lambda taken, _: told.append(taken))
    assert told[-1] >= 256
    assert [each.name for each in (tmp_path / "tensorboard").iterdir()] == [f"{name}_1"]
    with pytest.raises(ValueError, match="give another directory"):
        train(solver(), PROBLEMS, settings=Settings(name, k=5), run_dir=tmp_path)  # type: ignore[arg-type]


def test_a_run_that_was_moved_goes_on_where_it_is_now(tmp_path: Path) -> None:
    begun, moved = tmp_path / "begun", tmp_path / "moved"
    trained_in(begun, "maskable-ppo", 64)
    shutil.move(begun, moved)
    trained_in(moved, "maskable-ppo", 128)
    assert not begun.exists()
    assert len(list((moved / "tensorboard" / "maskable-ppo_1").iterdir())) == 2  # one for each call


@pytest.mark.parametrize("name", ALGORITHMS)
def test_the_shortest_training_learns_nothing_wild(name: Any) -> None:
    agent = train(solver(), PROBLEMS, settings=Settings(name, k=2), steps=1, envs=1)
    assert all(torch.isfinite(each).all() for each in agent.policy.policy.parameters())


def test_it_logs_to_tensorboard_as_stable_baselines3_does(run: tuple[ChoosingAgent, Path]) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    trained, folder = run
    events = EventAccumulator(str(folder / "tensorboard" / f"{trained.name}_1"))
    events.Reload()
    assert {"rollout/ep_rew_mean", "rollout/ep_len_mean", "train/loss"} <= set(events.Tags()["scalars"])
    rewards = [event.value for event in events.Scalars("rollout/ep_rew_mean")]
    assert all(-1 <= reward <= 1 for reward in rewards) and rewards[-1] > rewards[0]


# --- the environments side by side


def environments(engine: ScriptedEngine, count: int = 3) -> list[ChooseStep]:
    proposer = EngineProposer(engine)
    return [ChooseStep(MathReasoningEnv(PROBLEMS, max_steps=2), proposer, 4) for _ in range(count)]


def at_once(engine: ScriptedEngine) -> ProposeTogether:
    proposer = EngineProposer(engine)
    return lambda questions: [each.proposals for each in proposer.together(questions, 4)]


def two_steps() -> ScriptedEngine:
    """Half of the proposals are code, so that episodes are answered, or cut off after two steps."""
    half = -math.log(2)
    listed = [Option(code_action("Look.", "print(7)"), half), Option(answer_action("So.", "14"), half)]
    return ScriptedEngine(lambda state: listed)


def test_together_they_are_what_they_are_one_by_one() -> None:
    engine = two_steps()
    together = TogetherVecEnv(environments(engine), at_once(engine))
    single = DummyVecEnv([lambda env=env: env for env in environments(engine)])  # type: ignore[misc]
    for envs in (together, single):
        envs.seed(3)
    assert together.reset().tolist() == single.reset().tolist()
    rng, ends = np.random.default_rng(0), set()
    for _ in range(20):
        actions = rng.integers(4, size=3)
        observations, rewards, dones, infos = together.step(actions)
        expected = single.step(actions)
        assert observations.tolist() == expected[0].tolist() and rewards.tolist() == expected[1].tolist()
        assert dones.tolist() == expected[2].tolist()
        assert together.env_method("action_masks")[0].tolist() == single.env_method("action_masks")[0].tolist()
        for info, other in zip(infos, expected[3], strict=True):
            assert info.pop("TimeLimit.truncated") is False  # a failure, not to be bootstrapped from
            assert {**info, "terminal_observation": 0} == {
                name: value for name, value in other.items() if name not in ("TimeLimit.truncated", "candidates")
            } | {"terminal_observation": 0}
            ends.add(info["end"])
            if info["end"] is not None:
                assert info["terminal_observation"].tolist() == other["terminal_observation"].tolist()
    assert ends == {None, "answer", "max_steps"}


def test_the_steps_of_all_are_proposed_in_one_batch() -> None:
    engine = two_steps()
    envs = TogetherVecEnv(environments(engine, 16), at_once(engine))
    envs.reset()
    assert engine.most_in_flight >= 16


@pytest.mark.parametrize("which", ["gymnasium", "stable-baselines3"])
def test_the_training_environment_passes_the_checkers_without_warnings(which: str) -> None:
    from gymnasium.utils import env_checker
    from stable_baselines3.common import env_checker as sb3_env_checker

    [environment] = environments(two_steps(), 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if which == "gymnasium":
            env_checker.check_env(environment, skip_render_check=True)
        else:
            sb3_env_checker.check_env(environment)


# --- proposing


def test_candidates_say_what_the_engine_and_the_interpreter_know_of_a_step() -> None:
    code, twin = code_action("Add.", "print(1 + 1)"), code_action("So add.", "print(2)")
    answer, broken = answer_action("Done.", "2"), code_action("Oh.", "1 / 0")
    listed = [Option(code, -3.0), Option(answer, -5.0), Option("nonsense", -1.0), Option(twin), Option(broken)]
    engine = ScriptedEngine(by_depth(listed), lambda state: 0.25 * len(state.steps), draw="listed")
    proposed = asyncio.run(EngineProposer(engine).propose(State("What is 1 plus 1?"), 10, 0))
    by_action = {candidate.action: candidate for candidate in proposed.proposals.candidates}
    assert [*by_action] == [option.action for option in listed]  # copies are one candidate
    assert by_action[code].value == by_action[answer].value == 0.25
    assert by_action["nonsense"].value == -1.0  # malformed: a failure needs no model
    for action, total in ((code, -3.0), (answer, -5.0)):
        assert by_action[action].length == len(action.encode())
        assert by_action[action].mean_logprob == pytest.approx(total / len(action.encode()))
    assert [by_action[action].agreement for action in (code, twin, answer, broken)] == [0.4, 0.4, 0.2, 0.2]
    assert [action for action in by_action if by_action[action].failed] == [broken]
    assert proposed.cost.model_calls == 5  # one expansion, four values
    assert proposed.cost.code_seconds > 0
    after = next(call.state for call in engine.calls if call.kind == "value" and call.state.steps[0].action == code)
    assert after.steps[0].observation == "2"  # V is read after the code has run


def test_hostile_proposals_end_in_failures_not_in_exceptions() -> None:
    hostile = [text for name, text in HOSTILE.items() if name not in ("loops", "floods", "exits")]
    engine = ScriptedEngine(lambda state: [Option(text, -math.log(len(hostile))) for text in hostile])
    agent = train(engine, PROBLEMS, settings=Settings("ppo", k=3), steps=16, envs=4)
    for solution in agent.solve(PROBLEMS[:4]):
        assert solution.answer is None and solution.value == -1.0 and solution.state.end is not None


def test_where_nothing_is_proposed_the_episode_ends() -> None:
    agent = train(ScriptedEngine(lambda state: ()), PROBLEMS, settings=Settings("maskable-ppo"), steps=8, envs=4)
    [solution] = agent.solve(PROBLEMS[:1])
    assert (solution.answer, solution.state.end) == (None, "malformed")


# --- the networks


def test_a_slots_score_is_the_candidates_and_not_the_slots() -> None:
    k, extra = 5, 7
    rows, state = torch.randn(3, k, CANDIDATE_FEATURES + extra), torch.randn(3, STATE_FEATURES + extra)
    order = torch.randperm(k)

    def seen(slots: torch.Tensor) -> torch.Tensor:
        return torch.cat([slots.flatten(1), state], 1)

    scores, both = SlotScores(size(k, extra), k), ActorAndCritic(size(k, extra), k)
    assert torch.allclose(scores(seen(rows))[:, order], scores(seen(rows[:, order])), atol=1e-6)
    assert torch.allclose(both.forward_actor(seen(rows))[:, order], both.forward_actor(seen(rows[:, order])), atol=1e-4)
    assert torch.allclose(both.forward_critic(seen(rows)), both.forward_critic(seen(rows[:, order])), atol=1e-6)
    assert scores(seen(rows)).std() > 0


def test_an_untrained_policy_prefers_what_is_probable_and_nothing_else() -> None:
    policy = trained_in(None, "maskable-ppo", 1).policy.policy
    fresh = type(policy)(policy.observation_space, policy.action_space, lambda _: 1e-3)
    observation = torch.as_tensor(policy.observation_space.sample()[None])
    rows = observation[0, : 4 * (CANDIDATE_FEATURES + 16)].view(4, -1)  # of an observation, not a copy
    rows[:, 2] = torch.tensor([0.9, 0.8, 0.9, 0.7])
    probabilities = fresh.get_distribution(observation).distribution.probs[0]
    assert torch.allclose(probabilities.log().diff(), torch.tensor([-8.0, 8.0, -16.0]), atol=1e-3)


def test_a_policy_that_sees_other_numbers_is_refused_by_name(tmp_path: Path) -> None:
    trained_in(tmp_path, "maskable-ppo", 1)
    kept = json.loads((tmp_path / "agent.json").read_text())
    (tmp_path / "agent.json").write_text(json.dumps({name: kept[name] for name in kept if name != "projection"}))
    with pytest.raises(ValueError, match="trained on observations of 124 numbers; k=4 and projection=0 give 44: train"):
        load(tmp_path, solver())
    (tmp_path / "agent.json").write_text(json.dumps(kept | {"colour": 3}))
    with pytest.raises(ValueError, match=r"of another version .*colour.*; train the policy anew"):
        load(tmp_path, solver())
    (tmp_path / "policy.zip").unlink()
    with pytest.raises(ValueError, match=r"holds no trained policy \(no policy\.zip in it\); make one with amz sb3"):
        load(tmp_path, solver())


# --- the command


def test_the_command_trains_goes_on_and_stands_in_compare(tmp_path: Path, capsys: Any) -> None:
    problems = tmp_path / "problems.jsonl"
    problems.write_text("".join(json.dumps({"question": p.question, "answer": p.answer}) + "\n" for p in PROBLEMS))
    folder = tmp_path / "run"
    config = sb3.Sb3Config(problems=(str(problems),), steps=64, envs=8, k=4, run_dir=folder)
    assert sb3.run(config, solver()) == 0
    assert f"next: amz compare --agents greedy,sbs,sb3:path={folder}" in capsys.readouterr().out
    kept = json.loads((folder / "config.json").read_text())
    del kept["few_shot"]  # as a run of an older version, which goes on all the same
    (folder / "config.json").write_text(json.dumps(kept))
    assert sb3.run(sb3.Sb3Config(**{**vars(config), "steps": 128}), solver()) == 0
    said = capsys.readouterr()
    assert "128 steps taken" in said.out and "128/128 steps" in said.err and "solved" in said.err
    with pytest.raises(sb3.BadInput, match="was begun with k=4, not 5"):
        sb3.run(sb3.Sb3Config(**{**vars(config), "k": 5}), solver())

    out = tmp_path / "compare"
    agents = (f"sb3:path={folder}", f"sb3:path={folder},label=again", "greedy")
    config = compare.CompareConfig(agents=agents, problems=(str(problems),), limit=8, out=out)
    assert compare.run(config, solver()) == 0
    rows = json.loads((out / "results.json").read_text())["rows"]
    assert [row["agent"] for row in rows] == ["maskable-ppo", "again", "greedy"]
    assert rows[0]["accuracy"] == rows[1]["accuracy"] and rows[0]["accuracy"]["total"] == 8
    assert rows[0]["generated_tokens"] > rows[2]["generated_tokens"] > 0
    assert all(row["search_seconds"] > 0 for row in rows)


def test_ctrl_c_saves_and_says_so(tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("agents.sb3.training._Watch._on_step", interrupted)
    config = sb3.Sb3Config(steps=64, envs=2, limit=10, run_dir=tmp_path)
    assert sb3.run(config, two_steps()) == 130
    assert "the same command goes on" in capsys.readouterr().err
    assert load(tmp_path, solver()).policy.num_timesteps == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sb3", "--steps", "0"], "--steps must be at least 1"),
        (["sb3", "--k", "0"], "k must be at least 1"),
        (["sb3", "--seed", "-1"], "--seed must be at least 0"),
        (["sb3", "--temperature", "-1"], "temperature must be"),
        (["sb3", "--problems", "mini-gms"], "did you mean 'mini-gsm'?"),
        (["sb3", "--model", "nowhere"], "is not a model directory"),  # and no config.json that binds a second try
        (["compare", "--agents", "sb3:path=nowhere"], "make one with amz sb3"),
        (["compare", "--agents", "sb3:file=nowhere"], "it has: path, label"),
    ],
)
def test_bad_input_ends_with_one_line_and_code_2(
    arguments: list[str], words: str, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(arguments) == 2
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sb3_contrib", None)
    with pytest.raises(ImportError, match=r"\[sb3\]"):
        train(solver(), PROBLEMS, steps=1)


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown algorithm 'a2c'"):
        Settings("a2c")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least 1"):
        train(solver(), PROBLEMS, steps=0)
    with pytest.raises(ValueError, match="8 features, ChooseStep was told extra=2"):
        broken = ChooseStep(MathReasoningEnv(PROBLEMS), lambda *_: WIDE, 1, extra=2)
        broken.reset(seed=0)
