"""Comparison tables for the terminal."""

from collections.abc import Iterable, Sequence
from itertools import chain

from rich.table import Table
from rich.text import Text

from agents.reporting.comparison import Accuracy, Row


def comparison_table(rows: Sequence[Row], *, title: str = "") -> Table:
    """Return one line per agent: accuracy with its interval, what was solved, and what it cost per problem."""
    table = Table(title=title or None, title_justify="left", title_style="bold", header_style="bold")
    table.add_column("agent", no_wrap=True)
    table.add_column("accuracy % [95% interval]", justify="right", no_wrap=True)
    table.add_column("solved", justify="right", no_wrap=True)
    table.add_column("generated\ntokens", justify="right", no_wrap=True)
    table.add_column("prefilled\ntokens", justify="right", no_wrap=True)
    table.add_column("model\ncalls", justify="right", no_wrap=True)
    table.add_column("seconds", justify="right", no_wrap=True)
    remarks = any(remarks_of(row) for row in rows)
    if remarks:
        table.add_column("remarks")
    for row in rows:
        cells = [
            row.agent,
            interval_text(row.accuracy),
            f"{row.accuracy.solved}/{row.accuracy.total}",
            *(_number(mean) for mean in (row.generated_tokens, row.prefilled_tokens, row.model_calls, row.seconds)),
        ]
        table.add_row(*map(Text, cells), *([Text(remarks_of(row))] if remarks else []))
    table.caption = "tokens, calls and seconds are per problem; seconds are of the whole run, divided"
    table.caption_justify = "left"
    return table


def breakdown_table(rows: Sequence[Row]) -> Table:
    """Return accuracy in percent by source and by level, one line per agent."""
    sources = sorted(set(chain.from_iterable(row.by_source for row in rows)))
    levels = sorted(set(chain.from_iterable(row.by_level for row in rows)))
    counts = {f"level {level}": _count(row.by_level.get(level) for row in rows) for level in levels}
    counts = {source: _count(row.by_source.get(source) for row in rows) for source in sources} | counts
    table = Table(title="accuracy %", title_justify="left", title_style="bold", header_style="bold")
    table.add_column("agent", no_wrap=True)
    for name, count in counts.items():
        table.add_column(f"{name}\n(n={count})", justify="right")
    for row in rows:
        cells = [row.by_source.get(source) for source in sources] + [row.by_level.get(level) for level in levels]
        table.add_row(Text(row.agent), *("-" if cell is None else f"{100 * cell.mean:.0f}" for cell in cells))
    return table


def interval_text(accuracy: Accuracy) -> str:
    """Return accuracy and interval in percent, as ``62.5 [47.0, 75.8]``; a dash of none."""
    if not accuracy.total:
        return "-"
    return f"{100 * accuracy.mean:.1f} [{100 * accuracy.low:.1f}, {100 * accuracy.high:.1f}]"


def remarks_of(row: Row) -> str:
    """Return what else a reader must know of a row: what was not answered, not decided, broken or not finished."""
    counts = {"without answer": row.unanswered, "not decidable": row.unknown, "broken": row.errors}
    parts = [f"{count} {what}" for what, count in counts.items() if count]
    if row.partial:
        parts.append(f"partial: {row.accuracy.total} of {row.expected}")
    return ", ".join(parts)


def _count(cells: Iterable[Accuracy | None]) -> int:
    return max((cell.total for cell in cells if cell is not None), default=0)


def _number(mean: float) -> str:
    return f"{mean:,.0f}" if mean >= 100 else f"{mean:.1f}" if mean >= 10 else f"{mean:.2f}"
