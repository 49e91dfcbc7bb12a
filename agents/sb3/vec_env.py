"""Many `ChooseStep` side by side, whose candidates are proposed together: one batch of the engine a step."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from stable_baselines3.common.vec_env import DummyVecEnv

from amz_env.choices import Proposals
from amz_env.dynamics import State
from amz_env.wrappers import ChooseStep

ProposeTogether = Callable[[Sequence[tuple[State, int]]], Sequence[Proposals]]
"""``propose([(state, seed), ...])`` -> what is proposed in each"""


class TogetherVecEnv(DummyVecEnv):
    """A `VecEnv` of stable-baselines3.

    Step for step it gives what `DummyVecEnv` over the same environments gives, but that a truncation is not marked for
    bootstrapping: it costs what any failure costs, for its limit is part of the task.

    Args:
        envs: the environments.
        propose: proposes for many of them at once.
    """

    def __init__(self, envs: Sequence[ChooseStep], propose: ProposeTogether) -> None:
        super().__init__([partial(_itself, env) for env in envs])
        self._propose = propose

    def reset(self) -> Any:
        """Begin an episode in every environment. [num_envs, size], float32."""
        for i, env in enumerate(self.envs):
            self.reset_infos[i] = env.begin(seed=self._seeds[i], options=self._options[i] or None)
        self._reset_seeds()
        self._reset_options()
        self._offer()
        return self._obs_from_buf()

    def step_wait(self) -> tuple[Any, Any, Any, list[dict[str, Any]]]:
        """Take the actions; an episode that has ended begins anew, its last observation in its info."""
        infos: list[dict[str, Any]] = []
        for i, env in enumerate(self.envs):
            self.buf_rews[i], terminated, truncated, info = env.take(self.actions[i])
            self.buf_dones[i] = terminated or truncated
            info["TimeLimit.truncated"] = False
            if self.buf_dones[i]:
                info["terminal_observation"] = env.last_observation()
                self.reset_infos[i] = env.begin()
            infos.append(info)
        self._offer()
        return self._obs_from_buf(), np.copy(self.buf_rews), np.copy(self.buf_dones), infos

    def _offer(self) -> None:
        proposed = self._propose([env.question() for env in self.envs])
        for i, (env, proposals) in enumerate(zip(self.envs, proposed, strict=True)):
            self._save_obs(i, env.offer(proposals))


def _itself(env: ChooseStep) -> ChooseStep:
    return env
