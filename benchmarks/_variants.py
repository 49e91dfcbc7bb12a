"""Variants of the search and of the model for `benchmarks.experiments`: what the paper left open, in as few lines."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

import torch

from agents.inference import Engine
from agents.inference.base import Expansion, Valuation
from agents.model import PolicyValueModel, load_model
from agents.search.agent import SearchAgent
from agents.search.mcts import best_answer, select
from agents.search.search import FAILURE, Search
from agents.search.tree import Node
from agents.training import data
from agents.training.config import TrainConfig
from agents.training.rounds import engine_maker, load_search_model
from agents.training.workers import Send, spread
from amz_env.dynamics import Rules, State


async def mcts_variant(
    search: Search,
    root: Node,
    *,
    simulations: int,
    width: int,
    c_puct: float,
    reward_weight: float = 1.0,
    prior: bool = True,
    children: bool = False,
) -> Node | None:
    """Search as `agents.search.mcts` does, with what the ablations change.

    Args:
        search: the means.
        root: the tree's root.
        simulations: budget of expansions.
        width: proposals per expansion.
        c_puct: weight of exploration.
        reward_weight: lambda of judged leaves, V^ = (1 - lambda) V + lambda r; 1 is the paper's.
        prior: explore by P(a|s); without it all children alike, as if it were 1.
        children: back V up from every child when it is made, not from a node when it is expanded.
    """
    for _ in range(simulations):
        if root.exhausted:
            break
        leaf = select(root, c_puct)
        grown = await search.expand(leaf, width)
        for child in () if prior else grown:
            child.prior = 1.0
        answered = [child for child in grown if child.answered]
        await search.evaluate([child for child in answered if child.reward is None or reward_weight < 1.0])
        if children:
            await search.evaluate([child for child in grown if not child.terminal])
        for child in grown:
            if child.terminal or children:
                child.backup(_evaluation(child, reward_weight), times=child.copies)
        if not children or leaf is root:
            leaf.backup(leaf.value if leaf.value is not None else 0.0)
    return best_answer(root)


def _evaluation(child: Node, reward_weight: float) -> float:
    value = FAILURE if child.value is None else child.value
    return value if child.reward is None else (1.0 - reward_weight) * value + reward_weight * child.reward


def grow(
    options: dict[str, float], config: TrainConfig, number: int, jobs: Sequence[data.Job], on_tree: data.OnTree
) -> None:
    """Grow the trees of a round by `mcts_variant` with some options; a `Grow` of `run_rounds` once these are bound."""
    spread(partial(_grow_share, options, config, number), jobs, on_tree, workers=config.workers)


def _grow_share(
    options: dict[str, float], config: TrainConfig, number: int, jobs: Sequence[data.Job], send: Send
) -> None:
    torch.set_num_threads(config.threads)
    usual: dict[str, Any] = {"simulations": config.simulations, "width": config.width, "c_puct": config.c_puct}
    algorithm = partial(mcts_variant, **usual | options)
    engine = engine_maker(config)(load_search_model(config, number - 1))
    agent = SearchAgent("variant", algorithm, engine, config.temperature(number), Rules())
    asyncio.run(data.grow_trees(agent, jobs, send, concurrency=config.concurrency))


class SplitEngine:
    """An engine whose steps are one model's and whose values are another's: separate trunks."""

    def __init__(self, policy: Engine, value: Engine) -> None:
        self._policy, self._value = policy, value

    async def expand(self, state: State, n: int, *, temperature: float, seed: int) -> Expansion:
        """Let the policy propose n steps, and the other model value the state."""
        expansion, valuation = await asyncio.gather(
            self._policy.expand(state, n, temperature=temperature, seed=seed), self._value.value(state)
        )
        cost = expansion.cost
        cost.add(valuation.cost)
        return Expansion(valuation.value, expansion.proposals, cost)

    async def value(self, state: State) -> Valuation:
        """Let the other model value a state."""
        return await self._value.value(state)

    def forget(self) -> None:
        """Forget what is cached in both."""
        self._policy.forget()
        self._value.forget()


def split_engine(config: TrainConfig, value_model: str, model: PolicyValueModel) -> SplitEngine:
    """Return the engine of a run's policy with the values of another model, a directory."""
    make_engine = engine_maker(config)
    return SplitEngine(make_engine(model), make_engine(load_model(value_model, device=str(model.device))))
