"""The rows that are being sampled, as columns: one operation for all of them instead of a loop a token."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from agents.inference.blocks import PLACES

Array = np.ndarray[Any, np.dtype[Any]]

_NUMBERS = {  # name -> type of one number a row
    "slot": np.int64,
    "index": np.int64,
    "place": np.int64,
    "length": np.int64,
    "count": np.int64,
    "newest": np.int64,
    "limit": np.int64,
    "logprob": np.float64,
    "temperature": np.float32,
    "since": np.float64,
}


class RowTable:
    """Rows 0 to `len(table)`, densely.

    Attributes:
        owners: what each row belongs to. [R]
        slot: where its prompt and its tokens are. [R and spare ones, as all columns]
        index: which of its owner's rows it is.
        place: its place in the slot.
        length: tokens of its prompt.
        count: tokens sampled so far.
        limit: tokens it may sample.
        logprob: sum of their log-probabilities at temperature 1, in nats.
        temperature: of sampling.
        since: the decoder's clock when it began.
        tokens: sampled tokens. [R, max_step_tokens]
        at: the tokens' positions in the slot. [R, max_step_tokens]
        newest: the last sampled token.
        uniforms: its randomness, two numbers a token. [R, max_step_tokens, 2]
    """

    slot: Array
    index: Array
    place: Array
    length: Array
    count: Array
    newest: Array
    limit: Array
    logprob: Array
    temperature: Array
    since: Array
    tokens: Array
    at: Array
    uniforms: Array

    def __init__(self, max_step_tokens: int) -> None:
        self.owners: list[Any] = []
        self._numbers = np.zeros(0, np.int64)  # of the rows
        self._queue: tuple[Array, Array] | None = None  # see `take_positions`; None where rows have come or gone
        self._columns: dict[str, Array] = {name: np.zeros(0, kind) for name, kind in _NUMBERS.items()}
        self._columns["tokens"] = np.zeros((0, max_step_tokens), np.int64)
        self._columns["at"] = np.zeros((0, max_step_tokens), np.int64)
        self._columns["uniforms"] = np.zeros((0, max_step_tokens, 2), np.float32)
        self._bind()

    def __len__(self) -> int:
        return len(self.owners)

    def _bind(self) -> None:
        for name, column in self._columns.items():
            setattr(self, name, column)

    def clear(self) -> None:
        """Remove all rows."""
        self.owners.clear()
        self._changed()

    def _changed(self) -> None:
        self._numbers, self._queue = np.arange(len(self)), None

    def add(self, owner: object, uniforms: Array, **numbers: "float | Array") -> None:
        """Append a row for each of an owner's `uniforms` [n, length, 2]; `numbers` are values of columns, else 0."""
        first, last = len(self.owners), len(self.owners) + len(uniforms)
        if last > len(self.slot):
            more = max(last, 2 * len(self.slot)) - len(self.slot)
            for name, column in self._columns.items():
                self._columns[name] = np.concatenate([column, np.zeros((more, *column.shape[1:]), column.dtype)])
            self._bind()
        for name in _NUMBERS:
            self._columns[name][first:last] = numbers.get(name, 0)
        self.uniforms[first:last, : uniforms.shape[1]] = uniforms
        self.owners += [owner] * len(uniforms)
        self._changed()

    def next_uniforms(self) -> Array:
        """Return the numbers that decide every row's next token. [R, 2]."""
        return self.uniforms[self._numbers, self.count[: len(self)]]

    def record(self, tokens: Array, logprobs: Array) -> None:
        """Append a token to every row. [R] each."""
        self.tokens[self._numbers, self.count[: len(self)]] = tokens
        self.newest[: len(self)] = tokens
        self.logprob[: len(self)] += logprobs
        self.count[: len(self)] += 1

    def take_positions(self, filled: Array) -> Array:
        """Give the newest token of every row a position in its slot.

        Args:
            filled: positions of each slot that are taken; raised by the tokens placed.

        Returns:
            [R]
        """
        slot = self.slot[: len(self)]
        if self._queue is None or len(self._queue[1]) != len(filled):
            place = self.place[: len(self)]
            there = np.zeros((len(filled), PLACES), np.int64)
            there[slot, place] = 1
            self._queue = there.cumsum(1)[slot, place] - 1, there.sum(1)  # number among the slot's rows; its rows
        number, taken = self._queue
        at = filled[slot] + number
        self.at[self._numbers, self.count[: len(self)] - 1] = at
        filled += taken
        return at

    def remove(self, rows: Sequence[int]) -> None:
        """Remove rows; the last ones take their numbers."""
        left, gone = len(self) - len(rows), set(rows)
        gaps = [row for row in rows if row < left]
        movers = [row for row in range(left, len(self)) if row not in gone]
        for gap, mover in zip(gaps, movers, strict=True):
            self.owners[gap] = self.owners[mover]
        if gaps:
            for column in self._columns.values():
                column[gaps] = column[movers]
        del self.owners[left:]
        self._changed()
