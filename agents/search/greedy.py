"""Greedy decoding: the most probable token at every position, one path."""

from agents.search.search import Search
from agents.search.tree import Node


async def greedy(search: Search, root: Node) -> Node | None:
    """Follow the single step that the policy proposes until the episode ends.

    The search's temperature should be 0 (`agents.make("greedy")` sets it).
    """
    node = root
    while not node.terminal:
        children = await search.expand(node, 1)
        if not children:
            return None
        node = children[0]
    return node if node.answered else None
