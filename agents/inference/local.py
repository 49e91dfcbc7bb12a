"""The local engine: a `transformers` model, requests of all running searches computed as one batch.

This engine recomputes every prompt. Requests that arrive while a batch is being computed form the next one.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor

from agents.base import Cost
from agents.inference.base import Expansion, Finish, Proposal, Valuation
from agents.inference.stops import StopRule
from agents.model.policy_value import PolicyValueModel
from amz_env.dynamics import State

_GATHER_SECONDS = 0.002  # a finished snippet's search joins the next batch if it asks within this time


@dataclass(slots=True)
class _Request:
    state: State
    prompt: list[int]
    n: int  # 0 asks for the value alone
    temperature: float
    seed: int
    answer: "asyncio.Future[Expansion]"


@dataclass(slots=True)
class _Row:
    """One step being sampled."""

    request: int
    uniforms: np.ndarray  # one number in [0, 1) a token: the row's whole randomness [max_step_tokens]
    token_ids: list[int] = field(default_factory=list)
    logprob: float = 0.0
    finish: Finish = "length"


class LocalEngine:
    """An engine over a model in this process.

    Args:
        model: policy and value.
        max_rows: rows decoded together; more requests wait for the next batch.
        max_step_tokens: tokens of one step; a longer one is cut and ends as malformed.
    """

    def __init__(self, model: PolicyValueModel, *, max_rows: int = 320, max_step_tokens: int = 256) -> None:
        self.model = model
        self.max_rows = max_rows
        self.max_step_tokens = max_step_tokens
        self._stop = StopRule(model)
        self._waiting: list[_Request] = []
        self._pump: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="engine")

    async def expand(self, state: State, n: int, *, temperature: float, seed: int) -> Expansion:
        """Sample n steps and read V(state); see `Engine.expand`.

        Raises:
            ValueError: n or temperature out of range.
        """
        if n < 1 or temperature < 0:
            raise ValueError(f"expand needs n >= 1 and temperature >= 0, got n={n}, temperature={temperature}")
        return await self._ask(state, n, temperature, seed)

    async def value(self, state: State) -> Valuation:
        """Read V(state) alone; see `Engine.value`."""
        expansion = await self._ask(state, 0, 0.0, 0)
        return Valuation(expansion.value, expansion.cost)

    async def _ask(self, state: State, n: int, temperature: float, seed: int) -> Expansion:
        loop = asyncio.get_running_loop()
        request = _Request(state, self.model.encode(state), n, temperature, seed, loop.create_future())
        self._waiting.append(request)
        if self._pump is None or self._pump.done() or self._pump.get_loop() is not loop:
            self._pump = loop.create_task(self._serve())
        return await request.answer

    async def _serve(self) -> None:
        """Answer what is waiting, batch after batch, until nothing is."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            await self._gather()
            batch = self._take_batch()
            try:
                results = await loop.run_in_executor(self._thread, self._compute, batch)
            except Exception as error:
                for request in batch:
                    if not request.answer.done():
                        request.answer.set_exception(error)
                continue
            for request, result in zip(batch, results, strict=True):
                if not request.answer.done():  # a cancelled search no longer waits
                    request.answer.set_result(result)

    async def _gather(self) -> None:
        """Let the searches that can go on do so, until no new request comes."""
        known = -1
        while known != len(self._waiting):
            known = len(self._waiting)
            await asyncio.sleep(_GATHER_SECONDS)

    def _take_batch(self) -> list[_Request]:
        """Take requests, first come first served, up to the row limit; of like lengths, to pad little."""
        self._waiting = [request for request in self._waiting if not request.answer.done()]
        rows, batch = 0, []
        for request in self._waiting:
            rows += max(request.n, 1)
            if batch and rows > self.max_rows:
                break
            batch.append(request)
        self._waiting = self._waiting[len(batch) :]
        return batch

    @torch.inference_mode()
    def _compute(self, batch: Sequence[_Request]) -> list[Expansion]:
        start = perf_counter()
        values, rows = [-1.0] * len(batch), [list[_Row]() for _ in batch]
        fits = [index for index, request in enumerate(batch) if len(request.prompt) < self.model.context]
        if fits:
            found, decoded = self._prefill_and_decode([batch[index] for index in fits])
            for place, index in enumerate(fits):
                values[index], rows[index] = found[place], decoded[place]
        seconds = (perf_counter() - start) / max(len(batch), 1)
        return [
            self._expansion(request, value, mine, seconds)
            for request, value, mine in zip(batch, values, rows, strict=True)
        ]

    def _expansion(self, request: _Request, value: float, rows: Sequence[_Row], seconds: float) -> Expansion:
        proposals = []
        for row in rows:
            action, token_ids = self._stop.finish(row.token_ids)
            proposals.append(Proposal(action, token_ids, row.logprob, row.finish))
        cost = Cost(
            generated_tokens=sum(len(row.token_ids) for row in rows),
            prefilled_tokens=len(request.prompt),
            model_calls=1,
            model_seconds=seconds,
        )
        return Expansion(value, tuple(proposals), cost)

    def _prefill_and_decode(self, batch: Sequence[_Request]) -> tuple[list[float], list[list[_Row]]]:
        """Compute the prompts of a batch, and sample the steps it asks for."""
        lengths = [len(request.prompt) for request in batch]
        ids, mask = self._left_pad([request.prompt for request in batch])
        positions = (mask.cumsum(1) - 1).clamp(min=0)
        logits, values, cache = self.model(ids, attention_mask=mask, position_ids=positions, logits_to_keep=1)
        answers: list[list[_Row]] = [[] for _ in batch]
        rows = [_new_row(index, request, k, self.max_step_tokens) for index, request in enumerate(batch) for k in range(request.n)]
        if rows:
            for row in rows:
                answers[row.request].append(row)
            self._decode(rows, batch, lengths, logits[:, -1], mask, cache)
        return values[:, -1].tolist(), answers

    def _decode(
        self, rows: list[_Row], batch: Sequence[_Request], lengths: list[int], logits: Tensor, mask: Tensor, cache: Any
    ) -> None:
        """Sample rows token by token until each has ended its step. Finished rows leave the batch when half are done."""
        source = torch.tensor([row.request for row in rows], device=mask.device)
        cache.batch_select_indices(source)
        logits, mask = logits[source], mask[source]
        position = torch.tensor([lengths[row.request] for row in rows], device=mask.device)
        temperature = torch.tensor([batch[row.request].temperature for row in rows], device=mask.device)
        active = np.ones(len(rows), dtype=bool)
        for step in range(self.max_step_tokens):
            uniforms = torch.tensor(np.array([row.uniforms[step] for row in rows]), device=mask.device)
            tokens, logprobs = sample(logits, temperature, uniforms)
            for index, (token, logprob) in enumerate(zip(tokens.tolist(), logprobs.tolist(), strict=True)):
                if active[index]:
                    active[index] = self._extend(rows[index], token, logprob)
            full = lengths and int(position.max()) + 1 >= self.model.context
            if not active.any() or full:
                return
            if active.sum() * 2 <= len(rows):
                keep = torch.from_numpy(np.flatnonzero(active)).to(mask.device)
                cache.batch_select_indices(keep)
                tokens, mask, position, temperature = tokens[keep], mask[keep], position[keep], temperature[keep]
                rows = [row for row, alive in zip(rows, active, strict=True) if alive]
                active = np.ones(len(rows), dtype=bool)
            mask = torch.cat([mask, mask.new_ones(len(rows), 1)], 1)
            output, _, cache = self.model(
                tokens[:, None], attention_mask=mask, position_ids=position[:, None], cache=cache, logits_to_keep=1
            )
            logits, position = output[:, -1], position + 1

    def _extend(self, row: _Row, token: int, logprob: float) -> bool:
        """Append a token to a row; return whether the row goes on."""
        row.token_ids.append(token)
        row.logprob += logprob
        if self._stop.ends(row.token_ids):
            row.finish = "step"
            return False
        return True

    def _left_pad(self, prompts: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
        """Return token ids and attention mask, padded on the left. [B, T] each"""
        width = max(len(prompt) for prompt in prompts)
        pad = self.model.tokenizer.pad_token_id or 0
        ids = [[pad] * (width - len(prompt)) + prompt for prompt in prompts]
        mask = [[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts]
        return torch.tensor(ids, device=self.model.device), torch.tensor(mask, device=self.model.device)


def _new_row(index: int, request: _Request, k: int, length: int) -> _Row:
    """A row's randomness is drawn from (seed, k) at the start, so it depends on nothing else in the batch."""
    return _Row(index, np.random.default_rng([request.seed, k]).random(length, dtype=np.float32))


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
    probabilities = (logits / temperature.clamp(min=1e-6)[:, None]).softmax(-1)
    cumulative = probabilities.cumsum(-1)
    drawn = torch.searchsorted(cumulative, uniforms[:, None] * cumulative[:, -1:]).squeeze(-1)
    drawn = drawn.clamp(max=logits.shape[-1] - 1)
    tokens = torch.where(temperature > 0, drawn, logits.argmax(-1))
    return tokens, logprobs.gather(-1, tokens[:, None]).squeeze(-1)
