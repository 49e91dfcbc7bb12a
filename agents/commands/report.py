"""What a comparison leaves: files below its directory, and tables on stdout."""

import json
import sys

from agents.commands.comparison import Comparison
from agents.commands.terminal import output
from agents.reporting.files import write_json


def write(comparison: Comparison) -> None:
    """Write results.json, the pictures and the TensorBoard runs."""
    from agents.reporting.picture import save_accuracy_picture, save_budget_picture
    from agents.reporting.tensorboard import write_curve, write_run

    write_json(comparison.out / "results.json", comparison.to_json())
    rows, curves = comparison.rows(), comparison.curves()
    title = f"{len(comparison.problems)} problems of {comparison.sources}"
    save_accuracy_picture(comparison.out / "accuracy_vs_tokens.png", rows, title=title)
    if curves:
        save_budget_picture(comparison.out / "accuracy_at_budgets.png", curves, title=title)
    for row in [each for each in rows if each.accuracy.total]:  # an agent may have been stopped before its first
        settings = {**comparison.config, "agent": row.agent}
        write_run(comparison.out / "tensorboard", row, comparison.runs[row.agent].outcomes, settings)
    for curve in curves:
        write_curve(comparison.out / "tensorboard", curve)


def show(comparison: Comparison, *, as_json: bool) -> None:
    """Print the tables, or the rows as JSON, and say where the files are."""
    if as_json:
        print(json.dumps([row.to_json() for row in comparison.rows()], indent=1))
    else:
        _show_tables(comparison)
    files = sorted(path.name + "/" * path.is_dir() for path in comparison.out.iterdir() if path.suffix != ".jsonl")
    print(f"results in {comparison.out}/: {', '.join(files)}", file=sys.stderr)


def _show_tables(comparison: Comparison) -> None:
    from agents.reporting.curves import budget_table
    from agents.reporting.table import comparison_table, cost_table, level_table, source_table

    rows, curves, console = comparison.rows(), comparison.curves(), output()
    runs = f" x {len(comparison.seeds)} seeds" if len(comparison.seeds) > 1 else ""
    partial = " (PARTIAL: interrupted)" if comparison.partial else ""
    about = f"{len(comparison.problems)} problems of {comparison.sources}{runs}"
    console.print(comparison_table(rows, title=f"{about}, model {comparison.config['model']}{partial}"))
    if rows:
        console.print(cost_table(rows))
        console.print(source_table(rows))
    if any(row.by_level for row in rows):
        console.print(level_table(rows))
    if curves:
        console.print(budget_table(curves))
