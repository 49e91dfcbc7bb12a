"""Search throughput: tokens computed twice, time outside the model, tokens a second against a bare decode loop.

    python -m benchmarks.throughput [--model DIR] [--problems 32] [--simulations 40] [--repeats 3]

Prints one table and writes it as JSON. Figures are ratios and counts, medians over the repeats with their range; the
machine's own noise moves seconds, not counts. Rows:

prefilled / distinct   prompt tokens computed over the distinct tokens of the trees (released code and peers: 15 to 30)
decode passes          forward passes that gave a token, and their mean rows
outside the model      engine, search, parsing and tokenising over time in forward passes; code execution apart
search / bare loop     generated tokens a second inside MCTS over a bare `DynamicCache` loop of the same shape
cached / recompute     problems a second over the engine that computes every prompt anew
"""

import argparse
import json
import statistics
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import torch

import agents
from agents.base import Solution
from agents.inference import LocalEngine
from agents.inference.local import Kind
from agents.model import PolicyValueModel, load_model
from amz_env import Problem, load_problems
from amz_env.interpreter import shared_interpreter


def search(model: PolicyValueModel, kind: Kind, problems: list[Problem], simulations: int) -> dict[str, Any]:
    """Run MCTS on all problems with a fresh engine; return counts and seconds."""
    engine = LocalEngine(model, kind=kind)
    agent = agents.make("mcts", model=engine, simulations=simulations)
    start = perf_counter()
    solutions = agent.solve(problems)
    seconds = perf_counter() - start
    generated = sum(solution.cost.generated_tokens for solution in solutions)
    stats = engine.stats
    return {
        "seconds": seconds,
        "model_seconds": stats.model_seconds,
        "code_seconds_summed": sum(solution.cost.code_seconds for solution in solutions),
        "engine_seconds": stats.step_seconds,
        "generated_tokens": generated,
        "prefilled_tokens": stats.prefilled_tokens,
        "distinct_tokens": sum(distinct_tokens(model, solution) for solution in solutions),
        "nodes": sum(sum(1 for _ in solution.tree.nodes()) for solution in solutions if solution.tree),
        "prefill_calls": stats.prefill_calls,
        "decode_calls": stats.decode_calls,
        "mean_rows": stats.decode_rows / max(stats.decode_calls, 1),
        "mean_prompt": sum(stats_length(model, solution) for solution in solutions) / max(len(solutions), 1),
    }


def distinct_tokens(model: PolicyValueModel, solution: Solution) -> int:
    """Return the tokens of a tree that must be prefilled once: question, closings, and sampled last tokens."""
    total = 0
    for node in solution.tree.nodes() if solution.tree else ():
        if node.expanded or (node.answered and node.value is not None):
            pieces = list(model.pieces(node.state))
            total += len(pieces[0]) if node.parent is None else len(pieces[-1]) + 1
    return total


def stats_length(model: PolicyValueModel, solution: Solution) -> float:
    """Return the mean length of the expanded states of a tree, in tokens."""
    lengths = (
        [len(model.encode(node.state)) for node in solution.tree.nodes() if node.expanded] if solution.tree else []
    )
    return statistics.mean(lengths) if lengths else 0.0


@torch.inference_mode()
def bare_loop(model: PolicyValueModel, rows: int, prompt: int, tokens: int = 48) -> float:
    """Return tokens a second of a plain batched decode loop: equal prompts, greedy, nothing else."""
    ids = torch.randint(20, model.lm.config.vocab_size, (rows, prompt))
    output = model.lm(ids, use_cache=True, logits_to_keep=1)
    cache = output[model._cache_argument]
    start = perf_counter()
    for step in range(tokens):
        ids = output.logits[:, -1].argmax(-1, keepdim=True)
        positions = torch.full((rows, 1), prompt + step)
        output = model.lm(ids, position_ids=positions, use_cache=True, **{model._cache_argument: cache})
    return rows * tokens / (perf_counter() - start)


def median_of(repeats: int, measure: Callable[[], dict[str, float]]) -> dict[str, dict[str, float]]:
    """Measure several times; return median, lowest and highest of each figure."""
    runs = [measure() for _ in range(repeats)]
    return {
        name: {
            "median": statistics.median(run[name] for run in runs),
            "low": min(run[name] for run in runs),
            "high": max(run[name] for run in runs),
        }
        for name in runs[0]
    }


def measure(model: PolicyValueModel, problems: list[Problem], simulations: int) -> dict[str, float]:
    """Return the figures of one repeat."""
    cached = search(model, "cached", problems, simulations)
    plain = search(model, "recompute", problems, simulations)
    bare = bare_loop(model, max(round(cached["mean_rows"]), 1), max(round(cached["mean_prompt"]), 8))
    return {
        "prefilled / distinct tokens": cached["prefilled_tokens"] / cached["distinct_tokens"],
        "prefilled / distinct tokens, recompute": plain["prefilled_tokens"] / plain["distinct_tokens"],
        "nodes": cached["nodes"],
        "prefill passes": cached["prefill_calls"],
        "decode passes": cached["decode_calls"],
        "mean rows a decode pass": cached["mean_rows"],
        "engine outside forward passes / in them": cached["engine_seconds"] / cached["model_seconds"] - 1,
        "wall time outside the engine / in it": cached["seconds"] / cached["engine_seconds"] - 1,
        "generated tokens a second": cached["generated_tokens"] / cached["seconds"],
        "generated tokens a second / bare loop": cached["generated_tokens"] / cached["seconds"] / bare,
        "cached / recompute, problems a second": plain["seconds"] / cached["seconds"],
    }


def main() -> None:
    """Read the options, measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="builtin", help="a model that ships, or a model directory")
    parser.add_argument("--problems", type=int, default=32, help="problems searched side by side")
    parser.add_argument("--simulations", type=int, default=40, help="N of MCTS")
    parser.add_argument("--repeats", type=int, default=3, help="runs to take medians over")
    parser.add_argument("--threads", type=int, default=1, help="torch threads")
    parser.add_argument("--out", type=Path, default=Path("runs/throughput.json"), help="where the JSON goes")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = load_model(options.model)
    shared_interpreter().run(shared_interpreter().root(), "1 + 1")  # its start is not the search's
    half = -(-options.problems // 2)
    problems = [p for name in ("mini-gsm", "mini-math") for p in load_problems(name, split="test", size=half)[:half]]
    figures = median_of(options.repeats, lambda: measure(model, problems[: options.problems], options.simulations))
    width = max(map(len, figures))
    for name, figure in figures.items():
        print(f"{name:{width}}  {figure['median']:10.3f}   [{figure['low']:.3f}, {figure['high']:.3f}]")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps({"options": vars(options), "figures": figures}, indent=2, default=str) + "\n")


if __name__ == "__main__":
    main()
