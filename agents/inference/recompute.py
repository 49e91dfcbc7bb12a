"""The decoder that computes every prompt anew: fallback for any kind of cache, and baseline to measure against."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from agents.base import Cost
from agents.inference.base import Expansion
from agents.inference.likelihood import action_positions
from agents.inference.rows import Request, Row, extend, new_rows, proposal_of, sample
from agents.inference.stats import EngineStats
from agents.inference.stops import StopRule
from agents.model.policy_value import PolicyValueModel, logits_at, path_likelihood, predicting


class RecomputeDecoder:
    """Computes requests batch after batch, each to its end, with the caches that `transformers` has."""

    def __init__(self, model: PolicyValueModel, stats: EngineStats, max_rows: int, max_step_tokens: int) -> None:
        self._model = model
        self._stats = stats
        self._max_rows = max_rows
        self._max_step_tokens = max_step_tokens
        self._reads_likelihood = model.reads_likelihood
        self._stop = StopRule(model)
        self._line: list[Request] = []

    def abandon(self) -> None:
        """Give up all unfinished requests."""
        self._line = []

    def forget(self) -> None:
        """Nothing is kept of finished requests."""

    @property
    def idle(self) -> bool:
        """Whether nothing is left to compute."""
        return not self._line

    @torch.inference_mode()
    def advance(self, arrived: Sequence[Request]) -> list[tuple[Request, Expansion]]:
        """Take in new requests and compute one batch to its end; see `Decoder.advance`."""
        start = self._stats.clock()
        self._line += arrived
        batch = self._next_batch()
        prompts = [request.tokens for request in batch]
        fits = [len(prompt) < self._model.context for prompt in prompts]
        done = [
            (request, Expansion(-1.0, (), Cost(model_calls=1)))
            for request, fit in zip(batch, fits, strict=True)
            if not fit
        ]
        able = [(request, prompt) for request, prompt, fit in zip(batch, prompts, fits, strict=True) if fit]
        if able:
            requests, prompts = [request for request, _ in able], [prompt for _, prompt in able]
            hidden, likelihood, rows = self._prefill_and_decode(requests, prompts)
            values = self._model.value_head(hidden, likelihood).tolist()
            seconds = (self._stats.clock() - start) / len(able)
            for request, prompt, value, read, mine in zip(requests, prompts, values, hidden, rows, strict=True):
                done.append((request, self._expansion(value, read, mine, len(prompt), seconds)))
        self._line = self._line[len(batch) :]
        self._stats.requests += len(batch)
        self._stats.step_seconds += self._stats.clock() - start
        return done

    def _next_batch(self) -> list[Request]:
        """Return the first requests in line, up to the row limit."""
        rows, batch = 0, list[Request]()
        self._line = [request for request in self._line if not request.answer.done()]  # or nobody waits
        for request in self._line:
            rows += max(request.n, 1)
            if batch and rows > self._max_rows:
                break
            batch.append(request)
        return batch

    def _expansion(self, value: float, hidden: Tensor, rows: Sequence[Row], prompt: int, seconds: float) -> Expansion:
        cost = Cost(
            generated_tokens=sum(len(row.token_ids) for row in rows),
            prefilled_tokens=prompt,
            model_calls=1,
            model_seconds=seconds,
        )
        return Expansion(value, tuple(proposal_of(row, self._stop) for row in rows), cost, hidden)

    def _prefill_and_decode(
        self, batch: Sequence[Request], prompts: Sequence[list[int]]
    ) -> tuple[Tensor, Tensor | None, list[list[Row]]]:
        """Compute the prompts of a batch, and sample the steps it asks for.

        Returns:
            Hidden states [B, H], the likelihood of the prompts' actions, [B] where V reads it, and rows.
        """
        ids, mask = self._left_pad(prompts)
        positions = (mask.cumsum(1) - 1).clamp(min=0)
        if self._reads_likelihood:
            sampled = _sampled(batch, ids)
            wanted = predicting(sampled)  # logits of all positions would take more memory than the model
            wanted[:, -1] = True
            with logits_at(self._model.lm, wanted):
                found, hidden, cache = self._forward(ids, mask, positions, None, keep=0)
            likelihood = path_likelihood(found, ids, sampled, wanted)[:, -1]
            logits = found[wanted.sum(1).cumsum(0) - 1]
        else:
            found, hidden, cache = self._forward(ids, mask, positions, None)
            likelihood, logits = None, found[:, -1]
        self._stats.prefill_calls += 1
        self._stats.prefill_rows += len(batch)
        self._stats.prefilled_tokens += sum(map(len, prompts))
        rooms = [min(self._max_step_tokens, self._model.context - len(prompt)) for prompt in prompts]
        rows = [new_rows(request, room) for request, room in zip(batch, rooms, strict=True)]
        source = [index for index, request in enumerate(batch) for _ in range(request.n)]
        if source:
            chosen = torch.tensor(source, device=ids.device)
            cache.batch_select_indices(chosen)
            temperature = torch.tensor([batch[index].temperature for index in source])
            self._decode([row for mine in rows for row in mine], logits[chosen], temperature, mask[chosen], cache)
        return hidden, likelihood, rows

    def _decode(self, rows: list[Row], logits: Tensor, temperature: Tensor, mask: Tensor, cache: Any) -> None:
        """Sample rows token by token until each has ended its step; finished rows leave when half are done."""
        position = mask.sum(1)
        active = np.ones(len(rows), dtype=bool)
        for step in range(self._max_step_tokens):
            # Rows that have ended stay a while; what is sampled for them does not matter.
            now = np.array([row.uniforms[min(step, len(row.uniforms) - 1)] for row in rows])
            uniforms = torch.tensor(now, device=mask.device)
            begun = self._stats.clock()
            tokens, logprobs = sample(logits, temperature, uniforms)
            self._stats.sample_seconds += self._stats.clock() - begun
            self._stats.generated_tokens += int(active.sum())
            for index in np.flatnonzero(active):
                active[index] = extend(rows[index], int(tokens[index]), float(logprobs[index]), self._stop)
            if not active.any():
                return
            if active.sum() * 2 <= len(rows):
                keep = torch.from_numpy(np.flatnonzero(active)).to(mask.device)
                cache.batch_select_indices(keep)
                tokens, mask, position, temperature = tokens[keep], mask[keep], position[keep], temperature[keep.cpu()]
                rows = [row for row, alive in zip(rows, active, strict=True) if alive]
                active = np.ones(len(rows), dtype=bool)
            mask = torch.cat([mask, mask.new_ones(len(rows), 1)], 1)
            logits, _, cache = self._forward(
                tokens[:, None], mask, position[:, None].clamp(max=self._model.context - 1), cache
            )
            logits = logits[:, -1]
            self._stats.decode_calls += 1
            self._stats.decode_rows += len(rows)
            position = position + 1

    def _forward(
        self, ids: Tensor, mask: Tensor, positions: Tensor, cache: Any, *, keep: int = 1
    ) -> tuple[Tensor, Tensor, Any]:
        """Return logits of the last `keep` positions, all with 0, hidden states [B, H] at the last, and the cache."""
        start = self._stats.clock()
        logits, hidden, cache = self._model.read(
            ids, attention_mask=mask, position_ids=positions, cache=cache, logits_to_keep=keep
        )
        self._stats.passes += 1
        self._stats.model_seconds += self._stats.clock() - start
        return logits, hidden[:, -1].clone(), cache

    def _left_pad(self, prompts: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
        """Return token ids and attention mask, padded on the left. [B, T] each."""
        width = max(len(prompt) for prompt in prompts)
        pad = self._model.tokenizer.pad_token_id or 0
        ids = [[pad] * (width - len(prompt)) + prompt for prompt in prompts]
        mask = [[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts]
        return torch.tensor(ids, device=self._model.device), torch.tensor(mask, device=self._model.device)


def _sampled(batch: Sequence[Request], ids: Tensor) -> Tensor:
    """Return which tokens of the prompts, padded on the left, belong to actions. bool [B, T]."""
    sampled = torch.zeros_like(ids, dtype=torch.bool)
    for row, request in zip(sampled, batch, strict=True):
        row[[at - len(request.tokens) for at in action_positions(request.pieces)]] = True
    return sampled
