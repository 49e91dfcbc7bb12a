"""Attention of one forward pass over a flat list of tokens, without padding tokens.

A pass computes two kinds of tokens together: the newest token of every row that is being sampled, and pieces of prompts
that are being taken in. The rows of one request share a slot, and their queries meet its keys in one product of
matrices: the prompt is read once for all of them, and is never copied per row. What a row must not see there, the
tokens of its siblings, is masked.

Letters of shapes: N tokens of the pass, R rows, H heads, K key-value heads, G = H / K, D width of a head, J slots,
P places (rows, or tokens of a piece, that see one slot), T positions of a slot, E pieces, C tokens of a piece.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from agents.inference.blocks import Block

Numbers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a pass.

    Attributes:
        slot: where the row's prompt and tokens are. [R]
        place: the row's place in the slot. [R]
        at: the position in the slot that the row's newest token takes. [R]
    """

    slot: Numbers
    place: Numbers
    at: Numbers


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a prompt: the slot, and the positions computed by the pass, from `begin` to before `end`."""

    slot: int
    begin: int
    end: int

    def __len__(self) -> int:
        return self.end - self.begin


class Attention:
    """The attention of one pass; called once a layer. Writes the new keys and values where they belong."""

    def __init__(self, block: Block, rows: Rows | None, pieces: Sequence[Piece]) -> None:
        self._parts = [_part_of_rows(block, rows)] if rows is not None else []
        self._parts += [_part_of_pieces(block, group) for group in _similar(pieces)]

    def __call__(self, layer: int, queries: Tensor, keys: Tensor, values: Tensor, scale: float) -> Tensor:
        """Attend.

        Args:
            layer: number of the layer.
            queries: [N, H, D], positions applied; rows first, then the pieces' tokens.
            keys: [N, K, D], positions applied.
            values: [N, K, D]
            scale: of the products.

        Returns:
            [N, H * D]
        """
        if len(self._parts) == 1:
            return self._parts[0](layer, queries, keys, values, scale)
        sizes = [len(part) for part in self._parts]
        shares = zip(*(torch.split(each, sizes) for each in (queries, keys, values)), strict=True)
        return torch.cat([part(layer, q, k, v, scale) for part, (q, k, v) in zip(self._parts, shares, strict=True)])


class _Part:
    """Attention of some tokens to some slots, the same number of places for queries to each.

    Args:
        block: the keys and values.
        slots: those that are seen: the first J, or J of them by number.
        tokens: of each token the slot (a number in the block), the matrix (a number in `slots`), the place among the
            queries to that matrix, and the position in the slot. [4, N]
        sees: what each place sees, 0 or minus infinity; what places without a token see does not matter. [J, P, T]
    """

    def __init__(self, block: Block, slots: "slice | Tensor", tokens: Numbers, sees: Tensor) -> None:
        shape = block.shape
        matrices, places, self._length = sees.shape
        self._block, self._slots, self._tokens = block, slots, tokens.shape[1]
        self._slot, matrix, place, self._at = torch.from_numpy(tokens).to(shape.device)
        head = torch.arange(shape.heads, device=shape.device)
        # Where a token's queries lie among all of (matrix, head, place). [N * K]
        self._where = ((matrix[:, None] * shape.heads + head) * places + place[:, None]).flatten()
        size = (matrices, shape.heads, places, shape.group, self._length)
        self._sees = sees[:, None, :, None].expand(size).reshape(matrices * shape.heads, -1, self._length)
        self._placed = sees.new_zeros(matrices * shape.heads * places, shape.group, shape.width)

    def __len__(self) -> int:
        return int(self._tokens)

    def __call__(self, layer: int, queries: Tensor, keys: Tensor, values: Tensor, scale: float) -> Tensor:
        all_keys, all_values = self._block.keys[layer], self._block.values[layer]
        all_keys[self._slot, ..., self._at] = keys
        all_values[self._slot, :, self._at] = values
        seen_keys = all_keys[self._slots, ..., : self._length].flatten(0, 1)  # [J * K, D, T]
        seen_values = all_values[self._slots, :, : self._length].flatten(0, 1)  # [J * K, T, D]
        self._placed[self._where] = queries.reshape(-1, *self._placed.shape[1:])
        placed = self._placed.view(self._sees.shape[0], -1, self._placed.shape[2])  # [J * K, P * G, D]
        scores = torch.baddbmm(self._sees, placed, seen_keys, alpha=scale)
        weights = torch.softmax(scores, -1, dtype=torch.float32).to(scores.dtype)
        found = torch.bmm(weights, seen_values).view(self._placed.shape)
        return found.index_select(0, self._where).view(self._tokens, -1)


def _part_of_rows(block: Block, rows: Rows) -> _Part:
    """All rows at once, to all slots up to the last that is in use: their keys are read where they lie."""
    matrices, places, length = int(rows.slot.max()) + 1, int(rows.place.max()) + 1, int(rows.at.max()) + 1
    tokens = np.stack([rows.slot, rows.slot, rows.place, rows.at])
    block.sees[torch.from_numpy(rows.slot), torch.from_numpy(rows.place), torch.from_numpy(rows.at)] = 0
    return _Part(block, slice(matrices), tokens, block.sees[:matrices, :places, :length])


def _part_of_pieces(block: Block, pieces: Sequence[Piece]) -> _Part:
    """Pieces of similar widths, each to its own slot."""
    device = block.shape.device
    number = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
    place = np.concatenate([np.arange(len(piece)) for piece in pieces])
    slots, begins = np.array([piece.slot for piece in pieces]), np.array([piece.begin for piece in pieces])
    last = begins[:, None] + np.arange(max(len(piece) for piece in pieces))  # position of each place [E, C]
    positions = torch.arange(max(piece.end for piece in pieces), device=device)
    hidden = positions > torch.from_numpy(last).to(device)[..., None]
    sees = torch.zeros(hidden.shape, dtype=block.shape.dtype, device=device).masked_fill_(hidden, float("-inf"))
    tokens = np.stack([slots[number], number, place, begins[number] + place])
    return _Part(block, torch.from_numpy(slots).to(device), tokens, sees)


def _similar(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Group neighbours of similar widths, so that few of a long one's places are empty beside it."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        widths = [len(each) for each in (*groups[-1], piece)] if groups else []
        if widths and max(widths) <= 2 * min(widths):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups
