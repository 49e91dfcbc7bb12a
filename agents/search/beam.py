"""Step-level beam search, SBS(B1, B2) (paper, Algorithm 2).

    C = [s_0] * B1, t = 0
    while t < T and some path in C is unfinished:
        C_new = []
        for s_t in C:
            sample B2 steps a_t ~ pi(. | s_t)
            s_{t+1} = Cat(s_t, a_t);  C_new += s_{t+1} with V(s_{t+1})
        C = the top B1 of C_new by V
    return the best of C

Beside the released code: a beam that fails frees its place for the next best candidate instead of narrowing the beam,
finished solutions go on competing with open paths, the limits of the environment's rules (steps, code errors) hold, and
one unreadable sample costs one candidate.
"""

from agents.search.search import Search
from agents.search.tree import Node


async def step_beam(search: Search, root: Node, *, beams: int, width: int) -> Node | None:
    """Search with `beams` (B1) paths, `width` (B2) proposals each.

    At the first step the root is asked for B1 * B2 proposals at once. Selection is by V(s_{t+1}) alone; ties keep the
    order of sampling.

    Returns:
        The answered leaf with the highest V among the last beam, None where no path reached an answer.
    """
    candidates = [root]
    while any(not node.terminal for node in candidates):
        n = width * beams if candidates == [root] else width
        opened = [node for node in candidates if not node.terminal]
        grown = await search.gather(search.expand(node, n) for node in opened)
        children = [child for siblings in grown for child in siblings if not child.terminal or child.answered]
        await search.evaluate(children)
        finished = [node for node in candidates if node.answered]
        candidates = sorted([*finished, *children], key=_value, reverse=True)[:beams]
    return max((node for node in candidates if node.answered), key=_value, default=None)


def _value(node: Node) -> float:
    return node.value if node.value is not None else 0.0
