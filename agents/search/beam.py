"""Step-level beam search, SBS(B1, B2) (paper, Algorithm 2).

    C = [s_0] * B1, t = 0
    while t < T and some path in C is unfinished:
        C_new = []
        for s_t in C:
            sample B2 steps a_t ~ pi(. | s_t)
            s_{t+1} = Cat(s_t, a_t);  C_new += s_{t+1} with V(s_{t+1})
        C = the top B1 of C_new by V
    return the best of C

Not in the paper: with `likelihood` above 0 a path is rated by V and its likelihood (`agents.search.rating`).

Beside the released code: a beam that fails frees its place for the next best candidate instead of narrowing the beam,
finished solutions go on competing with open paths, and are what is left where all of these fail, the limits of the
environment's rules (steps, code errors) hold, and one unreadable sample costs one candidate.
"""

from functools import partial

from agents.search.rating import rating
from agents.search.search import Search
from agents.search.tree import Node


async def step_beam(search: Search, root: Node, *, beams: int, width: int, likelihood: float = 0.0) -> Node | None:
    """Search with `beams` (B1) paths, `width` (B2) proposals each.

    At the first step the root is asked for B1 * B2 proposals at once. Selection is by V(s_{t+1}) alone, unless
    `likelihood`, at least 0, gives the path's log-likelihood a weight beside it; ties keep the order of sampling.

    Returns:
        The answered leaf that is rated highest among the last beam; where that has failed to the last path, among
        those that were in the beam before. None where no path in the beam reached an answer.
    """
    rate = partial(rating, likelihood=likelihood)
    candidates = [root]
    answered: list[Node] = []  # all that ever were in the beam
    while any(not node.terminal for node in candidates):
        n = width * beams if candidates == [root] else width
        opened = [node for node in candidates if not node.terminal]
        grown = await search.gather(search.expand(node, n) for node in opened)
        children = [child for siblings in grown for child in siblings if not child.terminal or child.answered]
        await search.evaluate(children)
        finished = [node for node in candidates if node.answered]
        candidates = sorted([*finished, *children], key=rate, reverse=True)[:beams]
        answered += [node for node in candidates if node.answered and node not in finished]
    last = [node for node in candidates if node.answered]
    return max(last or answered, key=rate, default=None)
