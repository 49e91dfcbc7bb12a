"""Requests, the rows that are sampled for them, and how a token is drawn. Shared by the local engines."""

import asyncio
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from agents.inference.base import Expansion, Finish, Proposal
from agents.inference.stops import StopRule
from amz_env.dynamics import State


@dataclass(slots=True, eq=False)
class Request:
    """What a search asked for.

    Attributes:
        state: the state asked about.
        n: number of proposals; 0 asks for the value alone.
        temperature: of sampling.
        seed: of sampling.
        answer: resolved when the request is done.
    """

    state: State
    n: int
    temperature: float
    seed: int
    answer: "asyncio.Future[Expansion]"


@dataclass(slots=True, eq=False)
class Row:
    """One step being sampled.

    Attributes:
        uniforms: a number in [0, 1) for each token: the row's whole randomness, drawn at the start from (seed, k), so
            that it depends on nothing else in the batch. [max_step_tokens]
        token_ids: sampled so far. [T]
        logprob: sum of log-probabilities at temperature 1, in nats.
        finish: how the step ended.
    """

    uniforms: np.ndarray
    token_ids: list[int] = field(default_factory=list)
    logprob: float = 0.0
    finish: Finish = "length"


def new_rows(n: int, seed: int, length: int) -> list[Row]:
    """Return the n rows of a request."""
    return [Row(np.random.default_rng([seed, k]).random(length, dtype=np.float32)) for k in range(n)]


def sample(logits: Tensor, temperature: Tensor, uniforms: Tensor) -> tuple[Tensor, Tensor]:
    """Sample one token a row by inverting the cumulative distribution; temperature 0 takes the most probable.

    Args:
        logits: [B, V]
        temperature: [B]
        uniforms: numbers in [0, 1). [B]

    Returns:
        Tokens [B], and their log-probabilities at temperature 1, in nats [B].
    """
    logits = logits.float()
    logprobs = logits.log_softmax(-1)
    cumulative = (logits / temperature.clamp(min=1e-6)[:, None]).softmax(-1).cumsum(-1)
    drawn = torch.searchsorted(cumulative, uniforms[:, None] * cumulative[:, -1:]).squeeze(-1)
    drawn = drawn.clamp(max=logits.shape[-1] - 1)
    tokens = torch.where(temperature > 0, drawn, logits.argmax(-1))
    return tokens, logprobs.gather(-1, tokens[:, None]).squeeze(-1)


def extend(row: Row, token: int, logprob: float, stop: StopRule) -> bool:
    """Append a sampled token to a row; return whether the row goes on."""
    row.token_ids.append(token)
    row.logprob += logprob
    if stop.ends(row.token_ids):
        row.finish = "step"
        return False
    return len(row.token_ids) < len(row.uniforms)


def proposal_of(row: Row, stop: StopRule) -> Proposal:
    """Return a finished row as a proposal."""
    action, token_ids = stop.finish(row.token_ids)
    return Proposal(action, token_ids, row.logprob, row.finish)
