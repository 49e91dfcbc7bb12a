"""Adaptive-branching MCTS, AB-MCTS-A (Inoue et al. 2025, arXiv 2503.04412, section 3).

One simulation:
    descend   at each node draw what two choices may bring, each from its posterior:
              GEN, one more child of this node (wider), or CONT, going on below the children there are (deeper);
              on GEN stop here, on CONT draw for each child in the same way and descend to the highest
    generate  one new child of the node where the descent stopped
    back up   its score counts for GEN at that node; for every node from there to the root, for the node itself and for
              CONT at its parent

So no width is given: a node gets another child as long as new children score better than what grows from the old ones.
A score is a normal variable of unknown mean and variance with the conjugate prior, and Thompson sampling draws means.

Scores are V(s') of the new child by the value head, -1 for a failure, the judge's +-1 where there is one, mapped to
[0, 1] as in the paper. A finished episode cannot be gone on with, so it is no child to descend to.
"""

import math
from dataclasses import dataclass, field
from random import Random

from agents.inference.base import derive_seed
from agents.search.rating import rating
from agents.search.search import FAILURE, Search
from agents.search.tree import Node

_MEAN, _KAPPA, _NU, _TAU2 = 0.0, 1.0, 1.0, 0.1
"""The prior, that of the authors' implementation: mean and its weight; degrees of freedom and scale of the variance."""


@dataclass(slots=True)
class Arm:
    """A choice, with the scores that it has brought, all in [0, 1]: their number, sum, and sum of squares."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, score: float) -> None:
        """Take a score into account."""
        self.count += 1
        self.total += score
        self.squares += score * score

    def posterior(self) -> tuple[float, float, float, float]:
        """Return (mean, kappa, nu, tau^2) of the normal-inverse-chi-squared posterior."""
        n = self.count
        average = self.total / n if n else 0.0
        spread = max(self.squares - n * average * average, 0.0)
        kappa, nu = _KAPPA + n, _NU + n
        mean = (_KAPPA * _MEAN + self.total) / kappa
        tau2 = (_NU * _TAU2 + spread + n * _KAPPA / kappa * (average - _MEAN) ** 2) / nu
        return mean, kappa, nu, tau2

    def draw(self, random: Random) -> float:
        """Draw a mean from the posterior."""
        mean, kappa, nu, tau2 = self.posterior()
        variance = nu * tau2 / 2 / random.gammavariate(nu / 2, 1.0)
        return random.gauss(mean, math.sqrt(variance / kappa))


@dataclass(slots=True)
class Arms:
    """The choices at a node, and the node as a choice of its parent's."""

    wider: Arm = field(default_factory=Arm)
    deeper: Arm = field(default_factory=Arm)
    itself: Arm = field(default_factory=Arm)


async def ab_mcts(search: Search, root: Node, *, simulations: int) -> Node | None:
    """Generate `simulations` nodes, one after the other, each where it promises most.

    Returns:
        The answered leaf of the highest score, ties to the first in tree order; None where no path has an answer.
    """
    random = Random(derive_seed(search.seed, "ab-mcts"))
    arms = {root: Arms()}
    for _ in range(simulations):
        node = select(root, arms, random)
        children = await search.expand(node, 1, distinct=False)
        await search.evaluate([child for child in children if child.reward is None])
        for child in children:
            arms[child] = Arms()
            value = _value(child)
            child.backup(value)
            back_up(node, (value + 1) / 2, arms)
        if not children:  # the context is full: a failure, and no node to show for it
            back_up(node, (FAILURE + 1) / 2, arms)
    return max((leaf for leaf in root.walk() if leaf.answered), key=_value, default=None)


def select(root: Node, arms: dict[Node, Arms], random: Random) -> Node:
    """Descend by Thompson sampling to the node that gets one more child."""
    node = root
    while open_children := [child for child in node.children if not child.terminal]:
        here = arms[node]
        if here.wider.draw(random) >= here.deeper.draw(random):
            break
        node = max(open_children, key=lambda child: arms[child].itself.draw(random))
    return node


def back_up(node: Node, score: float, arms: dict[Node, Arms]) -> None:
    """Count the score of a new child of `node`: for widening there, for going deeper on the way to it."""
    arms[node].wider.add(score)
    while node.parent is not None:
        arms[node].itself.add(score)
        arms[node.parent].deeper.add(score)
        node = node.parent


def _value(node: Node) -> float:
    """Return a node's score in [-1, 1]."""
    return node.reward if node.reward is not None else rating(node)
