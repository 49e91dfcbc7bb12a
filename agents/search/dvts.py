"""Diverse verifier tree search, DVTS (Beeching, Tunstall and Rush 2024, "Scaling test-time compute with open models").

    split a budget of N beams into N / M independent subtrees
    in each subtree, until its path is finished:
        sample M steps from the path's end
        go on with the one that the verifier rates highest
    return the best of the N / M paths

Beam search compares all candidates with each other, and soon all beams descend from one step that the verifier happens
to like. Here a subtree never competes with another before the end, so the answers stay diverse.

The verifier is the value head. The subtrees' first candidates are different steps, dealt out in turn from one sample of
N at the root; candidates that fail are no candidates, as in `step_beam`.
"""

from collections.abc import Sequence

from agents.search.rating import rating
from agents.search.search import Search
from agents.search.tree import Node


async def dvts(search: Search, root: Node, *, subtrees: int, width: int) -> Node | None:
    """Search `subtrees` (N / M) paths of `width` (M) proposals a step.

    Returns:
        The answered leaf of highest V among the subtrees' paths, ties to the first; None where no path has an answer.
    """
    first = await search.expand(root, subtrees * width)
    shares = [first[place::subtrees] for place in range(subtrees)]
    leaves = await search.gather(_follow(search, share, width) for share in shares)
    return max((leaf for leaf in leaves if leaf is not None), key=rating, default=None)


async def _follow(search: Search, candidates: Sequence[Node], width: int) -> Node | None:
    """Go on with the best of the candidates until it is an answer; None where all candidates have failed."""
    while alive := [node for node in candidates if not node.terminal or node.answered]:
        await search.evaluate(alive)
        best = max(alive, key=rating)
        if best.answered:
            return best
        candidates = await search.expand(best, width)
    return None
