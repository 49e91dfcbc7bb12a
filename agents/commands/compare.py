"""`amz compare`: several agents on the same problems, their accuracy and what it cost."""

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import perf_counter, strftime
from typing import IO, TYPE_CHECKING, Literal

from agents.base import MAX_STEP_TOKENS
from agents.commands import budgets
from agents.commands.comparison import Comparison, Run
from agents.commands.errors import BadInput, bad_input
from agents.commands.fitting import fit_all, measured_cost
from agents.commands.progress import Progress
from agents.commands.report import show, write
from agents.commands.sources import load, read_numbers, source_names
from agents.commands.specs import AgentSpec, check_ready, named, parse_specs
from agents.commands.terminal import progress_output
from agents.commands.workers import Alone, MakeEngine, Team, Workers
from agents.reporting.files import open_lines, write_json, write_line
from agents.reporting.outcome import Outcome
from amz_env.interpreter import shared_interpreter
from amz_env.problems.base import Problem

if TYPE_CHECKING:
    from agents.inference.base import Engine

INTERRUPTED = 130
_WRITTEN = ("outcomes.jsonl", "results.json", "accuracy_vs_tokens.png", "accuracy_at_budgets.png", "tensorboard")


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
      amz compare --budget-tokens 500,1000,2000,4000 --workers 2
    """

    agents: tuple[str, ...] = budgets.AGENTS
    """Agents as name[:option=value[,...]], spaces or commas between.
    Names: greedy, majority, best-of-n, sbs, dvts, mcts, ab-mcts, sb3:path=DIR (what amz sb3 has trained).
    Options: label of all; temperature of all but sb3; n of majority and best-of-n; beams, width and likelihood of sbs;
    subtrees and width of dvts; simulations, width, c_puct, likelihood and leaves (expanded at once) of mcts;
    simulations of ab-mcts. With likelihood above 0 an answer is chosen by V and that weight of its path's
    likelihood."""
    problems: tuple[str, ...] = budgets.PROBLEMS
    """Built-in sets (mini-gsm, mini-math, mini-guess, mini-gaokao), reasoning-gym:NAME, or files; see
    amz problems --help."""
    split: Literal["train", "validation", "test", "all"] | None = None
    """Which problems by the hash of the question: by default test of a built-in set, all of a file."""
    limit: int | None = None
    """Problems of each set or file, the first ones; 0 takes all. Default: 30, with --quick 8."""
    question_key: str | None = None
    """Column of a file that holds the question; by default question or problem."""
    answer_key: str | None = None
    """Column of a file that holds the answer; by default answer, final_answer, expected_answer or solution."""
    level: tuple[str, ...] = ()
    """Only these levels, 1 (easy) to 5 (hard)."""
    model: str = "builtin"
    """A model that ships (builtin, or builtin-base: before training) or a model directory."""
    engine: Literal["cached", "recompute"] = "cached"
    """How the model is run: a key-value cache per path, or every prompt computed anew (slow; to measure against)."""
    device: str = "auto"
    """Torch device of the model; auto takes a GPU where there is one."""
    max_step_tokens: int = MAX_STEP_TOKENS
    """Tokens of one step; a longer one is cut and ends as malformed. Models larger than those that ship write more."""
    few_shot: int | None = None
    """Worked examples before each question. Default: 2 for a model that has no value head and does not know the step
    format, else 0."""
    workers: int = 1
    """Processes that share the problems, each with a copy of the model and one torch thread."""
    budget_tokens: tuple[str, ...] = ()
    """Compare at equal budgets: generated tokens per problem, for example 500,1000,2000,4000. Each agent runs with the
    largest n, width, simulations ... whose mean cost, measured on a few of the problems, is within the budget."""
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


def run(config: CompareConfig, engine: "Engine | MakeEngine | None" = None) -> int:
    """Compare agents as `config` says and return the exit code.

    Args:
        config: the options.
        engine: the model instead of `config.model`, or what makes it; several workers need the latter, picklable.

    Raises:
        BadInput: the options cannot be used.
    """
    comparison = prepare(config, engine)
    interrupted = False
    try:
        if comparison.budgets:
            _fit(comparison)
        _work(comparison)
    except KeyboardInterrupt:
        interrupted = True
        print("\namz: interrupted; writing what is done", file=sys.stderr)
    except Exception:
        write(comparison)  # what is done is not lost to what went wrong
        raise
    finally:
        comparison.team.close()
    write(comparison)
    show(comparison, as_json=config.json)
    if interrupted:
        return INTERRUPTED
    return _complain_if_all_broke(comparison)


def prepare(config: CompareConfig, engine: "Engine | MakeEngine | None" = None) -> Comparison:
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
        problems = load(
            config.problems,
            split=config.split,
            limit=limit,
            levels=levels,
            question_key=config.question_key,
            answer_key=config.answer_key,
        )
        out = _out_directory(config)
        agents = named(specs)
        for spec in specs:
            check_ready(spec)
        tokens = read_numbers("budget-tokens", config.budget_tokens) if config.budget_tokens else []
        if 0 in tokens:
            raise BadInput("--budget-tokens takes numbers of at least 1, got 0")
        shared_interpreter()  # AMZ_ISOLATION may be wrong
        team = _team(config, problems, engine)
        out.mkdir(parents=True, exist_ok=True)
        for name in _WRITTEN[:-1]:
            (out / name).unlink(missing_ok=True)
        shutil.rmtree(out / _WRITTEN[-1], ignore_errors=True)
    resolved = asdict(config) | {
        "agents": [str(spec) for spec in specs],
        "problems": source_names(config.problems),
        "seeds": seeds,
        "budget_tokens": tokens,
        "limit": limit,
        "level": levels,
        "out": str(out),
    }
    return Comparison(resolved, specs, problems, seeds, out, team, agents, tokens)


def _team(config: CompareConfig, problems: Sequence[Problem], engine: "Engine | MakeEngine | None") -> Team:
    if config.workers < 1:
        raise BadInput(f"--workers must be at least 1, got {config.workers}")
    if engine is None:
        from agents.inference import load_engine

        engine = partial(
            load_engine, config.model, config.engine, config.device, config.max_step_tokens, config.few_shot
        )
    make_engine = engine if callable(engine) else partial(_itself, engine)
    return Alone(make_engine, problems) if config.workers == 1 else Workers(config.workers, make_engine, problems)


def _itself(engine: "Engine") -> "Engine":
    return engine


def _out_directory(config: CompareConfig) -> Path:
    out = config.out.expanduser() if config.out is not None else Path("runs") / strftime("compare-%Y%m%d-%H%M%S")
    if out.exists() and not out.is_dir():
        raise BadInput(f"--out {out} is a file; give a directory")
    found = next((name for name in _WRITTEN if (out / name).exists()), None)
    if found and not config.overwrite:
        raise BadInput(f"{out} already holds {found}; give another --out, or --overwrite")
    return out


def _fit(comparison: Comparison) -> None:
    """Measure what agents cost, and let those that fit the budgets be the ones to compare."""
    with progress_output().status("measuring costs") as status:

        def cost_of(spec: AgentSpec) -> float:
            status.update(f"measuring costs: {spec}")
            return measured_cost(comparison.team, spec, comparison.seeds[0], len(comparison.problems))

        comparison.use(fit_all(comparison.asked, comparison.budgets, cost_of))


def _work(comparison: Comparison) -> None:
    """Run every agent with every seed, showing progress and keeping each outcome as it comes."""
    names = list(comparison.agents)
    with Progress(names, comparison.expected) as progress, open_lines(comparison.out / "outcomes.jsonl") as lines:
        for name, spec in comparison.agents.items():
            run = comparison.runs[name] = Run()
            keep = partial(_keep, run.outcomes, lines, progress.begin(name))
            start = perf_counter()
            try:
                for seed in comparison.seeds:
                    run.decoded += comparison.team.evaluate(spec, seed, keep)
            finally:
                run.wall_seconds = perf_counter() - start
            write_json(comparison.out / "results.json", comparison.to_json())


def _keep(outcomes: list[Outcome], lines: IO[str], report: Callable[[bool], None], outcome: Outcome) -> None:
    outcomes.append(outcome)
    write_line(lines, outcome.to_json())
    report(outcome.correct)


def _complain_if_all_broke(comparison: Comparison) -> int:
    """Return 1 and say why on stderr if no search came through, else 0."""
    outcomes = comparison.outcomes
    if outcomes and all(outcome.status == "error" for outcome in outcomes):
        print(f"amz: error: every search broke; the first: {outcomes[0].note}", file=sys.stderr)
        return 1
    return 0
