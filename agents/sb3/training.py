"""Training a policy, in a directory from which the same call goes on.

On disk: ``policy.zip`` (stable-baselines3's own file), ``agent.json``, of DQN ``replay_buffer.pkl``, and
``tensorboard/``, written by stable-baselines3 itself.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecMonitor

from agents.inference.base import Engine, derive_seed
from agents.sb3.agent import ChoosingAgent
from agents.sb3.algorithms import algorithm_class, default_options, load_policy, policy_class
from agents.sb3.pool import Pool
from agents.sb3.proposer import EngineProposer
from agents.sb3.settings import BUFFER_FILE, POLICY_FILE, Settings
from agents.sb3.vec_env import TogetherVecEnv
from amz_env.env import MathReasoningEnv
from amz_env.problems.base import Problem
from amz_env.wrappers import ChooseStep

SAVE_STEPS = 1_000
_LOGS = "tensorboard"

OnStep = Callable[[int, float | None], None]
"""Called with (steps taken so far, mean reward of the last episodes, None before the first has ended)."""


def train(
    engine: Engine,
    problems: Sequence[Problem],
    *,
    settings: Settings | None = None,
    steps: int = 30_000,
    envs: int = 64,
    seed: int = 0,
    run_dir: Path | None = None,
    options: dict[str, Any] | None = None,
    on_step: OnStep | None = None,
) -> ChoosingAgent:
    """Train a policy that chooses among an engine's proposals.

    With a directory it is saved there every `SAVE_STEPS` steps, at the end, and when it is interrupted; the same call
    then goes on with what is there. Episodes that were under way begin anew.

    What is proposed in a state is drawn once and kept in memory (`Pool`), so that steps cost what new states cost.

    Args:
        engine: proposes; it is not trained.
        problems: what to practise on; the reward is +1 for a right answer, -1 otherwise.
        settings: algorithm, number of slots, temperature and rules.
        steps: steps of the environment in all; whole rollouts are taken, so it may become a few more.
        envs: sub-environments, for which steps are proposed together.
        seed: seed of everything.
        run_dir: where to keep it; nowhere by default.
        options: of the algorithm's constructor, in place of its defaults. Of no effect on a training that goes on.
        on_step: told how far it is.

    Raises:
        ValueError: no steps to train, no environment, or the directory holds a policy of other settings.
        ImportError: MaskablePPO without the extra `[sb3]`.
    """
    if steps < 1 or envs < 1:
        raise ValueError(f"steps and envs must be at least 1, got steps={steps}, envs={envs}")
    settings = settings or Settings()
    proposer = EngineProposer(engine, settings.temperature, settings.projection)
    pool = Pool(proposer, settings.k, derive_seed("pool", seed))
    environment = _environment(problems, pool, settings, envs)
    policy = _policy(environment, settings, steps, seed, run_dir, options or {})
    policy.set_random_seed(derive_seed("training", seed, policy.num_timesteps) % 2**31)  # of the environments too
    if policy.num_timesteps < steps:
        _learn(policy, steps - policy.num_timesteps, settings.algorithm, run_dir, on_step)
    return ChoosingAgent(settings.algorithm, policy, proposer, settings)


def _learn(policy: Any, steps: int, name: str, run_dir: Path | None, on_step: OnStep | None) -> None:
    try:
        policy.learn(
            steps,
            _Watch(run_dir, on_step),
            log_interval=100 if name == "dqn" else 1,  # episodes; rollouts
            tb_log_name=name,
            reset_num_timesteps=policy.num_timesteps == 0,
        )
    except KeyboardInterrupt:
        if run_dir is not None:
            save(policy, run_dir)
        raise
    if run_dir is not None:
        save(policy, run_dir)


def save(policy: Any, run_dir: Path) -> None:
    """Write a policy, and what DQN has seen, such that a kill leaves the old file or the new one."""
    _replace(run_dir / POLICY_FILE, policy.save)
    if hasattr(policy, "save_replay_buffer"):
        _replace(run_dir / BUFFER_FILE, policy.save_replay_buffer)


def _replace(path: Path, write: Callable[[Path], None]) -> None:
    temporary = path.with_stem(f".{path.stem}")
    write(temporary)
    os.replace(temporary, path)


def _environment(problems: Sequence[Problem], pool: Pool, settings: Settings, envs: int) -> VecMonitor:
    rules = asdict(settings.rules)
    problems, extra = [*problems], settings.projection
    singles = [ChooseStep(MathReasoningEnv(problems, **rules), pool, settings.k, extra=extra) for _ in range(envs)]
    return VecMonitor(TogetherVecEnv(singles, pool.together))  # for the logs: rewards and lengths of whole episodes


def _policy(
    environment: VecMonitor, settings: Settings, steps: int, seed: int, run_dir: Path | None, options: dict[str, Any]
) -> Any:
    """Return the policy to train: the one in the directory, or a new one."""
    if run_dir is not None and (run_dir / POLICY_FILE).exists():
        saved = Settings.load(run_dir)
        if saved != settings:
            raise ValueError(f"{run_dir} holds a policy with {saved}, not {settings}; give another directory")
        policy = load_policy(run_dir, settings, environment)
        policy.tensorboard_log = str(run_dir / _LOGS)  # wherever it was begun
        if (run_dir / BUFFER_FILE).exists():
            policy.load_replay_buffer(run_dir / BUFFER_FILE)
        return policy
    logs = None
    if run_dir is not None:
        settings.save(run_dir)
        logs = str(run_dir / _LOGS)
    fixed = {"seed": seed, "device": "cpu", "gamma": 1.0, "verbose": 0, "tensorboard_log": logs}
    defaults = default_options(settings.algorithm, steps, environment.num_envs)
    kind = algorithm_class(settings.algorithm)
    return kind(policy_class(settings.algorithm), environment, **fixed | defaults | options)


class _Watch(BaseCallback):
    """Saves now and then, and tells how far the training is."""

    def __init__(self, run_dir: Path | None, on_step: OnStep | None) -> None:
        super().__init__()
        self._run_dir = run_dir
        self._told = on_step
        self._saved = 0

    def _on_training_start(self) -> None:
        self._saved = self.num_timesteps

    def _on_rollout_start(self) -> None:  # after an update: what is saved is whole
        if self._run_dir is not None and self.num_timesteps - self._saved >= SAVE_STEPS:
            save(self.model, self._run_dir)
            self._saved = self.num_timesteps

    def _on_step(self) -> bool:
        if self._told is not None:
            episodes = self.model.ep_info_buffer or ()
            rewards = [float(episode["r"]) for episode in episodes]
            self._told(self.num_timesteps, sum(rewards) / len(rewards) if rewards else None)
        return True
