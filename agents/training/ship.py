"""How a run's model becomes one that ships.

    python -m agents.training.ship runs/mini        # of `amz train`: the last finished round, as builtin-roundK
    python -m agents.training.ship runs/pretrain    # of `amz pretrain`: as builtin-base

copies the checkpoint into the package, its weights rounded to bfloat16, with the run's options as ``run.json`` and its
metrics as ``metrics.json`` beside it. The model with the highest round is what ``builtin`` means from then on; without
one it is the base model. Where things lie on this machine does not ship.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro
from safetensors.torch import load_file, save_file

from agents.model.checkpoint import BUILTIN
from agents.reporting.files import read_lines, write_json
from agents.training.run_files import all_metrics


@dataclass(frozen=True)
class ShipConfig:
    """Put the model of a finished run into the package."""

    run_dir: Annotated[Path, tyro.conf.Positional]
    """Directory of the run, of `amz train` or of `amz pretrain`."""
    round: int | None = None
    """Which round's model; the last one that is finished by default."""
    into: Path = BUILTIN
    """Directory of the models that ship."""


def ship(config: ShipConfig) -> Path:
    """Copy checkpoint, options and metrics to where models ship; return the model's new directory.

    Raises:
        ValueError: nothing there is finished.
    """
    run_dir = config.run_dir
    if (run_dir / "checkpoint" / "config.json").exists():
        last = {line["phase"]: line for line in read_lines(run_dir / "log.jsonl")}
        return _copy(run_dir, run_dir / "checkpoint", config.into / "base", {"last_log_of_phase": last})
    metrics = all_metrics(run_dir) if run_dir.is_dir() else {}
    finished = [number for number, found in metrics.items() if number > 0 and "evaluation" in found]
    number = config.round if config.round is not None else max(finished, default=0)
    if number not in finished:
        raise ValueError(f"{run_dir} has no finished round{f' {number}' if config.round is not None else ''}")
    made = run_dir / f"round-{number}" / "checkpoint"
    return _copy(run_dir, made, config.into / f"round{number}", metrics[number])


def _copy(run_dir: Path, checkpoint: Path, target: Path, metrics: dict[str, Any]) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(checkpoint, target)
    _round_weights(target)
    facts = json.loads((target / "training.json").read_text())
    write_json(target / "training.json", _without_places(facts))
    write_json(target / "run.json", _without_places(json.loads((run_dir / "config.json").read_text())))
    write_json(target / "metrics.json", metrics)
    return target


def _round_weights(target: Path) -> None:
    """Halve the language model's file: bfloat16 instead of fp32. The value head stays as it is."""
    weights = load_file(target / "model.safetensors")
    save_file({name: each.bfloat16() for name, each in weights.items()}, target / "model.safetensors", {"format": "pt"})
    config = json.loads((target / "config.json").read_text())
    write_json(target / "config.json", config | {"dtype": "bfloat16"})


def _without_places(content: Any) -> Any:
    """Name whatever is an absolute path by its last part."""
    if isinstance(content, dict):
        return {name: _without_places(inner) for name, inner in content.items()}
    if isinstance(content, list):
        return [_without_places(inner) for inner in content]
    return Path(content).name if isinstance(content, str) and content.startswith("/") else content


def main() -> None:
    """Read the options, copy, say where."""
    target = ship(tyro.cli(ShipConfig, description=__doc__))
    print(f"{target}: ships as builtin-{target.name}; builtin is the latest round that ships, else the base model")


if __name__ == "__main__":
    main()
