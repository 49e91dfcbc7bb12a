"""Replicas: gradients are averaged, and one that dies takes the others with it."""

import os

import pytest
import torch
from torch import nn

from agents.training.replicas import Replica, replicate


def averaged(offset: float, replica: Replica) -> list[list[float]]:
    first, second, unused = (nn.Parameter(torch.zeros(size)) for size in (2, 3, 1))
    first.grad = torch.full((2,), offset + replica.rank)
    second.grad = torch.arange(3.0) * (replica.rank + 1)
    replica.average_gradients([first, second, unused])
    return [first.grad.tolist(), second.grad.tolist()]


def test_gradients_are_means_over_the_replicas() -> None:
    assert replicate(averaged, 10.0, 1) == [[10.0, 10.0], [0.0, 1.0, 2.0]]
    assert replicate(averaged, 10.0, 3) == [[11.0, 11.0], [0.0, 2.0, 4.0]]


def dying(victim: int, replica: Replica) -> None:
    if replica.rank == victim:
        os._exit(3)
    weight = nn.Parameter(torch.zeros(1))
    weight.grad = torch.zeros(1)
    replica.average_gradients([weight])


def test_a_replica_that_dies_ends_the_run() -> None:
    with pytest.raises(RuntimeError):
        replicate(dying, 1, 2)


def failing(victim: int, replica: Replica) -> None:
    if replica.rank == victim:
        raise ValueError("the first replica fails")
    weight = nn.Parameter(torch.zeros(1))
    weight.grad = torch.zeros(1)
    replica.average_gradients([weight])


def test_an_error_here_is_raised_here_and_leaves_no_process() -> None:
    import multiprocessing

    with pytest.raises(ValueError, match="the first replica fails"):
        replicate(failing, 0, 2)
    assert not multiprocessing.active_children()
