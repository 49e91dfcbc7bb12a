"""Accuracy at equal budgets of generated tokens: is a search better than more samples at the same cost?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table
from rich.text import Text

from agents.reporting.comparison import Row
from agents.reporting.table import interval_text


@dataclass(frozen=True, slots=True)
class Point:
    """An agent at one budget.

    Attributes:
        budget: generated tokens per problem.
        row: what it did there; None where it cannot work for so little, or has not begun.
    """

    budget: int
    row: Row | None


@dataclass(frozen=True, slots=True)
class Curve:
    """An agent at all budgets.

    Attributes:
        agent: the agent as asked for, without the option that the budgets set.
        points: in order of budgets.
    """

    agent: str
    points: tuple[Point, ...]

    @property
    def rows(self) -> list[Row]:
        """What there is to draw, each once, in order of budgets."""
        rows = {point.row.agent: point.row for point in self.points if point.row is not None}
        return [row for row in rows.values() if row.accuracy.total]

    def to_json(self) -> list[dict[str, Any]]:
        """Return one plain record a budget."""
        return [
            {
                "agent": self.agent,
                "budget": point.budget,
                "setting": point.row.agent if point.row else None,
                "generated_tokens": point.row.per_problem["generated_tokens"] if point.row else None,
                "accuracy": point.row.accuracy.to_json() if point.row else None,
                "any_of": point.row.any_of.to_json() if point.row and point.row.any_of else None,
            }
            for point in self.points
        ]


def budget_table(curves: Sequence[Curve]) -> Table:
    """Return one line an agent, one column a budget: accuracy, and below it the setting and what it spent."""
    table = Table(title="accuracy % at equal budgets of generated tokens", title_justify="left", title_style="bold")
    table.add_column("agent", no_wrap=True, header_style="bold")
    for point in curves[0].points if curves else ():
        table.add_column(f"{point.budget:,} tokens", justify="right", no_wrap=True, header_style="bold")
    for curve in curves:
        table.add_row(Text(curve.agent), *(Text(_cell(point.row)) for point in curve.points))
    table.caption = "below: the largest setting that fits, and the tokens per problem that it spent; - where none fits"
    table.caption_justify = "left"
    return table


def _cell(row: Row | None) -> str:
    if row is None:
        return "-"
    return f"{interval_text(row.accuracy)}\n{row.agent}: {row.per_problem['generated_tokens']:,.0f}"
