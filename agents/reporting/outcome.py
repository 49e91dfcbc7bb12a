"""The outcome of one agent on one problem: the unit that every table, picture and file is made of."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from agents.base import Solution
from amz_env.grading import Grade
from amz_env.problems.base import Problem

Verdict = Literal["correct", "wrong", "unknown", "no answer", "error"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One agent, one seed, one problem.

    Attributes:
        agent: the agent's label.
        seed: seed of the run.
        id: the problem's id.
        source: where the problem is from.
        subject: topic, "" where unknown.
        level: difficulty, 0 where unknown.
        question: the problem's text.
        answer: what the agent answered, None without an answer.
        reference: the right answer, or several accepted ones.
        status: ``unknown`` where grading could not tell, ``error`` where the search itself broke; neither is solved.
        correct: whether the status is ``correct``.
        end: why the episode ended, None where the chosen path is unfinished.
        value: the agent's own estimate of its answer, in [-1, 1].
        answers: final answers that the agent found, repeats included: samples, or leaves of its tree.
        right_answers: how many of those are right, None where only the chosen one was graded.
        steps: number of steps of the chosen path.
        generated_tokens: tokens sampled.
        prefilled_tokens: prompt tokens computed.
        reused_tokens: prompt tokens found in a cache.
        model_calls: requests to the engine.
        model_seconds: seconds of the model's forward passes, shared among the requests of a batch.
        code_seconds: seconds of code execution.
        grading_seconds: seconds of comparing answers, in the agent's vote and against the reference.
        search_seconds: processor seconds of the search's own code.
        seconds: from the start of the search to its end; searches overlap, so these do not add up.
        solution: the chosen path as text.
        note: what broke, or why the grade is unknown; "" otherwise.
    """

    agent: str
    seed: int
    id: str
    source: str
    subject: str
    level: int
    question: str
    answer: str | None
    reference: str | tuple[str, ...]
    status: Verdict
    correct: bool
    end: str | None = None
    value: float = 0.0
    answers: int = 0
    right_answers: int | None = None
    steps: int = 0
    generated_tokens: int = 0
    prefilled_tokens: int = 0
    reused_tokens: int = 0
    model_calls: int = 0
    model_seconds: float = 0.0
    code_seconds: float = 0.0
    grading_seconds: float = 0.0
    search_seconds: float = 0.0
    seconds: float = 0.0
    solution: str = ""
    note: str = ""

    @property
    def any_correct(self) -> bool:
        """Whether a perfect chooser among the answers would have solved the problem; needs `right_answers`."""
        return self.correct or bool(self.right_answers)

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "Outcome":
        """Return the outcome that `to_json` wrote; unknown keys are ignored."""
        known = {each.name: saved[each.name] for each in fields(cls) if each.name in saved}
        if isinstance(known.get("reference"), list):
            known["reference"] = tuple(known["reference"])
        return cls(**known)


def outcome_of(
    agent: str,
    seed: int,
    problem: Problem,
    solution: Solution,
    grade: Grade | None,
    *,
    right_answers: int | None = None,
    grading_seconds: float = 0.0,
) -> Outcome:
    """Return the outcome of a search that ended.

    Args:
        agent: the agent's label.
        seed: seed of the run.
        problem: the problem that was solved.
        solution: what the agent found.
        grade: the verdict on its answer, None where there is no answer.
        right_answers: how many of `solution.answers` are right, None where they were not graded.
        grading_seconds: how long grading took, beside what the agent itself compared.
    """
    cost = asdict(solution.cost)
    cost["grading_seconds"] += grading_seconds
    return Outcome(
        **_about(agent, seed, problem),
        answer=solution.answer,
        status=grade.status if grade is not None else "no answer",
        correct=grade is not None and grade.correct,
        end=solution.state.end,
        value=solution.value if math.isfinite(solution.value) else 0.0,
        answers=len(solution.answers),
        right_answers=right_answers,
        steps=len(solution.state.steps),
        solution=solution.state.text,
        note=grade.reason if grade is not None and grade.status == "unknown" else "",
        **cost,
    )


def broken_outcome(agent: str, seed: int, problem: Problem, error: BaseException) -> Outcome:
    """Return the outcome of a search that raised."""
    note = " ".join(f"{type(error).__name__}: {error}".split())[:500]
    return Outcome(**_about(agent, seed, problem), answer=None, status="error", correct=False, note=note)


def _about(agent: str, seed: int, problem: Problem) -> dict[str, Any]:
    return {
        "agent": agent,
        "seed": seed,
        "id": problem.id,
        "source": problem.source,
        "subject": problem.subject,
        "level": problem.level,
        "question": problem.question,
        "reference": problem.answer,
    }
