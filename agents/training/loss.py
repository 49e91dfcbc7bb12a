"""The joint loss of policy and value (paper, section 3.3).

    L = NLL(sampled tokens of right paths) + beta * mean squared error of V at the labelled steps of all paths

The first is a mean over tokens, the second a mean over steps, each over the whole batch that one
update sees: with gradient accumulation the counts of all its parts are passed in, so cutting a batch changes nothing.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from agents.model.policy_value import predicting

IGNORE = -100
"""No label here: a masked token, or a position that is not the end of a step."""


@dataclass(frozen=True, slots=True)
class JointLoss:
    """The loss and its parts, scalars: total = policy + beta * value."""

    total: Tensor
    policy: Tensor
    value: Tensor


def joint_loss(
    logits: Tensor,
    values: Tensor,
    labels: Tensor,
    targets: Tensor,
    *,
    beta: float,
    tokens: Tensor | None = None,
    steps: Tensor | None = None,
) -> JointLoss:
    """Return the joint loss. B rows, T tokens, V vocabulary, M token labels.

    Args:
        logits: those before the token labels alone, in order, [M, V], or of all positions, [B, T, V]
        values: V at every position, in [-1, 1]. [B, T]
        labels: token that stands at each position where the policy is to learn it, else `IGNORE`. [B, T]
        targets: value target at the last token of each step, in [-1, 1], else `IGNORE`. [B, T]
        beta: weight of the value loss, at least 0.
        tokens: number of token labels to divide by; those of this batch by default.
        steps: number of value targets to divide by; those of this batch by default.
    """
    learned = labels[:, 1:][labels[:, 1:] != IGNORE]
    predictions = logits[predicting(labels != IGNORE)] if logits.dim() == 3 else logits
    nll = functional.cross_entropy(predictions.float(), learned, reduction="sum")
    labelled = targets != IGNORE
    squared = (values[labelled].float() - targets[labelled]).square().sum()
    # A batch of wrong paths alone has no token to learn; its policy loss is 0, not 0 / 0.
    policy = nll / (labels.new_tensor(len(learned)) if tokens is None else tokens).clamp(min=1)
    value = squared / (labelled.sum() if steps is None else steps).clamp(min=1)
    return JointLoss(policy + beta * value, policy.detach(), value.detach())


def count_labels(labels: Tensor, targets: Tensor) -> Tensor:
    """Return how many (tokens, steps) carry a label, as `joint_loss` counts them."""
    return torch.stack([(labels[:, 1:] != IGNORE).sum(), (targets != IGNORE).sum()])
