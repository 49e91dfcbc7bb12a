"""Tiny randomly initialised models of several families, real in everything but size."""

import itertools
from functools import lru_cache
from typing import Any

import torch

from agents.model import PolicyValueModel
from agents.model.tokenizer import train_tokenizer

TEXTS = [
    "Mia has 14 more marbles than Tom. How many marbles does Mia have?",
    "x = symbols('x')\nprint(solve(x**2 - 5*x + 6))",
    "So this is the answer. Final Answer: 42",
    # Words enough that a random model hardly ever draws one of the few tokens that end a step.
    "\n".join(map("".join, itertools.product("bdfgkl", "aeiou", "mnprt", "aeiou"))),
] * 50


@lru_cache
def tiny_tokenizer() -> Any:
    return train_tokenizer(TEXTS, 1400)


def tiny_model(family: str = "llama", *, context: int = 512, seed: int = 0) -> PolicyValueModel:
    """Return a model of a family (`llama`, `qwen2`, `gpt2`, `gpt_neox`) with a random value head."""
    from transformers import AutoConfig, AutoModelForCausalLM

    tokenizer = tiny_tokenizer()
    sizes = {
        "gpt2": {"n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": context},
    }.get(
        family,
        {
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "num_key_value_heads": 2 if family == "gpt_neox" else 1,
            "max_position_embeddings": context,
        },
    )
    config = AutoConfig.for_model(
        family,
        vocab_size=len(tokenizer),
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
        **sizes,
    )
    torch.manual_seed(seed)
    model = PolicyValueModel(AutoModelForCausalLM.from_config(config), tokenizer).eval()
    torch.nn.init.normal_(model.value_head.weight, std=0.3)
    return model
