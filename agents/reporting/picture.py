"""Pictures of a comparison: accuracy against generated tokens."""

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from agents.reporting.comparison import Row
from agents.reporting.curves import Curve
from agents.reporting.files import write_bytes


def save_accuracy_picture(path: str | os.PathLike[str], rows: Sequence[Row], *, title: str = "") -> None:
    """Draw accuracy (with 95 % intervals) against generated tokens per problem, and write it as PNG.

    Agents without an outcome are left out. Needs no display.
    """
    drawn = [row for row in rows if row.accuracy.total]
    with _picture(path, title, log=bool(drawn)) as axes:
        for number, row in enumerate(drawn):
            color = f"C{number % 10}"
            x, y = _draw(axes, [row], color)[0]
            label = row.agent + (" (partial)" if row.partial else "")
            below = y > 90  # there the label would leave the frame
            offset = (7, -12 if below else 5)
            axes.annotate(label, (x, y), xytext=offset, textcoords="offset points", color=color)


def save_budget_picture(path: str | os.PathLike[str], curves: Sequence[Curve], *, title: str = "") -> None:
    """Draw one line an agent: accuracy (with 95 % intervals) against the tokens it spent at each budget, as PNG.

    The budgets are dotted lines. Agents without an outcome are left out.
    """
    drawn = [curve for curve in curves if curve.rows]
    with _picture(path, title, log=bool(drawn)) as axes:
        for number, curve in enumerate(drawn):
            _draw(axes, curve.rows, f"C{number % 10}", fmt="o-", label=curve.agent)
        for budget in {point.budget for curve in drawn for point in curve.points}:
            axes.axvline(budget, color="0.7", linestyle=":", zorder=0)
        if drawn:
            axes.legend()


def _draw(axes: Any, rows: Sequence[Row], color: str, **style: Any) -> list[tuple[float, float]]:
    """Draw rows as points with intervals, and return where they are."""
    places = [(max(row.per_problem["generated_tokens"], 1.0), 100 * row.accuracy.mean) for row in rows]
    lower = [max(y - 100 * row.accuracy.low, 0.0) for row, (_, y) in zip(rows, places, strict=True)]
    upper = [max(100 * row.accuracy.high - y, 0.0) for row, (_, y) in zip(rows, places, strict=True)]
    xs, ys = [x for x, _ in places], [y for _, y in places]
    axes.errorbar(xs, ys, yerr=[lower, upper], capsize=3, color=color, **({"fmt": "o"} | style))
    return places


@contextmanager
def _picture(path: str | os.PathLike[str], title: str, *, log: bool) -> Iterator[Any]:
    """Give axes of accuracy against tokens, and write what was drawn on them."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    with rc_context({"text.parse_math": False}):  # the names of agents and files may hold dollar signs
        figure = Figure(figsize=(7.5, 5), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        yield axes
        if log:
            axes.set_xscale("log")
            axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 3, 5)))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda tokens, _: f"{tokens:,.0f}"))
            axes.xaxis.set_minor_formatter(NullFormatter())
            axes.margins(x=0.15)
        axes.set(xlabel="generated tokens per problem", ylabel="problems solved (%)", ylim=(-2, 102), title=title)
        axes.grid(alpha=0.3)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=150)
    write_bytes(path, buffer.getvalue())
