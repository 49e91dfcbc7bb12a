"""The local engine: what running searches ask of one model in this process, gathered and computed together.

Here is the asynchronous front alone. What a batch is, and what is computed again, is the decoder's business:
`CachedDecoder` (a key-value cache per path, rows that come and go) or `RecomputeDecoder` (every prompt anew).

Any number of event loops, in any threads, may ask. The decoder has a thread of its own, which works while anything is
asked for; a result goes to the loop that waits for it.
"""

import asyncio
import threading
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import perf_counter, sleep
from typing import Literal, Protocol

from agents.base import MAX_STEP_TOKENS
from agents.inference.base import Expansion, Valuation
from agents.inference.cached import CachedDecoder
from agents.inference.forward import choose_forward
from agents.inference.memory import keep_freed_memory
from agents.inference.recompute import RecomputeDecoder
from agents.inference.rows import Request
from agents.inference.stats import EngineStats
from agents.model.gpus import free_bytes
from agents.model.policy_value import PolicyValueModel
from amz_env.dynamics import State

Kind = Literal["cached", "recompute"]
Done = Sequence[tuple[Request, Expansion]]

_GATHER_SECONDS = 0.001  # searches whose snippets have just run join the batch if they ask within this time
_TURN_SECONDS = 0.1  # an event loop that has not come around in this time is not waited for


class Decoder(Protocol):
    """What computes requests. Used by one thread at a time."""

    @property
    def idle(self) -> bool:
        """Whether nothing is left to compute."""

    def advance(self, arrived: Sequence[Request]) -> Done:
        """Take in new requests and compute for a moment; return the requests that are done."""

    def abandon(self) -> None:
        """Give up all unfinished requests."""

    def forget(self) -> None:
        """Drop what is kept of finished requests."""


class LocalEngine:
    """An `Engine` over a model in this process.

    Args:
        model: policy and value.
        kind: ``cached`` computes every token of a tree once; ``recompute`` computes every prompt anew and is kept for
            models whose cache is of another kind, and as a baseline. A model that ``cached`` cannot serve falls back to
            ``recompute``, with a warning.
        max_rows: rows decoded together; further requests wait.
        max_step_tokens: tokens of one step; a longer one is cut and ends as malformed.
        cache_bytes: memory for keys and values of paths that nothing is being computed for now. Default: 1 GiB, on a
            GPU a quarter of what is free, or of this process' share of that (`own_device`).
        batch_bytes: memory for keys and values of what is being computed; further requests wait. Default: 4 GiB, on a
            GPU a third of it.
    """

    def __init__(
        self,
        model: PolicyValueModel,
        *,
        kind: Kind = "cached",
        max_rows: int = 256,
        max_step_tokens: int = MAX_STEP_TOKENS,
        cache_bytes: int | None = None,
        batch_bytes: int | None = None,
    ) -> None:
        if kind not in ("cached", "recompute"):
            raise ValueError(f"kind must be 'cached' or 'recompute', got {kind!r}")
        if model.device.type == "cpu":
            keep_freed_memory()
        chosen = choose_forward(model) if kind == "cached" else None
        if kind == "cached" and chosen is None:
            warnings.warn(f"{type(model.lm).__name__}: no cache of this kind; prompts are recomputed", stacklevel=2)
        self.model = model
        self.kind: Kind = "cached" if chosen is not None else "recompute"
        self.stats = EngineStats()
        free = free_bytes(model.device)
        self._decoder: Decoder = (
            CachedDecoder(
                model,
                *chosen,
                self.stats,
                max_rows=max_rows,
                max_step_tokens=max_step_tokens,
                cache_bytes=cache_bytes if cache_bytes is not None else free // 4 if free else 1 << 30,
                batch_bytes=batch_bytes if batch_bytes is not None else free // 3 if free else 4 << 30,
            )
            if chosen is not None
            else RecomputeDecoder(model, self.stats, max_rows, max_step_tokens)
        )
        self._lock = threading.Lock()  # of the next two
        self._arrived: list[Request] = []
        self._working = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="engine")

    async def expand(self, state: State, n: int, *, temperature: float, seed: int) -> Expansion:
        """Sample n steps and read V(state); see `Engine.expand`.

        Raises:
            ValueError: n, temperature or seed out of range.
        """
        if n < 1 or temperature < 0 or seed < 0:
            given = f"n={n}, temperature={temperature}, seed={seed}"
            raise ValueError(f"expand needs n >= 1, temperature >= 0 and seed >= 0, got {given}")
        return await self._ask(state, n, temperature, seed)

    async def value(self, state: State) -> Valuation:
        """Read V(state) alone; see `Engine.value`."""
        expansion = await self._ask(state, 0, 0.0, 0)
        return Valuation(expansion.value, expansion.cost, expansion.hidden)

    def forget(self) -> None:
        """Empty the prefix cache; what agents are compared by must not depend on who came before."""
        self._thread.submit(self._decoder.forget).result()  # after what may still be computed of cancelled requests

    async def _ask(self, state: State, n: int, temperature: float, seed: int) -> Expansion:
        pieces = tuple(self.model.pieces(state))  # here, so that what cannot be encoded is this request's error alone
        loop = asyncio.get_running_loop()
        request = Request(pieces, n, temperature, seed, loop.create_future(), state.rules.step_format)
        with self._lock:
            self._arrived.append(request)
            if not self._working:
                loop.call_soon(self._start)  # when all that is ready to ask has asked: they share the first pass
        return await request.answer

    def _start(self) -> None:
        with self._lock:
            if not self._working:
                self._working = True
                self._thread.submit(self._work)

    def _work(self) -> None:
        """Compute until nothing is left to do. In the engine's thread."""
        begun, waiting = perf_counter(), set[Request]()
        while (arrived := self._hand_over()) is not None:
            waiting.update(arrived)
            try:
                done = self._decoder.advance(arrived)
            except Exception as error:
                self._decoder.abandon()
                _deliver(dict.fromkeys(waiting, error))
                waiting.clear()
            else:
                _deliver(dict(done))
                waiting.difference_update(request for request, _ in done)
        self.stats.busy_seconds += perf_counter() - begun

    def _hand_over(self) -> list[Request] | None:
        """Return the requests that have come since the last call; None where that leaves nothing to do."""
        if self.kind == "recompute":  # a request that comes later waits for all of the batch
            self._gather()
        with self._lock:
            arrived, self._arrived = self._arrived, []
            self._working = bool(arrived) or not self._decoder.idle
            return arrived if self._working else None

    def _gather(self) -> None:
        """Let the searches that can go on do so, until no new request comes."""
        known = -1
        while known != len(self._arrived):
            known = len(self._arrived)
            sleep(_GATHER_SECONDS)
            for loop in {request.answer.get_loop() for request in self._arrived[:known]}:
                turned = threading.Event()
                with suppress(RuntimeError):  # it was closed
                    loop.call_soon_threadsafe(turned.set)
                    turned.wait(_TURN_SECONDS)


def _deliver(answers: Mapping[Request, Expansion | Exception]) -> None:
    """Hand each answer to the event loop that waits for it."""
    by_loop: dict[asyncio.AbstractEventLoop, dict[Request, Expansion | Exception]] = {}
    for request, answer in answers.items():
        by_loop.setdefault(request.answer.get_loop(), {})[request] = answer
    for loop, those in by_loop.items():
        with suppress(RuntimeError):  # it was closed, and nobody waits
            loop.call_soon_threadsafe(_settle, those)


def _settle(answers: Mapping[Request, Expansion | Exception]) -> None:
    for request, answer in answers.items():
        if request.answer.done():  # a cancelled search no longer waits
            continue
        if isinstance(answer, Exception):
            request.answer.set_exception(answer)
        else:
            request.answer.set_result(answer)
