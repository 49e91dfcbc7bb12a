"""`amz play`: the person is the policy, in the same environment that agents work in."""

from dataclasses import dataclass
from typing import Annotated

import gymnasium as gym
import tyro
from rich.console import Console
from rich.text import Text

import amz_env
from agents.commands.errors import bad_input
from agents.commands.sources import read_numbers
from agents.commands.terminal import output, short_warnings
from agents.reporting.solution_view import step_view
from agents.reporting.text import printable
from amz_env.env import MathReasoningEnv
from amz_env.interpreter import shared_interpreter
from amz_env.problems.loading import is_generated
from amz_env.steps import answer_action, code_action, parse_step

HELP = """\
Type Python code; an empty line runs it. A line that begins with # is words.
  = 42     gives the final answer        ?   shows the reference solution        q   leaves"""


@dataclass(frozen=True)
class PlayConfig:
    """Solve a problem yourself: code steps that run, then the answer.

    Examples:
      amz play
      amz play mini-math --level 3 --index 7
    """

    problems: Annotated[str, tyro.conf.Positional] = "mini-gsm"
    """A built-in set (mini-gsm, mini-math, mini-guess, mini-gaokao) or a file."""
    split: str | None = None
    """Which problems by the hash of the question: by default test of a built-in set, all of a file."""
    level: tuple[str, ...] = ()
    """Only these levels, 1 (easy) to 5 (hard)."""
    index: int | None = None
    """Which problem; by default any."""
    max_steps: int = 8
    """Steps that you have."""


def run(config: PlayConfig) -> int:
    """Play one episode.

    Raises:
        BadInput: the options cannot be used.
    """
    with bad_input(), short_warnings():
        levels = read_numbers("level", config.level) if config.level else None
        split = config.split or ("test" if is_generated(config.problems) else None)
        env = gym.make(
            "MathReasoning-v0", problems=config.problems, split=split, level=levels, max_steps=config.max_steps
        )
        shared_interpreter()  # AMZ_ISOLATION may be wrong
        _, info = env.reset(options=None if config.index is None else {"index": config.index})
    inside = env.unwrapped
    if not isinstance(inside, MathReasoningEnv):
        raise TypeError(f"MathReasoning-v0 is registered as {type(inside).__name__}")
    problem = inside.problems[info["index"]]
    console = output()
    console.print(Text(printable(problem.question), style="bold"), Text(HELP, style="dim"), sep="\n\n")
    while (action := _read_action(console, problem, info["steps"] + 1)) is not None:
        _, reward, terminated, truncated, info = env.step(action)
        taken = inside.get_state().steps[-1]
        if taken.observation is not None:
            console.print(Text(printable(taken.observation), style="red" if taken.failed else "green"))
        if terminated or truncated:
            _show_end(console, problem, float(reward), info)
            break
    return 0


def _read_action(console: Console, problem: amz_env.Problem, number: int) -> str | None:
    """Read one step from the keyboard; None where the person leaves."""
    words: list[str] = []
    code: list[str] = []
    while True:
        try:
            line = input(f"step {number}> " if not words and not code else "      . ")
        except EOFError:
            print()
            return None
        if not code and line.strip() == "q":
            return None
        if not code and line.strip() == "?":
            _show_solution(console, problem)
        elif not code and line.startswith("="):
            return answer_action("\n".join(words) or "So this is the answer.", line[1:].strip())
        elif not code and line.startswith("#"):
            words.append(line.lstrip("# "))
        elif line.strip():
            code.append(line)
        elif code:
            return code_action("\n".join(words) or "Compute.", "\n".join(code))


def _show_end(console: Console, problem: amz_env.Problem, reward: float, info: dict[str, object]) -> None:
    verdict = "right" if info["correct"] else f"{info['grade_status']} ({info['end']})"
    console.print(Text(f"{verdict}: reward {reward:+.0f}", style="bold green" if info["correct"] else "bold red"))
    if not info["correct"]:
        _show_solution(console, problem)


def _show_solution(console: Console, problem: amz_env.Problem) -> None:
    for action in problem.solution:
        console.print(step_view(parse_step(action)))
    answers = [problem.answer] if isinstance(problem.answer, str) else problem.answer
    console.print(Text(f"reference: {printable(' or '.join(answers))}", style="bold"))
