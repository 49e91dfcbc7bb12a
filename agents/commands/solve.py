"""`amz solve`: one typed question, the steps of its solution, and how sure the agent is."""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro
from rich.console import Console
from rich.text import Text

from agents.base import MAX_STEP_TOKENS, Agent, Solution
from agents.commands import budgets
from agents.commands.errors import BadInput, bad_input
from agents.commands.specs import build, parse_specs
from agents.commands.terminal import output, progress_output
from agents.reporting.files import open_lines
from agents.reporting.solution_view import step_view
from agents.reporting.text import printable
from agents.reporting.tree_view import statistics, tree_view
from agents.reporting.trees import append_tree, tree_to_json
from agents.search.tree import Node

if TYPE_CHECKING:
    from agents.inference.base import Engine


@dataclass(frozen=True)
class SolveConfig:
    """Solve one question and show the steps, their code and its output, the answer, and the values V and Q.

    Examples:
      amz solve "Tom has 3 boxes of 12 pencils and gives away 7. How many pencils are left?"
      amz solve "Solve x^2 - 5x + 6 = 0." --agent mcts:simulations=100 --show-tree
      echo "What is 7 choose 3?" | amz solve - --json
    """

    question: Annotated[str, tyro.conf.Positional]
    """The question, or - to read it from stdin."""
    agent: str = budgets.SOLVER
    """The agent as name[:option=value[,...]]: greedy, majority, best-of-n, sbs, dvts, mcts or ab-mcts; options
    as in amz compare --help."""
    model: str = "builtin"
    """A model that ships (builtin, or builtin-base: before training) or a model directory."""
    device: str = "auto"
    """Torch device of the model; auto takes a GPU where there is one."""
    max_step_tokens: int = MAX_STEP_TOKENS
    """Tokens of one step; a longer one is cut and ends as malformed. Models larger than those that ship write more."""
    few_shot: int | None = None
    """Worked examples before each question. Default: 2 for a model that has no value head and does not know the step
    format, else 0."""
    seed: int = 0
    """Seed of sampling."""
    show_tree: bool = False
    """Show what else the search looked at."""
    save_tree: Path | None = None
    """Append the search tree to this file, for amz view."""
    json: bool = False
    """Print one JSON object instead; with --show-tree it holds the tree."""


def run(config: SolveConfig, engine: "Engine | None" = None) -> int:
    """Solve the question and print the solution.

    Args:
        config: the options.
        engine: the model, instead of `config.model`.

    Raises:
        BadInput: the options cannot be used.
    """
    question, agent = _prepare(config, engine)
    with progress_output().status(f"{agent.name} is searching"):
        (solution,) = agent.solve([question], seed=config.seed)
    if config.json:
        print(json.dumps(solution_to_json(agent.name, solution, with_tree=config.show_tree), indent=1))
    else:
        _show(output(), agent.name, solution, with_tree=config.show_tree)
    if config.save_tree is not None and solution.tree is not None:  # last: where it fails, the solution is shown
        with bad_input(), open_lines(config.save_tree) as file:
            append_tree(file, solution.tree, {"agent": agent.name, "model": config.model, "seed": config.seed})
    return 0


def _prepare(config: SolveConfig, engine: "Engine | None") -> tuple[str, Agent]:
    with bad_input():
        specs = parse_specs([config.agent])
        if len(specs) != 1:
            raise BadInput(f"--agent takes one agent, got {len(specs)}; amz compare takes several")
        question = (sys.stdin.read() if config.question == "-" else config.question).strip()
        if not question:
            raise BadInput("the question is empty")
        if config.seed < 0:
            raise BadInput(f"--seed must be at least 0, got {config.seed}")
        if engine is None:
            from agents.inference import load_engine

            engine = load_engine(config.model, "cached", config.device, config.max_step_tokens, config.few_shot)
        agent = build(specs[0], engine)
    return question, agent


def solution_to_json(agent: str, solution: Solution, *, with_tree: bool = False) -> dict[str, Any]:
    """Return a solution as plain values.

    Args:
        agent: the agent's label.
        solution: what it found.
        with_tree: whether to add the search tree, as `agents.reporting.trees` writes it.
    """
    path = path_of(solution)[1:]
    steps = []
    for number, taken in enumerate(solution.state.steps):
        node = path[number] if number < len(path) else None
        steps.append(
            {
                **asdict(taken.step),
                "output": taken.observation,
                "failed": taken.failed,
                "visits": node.visits if node else None,
                "q": node.q if node and node.visits else None,
                "value": node.value if node else None,
                "prior": node.prior if node else None,
            }
        )
    saved = {
        "question": solution.question,
        "agent": agent,
        "answer": solution.answer,
        "value": solution.value,
        "end": solution.state.end,
        "steps": steps,
        "cost": asdict(solution.cost),
    }
    if with_tree:
        saved["tree"] = tree_to_json(solution.tree) if solution.tree is not None else None
    return saved


def path_of(solution: Solution) -> list[Node]:
    """Return the nodes of the chosen path, root first; () where no tree was kept."""
    nodes = solution.tree.nodes() if solution.tree is not None else ()
    return next((node.path() for node in nodes if node.state is solution.state), [])


def _show(console: Console, agent: str, solution: Solution, *, with_tree: bool) -> None:
    path = path_of(solution)
    console.print(Text(printable(solution.question), style="bold"))
    for number, taken in enumerate(solution.state.steps, 1):
        numbers = statistics(path[number]) if number < len(path) else ""
        console.print()
        console.print(Text.assemble((f"Step {number}", "bold"), "  ", (numbers, "cyan")))
        console.print(step_view(taken.step, taken.observation, failed=taken.failed))
    console.print()
    if solution.answer is None:
        console.print(Text(f"No answer ({solution.state.end or 'the search found none'})", style="bold red"))
    else:
        console.print(Text.assemble(("Answer: ", "bold"), (printable(solution.answer), "bold green")))
    if with_tree and solution.tree is not None:
        console.print()
        console.print(tree_view(solution.tree, chosen=path[-1] if path and solution.answer is not None else None))
    cost = solution.cost
    console.print(
        Text(
            f"{agent}: value {solution.value:+.2f}, {cost.generated_tokens:,} tokens generated, "
            f"{cost.prefilled_tokens:,} prefilled, {cost.model_calls:,} model calls, {cost.seconds:.1f} s",
            style="dim",
        )
    )
