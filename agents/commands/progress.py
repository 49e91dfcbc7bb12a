"""Progress of a comparison on stderr: a bar per agent with its running accuracy, or a line per agent in a log."""

import sys
from collections.abc import Callable, Sequence

from rich import progress
from rich.markup import escape

from agents.commands.terminal import progress_output


class Progress:
    """A context that shows how far agents are.

    Attributes:
        labels: the agents, to come or at work.
        expected: outcomes of an agent that has finished.
    """

    def __init__(self, labels: Sequence[str], expected: int) -> None:
        self.labels = labels
        self.expected = expected
        self._console = progress_output()
        self._width = max(map(len, labels), default=0)
        self._bars = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TextColumn("{task.fields[accuracy]}"),
            progress.TimeElapsedColumn(),
            progress.TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )

    def __enter__(self) -> "Progress":
        self._bars.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bars.stop()

    def begin(self, label: str) -> Callable[[bool], None]:
        """Add an agent's bar; return what to call after each of its outcomes, with whether it was right."""
        task = self._bars.add_task(escape(label.ljust(self._width)), total=self.expected, accuracy="")
        done = solved = 0

        def report(correct: bool) -> None:
            nonlocal done, solved
            done, solved = done + 1, solved + correct
            self._bars.update(task, completed=done, accuracy=f"{100 * solved / done:5.1f} %")
            if not self._console.is_terminal and done == self.expected:
                print(f"{label.ljust(self._width)}  {solved}/{done} solved", file=sys.stderr, flush=True)

        return report
