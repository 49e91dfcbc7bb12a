"""Where keys and values live while they are computed with: one block of slots, written in place.

A slot holds a prompt once, however many steps are sampled from it, and behind it the tokens of those steps, in the
order in which they come; a mask says which of them a step may see.

Letters of shapes: L layers, S slots, K key-value heads, G query heads to each, D width of a head, T positions, P places
(steps sampled in one slot).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count

import torch
from torch import Tensor

from agents.inference.memory import untouched_zeros

PLACES = 8
"""Steps in one slot: they see the same keys, those of the others masked, so many would waste arithmetic."""

_POSITIONS = 256  # a block grows by so many positions at least, whatever memory there is: each time it is copied
_BEGINNINGS = ((64, 2048), (8, _POSITIONS))
"""(slots, positions) that a block begins with, and doubles from; the first for which there is memory to spare. A small
model's never grows: on a CPU memory that is not written to is not taken, but copying it as it grows costs a tenth of a
short search."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A model's cache: L, K, G, D, and the type and place of its numbers."""

    layers: int
    heads: int
    group: int
    width: int
    dtype: torch.dtype
    device: torch.device

    @property
    def token_bytes(self) -> int:
        """Memory of one token's keys and values."""
        return 2 * self.layers * self.heads * self.width * self.dtype.itemsize


@dataclass(frozen=True, slots=True)
class KeysValues:
    """Keys and values of T consecutive tokens of one path. [L, K, T, D] each.

    Attributes:
        keys: the keys.
        values: the values.
        serial: a number that nothing else has: what lies in a slot is known by it.
    """

    keys: Tensor
    values: Tensor
    serial: int = field(default_factory=count().__next__, compare=False)

    def __len__(self) -> int:
        return self.values.shape[2]

    @property
    def bytes(self) -> int:
        """Memory held."""
        return (self.keys.numel() + self.values.numel()) * self.keys.element_size()

    def part(self, begin: int, end: int) -> "KeysValues":
        """Return the tokens from `begin` to `end`, a view."""
        return KeysValues(self.keys[:, :, begin:end], self.values[:, :, begin:end])

    def copy(self) -> "KeysValues":
        """Return a compact copy."""
        kept = torch.contiguous_format
        return KeysValues(self.keys.clone(memory_format=kept), self.values.clone(memory_format=kept))

    @classmethod
    def joined(cls, parts: Sequence["KeysValues"]) -> "KeysValues":
        """Return the tokens of several parts, one after the other."""
        return cls(torch.cat([part.keys for part in parts], 2), torch.cat([part.values for part in parts], 2))


class Block:
    """Slots for keys and values.

    Args:
        shape: of keys and values.
        spare: bytes that it may take beyond what is needed, lest it grow too often.

    Attributes:
        keys: [L, S, K, T, D]
        values: [L, S, K, T, D]
        sees: what each place sees of its slot: 0, or minus infinity where it must not look. [S, P, T]
    """

    def __init__(self, shape: Shape, spare: int = 0) -> None:
        self.shape, self._spare = shape, spare
        self.keys = self.values = self.sees = torch.zeros(0)
        self.slots = self.positions = 0

    def grown_bytes(self, slots: int, positions: int, *, anew: bool = False) -> int:
        """Return the memory that the block takes once it has room for so much; `anew`, if it were released before."""
        slots, positions = self._rounded(slots, positions)
        if not anew:
            slots, positions = max(slots, self.slots), max(positions, self.positions)
        return slots * positions * self.shape.token_bytes

    def reserve(self, slots: int, positions: int) -> None:
        """Make room for so many slots and positions; what is there stays."""
        if slots <= self.slots and positions <= self.positions:
            return
        shape, old_slots, old_positions = self.shape, self.slots, self.positions
        slots, positions = self._rounded(slots, positions)
        self.slots, self.positions = max(slots, old_slots), max(positions, old_positions)
        zeros = partial(untouched_zeros, dtype=shape.dtype, device=shape.device)

        def grown(old: Tensor) -> Tensor:
            new = zeros(shape.layers, self.slots, shape.heads, self.positions, shape.width)
            if old_slots:
                new[:, :old_slots, :, :old_positions] = old
            return new

        self.keys = grown(self.keys)  # the old ones go before the new values come
        self.values = grown(self.values)
        sees = zeros(self.slots, PLACES, self.positions)
        if old_slots:
            sees[:old_slots, :, :old_positions] = self.sees
            sees[:, :, old_positions:] = float("-inf")
        self.sees = sees

    def release(self) -> None:
        """Give back the memory; nothing may be in use."""
        self.keys = self.values = self.sees = torch.zeros(0)
        self.slots = self.positions = 0

    def _rounded(self, slots: int, positions: int) -> tuple[int, int]:
        """Return what to make room for: as much more than is needed as there is memory to spare for."""
        positions = -(-positions // _POSITIONS) * _POSITIONS
        sizes = [(_doubled(begun, slots), _doubled(at, positions)) for begun, at in _BEGINNINGS]
        sizes += [(_doubled(_BEGINNINGS[-1][0], slots), positions)]
        spare = slots * positions + self._spare // self.shape.token_bytes
        return next((size for size in sizes if size[0] * size[1] <= spare), (slots, positions))

    def begin(self, slot: int, places: int, length: int) -> None:
        """Let so many places of a slot see its prompt and nothing else."""
        self.sees[slot, :places, :length] = 0
        self.sees[slot, :places, length:] = float("-inf")

    def read(self, slot: int, begin: int, end: int) -> KeysValues:
        """Return tokens of a slot, a view."""
        return KeysValues(self.keys[:, slot, :, begin:end], self.values[:, slot, :, begin:end])

    def write(self, slot: int, begin: int, tokens: KeysValues) -> None:
        """Put tokens into a slot, from position `begin` on."""
        there = self.read(slot, begin, begin + len(tokens))
        there.keys[:] = tokens.keys
        there.values[:] = tokens.values

    def gather(self, slot: int, positions: Tensor) -> KeysValues:
        """Return a copy of some tokens of a slot. positions: [T]."""
        keys, values = (each[:, slot].index_select(2, positions) for each in (self.keys, self.values))
        return KeysValues(keys, values)


def _doubled(size: int, needed: int) -> int:
    while size < needed:
        size *= 2
    return size
