"""`amz sb3`: a stable-baselines3 policy learns which of the proposed steps to take."""

import json
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from agents.base import MAX_STEP_TOKENS
from agents.commands import budgets
from agents.commands.errors import BadInput, bad_input
from agents.commands.sources import load, read_numbers, source_names
from agents.commands.terminal import progress_output
from agents.reporting.files import write_json
from amz_env.interpreter import shared_interpreter
from amz_env.problems.loading import is_generated

if TYPE_CHECKING:
    from agents.inference.base import Engine

INTERRUPTED: Final = 130
_FREE: Final = ("run_dir", "steps", "device")  # may change when a run goes on


@dataclass(frozen=True)
class Sb3Config:
    """Train a stable-baselines3 policy to choose among the steps that a language model proposes.

    The policy sees numbers (value, probability, length, agreement, kind of each candidate, and a projection of what the
    language model makes of it) and learns from the rewards alone; the language model stays as it is. What is proposed
    in a state is drawn once, so that practising longer costs little. Below --run-dir: policy.zip (stable-baselines3's
    own file), agent.json, config.json and tensorboard/. Ctrl-C saves, and the same command goes on; with more --steps
    it goes on further.

    Examples:
      amz sb3
      amz sb3 --algorithm dqn --problems mini-math --level 1 2 --steps 5000 --run-dir runs/dqn
      tensorboard --logdir runs/sb3/tensorboard
      amz compare --agents greedy,sbs,sb3:path=runs/sb3
    """

    algorithm: Literal["ppo", "dqn", "maskable-ppo"] = "maskable-ppo"
    """Algorithm; maskable-ppo is sb3-contrib's, from the extra [sb3]."""
    problems: tuple[str, ...] = budgets.PROBLEMS
    """Problems to practise on: built-in sets (their train split) or files (all of them)."""
    question_key: str | None = None
    """Column of a file that holds the question; by default question or problem."""
    answer_key: str | None = None
    """Column of a file that holds the answer; by default answer, final_answer, expected_answer or solution."""
    level: tuple[str, ...] = ()
    """Only these levels, 1 (easy) to 5 (hard)."""
    limit: int = 500
    """Problems of each set or file, the first ones; 0 takes all."""
    steps: int = 30_000
    """Steps to take in all, also over several calls."""
    run_dir: Path = Path("runs/sb3")
    """Directory of the run."""
    model: str = "builtin"
    """The language model that proposes: one that ships, or a model directory."""
    k: int = 5
    """Steps proposed in each state."""
    temperature: float = 0.7
    """Temperature of proposing."""
    projection: int = 16
    """How many numbers the policy sees of the language model's hidden state after each candidate; 0 leaves it out."""
    envs: int = 64
    """Episodes side by side; their steps are proposed together."""
    seed: int = 0
    """Seed of everything."""
    device: str = "auto"
    """Torch device of the language model; auto takes a GPU where there is one."""
    max_step_tokens: int = MAX_STEP_TOKENS
    """Tokens of one step; a longer one is cut and ends as malformed. Larger models write more (released code: 2000)."""
    few_shot: int | None = None
    """Worked examples before each question; see amz compare --help."""


def run(config: Sb3Config, engine: "Engine | None" = None) -> int:
    """Train as `config` says and return the exit code.

    Args:
        config: the options.
        engine: the language model, instead of `config.model`.

    Raises:
        BadInput: the options cannot be used.
    """
    with bad_input():
        from agents.sb3.settings import Settings

        settings = Settings(config.algorithm, config.k, config.temperature, config.projection)
        for name in ("steps", "envs"):
            if getattr(config, name) < 1:
                raise BadInput(f"--{name} must be at least 1, got {getattr(config, name)}")
        if not 0 <= config.seed < 2**32:
            raise BadInput(f"--seed must be at least 0 and below 2**32, got {config.seed}")
        levels = read_numbers("level", config.level) if config.level else None
        problems = []
        for name in source_names(config.problems):
            split = "train" if is_generated(name) else None
            problems += load(
                [name],
                split=split,
                limit=config.limit,
                levels=levels,
                question_key=config.question_key,
                answer_key=config.answer_key,
            )
        if not problems:
            raise BadInput("no problems given; name a built-in set (as mini-gsm) or a file")
        options = _settled(config)
        shared_interpreter()  # AMZ_ISOLATION may be wrong
        if engine is None:
            from agents.inference import load_engine

            engine = load_engine(
                config.model, device=config.device, max_step_tokens=config.max_step_tokens, few_shot=config.few_shot
            )
        from agents.sb3.algorithms import algorithm_class
        from agents.sb3.training import train

        algorithm_class(config.algorithm)  # or the extra is missing
        write_json(config.run_dir / "config.json", options)  # not before: what could not begin binds nobody
    sizes: dict[str, Any] = {"steps": config.steps, "envs": config.envs, "seed": config.seed}
    try:
        with _progress(config.steps) as on_step:
            agent = train(engine, problems, settings=settings, run_dir=config.run_dir, on_step=on_step, **sizes)
    except KeyboardInterrupt:
        print(f"\namz: interrupted; saved in {config.run_dir}, and the same command goes on", file=sys.stderr)
        return INTERRUPTED
    taken = agent.policy.num_timesteps
    model = "" if config.model == Sb3Config.model else f" --model {shlex.quote(config.model)}"
    agents = shlex.quote(f"greedy,sbs,sb3:path={config.run_dir}")
    print(f"{taken:,} steps taken; next: amz compare{model} --agents {agents}")
    return 0


def _settled(config: Sb3Config) -> dict[str, Any]:
    """Return the options for ``config.json``, which are those of the run if it goes on.

    Raises:
        BadInput: the run was begun with others.
    """
    path = config.run_dir / "config.json"
    now = _plain(config)
    then = _plain(Sb3Config()) | json.loads(path.read_text()) if path.exists() else now  # older runs had fewer options
    changed = [name for name in now if then.get(name) != now[name]]
    if changed:
        name = changed[0]
        raise BadInput(
            f"{config.run_dir} was begun with {name}={then.get(name)!r}, not {now[name]!r}; "
            "give the same options or another --run-dir"
        )
    return now


def _plain(config: Sb3Config) -> dict[str, Any]:
    """Return the options that belong to a run as plain JSON values."""
    own = {name: value for name, value in asdict(config).items() if name not in _FREE}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in own.items()}


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[int, float | None], None]]:
    """Show steps and the share of the last episodes that were solved; in a log, a line for each tenth."""
    from rich import progress

    console = progress_output()
    bar = progress.Progress(
        progress.TextColumn("training"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[solved]}"),
        progress.TimeElapsedColumn(),
        progress.TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    task = bar.add_task("training", total=steps, solved="")
    tenth = 0

    def on_step(taken: int, mean_reward: float | None) -> None:
        nonlocal tenth
        solved = "" if mean_reward is None else f"{50 * (1 + mean_reward):.0f} % of the last episodes solved"
        bar.update(task, completed=taken, solved=solved)
        if not console.is_terminal and taken * 10 // steps > tenth:
            tenth = taken * 10 // steps
            print(f"{taken:,}/{steps:,} steps  {solved}", file=sys.stderr, flush=True)

    with bar:
        yield on_step
