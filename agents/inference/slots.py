"""Keys and values of the rows being computed, in one preallocated block.

`transformers` asks a cache to append new keys and values and to return all of them. Its own caches copy everything at
each token, and pad rows of different lengths on the left. Here every row has a slot, new entries are written in place
at the row's own position, and what is returned is a view.
"""

import torch
from torch import Tensor
from transformers import Cache

from agents.model.policy_value import PolicyValueModel


class SlotCache(Cache):  # type: ignore[misc] # transformers is not followed by the type checker
    """A block of slots behind the cache interface of `transformers`.

    Letters of shapes: L layers, R slots, T positions, H key-value heads, D width of a head, Q new tokens a row.

    Args:
        shape: (2L, H, D).
        dtype: of keys and values.
        device: where they live.
    """

    def __init__(self, shape: tuple[int, int, int], dtype: torch.dtype, device: torch.device) -> None:
        super().__init__(layers=[])
        self._shape = shape
        self.data = torch.zeros(shape[0], 0, 0, *shape[1:], dtype=dtype, device=device)  # [2L, R, T, H, D]
        self._rows = torch.zeros(0, 1, dtype=torch.long, device=device)
        self._positions = torch.zeros(0, 1, dtype=torch.long, device=device)
        self._length = 0

    def reserve(self, slots: int, positions: int) -> None:
        """Make room for so many slots and positions; what is there stays."""
        _, have_slots, have_positions = self.data.shape[:3]
        if slots <= have_slots and positions <= have_positions:
            return
        slots = max(slots, have_slots)
        positions = max(-(-positions // 64) * 64, have_positions)
        grown = self.data.new_zeros(self._shape[0], slots, positions, *self._shape[1:])
        grown[:, :have_slots, :have_positions] = self.data
        self.data = grown

    def aim(self, positions: Tensor, length: int) -> None:
        """Say where the next pass writes: positions [R, Q] of the first R slots; it reads `length` positions."""
        self._rows = torch.arange(positions.shape[0], device=positions.device)[:, None]
        self._positions = positions
        self._length = length

    def update(
        self, key_states: Tensor, value_states: Tensor, layer_idx: int, *args: object, **kwargs: object
    ) -> tuple[Tensor, Tensor]:
        """Write new keys and values [R, H, Q, D] of a layer; return all of it as [R, H, length, D]."""
        rows = key_states.shape[0]
        both = []
        for index, new in ((2 * layer_idx, key_states), (2 * layer_idx + 1, value_states)):
            layer = self.data[index]
            layer[self._rows, self._positions] = new.transpose(1, 2)
            both.append(layer[:rows, : self._length].transpose(1, 2))
        return both[0], both[1]

    def get_seq_length(self, layer_idx: int = 0) -> int:
        """Return the number of positions read; masks and positions are given explicitly, so nothing hangs on it."""
        return self._length


def visible(positions: Tensor, length: int, dtype: torch.dtype) -> Tensor:
    """Return the additive attention mask under which a token sees the positions up to its own.

    Args:
        positions: the tokens' own positions. [R, Q]
        length: positions read.
        dtype: of the mask.

    Returns:
        0 where seen, the lowest number where not. [R, 1, Q, length]
    """
    seen = torch.arange(length, device=positions.device) <= positions[:, None, :, None]
    return torch.zeros(seen.shape, dtype=dtype, device=positions.device).masked_fill_(~seen, torch.finfo(dtype).min)


def cache_shape(model: PolicyValueModel) -> tuple[int, int, int]:
    """Return (2L, H, D) of a model's keys and values, read off its own cache.

    Raises:
        ValueError: the model's layers do not all keep keys and values of one shape.
    """
    ids = torch.zeros(1, 1, dtype=torch.long, device=model.device)
    with torch.inference_mode():
        _, _, cache = model(ids, attention_mask=torch.ones_like(ids), position_ids=torch.zeros_like(ids))
    shapes = {(layer.keys.shape[1], layer.keys.shape[3], layer.values.shape[3]) for layer in cache.layers}
    if len(shapes) != 1:
        raise ValueError(f"keys and values of several shapes: {sorted(shapes)}")
    heads, key_width, value_width = shapes.pop()
    windows = [layer.sliding_window for layer in cache.layers if layer.is_sliding]
    if key_width != value_width or min(windows, default=model.context) < model.context:
        raise ValueError("keys and values differ in width, or old ones are dropped")
    return 2 * len(cache.layers), heads, key_width


@torch.inference_mode()
def is_supported(model: PolicyValueModel) -> bool:
    """Try the slots on a model: a text in two parts, in ragged rows, must give what one plain pass gives."""
    vocabulary = model.lm.get_input_embeddings().weight.shape[0]
    ids = torch.arange(1, 12, device=model.device) % vocabulary
    try:
        cache = SlotCache(cache_shape(model), model.lm.dtype, model.device)
        cache.reserve(2, 12)
        logits = None
        for begin, end in ((0, 6), (6, 11)):
            positions = torch.arange(begin, end, device=model.device).repeat(2, 1)
            cache.aim(positions, 12)
            mask = visible(positions, 12, model.lm.dtype)
            logits, _, _ = model(
                ids[None, begin:end].repeat(2, 1),
                attention_mask=mask,
                position_ids=positions,
                cache=cache,
                logits_to_keep=1,
            )
        plain = model.lm(ids[None]).logits[:, -1]
    except (ValueError, TypeError, AttributeError, IndexError, RuntimeError):
        return False
    scale = float(plain.abs().max()) + 1e-6
    tolerance = 1e-3 if model.lm.dtype == torch.float32 else 5e-2
    return logits is not None and bool(((logits[:, -1] - plain).abs() / scale < tolerance).all())
