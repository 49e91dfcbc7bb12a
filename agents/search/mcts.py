"""Monte Carlo tree search with the policy as prior and the value head as evaluation (paper, section 3.2).

One simulation:
    select    descend by  argmax_a  Q(s,a) + c_puct * P(a|s) * sqrt(N_parent) / (1 + N(s,a))
    expand    sample B2 steps from the leaf, run their code
    evaluate  V^ = (1 - lambda) * V(s) + lambda * r;  lambda = 1 where s is terminal and judged, else 0; no rollouts
    backup    N += 1, W += V^ on the path to the root;  Q = W / N

As in the released code, V(s) of the expanded node comes free with the prefill of its expansion and is backed up from
it, and a terminal child is backed up when it is made, once for each of the proposals that it stands for: with the
judge's +-1 while making training data, with -1 for a failure, with its own V at inference. So visits count backups, not
simulations, and Q is a mean over what the policy does, not over the different things that it might do.

Beside the released code: proposals of the same code are one child, in whatever words. A child's code runs when the
child is first selected, which most of them never are; the tree is the same, since neither priors nor Q depend on what
code prints. Descent goes around exhausted subtrees. At inference, where all is exhausted, the simulations that are left
ask for more proposals on the way that PUCT would take (as progressive widening does, Coulom 2007). While making
training data the search ends there: every node has been asked once, so how often a step was proposed says how often the
policy takes it. And several leaves may be expanded at once (`leaves`), which answers a single question sooner: each
descent sees those before it as simulations that lost (virtual loss), and goes around their leaves.
"""

import math
from collections.abc import Sequence
from functools import partial

from agents.inference.base import derive_seed
from agents.search.rating import rating
from agents.search.search import FAILURE, Search
from agents.search.tree import Node


async def mcts(
    search: Search,
    root: Node,
    *,
    simulations: int = 40,
    width: int = 5,
    c_puct: float = 1.25,
    likelihood: float = 0.0,
    leaves: int = 1,
) -> Node | None:
    """Run `simulations` (N) simulations of `width` (B2) proposals each; return the chosen leaf.

    Args:
        search: the means: engine, interpreter, and a judge while making training data.
        root: the tree's root; a tree that was searched before is searched further.
        simulations: budget of expansions; see `finished` for what ends a search before.
        width: proposals per expansion.
        c_puct: weight of exploration (paper: 1.25).
        likelihood: above 0, the answered leaf is chosen that V and this weight of its path's likelihood rate highest
            (`agents.search.rating`); 0 is the paper's choice, see `best_answer`.
        leaves: leaves expanded at once; 1 is the paper's search.
    """
    while simulations > 0 and not finished(search, root):
        count = min(leaves, simulations)
        if root.exhausted:
            await _widen(search, narrowest(root, c_puct), count * width)
            simulations -= count
            continue
        chosen = _reserve(root, count, c_puct)
        grown = await search.gather(search.expand(leaf, width, lazy=True) for leaf in chosen)
        _release(chosen)
        await _evaluate_terminals(search, [child for children in grown for child in children])
        for leaf in chosen:
            times = leaf.copies if leaf.terminal else 1  # its code, which ran only now, may have ended the episode
            leaf.backup(leaf.value if leaf.value is not None else 0.0, times)
        simulations -= len(chosen)
    if likelihood == 0:
        return best_answer(root)
    return max(
        (leaf for leaf in root.walk() if leaf.answered), key=partial(rating, likelihood=likelihood), default=None
    )


def finished(search: Search, root: Node) -> bool:
    """Return whether nothing is left to explore, and no node is to be asked again.

    None is asked again while making training data, nor where that would give nothing new: at temperature 0, and where
    there is no step to take at all.
    """
    return root.exhausted and (search.judge is not None or search.temperature == 0 or not root.children)


def narrowest(root: Node, c_puct: float) -> Node:
    """Return the node with the fewest proposals for its visits, of those that a descent by PUCT passes.

    The first of equals. Exhausted children are descended to like others: this is for trees that have nothing else.
    """
    passed, node = [root], root
    while (node := _highest(node, node.children, c_puct)).children:
        passed.append(node)
    return min(passed, key=lambda node: node.proposals / max(node.visits, 1))


async def _widen(search: Search, node: Node, width: int) -> None:
    """Ask an expanded node for more proposals: new children, and more copies of those there are.

    An answer or a failure is backed up for each of its copies; other children are visited by going on from them alone.
    """
    counted = [(child, child.copies) for child in node.children if child.terminal]
    await _evaluate_terminals(search, await search.expand(node, width, lazy=True))
    for child, before in counted:
        child.backup(_evaluation(child), child.copies - before)


def _reserve(root: Node, leaves: int, c_puct: float) -> list[Node]:
    """Select up to so many leaves, each with those before it on their way."""
    chosen: list[Node] = []
    while len(chosen) < leaves and not root.exhausted:
        leaf = select(root, c_puct)
        for node in leaf.path():
            node.pending += 1
        leaf.exhausted = True  # nothing to select here, until its expansion says otherwise
        if leaf.parent is not None:
            leaf.parent.update_exhausted()
        chosen.append(leaf)
    return chosen


def _release(chosen: Sequence[Node]) -> None:
    """Let the leaves, which have been expanded meanwhile, be visits like all others."""
    for leaf in chosen:
        for node in leaf.path():
            node.pending -= 1


def puct(child: Node, parent_visits: int, c_puct: float) -> float:
    """Return Q + U, with U = c_puct * P * sqrt(N_parent) / (1 + N); Q = 0 where unvisited.

    Pending simulations count in N, and in Q as -1 each.
    """
    visits = child.visits + child.pending
    q = (child.value_sum - child.pending) / visits if visits else 0.0
    return q + c_puct * child.prior * math.sqrt(parent_visits) / (1 + visits)


def select(root: Node, c_puct: float) -> Node:
    """Descend by PUCT over children that are not exhausted to a node that is not expanded."""
    node = root
    while node.expanded:
        node = _highest(node, [child for child in node.children if not child.exhausted], c_puct)
    return node


def _highest(parent: Node, children: Sequence[Node], c_puct: float) -> Node:
    """Return the child of the highest PUCT score.

    Ties are broken by a hash of the children's tags: reproducible, and without a bias to the first.
    """
    parent_visits = parent.visits + parent.pending
    scores = [puct(child, parent_visits, c_puct) for child in children]
    best = max(scores)
    tied = [child for child, score in zip(children, scores, strict=True) if score == best]
    return tied[0] if len(tied) == 1 else min(tied, key=lambda child: derive_seed(child.tag, parent_visits))


async def _evaluate_terminals(search: Search, children: list[Node]) -> None:
    """Value new terminal children and back them up, once for each proposal."""
    terminals = [child for child in children if child.terminal]
    await search.evaluate([child for child in terminals if child.answered and child.reward is None])
    for child in terminals:
        child.backup(_evaluation(child), times=child.copies)


def _evaluation(child: Node) -> float:
    """Return V^ of a terminal child."""
    known = child.reward if child.reward is not None else child.value
    return FAILURE if known is None else known


def best_answer(root: Node) -> Node | None:
    """Return the answered leaf found by descending to the child of highest Q, among children that lead to an answer.

    Subtrees without an answer are pruned first (released code, `prune: True`): an unvisited child's Q = 0 could
    otherwise beat a visited one below 0. Ties go to the higher prior, then to the first.
    """
    leads = {id(node) for leaf in root.walk() if leaf.answered for node in leaf.path()}
    if id(root) not in leads:
        return None
    node = root
    while not node.answered:
        node = max((child for child in node.children if id(child) in leads), key=lambda child: (child.q, child.prior))
    return node
