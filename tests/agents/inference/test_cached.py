"""The cached decoder against the recomputing one: the same trees from a fraction of the work."""

import asyncio
import random

import pytest
import torch

import agents
from agents.base import Solution
from agents.inference import LocalEngine
from agents.inference.cached import CachedDecoder
from agents.inference.forward import choose_forward
from amz_env import Rules, State, transition
from amz_env.interpreter import shared_interpreter
from tests.tiny import tiny_model

# A random model never ends a step, so every step is cut at its length; plain text goes on all the same.
RULES = Rules(step_format="plain", max_steps=3)
QUESTIONS = [f"Mia has {i} more marbles than Tom. How many?" for i in range(6)]


def trees(engine: LocalEngine, questions: list[str] = QUESTIONS, name: str = "mcts") -> list[Solution]:
    options = {"mcts": {"simulations": 6, "width": 3, "temperature": 1.0}, "sbs": {"beams": 2, "width": 3}}[name]
    return agents.make(name, model=engine, rules=RULES, **options).solve(questions, seed=4)


def shapes(solutions: list[Solution]) -> list[list[tuple[str, int, str]]]:
    return [
        [(node.tag, node.visits, node.state.text) for node in solution.tree.nodes()]
        for solution in solutions
        if solution.tree is not None
    ]


FAMILIES = ["llama", "qwen2", "qwen3", "mistral", "gpt2", "gpt_neox"]


@pytest.mark.parametrize(("family", "name"), [*((family, "mcts") for family in FAMILIES), ("llama", "sbs")])
def test_cached_and_recomputed_trees_are_equal(family: str, name: str) -> None:
    model = tiny_model(family)
    cached, plain = LocalEngine(model, max_step_tokens=6), LocalEngine(model, kind="recompute", max_step_tokens=6)
    found, expected = trees(cached, name=name), trees(plain, name=name)
    assert shapes(found) == shapes(expected)
    for one, other in zip(found, expected, strict=True):
        for node, twin in zip(one.tree.nodes(), other.tree.nodes(), strict=True):  # type: ignore[union-attr]
            assert node.q == pytest.approx(twin.q, abs=1e-4)
            assert node.logprob == pytest.approx(twin.logprob, abs=1e-3)


def test_every_token_of_a_tree_is_computed_once() -> None:
    engine = LocalEngine(tiny_model(), max_step_tokens=6)
    solutions = trees(engine)
    distinct = 0
    for solution in solutions:
        assert solution.tree is not None
        for node in solution.tree.nodes():
            if node.expanded or (node.value is not None and not node.terminal):
                pieces = list(engine.model.pieces(node.state))
                distinct += len(pieces[0]) if node.parent is None else len(pieces[-1]) + 1  # + the last sampled token
    assert engine.stats.prefilled_tokens <= 1.05 * distinct
    assert engine.stats.prefilled_tokens == sum(solution.cost.prefilled_tokens for solution in solutions)


def test_a_small_budget_costs_time_not_truth() -> None:
    model = tiny_model()
    small = LocalEngine(model, max_step_tokens=6, cache_bytes=20_000)
    assert shapes(trees(small)) == shapes(trees(LocalEngine(model, max_step_tokens=6)))
    decoder = small._decoder
    assert isinstance(decoder, CachedDecoder)
    assert decoder._prefixes.bytes <= 20_000
    held = sum(segment.bytes for segment in decoder._prefixes._recent.values())
    assert held == decoder._prefixes.bytes


def test_a_tree_does_not_depend_on_what_is_beside_it() -> None:
    model = tiny_model()
    questions = [f"Tom has {i} pens and {i * i} hats. How many things?" for i in range(32)]
    together = shapes(trees(LocalEngine(model, max_step_tokens=5), questions))
    for index in (0, 13, 31):
        assert shapes(trees(LocalEngine(model, max_step_tokens=5), [questions[index]])) == [together[index]]


def test_requests_at_random_moments_get_the_same_answers() -> None:
    model = tiny_model()
    engine = LocalEngine(model, max_rows=7, max_step_tokens=8)
    reference = LocalEngine(model, kind="recompute", max_step_tokens=8)
    states = [State(question, RULES) for question in QUESTIONS]
    states += [transition(state, "Tom has more.", shared_interpreter()) for state in states]

    async def ask(engine: LocalEngine, index: int, delay: float) -> tuple[float, list[tuple[int, ...]]]:
        await asyncio.sleep(delay)
        if index % 3 == 0:
            return (await engine.value(states[index])).value, []
        expansion = await engine.expand(states[index], 1 + index % 4, temperature=0.8, seed=index)
        return expansion.value, [proposal.token_ids for proposal in expansion.proposals]

    async def everything(engine: LocalEngine, seed: int) -> list[tuple[float, list[tuple[int, ...]]]]:
        rng = random.Random(seed)
        return await asyncio.gather(*(ask(engine, i, rng.random() * 0.05) for i in range(len(states))))

    expected = asyncio.run(everything(reference, 0))
    for seed in range(4):
        for (value, tokens), (other, twins) in zip(asyncio.run(everything(engine, seed)), expected, strict=True):
            assert value == pytest.approx(other, abs=1e-4)
            assert tokens == twins


def test_a_cancelled_search_frees_its_rows() -> None:
    engine = LocalEngine(tiny_model(), max_rows=4, max_step_tokens=200)

    async def scenario() -> int:
        task = asyncio.create_task(engine.expand(State("a"), 4, temperature=1.0, seed=0))
        await asyncio.sleep(0.2)
        task.cancel()
        expansion = await asyncio.wait_for(engine.expand(State("b"), 4, temperature=1.0, seed=0), 30)
        return len(expansion.proposals)

    assert asyncio.run(scenario()) == 4


def test_a_model_with_another_kind_of_cache_is_recomputed_and_said_so() -> None:
    model = tiny_model("mistral")
    assert choose_forward(model) is not None  # its window is wider than its context
    model.lm.config.sliding_window = 8
    assert choose_forward(model) is None
    with pytest.warns(UserWarning, match="prompts are recomputed"):
        engine = LocalEngine(model, max_step_tokens=4)
    assert engine.kind == "recompute"
    with torch.inference_mode():
        assert len(asyncio.run(engine.expand(State("q"), 2, temperature=1.0, seed=0)).proposals) == 2
