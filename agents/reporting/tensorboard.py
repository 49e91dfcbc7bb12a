"""A comparison as TensorBoard runs, one per agent: scalars, hyper-parameters, a few solutions as text."""

import os
import re
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from agents.reporting.comparison import Row
from agents.reporting.curves import Curve
from agents.reporting.outcome import Outcome

SOLUTIONS_SHOWN = 4


def write_run(
    directory: str | os.PathLike[str], row: Row, outcomes: Sequence[Outcome], settings: Mapping[str, Any]
) -> Path:
    """Write one agent's run below `directory` and return where.

    Scalars under ``compare/`` and ``run/`` are the row's; ``progress/accuracy`` is the running accuracy by problems
    finished; ``by_level/accuracy`` has the level as its step.

    Args:
        directory: the TensorBoard log directory.
        row: the agent's row.
        outcomes: its outcomes, in order of finishing.
        settings: hyper-parameters; values that TensorBoard cannot hold are written as text.
    """
    from torch.utils.tensorboard import SummaryWriter

    run = Path(directory) / run_name(row.agent)
    metrics = metrics_of(row)
    with SummaryWriter(str(run)) as writer:
        for number, solved in enumerate(accumulate(each.correct for each in outcomes), 1):
            writer.add_scalar("progress/accuracy", solved / number, number)
        for level, accuracy in row.by_level.items():
            writer.add_scalar("by_level/accuracy", accuracy.mean, level)
        for number, outcome in enumerate(_chosen(outcomes)):
            writer.add_text("solutions", solution_markdown(outcome), number)
        plain = {name: _plain(value) for name, value in settings.items()}
        writer.add_hparams(plain, metrics, run_name=".")  # writes the scalars too; "." keeps them in this run
    return run


def write_curve(directory: str | os.PathLike[str], curve: Curve) -> Path:
    """Write an agent's accuracy at budgets below `directory`, with the budget as the step, and return where."""
    from torch.utils.tensorboard import SummaryWriter

    run = Path(directory) / f"budgets-{run_name(curve.agent)}"
    with SummaryWriter(str(run)) as writer:
        for point in curve.points:
            if point.row is not None and point.row.accuracy.total:
                writer.add_scalar("budgets/accuracy", point.row.accuracy.mean, point.budget)
                writer.add_scalar("budgets/generated_tokens", point.row.per_problem["generated_tokens"], point.budget)
    return run


def metrics_of(row: Row) -> dict[str, float]:
    """Return the scalars of a row by their TensorBoard names: ``compare/`` per problem, ``run/`` of the whole run."""
    measured = {
        "accuracy": row.accuracy.mean,
        "accuracy_low": row.accuracy.low,
        "accuracy_high": row.accuracy.high,
        "any_of": row.any_of.mean if row.any_of is not None else None,
        "answers": row.answers,
        **row.per_problem,
        "mean_rows": row.mean_rows,
        "unknown_grades": float(row.unknown),
    }
    run = {**row.spent, "wall_seconds": row.wall_seconds}
    return {f"compare/{name}": value for name, value in measured.items() if value is not None} | {
        f"run/{name}": float(value) for name, value in run.items()
    }


def solution_markdown(outcome: Outcome) -> str:
    """Return a solution as Markdown: the verdict, and the text where tags and line ends stay as they are."""
    reference = outcome.reference if isinstance(outcome.reference, str) else " or ".join(outcome.reference)
    text = outcome.solution or outcome.question
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=2))
    head = f"**{outcome.status}**: answered {outcome.answer!r}, reference {reference!r}, V = {outcome.value:.2f}"
    return f"{head}  \n{outcome.id}\n\n{fence}text\n{text}\n{fence}"


def run_name(agent: str) -> str:
    """Return an agent's label as the name of a directory."""
    return re.sub(r"[^\w.,@()=-]+", "_", agent).strip(".") or "agent"


def _chosen(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return a few outcomes, right and wrong ones in turn."""
    right = [each for each in outcomes if each.correct]
    wrong = [each for each in outcomes if not each.correct]
    half = SOLUTIONS_SHOWN // 2
    few = [*right[: max(half, SOLUTIONS_SHOWN - len(wrong))], *wrong[: max(half, SOLUTIONS_SHOWN - len(right))]]
    return few[:SOLUTIONS_SHOWN]


def _plain(value: Any) -> bool | int | float | str:
    return value if isinstance(value, bool | int | float | str) else str(value)
