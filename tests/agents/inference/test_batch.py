"""Slots: which is taken, what is written to it, and how far the rows of a pass read."""

import numpy as np
import torch

from agents.inference.attention import Attention, Rows
from agents.inference.batch import Batch
from agents.inference.blocks import Block, KeysValues, Shape

SHAPE = Shape(layers=2, heads=1, group=2, width=4, dtype=torch.float32, device=torch.device("cpu"))


def tokens(count: int, number: float) -> KeysValues:
    size = (SHAPE.layers, SHAPE.heads, count, SHAPE.width)
    return KeysValues(torch.full(size, number), torch.full(size, -number))


def held(batch: Batch, slot: int, length: int) -> list[float]:
    found = batch.block.read(slot, 0, length)
    assert torch.equal(found.keys, -found.values)
    return [float(each) for each in found.keys[-1, 0, :, -1]]


def test_a_slot_that_begins_with_a_path_is_taken_for_it_and_only_the_rest_is_written() -> None:
    batch = Batch(SHAPE, max_step_tokens=4, spare=0)
    root, left, right, other = tokens(3, 1), tokens(2, 2), tokens(2, 3), tokens(4, 4)
    first = batch.take_slot(6, [other])
    second = batch.take_slot(5, [root, left])
    batch.free_slots([first, second])
    batch.block.keys[:, second, :, 0] = 9.0  # seen below unless the slot is written again
    batch.block.values[:, second, :, 0] = -9.0
    assert batch.take_slot(5, [root, right]) == second
    assert held(batch, second, 5) == [9, 1, 1, 3, 3]
    assert batch.take_slot(5, [left, root]) == first
    assert held(batch, first, 5) == [2, 2, 1, 1, 1]


def test_a_prompt_that_was_computed_in_a_slot_is_found_there() -> None:
    batch = Batch(SHAPE, max_step_tokens=4, spare=0)
    root, step = tokens(3, 1), tokens(2, 2)
    slots = [batch.take_slot(5) for _ in range(3)]
    batch.block.write(slots[1], 0, root)
    batch.hold(slots[1], [root])
    batch.free_slots(slots)
    assert batch.take_slot(5, [root, step]) == slots[1]
    assert held(batch, slots[1], 5) == [1, 1, 1, 2, 2]


def test_rows_of_long_slots_attend_apart_to_the_same_effect() -> None:
    torch.manual_seed(0)
    block = Block(SHAPE)
    lengths = [5, 900, 7, 6, 950, 4, 8, 5, 6, 7]
    block.reserve(len(lengths), 1000)
    block.keys.normal_()
    block.values.normal_()
    for slot, length in enumerate(lengths):
        block.begin(slot, 2, length)
    slots, places = np.repeat(np.arange(len(lengths)), 2), np.tile([0, 1], len(lengths))
    rows = Rows(slots, places, np.repeat(lengths, 2) + places)
    queries, keys, values = (torch.randn(len(slots), heads, SHAPE.width) for heads in (2, 1, 1))
    attention = Attention(block, rows, [])
    assert len(attention._parts) == 2
    found = attention(1, queries, keys, values, 0.5)
    for row, (slot, place) in enumerate(zip(slots.tolist(), places.tolist(), strict=True)):
        mine = [*range(lengths[slot]), lengths[slot] + place]
        seen = block.keys[1, slot, 0, mine], block.values[1, slot, 0, mine]
        weights = torch.softmax(0.5 * queries[row] @ seen[0].T, -1)
        assert torch.allclose(found[row], (weights @ seen[1]).flatten(), atol=1e-5)


def test_a_block_grows_seldom_even_without_memory_to_spare() -> None:
    tight, roomy = Block(SHAPE), Block(SHAPE, spare=1 << 30)
    sizes: dict[Block, set[tuple[int, int]]] = {tight: set(), roomy: set()}
    for block, seen in sizes.items():
        for length in range(1, 1200):
            block.reserve(3, length)
            assert block.positions >= length
            seen.add((block.slots, block.positions))
        assert torch.equal(block.values, torch.zeros_like(block.values))
    assert sizes[tight] == {(3, positions) for positions in (256, 512, 768, 1024, 1280)}
    assert len(sizes[roomy]) == 1
