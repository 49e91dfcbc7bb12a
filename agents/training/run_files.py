"""The files of a run that say what it is and how far it has come."""

import fcntl
import hashlib
import json
import math
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import Any

from agents.commands.sources import told_apart
from agents.inference.base import derive_seed
from agents.model import resolve_model
from agents.reporting.files import write_json
from agents.training.config import FREE, TrainConfig, TrainingOptions
from agents.training.data import RoundCounts
from agents.training.records import Record
from amz_env.problems.base import Problem
from amz_env.problems.loading import is_generated, load_problems

_CHANGED = {
    "problems_hash": "other problems: a file",
    "evaluation_hash": "other problems to evaluate on: a file",
    "model_hash": "another base model: what --model names",
}
_MODEL_FILES = (".json", ".safetensors", ".bin", ".pth")
_SAMPLED = 1 << 16  # bytes of either end of a file


def load_sets(config: TrainConfig) -> tuple[list[Problem], list[Problem]]:
    """Return the problems to train and to evaluate on, which share no question.

    Raises:
        ValueError: a set is unknown or has no problem in the split, or both have a question in common.
    """
    apart = bool(config.eval_problems)

    def load(names: Sequence[str], split: str, size: int) -> list[Problem]:
        found: dict[str, Sequence[Problem]] = {}
        for name in names:
            file = not is_generated(name)
            source = load_problems(
                name,
                split="all" if apart and file else split,
                size=None if file else size,
                seed=config.seed,
                question_key=config.question_key,
                answer_key=config.answer_key,
            )
            if split == "train" and len(source) > size:
                print(f"{name}: the first {size:,} of {len(source):,} problems (--size)", file=sys.stderr)
            found[name] = source[:size]
        return told_apart(found)

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


@contextmanager
def only_process(run_dir: Path) -> Iterator[None]:
    """Hold a run's directory: two processes would write the same lines twice. A killed process lets go by itself.

    Raises:
        ValueError: another process holds it.
    """
    descriptor = os.open(run_dir / ".lock", os.O_RDWR | os.O_CREAT)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(f"another process is working on {run_dir}") from None
        yield
    finally:
        os.close(descriptor)


def settle_config(config: TrainConfig, problems: Sequence[Problem], evaluation: Sequence[Problem]) -> None:
    """Write ``config.json`` of a new run; compare it with that of one that goes on.

    Raises:
        ValueError: the run was begun with other options, problems or another base model.
    """
    path = config.run_dir / "config.json"
    now = {
        "config": config.to_json(),
        "problems": len(problems),
        "problems_hash": _hash(problems),
        "evaluation_hash": _hash(evaluation),
        "model_hash": fingerprint(resolve_model(config.model)),
    }
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
    for what, message in _CHANGED.items():
        if then.get(what, now[what]) != now[what]:  # a run of an older version does not say
            raise ValueError(f"{config.run_dir} was begun with {message} has changed since")


def _flat(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options with those of the training as ``training.NAME``."""
    inner = {f"training.{name}": value for name, value in options["training"].items()}
    return {name: value for name, value in options.items() if name != "training"} | inner


def _hash(problems: Sequence[Problem]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for problem in problems:
        digest.update(json.dumps([problem.id, problem.question, problem.answer]).encode())
    return digest.hexdigest()


def fingerprint(directory: Path) -> str:
    """Return a hash of a model's files by their names, sizes and ends: of large ones it reads little."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(path for path in directory.iterdir() if path.suffix in _MODEL_FILES):
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_SAMPLED)
            file.seek(max(size - _SAMPLED, 0))
            digest.update(f"{path.name} {size} ".encode() + head + file.read(_SAMPLED))
    return digest.hexdigest()


def held_out_indices(problems: int, share: float, seed: int) -> frozenset[int]:
    """Return the places of the problems whose paths only measure; the same in every round, to compare rounds."""
    order = sorted(range(problems), key=lambda index: derive_seed("held out", seed, index))
    return frozenset(order[: round(problems * share)])


def measured_indices(problems: Sequence[Problem], held_out: frozenset[int]) -> frozenset[int]:
    """Return the places of the problems held out whose question no problem that is trained on asks too."""
    trained = {problem.question for index, problem in enumerate(problems) if index not in held_out}
    return frozenset(index for index in held_out if problems[index].question not in trained)


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
