"""Comparison tables for the terminal."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from rich.table import Table
from rich.text import Text

from agents.reporting.comparison import SPENT, Accuracy, Row

Groups = Mapping[Any, Accuracy]
"""A measure by source or by level."""


def comparison_table(rows: Sequence[Row], *, title: str = "") -> Table:
    """Return one line per agent: accuracy with its interval, any-of-N, tokens and time."""
    table = _table(title)
    for heading in ("accuracy % [95% interval]", "solved", "any of\nN %", "N", "generated\ntokens", "seconds"):
        table.add_column(heading, justify="right", no_wrap=True)
    remarks = any(remarks_of(row) for row in rows)
    if remarks:
        table.add_column("remarks")
    for row in rows:
        cells = [
            row.agent,
            interval_text(row.accuracy),
            f"{row.accuracy.solved}/{row.accuracy.total}",
            _percent(row.any_of, digits=1),
            f"{row.answers:.1f}",
            *(_number(row.per_problem[name]) for name in ("generated_tokens", "seconds")),
        ]
        table.add_row(*map(Text, cells), *([Text(remarks_of(row))] if remarks else []))
    table.caption = (
        "any of N: one of the N final answers found is right, whichever was chosen\n"
        "N, tokens and seconds are per problem; seconds are of the whole run, divided"
    )
    table.caption_justify = "left"
    return table


def cost_table(rows: Sequence[Row]) -> Table:
    """Return what each agent cost per problem, one line each: tokens, calls, and where the seconds went."""
    table = _table("cost per problem")
    for heading in (
        "generated\ntokens",
        "prefilled\ntokens",
        "reused\ntokens",
        "model\ncalls",
        "mean\nrows",
        "seconds\nin model",
        "in\ncode",
        "in\ngrading",
        "in\nsearch",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        rows_together = "-" if row.mean_rows is None else f"{row.mean_rows:.1f}"
        tokens_and_calls = [_number(row.per_problem[name]) for name in SPENT[:4]]
        seconds = [f"{row.per_problem[name]:.3f}" for name in SPENT[4:]]
        table.add_row(*map(Text, (row.agent, *tokens_and_calls, rows_together, *seconds)))
    table.caption = "model, code and grading overlap; search is its own processor time"
    table.caption_justify = "left"
    return table


def source_table(rows: Sequence[Row]) -> Table:
    """Return accuracy and any-of-N in percent by the set that the problems are from, one line per agent."""
    return _by_group(rows, [(row.by_source, row.any_by_source) for row in rows])


def level_table(rows: Sequence[Row]) -> Table:
    """Return accuracy and any-of-N in percent by level, one line per agent."""
    return _by_group(rows, [(row.by_level, row.any_by_level) for row in rows], prefix="level ")


def _by_group(rows: Sequence[Row], measures: Sequence[tuple[Groups, Groups]], *, prefix: str = "") -> Table:
    table = _table("accuracy % / any of N %")
    groups = sorted(set(chain.from_iterable(accuracy for accuracy, _ in measures)))
    for group in groups:
        count = max(accuracy[group].total for accuracy, _ in measures if group in accuracy)
        table.add_column(f"{prefix}{group}\n(n={count})", justify="right", no_wrap=True)
    for row, (accuracy, any_of) in zip(rows, measures, strict=True):
        shown = (accuracy, any_of) if row.any_of not in (None, row.accuracy) else (accuracy,)
        cells = [" / ".join(_percent(measure.get(group)) for measure in shown) for group in groups]
        table.add_row(Text(row.agent), *cells)
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


def _table(title: str) -> Table:
    table = Table(title=title or None, title_justify="left", title_style="bold", header_style="bold")
    table.add_column("agent", no_wrap=True)
    return table


def _percent(accuracy: Accuracy | None, digits: int = 0) -> str:
    return f"{100 * accuracy.mean:.{digits}f}" if accuracy is not None and accuracy.total else "-"


def _number(mean: float) -> str:
    return f"{mean:,.0f}" if mean >= 100 else f"{mean:.1f}" if mean >= 10 else f"{mean:.2f}"
