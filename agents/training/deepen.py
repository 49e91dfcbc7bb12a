"""Layers added to a model that has learned already: it computes what it did before, and has more to learn with.

Pretrained for as long, four layers make a better policy than six. The value gains from depth: trained on the same
paths, it ranks more final steps right with two more layers (docs/earlier-runs.md, run I). So the last ones join late.
"""

import copy

from torch import nn
from transformers import LlamaForCausalLM


def deepen(lm: LlamaForCausalLM, layers: int) -> None:
    """Bring a model to `layers` layers by copies of its last ones that add nothing to the residual stream at first.

    A copy's attention and MLP read as the original's do, and the matrices they write with are zero: the model's outputs
    stay as they were, and its gradients are not zero. A model that has as many layers or more is left alone.
    """
    stack = lm.model.layers
    back = min(layers - len(stack), len(stack))
    while len(stack) < layers:
        layer = copy.deepcopy(stack[-back])
        layer.self_attn.layer_idx = len(stack)
        nn.init.zeros_(layer.self_attn.o_proj.weight)
        nn.init.zeros_(layer.mlp.down_proj.weight)
        stack.append(layer)
    lm.config.num_hidden_layers = len(stack)
