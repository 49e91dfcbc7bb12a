"""A choice among proposed steps, in numbers: candidates in slots, and what is seen of them. Pure.

`amz_env.wrappers.ChooseStep` plays episodes with it; an agent that has learned there uses it without an episode.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from amz_env.dynamics import State
from amz_env.steps import parse_step

KINDS: Final = ("code", "answer", "text", "malformed")
CANDIDATE_FEATURES: Final = 6 + len(KINDS)
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
        agreement: share of what was proposed in this state that comes to the same as this step (the same answer, or
            code with the same output), in (0, 1]; 0 where unknown.
        failed: whether its code is known to fail.
        token_ids: the policy's own tokens, kept in the state beside the step.
        features: further numbers in [-1, 1], as many as the wrapper was told (of the hidden state after the step).
    """

    action: str
    value: float = 0.0
    mean_logprob: float = 0.0
    length: int = 0
    agreement: float = 0.0
    failed: bool = False
    token_ids: tuple[int, ...] = ()
    features: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Proposals:
    """What is proposed in a state.

    Attributes:
        candidates: the steps, up to K of them.
        features: further numbers in [-1, 1] of the state itself, as many as a candidate has; none stand for zeros.
    """

    candidates: Sequence[Candidate] = ()
    features: Sequence[float] = ()


Propose = Callable[[State, int, int], Proposals]
"""``propose(state, k, seed)`` -> up to k candidates; the same arguments give the same candidates"""

NOTHING: Final = Candidate("")
"""What is chosen where nothing was proposed: a step that says nothing is malformed and ends the episode."""


@dataclass(frozen=True, slots=True)
class Choice:
    """K slots with the candidates of one state, and the state's further features; an empty slot is None."""

    slots: tuple[Candidate | None, ...]
    features: Sequence[float] = ()

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The candidates, in the order of their slots."""
        return tuple(slot for slot in self.slots if slot is not None)

    def taken(self, slot: int) -> Candidate:
        """Return what choosing a slot takes; of one without a candidate, the one that its number falls on."""
        present = self.candidates
        return self.slots[slot] or present[slot % len(present)]


def shuffled(proposed: Proposals, k: int, rng: np.random.Generator) -> Choice:
    """Return the first k candidates in slots drawn by `rng`, so that a slot's number means nothing."""
    kept = [*proposed.candidates[:k]] or [NOTHING]
    slots = tuple(kept[place] if place < len(kept) else None for place in rng.permutation(k))
    return Choice(slots, proposed.features)


def size(k: int, extra: int) -> int:
    """Return how many numbers `features` gives."""
    return k * (CANDIDATE_FEATURES + extra) + STATE_FEATURES + extra


def features(state: State, choice: Choice, extra: int) -> Features:
    """Return what is seen of a choice: the slots one after another, then the state.

    Args:
        state: the state that the candidates are for.
        choice: the candidates; of an episode that is over, slots without any.
        extra: length of `Candidate.features` and of `Proposals.features`.

    Returns:
        Numbers in [-1, 1], float32. [K * (CANDIDATE_FEATURES + extra) + STATE_FEATURES + extra]

    Raises:
        ValueError: a candidate or the state has another number of features.
    """
    parts = [_of_candidate(slot, state, extra) for slot in choice.slots]
    return np.concatenate([*parts, _of_state(state, choice, extra)], dtype=np.float32)


def _of_candidate(candidate: Candidate | None, state: State, extra: int) -> Features:
    row = np.zeros(CANDIDATE_FEATURES + extra, dtype=np.float32)
    if candidate is None:
        return row
    if candidate is not NOTHING:
        _check(candidate.features, extra, "a candidate")
    kind = parse_step(candidate.action, state.rules.step_format).kind
    length = candidate.length or len(candidate.token_ids) or len(candidate.action) / 4
    probability = np.exp(min(candidate.mean_logprob, 0.0))
    row[:6] = 1.0, candidate.value, probability, np.tanh(length / _LONG_STEP), candidate.agreement, candidate.failed
    row[6 + KINDS.index(kind)] = 1.0
    row[CANDIDATE_FEATURES:] = candidate.features if len(candidate.features) else 0.0
    return np.clip(np.nan_to_num(row), -1.0, 1.0)


def _of_state(state: State, choice: Choice, extra: int) -> Features:
    rules = state.rules
    further: Sequence[float] = choice.features if len(choice.features) else (0.0,) * extra
    _check(further, extra, "the state")
    row = [
        len(state.steps) / rules.max_steps,
        state.errors / (rules.max_errors + 1),
        len(state.text) / rules.max_length,
        max((candidate.value for candidate in choice.candidates), default=0.0),
        *further,
    ]
    return np.clip(np.nan_to_num(np.array(row, dtype=np.float32)), -1.0, 1.0)


def _check(features: Sequence[float], extra: int, whose: str) -> None:
    if len(features) != extra:
        raise ValueError(f"{whose} has {len(features)} features, ChooseStep was told extra={extra}")
