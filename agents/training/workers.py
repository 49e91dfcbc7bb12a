"""Several processes that share a list of things to do, while this one alone writes what comes of it.

    spread(work, things, on_result, workers=2)

Each share goes to a process of its own, which sends results as they come. What a result is depends on the thing alone
(its seed is its own), so the files are those of one process, up to the order of lines; and since each result is written
as it arrives, a run that is stopped loses only what was under way. Where this process is killed outright, the others
end with the next result that they cannot send.
"""

import gc
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from agents.commands.errors import innermost
from agents.processes import Place, Worker, interrupts_ignored, started, take_place, told_of_death

T = TypeVar("T")

Send = Callable[[Any], None]
"""Hands a result over."""

Work = Callable[[Sequence[T], Send], None]
"""Does a share of the things, one result after another; picklable."""

_DONE = "done"


def spread(work: Work[T], things: Sequence[T], on_result: Send, *, workers: int) -> None:
    """Do all things: in this process where `workers` is 1, else in that many others, dealt out in turn.

    Args:
        work: does a share of them.
        things: what there is to do; there may be none.
        on_result: called in this process, with each result, in order of arrival.
        workers: processes, at least 1.

    Raises:
        RuntimeError: a process died, or its work raised.
    """
    if workers == 1:
        work(things, on_result)
        gc.collect()  # an engine or trees in a cycle would keep memory, of a GPU too, from what comes next
    elif things:
        in_processes(work, shares_of(things, workers), on_result)


def in_processes(work: Work[T], shares: Sequence[Sequence[T]], on_result: Send) -> None:
    """Let one process do each share; return when all are done.

    Args:
        work: what each process does.
        shares: what there is to do, part by part.
        on_result: called in this process, with each result, in order of arrival.

    Raises:
        RuntimeError: a process died, or its work raised.
    """
    workers: list[Worker] = []
    try:
        with interrupts_ignored():
            for number, share in enumerate(shares):
                workers.append(started(_serve, work, share, Place(number, len(shares))))
        _receive([worker.pipe for worker in workers], on_result)
    finally:
        for worker in workers:
            worker.process.terminate()
            worker.process.join()


def shares_of(things: Sequence[T], count: int) -> list[Sequence[T]]:
    """Deal things out in turn into at most `count` shares, none of them empty."""
    return [things[place::count] for place in range(min(count, len(things)))]


def _receive(pipes: list[Connection], on_result: Send) -> None:
    working = list(pipes)
    while working:
        for pipe in wait(working):
            assert isinstance(pipe, Connection)
            with told_of_death():
                kind, content = pipe.recv()
            if kind == _DONE:
                working.remove(pipe)
                if content is not None:
                    raise RuntimeError(f"a worker process failed: {content}")
            else:
                on_result(content)


def _serve(pipe: Connection, work: Work[T], share: Sequence[T], place: Place) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    take_place(place)
    fault = None
    try:
        work(share, lambda result: pipe.send(("result", result)))
    except BaseException as error:
        cause = innermost(error)
        fault = f"{type(cause).__name__}: {cause}"
    with suppress(BrokenPipeError):  # nobody is left to be told
        pipe.send((_DONE, fault))
