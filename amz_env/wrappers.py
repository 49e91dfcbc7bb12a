"""`ChooseStep`: the step to take becomes a choice among K proposed ones, for agents that know numbers and not texts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import gymnasium as gym
import numpy as np
import numpy.typing as npt
from gymnasium.spaces import Box, Discrete

from amz_env.dynamics import State
from amz_env.env import MathReasoningEnv
from amz_env.steps import parse_step

KINDS: Final = ("code", "answer", "text", "malformed")
CANDIDATE_FEATURES: Final = 4 + len(KINDS)
STATE_FEATURES: Final = 4
_LONG_STEP: Final = 256.0  # tokens (or characters / 4) at which the length feature reaches tanh(1)

Features = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposed step.

    Attributes:
        action: the text of the step.
        value: the value model's V of the state after it, or of anything the proposer takes for it, in [-1, 1].
        mean_logprob: mean log-probability per token, in nats, at most 0.
        length: tokens; 0 where unknown, then estimated from the text.
        token_ids: the policy's own tokens, kept in the state beside the step.
        features: further numbers in [-1, 1], as many as the wrapper was told (a projection of the hidden state).
    """

    action: str
    value: float = 0.0
    mean_logprob: float = 0.0
    length: int = 0
    token_ids: tuple[int, ...] = ()
    features: Sequence[float] = ()


Propose = Callable[[State, int, int], Sequence[Candidate]]
"""``propose(state, k, seed)`` -> up to k candidates; the same arguments give the same candidates"""


class ChooseStep(gym.Env[Features, np.int64]):
    """`MathReasoningEnv` as a choice among K proposed steps.

    The action is the number of a candidate; the observation is a flat float32 vector in [-1, 1]: `CANDIDATE_FEATURES`
    plus `extra` numbers for each of K slots (present, value, mean probability, length, kind of step), then
    `STATE_FEATURES` of the state (steps, code errors in a row, length, best value proposed). Candidates are shuffled
    into the slots, so that a slot's number means nothing. Where fewer than K are proposed, the slots left over are zero
    and masked; choosing one of them takes a candidate that is there (the slot's number modulo theirs), so that
    algorithms without masks lose nothing but the choice.

    It is an environment that plays another one, not a `gymnasium.Wrapper`: neither space is the inner one's, and both
    `check_env` functions look at the unwrapped environment.

    Args:
        env: a `MathReasoningEnv`, wrapped or not.
        propose: proposes steps for a state; see `Propose`. It never sees the reference answer.
        k: number of slots, at least 1.
        extra: length of `Candidate.features`.

    Example:
        >>> import gymnasium as gym, amz_env
        >>> def propose(state, k, seed):
        ...     return [Candidate(amz_env.answer_action("Guess.", str(seed % 7 + i)), value=0.5) for i in range(k)]
        >>> env = ChooseStep(gym.make("MathReasoning-v0", problems="mini-gsm"), propose, k=3)
        >>> observation, info = env.reset(seed=0)
        >>> observation.shape, env.action_masks().tolist(), info["problem_id"].startswith("mini-gsm")
        ((28,), [True, True, True], True)
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
        size = k * (CANDIDATE_FEATURES + extra) + STATE_FEATURES
        self.observation_space = Box(-1.0, 1.0, (size,), np.float32)
        self.metadata = env.metadata
        self.render_mode = env.render_mode
        self.spec = env.spec
        self._base: MathReasoningEnv = env.unwrapped
        self._propose = propose
        self._slots: tuple[Candidate | None, ...] = ()

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Features, dict[str, Any]]:
        """Begin an episode; arguments and errors as of `MathReasoningEnv.reset`."""
        super().reset(seed=seed)
        _, info = self.env.reset(seed=seed, options=options)
        return self._observe(), info | {"candidates": len(self.candidates)}

    def step(self, action: int | np.integer[Any]) -> tuple[Features, float, bool, bool, dict[str, Any]]:
        """Take the candidate of a slot.

        Raises:
            gymnasium.error.ResetNeeded: there is no episode under way.
            ValueError: no such slot.
        """
        if not self.action_space.contains(action):
            raise ValueError(f"an action is the number of a slot, from 0 to {self.k - 1}; got {action!r}")
        if not self._slots:
            raise gym.error.ResetNeeded("call reset() before step()")
        present = self.candidates
        candidate = self._slots[int(action)] or present[int(action) % len(present)]
        _, reward, terminated, truncated, info = self.env.step(candidate.action)
        self._keep_tokens(candidate)
        ended = terminated or truncated
        observation = self._observe_end() if ended else self._observe()
        return observation, float(reward), terminated, truncated, info | {"candidates": len(self.candidates)}

    def action_masks(self) -> npt.NDArray[np.bool_]:
        """Return which slots hold a candidate, in the form that sb3-contrib's MaskablePPO asks for."""
        if not self._slots:
            return np.ones(self.k, dtype=np.bool_)
        return np.array([slot is not None for slot in self._slots], dtype=np.bool_)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The candidates to choose from now, in the order of their slots."""
        return tuple(slot for slot in self._slots if slot is not None)

    def render(self) -> Any:
        """Return what the environment that is played renders."""
        return self.env.render()

    def close(self) -> None:
        """Close the environment that is played."""
        self.env.close()

    def _observe(self) -> Features:
        state = self._base.get_state()
        seed = int(self.np_random.integers(2**31))
        # An engine that gives nothing is a step that says nothing: it is malformed and ends the episode.
        proposed = list(self._propose(state, self.k, seed))[: self.k] or [Candidate("")]
        order = self.np_random.permutation(self.k)
        self._slots = tuple(proposed[i] if i < len(proposed) else None for i in order)
        parts = [self._features_of(slot, state) for slot in self._slots]
        return np.concatenate([*parts, self._state_features(state)], dtype=np.float32)

    def _observe_end(self) -> Features:
        self._slots = ()
        blank = np.zeros(self.k * (CANDIDATE_FEATURES + self.extra), dtype=np.float32)
        return np.concatenate([blank, self._state_features(self._base.get_state())], dtype=np.float32)

    def _features_of(self, candidate: Candidate | None, state: State) -> Features:
        row = np.zeros(CANDIDATE_FEATURES + self.extra, dtype=np.float32)
        if candidate is None:
            return row
        if len(candidate.features) != self.extra:
            raise ValueError(
                f"a candidate has {len(candidate.features)} features, ChooseStep was told extra={self.extra}"
            )
        kind = parse_step(candidate.action, state.rules.step_format).kind
        length = candidate.length or len(candidate.token_ids) or len(candidate.action) / 4
        row[:4] = 1.0, candidate.value, np.exp(min(candidate.mean_logprob, 0.0)), np.tanh(length / _LONG_STEP)
        row[4 + KINDS.index(kind)] = 1.0
        row[CANDIDATE_FEATURES:] = candidate.features
        return np.clip(np.nan_to_num(row), -1.0, 1.0)

    def _state_features(self, state: State) -> Features:
        rules = state.rules
        best = max((candidate.value for candidate in self.candidates), default=0.0)
        row = [
            len(state.steps) / rules.max_steps,
            state.errors / (rules.max_errors + 1),
            len(state.text) / rules.max_length,
            best,
        ]
        return np.clip(np.nan_to_num(np.array(row, dtype=np.float32)), -1.0, 1.0)

    def _keep_tokens(self, candidate: Candidate) -> None:
        """Put the policy's own tokens beside the step just taken, so that the next proposal can go on from them."""
        if not candidate.token_ids:
            return
        state = self._base.get_state()
        last = replace(state.steps[-1], token_ids=tuple(candidate.token_ids))
        self._base.set_state(replace(state, steps=(*state.steps[:-1], last)))
