import math

import pytest
import torch

from agents.model.policy_value import logits_at, predicting
from agents.training.loss import IGNORE, count_labels, joint_loss
from tests.tiny import tiny_model


def batch() -> tuple[torch.Tensor, ...]:
    """Two rows of three tokens over a vocabulary of two; row 0 is a right path, row 1 a wrong one."""
    logits = torch.zeros(2, 3, 2)
    logits[0, 0] = torch.tensor([math.log(3.0), 0.0])  # token 0 with probability 3/4
    logits[0, 1] = torch.tensor([0.0, math.log(4.0)])  # token 1 with probability 4/5
    values = torch.tensor([[0.9, 0.2, 0.5], [0.3, -0.5, 0.1]])
    labels = torch.tensor([[IGNORE, 0, 1], [IGNORE, IGNORE, IGNORE]])
    targets = torch.tensor([[IGNORE, 0.6, 1.0], [IGNORE, IGNORE, -1.0]])
    return logits, values, labels, targets


def test_equals_the_loss_worked_by_hand() -> None:
    loss = joint_loss(*batch(), beta=0.1)
    nll = (math.log(4 / 3) + math.log(5 / 4)) / 2
    squared = ((0.2 - 0.6) ** 2 + (0.5 - 1.0) ** 2 + (0.1 + 1.0) ** 2) / 3
    assert loss.policy.item() == pytest.approx(nll)
    assert loss.value.item() == pytest.approx(squared)
    assert loss.total.item() == pytest.approx(nll + 0.1 * squared)


def test_wrong_paths_and_masked_tokens_carry_no_policy_loss() -> None:
    logits, values, labels, targets = batch()
    logits.requires_grad_(True)
    values.requires_grad_(True)
    joint_loss(logits, values, labels, targets, beta=0.1).total.backward()
    assert logits.grad is not None and values.grad is not None
    assert logits.grad[1].abs().max() == 0.0
    assert logits.grad[0, 2].abs().max() == 0.0  # predicts beyond the end
    assert logits.grad[0, :2].abs().min() > 0.0
    assert values.grad[1, 2] != 0.0  # but the wrong path teaches the value
    assert torch.equal(values.grad != 0.0, targets != IGNORE)


@pytest.mark.parametrize("family", ["llama", "gpt2", "gpt_neox"])
def test_logits_at_the_wanted_positions_alone_are_those_of_all(family: str) -> None:
    lm = tiny_model(family).lm
    ids = torch.arange(5, 17).reshape(2, 6)
    labels = torch.full((2, 6), IGNORE)
    labels[0, 2:4] = ids[0, 2:4]
    labels[1, 5] = ids[1, 5]
    wanted = predicting(labels != IGNORE)
    assert wanted.nonzero().tolist() == [[0, 1], [0, 2], [1, 4]]
    whole = lm(ids).logits
    with logits_at(lm, wanted):
        few = lm(ids).logits
    torch.testing.assert_close(few, whole[wanted])
    assert lm(ids).logits.shape == whole.shape
    values, targets = torch.zeros(2, 6), torch.zeros(2, 6)
    losses = [joint_loss(logits, values, labels, targets, beta=1.0).total for logits in (few, whole)]
    torch.testing.assert_close(*losses)
    with logits_at(lm, torch.zeros_like(wanted)):
        none = lm(ids).logits
    assert joint_loss(none, values, torch.full((2, 6), IGNORE), targets, beta=1.0).policy == 0.0


def test_a_batch_of_wrong_paths_alone_has_a_finite_loss() -> None:
    logits, values, labels, targets = (part[1:].requires_grad_(part.is_floating_point()) for part in batch())
    loss = joint_loss(logits, values, labels, targets, beta=0.5)
    loss.total.backward()
    assert loss.policy.item() == 0.0
    assert loss.total.item() == pytest.approx(0.5 * 1.1**2)
    assert logits.grad is not None and not logits.grad.isnan().any()


def test_cutting_a_batch_changes_nothing_when_the_counts_are_passed_in() -> None:
    whole = joint_loss(*batch(), beta=0.3).total
    tokens, steps = count_labels(*batch()[2:])
    rows = [[part[row : row + 1] for part in batch()] for row in (0, 1)]
    parts = [joint_loss(*row, beta=0.3, tokens=tokens, steps=steps).total for row in rows]
    assert (tokens, steps) == (2, 3)
    assert sum(parts).item() == pytest.approx(whole.item())
    apart = [joint_loss(*row, beta=0.3).total for row in rows]
    assert (sum(apart) / 2).item() != pytest.approx(whole.item())  # the mean of means would be another loss
