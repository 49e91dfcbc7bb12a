"""The experiments of the paper's summary and the ablations it lacks, each one command with a table and a picture.

    python -m benchmarks.experiments beta --seeds 0,1,2
    python -m benchmarks.experiments --list

An experiment is a few variants of the loop. What the others are compared with is the loop that ships
(`benchmarks.findings`), with a tenth of its problems and two epochs. Each variant and seed is a run of its own, shared
between experiments, then evaluated on held-out problems; variants that only train in another way share the trees of
round 1, and most experiments take no more than that round. Everything is resumable, and seeds may be added;
`--report-only` makes table and picture again from what is on disk: RUN_DIR/NAME.md, NAME.json, NAME.png.

With the defaults, the first round of one seed took about 8 minutes on two cores: 4 of trees, 2 of training, the rest
for 300 problems greedily and by SBS(1,5). Later rounds of most variants train longer, on the paths of all so far.
"""

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import tyro

from agents.commands.sources import read_numbers
from agents.commands.specs import named, parse_specs
from agents.training.config import TrainConfig
from agents.training.rounds import evaluate_round, run_rounds
from agents.training.run_files import only_process
from amz_env.problems.generated import TRAINING_SETS
from benchmarks import _variants
from benchmarks._experiments_report import Place, write_report
from benchmarks._runs import outcomes_path
from benchmarks._stopping import stoppable
from benchmarks.findings import small_run, unseen_sets


@dataclass(frozen=True)
class Variant:
    """How one run differs from the loop that ships.

    Attributes:
        train: options of `TrainConfig`; those of `TrainingOptions` as ``training.NAME``.
        search: options of `_variants.mcts_variant`, with which the data are then made.
        value_of: options of another run whose model gives the values at evaluation: separate trunks.
    """

    train: Mapping[str, Any] = field(default_factory=dict)
    search: Mapping[str, float] = field(default_factory=dict)
    value_of: Mapping[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """Name of the directory of its runs: what differs."""
        own = [_written(name, value) for name, value in (*self.train.items(), *self.search.items())]
        others = [f"values-{_written(name, value)}" for name, value in self.value_of.items()]
        return ",".join([*own, *others]) or "base"

    @property
    def searches_alike(self) -> bool:
        """Whether its trees of round 1 are those of the loop that ships: only what is learned from them differs."""
        learning = ("training.", "value_target", "late_wrong", "restart")
        return not self.search and all(name.startswith(learning) for name in self.train)


def _written(name: str, value: Any) -> str:
    return f"{name}={'+'.join(value) if isinstance(value, tuple) else value}"


@dataclass(frozen=True)
class Experiment:
    """A question, and the variants that answer it; the first one is what the others are compared with.

    Attributes:
        question: what is asked.
        variants: name -> variant.
        rounds: rounds of each run.
        agents: what the model of each round is evaluated with.
    """

    question: str
    variants: Mapping[str, Variant]
    rounds: int = 1
    agents: tuple[str, ...] = ("greedy", "sbs:beams=1,width=5")


_EACH: Final = 150  # training problems of each set in a round
_ROUND: Final = _EACH * len(TRAINING_SETS)
_MOST_ROUNDS: Final = 6
TREES: Final = Path("round-1", "trees.jsonl")

BASE: Final = Variant()
"""The loop that ships, in small."""


def _train(name: str, *values: Any) -> dict[str, Variant]:
    return {f"{name.removeprefix('training.')}={value}": Variant({name: value}) for value in values}


_SAME: Final = {"size": _EACH, "problems_per_round": None, "replay": False}
_ALONE: Final = {"size": _ROUND * _MOST_ROUNDS}

EXPERIMENTS: Final[Mapping[str, Experiment]] = {
    "greedy-sbs": Experiment("How much does SBS(1,5) add to greedy, round by round?", {"base": BASE}, rounds=3),
    "inference": Experiment(
        "How does MCTS's accuracy grow with its simulations?",
        {"base": BASE},
        agents=("greedy", "sbs:beams=1,width=5", *(f"mcts:simulations={n}" for n in (10, 20, 30, 40))),
    ),
    "simulations": Experiment(
        "How do N simulations a tree change the data and what is learned from them?",
        {"N=40 (paper)": BASE, **{f"N={n}": Variant({"simulations": n}) for n in (10, 20, 30)}},
    ),
    "lambda": Experiment(
        "What weight must the reward have in a judged leaf's evaluation?",
        {"1 (paper)": BASE, **{f"{w:g}": Variant(search={"reward_weight": w}) for w in (0.5, 0.25)}},
    ),
    "c_puct": Experiment("How much exploration?", {"1.25 (paper)": BASE} | _train("c_puct", 0.25, 5.0)),
    "beta": Experiment(
        "What weight of the value loss? The paper's is 0.1.",
        {"0.2": BASE} | _train("training.beta", 0.02, 0.1, 1.0),
    ),
    "prior": Experiment("Does the prior help?", {"on (paper)": BASE, "off": Variant(search={"prior": 0})}),
    "children": Experiment(
        "Does the value of every child help?", {"off (paper)": BASE, "on": Variant(search={"children": 1})}
    ),
    "heads": Experiment(
        "Do policy and value help or hinder each other in one trunk? Separate ones are a run without value loss, and "
        "one with hardly any other.",
        {"joint (paper)": BASE, "separate": Variant({"training.beta": 0.0}, value_of={"training.beta": 100.0})},
    ),
    "restart": Experiment(
        "Train from the base model in every round, or go on?",
        {"restart (paper)": BASE, "go on": Variant({"restart": False})},
        rounds=2,
    ),
    "late-wrong": Experiment(
        "Do wrong paths that leave a right one late teach the value more?",
        {"random (paper)": BASE, "late": Variant({"late_wrong": True})},
    ),
    "value-target": Experiment(
        "Is a step's Q in a small tree, or the expected outcome of going on from it, the better target of V?",
        {"outcome": BASE, "Q (paper)": Variant({"value_target": "q"})},
    ),
    "likelihood": Experiment(
        "Does a value that reads how likely the policy finds a path rank steps better?",
        {"on": BASE, "off (paper)": Variant({"training.likelihood": False})},
    ),
    "turns": Experiment(
        "Searching the same problems in every round, or others and training on the paths of all rounds?",
        {"others": BASE, "same (paper)": Variant(_SAME)},
        rounds=2,
    ),
    "convergence": Experiment(
        "Do six rounds of the paper's kind, on the same problems and each on its own paths, go on improving?",
        {"same (paper)": Variant(_SAME)},
        rounds=_MOST_ROUNDS,
    ),
    "data-sets": Experiment(
        "Does what is learned on one set carry over to the others?",
        {"all": BASE, **{name: Variant({"problems": (name,), **_ALONE}) for name in TRAINING_SETS}},
    ),
}


def _small_run() -> TrainConfig:
    run = small_run()
    training = replace(run.training, epochs=2, compile=False)  # so short a training is over before compiling pays
    size = _EACH * _MOST_ROUNDS
    return replace(run, size=size, problems_per_round=_ROUND, held_out=0.2, eval_size=0, training=training)


@dataclass(frozen=True)
class ExperimentsConfig:
    """Run an experiment."""

    name: Annotated[str, tyro.conf.Positional] = ""
    """Which one; see --list."""
    list: bool = False
    """Only list the experiments."""
    run_dir: Path = Path("runs/experiments")
    """Directory of runs and reports."""
    seeds: str = "0,1,2"
    """Seeds of the whole loop."""
    test_size: int = 75
    """Test problems of each training set."""
    transfer_size: int = 75
    """Problems of mini-gaokao."""
    report_only: bool = False
    """Only make the report again, of what is done."""
    train: TrainConfig = field(default_factory=_small_run)
    """The loop that the variants vary; its run directory, seed and rounds are set here."""


def main() -> None:
    """Read the options, run what is left to run, report."""
    config = tyro.cli(ExperimentsConfig, description=__doc__, config=(tyro.conf.FlagCreatePairsOff,))
    if config.list or config.name not in EXPERIMENTS:
        for name, each in EXPERIMENTS.items():
            print(f"{name:12} {each.question}  [{', '.join(each.variants)}; rounds: {each.rounds}]")
        raise SystemExit(0 if config.list else f"no experiment {config.name!r}; those above are known")
    try:
        if not config.report_only:
            with stoppable():
                run_experiment(config, EXPERIMENTS[config.name])
        question, places = EXPERIMENTS[config.name].question, _places(config, EXPERIMENTS[config.name])
        print(write_report(config.run_dir, config.name, question, list(places)))
    except ValueError as error:
        raise SystemExit(str(error)) from None


def run_experiment(config: ExperimentsConfig, experiment: Experiment) -> None:
    """Do what is left to do of every variant, seed after seed."""
    for seed in read_numbers("seeds", [config.seeds]):
        for name, variant in experiment.variants.items():
            print(f"{config.name}: {name}, seed {seed}", file=sys.stderr)
            run_variant(config, experiment, variant, seed)


def _places(config: ExperimentsConfig, experiment: Experiment) -> Iterator[Place]:
    labels = list(named(parse_specs(experiment.agents)))
    for name, variant in experiment.variants.items():
        values = config.run_dir / "runs" / Variant(variant.value_of).folder if variant.value_of else None
        yield Place(name, config.run_dir / "runs" / variant.folder, experiment.rounds, labels, values)


def run_variant(config: ExperimentsConfig, experiment: Experiment, variant: Variant, seed: int) -> None:
    """Do what is left to do of one run, and evaluate the models of its rounds."""
    run = replace(_run_of(config, variant.train, variant.folder, seed), rounds=experiment.rounds)
    # Whatever a variant learns from, all are asked the same.
    sets = unseen_sets(replace(config.train, seed=seed), config.test_size, config.transfer_size)
    share_trees(config, variant, run.run_dir)
    grow = partial(_variants.grow, dict(variant.search)) if variant.search else None
    run_rounds(run, grow=grow)
    make_engine = None  # that of the run
    for number in range(1, experiment.rounds + 1):
        if variant.value_of:
            values = Variant(variant.value_of)
            other = replace(_run_of(config, values.train, values.folder, seed), rounds=number)
            share_trees(config, values, other.run_dir)
            make_engine = partial(_variants.split_engine, run, str(run_rounds(other)))
        with only_process(run.run_dir):
            for name, problems in sets.items():
                path = outcomes_path(run.run_dir, name, number)
                asked = replace(run, eval_agents=experiment.agents)
                evaluate_round(asked, number, problems, path, make_engine=make_engine)


def share_trees(config: ExperimentsConfig, variant: Variant, folder: Path) -> None:
    """Give a run that has not begun the trees of round 1 that the loop that ships has grown with the same seed."""
    grown = config.run_dir / "runs" / BASE.folder / folder.name / TREES
    if variant != BASE and variant.searches_alike and grown.exists() and not (folder / TREES).exists():
        (folder / TREES).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(grown, folder / TREES)


def _run_of(config: ExperimentsConfig, options: Mapping[str, Any], folder: str, seed: int) -> TrainConfig:
    inner = {name.removeprefix("training."): value for name, value in options.items() if name.startswith("training.")}
    outer = {name: value for name, value in options.items() if not name.startswith("training.")}
    run_dir = config.run_dir / "runs" / folder / f"seed-{seed}"
    return replace(config.train, run_dir=run_dir, seed=seed, training=replace(config.train.training, **inner), **outer)


if __name__ == "__main__":
    main()
