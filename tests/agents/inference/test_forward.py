"""The passes over flat lists of tokens: which one a model gets, and that both give the model's own numbers."""

import asyncio
import copy

import pytest
import torch
from torch import nn

from agents.inference import LocalEngine
from agents.inference.base import Expansion
from agents.inference.cached import CachedDecoder
from agents.inference.forward import cache_shape, choose_forward, through_transformers
from agents.inference.lean import lean_forward
from agents.model import PolicyValueModel
from amz_env import State
from tests.tiny import tiny_model

LEAN = ["llama", "mistral", "qwen2", "qwen3"]
STATES = [State(f"Tom has {'many ' * i}{i} marbles. How many?") for i in range(5)]


def expand(engine: LocalEngine, n: int = 3) -> list[Expansion]:
    async def together() -> list[Expansion]:
        return await asyncio.gather(
            *(engine.expand(state, n, temperature=1.0, seed=seed) for seed, state in enumerate(STATES))
        )

    return asyncio.run(together())


def tokens(expansions: list[Expansion]) -> list[list[tuple[int, ...]]]:
    return [[proposal.token_ids for proposal in expansion.proposals] for expansion in expansions]


def by_transformers(model: PolicyValueModel) -> LocalEngine:
    engine = LocalEngine(model, max_step_tokens=8)
    assert isinstance(engine._decoder, CachedDecoder)
    engine._decoder._forward = through_transformers(model)
    return engine


@pytest.mark.parametrize("family", LEAN)
def test_the_lean_pass_and_the_models_own_code_agree(family: str) -> None:
    model = tiny_model(family)
    chosen = choose_forward(model)
    assert chosen is not None and chosen[0].__module__ == "agents.inference.lean"
    lean, plain = expand(LocalEngine(model, max_step_tokens=8)), expand(by_transformers(model))
    assert tokens(lean) == tokens(plain)
    for one, other in zip(lean, plain, strict=True):
        assert one.value == pytest.approx(other.value, abs=1e-4)
        for step, twin in zip(one.proposals, other.proposals, strict=True):
            assert step.logprob == pytest.approx(twin.logprob, abs=1e-4)


@pytest.mark.parametrize("family", ["gpt2", "gpt_neox"])
def test_other_architectures_run_their_own_code(family: str) -> None:
    model = tiny_model(family)
    assert lean_forward(model) is None
    chosen = choose_forward(model)
    assert chosen is not None and chosen[0].__module__ == "agents.inference.forward"


def test_a_pass_leaves_the_models_own_attention_as_it_was() -> None:
    model = tiny_model("gpt2")
    usual, ids = model.lm.config._attn_implementation, torch.arange(5, 15)[None]
    before = model.lm(ids).logits
    expand(LocalEngine(model, max_step_tokens=4))
    assert model.lm.config._attn_implementation == usual
    assert torch.equal(model.lm(ids).logits, before)


def test_wrapped_layers_are_not_bypassed() -> None:
    class Doubled(nn.Linear):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return 2 * super().forward(x)

    model = copy.deepcopy(tiny_model())
    attention = model.lm.model.layers[0].self_attn
    doubled = Doubled(attention.o_proj.in_features, attention.o_proj.out_features, bias=False)
    doubled.load_state_dict(attention.o_proj.state_dict())
    attention.o_proj = doubled
    assert lean_forward(model) is None
    reference = LocalEngine(model, kind="recompute", max_step_tokens=8)
    assert tokens(expand(LocalEngine(model, max_step_tokens=8))) == tokens(expand(reference))


def test_a_model_that_is_trained_further_is_followed() -> None:
    model = copy.deepcopy(tiny_model())
    engine = LocalEngine(model, max_step_tokens=8)
    before = tokens(expand(engine))
    with torch.no_grad():
        for parameter in model.lm.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    engine.forget()
    after = tokens(expand(engine))
    assert after != before
    assert after == tokens(expand(LocalEngine(model, kind="recompute", max_step_tokens=8)))


def test_the_shape_of_a_cache_is_read_off_the_model() -> None:
    shape = cache_shape(tiny_model("llama"))
    assert (shape.layers, shape.heads, shape.group, shape.width) == (2, 1, 2, 16)
    assert shape.token_bytes == 2 * 2 * 1 * 16 * 4
