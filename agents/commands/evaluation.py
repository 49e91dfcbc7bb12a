"""Run one agent over many problems and grade it, such that nothing that goes wrong on one problem touches another.

Answers are graded beside the searches, in threads: a grade may take seconds, and the searches' loop must not wait.
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from time import perf_counter

from agents.base import Agent, Solution
from agents.commands.errors import innermost
from agents.reporting.outcome import Outcome, broken_outcome, outcome_of
from amz_env.grading import grade
from amz_env.interpreter import SandboxUnavailable
from amz_env.problems.base import Problem

OnOutcome = Callable[[Outcome], None]
"""Called with each outcome as it is graded, by one thread at a time, in order of finishing."""

_GRADERS = 2


class Evaluation:
    """One agent and one seed over some problems.

    Attributes:
        agent: the agent.
        problems: what it solves.
        seed: seed of the run.
    """

    def __init__(self, agent: Agent, problems: Sequence[Problem], seed: int, on_outcome: OnOutcome) -> None:
        self.agent = agent
        self.problems = problems
        self.seed = seed
        self._on_outcome = on_outcome
        self._lock = threading.Lock()
        self._finished: set[int] = set()
        self._grading: list[Future[None]] = []

    def run(self) -> None:
        """Solve and grade all problems; when this returns or is interrupted, every finished search has been reported.

        A search that raises becomes an outcome of status ``error``.

        Raises:
            SandboxUnavailable: code cannot be confined on this host.
            OSError: `on_outcome` could not write.
        """
        pool = ThreadPoolExecutor(_GRADERS, thread_name_prefix="amz-compare")
        try:
            self._solve(pool, range(len(self.problems)))
        finally:
            pool.shutdown(wait=True)
        for future in self._grading:
            future.result()

    def _solve(self, pool: ThreadPoolExecutor, indices: Sequence[int]) -> None:
        """Solve the problems at `indices`; where a search raises, solve what is left in halves till it is alone."""

        def finished(place: int, solution: Solution) -> None:
            self._finished.add(indices[place])
            self._grading.append(pool.submit(self._report, indices[place], solution))

        try:
            self.agent.solve([self.problems[index] for index in indices], seed=self.seed, on_solution=finished)
        except Exception as error:
            if isinstance(innermost(error), SandboxUnavailable):
                raise  # no problem's fault, and no problem can do without
            left = [index for index in indices if index not in self._finished]
            if len(indices) == 1 and left:
                self._report_broken(indices[0], error)
                return
            half = (len(left) + 1) // 2
            for part in (left[:half], left[half:]):
                if part:
                    self._solve(pool, part)

    def _report(self, index: int, solution: Solution) -> None:
        outcome = graded(self.agent.name, self.seed, self.problems[index], solution)
        with self._lock:
            self._on_outcome(outcome)

    def _report_broken(self, index: int, error: Exception) -> None:
        self._finished.add(index)
        with self._lock:
            self._on_outcome(broken_outcome(self.agent.name, self.seed, self.problems[index], innermost(error)))


def graded(agent: str, seed: int, problem: Problem, solution: Solution) -> Outcome:
    """Grade what an agent has found, and return what is to be kept of it."""
    start = perf_counter()
    verdict = grade(solution.answer, problem.answer) if solution.answer is not None else None
    right = count_right(solution.answers, problem)
    spent = perf_counter() - start
    return outcome_of(agent, seed, problem, solution, verdict, right_answers=right, grading_seconds=spent)


def count_right(answers: Sequence[str], problem: Problem) -> int:
    """Return how many of an agent's final answers are right. Equal ones are graded once; undecided ones are not right.

    Called when the agent is done with the problem: what it says about answers not chosen is for the report alone.
    """
    return sum(count for answer, count in Counter(answers).items() if grade(answer, problem.answer).correct)
