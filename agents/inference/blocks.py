"""Where keys and values live while they are computed with: one block of slots, written in place.

A slot holds a prompt once, however many steps are sampled from it, and behind it the tokens of those steps in the order
in which they come; a mask says which of them a step may see (`Sight`). Keys are kept transposed, as their product with
the queries wants them: on a CPU that takes a third less time to read.

Letters of shapes: L layers, S slots, K key-value heads, G query heads to each, D width of a head, T positions, R rows.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

_POSITIONS, _SLOTS = 64, 8  # by which a block grows


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
    """Keys [L, K, D, T] and values [L, K, T, D] of T consecutive tokens of one path."""

    keys: Tensor
    values: Tensor

    def __len__(self) -> int:
        return self.values.shape[2]

    @property
    def bytes(self) -> int:
        """Memory held."""
        return (self.keys.numel() + self.values.numel()) * self.keys.element_size()

    def part(self, begin: int, end: int) -> "KeysValues":
        """Return the tokens from `begin` to `end`, a view."""
        return KeysValues(self.keys[..., begin:end], self.values[:, :, begin:end])

    def copy(self) -> "KeysValues":
        """Return a compact copy."""
        return KeysValues(self.keys.contiguous().clone(), self.values.contiguous().clone())

    def then(self, more: "KeysValues") -> "KeysValues":
        """Return these tokens followed by others."""
        return KeysValues(torch.cat([self.keys, more.keys], 3), torch.cat([self.values, more.values], 2))


class Block:
    """Slots for keys [L, S, K, D, T] and values [L, S, K, T, D]."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.keys = torch.zeros(0)
        self.values = torch.zeros(0)
        self.slots = self.positions = 0

    def grown_bytes(self, slots: int, positions: int) -> int:
        """Return the memory that the block takes once it has room for so much."""
        slots, positions = self._rounded(slots, positions)
        return slots * positions * self.shape.token_bytes

    def reserve(self, slots: int, positions: int) -> None:
        """Make room for so many slots and positions; what is there stays."""
        if slots <= self.slots and positions <= self.positions:
            return
        shape, old_slots, old_positions = self.shape, self.slots, self.positions
        self.slots, self.positions = self._rounded(slots, positions)
        size = (shape.layers, self.slots, shape.heads)
        keys = torch.zeros(*size, shape.width, self.positions, dtype=shape.dtype, device=shape.device)
        values = torch.zeros(*size, self.positions, shape.width, dtype=shape.dtype, device=shape.device)
        if old_slots:
            keys[:, :old_slots, ..., :old_positions] = self.keys
            values[:, :old_slots, :, :old_positions] = self.values
        self.keys, self.values = keys, values

    def _rounded(self, slots: int, positions: int) -> tuple[int, int]:
        slots, positions = -(-slots // _SLOTS) * _SLOTS, -(-positions // _POSITIONS) * _POSITIONS
        return max(slots, self.slots), max(positions, self.positions)

    def read(self, slot: int, begin: int, end: int) -> KeysValues:
        """Return tokens of a slot, a view."""
        return KeysValues(self.keys[:, slot, ..., begin:end], self.values[:, slot, :, begin:end])

    def write(self, slot: int, begin: int, tokens: KeysValues) -> None:
        """Put tokens into a slot, from position `begin` on."""
        end = begin + len(tokens)
        self.keys[:, slot, ..., begin:end] = tokens.keys
        self.values[:, slot, :, begin:end] = tokens.values

    def gather(self, slot: int, positions: Tensor) -> KeysValues:
        """Return a copy of some tokens of a slot. positions: [T]."""
        return KeysValues(
            self.keys[:, slot].index_select(3, positions), self.values[:, slot].index_select(2, positions)
        )


class Sight:
    """What each row may see of its slot, to be added to its scores: 0 or minus infinity. [R, T]."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._sees = torch.zeros(0, 0, dtype=shape.dtype, device=shape.device)

    def of(self, rows: int, positions: int) -> Tensor:
        """Return the mask of the first rows and positions, a view. [rows, positions]."""
        return self._sees[:rows, :positions]

    def reserve(self, rows: int, positions: int) -> None:
        """Make room for so many rows and positions; what is there stays."""
        have_rows, have_positions = self._sees.shape
        if rows <= have_rows and positions <= have_positions:
            return
        size = (max(rows, 2 * have_rows if rows > have_rows else 0, have_rows), max(positions, have_positions))
        grown = torch.full(size, float("-inf"), dtype=self._shape.dtype, device=self._shape.device)
        grown[:have_rows, :have_positions] = self._sees
        self._sees = grown

    def begin(self, first: int, last: int, length: int) -> None:
        """Let rows `first` to before `last` see a prompt of so many tokens and nothing else."""
        self._sees[first:last, :length] = 0
        self._sees[first:last, length:] = float("-inf")

    def add(self, positions: Tensor) -> None:
        """Let each of the first rows see one more position. [R]."""
        self._sees[torch.arange(positions.shape[0], device=positions.device), positions] = 0

    def move(self, targets: list[int], sources: list[int]) -> None:
        """Put what some rows see in the place of others; no row is both."""
        self._sees[targets] = self._sees[sources]
