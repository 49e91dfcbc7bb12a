"""The model protocol: one verb, `expand`, and the value that falls out of its prefill.

A search awaits `expand` on one state; the engine gathers what all running searches have asked for and computes it as
one batch. What is here is the contract; the engines are beside it.
"""

import hashlib
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from agents.base import Cost
from amz_env.dynamics import State

if TYPE_CHECKING:
    from torch import Tensor

Finish = Literal["step", "length"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One sampled step.

    Attributes:
        action: the step's text, decoded from `token_ids`.
        token_ids: the sampled tokens, the one that ends the step included, an end-of-text token not. [T]
        logprob: sum of the tokens' log-probabilities under the policy at temperature 1, in nats.
        finish: ``step`` where the model ended the step, ``length`` where the token limit did.
    """

    action: str
    token_ids: tuple[int, ...]
    logprob: float
    finish: Finish = "step"

    @property
    def prior(self) -> float:
        """P(a|s), the geometric mean of the tokens' probabilities (paper, section 3.2), in (0, 1]."""
        return math.exp(self.logprob / max(len(self.token_ids), 1))


@dataclass(frozen=True, slots=True)
class Expansion:
    """The answer to `expand`.

    Attributes:
        value: V(state), in [-1, 1].
        proposals: the sampled steps. [n], or () where the state fills the model's context.
        cost: what this request cost.
        hidden: the vector that V was read from, the last hidden state (after the final norm) at the state's last token,
            on the model's device and in its dtype; None from an engine that has none, or where the state fills the
            context. Nothing here keeps it: it lives as long as what asked for it holds on to it. [H]
    """

    value: float
    proposals: tuple[Proposal, ...]
    cost: Cost
    hidden: "Tensor | None" = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Valuation:
    """The answer to `value`: V(state), in [-1, 1], what the request cost, and what V was read from; see `Expansion`."""

    value: float
    cost: Cost
    hidden: "Tensor | None" = field(default=None, repr=False, compare=False)


class Engine(Protocol):
    """A policy and value model that can be asked about many states at once."""

    async def expand(self, state: State, n: int, *, temperature: float, seed: int) -> Expansion:
        """Sample n steps from `state`, and read V(state) in the same pass.

        Args:
            state: a state whose episode goes on.
            n: number of proposals.
            temperature: 0 takes the most probable token (all n are then the same).
            seed: the proposals depend on (state, n, temperature, seed) alone, whatever else is in the batch.
        """

    async def value(self, state: State) -> Valuation:
        """Read V(state) alone; nothing is decoded."""

    def forget(self) -> None:
        """Drop what is kept of earlier requests, so that the next ones cost what they cost alone."""


def derive_seed(*parts: object) -> int:
    """Return a 63-bit seed from the hash of `parts`: stable from run to run, unrelated for near parts."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
