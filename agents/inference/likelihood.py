"""How likely the policy finds the steps of a path, where V reads it.

Of a step that was sampled here that is known. The tokens of one that came from elsewhere (from a text, another model,
or out of a cache that had no room for it) must be computed, each with the logits before it.

Letters of shapes: M tokens, V vocabulary.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from agents.inference.prefixes import Segment
from agents.model.policy_value import log_probabilities


def action_positions(pieces: Sequence[Sequence[int]]) -> list[int]:
    """Return the positions, in the whole path, of all tokens of its actions: every second part after the question."""
    edges = np.cumsum([0, *map(len, pieces)]).tolist()
    return [at for number in range(1, len(pieces), 2) for at in range(edges[number], edges[number + 1])]


class Unrated:
    """The actions of a path whose likelihood must be computed.

    Args:
        path: all segments of the path.

    Attributes:
        begin: position of the first of their tokens, None where all are known.
    """

    def __init__(self, path: Sequence[Segment]) -> None:
        self._left: list[tuple[Segment, int]] = []  # with the position where it begins
        end = 0
        for number, segment in enumerate(path):
            begin, end = end, end + len(segment.tokens)
            if number % 2 and segment.logprob is None:
                self._left.append((segment, begin))
        self._logprobs = dict[int, float]()
        self.begin = self._left[0][1] if self._left else None

    def within(self, begin: int, end: int) -> dict[int, int]:
        """Return the positions from `begin` up to `end` at which their tokens are predicted, with these tokens."""
        return {
            first + number - 1: token
            for segment, first in self._left
            for number, token in enumerate(segment.tokens)
            if begin <= first + number - 1 < end
        }

    def learn(self, asked: dict[int, int], logits: Tensor) -> None:
        """Take in the logits [M, V] at what `within` returned; a whole action's likelihood stays on its segment."""
        tokens = torch.tensor(list(asked.values()), device=logits.device)
        self._logprobs.update(zip(asked, log_probabilities(logits, tokens).tolist(), strict=True))
        for segment, first in self._left:
            places = range(first - 1, first - 1 + len(segment.tokens))
            if segment.logprob is None and self._logprobs.keys() >= set(places):
                segment.logprob = sum(self._logprobs[at] for at in places)


def likelihoods_of(paths: Sequence[Sequence[Segment]], device: torch.device) -> Tensor:
    """Return l, log pi of all actions of each path, in nats. [P]."""
    return torch.tensor([sum(each.logprob or 0.0 for each in path[1::2]) for path in paths], device=device)
