"""One search run under measurement: what was computed, what it took, and where the time went.

    python -m benchmarks.throughput_runs [--model DIR] [--engine cached] [--agent mcts]

Prints one run's counts and seconds; `benchmarks.throughput` sets several of them side by side.
"""

import argparse
import statistics
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from time import perf_counter, process_time, thread_time
from typing import Any

import torch

import agents
from agents.base import Solution
from agents.inference import Expansion, LocalEngine
from agents.inference.local import Kind
from agents.model import PolicyValueModel, load_model
from amz_env import Problem, Rules, State, load_problems
from amz_env.interpreter import shared_interpreter
from benchmarks.throughput_limits import clock_of

_LATE = "TimeoutError: the code ran longer than"  # as the interpreter says it
_LOOKS = 0.5  # seconds between two looks at the processes, each of which takes a few milliseconds


@dataclass(frozen=True)
class Run:
    """A search on several problems side by side.

    Counts are exact. `forward`, `sample` and `schedule` are seconds of the engine by `clock_of` the device, so
    processor seconds on a CPU; `search` and `loop` are processor seconds of the thread of the searches; `code` those of
    the interpreter's processes; `seconds` and `idle` are wall time.

    Attributes:
        problems: searched.
        nodes: of all trees.
        distinct: prompt tokens that the trees hold: what must be computed at least once.
        prefilled: prompt tokens computed.
        generated: tokens sampled.
        context: mean number of tokens that a sampled one sees.
        step: mean number of tokens of a step.
        expansions: asked for by all searches, those of a node that is asked again included.
        most_expansions: asked for by one search.
        requests: that the engine answered, values included.
        passes: forward passes.
        least_passes: of the search that needed most, had it never waited: the sum of its expansions' longest steps.
        decode_passes: those that gave rows their next token.
        rows: mean number of rows of those.
        seconds: from the first question to the last answer.
        processor: seconds of this process, the interpreter's apart.
        forward: inside forward passes.
        sample: drawing tokens from what they gave.
        schedule: the rest of the engine: looking up, admitting, keeping, detokenising.
        search: choosing, parsing, tree keeping.
        loop: the rest of that thread: the event loop, and talking to the interpreter.
        code: running code.
        late: steps of the trees whose code ran into its time limit; a search may wait seconds for each.
        idle: the model had nothing to do, because all searches waited for code or ran themselves.
    """

    problems: int
    nodes: int
    distinct: int
    prefilled: int
    generated: int
    context: float
    step: float
    expansions: int
    most_expansions: int
    requests: int
    passes: int
    least_passes: int
    decode_passes: int
    rows: float
    seconds: float
    processor: float
    forward: float
    sample: float
    schedule: float
    search: float
    loop: float
    code: float
    late: int
    idle: float


def run(
    model: PolicyValueModel,
    kind: Kind,
    problems: Sequence[Problem | str],
    *,
    agent: str = "mcts",
    rules: Rules | None = None,
    max_step_tokens: int = 256,
    **options: Any,
) -> Run:
    """Run one agent on all problems with a fresh engine."""
    engine = _Watched(model, kind=kind, max_step_tokens=max_step_tokens)
    engine.stats.clock = clock_of(model.device)
    searcher = agents.make(agent, model=engine, rules=rules, **options)
    processor, thread, start = process_time(), thread_time(), perf_counter()
    with CodeMeter() as meter:
        solutions = searcher.solve(problems)
    seconds, thread, processor = perf_counter() - start, thread_time() - thread, process_time() - processor
    stats, trees = engine.stats, [_Tree.of(model, solution) for solution in solutions]
    search = sum(solution.cost.search_seconds for solution in solutions)
    steps = [length for tree in trees for length in tree.steps]
    return Run(
        problems=len(problems),
        nodes=sum(tree.nodes for tree in trees),
        distinct=sum(tree.distinct for tree in trees),
        prefilled=stats.prefilled_tokens,
        generated=stats.generated_tokens,
        context=_mean(tree.context for tree in trees) + _mean(steps) / 2,
        step=_mean(steps),
        expansions=engine.expansions.total(),
        most_expansions=max(engine.expansions.values(), default=0),
        requests=stats.requests,
        passes=stats.passes,
        least_passes=max(engine.longest.values(), default=0),
        decode_passes=stats.decode_calls,
        rows=stats.mean_rows,
        seconds=seconds,
        processor=processor - meter.taken,
        forward=stats.model_seconds,
        sample=stats.sample_seconds,
        schedule=stats.step_seconds - stats.model_seconds - stats.sample_seconds,
        search=search,
        loop=max(thread - search, 0.0),
        code=meter.seconds,
        late=sum(tree.late for tree in trees),
        idle=max(seconds - stats.busy_seconds, 0.0),
    )


class _Watched(LocalEngine):
    """Counts by question: expansions, and the tokens of their longest steps, which are the passes that they need."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.expansions, self.longest = Counter[str](), Counter[str]()

    async def expand(self, state: State, n: int, *, temperature: float, seed: int) -> Expansion:
        made = await super().expand(state, n, temperature=temperature, seed=seed)
        self.expansions[state.question] += 1
        self.longest[state.question] += max((len(each.token_ids) for each in made.proposals), default=0)
        return made


@dataclass(frozen=True)
class _Tree:
    nodes: int
    distinct: int
    context: float
    steps: list[int]
    late: int

    @classmethod
    def of(cls, model: PolicyValueModel, solution: Solution) -> "_Tree":
        """Count a tree.

        Of a node that was prefilled, its closing and the last sampled token were computed, or its whole action where
        the rules changed what was sampled; of the root, everything.
        """
        nodes = list(solution.tree.nodes()) if solution.tree else []
        distinct = 0
        for node in nodes:
            if node.expanded or (node.answered and node.value is not None):
                pieces = list(model.pieces(node.state))
                sampled = node.parent is not None and node.state.steps[-1].token_ids
                distinct += sum(map(len, pieces[-2:])) if not sampled else len(pieces[-1]) + 1
        expanded = [node for node in nodes if node.expanded]
        steps = [[len(child.state.steps[-1].token_ids) for child in node.children] for node in expanded]
        return cls(
            nodes=len(nodes),
            distinct=distinct,
            context=_mean(len(model.encode(node.state)) for node in expanded),
            steps=[length for lengths in steps for length in lengths],
            late=sum(_LATE in (node.state.steps[-1].observation or "") for node in nodes if node.parent is not None),
        )


def _mean(values: Any) -> float:
    listed = list(values)
    return float(statistics.mean(listed)) if listed else 0.0


class CodeMeter:
    """Processor seconds of all processes below this one, while it is entered; 0 without /proc.

    Steps end unseen: nobody waits for them, so the kernel adds what they took to nobody's account. They are looked at
    twice a second; of a step that is killed at its time limit at most the last half second is missed.

    Attributes:
        taken: processor seconds of looking, in this process.
    """

    def __init__(self) -> None:
        self.taken = 0.0
        self._used: dict[tuple[str, str], float] = {}  # (process, when it started) -> seconds
        self._before = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @property
    def seconds(self) -> float:
        """What they have taken since it was entered."""
        return sum(self._used.values()) - self._before

    def __enter__(self) -> "CodeMeter":
        self._look()
        self._before = sum(self._used.values())
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        while not self._over.wait(_LOOKS):
            self._look()
        self.taken = thread_time()  # of this thread

    def _look(self) -> None:
        ticks = 100.0  # a second, on every Linux that is met
        parents, used = dict[str, str](), dict[tuple[str, str], float]()
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                rest = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended meanwhile
            parents[path.parent.name] = rest[1]
            used[path.parent.name, rest[19]] = sum(map(int, rest[11:13])) / ticks
        me = Path("/proc/self").resolve().name
        self._used |= {each: seconds for each, seconds in used.items() if me in list(_ancestors(each[0], parents))[1:]}


def _ancestors(process: str, parents: dict[str, str]) -> Iterator[str]:
    """Yield a process and those above it."""
    while process in parents:
        yield process
        process = parents[process]


def mixed_problems(count: int) -> list[Problem]:
    """Return held-out problems, half of mini-gsm and half of mini-math."""
    half = -(-count // 2)
    both = [load_problems(name, split="test", size=half)[:half] for name in ("mini-gsm", "mini-math")]
    return [problem for one in both for problem in one][:count]


def warm_up() -> None:
    """Start the interpreter: that is not the searches' time."""
    shared_interpreter().run(shared_interpreter().root(), "import sympy\nprint(sympy.Integer(1) + 1)")


def main() -> None:
    """Print one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="builtin", help="a model that ships, or a model directory")
    parser.add_argument("--engine", choices=["cached", "recompute"], default="cached")
    parser.add_argument("--agent", default="mcts", help="name of an agent")
    parser.add_argument("--problems", type=int, default=32, help="searched side by side")
    options = parser.parse_args()
    torch.set_num_threads(1)
    warm_up()
    result = run(load_model(options.model), options.engine, mixed_problems(options.problems), agent=options.agent)
    for field in fields(Run):
        print(f"{field.name:16} {getattr(result, field.name):12,.2f}")


if __name__ == "__main__":
    main()
