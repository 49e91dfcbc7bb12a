"""How well V tells right from wrong on problems that it was not trained on: finding 5.

    RUN_DIR/seed-S/value/test-round-K.jsonl     trees over the test problems, grown and judged as those of round K were

The loop's own figure is of the training problems that it holds out, other ones in every round where rounds take turns;
this one is of the very problems on which the agents are compared.
"""

from collections.abc import Sequence
from functools import partial

import torch

from agents.training import data
from agents.training.config import TrainConfig
from agents.training.evaluation import value_quality
from agents.training.rounds import grow_here, load_round_model
from amz_env.problems.base import Problem
from benchmarks._runs import TEST


def measure_value(run: TrainConfig, problems: Sequence[Problem]) -> dict[str, float | int | None]:
    """Return how well the V of a run's last round ranks paths to the answers of other problems; see `value_quality`.

    The paths are chosen as those that it was trained on: of trees that the model of the round before has grown. Goes on
    where the file has some trees.

    Args:
        run: a run that has all its rounds.
        problems: what to search; the answers judge.
    """
    torch.set_num_threads(run.threads * run.workers)
    path = run.run_dir / "value" / f"{TEST}-round-{run.rounds}.jsonl"  # a run may be given more rounds
    path.parent.mkdir(exist_ok=True)
    jobs = data.jobs_of(problems, run.trees, seed=run.seed, round_number=run.rounds)
    data.grow_missing(jobs, path, partial(grow_here, run, run.rounds), title="value: search")
    model = load_round_model(run, run.rounds)
    found = {
        index: data.paths_of(run, run.rounds, index, saved, model.pieces)
        for index, saved in data.trees_by_problem(path, run.trees)
    }
    records = [record for index in sorted(found) for record in found[index]]
    sets = [problems[index].source for index in sorted(found) for _ in found[index]]
    return value_quality(model, records, sets) if records else {}
