"""Replicas: processes of one machine that make the same updates, each from its share of every batch.

Gradients are averaged over the replicas (`torch.distributed`, gloo), so that all hold the same weights all the time.
On small matrices two processes of one thread do nearly twice the work of one, and one process of two threads does not.
"""

import multiprocessing
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from torch import Tensor, distributed, nn

from agents.processes import interrupts_ignored

Argument = TypeVar("Argument")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Replica:
    """One of `count` replicas; the first, number 0, writes the files."""

    rank: int = 0
    count: int = 1

    def average_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Replace the gradients by their means over the replicas; waits for all of them."""
        if self.count == 1:
            return
        gradients: list[Tensor] = [each.grad for each in parameters if each.grad is not None]
        flat = nn.utils.parameters_to_vector(gradients)
        distributed.all_reduce(flat)
        nn.utils.vector_to_parameters(flat / self.count, gradients)


def replicate(work: Callable[[Argument, Replica], Result], argument: Argument, count: int) -> Result:
    """Run `work(argument, replica)` as `count` replicas, the first of them here, and return what that one returns.

    Args:
        work: an importable function.
        argument: its argument, picklable.
        count: replicas, at least 1.

    Raises:
        RuntimeError: another replica died.
    """
    if count == 1:
        return work(argument, Replica())
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        meeting = f"file://{folder}/replicas"
        with interrupts_ignored():  # the first replica decides; the others end with it
            others = [
                context.Process(target=_join, args=(work, argument, Replica(rank, count), meeting))
                for rank in range(1, count)
            ]
            for each in others:
                each.start()
        try:
            return _join(work, argument, Replica(0, count), meeting)
        finally:
            for each in others:
                each.join(timeout=1)
                each.kill()
                each.join()


def _join(work: Callable[[Argument, Replica], Result], argument: Argument, replica: Replica, meeting: str) -> Result:
    distributed.init_process_group("gloo", init_method=meeting, rank=replica.rank, world_size=replica.count)
    try:
        return work(argument, replica)
    finally:
        distributed.destroy_process_group()
