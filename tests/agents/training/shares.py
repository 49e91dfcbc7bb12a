"""Work for processes of the tests, in a file that imports nothing slow."""

import os
from collections.abc import Sequence

from agents.processes import own_place
from agents.training.workers import Send


def squares(numbers: Sequence[int], send: Send) -> None:
    for number in numbers:
        if number < 0:
            raise ValueError(f"{number} is negative")
        send((number * number, os.getpid()))


def dies(numbers: Sequence[int], send: Send) -> None:
    send(numbers[0])
    os._exit(1)


def places(share: Sequence[int], send: Send) -> None:
    """Send this process' place for each thing."""
    for _ in share:
        send(own_place())
