"""The paper's findings on the small model: the whole loop per seed, then every agent on problems it never saw.

    python -m benchmarks.findings --run-dir runs/findings --seeds 0,1,2

For each seed the rounds are run (`amz train` in RUN_DIR/seed-S), then the models of all rounds are evaluated greedily
and the last one with every agent, on the test split of the training sets and on mini-gaokao, which is never trained on.
V of the last one ranks right and wrong paths of trees over the same test problems.
Everything is resumable: the same command goes on wherever it was stopped, and seeds may be added later. The report is
made from what is on disk (`--report-only` makes it again): report.md, report.json, findings.png, q.png in RUN_DIR.
`--keep DIR` writes what it is made of there, without the solutions, for seeds that come from several machines; the
report in docs/ is that of `--report-only --run-dir docs/findings`.

What one seed took with the defaults on two cores that nothing else used (run K, seed 1):

    data        3 rounds of 4,400 trees of 40 simulations, two workers         30, 29 and 28 minutes
    training    one epoch on 15,000, 30,000 and 45,000 paths, compiled         12, 14 and 23 minutes
    evaluation  450 problems with every agent, and greedy thrice more          30 minutes
    V           300 trees over the test problems                               3 minutes
"""

import sys
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import tyro

from agents.commands.sources import read_numbers, told_apart
from agents.reporting.files import write_json
from agents.training.config import TrainConfig, TrainingOptions
from agents.training.rounds import evaluate_round, run_rounds
from agents.training.run_files import only_process
from amz_env.problems import load_problems
from amz_env.problems.base import Problem
from amz_env.problems.loading import is_generated
from benchmarks._findings_kept import keep_seed
from benchmarks._findings_text import UnequalRuns, write_report
from benchmarks._findings_value import measure_value
from benchmarks._runs import DONE, TEST, TRANSFER, outcomes_path
from benchmarks._stopping import stoppable

AGENTS = (
    "greedy",
    "majority:n=5",
    "best-of-n:n=5",
    "sbs:beams=1,width=5",
    "sbs:beams=3,width=5",
    "mcts:simulations=40",
)
"""What the last round's model is evaluated with; the rounds before it, with greedy alone."""


def small_run() -> TrainConfig:
    """Return the options of a run that takes two hours and a quarter a seed on two cores, and half an hour to evaluate.

    Many problems with one tree each teach the value model more than few problems with many paths. Three proposals at
    temperature 1 give two thirds more paths a second than five at 0.7, and the rounds share theirs. In 16 simulations a
    third of the longest problems come to no answer at all; 40, as in the paper, solve twice as many of them.
    """
    return TrainConfig(
        size=4400,
        problems_per_round=4400,
        replay=True,
        trees=1,
        simulations=40,
        width=3,
        temperatures=(1.0,),
        value_target="outcome",
        workers=2,
        eval_size=25,
        eval_agents=("greedy",),
        training=TrainingOptions(epochs=1, beta=0.2, likelihood=True, bf16=True, compile=True),
    )


@dataclass(frozen=True)
class FindingsConfig:
    """Run the whole loop once per seed, evaluate every agent on held-out problems, and report the paper's findings."""

    run_dir: Path = Path("runs/findings")
    """Directory of the runs (seed-S) and of the report."""
    seeds: str = "0"
    """Seeds of the whole loop, as 0,1,2; those that are done are not done again."""
    test_size: int = 100
    """Test problems of each training set."""
    transfer_size: int = 150
    """Problems of mini-gaokao."""
    report_only: bool = False
    """Only make the report again, of all seeds that are done."""
    keep: Path | None = None
    """Directory to which the outcomes and metrics of each seed that is done are written as well."""
    train: TrainConfig = field(default_factory=small_run)
    """The loop; its run directory and seed are set here."""


def main() -> None:
    """Read the options, run what is left to run, report."""
    config = tyro.cli(FindingsConfig, description=__doc__, config=(tyro.conf.FlagCreatePairsOff,))
    try:
        if config.keep is not None and config.keep.resolve() == config.run_dir.resolve():
            raise ValueError("--keep must be another directory than --run-dir, whose solutions it leaves out")
        if not config.report_only:
            with stoppable():
                for seed in read_numbers("seeds", [config.seeds]):
                    print(f"seed {seed}", file=sys.stderr)
                    run_seed(config, seed)
                    keep_seeds(config)
                    with suppress(UnequalRuns):  # all of them are being given more rounds
                        write_report(config.run_dir)  # after each: three seeds take hours
        keep_seeds(config)
        print(write_report(config.run_dir))
    except ValueError as error:
        raise SystemExit(str(error)) from None
    print(f"report.md, report.json and the pictures are in {config.run_dir}")


def keep_seeds(config: FindingsConfig) -> None:
    """Keep what the report is made of, of each seed that is done, where that is wanted."""
    if config.keep is not None:
        for done in sorted(config.run_dir.glob(f"seed-*/{DONE}")):
            keep_seed(done.parent, config.keep / done.parent.name)


def run_seed(config: FindingsConfig, seed: int) -> None:
    """Do what is left to do of one seed."""
    folder = config.run_dir / f"seed-{seed}"
    run = replace(config.train, run_dir=folder, seed=seed)
    sets = unseen_sets(run, config.test_size, config.transfer_size)  # first: what is wrong with them shows at once
    run_rounds(run)
    with only_process(folder):
        for number in range(run.rounds + 1):
            agents = AGENTS if number == run.rounds else AGENTS[:1]
            for name, problems in sets.items():
                path = outcomes_path(folder, name, number)
                evaluate_round(replace(run, eval_agents=agents), number, problems, path)
        value = measure_value(run, sets[TEST])
    sizes = {name: len(problems) for name, problems in sets.items()}
    write_json(folder / DONE, {"rounds": run.rounds, "problems": sizes, "value": value})


def unseen_sets(run: TrainConfig, test_size: int, transfer_size: int) -> dict[str, list[Problem]]:
    """Return what a run's models are evaluated on: the test split of each of its sets, and mini-gaokao.

    Args:
        run: the run; its seed draws the problems.
        test_size: test problems of each set.
        transfer_size: problems of mini-gaokao.

    Raises:
        ValueError: nothing to evaluate on, or a file whose test split the run trains on.
    """
    for name in run.problems:
        if run.eval_problems and not is_generated(name):
            raise ValueError(f"{name}: with --train.eval-problems a run trains on the whole file, its test split too")
    load = partial(load_problems, split="test", seed=run.seed)
    own = partial(load, size=test_size, question_key=run.question_key, answer_key=run.answer_key)
    test = told_apart({name: own(name)[:] for name in run.problems})
    return {TEST: test, TRANSFER: list(load(TRANSFER, size=transfer_size)[:])}


if __name__ == "__main__":
    main()
