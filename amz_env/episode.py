"""One episode as the environments see it: the problem with its reference, the state, and what is told of both.

The environment and the vector environment are thin shells over these functions; agents never get an `Episode`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from gymnasium.error import ResetNeeded

from amz_env.dynamics import Rules, State
from amz_env.grading import Grade, grade
from amz_env.problems.base import Problem, ProblemSource
from amz_env.steps import well_formed

RIGHT, WRONG = 1.0, -1.0
NO_ANSWER = "no answer"
OPTIONS = ("index",)

Outcome = tuple[str, float, bool, bool, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode under way or over.

    Attributes:
        index: the problem's place in its source.
        problem: the problem, reference answer included.
        state: what has been done so far.
        grade: the verdict on the answer once there is one, else None.
    """

    index: int
    problem: Problem
    state: State
    grade: Grade | None = None

    @property
    def reward(self) -> float:
        """Reward of the last step: 0 while the episode goes on, +1 for a right answer, -1 for any other end."""
        if self.state.end is None:
            return 0.0
        return RIGHT if self.grade is not None and self.grade.correct else WRONG


def begin(source: ProblemSource, index: int, rules: Rules) -> Episode:
    """Return the first moment of an episode on problem `index` of `source`."""
    problem = source[index]
    return Episode(index, problem, State(well_formed(problem.question), rules))


def choose_index(source: ProblemSource, rng: np.random.Generator, options: Mapping[str, Any] | None) -> int:
    """Return the problem that a reset asks for: ``options["index"]``, else one drawn by `rng`.

    Raises:
        ValueError: an unknown option, or an index that the source does not have.
        TypeError: the index is not an integer.
    """
    unknown = sorted(set(options or ()) - set(OPTIONS))
    if unknown:
        raise ValueError(f"unknown reset options {unknown}; known: {', '.join(OPTIONS)}")
    if not options:
        return int(rng.integers(len(source)))
    index = options["index"]
    if not isinstance(index, int | np.integer) or isinstance(index, bool):
        raise TypeError(f"options['index'] must be an integer, got {type(index).__name__}: {index!r}")
    if not 0 <= index < len(source):
        raise ValueError(f"options['index'] must be from 0 to {len(source) - 1}, got {index}")
    return int(index)


def running_state(episode: Episode | None, action: object) -> State:
    """Return the state that `action` may be taken in.

    Raises:
        gymnasium.error.ResetNeeded: before the first reset, or after the end of the episode.
        TypeError: the action is not a string.
    """
    if episode is None:
        raise ResetNeeded("call reset() before the first step()")
    if episode.state.end is not None:
        raise ResetNeeded(f"the episode is over ({episode.state.end}): call reset() before the next step()")
    if not isinstance(action, str):
        raise TypeError(f"an action is the text of one step, a str; got {type(action).__name__}: {action!r:.80}")
    return episode.state


def advance(episode: Episode, state: State) -> Episode:
    """Return the episode at `state`, graded if it has ended with an answer."""
    verdict = None if state.answer is None else grade(state.answer, episode.problem.answer)
    return replace(episode, state=state, grade=verdict)


def outcome(episode: Episode) -> Outcome:
    """Return what `step` returns: observation, reward, terminated, truncated, info."""
    state = episode.state
    return state.text, episode.reward, state.terminated, state.truncated, step_info(episode)


def reset_info(episode: Episode) -> dict[str, Any]:
    """Return what is told of a problem at its start: plain fresh values, nothing of the answer."""
    problem = episode.problem
    return {
        "problem_id": problem.id,
        "index": episode.index,
        "source": problem.source,
        "subject": problem.subject,
        "level": problem.level,
        "steps": len(episode.state.steps),
        "errors": episode.state.errors,
    }


def step_info(episode: Episode) -> dict[str, Any]:
    """Return what is told after a step; the answer, the verdict and the reference only once the episode is over."""
    state, last = episode.state, episode.state.steps[-1]
    info = reset_info(episode) | {
        "step_kind": last.step.kind,
        "fault": last.step.fault,
        "failed": last.failed,
        "end": state.end,
    }
    if state.end is None:
        return info
    grade = episode.grade
    return info | {
        "answer": state.answer,
        "correct": grade is not None and grade.correct,
        "grade_status": NO_ANSWER if grade is None else grade.status,
        "reference": episode.problem.answer,
    }
