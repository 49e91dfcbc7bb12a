"""The local engine: what running searches ask of one model in this process, gathered and computed together.

Here is the asynchronous front alone. What a batch is, and what is computed again, is the decoder's business:
`CachedDecoder` (a key-value cache per path, rows that come and go) or `RecomputeDecoder` (every prompt anew).
"""

import asyncio
import warnings
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Literal, Protocol

from agents.inference.base import Expansion, Valuation
from agents.inference.cached import CachedDecoder
from agents.inference.forward import choose_forward
from agents.inference.memory import keep_freed_memory
from agents.inference.recompute import RecomputeDecoder
from agents.inference.rows import Request
from agents.inference.stats import EngineStats
from agents.model.policy_value import PolicyValueModel
from amz_env.dynamics import State

Kind = Literal["cached", "recompute"]
Done = Sequence[tuple[Request, Expansion]]

_GATHER_SECONDS = 0.001  # searches whose snippets have just run join the batch if they ask within this time


class Decoder(Protocol):
    """What computes requests. Used by one thread at a time."""

    @property
    def idle(self) -> bool:
        """Whether nothing is left to compute."""

    @property
    def unfinished(self) -> Sequence[Request]:
        """The requests that were taken in and are not done."""

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
        cache_bytes: memory for keys and values of paths that nothing is being computed for now.
        batch_bytes: memory for keys and values of what is being computed; further requests wait.
    """

    def __init__(
        self,
        model: PolicyValueModel,
        *,
        kind: Kind = "cached",
        max_rows: int = 256,
        max_step_tokens: int = 256,
        cache_bytes: int = 1 << 30,
        batch_bytes: int = 4 << 30,
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
        self._decoder: Decoder = (
            CachedDecoder(
                model,
                *chosen,
                self.stats,
                max_rows=max_rows,
                max_step_tokens=max_step_tokens,
                cache_bytes=cache_bytes,
                batch_bytes=batch_bytes,
            )
            if chosen is not None
            else RecomputeDecoder(model, self.stats, max_rows, max_step_tokens)
        )
        self._arrived: deque[Request] = deque()
        self._server: asyncio.Task[None] | None = None
        self._stopping = False
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
        return Valuation(expansion.value, expansion.cost, expansion.hidden)

    def forget(self) -> None:
        """Empty the prefix cache; what agents are compared by must not depend on who came before."""
        self._decoder.forget()

    async def _ask(self, state: State, n: int, temperature: float, seed: int) -> Expansion:
        loop = asyncio.get_running_loop()
        request = Request(state, n, temperature, seed, loop.create_future())
        self._arrived.append(request)
        if self._server is None or self._server.done() or self._server.get_loop() is not loop:
            if not self._decoder.idle:
                self._decoder.abandon()  # the loop before this one was left while it waited
            self._server = loop.create_task(self._serve())
        return await request.answer

    async def _serve(self) -> None:
        """Compute while anything is asked for."""
        loop = asyncio.get_running_loop()
        while self._arrived:
            if self.kind == "recompute":  # a request that comes later waits for all of the batch
                await self._gather()
            self._stopping = False
            work = loop.run_in_executor(self._thread, self._work, loop)
            try:
                await asyncio.shield(work)
            except asyncio.CancelledError:
                self._stopping = True
                await asyncio.wait([work])  # the thread still works on the decoder's state
                raise
            except Exception as error:
                for request in self._decoder.unfinished:
                    if not request.answer.done():
                        request.answer.set_exception(error)
                self._decoder.abandon()

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        """Compute until nothing is left to do. In a thread of its own: what is done is handed to the event loop."""
        begun = perf_counter()
        while not self._stopping and (self._arrived or not self._decoder.idle):
            done = self._decoder.advance(self._hand_over())
            if done:
                loop.call_soon_threadsafe(_resolve, done)
        self.stats.busy_seconds += perf_counter() - begun

    def _hand_over(self) -> list[Request]:
        """Return the requests that have come since the last call. Called by the decoder's thread."""
        arrived = []
        while self._arrived:  # one by one: the event loop may be appending
            arrived.append(self._arrived.popleft())
        return arrived

    async def _gather(self) -> None:
        """Let the searches that can go on do so, until no new request comes."""
        known = -1
        while known != len(self._arrived):
            known = len(self._arrived)
            await asyncio.sleep(_GATHER_SECONDS)


def _resolve(done: Done) -> None:
    for request, expansion in done:
        if not request.answer.done():  # a cancelled search no longer waits
            request.answer.set_result(expansion)
