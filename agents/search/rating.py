"""How a search rates a path that it might choose: by V, or by V and the path's likelihood."""

import math

from agents.search.tree import Node

_SURE = 1 - 1e-6


def rating(node: Node, likelihood: float = 0.0) -> float:
    """Return V, or for a weight w above 0, which is not in the paper, atanh V + w log pi of the whole path.

    That is half the log-odds that V gives the path, and its log-likelihood: selection by a value that is still weak
    throws away what the policy knows. For models whose V does not read the likelihood itself, with a learned weight
    (`agents.model.policy_value`). A state without a value counts as V = 0.

    Args:
        node: the end of the path.
        likelihood: w, at least 0.
    """
    value = node.value if node.value is not None else 0.0
    if likelihood == 0:
        return value
    bounded = max(-_SURE, min(_SURE, value))  # tanh is rounded to 1 where the model is sure
    return math.atanh(bounded) + likelihood * sum(each.logprob for each in node.path())
