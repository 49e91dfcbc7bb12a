"""The files of a run that say what it is and how far it has come."""

import hashlib
import json
import math
import os
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import Any

from agents.inference.base import derive_seed
from agents.reporting.files import write_json
from agents.training.config import FREE, TrainConfig, TrainingOptions
from agents.training.data import RoundCounts
from agents.training.records import Record
from amz_env.problems.base import Problem
from amz_env.problems.loading import is_generated, load_problems


def load_sets(config: TrainConfig) -> tuple[list[Problem], list[Problem]]:
    """Return the problems to train and to evaluate on, which share no question.

    Raises:
        ValueError: a set is unknown or has no problem in the split, or both have a question in common.
    """
    apart = bool(config.eval_problems)

    def load(names: Sequence[str], split: str, size: int) -> list[Problem]:
        found: list[Problem] = []
        for name in names:
            whole = apart and not is_generated(name)
            source = load_problems(
                name,
                split="all" if whole else split,
                size=size,
                seed=config.seed,
                question_key=config.question_key,
                answer_key=config.answer_key,
            )
            found += [source[index] for index in range(len(source))]
        return found

    train = load(config.problems, "train", config.size)
    names = config.eval_problems or config.problems
    try:
        evaluation = load(names, "validation", config.eval_size) if config.eval_size and config.eval_agents else []
    except ValueError as error:
        if apart:
            raise
        # A file of a few questions may have none in the tenth that is held back.
        raise ValueError(f"{error}; name problems by --eval-problems, or evaluate on none by --eval-size 0") from None
    common = {problem.question for problem in train} & {problem.question for problem in evaluation}
    if common:
        raise ValueError(
            f"{len(common)} questions are in both the training and the evaluation set: {min(common)[:60]!r}"
        )
    return train, evaluation


def settle_config(config: TrainConfig, problems: Sequence[Problem]) -> None:
    """Write ``config.json`` of a new run; compare it with that of one that goes on.

    Raises:
        ValueError: the run was begun with other options or problems.
    """
    path = config.run_dir / "config.json"
    now = {"config": config.to_json(), "problems": len(problems), "problems_hash": _hash(problems)}
    if not path.exists():
        write_json(path, now)
        return
    then = json.loads(path.read_text())
    options = _flat(config.to_json())
    begun = _flat(TrainConfig().to_json()) | _flat(then["config"])  # an option newer than the run was at its default
    changed = [name for name in options if name not in FREE and begun[name] != options[name]]
    if changed:
        name = changed[0]
        raise ValueError(
            f"{config.run_dir} was begun with {name}={begun[name]!r}, not {options[name]!r}; "
            "give the same options or another --run-dir"
        )
    if then["problems_hash"] != now["problems_hash"]:
        raise ValueError(f"{config.run_dir} was begun with other problems: a file has changed since")


def _flat(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options with those of the training as ``training.NAME``."""
    inner = {f"training.{name}": value for name, value in options["training"].items()}
    return {name: value for name, value in options.items() if name != "training"} | inner


def _hash(problems: Sequence[Problem]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for problem in problems:
        digest.update(json.dumps([problem.id, problem.question, problem.answer]).encode())
    return digest.hexdigest()


def held_out_indices(problems: int, share: float, seed: int) -> frozenset[int]:
    """Return the places of the problems whose paths only measure; the same in every round, to compare rounds."""
    order = sorted(range(problems), key=lambda index: derive_seed("held out", seed, index))
    return frozenset(order[: round(problems * share)])


def read_metrics(folder: Path) -> dict[str, Any]:
    """Return a round's metrics so far."""
    path = folder / "metrics.json"
    found = json.loads(path.read_text()) if path.exists() else {}
    return dict(found)


def all_metrics(run_dir: Path) -> dict[int, dict[str, Any]]:
    """Return the metrics of all rounds by their number."""
    folders = {int(match[1]): path for path in run_dir.iterdir() if (match := re.fullmatch(r"round-(\d+)", path.name))}
    return {number: read_metrics(folders[number]) for number in sorted(folders)}


def publish(temporary: Path, final: Path) -> None:
    """Give a finished directory its final name, all its files on the disk first."""
    for file in temporary.rglob("*"):
        if file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
    os.replace(temporary, final)


def training_log(checkpoint: Path) -> list[dict[str, float]]:
    """Return the log that is kept beside a round's model, without its timings."""
    log = json.loads((checkpoint / "training.json").read_text())["log"]
    return [{name: value for name, value in entry.items() if not _is_timing(name)} for entry in log]


def _is_timing(name: str) -> bool:
    return name.endswith(("_per_second", "_runtime"))


def updates_of(records: Sequence[Record], options: TrainingOptions) -> int:
    """Return how many updates training on these records takes."""
    fitting = sum(len(record.token_ids) <= options.max_length for record in records)
    micro_batches = math.ceil(fitting * options.epochs / options.micro_batch)
    return math.ceil(micro_batches / (options.batch // options.micro_batch))


def summary(counts: RoundCounts, records: Sequence[Record]) -> dict[str, Any]:
    """Return what a round's trees and records amount to, as plain values."""
    right = [record for record in records if record.right]
    wrong = [record for record in records if not record.right]
    return asdict(counts) | {
        "solved_share": counts.solved / max(counts.problems, 1),
        "right_paths": len(right),
        "wrong_paths": len(wrong),
        "mean_q_right": _mean([q for record in right for q in record.targets[:-1]]),
        "mean_q_wrong": _mean([q for record in wrong for q in record.targets[:-1]]),
        "quality": {str(level): sum(record.quality == level for record in right) for level in (1, 2, 3)},
    }


def _mean(numbers: Sequence[float]) -> float | None:
    return fmean(numbers) if numbers else None
