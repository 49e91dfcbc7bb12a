"""What the search itself costs a node, in trees of 40, 400 and 4,000 nodes: select, expand, back up.

    python -m benchmarks.throughput_tree [--repeats 5]

MCTS on an engine that answers at once. Processor time, so other work on the machine does not count. Flat is right:
a search whose cost a node grows with its tree would be the bottleneck of a long one.
"""

import argparse
import asyncio
import random
import statistics
from time import process_time

import agents
from agents.base import Cost
from agents.inference.base import Expansion, Proposal, Valuation
from amz_env.dynamics import Rules, State

SIZES = (40, 400, 4_000)
WIDTH = 5


class InstantEngine:
    """An engine that costs nothing: short random steps and values."""

    async def expand(self, state: State, n: int, *, temperature: float, seed: int) -> Expansion:
        """Return n random steps."""
        rng = random.Random(seed)
        steps = [f"Take {rng.randrange(1 << 30)}." for _ in range(n)]
        await asyncio.sleep(0)
        proposals = tuple(Proposal(step, tuple(step.encode()), -rng.random() * len(step)) for step in steps)
        return Expansion(rng.uniform(-1, 1), proposals, Cost(model_calls=1))

    async def value(self, state: State) -> Valuation:
        """Return 0."""
        return Valuation(0.0, Cost(model_calls=1))

    def forget(self) -> None:
        """Nothing is kept."""


def cost_a_node(nodes: int, repeats: int) -> float:
    """Return processor microseconds a node of one search that ends with so many nodes; the median of several."""
    rules = Rules(step_format="plain", max_steps=64, max_length=1 << 30)
    agent = agents.make("mcts", model=InstantEngine(), rules=rules, simulations=nodes // WIDTH, width=WIDTH)
    figures = []
    for seed in range(repeats):
        start = process_time()
        solution = agent.solve(["How many?"], seed=seed)[0]
        seconds = process_time() - start
        made = sum(1 for _ in solution.tree.nodes()) if solution.tree else 0
        figures.append(1e6 * seconds / made)
    return statistics.median(figures)


def costs(repeats: int) -> dict[int, float]:
    """Return nodes a tree -> processor microseconds a node."""
    cost_a_node(SIZES[0], 2)  # what is loaded at the first search is not its cost
    return {nodes: cost_a_node(nodes, max(repeats, 3 * SIZES[1] // nodes)) for nodes in SIZES}


def main() -> None:
    """Print the cost a node at each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="searches to take the median over")
    for nodes, cost in costs(parser.parse_args().repeats).items():
        print(f"{nodes:6,} nodes a tree  {cost:8.1f} us a node")


if __name__ == "__main__":
    main()
