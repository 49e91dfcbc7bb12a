"""The environment: a thin shell of Gymnasium's interface over `amz_env.dynamics` and `amz_env.grading`."""

import atexit
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

import gymnasium as gym
from gymnasium import logger

from amz_env.dynamics import Rules, State, transition
from amz_env.episode import Episode, advance, begin, choose_index, outcome, reset_info, running_state
from amz_env.interpreter import Interpreter, shared_interpreter
from amz_env.problems import ProblemSource, load_problems
from amz_env.problems.loading import is_for_training
from amz_env.rendering import render_episode, render_question, render_step, render_verdict
from amz_env.spaces import UnicodeText
from amz_env.steps import StepFormat

RENDER_MODES: Final = ("ansi", "human")
_LONGEST_TIMEOUT: Final = 86_400.0  # seconds; the system's calls take no timeouts of weeks


class MathReasoningEnv(gym.Env[str, str]):
    r"""Mathematical reasoning as a Markov decision process over text.

    ## Description
    An agent reads a question and writes its solution one step at a time. A step is words with Python code, which is run
    and whose output is shown, or words with the final answer, which ends the episode (AlphaMath, arXiv 2405.03553).
    The transition is deterministic: the next state is the text so far, the step, and what its code printed.

    ## Action Space
    `UnicodeText`: the text of one step, of any length. In the format ``alphamath`` a step is either

        <step>                                    <step>
        <p>                                       <p>
        words                                     words
        </p>                                      </p>
        <code>                                    <p>
        ```python                                 Final Answer: 42
        print(6 * 7)                              </p>
        ```                                       </step>
        </code>

    What a step does is read strictly: one closed fence with code in ``<code>``, or one answer after ``Final Answer:``.
    Neither, both (the mark in the code counts), a second ``<step>``, or a tag that only the environment writes
    (``<output>``, ``<question>``) is malformed and ends the episode; it never raises. The other tags may be left out;
    the observation has a ``<step>`` and the closing tag all the same. In the format ``plain`` a step
    is free text, optionally with a python fence; an answer follows ``Final Answer:`` or stands in ``\boxed{}``, and a
    step with neither goes on.

    ## Observation Space
    `UnicodeText`: the question and the solution so far, code output included, exactly what a policy model of the format
    is prompted with.

    ## Starting State
    The question alone. `reset` draws a problem uniformly, with replacement, by the environment's generator;
    ``reset(options={"index": 7})`` picks one.

    ## Reward
    0 while the episode goes on, +1 for a right answer, -1 for every other end: a wrong answer, one that the grader
    cannot decide, a malformed step, too many errors, and also a truncation, as in the paper, where a path that runs out
    of steps counts as failed. The steps taken can be read off the observation, so this limit is part of the task.

    ## Episode End
    Terminated: an answer; a malformed step; more than `max_errors` code steps in a row that failed.
    Truncated: `max_steps` steps without an answer, or an observation longer than `max_length` characters.
    Never both. A step after the end, or before the first reset, raises `gymnasium.error.ResetNeeded`.

    ## Information
    Plain values, made anew at each call. Always ``problem_id``, ``index``, ``source``, ``subject``, ``level`` (0 where
    unknown), ``steps`` and ``errors`` (in a row). After a step ``step_kind`` (``code``, ``answer``, ``text`` or
    ``malformed``), ``fault`` (what is wrong with a malformed step, else None), ``failed`` (whether its code did) and
    ``end`` (``answer``, ``malformed``, ``code_errors``, ``max_steps``, ``max_length``, or None). After the end also
    ``answer``, ``correct``, ``grade_status`` (``correct``, ``wrong``, ``unknown`` or ``no answer``) and ``reference``,
    which is not told before.

    ## Arguments
    As keywords of `gymnasium.make`. All but a problem source of your own, and a path that is no str, can be written in
    JSON, so that a spec can be saved: ``EnvSpec.from_json(env.spec.to_json())``.

    * ``problems`` (``"mini-gsm"``): a built-in set (``mini-gsm``, ``mini-math``, ``mini-guess``,
      ``mini-gaokao``), whatever else `amz_env.load_problems` reads by name or path (a file, ``reasoning-gym:NAME``), or
      a problem source of your own: a list of `amz_env.Problem`, or what `load_problems` makes of rows or a
      `datasets.Dataset`.
    * ``split``: ``train``, ``validation`` or ``test``. Default: ``train`` of a built-in set that has it, else ``test``;
      all of a file.
    * ``size``: at most this many problems.
    * ``problem_seed`` (0): which problems a built-in set draws; unrelated to the seed of `reset`.
    * ``level``: difficulty, or a list of them, to keep.
    * ``step_format`` (``"alphamath"``): or ``"plain"``, see above.
    * ``max_steps`` (8): steps after which an episode without an answer is truncated, at least 1.
    * ``max_errors`` (3): failed code steps in a row that an episode survives, at least 0.
    * ``max_length`` (16,000): characters of the observation beyond which an episode is truncated, at least 1.
    * ``isolation``: of the interpreter: ``strict`` refuses hosts that cannot confine code, ``weak`` does what it can.
      Default: the environment variable ``AMZ_ISOLATION``, else ``strict``.
    * ``code_timeout``: seconds that the code of one step may run, at most a day. Default: the interpreter's.
    * ``render_mode``: ``ansi`` (`render` returns a text), ``human`` (each step is printed as it is taken) or None.

    `gymnasium.make_vec` takes the same and makes a `amz_env.vector.MathReasoningVectorEnv`, which runs the code of all
    sub-environments together. With ``vectorization_mode="async"`` give ``vector_kwargs={"shared_memory": False}``:
    texts do not go through shared memory.

    ## Branching
    `get_state` returns an immutable `State` with the interpreter's state; `set_state` goes on from it, as often as
    wanted.

    ## Examples
    >>> import gymnasium as gym, amz_env
    >>> env = gym.make("MathReasoning-v0", problems="mini-gsm", split="test", max_steps=8)
    >>> observation, info = env.reset(seed=0, options={"index": 7})
    >>> observation.startswith("<question>"), info["problem_id"], "reference" in info
    (True, 'mini-gsm:test:0:7', False)

    Problems of your own, here one in memory; ``problems="path/to/file.jsonl"`` reads a file:

    >>> mine = [amz_env.Problem(id="1", question="What is 6 times 7?", answer="42", source="doc")]
    >>> env = gym.make("MathReasoning-v0", problems=mine)
    >>> _ = env.reset(seed=0)
    >>> step = amz_env.code_action("Multiply.", "x = 6 * 7\nprint(x)")
    >>> observation, reward, terminated, truncated, info = env.step(step)
    >>> print(observation)
    <question> What is 6 times 7? </question>
    <step>
    <p>
    Multiply.
    </p>
    <code>
    ```python
    x = 6 * 7
    print(x)
    ```
    </code>
    <output>
    42
    </output>
    </step>
    <BLANKLINE>
    >>> branch = env.unwrapped.get_state()
    >>> _, reward, terminated, _, info = env.step(amz_env.answer_action("So it is.", "41"))
    >>> reward, terminated, info["grade_status"], info["reference"]
    (-1.0, True, 'wrong', '42')
    >>> env.unwrapped.set_state(branch)
    >>> _, reward, terminated, _, info = env.step(amz_env.answer_action("So it is.", "84/2"))
    >>> reward, info["answer"], info["correct"]
    (1.0, '84/2', True)

    Hard problems of the other built-in set, and the specification as JSON:

    >>> env = gym.make("MathReasoning-v0", problems="mini-math", level=[4, 5], split="test", render_mode="ansi")
    >>> env.reset(seed=0)[1]["level"] in (4, 5)
    True
    >>> again = gym.make(gym.envs.registration.EnvSpec.from_json(env.spec.to_json()))
    >>> again.reset(seed=3) == env.reset(seed=3)
    True

    Many at once, with code and grading side by side:

    >>> envs = gym.make_vec("MathReasoning-v0", num_envs=16, problems="mini-math", level=1)
    >>> observations, infos = envs.reset(seed=0)
    >>> observations, rewards, *_ = envs.step([step] * 16)
    >>> rewards.shape, all("<output>" in observation for observation in observations)
    ((16,), True)

    ## References
    Chen et al., *AlphaMath Almost Zero: Process Supervision without Process*, NeurIPS 2024, arXiv 2405.03553.

    ## Version History
    * v0: first version.
    """

    metadata: dict[str, Any] = {"render_modes": list(RENDER_MODES), "render_fps": 1}  # noqa: RUF012 - declared by gym.Env

    def __init__(
        self,
        problems: str | os.PathLike[str] | ProblemSource = "mini-gsm",
        *,
        split: str | None = None,
        size: int | None = None,
        problem_seed: int = 0,
        level: int | list[int] | None = None,
        step_format: StepFormat = "alphamath",
        max_steps: int = 8,
        max_errors: int = 3,
        max_length: int = 16_000,
        isolation: str | None = None,
        code_timeout: float | None = None,
        render_mode: str | None = None,
    ) -> None:
        """Make an environment; nothing is started before the first step with code. *Arguments* above says the rest.

        Raises:
            ValueError: an argument out of its range; an unknown problem set; a broken file, named with its line.
            TypeError: an argument of another kind, such as a source that holds no problems; an unknown render mode.
            FileNotFoundError: there is no such file.
        """
        if render_mode is not None and render_mode not in RENDER_MODES:
            # A TypeError: stable-baselines3's make_vec_env asks every environment for "rgb_array", and takes it for no.
            raise TypeError(f"render_mode must be one of {', '.join(RENDER_MODES)} or None, got {render_mode!r}")
        self.render_mode = render_mode
        self.rules = Rules(step_format, max_steps, max_errors, max_length)
        self.problems = resolve_problems(problems, split, size, problem_seed, level)
        self.observation_space = UnicodeText()
        self.action_space = UnicodeText()
        self._interpreter_settings = check_interpreter_settings(isolation, code_timeout)
        self._episode: Episode | None = None
        self._asked: dict[str, int] = {}  # question -> index, for `set_state`

    @property
    def interpreter(self) -> Interpreter:
        """What runs the steps' code: one for all environments of this process with the same settings."""
        return interpreter_for(*self._interpreter_settings)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Begin an episode.

        Args:
            seed: of the generator that draws problems; None goes on with it.
            options: ``{"index": i}`` picks problem i.

        Raises:
            ValueError: an unknown option, or an index out of range.
            TypeError: an index that is no integer.
        """
        super().reset(seed=seed)
        episode = begin(self.problems, choose_index(self.problems, self.np_random, options), self.rules)
        self._episode = episode
        self._asked[episode.state.question] = episode.index
        if self.render_mode == "human":
            print(render_question(episode.state))
        return episode.state.text, reset_info(episode)

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Take one step.

        Args:
            action: the text of the step; any text is allowed.

        Raises:
            gymnasium.error.ResetNeeded: there is no episode under way.
            TypeError: the action is not a string.
        """
        state = running_state(self._episode, action)
        assert self._episode is not None
        self._episode = advance(self._episode, transition(state, action, self.interpreter))
        if self.render_mode == "human":
            self._print_last_step(self._episode)
        return outcome(self._episode)

    def get_state(self) -> State:
        """Return the state of the episode, interpreter included. It is immutable and holds no reference answer.

        Raises:
            gymnasium.error.ResetNeeded: before the first reset.
        """
        if self._episode is None:
            raise gym.error.ResetNeeded("call reset() before get_state()")
        return self._episode.state

    def set_state(self, state: State) -> None:
        """Go on from a state that `get_state` returned, in this or an earlier episode, or after pickling.

        Raises:
            gymnasium.error.ResetNeeded: before the first reset.
            ValueError: the state is of a question that this environment has not asked, or has other rules.
            TypeError: not a `State`.
        """
        if not isinstance(state, State):
            raise TypeError(f"set_state takes a State, as get_state returns it; got {type(state).__name__}")
        if self._episode is None:
            raise gym.error.ResetNeeded("call reset() before set_state()")
        if state.rules != self.rules:
            raise ValueError(f"the state was made under other rules: {state.rules}, here {self.rules}")
        episode = self._episode
        if state.question != episode.state.question:
            if state.question not in self._asked:
                raise ValueError(
                    "this environment has not asked the question of the state yet; go to its problem first with "
                    "reset(options={'index': i}), where i is the index in the info of the episode it came from"
                )
            episode = begin(self.problems, self._asked[state.question], self.rules)
        # Of an equal state only what is kept beside its text differs: the verdict stands, and is not asked for again.
        self._episode = replace(episode, state=state) if state == episode.state else advance(episode, state)

    def render(self) -> str | None:
        """Return the solution so far as readable text (``ansi``); None otherwise, as ``human`` prints along.

        Raises:
            gymnasium.error.ResetNeeded: before the first reset.
        """
        if self.render_mode is None:
            logger.warn('render() without a render mode shows nothing: make the environment with render_mode="ansi"')
            return None
        if self._episode is None:
            raise gym.error.ResetNeeded("call reset() before render()")
        return render_episode(self._episode) if self.render_mode == "ansi" else None

    def _print_last_step(self, episode: Episode) -> None:
        steps = episode.state.steps
        print("\n" + render_step(len(steps), steps[-1]))
        if episode.state.end is not None:
            print("\n" + render_verdict(episode) + "\n")


def resolve_problems(
    problems: str | os.PathLike[str] | ProblemSource,
    split: str | None,
    size: int | None,
    seed: int,
    level: int | list[int] | None,
) -> ProblemSource:
    """Return the problem source that the constructor's arguments name; a source that is given is taken as it is.

    Raises:
        ValueError: see `load_problems`; also options of a named set beside a source, and an empty source.
        TypeError: neither a name nor a source of problems, rows of a table for example.
    """
    if isinstance(problems, str | os.PathLike):
        split = "train" if split is None and is_for_training(problems) else split
        return load_problems(problems, split=split, size=size, seed=seed, level=level)
    if split is not None or size is not None or level is not None:
        raise ValueError("split, size and level choose among the problems of a named set; a source is used as it is")
    if not hasattr(problems, "__len__") or not hasattr(problems, "__getitem__"):
        raise TypeError(f"problems must be a name, a path or a source with indices, got {type(problems).__name__}")
    if len(problems) == 0:
        raise ValueError("problems is an empty source")
    if isinstance(problems, Mapping) or not hasattr(problems[0], "question"):
        raise TypeError(
            f"a problem source holds Problem objects, got a {type(problems).__name__} of others; "
            "amz_env.load_problems(rows) makes problems of rows"
        )
    return problems


def check_interpreter_settings(isolation: str | None, code_timeout: float | None) -> tuple[str | None, float | None]:
    """Return both settings.

    Raises:
        ValueError: one of them is out of range.
        TypeError: the timeout is no number.
    """
    if isolation not in (None, "strict", "weak"):
        raise ValueError(f"isolation must be 'strict', 'weak' or None, got {isolation!r}")
    if code_timeout is not None and not isinstance(code_timeout, int | float):
        raise TypeError(f"code_timeout must be a number of seconds, got {code_timeout!r}")
    if code_timeout is not None and not 0 < code_timeout <= _LONGEST_TIMEOUT:
        raise ValueError(f"code_timeout must be more than 0 seconds, and at most a day, got {code_timeout!r}")
    return isolation, code_timeout


def interpreter_for(isolation: str | None, code_timeout: float | None) -> Interpreter:
    """Return the interpreter with these settings, one for all environments of the process, closed at its exit."""
    if isolation is None and code_timeout is None:
        return shared_interpreter()
    return _own_interpreter(isolation, code_timeout, os.getpid())


@cache
def _own_interpreter(isolation: str | None, code_timeout: float | None, _process: int) -> Interpreter:
    options: dict[str, Any] = {"isolation": isolation, "timeout": code_timeout}
    interpreter = Interpreter(**{name: value for name, value in options.items() if value is not None})
    atexit.register(interpreter.close)
    return interpreter
