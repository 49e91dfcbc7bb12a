"""Requests, the rows that are sampled for them, and how a token is drawn. Shared by the local engines."""

import asyncio
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from agents.inference.base import Expansion, Finish, Proposal
from agents.inference.stops import StopRule
from amz_env.steps import StepFormat

_BELOW_ONE = 1 - 1e-6


@dataclass(slots=True, eq=False)
class Request:
    """What a search asked for.

    Attributes:
        pieces: tokens of the state asked about, part by part.
        n: number of proposals; 0 asks for the value alone.
        temperature: of sampling.
        seed: of sampling, at least 0.
        answer: resolved when the request is done.
        step_format: of the steps; what ends one.
    """

    pieces: tuple[tuple[int, ...], ...]
    n: int
    temperature: float
    seed: int
    answer: "asyncio.Future[Expansion]"
    step_format: StepFormat = "alphamath"

    @property
    def tokens(self) -> list[int]:
        """The tokens of the state in one list, [T]."""
        return [token for piece in self.pieces for token in piece]


@dataclass(slots=True, eq=False)
class Row:
    """One step being sampled.

    Attributes:
        uniforms: two numbers in [0, 1) for each token: the row's whole randomness, drawn at the start from the
            request's seed, so that it depends on nothing else in the batch. [max_step_tokens, 2]
        step_format: of the step.
        token_ids: sampled so far. [T]
        logprob: sum of log-probabilities at temperature 1, in nats.
        finish: how the step ended.
    """

    uniforms: np.ndarray
    step_format: StepFormat
    token_ids: list[int] = field(default_factory=list)
    logprob: float = 0.0
    finish: Finish = "length"


def new_rows(request: Request, length: int) -> list[Row]:
    """Return the rows of a request, with room for so many tokens each."""
    return [Row(uniforms, request.step_format) for uniforms in draw_uniforms(request.n, request.seed, length)]


def draw_uniforms(n: int, seed: int, length: int) -> np.ndarray:
    """Return the randomness of a request's rows, numbers in [0, 1); a shorter draw is the beginning of a longer one.

    Returns:
        [n, length, 2]
    """
    return np.random.Generator(np.random.PCG64(seed)).random((length, n, 2), dtype=np.float32).swapaxes(0, 1)


def sample(logits: Tensor, temperature: Tensor, uniforms: Tensor) -> tuple[Tensor, Tensor]:
    """Sample one token a row; temperature 0 takes the most probable.

    Args:
        logits: [B, V]
        temperature: on the CPU. [B]
        uniforms: numbers in [0, 1). [B, 2]

    Returns:
        Tokens [B], and their log-probabilities at temperature 1, in nats [B].
    """
    logits = logits.float()
    plain = logits.softmax(-1)
    if bool((temperature == 1).all()):
        tokens = _draw(plain, uniforms)
    else:
        divisor = temperature.clamp(min=1e-6).to(logits.device)
        tokens = _draw((logits / divisor[:, None]).softmax(-1), uniforms)
        for row in (temperature == 0).nonzero().flatten().tolist():
            tokens[row] = logits[row].argmax()
    return tokens, plain.gather(-1, tokens[:, None]).squeeze(-1).clamp(min=1e-38).log()


def _draw(probabilities: Tensor, uniforms: Tensor) -> Tensor:
    """Draw a token a row by inverting cumulative distributions: first over parts of the vocabulary, then over a part.

    A number for each of the two. That is a fraction of the work of one sum over the vocabulary, gives rare tokens their
    exact share, and leaves few thresholds that a rounding error elsewhere could push past a number: at V = 3070, 112.

    Args:
        probabilities: [B, V]
        uniforms: [B, 2]

    Returns:
        [B]
    """
    vocabulary = probabilities.shape[1]
    width = 1 << (vocabulary.bit_length() + 1) // 2  # near the square root of V
    whole = vocabulary - vocabulary % width
    masses = [
        probabilities[:, :whole].reshape(len(probabilities), -1, width).sum(-1),
        probabilities[:, whole:].sum(-1, keepdim=True),
    ]
    part = _invert(torch.cat(masses, 1), uniforms[:, :1])
    columns = part * width + torch.arange(width, device=part.device)
    inside = probabilities.gather(1, columns.clamp(max=vocabulary - 1)).masked_fill(columns >= vocabulary, 0)
    return (part * width + _invert(inside, uniforms[:, 1:])).squeeze(1)


def _invert(masses: Tensor, uniforms: Tensor) -> Tensor:
    """Return the first index whose cumulative mass exceeds the row's share of the total. [B, M], [B, 1] -> [B, 1]."""
    cumulative = masses.cumsum(1)
    # Rounded up to the total, the share would lead past the last possible index.
    return torch.searchsorted(cumulative, uniforms.clamp(max=_BELOW_ONE) * cumulative[:, -1:], right=True)


def extend(row: Row, token: int, logprob: float, stop: StopRule) -> bool:
    """Append a sampled token to a row; return whether the row goes on."""
    row.token_ids.append(token)
    row.logprob += logprob
    if stop.ends(row.token_ids, row.step_format):
        row.finish = "step"
        return False
    return len(row.token_ids) < len(row.uniforms)


def proposal_of(row: Row, stop: StopRule) -> Proposal:
    """Return a finished row as a proposal."""
    action, token_ids = stop.finish(row.token_ids, row.step_format)
    return Proposal(action, token_ids, row.logprob, row.finish)
