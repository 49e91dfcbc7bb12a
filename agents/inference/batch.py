"""What is being computed now: slots with keys and values, and the rows that are sampled in them."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch

from agents.inference.attention import Numbers, Rows
from agents.inference.blocks import PLACES, Block, KeysValues, Shape
from agents.inference.prefixes import common
from agents.inference.rows import draw_uniforms
from agents.inference.table import RowTable


class Batch:
    """Slots and rows, and which are free.

    Args:
        shape: of keys and values.
        max_step_tokens: tokens that a row may sample.
        spare: see `Block`.
    """

    def __init__(self, shape: Shape, max_step_tokens: int, spare: int) -> None:
        self.block = Block(shape, spare)
        self.rows = RowTable(max_step_tokens)
        self._max_step_tokens = max_step_tokens
        self._free: list[int] = []  # slots that were used before
        self._held: list[list[int]] = []  # of every slot: serials of the parts that lie at its beginning
        self._filled = np.zeros(0, np.int64)  # positions taken, of every slot that was ever used

    def clear(self) -> None:
        """Free everything, the memory too."""
        self.rows.clear()
        self.block.release()
        self._free, self._held, self._filled = [], [], self._filled[:0]

    def bytes_for(self, prompts: Sequence[tuple[int, int]], *, anew: bool = False) -> int:
        """Return the memory it would take if all rows became as long as they may.

        Args:
            prompts: rows and length of each prompt, those that are being computed included.
            anew: as if the block were cleared before, whatever shape it has grown into.
        """
        slots = sum(_slots_for(n) for n, _ in prompts)
        positions = max(length + min(n, PLACES) * self._max_step_tokens for n, length in prompts)
        return self.block.grown_bytes(slots, positions, anew=anew)

    def take_slot(self, length: int, known: Sequence[KeysValues] = ()) -> int:
        """Return a free slot, with room for a prompt and with what is known of it, part by part.

        It is the one that begins with most of it, left there by another node of the same tree; of equals the lowest.
        """
        if not self._free:
            self._free.append(len(self._filled))
            self._held.append([])
            self._filled = np.append(self._filled, 0)
        serials = [part.serial for part in known]
        shared, slot = max((common(self._held[slot], serials), -slot) for slot in self._free)
        slot = -slot
        self._free.remove(slot)
        self._filled[slot], self._held[slot] = length, serials
        self.block.reserve(len(self._filled), length)
        begin = 0
        for number, part in enumerate(known):
            if number >= shared:
                self.block.write(slot, begin, part)
            begin += len(part)
        return slot

    def hold(self, slot: int, parts: Iterable[KeysValues]) -> None:
        """Note what has come to lie at the beginning of a slot."""
        self._held[slot] = [part.serial for part in parts]

    def free_slots(self, slots: list[int]) -> None:
        """Let others have these slots."""
        self._free += slots

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
            slots.append(self.take_slot(length, [self.block.read(slots[0], 0, length)]))
        index = np.arange(n)
        for number, slot in enumerate(slots):
            self.block.begin(slot, min(n - number * PLACES, PLACES), length)
        self.rows.add(
            owner,
            draw_uniforms(n, seed, self._max_step_tokens),
            slot=np.array(slots)[index // PLACES],
            index=index,
            place=index % PLACES,
            length=length,
            limit=limit,
            temperature=temperature,
            since=since,
        )

    def place(self) -> Rows | None:
        """Give the newest token of every row its position in the block; None where there are no rows."""
        count = len(self.rows)
        if not count:
            return None
        at = self.rows.take_positions(self._filled)
        self.block.reserve(len(self._filled), int(at.max()) + 1)
        return Rows(self.rows.slot[:count], self.rows.place[:count], at)

    def tokens_at(self, slot: int, positions: Sequence[Numbers]) -> list[KeysValues]:
        """Return copies of the keys and values at several sets of positions of one slot.

        Read together: steps sampled side by side lie between each other, so each alone would touch the same memory.
        """
        together = torch.from_numpy(np.concatenate(positions)).to(self.block.shape.device)
        found, ends = self.block.gather(slot, together), np.cumsum([len(each) for each in positions])
        return [found.part(end - len(each), end).copy() for each, end in zip(positions, ends.tolist(), strict=True)]


def _slots_for(n: int) -> int:
    return max(-(-n // PLACES), 1)
