"""Progress of a run on stderr: a bar a stage with an estimate of the time left, or in a log, a line for each tenth."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class Advance(Protocol):
    """Tells a stage what has been finished."""

    def __call__(self, count: int, note: str = "") -> None:
        """Count what has been finished since the last call; the note, where there is one, is shown beside."""


@contextmanager
def stage(title: str, total: int, done: int = 0) -> Iterator[Advance]:
    """Show a stage; yield what to call with the number of things that have been finished since the last call.

    What an earlier run did took no time of this one: the estimate counts from where this run began.

    Args:
        title: what is being done.
        total: things to do.
        done: things that were done in an earlier run.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        print(f"{title}: {total - done} to do, {done} done before", file=sys.stderr, flush=True)
        yield _lines(title, total - done)
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, TimeRemainingColumn(), console=console) as bars:
        task = bars.add_task(title, total=total - done)

        def advance(count: int, note: str = "") -> None:
            bars.update(task, advance=count, description=f"{title} {note}".strip())

        yield advance


def _lines(title: str, total: int) -> Advance:
    start, finished, tenth = time.monotonic(), 0, 0

    def advance(count: int, note: str = "") -> None:
        nonlocal finished, tenth
        finished += count
        if finished * 10 // total > tenth:
            tenth = finished * 10 // total
            seconds = time.monotonic() - start
            left = timedelta(seconds=round(seconds * (total - finished) / finished))
            passed = timedelta(seconds=round(seconds))
            line = f"{title}: {finished} of {total} in {passed}, {left} left"
            print(f"{line}; {note}" if note else line, file=sys.stderr, flush=True)

    return advance
