"""The decoder that computes every token of a tree once, with rows that come and go.

Every pass of the model is one flat list of tokens: the newest token of each row that is being sampled, and pieces of
the prompts of requests that have come in meanwhile. So nothing waits: a request enters with the next pass, a row that
has ended its step leaves at once, and a long prompt is computed piece by piece beside the rows that go on.

admit     a request's path is looked up; what was computed before is copied into a slot, which all its rows share
pass      the rest of it is computed in pieces; V and the first tokens of its n steps come from its last piece
leave     a finished row's keys and values become a segment of the prefix cache: the child that it leads to computes
          its closing tags and its code's output, nothing else
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from agents.base import Cost
from agents.inference.attention import Attention, Numbers, Piece
from agents.inference.base import Expansion, Proposal
from agents.inference.batch import Batch
from agents.inference.blocks import Shape
from agents.inference.forward import Forward
from agents.inference.likelihood import Unrated, likelihoods_of
from agents.inference.prefixes import PrefixCache, Segment, computed_tokens, first_tokens
from agents.inference.rows import Request, sample
from agents.inference.stats import EngineStats
from agents.inference.stops import StopRule
from agents.model.policy_value import PolicyValueModel

_SPARE = 8  # one part in so many of the batch's memory may lie idle, so that the block need not grow
_PIECE_TOKENS = 512  # prompt tokens of one pass: more would hold up the rows that are decoding


@dataclass(slots=True, eq=False)
class _Job:
    """A request being computed.

    Attributes:
        request: what was asked for.
        tokens: of its path. [T]
        path: its segments.
        slots: where its prompt's keys and values are, one for every few of its rows.
        computed: how many of them are there.
        logits: next-token logits after the path, when known. [V]
        value: V after the path, when known.
        hidden: what V was read from, when known. [H]
        unrated: the actions of its path whose likelihood must be computed; None where V does not read it.
        proposals: the finished ones, by place. [n]
        texts: tokens of finished rows -> what they say: the step's text, and its tokens. Rows often say the same.
        found: tokens of finished steps, with their log-probability where it is known, the slot, and the positions in it
            of their keys and values.
        live: rows still sampling.
        cost: spent so far.
    """

    request: Request
    tokens: list[int]
    path: list[Segment]
    slots: list[int] = field(default_factory=list)
    computed: int = 0
    logits: Tensor | None = None
    value: float = 0.0
    hidden: Tensor | None = None
    unrated: Unrated | None = None
    proposals: list[Proposal | None] = field(default_factory=list)
    texts: dict[tuple[int, ...], tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    found: list[tuple[tuple[int, ...], float | None, int, Numbers]] = field(default_factory=list)
    live: int = 0
    cost: Cost = field(default_factory=lambda: Cost(model_calls=1))


class CachedDecoder:
    """Continuous batching over a prefix cache; see the module.

    Args:
        model: policy and value.
        forward: the model's pass over a flat list of tokens.
        shape: of its keys and values.
        stats: counts what is done.
        max_rows: rows sampled together, and prompts in slots.
        max_step_tokens: tokens of one step.
        cache_bytes: keys, values and logits kept of what nothing is being computed for.
        batch_bytes: keys and values of what is being computed; a single request may exceed it.
    """

    def __init__(
        self,
        model: PolicyValueModel,
        forward: Forward,
        shape: Shape,
        stats: EngineStats,
        *,
        max_rows: int,
        max_step_tokens: int,
        cache_bytes: int,
        batch_bytes: int,
    ) -> None:
        self._model = model
        self._forward = forward
        self._stats = stats
        self._max_rows = max_rows
        self._max_step_tokens = max_step_tokens
        self._reads_likelihood = model.reads_likelihood
        self._context = model.context  # looking it up in the model is slow
        self._batch_bytes = batch_bytes
        self._stop = StopRule(model)
        self._prefixes = PrefixCache(cache_bytes)
        self._batch = Batch(shape, max_step_tokens, batch_bytes // _SPARE)
        self._table = self._batch.rows
        self._device = shape.device
        self._line: deque[Request] = deque()
        self._entering: list[_Job] = []  # taken from the line, their rows not begun
        self._running: list[_Job] = []  # with rows
        self._draining = False  # nothing is admitted until all is done, and the block begins anew
        self._clock = 0.0  # seconds of passes that one token has paid for which was in all of them

    @property
    def idle(self) -> bool:
        """Whether nothing is left to compute."""
        return not (self._line or self._entering or self._table)

    def abandon(self) -> None:
        """Give up all unfinished requests."""
        self._line.clear()
        self._entering, self._running, self._draining = [], [], False
        self._batch.clear()

    def forget(self) -> None:
        """Drop all keys and values that no row is using."""
        self._prefixes = PrefixCache(self._prefixes.budget)

    @torch.inference_mode()
    def advance(self, arrived: Sequence[Request]) -> list[tuple[Request, Expansion]]:
        """Take in what there is room for and make one pass; see `Decoder.advance`."""
        start = self._stats.clock()
        self._line.extend(arrived)
        done: list[tuple[Request, Expansion]] = []
        self._admit(done)
        work = self._next_pieces()
        logits = self._pass(work) if work or self._table else None
        for job, _ in work:
            if job.logits is not None:
                self._keep_prompt(job)
        self._sample(logits, done)
        self._prefixes.trim()
        self._stats.step_seconds += self._stats.clock() - start
        return done

    def _admit(self, done: list[tuple[Request, Expansion]]) -> None:
        """Take requests from the line, first come first served."""
        held: list[Request] = []
        while self._line and self._has_rows(self._line[0].n):
            request = self._line.popleft()
            if request.answer.done():
                continue
            path = self._prefixes.path(request.pieces)
            job = _Job(request, request.tokens, path)
            if len(job.tokens) >= self._context:
                done.append((request, Expansion(-1.0, (), job.cost)))
            elif any(path[-1] is each.path[-1] for each in self._entering):
                held.append(request)  # equal states asked for together are computed once
            elif self._has_bytes(job):
                self._enter(job)
            else:
                held.append(request)
                break
        self._line.extendleft(reversed(held))

    def _has_rows(self, n: int) -> bool:
        taken = [max(job.request.n, 1) for job in self._entering]
        return len(self._table) + sum(taken) + n <= self._max_rows or not (self._table or taken)

    def _has_bytes(self, job: _Job) -> bool:
        """Whether there is room for a job beside the others, if all steps were to become as long as they may."""
        others = [*self._entering, *self._running]
        if self._draining and others:
            return False
        if self._draining:
            self._batch.clear()
            self._draining = False
        prompts = [(each.request.n, len(each.tokens)) for each in (*others, job)]
        if self._batch.bytes_for(prompts) <= self._batch_bytes:
            return True
        if not others:
            self._batch.clear()  # alone, a request gets what it needs
            return True
        # Where only the shape that the block has grown into is in the way, it is given up as soon as it is empty.
        self._draining = self._batch.bytes_for(prompts, anew=True) <= self._batch_bytes
        return False

    def _enter(self, job: _Job) -> None:
        """Give a job a slot with what is known of its prompt."""
        self._prefixes.borrow(job.path)
        self._prefixes.touch(job.path)
        end, known = job.path[-1], computed_tokens(job.path)
        if known == len(job.tokens) and end.logits is not None:
            job.logits, job.value, job.hidden = end.logits, end.value or 0.0, end.hidden
        else:
            known = min(known, len(job.tokens) - 1)
            if self._reads_likelihood:
                job.unrated = Unrated(job.path)
                known = known if job.unrated.begin is None else min(known, job.unrated.begin - 1)
        self._entering.append(job)
        job.computed = job.cost.reused_tokens = known
        self._stats.reused_tokens += known
        if job.request.n or job.logits is None:
            job.slots.append(self._batch.take_slot(len(job.tokens), first_tokens(job.path, known)))

    def _next_pieces(self) -> list[tuple[_Job, Piece]]:
        """Return what is computed of prompts in the next pass, similar lengths side by side."""
        room, work = _PIECE_TOKENS, list[tuple[_Job, Piece]]()
        for job in self._entering:
            # A long prompt leaves half of the room to others.
            count = min(len(job.tokens) - job.computed, room, _PIECE_TOKENS // 2)
            if count:
                work.append((job, Piece(job.slots[0], job.computed, job.computed + count)))
                room -= count
        return sorted(work, key=lambda each: len(each[1]))

    def _pass(self, work: Sequence[tuple[_Job, Piece]]) -> Tensor:
        """Compute the newest tokens of all rows, and pieces of prompts.

        Returns:
            Logits of the rows. [R, V]
        """
        device, table, rows = self._device, self._table, len(self._table)
        ids, positions, wanted = table.newest[:rows], table.length[:rows] + table.count[:rows] - 1, np.arange(rows)
        complete: list[int] = []
        unrated: list[tuple[Unrated, dict[int, int]]] = []
        if work:  # few passes have any
            pieces = [piece for _, piece in work]
            ids = np.concatenate([ids, *(job.tokens[piece.begin : piece.end] for job, piece in work)])
            positions = np.concatenate([positions, *(np.arange(piece.begin, piece.end) for piece in pieces)])
            complete = [number for number, (job, piece) in enumerate(work) if piece.end == len(job.tokens)]
            ends = rows + np.cumsum([len(piece) for piece in pieces])
            wanted = np.concatenate([wanted, ends[complete] - 1])
            for (job, piece), end in zip(work, ends.tolist(), strict=True):
                if job.unrated is not None and (asked := job.unrated.within(piece.begin, piece.end)):
                    unrated.append((job.unrated, asked))
                    wanted = np.concatenate([wanted, np.array(list(asked)) + (end - piece.end)])
        given, where, last = (torch.from_numpy(each).to(device) for each in (ids, positions, wanted))
        placed = self._batch.place()
        begun = self._stats.clock()
        attention = Attention(self._batch.block, placed, [piece for _, piece in work])
        logits, hidden = self._forward(given, where, attention, last)
        first = rows + len(complete)
        for actions, asked in unrated:
            actions.learn(asked, logits[first : first + len(asked)])
            first += len(asked)
        read = hidden[rows : rows + len(complete)].clone()  # what is kept of it must not hold the whole pass
        values: list[float] = []
        if complete:
            paths = [work[place][0].path for place in complete] if self._reads_likelihood else []
            values = self._model.value_head(read, likelihoods_of(paths, device) if paths else None).tolist()
        if device.type == "cuda":
            torch.cuda.synchronize(device)  # or the pass would seem to take no time, and sampling all of it
        seconds = self._stats.clock() - begun
        if complete:
            for number, (place, value) in enumerate(zip(complete, values, strict=True)):
                job = work[place][0]
                job.logits, job.value, job.hidden = logits[rows + number], value, read[number]
        self._count(work, rows, len(given), seconds)
        return logits[:rows]

    def _count(self, work: Sequence[tuple[_Job, Piece]], rows: int, tokens: int, seconds: float) -> None:
        """Put a pass on the accounts of the engine and of the requests, by tokens."""
        self._clock += seconds / tokens
        for job, piece in work:
            count = len(piece)
            job.computed = piece.end
            job.cost.prefilled_tokens += count
            job.cost.model_seconds += count * seconds / tokens
            self._stats.prefilled_tokens += count
        self._stats.passes += 1
        self._stats.prefill_calls += bool(work)
        self._stats.prefill_rows += len(work)
        self._stats.decode_calls += bool(rows)
        self._stats.decode_rows += rows
        self._stats.model_seconds += seconds

    def _keep_prompt(self, job: _Job) -> None:
        """Keep in the prefix cache what was computed of a prompt, and what follows it."""
        path, start = job.path, computed_tokens(job.path)
        if start < len(job.tokens):
            self._prefixes.store(path, start, self._batch.block.read(job.slots[0], start, len(job.tokens)))
            self._batch.hold(job.slots[0], [each.keys_values for each in path if each.keys_values is not None])
        assert job.logits is not None
        path[-1].value = job.value
        self._prefixes.keep(path[-1], logits=job.logits.clone(), hidden=job.hidden)
        self._prefixes.touch(path)

    def _sample(self, logits: Tensor | None, done: list[tuple[Request, Expansion]]) -> None:
        """Draw the next token of every row, and the first ones of new requests; rows that end leave."""
        parts = [logits] if logits is not None and len(logits) else []
        for job in [each for each in self._entering if each.logits is not None]:
            if job.request.n:
                assert job.logits is not None
                parts.append(job.logits.expand(job.request.n, -1))
                job.logits = None  # a view of all that the pass computed, which would live as long as the job
                self._begin(job)
            else:
                self._finish(job, done)
            self._entering.remove(job)
        if not parts:
            return
        begun, device = self._stats.clock(), parts[0].device
        temperature = torch.from_numpy(self._table.temperature[: len(self._table)])
        uniforms = torch.from_numpy(self._table.next_uniforms()).to(device)
        tokens, logprobs = sample(torch.cat(parts) if len(parts) > 1 else parts[0], temperature, uniforms)
        chosen = tokens.cpu().numpy()
        self._table.record(chosen, logprobs.cpu().numpy())
        self._stats.sample_seconds += self._stats.clock() - begun
        self._stats.generated_tokens += len(chosen)
        self._leave(self._ended(chosen), done)

    def _begin(self, job: _Job) -> None:
        """Give a request with a computed prompt its rows."""
        request, length = job.request, len(job.tokens)
        limit = min(self._max_step_tokens, self._context - length)
        self._batch.begin(
            job,
            job.slots,
            length,
            request.n,
            seed=request.seed,
            limit=limit,
            temperature=request.temperature,
            since=self._clock,
        )
        self._running.append(job)
        job.live, job.proposals = request.n, [None] * request.n

    def _ended(self, tokens: np.ndarray) -> dict[int, bool]:
        """Return the rows that end with their newest token, with whether they ended their step; else it was cut."""
        table, rows = self._table, len(self._table)
        cut = table.count[:rows] >= table.limit[:rows]
        ended: dict[int, bool] = {}
        for row in np.flatnonzero(self._stop.may_end(tokens) | cut).tolist():
            job: _Job = table.owners[row]
            whole = self._stop.ends(table.tokens[row, : table.count[row]], job.request.step_format)
            if whole or cut[row]:
                ended[row] = whole
        unwanted = [job for job in self._running if job.request.answer.done()]  # nobody waits for it any more
        for row, owner in enumerate(table.owners) if unwanted else ():
            if owner in unwanted:
                ended.setdefault(row, False)
        return ended

    def _leave(self, ended: dict[int, bool], done: list[tuple[Request, Expansion]]) -> None:
        """Keep what finished rows have computed, and free their slots."""
        if not ended:
            return
        for row, whole in ended.items():
            job: _Job = self._table.owners[row]
            count = int(self._table.count[row])
            tokens = tuple(self._table.tokens[row, :count].tolist())
            if tokens not in job.texts:
                job.texts[tokens] = _, token_ids = self._stop.finish(tokens, job.request.step_format)
                if tokens[: len(token_ids)] == token_ids:  # else the text was cut, and stands for other tokens
                    at = self._table.at[row, : min(count - 1, len(token_ids))].copy()
                    logprob = float(self._table.logprob[row]) if count == len(token_ids) else None
                    job.found.append((token_ids, logprob, int(self._table.slot[row]), at))
            action, token_ids = job.texts[tokens]
            proposal = Proposal(action, token_ids, float(self._table.logprob[row]), "step" if whole else "length")
            job.proposals[int(self._table.index[row])] = proposal
            job.cost.model_seconds += self._clock - float(self._table.since[row])
            job.cost.generated_tokens += count
            job.live -= 1
            if not job.live:
                self._running.remove(job)
                self._keep_steps(job)
                self._finish(job, done)
        self._table.remove(list(ended))

    def _keep_steps(self, job: _Job) -> None:
        """Keep in the prefix cache what was computed of a request's steps."""
        for slot in job.slots:
            mine = [(tokens, logprob, at) for tokens, logprob, where, at in job.found if where == slot]
            kept = self._batch.tokens_at(slot, [at for *_, at in mine]) if mine else []
            for (tokens, logprob, _), keys_values in zip(mine, kept, strict=True):
                step = self._prefixes.next(job.path[-1], tokens)
                if step.keys_values is None:
                    self._prefixes.keep(step, keys_values)
                step.logprob = logprob if step.logprob is None else step.logprob
                self._prefixes.touch([step])
        self._prefixes.touch(job.path)

    def _finish(self, job: _Job, done: list[tuple[Request, Expansion]]) -> None:
        self._batch.free_slots(job.slots)
        self._stats.requests += 1
        proposals = tuple(proposal for proposal in job.proposals if proposal is not None)
        done.append((job.request, Expansion(job.value, proposals, job.cost, job.hidden)))
