"""What an agent is, what it returns, and what it costs.

An agent sees questions. `solve` takes problems for convenience and reduces them to their question texts before anything
else happens, so no search can reach a reference answer; a test hands it problems whose `answer` raises.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Final, Protocol

from amz_env.dynamics import State
from amz_env.problems.base import Problem
from amz_env.steps import well_formed

MAX_STEP_TOKENS: Final = 256
"""Tokens of one step, unless told otherwise; the longest step in the training paths of the model that ships has 159.
Larger models write more (released code: 2000)."""

if TYPE_CHECKING:
    from agents.search.tree import Tree


@dataclass(slots=True)
class Cost:
    """What was spent. Mutable: a search adds to its own as it goes.

    Attributes:
        generated_tokens: tokens sampled from the policy.
        prefilled_tokens: prompt tokens computed by the model.
        reused_tokens: prompt tokens found in a cache and not computed again.
        model_calls: requests made to the engine (an expansion or a value is one).
        model_seconds: wall time of the model's forward passes, shared among the requests of a batch.
        code_seconds: wall time of code execution, summed over snippets.
        grading_seconds: wall time of comparing answers: in a vote, or by a judge.
        search_seconds: processor time of the search's own code: choosing, parsing, bookkeeping; no waiting.
        seconds: wall time from the start of the search on this problem to its end; searches overlap.
    """

    generated_tokens: int = 0
    prefilled_tokens: int = 0
    reused_tokens: int = 0
    model_calls: int = 0
    model_seconds: float = 0.0
    code_seconds: float = 0.0
    grading_seconds: float = 0.0
    search_seconds: float = 0.0
    seconds: float = 0.0

    def add(self, other: "Cost") -> None:
        """Add `other` to this cost, field by field."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


@dataclass(frozen=True, slots=True)
class Solution:
    """What an agent found for one question.

    Attributes:
        question: the question's text.
        answer: the final answer, None where none was reached.
        state: the state that the answer stands in, or the furthest one on the chosen path.
        value: the agent's own estimate for the answer, in [-1, 1]: V, Q, or 0 where it has none.
        cost: what the search spent on this question.
        answers: the final answers of all candidates that were finished, the chosen one among them, in the order of the
            tree and with repeats: what a chooser could have chosen from.
        tree: everything that was explored, None where nothing was kept.
    """

    question: str
    answer: str | None
    state: State
    value: float = 0.0
    cost: Cost = field(default_factory=Cost)
    answers: tuple[str, ...] = ()
    tree: "Tree | None" = None

    @property
    def steps(self) -> tuple[str, ...]:
        """The actions of the chosen path, first to last."""
        return tuple(taken.action for taken in self.state.steps)


OnSolution = Callable[[int, Solution], None]
"""Called with (index of the question, its solution) as each search finishes, in order of finishing."""


class Agent(Protocol):
    """Whatever decides."""

    name: str

    def act(self, observation: str) -> str:
        """Return the next step's text for an observation of the Gymnasium environment."""

    def solve(
        self, problems: Sequence[Problem | str], *, seed: int = 0, on_solution: OnSolution | None = None
    ) -> list[Solution]:
        """Solve many problems at once, in the order given.

        Args:
            problems: problems or bare question texts; only the question is used.
            seed: seed of the run. A tree depends on (seed, question, how often the same question came before), not on
                what else is solved beside it.
            on_solution: called as each problem is finished.
        """


def questions_of(problems: Iterable[Problem | str]) -> list[str]:
    """Return the question texts: the one door through which problems reach an agent.

    Lone surrogates, which no tokenizer takes, are replaced, as the environment does.

    Raises:
        TypeError: an item is neither a problem nor a string.
        ValueError: a question is empty.
    """
    questions = []
    for index, problem in enumerate(problems):
        question = problem if isinstance(problem, str) else getattr(problem, "question", None)
        if not isinstance(question, str):
            raise TypeError(f"problem {index} must be a Problem or a question text, got {type(problem).__name__}")
        if not question.strip():
            raise ValueError(f"problem {index} has an empty question")
        questions.append(well_formed(question))
    return questions


async def solve_side_by_side(
    questions: Sequence[str],
    solve: Callable[[int, str, int], Awaitable[Solution]],
    *,
    concurrency: int,
    on_solution: OnSolution | None = None,
) -> list[Solution]:
    """Solve many questions, so many at a time, and return the solutions in the order given.

    Args:
        questions: what to solve.
        solve: called with (index, question, how often the same question came before).
        concurrency: questions under way at the same time.
        on_solution: called as each is finished.
    """
    gate, seen = asyncio.Semaphore(concurrency), Counter[str]()

    async def one(index: int, question: str, occurrence: int) -> Solution:
        async with gate:
            solution = await solve(index, question, occurrence)
        if on_solution is not None:
            on_solution(index, solution)
        return solution

    tasks = []
    async with asyncio.TaskGroup() as group:
        for index, question in enumerate(questions):
            tasks.append(group.create_task(one(index, question, seen[question])))
            seen[question] += 1
    return [task.result() for task in tasks]
