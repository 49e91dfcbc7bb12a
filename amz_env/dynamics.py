"""The rules of the game, once: what a state is and what an action makes of it.

A `State` is a question and the steps so far; it does not hold the reference answer, so no agent that works on states
can see it. `transition(state, action)` parses the action, runs its code, and returns the next state; `apply_step` is
the pure part. The environment, the vector environment and every search use this one function.

Which answers are right is decided elsewhere (`amz_env.grading`, `amz_env.env`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from amz_env.interpreter import Execution, Snapshot
from amz_env.steps import FORMATS, Step, StepFormat, canonical_action, closing, parse_step, question_block

EndReason = Literal["answer", "malformed", "code_errors", "max_steps", "max_length"]
TERMINATIONS: frozenset[EndReason] = frozenset({"answer", "malformed", "code_errors"})
TRUNCATIONS: frozenset[EndReason] = frozenset({"max_steps", "max_length"})
_LONGEST_OBSERVATION = 1003  # characters, as the interpreter cuts them unless told otherwise: 500, "...", and 500


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits and format of an episode.

    Attributes:
        step_format: ``alphamath`` (strict tags) or ``plain``.
        max_steps: an episode of this many steps without an answer is truncated (the paper's T = 8).
        max_errors: an episode ends when more than this many code steps in a row fail (released code: 3, so the 4th).
        max_length: characters of the rendered state beyond which an episode is truncated.
    """

    step_format: StepFormat = "alphamath"
    max_steps: int = 8
    max_errors: int = 3
    max_length: int = 16_000

    def __post_init__(self) -> None:
        if self.step_format not in FORMATS:
            raise ValueError(f"step_format must be one of {FORMATS}, got {self.step_format!r}")
        for name, least in (("max_steps", 1), ("max_errors", 0), ("max_length", 1)):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise ValueError(f"{name} must be an integer of at least {least}, got {value!r}")


class RunsCode(Protocol):
    """What the dynamics need of an interpreter (`amz_env.interpreter.Interpreter`)."""

    def root(self) -> Snapshot:
        """Return a fresh state."""

    def run(self, snapshot: Snapshot, code: str) -> Execution:
        """Run `code` on top of `snapshot`."""

    async def run_async(self, snapshot: Snapshot, code: str) -> Execution:
        """Run `code` on top of `snapshot` without blocking the event loop."""


@dataclass(frozen=True, slots=True)
class TakenStep:
    """One step of a state: the action as written, how it was read, and what its code printed.

    Attributes:
        action: the text of the action, ended by its closing tag.
        step: the action as `parse_step` read it.
        observation: what the code printed, None where no code ran.
        failed: whether the code raised, timed out, crashed, flooded or was refused.
        token_ids: the policy's own tokens of the action, () where unknown; no part of the state's identity.
    """

    action: str
    step: Step
    observation: str | None = None
    failed: bool = False
    token_ids: tuple[int, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class State:
    """A question and the solution so far. Immutable; two states with the same text are equal.

    Attributes:
        question: the problem's text.
        rules: limits and format of the episode.
        steps: the steps taken, first to last.
        errors: code steps that failed in a row, up to now.
        end: why the episode is over, None while it goes on.
        snapshot: the interpreter's state after `steps`, a cache: where it is None the code is run again.
    """

    question: str
    rules: Rules = Rules()
    steps: tuple[TakenStep, ...] = ()
    errors: int = 0
    end: EndReason | None = None
    snapshot: Snapshot | None = field(default=None, compare=False, repr=False)

    @property
    def answer(self) -> str | None:
        """The final answer that was given, None without one."""
        return self.steps[-1].step.answer if self.steps and self.end == "answer" else None

    @property
    def owes_code(self) -> bool:
        """Whether the last step's code was put off (`put_off`) and is still to be run."""
        return bool(self.steps) and self.steps[-1].step.code is not None and self.steps[-1].observation is None

    @property
    def terminated(self) -> bool:
        """Whether the episode ended by its own rules."""
        return self.end in TERMINATIONS

    @property
    def truncated(self) -> bool:
        """Whether the episode was cut by a limit."""
        return self.end in TRUNCATIONS

    def segments(self) -> Iterator[tuple[str, bool]]:
        """Yield the rendered state as (text, trusted) parts.

        Only trusted parts may be encoded with the tags as special tokens; the question and the interpreter's output are
        somebody's words.
        """
        before, _, after = question_block("\0", self.rules.step_format).partition("\0")
        yield before, True
        yield self.question, False
        yield after, True
        for taken in self.steps:
            yield taken.action, True
            head, shown, tail = closing(taken.step.kind, taken.observation, self.rules.step_format)
            yield head, True
            if shown or tail:
                yield shown, False
                yield tail, True

    @property
    def text(self) -> str:
        """The rendered state: the question and the solution so far, exactly what a policy model is prompted with."""
        return "".join(text for text, _ in self.segments())

    def __reduce__(self) -> tuple[object, ...]:
        # Snapshots are paused processes: they do not travel. The receiver runs the code again where it needs to.
        return State, (self.question, self.rules, self.steps, self.errors, self.end)


def apply_step(
    state: State,
    action: str,
    step: Step,
    *,
    observation: str | None = None,
    failed: bool = False,
    snapshot: Snapshot | None = None,
    token_ids: tuple[int, ...] = (),
) -> State:
    """Return the state after a step whose code, if it has any, has been run. Pure.

    Args:
        state: a state whose episode goes on.
        action: the step's text.
        step: the action as `parse_step` read it.
        observation: what its code printed, None where no code ran.
        failed: whether its code ended otherwise than well.
        snapshot: the interpreter's state after it.
        token_ids: the policy's own tokens of the action; kept where the action stands as it was written.

    Raises:
        ValueError: the episode is already over.
    """
    if state.end is not None:
        raise ValueError(f"the episode is over ({state.end}); begin a new one")
    written = canonical_action(action, step, state.rules.step_format)
    # Tokens stand for exactly the text that was sampled: where the rules complete or cut it, they no longer do.
    token_ids = token_ids if written == action else ()
    after = replace(
        state,
        steps=(*state.steps, TakenStep(written, step, observation, failed, token_ids)),
        errors=(state.errors + 1 if failed else 0) if step.kind == "code" else state.errors,
        snapshot=snapshot,
    )
    return replace(after, end=_end_of(after))


def _end_of(state: State) -> EndReason | None:
    kind = state.steps[-1].step.kind
    if kind == "answer":
        return "answer"
    if kind == "malformed":
        return "malformed"
    if state.errors > state.rules.max_errors:
        return "code_errors"
    if len(state.steps) >= state.rules.max_steps:
        return "max_steps"
    if len(state.text) > state.rules.max_length:
        return "max_length"
    return None


def transition(state: State, action: str, interpreter: RunsCode, token_ids: tuple[int, ...] = ()) -> State:
    """Take one step.

    Args:
        state: a state whose episode goes on.
        action: the text of one step; anything is allowed, a malformed step ends the episode.
        interpreter: runs the step's code on top of the state's.
        token_ids: the policy's own tokens of `action`, kept beside it.

    Raises:
        ValueError: the episode is already over.
    """
    step = parse_step(action, state.rules.step_format)
    if step.code is None or state.end is not None:
        return apply_step(state, action, step, snapshot=state.snapshot, token_ids=token_ids)
    return executed(state, action, step, interpreter.run(snapshot_of(state, interpreter), step.code), token_ids)


async def transition_async(state: State, action: str, interpreter: RunsCode, token_ids: tuple[int, ...] = ()) -> State:
    """`transition` for a search: the event loop goes on while the code runs."""
    step = parse_step(action, state.rules.step_format)
    if step.code is None or state.end is not None:
        return apply_step(state, action, step, snapshot=state.snapshot, token_ids=token_ids)
    execution = await interpreter.run_async(await _snapshot_async(state, interpreter), step.code)
    return executed(state, action, step, execution, token_ids)


def put_off(state: State, action: str, token_ids: tuple[int, ...] = ()) -> State | None:
    """Return the state after a step whose code is left for later; None where the step must be taken now.

    A search proposes many more steps than it ever goes on from. Where the episode goes on whatever a step's code does,
    the code need not run before the search comes back to it: taking the same action from `state` then gives the state
    that taking it now would give.

    Args:
        state: a state whose episode goes on.
        action: the text of one step.
        token_ids: the policy's own tokens of `action`, kept beside it.
    """
    step = parse_step(action, state.rules.step_format)
    if step.code is None or state.end is not None or state.errors >= state.rules.max_errors:
        return None
    after = apply_step(state, action, step, token_ids=token_ids)
    open_ended = after.end is None and len(after.text) + _LONGEST_OBSERVATION <= state.rules.max_length
    return after if open_ended else None


def executed(state: State, action: str, step: Step, execution: Execution, token_ids: tuple[int, ...] = ()) -> State:
    """Return the state after a step whose code has been run."""
    return apply_step(
        state,
        action,
        step,
        observation=execution.observation,
        failed=execution.status != "ok",
        snapshot=execution.snapshot,
        token_ids=token_ids,
    )


def snapshot_of(state: State, interpreter: RunsCode) -> Snapshot:
    """Return the interpreter's state after the state's steps, running their code again where it was not kept."""
    if state.snapshot is not None:
        return state.snapshot
    snapshot = interpreter.root()
    for code in _codes(state):
        snapshot = interpreter.run(snapshot, code).snapshot
    return snapshot


async def _snapshot_async(state: State, interpreter: RunsCode) -> Snapshot:
    """`snapshot_of`, without blocking the event loop while code runs again."""
    if state.snapshot is not None:
        return state.snapshot
    snapshot = interpreter.root()
    for code in _codes(state):
        snapshot = (await interpreter.run_async(snapshot, code)).snapshot
    return snapshot


def _codes(state: State) -> list[str]:
    return [taken.step.code for taken in state.steps if taken.step.code is not None]
