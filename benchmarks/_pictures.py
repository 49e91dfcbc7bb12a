"""Pictures of estimates with their intervals, drawn without a display."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agents.reporting.files import write_bytes
from agents.training.records import read_records
from benchmarks._seeds import Cell, Estimate


def save_findings(
    run_dir: Path,
    greedy: Mapping[str, Sequence[Cell]],
    agents: Mapping[str, Mapping[str, Cell]],
    loop: Mapping[str, Sequence[Cell]],
    seed: Path,
) -> None:
    """Draw the tables of the findings (findings.png), and the distribution of Q in one seed's rounds (q.png).

    The latter only where the paths of the rounds are still there.
    """
    figure, panels = new_figure(4, width=17)
    sets = [name for name in greedy if ", level" not in name]
    for name in sets:
        draw_line(panels[0], greedy[name], name)
    panels[0].set(title="greedy", xlabel="round", ylabel="problems solved (%)")
    draw_bars(panels[1], {agent: row[sets[0]] for agent, row in agents.items()})
    panels[1].set(title=f"agents with the last round's model, {sets[0]}", ylabel="problems solved (%)")
    draw_line(panels[2], loop["data/solved_share"], "solved in any tree", first=1)
    panels[2].set(title="training problems", xlabel="round", ylabel="share")
    for name in ("pair_accuracy", "likelihood_pair_accuracy", "sibling_accuracy", "auc"):
        draw_line(panels[3], loop[f"value/{name}"], name.replace("_", " "), first=1)
    panels[3].axhline(0.85, color="grey", linestyle=":")
    panels[3].set(title="value on held-out paths", xlabel="round")
    for panel in (panels[0], panels[2], panels[3]):
        panel.legend(fontsize="small")
    save(figure, run_dir / "findings.png")
    rounds = len(loop["data/solved_share"])
    if all((seed / f"round-{number}" / "records.jsonl").exists() for number in range(1, rounds + 1)):
        save_q(run_dir / "q.png", seed, rounds)


def save_q(path: Path, run_dir: Path, rounds: int) -> None:
    """Draw the distribution of the value targets before the last step, of right and of wrong paths, round by round."""
    figure, panels = new_figure(rounds, width=4 * rounds)
    for number, panel in enumerate(panels, 1):
        records = read_records(run_dir / f"round-{number}" / "records.jsonl")
        for right, name, colour in ((True, "right", "C2"), (False, "wrong", "C3")):
            targets = [q for record in records if record.right is right for q in record.targets[:-1]]
            panel.hist(targets, bins=40, range=(-1, 1), alpha=0.6, color=colour, label=name)
        panel.set(title=f"round {number}", xlabel="value target of steps before the last")
        panel.legend(fontsize="small")
    save(figure, path)


def new_figure(panels: int, *, width: float) -> tuple[Any, list[Any]]:
    """Return a figure and its panels, side by side."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, 4.4), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, list(figure.subplots(1, panels, squeeze=False).flat)


def draw_line(panel: Any, row: Sequence[Cell], label: str, *, first: int = 0) -> None:
    """Draw estimates, one a round from `first` on, as a line; those that are missing are left out."""
    known = {number: each for number, each in enumerate(row, first) if each}
    if known:
        means = [each.mean for each in known.values()]
        panel.errorbar(list(known), means, yerr=_reach(list(known.values())), marker="o", capsize=3, label=label)
        panel.set_xticks(range(first, first + len(row)))
        panel.grid(alpha=0.3)


def draw_bars(panel: Any, rows: Mapping[str, Cell]) -> None:
    """Draw named estimates as bars."""
    known = {name: each for name, each in rows.items() if each}
    means, places = [each.mean for each in known.values()], range(len(known))
    panel.bar(places, means, yerr=_reach(list(known.values())), capsize=3, color=[f"C{place % 10}" for place in places])
    panel.set_xticks(places, list(known), rotation=40, ha="right", fontsize="small")
    panel.grid(axis="y", alpha=0.3)


def draw_groups(panel: Any, groups: Mapping[str, Mapping[str, Cell]]) -> None:
    """Draw estimates as bars, those of a group side by side, in colours of their names."""
    names = list(dict.fromkeys(name for row in groups.values() for name in row))
    width = 0.8 / max(len(names), 1)
    for number, name in enumerate(names):
        known = {place: each for place, row in enumerate(groups.values()) if (each := row.get(name))}
        places = [place + (number - (len(names) - 1) / 2) * width for place in known]
        reach = _reach(list(known.values()))
        panel.bar(places, [each.mean for each in known.values()], 0.95 * width, yerr=reach, capsize=3, label=name)
    panel.set_xticks(range(len(groups)), list(groups), rotation=20, ha="right", fontsize="small")
    panel.axhline(0.0, color="black", linewidth=0.8)
    panel.grid(axis="y", alpha=0.3)
    panel.legend(fontsize="small")


def _reach(known: Sequence[Estimate]) -> list[list[float]]:
    below = [each.mean - each.low if each.low is not None else 0.0 for each in known]
    above = [each.high - each.mean if each.high is not None else 0.0 for each in known]
    return [below, above]


def save(figure: Any, path: Path) -> None:
    """Write a figure as PNG, whole or not at all."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=130)
    write_bytes(path, buffer.getvalue())
