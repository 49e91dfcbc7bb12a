"""`amz train`: AlphaMath's rounds, from questions and answers alone.

The options are in `agents.training.config`, the loop is in `agents.training.rounds`.
"""

from pathlib import Path

from agents.training.config import TrainConfig

__all__ = ["TrainConfig", "run"]


def run(config: TrainConfig) -> Path:
    """Run the rounds, or go on with a run that was stopped; return the directory of the last round's model.

    Raises:
        ValueError: the directory holds another run, is in use, or nothing can be learned from the problems.
    """
    from agents.training.rounds import run_rounds  # loads torch, which `amz train --help` does not need

    return run_rounds(config)
