"""`amz compare`: several agents on the same problems, their accuracy and what it cost."""

import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter, strftime
from typing import IO, TYPE_CHECKING, Any, Literal

from agents.base import Agent
from agents.commands import budgets
from agents.commands.errors import BadInput, bad_input
from agents.commands.evaluation import Evaluation
from agents.commands.progress import Progress
from agents.commands.sources import load, read_numbers, source_names
from agents.commands.specs import build, parse_specs
from agents.commands.terminal import output
from agents.commands.version import version
from agents.reporting.comparison import Row, row_of
from agents.reporting.files import open_lines, write_json, write_line
from agents.reporting.outcome import Outcome
from amz_env.problems.base import Problem

if TYPE_CHECKING:
    from agents.inference.base import Engine

INTERRUPTED = 130


@dataclass(frozen=True)
class CompareConfig:
    """Run several agents on the same problems and compare accuracy and cost.

    Prints a table and writes, below --out: outcomes.jsonl (a line per problem, as each finishes), results.json (all of
    it), accuracy_vs_tokens.png and tensorboard/. Ctrl-C keeps what is done.

    Examples:
      amz compare
      amz compare --quick
      amz compare --agents greedy majority:n=16 sbs:beams=3,width=5 mcts:simulations=20
      amz compare --problems problems.jsonl --limit 20 --model path/to/checkpoint
      amz compare --problems mini-math --level 4 5 --seeds 0,1,2
    """

    agents: tuple[str, ...] = budgets.AGENTS
    """Agents as name[:option=value[,...]], spaces or commas between.
    Names: greedy, majority, best-of-n, sbs, mcts.
    Options: label and temperature of all; n of majority and best-of-n; beams and width of sbs;
    simulations, width and c_puct of mcts."""
    problems: tuple[str, ...] = budgets.PROBLEMS
    """Built-in sets (mini-gsm, mini-math) or files (.jsonl, .json, .csv, .tsv, also .gz)."""
    split: Literal["train", "validation", "test", "all"] | None = None
    """Which problems by the hash of the question: by default test of a built-in set, all of a file."""
    limit: int | None = None
    """Problems of each set or file, the first ones; 0 takes all. Default: 40, with --quick 8."""
    level: tuple[str, ...] = ()
    """Only these levels, 1 (easy) to 5 (hard)."""
    model: str = "builtin"
    """A model that ships (builtin, or builtin-base: before training) or a model directory."""
    engine: Literal["cached", "recompute"] = "cached"
    """How the model is run: a key-value cache per path, or every prompt computed anew (slow; to measure against)."""
    device: str = "auto"
    """Torch device of the model; auto takes a GPU where there is one."""
    seeds: tuple[str, ...] = ("0",)
    """Seeds of sampling. With several, accuracy is the mean and the interval is over problems and seeds."""
    out: Path | None = None
    """Directory of the results; by default runs/compare-DATE-TIME."""
    overwrite: bool = False
    """Replace results that --out already holds."""
    quick: bool = False
    """Fewer problems and smaller budgets, to see that everything works."""
    json: bool = False
    """Print the rows as JSON on stdout instead of the tables."""


@dataclass
class Comparison:
    """A comparison under way: what is to be done and what is done.

    Attributes:
        config: the options, resolved to plain values.
        agents: in the order of their rows.
        problems: the same for every agent.
        seeds: each agent runs once per seed.
        out: directory of the results.
        engine: the model that the agents share.
        outcomes: agent's name -> outcomes in order of finishing.
        wall_seconds: agent's name -> seconds it worked.
    """

    config: dict[str, Any]
    agents: Sequence[Agent]
    problems: Sequence[Problem]
    seeds: Sequence[int]
    out: Path
    engine: "Engine"
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    wall_seconds: dict[str, float] = field(default_factory=dict)

    @property
    def expected(self) -> int:
        """Outcomes of an agent that has finished."""
        return len(self.problems) * len(self.seeds)

    @property
    def sources(self) -> str:
        """Where the problems are from, for titles."""
        return ", ".join(dict.fromkeys(problem.source for problem in self.problems))

    @property
    def partial(self) -> bool:
        """Whether something is left to do."""
        return any(len(self.outcomes.get(agent.name, ())) < self.expected for agent in self.agents)

    def rows(self) -> list[Row]:
        """Return the rows of the agents that have begun."""
        return [
            row_of(name, outcomes, wall_seconds=self.wall_seconds.get(name, 0.0), expected=self.expected)
            for name, outcomes in self.outcomes.items()
        ]


def run(config: CompareConfig, engine: "Engine | None" = None) -> int:
    """Compare agents as `config` says and return the exit code.

    Args:
        config: the options.
        engine: the model, instead of `config.model`.

    Raises:
        BadInput: the options cannot be used.
    """
    comparison = prepare(config, engine)
    interrupted = False
    try:
        _work(comparison)
    except KeyboardInterrupt:
        interrupted = True
        print("\namz: interrupted; writing what is done", file=sys.stderr)
    _write(comparison)
    _show(comparison, as_json=config.json)
    if interrupted:
        return INTERRUPTED
    return _complain_if_all_broke(comparison)


def prepare(config: CompareConfig, engine: "Engine | None" = None) -> Comparison:
    """Check the options, cheapest first, and load what they name.

    Raises:
        BadInput: an option cannot be used.
    """
    with bad_input():
        words = budgets.QUICK_AGENTS if config.quick and config.agents == budgets.AGENTS else config.agents
        specs = parse_specs(words)
        seeds = read_numbers("seeds", config.seeds)
        limit = config.limit if config.limit is not None else budgets.QUICK_LIMIT if config.quick else budgets.LIMIT
        levels = read_numbers("level", config.level) if config.level else None
        problems = load(config.problems, split=config.split, limit=limit, levels=levels)
        out = _out_directory(config)
        if engine is None:
            from agents.inference import load_engine

            engine = load_engine(config.model, config.engine, config.device)
        agents = build(specs, engine)
        out.mkdir(parents=True, exist_ok=True)
        (out / "outcomes.jsonl").unlink(missing_ok=True)
        shutil.rmtree(out / "tensorboard", ignore_errors=True)
    resolved = asdict(config) | {
        "agents": [str(spec) for spec in specs],
        "problems": source_names(config.problems),
        "seeds": seeds,
        "limit": limit,
        "level": levels,
        "out": str(out),
    }
    return Comparison(resolved, agents, problems, seeds, out, engine)


def _out_directory(config: CompareConfig) -> Path:
    out = config.out.expanduser() if config.out is not None else Path("runs") / strftime("compare-%Y%m%d-%H%M%S")
    if out.exists() and not out.is_dir():
        raise BadInput(f"--out {out} is a file; give a directory")
    if (out / "outcomes.jsonl").exists() and not config.overwrite:
        raise BadInput(f"{out} already holds results; give another --out, or --overwrite")
    return out


def _work(comparison: Comparison) -> None:
    """Run every agent with every seed, showing progress and keeping each outcome as it comes."""
    labels = [agent.name for agent in comparison.agents]
    with Progress(labels, comparison.expected) as progress, open_lines(comparison.out / "outcomes.jsonl") as lines:
        for agent in comparison.agents:
            keep = partial(_keep, comparison.outcomes.setdefault(agent.name, []), lines, progress.begin(agent.name))
            start = perf_counter()
            try:
                for seed in comparison.seeds:
                    comparison.engine.forget()  # or an agent would find the prompts of the one before computed
                    Evaluation(agent, comparison.problems, seed, keep).run()
            finally:
                comparison.wall_seconds[agent.name] = perf_counter() - start
            write_json(comparison.out / "results.json", results(comparison))


def _keep(outcomes: list[Outcome], lines: IO[str], report: Callable[[bool], None], outcome: Outcome) -> None:
    outcomes.append(outcome)
    write_line(lines, outcome.to_json())
    report(outcome.correct)


def results(comparison: Comparison) -> dict[str, Any]:
    """Return the content of results.json."""
    return {
        "format": "amz-compare-1",
        "version": version(),
        "python": platform.python_version(),
        "machine": {"system": platform.platform(terse=True), "cpus": os.cpu_count()},
        "config": comparison.config,
        "partial": comparison.partial,
        "rows": [row.to_json() for row in comparison.rows()],
        "problems": [outcome.to_json() for outcomes in comparison.outcomes.values() for outcome in outcomes],
    }


def _write(comparison: Comparison) -> None:
    from agents.reporting.picture import save_accuracy_picture
    from agents.reporting.tensorboard import write_run

    write_json(comparison.out / "results.json", results(comparison))
    rows = comparison.rows()
    title = f"{len(comparison.problems)} problems of {comparison.sources}"
    save_accuracy_picture(comparison.out / "accuracy_vs_tokens.png", rows, title=title)
    for row in rows:
        settings = {**comparison.config, "agent": row.agent}
        write_run(comparison.out / "tensorboard", row, comparison.outcomes[row.agent], settings)


def _show(comparison: Comparison, *, as_json: bool) -> None:
    from agents.reporting.table import breakdown_table, comparison_table

    rows = comparison.rows()
    if as_json:
        print(json.dumps([row.to_json() for row in rows], indent=1))
    else:
        console = output()
        runs = f" x {len(comparison.seeds)} seeds" if len(comparison.seeds) > 1 else ""
        partial = " (PARTIAL: interrupted)" if comparison.partial else ""
        about = f"{len(comparison.problems)} problems of {comparison.sources}{runs}"
        title = f"{about}, model {comparison.config['model']}{partial}"
        console.print(comparison_table(rows, title=title))
        if rows:
            console.print(breakdown_table(rows))
    print(f"results in {comparison.out}/: results.json, accuracy_vs_tokens.png, tensorboard/", file=sys.stderr)


def _complain_if_all_broke(comparison: Comparison) -> int:
    """Return 1 and say why on stderr if no search came through, else 0."""
    outcomes = [outcome for each in comparison.outcomes.values() for outcome in each]
    if outcomes and all(outcome.status == "error" for outcome in outcomes):
        print(f"amz: error: every search broke; the first: {outcomes[0].note}", file=sys.stderr)
        return 1
    return 0
