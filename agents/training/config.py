"""The options of `amz train`. Nothing here loads torch, so that `amz train --help` answers at once."""

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from agents.base import MAX_STEP_TOKENS
from agents.commands.budgets import PROBLEMS
from agents.commands.sources import source_names
from agents.commands.specs import TRAINED, named, parse_specs

FREE: Final = ("run_dir", "rounds", "device", "threads", "workers", "concurrency")
"""Options that may change when a run goes on: they do not change what has been computed."""


@dataclass(frozen=True)
class TrainingOptions:
    """How policy and value are fitted to the records of a round (defaults for small models)."""

    epochs: int = 2
    """Passes over the records (paper: 10). A small model learns the problems by heart in the third."""
    lr: float = 1e-3
    """Peak learning rate of AdamW, reached after the warm-up, then a cosine to 0 (paper: 4e-5 for 7B)."""
    warmup: float = 0.03
    """Share of the updates in which the learning rate rises."""
    weight_decay: float = 0.0
    """Weight decay of AdamW."""
    batch: int = 16
    """Paths an update (paper: 1024)."""
    micro_batch: int = 16
    """Paths in memory at once; updates accumulate over them."""
    beta: float = 0.5
    """Weight of the value loss (paper, Table 6: 0.1). At 1, the greedy policy of the model that ships suffers."""
    likelihood: bool = False
    """Let V read how likely the policy finds a path, beside its last hidden state, with a weight that is learned: so it
    ranks right above wrong steps of one problem more often. Not in the paper."""
    train_on_output: bool = False
    """Let the policy learn what the interpreter prints as well, as the paper does; by default only what it sampled."""
    max_length: int = 1024
    """Tokens of the longest path that is trained on; longer ones are left out, for a cut one would lose its outcome."""
    bf16: bool = False
    """Compute in bfloat16, weights stay in fp32; all in fp32 where bfloat16 is slower, as on CPUs without AVX-512."""
    compile: bool = False
    """Compile the model, which takes a minute and then makes it a quarter faster; where there is no C++ compiler, it
    runs as it is."""
    save_steps: int = 200
    """Updates between checkpoints to resume from."""

    def __post_init__(self) -> None:
        _at_least(self, 1, "epochs", "batch", "micro_batch", "max_length", "save_steps")
        if self.batch % self.micro_batch:
            raise ValueError(f"batch must be a multiple of micro_batch, got {self.batch} and {self.micro_batch}")
        if self.lr <= 0 or self.beta < 0 or self.weight_decay < 0 or not 0 <= self.warmup < 1:
            raise ValueError("lr must be above 0, beta and weight_decay at least 0, warmup in [0, 1)")


@dataclass(frozen=True)
class TrainConfig:
    """Learn from questions and answers alone, round by round (AlphaMath).

    A round searches the training problems with the current model, keeps right and wrong solutions with the Q of every
    step, trains policy and value on them from the base model, and evaluates. The same command goes on with a run that
    was stopped, at whatever moment.

    Examples:
      amz train
      amz train --run-dir runs/mini --model builtin-base --problems mini-gsm mini-math mini-guess --rounds 3
      amz train --run-dir runs/mine --model path/to/model --problems questions.jsonl --training.lr 4e-5
    """

    run_dir: Path = Path("runs/train")
    """Directory of the run."""
    model: str = "builtin-base"
    """Base model, from which every round's training starts: one that ships, or a model directory."""
    problems: tuple[str, ...] = PROBLEMS
    """Training problems: built-in sets (their train split) or files."""
    size: int = 500
    """Training problems of each set or file, at most."""
    question_key: str | None = None
    """Column of a file that holds the question; by default question or problem."""
    answer_key: str | None = None
    """Column of a file that holds the answer; by default answer, final_answer, expected_answer or solution."""
    rounds: int = 3
    """Rounds (paper: 3)."""
    problems_per_round: int | None = None
    """Training problems that a round searches; rounds take turns through all of them, in an order by the seed. Default:
    every round searches all (paper)."""
    replay: bool = False
    """Train on the paths of all rounds so far. By default on this round's alone (paper)."""
    trees: int = 2
    """Search trees a problem (paper: 10)."""
    simulations: int = 40
    """Simulations a tree (N)."""
    width: int = 5
    """Steps proposed at each expansion (B2)."""
    c_puct: float = 1.25
    """Weight of exploration."""
    temperatures: tuple[float, ...] = (0.7,)
    """Sampling temperature of each round; the last one holds for all that follow (paper: 0.6, 1.0, 1.2). Small models
    have much noise among their unlikely tokens."""
    most_right: int = 4
    """Right paths kept of a problem, at most."""
    most_wrong: int = 4
    """Wrong paths kept of a problem, at most."""
    max_step_tokens: int = MAX_STEP_TOKENS
    """Tokens of one step; a longer one is cut and ends as malformed. Larger models write more (released code: 2000)."""
    few_shot: int | None = None
    """Worked examples before each question while the base model searches (round 1) and is evaluated (round 0). Default:
    2 for a model that has no value head and does not know the step format (paper), 0 for others."""
    value_target: Literal["q", "outcome"] = "q"
    """What V learns of a step: its Q in the tree (paper), or the expected outcome of going on from it as the tree did,
    which the estimates of unfinished states do not dilute; for small trees."""
    late_wrong: bool = False
    """Prefer wrong paths that leave a right one late, instead of the paper's random ones."""
    restart: bool = True
    """Every round trains from the base model (paper); with --no-restart, from the model of the round before."""
    training: TrainingOptions = field(default_factory=TrainingOptions)
    """How policy and value are fitted."""
    held_out: float = 0.05
    """Share of the training problems whose paths only measure the value model."""
    eval_problems: tuple[str, ...] = ()
    """Problems to evaluate on, whole files or the validation split of built-in sets. Default: the validation split (a
    tenth by the hash of the question) of the training sets, of files too; what trains is then their train split."""
    eval_size: int = 50
    """Problems to evaluate on, of each set or file, at most; 0 skips the evaluation."""
    eval_agents: tuple[str, ...] = ("greedy", "sbs")
    """Agents to evaluate, each with its options: name or name:option=value,option=value."""
    seed: int = 0
    """Seed of everything."""
    device: str = "auto"
    """Where the model runs: cpu, cuda or mps; auto takes a GPU where there is one. With several GPUs, `workers` take
    turns through them; one trains."""
    threads: int = 1
    """Torch threads. More than there are free cores make it slower, many times over."""
    workers: int = 1
    """Processes that search side by side, each with the model and `threads` torch threads; no more than free cores."""
    concurrency: int = 64
    """Searches that run at the same time, in each process."""

    def __post_init__(self) -> None:
        _at_least(self, 1, "size", "rounds", "trees", "simulations", "width", "max_step_tokens")
        _at_least(self, 1, "threads", "workers", "concurrency")
        _at_least(self, 0, "most_right", "most_wrong", "eval_size", "c_puct")
        if self.eval_agents:
            _check_agents(self.eval_agents)
        for name in ("problems", "eval_problems"):  # as on the command line: spaces or commas between
            object.__setattr__(self, name, tuple(source_names(getattr(self, name))))
        if not self.problems:
            raise ValueError("problems must name at least one set or file")
        if self.device.startswith("cuda:"):
            raise ValueError(f"{self.device}: the training takes the first GPU; set CUDA_VISIBLE_DEVICES, and say cuda")
        if not self.temperatures or min(self.temperatures) <= 0:
            raise ValueError(f"temperatures must be above 0, got {self.temperatures}")
        if self.value_target not in ("q", "outcome"):
            raise ValueError(f"value_target must be q or outcome, got {self.value_target!r}")
        if self.problems_per_round is not None:
            _at_least(self, 1, "problems_per_round")
        if not 0 <= self.held_out < 1:
            raise ValueError(f"held_out must be in [0, 1), got {self.held_out}")

    def temperature(self, round_number: int) -> float:
        """Return the sampling temperature of a round, the first of which is 1."""
        return self.temperatures[min(round_number, len(self.temperatures)) - 1]

    def to_json(self) -> dict[str, Any]:
        """Return the options as plain JSON values."""
        plain = dataclasses.asdict(self) | {"run_dir": str(self.run_dir)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}


def _check_agents(words: tuple[str, ...]) -> None:
    specs = parse_specs(words)
    if any(spec.name in TRAINED for spec in specs):
        raise ValueError("eval_agents: a policy of amz sb3 belongs to one model; let amz compare evaluate it")
    named(specs)


def _at_least(options: object, least: int, *names: str) -> None:
    for name in names:
        if getattr(options, name) < least:
            raise ValueError(f"{name} must be at least {least}, got {getattr(options, name)}")
