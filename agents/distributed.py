"""The same loop over Ray: the trees of a round are grown by several workers, everything else stays where it is.

    amz distributed --workers 4 --train.run-dir runs/mini

A worker loads the round's model once and grows the trees of small batches of problems; the driver appends each tree to
`trees.jsonl` as it comes. A job's seed says what its tree is, so the run's files are those of a run without workers,
and either can go on with the other. Run directory and model must be where all workers can read them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.training.config import TrainConfig

if TYPE_CHECKING:
    from agents.training.data import Job, OnTree
    from agents.training.rounds import MakeEngine

BATCH = 16  # trees a worker grows at once: enough to fill its model's batches, few enough to lose little to a kill


@dataclass(frozen=True)
class DistributedConfig:
    """Learn from questions and answers as `amz train` does, the trees grown by workers of a Ray cluster.

    Either command goes on with a run of the other. Needs the extra [ray].

    Examples:
      amz distributed --workers 4 --train.run-dir runs/mini
      amz distributed --workers 8 --address auto --gpus-per-worker 1 --train.device cuda --train.model path/to/model
    """

    workers: int = 2
    """Worker processes; each holds a copy of the model."""
    address: str | None = None
    """Address of a Ray cluster; by default one is started on this machine."""
    gpus_per_worker: float = 0.0
    """GPUs that each worker holds; set --train.device to use them."""
    train: TrainConfig = field(default_factory=TrainConfig)
    """The run."""

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise ValueError(f"workers must be at least 1, got {self.workers}")
        if self.gpus_per_worker < 0:
            raise ValueError(f"gpus_per_worker must be at least 0, got {self.gpus_per_worker}")


def run(config: DistributedConfig, *, make_engine: "MakeEngine | None" = None) -> Path:
    """Run the rounds with Ray workers; see `agents.training.rounds.run_rounds`.

    Args:
        config: the options.
        make_engine: the engine to search with, picklable; the local engine by default.

    Raises:
        ImportError: Ray is not installed.
        ValueError: Ray has fewer CPUs or GPUs than the workers need.
    """
    ray = import_ray()
    from agents.training.rounds import engine_maker, run_rounds

    engine_of = make_engine or engine_maker(config.train)
    started = not ray.is_initialized()
    if started:
        ray.init(address=config.address, log_to_driver=False, include_dashboard=False)
    try:
        _require_room(ray.cluster_resources(), config)
        grow = partial(_grow, ray, config, engine_of)
        return run_rounds(config.train, make_engine=engine_of, grow=grow)
    finally:
        if started:
            ray.shutdown()


def _require_room(resources: Mapping[str, float], config: DistributedConfig) -> None:
    """Raise ValueError where a worker could never start: the others would wait for it without end."""
    cpus, gpus = resources.get("CPU", 0), resources.get("GPU", 0)
    if config.workers > cpus or config.workers * config.gpus_per_worker > gpus:
        needed = (
            f"{config.workers} workers need {config.workers} CPUs and {config.workers * config.gpus_per_worker:g} GPUs"
        )
        raise ValueError(f"{needed}; Ray has {cpus:g} and {gpus:g}")


def import_ray() -> Any:
    """Return the module `ray`.

    Raises:
        ImportError: it is not installed.
    """
    try:
        import ray
    except ImportError:
        raise ImportError("several workers need the extra [ray]: pip install 'alphamath-zero[ray]'") from None
    return ray


def _grow(
    ray: Any,
    config: DistributedConfig,
    make_engine: "MakeEngine",
    train: TrainConfig,
    round_number: int,
    jobs: "Sequence[Job]",
    on_tree: "OnTree",
) -> None:
    """Grow trees on the workers; each gets its next batch when it has finished one."""
    from ray.util import ActorPool

    Remote = ray.remote(num_cpus=1, num_gpus=config.gpus_per_worker)(Worker)
    batches = list(batched(jobs, BATCH))
    options = (train, round_number, make_engine, config.gpus_per_worker)
    workers = [Remote.remote(*options) for _ in range(min(config.workers, len(batches)))]
    try:
        pool = ActorPool(workers)
        for lines in pool.map_unordered(lambda worker, batch: worker.grow.remote(batch), batches):
            for line in lines:
                on_tree(line)
    finally:
        for worker in workers:
            ray.kill(worker)


class Worker:
    """Grows trees in a process of its own, with the model of the round before."""

    def __init__(
        self, config: TrainConfig, round_number: int, make_engine: "MakeEngine", gpus_per_worker: float = 0.0
    ) -> None:
        import torch

        from agents.processes import Place, take_place
        from agents.training.data import search_agent
        from agents.training.rounds import load_search_model

        if 0 < gpus_per_worker < 1:  # others share the one GPU that this process sees, and its memory
            take_place(Place(0, int(1 / gpus_per_worker)))
        torch.set_num_threads(config.threads)
        self._config = config
        self._agent = search_agent(config, make_engine(load_search_model(config, round_number - 1)), round_number)

    def grow(self, jobs: "Sequence[Job]") -> list[dict[str, Any]]:
        """Return the trees of some jobs, as `agents.training.data.grow_trees` gives them."""
        import asyncio

        from agents.training.data import grow_trees

        lines: list[dict[str, Any]] = []
        asyncio.run(grow_trees(self._agent, jobs, lines.append, concurrency=self._config.concurrency))
        return lines


def batched(jobs: "Sequence[Job]", size: int) -> "Iterator[Sequence[Job]]":
    """Cut jobs into pieces of at most `size`."""
    for start in range(0, len(jobs), size):
        yield jobs[start : start + size]
