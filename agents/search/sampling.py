"""Independent samples of whole solutions: majority vote (self-consistency) and best-of-N by value.

The N samples form a tree that branches at the root alone.
"""

import asyncio
from collections.abc import Sequence
from time import perf_counter

from agents.search.search import Search
from agents.search.tree import Node
from amz_env.grading import grade_many


async def sample(search: Search, root: Node, *, n: int) -> list[Node]:
    """Sample n solutions independently; return the last node of each, in order."""
    starts = await search.expand(root, n, distinct=False)
    return await search.gather(_finish(search, node) for node in starts)


async def _finish(search: Search, node: Node) -> Node:
    while not node.terminal:
        children = await search.expand(node, 1)
        if not children:
            return node
        node = children[0]
    return node


async def majority_vote(search: Search, root: Node, *, n: int) -> Node | None:
    """Return a solution with the answer that most of n samples agree on (maj@n).

    Answers that are equal in value (`1/2`, `0.5`) vote together. Ties go to the answer that was given first.
    """
    leaves = [leaf for leaf in await sample(search, root, n=n) if leaf.answered]
    if not leaves:
        return None
    start = perf_counter()
    groups = await asyncio.to_thread(_group_equal, leaves)
    search.cost.grading_seconds += perf_counter() - start
    winner = max(groups, key=len)
    return winner[0]


async def best_of_n(search: Search, root: Node, *, n: int) -> Node | None:
    """Return the solution of n samples whose final state the value head rates highest."""
    leaves = [leaf for leaf in await sample(search, root, n=n) if leaf.answered]
    await search.evaluate(leaves)
    return max(leaves, key=lambda leaf: leaf.value or 0.0, default=None)


def _group_equal(leaves: Sequence[Node]) -> list[list[Node]]:
    """Group leaves by equal answers, in order of first appearance."""
    by_text: dict[str, list[Node]] = {}
    for leaf in leaves:
        by_text.setdefault(leaf.state.answer or "", []).append(leaf)
    groups: list[tuple[str, list[Node]]] = []
    for answer, members in by_text.items():
        verdicts = grade_many([(answer, known) for known, _ in groups])
        same = next((group for (_, group), verdict in zip(groups, verdicts, strict=True) if verdict.correct), None)
        if same is None:
            groups.append((answer, members))
        else:
            same.extend(members)
    return [members for _, members in groups]
