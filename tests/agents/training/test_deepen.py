"""Layers that join late."""

import torch

from agents.model.policy_value import PolicyValueModel
from agents.training.deepen import deepen
from tests.agents.training.toys import tiny_model


def logits_of(model: PolicyValueModel) -> torch.Tensor:
    input_ids = torch.arange(3, 33)[None]
    logits: torch.Tensor = model.lm(input_ids=input_ids, use_cache=False).logits
    return logits


def test_layers_that_join_change_nothing_at_first_and_learn_at_once() -> None:
    model = tiny_model()
    before = logits_of(model).detach()
    layers = len(model.lm.model.layers)
    deepen(model.lm, layers + 2)
    assert len(model.lm.model.layers) == model.lm.config.num_hidden_layers == layers + 2
    after = logits_of(model)
    assert torch.equal(after, before)
    after.square().mean().backward()
    for layer in model.lm.model.layers[layers:]:
        assert layer.self_attn.o_proj.weight.grad.abs().max() > 0
        assert layer.mlp.down_proj.weight.grad.abs().max() > 0


def test_the_last_layers_are_copied_in_their_order() -> None:
    model = tiny_model()
    deepen(model.lm, 2)
    first, second = model.lm.model.layers[:2]
    torch.nn.init.constant_(second.self_attn.q_proj.weight, 0.5)
    torch.nn.init.constant_(first.self_attn.q_proj.weight, 0.25)
    deepen(model.lm, 4)
    means = [layer.self_attn.q_proj.weight.mean().item() for layer in model.lm.model.layers]
    assert means == [0.25, 0.5, 0.25, 0.5]
    assert [layer.self_attn.layer_idx for layer in model.lm.model.layers] == [0, 1, 2, 3]


def test_a_model_that_is_deep_enough_is_left_alone() -> None:
    model = tiny_model()
    layers = len(model.lm.model.layers)
    deepen(model.lm, layers)
    deepen(model.lm, layers - 1)
    assert len(model.lm.model.layers) == model.lm.config.num_hidden_layers == layers


def test_a_deepened_model_generates_with_a_cache_as_without() -> None:
    model = tiny_model()
    deepen(model.lm, len(model.lm.model.layers) + 2)
    for layer in model.lm.model.layers:
        torch.nn.init.normal_(layer.self_attn.o_proj.weight, std=0.3)
    question = torch.arange(3, 23)[None]
    options = {"max_new_tokens": 12, "do_sample": False, "eos_token_id": None}
    assert torch.equal(
        model.lm.generate(question, use_cache=True, **options), model.lm.generate(question, use_cache=False, **options)
    )
