"""MaskablePPO over proposed steps beside greedy decoding and beam search, on held-out problems.

    python -m benchmarks.sb3 [--model DIR] [--steps 30000] [--limit 100] [--seeds 0 1 2] [--out runs/sb3-benchmark]

Trains a policy for each seed on the training problems, then lets it, SBS(1, K) with the same number of proposals a
step, and greedy decoding solve the same held-out problems. Majority vote samples whole solutions at the same
temperature: how often any of them is right gives an idea of what a better choice could reach. Prints accuracy and what
it cost, seconds being those of model and code, and the differences to greedy, paired by problem, with 95 % intervals:
over the seeds where there are several, since each trains a policy of its own. Writes them as JSON.
The same command goes on where it was stopped: in a training, and after each agent and seed.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import agents
from agents.base import Agent
from agents.commands.budgets import PROBLEMS
from agents.commands.evaluation import Evaluation
from agents.commands.sb3 import Sb3Config
from agents.commands.sources import load
from agents.commands.terminal import output
from agents.inference import Engine, load_engine
from agents.reporting.comparison import Row, row_of
from agents.reporting.files import open_lines, read_lines, write_json, write_line
from agents.reporting.outcome import Outcome
from agents.reporting.table import comparison_table
from agents.sb3.settings import Settings
from agents.sb3.training import train
from amz_env.problems.base import Problem
from benchmarks._seeds import Estimate, estimate, mean_of
from benchmarks._stopping import stoppable

DEFAULTS = Sb3Config()
CEILING_SAMPLES = 16
OUTCOMES, OPTIONS = "outcomes.jsonl", "options.json"

Make = Callable[[], Agent]


def measure(engine: Engine, options: argparse.Namespace, problems: Sequence[Problem]) -> dict[str, list[Outcome]]:
    """Return the outcomes of each agent, by its name, of all seeds; what is on disk is not measured again."""
    kept = _kept(options.out / OUTCOMES)
    outcomes: dict[str, list[Outcome]] = {}
    for seed in options.seeds:
        for name, make in _agents(engine, options, seed):
            found = kept.get((name, seed), {})
            if len(found) < len(problems):
                agent = make()
                engine.forget()
                found = {(each.source, each.id): each for each in _solved(agent, problems, seed)}
                with open_lines(options.out / OUTCOMES) as file:
                    for outcome in found.values():
                        write_line(file, {"name": name, **outcome.to_json()})
            outcomes.setdefault(name, []).extend(found.values())
    return outcomes


def _kept(path: Path) -> dict[tuple[str, int], dict[tuple[str, str], Outcome]]:
    kept: dict[tuple[str, int], dict[tuple[str, str], Outcome]] = {}
    for line in read_lines(path) if path.exists() else ():
        outcome = Outcome.from_json(line)
        kept.setdefault((line["name"], outcome.seed), {})[outcome.source, outcome.id] = outcome
    return kept


def _agents(engine: Engine, options: argparse.Namespace, seed: int) -> Iterator[tuple[str, Make]]:
    """Yield the agents to measure with a seed; those that only serve to compare, or do not sample, with the first."""
    sampling = {"model": engine, "temperature": options.temperature}
    if seed == options.seeds[0]:
        yield "greedy", lambda: agents.make("greedy", model=engine)
        yield f"maj@{CEILING_SAMPLES}", lambda: agents.make("majority", n=CEILING_SAMPLES, **sampling)
    yield f"SBS(1,{options.k})", lambda: agents.make("sbs", width=options.k, **sampling)
    yield "maskable-ppo", lambda: _trained(engine, options, seed)


def _trained(engine: Engine, options: argparse.Namespace, seed: int) -> Agent:
    practice = load(options.problems, split="train", limit=options.practice)
    tenth = max(options.steps // 10, 1)
    last, start = 0, process_time()

    def on_step(taken: int, mean_reward: float | None) -> None:
        nonlocal last
        if taken // tenth > last:
            last = taken // tenth
            spent = process_time() - start
            print(f"seed {seed}: {taken:,} steps, mean reward {mean_reward}, {spent:.0f} CPU s", file=sys.stderr)

    settings = Settings("maskable-ppo", options.k, options.temperature, options.projection)
    folder = options.out / f"seed-{seed}"
    sizes = {"steps": options.steps, "envs": options.envs, "seed": seed}
    return train(engine, practice, settings=settings, run_dir=folder, on_step=on_step, **sizes)


def _solved(agent: Agent, problems: Sequence[Problem], seed: int) -> list[Outcome]:
    found: list[Outcome] = []
    start = perf_counter()
    Evaluation(agent, problems, seed, found.append).run()
    right = sum(outcome.correct for outcome in found)
    print(f"{agent.name}, seed {seed}: {right}/{len(found)} in {perf_counter() - start:.0f} s", file=sys.stderr)
    return found


def difference(outcomes: Sequence[Outcome], baseline: Sequence[Outcome]) -> Estimate:
    """Return by how many points accuracy exceeds that of the baseline, which has one seed, paired by problem."""
    right = {(each.source, each.id): each.correct for each in baseline}
    by_seed: dict[int, list[float]] = {}
    for each in outcomes:
        by_seed.setdefault(each.seed, []).append(100.0 * (each.correct - right[each.source, each.id]))
    found = estimate(map(mean_of, by_seed.values()))
    assert found is not None  # there are outcomes
    return found


def report(outcomes: dict[str, list[Outcome]], expected: int, options: argparse.Namespace) -> dict[str, Any]:
    """Print the table and the differences to greedy; return both as plain values."""
    rows: list[Row] = []
    differences: dict[str, Any] = {}
    for name, found in outcomes.items():
        seconds = sum(each.model_seconds + each.code_seconds for each in found)  # those of the searches overlap
        rows.append(row_of(name, found, wall_seconds=seconds, expected=expected * len({each.seed for each in found})))
    output().print(comparison_table(rows, title=f"{expected} held-out problems, model {options.model}"))
    for name in [name for name in outcomes if name != "greedy"]:
        found = difference(outcomes[name], outcomes["greedy"])
        differences[name] = found.to_json()
        print(f"{name} - greedy: {found.text(sign='+')} points")
    return {"rows": [row.to_json() for row in rows], "minus_greedy": differences}


def _settle(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options as plain values, after writing those of a new report or comparing them with the old ones."""
    plain = {name: value for name, value in vars(options).items() if name not in ("out", "seeds")}
    path = options.out / OPTIONS
    if not path.exists():
        write_json(path, plain)
    elif (then := json.loads(path.read_text())) != plain:
        raise SystemExit(f"{options.out} was begun with {then}, not {plain}; give another --out")
    return plain | {"seeds": options.seeds}


@stoppable()
def main() -> None:
    """Read the options, measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="builtin", help="a model that ships, or a model directory")
    parser.add_argument("--problems", nargs="+", default=list(PROBLEMS), help="built-in problem sets")
    parser.add_argument("--split", default="test", help="which problems to measure on")
    parser.add_argument("--limit", type=int, default=100, help="held-out problems of each set")
    parser.add_argument("--practice", type=int, default=DEFAULTS.limit, help="training problems of each set")
    parser.add_argument("--steps", type=int, default=DEFAULTS.steps, help="steps of training")
    parser.add_argument("--envs", type=int, default=DEFAULTS.envs, help="episodes side by side in training")
    parser.add_argument("--k", type=int, default=DEFAULTS.k, help="proposals a step")
    parser.add_argument("--temperature", type=float, default=DEFAULTS.temperature, help="of proposing")
    parser.add_argument("--projection", type=int, default=DEFAULTS.projection, help="numbers of a hidden state")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="of training and of solving")
    parser.add_argument("--out", type=Path, default=Path("runs/sb3-benchmark"), help="directory of runs and report")
    options = parser.parse_args()
    plain = _settle(options)
    problems = load(options.problems, split=options.split, limit=options.limit)
    outcomes = measure(load_engine(options.model), options, problems)
    write_json(options.out / "report.json", {"options": plain} | report(outcomes, len(problems), options))


if __name__ == "__main__":
    main()
