"""V that reads how likely the policy finds a path: the engines against the definition, wherever the steps come from."""

import asyncio
import math
from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch

import agents
from agents.inference import LocalEngine
from agents.inference.local import Kind
from agents.model import PolicyValueModel, load_model
from agents.search.tree import Node
from amz_env import State, Step, TakenStep, code_action
from tests.tiny import tiny_model

KINDS: list[Kind] = ["cached", "recompute"]
WEIGHT = 0.0003  # a random model finds all texts very unlikely


def reader(family: str = "llama") -> PolicyValueModel:
    model = tiny_model(family)
    torch.nn.init.constant_(model.value_head.likelihood, WEIGHT)
    return model


def by_definition(model: PolicyValueModel, state: State) -> float:
    """tanh(w . h + u l + b), l summed token by token over the actions alone."""
    pieces = list(model.pieces(state))
    ids = [token for piece in pieces for token in piece]
    with torch.inference_mode():
        output = model.lm(torch.tensor([ids]), output_hidden_states=True)
        score = torch.nn.functional.linear(
            output.hidden_states[-1][0, -1], model.value_head.weight, model.value_head.bias
        )
    weight = float(model.value_head.likelihood.detach())
    logprobs, likelihood, at = output.logits[0].float().log_softmax(-1), 0.0, 0
    for number, piece in enumerate(pieces):
        for token in piece:
            likelihood += float(logprobs[at - 1, token]) if number % 2 else 0.0
            at += 1
    return math.tanh(float(score) + weight * likelihood)


def steps_of(*texts: str) -> tuple[TakenStep, ...]:
    return tuple(TakenStep(code_action("Add.", text), Step("code"), f"{len(text)}\n") for text in texts)


def values(engine: LocalEngine, states: list[State]) -> list[float]:
    async def together() -> list[float]:
        return [each.value for each in await asyncio.gather(*(engine.value(state) for state in states))]

    return asyncio.run(together())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("family", ["llama", "gpt2"])
def test_v_of_steps_that_were_not_sampled_here(family: str, kind: Kind) -> None:
    model = reader(family)
    paths = [(), ("print(1)",), ("print(1)", "print(23)"), ("print(1)", "print(4)"), ("x = 5\n" * 90 + "print(x)",)]
    states = [State("How many?", steps=steps_of(*path)) for path in paths]
    expected = [by_definition(model, state) for state in states]
    engine = LocalEngine(model, kind=kind)
    assert values(engine, states) == pytest.approx(expected, abs=1e-4)
    assert values(engine, states[::-1]) == pytest.approx(expected[::-1], abs=1e-4)  # now from the cache
    for state, value in zip(states, expected, strict=True):  # each alone, from nothing and from its beginning
        engine.forget()
        assert values(engine, [state]) == pytest.approx([value], abs=1e-4)
    assert len({round(value, 3) for value in expected}) == len(expected)


def nodes_of(engine: LocalEngine) -> Iterator[Node]:
    questions = ["Mia has 14 marbles. Tom has 3 more. How many does Tom have?", "What is 3 times 4?"]
    for solution in agents.make("sbs", model=engine, beams=2, width=3).solve(questions, seed=0):
        assert solution.tree is not None
        yield from (node for node in solution.tree.nodes() if node.state.end is None and node.value is not None)


@pytest.mark.parametrize("cache_bytes", [None, 100_000])
def test_v_in_a_search_is_that_of_the_definition_and_costs_no_token_more(cache_bytes: int | None) -> None:
    model = load_model("builtin-base")
    torch.nn.init.normal_(model.value_head.weight, std=0.1, generator=torch.Generator().manual_seed(0))
    plain = LocalEngine(model, cache_bytes=cache_bytes)
    list(nodes_of(plain))
    torch.nn.init.constant_(model.value_head.likelihood, 1e-9)  # reads it, and chooses the same steps
    engine = LocalEngine(model, cache_bytes=cache_bytes)
    list(nodes_of(engine))
    if cache_bytes is None:  # of sampled steps the likelihood is known
        assert engine.stats.prefilled_tokens == plain.stats.prefilled_tokens
    torch.nn.init.constant_(model.value_head.likelihood, 0.1)
    found = list(nodes_of(LocalEngine(model, cache_bytes=cache_bytes)))
    assert len(found) > 8
    for node in found:
        assert node.value == pytest.approx(by_definition(model, node.state), abs=1e-4)
    assert max(abs(node.value or 0.0) for node in found) > 0.1


def test_a_step_that_was_cut_short_is_as_likely_as_what_is_left_of_it() -> None:
    """The first tokens of a sampled step are lent to another one's; their likelihood is not that of the whole."""
    model = reader()
    engine = LocalEngine(model, max_step_tokens=12)
    start = State("How many?")
    [proposal] = asyncio.run(engine.expand(start, 1, temperature=1.0, seed=0)).proposals
    whole = State(start.question, steps=(TakenStep(proposal.action, Step("text"), token_ids=proposal.token_ids),))
    cut = replace(whole, steps=(TakenStep("", Step("text"), token_ids=proposal.token_ids[:5]),))
    assert values(engine, [whole, cut]) == pytest.approx(
        [by_definition(model, each) for each in (whole, cut)], abs=1e-4
    )
