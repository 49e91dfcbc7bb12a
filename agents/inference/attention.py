"""Attention of one forward pass over a flat list of tokens, without padding tokens.

A pass computes two kinds of tokens together: the newest token of every row that is being sampled, and pieces of prompts
that are being taken in. The rows of one request share a slot, and their queries meet its keys side by side, as if they
were one sequence: the prompt is read once for all of them, and is never copied per row. What a row must not see there,
the tokens of its siblings, is masked.

Letters of shapes: N tokens of the pass, R rows, H heads, K key-value heads, G = H / K, D width of a head, J slots,
P places (rows, or tokens of a piece, that see one slot), T positions of a slot, E pieces, C tokens of a piece, n tokens
of a part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from agents.inference.blocks import Block

_PART_POSITIONS = 1500  # of one slot: what takes as long as a further part of a pass does besides its positions
_COPIED = 2  # what a position takes of which keys and values are copied, where one that is read in place takes 1

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
        self._block = block
        written = [np.stack([rows.slot, rows.at])] if rows is not None else []
        written += [np.stack([np.full(len(piece), piece.slot), np.arange(piece.begin, piece.end)]) for piece in pieces]
        self._slot, self._at = torch.from_numpy(np.concatenate(written, 1)).to(block.shape.device)
        self._parts = _parts_of_rows(block, rows) if rows is not None else []
        begin = len(rows.slot) if rows is not None else 0
        for group in _similar(pieces):
            end = begin + sum(len(piece) for piece in group)
            self._parts.append(_part_of_pieces(block, group, slice(begin, end)))
            begin = end

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
        all_keys, all_values = self._block.keys[layer], self._block.values[layer]
        all_keys[self._slot, :, self._at] = keys
        all_values[self._slot, :, self._at] = values
        if len(self._parts) == 1:
            return self._parts[0](all_keys, all_values, queries, scale)
        found = queries.new_empty(len(queries), queries[0].numel())
        for part in self._parts:
            found[part.tokens] = part(all_keys, all_values, queries[part.tokens], scale)
        return found


class _Part:
    """Attention of some tokens to some slots, the same number of places for queries to each.

    Args:
        block: the keys and values.
        tokens: which tokens of the pass, n of them.
        slots: those that are seen: the first J, or J of them by number.
        matrix: of each token, which of `slots` it sees. [n]
        place: its place among the queries to that slot. [n]
        sees: what each place sees, 0 or minus infinity; what places without a token see does not matter. [J, P, T]
    """

    def __init__(
        self,
        block: Block,
        tokens: "slice | Tensor",
        slots: "slice | Tensor",
        matrix: Numbers,
        place: Numbers,
        sees: Tensor,
    ) -> None:
        shape = block.shape
        matrices, places, self._length = sees.shape
        self.tokens, self._slots = tokens, slots
        # Where a token's queries lie among all of (matrix, head, place). [n * K]
        where = (matrix[:, None] * shape.heads + np.arange(shape.heads)) * places + place[:, None]
        self._where = torch.from_numpy(where.ravel()).to(shape.device)
        size = (matrices, places, shape.group, self._length)
        self._sees = sees[:, :, None].expand(size).reshape(matrices, 1, -1, self._length)
        self._placed = sees.new_zeros(matrices * shape.heads * places, shape.group, shape.width)

    def __call__(self, keys: Tensor, values: Tensor, queries: Tensor, scale: float) -> Tensor:
        """Attend in one layer: to keys and values [S, K, T, D], with queries [n, H, D]; return [n, H * D]."""
        keys, values = keys[self._slots, :, : self._length], values[self._slots, :, : self._length]
        self._placed[self._where] = queries.reshape(-1, *self._placed.shape[1:])
        placed = self._placed.view(*keys.shape[:2], -1, keys.shape[3])  # [J, K, P * G, D]
        found = scaled_dot_product_attention(placed, keys, values, self._sees, scale=scale)
        return found.reshape(self._placed.shape).index_select(0, self._where).view(len(queries), -1)


def _parts_of_rows(block: Block, rows: Rows) -> list[_Part]:
    """All rows, to all slots up to the last that is in use: their keys are read where they lie, up to some length.

    One long step beside seven short ones makes its slot several times as long as most are. Where it costs less, the
    longest slots are left to a part of their own, which reads copies of their keys up to the longest one's end.
    """
    block.sees[torch.from_numpy(rows.slot), torch.from_numpy(rows.place), torch.from_numpy(rows.at)] = 0
    lengths = np.zeros(int(rows.slot.max()) + 1, np.int64)
    np.maximum.at(lengths, rows.slot, rows.at + 1)
    order = np.argsort(-lengths)
    apart = _count_apart(lengths[order])
    places = int(rows.place.max()) + 1
    length = int(lengths[order[apart]])
    sees = block.sees[: len(lengths), :places, :length]
    if not apart:
        return [_Part(block, slice(len(rows.slot)), slice(len(lengths)), rows.slot, rows.place, sees)]
    matrix = np.full(len(lengths), -1)
    matrix[order[:apart]] = np.arange(apart)
    far, near = np.flatnonzero(matrix[rows.slot] >= 0), np.flatnonzero(matrix[rows.slot] < 0)
    to = partial(torch.as_tensor, device=block.shape.device)
    slots = to(order[:apart])
    return [
        _Part(block, to(near), slice(len(lengths)), rows.slot[near], rows.place[near], sees),
        _Part(
            block,
            to(far),
            slots,
            matrix[rows.slot[far]],
            rows.place[far],
            block.sees[slots, :places, : int(lengths[order[0]])],
        ),
    ]


def _count_apart(lengths: Numbers) -> int:
    """Return how many of the longest slots are better seen apart. lengths: from the longest on, 0 if unused. [J]."""
    count = np.arange(np.count_nonzero(lengths))
    cost = len(lengths) * lengths[: len(count)] + (count > 0) * (_COPIED * count * lengths[0] + _PART_POSITIONS)
    return int(np.argmin(cost))


def _part_of_pieces(block: Block, pieces: Sequence[Piece], tokens: slice) -> _Part:
    """Pieces of similar widths, each to its own slot."""
    device = block.shape.device
    matrix = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
    place = np.concatenate([np.arange(len(piece)) for piece in pieces])
    slots, begins = np.array([piece.slot for piece in pieces]), np.array([piece.begin for piece in pieces])
    last = begins[:, None] + np.arange(max(len(piece) for piece in pieces))  # position of each place [E, C]
    positions = torch.arange(max(piece.end for piece in pieces), device=device)
    hidden = positions > torch.from_numpy(last).to(device)[..., None]
    sees = torch.zeros(hidden.shape, dtype=block.shape.dtype, device=device).masked_fill_(hidden, float("-inf"))
    return _Part(block, tokens, torch.from_numpy(slots).to(device), matrix, place, sees)


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
