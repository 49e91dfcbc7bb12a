"""Search throughput: tokens computed twice, time outside the model, tokens a second against a bare decode loop.

    python -m benchmarks.throughput [--model DIR] [--problems 32] [--simulations 40] [--repeats 5] [--quick]
    python -m benchmarks.throughput --peer-model-only --model DIR

One run prints all figures and writes them as JSON. They are ratios and counts, medians over the repeats with their
range. Times are processor times where the model runs on a CPU, so that other work on the machine moves them little;
where wall time is meant, the row says so. With `--peer-model-only`: the calls, rows and tokens of a search in plain
text with any model directory, the same as can be counted in other people's search code on the same model.

Two designs were measured for each of the parts that matter (B = 32 problems, the model that ships, one thread):
  rows that share a prompt   one sequence of queries a prompt, against a copy of it a row: attention takes 2.3 ms
                             instead of 3.7 ms a pass of 62 rows, and admitting a request no longer copies n prompts
  attention                  torch's fused kernel, against products of matrices, a softmax and keys kept transposed for
                             them: 1.0 ms against 1.4 ms a layer for 32 prompts of 400 tokens with 10 queries each
  long slots                 apart from the others, against all as far as the longest: forward passes of SBS(3,5) take
                             14.5 s instead of 18.0 s
  memory                     room that is not touched before it is needed, against a block that grows and is copied:
                             1.1 s instead of 2.0 s of scheduling, SBS(3,5)
  the forward pass           the model's parameters in one page (`lean.py`), against the modules of `transformers` with
                             the same attention: 6.5 ms against 7.8 ms with 62 rows, 2.1 ms against 3.1 ms with 5
  prompts                    computed in the decoding passes as they come, against passes of their own that wait for
                             others to share them: half as many passes, 65 instead of 53 rows in each
  sampling                   two numbers a token, for a part of the vocabulary and within it, against one sum over all

Where the model idles: of 32 problems with 40 simulations, one tree had seven steps that ran into their limit of 5 s,
one after the other, and while it waited the others came to their ends. A replay of that run by its own step lengths,
with the times of a quiet machine, gives the shares; ordinary code, hand-over between threads and grading are 0.5 %:
  everything waited for, nothing remembered                      52 % idle, 41 rows a pass, 3,541 passes
  code run when its step is gone on from                         58 %
  and what ran into its limit remembered, code under way shared  38 %
  and code with `while` begun at once                            10 %
  and two workers more than CPUs                                  0 %, 57 rows a pass, 2,536 passes (2,154 at least)
"""

import argparse
import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from agents.model import PolicyValueModel, load_model
from agents.training.progress import stage
from amz_env import Problem, Rules
from benchmarks._stopping import stoppable
from benchmarks.throughput_limits import Machine, bare_loop, measure_machine, multiply_adds
from benchmarks.throughput_runs import Run, mixed_problems, run, warm_up
from benchmarks.throughput_tree import costs

Figures = dict[str, float]

_PEER_RULES = Rules(step_format="plain", max_steps=8)
_PEER_QUESTIONS = [f"Mia has {3 * i + 2} boxes of {i + 4} pencils and gives away {i + 1}. How many?" for i in range(8)]


def counts(made: Run, problems: int, width: int) -> Figures:
    """What was computed, in tokens, passes and rows."""
    return {
        "prefilled / distinct tokens": made.prefilled / made.distinct,
        "nodes": made.nodes,
        "expansions of the largest tree": made.most_expansions,
        "forward passes": made.passes,
        "passes / those of the slowest tree alone": made.passes / max(made.least_passes, 1),
        "rows a decoding pass": made.rows,
        "rows a decoding pass / (problems x width)": made.rows / (problems * width),
    }


def times(made: Run) -> Figures:
    """Where the time goes, over the time in forward passes, and what code takes of the wall time."""
    forward = made.forward
    return {
        "search, parsing / forward": made.search / forward,
        "scheduling, detokenising / forward": made.schedule / forward,
        "both / forward (at most 0.10)": (made.search + made.schedule) / forward,
        "sampling / forward": made.sample / forward,
        "event loop, calling the interpreter / forward": made.loop / forward,
        "code, processor seconds / wall seconds (at most 0.25)": made.code / made.seconds,
        "model idle / wall seconds": made.idle / made.seconds,
        "steps that ran into their time limit": made.late,
    }


def speeds(model: PolicyValueModel, machine: Machine, made: Run, name: str) -> Figures:
    """Tokens a second beside a bare loop of the same shape, and beside what the machine could do."""
    loop = bare_loop(
        model, max(round(made.rows), 1), max(round(made.context - made.step / 2), 8), max(round(made.step), 8)
    )
    least = multiply_adds(model, made.generated + made.distinct, made.context) / machine.multiply_adds
    on_gpu = model.device.type == "cuda"
    spent = made.seconds if on_gpu else made.processor
    return {
        f"{name}: generated tokens a second, wall": made.generated / made.seconds,
        f"{name}: the same / bare loop (at least 0.8)": made.generated / made.seconds / loop.per_second,
        f"{name}: tokens a processor second / bare loop": made.generated / spent / loop.per_clock,
        f"{name}: forward passes / arithmetic limit": made.forward / least,
        f"{name}: all processor time / arithmetic limit": spent / least,
    }


def measure(
    model: PolicyValueModel,
    machine: Machine,
    problems: list[Problem],
    options: argparse.Namespace,
    advance: Callable[[int], None],
) -> Figures:
    """Return the figures of one repeat; call `advance` after each of its runs."""
    mcts = {"agent": "mcts", "simulations": options.simulations, "width": options.width}
    made = run(model, options.engine, problems, **mcts)
    advance(1)
    beams = run(model, options.engine, problems, agent="sbs", beams=3, width=options.width)
    figures = counts(made, len(problems), options.width) | times(made)
    figures |= speeds(model, machine, made, "MCTS") | speeds(model, machine, beams, "SBS(3)")
    advance(1)
    if has_baseline(options):
        plain = run(model, "recompute", problems, **mcts)
        advance(1)
        figures["recompute / cached, wall seconds (at least 4)"] = plain.seconds / made.seconds
        figures["recompute / cached, processor seconds"] = plain.processor / made.processor
        figures["recompute: prefilled / distinct tokens"] = plain.prefilled / plain.distinct
    return figures


def has_baseline(options: argparse.Namespace) -> bool:
    """Return whether a repeat has a third run, of the engine that recomputes."""
    return options.engine == "cached" and not options.no_baseline


def median_of(repeats: int, measure: Callable[[], Figures]) -> dict[str, dict[str, float]]:
    """Measure several times; return median, lowest and highest of each figure."""
    runs = [measure() for _ in range(repeats)]
    values = {name: [each[name] for each in runs] for name in runs[0]}
    return {
        name: {"median": statistics.median(each), "low": min(each), "high": max(each)} for name, each in values.items()
    }


def peer_counts(model: PolicyValueModel, options: argparse.Namespace) -> dict[str, float]:
    """Search in plain text, so that any model goes on: steps of 32 tokens at most, 8 deep."""
    made = run(
        model,
        options.engine,
        _PEER_QUESTIONS,
        rules=_PEER_RULES,
        max_step_tokens=32,
        agent="mcts",
        simulations=options.simulations,
        width=options.width,
        temperature=1.0,
    )
    kept = ("problems", "nodes", "expansions", "requests", "passes", "decode_passes", "rows", "distinct", "prefilled")
    seconds = {"processor": made.processor, "outside the model": 1 - made.forward / made.processor}
    return {name: asdict(made)[name] for name in (*kept, "generated")} | seconds


def show(figures: dict[str, dict[str, float]]) -> None:
    """Print figures with their ranges."""
    width = max(map(len, figures))
    for name, each in figures.items():
        print(f"{name:{width}}  {each['median']:11,.3f}   [{each['low']:,.3f}, {each['high']:,.3f}]")


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="builtin", help="a model that ships, or a model directory")
    parser.add_argument("--engine", choices=["cached", "recompute"], default="cached", help="the engine measured")
    parser.add_argument("--problems", type=int, default=32, help="problems searched side by side (B)")
    parser.add_argument("--simulations", type=int, default=40, help="simulations of MCTS (N)")
    parser.add_argument("--width", type=int, default=5, help="proposals an expansion")
    parser.add_argument("--repeats", type=int, default=5, help="runs to take medians over")
    parser.add_argument("--quick", action="store_true", help="one run, of 8 problems and 10 simulations at most")
    parser.add_argument("--no-baseline", action="store_true", help="leave out the recomputing engine, the longest part")
    parser.add_argument("--peer-model-only", action="store_true", help="counts of a plain search with any model")
    parser.add_argument("--threads", type=int, default=1, help="torch threads")
    parser.add_argument("--device", default="cpu", help="a torch device")
    parser.add_argument("--out", type=Path, default=Path("runs/throughput.json"), help="where the JSON goes")
    options = parser.parse_args(arguments)
    if options.quick:
        options.repeats = 1
        options.problems, options.simulations = min(options.problems, 8), min(options.simulations, 10)
    return options


@stoppable("nothing is written")
def main() -> None:
    """Read the options, measure, print and write."""
    options = parse()
    torch.set_num_threads(options.threads)
    model = load_model(options.model, device=options.device)
    warm_up()
    if options.peer_model_only:
        made = peer_counts(model, options)
        for name, value in made.items():
            print(f"{name:18} {value:12,.2f}")
        written: dict[str, Any] = {"counts": made}
    else:
        machine = measure_machine(model.device, model.lm.dtype)
        problems = mixed_problems(options.problems)
        with stage("runs", options.repeats * (2 + has_baseline(options))) as advance:
            figures = median_of(options.repeats, lambda: measure(model, machine, problems, options, advance))
        for nodes, cost in costs(options.repeats).items():
            figures[f"search, microseconds a node, {nodes:,} nodes a tree"] = dict.fromkeys(
                ("median", "low", "high"), cost
            )
        print(
            f"{machine.multiply_adds / 1e9:.1f} billion multiply-adds a second, {machine.bytes / 1e9:.1f} GB a second"
        )
        show(figures)
        written = {"machine": asdict(machine), "figures": figures}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps({"options": vars(options), **written}, indent=2, default=str) + "\n")


if __name__ == "__main__":
    main()
