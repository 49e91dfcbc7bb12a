"""The environment, batched: the code of all sub-environments runs at once, and their answers are graded together.

Step for step it gives what `gymnasium.vector.SyncVectorEnv` over `MathReasoningEnv` gives, infos and autoresets too.
"""

import os
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from gymnasium.error import ResetNeeded
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from amz_env.dynamics import State
from amz_env.env import MathReasoningEnv
from amz_env.episode import Episode, begin, choose_index, outcome, reset_info, running_state
from amz_env.problems import ProblemSource
from amz_env.rendering import render_episode
from amz_env.spaces import UnicodeText
from amz_env.together import advance_together

Observations = tuple[str, ...]
Flags = npt.NDArray[np.bool_]


class MathReasoningVectorEnv(VectorEnv[Observations, Sequence[str], npt.NDArray[Any]]):
    """`num_envs` episodes of `MathReasoningEnv` side by side.

    Observations are a tuple of texts, actions a sequence of texts. Sub-environment i, seeded with s, draws the problems
    that a single environment seeded with s draws; ``reset(seed=n)`` seeds them n, n + 1 and so on, as Gymnasium does.

    `reset` understands ``options={"index": i}`` with one problem for all or one for each, and
    ``{"reset_mask": flags}``, a boolean array of the sub-environments to reset, the others staying as they are.

    Args:
        num_envs: number of sub-environments, at least 1.
        autoreset_mode: ``NextStep``: the step after an end ignores the action and returns the next problem;
            ``SameStep``: the step that ends an episode returns the next problem, and the last observation and info as
            ``final_obs`` and ``final_info``; ``Disabled``: the caller resets, by a mask.
        render_mode: ``ansi`` or None.
        problems: as of `MathReasoningEnv`.
        **options: the other arguments of `MathReasoningEnv`.

    Example:
        >>> import gymnasium as gym, amz_env
        >>> envs = gym.make_vec("MathReasoning-v0", num_envs=2, problems="mini-gsm", autoreset_mode="Disabled")
        >>> observations, infos = envs.reset(seed=0, options={"index": [3, 4]})
        >>> [str(one) for one in infos["problem_id"]]
        ['mini-gsm:train:0:3', 'mini-gsm:train:0:4']
        >>> actions = [amz_env.code_action("Try.", "print(1)"), amz_env.answer_action("Guess.", "no")]
        >>> observations, rewards, terminations, truncations, infos = envs.step(actions)
        >>> rewards.tolist(), terminations.tolist()
        ([0.0, -1.0], [False, True])
    """

    def __init__(
        self,
        num_envs: int = 1,
        problems: str | os.PathLike[str] | ProblemSource = "mini-gsm",
        *,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        render_mode: str | None = None,
        **options: Any,
    ) -> None:
        if not isinstance(num_envs, int) or num_envs < 1:
            raise ValueError(f"num_envs must be an integer of at least 1, got {num_envs!r}")
        if render_mode not in (None, "ansi"):
            raise ValueError(f"render_mode of the vector environment must be 'ansi' or None, got {render_mode!r}")
        self.num_envs = num_envs
        self.render_mode = render_mode
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.metadata = {"render_modes": ["ansi"], "render_fps": 1, "autoreset_mode": self.autoreset_mode}
        self._single = MathReasoningEnv(problems, **options)  # never played: it reads and checks the arguments
        self.rules = self._single.rules
        self.problems = self._single.problems
        self.single_observation_space = self.single_action_space = UnicodeText()
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._seeded: list[tuple[np.random.Generator, int]] = [seeding.np_random() for _ in range(num_envs)]
        self._episodes: list[Episode | None] = [None] * num_envs

    # As in Gymnasium's SyncVectorEnv. The base class is typed for one generator and one seed, hence `Any`.
    @property
    def np_random(self) -> Any:
        """The generators that draw problems, one for each sub-environment: a tuple. [N]."""
        return tuple(generator for generator, _ in self._seeded)

    @np_random.setter
    def np_random(self, value: object) -> None:
        raise AttributeError("np_random cannot be set: reset(seed=...) seeds each sub-environment")

    @property
    def np_random_seed(self) -> Any:
        """The seeds of `np_random`: a tuple of int. [N]."""
        return tuple(seed for _, seed in self._seeded)

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observations, dict[str, Any]]:
        """Begin an episode in every sub-environment, or in those of ``options["reset_mask"]``.

        Args:
            seed: None goes on with each generator; an integer n seeds them n, n + 1, ...; or one seed for each.
            options: see the class.

        Raises:
            ValueError: wrong number of seeds or indices, an unknown option, an index out of range, an empty mask, or a
                mask that leaves out a sub-environment which was never reset.
            TypeError: a mask that is no boolean array, an index that is no integer.
        """
        options = dict(options or {})
        mask = self._mask(options.pop("reset_mask", None))
        chosen = [self._own_options(options, i) for i in range(self.num_envs)]
        for i, one in enumerate(self._seeds(seed)):
            if mask[i] and one is not None:
                self._seeded[i] = seeding.np_random(one)
        infos: dict[str, Any] = {}
        for i in np.flatnonzero(mask).tolist():
            infos = self._add_info(infos, self._begin(i, chosen[i]), i)
        return self._observations(), infos

    def step(
        self, actions: Sequence[str]
    ) -> tuple[Observations, npt.NDArray[np.float64], Flags, Flags, dict[str, Any]]:
        """Take one step in every sub-environment.

        Args:
            actions: one text for each; ignored where the mode ``NextStep`` is about to reset.

        Raises:
            gymnasium.error.ResetNeeded: before the first reset; with ``Disabled`` also a sub-environment that is over.
            TypeError: an action is not a string. No step has been taken then.
            ValueError: not as many actions as sub-environments.
        """
        if isinstance(actions, str) or len(actions) != self.num_envs:
            raise ValueError(f"step takes {self.num_envs} actions, one for each sub-environment; got {actions!r:.80}")
        resetting = [self._is_over(i) and self.autoreset_mode is AutoresetMode.NEXT_STEP for i in range(self.num_envs)]
        stepping = [i for i in range(self.num_envs) if not resetting[i]]
        before = [self._running(i, actions[i]) for i in stepping]
        moved = advance_together(before, [actions[i] for i in stepping], self._single.interpreter)
        for i, episode in zip(stepping, moved, strict=True):
            self._episodes[i] = episode

        rewards = np.zeros(self.num_envs, dtype=np.float64)
        terminations, truncations = np.zeros(self.num_envs, dtype=np.bool_), np.zeros(self.num_envs, dtype=np.bool_)
        infos: dict[str, Any] = {}
        for i in range(self.num_envs):
            if resetting[i]:
                info = self._begin(i, {})
            else:
                last, rewards[i], terminations[i], truncations[i], info = outcome(cast(Episode, self._episodes[i]))
                if self._is_over(i) and self.autoreset_mode is AutoresetMode.SAME_STEP:
                    infos = self._add_info(infos, {"final_obs": last, "final_info": info}, i)
                    info = self._begin(i, {})
            infos = self._add_info(infos, info, i)
        return self._observations(), rewards, terminations, truncations, infos

    def get_states(self) -> tuple[State, ...]:
        """Return the state of each episode, interpreter included.

        Raises:
            gymnasium.error.ResetNeeded: before the first reset.
        """
        return tuple(episode.state for episode in self._begun())

    def render(self) -> tuple[str, ...] | None:
        """Return each solution so far as readable text (``ansi``), or None without a render mode."""
        return tuple(map(render_episode, self._begun())) if self.render_mode == "ansi" else None

    def _begin(self, i: int, options: dict[str, Any]) -> dict[str, Any]:
        episode = begin(self.problems, choose_index(self.problems, self._seeded[i][0], options), self.rules)
        self._episodes[i] = episode
        return reset_info(episode)

    def _begun(self) -> list[Episode]:
        episodes = [episode for episode in self._episodes if episode is not None]
        if len(episodes) < self.num_envs:
            raise ResetNeeded("call reset() first")
        return episodes

    def _observations(self) -> Observations:
        return tuple(episode.state.text for episode in self._begun())

    def _is_over(self, i: int) -> bool:
        episode = self._episodes[i]
        return episode is not None and episode.state.end is not None

    def _running(self, i: int, action: object) -> Episode:
        try:
            running_state(self._episodes[i], action)
        except (ResetNeeded, TypeError) as error:
            raise type(error)(f"sub-environment {i}: {error}") from None
        return cast(Episode, self._episodes[i])

    def _seeds(self, seed: int | Sequence[int | None] | None) -> Sequence[int | None]:
        if seed is None:
            return [None] * self.num_envs
        if isinstance(seed, int | np.integer):
            return [int(seed) + i for i in range(self.num_envs)]
        if len(seed) != self.num_envs:
            raise ValueError(f"seed must be one seed, or {self.num_envs}, one for each; got {len(seed)}")
        return seed

    def _mask(self, mask: Any) -> Flags:
        if mask is None:
            return np.ones(self.num_envs, dtype=np.bool_)
        if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_:
            raise TypeError(f"options['reset_mask'] must be a boolean array, got {mask!r:.80}")
        if mask.shape != (self.num_envs,) or not mask.any():
            raise ValueError(
                f"options['reset_mask'] must have {self.num_envs} flags, one of them set; got {mask!r:.80}"
            )
        never = [i for i in range(self.num_envs) if not mask[i] and self._episodes[i] is None]
        if never:
            raise ValueError(f"options['reset_mask'] leaves out sub-environments that were never reset: {never}")
        return mask

    def _own_options(self, options: dict[str, Any], i: int) -> dict[str, Any]:
        index = options.get("index")
        if not isinstance(index, Sequence | np.ndarray) or isinstance(index, str):
            return options
        if len(index) != self.num_envs:
            raise ValueError(f"options['index'] must be one index, or {self.num_envs}, one for each; got {len(index)}")
        return {**options, "index": index[i]}
