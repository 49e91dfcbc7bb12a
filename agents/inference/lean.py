"""The forward pass of Llama, Mistral, Qwen2 and Qwen3 models in one page, on their own weights.

These differ from each other in biases and in norms of queries and keys alone. The model's own parameters are used, no
copies: a model that is trained further, or moved, is followed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, rms_norm

from agents.inference.attention import Attention
from agents.model.policy_value import PolicyValueModel

_MODEL_TYPES = ("llama", "mistral", "qwen2", "qwen3")


def lean_forward(
    model: PolicyValueModel,
) -> Callable[[Tensor, Tensor, Attention, Tensor], tuple[Tensor, Tensor]] | None:
    """Return the pass for a model, None where it is of another architecture or its layers were wrapped or replaced."""
    config = model.lm.config
    if config.model_type not in _MODEL_TYPES or config.hidden_act != "silu" or not _is_plain(model.lm):
        return None
    backbone, head = model.lm.model, model.lm.lm_head
    if backbone.rotary_emb.rope_type in ("dynamic", "longrope"):
        return None  # positions that depend on the length of the longest text beside
    layers = [_Layer.of(layer) for layer in backbone.layers]
    embeddings, last_norm = backbone.embed_tokens.weight, _Norm.of(backbone.norm)

    def forward(ids: Tensor, positions: Tensor, attention: Attention, wanted: Tensor) -> tuple[Tensor, Tensor]:
        hidden = embeddings[ids]
        cos, sin = (each[0, :, None] for each in backbone.rotary_emb(hidden, positions[None]))  # [N, 1, D]
        half = sin.shape[-1] // 2
        sin = torch.cat([-sin[..., :half], sin[..., half:]], -1)
        for number, layer in enumerate(layers):
            normed = layer.before(hidden)
            queries, keys, values = (
                linear(normed, *part).view(ids.shape[0], -1, 2 * half) for part in layer.projections
            )
            if layer.of_queries is not None and layer.of_keys is not None:
                queries, keys = layer.of_queries(queries), layer.of_keys(keys)
            seen = attention(number, _turn(queries, cos, sin), _turn(keys, cos, sin), values, layer.scale)
            hidden = hidden + linear(seen, *layer.out)
            normed = layer.between(hidden)
            gate = nn.functional.silu(linear(normed, *layer.gate))
            hidden = hidden + linear(gate * linear(normed, *layer.up), *layer.down)
        last = last_norm(hidden[wanted])
        return linear(last, head.weight, head.bias), last

    return forward


@dataclass(frozen=True, slots=True)
class _Norm:
    """A root mean square norm."""

    weight: Tensor
    epsilon: float

    @classmethod
    def of(cls, module: Any) -> "_Norm":
        return cls(module.weight, module.variance_epsilon)

    def __call__(self, x: Tensor) -> Tensor:
        return rms_norm(x, (x.shape[-1],), self.weight, self.epsilon)


Linear = tuple[Tensor, Tensor | None]


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer's parameters, looked up once: finding them in modules takes longer than small products do."""

    before: _Norm
    between: _Norm
    of_queries: _Norm | None
    of_keys: _Norm | None
    projections: tuple[Linear, ...]
    out: Linear
    gate: Linear
    up: Linear
    down: Linear
    scale: float

    @classmethod
    def of(cls, layer: Any) -> "_Layer":
        mine, mlp = layer.self_attn, layer.mlp
        of_queries, of_keys = (
            (_Norm.of(mine.q_norm), _Norm.of(mine.k_norm)) if hasattr(mine, "q_norm") else (None, None)
        )
        parts = (mine.q_proj, mine.k_proj, mine.v_proj, mine.o_proj, mlp.gate_proj, mlp.up_proj, mlp.down_proj)
        query, key, value, out, gate, up, down = [(part.weight, part.bias) for part in parts]
        before, between = _Norm.of(layer.input_layernorm), _Norm.of(layer.post_attention_layernorm)
        return cls(before, between, of_queries, of_keys, (query, key, value), out, gate, up, down, mine.scaling)


def _is_plain(lm: Any) -> bool:
    """Whether all layers are the architecture's own, none wrapped (adapters) or exchanged (quantised weights)."""
    layers = [module for each in lm.model.layers for module in (*each.self_attn.children(), *each.mlp.children())]
    linears = [module for module in layers if hasattr(module, "in_features")]
    return (
        type(lm.lm_head) is nn.Linear
        and len(linears) == 7 * len(lm.model.layers)
        and all(type(module) is nn.Linear for module in linears)
    )


def _turn(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Apply rotary positions. x: [N, heads, D]; `sin` carries the sign of the half that changes it."""
    return torch.addcmul(x * cos, x.roll(x.shape[-1] // 2, -1), sin)
