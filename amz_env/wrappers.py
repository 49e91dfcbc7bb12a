"""`ChooseStep`: the step to take becomes a choice among K proposed ones, for agents that know numbers and not texts."""

from dataclasses import replace
from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt
from gymnasium.spaces import Box, Discrete

from amz_env.choices import (
    CANDIDATE_FEATURES,
    KINDS,
    STATE_FEATURES,
    Candidate,
    Choice,
    Features,
    Proposals,
    Propose,
    features,
    shuffled,
    size,
)
from amz_env.dynamics import State
from amz_env.env import MathReasoningEnv

__all__ = ["CANDIDATE_FEATURES", "KINDS", "STATE_FEATURES", "Candidate", "ChooseStep", "Proposals", "Propose"]


class ChooseStep(gym.Env[Features, np.int64]):
    """`MathReasoningEnv` as a choice among K proposed steps.

    The action is the number of a candidate; the observation is a flat float32 vector in [-1, 1]: `CANDIDATE_FEATURES`
    plus `extra` numbers for each of K slots (present, value, mean probability, length, agreement, whether its code
    fails, kind of step), then `STATE_FEATURES` plus `extra` of the state (steps, code errors in a row, length, best
    value proposed). The extra ones are the proposer's: `agents.sb3` gives a fixed random projection of the language
    model's hidden state, of a candidate at the end of its step and of the state at its own end.

    Candidates are shuffled into the slots, so that a slot's number means nothing. Where fewer than K are proposed, the
    slots left over are zero and masked; choosing one of them takes a candidate that is there (the slot's number modulo
    theirs), so that algorithms without masks lose nothing but the choice. A network that scores every slot alike learns
    several times faster than one that sees them all at once; `agents.sb3.network` has one for stable-baselines3.

    It is an environment that plays another one, not a `gymnasium.Wrapper`: neither space is the inner one's, and both
    `check_env` functions look at the unwrapped environment.

    `reset` and `step` ask `propose` for candidates. Where those of many environments are to be proposed together, play
    one in halves: `begin` or `take`, then, while the episode goes on, `offer` with what was proposed for `question`.

    Args:
        env: a `MathReasoningEnv`, wrapped or not.
        propose: proposes steps for a state; see `Propose`. It never sees the reference answer.
        k: number of slots, at least 1.
        extra: length of `Candidate.features` and of `Proposals.features`.

    Example:
        >>> import gymnasium as gym, amz_env
        >>> def propose(state, k, seed):
        ...     guesses = [amz_env.answer_action("Guess.", str(seed % 7 + i)) for i in range(k)]
        ...     return Proposals([Candidate(guess, value=0.5) for guess in guesses])
        >>> env = ChooseStep(gym.make("MathReasoning-v0", problems="mini-gsm"), propose, k=3)
        >>> observation, info = env.reset(seed=0)
        >>> observation.shape, env.action_masks().tolist(), info["problem_id"].startswith("mini-gsm")
        ((34,), [True, True, True], True)
        >>> observation, reward, terminated, truncated, info = env.step(2)
        >>> terminated, info["step_kind"]
        (True, 'answer')
    """

    def __init__(self, env: gym.Env[str, str], propose: Propose, k: int = 5, *, extra: int = 0) -> None:
        if not isinstance(env.unwrapped, MathReasoningEnv):
            raise TypeError(f"ChooseStep plays a MathReasoningEnv, got {type(env.unwrapped).__name__}")
        if k < 1 or extra < 0:
            raise ValueError(f"k must be at least 1 and extra at least 0, got k={k}, extra={extra}")
        self.env = env
        self.k, self.extra = k, extra
        self.action_space = Discrete(k)
        self.observation_space = Box(-1.0, 1.0, (size(k, extra),), np.float32)
        self.metadata = env.metadata
        self.render_mode = env.render_mode
        self.spec = env.spec
        self._base: MathReasoningEnv = env.unwrapped
        self._propose = propose
        self._choice: Choice | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Features, dict[str, Any]]:
        """Begin an episode; arguments and errors as of `MathReasoningEnv.reset`."""
        info = self.begin(seed=seed, options=options)
        return self._ask(), info | {"candidates": len(self.candidates)}

    def step(self, action: int | np.integer[Any]) -> tuple[Features, float, bool, bool, dict[str, Any]]:
        """Take the candidate of a slot.

        Raises:
            gymnasium.error.ResetNeeded: there is no episode under way.
            ValueError: no such slot.
        """
        reward, terminated, truncated, info = self.take(action)
        observation = self.last_observation() if terminated or truncated else self._ask()
        return observation, reward, terminated, truncated, info | {"candidates": len(self.candidates)}

    def action_masks(self) -> npt.NDArray[np.bool_]:
        """Return which slots hold a candidate, in the form that sb3-contrib's MaskablePPO asks for."""
        if self._choice is None:
            return np.ones(self.k, dtype=np.bool_)
        return np.array([slot is not None for slot in self._choice.slots], dtype=np.bool_)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The candidates to choose from now, in the order of their slots."""
        return () if self._choice is None else self._choice.candidates

    def begin(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> dict[str, Any]:
        """Begin an episode without asking for candidates; return its info."""
        super().reset(seed=seed)
        self._choice = None
        _, info = self.env.reset(seed=seed, options=options)
        return info

    def take(self, action: int | np.integer[Any]) -> tuple[float, bool, bool, dict[str, Any]]:
        """Take the candidate of a slot without asking for new ones; return reward, terminated, truncated and info."""
        if not self.action_space.contains(action):
            raise ValueError(f"an action is the number of a slot, from 0 to {self.k - 1}; got {action!r}")
        if self._choice is None:
            raise gym.error.ResetNeeded("call reset() before step()")
        candidate, self._choice = self._choice.taken(int(action)), None
        _, reward, terminated, truncated, info = self.env.step(candidate.action)
        self._keep_tokens(candidate)
        return float(reward), terminated, truncated, info

    def question(self) -> tuple[State, int]:
        """Return the state that candidates are wanted for, and a seed to propose them with: a new one at each call."""
        return self._base.get_state(), int(self.np_random.integers(2**31))

    def offer(self, proposed: Proposals) -> Features:
        """Put candidates into the slots; return the observation."""
        self._choice = shuffled(proposed, self.k, self.np_random)
        return features(self._base.get_state(), self._choice, self.extra)

    def last_observation(self) -> Features:
        """Return the observation of an episode that is over: there is nothing to choose."""
        return features(self._base.get_state(), Choice((None,) * self.k), self.extra)

    def render(self) -> Any:
        """Return what the environment that is played renders."""
        return self.env.render()

    def close(self) -> None:
        """Close the environment that is played."""
        self.env.close()

    def _ask(self) -> Features:
        state, seed = self.question()
        return self.offer(self._propose(state, self.k, seed))

    def _keep_tokens(self, candidate: Candidate) -> None:
        """Put the policy's own tokens beside the step just taken, so that the next proposal can go on from them."""
        state = self._base.get_state()
        if not candidate.token_ids or state.steps[-1].action != candidate.action:
            return  # they stand for exactly the text that was sampled: where the rules complete or cut it, no more
        last = replace(state.steps[-1], token_ids=tuple(candidate.token_ids))
        self._base.set_state(replace(state, steps=(*state.steps[:-1], last)))
