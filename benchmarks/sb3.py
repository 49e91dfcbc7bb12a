"""MaskablePPO over proposed steps beside greedy decoding and beam search, on held-out problems.

    python -m benchmarks.sb3 [--model DIR] [--steps 20000] [--limit 100] [--seeds 0 1 2] [--out runs/sb3-benchmark]

Trains a policy for each seed on the training problems (it goes on where it was stopped), then lets it, SBS(1, K) with
the same number of proposals a step, and greedy decoding solve the same held-out problems. Prints accuracy with 95 %
intervals over problems and seeds, what it cost, and the paired difference to greedy; writes them as JSON.
"""

import argparse
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import agents
from agents.base import Agent
from agents.commands.evaluation import Evaluation
from agents.commands.sources import load
from agents.commands.terminal import output
from agents.inference import Engine, load_engine
from agents.reporting.comparison import Z95, Row, row_of
from agents.reporting.files import write_json
from agents.reporting.outcome import Outcome
from agents.reporting.table import comparison_table
from agents.sb3.settings import Settings
from agents.sb3.training import train
from amz_env.problems.base import Problem


def measure(engine: Engine, options: argparse.Namespace, problems: Sequence[Problem]) -> dict[str, list[Outcome]]:
    """Return the outcomes of each agent, by its name, of all seeds."""
    outcomes: dict[str, list[Outcome]] = {}
    for seed in options.seeds:
        searches = [agents.make("greedy", model=engine)] if seed == options.seeds[0] else []  # it does not sample
        searches.append(agents.make("sbs", model=engine, width=options.k, temperature=options.temperature))
        for agent in (*searches, _trained(engine, options, seed)):
            engine.forget()
            outcomes.setdefault(agent.name, []).extend(_solved(agent, problems, seed))
    return outcomes


def _trained(engine: Engine, options: argparse.Namespace, seed: int) -> Agent:
    practice = load(options.problems, split="train", limit=options.practice)
    tenth = max(options.steps // 10, 1)
    last = 0

    def on_step(taken: int, mean_reward: float | None) -> None:
        nonlocal last
        if taken // tenth > last:
            last = taken // tenth
            print(f"seed {seed}: {taken:,} steps, mean reward {mean_reward}", file=sys.stderr, flush=True)

    settings = Settings("maskable-ppo", options.k, options.temperature)
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


def difference(outcomes: Sequence[Outcome], baseline: Sequence[Outcome]) -> tuple[float, float]:
    """Return by how much accuracy exceeds the baseline's, and half its 95 % interval, paired by problem; in [-1, 1]."""
    shares = [_by_problem(each) for each in (outcomes, baseline)]
    differences = [shares[0][problem] - shares[1][problem] for problem in shares[0]]
    spread = statistics.stdev(differences) if len(differences) > 1 else 0.0
    return statistics.fmean(differences), Z95 * spread / len(differences) ** 0.5


def _by_problem(outcomes: Sequence[Outcome]) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], list[bool]] = {}
    for outcome in outcomes:
        found.setdefault((outcome.source, outcome.id), []).append(outcome.correct)
    return {problem: statistics.fmean(correct) for problem, correct in found.items()}


def report(outcomes: dict[str, list[Outcome]], expected: int, options: argparse.Namespace) -> dict[str, Any]:
    """Print the table and the differences to greedy; return both as plain values."""
    rows: list[Row] = []
    differences: dict[str, Any] = {}
    for name, found in outcomes.items():
        seconds = sum(outcome.seconds for outcome in found)
        rows.append(row_of(name, found, wall_seconds=seconds, expected=expected * len({each.seed for each in found})))
    output().print(comparison_table(rows, title=f"{expected} held-out problems, model {options.model}"))
    for name in [name for name in outcomes if name != "greedy"]:
        mean, half = difference(outcomes[name], outcomes["greedy"])
        differences[name] = {"mean": mean, "low": mean - half, "high": mean + half}
        print(f"{name} - greedy: {100 * mean:+.1f} [{100 * (mean - half):+.1f}, {100 * (mean + half):+.1f}] points")
    return {"rows": [row.to_json() for row in rows], "minus_greedy": differences}


def main() -> None:
    """Read the options, measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="builtin", help="a model that ships, or a model directory")
    parser.add_argument("--problems", nargs="+", default=["mini-gsm", "mini-math"], help="built-in problem sets")
    parser.add_argument("--split", default="test", help="which problems to measure on")
    parser.add_argument("--limit", type=int, default=100, help="held-out problems of each set")
    parser.add_argument("--practice", type=int, default=2000, help="training problems of each set")
    parser.add_argument("--steps", type=int, default=20_000, help="steps of training")
    parser.add_argument("--envs", type=int, default=32, help="episodes side by side in training")
    parser.add_argument("--k", type=int, default=5, help="proposals a step")
    parser.add_argument("--temperature", type=float, default=1.0, help="of proposing")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="of training and of solving")
    parser.add_argument("--out", type=Path, default=Path("runs/sb3-benchmark"), help="directory of runs and report")
    options = parser.parse_args()
    problems = load(options.problems, split=options.split, limit=options.limit)
    outcomes = measure(load_engine(options.model), options, problems)
    plain = {name: str(value) if isinstance(value, Path) else value for name, value in vars(options).items()}
    write_json(options.out / "report.json", {"options": plain} | report(outcomes, len(problems), options))


if __name__ == "__main__":
    main()
