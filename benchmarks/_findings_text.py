"""The report of `benchmarks.findings`, written: Markdown, JSON and pictures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agents.reporting.files import write_bytes, write_json
from benchmarks._findings_report import Finding, Report, report_of
from benchmarks._pictures import save_findings
from benchmarks._runs import DONE, read_seed
from benchmarks._seeds import Cell

COSTS = {"generated_tokens": ("generated tokens a problem", 0), "model_seconds": ("model seconds a problem", 3)}
"""Cost of an agent -> what it is called, and its digits."""
COUNTS = ("data/right_paths", "data/wrong_paths", "data/suspect_keys")
"""Rows of the loop that are whole numbers."""


class UnequalRuns(ValueError):
    """Seeds have done different numbers of rounds."""


def write_report(run_dir: Path) -> str:
    """Write the report on all seeds that are done; return its text.

    Raises:
        ValueError: no seed is done.
        UnequalRuns: they are runs of different lengths.
    """
    numbers = {path.name.removeprefix("seed-"): path for path in run_dir.glob("seed-*")}
    folders = [numbers[each] for each in sorted(filter(str.isdecimal, numbers), key=int)]
    done = [folder for folder in folders if (folder / DONE).exists()]
    if not done:
        raise ValueError(f"no seed is done in {run_dir}")
    seeds = [read_seed(folder) for folder in done]
    if len({seed.rounds for seed in seeds}) > 1:
        shown = ", ".join(f"{seed.folder.name}: {seed.rounds}" for seed in seeds)
        raise UnequalRuns(f"runs of different lengths do not make one report; rounds: {shown}")
    report = report_of(seeds)
    text = text_of(report)
    write_json(run_dir / "report.json", plain(report))
    write_bytes(run_dir / "report.md", text.encode())
    save_findings(run_dir, report.greedy, report.agents, report.loop, done[0])
    return text


def plain(report: Report) -> dict[str, Any]:
    """Return a report as JSON values."""

    def cells(row: Sequence[Cell]) -> list[Any]:
        return [each.to_json() if each else None for each in row]

    return {
        "seeds": list(report.seeds),
        "last_round": report.last,
        "findings": [each.to_json() for each in report.findings],
        "signatures": list(report.signatures),
        "greedy_by_round": {name: cells(row) for name, row in report.greedy.items()},
        "agents": {
            agent: dict(zip(row, cells(list(row.values())), strict=True)) for agent, row in report.agents.items()
        },
        "gains_over_greedy": {
            agent: dict(zip(row, cells(list(row.values())), strict=True)) for agent, row in report.gains.items()
        },
        "value_on_test": dict(zip(report.value, cells(list(report.value.values())), strict=True)),
        "loop_by_round": {name: cells(row) for name, row in report.loop.items()},
    }


def text_of(report: Report) -> str:
    """Return a report as Markdown."""
    count = len(report.seeds)
    one = "over the problems of the one seed, left out where not known"
    how = "Student's over the seeds or, where that is wider and known, over their problems" if count > 1 else one
    from_0, from_1 = ([f"round {k}" for k in range(start, report.last + 1)] for start in (0, 1))
    columns = [key for key in next(iter(report.agents.values()), {}) if key not in COSTS]
    agents = [
        [name, *(text(row[key], 1, count) for key in columns), *(text(row[k], COSTS[k][1], count) for k in COSTS)]
        for name, row in report.agents.items()
    ]
    parts = [
        "# Findings",
        f"{', '.join(report.seeds)}. Means with 95 % intervals, {how}. Accuracies and gains in points.",
        _findings(report.findings, count),
        "## Signs of failure",
        "\n".join(f"- {sign}" for sign in report.signatures) or "None of those looked for shows.",
        "## Greedy by round, %",
        table(["", *from_0], [[name, *(text(each, 1, count) for each in row)] for name, row in report.greedy.items()]),
        f"## Agents with the model of round {report.last}",
        table(["agent", *(f"{key} %" for key in columns), *(called for called, _ in COSTS.values())], agents),
        "## Points over greedy, with the same model",
        table(
            ["agent", *next(iter(report.gains.values()), {})],
            [[name, *(text(each, 1, count) for each in row.values())] for name, row in report.gains.items()],
        ),
        f"## V of round {report.last} on paths of the test problems",
        table(["", "mean [95 %]"], [[name, text(each, 3, count)] for name, each in report.value.items()]),
        "## The loop by round",
        table(["", *from_1], [_by_round(name, row, count) for name, row in report.loop.items()]),
    ]
    return "\n\n".join(parts) + "\n"


def _findings(findings: Sequence[Finding], seeds: int) -> str:
    by_seed = ["by seed"] * (seeds > 1)
    rows = [_line(each, seeds) for each in findings]
    return table(["finding", "measured", "mean [95 %]", *by_seed, "at least", "verdict"], rows)


def _line(finding: Finding, seeds: int) -> list[str]:
    share = finding.target is not None and 0 < finding.target < 1
    target = "above 0" if finding.target == 0 else "" if finding.target is None else f"{finding.target:g}"
    digits = 3 if share else 1
    values = finding.found.values if finding.found else ()
    by_seed = [", ".join(f"{value:.{digits}f}" for value in values)] * (seeds > 1)
    found = text(finding.found, digits, seeds)
    return [str(finding.number), finding.what, found, *by_seed, target, finding.verdict]


def _by_round(name: str, row: Sequence[Cell], seeds: int) -> list[str]:
    digits = 0 if name in COUNTS else 3
    return [name, *(text(each, digits, seeds) for each in row)]


def text(cell: Cell, digits: int = 1, seeds: int = 0) -> str:
    """Return a cell of a table; it says where fewer seeds than `seeds` have the figure."""
    if cell is None:
        return "-"
    return cell.text(digits) + (f" ({cell.seeds} of {seeds} seeds)" if cell.seeds < seeds else "")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *rows))
