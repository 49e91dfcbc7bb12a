"""One forward pass over a flat list of tokens: through any model of `transformers`, or by a leaner path.

`transformers` lets a model's attention be exchanged; that is all it takes to run its own code on tokens of many
sequences at once, each with its own past, and no padding (`through_transformers`). What is left then, on small models,
is mostly the price of its modules: a third of the time of a pass with 50 rows. For the architectures that most open
models share, `lean.py` does the same arithmetic without them. `choose_forward` tries both on the model at hand and
takes what gives the model's own numbers.
"""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from agents.inference.attention import Attention, Piece, Rows
from agents.inference.blocks import Block, Shape
from agents.inference.lean import lean_forward
from agents.model.policy_value import PolicyValueModel

Forward = Callable[[Tensor, Tensor, Attention, Tensor], tuple[Tensor, Tensor]]
"""(token ids [N], positions [N], attention, tokens wanted [W]) -> (logits [W, V], last hidden states [W, H])."""

_NAME = "amz_flat"
_now = threading.local()  # .attention: of the pass that this thread is in


def through_transformers(model: PolicyValueModel) -> Forward:
    """Return the pass through the model's own code, with its attention exchanged for the time of a pass."""
    from transformers import AttentionInterface

    AttentionInterface.register(_NAME, _attend)
    configs = {id(module.config): module.config for module in model.lm.modules() if hasattr(module, "config")}

    def forward(ids: Tensor, positions: Tensor, attention: Attention, wanted: Tensor) -> tuple[Tensor, Tensor]:
        usual = [config._attn_implementation_internal for config in configs.values()]
        _now.attention = attention
        try:
            for config in configs.values():
                config._attn_implementation_internal = _NAME
            output = model.lm(
                input_ids=ids[None],
                position_ids=positions[None],
                use_cache=False,
                output_hidden_states=True,
                logits_to_keep=wanted,
            )
        finally:
            _now.attention = None
            for config, name in zip(configs.values(), usual, strict=True):
                config._attn_implementation_internal = name
        return output.logits[0], output.hidden_states[-1][0, wanted]

    return forward


def _attend(
    module: Any, query: Tensor, key: Tensor, value: Tensor, mask: Any, *, scaling: float | None = None, **options: Any
) -> tuple[Tensor, None]:
    """The attention function that `transformers` calls, with heads before tokens: [1, H, N, D]."""
    window = options.get("sliding_window")
    context = module.config.max_position_embeddings
    if options.get("softcap") or options.get("s_aux") is not None or (window and window < context):
        raise ValueError("a kind of attention that is not computed here")
    scale = scaling if scaling is not None else query.shape[-1] ** -0.5
    queries, keys, values = (each[0].transpose(0, 1) for each in (query, key, value))
    found = _now.attention(module.layer_idx, queries, keys, values, scale)
    return found.view(1, query.shape[2], query.shape[1], query.shape[3]), None


def cache_shape(model: PolicyValueModel) -> Shape:
    """Return the shape of a model's keys and values, read off its own cache.

    Raises:
        ValueError: the model's layers do not all keep keys and values of one shape.
    """
    ids = torch.zeros(1, 1, dtype=torch.long, device=model.device)
    _, _, cache = model(ids, attention_mask=torch.ones_like(ids), position_ids=torch.zeros_like(ids))
    shapes = {(layer.keys.shape[1], layer.keys.shape[3], layer.values.shape[3]) for layer in cache.layers}
    if len(shapes) != 1:
        raise ValueError(f"keys and values of several shapes: {sorted(shapes)}")
    heads, width, value_width = shapes.pop()
    windows = [layer.sliding_window for layer in cache.layers if layer.is_sliding]
    if width != value_width or min(windows, default=model.context) < model.context:
        raise ValueError("keys and values differ in width, or old ones are dropped")
    group = model.lm.config.get_text_config().num_attention_heads // heads
    return Shape(len(cache.layers), heads, group, width, model.lm.dtype, model.device)


@torch.inference_mode()
def choose_forward(model: PolicyValueModel) -> tuple[Forward, Shape] | None:
    """Return the leanest pass that is right for a model, and the shape of its cache; None where none is."""
    try:
        shape = cache_shape(model)
        plain = model.lm(_sample(model)[None]).logits[0]
    except (ValueError, TypeError, AttributeError, IndexError, RuntimeError):
        return None
    for make in (lean_forward, through_transformers):
        try:
            forward = make(model)
            if forward is not None and _agrees(forward, shape, plain, _sample(model)):
                return forward, shape
        except (ValueError, TypeError, AttributeError, IndexError, KeyError, RuntimeError):
            continue
    return None


def _sample(model: PolicyValueModel) -> Tensor:
    vocabulary = int(model.lm.get_input_embeddings().weight.shape[0])
    return torch.arange(1, 13, device=model.device) % vocabulary


def _agrees(forward: Forward, shape: Shape, plain: Tensor, ids: Tensor) -> bool:
    """Whether prompts in pieces beside rows that share a prompt give what one plain pass gives (logits [12, V])."""
    block, device = Block(shape), ids.device
    block.reserve(2, 16)
    block.begin(0, 2, 7)
    tolerance = (1e-3 if shape.dtype == torch.float32 else 5e-2) * (float(plain.abs().max()) + 1e-6)
    pair = np.arange(2)
    # Two tokens, five more; then two rows go on from these seven, side by side, while a second prompt is taken in.
    passes = [(None, Piece(0, 0, 2)), (None, Piece(0, 2, 7)), (0, Piece(1, 0, 4)), (1, Piece(1, 4, 12))]
    for count, piece in passes:
        rows = Rows(0 * pair, pair, 7 + 2 * count + pair) if count is not None else None
        positions = [*([7 + count] * 2 if count is not None else []), *range(piece.begin, piece.end)]
        where = torch.tensor(positions, device=device)
        logits, _ = forward(ids[where], where, Attention(block, rows, [piece]), torch.arange(len(where), device=device))
        if not bool(((logits - plain[where]).abs() < tolerance).all()):
            return False
    return True
