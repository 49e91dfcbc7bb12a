"""What is being computed now: slots with keys and values, and the rows that are sampled in them."""

from heapq import heappop, heappush

import numpy as np
import torch

from agents.inference.attention import Rows
from agents.inference.blocks import Block, KeysValues, Shape, Sight
from agents.inference.rows import draw_uniforms
from agents.inference.table import RowTable

_ROWS_A_SLOT = 8  # rows see the tokens of all that share their slot, masked: many would waste the arithmetic


class Batch:
    """Slots and rows, and which are free.

    Args:
        shape: of keys and values.
        max_step_tokens: tokens that a row may sample.
    """

    def __init__(self, shape: Shape, max_step_tokens: int) -> None:
        self.block = Block(shape)
        self.rows = RowTable(max_step_tokens)
        self._sight = Sight(shape)
        self._max_step_tokens = max_step_tokens
        self._free: list[int] = []  # slots that were used before, a heap
        self._filled = np.zeros(0, np.int64)  # positions taken, of every slot that was ever used

    def clear(self) -> None:
        """Free everything."""
        self.rows.clear()
        self._free = list(range(len(self._filled)))

    def bytes_with(self, n: int, length: int) -> int:
        """Return the memory it would take to add n rows to a prompt, if all became as long as they may."""
        slots = len(self._filled) - len(self._free) + _slots_for(n)
        return self.block.grown_bytes(slots, length + min(n, _ROWS_A_SLOT) * self._max_step_tokens)

    def take_slot(self, length: int, prefix: KeysValues | None = None) -> int:
        """Return the lowest free slot, with room for a prompt and with what is known of it."""
        if not self._free:
            self._free.append(len(self._filled))
            self._filled = np.append(self._filled, 0)
        slot = heappop(self._free)
        self._filled[slot] = length
        self.block.reserve(len(self._filled), length)
        if prefix is not None:
            self.block.write(slot, 0, prefix)
        return slot

    def free_slots(self, slots: list[int]) -> None:
        """Let others have these slots."""
        for slot in slots:
            heappush(self._free, slot)

    def begin(
        self,
        owner: object,
        slots: list[int],
        length: int,
        n: int,
        *,
        seed: int,
        limit: int,
        temperature: float,
        since: float,
    ) -> None:
        """Begin n rows behind a prompt of so many tokens, in the first of `slots`; more slots are added as needed."""
        for _ in range(_slots_for(n) - len(slots)):
            slots.append(self.take_slot(length, self.block.read(slots[0], 0, length)))
        index, first = np.arange(n), len(self.rows)
        self.rows.add(
            owner,
            draw_uniforms(n, seed, self._max_step_tokens),
            slot=np.array(slots)[index // _ROWS_A_SLOT],
            index=index,
            length=length,
            limit=limit,
            temperature=temperature,
            since=since,
        )
        self._sight.reserve(len(self.rows), length)
        self._sight.begin(first, len(self.rows), length)

    def place(self) -> Rows | None:
        """Give the newest token of every row its place in the block, in its own sight alone."""
        if not self.rows:
            return None
        place, at = self.rows.place(self._filled)
        count, length = len(place), int(at.max()) + 1
        self.block.reserve(len(self._filled), length)
        self._sight.reserve(count, length)
        self._sight.add(torch.from_numpy(at).to(self.block.shape.device))
        return Rows(self.rows.slot[:count], place, at, self._sight.of(count, length))

    def tokens_of(self, row: int, count: int) -> KeysValues:
        """Return a copy of the keys and values of a row's first own tokens."""
        at = torch.from_numpy(self.rows.at[row, :count]).to(self.block.shape.device)
        return self.block.gather(int(self.rows.slot[row]), at)

    def remove(self, rows: list[int]) -> None:
        """Remove rows; the last ones take their numbers."""
        gaps, movers = self.rows.remove(rows)
        if gaps:
            self._sight.move(gaps, movers)


def _slots_for(n: int) -> int:
    return max(-(-n // _ROWS_A_SLOT), 1)
