"""`amz problems`: look at the problems of a set or a file, with their solutions."""

import json
import sys
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

import tyro
from rich.console import Console
from rich.text import Text

from agents.commands.budgets import PROBLEMS
from agents.commands.errors import BadInput, bad_input
from agents.commands.sources import load, read_numbers
from agents.commands.terminal import output
from agents.reporting.solution_view import step_view
from agents.reporting.text import printable
from amz_env.grading import Judged
from amz_env.problems import Problem
from amz_env.steps import parse_step


@dataclass(frozen=True)
class ProblemsConfig:
    """Show problems of a built-in set or a file, with their answers and solutions.

    Examples:
      amz problems mini-math --level 3 --show 5
      amz problems problems.jsonl --split test
      amz problems table.csv --question-key prompt --answer-key gold --show 1000 --json > problems.jsonl
      amz problems reasoning-gym:chain_sum
      amz problems mini-gsm --split train --show 1000 --json > problems.jsonl
    """

    problems: Annotated[tuple[str, ...], tyro.conf.Positional] = PROBLEMS
    """Built-in sets (mini-gsm, mini-math, mini-guess, mini-gaokao), reasoning-gym:NAME, files (.jsonl, .json, .csv,
    .tsv, .parquet, also .gz) or folders that Hugging Face's datasets saved."""
    split: Literal["train", "validation", "test", "all"] | None = None
    """Which problems by the hash of the question: by default test of a built-in set, all of a file."""
    level: tuple[str, ...] = ()
    """Only these levels, 1 (easy) to 5 (hard)."""
    show: int = 3
    """How many of each set or file."""
    seed: int = 0
    """Which problems a built-in set draws."""
    question_key: str | None = None
    """Column of a file that holds the question; by default question or problem."""
    answer_key: str | None = None
    """Column of a file that holds the answer; by default answer, final_answer, expected_answer or solution."""
    json: bool = False
    """Print one JSON object a line instead: a problem file that --problems reads."""


def run(config: ProblemsConfig) -> int:
    """Print problems.

    Raises:
        BadInput: the options cannot be used.
    """
    with bad_input():
        if config.show < 1:
            raise BadInput(f"--show must be at least 1, got {config.show}")
        levels = read_numbers("level", config.level) if config.level else None
        problems = load(
            config.problems,
            split=config.split,
            limit=config.show,
            levels=levels,
            seed=config.seed,
            question_key=config.question_key,
            answer_key=config.answer_key,
        )
    if config.json:
        _print_json(problems)
        return 0
    console = output()
    for problem in problems:
        _show(console, problem)
    return 0


def _print_json(problems: list[Problem]) -> None:
    for problem in problems:
        print(json.dumps(asdict(problem)))
    judged = sum(isinstance(problem.answer, Judged) for problem in problems)
    if judged:
        print(
            f"amz: warning: of {judged} problems the source itself judges the answers, which a file cannot: read from "
            "a file, one answer alone is right",
            file=sys.stderr,
        )


def _show(console: Console, problem: Problem) -> None:
    about = [f"level {problem.level}"] if problem.level else []
    about = [problem.subject, *about] if problem.subject else about
    console.print(Text.assemble((problem.id, "bold"), "  ", (", ".join(about), "cyan")))
    console.print(Text(printable(problem.question)))
    for number, action in enumerate(problem.solution, 1):
        console.print(Text(f"Step {number}", style="dim"))
        console.print(step_view(parse_step(action)))
    answers = [problem.answer] if isinstance(problem.answer, str) else problem.answer
    console.print(Text.assemble(("Answer: ", "bold"), (printable(" or ".join(answers)), "bold green")))
    console.print()
