"""The picture of a comparison: accuracy against generated tokens."""

import io
import os
from collections.abc import Sequence

from agents.reporting.comparison import Row
from agents.reporting.files import write_bytes


def save_accuracy_picture(path: str | os.PathLike[str], rows: Sequence[Row], *, title: str = "") -> None:
    """Draw accuracy (with 95 % intervals) against generated tokens per problem, and write it as PNG.

    Agents without an outcome are left out. Needs no display.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter

    figure = Figure(figsize=(7.5, 5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    drawn = [row for row in rows if row.accuracy.total]
    for number, row in enumerate(drawn):
        accuracy = row.accuracy
        x, y = max(row.generated_tokens, 1.0), 100 * accuracy.mean
        reach = [[max(y - 100 * accuracy.low, 0.0)], [max(100 * accuracy.high - y, 0.0)]]
        axes.errorbar([x], [y], yerr=reach, fmt="o", capsize=3, color=f"C{number % 10}")
        label = row.agent + (" (partial)" if row.partial else "")
        below = y > 90  # there the label would leave the frame
        axes.annotate(
            label, (x, y), xytext=(7, -12 if below else 5), textcoords="offset points", color=f"C{number % 10}"
        )
    if drawn:
        axes.set_xscale("log")
        for of_ticks in (axes.xaxis.set_major_formatter, axes.xaxis.set_minor_formatter):
            of_ticks(FuncFormatter(lambda tokens, _: f"{tokens:,.0f}"))
        axes.margins(x=0.15)
    axes.set(xlabel="generated tokens per problem", ylabel="problems solved (%)", ylim=(-2, 102), title=title)
    axes.grid(alpha=0.3)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=150)
    write_bytes(path, buffer.getvalue())
