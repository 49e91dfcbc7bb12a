"""The decoder that computes every token of a tree once, with rows that come and go.

take in   a request's path is looked up: what was computed before is reused, the rest is one row of a prefill;
          V and the first tokens of its n steps come from that same pass
decode    all live rows advance by one token; a finished row leaves at once and makes room
keep      a finished row's keys and values become a segment of the prefix cache: the child that it leads to computes
          its closing tags and its code's output, nothing else
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import torch
from torch import Tensor

from agents.base import Cost
from agents.inference.base import Expansion
from agents.inference.prefixes import PrefixCache, Segment, computed_tokens
from agents.inference.rows import Request, Row, extend, new_rows, proposal_of, sample
from agents.inference.slots import SlotCache, cache_shape, visible
from agents.inference.stats import EngineStats
from agents.inference.stops import StopRule
from agents.model.policy_value import PolicyValueModel

_TOKENS_A_PREFILL = 8192  # rows x width of one prefill pass: longer ones would hold up the rows that are decoding
_PATIENCE = 64  # passes that a request may wait for others, while rows are decoding, to share a prefill pass with them


@dataclass(slots=True, eq=False)
class _Job:
    """A request being computed."""

    request: Request
    path: list[Segment]
    tokens: list[int]  # of the whole path [T]
    rows: list[Row] = field(default_factory=list)
    live: int = 0  # rows still sampling
    since: float = 0.0  # the decoder's clock when the rows began
    cost: Cost = field(default_factory=lambda: Cost(model_calls=1))


@dataclass(slots=True, eq=False)
class _Slot:
    """A row in its slot."""

    job: _Job
    row: Row
    length: int  # tokens of the row whose keys and values are in the slot


class CachedDecoder:
    """Continuous batching over a prefix cache; see the module."""

    def __init__(
        self, model: PolicyValueModel, stats: EngineStats, max_rows: int, max_step_tokens: int, cache_bytes: int
    ) -> None:
        self._model = model
        self._stats = stats
        self._max_rows = max_rows
        self._max_step_tokens = max_step_tokens
        self._stop = StopRule(model)
        self._shape = cache_shape(model)
        self._prefixes = PrefixCache(cache_bytes)
        self._block = SlotCache(self._shape, model.lm.dtype, model.device)
        self._slots: list[_Slot] = []
        self._line: deque[Request] = deque()
        self._entering: list[_Job] = []  # taken from the line, not yet in slots
        self._waited = 0  # decode passes since a request could have been taken in
        self._clock = 0.0  # seconds of decoding that a row has paid for which was there all the time

    @property
    def unfinished(self) -> list[Request]:
        """The requests that were taken in and are not done."""
        jobs = [*self._entering, *(slot.job for slot in self._slots)]
        return [*self._line, *{id(job): job.request for job in jobs}.values()]

    def abandon(self) -> None:
        """Give up all unfinished requests."""
        self._line.clear()
        self._entering = []
        self._slots.clear()

    def forget(self) -> None:
        """Drop all keys and values that no row is using."""
        self._prefixes = PrefixCache(self._prefixes.budget)

    @torch.inference_mode()
    def step(self, arrived: Callable[[], Sequence[Request]]) -> list[tuple[Request, Expansion]]:
        """Take in what there is room for and decode until a request is done; see `Decoder.step`."""
        start = perf_counter()
        done: list[tuple[Request, Expansion]] = []
        while not done:
            self._line.extend(arrived())
            if self._worth_a_prefill() and (batch := self._admit(done)):
                self._entering = batch
                self._prefill(batch)
                for job in batch:
                    self._begin(job, done)
                self._entering = []
            if not self._slots:
                break
            self._decode(done)
        self._prefixes.trim()
        self._stats.step_seconds += perf_counter() - start
        return done

    def _worth_a_prefill(self) -> bool:
        """Whether to take requests in now. Few wait for more: a pass costs nearly the same for few rows as for many."""
        if not self._line:
            return False
        self._waited += 1
        asked = sum(max(request.n, 1) for request in self._line)
        if self._waited > _PATIENCE or asked >= len(self._slots):
            self._waited = 0
            return True
        return False

    def _admit(self, done: list[tuple[Request, Expansion]]) -> list[_Job]:
        """Take requests from the line, first come first served, as far as rows and one prefill pass have room."""
        room, batch, width = self._max_rows - len(self._slots), list[_Job](), 0
        while self._line:
            request = self._line[0]
            if request.answer.done():
                self._line.popleft()
                continue
            path = self._prefixes.path(self._model.pieces(request.state))
            job = _Job(request, path, [token for segment in path for token in segment.tokens])
            if len(job.tokens) >= self._model.context:
                self._line.popleft()
                done.append((request, Expansion(-1.0, (), job.cost)))
                continue
            missing = len(job.tokens) - self._reusable(job)
            alone = not batch and not self._slots
            if not alone and (request.n > room or (len(batch) + 1) * max(width, missing) > _TOKENS_A_PREFILL):
                break
            self._line.popleft()
            room, width = room - request.n, max(width, missing)
            batch.append(job)
        return batch

    def _reusable(self, job: _Job) -> int:
        """Return how many tokens of the path need not be computed: all of them where what follows is known too."""
        known = computed_tokens(job.path)
        return known if job.path[-1].logits is not None else min(known, len(job.tokens) - 1)

    def _prefill(self, batch: Sequence[_Job]) -> None:
        """Compute what is missing of the batch's paths, and V and next-token logits at their ends."""
        starts = {id(job): self._reusable(job) for job in batch}
        for job in batch:
            self._prefixes.touch(job.path)
            job.cost.reused_tokens = starts[id(job)]
            self._stats.reused_tokens += starts[id(job)]
        # Equal states asked for together are computed once.
        missing = list({id(job.path[-1]): job for job in batch if starts[id(job)] < len(job.tokens)}.values())
        if not missing:
            return
        begun = perf_counter()
        block, logits, values = self._forward_missing(missing, [starts[id(job)] for job in missing])
        for place, job in enumerate(missing):
            start = starts[id(job)]
            self._prefixes.store(job.path, start, block.data[:, place, start : len(job.tokens)])
            job.path[-1].value = values[place]
            self._prefixes.keep(job.path[-1], logits=logits[place].clone())
            job.cost.prefilled_tokens = len(job.tokens) - start
            self._stats.prefilled_tokens += len(job.tokens) - start
        self._stats.prefill_calls += 1
        self._stats.prefill_rows += len(missing)
        share = (perf_counter() - begun) / len(missing)
        for job in missing:
            job.cost.model_seconds += share

    def _forward_missing(self, jobs: Sequence[_Job], starts: Sequence[int]) -> tuple[SlotCache, Tensor, list[float]]:
        """Run the model over the uncomputed ends of paths, aligned on the right.

        Returns:
            The block with keys and values of the whole paths, logits [B, V] and values [B] after them.
        """
        device = self._model.device
        ends = [len(job.tokens) for job in jobs]
        width = max(end - start for end, start in zip(ends, starts, strict=True))
        spare = max(ends)  # padding writes to a position that nothing sees
        block = SlotCache(self._shape, self._model.lm.dtype, device)
        block.reserve(len(jobs), spare + 1)
        ids = np.zeros((len(jobs), width), dtype=np.int64)
        positions = np.full((len(jobs), width), spare)
        for place, (job, start, end) in enumerate(zip(jobs, starts, ends, strict=True)):
            ids[place, width - (end - start) :] = job.tokens[start:]
            positions[place, width - (end - start) :] = np.arange(start, end)
            if start:
                block.data[:, place, :start] = _keys_values(job.path, start)
        where = torch.from_numpy(positions).to(device)
        block.aim(where, spare + 1)
        mask = visible(where, spare + 1, self._model.lm.dtype)
        begun = perf_counter()
        logits, values, _ = self._model(
            torch.from_numpy(ids).to(device),
            attention_mask=mask,
            position_ids=where.clamp(max=self._model.context - 1),
            cache=block,
            logits_to_keep=1,
        )
        self._stats.model_seconds += perf_counter() - begun
        return block, logits[:, -1], values[:, -1].tolist()

    def _begin(self, job: _Job, done: list[tuple[Request, Expansion]]) -> None:
        """Give a computed request its rows, with their first tokens; a request for a value alone is done."""
        request, length, end = job.request, len(job.tokens), job.path[-1]
        if request.n == 0:
            done.append((request, self._expansion(job)))
            return
        job.rows = new_rows(request.n, request.seed, min(self._max_step_tokens, self._model.context - length))
        job.live, job.since = request.n, self._clock
        first = len(self._slots)
        self._block.reserve(first + request.n, min(length + self._max_step_tokens, self._model.context))
        self._block.data[:, first : first + request.n, :length] = _keys_values(job.path, length)[:, None]
        self._slots += [_Slot(job, row, length) for row in job.rows]
        assert end.logits is not None
        self._sample(end.logits.expand(request.n, -1), self._slots[first:], done)

    def _decode(self, done: list[tuple[Request, Expansion]]) -> None:
        """Advance every live row by one token."""
        device, slots = self._model.device, self._slots
        ids = torch.tensor([slot.row.token_ids[-1] for slot in slots], device=device)[:, None]
        positions = torch.tensor([slot.length for slot in slots], device=device)[:, None]
        length = int(positions.max()) + 1
        self._block.aim(positions, length)
        mask = visible(positions, length, self._model.lm.dtype)
        begun = perf_counter()
        logits, _, _ = self._model(
            ids, attention_mask=mask, position_ids=positions, cache=self._block, logits_to_keep=1
        )
        seconds = perf_counter() - begun
        self._stats.decode_calls += 1
        self._stats.decode_rows += len(slots)
        self._stats.model_seconds += seconds
        self._clock += seconds / len(slots)
        for slot in slots:
            slot.length += 1
        self._sample(logits[:, -1], list(slots), done)

    def _sample(self, logits: Tensor, slots: Sequence[_Slot], done: list[tuple[Request, Expansion]]) -> None:
        """Draw the next token of each row; rows that end leave their slots."""
        uniforms = torch.from_numpy(np.array([slot.row.uniforms[len(slot.row.token_ids)] for slot in slots]))
        temperature = torch.tensor([slot.job.request.temperature for slot in slots], device=logits.device)
        tokens, logprobs = sample(logits, temperature, uniforms.to(logits.device))
        ended = [
            slot
            for slot, token, logprob in zip(slots, tokens.tolist(), logprobs.tolist(), strict=True)
            if not extend(slot.row, token, logprob, self._stop) or slot.job.request.answer.done()
        ]
        for slot in ended:
            self._leave(slot, done)

    def _leave(self, slot: _Slot, done: list[tuple[Request, Expansion]]) -> None:
        """Keep what a finished row has computed, and close its gap with the last row."""
        place, last = self._slots.index(slot), len(self._slots) - 1
        job, proposal = slot.job, proposal_of(slot.row, self._stop)
        prompt = len(job.tokens)
        if proposal.token_ids == tuple(slot.row.token_ids):
            path = self._prefixes.path([*(part.tokens for part in job.path), proposal.token_ids])
            if path[-1].keys_values is None:
                self._prefixes.keep(path[-1], self._block.data[:, place, prompt : slot.length].clone())
            self._prefixes.touch(path)
        if place != last:
            moved = self._slots[last]
            self._block.data[:, place, : moved.length] = self._block.data[:, last, : moved.length]
            self._slots[place] = moved
        self._slots.pop()
        job.live -= 1
        job.cost.model_seconds += self._clock - job.since
        if job.live == 0:
            done.append((job.request, self._expansion(job)))

    def _expansion(self, job: _Job) -> Expansion:
        job.cost.generated_tokens = sum(len(row.token_ids) for row in job.rows)
        value = job.path[-1].value
        assert value is not None
        return Expansion(value, tuple(proposal_of(row, self._stop) for row in job.rows), job.cost)


def _keys_values(path: Sequence[Segment], length: int) -> Tensor:
    """Return the keys and values of a path's first tokens. [2L, length, H, D]."""
    parts = [segment.keys_values for segment in path if segment.keys_values is not None]
    return torch.cat(parts, 1)[:, :length]
