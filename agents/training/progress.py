"""Progress of a run on stderr: one bar a stage with an estimate of the time left, or one line a stage in a log."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


@contextmanager
def stage(title: str, total: int, done: int = 0) -> Iterator[Callable[[int], None]]:
    """Show a stage; yield what to call with the number of things that have been finished since the last call.

    Args:
        title: what is being done.
        total: things to do.
        done: things that were done in an earlier run.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        print(f"{title}: {total - done} to do, {done} done before", file=sys.stderr, flush=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    # What an earlier run did took no time of this one: the estimate counts from where this run began.
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task(title, total=total - done)
        yield lambda count: bars.advance(task, count)
