"""The command line, `amz`. Thin: it finds the command, lets tyro read its options, and turns errors into exit codes.

Only the command that was named is imported, so that `amz --help` and `amz problems` answer at once.

Exit codes: 0 done, 1 the run failed, 2 bad input (one line on stderr), 130 interrupted (what was done is on disk).
"""

import difflib
import importlib
import inspect
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Final

from agents.commands.errors import BadInput, Unfit, bad_input, unfit_host

FAILED: Final = 1
BAD_INPUT: Final = 2
INTERRUPTED: Final = 130


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command lives.

    Attributes:
        module: module to import when the command is named.
        config: the dataclass in it that holds the options.
        summary: one line for `amz --help`.
        checks_input: whether `run` itself tells bad input from faults; if not, its ValueErrors are taken as such.
    """

    module: str
    config: str
    summary: str
    checks_input: bool = True


COMMANDS: Final[Mapping[str, Command]] = {
    "compare": Command("agents.commands.compare", "CompareConfig", "run agents on the same problems: accuracy, cost"),
    "solve": Command("agents.commands.solve", "SolveConfig", "solve one typed question and show the steps"),
    "train": Command(
        "agents.training.expert_iteration",
        "TrainConfig",
        "learn from questions and answers, round by round",
        False,
    ),
    "distributed": Command("agents.distributed", "DistributedConfig", "train with the workers of a Ray cluster", False),
    "pretrain": Command("agents.training.pretrain", "PretrainConfig", "make the small model that ships", False),
    "sb3": Command(
        "agents.commands.sb3", "Sb3Config", "train a stable-baselines3 policy to choose among proposed steps"
    ),
    "problems": Command("agents.commands.problems", "ProblemsConfig", "look at the problems of a set or a file"),
    "view": Command("agents.commands.view", "ViewConfig", "look at saved search trees"),
    "play": Command("agents.commands.play", "PlayConfig", "solve a problem yourself, step by step"),
}

_HINT: Final = "  (AMZ_DEBUG=1 shows where this came from)"

EXAMPLES: Final = """\
examples:
  amz compare                                             six agents on held-out problems, with the model that ships
  amz compare --agents greedy,mcts:simulations=20 --problems my_problems.jsonl --limit 20
  amz solve "Tom has 3 boxes of 12 pencils and gives away 7. How many pencils are left?" --show-tree
  amz problems mini-math --level 3 --show 5
  amz COMMAND --help                                      the options of a command
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `amz` and exit the process with its code.

    Args:
        arguments: the words after `amz`; those of the process by default.
    """
    sys.exit(run(sys.argv[1:] if arguments is None else list(arguments)))


def run(arguments: Sequence[str]) -> int:
    """Run `amz` with `arguments` and return the exit code."""
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()  # now: at exit it would be too late to answer for a reader that has gone
        return code
    except BadInput as error:
        print(f"amz: error: {error}", file=sys.stderr)
        return BAD_INPUT
    except Unfit as error:
        print(f"amz: error: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("\namz: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader has gone, as in `amz problems mini-gsm | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or the interpreter complains once more while it exits
        return 0


def _dispatch(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(help_text())
        return 0
    if arguments[0] == "--version":
        from agents.commands.version import version

        print(f"amz {version()}")
        return 0
    name = arguments[0]
    command = COMMANDS.get(name)
    if command is None:
        close = difflib.get_close_matches(name, COMMANDS, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise BadInput(f"unknown command {name!r}{hint} (known: {', '.join(COMMANDS)}; see amz --help)")
    return _run_command(name, command, arguments[1:])


def _run_command(name: str, command: Command, arguments: Sequence[str]) -> int:
    import tyro

    module = importlib.import_module(command.module)
    with bad_input():  # a dataclass may check its fields in __post_init__
        kind = getattr(module, command.config)
        config = tyro.cli(
            kind,
            prog=f"amz {name}",
            description=inspect.getdoc(kind),  # whole: tyro would drop the examples
            args=arguments,
            config=(tyro.conf.FlagCreatePairsOff,),
        )
    work: Callable[[Any], Any] = module.run
    with unfit_host(), nullcontext() if command.checks_input else bad_input(_HINT):
        result = work(config)
    return result if isinstance(result, int) else 0


def help_text() -> str:
    """Return what `amz --help` prints."""
    lines = [f"  {name:<13}{command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            "usage: amz COMMAND [OPTIONS]",
            "",
            "AlphaMath Almost Zero: agents that reason in mathematics, their search and their training.",
            "",
            "commands:",
            *lines,
            "",
            EXAMPLES.rstrip(),
        ]
    )
