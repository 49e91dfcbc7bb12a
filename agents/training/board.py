"""TensorBoard, written from what is on disk.

The whole board is made anew from the metrics of all rounds whenever one has more to tell, so a run that was stopped and
continued, or whose board was deleted, shows the same as an undisturbed one: all but the seconds of a stage, which are
those of the process that finished it.
"""

import os
import shutil
from pathlib import Path
from typing import Any

from agents.reporting.files import read_lines
from agents.reporting.outcome import Outcome
from agents.reporting.tensorboard import solution_markdown
from agents.training.records import read_records
from agents.training.trainer import log_so_far

_SOLUTIONS = 4  # sample solutions shown of a round


def write_board(run_dir: Path, rounds: dict[int, dict[str, Any]]) -> None:
    """Write ``tensorboard/`` from the metrics of each round.

    Scalars have the round as their step, ``training/loss`` and its like where the training ended; the course of a
    training, ``training/round-K/...``, has the update, and grows with the checkpoints of one under way.
    """
    from torch.utils.tensorboard import SummaryWriter

    temporary, final = run_dir / "tensorboard.tmp", run_dir / "tensorboard"
    shutil.rmtree(temporary, ignore_errors=True)
    with SummaryWriter(str(temporary)) as writer:
        for number, metrics in sorted(rounds.items()):
            for name, value in scalars_of(metrics).items():
                writer.add_scalar(name, value, number)
            for entry in _log_of(run_dir / f"round-{number}", metrics):
                for name in sorted(set(entry) & {"loss", "policy_loss", "value_loss", "learning_rate", "grad_norm"}):
                    writer.add_scalar(f"training/round-{number}/{name}", entry[name], entry["step"])
            _write_targets(writer, run_dir / f"round-{number}" / "records.jsonl", number)
            _write_solutions(writer, run_dir / f"round-{number}" / "outcomes.jsonl", number)
    shutil.rmtree(final, ignore_errors=True)
    os.replace(temporary, final)


def board_is_current(run_dir: Path) -> bool:
    """Return whether the board was written after everything that it shows of the rounds' metrics."""
    board = run_dir / "tensorboard"
    told = [path.stat().st_mtime_ns for path in run_dir.glob("round-*/metrics.json")]
    return board.exists() and board.stat().st_mtime_ns >= max(told, default=0)


def _log_of(folder: Path, metrics: dict[str, Any]) -> list[dict[str, float]]:
    """Return the log of a round's training, or of a training under way up to its newest checkpoint."""
    log: list[dict[str, float]] = metrics.get("training", {}).get("log") or log_so_far(folder / "trainer")
    return log


def scalars_of(metrics: dict[str, Any]) -> dict[str, float]:
    """Return the numbers of a round by their TensorBoard names."""
    found: dict[str, float] = {}
    for group in ("data", "value"):
        for name, value in metrics.get(group, {}).items():
            if isinstance(value, int | float):
                found[f"{group}/{name}"] = value
    for agent, row in metrics.get("evaluation", {}).items():
        for name in ("mean", "low", "high"):
            found[f"accuracy/{agent}/{name}"] = row["accuracy"][name]
        for group in ("by_source", "by_level"):
            for key, accuracy in row.get(group, {}).items():
                found[f"accuracy_{group}/{agent}/{key}"] = accuracy["mean"]
        if row.get("any_of"):
            found[f"any_of/{agent}"] = row["any_of"]["mean"]
        for name in ("generated_tokens", "prefilled_tokens", "seconds"):
            found[f"{name}/{agent}"] = row[name]
    for name, seconds in metrics.get("seconds", {}).items():
        found[f"stage_seconds/{name}"] = seconds
    log = metrics.get("training", {}).get("log", ())
    for name in ("loss", "policy_loss", "value_loss"):
        values = [entry[name] for entry in log if name in entry]
        if values:
            found[f"training/{name}"] = values[-1]
    return found


def _write_targets(writer: Any, path: Path, number: int) -> None:
    """Write histograms of the targets of V (Q, or expected outcomes) before the last step, of right and wrong paths."""
    if not path.exists():
        return
    records = read_records(path)
    for name, right in (("right", True), ("wrong", False)):
        targets = [q for record in records if record.right is right for q in record.targets[:-1]]
        if targets:
            import numpy as np

            writer.add_histogram(f"q/{name}", np.array(targets), number)


def _write_solutions(writer: Any, path: Path, number: int) -> None:
    if not path.exists():
        return
    outcomes = [Outcome.from_json(line) for line in read_lines(path)]
    for agent in dict.fromkeys(outcome.agent for outcome in outcomes):
        shown = [outcome for outcome in outcomes if outcome.agent == agent][:_SOLUTIONS]
        writer.add_text(f"solutions/{agent}", "\n\n---\n\n".join(map(solution_markdown, shown)), number)
