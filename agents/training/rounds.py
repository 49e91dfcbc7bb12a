"""The rounds of AlphaMath (paper, section 3 and Algorithm 1).

    for round k = 1 .. K:
        search the training problems by MCTS with model k-1, answers judged      round-k/trees.jsonl
        keep right and wrong paths with the Q of every step                      round-k/records.jsonl, held_out.jsonl
        name the problems whose key the trees contradict                         round-k/suspects.jsonl
        train policy and value from the base model with a fresh head             round-k/checkpoint/
        measure the value model and the agents on what was held out              round-k/outcomes.jsonl, metrics.json

Round 0 is the base model, evaluated. Everything is a function of the configuration and of what is on disk, stage by
stage: the same command goes on wherever it was stopped. Trees and outcomes are appended line by line; everything else
appears whole. Only this loop knows the answers; it hands each search of a training problem a judge.
"""

import asyncio
import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import torch
from transformers.utils import logging

import agents
from agents.commands.specs import named, parse_specs
from agents.inference import Engine, LocalEngine
from agents.inference.base import derive_seed
from agents.model import PolicyValueModel, ValueHead, load_model, resolve_model, save_model
from agents.model.few_shot import shots_of, with_examples, worked_states
from agents.reporting.files import write_bytes, write_json
from agents.search.agent import SearchAgent
from agents.training import data, run_files
from agents.training.board import board_is_current, write_board
from agents.training.config import TrainConfig
from agents.training.evaluation import Task, evaluate_agents, solve_tasks, value_quality
from agents.training.progress import stage
from agents.training.records import Record, read_records, write_records
from agents.training.suspects import Suspect, suspect_of
from agents.training.trainer import checkpoint_callback, progress_callback, train, updates_done
from agents.training.workers import Send, spread
from amz_env.problems.base import Problem

MakeEngine = Callable[[PolicyValueModel], Engine]
"""Makes the engine of a model."""

Grow = Callable[[TrainConfig, int, Sequence[data.Job], data.OnTree], None]
"""Grows the trees of a round's jobs with the model of the round before."""


def engine_maker(config: TrainConfig) -> MakeEngine:
    """Return what makes the engines of a run."""
    return partial(LocalEngine, max_step_tokens=config.max_step_tokens)


def run_rounds(config: TrainConfig, *, make_engine: MakeEngine | None = None, grow: Grow | None = None) -> Path:
    """Run the rounds, or go on with a run that was stopped.

    Args:
        config: the options.
        make_engine: the engine to search with; by default, the local one.
        grow: grows trees, in this process by default (`agents.distributed` does it elsewhere).

    Returns:
        The directory of the last round's model.

    Raises:
        ValueError: the directory holds another run, is in use, there is no such model, or nothing can be learned from
            the problems.
    """
    resolve_model(config.model)  # what cannot begin binds nobody to its directory
    worked_states(config.few_shot or 0)
    torch.set_num_threads(config.threads)
    logging.disable_progress_bar()  # each saved model would draw one
    problems, unseen = run_files.load_sets(config)
    config.run_dir.mkdir(parents=True, exist_ok=True)
    with run_files.only_process(config.run_dir):
        run_files.settle_config(config, problems, unseen)
        loop = _Loop(config, problems, unseen, make_engine or engine_maker(config), grow)
        try:
            for number in range(config.rounds + 1):
                loop.round(number)
        except KeyboardInterrupt:
            print(f"stopped; the same command goes on with {config.run_dir}", file=sys.stderr)
            raise
    return config.run_dir / f"round-{config.rounds}" / "checkpoint"


def load_round_model(config: TrainConfig, number: int) -> PolicyValueModel:
    """Return the model that round `number` made; round 0 is the base model with a fresh value head."""
    if number > 0:
        return load_model(config.run_dir / f"round-{number}" / "checkpoint", device=config.device)
    model = load_model(config.model, device=config.device)
    model.value_head = ValueHead(model.value_head.in_features).to(model.device)
    return model


def load_search_model(config: TrainConfig, number: int) -> PolicyValueModel:
    """Return the model of round `number` as it searches: a base model that does not know the format sees examples."""
    model = load_round_model(config, number)
    return with_examples(model, shots_of(config.model, config.few_shot)) if number == 0 else model


def evaluate_round(
    config: TrainConfig, number: int, problems: Sequence[Problem], path: Path, *, make_engine: MakeEngine | None = None
) -> dict[str, Any]:
    """Let the run's `eval_agents` solve problems with the model of a round; go on where `path` has some outcomes.

    Args:
        config: the run's options.
        number: the round, which must have its model.
        problems: what to solve.
        path: JSON lines of outcomes.
        make_engine: the engine to search with; by default, the local one.

    Returns:
        Agent's name -> its row of a comparison; see `evaluate_agents`.
    """
    work = partial(_solve_share, config, number, make_engine or engine_maker(config))
    return evaluate_agents(
        list(named(parse_specs(config.eval_agents))),
        problems,
        path,
        solve=partial(spread, work, workers=config.workers),
        show=partial(stage, f"round {number}: evaluate"),
    )


def grow_here(
    config: TrainConfig,
    number: int,
    jobs: Sequence[data.Job],
    on_tree: data.OnTree,
    *,
    make_engine: MakeEngine | None = None,
) -> None:
    """Grow trees of a round with the model of the round before, in this process or in the run's workers: a `Grow`."""
    make_engine = make_engine or engine_maker(config)
    spread(partial(_grow_share, config, number, make_engine), jobs, on_tree, workers=config.workers)


class _Loop:
    """A run under way."""

    def __init__(
        self,
        config: TrainConfig,
        problems: Sequence[Problem],
        unseen: Sequence[Problem],
        make_engine: MakeEngine,
        grow: Grow | None,
    ) -> None:
        self.config = config
        self.problems = problems
        self.unseen = unseen
        self.make_engine = make_engine
        self.grow = grow or partial(grow_here, make_engine=make_engine)

    def round(self, number: int) -> None:
        """Do what is left to do of a round."""
        folder = self.config.run_dir / f"round-{number}"
        folder.mkdir(exist_ok=True)
        metrics = run_files.read_metrics(folder)
        stages = [("evaluation", self._evaluate)]
        if number > 0:
            stages = [("data", self._make_data), ("training", self._fit), ("value", self._measure_value), *stages]
        left = [(name, work) for name, work in stages if name not in metrics]
        for name, work in left:
            start = perf_counter()
            metrics[name] = work(number, folder)
            metrics.setdefault("seconds", {})[name] = round(perf_counter() - start, 3)
            write_json(folder / "metrics.json", metrics)
        if left or not board_is_current(self.config.run_dir):
            self._write_board()

    def _write_board(self) -> None:
        write_board(self.config.run_dir, run_files.all_metrics(self.config.run_dir))

    def _make_data(self, number: int, folder: Path) -> dict[str, Any]:
        config = self.config
        each = config.problems_per_round
        jobs = data.jobs_of(self.problems, config.trees, seed=config.seed, round_number=number, each_round=each)
        grow = partial(self.grow, config, number)
        data.grow_missing(jobs, folder / "trees.jsonl", grow, title=f"round {number}: search")
        return self._make_records(number, folder)

    def _make_records(self, number: int, folder: Path) -> dict[str, Any]:
        """Choose the paths of all problems, in the order of the problems, and write them."""
        config, counts = self.config, data.RoundCounts()
        pieces = load_round_model(config, 0).pieces
        found: dict[int, list[Record]] = {}
        suspects: dict[int, Suspect] = {}
        for index, saved in data.trees_by_problem(folder / "trees.jsonl", config.trees):
            counts.add(saved)
            if suspect := suspect_of(saved):
                suspects[index] = suspect
            found[index] = data.paths_of(config, number, index, saved, pieces)
        kept: list[Record] = []
        held_out: list[Record] = []
        apart = run_files.held_out_indices(len(self.problems), config.held_out, config.seed)
        measured = run_files.measured_indices(self.problems, apart)
        for index in sorted(found.keys() - (apart - measured)):
            (held_out if index in apart else kept).extend(found[index])
        write_records(folder / "held_out.jsonl", held_out)
        write_records(folder / "records.jsonl", kept)
        self._name_suspects(suspects, folder / "suspects.jsonl", number)
        return run_files.summary(counts, kept) | {"suspect_keys": len(suspects)}

    def _name_suspects(self, suspects: dict[int, Suspect], path: Path, number: int) -> None:
        lines = (json.dumps(suspects[index].to_json(index, self.problems[index])) for index in sorted(suspects))
        write_bytes(path, "".join(f"{line}\n" for line in lines).encode())
        if suspects:
            what = "1 problem looks" if len(suspects) == 1 else f"{len(suspects)} problems look"
            print(f"round {number}: {what} wrongly keyed, the trees agree on another answer: {path}", file=sys.stderr)

    def _fit(self, number: int, folder: Path) -> dict[str, Any]:
        final, temporary, work = folder / "checkpoint", folder / "checkpoint.tmp", folder / "trainer"
        if not final.exists():
            config = self.config
            model = load_round_model(config, 0 if config.restart else number - 1)
            stored = model.lm.dtype
            model = model.float()
            records = self._records(number)
            if not records:
                raise ValueError(f"round {number}: no search reached an answer, so there is nothing to train on")
            updates, done = run_files.updates_of(records, config.training), updates_done(work)
            # The searches' processes have ended, so their threads are free.
            with _threads(config.threads * config.workers), stage(f"round {number}: train", updates, done) as advance:
                callbacks = [progress_callback(advance, done), checkpoint_callback(self._write_board)]
                seed = derive_seed("training", config.seed, number)
                log = train(model, records, config.training, work, seed=seed, callbacks=callbacks)
            facts = {"made_by": "amz train", "round": number, "config": config.to_json(), "log": log}
            shutil.rmtree(temporary, ignore_errors=True)
            model.lm.to(stored)  # of a model in bfloat16 the next searches would else take twice the memory
            save_model(model, temporary, training=facts)
            run_files.publish(temporary, final)
        shutil.rmtree(work, ignore_errors=True)
        return {"log": run_files.training_log(final)}

    def _records(self, number: int) -> list[Record]:
        """Return what a round trains on. A path that was found again has the Q of the latest round."""
        rounds = range(1, number + 1) if self.config.replay else [number]
        paths = [self.config.run_dir / f"round-{each}" / "records.jsonl" for each in rounds]
        return list({(each.problem, each.token_ids): each for path in paths for each in read_records(path)}.values())

    def _measure_value(self, number: int, folder: Path) -> dict[str, Any]:
        records = read_records(folder / "held_out.jsonl")
        sets = [self.problems[int(record.problem.partition(":")[0])].source for record in records]
        return value_quality(load_round_model(self.config, number), records, sets) if records else {}

    def _evaluate(self, number: int, folder: Path) -> dict[str, Any]:
        if not self.unseen or not self.config.eval_agents:
            return {}
        path = folder / "outcomes.jsonl"
        return evaluate_round(self.config, number, self.unseen, path, make_engine=self.make_engine)


def _grow_share(
    config: TrainConfig, number: int, make_engine: MakeEngine, jobs: Sequence[data.Job], send: Send
) -> None:
    """Grow trees of a round in this process."""
    torch.set_num_threads(config.threads)
    agent = data.search_agent(config, make_engine(load_search_model(config, number - 1)), number)
    asyncio.run(data.grow_trees(agent, jobs, send, concurrency=config.concurrency))


def _solve_share(config: TrainConfig, number: int, make_engine: MakeEngine, tasks: Sequence[Task], send: Send) -> None:
    """Do a share of a round's evaluation in this process."""
    torch.set_num_threads(config.threads)
    everyone = _agents(config, make_engine(load_search_model(config, number)))
    solve_tasks(everyone, config.seed, config.concurrency, tasks, send)


def _agents(config: TrainConfig, engine: Engine) -> list[SearchAgent]:
    """Return the agents of an evaluation, no two with the same name."""
    everyone = []
    for spec in named(parse_specs(config.eval_agents)).values():
        options: dict[str, Any] = dict(spec.options)
        everyone.append(agents.make(spec.name, model=engine, **options))
    return everyone


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Let torch use so many threads in here."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
