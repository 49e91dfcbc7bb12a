"""How tokens are drawn."""

import numpy as np
import pytest
import torch

from agents.inference.rows import draw_uniforms, sample


def grid(side: int) -> torch.Tensor:
    """Numbers that cover the unit square evenly. [side * side, 2]"""
    points = (torch.arange(side) + 0.5) / side
    return torch.cartesian_prod(points, points)


@pytest.mark.parametrize("vocabulary", [7, 64, 403])
@pytest.mark.parametrize("temperature", [1.0, 0.6])
def test_tokens_come_as_often_as_they_are_probable(vocabulary: int, temperature: float) -> None:
    torch.manual_seed(vocabulary)
    logits = 2 * torch.randn(vocabulary)
    uniforms = grid(200)
    rows = len(uniforms)
    tokens, logprobs = sample(logits.expand(rows, -1), torch.full((rows,), temperature), uniforms)
    shares = torch.bincount(tokens, minlength=vocabulary) / rows
    # Each of the two numbers is on a grid of 1/200, so a share is off by at most that of its part and of itself.
    assert torch.allclose(shares, (logits / temperature).softmax(0), atol=1e-2)
    assert torch.allclose(logprobs, logits.log_softmax(0)[tokens], atol=1e-4)


def test_impossible_tokens_are_never_drawn_not_even_at_the_edges() -> None:
    logits = torch.full((1403,), -1e4)
    possible = [5, 700, 1389]
    logits[possible] = torch.tensor([0.0, 1.0, -20.0])
    edges = torch.tensor([0.0, 1e-7, 0.5, 1 - 2**-24])
    uniforms = torch.cartesian_prod(edges, edges)
    tokens, _ = sample(logits.expand(16, -1), torch.ones(16), uniforms)
    assert set(tokens.tolist()) <= set(possible)


def test_temperature_zero_takes_the_most_probable_token_beside_rows_that_sample() -> None:
    logits = torch.randn(3, 100)
    uniforms = torch.rand(3, 2)
    tokens, _ = sample(logits, torch.tensor([0.0, 1.0, 0.0]), uniforms)
    assert tokens[[0, 2]].tolist() == logits[[0, 2]].argmax(-1).tolist()
    alone, _ = sample(logits[1:2], torch.ones(1), uniforms[1:2])
    assert tokens[1] == alone[0]


def test_a_shorter_draw_is_the_beginning_of_a_longer_one() -> None:
    assert np.array_equal(draw_uniforms(3, 11, 8), draw_uniforms(3, 11, 20)[:, :8])
    assert not np.array_equal(draw_uniforms(3, 11, 8)[0], draw_uniforms(3, 11, 8)[1])
