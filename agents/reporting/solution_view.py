"""One step of a solution in the terminal: its words, its code, what that printed."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.text import Text

from agents.reporting.text import printable
from amz_env.steps import Step

SHOWN = 2_000
"""Characters of words or of an output that are shown; a model or a program may write a great many."""


def step_view(step: Step, observation: str | None = None, *, failed: bool = False) -> RenderableType:
    """Return a step, indented.

    Args:
        step: the step as it was read.
        observation: what its code printed, None where no code ran.
        failed: whether the code failed.
    """
    parts: list[RenderableType] = [Text(_cut(step.text))] if step.text else []
    if step.code is not None:
        highlighted = Syntax("", "python", background_color="default").highlight(printable(step.code))
        highlighted.rstrip()
        parts.extend(Text("| ", style="dim") + line for line in highlighted.split("\n", allow_blank=True))
    if observation is not None:
        style = "red" if failed else "green"
        parts.extend(Text(f"> {line}", style=style) for line in _shown(observation).split("\n"))
    if step.fault is not None:
        parts.append(Text(f"not a step: {step.fault}", style="red"))
    if step.answer is not None:
        parts.append(Text.assemble(("Answer: ", "bold"), (printable(step.answer), "bold")))
    return Padding(Group(*parts), (0, 0, 0, 2))


def _shown(observation: str) -> str:
    return _cut(observation).strip() or "(no output)"


def _cut(text: str) -> str:
    text = printable(text)
    if len(text) <= SHOWN:
        return text
    half = SHOWN // 2
    return f"{text[:half]} ... [{len(text) - SHOWN:,} characters] ... {text[-half:]}"
